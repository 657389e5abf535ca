/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a year brings to the counter of a site with 40 cars in three classes: who asks when for
 * which loan, who stays longer, who does not come. Times are minutes since midnight of the year's
 * first Monday; nobody has answered yet, so the same demand can be put to every desk.
 */

#include "rules/base.h"

enum {
	CLASSES = 3,
	CARS = 40,
	DAY = 1440,
	YEAR_DAYS = 365,
	TURNAROUND = 45, /* between two customers of one car */
	WISHES_MAX = 40000,
	PATIENCE_MAX = 5, /* working days that a customer would wait at most */
};

/* How many cars a class has, and its first one among all cars. */
extern const uint32_t class_cars[CLASSES], class_first[CLASSES];
uint32_t class_of_car(uint32_t car);

struct wish {
	int32_t asked, from, until;
	int32_t longer_until, longer_known; /* where it stays longer */
	uint32_t class;
	int32_t patience; /* working days the customer would rather wait than do without */
	bool comes, stays_longer;
	bool this_car; /* the very car that is found is promised */
};

/* When keys change hands: in opening hours, Monday to Friday, or at any minute from a box. */
enum hand_over { HAND_OVER_OPENING_HOURS, HAND_OVER_ROUND_THE_CLOCK };

struct year_demand {
	enum hand_over hand_over;
	uint32_t len;
	struct wish *wishes; /* owned; in the order in which they are asked */
};

/* load_percent: wished car time, turnarounds included, of all car time of the year. */
void demand_make(
	struct year_demand *d, enum hand_over hand_over, int32_t load_percent, uint64_t seed);
void demand_free(struct year_demand *d);

bool is_working_day(int32_t day);
/* The wish, asked again for so many days later: what falls on a weekend ends on Monday. */
struct wish wish_later(const struct wish *w, int32_t days);
