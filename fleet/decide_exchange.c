/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/car_state.h"
#include "fleet/pool.h"

/*
 * Another car within one agreement: the one that was out comes in and is made ready again, the
 * other one goes out until the same return. Whoever was promised that one changes places, or it is
 * refused naming who is hurt. A car of another class makes it a loan of that class: then the terms
 * are decided again, over the whole loan.
 */

enum { MEMBERS_BYTES_MAX = 128 << 10 };

struct exchange {
	struct decide *d;
	struct booking b;
	struct come_in in;
	const struct resource *goes;
	struct json out_wish;
	struct instant out_at;
	struct plan plan;
	bool other_class;
	struct redecision again; /* where it is of another class */
};

/* ---- what is asked ---- */

static enum outcome check_goes(struct exchange *e)
{
	const struct resource *r =
		roster_resource(decide_roster(e->d), json_str_at(e->d->body, "resource"));
	enum solution_claims claims = booking_solution(e->d, &e->b).claims;

	if (claims != CLAIMS_CAR && claims != CLAIMS_ALLOTMENT)
		return refuse_field(e->d, "",
			"this solution has no car that could be exchanged: change the booking");
	if (!r || !resource_serves(r, e->b.solution))
		return refuse_field(
			e->d, "/resource", "this resource does not serve that solution here");
	if (e->b.for_site.n && resource_transfer(r, e->b.for_site) < 0)
		return refuse_field(e->d, "/resource", "this car is not shared with %.*s",
			STR_FMT(e->b.for_site));
	if (!r->active)
		return refuse_field(
			e->d, "/resource", "this resource is not in use: make it active first");
	if (r->kind == RESOURCE_CAR && str_eq(r->id, e->b.resource))
		return refuse_field(
			e->d, "/resource", "this car is out already: name the one in its place");
	e->goes = r;
	e->other_class = !str_eq(r->class, e->b.class);
	return OK;
}

static enum outcome check_times(struct exchange *e)
{
	struct decide *d = e->d;
	struct instant out;
	enum outcome o;

	e->in = (struct come_in){json_get(d->body, "in"), "/in", d->now, d->now};
	e->out_wish = json_get(d->body, "out");
	o = handover_time(d, e->in.wish, "/in/at", &e->in.seen);
	if (o == OK)
		o = handover_time(d, e->out_wish, "/out/at", &e->out_at);
	if (o != OK)
		return o;
	e->in.left = e->in.seen;
	(void)doc_instant(e->in.wish, "left_at", &e->in.left);
	if (doc_instant(json_get(e->b.doc, "out"), "at", &out) && e->out_at.s < out.s)
		return refuse_field(d, "/out/at", "this is before the first car was handed over");
	return check_left(d, &e->b, &e->in);
}

static enum outcome check_room(struct exchange *e)
{
	if (json_count(json_get(e->b.doc, "cars")) >= EARLIER_CARS_MAX)
		return refuse_field(e->d, "",
			"an agreement has at most %d cars: check this one in, and make a new "
			"booking",
			EARLIER_CARS_MAX + 1);
	return check_charges(e->d, &e->b, e->in.wish, "/in");
}

/* ---- seats ---- */

/* The car that comes in keeps its seat until it is ready again; what was promised it after that is
 * as it was, and where it came late gives way. */
static void take_in(struct exchange *e)
{
	struct decide *d = e->d;
	const struct booking_claim *car = car_claim(&e->b);
	const struct resource *r =
		car ? roster_resource(decide_roster(d), car->seat.resource) : NULL;
	struct claim_row row;
	struct reseated pushed = {.until = 0};

	if (!car)
		return; /* on request: nothing was claimed */
	row = (struct claim_row){car->row.from,
		minute_up(e->in.left) + booking_transfer(d, &e->b, e->b.for_site) +
			(r ? r->turnaround : 0),
		e->b.serial, CLAIM_EARLIER_CAR, true};
	seating_drop(&d->seating, car->seat, car->row);
	if (row.until > car->row.until) {
		reseat(d, car->seat, row, 0, &pushed);
		row.until = pushed.until > car->row.until ? pushed.until : car->row.until;
		seating_move(&d->seating, car->seat, row, car->seat, row.until);
	} else if (row.from < row.until) {
		seating_add(&d->seating, car->seat, row);
	}
	if (row.from < row.until)
		e->plan.claims[e->plan.claims_len++] =
			(struct plan_claim){car->seat, row.from, row.until, CLAIM_EARLIER_CAR};
}

/* A car that was exchanged before and goes out again is not waited for until it would be ready. */
static void take_rest(struct exchange *e, uint32_t from)
{
	for (uint32_t i = 0; i < e->b.claims_len; i++) {
		const struct booking_claim *c = &e->b.claims[i];
		uint32_t until = c->row.until;
		if (c->row.what == CLAIM_CAR)
			continue;
		if (e->goes->kind == RESOURCE_CAR && str_eq(c->seat.resource, e->goes->id) &&
			c->row.what == CLAIM_EARLIER_CAR && until > from) {
			until = from > c->row.from ? from : c->row.from;
			if (until > c->row.from)
				seating_move(&e->d->seating, c->seat, c->row, c->seat, until);
			else
				seating_drop(&e->d->seating, c->seat, c->row);
		}
		if (c->row.from < until)
			e->plan.claims[e->plan.claims_len++] = (struct plan_claim){
				c->seat, c->row.from, until, (enum claim_what)c->row.what};
	}
}

static enum outcome seat_goes(struct exchange *e, uint32_t from)
{
	struct decide *d = e->d;
	const struct resource *r = e->goes;
	uint32_t until = minute_up(booking_end(&e->b));
	int32_t transfer = e->b.for_site.n ? resource_transfer(r, e->b.for_site) : 0;
	struct plan_ask ask = {.roster = decide_roster(d), .now = d->now};
	struct pool_ask pool = {.kind = r->kind,
		.what = CLAIM_CAR,
		.solution = e->b.solution,
		.class = r->class,
		.resource = r->id,
		.for_site = e->b.for_site};
	struct plan_claim claim = {.what = CLAIM_CAR};

	if (r->unlimited)
		return OK;
	if (until <= from)
		until = from + 1; /* handed over when it should have come back */
	until += (uint32_t)transfer;
	if (from < r->usable_from || until > r->usable_until)
		return refuse_field(d, "/resource",
			"this resource may not be used for all of that time: see its dates of "
			"service, insurance and inspection");
	if (plan_seat_claim(&d->view, &ask, &pool, from, until, e->b.serial, &d->seating,
		    &claim.seat, NULL) != PLAN_FREE)
		return refuse_broken(d, REFUSED_PROMISES_BROKEN, (struct seat){r->id, 0}, from,
			until + r->turnaround, e->b.serial);
	claim.from = from;
	claim.until = until + r->turnaround;
	ASSERT(e->plan.claims_len < PLAN_CLAIMS_MAX);
	e->plan.claims[e->plan.claims_len++] = claim;
	return OK;
}

static enum outcome take_seats(struct exchange *e)
{
	uint32_t from = minute_down(e->out_at);

	/* another car of the same allotment: it is the same seat that is used */
	if (str_eq(e->goes->id, e->b.resource)) {
		e->plan = claims_kept(&e->b, false, true);
		return OK;
	}
	take_in(e);
	take_rest(e, from);
	return seat_goes(e, from);
}

static enum outcome decide_class(struct exchange *e)
{
	struct stay stay = stay_was(e->d, &e->b, booking_end(&e->b));
	enum outcome o;

	if (!e->other_class)
		return OK;
	o = redecide(e->d, &e->b, &stay, e->goes->class, -1, &e->again);
	return o == OK ? check_offered(e->d, &e->again) : o;
}

/* ---- what is kept ---- */

static void put_all(struct json_writer *w, struct json list)
{
	for (struct json e = json_first(list); json_present(e); e = json_next(list, e))
		json_put_raw(w, json_raw(e));
}

static void write_cars(struct json_writer *w, struct exchange *e)
{
	json_k(w, "cars");
	json_array_begin(w);
	put_all(w, json_get(e->b.doc, "cars"));
	json_object_begin(w);
	json_kv_raw(w, "in", in_record(e->d, e->in.wish, e->in.seen));
	json_kv_raw(w, "out", json_raw(json_get(e->b.doc, "out")));
	if (e->b.resource.n)
		json_kv_str(w, "resource", e->b.resource);
	json_object_end(w);
	json_array_end(w);
}

/* Why, and what was found: words for each of the cars, in their order. */
static struct str seal_words(struct exchange *e)
{
	struct decide *d = e->d;
	struct json known = private_now(d, &e->b), words = json_get(known, "cars");
	static const char *const of_out[] = {"out_damages", "out_to"};
	struct json damages = json_get(e->in.wish, "damages");
	struct json seen = json_get(e->out_wish, "damages");
	uint32_t earlier = json_count(json_get(e->b.doc, "cars"));
	struct json_writer w;

	arena_writer(d->view.arena, &w,
		json_raw(known).n + json_raw(e->b.doc).n + json_raw(d->body).n + 256);
	json_object_begin(&w);
	json_k(&w, "cars");
	json_array_begin(&w);
	put_all(&w, words);
	for (uint32_t i = json_count(words); i < earlier; i++)
		json_put_raw(&w, STR("{}")); /* words that are forgotten */
	json_object_begin(&w);
	if (!json_is_null(damages))
		json_kv_raw(&w, "damages", json_raw(damages));
	for (size_t i = 0; i < ARRAY_LEN(of_out); i++)
		if (!json_is_null(json_get(known, of_out[i])))
			json_kv_raw(&w, of_out[i], json_raw(json_get(known, of_out[i])));
	json_kv_raw(&w, "reason", json_raw(json_get(d->body, "reason")));
	json_object_end(&w);
	json_array_end(&w);
	write_charge_words(&w, &e->b, known, e->in.wish);
	/* What was said of the car that leaves the agreement went with it. */
	json_kv_raw(&w, of_out[0], json_present(seen) ? json_raw(seen) : STR("null"));
	json_kv_null(&w, of_out[1]);
	json_object_end(&w);
	return draft_private(d, e->b.doc, e->b.customer.n ? e->b.customer : e->b.id,
		arena_written(d->view.arena, &w));
}

static enum outcome draft_exchange(struct exchange *e)
{
	struct decide *d = e->d;
	struct str sealed = seal_words(e);
	struct json_writer w;

	if (!sealed.n)
		return FAULT_BUSY;
	arena_writer(d->view.arena, &w,
		MEMBERS_BYTES_MAX + json_raw(e->b.doc).n + json_raw(d->body).n + sealed.n);
	json_object_begin(&w);
	json_kv_null(&w, "at_risk");
	write_cars(&w, e);
	write_charges(&w, &e->b, e->in.wish);
	write_claims(&w, &e->plan);
	if (e->other_class) {
		json_kv_str(&w, "class", e->goes->class);
		json_kv_raw(&w, "decided", decided_text(d, &e->again));
	}
	json_kv_raw(&w, "out", out_record(d, e->out_wish, e->out_at, e->goes->id));
	json_kv_raw(&w, "private", sealed);
	json_kv_str(&w, "resource", e->goes->id);
	if (e->other_class) {
		json_kv_raw(&w, "terms", terms_text(d, &e->again));
		json_kv_null(&w, "upgraded_from");
	}
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, e->b.id, arena_written(d->view.arena, &w));
	draft_car_goes(d, e->goes->id, e->out_wish);
	draft_car_comes(d, &e->b, &e->in, e->b.for_site);
	return OK;
}

enum outcome decide_booking_exchange(struct decide *d)
{
	struct exchange *e = arena_alloc(d->view.arena, sizeof *e);
	enum outcome o;

	if (!e)
		return FAULT_MEMORY;
	e->d = d;
	o = take_booking(d, &e->b, 1u << BOOKING_OUT);
	if (o == OK)
		o = check_goes(e);
	if (o == OK)
		o = check_times(e);
	if (o == OK)
		o = check_room(e);
	if (o == OK)
		o = take_seats(e);
	if (o == OK)
		o = decide_class(e);
	return o == OK ? draft_exchange(e) : o;
}
