/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/demand_cars.h"

#include <stdlib.h>

static int by_last_day(const void *a, const void *b)
{
	const struct refused_stay *x = a, *y = b;

	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

/* Of the cars that are back, the one that came back last: the others stay free for stays that begin
 * earlier. -1: all are out. */
static int32_t car_for(const int32_t free_from[EXTRA_CARS_MAX], uint32_t cars, int32_t first)
{
	int32_t best = -1;

	for (uint32_t i = 0; i < cars; i++)
		if (free_from[i] <= first && (best < 0 || free_from[i] > free_from[best]))
			best = (int32_t)i;
	return best;
}

/* Whoever is back first is served first: with the choice of car above that is the most that can be
 * served by so many cars, not only the most that a car can do by itself. */
uint64_t demand_cars(
	struct refused_stay *stays, size_t len, uint32_t cars, uint8_t out[STAY_DAYS_MAX])
{
	int32_t free_from[EXTRA_CARS_MAX] = {0};
	uint64_t saved = 0;

	ASSERT(cars <= EXTRA_CARS_MAX);
	memset(out, 0, STAY_DAYS_MAX);
	if (len)
		qsort(stays, len, sizeof *stays, by_last_day);
	for (size_t i = 0; i < len; i++) {
		const struct refused_stay *s = &stays[i];
		ASSERT(s->first >= 0 && s->first <= s->last && s->last < STAY_DAYS_MAX);
		for (uint64_t n = 0; n < s->refused; n++) {
			int32_t car = car_for(free_from, cars, s->first);
			if (car < 0)
				break; /* the same stay again shares its days with all of them */
			free_from[car] = s->last + 1;
			saved++;
			for (int32_t day = s->first; day <= s->last; day++)
				out[day]++;
		}
	}
	return saved;
}
