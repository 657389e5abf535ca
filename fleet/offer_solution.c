/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/offer_parts.h"

enum {
	EVENING_FROM_MINUTE = 16 * 60 + 30, /* CIT-4.5 */
	PROPOSALS_MIN = 2,
	SEARCHES_MAX = 6,
};

struct plan_ask offer_plan_ask(const struct offering *o, const struct ruleset_solution *s,
	struct str class, struct span window)
{
	bool desk = s->solution.claims == CLAIMS_CAR;

	return (struct plan_ask){.roster = o->roster,
		.solution = s->solution,
		.class = class,
		.window = window,
		.now = o->now,
		.distance_km = o->inputs->request.distance_km,
		.desk_out = desk,
		.desk_in = desk,
		.fresh = true,
		.rights = o->rights};
}

bool offering_ready(const struct offering *o, struct instant drop_off, struct instant *ready)
{
	int64_t wall;
	struct local local;

	if (!opening_add(&wall, &o->roster->opening, roster_local(o->roster, drop_off).wall_s,
		    jobs_minutes(o->inquiry.facts), 15))
		return false;
	(void)zone_instant(&local, o->roster->zone, wall);
	*ready = local_instant(local);
	return true;
}

/* The wanted stay moved to a window that is free: the work keeps its length and its place in it. */
static struct stay stay_moved(const struct offering *o, struct span window, bool evening_before)
{
	const struct roster *r = o->roster;
	struct stay s = {.from = window.from, .until = window.until};
	int64_t shift = roster_local(r, window.from).wall_s - roster_local(r, o->stay.from).wall_s;
	struct local local;
	struct instant ready;

	(void)zone_instant(&local, r->zone, roster_local(r, o->stay.drop_off).wall_s + shift);
	s.drop_off = local_instant(local);
	/* the work of an evening drop-off starts next morning: its end is the window's */
	s.ready.s = window.until.s - (o->stay.until.s - o->stay.ready.s);
	if (!evening_before && !o->ready_given && offering_ready(o, s.drop_off, &ready))
		s.ready = ready;
	/* clocks went back between them: the work keeps its real length */
	if (s.ready.s <= s.drop_off.s)
		s.ready.s = s.drop_off.s + (o->stay.ready.s - o->stay.drop_off.s);
	return s;
}

/* Terms for a window of its own: dates decide what is covered. NULL without memory. */
static struct terms *terms_for(
	const struct offering *o, const struct stay *stay, uint32_t index, struct str class)
{
	struct inputs *in = arena_take(o->view->arena, sizeof *in);
	struct terms *t = arena_take(o->view->arena, sizeof *t);
	uint32_t faults_before = o->faults->len;
	enum outcome built = OK;
	int index_then;

	if (!in || !t)
		return NULL;
	if (!inputs_move(o->view, o->roster, o->inputs, stay, in))
		built = inputs_build(o->view, o->roster, &o->inquiry, stay, o->now, in, o->faults);
	o->faults->len = faults_before; /* a date that cannot be decided is simply not proposed */
	if (built != OK)
		return NULL;
	/* another rule set may be in force by then, with another order */
	index_then = ruleset_solution_index(
		in->ruleset.ruleset, o->inputs->ruleset.ruleset->solutions[index].solution.id);
	if (index_then < 0)
		return NULL;
	decide_terms(t, &in->request, &in->site, in->ruleset.ruleset, (uint32_t)index_then, class);
	return t;
}

/* Fewer opening hours there than here: the loan lasts until the car can be ready. False when that
 * cannot be. */
static bool stay_stretch(const struct offering *o, struct stay *s)
{
	const struct roster *r = o->roster;

	if (s->ready.s <= s->until.s || o->stay.ready.s > o->stay.until.s)
		return true;
	return next_date_return(&s->until, r->zone, &r->opening, s->ready, r->return_minutes);
}

/* `class`: of the plan that the window is known to have; NULL: nobody looked. */
static void propose(struct offering *o, struct solution_answer *a, struct span window,
	bool evening_before, const struct str *class)
{
	struct proposal *p = &a->next[a->next_len];
	struct stay stay = stay_moved(o, window, evening_before);
	struct plan_ask ask;
	struct plan plan;

	if (a->next_len == OFFER_NEXT_MAX || !stay_stretch(o, &stay))
		return;
	ask = offer_plan_ask(o, a->solution, STR_NULL, (struct span){stay.from, stay.until});
	if (class && stay.from.s == window.from.s && stay.until.s == window.until.s)
		plan.class = *class;
	else if (plan_find(o->view, &ask, &plan) != PLAN_FREE)
		return;
	*p = (struct proposal){stay, plan.class, NULL, evening_before};
	p->terms = terms_for(o, &p->stay, a->index, plan.class);
	if (p->terms && p->terms->decision != DECISION_NOT_OFFERED)
		a->next_len++;
}

/* For a whole-day job: the evening before from 16:30, work starting next morning (CIT-4.5). */
static void propose_evening(struct offering *o, struct solution_answer *a, struct span morning)
{
	const struct roster *r = o->roster;
	int64_t wall = (int64_t)(local_day(roster_local(r, morning.from)).n - 1) * 86400 +
		       EVENING_FROM_MINUTE * 60;
	int32_t minutes = r->handover_minutes > 0 ? r->handover_minutes : 1;
	struct local at;

	if (!opening_next(&wall, &r->opening, wall, minutes))
		return;
	for (; opening_holds(&r->opening, wall, minutes); wall += NEXT_DATE_STEP_MINUTES * 60) {
		uint32_t before = a->next_len;
		if (zone_instant(&at, r->zone, wall) != ZONE_ONCE ||
			local_day(at).n != local_day(roster_local(r, morning.from)).n - 1)
			return;
		if (local_instant(at).s <= o->now.s)
			continue; /* it is that evening already */
		propose(o, a, (struct span){local_instant(at), morning.until}, true, NULL);
		if (a->next_len != before)
			return;
	}
}

/* Two at least (MAS-4.3): what turns out not to be offered for its own dates is no proposal, and
 * the search goes on behind it. */
static void next_dates(struct offering *o, struct solution_answer *a)
{
	struct next_date dates[NEXT_DATE_MAX];
	struct str classes[NEXT_DATE_MAX];
	struct span first = {{0}, {0}};
	struct plan_ask ask = offer_plan_ask(
		o, a->solution, STR_NULL, (struct span){o->stay.from, o->stay.until});
	int64_t wall = roster_local(o->roster, o->stay.until).wall_s -
		       roster_local(o->roster, o->stay.from).wall_s;
	/* in the hour that comes twice the clock may end before it began */
	int64_t minutes = wall > 0 ? (wall + 59) / 60 : (o->stay.until.s - o->stay.from.s) / 60;
	struct instant after = o->stay.from.s > o->now.s ? o->stay.from : o->now;

	for (int i = 0; i < SEARCHES_MAX && a->next_len < PROPOSALS_MIN; i++) {
		uint32_t n = plan_next(o->view, &ask, after, minutes, false,
			PROPOSALS_MIN - a->next_len, dates, classes);
		for (uint32_t k = 0; k < n; k++)
			propose(o, a, dates[k].window, false, &classes[k]);
		if (n == 0)
			break;
		if (i == 0)
			first = dates[0].window;
		after.s = dates[n - 1].window.from.s + NEXT_DATE_STEP_MINUTES * 60;
	}
	if (first.until.s && o->whole_day)
		propose_evening(o, a, first);
}

/* Of several classes the one that came closest: with a seat, but no desk, another seat is no help.
 */
static void why_not(struct solution_answer *a, enum plan_result planned)
{
	bool had_a_seat = planned != PLAN_NO_SEAT && planned != PLAN_NOT_SERVED;

	if (had_a_seat || a->why == PLAN_NOT_SERVED)
		a->why = planned;
}

/* Its own, where they differ from the solution's. */
static void class_terms(
	const struct offering *o, const struct solution_answer *a, struct class_answer *c)
{
	const struct inputs *in = o->inputs;
	struct terms *t = arena_take(o->view->arena, sizeof *t);

	if (!t)
		return;
	decide_terms(t, &in->request, &in->site, in->ruleset.ruleset, a->index, c->class);
	if (t->gross_minor != a->terms.gross_minor ||
		t->customer_minor != a->terms.customer_minor || t->decision != a->terms.decision)
		c->terms = t;
}

static void class_answers(struct offering *o, struct solution_answer *a)
{
	struct str classes[CLASSES_PER_SITE_MAX];
	size_t n = roster_classes(o->roster, a->solution->solution.id, classes);

	a->why = PLAN_NOT_SERVED;
	for (size_t i = 0; i < n; i++) {
		struct class_answer *c = &a->classes[a->classes_len++];
		struct plan_ask ask = offer_plan_ask(
			o, a->solution, classes[i], (struct span){o->stay.from, o->stay.until});
		struct plan plan;
		enum plan_result planned = plan_find(o->view, &ask, &plan);
		*c = (struct class_answer){.class = classes[i], .available = planned == PLAN_FREE};
		if (c->available)
			c->resource = plan.resource;
		a->available |= c->available;
		why_not(a, planned);
		class_terms(o, a, c);
	}
}

static bool is_available(const struct solution_answer *a, struct str class)
{
	for (uint32_t i = 0; i < a->classes_len; i++)
		if (a->classes[i].available && str_eq(a->classes[i].class, class))
			return true;
	return false;
}

/* Where our own cars of a class are all gone: those that other sites share with us, if they can be
 * here in time. They are no proof that the solution is available: they are booked by their home. */
static void shared_answers(struct offering *o, struct solution_answer *a)
{
	struct str home = STR_NULL, classes[CLASSES_PER_SITE_MAX];

	while (site_shares_next(o->view, o->roster->site, &home)) {
		const struct roster *roster = roster_of(o->view, home);
		size_t n = roster ? roster_classes(roster, a->solution->solution.id, classes) : 0;
		for (size_t i = 0; i < n && a->classes_len < OFFER_CLASSES_MAX; i++) {
			struct class_answer *c = &a->classes[a->classes_len];
			struct plan_ask ask = offer_plan_ask(o, a->solution, classes[i],
				(struct span){o->stay.from, o->stay.until});
			struct plan plan;
			ask.roster = roster;
			ask.for_site = o->roster;
			if (is_available(a, classes[i]) ||
				roster_transfer(roster, classes[i], o->roster->site) < 0 ||
				plan_find(o->view, &ask, &plan) != PLAN_FREE)
				continue;
			*c = (struct class_answer){
				.class = classes[i], .home_site = roster->site, .available = true};
			class_terms(o, a, c);
			a->classes_len++;
		}
	}
}

void offering_solution(struct offering *o, uint32_t index)
{
	struct solution_answer *a = &o->answers[index];
	const struct inputs *in = o->inputs;
	struct plan plan;

	memset(a, 0, offsetof(struct solution_answer, terms));
	a->index = index;
	a->solution = &in->ruleset.ruleset->solutions[index];
	decide_terms(&a->terms, &in->request, &in->site, in->ruleset.ruleset, index, STR_NULL);
	if (a->terms.decision == DECISION_NOT_OFFERED)
		return;
	if (a->solution->solution.claims == CLAIMS_CAR ||
		a->solution->solution.claims == CLAIMS_ALLOTMENT) {
		a->classes = arena_take(o->view->arena, OFFER_CLASSES_MAX * sizeof *a->classes);
		if (!a->classes)
			return;
		class_answers(o, a);
		if (a->solution->solution.claims == CLAIMS_CAR)
			shared_answers(o, a);
	} else {
		struct plan_ask ask = offer_plan_ask(
			o, a->solution, STR_NULL, (struct span){o->stay.from, o->stay.until});
		a->why = plan_find(o->view, &ask, &plan);
		a->available = a->why == PLAN_FREE;
	}
	if (!a->available)
		next_dates(o, a);
	else if (o->whole_day && a->solution->solution.claims == CLAIMS_CAR)
		propose_evening(o, a, (struct span){o->stay.from, o->stay.until});
}
