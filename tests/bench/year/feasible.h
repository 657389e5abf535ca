/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether cars can be found for all: the oracle behind "needless". It knows nothing of how relais
 * searches: it goes through the loans in order of time, gives each a car, and remembers the
 * situations from which no way led on.
 */

#include "tests/bench/year/book.h"

enum feasible { FEASIBLE, NOT_FEASIBLE, NOT_PROVEN };

enum { FIXED_PER_CAR = 64, CARS_OF_CLASS_MAX = 20, FEASIBLE_STEPS_MAX = 1000000 };

struct window {
	int32_t from, until;
};

struct pool {
	uint32_t cars;
	struct {
		uint32_t len;
		struct window fixed[FIXED_PER_CAR]; /* on this very car; any order */
	} of[CARS_OF_CLASS_MAX];
	uint32_t len;
	struct window any[PROMISES_MAX]; /* on any car; any order */
};

/* All that is promised of a class at `now`: out, in service and pinned on its car; who should be
 * here by now too, for his car waits for him. Who lost his car is not in it. */
void pool_of(struct pool *p, const struct book *b, uint32_t class, int32_t now);
void pool_fix(struct pool *p, uint32_t car_of_class, int32_t from, int32_t until);
void pool_add(struct pool *p, int32_t from, int32_t until);
enum feasible pool_feasible(struct pool *p);
