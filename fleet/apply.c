/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/apply.h"

#include "fleet/appointment.h"
#include "fleet/command.h"
#include "fleet/desk.h"
#include "fleet/index.h"
#include "fleet/row_form.h"
#include "fleet/seating.h"
#include "fleet/standing.h"

/* One effect with the object before and after it. */
struct change {
	struct effect effect;
	struct json before, after; /* absent: there is none */
	struct str text;	   /* of after */
};

static struct json stored(struct txn *t, struct arena *a, enum row_kind kind, struct str id)
{
	struct key key = key_row(kind, id);
	struct str value;

	if (!txn_get(t, DB_ROWS, key_str(&key), &value))
		return JSON_ABSENT;
	ASSERT(value.n > 8);
	return arena_json(a, arena_copy(a, (struct str){value.p + 8, value.n - 8}), NULL);
}

static void change_read(struct change *c, struct txn *t, struct arena *a)
{
	c->before = stored(t, a, c->effect.kind, c->effect.id);
	switch (c->effect.op) {
	case EFFECT_PUT: c->text = json_raw(c->effect.doc); break;
	case EFFECT_SET: c->text = doc_merge(a, c->before, c->effect.doc); break;
	case EFFECT_DELETE:
	case EFFECT_REFUSE: c->text = STR_NULL; break;
	}
	/* what is put was read with its entry */
	c->after = c->effect.op == EFFECT_PUT ? c->effect.doc
		   : c->text.n		      ? arena_json(a, c->text, NULL)
					      : JSON_ABSENT;
	ASSERT(!c->text.n || json_present(c->after));
}

/* As many as an allotment has seats (contract 3): a block takes them all. */
enum { CLAIMS_OF_ONE_MAX = SEATS_PER_RESOURCE_MAX };

static size_t block_claims(struct json doc, struct booking_claim *out, size_t max)
{
	struct instant from, until;
	size_t n = (size_t)json_int_at(doc, "seats", 1);

	if (n > max)
		n = max;
	ASSERT(doc_instant(doc, "from", &from) && doc_instant(doc, "until", &until));
	for (size_t i = 0; i < n; i++) {
		out[i].seat = (struct seat){json_str_at(doc, "resource"), (uint16_t)i};
		out[i].row = (struct claim_row){minute_down(from), minute_up(until),
			(uint32_t)json_int_at(doc, "serial", 0), CLAIM_BLOCK, true};
	}
	return n;
}

static size_t claims_of(enum row_kind kind, struct json doc, struct booking_claim *out)
{
	struct booking b;
	struct desk desk;

	if (!json_present(doc))
		return 0;
	if (kind == ROW_BLOCK)
		return block_claims(doc, out, CLAIMS_OF_ONE_MAX);
	if (kind == ROW_DESK) {
		desk_read(&desk, doc);
		memcpy(out, desk.claims, desk.claims_len * sizeof *out);
		return desk.claims_len;
	}
	if (kind == ROW_VISIT)
		return appointment_claims(doc, out);
	if (kind != ROW_BOOKING)
		return 0;
	booking_read(&b, doc);
	memcpy(out, b.claims, b.claims_len * sizeof *out);
	return b.claims_len;
}

static bool same_claim(const struct booking_claim *a, const struct booking_claim *b)
{
	return str_eq(a->seat.resource, b->seat.resource) && a->seat.number == b->seat.number &&
	       a->row.from == b->row.from && a->row.until == b->row.until &&
	       a->row.serial == b->row.serial && a->row.what == b->row.what &&
	       a->row.pinned == b->row.pinned;
}

/* An entry on its way into the rows. */
struct applying {
	struct txn *t;
	struct arena *a;
	struct event_head head;
	struct change *changes;
	uint32_t n;
	bool outside; /* somebody else may have written it */
};

static bool claim_fits(const struct applying *p, const struct booking_claim *c, bool had_seat);

/* The claims of one side that the other side does not have are removed, or added. All changes of an
 * entry first give up what they leave, then take what is new: two bookings may swap seats. False: a
 * claim of an entry from outside may not be added. */
static bool move_claims(const struct applying *p, const struct change *c, bool adding)
{
	struct booking_claim mine[CLAIMS_OF_ONE_MAX], other[CLAIMS_OF_ONE_MAX];
	size_t n = claims_of(c->effect.kind, adding ? c->after : c->before, mine);
	size_t others = claims_of(c->effect.kind, adding ? c->before : c->after, other);

	for (size_t i = 0; i < n; i++) {
		bool kept = false, had_seat = false;
		for (size_t k = 0; k < others && !kept; k++) {
			kept = same_claim(&mine[i], &other[k]);
			had_seat |= seat_is(mine[i].seat, other[k].seat);
		}
		if (kept)
			continue;
		if (adding && p->outside && !claim_fits(p, &mine[i], had_seat))
			return false;
		if (adding)
			calendar_add(p->t, mine[i].seat, mine[i].row);
		else
			calendar_remove(p->t, mine[i].seat, mine[i].row.from, mine[i].row.serial);
	}
	return true;
}

static void meta_put_u64(struct txn *t, struct str name, uint64_t v)
{
	struct key value = {.n = 0};

	key_u64(&value, v);
	txn_put(t, DB_META, name, key_str(&value));
}

uint32_t site_serial(struct txn *t, struct str site)
{
	struct key key = key_site_meta(META_SERIAL, site);
	struct str value;
	uint64_t last = 0;
	size_t at = 0;

	if (txn_get(t, DB_META, key_str(&key), &value))
		(void)key_take_u64(value, &at, &last);
	return (uint32_t)last;
}

static void keep_counters(struct txn *t, const struct change *c, const struct event_head *head)
{
	uint32_t serial = (uint32_t)json_int_at(c->after, "serial", 0);
	struct key key;

	if (serial > site_serial(t, head->site)) {
		key = key_site_meta(META_SERIAL, head->site);
		meta_put_u64(t, key_str(&key), serial);
	}
	if (c->effect.kind == ROW_BOOKING)
		standing_keep(t, head->site, c->before, c->after);
	if (c->effect.kind == ROW_SITE || c->effect.kind == ROW_RESOURCE) {
		key = key_site_meta(META_ROSTER, head->site); /* see roster_of */
		meta_put_u64(t, key_str(&key), head->seq);
	}
}

static void keep_row(
	struct txn *t, struct arena *a, const struct change *c, const struct event_head *head)
{
	struct key key = key_row(c->effect.kind, c->effect.id), rev = {.n = 0};
	struct key history = key_history(c->effect.kind, c->effect.id, head->seq);
	char *value;

	txn_put(t, DB_INDEX, key_str(&history), head->site);
	if (!c->text.n) {
		txn_delete(t, DB_ROWS, key_str(&key));
		return;
	}
	key_u64(&rev, head->seq);
	value = arena_alloc(a, rev.n + c->text.n);
	if (!value) {
		t->outcome = t->outcome ? t->outcome : FAULT_MEMORY;
		return;
	}
	memcpy(value, rev.bytes, rev.n);
	memcpy(value + rev.n, c->text.p, c->text.n);
	txn_put(t, DB_ROWS, key_str(&key), (struct str){value, rev.n + c->text.n});
}

static void keep_group(struct txn *t, const struct event_head *head)
{
	struct key key;

	if (!head->group.n)
		return;
	key = key_group(head->group, head->site, head->seq);
	txn_put(t, DB_INDEX, key_str(&key), STR(""));
}

static void apply_change(
	struct txn *t, struct arena *a, const struct change *c, const struct event_head *head)
{
	struct index_set before, after;

	index_of(&before, c->effect.kind, c->effect.id, c->before);
	index_of(&after, c->effect.kind, c->effect.id, c->after);
	index_update(t, &before, &after);
	keep_row(t, a, c, head);
	keep_counters(t, c, head);
}

/* ---- an entry of somebody else ---- */

/* That seat is the site's, and free then. What it had before is its own, though there may be fewer
 * seats by now. The form of the claim was looked at. */
static bool claim_fits(const struct applying *p, const struct booking_claim *c, bool had_seat)
{
	struct json resource = stored(p->t, p->a, ROW_RESOURCE, c->seat.resource);

	return json_present(resource) && str_eq(json_str_at(resource, "site"), p->head.site) &&
	       (had_seat ||
		       c->seat.number < json_int_at(resource, "seats", SEATS_PER_RESOURCE_MAX)) &&
	       calendar_is_free(p->t, c->seat, c->row.from, c->row.until, 0);
}

static bool has_serial(enum row_kind kind)
{
	return kind == ROW_BOOKING || kind == ROW_BLOCK || kind == ROW_DESK || kind == ROW_VISIT;
}

/* A serial names one object of its site for ever. */
static const char *serial_fault(struct txn *t, const struct change *c, struct str site)
{
	int64_t now = json_int_at(c->after, "serial", 0), was = json_int_at(c->before, "serial", 0);
	struct key key = key_site_serial(site, (uint32_t)now);
	struct str ignored;

	if (!has_serial(c->effect.kind) || !json_present(c->after))
		return NULL;
	if (c->effect.kind == ROW_VISIT && was == 0 && now == 0)
		return NULL;
	if (json_present(c->before) && (was != 0 || c->effect.kind != ROW_VISIT))
		return now == was ? NULL : "its serial changes";
	return txn_get(t, DB_INDEX, key_str(&key), &ignored) ? "its serial is another's" : NULL;
}

static const char *change_fault(struct txn *t, struct arena *a, struct env *env,
	const struct change *c, const struct event_head *head)
{
	struct str owner = json_str_at(c->before, "site");
	const char *why;

	if (c->effect.op != EFFECT_PUT && !json_present(c->before))
		return "it is not there";
	if (owner.n && !str_eq(owner, head->site))
		return "it is another journal's";
	why = json_present(c->after)
		      ? row_form_fault(a, env, c->effect.kind, c->effect.id, head->site, c->after)
		      : NULL;
	return why ? why : serial_fault(t, c, head->site);
}

static bool is_twice(const struct change *changes, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (changes[i].effect.kind == changes[n].effect.kind &&
			str_eq(changes[i].effect.id, changes[n].effect.id))
			return true;
	return false;
}

static const char *said_of(struct arena *a, const struct change *c, const char *what)
{
	struct str said = arena_printf(a, "%s %.*s cannot be kept: %s",
		row_kind_name(c->effect.kind), STR_FMT(c->effect.id), what);

	return said.p ? said.p : what;
}

/* NULL: apply may do its work, as far as can be said before the calendar is asked. */
static const char *entry_fault(struct txn *t, struct arena *a, struct env *env,
	const struct event_head *head, const struct change *changes, uint32_t n)
{
	enum verb verb;

	if (!verb_from_kind(&verb, head->kind))
		return "its kind is not known";
	if (head->group.n > ID_MAX)
		return "its group is not a name";
	for (uint32_t i = 0; i < n; i++) {
		const char *why = is_twice(changes, i) ? "it is changed twice"
						       : change_fault(t, a, env, &changes[i], head);
		if (why)
			return said_of(a, &changes[i], why);
	}
	return NULL;
}

/* ---- the entry ---- */

/* *refused: why a refusal is none of ours. */
static enum outcome changes_read(struct applying *p, struct str bytes, const char **refused)
{
	struct json effects;
	const char *why;
	enum outcome o = event_read(p->a, bytes, &p->head, &effects, &why);

	if (o != OK)
		return o;
	p->changes = arena_alloc(p->a, (json_count(effects) + 1) * sizeof *p->changes);
	if (!p->changes)
		return FAULT_MEMORY;
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		struct change *c = &p->changes[p->n];
		if (!effect_read(&c->effect, e))
			return FAULT_CORRUPT;
		if (c->effect.op == EFFECT_REFUSE) {
			if (refused && !*refused)
				*refused =
					refusal_form_fault(p->a, c->effect.slug, c->effect.detail);
			continue;
		}
		change_read(c, p->t, p->a);
		p->n++;
	}
	return p->a->full ? FAULT_MEMORY : OK;
}

/* False: a claim of an entry from outside does not fit. */
static bool changes_apply(struct applying *p, const char **why)
{
	for (uint32_t i = 0; i < p->n; i++)
		(void)move_claims(p, &p->changes[i], false);
	for (uint32_t i = 0; i < p->n; i++)
		if (!move_claims(p, &p->changes[i], true)) {
			*why = said_of(p->a, &p->changes[i],
				"one of its claims has no seat or overlaps another's");
			return false;
		}
	for (uint32_t i = 0; i < p->n; i++)
		apply_change(p->t, p->a, &p->changes[i], &p->head);
	keep_group(p->t, &p->head);
	return true;
}

enum outcome apply_entry(struct txn *t, struct arena *a, struct str bytes)
{
	struct applying p = {.t = t, .a = a};
	enum outcome o = changes_read(&p, bytes, NULL);

	if (o == OK)
		(void)changes_apply(&p, NULL);
	return o == OK ? t->outcome : o;
}

enum outcome apply_outside(
	struct txn *t, struct arena *a, struct env *env, struct str bytes, const char **why)
{
	struct applying p = {.t = t, .a = a, .outside = true};
	enum outcome o;

	*why = NULL;
	o = changes_read(&p, bytes, why);
	if (o != OK) {
		*why = "it cannot be read";
		return o;
	}
	if (!*why)
		*why = entry_fault(t, a, env, &p.head, p.changes, p.n);
	if (!*why && changes_apply(&p, why))
		return t->outcome;
	/* Not the entry's fault when there was no room to look, or the store failed. */
	return t->outcome ? t->outcome : a->full ? FAULT_MEMORY : FAULT_CORRUPT;
}
