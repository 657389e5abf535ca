/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One class of cars that is almost sold out for months: who has which car from when to when, as
 * both sides know it. Customers come in any order, for half a day to six days, short loans more
 * often; keys change hands at any quarter of an hour.
 */

#include "tests/bench/year/dice.h"

enum {
	HOUR = 60,
	DAY = 1440,
	TURNAROUND = 45,
	CARS_MAX = 1000,
	LOANS_MAX = 100000,
	LOAN_ID = 40,
	NO_CAR = -1,
};

struct loan {
	int32_t from, until; /* minutes; until when the car is away, turnaround not included */
	int32_t car;
	bool pinned;
	char id[LOAN_ID]; /* as relais calls it */
};

struct world {
	struct dice dice;
	uint32_t cars;
	int32_t from, until; /* of what may be asked for */
	uint32_t len;
	struct loan *loans; /* owned; LOANS_MAX */
};

/* Long enough that so many loans make it that full. */
void world_open(struct world *w, uint64_t seed, uint32_t cars, uint32_t loans, int32_t percent);
void world_close(struct world *w);
/* What the next customer would like. */
struct loan world_wish(struct world *w);
/* Taken car time, turnarounds included, in hundredths of a percent of all car time. */
int32_t world_full(const struct world *w);
