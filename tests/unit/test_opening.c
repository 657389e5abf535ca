/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/opening.h"

#include "tests/lib/check.h"

enum { DAY_S = 86400, DAY_MIN = 1440, WALK_DAYS = 40 };

static int64_t wall(const char *text)
{
	int64_t s = 0;

	if (!wall_parse(&s, str_from(text)))
		fail_msg("%s", text);
	return s;
}

static struct day day_of(const char *text)
{
	struct day d = {0};

	assert_true(day_parse(&d, str_from(text)));
	return d;
}

/* Monday to Friday 08:30-12:30 and 14:00-18:30, Saturday 09:00-12:00; 1 May and 9 May 2024 are
 * holidays, but 9 May opens 10:00-11:00; Friday 10 May is closed. */
static struct opening sample(void)
{
	struct opening o = {.special_len = 2, .holidays_len = 2};

	for (int i = 0; i < 5; i++)
		o.week[i] = (struct opening_day){2, {{510, 750}, {840, 1110}}};
	o.week[5] = (struct opening_day){1, {{540, 720}}};
	o.holiday[0] = day_of("2024-05-01");
	o.holiday[1] = day_of("2024-05-09");
	o.special[0].day = day_of("2024-05-09");
	o.special[0].hours = (struct opening_day){1, {{600, 660}}};
	o.special[1].day = day_of("2024-05-10");
	return o;
}

static void next(void **state)
{
	static const struct {
		const char *from;
		int minutes;
		const char *expected;
	} rows[] = {
		{"2024-04-29T10:00", 30, "2024-04-29T10:00"},
		{"2024-04-29T12:00", 30, "2024-04-29T12:00"},
		{"2024-04-29T12:00:01", 30, "2024-04-29T14:00"},
		{"2024-04-29T12:30", 0, "2024-04-29T12:30"},
		{"2024-04-29T12:31", 0, "2024-04-29T14:00"},
		{"2024-04-29T18:15", 30, "2024-04-30T08:30"},
		{"2024-04-30T18:15", 30, "2024-05-02T08:30"},
		{"2024-05-04T11:45", 30, "2024-05-06T08:30"},
		{"2024-05-08T18:30", 60, "2024-05-09T10:00"},
		{"2024-05-08T18:30", 61, "2024-05-11T09:00"},
		{"2024-05-11T09:00", 181, "2024-05-13T08:30"},
	};
	struct opening o = sample();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t got;
		assert_true(opening_next(&got, &o, wall(rows[i].from), rows[i].minutes));
		if (got != wall(rows[i].expected))
			fail_msg("%s + %d", rows[i].from, rows[i].minutes);
	}
	int64_t none;
	assert_false(opening_next(&none, &o, wall("2024-04-29T10:00"), 271));
	assert_true(opening_is_holiday(&o, day_of("2024-05-01")));
	assert_true(opening_is_holiday(&o, day_of("2024-05-09")));
	assert_false(opening_is_holiday(&o, day_of("2024-05-10")));
	assert_int_equal(opening_on(&o, day_of("2024-05-12")).len, 0);
}

static void add(void **state)
{
	static const struct {
		const char *from;
		int minutes, round_to;
		const char *expected;
	} rows[] = {
		{"2024-04-29T09:00", 60, 15, "2024-04-29T10:00"},
		{"2024-04-29T09:05", 60, 15, "2024-04-29T10:15"},
		{"2024-04-29T09:05", 60, 1, "2024-04-29T10:05"},
		{"2024-04-29T08:00", 60, 15, "2024-04-29T09:30"},
		{"2024-04-29T11:30", 60, 15, "2024-04-29T12:30"},
		{"2024-04-29T11:31", 60, 15, "2024-04-29T14:15"},
		{"2024-04-29T08:30", 900, 15, "2024-04-30T16:30"},
		{"2024-04-29T08:30", 1020, 15, "2024-04-30T18:30"},
		{"2024-04-29T08:30", 510, 15, "2024-04-29T18:30"},
		{"2024-04-29T12:20", 1, 60, "2024-04-29T12:30"},
		{"2024-04-29T13:00", 0, 15, "2024-04-29T14:00"},
		{"2024-04-29T18:30", 0, 15, "2024-04-29T18:30"},
		{"2024-05-10T09:00", 181, 15, "2024-05-13T08:45"},
	};
	struct opening o = sample();
	int64_t got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(opening_add(
			&got, &o, wall(rows[i].from), rows[i].minutes, rows[i].round_to));
		if (got != wall(rows[i].expected))
			fail_msg("%s + %d", rows[i].from, rows[i].minutes);
	}
	assert_false(opening_add(&got, &o, wall("2024-04-29T08:30"), 400 * 510, 15));
	assert_false(opening_add(&got, &o, wall("2024-04-29T08:30"), INT64_MAX, 15));
}

static void closing(void **state)
{
	static const struct {
		const char *at, *expected; /* NULL = closed */
	} rows[] = {
		{"2024-04-29T08:29:59", NULL},
		{"2024-04-29T08:30", "2024-04-29T12:30"},
		{"2024-04-29T12:30", "2024-04-29T12:30"},
		{"2024-04-29T12:30:01", NULL},
		{"2024-04-29T15:00", "2024-04-29T18:30"},
		{"2024-05-01T15:00", NULL},
		{"2024-05-12T10:00", NULL},
	};
	struct opening o = sample();
	int64_t got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(
			opening_closing(&got, &o, wall(rows[i].at)), rows[i].expected != NULL);
		if (rows[i].expected)
			assert_int_equal(got, wall(rows[i].expected));
	}
}

static void midnight(void **state)
{
	struct opening o = {0};
	int64_t got;

	(void)state;
	for (int i = 0; i < 7; i++)
		o.week[i] = (struct opening_day){2, {{0, 720}, {720, 1440}}};
	assert_true(opening_closing(&got, &o, wall("2024-04-29T00:00")));
	assert_int_equal(got, wall("2024-04-29T12:00"));
	assert_true(opening_closing(&got, &o, wall("2024-04-29T12:00")));
	assert_int_equal(got, wall("2024-04-30T00:00"));
	assert_true(opening_holds(&o, wall("2024-04-29T23:45"), 30)); /* nobody shuts */
	assert_true(opening_holds(&o, wall("2024-04-29T13:00"), 23 * 60));
	assert_false(opening_holds(&o, wall("2024-04-29T13:00"), 23 * 60 + 1));
	assert_true(opening_next(&got, &o, wall("2024-04-29T23:50"), 60));
	assert_int_equal(got, wall("2024-04-29T23:50"));
	o.week[1].len = 0; /* Tuesday 30 April: only the end of Monday is left */
	assert_true(opening_closing(&got, &o, wall("2024-04-30T00:00")));
	assert_int_equal(got, wall("2024-04-30T00:00"));
	assert_true(opening_holds(&o, wall("2024-04-30T00:00"), 0));
	assert_false(opening_holds(&o, wall("2024-04-30T00:00"), 1));
	assert_true(opening_holds(&o, wall("2024-04-29T23:00"), 60));
	assert_true(opening_next(&got, &o, wall("2024-04-29T23:30"), 60));
	assert_int_equal(got, wall("2024-05-01T00:00"));
	assert_true(opening_add(&got, &o, wall("2024-04-29T23:50"), 10, 15));
	assert_int_equal(got, wall("2024-04-30T00:00"));
}

static void never_open(void **state)
{
	static const struct opening o;
	int64_t got;

	(void)state;
	assert_false(opening_next(&got, &o, 0, 0));
	assert_false(opening_add(&got, &o, 0, 0, 15));
	assert_false(opening_closing(&got, &o, 0));
	assert_false(opening_holds(&o, 0, 0));
}

/* ---- the oracle: one flag a minute, spans numbered so that neighbours stay apart ---- */

static uint32_t seed = 20240429;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static int span_at[(WALK_DAYS + 2) * DAY_MIN]; /* 0 = closed */

static struct opening_day draw_day(void)
{
	struct opening_day d = {0};
	int at = draw(3) ? (int)draw(600) : 0;

	while (d.len < OPENING_SPANS_MAX && draw(4) != 0 && at < DAY_MIN) {
		int until = at + 1 + (int)draw(400);
		d.span[d.len].from_min = (int16_t)at;
		d.span[d.len].until_min = (int16_t)(until < DAY_MIN ? until : DAY_MIN);
		d.len++;
		at = until + (int)draw(3) * 37;
	}
	return d;
}

static void draw_opening(struct opening *o, struct day first)
{
	*o = (struct opening){0};
	for (int i = 0; i < 7; i++)
		o->week[i] = draw_day();
	for (int i = 0; i < WALK_DAYS; i++) {
		if (draw(6) == 0)
			o->holiday[o->holidays_len++] = (struct day){first.n + i};
		if (draw(6) == 0) {
			o->special[o->special_len].day = (struct day){first.n + i};
			o->special[o->special_len++].hours = draw_day();
		}
	}
}

/* Minute by minute what the description says, days looked up by plain search. */
static void walk_fill(const struct opening *o, struct day first)
{
	int number = 0;

	memset(span_at, 0, sizeof(span_at));
	for (int i = 0; i < WALK_DAYS; i++) {
		struct day d = {first.n + i};
		const struct opening_day *hours = &o->week[day_weekday(d) - 1];
		static const struct opening_day shut;
		for (uint32_t j = 0; j < o->holidays_len; j++)
			if (o->holiday[j].n == d.n)
				hours = &shut;
		for (uint32_t j = 0; j < o->special_len; j++)
			if (o->special[j].day.n == d.n)
				hours = &o->special[j].hours;
		for (int j = 0; j < hours->len; j++) {
			/* over midnight it is the same span */
			if (i == 0 || hours->span[j].from_min > 0 || span_at[i * DAY_MIN - 1] == 0)
				number++;
			for (int m = hours->span[j].from_min; m < hours->span[j].until_min; m++)
				span_at[i * DAY_MIN + m] = number;
		}
	}
}

static bool walk_holds(int from, int minutes)
{
	for (int m = from; m < from + minutes; m++)
		if (span_at[m] == 0 || span_at[m] != span_at[from])
			return false;
	return true;
}

static void against_minutes(void **state)
{
	struct day first = day_of("2024-04-29");
	static struct opening o;
	int compared = 0;

	(void)state;
	for (int round = 0; round < 40; round++) {
		draw_opening(&o, first);
		walk_fill(&o, first);
		for (int i = 0; i < 200; i++) {
			int from = (int)draw(10 * DAY_MIN), minutes = 1 + (int)draw(240), m = from;
			int64_t base = (int64_t)first.n * DAY_S, got;
			assert_int_equal(opening_holds(&o, base + from * 60, minutes),
				walk_holds(from, minutes));
			while (m < WALK_DAYS * DAY_MIN && !walk_holds(m, minutes))
				m++;
			if (m < WALK_DAYS * DAY_MIN) {
				assert_true(opening_next(&got, &o, base + from * 60, minutes));
				assert_int_equal((got - base) / 60, m);
				compared++;
			}
			/* Spend the minutes one by one. */
			int left = minutes * 5;
			for (m = from; m < WALK_DAYS * DAY_MIN && left > 0; m++)
				left -= span_at[m] != 0;
			if (left > 0)
				continue;
			int span = span_at[m - 1], rounded = (m + 14) / 15 * 15, end = m;
			while (end < rounded && span_at[end] == span)
				end++;
			assert_true(opening_add(&got, &o, base + from * 60, minutes * 5, 15));
			assert_int_equal((got - base) / 60, end);
			compared++;
		}
	}
	assert_true(compared > 8000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next),
		cmocka_unit_test(add),
		cmocka_unit_test(closing),
		cmocka_unit_test(midnight),
		cmocka_unit_test(never_open),
		cmocka_unit_test(against_minutes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
