/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that what was given up comes back under its own number where the seat can still be given,
 * and only there. */

#include "tests/lib/story.h"

static struct str grecale(const char *from, const char *until, enum outcome expected)
{
	return book("loaner_brand", "grecale", from, until, expected);
}

static struct str levante(void)
{
	return book("loaner_brand", "levante", MONDAY_8_30, WEDNESDAY_17, OK);
}

static void cancel(struct str id)
{
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", id.p, "{\"reason\":\"plans\"}", OK);
}

static void reinstate(struct str id, enum outcome expected)
{
	dealer_must(&w, VERB_BOOKING_REINSTATE, "LYO", id.p, "{}", expected);
}

static struct json private_now(struct str id)
{
	struct json words;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	words = private_open(&v, json_get(booking_now(id).doc, "private"));
	fleet_look_end(&v);
	return words;
}

static void what_was_cancelled_comes_back_as_it_was(void **state)
{
	struct str id = levante();
	struct booking before = booking_now(id), b;

	(void)state;
	cancel(id);
	assert_str(json_str_at(private_now(id), "reason"), "plans");
	reinstate(id, OK);
	b = booking_now(id);
	assert_int_equal(b.status, BOOKING_BOOKED);
	assert_true(str_eq(b.number, before.number));
	assert_true(str_eq(b.visit, before.visit));
	assert_int_equal(b.from.s, before.from.s);
	assert_int_equal(b.until.s, before.until.s);
	assert_str(b.resource, "L1");
	assert_int_equal(b.claims_len, 3); /* the car and a desk at both ends, as at first */
	assert_false(json_present(json_get(private_now(id), "reason")));
	reinstate(id, REFUSED_STATE);
}

/* Its own seat was given away meanwhile, and another of its class is there. */
static void another_seat_of_the_class_will_do(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17, OK);
	struct str seat = arena_printf(&w.arena, "%.*s", STR_FMT(booking_now(id).resource));

	(void)state;
	cancel(id);
	block(seat.p, MONDAY_8_30, WEDNESDAY_17);
	reinstate(id, OK);
	assert_false(str_eq(booking_now(id).resource, seat));
	assert_true(booking_now(id).resource.n > 0);
}

/* Both seats were given away for some of the time: the others change places. */
static void others_change_places_for_it(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17, OK), first, second;

	(void)state;
	cancel(id);
	first = grecale(MONDAY_9, "2026-03-16T12:00:00+01:00", OK);
	second = grecale("2026-03-17T09:00:00+01:00", TUESDAY_12, OK);
	if (str_eq(booking_now(first).resource, booking_now(second).resource))
		dealer_must(&w, VERB_BOOKING_MOVE, "LYO", second.p,
			str_is(booking_now(first).resource, "G1") ? "{\"resource\":\"G2\"}"
								  : "{\"resource\":\"G1\"}",
			OK);
	reinstate(id, OK);
	assert_true(str_eq(booking_now(first).resource, booking_now(second).resource));
	assert_false(str_eq(booking_now(first).resource, booking_now(id).resource));
}

static void a_seat_that_was_given_away_is_not_promised_twice(void **state)
{
	struct str id = levante();
	struct command *c;

	(void)state;
	cancel(id);
	book("loaner_brand", "levante", MONDAY_9, TUESDAY_12, OK);
	c = dealer_do(&w, VERB_BOOKING_REINSTATE, "LYO", id.p, "{}", "again");
	assert_int_equal(c->outcome, REFUSED_NO_SEAT);
	assert_true(c->seq > 0); /* answered again by its key, with alternatives found anew */
	command_free(c);
	assert_int_equal(booking_now(id).status, BOOKING_CANCELLED);
}

static void a_pinned_car_is_the_only_one(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17, OK), seat;

	(void)state;
	dealer_must(&w, VERB_BOOKING_PIN, "LYO", id.p, "{}", OK);
	seat = arena_printf(&w.arena, "%.*s", STR_FMT(booking_now(id).resource));
	cancel(id);
	block(seat.p, MONDAY_8_30, WEDNESDAY_17);
	reinstate(id, REFUSED_NO_SEAT);
	dealer_must(&w, VERB_BOOKING_UNPIN, "LYO", id.p, "{}", REFUSED_STATE);
}

/* He came after all, hours late: the desk time of the morning is not asked for again. */
static void who_did_not_show_up_comes_late(void **state)
{
	struct str id = levante();

	(void)state;
	dealer_at(&w, MONDAY_9);
	dealer_must(&w, VERB_BOOKING_NO_SHOW, "LYO", id.p, "{}", OK);
	dealer_at(&w, "2026-03-16T13:00:00+01:00");
	reinstate(id, OK);
	assert_int_equal(booking_now(id).status, BOOKING_BOOKED);
	assert_int_equal(booking_now(id).claims_len, 2);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
}

static void nothing_comes_back_when_its_time_is_over(void **state)
{
	struct str id = levante();

	(void)state;
	cancel(id);
	dealer_at(&w, WEDNESDAY_17);
	reinstate(id, REFUSED_INVALID);
	assert_int_equal(booking_now(id).status, BOOKING_CANCELLED);
}

static struct str lapsed(const char *vin)
{
	struct json answer;
	struct str text =
		dealer_offer(&w, vin, "maintenance", 120, MONDAY_8_30, WEDNESDAY_17, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"accept_customer_minor\":99999999,\"class\":\"levante\",\"hold_minutes\":10,"
		"\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
		STR_FMT(text));
	struct str id = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);

	reinstate(id, REFUSED_STATE); /* what is held is not lost yet */
	dealer_at(&w, "2026-03-02T09:30:00+01:00");
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
	assert_int_equal(booking_now(id).status, BOOKING_EXPIRED);
	return id;
}

static void a_lapsed_hold_is_booked_for_whom_it_was(void **state)
{
	struct str id = lapsed(DEALER_VIN);

	(void)state;
	reinstate(id, OK);
	assert_int_equal(booking_now(id).status, BOOKING_BOOKED);
	assert_str(booking_now(id).customer, "C1");
}

static void a_hold_for_nobody_is_no_promise(void **state)
{
	struct str id = lapsed(NULL);

	(void)state;
	reinstate(id, REFUSED_INVALID);
	assert_int_equal(booking_now(id).status, BOOKING_EXPIRED);
}

/* The legs of a fetched car are driven again, by whoever is free. */
static void legs_are_planned_again(void **state)
{
	struct str id = book("pickup_delivery", NULL, MONDAY_9, TUESDAY_12, OK);

	(void)state;
	cancel(id);
	assert_int_equal(booking_now(id).claims_len, 0);
	reinstate(id, OK);
	assert_int_equal(booking_now(id).claims_len, 2);
	assert_int_equal(json_count(json_get(booking_now(id).doc, "legs")), 2);
}

/* Decided anew: the cover that was found meanwhile pays. */
static void its_terms_are_decided_anew(void **state)
{
	struct str id = dealer_book(&w, DEALER_VIN_BARE, NULL, "loaner_brand", "levante",
		MONDAY_8_30, WEDNESDAY_17, OK);

	(void)state;
	assert_str(json_str_at(json_get(booking_now(id).doc, "terms"), "decision"), "paid");
	cancel(id);
	dealer_must(&w, VERB_COVER_CHECK, "directory", DEALER_VIN_BARE,
		"{\"coverages\":[{\"programme\":\"TESTWAR\",\"start_on\":\"2025-05-02\"}],"
		"\"source\":\"portal\"}",
		OK);
	reinstate(id, OK);
	assert_str(json_str_at(json_get(booking_now(id).doc, "terms"), "decision"), "free");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(what_was_cancelled_comes_back_as_it_was),
		STORY(another_seat_of_the_class_will_do),
		STORY(others_change_places_for_it),
		STORY(a_seat_that_was_given_away_is_not_promised_twice),
		STORY(a_pinned_car_is_the_only_one),
		STORY(who_did_not_show_up_comes_late),
		STORY(nothing_comes_back_when_its_time_is_over),
		STORY(a_lapsed_hold_is_booked_for_whom_it_was),
		STORY(a_hold_for_nobody_is_no_promise),
		STORY(legs_are_planned_again),
		STORY(its_terms_are_decided_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
