/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/pool.h"
#include "fleet/reseat.h"

enum { MEMBERS_BYTES_MAX = 96 << 10, CLOCK_LEEWAY_S = 300 };

#define ALLOW(status) (1u << (status))

/* When it really happened: the wish's time, never in the future by more than a clock's error. */
static enum outcome real_time(struct decide *d, const char *key, struct instant *at)
{
	*at = d->now;
	if (doc_instant(d->body, key, at) && at->s > d->now.s + CLOCK_LEEWAY_S)
		return refuse_field(
			d, key[0] == 'a' ? "/at" : "/left_at", "this has not happened yet");
	return OK;
}

/* The members of the request that an out or in record keeps as they are, in key order from `first`.
 */
static void copy_members(struct json_writer *w, struct json body, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!json_is_null(json_get(body, keys[i])))
			json_kv_raw(w, keys[i], json_raw(json_get(body, keys[i])));
}

struct str out_record(struct decide *d, struct json wish, struct instant at, struct str resource)
{
	static const char *const before[] = {"agreement_signed_at"};
	static const char *const middle[] = {"charge_percent", "documents_checked", "fuel_percent",
		"licence_checked_at", "odometer_km"};
	struct json_writer w;

	arena_writer(d->view.arena, &w, json_raw(wish).n + 512);
	json_object_begin(&w);
	copy_members(&w, wish, before, ARRAY_LEN(before));
	json_kv_instant(&w, "at", at);
	json_kv_str(&w, "by", d->command->by);
	copy_members(&w, wish, middle, ARRAY_LEN(middle));
	if (resource.n)
		json_kv_str(&w, "resource", resource);
	json_object_end(&w);
	return arena_written(d->view.arena, &w);
}

static struct str in_record(struct decide *d, struct instant at)
{
	static const char *const middle[] = {
		"charge_percent", "fuel_percent", "left_at", "odometer_km"};
	struct json_writer w;

	arena_writer(d->view.arena, &w, json_raw(d->body).n + 512);
	json_object_begin(&w);
	json_kv_instant(&w, "at", at);
	json_kv_str(&w, "by", d->command->by);
	copy_members(&w, d->body, middle, ARRAY_LEN(middle));
	json_object_end(&w);
	return arena_written(d->view.arena, &w);
}

/* What was found and what proves it are free words: sealed, with the charges as they were named.
 * STR_NULL when there are none. */
static struct str sealed_findings(struct decide *d, const struct booking *b)
{
	static const char *const keys[] = {"charges", "damages"};
	struct json_writer w;
	bool some = false;

	arena_writer(d->view.arena, &w, json_raw(d->body).n + 64);
	json_object_begin(&w);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (!json_is_null(json_get(d->body, keys[i]))) {
			json_kv_raw(&w, keys[i], json_raw(json_get(d->body, keys[i])));
			some = true;
		}
	json_object_end(&w);
	return some ? draft_private(d, b->doc, b->customer.n ? b->customer : b->id,
			      arena_written(d->view.arena, &w))
		    : STR_NULL;
}

/* The charges' figures, without the words. */
static void write_charges(struct json_writer *w, struct json charges)
{
	static const char *const kept[] = {"amount_minor", "kind", "payer"};

	if (json_is_null(charges))
		return;
	json_k(w, "charges");
	json_array_begin(w);
	for (struct json c = json_first(charges); json_present(c); c = json_next(charges, c)) {
		json_object_begin(w);
		copy_members(w, c, kept, ARRAY_LEN(kept));
		json_object_end(w);
	}
	json_array_end(w);
}

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
		.solution = booking_solution(d, b),
		.class = b->class,
		.window = {b->from, b->until},
		.now = d->now,
		.distance_km = b->distance_km,
		.except = b->serial};
	struct pool_ask pool = {.what = CLAIM_CAR, .solution = b->solution, .class = b->class};
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
	*plan = claims_with_car(b, NULL, false, true);
	plan->resource = r->id;
	if (r->unlimited)
		return OK;
	pool.kind = r->kind;
	pool.resource = r->id;
	planned = plan_seat_claim(
		&d->view, &ask, &pool, from, until, b->serial, &d->seating, &claim.seat);
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

enum outcome decide_booking_check_out(struct decide *d)
{
	struct booking b;
	struct instant at;
	struct plan plan;
	struct stay stay;
	struct redecision again;
	struct json_writer w;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_BOOKED));

	if (o == OK)
		o = real_time(d, "at", &at);
	if (o == OK)
		o = take_seat(d, &b, at, &plan);
	if (o != OK)
		return o;
	stay = (struct stay){b.drop_off_at, visit_ready(d, &b), b.from, b.until};
	o = redecide(
		d, &b, &stay, b.class, json_int_at(d->body, "odometer_vehicle_km", -1), &again);
	if (o == OK)
		o = check_offered(d, &again);
	if (o != OK)
		return o;
	arena_writer(d->view.arena, &w, MEMBERS_BYTES_MAX);
	json_object_begin(&w);
	json_kv_null(&w, "at_risk");
	write_claims(&w, &plan);
	json_kv_raw(&w, "decided", decided_text(d, &again));
	json_kv_raw(&w, "out", out_record(d, d->body, at, plan.resource));
	if (plan.resource.n)
		json_kv_str(&w, "resource", plan.resource);
	json_kv_str(&w, "status", str_from(booking_status_name(BOOKING_OUT)));
	json_kv_raw(&w, "terms", terms_text(d, &again));
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
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
static struct plan give_back(struct decide *d, const struct booking *b, struct instant left)
{
	const struct booking_claim *car = loan_claim(d, b);
	const struct resource *r;
	struct plan_claim claim;

	if (!car)
		return ride_over(d, b, left);
	r = roster_resource(decide_roster(d), car->seat.resource);
	claim = (struct plan_claim){
		car->seat, car->row.from, minute_up(left) + (r ? r->turnaround : 0), CLAIM_CAR};
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

/* The loan as it was: what is decided lasts a minute at least and LOAN_DAYS_MAX at most, for a
 * return is never refused. A day less leaves room for a change of the clock. */
static struct stay stay_was(struct decide *d, const struct booking *b, struct instant left)
{
	struct stay stay = {b->drop_off_at, visit_ready(d, b), b->from, left};
	int64_t longest_s = (int64_t)(LOAN_DAYS_MAX - 1) * 86400;

	if (stay.until.s <= stay.from.s)
		stay.until.s = stay.from.s + 60;
	if (stay.until.s - stay.from.s > longest_s)
		stay.until.s = stay.from.s + longest_s;
	return stay;
}

/* It cannot come back before it left; clocks may differ a little. */
static enum outcome check_left(
	struct decide *d, const struct booking *b, struct instant at, struct instant left)
{
	struct instant out;

	if (left.s > at.s)
		return refuse_field(d, "/left_at", "the car was left before it was checked in");
	if (doc_instant(json_get(b->doc, "out"), "at", &out) && left.s < out.s - CLOCK_LEEWAY_S)
		return refuse_field(d,
			json_present(json_get(d->body, "left_at")) ? "/left_at" : "/at",
			"this is before the car was handed over");
	return OK;
}

enum outcome decide_booking_check_in(struct decide *d)
{
	struct booking b;
	struct instant at, left;
	struct plan plan;
	struct stay stay;
	struct redecision again;
	struct json_writer w;
	struct str sealed;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_OUT));

	if (o == OK)
		o = real_time(d, "at", &at);
	if (o == OK) {
		left = at;
		(void)doc_instant(d->body, "left_at", &left);
		o = check_left(d, &b, at, left);
	}
	if (o != OK)
		return o;
	plan = give_back(d, &b, left);
	stay = stay_was(d, &b, left);
	o = redecide(d, &b, &stay, b.class, -1, &again);
	if (o != OK)
		return o;
	sealed = sealed_findings(d, &b);
	arena_writer(d->view.arena, &w, MEMBERS_BYTES_MAX + json_raw(d->body).n + sealed.n);
	json_object_begin(&w);
	json_kv_null(&w, "at_risk");
	write_charges(&w, json_get(d->body, "charges"));
	write_claims(&w, &plan);
	json_kv_raw(&w, "decided", decided_text(d, &again));
	json_kv_null(&w, "expected_at");
	json_kv_raw(&w, "in", in_record(d, at));
	if (sealed.n)
		json_kv_raw(&w, "private", sealed);
	json_kv_str(&w, "status", str_from(booking_status_name(BOOKING_RETURNED)));
	json_kv_raw(&w, "terms", terms_text(d, &again));
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
	return OK;
}
