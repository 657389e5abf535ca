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

struct plan claims_kept(const struct booking *b, bool keep_desk_out, bool keep_desk_in)
{
	const struct booking_claim *c = car_claim(b);
	struct plan_claim same;

	if (!c)
		return claims_with_car(b, NULL, keep_desk_out, keep_desk_in);
	same = (struct plan_claim){c->seat, c->row.from, c->row.until, CLAIM_CAR};
	return claims_with_car(b, &same, keep_desk_out, keep_desk_in);
}

const struct booking_claim *loan_claim(struct decide *d, const struct booking *b)
{
	enum solution_claims claims = booking_solution(d, b).claims;

	return claims == CLAIMS_CAR || claims == CLAIMS_ALLOTMENT ? car_claim(b) : NULL;
}

/* Another free seat that serves the same claim: of the class where one was promised. False when the
 * promise is pinned or none is free. */
static bool find_other_seat(struct decide *d, const struct booking *b,
	const struct booking_claim *mine, struct plan_claim *out)
{
	const struct roster *roster = decide_roster(d);
	const struct resource *old = roster_resource(roster, mine->seat.resource);
	uint32_t until = mine->row.until - (old ? old->turnaround : 0);

	if (b->pinned || !old || d->taken.len >= PLAN_TAKEN_MAX - PLAN_CLAIMS_MAX)
		return false;
	for (uint32_t i = 0; i < roster->resources_len; i++) {
		const struct resource *r = &roster->resources[i];
		if (!r->active || r->unlimited || r->kind != old->kind ||
			!resource_serves(r, b->solution) ||
			(mine->row.what == CLAIM_CAR && !str_eq(r->class, b->class)))
			continue;
		if (mine->row.from < r->usable_from || until > r->usable_until)
			continue;
		*out = (struct plan_claim){{r->id, 0}, mine->row.from, until + r->turnaround,
			(enum claim_what)mine->row.what};
		for (; out->seat.number < r->seats; out->seat.number++)
			if (calendar_is_free(d->view.txn, out->seat, out->from, out->until, 0) &&
				!plan_is_taken(&d->taken, out->seat, out->from, out->until))
				return true;
	}
	return false;
}

/* Gives up what a booking claims of [from, until) on a seat: each claim for another seat, or for
 * none. */
static void move_or_risk(
	struct decide *d, const struct booking *b, struct seat seat, uint32_t from, uint32_t until)
{
	struct plan plan = {.class = b->class, .resource = b->resource};
	struct json_writer w;
	bool risk = false;

	for (uint32_t i = 0; i < b->claims_len; i++) {
		const struct booking_claim *c = &b->claims[i];
		struct plan_claim claim = {
			c->seat, c->row.from, c->row.until, (enum claim_what)c->row.what};
		bool hit = str_eq(c->seat.resource, seat.resource) &&
			   c->seat.number == seat.number && c->row.from < until &&
			   from < c->row.until;
		bool moved = hit && find_other_seat(d, b, c, &claim);
		if (moved)
			d->taken.claims[d->taken.len++] = claim;
		if (!hit || moved)
			plan.claims[plan.claims_len++] = claim;
		if (hit && claim.what == CLAIM_CAR)
			plan.resource = moved ? claim.seat.resource : STR_NULL;
		risk |= hit && !moved;
	}
	arena_writer(d->view.arena, &w, 8192);
	json_object_begin(&w);
	if (risk)
		json_kv_bool(&w, "at_risk", true);
	write_claims(&w, &plan);
	if (plan.resource.n)
		json_kv_str(&w, "resource", plan.resource);
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
	uint32_t before = d->effects_len;

	/* somebody was put here by this very entry: the calendar does not know him yet */
	d->clash |= plan_is_taken(&d->taken, seat, from, until);
	if (n > DISPLACED_MAX) {
		/* more promises than one entry moves: the rest comes with the next push */
		until = claims[DISPLACED_MAX - 1].until;
		n = DISPLACED_MAX;
	}
	for (size_t i = 0; i < n; i++) {
		struct booking b;
		uint32_t place;
		if (claims[i].serial == except)
			continue;
		if (!serial_booking(d, claims[i].serial, &b) || b.status == BOOKING_OUT)
			return claims[i].from > from ? claims[i].from : from;
		place = draft_place(d, b.id);
		if (place < before) {
			d->clash = true;
			return from;
		}
		if (place == d->effects_len) /* else another claim of the same ride moved it */
			move_or_risk(d, &b, seat, from, until);
	}
	return until;
}
