/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/year/demand.h"

#include <stdlib.h>

#include "tests/bench/year/dice.h"

enum {
	STAYS_LONGER_PERCENT = 5,
	NO_SHOW_PERCENT = 3,
	THIS_CAR_PERCENT = 5,
	AT_SHORT_NOTICE_PERCENT = 20,
	MORNING_PERCENT = 75,
	LEAD_MIN = 60,
	LEAD_SHORT_MAX = 360,
	LEAD_LONG_MIN = 720,
	LEAD_MAX = 14 * DAY,
	HALF_DAY = 240,
	MORNING = 480, /* hand-overs from 8:00 on */
	MIDDAY = 810,
	EVENING = 960,	 /* returns from 16:00 to 18:00 */
	IN_USE_MIN = 30, /* nobody asks for more before he has driven */
};

const uint32_t class_cars[CLASSES] = {20, 14, 6}, class_first[CLASSES] = {0, 20, 34};

uint32_t class_of_car(uint32_t car)
{
	uint32_t c = CLASSES - 1;

	while (car < class_first[c])
		c--;
	return c;
}

bool is_working_day(int32_t day)
{
	return day % 7 < 5;
}

static int32_t working_day_from(int32_t day)
{
	while (!is_working_day(day))
		day++;
	return day;
}

static int32_t evening_of(struct dice *dice, int32_t day)
{
	return day * DAY + EVENING + 5 * dice_roll(dice, 25);
}

/* Most are back the same evening, the last stay five nights and a weekend. */
static int32_t nights(struct dice *dice)
{
	static const int32_t up_to[] = {40, 60, 75, 86, 94, 100};
	int32_t n = 0, r = dice_roll(dice, 100);

	while (r >= up_to[n])
		n++;
	return n;
}

static void in_opening_hours(struct wish *w, struct dice *dice)
{
	int32_t day, back;

	do
		day = dice_roll(dice, YEAR_DAYS);
	while (!is_working_day(day));
	w->from = day * DAY + (dice_percent(dice, MORNING_PERCENT)
					      ? MORNING + 15 * dice_roll(dice, 15)
					      : MIDDAY + 15 * dice_roll(dice, 13));
	back = working_day_from(day + nights(dice));
	w->until = evening_of(dice, back);
	if (w->until - w->from < HALF_DAY)
		w->from = w->until - HALF_DAY;
	w->longer_until = evening_of(dice, working_day_from(back + 1 + dice_roll(dice, 3)));
}

static void round_the_clock(struct wish *w, struct dice *dice)
{
	int32_t r = dice_roll(dice, 100);

	w->from = dice_roll(dice, YEAR_DAYS * DAY);
	if (r < 40)
		w->until = w->from + DAY / 2 + dice_roll(dice, DAY / 2);
	else if (r < 75)
		w->until = w->from + DAY + dice_roll(dice, 2 * DAY);
	else
		w->until = w->from + 3 * DAY + dice_roll(dice, 3 * DAY);
	w->longer_until = w->until + DAY * (1 + dice_roll(dice, 3));
}

static struct wish wish_make(struct dice *dice, enum hand_over hand_over, uint32_t class)
{
	struct wish w = {.class = class};
	int32_t lead, notice;

	if (hand_over == HAND_OVER_OPENING_HOURS)
		in_opening_hours(&w, dice);
	else
		round_the_clock(&w, dice);
	lead = dice_percent(dice, AT_SHORT_NOTICE_PERCENT)
		       ? LEAD_MIN + dice_roll(dice, LEAD_SHORT_MAX - LEAD_MIN)
		       : LEAD_LONG_MIN + dice_roll(dice, LEAD_MAX - LEAD_LONG_MIN);
	w.asked = w.from > lead ? w.from - lead : 0;
	w.comes = !dice_percent(dice, NO_SHOW_PERCENT);
	w.stays_longer = dice_percent(dice, STAYS_LONGER_PERCENT) && w.comes;
	w.this_car = dice_percent(dice, THIS_CAR_PERCENT);
	w.patience = dice_roll(dice, PATIENCE_MAX + 1);
	notice = 1 + dice_roll(dice, DAY - 1);
	w.longer_known = w.until - notice;
	if (w.longer_known < w.from + IN_USE_MIN)
		w.longer_known = w.from + IN_USE_MIN;
	return w;
}

static int by_asked(const void *a, const void *b)
{
	const struct wish *x = a, *y = b;

	if (x->asked != y->asked)
		return x->asked < y->asked ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->until > y->until) - (x->until < y->until);
}

void demand_make(
	struct year_demand *d, enum hand_over hand_over, int32_t load_percent, uint64_t seed)
{
	struct dice dice = {dice_mix(seed)};

	*d = (struct year_demand){.hand_over = hand_over};
	d->wishes = calloc(WISHES_MAX, sizeof *d->wishes);
	ASSERT(d->wishes);
	for (uint32_t c = 0; c < CLASSES; c++) {
		int64_t wanted = (int64_t)class_cars[c] * YEAR_DAYS * DAY * load_percent / 100;
		for (int64_t sum = 0; sum < wanted;) {
			struct wish w = wish_make(&dice, hand_over, c);
			ASSERT(d->len < WISHES_MAX);
			d->wishes[d->len++] = w;
			sum += w.until - w.from + TURNAROUND;
		}
	}
	qsort(d->wishes, d->len, sizeof *d->wishes, by_asked);
}

void demand_free(struct year_demand *d)
{
	free(d->wishes);
	*d = (struct year_demand){.len = 0};
}

/* The same time of the day, on the first working day from then on. */
static int32_t later(int32_t at, int32_t days)
{
	return working_day_from(at / DAY + days) * DAY + at % DAY;
}

struct wish wish_later(const struct wish *w, int32_t days)
{
	struct wish l = *w;

	l.from = w->from + days * DAY;
	l.until = later(w->until, days);
	l.longer_until = later(w->longer_until, days);
	if (l.longer_until <= l.until)
		l.longer_until += working_day_from(l.until / DAY + 1) * DAY - l.until / DAY * DAY;
	l.longer_known = w->longer_known + days * DAY;
	return l;
}
