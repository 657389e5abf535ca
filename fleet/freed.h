/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the timer's entry does with places that have become free, however that came about: a
 * cancellation, a car that is back early, a block that ended, a day that has come so near that its
 * seats are not kept back any more. Whoever was promised something and is at risk comes before
 * whoever waits.
 */

#include "fleet/decide.h"

/* Promises at risk get a seat again, those that start soonest first. */
void freed_for_risk(struct decide *d);
/* The first in the line whom a free place fits has it held; he is to be called. */
MUST_CHECK enum outcome freed_for_waiting(struct decide *d);

/* How many of both there are, at all sites: whom a place that frees would serve. */
struct freed_counts {
	uint64_t waiting, at_risk;
};
void freed_count(struct view *v, struct freed_counts *out);
