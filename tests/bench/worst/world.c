/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/worst/world.h"

#include <stdlib.h>

enum {
	QUARTER = 15,
	HOURS_LEAST = 12,
	HOURS_MOST = 144,
	HOURS_MEAN = HOURS_LEAST + (HOURS_MOST - HOURS_LEAST) / 3, /* of the smaller of two dice */
};

void world_open(struct world *w, uint64_t seed, uint32_t cars, uint32_t loans, int32_t percent)
{
	int64_t taken = (int64_t)loans * (HOURS_MEAN * HOUR + TURNAROUND);

	*w = (struct world){.dice = {seed}, .cars = cars, .from = DAY};
	w->until = w->from + (int32_t)(taken * 100 / percent / cars);
	w->loans = calloc(LOANS_MAX, sizeof *w->loans);
	ASSERT(w->loans);
}

void world_close(struct world *w)
{
	free(w->loans);
}

struct loan world_wish(struct world *w)
{
	int32_t a = dice_roll(&w->dice, HOURS_MOST - HOURS_LEAST + 1);
	int32_t b = dice_roll(&w->dice, HOURS_MOST - HOURS_LEAST + 1);
	int32_t minutes = (HOURS_LEAST + (a < b ? a : b)) * HOUR;
	int32_t room = w->until - w->from - minutes - TURNAROUND;
	struct loan wish = {.car = NO_CAR};

	wish.from = w->from + dice_roll(&w->dice, room / QUARTER + 1) * QUARTER;
	wish.until = wish.from + minutes;
	return wish;
}

int32_t world_full(const struct world *w)
{
	int64_t taken = 0;

	for (uint32_t i = 0; i < w->len; i++)
		taken += w->loans[i].until + TURNAROUND - w->loans[i].from;
	return (int32_t)(taken * 10000 / ((int64_t)w->cars * (w->until - w->from)));
}
