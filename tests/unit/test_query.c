/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Query strings: decoding, unknown and repeated names, forms, times on the site's clock. */

#include "server/env_uv.h"
#include "server/query.h"
#include "tests/lib/check.h"

static const char *const colours[] = {"red", "green", NULL};
static const struct query_field fields[] = {
	{.name = "site", .type = QUERY_ID, .required = true},
	{.name = "q", .type = QUERY_TEXT},
	{.name = "limit", .type = QUERY_INT, .min = 1, .max = 500},
	{.name = "from", .type = QUERY_INSTANT},
	{.name = "colour", .type = QUERY_CHOICE, .values = colours},
	{.name = "month", .type = QUERY_MONTH},
	{.name = "day", .type = QUERY_DAY},
	{0},
};

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_MAX_DEFAULT);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

static void decoding(void **state)
{
	static const struct {
		const char *raw, *text; /* NULL: refused */
	} table[] = {
		{"", ""}, {"abc", "abc"}, {"a+b", "a b"}, {"a%2Bb", "a+b"},
		{"Lef%C3%A8vre", "Lef\xc3\xa8vre"}, {"%41%5a%7A", "AZz"}, {"%", NULL}, {"%4", NULL},
		{"%4g", NULL}, {"%00", NULL}, {"%C3", NULL}, {"%FF", NULL},
		{"%ED%A0%80", NULL}, /* a surrogate is not UTF-8 */
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct str got = query_decode(&arena, str_from(table[i].raw));
		if (table[i].text)
			assert_str(got, table[i].text);
		else
			assert_null(got.p);
	}
}

static void refusals(void **state)
{
	static const struct {
		const char *raw, *why;
	} table[] = {
		{"", "\"site\" is required"},
		{"site=", "\"site\" is required"},
		{"site=LYO&sites=LYO", "\"sites\" is not a parameter of this address"},
		{"site=LYO&site=NYC", "\"site\" is given twice"},
		{"site=L%20Y", "\"site\" must be 1 to 40 of A-Z a-z 0-9 . _ -"},
		{"site=AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDDE",
			"\"site\" must be 1 to 40 of A-Z a-z 0-9 . _ -"},
		{"site=LYO&limit=0", "\"limit\" must be a whole number from 1 to 500"},
		{"site=LYO&limit=501", "\"limit\" must be a whole number from 1 to 500"},
		{"site=LYO&limit=1.5", "\"limit\" must be a whole number from 1 to 500"},
		{"site=LYO&limit=9999999999999999999999",
			"\"limit\" must be a whole number from 1 to 500"},
		{"site=LYO&limit=-", "\"limit\" must be a whole number from 1 to 500"},
		{"site=LYO&colour=blue", "\"colour\" must be one of red, green"},
		{"site=LYO&day=2026-02-29", "\"day\" must be a date such as 2026-03-16"},
		{"site=LYO&day=1969-12-31", "\"day\" must be a date such as 2026-03-16"},
		{"site=LYO&day=2026-03-16T00:00", "\"day\" must be a date such as 2026-03-16"},
		{"site=LYO&month=2026-13", "\"month\" must be a month such as 2026-03"},
		{"site=LYO&month=2026-3", "\"month\" must be a month such as 2026-03"},
		{"site=LYO&month=2026-03-01", "\"month\" must be a month such as 2026-03"},
		{"site=LYO&q=%0A", "\"q\" is too long or holds control characters"},
		{"site=%", "the query string has a broken % escape or is not UTF-8"},
		{"a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a",
			"\"a\" is not a parameter of this address"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct query q;
		struct str why = STR_NULL;
		assert_false(query_read(&q, &arena, str_from(table[i].raw), fields, &why));
		assert_str(why, table[i].why);
	}
}

static void too_many_pairs(void **state)
{
	char raw[4 * QUERY_PAIRS_MAX + 8] = "";
	struct query q;
	struct str why = STR_NULL;
	(void)state;
	memset(raw, '&', QUERY_PAIRS_MAX + 1);
	assert_false(query_read(&q, &arena, str_from(raw), fields, &why));
	assert_str(why, "the query string has too many parameters");
}

static void no_table(void **state)
{
	struct query q;
	struct str why = STR_NULL;
	(void)state;
	assert_true(query_read(&q, &arena, STR_NULL, NULL, &why));
	assert_false(query_read(&q, &arena, STR("a=1"), NULL, &why));
	assert_str(why, "\"a\" is not a parameter of this address");
}

static void values(void **state)
{
	struct query q;
	struct str why = STR_NULL;
	(void)state;
	assert_true(query_read(
		&q, &arena, STR("q=a%26b+c&&limit=25&site=LYO-1&colour=green"), fields, &why));
	assert_str(query_text(&q, "site"), "LYO-1");
	assert_str(query_text(&q, "q"), "a&b c");
	assert_str(query_text(&q, "colour"), "green");
	assert_int_equal(query_int(&q, "limit", 7), 25);
	assert_true(query_read(&q, &arena, STR("site=LYO&month=2026-03"), fields, &why));
	assert_int_equal(query_month(&q, "month").n, day_from_civil(2026, 3, 1).n);
	assert_true(query_read(&q, &arena, STR("site=LYO&day=2028-02-29"), fields, &why));
	assert_int_equal(query_day(&q, "day").n, day_from_civil(2028, 2, 29).n);
	assert_null(query_text(&q, "from").p);
	assert_true(query_read(&q, &arena, STR("site=x"), fields, &why));
	assert_int_equal(query_int(&q, "limit", 7), 7);
}

/* Paris: clocks go forward on 29 March 2026 at 02:00, back on 25 October at 03:00. */
static void instants(void **state)
{
	static const struct {
		const char *raw;
		int64_t s;
		const char *fault; /* NULL: good */
	} table[] = {
		{"2026-03-02T08:30:00Z", 1772440200, NULL},
		{"2026-03-02T09:30:00%2B01:00", 1772440200, NULL},
		{"2026-03-02T09:30:00+01:00", 1772440200, NULL}, /* the plus arrives as a blank */
		{"2026-03-02T09:30", 1772440200, NULL},
		{"2026-03-02T09:30:00", 1772440200, NULL},
		{"2026-03-02", 1772406000, NULL},
		{"2026-10-25T02:30:00%2B02:00", 1792888200, NULL},
		{"2026-03-29T02:30", 0, "this local time does not exist in Europe/Paris"},
		{"2026-10-25T02:30", 0,
			"this local time exists twice in Europe/Paris: give the offset"},
		{"2026-02-30", 0, "must be a time such as 2026-03-02T08:30:00+01:00"},
		{"1970-01-01T01:00", 0, NULL},
		{"1970-01-01", -3600, "must lie in the years 1970 to 9999"},
		{"yesterday", 0, "must be a time such as 2026-03-02T08:30:00+01:00"},
	};
	const struct zone *paris = env_uv()->zone(env_uv(), STR("Europe/Paris"));
	(void)state;
	assert_non_null(paris);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct query q;
		struct str why = STR_NULL;
		struct instant at = {0};
		static struct faults faults;
		faults.len = 0;
		struct str raw = arena_printf(&arena, "site=L&from=%s", table[i].raw);
		assert_true(query_read(&q, &arena, raw, fields, &why));
		bool good = query_instant(&q, "from", paris, &at, &faults);
		assert_int_equal(good, !table[i].fault);
		assert_int_equal(at.s, table[i].s);
		assert_int_equal(faults.len, good ? 0 : 1);
		if (!good) {
			assert_string_equal(faults.fault[0].pointer, "/from");
			assert_string_equal(faults.fault[0].detail, table[i].fault);
		}
	}
}

static void local_time_without_zone(void **state)
{
	struct query q;
	struct str why = STR_NULL;
	struct instant at;
	static struct faults faults;
	(void)state;
	assert_true(query_read(&q, &arena, STR("site=L&from=2026-03-02T09:30"), fields, &why));
	assert_false(query_instant(&q, "from", NULL, &at, &faults));
	assert_int_equal(faults.len, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(decoding, setup, teardown),
		cmocka_unit_test_setup_teardown(refusals, setup, teardown),
		cmocka_unit_test_setup_teardown(too_many_pairs, setup, teardown),
		cmocka_unit_test_setup_teardown(no_table, setup, teardown),
		cmocka_unit_test_setup_teardown(values, setup, teardown),
		cmocka_unit_test_setup_teardown(instants, setup, teardown),
		cmocka_unit_test_setup_teardown(local_time_without_zone, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
