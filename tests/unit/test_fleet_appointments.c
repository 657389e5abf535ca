/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that customers come by the rules of their site: what a site may say of its appointments.
 */

#include "tests/lib/book_of_deadlines.h"

/* ---- what a site may say ---- */

static enum outcome say_appointments(const char *rules)
{
	return say_site(arena_printf(&w.arena, "{\"appointments\":%s}", rules));
}

#define HOUSE "{\"customers_per_day\":4,\"reception_minutes\":15"

static void a_site_says_what_makes_sense(void **state)
{
	(void)state;
	assert_int_equal(say_appointments(HOUSE "}"), OK);
	assert_int_equal(say_appointments(HOUSE ",\"templates\":[{\"times\":[\"09:30\"],\"work_"
						"minutes\":480},{\"times\":[\"15:00\",\"15:30\"],"
						"\"work_minutes\":240}]}"),
		OK);
	/* nothing would be left for planned work */
	assert_int_equal(say_appointments(HOUSE ",\"workshop_kept_minutes\":480,\"workshop_minutes_"
						"per_day\":480}"),
		REFUSED_INVALID);
	assert_int_equal(say_appointments(HOUSE ",\"workshop_kept_minutes\":1}"), REFUSED_INVALID);
	/* two templates for the same work; a time that no appointment begins at */
	assert_int_equal(say_appointments(HOUSE ",\"templates\":[{\"times\":[\"09:30\"],\"work_"
						"minutes\":60},{\"times\":[\"10:30\"],\"work_"
						"minutes\":60}]}"),
		REFUSED_INVALID);
	assert_int_equal(say_appointments(HOUSE ",\"templates\":[{\"times\":[\"09:40\"],\"work_"
						"minutes\":60}]}"),
		REFUSED_INVALID);
	assert_int_equal(say_appointments(HOUSE ",\"templates\":[{\"times\":[\"24:00\"],\"work_"
						"minutes\":60}]}"),
		REFUSED_INVALID);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		STORY(a_site_says_what_makes_sense),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
