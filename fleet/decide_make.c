/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/make.h"
#include "fleet/visit.h"

#include <stdio.h>

enum {
	WALK_IN_S = 3600, /* how far from now a walk-in's loan may start */
	CLOCK_LEEWAY_S = 300,
};

static enum outcome refuse_wish(struct making *m, const char *member, const char *why)
{
	char pointer[100];

	snprintf(pointer, sizeof pointer, "%s/%s", m->at, member);
	return refuse_field(m->d, pointer, "%s", why);
}

/* The line of the offer that was meant: this very window if it was offered, else the solution's
 * first. */
static const struct offer_line *find_line(
	const struct making *m, struct str solution, struct str class, bool exact)
{
	const struct offer_line *first = NULL;

	for (uint32_t i = 0; i < m->offer.lines_len; i++) {
		const struct offer_line *l = &m->offer.lines[i];
		bool class_fits = !l->class.n || !class.n || str_eq(l->class, class);
		if (!str_eq(l->solution, solution) || !class_fits)
			continue;
		if (exact && (l->from.s != m->stay.from.s || l->until.s != m->stay.until.s))
			continue;
		/* a line of the very class is nearer than the solution's common one */
		if (!first || (class.n && str_eq(l->class, class) && !str_eq(first->class, class) &&
				      l->from.s == first->from.s))
			first = l;
	}
	return first;
}

static enum outcome make_open(struct making *m)
{
	struct decide *d = m->d;
	enum outcome o = offer_open(&d->view, json_str_at(m->body, "offer"), &m->offer);

	if (o != OK)
		return o;
	if (d->now.s > m->offer.expires_at.s)
		return REFUSED_OFFER_EXPIRED;
	if (!str_eq(m->offer.site, d->command->journal))
		return REFUSED_OFFER_INVALID;
	m->roster = decide_roster(d);
	ASSERT(m->roster); /* the offer was made for it */
	return OK;
}

/* When: the wish, else what was offered for that solution and class. Moving the loan by itself
 * moves the workshop's times with it. */
static enum outcome make_stay(struct making *m, struct str solution, struct str class)
{
	const struct offer_line *line = find_line(m, solution, class, false);
	bool from = doc_instant(m->body, "from", &m->stay.from),
	     until = doc_instant(m->body, "until", &m->stay.until);

	if (!line)
		return refuse_wish(m, "solution", "the offer has no such solution");
	m->stay.drop_off = line->drop_off;
	m->stay.ready = line->ready;
	if (!from)
		m->stay.from = line->from;
	if (!until)
		m->stay.until = line->until;
	if (m->stay.until.s <= m->stay.from.s)
		return refuse_wish(m, "until", "this must be later than the start");
	if (m->stay.until.s <= m->d->now.s)
		return refuse_wish(m, "until", "this time is over");
	if (m->stay.until.s - m->stay.from.s > (int64_t)LOAN_DAYS_MAX * 86400)
		return refuse_wish(m, "until", "a loan lasts at most 366 days");
	if (m->stay.from.s % 60 || m->stay.until.s % 60)
		return refuse_wish(m, "from", "planned times are whole minutes");
	const struct offer_line *exact = find_line(m, solution, class, true);
	if (exact) {
		m->stay.drop_off = exact->drop_off;
		m->stay.ready = exact->ready;
	} else if (m->stay.from.s >= m->stay.ready.s || m->stay.until.s <= m->stay.drop_off.s) {
		int64_t shift = m->stay.from.s - line->from.s;
		m->stay.drop_off.s += shift;
		m->stay.ready.s += shift;
	}
	return OK;
}

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
static enum outcome make_hold(struct making *m)
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

static enum outcome make_who(struct making *m)
{
	struct decide *d = m->d;
	struct row row;

	m->customer = json_str_at(m->body, "customer");
	if (!m->customer.n)
		m->customer = m->offer.customer;
	m->vin = m->offer.vin;
	if (m->customer.n && !row_get(&d->view, ROW_CUSTOMER, m->customer, &row))
		return refuse_wish(m, "customer", "this customer is not known here");
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
				  !str_eq(json_str_at(row.doc, "site"), d->command->journal)))
		return refuse_wish(m, "visit", "there is no such visit here");
	if (m->visit.n)
		m->repair_order = json_str_at(row.doc, "repair_order");
	return m->out ? make_walk_in(m) : OK;
}

/* The car that is promised by name, or that is handed over at once. */
static struct str wished_resource(const struct making *m)
{
	struct str promised = json_str_at(m->body, "resource");

	return promised.n ? promised : json_str_at(json_get(m->body, "check_out"), "resource");
}

static enum outcome make_decide(struct making *m, struct str solution)
{
	struct decide *d = m->d;
	struct str class = json_str_at(m->body, "class");
	int index;
	enum outcome o;

	m->inquiry = (struct inquiry){.vin = m->vin,
		.customer = m->customer,
		.visit = m->visit,
		.facts = m->offer.request};
	memcpy(m->inquiry.also, m->consumed, sizeof m->consumed);
	m->inquiry.also_len = m->consumed_len;
	m->inputs = arena_alloc(d->view.arena, sizeof *m->inputs);
	m->terms = arena_alloc(d->view.arena, sizeof *m->terms);
	d->command->faults = arena_alloc(d->view.arena, sizeof *d->command->faults);
	if (!m->inputs || !m->terms || !d->command->faults)
		return FAULT_MEMORY;
	o = inputs_build(
		&d->view, m->roster, &m->inquiry, &m->stay, d->now, m->inputs, d->command->faults);
	if (o != OK)
		return o;
	index = ruleset_solution_index(m->inputs->ruleset.ruleset, solution);
	if (index < 0)
		return refuse_wish(
			m, "solution", "the rule set in force on that day has no such solution");
	m->solution_index = (uint32_t)index;
	m->solution = &m->inputs->ruleset.ruleset->solutions[index];
	m->ask = (struct plan_ask){.roster = m->roster,
		.seating = &d->seating,
		.solution = m->solution->solution,
		.class = class,
		.resource = wished_resource(m),
		.window = {m->stay.from, m->stay.until},
		.now = d->now,
		.fresh = true,
		.rights = rights_of(&d->view, m->inquiry.facts, m->visit) |
			  (m->inputs->request.immobile ? 1u << PROTECTED_FOR_IMMOBILE : 0),
		.car_from = m->out ? minute_down(m->out_at) : 0,
		.distance_km = m->inputs->request.distance_km,
		.desk_out = m->solution->solution.claims == CLAIMS_CAR &&
			    handed_at_desk(json_get(m->body, "handover")),
		.desk_in = m->solution->solution.claims == CLAIMS_CAR &&
			   handed_at_desk(json_get(m->body, "return"))};
	return OK;
}

/* A pinned wish names a resource of this site that serves the solution and class. */
static enum outcome make_check_resource(struct making *m)
{
	const struct resource *r;

	if (!m->ask.resource.n)
		return OK;
	r = roster_resource(m->roster, m->ask.resource);
	if (!r || !resource_serves(r, m->solution->solution.id))
		return refuse_wish(
			m, "resource", "this resource does not serve that solution here");
	if (m->ask.class.n && !str_eq(r->class, m->ask.class))
		return refuse_wish(m, "resource", "this resource is of another class");
	return OK;
}

/* A better class in place of a full one: the site allows it, and the one asked for has no seat. */
static enum outcome make_check_upgrade(struct making *m)
{
	struct str asked = json_str_at(m->body, "instead_of");
	struct plan_ask ask = m->ask;

	if (!asked.n)
		return OK;
	if (!m->ask.class.n || !roster_upgrades(m->roster, asked, m->ask.class))
		return refuse_wish(m, "instead_of",
			"the site lets no such class stand in for this one: see its upgrades");
	ask.class = asked;
	ask.resource = STR_NULL;
	if (plan_find(&m->d->view, &ask, &m->plan) == PLAN_FREE)
		return refuse_wish(m, "instead_of", "this class is free: book it itself");
	m->instead_of = asked;
	return OK;
}

/* The class whose price counts. */
static struct str price_class(const struct making *m)
{
	return m->instead_of.n ? m->instead_of : m->plan.class;
}

static enum plan_result plan_of_class(struct making *m, struct str class)
{
	struct plan_ask ask = m->ask;

	ask.class = class;
	return plan_find(&m->d->view, &ask, &m->plan);
}

static bool cheaper(const struct terms *a, const struct terms *b)
{
	bool not_a = a->decision == DECISION_NOT_OFFERED,
	     not_b = b->decision == DECISION_NOT_OFFERED;

	if (not_a != not_b)
		return not_b;
	if (a->customer_minor != b->customer_minor)
		return a->customer_minor < b->customer_minor;
	return a->gross_minor < b->gross_minor;
}

/* Cheaper for the customer; else, of two that cost the same, the one that disturbs fewer. */
static bool better(
	const struct terms *a, const struct plan *x, const struct terms *b, const struct plan *y)
{
	return cheaper(a, b) || (!cheaper(b, a) && plan_moves(x) < plan_moves(y));
}

/* Where no class is named, the free one that costs the customer least, then the least in all. */
static enum plan_result make_plan(struct making *m)
{
	struct str classes[CLASSES_PER_SITE_MAX];
	size_t n = roster_classes(m->roster, m->solution->solution.id, classes);
	struct terms *best = arena_alloc(m->d->view.arena, sizeof *best);
	enum plan_result result = PLAN_NO_SEAT;
	struct plan plan = {.claims_len = 0};

	if (m->ask.class.n || m->ask.resource.n || n < 2 || !best)
		return plan_of_class(m, m->ask.class);
	for (size_t i = 0; i < n; i++) {
		enum plan_result found = plan_of_class(m, classes[i]);
		if (found == PLAN_FREE) {
			decide_terms(m->terms, &m->inputs->request, &m->inputs->site,
				m->inputs->ruleset.ruleset, m->solution_index, classes[i]);
			if (result == PLAN_FREE && !better(m->terms, &m->plan, best, &plan))
				continue;
			*best = *m->terms;
			plan = m->plan;
			result = PLAN_FREE;
		} else if (result != PLAN_FREE && found != PLAN_NOT_SERVED &&
			   found != PLAN_NO_SEAT) {
			result = found; /* a car was there, but nobody to hand it over */
		}
	}
	m->plan = plan;
	return result;
}

static enum outcome make_price(struct making *m)
{
	struct decide *d = m->d;
	const struct offer_line *line;
	int64_t accepted = json_int_at(m->body, "accept_customer_minor", -1), offered;
	struct str class;
	struct json_writer w;

	decide_terms(m->terms, &m->inputs->request, &m->inputs->site, m->inputs->ruleset.ruleset,
		m->solution_index, price_class(m));
	arena_writer(d->view.arena, &w, 32 << 10);
	json_object_begin(&w);
	json_k(&w, "terms");
	terms_write(&w, m->terms, m->inputs->ruleset.ruleset);
	json_object_end(&w);
	if (m->terms->decision == DECISION_NOT_OFFERED)
		return refuse_with(d, REFUSED_NOT_OFFERED, arena_written(d->view.arena, &w));
	/* whoever named no class was told the solution's price */
	class = m->ask.class.n || m->ask.resource.n ? price_class(m) : STR_NULL;
	line = find_line(m, m->solution->solution.id, class, true);
	if (!line)
		line = find_line(m, m->solution->solution.id, class, false);
	offered = line && line->offered ? line->customer_minor : 0;
	if (m->terms->customer_minor > offered && m->terms->customer_minor > accepted)
		return refuse_with(d, REFUSED_TERMS_CHANGED, arena_written(d->view.arena, &w));
	return OK;
}

static enum outcome make_one(struct making *m)
{
	struct decide *d = m->d;
	struct str solution = json_str_at(m->body, "solution"), doc;
	struct str asked = json_str_at(m->body, "instead_of");
	enum plan_result planned;
	enum outcome o = make_open(m);

	if (o == OK)
		o = make_stay(m, solution, asked.n ? asked : json_str_at(m->body, "class"));
	if (o == OK)
		o = make_hold(m);
	if (o == OK)
		o = make_who(m);
	if (o == OK)
		o = make_decide(m, solution);
	if (o == OK)
		o = make_check_resource(m);
	if (o == OK)
		o = make_check_upgrade(m);
	if (o != OK)
		return o;
	planned = make_plan(m);
	if (planned != PLAN_FREE) {
		/* not offered for the trade's reasons comes before not free */
		decide_terms(m->terms, &m->inputs->request, &m->inputs->site,
			m->inputs->ruleset.ruleset, m->solution_index, m->ask.class);
		if (m->terms->decision != DECISION_NOT_OFFERED)
			return refuse_no_seat(d, &m->ask, planned);
	}
	o = make_price(m);
	if (o != OK)
		return o;
	m->id = id_new(d->view.arena, d->view.env, d->now);
	m->serial = draft_serial(d);
	if (!m->visit.n)
		m->visit = id_new(d->view.arena, d->view.env, d->now);
	plan_take(&d->seating, &m->plan, m->serial);
	doc = booking_doc(m);
	if (!doc.n)
		return FAULT_MEMORY;
	draft_put(d, ROW_BOOKING, m->id, doc);
	return OK;
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

static void draft_joined(
	struct decide *d, struct str id, struct json visit, const struct str *ids, uint32_t n)
{
	struct str bookings = bookings_of(d, visit, ids, n);
	struct json_writer w;

	arena_writer(d->view.arena, &w, bookings.n + 32);
	json_object_begin(&w);
	json_kv_raw(&w, "bookings", bookings);
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
		.site = m->roster->site,
		.vin = m->vin,
		.customer = m->customer,
		.bookings = bookings_of(m->d, JSON_ABSENT, &m->id, 1),
		.answer = STR("agreed"),
		.estimate = STR("likely"),
		.jobs = json_raw(json_get(m->offer.request, "jobs")),
		.drop_off = m->stay.drop_off,
		.ready = m->stay.ready,
		.private = sealed_need(m)};

	draft_put(m->d, ROW_VISIT, m->visit, visit_doc(m->d, &f));
}

enum outcome decide_booking_make(struct decide *d)
{
	struct making *m = arena_alloc(d->view.arena, sizeof *m);
	struct row row;
	enum outcome o;

	if (!m)
		return FAULT_MEMORY;
	m->d = d;
	m->body = d->body;
	m->at = "";
	o = make_one(m);
	if (o != OK)
		return o;
	if (row_get(&d->view, ROW_VISIT, m->visit, &row))
		draft_joined(d, m->visit, row.doc, &m->id, 1);
	else
		draft_visit_of(m);
	return OK;
}

/* Several bookings of one visit, all or none (a taxi today, a loaner from tomorrow): one entry. */
enum outcome decide_visit_bookings(struct decide *d)
{
	struct json wishes = json_get(d->body, "bookings");
	struct json consumed[VISIT_BOOKINGS_MAX];
	struct str ids[VISIT_BOOKINGS_MAX];
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
		o = make_one(m);
		if (o != OK)
			return o;
		arena_writer(d->view.arena, &w, 32 << 10);
		decided_write(&w, m->inputs, m->terms);
		text = arena_written(d->view.arena, &w);
		ids[n] = m->id;
		consumed[n++] = json_get(arena_json(d->view.arena, text, NULL), "consumed");
	}
	if (n == 0)
		return refuse_field(d, "/bookings", "at least one is needed");
	draft_joined(d, d->command->target, row.doc, ids, n);
	return OK;
}
