/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that a hold lasts as long as it may, and ends by an entry alone: what is over by the clock
 * and not yet by the journal is held for every reader, and may still be booked. */

#include "tests/lib/story.h"

#include "fleet/render.h"

/* A hold of the only Levante for a covered car, or for nobody known. */
static struct str hold(const char *minutes, const char *vin, enum outcome expected)
{
	struct json answer;
	struct str text =
		dealer_offer(&w, vin, "maintenance", 120, MONDAY_8_30, WEDNESDAY_17, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"accept_customer_minor\":99999999,\"class\":\"levante\",\"hold_minutes\":%s,"
		"\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
		minutes, STR_FMT(text));

	return dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, expected);
}

static void site_holds(const char *minutes)
{
	struct json set = arena_json(
		&w.arena, arena_printf(&w.arena, "{\"hold_minutes\":%s}", minutes), NULL);
	struct str body = doc_merge(&w.arena, dealer_row(&w, ROW_SITE, STR("LYO")), set);
	struct command *c =
		dealer_put(&w, VERB_SITE_PUT, "LYO", "LYO", arena_copy(&w.arena, body).p, "*");

	assert_int_equal(c->outcome, OK);
	command_free(c);
}

static bool levante_is_free(void)
{
	struct span span = {w.still.now, w.still.now};
	struct json answer;
	struct local l;
	struct view v;
	struct txn t;

	assert_true(instant_parse(&l, STR(MONDAY_8_30)));
	span.from = local_instant(l);
	assert_true(instant_parse(&l, STR(WEDNESDAY_17)));
	span.until = local_instant(l);
	fleet_look(w.fleet, &v, &t, &w.arena);
	answer = arena_json(&w.arena,
		render_availability(&v, STR("LYO"), STR("loaner_brand"), STR("levante"), span),
		NULL);
	fleet_look_end(&v);
	return json_int_at(answer, "free", -1) > 0;
}

static void a_hold_lasts_two_minutes_to_a_day(void **state)
{
	struct booking b;
	struct str id;

	(void)state;
	hold("1", DEALER_VIN, REFUSED_INVALID);
	hold("-5", DEALER_VIN, REFUSED_INVALID);
	hold("1441", DEALER_VIN, REFUSED_INVALID);
	id = hold("1440", DEALER_VIN, OK);
	b = booking_now(id);
	assert_int_equal(b.status, BOOKING_HELD);
	assert_int_equal(b.hold_until.s, w.still.now.s + 86400);
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", id.p, "{\"reason\":\"no\"}", OK);
	b = booking_now(hold("2", DEALER_VIN, OK));
	assert_int_equal(b.hold_until.s, w.still.now.s + 120);
}

static void nought_minutes_book_at_once(void **state)
{
	struct booking b = booking_now(hold("0", DEALER_VIN, OK));

	(void)state;
	assert_int_equal(b.status, BOOKING_BOOKED);
	assert_false(b.has_hold_until);
	hold("0", NULL, REFUSED_INVALID); /* nobody is known, so nobody is promised anything */
}

static void a_site_may_hold_shorter(void **state)
{
	(void)state;
	site_holds("30");
	hold("31", DEALER_VIN, REFUSED_INVALID);
	hold("30", DEALER_VIN, OK);
	site_holds("44640"); /* as it was taken once: a day is the most all the same */
	hold("1441", DEALER_VIN, REFUSED_INVALID);
}

static void what_is_over_is_held_until_its_entry(void **state)
{
	struct str id = hold("10", NULL, OK);

	(void)state;
	dealer_at(&w, "2026-03-02T09:45:00+01:00"); /* over since half an hour, no timer yet */
	assert_int_equal(booking_now(id).status, BOOKING_HELD);
	assert_false(levante_is_free());
	hold("10", NULL, REFUSED_NO_SEAT);
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
	assert_int_equal(booking_now(id).status, BOOKING_EXPIRED);
	assert_true(levante_is_free());
	hold("10", NULL, OK);
}

static void what_is_over_may_be_booked_before_its_entry(void **state)
{
	struct str id = hold("10", NULL, OK);

	(void)state;
	dealer_at(&w, "2026-03-02T09:45:00+01:00");
	dealer_must(&w, VERB_BOOKING_BOOK, "LYO", id.p, "{\"customer\":\"C2\"}", OK);
	assert_int_equal(booking_now(id).status, BOOKING_BOOKED);
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
	assert_int_equal(booking_now(id).status, BOOKING_BOOKED); /* the timer came too late */
	assert_false(levante_is_free());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_hold_lasts_two_minutes_to_a_day),
		STORY(nought_minutes_book_at_once),
		STORY(a_site_may_hold_shorter),
		STORY(what_is_over_is_held_until_its_entry),
		STORY(what_is_over_may_be_booked_before_its_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
