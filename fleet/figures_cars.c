/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/figures_parts.h"

#include <stdlib.h>

/* Cars: how much of their time was used, and the loans they went on. */

/* ---- classes and days ---- */

static struct class_use *class_of(struct figures *f, struct str class)
{
	for (uint32_t i = 0; i < f->classes_len; i++)
		if (str_eq(f->classes[i].class, class))
			return &f->classes[i];
	return NULL;
}

/* On which days a car is in service; false: on none. */
static bool service_days(
	const struct figures *f, const struct resource *r, uint32_t *first, uint32_t *end)
{
	bool retired = str_is(json_str_at(r->doc, "status"), "retired");
	struct day in, out;
	int32_t from = 0, until = (int32_t)f->days_len;

	if (doc_day(r->doc, "out_of_service_on", &out))
		until = out.n - f->from.n < until ? out.n - f->from.n : until;
	else if (retired)
		return false;
	if (doc_day(r->doc, "in_service_on", &in) && in.n > f->from.n)
		from = in.n - f->from.n;
	*first = (uint32_t)from;
	*end = (uint32_t)until;
	return until > from;
}

void figures_car(struct figures *f, const struct resource *r)
{
	struct class_use *c = class_of(f, r->class);
	uint32_t first, end;

	if (!c && f->classes_len < ARRAY_LEN(f->classes)) {
		c = &f->classes[f->classes_len++];
		c->class = figures_keep(f, r->class);
		c->days = arena_alloc(f->arena, f->days_len * sizeof *c->days);
		f->full |= !c->days;
	}
	if (!c || !c->days || !service_days(f, r, &first, &end))
		return;
	for (uint32_t i = first; i < end; i++) {
		c->days[i].cars++;
		c->days[i].in_service += f->day_start[i + 1] - f->day_start[i];
	}
}

/* ---- time of cars ---- */

/* The day of a minute of the window: days are nearly alike, so the guess is at most one off. */
static uint32_t day_at(const struct figures *f, uint32_t minute)
{
	uint32_t i = (minute - f->day_start[0]) / 1440;

	while (i && f->day_start[i] > minute)
		i--;
	while (i + 1 < f->days_len && f->day_start[i + 1] <= minute)
		i++;
	return i;
}

static void add_time(
	struct figures *f, const struct resource *r, uint32_t from, uint32_t until, bool blocked)
{
	struct class_use *c = class_of(f, r->class);
	uint32_t first, end;

	if (from < f->day_start[0])
		from = f->day_start[0];
	if (until > f->day_start[f->days_len])
		until = f->day_start[f->days_len];
	if (!c || from >= until || !service_days(f, r, &first, &end))
		return;
	for (uint32_t i = day_at(f, from); i < end && f->day_start[i] < until; i++) {
		uint32_t begin = from > f->day_start[i] ? from : f->day_start[i];
		uint32_t stop = until < f->day_start[i + 1] ? until : f->day_start[i + 1];
		if (i < first)
			continue;
		*(blocked ? &c->days[i].blocked : &c->days[i].used) += stop - begin;
	}
}

static const struct resource *car_of(const struct roster *roster, struct str id)
{
	const struct resource *r = id.n ? roster_resource(roster, id) : NULL;

	return r && r->kind == RESOURCE_CAR ? r : NULL;
}

void figures_claims(struct figures *f, const struct roster *roster, const struct booking *b)
{
	for (uint32_t i = 0; i < b->claims_len; i++) {
		const struct claim_row *c = &b->claims[i].row;
		const struct resource *r = car_of(roster, b->claims[i].seat.resource);
		if (r)
			add_time(f, r, c->from, booking_use_end(b, &b->claims[i], r->turnaround),
				false);
	}
}

void figures_block(struct figures *f, const struct roster *roster, struct json doc)
{
	const struct resource *r = car_of(roster, json_str_at(doc, "resource"));
	struct instant from, until;

	ASSERT(doc_instant(doc, "from", &from) && doc_instant(doc, "until", &until));
	if (r)
		add_time(f, r, minute_down(from), minute_up(until), true);
}

/* ---- loans ---- */

/* The car of ours that was lent; NULL: it is no loan of one. A drive with somebody of ours is none.
 */
static const struct resource *lent(
	struct view *look, const struct roster *roster, const struct booking *b)
{
	const struct resource *r = car_of(roster, json_str_at(json_get(b->doc, "out"), "resource"));
	struct solution s;

	return r && site_solution(look, roster, b->solution, b->from, &s) && s.claims == CLAIMS_CAR
		       ? r
		       : NULL;
}

bool figures_first_out(const struct booking *b, struct instant *at)
{
	struct json earlier = json_first(json_get(b->doc, "cars"));

	return doc_instant(json_get(json_present(earlier) ? earlier : b->doc, "out"), "at", at);
}

static void add_return(
	struct figures *f, struct class_use *c, const struct booking *b, struct instant out)
{
	struct json in = json_get(b->doc, "in");
	struct instant left;

	if (!doc_instant(in, "left_at", &left) && !doc_instant(in, "at", &left))
		return;
	if (!figures_holds(f, left))
		return;
	f->lengths =
		figures_grown(f, f->lengths, f->lengths_len, &f->lengths_cap, sizeof *f->lengths);
	if (!f->lengths)
		return;
	c->returns++;
	c->late += left.s > b->until.s + f->grace_s;
	f->lengths[f->lengths_len++] = (struct loan_length){
		(uint32_t)(c - f->classes), left.s > out.s ? (uint32_t)((left.s - out.s) / 60) : 0};
}

void figures_loan(
	struct figures *f, struct view *look, const struct roster *roster, const struct booking *b)
{
	const struct resource *r = lent(look, roster, b);
	struct class_use *c = r ? class_of(f, r->class) : NULL;
	struct instant out;

	if (!c || !figures_first_out(b, &out))
		return;
	c->loans += figures_holds(f, out);
	if (b->status == BOOKING_RETURNED)
		add_return(f, c, b, out);
}

/* ---- how long they lasted ---- */

static int length_order(const void *a, const void *b)
{
	const struct loan_length *x = a, *y = b;

	return (x->minutes > y->minutes) - (x->minutes < y->minutes);
}

static int class_order(const void *a, const void *b)
{
	const struct loan_length *x = a, *y = b;

	return x->class != y->class ? (x->class > y->class) - (x->class < y->class)
				    : length_order(a, b);
}

/* The nearest rank: a length that occurred. */
static void set_lengths(struct class_use *c, const struct loan_length *sorted, uint32_t n)
{
	if (!n)
		return;
	c->median = sorted[(n + 1) / 2 - 1].minutes;
	c->p90 = sorted[(n * 9 + 9) / 10 - 1].minutes;
}

void figures_lengths(struct figures *f)
{
	const struct loan_length *at = f->lengths;

	if (!f->lengths_len)
		return;
	qsort(f->lengths, f->lengths_len, sizeof *f->lengths, class_order);
	for (uint32_t i = 0; i < f->classes_len; i++) {
		set_lengths(&f->classes[i], at, f->classes[i].returns);
		at += f->classes[i].returns;
	}
	qsort(f->lengths, f->lengths_len, sizeof *f->lengths, length_order);
	set_lengths(&f->all, f->lengths, f->lengths_len);
}
