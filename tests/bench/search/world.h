/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A year of a group of dealerships, the same for all sides: 60 cars a site in four classes of 24,
 * 18, 12 and 6, taken 80 % of the time by loans of half a day to six days at exact minutes
 * (turnaround included), two desks with some busy hours each day. Everything follows from the
 * number of the car or desk, so any side may ask for any part of it. Minutes count from a Monday's
 * midnight, UTC.
 */

#include "tests/bench/year/dice.h"

enum {
	WORLD_DAYS = 365,
	WORLD_MINUTES = WORLD_DAYS * 1440,
	SITE_CARS = 60,
	SITE_CLASSES = 4,
	SITE_DESKS = 2,
	TURNAROUND = 30,
	HANDOVER = 15, /* and return */
	OPENS = 450,   /* 07:30, Monday to Friday */
	CLOSES = 1110, /* 18:30 */
	STRETCHES_MAX = 4096,
};

struct stretch { /* half-open */
	int32_t from, until;
};

/* Ascending; returns how many. */
uint32_t world_car(uint32_t car, struct stretch out[STRETCHES_MAX]);
/* Its busy hours, inside opening hours. */
uint32_t world_desk(uint32_t desk, struct stretch out[STRETCHES_MAX]);
/* The same world's answer to "is any desk of that site free for HANDOVER minutes?" for each quarter
 * hour of opening hours, ascending; returns how many. */
enum { QUARTERS_MAX = (WORLD_DAYS + 21) * 96 }; /* what is free after the year is there too */
uint32_t world_quarters(uint32_t site, int32_t out[QUARTERS_MAX]);

int32_t class_of(uint32_t car);
uint32_t class_first(int32_t class); /* among the cars of a site; class SITE_CLASSES: behind all */

struct question {
	uint32_t site;
	int32_t class, after, minutes; /* minutes in whole quarters of an hour */
};
struct question question_draw(struct dice *dice, uint32_t sites);
