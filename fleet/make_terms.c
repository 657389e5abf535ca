/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/make.h"

/* What is wished is decided and seated: what it takes, what it costs now, and whether that is what
 * was offered. */

/* The car that is promised by name, or that is handed over at once. */
static struct str wished_resource(const struct making *m)
{
	struct str promised = json_str_at(m->body, "resource");

	return promised.n ? promised : json_str_at(json_get(m->body, "check_out"), "resource");
}

struct json making_place(const struct making *m, const char *end)
{
	struct json wish = json_get(m->body, end);

	return json_is_null(wish) && m->old ? json_get(m->old->doc, end) : wish;
}

/* Seats are kept back from new promises: not from who has one of that class at that time. */
static bool is_fresh(const struct making *m, struct str class)
{
	return !m->old || m->old->from.s != m->stay.from.s || !str_eq(m->old->class, class);
}

static enum outcome make_inputs(struct making *m)
{
	struct decide *d = m->d;
	struct str solution = json_str_at(m->body, "solution");
	struct str class = json_str_at(m->body, "class");
	int index;
	enum outcome o;

	m->inquiry = (struct inquiry){.vin = m->vin,
		.customer = m->customer,
		.visit = m->visit,
		.facts = m->offer.request,
		.except = m->old ? m->old->id : STR_NULL};
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
	m->ask = (struct plan_ask){.roster = m->home,
		.for_site = m->home == m->roster ? NULL : m->roster,
		.seating = &d->seating,
		.solution = m->solution->solution,
		.class = class,
		.resource = wished_resource(m),
		.window = {m->stay.from, m->stay.until},
		.now = d->now,
		.fresh = is_fresh(m, class),
		.rights = rights_of(&d->view, m->inquiry.facts, m->visit) |
			  (m->inputs->request.immobile ? 1u << PROTECTED_FOR_IMMOBILE : 0),
		.car_from = m->out ? minute_down(m->out_at) : 0,
		.distance_km = m->inputs->request.distance_km,
		.desk_out = m->solution->solution.claims == CLAIMS_CAR &&
			    handed_at_desk(making_place(m, "handover")),
		.desk_in = m->solution->solution.claims == CLAIMS_CAR &&
			   handed_at_desk(making_place(m, "return")),
		.except = m->old ? m->old->serial : 0};
	return OK;
}

/* A pinned wish names a resource of this site that serves the solution and class. */
static enum outcome make_check_resource(struct making *m)
{
	const struct resource *r;

	if (!m->ask.resource.n)
		return OK;
	r = roster_resource(m->home, m->ask.resource);
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
	size_t n = roster_classes(m->home, m->solution->solution.id, classes);
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

enum outcome make_decide(struct making *m)
{
	enum plan_result planned;
	enum outcome o = make_inputs(m);

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
			return refuse_no_seat(m->d, &m->ask, planned);
	}
	return make_price(m);
}
