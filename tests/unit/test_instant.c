/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/instant.h"

#include "tests/lib/check.h"

static struct day day_of(const char *text)
{
	struct day d = {0};

	if (!day_parse(&d, str_from(text)))
		fail_msg("%s", text);
	return d;
}

static void check_day(struct day d, const char *expected)
{
	char buf[DAY_TEXT];

	assert_str(day_print(d, buf), expected);
}

/* Walks every day of the range with a calendar of its own and compares. */
static void every_day(void **state)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = 1970, month = 1, day = 1, weekday = 4;

	(void)state;
	for (int32_t n = 0; year <= 9999; n++) {
		int y, m, d, len = lengths[month - 1];
		day_to_civil((struct day){n}, &y, &m, &d);
		if (y != year || m != month || d != day ||
			day_weekday((struct day){n}) != weekday ||
			day_from_civil(year, month, day).n != n)
			fail_msg("day %d is not %d-%d-%d", n, year, month, day);
		if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
			len = 29;
		weekday = weekday % 7 + 1;
		if (++day > len) {
			day = 1;
			if (++month > 12) {
				month = 1;
				year++;
			}
		}
	}
}

static void validity(void **state)
{
	(void)state;
	assert_true(day_is_valid(2024, 2, 29));
	assert_true(day_is_valid(2000, 2, 29));
	assert_false(day_is_valid(2023, 2, 29));
	assert_false(day_is_valid(2100, 2, 29));
	assert_false(day_is_valid(2024, 4, 31));
	assert_false(day_is_valid(2024, 0, 1));
	assert_false(day_is_valid(2024, 13, 1));
	assert_false(day_is_valid(2024, 1, 0));
	assert_false(day_is_valid(1969, 12, 31));
	assert_false(day_is_valid(10000, 1, 1));
}

static void months(void **state)
{
	static const struct {
		const char *from;
		int months;
		const char *to;
	} rows[] = {
		{"2024-01-31", 1, "2024-02-29"},
		{"2023-01-31", 1, "2023-02-28"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"},
		{"2024-12-15", 1, "2025-01-15"},
		{"2024-01-15", -1, "2023-12-15"},
		{"2024-03-31", -1, "2024-02-29"},
		{"2024-03-31", -13, "2023-02-28"},
		{"2024-05-31", 0, "2024-05-31"},
		{"9999-12-31", -1, "9999-11-30"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check_day(day_add_months(day_of(rows[i].from), rows[i].months), rows[i].to);
	assert_int_equal(day_add_months(day_of("9999-12-31"), 1).n, day_of("9999-12-31").n + 31);
}

static void full_years(void **state)
{
	static const struct {
		const char *since, *on;
		int years;
	} rows[] = {
		{"1980-04-12", "2024-04-11", 43},
		{"1980-04-12", "2024-04-12", 44},
		{"2000-02-29", "2018-02-28", 17},
		{"2000-02-29", "2018-03-01", 18},
		{"2000-02-29", "2020-02-29", 20},
		{"2000-03-01", "2018-02-28", 17},
		{"2024-05-01", "2024-05-01", 0},
		{"2024-05-01", "2024-04-30", -1},
		{"2024-05-01", "2023-05-01", -1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(
			day_full_years(day_of(rows[i].since), day_of(rows[i].on)), rows[i].years);
}

static void day_text(void **state)
{
	static const char *const bad[] = {"", "2024-02-30", "2024-2-03", "2024-02-3", "20240203",
		"2024-02-03 ", " 2024-02-03", "2024/02/03", "1969-12-31", "+024-02-03",
		"2024-02-0x", "2024-02-03T00:00"};
	struct day d;
	char buf[DAY_TEXT];

	(void)state;
	check_day(day_of("1970-01-01"), "1970-01-01");
	check_day(day_of("9999-12-31"), "9999-12-31");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (day_parse(&d, str_from(bad[i])))
			fail_msg("%s", bad[i]);
	assert_str(day_print((struct day){-1}, buf), "1969-12-31");
	assert_str(day_print((struct day){INT32_MAX}, buf), "9999-12-31");
	assert_str(day_print((struct day){INT32_MIN}, buf), "0000-01-01");
}

static void minutes_text(void **state)
{
	static const struct {
		const char *text;
		int minutes;
	} rows[] = {{"00:00", 0}, {"08:30", 510}, {"23:59", 1439}, {"24:00", 1440}, {"24:01", -1},
		{"08:60", -1}, {"8:30", -1}, {"08:30:00", -1}, {"", -1}, {"0830", -1},
		{"-1:30", -1}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int m = -1;
		bool good = minute_of_day_parse(&m, str_from(rows[i].text));
		assert_int_equal(good, rows[i].minutes >= 0);
		if (good)
			assert_int_equal(m, rows[i].minutes);
	}
}

static void instant_text(void **state)
{
	static const struct {
		const char *text, *utc, *local;
	} rows[] = {
		{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00+00:00"},
		{"2024-03-31T09:30:00+02:00", "2024-03-31T07:30:00Z", "2024-03-31T09:30:00+02:00"},
		{"2024-03-01T00:10:05-05:30", "2024-03-01T05:40:05Z", "2024-03-01T00:10:05-05:30"},
		{"2024-02-29T23:59:59.123456789+00:00", "2024-02-29T23:59:59Z",
			"2024-02-29T23:59:59+00:00"},
		{"2024-12-31T23:30:00-00:30", "2025-01-01T00:00:00Z", "2024-12-31T23:30:00-00:30"},
		{"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00"},
	};
	static const char *const bad[] = {"", "2024-03-31", "2024-03-31T09:30Z",
		"2024-03-31T09:30:00", "2024-03-31t09:30:00Z", "2024-03-31 09:30:00Z",
		"2024-03-31T09:30:00z", "2024-03-31T24:00:00Z", "2024-03-31T09:60:00Z",
		"2024-03-31T09:30:60Z", "2024-03-31T09:30:00.Z", "2024-03-31T09:30:00,5Z",
		"2024-03-31T09:30:00+0200", "2024-03-31T09:30:00+02", "2024-03-31T09:30:00+24:00",
		"2024-03-31T09:30:00+02:60", "2024-03-31T09:30:00+-2:00", "2024-03-31T09:30:00Z ",
		"2023-02-29T09:30:00Z", "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"};
	char buf[INSTANT_TEXT];
	struct local l;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(instant_parse(&l, str_from(rows[i].text)));
		assert_str(instant_print_utc(local_instant(l), buf), rows[i].utc);
		assert_str(local_print(l, buf), rows[i].local);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (instant_parse(&l, str_from(bad[i])))
			fail_msg("%s", bad[i]);
	/* Paris before 1911 was 9 min 21 s ahead: the text keeps the instant. */
	assert_str(local_print((struct local){561, 561}, buf), "1970-01-01T00:09:00+00:09");
	assert_str(local_print((struct local){-2670, -2670}, buf), "1969-12-31T23:15:00-00:45");
}

static void wall_text(void **state)
{
	static const char *const bad[] = {"", "1970-01-02", "1970-01-02T", "1970-01-02T01",
		"1970-01-02T01:0", "1970-01-02T01:00:", "1970-01-02T01:00:60", "1970-01-02T01:00Z",
		"1970-01-02T24:00", "1970-01-02T01:00:00.5", "1970-01-02 01:00"};
	int64_t wall_s;

	(void)state;
	assert_true(wall_parse(&wall_s, STR("1970-01-02T01:02")));
	assert_int_equal(wall_s, 86400 + 3720);
	assert_true(wall_parse(&wall_s, STR("1970-01-02T01:02:03")));
	assert_int_equal(wall_s, 86400 + 3723);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (wall_parse(&wall_s, str_from(bad[i])))
			fail_msg("%s", bad[i]);
}

static void local_days(void **state)
{
	(void)state;
	assert_int_equal(local_day((struct local){0, 0}).n, 0);
	assert_int_equal(local_day((struct local){86399, 3600}).n, 0);
	assert_int_equal(local_day((struct local){86400, 3600}).n, 1);
	assert_int_equal(local_day((struct local){-1, 0}).n, -1);
	assert_int_equal(local_day((struct local){-86400, 0}).n, -1);
	assert_true(span_overlaps((struct span){{0}, {10}}, (struct span){{9}, {20}}));
	assert_false(span_overlaps((struct span){{0}, {10}}, (struct span){{10}, {20}}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day),
		cmocka_unit_test(validity),
		cmocka_unit_test(months),
		cmocka_unit_test(full_years),
		cmocka_unit_test(day_text),
		cmocka_unit_test(minutes_text),
		cmocka_unit_test(instant_text),
		cmocka_unit_test(wall_text),
		cmocka_unit_test(local_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
