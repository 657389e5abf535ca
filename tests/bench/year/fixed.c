/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The baselines: every booking has its car from the first day. The first free one, or the one whose
 * gap is tightest; who stands in the way of an extension goes to any other free car.
 */

#include <stdlib.h>

#include "tests/bench/year/desk.h"

static struct desk *fixed_open(const struct policy *policy, enum hand_over hand_over)
{
	struct desk *d = calloc(1, sizeof *d);

	ASSERT(d);
	d->policy = policy;
	d->hand_over = hand_over;
	return d;
}

static void fixed_close(struct desk *d)
{
	free(d);
}

bool desk_spares(const struct desk *d, uint32_t class, int32_t from, int32_t until)
{
	return !d->policy->held_back || from - d->now <= DAY ||
	       book_needed(&d->book, class, from, until, NULL) + 1 + d->policy->held_back <=
		       class_cars[class];
}

/* The gap of a car around a window; false when it is not free. */
static bool gap_of(
	const struct desk *d, uint32_t class, int32_t car, const struct promise *p, int32_t *gap)
{
	int32_t begins = 0, ends = (YEAR_DAYS + 60) * DAY;

	for (uint32_t i = 0; i < d->book.of[class].len; i++) {
		const struct promise *o = &d->book.of[class].promises[i];
		if (o->car != car || o->id == p->id)
			continue;
		if (promise_overlaps(o, p->from, p->until))
			return false;
		if (o->until <= p->from && o->until > begins)
			begins = o->until;
		if (o->from >= p->until && o->from < ends)
			ends = o->from;
	}
	*gap = ends - begins;
	return true;
}

static bool car_is_free(const struct desk *d, const struct promise *p, int32_t car)
{
	int32_t gap;

	return gap_of(d, p->class, car, p, &gap);
}

static int32_t find_car(const struct desk *d, const struct promise *p)
{
	int32_t tightest = INT32_MAX, best = NO_CAR, gap;

	for (uint32_t i = 0; i < class_cars[p->class]; i++) {
		int32_t car = (int32_t)(class_first[p->class] + i);
		if (!gap_of(d, p->class, car, p, &gap) || gap >= tightest)
			continue;
		if (d->policy->acts == &first_fit)
			return car;
		tightest = gap;
		best = car;
	}
	return best;
}

static bool fixed_promise(struct desk *d, uint32_t id)
{
	const struct wish *w = &d->wishes[id];
	struct promise p = {.id = id,
		.class = w->class,
		.from = w->from,
		.until = with_turnaround(w->until),
		.this_car = w->this_car};

	if (!desk_spares(d, w->class, p.from, p.until))
		return false;
	p.car = find_car(d, &p);
	p.this_one = p.car;
	if (p.car != NO_CAR)
		book_add(&d->book, p);
	return p.car != NO_CAR;
}

static bool fixed_seat_again(struct desk *d, struct promise *p, bool any_car)
{
	if (any_car)
		p->car = find_car(d, p);
	else if (car_is_free(d, p, p->this_one))
		p->car = p->this_one;
	return p->car != NO_CAR;
}

static void fixed_keep_longer(struct desk *d, uint32_t class, uint32_t id, int32_t until)
{
	struct promise *mine = book_find(&d->book, class, id);

	mine->until = until;
	for (uint32_t i = 0; i < d->book.of[class].len; i++) {
		struct promise *o = &d->book.of[class].promises[i];
		if (o == mine || o->car != mine->car ||
			!promise_overlaps(o, mine->from, mine->until))
			continue;
		o->car = o->this_car ? NO_CAR : find_car(d, o);
		d->tally.moves += o->car != NO_CAR;
		d->tally.at_risk += o->car == NO_CAR;
	}
}

static bool fixed_service(struct desk *d, struct promise service)
{
	if (!car_is_free(d, &service, service.car))
		return false;
	book_add(&d->book, service);
	return true;
}

const struct desk_acts first_fit = {
	.open = fixed_open,
	.close = fixed_close,
	.promise = fixed_promise,
	.seat_again = fixed_seat_again,
	.keep_longer = fixed_keep_longer,
	.service = fixed_service,
};

const struct desk_acts best_fit = {
	.open = fixed_open,
	.close = fixed_close,
	.promise = fixed_promise,
	.seat_again = fixed_seat_again,
	.keep_longer = fixed_keep_longer,
	.service = fixed_service,
};
