/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The promises of a site that still matter, by class: what is booked, out or being made ready
 * again, and the services of its own cars. Kept by the bench for every desk, so that all are judged
 * by one book.
 */

#include "tests/bench/year/demand.h"

enum { PROMISES_MAX = 2048, NO_CAR = -1 };

enum promise_state {
	PROMISE_BOOKED,
	PROMISE_OUT,
	PROMISE_BACK, /* cleaned and refuelled for the next */
	PROMISE_SERVICE,
};

struct promise {
	uint32_t id;	     /* of the wish, or of the service */
	int32_t from, until; /* the turnaround included */
	int32_t car;	     /* of all cars; NO_CAR: it lost its own */
	uint32_t class;
	enum promise_state state;
	bool this_car;	  /* and no other */
	int32_t this_one; /* which */
};

struct book {
	struct {
		uint32_t len;
		struct promise promises[PROMISES_MAX];
	} of[CLASSES];
};

static inline bool promise_overlaps(const struct promise *p, int32_t from, int32_t until)
{
	return p->from < until && from < p->until;
}

void book_add(struct book *b, struct promise p);
struct promise *book_find(struct book *b, uint32_t class, uint32_t id); /* NULL: not there */
void book_remove(struct book *b, struct promise *p);
/* How many cars of a class are needed at once in [from, until), at most. `at` (may be NULL) is the
 * first such instant. */
uint32_t book_needed(
	const struct book *b, uint32_t class, int32_t from, int32_t until, int32_t *at);
