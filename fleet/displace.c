/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/displace.h"

enum { DISPLACED_MAX = 64 };

const struct booking_claim *car_claim(const struct booking *b)
{
	for (uint32_t i = 0; i < b->claims_len; i++)
		if (b->claims[i].row.what == CLAIM_CAR)
			return &b->claims[i];
	return NULL;
}

struct plan claims_with_car(const struct booking *b, const struct plan_claim *car,
	bool keep_desk_out, bool keep_desk_in)
{
	struct plan p = {.class = b->class, .resource = b->resource};

	if (car) {
		p.claims[p.claims_len++] = *car;
		p.resource = car->seat.resource;
	}
	for (uint32_t i = 0; i < b->claims_len; i++) {
		const struct booking_claim *c = &b->claims[i];
		if (c->row.what == CLAIM_CAR || (c->row.what == CLAIM_DESK_OUT && !keep_desk_out) ||
			(c->row.what == CLAIM_DESK_IN && !keep_desk_in))
			continue;
		p.claims[p.claims_len++] = (struct plan_claim){
			c->seat, c->row.from, c->row.until, (enum claim_what)c->row.what};
	}
	return p;
}

static bool serial_booking(struct decide *d, uint32_t serial, struct booking *b)
{
	struct key key = key_site_serial(d->command->journal, serial);
	struct str value;
	uint64_t rev;

	if (!txn_get(d->view.txn, DB_INDEX, key_str(&key), &value) || value.n < 2 ||
		value.p[0] != ROW_BOOKING)
		return false;
	return booking_get(&d->view,
		arena_copy(d->view.arena, (struct str){value.p + 1, value.n - 1}), b, &rev);
}

/* Another free seat of the class for the same claim; false when the promise is pinned or none is
 * free. */
static bool find_other_seat(struct decide *d, const struct booking *b, struct plan_claim *out)
{
	const struct roster *roster = decide_roster(d);
	const struct booking_claim *mine = car_claim(b);

	if (b->pinned || b->status == BOOKING_OUT || !mine)
		return false;
	for (uint32_t i = 0; i < roster->resources_len; i++) {
		const struct resource *r = &roster->resources[i];
		if (!r->active || r->unlimited || !resource_serves(r, b->solution) ||
			!str_eq(r->class, b->class))
			continue;
		for (uint16_t n = 0; n < r->seats; n++) {
			struct seat seat = {r->id, n};
			bool same = str_eq(seat.resource, mine->seat.resource) &&
				    n == mine->seat.number;
			if (same || mine->row.from < r->usable_from ||
				mine->row.until > r->usable_until)
				continue;
			if (!calendar_is_free(
				    d->view.txn, seat, mine->row.from, mine->row.until, 0) ||
				plan_is_taken(&d->taken, seat, mine->row.from, mine->row.until))
				continue;
			*out = (struct plan_claim){
				seat, mine->row.from, mine->row.until, CLAIM_CAR};
			return true;
		}
	}
	return false;
}

static void move_or_risk(struct decide *d, const struct booking *b)
{
	struct plan_claim other;
	struct json_writer w;
	bool moved = find_other_seat(d, b, &other);
	struct plan plan = claims_with_car(b, moved ? &other : NULL, true, true);

	if (moved && d->taken.len < PLAN_TAKEN_MAX)
		d->taken.claims[d->taken.len++] = other;
	arena_writer(d->view.arena, &w, 8192);
	json_object_begin(&w);
	if (!moved)
		json_kv_bool(&w, "at_risk", true);
	write_claims(&w, &plan);
	if (moved)
		json_kv_str(&w, "resource", other.seat.resource);
	else
		json_kv_null(&w, "resource");
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b->id, arena_written(d->view.arena, &w));
}

uint32_t displace(
	struct decide *d, struct seat seat, uint32_t from, uint32_t until, uint32_t except)
{
	struct claim_row claims[DISPLACED_MAX];
	size_t n = calendar_claims(d->view.txn, seat, from, until, claims, DISPLACED_MAX);

	if (n > DISPLACED_MAX) {
		/* more promises than one entry moves: the rest comes with the next push */
		until = claims[DISPLACED_MAX - 1].until;
		n = DISPLACED_MAX;
	}
	for (size_t i = 0; i < n; i++) {
		struct booking b;
		if (claims[i].serial == except)
			continue;
		if (!serial_booking(d, claims[i].serial, &b) || b.status == BOOKING_OUT)
			return claims[i].from > from ? claims[i].from : from;
		move_or_risk(d, &b);
	}
	return until;
}
