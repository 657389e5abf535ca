/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/solution.h"

#include "tests/lib/check.h"

/* What is expected, in words: d driver checked, r must roll, s service area, f fetches, b brings,
 * t receipt. */
static const struct {
	const char *id;
	enum solution_unit unit;
	enum solution_claims claims;
	const char *flags;
} rows[] = {
	{"loaner_brand", UNIT_DAY, CLAIMS_CAR, "d"},
	{"loaner_other", UNIT_DAY, CLAIMS_CAR, "d"},
	{"rental", UNIT_DAY, CLAIMS_ALLOTMENT, "d"},
	{"pickup_delivery", UNIT_LEG, CLAIMS_LEGS, "rsfb"},
	{"pickup", UNIT_LEG, CLAIMS_LEGS, "rsf"},
	{"delivery", UNIT_LEG, CLAIMS_LEGS, "sb"},
	{"taxi", UNIT_TRIP, CLAIMS_DAILY, "t"},
	{"accompanied_drive", UNIT_TRIP, CLAIMS_ACCOMPANY, ""},
	{"public_transport", UNIT_TRIP, CLAIMS_DAILY, "t"},
	{"wait_on_site", UNIT_NONE, CLAIMS_ALLOTMENT, ""},
};

static void table(void **state)
{
	(void)state;
	assert_int_equal(solutions_known_len, ARRAY_LEN(rows));
	for (uint32_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct solution *s = &solutions_known[i];
		char flags[8];
		snprintf(flags, sizeof(flags), "%s%s%s%s%s%s", s->driver_checked ? "d" : "",
			s->needs_drivable ? "r" : "", s->service_area ? "s" : "",
			s->fetches ? "f" : "", s->brings ? "b" : "", s->receipt ? "t" : "");
		assert_str(s->id, rows[i].id);
		assert_string_equal(flags, rows[i].flags);
		assert_int_equal(s->unit, rows[i].unit);
		assert_int_equal(s->claims, rows[i].claims);
		assert_ptr_equal(solution_find(str_from(rows[i].id)), s);
	}
}

static void unknown(void **state)
{
	(void)state;
	assert_null(solution_find(STR("")));
	assert_null(solution_find(STR_NULL));
	assert_null(solution_find(STR("Taxi")));
	assert_null(solution_find(STR("taxi ")));
	assert_null(solution_find(STR("pick")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
