/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves what is kept: the current year and ten more where Europe's makers ask, three in the
 * Americas; a person is due with the last booking. */

#include "fleet/retention.h"
#include "tests/lib/rendering.h"

static uint32_t due;

static void on_due(void *context, struct str customer)
{
	(void)context;
	assert_str(customer, "C1");
	due++;
}

static struct retention counted(const char *now)
{
	struct retention *r = calloc(1, sizeof *r), out;

	assert_non_null(r);
	retention_open(r, at(now));
	r->due = on_due;
	due = 0;
	while (!r->walk.over) {
		assert_true(retention_step(r, look()));
		fleet_look_end(&v);
	}
	out = *r;
	retention_close(r);
	free(r);
	return out;
}

static void markets_keep_what_they_ask(void **state)
{
	(void)state;
	assert_int_equal(retention_years(STR("FR")), 10);
	assert_int_equal(retention_years(STR("IT")), 10);
	assert_int_equal(retention_years(STR("US")), 3);
	assert_int_equal(retention_years(STR_NULL), 10);
}

static void the_year_and_ten_more(void **state)
{
	struct retention r;

	(void)state;
	grecale(MONDAY_8_30, WEDNESDAY_17);
	r = counted("2036-12-31T22:59:59Z");
	assert_int_equal(r.persons, 1);
	assert_int_equal(r.persons_due + due, 0);
	assert_int_equal(r.site[0].kept, 1);
	/* a second later it is 2037 in Paris */
	r = counted("2036-12-31T23:00:00Z");
	assert_int_equal(r.sites, 1);
	assert_int_equal(r.site[0].due, 1);
	assert_int_equal(r.site[0].kept, 0);
	assert_int_equal(r.persons_due, 1);
	assert_int_equal(due, 1);
	grecale("2026-03-23T08:30:00+01:00", "2026-03-25T17:00:00+01:00");
	r = counted("2037-06-01T00:00:00Z");
	assert_int_equal(r.site[0].due, 2);
	assert_int_equal(r.persons_due, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(markets_keep_what_they_ask), CASE(the_year_and_ten_more)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
