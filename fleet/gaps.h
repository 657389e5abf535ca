/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The gaps between what stays: on each seat of a pool, the stretches in which nothing lies that
 * could not be moved. A window that fits into none of them fits nowhere, however promises change
 * places; what only counts seats (occupancy.h) does not see that.
 */

#include "fleet/pool.h"

struct gap {
	uint32_t from, until; /* what is promised may last until then: turnaround is taken off */
};
struct gaps {
	uint32_t seats_len;
	uint32_t *first;   /* seats_len + 1: where each seat's gaps begin */
	struct gap *gap;   /* of each seat ascending, apart */
	uint32_t *longest; /* minutes, of so many gaps at a time */
};

/* On the seats of these types, in the window that the pool has loaded. False: without memory. */
MUST_CHECK bool gaps_of(struct gaps *g, struct arena *a, const struct pool *p, uint64_t types);
/* The earliest minute >= from at which some seat has `minutes` in a row; MINUTE_FOREVER: never. */
uint32_t gaps_next(const struct gaps *g, uint32_t from, uint32_t minutes);
