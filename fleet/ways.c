/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/ways.h"

#include "fleet/inputs.h"
#include "fleet/make.h"
#include "fleet/render_parts.h"

enum {
	WISH_WAYS_MAX = 6,
	LATER_COUNT = 2, /* new dates that are proposed */
	PAST_LEEWAY_S = 3600,
};

const char *way_kind_name(enum way_kind kind)
{
	switch (kind) {
	case WAY_SEAT: return "seat";
	case WAY_CLASS: return "class";
	case WAY_SOLUTION: return "solution";
	case WAY_DATE: return "date";
	}
	ASSERT(false);
}

struct finder {
	struct view *view;
	const struct roster *roster;
	const struct seating *seating; /* NULL: as stored */
	const struct booking *promise; /* NULL: a wish */
	struct instant now;
	struct span window; /* that was wanted */
	struct str class;   /* that was wanted; STR_NULL: any */
	int32_t distance_km;
	uint32_t except, rights;
	uint32_t max; /* so many ways are enough */
	struct ways *ways;
};

/* A refusal read again, when that time is over. */
static bool is_over(const struct finder *f)
{
	return f->window.from.s < f->now.s - PAST_LEEWAY_S;
}

static bool add(struct finder *f, enum way_kind kind, struct str solution, struct str class,
	struct span window)
{
	for (uint32_t i = 0; i < f->ways->len; i++) {
		const struct way *w = &f->ways->way[i];
		if (str_eq(w->solution, solution) && str_eq(w->class, class) &&
			w->window.from.s == window.from.s && w->window.until.s == window.until.s)
			return false;
	}
	if (f->ways->len == f->max)
		return false;
	f->ways->way[f->ways->len++] =
		(struct way){.kind = kind, .solution = solution, .class = class, .window = window};
	return true;
}

/* A promise keeps what was agreed about its hand-over where it stays what it is; everything else is
 * asked like a new wish. */
static struct plan_ask ask_of_finder(
	const struct finder *f, const struct solution *s, struct str class, struct span window)
{
	struct plan_ask ask = site_ask(f->view, f->roster, s, class, window, f->distance_km);
	const struct booking *b = f->promise;

	/* the same car goes there, or another of its home: what that site has is not asked here */
	ask.for_site = b && b->for_site.n ? roster_of(f->view, b->for_site) : NULL;
	ask.seating = f->seating;
	ask.except = f->except;
	ask.rights = f->rights;
	if (!b || !str_eq(b->solution, s->id))
		return ask;
	ask.desk_out = ask.desk_out && booking_at_desk(b, "handover");
	ask.desk_in = ask.desk_in && booking_at_desk(b, "return");
	ask.fresh = window.from.s != b->from.s || !str_eq(class, b->class);
	return ask;
}

/* Whether it is free at the wanted time itself. */
static bool add_same_time(
	struct finder *f, enum way_kind kind, const struct solution *s, struct str class)
{
	struct plan_ask ask = ask_of_finder(f, s, class, f->window);
	struct plan plan;

	return !is_over(f) && plan_find(f->view, &ask, &plan) == PLAN_FREE &&
	       add(f, kind, s->id, plan.class, f->window);
}

/* A class that the site lets stand in for the full one, at the price of the latter. */
static bool add_upgrades(struct finder *f, const struct solution *s)
{
	struct str classes[CLASSES_PER_SITE_MAX];
	size_t n = f->class.n ? roster_classes(f->roster, s->id, classes) : 0;
	bool some = false;

	for (size_t i = 0; i < n; i++)
		if (roster_upgrades(f->roster, f->class, classes[i]) &&
			add_same_time(f, WAY_CLASS, s, classes[i])) {
			f->ways->way[f->ways->len - 1].instead_of = f->class;
			some = true;
		}
	return some;
}

/* The very thing that was wanted, at the next times when it is free. */
static void add_later(struct finder *f, const struct solution *s)
{
	const struct roster *r = f->roster;
	struct plan_ask ask = ask_of_finder(f, s, f->class, f->window);
	int64_t wall_s =
		roster_local(r, f->window.until).wall_s - roster_local(r, f->window.from).wall_s;
	struct instant after = f->window.from.s > f->now.s ? f->window.from : f->now;
	struct next_date dates[NEXT_DATE_MAX];
	uint32_t n;

	if (wall_s <= 0)
		return;
	ask.fresh = true;
	if (f->promise && f->promise->pinned)
		ask.resource = f->promise->resource;
	n = plan_next(f->view, &ask, after, (wall_s + 59) / 60, false, LATER_COUNT, dates, NULL);
	for (uint32_t i = 0; i < n; i++) {
		struct plan plan;
		ask.window = dates[i].window;
		if (plan_find(f->view, &ask, &plan) == PLAN_FREE)
			(void)add(f, WAY_DATE, s->id, plan.class, dates[i].window);
	}
}

static void add_other_solutions(struct finder *f, struct str refused)
{
	struct ruleset_row row;

	if (!ruleset_on(f->view, local_day(roster_local(f->roster, f->window.from)), &row))
		return;
	for (uint32_t i = 0; i < row.ruleset->solutions_len; i++) {
		const struct solution *s = &row.ruleset->solutions[i].solution;
		if (!str_eq(s->id, refused))
			(void)add_same_time(f, WAY_SOLUTION, s, STR_NULL);
	}
}

bool ways_of_wish(
	struct view *v, struct str site, struct json detail, uint32_t except, struct ways *out)
{
	struct str id = json_str_at(detail, "solution");
	struct finder f = {.view = v,
		.roster = roster_of(v, site),
		.now = v->env->now(v->env),
		.class = json_str_at(detail, "class"),
		.distance_km = (int32_t)json_int_at(detail, "distance_km", 0),
		.except = except,
		.max = WISH_WAYS_MAX,
		.ways = out};
	struct solution s;

	out->len = 0;
	if (!f.roster || !doc_instant(detail, "from", &f.window.from) ||
		!doc_instant(detail, "until", &f.window.until) ||
		f.window.until.s <= f.window.from.s)
		return false;
	if (site_solution(v, f.roster, id, f.window.from, &s)) {
		(void)add_upgrades(&f, &s);
		add_later(&f, &s);
		(void)add_same_time(&f, WAY_CLASS, &s, STR_NULL);
	}
	add_other_solutions(&f, id);
	return true;
}

void ways_of_promise(
	struct view *v, const struct seating *seating, const struct booking *b, struct ways *out)
{
	struct finder f = {.view = v,
		.roster = roster_of(v, b->site),
		.seating = seating,
		.promise = b,
		.now = v->env->now(v->env),
		.window = {b->from, b->until},
		.class = b->class,
		.distance_km = b->distance_km,
		.except = b->serial,
		.max = WAYS_MAX - LATER_COUNT,
		.rights = rights_of(v, json_get(json_get(b->doc, "decided"), "request"), b->visit),
		.ways = out};
	struct solution s;
	bool known;

	out->len = 0;
	if (!f.roster || !booking_is_promise(b->status))
		return;
	known = site_solution(v, f.roster, b->solution, b->from, &s);
	if (known) {
		(void)add_same_time(&f, WAY_SEAT, &s, b->class);
		if (!add_upgrades(&f, &s))
			(void)add_same_time(&f, WAY_CLASS, &s, STR_NULL);
	}
	if (b->for_site.n)
		return; /* what else there is, is its customer's site's to say: a new booking */
	add_other_solutions(&f, b->solution);
	f.max = WAYS_MAX;
	if (known)
		add_later(&f, &s);
}
