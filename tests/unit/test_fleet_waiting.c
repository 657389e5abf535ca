/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that a place that frees goes to whoever is at risk, then to the first in the line whom it
 * fits; that he has it held and is called; and that it goes on to the next when nothing comes of
 * it. */

#include "tests/lib/story.h"

#include "fleet/freed.h"
#include "fleet/waiting.h"

#define MONDAY_12 "2026-03-16T12:00:00+01:00"
#define MUST(verb, target, body) dealer_must(&w, verb, "LYO", target, body, OK)

static struct str wait_for(
	const char *vin, const char *customer, const char *class, enum outcome expected)
{
	struct json answer;
	struct str text =
		dealer_offer(&w, vin, "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"%s\",%s%s%s\"hold_minutes\":60,\"offer\":\"%.*s\",\"solution\":"
		"\"loaner_brand\"}",
		class, customer ? "\"customer\":\"" : "", customer ? customer : "",
		customer ? "\"," : "", STR_FMT(text));

	return dealer_must(&w, VERB_WAITING_ADD, "LYO", NULL, body.p, expected);
}

/* Three desks, so that cars alone are what everybody waits for. */
static int open_desks(void **state)
{
	(void)open_dealer(state);
	resource("D2", "desk", "desk", "\"loaner_brand\"", "2", 0);
	return 0;
}

static struct str take(const char *class)
{
	return book("loaner_brand", class, MONDAY_8_30, WEDNESDAY_17, OK);
}

static void tick(void)
{
	MUST(VERB_TICK, NULL, NULL);
}

static void assert_status(struct str waiting, enum waiting_status expected)
{
	struct json doc = dealer_row(&w, ROW_WAITING, waiting);

	assert_string_equal(
		arena_copy(&w.arena, json_str_at(doc, "status")).p, waiting_status_name(expected));
}

static struct str held_for(struct str waiting)
{
	return arena_copy(&w.arena, json_str_at(dealer_row(&w, ROW_WAITING, waiting), "booking"));
}

/* The status of the task to call him; STR_NULL when nobody was told. */
static struct str task_of(struct str booking)
{
	struct key prefix = key_site_task_prefix(STR("LYO"));
	struct str status = STR_NULL;
	struct cursor c;
	struct row row;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	cursor_open(&c, &t, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n + sizeof(uint8_t) + sizeof(uint32_t);
		struct str id;
		assert_true(key_take_text(c.key, &at, &id));
		assert_true(row_get(&v, ROW_TASK, id, &row));
		if (str_eq(json_str_at(row.doc, "booking"), booking) &&
			str_is(json_str_at(row.doc, "kind"), "waiting"))
			status = json_str_at(row.doc, "status");
	}
	cursor_close(&c);
	fleet_look_end(&v);
	return status;
}

static void what_is_free_is_booked_not_waited_for(void **state)
{
	struct str body;
	struct json answer;

	(void)state;
	wait_for(DEALER_VIN, NULL, "levante", REFUSED_INVALID);
	take("levante");
	wait_for(NULL, NULL, "levante", REFUSED_INVALID);	/* nobody who could be called */
	wait_for(DEALER_VIN, NULL, "tractor", REFUSED_NO_SEAT); /* no such class here, ever */
	wait_for(DEALER_VIN, NULL, "levante", OK);
	body = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17, &answer);
	body = arena_printf(&w.arena,
		"{\"class\":\"levante\",\"hold_minutes\":1,\"offer\":\"%.*s\",\"solution\":"
		"\"loaner_brand\"}",
		STR_FMT(body));
	dealer_must(&w, VERB_WAITING_ADD, "LYO", NULL, body.p, REFUSED_INVALID);
}

static void the_first_in_the_line_has_it_held(void **state)
{
	struct str taken = take("levante");
	struct str first = wait_for(DEALER_VIN, NULL, "levante", OK);
	struct str second = wait_for(DEALER_VIN_BARE, NULL, "levante", OK);
	struct booking b;

	(void)state;
	tick();
	assert_status(first, WAITING_IN_LINE);
	MUST(VERB_BOOKING_CANCEL, taken.p, "{\"reason\":\"no\"}");
	tick();
	assert_status(first, WAITING_OFFERED);
	assert_status(second, WAITING_IN_LINE); /* there is one place */
	b = booking_now(held_for(first));
	assert_int_equal(b.status, BOOKING_HELD);
	assert_true(str_is(b.class, "levante") && str_is(b.customer, "C1"));
	assert_int_equal(b.hold_until.s, w.still.now.s + 3600);
	assert_true(str_eq(json_str_at(b.doc, "waiting"), first));
	assert_true(str_is(json_str_at(json_get(b.doc, "offered"), "by"), "tester"));
	assert_true(str_is(task_of(b.id), "open"));
	MUST(VERB_BOOKING_BOOK, held_for(first).p, "{}");
	assert_status(first, WAITING_BOOKED);
	assert_true(str_is(task_of(b.id), "dropped"));
	MUST(VERB_BOOKING_CANCEL, held_for(first).p, "{\"reason\":\"no\"}");
	assert_status(first, WAITING_BOOKED); /* what he waited for, he had */
	tick();
	assert_status(second, WAITING_OFFERED);
}

static void what_lapses_or_is_cancelled_goes_to_the_next(void **state)
{
	struct str taken = take("levante");
	struct str first = wait_for(DEALER_VIN, NULL, "levante", OK);
	struct str second = wait_for(DEALER_VIN_BARE, NULL, "levante", OK);
	struct str third = wait_for(NULL, "C2", "levante", OK);

	(void)state;
	MUST(VERB_BOOKING_CANCEL, taken.p, "{\"reason\":\"no\"}");
	tick();
	w.still.now.s += 3600;
	tick(); /* the same entry lets it lapse and holds it for the next */
	assert_int_equal(booking_now(held_for(first)).status, BOOKING_EXPIRED);
	assert_status(first, WAITING_OVER);
	assert_true(str_is(task_of(held_for(first)), "dropped"));
	assert_status(second, WAITING_OFFERED);
	MUST(VERB_BOOKING_CANCEL, held_for(second).p, "{\"reason\":\"too late\"}");
	assert_status(second, WAITING_OVER);
	assert_status(third, WAITING_IN_LINE);
	tick();
	assert_status(third, WAITING_OFFERED);
}

static void who_waits_for_something_else_is_not_asked(void **state)
{
	struct str taken = take("levante"), one = take("grecale"), other, both;

	(void)state;
	take("grecale");
	other = wait_for(DEALER_VIN, NULL, "levante", OK);
	both = wait_for(DEALER_VIN_BARE, NULL, "grecale", OK);
	MUST(VERB_BOOKING_CANCEL, one.p, "{\"reason\":\"no\"}");
	tick();
	assert_status(other, WAITING_IN_LINE);
	assert_status(both, WAITING_OFFERED);
	MUST(VERB_BOOKING_CANCEL, taken.p, "{\"reason\":\"no\"}");
	tick();
	assert_status(other, WAITING_OFFERED);
}

static void two_places_are_held_in_one_entry(void **state)
{
	struct str one = take("grecale"), two = take("grecale"), first, second;

	(void)state;
	first = wait_for(DEALER_VIN, NULL, "grecale", OK);
	second = wait_for(DEALER_VIN_BARE, NULL, "grecale", OK);
	MUST(VERB_BOOKING_CANCEL, one.p, "{\"reason\":\"no\"}");
	MUST(VERB_BOOKING_CANCEL, two.p, "{\"reason\":\"no\"}");
	tick();
	assert_status(first, WAITING_OFFERED);
	assert_status(second, WAITING_OFFERED);
	assert_false(str_eq(
		booking_now(held_for(first)).resource, booking_now(held_for(second)).resource));
}

static void of_one_car_one_place_is_held_at_a_time(void **state)
{
	struct str one = take("grecale"), two = take("grecale"), first, second;

	(void)state;
	first = wait_for(DEALER_VIN, NULL, "grecale", OK);
	second = wait_for(DEALER_VIN, NULL, "grecale", OK);
	MUST(VERB_BOOKING_CANCEL, one.p, "{\"reason\":\"no\"}");
	MUST(VERB_BOOKING_CANCEL, two.p, "{\"reason\":\"no\"}");
	tick();
	assert_status(first, WAITING_OFFERED);
	assert_status(second, WAITING_IN_LINE);
	tick();
	assert_status(second, WAITING_OFFERED);
}

static void who_leaves_the_line_is_not_asked(void **state)
{
	struct str taken = take("levante");
	struct str first = wait_for(DEALER_VIN, NULL, "levante", OK);
	struct str second = wait_for(DEALER_VIN_BARE, NULL, "levante", OK);

	(void)state;
	MUST(VERB_WAITING_DROP, first.p, "{}");
	assert_status(first, WAITING_DROPPED);
	dealer_must(&w, VERB_WAITING_DROP, "LYO", first.p, "{}", REFUSED_STATE);
	dealer_must(&w, VERB_WAITING_DROP, "LYO", "nobody", "{}", REFUSED_NOT_FOUND);
	MUST(VERB_BOOKING_CANCEL, taken.p, "{\"reason\":\"no\"}");
	tick();
	assert_status(first, WAITING_DROPPED);
	assert_status(second, WAITING_OFFERED);
	dealer_must(&w, VERB_WAITING_DROP, "LYO", second.p, "{}", REFUSED_STATE); /* it is held */
}

static void whose_time_has_begun_waits_no_more(void **state)
{
	struct str waiting;

	(void)state;
	take("levante");
	waiting = wait_for(DEALER_VIN, NULL, "levante", OK);
	dealer_at(&w, "2026-03-16T08:29:00+01:00");
	tick();
	assert_status(waiting, WAITING_IN_LINE);
	dealer_at(&w, MONDAY_8_30);
	tick();
	assert_status(waiting, WAITING_OVER);
}

/* At night nobody is called: the lease begins when the doors open, and ends before the loan does.
 */
static void a_lease_begins_when_somebody_is_there(void **state)
{
	struct str taken = take("levante");
	struct str first = wait_for(DEALER_VIN, NULL, "levante", OK);
	struct local l;

	(void)state;
	dealer_at(&w, "2026-03-10T22:00:00+01:00");
	MUST(VERB_BOOKING_CANCEL, taken.p, "{\"reason\":\"no\"}");
	tick();
	assert_true(instant_parse(&l, STR("2026-03-11T09:30:00+01:00")));
	assert_int_equal(booking_now(held_for(first)).hold_until.s, local_instant(l).s);
}

static void a_lease_ends_before_the_loan_begins(void **state)
{
	struct str taken = take("levante");
	struct str first = wait_for(DEALER_VIN, NULL, "levante", OK);

	(void)state;
	dealer_at(&w, "2026-03-15T22:00:00+01:00"); /* a Sunday */
	MUST(VERB_BOOKING_CANCEL, taken.p, "{\"reason\":\"no\"}");
	tick();
	assert_int_equal(
		booking_now(held_for(first)).hold_until.s, booking_now(held_for(first)).from.s);
}

/* What he said and who drives is nowhere in the entry; when a place frees, it is known again. */
static void what_was_said_is_sealed(void **state)
{
	struct str taken = take("levante"), body, id, raw;
	struct json answer =
		offer("{\"authorisations\":[{\"extra_days\":1,\"programme\":\"TESTWAR\",\"reason\":"
		      "\"Bassoonist\",\"ref\":\"A1\"}],\"distance_km\":12,\"driver\":{\"birth_on\":"
		      "\"1977-11-05\",\"licence_on\":\"1999-06-01\"},\"drop_off_at\":\"" MONDAY_8_30
		      "\",\"jobs\":[{\"immobilisation_minutes\":900,\"type\":\"warranty_repair\"}],"
		      "\"need\":\"Marzipan\",\"ready_at\":\"" WEDNESDAY_17
		      "\",\"site\":\"LYO\",\"vin\":\"" DEALER_VIN "\"}");

	(void)state;
	body = arena_printf(&w.arena,
		"{\"class\":\"levante\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
		STR_FMT(json_str_at(answer, "offer")));
	id = MUST(VERB_WAITING_ADD, NULL, body.p);
	raw = arena_copy(&w.arena, json_raw(dealer_row(&w, ROW_WAITING, id)));
	assert_null(strstr(raw.p, "Marzipan"));
	assert_null(strstr(raw.p, "Bassoonist"));
	assert_null(strstr(raw.p, "1977"));
	MUST(VERB_BOOKING_CANCEL, taken.p, "{\"reason\":\"no\"}");
	tick();
	assert_int_equal(
		json_int_at(json_get(json_get(json_get(booking_now(held_for(id)).doc, "decided"),
					     "request"),
				    "driver"),
			"age_years", 0),
		48);
}

static void a_line_has_an_end(void **state)
{
	struct str text, body;
	struct json answer;

	(void)state;
	take("levante");
	text = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17, &answer);
	body = arena_printf(&w.arena,
		"{\"class\":\"levante\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
		STR_FMT(text));
	for (int i = 0; i < WAITING_MAX; i++)
		dealer_must(&w, VERB_WAITING_ADD, "LYO", NULL, body.p, OK);
	dealer_must(&w, VERB_WAITING_ADD, "LYO", NULL, body.p, REFUSED_INVALID);
	tick();
}

/* ---- promises at risk ---- */

/* The Levante is out for longer than was said; whoever has it next is at risk. */
static struct str put_at_risk(struct str *out)
{
	struct str next = book("loaner_brand", "levante", TUESDAY_13, WEDNESDAY_17, OK);

	*out = book("loaner_brand", "levante", MONDAY_8_30, MONDAY_12, OK);
	dealer_at(&w, MONDAY_8_30);
	MUST(VERB_BOOKING_CHECK_OUT, out->p, "{}");
	MUST(VERB_BOOKING_LATE, out->p, "{\"expected_at\":\"" TUESDAY_13 "\",\"heard\":\"phone\"}");
	assert_true(booking_now(next).at_risk);
	tick();
	assert_true(booking_now(next).at_risk);
	return next;
}

static void assert_owed(uint64_t waiting, uint64_t at_risk)
{
	struct freed_counts counts;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	freed_count(&v, &counts);
	fleet_look_end(&v);
	assert_int_equal(counts.waiting, waiting);
	assert_int_equal(counts.at_risk, at_risk);
}

static void who_is_owed_a_place_is_counted(void **state)
{
	struct str out, taken, first;

	(void)state;
	assert_owed(0, 0);
	taken = take("grecale");
	take("grecale");
	first = wait_for(DEALER_VIN, NULL, "grecale", OK);
	wait_for(DEALER_VIN_BARE, NULL, "grecale", OK);
	assert_owed(2, 0);
	MUST(VERB_BOOKING_CANCEL, taken.p, "{\"reason\":\"no\"}");
	tick();
	assert_status(first, WAITING_OFFERED);
	assert_owed(1, 0);
	put_at_risk(&out); /* and the time of who waits has begun */
	assert_owed(0, 1);
	dealer_at(&w, "2026-03-18T14:00:00+01:00"); /* a day after he was due */
	assert_owed(0, 0);
}

static void who_is_at_risk_has_a_seat_again_when_the_car_is_back(void **state)
{
	struct str out, next = put_at_risk(&out);
	struct booking b;

	(void)state;
	dealer_at(&w, MONDAY_9);
	MUST(VERB_BOOKING_CHECK_IN, out.p, "{}");
	assert_true(booking_now(next).at_risk); /* it is the timer who looks */
	tick();
	b = booking_now(next);
	assert_false(b.at_risk);
	assert_true(str_is(b.resource, "L1"));
	assert_int_equal(b.status, BOOKING_BOOKED);
}

static struct str take_car(const char *car, const char *from, const char *until)
{
	struct json answer;
	struct str text =
		dealer_offer(&w, DEALER_VIN, "warranty_repair", 900, from, until, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"offer\":\"%.*s\",\"resource\":\"%s\",\"solution\":\"loaner_brand\"}",
		STR_FMT(text), car);

	return MUST(VERB_BOOKING_MAKE, NULL, body.p);
}

/* That very car was promised: whether another will do is a person's to say. */
static void who_was_promised_that_very_car_stays_at_risk(void **state)
{
	struct str next = take_car("G1", TUESDAY_13, WEDNESDAY_17);
	struct str out = take_car("G1", MONDAY_8_30, MONDAY_12);

	(void)state;
	dealer_at(&w, MONDAY_8_30);
	MUST(VERB_BOOKING_CHECK_OUT, out.p, "{}");
	MUST(VERB_BOOKING_LATE, out.p, "{\"expected_at\":\"" TUESDAY_13 "\",\"heard\":\"phone\"}");
	assert_true(booking_now(next).at_risk);
	tick(); /* the other Grecale is free */
	assert_true(booking_now(next).at_risk);
}

static void who_is_at_risk_comes_before_who_waits(void **state)
{
	struct str out, next = put_at_risk(&out), waiting, text, body;
	struct json answer;

	(void)state;
	text = dealer_offer(
		&w, DEALER_VIN_BARE, "warranty_repair", 900, TUESDAY_12, WEDNESDAY_17, &answer);
	body = arena_printf(&w.arena,
		"{\"class\":\"levante\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
		STR_FMT(text));
	waiting = dealer_must(&w, VERB_WAITING_ADD, "LYO", NULL, body.p, OK);
	dealer_at(&w, MONDAY_9);
	MUST(VERB_BOOKING_CHECK_IN, out.p, "{}");
	tick();
	assert_false(booking_now(next).at_risk);
	assert_status(waiting, WAITING_IN_LINE);
}

#define WITH_DESKS(f) cmocka_unit_test_setup_teardown(f, open_desks, close_dealer)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_DESKS(what_is_free_is_booked_not_waited_for),
		WITH_DESKS(the_first_in_the_line_has_it_held),
		WITH_DESKS(what_lapses_or_is_cancelled_goes_to_the_next),
		WITH_DESKS(who_waits_for_something_else_is_not_asked),
		WITH_DESKS(two_places_are_held_in_one_entry),
		WITH_DESKS(of_one_car_one_place_is_held_at_a_time),
		WITH_DESKS(who_leaves_the_line_is_not_asked),
		WITH_DESKS(whose_time_has_begun_waits_no_more),
		WITH_DESKS(a_lease_begins_when_somebody_is_there),
		WITH_DESKS(a_lease_ends_before_the_loan_begins),
		WITH_DESKS(what_was_said_is_sealed),
		WITH_DESKS(a_line_has_an_end),
		WITH_DESKS(who_is_owed_a_place_is_counted),
		WITH_DESKS(who_is_at_risk_has_a_seat_again_when_the_car_is_back),
		WITH_DESKS(who_was_promised_that_very_car_stays_at_risk),
		WITH_DESKS(who_is_at_risk_comes_before_who_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
