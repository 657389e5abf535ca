/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/outcome.h"

#include "tests/lib/check.h"

#define X(name, slug, status, title) name,
static const enum outcome all[] = {OUTCOMES(X)};
#undef X

static void known(void **state)
{
	(void)state;
	assert_int_equal(OK, 0);
	assert_string_equal(outcome_name(REFUSED_NO_SEAT), "REFUSED_NO_SEAT");
	assert_string_equal(outcome_slug(REFUSED_NO_SEAT), "no-seat");
	assert_int_equal(outcome_status(REFUSED_NO_SEAT), 409);
	assert_int_equal(outcome_status(REFUSED_STALE), 412);
	assert_int_equal(outcome_status(FAULT_UNKNOWN), 503);
	assert_int_equal(outcome_status(REFUSED_TERMS_CHANGED), 409);
	assert_string_equal(outcome_slug(REFUSED_TERMS_CHANGED), "terms-changed");
	assert_string_equal(outcome_title(OK), "Done");
}

static void every_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		const char *slug = outcome_slug(all[i]), *name = outcome_name(all[i]);
		int status = outcome_status(all[i]);
		assert_int_equal(all[i], i);
		assert_true(outcome_title(all[i])[0] != '\0');
		/* The slug is part of an address, so of a closed alphabet. */
		assert_int_equal(strspn(slug, "abcdefghijklmnopqrstuvwxyz-"), strlen(slug));
		assert_int_equal(outcome_from_slug(str_from(slug)), all[i]);
		assert_int_equal(outcome_is_fault(all[i]), strncmp(name, "FAULT_", 6) == 0);
		if (outcome_is_fault(all[i]))
			assert_in_range(status, 500, 503);
		else if (all[i] != OK)
			assert_in_range(status, 400, 429);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(slug, outcome_slug(all[j]));
	}
	assert_int_equal(outcome_from_slug(STR("no-such-slug")), OK);
	assert_int_equal(outcome_from_slug(STR("")), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known),
		cmocka_unit_test(every_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
