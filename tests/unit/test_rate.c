/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/rate.h"

#include "tests/lib/check.h"

static struct rates rates;

static void check_left(struct rate_left left, uint32_t requests, uint32_t seconds, bool refused)
{
	assert_int_equal(left.requests, requests);
	assert_int_equal(left.seconds, seconds);
	assert_int_equal(left.refused, refused);
}

static void each_name_has_its_minute(void **state)
{
	(void)state;
	rates = (struct rates){.refused = 0};
	check_left(rate_count(&rates, STR("dms"), 2, 1000), 1, 60, false);
	check_left(rate_count(&rates, STR("dms"), 2, 1001), 0, 60, false);
	check_left(rate_count(&rates, STR("dms"), 2, 60999), 0, 1, true);
	check_left(rate_count(&rates, STR("screen"), 2, 60999), 1, 60, false);
	assert_int_equal(rates.refused, 1);
	/* the next minute begins with the first request in it */
	check_left(rate_count(&rates, STR("dms"), 2, 61000), 1, 60, false);
	/* a smaller limit, brought by a reload, holds at once; a larger one too */
	check_left(rate_count(&rates, STR("dms"), 1, 62000), 0, 59, true);
	check_left(rate_count(&rates, STR("dms"), 5, 62000), 3, 59, false);
}

static void many_names_push_out_the_oldest(void **state)
{
	char name[16];

	(void)state;
	rates = (struct rates){.refused = 0};
	for (uint32_t i = 0; i <= RATE_NAMES_MAX; i++) {
		snprintf(name, sizeof name, "t%u", i);
		check_left(rate_count(&rates, str_from(name), 1, 1 + i), 0, 60, false);
	}
	check_left(rate_count(&rates, STR("t2"), 1, 300), 0, 60, true);
	check_left(rate_count(&rates, STR("t0"), 1, 300), 0, 60, false);
}

static void it_is_told_as_structured_fields(void **state)
{
	char buf[RATE_TEXT];

	(void)state;
	assert_str(rate_policy_text(buf, 600), "\"token\";q=600;w=60");
	assert_str(rate_left_text(buf, (struct rate_left){599, 42, false}), "\"token\";r=599;t=42");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_name_has_its_minute),
		cmocka_unit_test(many_names_push_out_the_oldest),
		cmocka_unit_test(it_is_told_as_structured_fields),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
