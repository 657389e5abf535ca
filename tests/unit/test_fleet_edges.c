/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves what happens at the edges of a booking's life: claims that touch, facts that push others
 * aside, clocks that differ, resources that change. Each story was a way to lose a promise or the
 * whole process; after each the chain, the projection and every stored decision are checked. */

#include "tests/lib/story.h"

static uint32_t minute_of(const char *rfc3339)
{
	struct local l;

	assert_true(instant_parse(&l, str_from(rfc3339)));
	return minute_down(local_instant(l));
}

/* ---- claims that touch ---- */

static void two_legs_leave_room_for_the_drivers_way_back(void **state)
{
	(void)state;
	resource("CH2", "chauffeur", "evening", "\"pickup_delivery\"", "1", 30);
	block("CH1", "2026-03-16T06:00:00Z", "2026-03-16T20:00:00Z");
	book("pickup_delivery", NULL, MONDAY_9, "2026-03-16T11:00:00+01:00", REFUSED_NO_SEAT);
	book("pickup_delivery", NULL, MONDAY_9, "2026-03-16T11:30:00+01:00", OK);
}

static void a_loan_shorter_than_its_desk_times_takes_two_desks(void **state)
{
	(void)state;
	book("loaner_brand", "grecale", MONDAY_9, "2026-03-16T09:30:00+01:00", REFUSED_NO_SEAT);
	resource("D2", "desk", "desk", "", "1", 0);
	book("loaner_brand", "grecale", MONDAY_9, "2026-03-16T09:30:00+01:00", OK);
}

static void a_block_takes_every_seat(void **state)
{
	(void)state;
	resource("R3", "allotment", "rental_d", "\"rental\"", "300", 0);
	block("R3", "2026-03-16T06:00:00Z", "2026-03-20T20:00:00Z");
	book("rental", "rental_d", MONDAY_9, WEDNESDAY_17, REFUSED_NO_SEAT);
}

static void a_late_car_makes_way_of_a_ride_in_both_directions(void **state)
{
	struct str loan, ride, blocked;

	(void)state;
	resource("M1", "car", "multi", "\"accompanied_drive\",\"loaner_brand\"", "1", 15);
	blocked = block("S1", "2026-03-17T06:00:00Z", "2026-03-18T20:00:00Z");
	loan = book("loaner_brand", "multi", MONDAY_8_30, TUESDAY_12, OK);
	ride = book("accompanied_drive", NULL, TUESDAY_13, "2026-03-17T17:00:00+01:00", OK);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", loan.p, "{}", OK);
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", loan.p,
		"{\"expected_at\":\"2026-03-17T17:00:00Z\",\"heard\":\"phone\"}", OK);
	assert_true(booking_now(ride).at_risk);
	assert_int_equal(booking_now(ride).claims_len, 2); /* the driver still comes */
	command_free(dealer_put(&w, VERB_BLOCK_REMOVE, "LYO", blocked.p, NULL, "*"));
	dealer_must(&w, VERB_BOOKING_RESCHEDULE, "LYO", ride.p,
		"{\"from\":\"2026-03-17T12:00:00Z\",\"until\":\"2026-03-17T16:00:00Z\"}", OK);
	assert_false(booking_now(ride).at_risk);
}

static void a_ride_in_the_way_takes_another_car(void **state)
{
	struct str loan, ride, blocked;

	(void)state;
	resource("M1", "car", "multi", "\"accompanied_drive\",\"loaner_brand\"", "1", 15);
	blocked = block("S1", "2026-03-17T06:00:00Z", "2026-03-18T20:00:00Z");
	loan = book("loaner_brand", "multi", MONDAY_8_30, TUESDAY_12, OK);
	ride = book("accompanied_drive", NULL, TUESDAY_13, "2026-03-17T17:00:00+01:00", OK);
	command_free(dealer_put(&w, VERB_BLOCK_REMOVE, "LYO", blocked.p, NULL, "*"));
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", loan.p, "{}", OK);
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", loan.p,
		"{\"expected_at\":\"2026-03-17T17:00:00Z\",\"heard\":\"phone\"}", OK);
	assert_false(booking_now(ride).at_risk);
	assert_int_equal(booking_now(ride).claims_len, 4);
}

static void a_swap_gives_a_car_that_serves(void **state)
{
	struct str other, mine;

	(void)state;
	resource("X1", "car", "mix", "\"loaner_brand\",\"loaner_other\"", "1", 0);
	other = book("loaner_other", "mix", MONDAY_8_30, WEDNESDAY_17, OK);
	resource("X2", "car", "mix", "\"loaner_brand\"", "1", 0);
	mine = book("loaner_brand", "mix", MONDAY_9, "2026-03-18T16:00:00+01:00", OK);
	assert_str(booking_now(other).resource, "X1");
	dealer_at(&w, MONDAY_9);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", mine.p, "{\"resource\":\"X1\"}",
		REFUSED_PROMISES_BROKEN);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", mine.p, "{\"resource\":\"X2\"}", OK);
}

static void a_swap_changes_both(void **state)
{
	struct str first = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);
	struct str second =
		book("loaner_brand", "grecale", MONDAY_9, "2026-03-18T16:00:00+01:00", OK);
	struct str planned = booking_now(first).resource, taken = booking_now(second).resource;
	struct str body = arena_printf(&w.arena, "{\"resource\":\"%.*s\"}", STR_FMT(taken));

	(void)state;
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", first.p, body.p, OK);
	assert_true(str_eq(booking_now(first).resource, taken));
	assert_true(str_eq(booking_now(second).resource, planned));
}

static void an_allotment_hands_over_any_of_its_seats(void **state)
{
	struct str mine;

	(void)state;
	mine = book("rental", "rental_c", MONDAY_8_30, WEDNESDAY_17, OK);
	resource("R2", "allotment", "rental_c", "\"rental\"", "2", 0);
	book("rental", "rental_c", MONDAY_8_30, WEDNESDAY_17, OK);
	book("rental", "rental_c", MONDAY_8_30, WEDNESDAY_17, OK); /* R2's first seat */
	resource("R4", "allotment", "rental_c", "\"rental\"", "null", 0);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", mine.p, "{\"resource\":\"R2\"}", OK);
	assert_str(booking_now(mine).resource, "R2");
	mine = book("rental", "rental_c", MONDAY_8_30, WEDNESDAY_17, OK); /* on request */
	assert_str(booking_now(mine).resource, "R4");
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", mine.p, "{\"resource\":\"R1\"}", OK);
	assert_str(booking_now(mine).resource, "R1");
	assert_int_equal(booking_now(mine).claims_len, 1);
}

/* ---- rides and days ---- */

static void a_day_of_an_allotment_neither_grows_nor_shrinks(void **state)
{
	struct str monday, thursday;
	struct booking b;

	(void)state;
	resource("T1", "allotment", "taxi", "\"taxi\"", "1", 0);
	monday = book("taxi", NULL, MONDAY_8_30, WEDNESDAY_17, OK);
	thursday = book("taxi", NULL, "2026-03-19T09:00:00+01:00", "2026-03-20T17:00:00+01:00", OK);
	book("taxi", NULL, MONDAY_9, WEDNESDAY_17, REFUSED_NO_SEAT);
	dealer_at(&w, MONDAY_9);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", monday.p, "{}", OK);
	b = booking_now(monday);
	assert_int_equal(b.claims[0].row.until - b.claims[0].row.from, 1440);
	dealer_at(&w, "2026-03-19T10:00:00+01:00");
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK); /* overdue, but that day is over */
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", monday.p, "{}", OK);
	assert_false(booking_now(thursday).at_risk);
	b = booking_now(monday);
	assert_int_equal(b.claims[0].row.until - b.claims[0].row.from, 1440);
}

/* On the last Sunday of March the clocks go forward at two: that day of the site has 23 hours, and
 * the last of October has 25. */
static void a_day_of_an_allotment_ends_at_the_sites_midnight(void **state)
{
	struct booking b;

	(void)state;
	resource("T1", "allotment", "taxi", "\"taxi\"", "1", 0);
	b = booking_now(
		book("taxi", NULL, "2026-03-29T09:00:00+02:00", "2026-03-29T17:00:00+02:00", OK));
	assert_int_equal(b.claims[0].row.until - b.claims[0].row.from, 23 * 60);
	b = booking_now(
		book("taxi", NULL, "2026-03-30T09:00:00+02:00", "2026-03-30T17:00:00+02:00", OK));
	assert_int_equal(b.claims[0].row.until - b.claims[0].row.from, 24 * 60);
	b = booking_now(
		book("taxi", NULL, "2026-10-25T09:00:00+01:00", "2026-10-25T17:00:00+01:00", OK));
	assert_int_equal(b.claims[0].row.until - b.claims[0].row.from, 25 * 60);
}

static void a_ride_that_is_over_frees_the_driver(void **state)
{
	struct str ride = book("pickup_delivery", NULL, MONDAY_9, WEDNESDAY_17, OK);

	(void)state;
	dealer_at(&w, MONDAY_9);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", ride.p, "{}", OK);
	assert_int_equal(booking_now(ride).claims_len, 2);
	dealer_at(&w, "2026-03-17T09:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", ride.p, "{}", OK);
	assert_int_equal(booking_now(ride).claims_len, 1);
	book("delivery", NULL, TUESDAY_12, WEDNESDAY_17, OK);
}

static void a_ride_moves_to_another_driver(void **state)
{
	struct str ride = book("pickup", NULL, MONDAY_9, WEDNESDAY_17, OK);

	(void)state;
	resource("CH2", "chauffeur", "chauffeur", "\"pickup\"", "1", 0);
	dealer_must(&w, VERB_BOOKING_MOVE, "LYO", ride.p, "{\"resource\":\"CH2\"}", OK);
	assert_str(booking_now(ride).resource, "CH2");
	assert_str(json_str_at(json_item(json_get(booking_now(ride).doc, "legs"), 0), "chauffeur"),
		"CH2");
}

/* ---- facts ---- */

static void an_extension_ends_after_the_car_went_out(void **state)
{
	struct str id = book("loaner_other", "compact", MONDAY_8_30, TUESDAY_12, OK);

	(void)state;
	dealer_at(&w, "2026-03-17T12:01:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{\"at\":\"2026-03-17T11:05:00Z\"}",
		OK); /* another clock, four minutes ahead */
	dealer_must(&w, VERB_BOOKING_EXTEND, "LYO", id.p,
		"{\"reason\":\"parts\",\"until\":\"2026-03-17T11:03:00Z\"}", REFUSED_INVALID);
}

static void an_extension_that_finds_a_seat_names_it(void **state)
{
	struct str first = book("loaner_other", "compact", MONDAY_8_30, TUESDAY_12, OK);
	struct str next = book("loaner_other", "compact", TUESDAY_13, WEDNESDAY_17, OK);

	(void)state;
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", first.p, "{}", OK);
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", first.p,
		"{\"expected_at\":\"2026-03-17T15:00:00Z\",\"heard\":\"phone\"}", OK);
	assert_true(booking_now(next).at_risk);
	resource("O2", "car", "compact", "\"loaner_other\"", "1", 30);
	dealer_must(&w, VERB_BOOKING_EXTEND, "LYO", next.p,
		"{\"reason\":\"parts\",\"until\":\"2026-03-18T17:00:00Z\"}", OK);
	assert_false(booking_now(next).at_risk);
	assert_str(booking_now(next).resource, "O2");
}

static void a_car_cannot_come_back_before_it_left(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);

	(void)state;
	dealer_at(&w, MONDAY_9);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	dealer_at(&w, "2026-03-17T10:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{\"at\":\"2026-03-15T08:00:00Z\"}",
		REFUSED_INVALID);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p,
		"{\"at\":\"2026-03-17T08:30:00Z\",\"left_at\":\"2026-03-17T07:00:00Z\"}", OK);
}

static void a_car_that_was_gone_for_a_year_is_taken_back(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);

	(void)state;
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	dealer_at(&w, "2027-06-01T10:00:00+02:00");
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
	assert_int_equal(booking_now(id).status, BOOKING_RETURNED);
}

/* However little or much too late: what has happened is never refused. */
static void a_car_is_taken_back_any_minute_after_its_end(void **state)
{
	static const int minutes[] = {0, 1, 14, 16, 29, 31, 59, 61, 24 * 60, 30 * 60};
	int64_t monday_s = (int64_t)minute_of(MONDAY_8_30) * 60;
	char from[INSTANT_TEXT], until[INSTANT_TEXT], at[INSTANT_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(minutes); i++, monday_s += 7 * 86400) {
		struct instant start = {monday_s + 3600}, end = {monday_s + 8 * 3600};
		struct instant back = {end.s + minutes[i] * 60};
		instant_print_utc(start, from);
		instant_print_utc(end, until);
		instant_print_utc(back, at);
		struct str id = book("loaner_brand", "grecale", from, until, OK);
		dealer_at(&w, from);
		dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
		dealer_at(&w, at);
		dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
		assert_int_equal(booking_now(id).status, BOOKING_RETURNED);
	}
}

/* A car that is back stands where it was brought: while it is made ready nobody sits in it, and no
 * plan puts it into another's place. */
static void a_car_that_is_made_ready_moves_nowhere(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK), seat;
	bool first;

	(void)state;
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
	first = str_is(booking_now(id).resource, "G1");
	seat = arena_printf(&w.arena, "%.*s", STR_FMT(booking_now(id).resource));
	dealer_must(&w, VERB_BLOCK_ADD, "LYO", seat.p,
		"{\"from\":\"2026-03-16T07:00:00Z\",\"reason\":\"wash\",\"until\":"
		"\"2026-03-16T09:00:00Z\"}",
		REFUSED_PROMISES_BROKEN);
	block(first ? "G2" : "G1", "2026-03-16T12:00:00+01:00", WEDNESDAY_17);
	book("loaner_brand", "grecale", MONDAY_9, WEDNESDAY_17, REFUSED_NO_SEAT);
	book("loaner_brand", "grecale", "2026-03-16T09:15:00+01:00", WEDNESDAY_17, OK);
	assert_int_equal(booking_now(id).status, BOOKING_RETURNED);
	assert_false(booking_now(id).at_risk);
	assert_true(str_eq(booking_now(id).resource, seat));
}

static void one_tick_pushes_every_overdue_car(void **state)
{
	struct str first = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK);
	struct str second =
		book("loaner_brand", "grecale", MONDAY_9, "2026-03-17T12:15:00+01:00", OK);
	struct str hold, next = book("loaner_brand", "grecale", "2026-03-17T13:15:00+01:00",
				 WEDNESDAY_17, OK);
	struct json answer;
	struct str text = dealer_offer(&w, NULL, "maintenance", 120, "2026-03-17T15:00:00+01:00",
			   "2026-03-18T16:00:00+01:00", &answer),
		   body = arena_printf(&w.arena,
			   "{\"class\":\"levante\",\"hold_minutes\":10,\"offer\":\"%.*s\","
			   "\"solution\":\"loaner_brand\"}",
			   STR_FMT(text));

	(void)state;
	hold = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);
	dealer_at(&w, MONDAY_9);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", first.p, "{}", OK);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", second.p, "{}", OK);
	dealer_at(&w, "2026-03-17T12:40:00+01:00");
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
	assert_int_equal(booking_now(hold).status, BOOKING_EXPIRED);
	assert_true(booking_now(first).has_expected);
	assert_true(booking_now(second).has_expected);
	assert_true(booking_now(next).at_risk); /* 13:00 and 45 minutes of turnaround, twice */
}

/* ---- resources that keep their promises ---- */

static void a_resource_keeps_promises_however_many(void **state)
{
	struct instant day = {1773734400}; /* Tuesday 2026-03-17T08:00:00Z */
	struct command *c;
	char from[INSTANT_TEXT], until[INSTANT_TEXT];
	int booked = 0;

	(void)state;
	resource("O2", "car", "tiny", "\"loaner_other\"", "1", 0);
	for (; booked < 70; day.s += 86400) {
		struct instant end = {day.s + 7200};
		if (day_weekday(local_day((struct local){day.s, 0})) > 5 || day.s / 86400 == 20574)
			continue; /* the weekend, the first of May */
		instant_print_utc(day, from);
		instant_print_utc(end, until);
		book("loaner_other", "tiny", from, until, OK);
		arena_reset(&w.arena);
		booked++;
	}
	c = dealer_put(&w, VERB_RESOURCE_PUT, "LYO", "O2",
		"{\"class\":\"tiny\",\"kind\":\"car\",\"label\":\"O2\",\"out_of_service_on\":"
		"\"2026-"
		"06-19\",\"seats\":1,\"site\":\"LYO\",\"solutions\":[\"loaner_other\"],\"status\":"
		"\"active\",\"turnaround_minutes\":0}",
		"*");
	assert_int_equal(c->outcome, REFUSED_IN_USE);
	command_free(c);
	c = dealer_put(&w, VERB_RESOURCE_PUT, "LYO", "O2",
		"{\"class\":\"tiny\",\"in_service_on\":\"2026-03-18\",\"kind\":\"car\",\"label\":"
		"\"O2\",\"seats\":1,\"site\":\"LYO\",\"solutions\":[\"loaner_other\"],\"status\":"
		"\"active\",\"turnaround_minutes\":0}",
		"*");
	assert_int_equal(c->outcome, REFUSED_IN_USE);
	command_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(two_legs_leave_room_for_the_drivers_way_back),
		STORY(a_loan_shorter_than_its_desk_times_takes_two_desks),
		STORY(a_block_takes_every_seat),
		STORY(a_late_car_makes_way_of_a_ride_in_both_directions),
		STORY(a_ride_in_the_way_takes_another_car),
		STORY(a_swap_gives_a_car_that_serves),
		STORY(a_swap_changes_both),
		STORY(an_allotment_hands_over_any_of_its_seats),
		STORY(a_day_of_an_allotment_neither_grows_nor_shrinks),
		STORY(a_day_of_an_allotment_ends_at_the_sites_midnight),
		STORY(a_ride_that_is_over_frees_the_driver),
		STORY(a_ride_moves_to_another_driver),
		STORY(an_extension_ends_after_the_car_went_out),
		STORY(an_extension_that_finds_a_seat_names_it),
		STORY(a_car_cannot_come_back_before_it_left),
		STORY(a_car_that_was_gone_for_a_year_is_taken_back),
		STORY(a_car_is_taken_back_any_minute_after_its_end),
		STORY(a_car_that_is_made_ready_moves_nowhere),
		STORY(one_tick_pushes_every_overdue_car),
		STORY(a_resource_keeps_promises_however_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
