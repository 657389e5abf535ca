/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/histogram.h"

#include "tests/lib/check.h"

static struct str told(struct arena *a, const char *label, const struct histogram_bounds *b,
	const struct histogram *h)
{
	struct text t;
	text_init(&t, a, 4096);
	histogram_tell(&t, "x", label, b, h);
	return text_done(&t);
}

/* A value that is a bound belongs to it, what is beyond the last to +Inf alone; lines add up. */
static void counts_are_cumulative(void **state)
{
	static const struct histogram_bounds sizes = {2, {1, 4}, false};
	static const uint64_t values[] = {0, 1, 2, 4, 5, UINT32_MAX};
	struct histogram h = {0};
	struct arena a;

	(void)state;
	arena_init(&a, ARENA_MAX_DEFAULT);
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		histogram_add(&h, &sizes, values[i]);
	assert_str(told(&a, "", &sizes, &h),
		"relais_x_bucket{le=\"1\"} 2\nrelais_x_bucket{le=\"4\"} 4\n"
		"relais_x_bucket{le=\"+Inf\"} 6\nrelais_x_sum 4294967307\nrelais_x_count 6\n");
	arena_deinit(&a);
}

static void seconds_are_told_short(void **state)
{
	static const struct histogram_bounds spans = {3, {2500, 1000000, 10000000}, true};
	struct histogram h = {0};
	struct arena a;

	(void)state;
	arena_init(&a, ARENA_MAX_DEFAULT);
	histogram_add(&h, &spans, 2501);
	assert_str(told(&a, "k=\"v\"", &spans, &h),
		"relais_x_bucket{k=\"v\",le=\"0.0025\"} 0\nrelais_x_bucket{k=\"v\",le=\"1\"} 1\n"
		"relais_x_bucket{k=\"v\",le=\"10\"} 1\nrelais_x_bucket{k=\"v\",le=\"+Inf\"} 1\n"
		"relais_x_sum{k=\"v\"} 0.002501\nrelais_x_count{k=\"v\"} 1\n");
	arena_deinit(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_cumulative),
		cmocka_unit_test(seconds_are_told_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
