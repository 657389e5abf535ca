/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that hand-overs say what a car is like now, without the words that belong to a customer;
 * and that a car which is ready before its time may go at once. */

#include "tests/lib/story.h"

#define TUESDAY_10 "2026-03-17T10:00:00+01:00"
#define TUESDAY_10_20 "2026-03-17T10:20:00+01:00"
#define DENT "{\"kind\":\"dent\",\"zone\":\"bonnet\"}"

static struct json car(const char *id)
{
	return dealer_row(&w, ROW_RESOURCE, str_from(id));
}

static struct json now_of(const char *id)
{
	return json_get(car(id), "now");
}

static struct str out_on_monday(void)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);

	dealer_at(&w, "2026-03-16T08:00:00+01:00");
	dealer_must(&w, VERB_RESOURCE_READY, "LYO", "G1",
		"{\"key\":\"hook 4\",\"where\":\"row B\"}", OK);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"damages\":[" DENT "],\"fuel_percent\":90,\"odometer_km\":8120,"
		"\"resource\":\"G1\"}",
		OK);
	return id;
}

static void a_hand_over_says_what_the_car_is_like(void **state)
{
	struct str id;

	(void)state;
	id = out_on_monday();
	assert_int_equal(json_int_at(car("G1"), "odometer_km", 0), 8120);
	assert_int_equal(json_int_at(now_of("G1"), "fuel_percent", 0), 90);
	assert_false(json_bool_at(now_of("G1"), "ready", true));
	assert_true(json_is_null(json_get(now_of("G1"), "key")));
	assert_true(json_is_null(json_get(now_of("G1"), "where")));
	dealer_at(&w, TUESDAY_10);
	/* What is not said stays; words stay with the customer. */
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p,
		"{\"damages\":[" DENT ",{\"kind\":\"scratch\",\"note\":\"Madame saw it\","
		"\"zone\":\"boot\"},\"smells of dog\"],\"odometer_km\":8300}",
		OK);
	assert_int_equal(json_int_at(car("G1"), "odometer_km", 0), 8300);
	assert_int_equal(json_int_at(now_of("G1"), "fuel_percent", 0), 90);
	assert_str(json_raw(json_get(now_of("G1"), "damages")),
		"[" DENT ",{\"kind\":\"scratch\",\"zone\":\"boot\"}]");
}

static void an_exchange_says_it_of_both(void **state)
{
	struct str id = out_on_monday();

	(void)state;
	dealer_at(&w, TUESDAY_10);
	dealer_must(&w, VERB_BOOKING_EXCHANGE, "LYO", id.p,
		"{\"in\":{\"fuel_percent\":50,\"odometer_km\":8200},\"out\":{\"odometer_km\":100},"
		"\"reason\":\"a lamp\",\"resource\":\"G2\"}",
		OK);
	assert_int_equal(json_int_at(car("G1"), "odometer_km", 0), 8200);
	assert_int_equal(json_int_at(now_of("G1"), "fuel_percent", 0), 50);
	assert_int_equal(json_int_at(car("G2"), "odometer_km", 0), 100);
}

/* Forty-five minutes are planned to make it ready; the preparer needed twenty. */
static void a_car_that_is_ready_may_go_at_once(void **state)
{
	struct str id = out_on_monday(), next;
	struct command *c;
	struct json detail;
	const struct booking_claim *claim;
	struct booking b;

	(void)state;
	next = book("loaner_brand", "grecale", "2026-03-17T10:30:00+01:00",
		"2026-03-18T15:00:00+01:00", OK);
	dealer_at(&w, TUESDAY_10);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
	dealer_at(&w, TUESDAY_10_20);
	c = dealer_do(&w, VERB_BOOKING_CHECK_OUT, "LYO", next.p, "{\"resource\":\"G1\"}",
		NULL);
	assert_int_equal(c->outcome, REFUSED_CAR_NOT_READY);
	assert_string_equal(outcome_slug(c->outcome), "car-not-ready");
	detail = arena_json(&w.arena, arena_copy(&w.arena, c->detail), NULL);
	assert_str(json_str_at(detail, "booking"), id.p);
	assert_str(json_str_at(detail, "ready_from"), "2026-03-17T09:45:00Z");
	assert_str(json_str_at(detail, "resource"), "G1");
	command_free(c);
	dealer_must(&w, VERB_RESOURCE_READY, "LYO", "G1", "{}", OK);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", next.p, "{\"resource\":\"G1\"}", OK);
	booking_read(&b, dealer_row(&w, ROW_BOOKING, id));
	claim = &b.claims[0];
	assert_int_equal(claim->row.until, minute_down(w.still.now));
	/* It was out until it was back, all the same. */
	assert_int_equal(booking_use_end(&b, claim, 45), minute_up(b.left_at));
}

static void what_is_out_is_not_freed_by_a_tap(void **state)
{
	struct str id = out_on_monday();
	struct booking before, after;

	(void)state;
	booking_read(&before, dealer_row(&w, ROW_BOOKING, id));
	dealer_at(&w, TUESDAY_10);
	dealer_must(&w, VERB_RESOURCE_READY, "LYO", "G1", "{}", OK);
	booking_read(&after, dealer_row(&w, ROW_BOOKING, id));
	assert_int_equal(after.claims[0].row.until, before.claims[0].row.until);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_hand_over_says_what_the_car_is_like),
		STORY(an_exchange_says_it_of_both),
		STORY(a_car_that_is_ready_may_go_at_once),
		STORY(what_is_out_is_not_freed_by_a_tap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
