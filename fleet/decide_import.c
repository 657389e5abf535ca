/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/decide.h"

#include "fleet/group.h"

/* An import as a whole: what it was and how it went. Its rows are entries of their own, which name
 * it as their group. */
enum outcome decide_import(struct decide *d)
{
	return decide_put(d, ROW_IMPORT, d->command->target, json_raw(d->body));
}

/* ---- taking back ---- */

struct taking {
	struct decide *d;
	enum row_kind kind;
	struct str id;
	struct row now, before;
	bool made; /* by the import: there was none before */
};

/* {"KEY":TEXT} over what is there. */
static struct json with_text(struct decide *d, struct json doc, const char *key, struct str text)
{
	struct arena *a = d->view.arena;
	struct json_writer w;

	arena_writer(a, &w, 6 * text.n + 64);
	json_object_begin(&w);
	json_kv_str(&w, key, text);
	json_object_end(&w);
	return arena_json(a, doc_merge(a, doc, arena_json(a, arena_written(a, &w), NULL)), NULL);
}

static bool some_entry(struct decide *d, struct key prefix)
{
	struct cursor c;
	bool some;

	cursor_open(&c, d->view.txn, DB_INDEX);
	some = cursor_seek(&c, key_str(&prefix)) && cursor_within(&c, key_str(&prefix));
	cursor_close(&c);
	return some;
}

/* Whoever waits for a car has no entry of the index by his name. */
static bool somebody_waits(struct decide *d, const char *member, struct str id)
{
	struct key prefix = key_row_prefix(ROW_WAITING);
	bool waits = false;
	struct cursor c;

	cursor_open(&c, d->view.txn, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && !waits && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		struct str waiting;
		struct row row;
		waits = key_take_text(c.key, &at, &waiting) &&
			row_get(&d->view, ROW_WAITING, arena_copy(d->view.arena, waiting), &row) &&
			str_eq(json_str_at(row.doc, member), id);
	}
	cursor_close(&c);
	return waits;
}

static bool is_named(const struct taking *t)
{
	struct decide *d = t->d;

	if (t->kind == ROW_CUSTOMER)
		return some_entry(d, key_customer_booking_prefix(t->id)) ||
		       some_entry(d, key_customer_visit_prefix(t->id)) ||
		       some_entry(d, key_customer_vehicle_prefix(t->id)) ||
		       somebody_waits(d, "customer", t->id);
	return some_entry(d, key_vehicle_booking_prefix(t->id)) ||
	       some_entry(d, key_vehicle_visit_prefix(t->id)) || somebody_waits(d, "vin", t->id);
}

/* As it was before; what was not there before goes, if nobody speaks of it. */
static enum outcome take_back_row(const struct taking *t)
{
	if (t->made && is_named(t))
		return REFUSED_IN_USE;
	if (t->made)
		draft_delete(t->d, t->kind, t->id);
	else
		draft_put(t->d, t->kind, t->id, t->before.text);
	return OK;
}

/* A site's journal begins with it, so one that was made stays. */
static enum outcome take_back_site(const struct taking *t)
{
	if (t->made)
		return REFUSED_IMMUTABLE;
	t->d->body = t->before.doc;
	return decide_site_put(t->d);
}

/* Journals may speak of one that was made: it retires. */
static enum outcome take_back_resource(const struct taking *t)
{
	t->d->body =
		t->made ? with_text(t->d, t->now.doc, "status", STR("retired")) : t->before.doc;
	return decide_resource_put(t->d);
}

static enum outcome take_back_order(const struct taking *t)
{
	/* What it said of ready decided the loans of the visit again. */
	if (t->made)
		return REFUSED_IMMUTABLE;
	t->d->body = t->before.doc;
	return decide_repair_order_put(t->d);
}

/* What the house writes of a promise that makes room or gets its seat back (reseat.c, freed.c).
 * Whoever moves one by hand says besides that it is at risk no more. */
static bool is_seating(struct json members, bool by_clock)
{
	static const char *const names[] = {"at_risk", "claims", "legs", "resource"};

	for (struct json m = json_first_value(members); json_present(m);
		m = json_next_value(members, m)) {
		bool known = false;
		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			known |= str_is(json_key(m), names[i]);
		if (!known)
			return false;
	}
	struct json risk = json_get(members, "at_risk");
	return by_clock || !json_present(risk) || !json_is_null(risk);
}

static bool entry_only_seats(struct decide *d, uint64_t seq, struct str booking)
{
	struct arena *a = d->view.arena;
	struct journal_entry entry;
	struct event_head head;
	struct effect effect;
	struct json effects;
	const char *why;

	if (!journal_entry(d->view.txn, d->command->journal, seq, &entry) ||
		event_read(a, arena_copy(a, entry.bytes), &head, &effects, &why) != OK)
		return false;
	bool by_clock = str_is(head.kind, verb_kind(VERB_TICK));
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e))
		if (effect_read(&effect, e) && effect.kind == ROW_BOOKING &&
			str_eq(effect.id, booking) &&
			(effect.op != EFFECT_SET || !is_seating(effect.doc, by_clock)))
			return false;
	return true;
}

/* Another car of its class, by nobody's wish: for whoever imported it, it is what it was. */
static bool was_only_seated(struct decide *d, struct str booking, uint64_t last)
{
	struct key prefix = key_history_prefix(ROW_BOOKING, booking);
	struct key from = key_history(ROW_BOOKING, booking, last + 1);
	struct cursor c;
	bool only = true;

	cursor_open(&c, d->view.txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&from));
		some && only && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		uint64_t seq;
		only = key_take_u64(c.key, &at, &seq) && entry_only_seats(d, seq, booking);
	}
	cursor_close(&c);
	return only;
}

static enum outcome take_back_booking(const struct taking *t)
{
	t->d->body = with_text(t->d, arena_json(t->d->view.arena, STR("{}"), NULL), "reason",
		STR("the import was undone"));
	return decide_booking_cancel(t->d);
}

static enum outcome take_back(const struct taking *t)
{
	switch (group_takes_back(t->kind)) {
	case TAKEN_BACK_ROW: return take_back_row(t);
	case TAKEN_BACK_SITE: return take_back_site(t);
	case TAKEN_BACK_RESOURCE: return take_back_resource(t);
	case TAKEN_BACK_ORDER: return take_back_order(t);
	case TAKEN_BACK_BOOKING: return take_back_booking(t);
	case TAKEN_BACK_NEVER: break;
	}
	return REFUSED_IMMUTABLE;
}

/* One object of an import as it was before it, unless somebody has changed it since. */
enum outcome decide_import_undo(struct decide *d)
{
	struct taking t = {.d = d, .id = d->command->target};
	uint64_t first = (uint64_t)json_int_at(d->body, "first", 0),
		 last = (uint64_t)json_int_at(d->body, "last", 0);

	ASSERT(row_kind_from(&t.kind, json_str_at(d->body, "kind")) && first > 0);
	if (!row_get(&d->view, t.kind, t.id, &t.now))
		return REFUSED_STALE;
	if (t.now.rev != last && (t.kind != ROW_BOOKING || !was_only_seated(d, t.id, last)))
		return REFUSED_STALE;
	t.made = !row_at(&d->view, t.kind, t.id, d->command->journal, first - 1, &t.before);
	return take_back(&t);
}
