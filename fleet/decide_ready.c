/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/handover.h"

/* The workshop's word of when the car is ready, and what it changes for all bookings of the visit:
 * days after it are the customer's, or the dealer's while the car could not be fetched (S9). */

enum { MEMBERS_BYTES_MAX = 96 << 10 };

/* The loan as it went, or goes on. */
static struct stay stay_now(struct decide *d, const struct booking *b, struct instant ready)
{
	bool is_back = b->status == BOOKING_RETURNED && b->has_left;
	struct stay stay = stay_was(d, b, is_back ? b->left_at : booking_end(b));

	stay.ready = ready.s > b->drop_off_at.s ? ready : b->ready_at;
	return stay;
}

/* {"repair_order"} and what was decided; the second may be NULL. */
static struct str members_of(struct decide *d, struct str number, const struct stay *stay,
	const struct redecision *again)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, (again ? MEMBERS_BYTES_MAX : 64) + number.n);
	json_object_begin(&w);
	if (again) {
		json_kv_raw(&w, "decided", decided_text(d, again));
		json_kv_instant(&w, "ready_at", stay->ready);
	}
	if (number.n)
		json_kv_raw(&w, "repair_order", number);
	if (again)
		json_kv_raw(&w, "terms", terms_text(d, again));
	json_object_end(&w);
	return arena_written(d->view.arena, &w);
}

/* A car that came back keeps its terms until somebody says when the work was really done, or takes
 * that back. */
static bool is_touched(
	const struct booking *b, const struct instant *ready, enum telling telling)
{
	return ready && (b->status == BOOKING_OUT ||
				(telling != READY_EXPECTED && b->status == BOOKING_RETURNED));
}

/* What it consumes now counts for those decided after it in this entry. */
static enum outcome decide_one(struct decide *d, const struct booking *b, struct stay *stay,
	struct beside *beside, struct used_again *next, struct redecision *out)
{
	struct json vehicle = json_get(json_get(json_get(b->doc, "decided"), "request"), "vehicle");
	enum outcome o = redecide_with(
		d, b, stay, b->class, json_int_at(vehicle, "odometer_km", 0), beside, out);

	if (o != OK)
		return o;
	next->booking = b->id;
	next->consumed =
		json_get(arena_json(d->view.arena, decided_text(d, out), NULL), "consumed");
	beside->again_len++;
	return OK;
}

enum outcome draft_visit_bookings(struct decide *d, struct json visit, struct str number,
	const struct instant *ready, enum telling telling)
{
	struct json bookings = json_get(visit, "bookings");
	struct used_again *again =
		arena_alloc(d->view.arena, (json_count(bookings) + 1) * sizeof *again);
	struct beside beside = {.told = telling == READY_TOLD, .again = again};
	enum outcome o = again ? OK : FAULT_MEMORY;

	for (struct json e = json_first(bookings); o == OK && json_present(e);
		e = json_next(bookings, e)) {
		struct redecision out;
		struct booking b;
		struct stay stay;
		uint64_t rev;
		bool touched;
		if (!booking_get(&d->view, json_str(e), &b, &rev))
			continue;
		touched = is_touched(&b, ready, telling);
		if (touched) {
			stay = stay_now(d, &b, *ready);
			o = decide_one(d, &b, &stay, &beside, &again[beside.again_len], &out);
		}
		if (o == OK && (touched || number.n))
			draft_set(d, ROW_BOOKING, b.id,
				members_of(d, number, &stay, touched ? &out : NULL));
	}
	return o;
}
