/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/used.h"

#include "fleet/booking.h"

/* One count: bookings are read into memory of their own, one at a time, however many there are. */
struct counting {
	struct view view; /* over `scratch` */
	struct arena scratch;
	struct arena *kept; /* where programme names stay */
	struct uses *uses;
};

static void uses_add(struct counting *k, struct json consumed, bool days_too)
{
	struct uses *u = k->uses;

	for (struct json c = json_first(consumed); json_present(c); c = json_next(consumed, c)) {
		struct str programme = json_str_at(c, "programme");
		uint32_t i = 0;
		while (i < u->len && !str_eq(u->use[i].programme, programme))
			i++;
		if (i == USED_MAX)
			return;
		if (i == u->len)
			u->use[u->len++] = (struct use){arena_copy(k->kept, programme), 0, 0};
		if (days_too)
			u->use[i].days += json_int_at(c, "days", 0);
		u->use[i].uses += json_int_at(c, "uses", 0);
	}
}

static bool is_again(const struct inquiry *q, struct str id)
{
	for (uint32_t i = 0; i < q->again_len; i++)
		if (str_eq(id, q->again[i].booking))
			return true;
	return false;
}

/* What counts of a booking: the stored bytes hold much more, which is not read. */
struct consumer {
	struct json consumed, offered, status, visit;
};

static void consumer_read(struct arena *a, struct str stored, struct consumer *b)
{
	struct str key, value;

	*b = (struct consumer){JSON_ABSENT, JSON_ABSENT, JSON_ABSENT, JSON_ABSENT};
	for (size_t at = 0; json_raw_member(stored, &at, &key, &value);) {
		if (str_is(key, "decided")) {
			struct str part = value;
			for (size_t in = 0; json_raw_member(part, &in, &key, &value);)
				if (str_is(key, "consumed"))
					b->consumed = arena_json(a, value, NULL);
		} else if (str_is(key, "offered")) {
			b->offered = arena_json(a, value, NULL);
		} else if (str_is(key, "status")) {
			b->status = arena_json(a, value, NULL);
		} else if (str_is(key, "visit")) {
			b->visit = arena_json(a, value, NULL);
		}
	}
}

static bool booking_consumes(
	struct counting *k, const struct inquiry *q, struct str id, struct consumer *b)
{
	enum booking_status status;
	struct str stored;

	arena_reset(&k->scratch);
	if (str_eq(id, q->except) || is_again(q, id) ||
		!row_text(&k->view, ROW_BOOKING, id, &stored))
		return false;
	consumer_read(&k->scratch, stored, b);
	if (k->scratch.full)
		return false;
	ASSERT(booking_status_from(&status, json_str(b->status)));
	return booking_is_live(status) || status == BOOKING_RETURNED;
}

static void count_visit(struct counting *k, const struct inquiry *q)
{
	struct key prefix = key_visit_booking_prefix(q->visit);
	struct cursor c;
	struct consumer b;
	struct str id;

	if (!q->visit.n)
		return;
	cursor_open(&c, k->view.txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		if (key_take_text(c.key, &at, &id) && booking_consumes(k, q, id, &b))
			uses_add(k, b.consumed, true);
	}
	cursor_close(&c);
}

/* Uses by this car's other visits since its cover was read: the source did not know them yet. Days
 * are counted per visit, so only uses carry over. */
static void count_elsewhere(
	struct counting *k, const struct inquiry *q, struct str vin, struct instant read_at)
{
	/* a loan that began before the cover was read was known to who read it */
	uint32_t read = read_at.s > 0 ? minute_down(read_at) : 0;
	struct key prefix = key_vehicle_booking_prefix(vin);
	struct key since = key_vehicle_booking(vin, read, STR(""));
	struct cursor c;
	struct consumer b;
	struct instant offered;

	cursor_open(&c, k->view.txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&since));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		uint32_t from;
		struct str id;
		if (!key_take_u32(c.key, &at, &from) || !key_take_text(c.key, &at, &id) ||
			!booking_consumes(k, q, id, &b) || str_eq(json_str(b.visit), q->visit))
			continue;
		if (doc_instant(b.offered, "at", &offered) && offered.s > read_at.s)
			uses_add(k, b.consumed, false);
	}
	cursor_close(&c);
}

const struct uses *uses_count(
	struct view *v, const struct inquiry *q, struct str vin, struct instant read_at)
{
	struct counting k = {.view = *v, .kept = v->arena};

	k.uses = arena_alloc(v->arena, sizeof *k.uses);
	if (!k.uses)
		return NULL;
	arena_init(&k.scratch, ARENA_MAX_DEFAULT);
	k.view.arena = &k.scratch;
	count_visit(&k, q);
	for (uint32_t i = 0; i < q->also_len; i++)
		uses_add(&k, q->also[i], true);
	for (uint32_t i = 0; i < q->again_len; i++)
		uses_add(&k, q->again[i].consumed, true);
	if (vin.n)
		count_elsewhere(&k, q, vin, read_at);
	arena_deinit(&k.scratch);
	return k.uses;
}
