/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/opening.h"

/*
 * Every question walks the days from the one that holds the second before `from`: at midnight the
 * span that ends with the day before still counts, at its very end.
 */

enum { DAY_S = 86400, LOOK_AHEAD_DAYS = 400 };

/* One span on the wall clock, in seconds. */
struct wall_span {
	int64_t from_s, until_s;
};

/* The day that holds the second before this one. */
static struct day day_before(int64_t wall_s)
{
	return local_day((struct local){wall_s - 1, 0});
}

static struct wall_span span_of(const struct opening_day *hours, int i, struct day d)
{
	int64_t midnight_s = (int64_t)d.n * DAY_S;

	return (struct wall_span){
		midnight_s + hours->span[i].from_min * 60,
		midnight_s + hours->span[i].until_min * 60,
	};
}

/* Both lists are ascending: binary search, for a site may name years of holidays. */
bool opening_is_holiday(const struct opening *o, struct day d)
{
	uint32_t low = 0, high = o->holidays_len;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (o->holiday[middle].n == d.n)
			return true;
		if (o->holiday[middle].n < d.n)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

struct opening_day opening_on(const struct opening *o, struct day d)
{
	uint32_t low = 0, high = o->special_len;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (o->special[middle].day.n == d.n)
			return o->special[middle].hours;
		if (o->special[middle].day.n < d.n)
			low = middle + 1;
		else
			high = middle;
	}
	/* Hours given for the very day win over the holiday (contract 3). */
	if (opening_is_holiday(o, d))
		return (struct opening_day){0};
	return o->week[day_weekday(d) - 1];
}

/* Where a day ends with open doors and the next begins with them, nobody shuts them in between: the
 * end of what is open, as far as `enough` asks. */
static int64_t open_until(
	const struct opening *o, struct day d, struct wall_span span, int64_t enough_s)
{
	int64_t until_s = span.until_s;

	while (until_s < enough_s && until_s == (int64_t)(d.n + 1) * DAY_S) {
		struct opening_day next = opening_on(o, (struct day){++d.n});
		if (next.len == 0 || next.span[0].from_min != 0)
			break;
		until_s = span_of(&next, 0, d).until_s;
	}
	return until_s;
}

/* The first start >= from on day d. */
static bool next_on_day(
	int64_t *out, const struct opening *o, struct day d, int64_t from_wall_s, int32_t minutes)
{
	struct opening_day hours = opening_on(o, d);

	for (int i = 0; i < hours.len; i++) {
		struct wall_span span = span_of(&hours, i, d);
		int64_t start_s = from_wall_s > span.from_s ? from_wall_s : span.from_s;
		int64_t end_s = start_s + (int64_t)minutes * 60;
		if (start_s <= span.until_s && end_s <= open_until(o, d, span, end_s)) {
			*out = start_s;
			return true;
		}
	}
	return false;
}

bool opening_holds(const struct opening *o, int64_t from_wall_s, int32_t minutes)
{
	struct day d = day_before(from_wall_s);
	int64_t start_s;

	ASSERT(minutes >= 0);
	for (int i = 0; i < 2; i++, d.n++)
		if (next_on_day(&start_s, o, d, from_wall_s, minutes) && start_s == from_wall_s)
			return true;
	return false;
}

bool opening_next(int64_t *out, const struct opening *o, int64_t from_wall_s, int32_t minutes)
{
	struct day d = day_before(from_wall_s);

	ASSERT(minutes >= 0);
	for (int i = 0; i <= LOOK_AHEAD_DAYS; i++, d.n++)
		if (next_on_day(out, o, d, from_wall_s, minutes))
			return true;
	return false;
}

/* Up to the next multiple of `minutes` of the local day. */
static int64_t round_up(int64_t wall_s, int32_t minutes)
{
	int64_t midnight_s = (int64_t)local_day((struct local){wall_s, 0}).n * DAY_S;
	int64_t step_s = (int64_t)minutes * 60;

	return midnight_s + (wall_s - midnight_s + step_s - 1) / step_s * step_s;
}

bool opening_add(int64_t *out, const struct opening *o, int64_t from_wall_s, int64_t minutes,
	int32_t round_to)
{
	struct day d = day_before(from_wall_s);
	int64_t left_s, rounded_s;

	ASSERT(minutes >= 0 && round_to >= 1);
	if (minutes > (int64_t)LOOK_AHEAD_DAYS * 1440)
		return false;
	left_s = minutes * 60;
	for (int i = 0; i <= LOOK_AHEAD_DAYS; i++, d.n++) {
		struct opening_day hours = opening_on(o, d);
		for (int j = 0; j < hours.len; j++) {
			struct wall_span span = span_of(&hours, j, d);
			int64_t start_s = from_wall_s > span.from_s ? from_wall_s : span.from_s;
			if (start_s > span.until_s)
				continue;
			/* This span is used up, the rest of the minutes goes on to the next. */
			if (left_s > span.until_s - start_s) {
				left_s -= span.until_s - start_s;
				continue;
			}
			rounded_s = round_up(start_s + left_s, round_to);
			*out = rounded_s < span.until_s ? rounded_s : span.until_s;
			return true;
		}
	}
	return false;
}

bool opening_closing(int64_t *out, const struct opening *o, int64_t at_wall_s)
{
	struct day d = day_before(at_wall_s);
	bool open = false;

	/* Where one span ends and the next begins at once, the later one holds the moment. */
	for (int i = 0; i < 2; i++, d.n++) {
		struct opening_day hours = opening_on(o, d);
		for (int j = 0; j < hours.len; j++) {
			struct wall_span span = span_of(&hours, j, d);
			if (span.from_s <= at_wall_s && at_wall_s <= span.until_s) {
				*out = span.until_s;
				open = true;
			}
		}
	}
	return open;
}
