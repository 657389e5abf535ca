/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/render_parts.h"

/*
 * What is free instead of what was refused: the same a little later, then another class, then
 * another solution at the wanted time. Found anew for each answer, as a refusal may be repeated
 * much later.
 */

enum { ALTERNATIVES_MAX = 6, LATER_COUNT = 2, ALTERNATIVES_BYTES = 2048, PAST_LEEWAY_S = 3600 };

struct alternative {
	struct str solution, class, instead_of;
	struct span window;
};

struct finder {
	struct view *view;
	const struct roster *roster;
	struct instant now;
	struct span window; /* that was wanted */
	int32_t distance_km;
	uint32_t except;
	uint32_t len;
	struct alternative found[ALTERNATIVES_MAX];
};

/* A refusal read again, when that time is over. */
static bool is_over(const struct finder *f)
{
	return f->window.from.s < f->now.s - PAST_LEEWAY_S;
}

static void add(struct finder *f, struct str solution, struct str class, struct span window)
{
	for (uint32_t i = 0; i < f->len; i++) {
		const struct alternative *a = &f->found[i];
		if (str_eq(a->solution, solution) && str_eq(a->class, class) &&
			a->window.from.s == window.from.s && a->window.until.s == window.until.s)
			return;
	}
	if (f->len < ALTERNATIVES_MAX)
		f->found[f->len++] = (struct alternative){
			.solution = solution, .class = class, .window = window};
}

/* A class that the site lets stand in for the full one, at the price of the latter. */
static void add_upgrades(struct finder *f, const struct solution *s, struct str class)
{
	struct str classes[CLASSES_PER_SITE_MAX];
	size_t n = class.n ? roster_classes(f->roster, s->id, classes) : 0;

	for (size_t i = 0; i < n; i++) {
		struct plan_ask ask =
			site_ask(f->view, f->roster, s, classes[i], f->window, f->distance_km);
		struct plan plan;
		uint32_t before = f->len;
		ask.except = f->except;
		if (!roster_upgrades(f->roster, class, classes[i]) || is_over(f) ||
			plan_find(f->view, &ask, &plan) != PLAN_FREE)
			continue;
		add(f, s->id, classes[i], f->window);
		if (f->len > before)
			f->found[before].instead_of = class;
	}
}

/* The very thing that was wanted, at the next times when it is free. */
static void add_later(struct finder *f, const struct solution *s, struct str class)
{
	const struct roster *r = f->roster;
	struct plan_ask ask = site_ask(f->view, r, s, class, f->window, f->distance_km);
	int64_t wall_s =
		roster_local(r, f->window.until).wall_s - roster_local(r, f->window.from).wall_s;
	struct instant after = f->window.from.s > f->now.s ? f->window.from : f->now;
	struct next_date dates[NEXT_DATE_MAX];
	uint32_t n;

	if (wall_s <= 0)
		return;
	ask.except = f->except;
	n = plan_next(f->view, &ask, after, (wall_s + 59) / 60, false, LATER_COUNT, dates);
	for (uint32_t i = 0; i < n; i++) {
		struct plan plan;
		ask.window = dates[i].window;
		if (plan_find(f->view, &ask, &plan) == PLAN_FREE)
			add(f, s->id, plan.class, dates[i].window);
	}
}

/* Whether it is free at the wanted time itself, in any class. */
static void add_same_time(struct finder *f, const struct solution *s)
{
	struct plan_ask ask = site_ask(f->view, f->roster, s, STR_NULL, f->window, f->distance_km);
	struct plan plan;

	if (is_over(f))
		return;
	ask.except = f->except;
	if (plan_find(f->view, &ask, &plan) == PLAN_FREE)
		add(f, s->id, plan.class, f->window);
}

static void add_others(struct finder *f, struct str refused)
{
	struct ruleset_row row;

	if (!ruleset_on(f->view, local_day(roster_local(f->roster, f->window.from)), &row))
		return;
	for (uint32_t i = 0; i < row.ruleset->solutions_len; i++) {
		const struct solution *s = &row.ruleset->solutions[i].solution;
		if (!str_eq(s->id, refused))
			add_same_time(f, s);
	}
}

static struct str write_found(const struct finder *f)
{
	struct json_writer w;

	arena_writer(f->view->arena, &w, ALTERNATIVES_BYTES);
	json_array_begin(&w);
	for (uint32_t i = 0; i < f->len; i++) {
		const struct alternative *a = &f->found[i];
		json_object_begin(&w);
		if (a->class.n)
			json_kv_str(&w, "class", a->class);
		else
			json_kv_null(&w, "class");
		kv_local(&w, "from", a->window.from, f->roster->zone);
		if (a->instead_of.n)
			json_kv_str(&w, "instead_of", a->instead_of);
		json_kv_str(&w, "solution", a->solution);
		kv_local(&w, "until", a->window.until, f->roster->zone);
		json_object_end(&w);
	}
	json_array_end(&w);
	return arena_written(f->view->arena, &w);
}

struct str render_alternatives(struct view *v, struct str site, struct json detail, uint32_t except)
{
	struct str id = json_str_at(detail, "solution");
	struct finder f = {.view = v,
		.roster = roster_of(v, site),
		.now = v->env->now(v->env),
		.distance_km = (int32_t)json_int_at(detail, "distance_km", 0),
		.except = except};
	struct solution s;

	if (!f.roster || !doc_instant(detail, "from", &f.window.from) ||
		!doc_instant(detail, "until", &f.window.until) ||
		f.window.until.s <= f.window.from.s)
		return STR("[]");
	if (site_solution(v, f.roster, id, f.window.from, &s)) {
		add_upgrades(&f, &s, json_str_at(detail, "class"));
		add_later(&f, &s, json_str_at(detail, "class"));
		add_same_time(&f, &s);
	}
	add_others(&f, id);
	return write_found(&f);
}
