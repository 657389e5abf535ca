/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/apply.h"

#include "fleet/desk.h"
#include "fleet/index.h"

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
	c->after = c->text.n ? arena_json(a, c->text, NULL) : JSON_ABSENT;
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

/* The claims of one side that the other side does not have are removed, or added. All changes of an
 * entry first give up what they leave, then take what is new: two bookings may swap seats. */
static void move_claims(struct txn *t, const struct change *c, bool adding)
{
	struct booking_claim mine[CLAIMS_OF_ONE_MAX], other[CLAIMS_OF_ONE_MAX];
	size_t n = claims_of(c->effect.kind, adding ? c->after : c->before, mine);
	size_t others = claims_of(c->effect.kind, adding ? c->before : c->after, other);

	for (size_t i = 0; i < n; i++) {
		bool kept = false;
		for (size_t k = 0; k < others && !kept; k++)
			kept = same_claim(&mine[i], &other[k]);
		if (kept)
			continue;
		if (adding)
			calendar_add(t, mine[i].seat, mine[i].row);
		else
			calendar_remove(t, mine[i].seat, mine[i].row.from, mine[i].row.serial);
	}
}

static void meta_put_u64(struct txn *t, struct str name, uint64_t v)
{
	struct key value = {.n = 0};

	key_u64(&value, v);
	txn_put(t, DB_META, name, key_str(&value));
}

static struct key serial_key(struct str site)
{
	struct key key = {.n = 0};

	key_u8(&key, 'n');
	key_text(&key, site);
	return key;
}

uint32_t site_serial(struct txn *t, struct str site)
{
	struct key key = serial_key(site);
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
		key = serial_key(head->site);
		meta_put_u64(t, key_str(&key), serial);
	}
	if (c->effect.kind == ROW_SITE || c->effect.kind == ROW_RESOURCE) {
		key = key_head(head->site); /* the roster's revision, see roster_of */
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

enum outcome apply_entry(struct txn *t, struct arena *a, struct str bytes)
{
	struct event_head head;
	struct json effects;
	struct change *changes;
	const char *why;
	uint32_t n = 0;
	enum outcome o = event_read(a, bytes, &head, &effects, &why);

	if (o != OK)
		return o;
	changes = arena_alloc(a, (json_count(effects) + 1) * sizeof *changes);
	if (!changes)
		return FAULT_MEMORY;
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		if (!effect_read(&changes[n].effect, e))
			return FAULT_CORRUPT;
		if (changes[n].effect.op == EFFECT_REFUSE)
			continue;
		change_read(&changes[n], t, a);
		n++;
	}
	for (uint32_t i = 0; i < n; i++)
		move_claims(t, &changes[i], false);
	for (uint32_t i = 0; i < n; i++)
		move_claims(t, &changes[i], true);
	for (uint32_t i = 0; i < n; i++)
		apply_change(t, a, &changes[i], &head);
	return t->outcome;
}
