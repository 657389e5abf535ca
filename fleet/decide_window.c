/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/reseat.h"
#include "fleet/window.h"

enum { MEMBERS_BYTES_MAX = 96 << 10 };

#define ALLOW(status) (1u << (status))

/* Its car has left for the customer's site: it will be that one. */
static bool on_its_way(struct decide *d, const struct booking *b)
{
	const struct booking_claim *car = car_claim(b);

	return car && car->row.from < minute_up(d->now);
}

struct plan_ask ask_of(
	struct decide *d, const struct booking *b, struct span window, struct str class)
{
	struct plan_ask ask = {.roster = decide_roster(d),
		.for_site = b->for_site.n ? booking_roster(d, b) : NULL,
		.seating = &d->seating,
		.solution = booking_solution(d, b),
		.class = class,
		.resource = b->pinned ? b->resource : STR_NULL,
		.window = window,
		.now = d->now,
		.rights = rights_of(
			&d->view, json_get(json_get(b->doc, "decided"), "request"), b->visit),
		.distance_km = b->distance_km,
		.except = b->serial};

	if (b->for_site.n && window.from.s == b->from.s && b->resource.n)
		ask.resource = on_its_way(d, b) ? b->resource : ask.resource;
	ask.desk_out = ask.solution.claims == CLAIMS_CAR && booking_at_desk(b, "handover");
	ask.desk_in = ask.solution.claims == CLAIMS_CAR && booking_at_desk(b, "return");
	return ask;
}

static struct str place_at(
	struct decide *d, const struct booking *b, const char *end, struct instant at)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, 128);
	json_object_begin(&w);
	json_kv_instant(&w, "at", at);
	json_object_end(&w);
	return doc_merge(d->view.arena, json_get(b->doc, end),
		arena_json(d->view.arena, arena_written(d->view.arena, &w), NULL));
}

static void kv_place(struct json_writer *w, struct decide *d, const struct booking *b,
	const char *end, struct instant at)
{
	if (json_present(json_get(b->doc, end)))
		json_kv_raw(w, end, place_at(d, b, end, at));
}

void write_booking_legs(struct json_writer *w, const struct plan_ask *ask, const struct plan *plan)
{
	if (ask->solution.claims == CLAIMS_LEGS || ask->solution.claims == CLAIMS_ACCOMPANY)
		write_legs(w, &ask->solution, plan);
}

/* The stay that a new window makes: the workshop's times go along when the loan leaves them behind.
 */
static struct stay stay_of(struct decide *d, const struct booking *b, struct span window)
{
	struct stay s = {b->drop_off_at, visit_ready(d, b), window.from, window.until};
	int64_t shift = window.from.s - b->from.s;

	if (window.from.s >= s.ready.s || window.until.s <= b->drop_off_at.s) {
		s.drop_off.s += shift;
		s.ready.s += shift;
	}
	return s;
}

static enum outcome check_window(struct decide *d, struct span w)
{
	if (w.until.s <= w.from.s)
		return refuse_field(d, "/until", "this must be later than the start");
	if (w.until.s - w.from.s > (int64_t)LOAN_DAYS_MAX * 86400)
		return refuse_field(d, "/until", "a loan lasts at most %d days", LOAN_DAYS_MAX);
	if (w.from.s % 60 || w.until.s % 60)
		return refuse_field(d, "/until", "planned times are whole minutes");
	return OK;
}

enum outcome decide_booking_reschedule(struct decide *d)
{
	struct booking b;
	struct span window;
	struct str class = json_str_at(d->body, "class");
	struct plan_ask ask;
	struct plan plan;
	struct stay stay;
	struct redecision again;
	struct json_writer w;
	enum plan_result planned;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_HELD) | ALLOW(BOOKING_BOOKED));

	if (o != OK)
		return o;
	ASSERT(doc_instant(d->body, "from", &window.from) &&
		doc_instant(d->body, "until", &window.until));
	o = check_window(d, window);
	if (o != OK)
		return o;
	if (b.pinned && class.n && !str_eq(class, b.class))
		return refuse_field(d, "/class",
			"the booking is pinned to a car of another class: unpin it first");
	ask = ask_of(d, &b, window, class.n ? class : b.class);
	ask.fresh = window.from.s != b.from.s || !str_eq(ask.class, b.class);
	planned = plan_find(&d->view, &ask, &plan);
	if (planned != PLAN_FREE)
		return refuse_no_seat(d, &ask, planned);
	plan_take(&d->seating, &plan, b.serial);
	stay = stay_of(d, &b, window);
	o = redecide(d, &b, &stay, plan.class, -1, &again);
	if (o != OK)
		return o;
	o = check_offered(d, &again);
	if (o != OK)
		return o;
	arena_writer(d->view.arena, &w, MEMBERS_BYTES_MAX);
	json_object_begin(&w);
	json_kv_null(&w, "at_risk");
	write_claims(&w, &plan);
	if (plan.class.n)
		json_kv_str(&w, "class", plan.class);
	json_kv_raw(&w, "decided", decided_text(d, &again));
	json_kv_instant(&w, "drop_off_at", stay.drop_off);
	json_kv_instant(&w, "from", window.from);
	kv_place(&w, d, &b, "handover", window.from);
	write_booking_legs(&w, &ask, &plan);
	json_kv_instant(&w, "ready_at", stay.ready);
	if (plan.resource.n)
		json_kv_str(&w, "resource", plan.resource);
	kv_place(&w, d, &b, "return", window.until);
	json_kv_raw(&w, "terms", terms_text(d, &again));
	json_kv_instant(&w, "until", window.until);
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
	return OK;
}

/* Who stands in the way of a move is named, unless it is the seat itself that will not do. */
static enum outcome refuse_move(struct decide *d, const struct booking *b,
	const struct plan_ask *ask, const struct resource *r, enum plan_result why)
{
	uint32_t transfer = booking_transfer(d, b, b->for_site);
	struct claim_row row = {minute_down(b->from) - transfer,
		minute_up(b->until) + transfer + r->turnaround, b->serial, CLAIM_CAR, true};
	enum outcome o = OK;

	if (why == PLAN_NO_SEAT && r->seats == 1 && r->kind == RESOURCE_CHAUFFEUR)
		o = refuse_broken(d, REFUSED_PROMISES_BROKEN, (struct seat){r->id, 0}, row.from,
			row.until, b->serial);
	else if (why == PLAN_NO_SEAT && r->seats == 1)
		o = refuse_taking(d, b, (struct seat){r->id, 0}, row);
	return o == OK ? refuse_no_seat(d, ask, why) : o;
}

/* Another seat of the same class, by a person's wish. */
enum outcome decide_booking_move(struct decide *d)
{
	struct booking b;
	struct plan_ask ask;
	struct plan plan;
	const struct resource *r;
	struct json_writer w;
	enum plan_result planned;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_HELD) | ALLOW(BOOKING_BOOKED));

	if (o != OK)
		return o;
	ask = ask_of(d, &b, (struct span){b.from, b.until}, b.class);
	r = roster_resource(ask.roster, json_str_at(d->body, "resource"));
	if (!r || !resource_serves(r, b.solution))
		return refuse_field(
			d, "/resource", "this resource does not serve that solution here");
	if (b.class.n && !str_eq(r->class, b.class))
		return refuse_field(d, "/resource",
			"this is of class %.*s, the booking of class %.*s", STR_FMT(r->class),
			STR_FMT(b.class));
	ask.resource = r->id;
	planned = plan_find(&d->view, &ask, &plan);
	if (planned != PLAN_FREE)
		return refuse_move(d, &b, &ask, r, planned);
	plan_take(&d->seating, &plan, b.serial);
	arena_writer(d->view.arena, &w, MEMBERS_BYTES_MAX);
	json_object_begin(&w);
	json_kv_null(&w, "at_risk");
	write_claims(&w, &plan);
	write_booking_legs(&w, &ask, &plan);
	json_kv_str(&w, "resource", plan.resource);
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
	return OK;
}

/* What a longer booking takes: once it is out, on the seat that it has. */
static struct plan_ask ask_longer(struct decide *d, const struct booking *b, struct instant until)
{
	struct plan_ask ask = ask_of(d, b, (struct span){b->from, until}, b->class);
	const struct booking_claim *car = loan_claim(d, b);

	/* the hand-over is past: the car is where it is, and nobody needs that desk time again */
	if (b->status == BOOKING_OUT) {
		ask.desk_out = false;
		ask.there = true;
		if (car) {
			ask.resource = car->seat.resource;
			ask.window.from = minute_instant(car->row.from);
		}
	}
	return ask;
}

/* Who would lose what was promised is named: the car stays where it is. */
static enum outcome refuse_longer(
	struct decide *d, const struct booking *b, const struct plan_ask *ask, enum plan_result why)
{
	const struct booking_claim *car = loan_claim(d, b);
	struct claim_row row;
	enum outcome o = OK;

	if (why == PLAN_NO_SEAT && car) {
		row = car->row;
		row.until += minute_up(ask->window.until) - minute_up(booking_end(b));
		o = refuse_taking(d, b, car->seat, row);
	}
	return o == OK ? refuse_no_seat(d, ask, why) : o;
}

/* A later return, plainly refused where it hurts a promise: the seat stays the same while it is
 * out. */
enum outcome decide_booking_extend(struct decide *d)
{
	struct booking b;
	struct instant until;
	struct plan_ask ask;
	struct plan plan;
	struct stay stay;
	struct redecision again;
	struct json_writer w;
	struct str sealed;
	enum plan_result planned;
	enum outcome o = take_booking(
		d, &b, ALLOW(BOOKING_HELD) | ALLOW(BOOKING_BOOKED) | ALLOW(BOOKING_OUT));

	if (o != OK)
		return o;
	ASSERT(doc_instant(d->body, "until", &until));
	if (until.s <= b.until.s || until.s <= d->now.s)
		return refuse_field(d, "/until", "an extension ends later than the booking does");
	o = check_window(d, (struct span){b.from, until});
	if (o != OK)
		return o;
	ask = ask_longer(d, &b, until);
	if (until.s <= ask.window.from.s)
		return refuse_field(d, "/until", "the car went out later than that");
	planned = plan_find(&d->view, &ask, &plan);
	if (planned != PLAN_FREE)
		return refuse_longer(d, &b, &ask, planned);
	plan_take(&d->seating, &plan, b.serial);
	keep_earlier_cars(&plan, &b);
	/* days after the car is ready are not covered (S9): the visit says when that is */
	stay = (struct stay){b.drop_off_at, visit_ready(d, &b), b.from, until};
	o = redecide(d, &b, &stay, b.class, -1, &again);
	if (o == OK)
		o = check_offered(d, &again);
	if (o != OK)
		return o;
	sealed = draft_private_text(
		d, b.doc, b.customer.n ? b.customer : b.id, "extend_reason", "reason");
	arena_writer(d->view.arena, &w, MEMBERS_BYTES_MAX + sealed.n);
	json_object_begin(&w);
	json_kv_null(&w, "at_risk");
	write_claims(&w, &plan);
	json_kv_raw(&w, "decided", decided_text(d, &again));
	json_kv_null(&w, "expected_at");
	json_k(&w, "extended");
	json_object_begin(&w);
	json_kv_bool(&w, "agreed", json_bool_at(d->body, "agreed", false));
	json_kv_instant(&w, "at", d->now);
	json_object_end(&w);
	write_booking_legs(&w, &ask, &plan);
	if (sealed.n)
		json_kv_raw(&w, "private", sealed);
	json_kv_instant(&w, "ready_at", stay.ready);
	if (plan.resource.n) /* who was at risk has found a seat again */
		json_kv_str(&w, "resource", plan.resource);
	kv_place(&w, d, &b, "return", until);
	json_kv_raw(&w, "terms", terms_text(d, &again));
	json_kv_instant(&w, "until", until);
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
	return OK;
}
