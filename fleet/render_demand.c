/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/render_parts.h"

#include <stdlib.h>

#include "fleet/demand.h"
#include "fleet/demand_cars.h"

/* A month of the refused-demand book, and what extra cars would have saved of it. */

enum { DAYS_OF_MONTH_MAX = 31, FRAME_BYTES = 256, DAY_BYTES = 16, MONTH_TEXT_LEN = 7 };

struct counted {
	struct demand d;
	bool curable; /* by one more car */
};
struct month {
	struct view *view;
	const struct roster *roster;
	struct day first, end; /* half-open */
	size_t len, cap;
	struct counted *items; /* NULL without memory: there is no answer */
};

/* ---- what was refused ---- */

static size_t count_of(struct month *m)
{
	size_t n = 0;

	for (struct day day = m->first; day.n < m->end.n; day.n++) {
		struct demand_walk w;
		demand_walk_open(&w, m->view->txn, m->roster->site, day);
		while (demand_walk_next(&w))
			n++;
		demand_walk_close(&w);
	}
	return n;
}

static int compare(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;

	return demand_cmp(&x->d, &y->d);
}

static void keep(void *context, const struct demand *d)
{
	struct month *m = context;
	struct arena *a = m->view->arena;
	struct demand *kept;

	ASSERT(m->len < m->cap);
	kept = &m->items[m->len++].d;
	*kept = *d;
	kept->class = d->class.n ? arena_copy(a, d->class) : STR_NULL;
	kept->reason = arena_copy(a, d->reason);
	kept->solution = arena_copy(a, d->solution);
}

static void gather(struct month *m)
{
	m->cap = count_of(m);
	m->items = arena_alloc(m->view->arena, (m->cap + 1) * sizeof *m->items);
	if (!m->items)
		return;
	demand_each(m->view, m->roster->site, m->first, m->end, keep, m);
	if (m->len)
		qsort(m->items, m->len, sizeof *m->items, compare);
}

/* ---- what an extra car would have changed ---- */

/* Another car would have helped: a seat was missing, and the seats of that solution are cars. */
static bool is_curable(const struct month *m, const struct demand *d)
{
	struct instant at = {(int64_t)d->day.n * 86400};
	struct solution s;

	return str_eq(d->reason, DEMAND_SEAT) &&
	       site_solution(m->view, m->roster, d->solution, at, &s) && s.claims == CLAIMS_CAR;
}

/* The classes there are cars of, and those that somebody asked for by name. */
struct class_of_car {
	struct str class;
	uint32_t solutions_len;
	struct str solutions[RESOURCE_SOLUTIONS_MAX]; /* of its cars */
};
struct classes {
	uint32_t len;
	struct class_of_car class[CLASSES_PER_SITE_MAX];
};

/* In their order. NULL: there are more than a site has. */
static struct class_of_car *class_find(struct classes *c, struct str class)
{
	uint32_t at = 0;

	while (at < c->len && str_cmp(c->class[at].class, class) < 0)
		at++;
	if (at < c->len && str_eq(c->class[at].class, class))
		return &c->class[at];
	if (c->len == ARRAY_LEN(c->class))
		return NULL;
	memmove(c->class + at + 1, c->class + at, (c->len - at) * sizeof *c->class);
	c->len++;
	c->class[at] = (struct class_of_car){.class = class};
	return &c->class[at];
}

static bool class_serves(const struct class_of_car *c, struct str solution)
{
	for (uint32_t i = 0; i < c->solutions_len; i++)
		if (str_eq(c->solutions[i], solution))
			return true;
	return false;
}

static void class_add_car(struct classes *all, const struct resource *r)
{
	struct class_of_car *c = class_find(all, r->class);

	for (uint32_t i = 0; c && i < r->solutions_len; i++)
		if (!class_serves(c, r->solutions[i]) && c->solutions_len < ARRAY_LEN(c->solutions))
			c->solutions[c->solutions_len++] = r->solutions[i];
}

static void classes_gather(const struct month *m, struct classes *all)
{
	const struct roster *r = m->roster;

	for (uint32_t i = 0; i < r->resources_len; i++)
		if (r->resources[i].kind == RESOURCE_CAR && r->resources[i].active)
			class_add_car(all, &r->resources[i]);
	for (size_t i = 0; i < m->len; i++)
		if (m->items[i].curable && m->items[i].d.class.n)
			(void)class_find(all, m->items[i].d.class);
}

/* Whoever would have taken any class would have taken each of those that serve the solution. */
static size_t stays_of(
	const struct month *m, const struct class_of_car *c, struct refused_stay *out)
{
	size_t n = 0;

	for (size_t i = 0; i < m->len; i++) {
		const struct demand *d = &m->items[i].d;
		int32_t first = d->day.n - m->first.n;
		bool fits = d->class.n ? str_eq(d->class, c->class) : class_serves(c, d->solution);
		if (fits && m->items[i].curable)
			out[n++] = (struct refused_stay){
				first, first + (int32_t)d->days - 1, d->offers + d->bookings};
	}
	return n;
}

static void write_days(
	struct json_writer *w, struct day first, const uint8_t out[STAY_DAYS_MAX], uint32_t cars)
{
	char text[DAY_TEXT];

	json_k(w, "days");
	json_array_begin(w);
	for (int32_t i = 0; i < STAY_DAYS_MAX; i++)
		if (out[i] == cars)
			json_put_str(w, day_print((struct day){first.n + i}, text));
	json_array_end(w);
}

/* Car after car, as long as one more is worth it. Its days are those on which all are out. */
static void write_cars(struct json_writer *w, const struct month *m, const struct class_of_car *c,
	struct refused_stay *stays)
{
	size_t len = stays_of(m, c, stays);
	uint64_t before = 0;

	for (uint32_t cars = 1; cars <= EXTRA_CARS_MAX; cars++) {
		uint8_t out[STAY_DAYS_MAX];
		uint64_t saved = demand_cars(stays, len, cars, out);
		if (saved == before)
			return;
		json_object_begin(w);
		json_kv_str(w, "class", c->class);
		write_days(w, m->first, out, cars);
		json_kv_int(w, "extra", cars);
		json_kv_int(w, "saved", (int64_t)(saved - before));
		json_object_end(w);
		before = saved;
	}
}

/* ---- the answer ---- */

static struct str write_month(const struct month *m, const struct classes *classes)
{
	struct arena *a = m->view->arena;
	struct refused_stay *stays = arena_alloc(a, (m->len + 1) * sizeof *stays);
	size_t cars = (size_t)classes->len * EXTRA_CARS_MAX;
	char text[DAY_TEXT];
	struct json_writer w;

	if (!stays)
		return STR_NULL;
	arena_writer(a, &w,
		FRAME_BYTES + m->len * DEMAND_JSON_MAX +
			cars * (FRAME_BYTES + STAY_DAYS_MAX * DAY_BYTES));
	json_object_begin(&w);
	json_k(&w, "cars");
	json_array_begin(&w);
	for (uint32_t i = 0; i < classes->len; i++)
		write_cars(&w, m, &classes->class[i], stays);
	json_array_end(&w);
	json_k(&w, "items");
	json_array_begin(&w);
	for (size_t i = 0; i < m->len; i++)
		demand_write(&w, &m->items[i].d, STR_NULL);
	json_array_end(&w);
	json_kv_str(&w, "month", (struct str){day_print(m->first, text).p, MONTH_TEXT_LEN});
	json_kv_str(&w, "site", m->roster->site);
	json_object_end(&w);
	return arena_written(a, &w);
}

struct str render_demand(struct view *v, struct str site, struct day first)
{
	struct month m = {.view = v,
		.roster = roster_of(v, site),
		.first = first,
		.end = day_add_months(first, 1)};
	struct classes *classes = arena_alloc(v->arena, sizeof *classes);

	ASSERT(DAYS_OF_MONTH_MAX + DEMAND_DAYS_MAX <= STAY_DAYS_MAX);
	if (!m.roster || !classes)
		return STR_NULL;
	gather(&m);
	if (!m.items)
		return STR_NULL;
	for (size_t i = 0; i < m.len; i++)
		m.items[i].curable = is_curable(&m, &m.items[i].d);
	classes_gather(&m, classes);
	return write_month(&m, classes);
}
