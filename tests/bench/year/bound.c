/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * What no desk can beat from one request to the next: cars are counted, nobody asks which. As long
 * as no more are needed at once than there are, everybody finds one; pins do not count, and any
 * service waits.
 */

#include <stdlib.h>

#include "tests/bench/year/desk.h"

enum { SOME_CAR = CARS }; /* none in particular */

static struct desk *bound_open(const struct policy *policy, enum hand_over hand_over)
{
	struct desk *d = calloc(1, sizeof *d);

	ASSERT(d);
	d->policy = policy;
	d->hand_over = hand_over;
	return d;
}

static void bound_close(struct desk *d)
{
	free(d);
}

static bool has_room(const struct desk *d, uint32_t class, int32_t from, int32_t until)
{
	return book_needed(&d->book, class, from, until, NULL) < class_cars[class];
}

static bool bound_promise(struct desk *d, uint32_t id)
{
	const struct wish *w = &d->wishes[id];
	int32_t until = with_turnaround(w->until);

	if (!desk_spares(d, w->class, w->from, until) || !has_room(d, w->class, w->from, until))
		return false;
	book_add(&d->book, (struct promise){.id = id,
				   .class = w->class,
				   .car = SOME_CAR,
				   .from = w->from,
				   .until = until});
	return true;
}

static bool bound_seat_again(struct desk *d, struct promise *p, bool any_car)
{
	(void)any_car;
	if (has_room(d, p->class, p->from, p->until))
		p->car = SOME_CAR;
	return p->car != NO_CAR;
}

/* Who was promised last of those that need a car at that instant and have none yet. */
static struct promise *last_promised(struct desk *d, uint32_t class, int32_t at)
{
	struct promise *last = NULL;

	for (uint32_t i = 0; i < d->book.of[class].len; i++) {
		struct promise *p = &d->book.of[class].promises[i];
		if (p->car != NO_CAR && p->state == PROMISE_BOOKED &&
			promise_overlaps(p, at, at + 1) && (!last || p->id > last->id))
			last = p;
	}
	return last;
}

static void bound_keep_longer(struct desk *d, uint32_t class, uint32_t id, int32_t until)
{
	struct promise *mine = book_find(&d->book, class, id), *other;
	int32_t from = mine->until, at;

	mine->until = until;
	while (book_needed(&d->book, class, from, until, &at) > class_cars[class]) {
		other = last_promised(d, class, at);
		if (!other)
			return; /* only services are left, and they wait */
		other->car = NO_CAR;
		d->tally.at_risk++;
	}
}

static bool bound_service(struct desk *d, struct promise service)
{
	if (!has_room(d, service.class, service.from, service.until))
		return false;
	book_add(&d->book, service);
	return true;
}

const struct desk_acts bound = {
	.open = bound_open,
	.close = bound_close,
	.promise = bound_promise,
	.seat_again = bound_seat_again,
	.keep_longer = bound_keep_longer,
	.service = bound_service,
};
