/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/figures_parts.h"

#include <stdlib.h>

#include "fleet/demand.h"

enum { LIST_FIRST = 64, DAY_S = 86400 };

/* ---- figures of figures ---- */

int64_t per_mille(uint64_t n, uint64_t of)
{
	return of ? (int64_t)(n * 1000 / of) : -1;
}

int64_t turn_rate(const struct class_use *c)
{
	return c->in_service ? (int64_t)((uint64_t)c->loans * 1000 * MONTH_MINUTES / c->in_service)
			     : -1;
}

bool figures_holds(const struct figures *f, struct instant t)
{
	return t.s >= (int64_t)f->day_start[0] * 60 &&
	       t.s < (int64_t)f->day_start[f->days_len] * 60;
}

struct str figures_keep(struct figures *f, struct str text)
{
	struct str kept = text.n ? arena_copy(f->arena, text) : STR_NULL;

	f->full |= text.n && !kept.n;
	return kept;
}

void *figures_grown(struct figures *f, void *list, uint32_t len, uint32_t *cap, size_t item_bytes)
{
	uint32_t more_cap = *cap ? *cap * 2 : LIST_FIRST;
	void *more;

	if (len < *cap)
		return list;
	more = arena_alloc(f->arena, more_cap * item_bytes);
	if (!more) {
		f->full = true;
		return NULL;
	}
	if (len)
		memcpy(more, list, len * item_bytes);
	*cap = more_cap;
	return more;
}

bool figures_open(
	struct figures *f, struct view *v, struct str site, struct day from, struct day until)
{
	const struct roster *roster = roster_of(v, site);
	struct arena *a = v->arena;

	ASSERT(until.n > from.n && until.n - from.n <= FIGURES_DAYS_MAX);
	if (!roster)
		return false;
	*f = (struct figures){.arena = a,
		.from = from,
		.days_len = (uint32_t)(until.n - from.n),
		.now = v->env->now(v->env),
		.grace_s = json_int_at(roster->doc, "grace_minutes", 0) * 60};
	f->site = figures_keep(f, site);
	f->currency = figures_keep(f, roster->currency);
	f->day_start = arena_alloc(a, (f->days_len + 1) * sizeof *f->day_start);
	f->demand = arena_alloc(a, FIGURES_DEMAND_MAX * sizeof *f->demand);
	if (!f->day_start || !f->demand)
		return false;
	for (uint32_t i = 0; i <= f->days_len; i++) {
		struct local start;
		(void)zone_instant(&start, roster->zone, (int64_t)(from.n + (int32_t)i) * DAY_S);
		f->day_start[i] = minute_up(local_instant(start));
	}
	for (uint32_t i = 0; i < roster->resources_len; i++)
		if (roster->resources[i].kind == RESOURCE_CAR)
			figures_car(f, &roster->resources[i]);
	return !f->full;
}

/* ---- promises ---- */

static void add_promise(struct figures *f, const struct booking *b)
{
	bool kept = b->status == BOOKING_BOOKED || b->status == BOOKING_OUT ||
		    b->status == BOOKING_RETURNED || b->status == BOOKING_NO_SHOW;

	if (kept && figures_holds(f, b->from) && b->from.s <= f->now.s &&
		!figures_is_broken(f, b->id))
		f->promises++;
}

/* ---- the walk ---- */

static struct span walked(const struct figures *f)
{
	struct span span = {{(int64_t)f->day_start[0] * 60},
		{(int64_t)f->day_start[f->days_len] * 60 + (int64_t)EARLY_DAYS * DAY_S}};

	return span;
}

static void add_row(
	struct figures *f, struct view *look, const struct week_walk *walk, struct json doc)
{
	const struct roster *roster = roster_of(look, f->site);
	struct booking b;
	struct instant from;

	if (walk->kind == ROW_BLOCK) {
		ASSERT(doc_instant(doc, "from", &from));
		if (week_walk_is_first(walk, from))
			figures_block(f, roster, doc);
		return;
	}
	booking_read(&b, doc);
	if (!str_eq(b.site, f->site) || !week_walk_is_first(walk, b.from))
		return;
	figures_claims(f, roster, &b);
	figures_loan(f, look, roster, &b);
	figures_given(f, &b);
	add_promise(f, &b);
}

static bool walk_bookings(struct figures *f, struct view *v)
{
	struct week_walk walk;
	struct row_look look;
	uint32_t rows = 0;
	bool some = false;

	row_look_open(&look, v);
	week_walk_open(&walk, v->txn, f->site, walked(f), f->place);
	while (rows < FIGURES_STEP_ROWS && (some = week_walk_next(&walk))) {
		struct row row;
		if (row_get(&look.view, walk.kind, walk.id, &row))
			add_row(f, &look.view, &walk, row.doc);
		row_look_next(&look);
		if (++rows == FIGURES_STEP_ROWS)
			f->place = figures_keep(f, walk.tail);
	}
	week_walk_close(&walk);
	row_look_close(&look);
	return some && !f->full;
}

/* ---- refused demand ---- */

static bool same_refusal(const struct refused *r, const struct demand *d)
{
	return str_eq(r->class, d->class) && str_eq(r->solution, d->solution) &&
	       str_eq(r->reason, d->reason);
}

static void add_demand(void *context, const struct demand *d)
{
	struct figures *f = context;
	uint32_t i = 0;

	while (i < f->demand_len && !same_refusal(&f->demand[i], d))
		i++;
	if (i == FIGURES_DEMAND_MAX - 1 && i == f->demand_len && !demand_is_folded(d)) {
		struct demand folded = demand_folded(d);
		folded.offers = d->offers;
		folded.bookings = d->bookings;
		add_demand(f, &folded);
		return;
	}
	if (i == f->demand_len) {
		f->demand_len++;
		f->demand[i] = (struct refused){.class = figures_keep(f, d->class),
			.solution = figures_keep(f, d->solution),
			.reason = figures_keep(f, d->reason)};
	}
	f->demand[i].offers += d->offers;
	f->demand[i].bookings += d->bookings;
}

static int refused_order(const void *a, const void *b)
{
	const struct refused *x = a, *y = b;
	int order = str_cmp(x->class, y->class);

	order = order ? order : str_cmp(x->solution, y->solution);
	return order ? order : str_cmp(x->reason, y->reason);
}

static void walk_demand(struct figures *f, struct view *v)
{
	struct day end = {f->from.n + (int32_t)f->days_len};

	demand_each(v, f->site, f->from, end, add_demand, f);
	if (f->demand_len)
		qsort(f->demand, f->demand_len, sizeof *f->demand, refused_order);
}

/* ---- the sums ---- */

static void sum_days(struct class_use *c, uint32_t days_len)
{
	for (uint32_t i = 0; i < days_len; i++) {
		c->in_service += c->days[i].in_service;
		c->used += c->days[i].used;
		c->blocked += c->days[i].blocked;
		if (c->days[i].cars > c->cars)
			c->cars = c->days[i].cars;
	}
}

static void sum_all(struct figures *f)
{
	for (uint32_t d = 0; d < f->days_len; d++) {
		uint32_t cars = 0;
		for (uint32_t i = 0; i < f->classes_len; i++)
			cars += f->classes[i].days[d].cars;
		if (cars > f->all.cars)
			f->all.cars = cars;
	}
	for (uint32_t i = 0; i < f->classes_len; i++) {
		const struct class_use *c = &f->classes[i];
		f->all.in_service += c->in_service;
		f->all.used += c->used;
		f->all.blocked += c->blocked;
		f->all.loans += c->loans;
		f->all.returns += c->returns;
		f->all.late += c->late;
	}
}

static void sum_up(struct figures *f)
{
	for (uint32_t i = 0; i < f->classes_len; i++)
		sum_days(&f->classes[i], f->days_len);
	sum_all(f);
	figures_lengths(f);
	figures_costs(f);
}

bool figures_step(struct figures *f, struct view *v)
{
	bool more = false;

	if (f->full || !roster_of(v, f->site))
		f->phase = FIGURES_DONE;
	switch (f->phase) {
	case FIGURES_RISKS: more = figures_risks(f, v); break;
	case FIGURES_BOOKINGS: more = walk_bookings(f, v); break;
	case FIGURES_VISITS: more = figures_visits(f, v); break;
	case FIGURES_REST:
		walk_demand(f, v);
		figures_overdue(f, v);
		sum_up(f);
		break;
	case FIGURES_DONE: return false;
	}
	if (!more) {
		f->phase++;
		f->place = STR_NULL;
	}
	return f->phase != FIGURES_DONE;
}
