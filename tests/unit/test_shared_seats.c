/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Stories of late binding among cars of which two sites share some: who could have any car makes
 * room for who cannot, what is promised to the other site stays among the shared, and what is on
 * its way stays what it is.
 */

#include "tests/lib/two_sites.h"

#include "fleet/roster.h"
#include "fleet/standing.h"

/* The one that is not shared serves Paris alone: whoever was promised any car moves onto it. */
static void who_could_have_any_car_makes_room(void **state)
{
	struct str own;

	(void)state;
	own = in_paris(MONDAY_9, TUESDAY_17, OK);
	assert_str(booking_now(own).resource, "P1");
	(void)in_lyon(MONDAY_9, TUESDAY_17, REFUSED_NO_SEAT);
	car("P2", "levante", "");
	(void)in_lyon(MONDAY_9, TUESDAY_17, OK);
	assert_str(booking_now(own).resource, "P2");
	(void)in_paris(MONDAY_9, TUESDAY_17, REFUSED_NO_SEAT);
	car("P3", "levante", "");
	(void)in_lyon(MONDAY_9, TUESDAY_17, REFUSED_NO_SEAT); /* free, but it stays in Paris */
	(void)in_paris(MONDAY_9, TUESDAY_17, OK);
}

static void a_shared_promise_moves_to_a_shared_car_alone(void **state)
{
	struct str away = in_lyon(MONDAY_9, TUESDAY_17, OK);

	(void)state;
	car("P2", "levante", "");
	verb(VERB_BOOKING_MOVE, away, "{\"resource\":\"P2\"}", REFUSED_NO_SEAT);
	dealer_must(&w, VERB_BLOCK_ADD, "PAR", "P1",
		"{\"from\":\"" TUESDAY_9 "\",\"reason\":\"brakes\",\"until\":\"" TUESDAY_17 "\"}",
		REFUSED_PROMISES_BROKEN);
	car("P3", "levante", LYON_90);
	dealer_must(&w, VERB_BLOCK_ADD, "PAR", "P1",
		"{\"from\":\"" TUESDAY_9 "\",\"reason\":\"brakes\",\"until\":\"" TUESDAY_17 "\"}",
		OK);
	assert_str(booking_now(away).resource, "P3");
	claims(away, minute_of(MONDAY_9) - 90, minute_of(TUESDAY_17) + 90 + 60);
}

/* Who would have to have its place moves before it has left, and not any more. */
static void what_is_on_its_way_stays(void **state)
{
	static const char brakes[] =
		"{\"from\":\"" TUESDAY_9 "\",\"reason\":\"brakes\",\"until\":\"" TUESDAY_17 "\"}";
	struct str away = in_lyon(MONDAY_9, TUESDAY_17, OK), late;

	(void)state;
	car("P3", "levante", LYON_90);
	late = in_paris(WEDNESDAY_9, WEDNESDAY_17, OK);
	verb(VERB_BOOKING_MOVE, late, "{\"resource\":\"P3\"}", OK);
	verb(VERB_BOOKING_PIN, late, "{}", OK);
	dealer_at(&w, "2026-03-16T08:00:00+01:00"); /* it left at half past seven */
	(void)in_paris("2026-03-16T12:00:00+01:00", WEDNESDAY_17, REFUSED_NO_SEAT);
	dealer_must(&w, VERB_BLOCK_ADD, "PAR", "P1", brakes, REFUSED_PROMISES_BROKEN);
	verb(VERB_BOOKING_EXTEND, away, "{\"reason\":\"parts\",\"until\":\"" WEDNESDAY_17 "\"}",
		OK);
	assert_str(booking_now(away).resource, "P1");
}

static void what_has_not_left_makes_room(void **state)
{
	struct str away = in_lyon(MONDAY_9, TUESDAY_17, OK), late;

	(void)state;
	car("P3", "levante", LYON_90);
	late = in_paris(WEDNESDAY_9, WEDNESDAY_17, OK);
	verb(VERB_BOOKING_MOVE, late, "{\"resource\":\"P3\"}", OK);
	verb(VERB_BOOKING_PIN, late, "{}", OK);
	dealer_at(&w, "2026-03-16T07:00:00+01:00");
	(void)in_paris("2026-03-16T12:00:00+01:00", WEDNESDAY_17, OK);
	assert_str(booking_now(away).resource, "P3");
}

/* Whatever sites are called, none takes the count of another for its own. */
static void each_site_counts_for_itself(void **state)
{
	struct standing standing;
	struct str number = STR_NULL;
	struct view v;
	struct txn t;

	(void)state;
	(void)in_paris(MONDAY_9, TUESDAY_9, OK);
	(void)in_paris(TUESDAY_17, WEDNESDAY_9, OK);
	site("nPAR", "{}");
	site("bPAR", "{}");
	number = json_str_at(
		dealer_row(&w, ROW_BOOKING,
			in_paris("2026-03-19T09:00:00+01:00", "2026-03-19T17:00:00+01:00", OK)),
		"number");
	assert_str(number, "PAR-000003");
	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_non_null(roster_of(&v, STR("bPAR")));
	standing_count(&v, &standing);
	fleet_look_end(&v);
	assert_int_equal(standing.state[BOOKING_BOOKED], 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SHARED(who_could_have_any_car_makes_room),
		SHARED(a_shared_promise_moves_to_a_shared_car_alone),
		SHARED(what_is_on_its_way_stays),
		SHARED(each_site_counts_for_itself),
		SHARED(what_has_not_left_makes_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
