/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/car_state.h"
#include "fleet/erase.h"
#include "fleet/make.h"
#include "fleet/visit.h"

#include <stdio.h>

enum {
	WALK_IN_S = 3600, /* how far from now a walk-in's loan may start */
	CLOCK_LEEWAY_S = 300,
};

/* Handed over as it is booked: when, and the customer's own car as it arrived (S4). */
static enum outcome make_walk_in(struct making *m)
{
	struct json wish = json_get(m->body, "check_out");
	int64_t odometer_km = json_int_at(wish, "odometer_vehicle_km", -1);
	struct arena *a = m->d->view.arena;
	struct json_writer w;

	m->out_at = m->d->now;
	if (doc_instant(wish, "at", &m->out_at) && m->out_at.s > m->d->now.s + CLOCK_LEEWAY_S)
		return refuse_wish(m, "check_out/at", "this has not happened yet");
	if (odometer_km < 0)
		return OK;
	arena_writer(a, &w, 64);
	json_object_begin(&w);
	json_kv_int(&w, "odometer_km", odometer_km);
	json_object_end(&w);
	m->offer.request = arena_json(
		a, doc_merge(a, m->offer.request, arena_json(a, arena_written(a, &w), NULL)), NULL);
	return OK;
}

/* Held for so many minutes, or booked: 0 is said as well as nothing. */
enum outcome make_hold(struct making *m)
{
	int64_t minutes = json_int_at(m->body, "hold_minutes", 0);
	char why[100];

	m->held = minutes != 0;
	m->hold_until.s = m->d->now.s + minutes * 60;
	if (!m->held || (minutes >= HOLD_MINUTES_MIN && minutes <= m->roster->hold_minutes))
		return OK;
	snprintf(why, sizeof why,
		"a hold lasts from %d to %d minutes at this site; 0 books at once",
		HOLD_MINUTES_MIN, m->roster->hold_minutes);
	return refuse_wish(m, "hold_minutes", why);
}

enum outcome make_who(struct making *m)
{
	struct decide *d = m->d;
	struct row row;

	m->customer = json_str_at(m->body, "customer");
	if (!m->customer.n)
		m->customer = m->offer.customer;
	m->vin = m->offer.vin;
	if (m->customer.n) {
		if (!customer_known(&d->view, m->customer, &row))
			return refuse_wish(m, "customer", "this customer is not known here");
		m->customer = json_str_at(row.doc, "customer");
	}
	enum outcome o = check_external(
		d, ROW_BOOKING, m->roster->site, json_get(m->body, "external"), STR_NULL);
	if (o != OK)
		return o;
	m->out = json_present(json_get(m->body, "check_out"));
	if (m->out && m->held)
		return refuse_wish(m, "check_out", "what is only held is not handed over");
	if (m->out &&
		(m->stay.from.s > d->now.s + WALK_IN_S || m->stay.from.s < d->now.s - WALK_IN_S))
		return refuse_wish(m, "check_out",
			"the loan does not start now: book it, and check out when it starts");
	if (!m->customer.n && !m->held)
		return refuse_wish(
			m, "customer", "a booking needs a customer; only a hold may do without");
	if (!m->visit.n)
		m->visit = json_str_at(m->body, "visit");
	if (!m->visit.n)
		m->visit = m->offer.visit;
	if (m->visit.n && (!row_get(&d->view, ROW_VISIT, m->visit, &row) ||
				  !str_eq(json_str_at(row.doc, "site"), m->roster->site)))
		return refuse_wish(m, "visit", "there is no such visit here");
	if (m->visit.n)
		m->repair_order = json_str_at(row.doc, "repair_order");
	return m->out ? make_walk_in(m) : OK;
}

enum outcome make_booking(struct making *m)
{
	struct decide *d = m->d;
	struct str doc;

	m->id = id_new(d->view.arena, d->view.env, d->now);
	m->serial = draft_serial(d);
	if (!m->visit.n)
		m->visit = id_new(d->view.arena, d->view.env, d->now);
	plan_take(&d->seating, &m->plan, m->serial);
	doc = booking_doc(m);
	if (!doc.n)
		return FAULT_MEMORY;
	draft_put(d, ROW_BOOKING, m->id, doc);
	if (m->out)
		draft_car_goes(d, m->plan.resource, json_get(m->body, "check_out"));
	return OK;
}

/* When the loan is over at a desk: only then the customer's own car is shown to him. */
static struct instant loan_over(const struct making *m)
{
	const struct solution *s = solution_find(json_str_at(m->body, "solution"));

	if (!s || s->claims != CLAIMS_CAR || !handed_at_desk(json_get(m->body, "return")))
		return (struct instant){0};
	return (struct instant){plan_return_at(m->roster, m->stay.until).s +
				m->roster->return_minutes * INT64_C(60)};
}

static const char *appointment_pointer(const struct making *m)
{
	struct str at = arena_printf(m->d->view.arena, "%s/appointment", m->at);

	return at.p ? at.p : "/appointment";
}

/* The visit's appointment, before the loan: it has its desk first. */
static enum outcome make_appointment(struct making *m)
{
	struct appointment_wish wish = {.wish = json_get(m->body, "appointment"),
		.at = appointment_pointer(m),
		.facts = m->offer.request,
		.vin = m->vin,
		.has_ready = true,
		.ready = m->stay.ready,
		.back_from = loan_over(m)};
	struct row visit;
	enum outcome o;

	if (json_is_null(wish.wish))
		return OK;
	if (m->held)
		return refuse_wish(m, "appointment", "a hold is none yet: book it at once");
	if (m->home != m->roster)
		return refuse_wish(m, "appointment",
			"the car comes from another site: give the visit its appointment first");
	if (m->visit.n && row_get(&m->d->view, ROW_VISIT, m->visit, &visit)) {
		if (json_present(json_get(visit.doc, "arrived_at")))
			return refuse_wish(m, "appointment", "the car is here already");
		wish.visit = visit.doc;
		wish.id = m->visit;
		wish.follows = json_str_at(visit.doc, "follows").n > 0;
	}
	m->appointment = arena_alloc(m->d->view.arena, sizeof *m->appointment);
	if (!m->appointment)
		return FAULT_MEMORY;
	o = appointment_make(m->d, &wish, m->appointment);
	if (o == OK && m->appointment->at.s != m->stay.drop_off.s)
		return refuse_wish(m, "appointment/at",
			"the offer is for another drop-off: ask for one for this time");
	return o;
}

static enum outcome make_one(struct making *m)
{
	enum outcome o = make_open(m);

	if (o == OK)
		o = make_stay(m);
	if (o == OK)
		o = make_hold(m);
	if (o == OK)
		o = make_who(m);
	if (o == OK)
		o = make_appointment(m);
	if (o == OK)
		o = make_decide(m);
	return o == OK ? make_booking(m) : o;
}

/* The visit's bookings with `ids` behind them: a visit's revision changes with what it holds. */
static struct str bookings_of(
	struct decide *d, struct json visit, const struct str *ids, uint32_t n)
{
	struct json known = json_get(visit, "bookings");
	struct json_writer w;

	arena_writer(d->view.arena, &w, json_raw(known).n + n * (ULID_LEN + 4) + 64);
	json_array_begin(&w);
	for (struct json b = json_first(known); json_present(b); b = json_next(known, b))
		json_put_raw(&w, json_raw(b));
	for (uint32_t i = 0; i < n; i++)
		json_put_str(&w, ids[i]);
	json_array_end(&w);
	return arena_written(d->view.arena, &w);
}

static void draft_joined(struct decide *d, struct str id, struct json visit, const struct str *ids,
	uint32_t n, const struct appointment_made *made)
{
	struct str bookings = bookings_of(d, visit, ids, n);
	struct json_writer w;

	arena_writer(d->view.arena, &w, bookings.n + (made ? made->doc.n : 0) + 160);
	json_object_begin(&w);
	if (made)
		json_kv_raw(&w, "appointment", made->doc);
	json_kv_raw(&w, "bookings", bookings);
	if (made) {
		json_kv_instant(&w, "drop_off_at", made->at);
		json_kv_instant(&w, "ready_at", made->ready);
		json_kv_int(&w, "serial", made->serial);
	}
	json_object_end(&w);
	draft_set(d, ROW_VISIT, id, arena_written(d->view.arena, &w));
}

/* What the customer said was needed, when the offer was asked for. */
static struct str sealed_need(struct making *m)
{
	struct json need = json_get(m->offer.request, "need");
	struct json_writer w;

	if (json_is_null(need))
		return STR_NULL;
	arena_writer(m->d->view.arena, &w, json_raw(need).n + 40);
	json_object_begin(&w);
	json_kv_raw(&w, "need", json_raw(need));
	json_object_end(&w);
	return draft_private(m->d, JSON_ABSENT, m->customer.n ? m->customer : m->visit,
		arena_written(m->d->view.arena, &w));
}

static void draft_visit_of(struct making *m)
{
	struct visit_fields f = {.id = m->visit,
		.site = m->home->site,
		.for_site = m->home == m->roster ? STR_NULL : m->roster->site,
		.vin = m->vin,
		.customer = m->customer,
		.bookings = bookings_of(m->d, JSON_ABSENT, &m->id, 1),
		.answer = STR("agreed"),
		.estimate = STR("likely"),
		.jobs = json_raw(json_get(m->offer.request, "jobs")),
		.drop_off = m->stay.drop_off,
		.ready = m->stay.ready,
		.private = sealed_need(m)};

	if (m->appointment) {
		f.appointment = m->appointment->doc;
		f.serial = m->appointment->serial;
	}
	draft_put(m->d, ROW_VISIT, m->visit, visit_doc(m->d, &f));
}

void make_visit(struct making *m)
{
	struct row row;

	if (!row_get(&m->d->view, ROW_VISIT, m->visit, &row))
		draft_visit_of(m);
	else if (str_eq(json_str_at(row.doc, "site"), m->home->site))
		draft_joined(m->d, m->visit, row.doc, &m->id, 1, m->appointment);
	/* else a visit of the customer's site: its own journal alone changes it */
}

enum outcome decide_booking_make(struct decide *d)
{
	struct making *m = arena_alloc(d->view.arena, sizeof *m);
	enum outcome o;

	if (!m)
		return FAULT_MEMORY;
	m->d = d;
	m->body = d->body;
	m->at = "";
	o = make_one(m);
	if (o == OK)
		make_visit(m);
	return o;
}

/* Several bookings of one visit, all or none (a taxi today, a loaner from tomorrow): one entry. */
enum outcome decide_visit_bookings(struct decide *d)
{
	struct json wishes = json_get(d->body, "bookings");
	struct json consumed[VISIT_BOOKINGS_MAX];
	struct str ids[VISIT_BOOKINGS_MAX];
	const struct appointment_made *made = NULL;
	uint32_t n = 0;
	struct row row;

	if (!row_get(&d->view, ROW_VISIT, d->command->target, &row) ||
		!str_eq(json_str_at(row.doc, "site"), d->command->journal))
		return REFUSED_NOT_FOUND;
	for (struct json wish = json_first(wishes); json_present(wish);
		wish = json_next(wishes, wish)) {
		struct making *m = arena_alloc(d->view.arena, sizeof *m);
		struct str at = arena_printf(d->view.arena, "/bookings/%u", n), text;
		struct json_writer w;
		enum outcome o;
		if (!m || !at.n)
			return FAULT_MEMORY;
		if (n == ARRAY_LEN(consumed))
			return refuse_field(
				d, "/bookings", "at most %zu at once", ARRAY_LEN(consumed));
		m->d = d;
		m->body = wish;
		m->at = at.p;
		m->visit = d->command->target;
		memcpy(m->consumed, consumed, n * sizeof *consumed);
		m->consumed_len = n;
		if (made && json_present(json_get(wish, "appointment")))
			return refuse_wish(m, "appointment", "the visit has one in this request");
		o = make_one(m);
		if (o != OK)
			return o;
		made = m->appointment ? m->appointment : made;
		arena_writer(d->view.arena, &w, 32 << 10);
		decided_write(&w, m->inputs, m->terms);
		text = arena_written(d->view.arena, &w);
		ids[n] = m->id;
		consumed[n++] = json_get(arena_json(d->view.arena, text, NULL), "consumed");
	}
	if (n == 0)
		return refuse_field(d, "/bookings", "at least one is needed");
	draft_joined(d, d->command->target, row.doc, ids, n, made);
	return OK;
}
