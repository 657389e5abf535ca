/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How many refused stays some extra cars would have saved. A car serves stays that do not share a
 * day: whole days, so that what is told here could really have been done, turnaround and all.
 */

#include "rules/base.h"

enum { EXTRA_CARS_MAX = 3, STAY_DAYS_MAX = 512 /* days that a question looks at */ };

struct refused_stay {
	int32_t first, last; /* days, both included; 0 .. STAY_DAYS_MAX - 1 */
	uint64_t refused;    /* how often */
};

/* What so many extra cars would have saved at most. Sorts the stays by their last day. `out`: how
 * many of the cars would have been out on each day. */
uint64_t demand_cars(
	struct refused_stay *stays, size_t len, uint32_t cars, uint8_t out[STAY_DAYS_MAX]);
