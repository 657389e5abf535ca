/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/pool.h"
#include "fleet/render_parts.h"
#include "fleet/reseat.h"

/*
 * Cars that will hurt somebody unless they come back when they are expected: whoever is promised
 * the seat next has less than one step of time left. To be called before it happens; once it has,
 * there is a task.
 */

enum {
	ALARM_AHEAD_S = 8 * 3600, /* due so soon: a working day */
	ALARM_BYTES = 1024,
	ALARMS_MAX = 200,
	ESCAPED = 6, /* bytes that one byte of a name may become */
};

/* The promise that a return one step later would touch. */
static bool next_touched(struct view *v, const struct booking *b, struct booking *next)
{
	const struct booking_claim *car = car_claim(b);
	struct claim_row some[1];
	uint32_t end;

	if (!car)
		return false;
	end = car->row.until;
	if (!calendar_claims(
		    v->txn, car->seat, end, end + OVERDUE_STEP_S / 60, some, ARRAY_LEN(some)))
		return false;
	return booking_of_serial(v, b->site, some[0].serial, next) &&
	       booking_is_promise(next->status);
}

static void write_next(
	struct json_writer *w, const struct booking *b, struct contact who, const struct zone *zone)
{
	json_k(w, "next");
	json_object_begin(w);
	json_kv_str(w, "booking", b->id);
	kv_text(w, "customer_name", who.name);
	kv_local(w, "from", b->from, zone);
	json_kv_str(w, "number", b->number);
	kv_text(w, "phone", who.phone);
	json_object_end(w);
}

static struct str alarm_item(struct view *v, const struct booking *b, const struct booking *next)
{
	struct contact who = contact_of(v, b->customer), then = contact_of(v, next->customer);
	const struct zone *zone = site_zone(v, b->site);
	struct json_writer w;

	arena_writer(v->arena, &w,
		ALARM_BYTES + ESCAPED * (who.name.n + who.phone.n + then.name.n + then.phone.n));
	json_object_begin(&w);
	json_kv_str(&w, "booking", b->id);
	kv_text(&w, "customer_name", who.name);
	kv_local(&w, "expected_at", booking_end(b), zone);
	write_next(&w, next, then, zone);
	json_kv_str(&w, "number", b->number);
	json_kv_bool(&w, "overdue", b->until.s < v->env->now(v->env).s);
	kv_text(&w, "phone", who.phone);
	json_kv_str(&w, "resource", car_claim(b)->seat.resource);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

struct str render_alarms(struct view *v, struct str site)
{
	struct key prefix = key_site_due_prefix(site);
	uint32_t last = minute_up((struct instant){v->env->now(v->env).s + ALARM_AHEAD_S});
	struct items items = {.arena = v->arena};
	struct row_look look;
	struct cursor c;

	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)) && items.len < ALARMS_MAX;
		some = cursor_next(&c), row_look_next(&look)) {
		struct booking b, next;
		size_t at = prefix.n;
		uint32_t due;
		uint64_t rev;
		if (!key_take_u32(c.key, &at, &due) || due > last)
			break;
		if (booking_get(&look.view, c.value, &b, &rev) && b.status == BOOKING_OUT &&
			next_touched(&look.view, &b, &next))
			items_add(&items, alarm_item(&look.view, &b, &next));
	}
	cursor_close(&c);
	row_look_close(&look);
	return items_object(&items, false, STR_NULL);
}
