/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Wrong passwords and their limits: by name, by address, for how long, and what a flood can do. */

#include "server/guess.h"
#include "tests/lib/check.h"

#include <stdlib.h>

enum { NOW_MS = 5000000 };

static struct guesses *fresh(void)
{
	static const uint8_t secret[SEAL_KEY_LEN] = {7};
	struct guesses *g = malloc(sizeof(*g));

	assert_non_null(g);
	guesses_init(g, secret);
	return g;
}

static void a_name_from_wherever(void **state)
{
	struct guesses *g = fresh();

	(void)state;
	for (uint64_t i = 0; i < GUESSES_PER_NAME_MAX; i++)
		assert_int_equal(guess_begin(g, i % 2 ? STR("anna") : STR("ANNA"), i, NOW_MS), 0);
	assert_int_equal(guess_begin(g, STR("anna"), 99, NOW_MS), GUESS_WINDOW_MS / 1000);
	assert_int_equal(
		guess_begin(g, STR("Anna"), 99, NOW_MS + 1000), GUESS_WINDOW_MS / 1000 - 1);
	assert_int_equal(guess_begin(g, STR("berta"), 99, NOW_MS), 0);
	assert_int_equal(g->refused_name, 2);
	assert_int_equal(g->refused_address, 0);
	/* the window ends with all that was in it */
	assert_int_equal(guess_begin(g, STR("anna"), 99, NOW_MS + GUESS_WINDOW_MS - 1), 1);
	assert_int_equal(guess_begin(g, STR("anna"), 99, NOW_MS + GUESS_WINDOW_MS), 0);
	free(g);
}

static void an_address_whatever_the_name(void **state)
{
	struct guesses *g = fresh();
	char name[16];

	(void)state;
	for (int i = 0; i < GUESSES_PER_ADDRESS_MAX; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		assert_int_equal(guess_begin(g, str_from(name), 1, NOW_MS), 0);
	}
	assert_true(guess_begin(g, STR("anna"), 1, NOW_MS) > 0);
	assert_int_equal(guess_begin(g, STR("anna"), 2, NOW_MS), 0);
	assert_int_equal(g->refused_address, 1);
	free(g);
}

static void who_was_right_is_forgiven(void **state)
{
	struct guesses *g = fresh();

	(void)state;
	for (int i = 0; i < 10 * GUESSES_PER_ADDRESS_MAX; i++) {
		assert_int_equal(guess_begin(g, STR("anna"), 1, NOW_MS), 0);
		guess_forgive(g, STR("Anna"), 1);
	}
	guess_forgive(g, STR("nobody"), 2);
	/* many at once count from their beginning */
	for (int i = 0; i < GUESSES_PER_NAME_MAX; i++)
		assert_int_equal(guess_begin(g, STR("anna"), 1, NOW_MS), 0);
	assert_true(guess_begin(g, STR("anna"), 1, NOW_MS) > 0);
	free(g);
}

/* Who is at the limit stays there while names are tried that were never tried before. */
static void a_flood_of_names_frees_nobody(void **state)
{
	struct guesses *g = fresh();
	char name[24];

	(void)state;
	for (uint64_t i = 0; i < GUESSES_PER_NAME_MAX; i++)
		assert_int_equal(guess_begin(g, STR("anna"), i, NOW_MS), 0);
	for (int i = 0; i < 20 * GUESS_SETS; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		(void)guess_begin(g, str_from(name), (uint64_t)i, NOW_MS);
	}
	assert_true(guess_begin(g, STR("anna"), 77, NOW_MS) > 0);
	free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_from_wherever),
		cmocka_unit_test(an_address_whatever_the_name),
		cmocka_unit_test(who_was_right_is_forgiven),
		cmocka_unit_test(a_flood_of_names_frees_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
