/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/next_date_world.h"

static void busy_add(struct busy *b, const char *from, const char *until)
{
	assert_true(b->len < BUSY_MAX);
	b->span[b->len++] = (struct span){at(from), at(until)};
}

static void check_date(struct next_date d, const char *from, const char *until, bool evening)
{
	char a[INSTANT_TEXT], b[INSTANT_TEXT];
	struct str from_text = local_print(zone_local(&paris, d.window.from), a);
	struct str until_text = local_print(zone_local(&paris, d.window.until), b);

	from_text.n = until_text.n = 16; /* without seconds and offset */
	assert_str(from_text, from);
	assert_str(until_text, until);
	assert_int_equal(d.evening_before, evening);
}

/* ---- scenes; 2024-06-03 is a Monday ---- */

static void two_load_levels(void **state)
{
	struct next_date out[NEXT_DATE_MAX];
	struct next_date_ask ask = ask_for(120, "2024-06-03T08:00");

	(void)state;
	reset();
	ask.count = 4;
	assert_int_equal(next_date_find(out, &ask, &supply), 4);
	check_date(out[0], "2024-06-03T08:30", "2024-06-03T10:30", false);
	check_date(out[1], "2024-06-03T14:00", "2024-06-03T16:00", false);
	check_date(out[2], "2024-06-04T08:30", "2024-06-04T10:30", false);
	check_date(out[3], "2024-06-04T14:00", "2024-06-04T16:00", false);
	/* A hand-over needs its half hour before the doors close; so 12:15 is too late. */
	ask.after = at("2024-06-03T12:01");
	ask.count = 1;
	assert_int_equal(next_date_find(out, &ask, &supply), 1);
	check_date(out[0], "2024-06-03T14:00", "2024-06-03T16:00", false);
}

static void end_moves_to_opening(void **state)
{
	struct next_date out[NEXT_DATE_MAX];
	struct next_date_ask ask = ask_for(300, "2024-06-03T08:00");

	(void)state;
	reset();
	assert_int_equal(next_date_find(out, &ask, &supply), 2);
	/* 13:30 is closed, and the return takes the first quarter of an hour after 14:00. */
	check_date(out[0], "2024-06-03T08:30", "2024-06-03T14:15", false);
	check_date(out[1], "2024-06-03T14:00", "2024-06-04T08:45", false);
}

static void seat_decides(void **state)
{
	struct next_date out[NEXT_DATE_MAX];
	struct next_date_ask ask = ask_for(120, "2024-06-03T08:00");

	(void)state;
	reset();
	busy_add(&calendar.seat[0], "2024-06-01T00:00", "2024-06-05T15:20");
	busy_add(&calendar.seat[0], "2024-06-05T16:00", "2024-06-14T08:00");
	assert_int_equal(next_date_find(out, &ask, &supply), 2);
	check_date(out[0], "2024-06-14T08:30", "2024-06-14T10:30", false);
	check_date(out[1], "2024-06-14T14:00", "2024-06-14T16:00", false);
	calendar.seats_len = 2; /* a second seat, free from Tuesday 11:07 to Wednesday 09:00 */
	busy_add(&calendar.seat[1], "2024-06-01T00:00", "2024-06-04T11:07");
	busy_add(&calendar.seat[1], "2024-06-05T09:00", "2024-06-30T09:00");
	assert_int_equal(next_date_find(out, &ask, &supply), 2);
	check_date(out[0], "2024-06-04T11:15", "2024-06-04T14:15", false);
	check_date(out[1], "2024-06-04T14:00", "2024-06-04T16:00", false);
	calendar.seats_len = 0;
	assert_int_equal(next_date_find(out, &ask, &supply), 0);
}

static void desk_decides(void **state)
{
	struct next_date out[NEXT_DATE_MAX];
	struct next_date_ask ask = ask_for(120, "2024-06-03T08:00");

	(void)state;
	reset();
	ask.count = 1;
	busy_add(&calendar.desk, "2024-06-03T08:30", "2024-06-03T09:20");
	assert_int_equal(next_date_find(out, &ask, &supply), 1);
	check_date(out[0], "2024-06-03T09:30", "2024-06-03T11:30", false);
	/* Nobody takes it back at 11:30: the end moves on while the day is open. */
	busy_add(&calendar.desk, "2024-06-03T11:20", "2024-06-03T12:30");
	assert_int_equal(next_date_find(out, &ask, &supply), 1);
	check_date(out[0], "2024-06-03T09:30", "2024-06-03T14:15", false);
	/* Nor at any time of that day: the start moves on to the next one. */
	busy_add(&calendar.desk, "2024-06-03T14:30", "2024-06-03T18:00");
	calendar.desk.span[1].until = at("2024-06-03T14:15");
	calendar.desk.span[2].from = at("2024-06-03T14:15");
	calendar.desk.span[2].until = at("2024-06-03T18:30");
	assert_int_equal(next_date_find(out, &ask, &supply), 1);
	check_date(out[0], "2024-06-04T08:30", "2024-06-04T10:30", false);
}

static void evening_before(void **state)
{
	struct next_date out[NEXT_DATE_MAX];
	struct next_date_ask ask = ask_for(540, "2024-06-03T08:00");

	(void)state;
	reset();
	ask.whole_day = true;
	assert_int_equal(next_date_find(out, &ask, &supply), 2);
	check_date(out[0], "2024-06-03T08:30", "2024-06-03T17:30", false);
	/* In on Monday evening, worked on through Tuesday. */
	check_date(out[1], "2024-06-03T16:30", "2024-06-04T17:30", true);
	ask.count = 3;
	assert_int_equal(next_date_find(out, &ask, &supply), 3);
	check_date(out[1], "2024-06-03T16:30", "2024-06-04T17:30", true);
	check_date(out[2], "2024-06-04T08:30", "2024-06-04T17:30", false);
	/* The first is an evening one already. */
	ask.count = 2;
	ask.after = at("2024-06-03T17:00");
	assert_int_equal(next_date_find(out, &ask, &supply), 2);
	check_date(out[0], "2024-06-03T17:00", "2024-06-04T17:30", true);
	check_date(out[1], "2024-06-04T08:30", "2024-06-04T17:30", false);
	/* The car is busy on all evenings but Friday's; Saturday's opening is where work begins. */
	ask.after = at("2024-06-03T08:00");
	busy_add(&calendar.seat[0], "2024-06-03T18:00", "2024-06-04T08:00");
	busy_add(&calendar.seat[0], "2024-06-04T18:00", "2024-06-05T08:00");
	busy_add(&calendar.seat[0], "2024-06-05T18:00", "2024-06-06T08:00");
	busy_add(&calendar.seat[0], "2024-06-06T18:00", "2024-06-07T08:00");
	assert_int_equal(next_date_find(out, &ask, &supply), 2);
	check_date(out[0], "2024-06-03T08:30", "2024-06-03T17:30", false);
	check_date(out[1], "2024-06-07T16:30", "2024-06-10T08:45", true);
	ask.whole_day = false;
	assert_int_equal(next_date_find(out, &ask, &supply), 2);
	check_date(out[1], "2024-06-04T08:30", "2024-06-04T17:30", false);
}

static void only_one_level(void **state)
{
	struct next_date out[NEXT_DATE_MAX];
	struct next_date_ask ask = ask_for(60, "2024-06-03T08:00");

	(void)state;
	reset();
	busy_add(&calendar.seat[0], "2024-06-03T10:30", "2026-01-01T00:00");
	ask.count = 9;
	assert_int_equal(next_date_find(out, &ask, &supply), 5);
	check_date(out[0], "2024-06-03T08:30", "2024-06-03T09:30", false);
	check_date(out[1], "2024-06-03T08:45", "2024-06-03T09:45", false);
	check_date(out[4], "2024-06-03T09:30", "2024-06-03T10:30", false);
	/* An evening that shares the only load level is still better than none. */
	calendar.seat[0].len = 0;
	busy_add(&calendar.seat[0], "2024-06-01T00:00", "2024-06-03T13:00");
	busy_add(&calendar.seat[0], "2024-06-04T11:00", "2026-01-01T00:00");
	ask.count = 2;
	ask.whole_day = true;
	ask.after = at("2024-06-03T14:00");
	ask.horizon = at("2024-06-03T20:00");
	assert_int_equal(next_date_find(out, &ask, &supply), 2);
	check_date(out[0], "2024-06-03T14:00", "2024-06-03T15:00", false);
	check_date(out[1], "2024-06-03T16:30", "2024-06-04T09:30", true);
}

static void at_the_door(void **state)
{
	struct next_date out[NEXT_DATE_MAX];
	struct next_date_ask ask = ask_for(90, "2024-03-31T01:20");

	(void)state;
	reset();
	ask.at_desk = false;
	ask.count = 1;
	/* 01:30 + 90 minutes on the wall = 03:00, half an hour later in fact (spring). */
	assert_int_equal(next_date_find(out, &ask, &supply), 1);
	check_date(out[0], "2024-03-31T01:30", "2024-03-31T03:00", false);
	assert_int_equal(out[0].window.until.s - out[0].window.from.s, 1800);
	/* From 01:50 the next reading that exists is 03:00. */
	ask.after = at("2024-03-31T01:50");
	assert_int_equal(next_date_find(out, &ask, &supply), 1);
	check_date(out[0], "2024-03-31T03:00", "2024-03-31T04:30", false);
}

static void horizon(void **state)
{
	struct next_date out[NEXT_DATE_MAX];
	struct next_date_ask ask = ask_for(120, "2024-06-03T08:00");

	(void)state;
	reset();
	ask.horizon = at("2024-06-03T08:30");
	assert_int_equal(next_date_find(out, &ask, &supply), 0);
	ask.horizon.s++;
	assert_int_equal(next_date_find(out, &ask, &supply), 1);
	ask.horizon = ask.after;
	assert_int_equal(next_date_find(out, &ask, &supply), 0);
	ask.horizon.s = INT64_MAX / 2; /* a year is the most that is looked at */
	busy_add(&calendar.seat[0], "2024-06-01T00:00", "2025-06-03T08:00");
	assert_int_equal(next_date_find(out, &ask, &supply), 0);
	calendar.seat[0].span[0].until = at("2025-06-02T13:00");
	assert_int_equal(next_date_find(out, &ask, &supply), 2);
	check_date(out[0], "2025-06-02T14:00", "2025-06-02T16:00", false);
	ask.minutes = INT64_C(1) << 40;
	assert_int_equal(next_date_find(out, &ask, &supply), 0);
	/* Doors that never open. */
	ask.minutes = 120;
	opening = (struct opening){0};
	assert_int_equal(next_date_find(out, &ask, &supply), 0);
}

/* Busy time is jumped over: a year of it costs a handful of questions, holes or not. */
static void year_of_busy_time(void **state)
{
	struct next_date out[NEXT_DATE_MAX];
	struct next_date_ask ask = ask_for(2880, "2024-06-03T08:00");

	(void)state;
	reset();
	busy_add(&calendar.seat[0], "2024-06-01T00:00", "2025-05-20T08:00");
	assert_int_equal(next_date_find(out, &ask, &supply), 2);
	check_date(out[0], "2025-05-20T08:30", "2025-05-22T08:45", false);
	assert_in_range(calendar.calls, 1, 20);
	reset();
	for (int64_t s = ask.after.s; s < ask.after.s + INT64_C(350) * DAY_S; s += DAY_S / 2) {
		struct busy *b = &calendar.seat[0];
		b->span[b->len++] = (struct span){{s}, {s + DAY_S / 4}};
	}
	assert_int_equal(next_date_find(out, &ask, &supply), 2);
	assert_in_range(calendar.calls, 1, 20);
}

static void coming_for_the_car(void **state)
{
	static const struct {
		const char *ready;
		int minutes;
		const char *expected;
	} rows[] = {
		{"2024-06-03T10:00", 15, "2024-06-03T10:00"},
		{"2024-06-03T10:07", 15, "2024-06-03T10:07"},
		{"2024-06-03T12:15", 15, "2024-06-03T12:15"},
		{"2024-06-03T12:16", 15, "2024-06-03T14:00"},
		{"2024-06-03T18:30", 15, "2024-06-04T08:30"},
		{"2024-06-03T18:30", 0, "2024-06-03T18:30"},
		{"2024-06-08T11:50", 15, "2024-06-10T08:30"},
		{"2024-03-30T23:00", 15, "2024-04-01T08:30"},
	};
	struct instant out;

	(void)state;
	reset();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(next_date_return(
			&out, &paris, &opening, at(rows[i].ready), rows[i].minutes));
		assert_int_equal(out.s, at(rows[i].expected).s);
	}
	assert_false(next_date_return(&out, &paris, &opening, at("2024-06-03T10:00"), 271));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_load_levels),
		cmocka_unit_test(end_moves_to_opening),
		cmocka_unit_test(seat_decides),
		cmocka_unit_test(desk_decides),
		cmocka_unit_test(evening_before),
		cmocka_unit_test(only_one_level),
		cmocka_unit_test(at_the_door),
		cmocka_unit_test(horizon),
		cmocka_unit_test(year_of_busy_time),
		cmocka_unit_test(coming_for_the_car),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
