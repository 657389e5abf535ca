/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/displace.h"

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
		"charge_percent", "damages", "fuel_percent", "left_at", "odometer_km"};
	struct json_writer w;

	arena_writer(d->view.arena, &w, json_raw(d->body).n + 512);
	json_object_begin(&w);
	json_kv_instant(&w, "at", at);
	json_kv_str(&w, "by", d->command->by);
	copy_members(&w, d->body, middle, ARRAY_LEN(middle));
	json_object_end(&w);
	return arena_written(d->view.arena, &w);
}

/* The one booking that stands in the way of `claim`, when it could take the seat we leave. */
static bool find_swap(struct decide *d, const struct booking *mine, const struct plan_claim *claim,
	struct booking *other)
{
	const struct booking_claim *left = car_claim(mine), *theirs;
	struct claim_row claims[4];
	struct key key;
	struct str value;
	uint64_t rev;
	size_t n = calendar_claims(
		d->view.txn, claim->seat, claim->from, claim->until, claims, ARRAY_LEN(claims));

	if (n != 1 || !left || claims[0].what != CLAIM_CAR || claims[0].pinned)
		return false;
	key = key_site_serial(d->command->journal, claims[0].serial);
	if (!txn_get(d->view.txn, DB_INDEX, key_str(&key), &value) || value.n < 2 ||
		value.p[0] != ROW_BOOKING)
		return false;
	if (!booking_get(&d->view,
		    arena_copy(d->view.arena, (struct str){value.p + 1, value.n - 1}), other, &rev))
		return false;
	theirs = car_claim(other);
	return theirs && other->status != BOOKING_OUT && str_eq(other->class, mine->class) &&
	       calendar_is_free(
		       d->view.txn, left->seat, theirs->row.from, theirs->row.until, mine->serial);
}

static void draft_swap(struct decide *d, const struct booking *mine, const struct booking *other)
{
	const struct booking_claim *left = car_claim(mine), *theirs = car_claim(other);
	struct plan_claim claim = {left->seat, theirs->row.from, theirs->row.until, CLAIM_CAR};
	struct plan plan = claims_with_car(other, &claim, true, true);
	struct json_writer w;

	arena_writer(d->view.arena, &w, 8192);
	json_object_begin(&w);
	write_claims(&w, &plan);
	json_kv_str(&w, "resource", left->seat.resource);
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, other->id, arena_written(d->view.arena, &w));
}

/* The seat really handed over, from now: another plate than planned swaps with whoever it was
 * planned for, or is refused naming who is hurt. */
static enum outcome take_seat(
	struct decide *d, const struct booking *b, struct instant at, struct plan *plan)
{
	const struct roster *roster = decide_roster(d);
	const struct booking_claim *car = car_claim(b);
	struct str wanted = json_str_at(d->body, "resource");
	const struct resource *r = roster_resource(roster, wanted.n ? wanted : b->resource);
	struct plan_claim claim;
	struct booking other;

	if (wanted.n && (!r || !resource_serves(r, b->solution)))
		return refuse_field(
			d, "/resource", "this resource does not serve that solution here");
	if (wanted.n && !str_eq(r->class, b->class))
		return refuse_field(d, "/resource",
			"this is of class %.*s, the booking of class %.*s", STR_FMT(r->class),
			STR_FMT(b->class));
	if (!car && !(b->at_risk && r)) {
		*plan = claims_with_car(b, NULL, false, true); /* nothing to hand over but a ride */
		return OK;
	}
	if (!r)
		return refuse_field(d, "/resource",
			"this booking has no seat: name the car that is handed over");
	claim = (struct plan_claim){
		{r->id, 0}, minute_down(at), minute_up(b->until) + r->turnaround, CLAIM_CAR};
	if (car && str_eq(car->seat.resource, r->id))
		claim.seat.number = car->seat.number;
	if (claim.until <= claim.from)
		return refuse_field(
			d, "/at", "the booking's time is over: reschedule or extend it first");
	*plan = claims_with_car(b, &claim, false, true);
	if (calendar_is_free(d->view.txn, claim.seat, claim.from, claim.until, b->serial))
		return OK;
	if (!find_swap(d, b, &claim, &other))
		return refuse_broken(
			d, REFUSED_PROMISES_BROKEN, claim.seat, claim.from, claim.until, b->serial);
	draft_swap(d, b, &other);
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

/* The return is a fact: an early one frees the rest at once, a late one pushes aside what it must.
 */
static struct plan give_back(struct decide *d, const struct booking *b, struct instant left)
{
	const struct booking_claim *car = car_claim(b);
	const struct resource *r;
	struct plan_claim claim;

	if (!car)
		return claims_with_car(b, NULL, false, false);
	r = roster_resource(decide_roster(d), car->seat.resource);
	claim = (struct plan_claim){
		car->seat, car->row.from, minute_up(left) + (r ? r->turnaround : 0), CLAIM_CAR};
	if (claim.until <= claim.from)
		return claims_with_car(b, NULL, false, false);
	if (claim.until > car->row.until)
		claim.until = displace(d, car->seat, car->row.until, claim.until, b->serial);
	return claims_with_car(b, &claim, false, false);
}

enum outcome decide_booking_check_in(struct decide *d)
{
	struct booking b;
	struct instant at, left;
	struct plan plan;
	struct stay stay;
	struct redecision again;
	struct json_writer w;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_OUT));

	if (o == OK)
		o = real_time(d, "at", &at);
	left = at;
	if (o == OK && doc_instant(d->body, "left_at", &left) && left.s > at.s)
		o = refuse_field(d, "/left_at", "the car was left before it was checked in");
	if (o != OK)
		return o;
	plan = give_back(d, &b, left);
	stay = (struct stay){b.drop_off_at, visit_ready(d, &b), b.from, left};
	if (stay.until.s <= stay.from.s)
		stay.until.s = stay.from.s + 60;
	o = redecide(d, &b, &stay, b.class, -1, &again);
	if (o != OK)
		return o;
	arena_writer(d->view.arena, &w, MEMBERS_BYTES_MAX + json_raw(d->body).n);
	json_object_begin(&w);
	json_kv_null(&w, "at_risk");
	if (!json_is_null(json_get(d->body, "charges")))
		json_kv_raw(&w, "charges", json_raw(json_get(d->body, "charges")));
	write_claims(&w, &plan);
	json_kv_raw(&w, "decided", decided_text(d, &again));
	json_kv_null(&w, "expected_at");
	json_kv_raw(&w, "in", in_record(d, at));
	json_kv_str(&w, "status", str_from(booking_status_name(BOOKING_RETURNED)));
	json_kv_raw(&w, "terms", terms_text(d, &again));
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
	return OK;
}
