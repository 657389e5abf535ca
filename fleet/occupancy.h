/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How many seats of a pool are surely taken, minute by minute: an exact step function. Where fewer
 * are free than are wanted no re-shuffle helps; where enough are free and nothing is pinned, one
 * exists.
 */

#include "fleet/pool.h"

struct occupancy_step {
	uint32_t minute; /* from here on */
	int32_t taken;
};
struct occupancy {
	int32_t seats;
	uint32_t turnaround; /* the least of the seats' */
	uint32_t len;
	struct occupancy_step *step; /* ascending; before the first nothing is taken */
};

/* Of the seats of these types, in the window that the pool has loaded. False: without memory. */
MUST_CHECK bool occupancy_of(
	struct occupancy *o, struct arena *a, const struct pool *p, uint64_t types);
/* The earliest minute >= from at which `spare` seats are free for `minutes` in a row, turnaround
 * added; MINUTE_FOREVER: never. */
uint32_t occupancy_next(const struct occupancy *o, uint32_t from, uint32_t minutes, int32_t spare);
