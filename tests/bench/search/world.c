/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/search/world.h"

enum {
	DAY = 1440,
	HALF_LIFE = 540, /* of the time between loans; its mean is half as much again: 810 */
	DESK_SPELLS = 3, /* a day and desk */
	LAST_QUESTION_DAY = 300,
	LEAST_MINUTES = 720,
	MOST_MINUTES = 4320,
	QUARTER = 15,
	DESK_SEED = 1 << 28,
};

static const uint32_t firsts[SITE_CLASSES + 1] = {0, 24, 42, 54, SITE_CARS};

uint32_t class_first(int32_t class)
{
	return firsts[class];
}

int32_t class_of(uint32_t car)
{
	int32_t class = 0;

	while (car % SITE_CARS >= firsts[class + 1])
		class ++;
	return class;
}

/* Memoryless but for its steps: most are short and a few are long. */
static int32_t between(struct dice *d)
{
	int32_t minutes = dice_roll(d, HALF_LIFE);

	while (dice_roll(d, 2) == 0)
		minutes += HALF_LIFE;
	return minutes;
}

static int32_t loan(struct dice *d)
{
	int32_t kind = dice_roll(d, 100);

	if (kind < 40)
		return DAY / 2 + dice_roll(d, DAY / 2) + TURNAROUND;
	if (kind < 75)
		return DAY + dice_roll(d, 2 * DAY) + TURNAROUND;
	return 3 * DAY + dice_roll(d, 3 * DAY) + TURNAROUND;
}

uint32_t world_car(uint32_t car, struct stretch out[STRETCHES_MAX])
{
	struct dice d = {dice_mix(car + 1)};
	int32_t at = -dice_roll(&d, 3 * DAY);
	uint32_t n = 0;

	for (;;) {
		int32_t from = at + between(&d) + 1;
		at = from + loan(&d);
		if (from >= WORLD_MINUTES)
			return n;
		if (at <= 0)
			continue;
		ASSERT(n < STRETCHES_MAX);
		out[n++] = (struct stretch){from < 0 ? 0 : from, at};
	}
}

static bool is_workday(int32_t day)
{
	return day % 7 < 5;
}

uint32_t world_desk(uint32_t desk, struct stretch out[STRETCHES_MAX])
{
	struct dice d = {dice_mix(desk + DESK_SEED)};
	uint32_t n = 0;

	for (int32_t day = 0; day < WORLD_DAYS; day++) {
		int32_t at = day * DAY + OPENS, closes = day * DAY + CLOSES;
		for (int i = 0; i < DESK_SPELLS && is_workday(day); i++) {
			int32_t from = at + dice_roll(&d, 12) * QUARTER;
			at = from + (1 + dice_roll(&d, 8)) * QUARTER;
			if (at > closes)
				break;
			ASSERT(n < STRETCHES_MAX);
			out[n++] = (struct stretch){from, at};
			at += 1 + dice_roll(&d, 2 * QUARTER); /* they do not keep to quarters */
		}
	}
	return n;
}

/* The quarters of one desk's year that are not wholly free, marked. */
static void mark_busy(uint32_t desk, uint8_t busy[QUARTERS_MAX])
{
	static struct stretch spells[STRETCHES_MAX];
	uint32_t n = world_desk(desk, spells);

	for (uint32_t i = 0; i < n; i++)
		for (int32_t q = spells[i].from / QUARTER; q * QUARTER < spells[i].until; q++)
			busy[q]++;
}

uint32_t world_quarters(uint32_t site, int32_t out[QUARTERS_MAX])
{
	static uint8_t busy[QUARTERS_MAX];
	uint32_t n = 0;

	memset(busy, 0, sizeof busy);
	for (uint32_t desk = 0; desk < SITE_DESKS; desk++) {
		static uint8_t one[QUARTERS_MAX];
		memset(one, 0, sizeof one);
		mark_busy(site * SITE_DESKS + desk, one);
		for (uint32_t q = 0; q < QUARTERS_MAX; q++)
			busy[q] = (uint8_t)(busy[q] + (one[q] > 0));
	}
	for (int32_t q = 0; q < QUARTERS_MAX; q++) {
		int32_t minute = q * QUARTER % DAY;
		if (is_workday(q * QUARTER / DAY) && minute >= OPENS &&
			minute + HANDOVER <= CLOSES && busy[q] < SITE_DESKS)
			out[n++] = q * QUARTER;
	}
	return n;
}

struct question question_draw(struct dice *d, uint32_t sites)
{
	return (struct question){
		.site = (uint32_t)dice_roll(d, (int32_t)sites),
		.class = dice_roll(d, SITE_CLASSES),
		.after = dice_roll(d, LAST_QUESTION_DAY * DAY),
		.minutes = (LEAST_MINUTES +
			    dice_roll(d, (MOST_MINUTES - LEAST_MINUTES) / QUARTER) * QUARTER),
	};
}
