/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/car_state.h"
#include "fleet/pool.h"
#include "fleet/reseat.h"

enum { MEMBERS_BYTES_MAX = 96 << 10 };

#define ALLOW(status) (1u << (status))

/* The resource that is handed over: the one planned, unless another is named. */
static enum outcome handed_over(
	struct decide *d, const struct booking *b, const struct resource **out)
{
	struct str wanted = json_str_at(d->body, "resource");
	const struct resource *r =
		roster_resource(decide_roster(d), wanted.n ? wanted : b->resource);

	*out = r;
	if (wanted.n && (!r || !resource_serves(r, b->solution)))
		return refuse_field(
			d, "/resource", "this resource does not serve that solution here");
	if (wanted.n && !str_eq(r->class, b->class))
		return refuse_field(d, "/resource",
			"this is of class %.*s, the booking of class %.*s", STR_FMT(r->class),
			STR_FMT(b->class));
	if (wanted.n && b->for_site.n && resource_transfer(r, b->for_site) < 0)
		return refuse_field(
			d, "/resource", "this car is not shared with %.*s", STR_FMT(b->for_site));
	if (!r)
		return refuse_field(d, "/resource",
			"this booking has no seat: name the car that is handed over");
	return OK;
}

/* The seat really handed over, from now: whoever it was planned for changes places, or it is
 * refused naming who is hurt. */
static enum outcome take_seat(
	struct decide *d, const struct booking *b, struct instant at, struct plan *plan)
{
	const struct resource *r;
	struct plan_claim claim;
	struct plan_ask ask = {.roster = decide_roster(d),
		.for_site = b->for_site.n ? booking_roster(d, b) : NULL,
		.solution = booking_solution(d, b),
		.class = b->class,
		.window = {b->from, b->until},
		.now = d->now,
		.distance_km = b->distance_km,
		.except = b->serial};
	struct pool_ask pool = {.what = CLAIM_CAR,
		.solution = b->solution,
		.class = b->class,
		.for_site = b->for_site};
	enum solution_claims claims = ask.solution.claims;
	uint32_t from = minute_down(at), until = minute_up(b->until);
	enum plan_result planned;
	enum outcome o;

	*plan = claims_kept(b, false, true);
	if (claims != CLAIMS_CAR && claims != CLAIMS_ALLOTMENT)
		return OK; /* nothing to hand over but a ride */
	o = handed_over(d, b, &r);
	if (o != OK)
		return o;
	if (until + r->turnaround <= from)
		return refuse_field(
			d, "/at", "the booking's time is over: reschedule or extend it first");
	if (until <= from)
		until = from + 1; /* handed over when it should have come back */
	until += booking_transfer(d, b, b->for_site);
	*plan = claims_with_car(b, NULL, false, true);
	plan->resource = r->id;
	if (r->unlimited)
		return OK;
	pool.kind = r->kind;
	pool.resource = r->id;
	planned = plan_seat_claim(
		&d->view, &ask, &pool, from, until, b->serial, &d->seating, &claim.seat, NULL);
	if (planned != PLAN_FREE) {
		o = refuse_taking(d, b, (struct seat){r->id, 0},
			(struct claim_row){
				from, until + r->turnaround, b->serial, CLAIM_CAR, true});
		return o == OK ? refuse_no_seat(d, &ask, planned) : o;
	}
	claim.from = from;
	claim.until = until + r->turnaround;
	claim.what = CLAIM_CAR;
	*plan = claims_with_car(b, &claim, false, true);
	return OK;
}

/* Names and free words of the hand-over; STR_NULL when there are none. */
static enum outcome seal_handover(struct decide *d, const struct booking *b, struct str *sealed)
{
	struct json drivers = json_get(d->body, "drivers");
	struct json_writer w;
	struct str words;

	arena_writer(d->view.arena, &w, json_raw(d->body).n + 64);
	json_object_begin(&w);
	if (!json_is_null(drivers))
		json_kv_raw(&w, "drivers", json_raw(drivers));
	write_out_words(&w, d->body);
	json_object_end(&w);
	words = arena_written(d->view.arena, &w);
	*sealed = STR_NULL;
	if (str_is(words, "{}"))
		return OK;
	*sealed = draft_private(d, b->doc, b->customer, words);
	return sealed->n ? OK : FAULT_BUSY;
}

enum outcome decide_booking_check_out(struct decide *d)
{
	struct booking b;
	struct instant at;
	struct plan plan;
	struct stay stay;
	struct redecision again;
	struct json_writer w;
	struct str sealed;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_BOOKED));

	if (o == OK)
		o = handover_time(d, d->body, "/at", &at);
	if (o == OK)
		o = take_seat(d, &b, at, &plan);
	if (o != OK)
		return o;
	stay = (struct stay){b.drop_off_at, visit_ready(d, &b), b.from, b.until};
	o = redecide(
		d, &b, &stay, b.class, json_int_at(d->body, "odometer_vehicle_km", -1), &again);
	if (o == OK)
		o = check_offered(d, &again);
	if (o == OK)
		o = seal_handover(d, &b, &sealed);
	if (o != OK)
		return o;
	arena_writer(d->view.arena, &w, MEMBERS_BYTES_MAX + sealed.n);
	json_object_begin(&w);
	json_kv_null(&w, "at_risk");
	write_claims(&w, &plan);
	json_kv_raw(&w, "decided", decided_text(d, &again));
	json_kv_raw(&w, "out", out_record(d, d->body, at, plan.resource));
	if (sealed.n)
		json_kv_raw(&w, "private", sealed);
	if (plan.resource.n)
		json_kv_str(&w, "resource", plan.resource);
	json_kv_str(&w, "status", str_from(booking_status_name(BOOKING_OUT)));
	json_kv_raw(&w, "terms", terms_text(d, &again));
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
	draft_car_goes(d, plan.resource, d->body);
	return OK;
}

/* A ride's later legs are not driven any more; what was claimed by the day stays used. */
static struct plan ride_over(struct decide *d, const struct booking *b, struct instant left)
{
	struct plan all = claims_kept(b, false, false), past = all;
	bool daily = booking_solution(d, b).claims == CLAIMS_DAILY;

	past.claims_len = 0;
	for (uint32_t i = 0; i < all.claims_len; i++)
		if (daily || all.claims[i].from < minute_up(left))
			past.claims[past.claims_len++] = all.claims[i];
	return past;
}

/* The return is a fact: an early one frees the rest at once, a late one pushes aside what it must.
 */
static struct plan give_back(
	struct decide *d, const struct booking *b, struct instant left, uint32_t transfer)
{
	const struct booking_claim *car = loan_claim(d, b);
	const struct resource *r;
	struct plan_claim claim;

	if (!car)
		return ride_over(d, b, left);
	r = roster_resource(decide_roster(d), car->seat.resource);
	claim = (struct plan_claim){car->seat, car->row.from,
		minute_up(left) + transfer + (r ? r->turnaround : 0), CLAIM_CAR};
	if (claim.until <= claim.from)
		return claims_with_car(b, NULL, false, false);
	if (claim.until > car->row.until) {
		struct reseated pushed;
		reseat(d, car->seat,
			(struct claim_row){claim.from, claim.until, b->serial, CLAIM_CAR, true},
			b->serial, &pushed);
		claim.until = pushed.until > car->row.until ? pushed.until : car->row.until;
	}
	return claims_with_car(b, &claim, false, false);
}

/* What was found and what proves it are free words: sealed, with the charges as they were named.
 * STR_NULL when there are none. */
static struct str sealed_findings(struct decide *d, const struct booking *b)
{
	struct json damages = json_get(d->body, "damages"), charges = json_get(d->body, "charges");
	struct json known = private_now(d, b);
	struct json_writer w;

	if (json_is_null(damages) && json_is_null(charges))
		return STR_NULL;
	arena_writer(d->view.arena, &w,
		json_raw(known).n + json_raw(b->doc).n + json_raw(d->body).n + 64);
	json_object_begin(&w);
	write_charge_words(&w, b, known, d->body);
	if (!json_is_null(damages))
		json_kv_raw(&w, "damages", json_raw(damages));
	json_object_end(&w);
	return draft_private(
		d, b->doc, b->customer.n ? b->customer : b->id, arena_written(d->view.arena, &w));
}

enum outcome decide_booking_check_in(struct decide *d)
{
	struct booking b;
	struct instant at, left;
	struct plan plan;
	struct stay stay;
	struct redecision again;
	struct json_writer w;
	struct str sealed, where;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_OUT));

	if (o == OK)
		o = handover_time(d, d->body, "/at", &at);
	if (o == OK) {
		left = at;
		(void)doc_instant(d->body, "left_at", &left);
		o = check_left(d, &b, &(struct come_in){d->body, "", at, left});
	}
	if (o == OK)
		o = check_charges(d, &b, d->body, "");
	if (o != OK)
		return o;
	o = transfer_from(d, &b, json_str_at(d->body, "site"), &where);
	if (o != OK)
		return o;
	plan = give_back(d, &b, left, booking_transfer(d, &b, where));
	stay = stay_was(d, &b, left);
	o = redecide(d, &b, &stay, b.class, -1, &again);
	if (o != OK)
		return o;
	sealed = sealed_findings(d, &b);
	arena_writer(d->view.arena, &w,
		MEMBERS_BYTES_MAX + json_raw(json_get(b.doc, "charges")).n + json_raw(d->body).n +
			sealed.n);
	json_object_begin(&w);
	json_kv_null(&w, "at_risk");
	write_charges(&w, &b, d->body);
	write_claims(&w, &plan);
	json_kv_raw(&w, "decided", decided_text(d, &again));
	json_kv_null(&w, "expected_at");
	json_kv_raw(&w, "in", in_record(d, d->body, at));
	if (sealed.n)
		json_kv_raw(&w, "private", sealed);
	json_kv_str(&w, "status", str_from(booking_status_name(BOOKING_RETURNED)));
	json_kv_raw(&w, "terms", terms_text(d, &again));
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
	draft_car_comes(d, &b, &(struct come_in){d->body, "", at, left}, where);
	return OK;
}
