/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves the way of a booking through decide, journal and apply: who gets a seat, who is refused
 * and why, what the verbs do to the calendar; after each story the chain, the projection and every
 * stored decision are checked again. */

#include "tests/lib/dealership.h"

#include "fleet/booking.h"

static struct dealership w;

static int open_dealer(void **state)
{
	(void)state;
	dealer_open(&w);
	return 0;
}

static int close_dealer(void **state)
{
	(void)state;
	dealer_check(&w);
	dealer_close(&w);
	return 0;
}

#define MONDAY_8_30 "2026-03-16T08:30:00+01:00"
#define WEDNESDAY_17 "2026-03-18T17:00:00+01:00"

static struct booking booking_now(struct str id)
{
	struct booking b;
	struct json doc = dealer_row(&w, ROW_BOOKING, id);

	assert_true(json_present(doc));
	booking_read(&b, doc);
	return b;
}

static struct str grecale(const char *from, const char *until, enum outcome expected)
{
	return dealer_book(&w, DEALER_VIN, NULL, "loaner_brand", "grecale", from, until, expected);
}

static void a_covered_loan_is_free_and_keeps_its_claims(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17, OK);
	struct booking b = booking_now(id);
	struct json terms = json_get(b.doc, "terms");

	(void)state;
	assert_str(json_str_at(terms, "decision"), "free");
	assert_int_equal(json_int_at(terms, "value_minor", 0), 27000);
	assert_int_equal(b.claims_len, 3); /* the car and a desk at both ends */
	assert_str(b.customer, "C1");
	assert_str(b.number, "LYO-000001");
	assert_true(b.visit.n > 0);
	assert_true(json_present(dealer_row(&w, ROW_VISIT, b.visit)));
}

static void the_third_of_two_cars_is_refused(void **state)
{
	(void)state;
	grecale(MONDAY_8_30, WEDNESDAY_17, OK);
	grecale("2026-03-16T09:00:00+01:00", "2026-03-18T16:00:00+01:00", OK);
	grecale("2026-03-16T10:00:00+01:00", "2026-03-18T15:00:00+01:00", REFUSED_NO_SEAT);
	/* another class is still there, and the next day after turnaround */
	dealer_book(&w, DEALER_VIN, NULL, "loaner_brand", "levante", "2026-03-16T10:00:00+01:00",
		"2026-03-18T15:00:00+01:00", OK);
	grecale("2026-03-18T17:45:00+01:00", "2026-03-19T12:00:00+01:00", OK);
}

static void turnaround_counts(void **state)
{
	(void)state;
	grecale(MONDAY_8_30, WEDNESDAY_17, OK);
	grecale(MONDAY_8_30, "2026-03-18T17:30:00+01:00", REFUSED_NO_SEAT); /* one desk at 8:30 */
	grecale("2026-03-16T09:00:00+01:00", "2026-03-18T18:00:00+01:00", OK);
	grecale("2026-03-18T17:15:00+01:00", "2026-03-19T12:00:00+01:00", REFUSED_NO_SEAT);
}

static void the_desk_must_be_free_to_explain(void **state)
{
	struct command *c;
	struct json answer;
	struct str offer = dealer_offer(&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30,
			   WEDNESDAY_17, &answer),
		   body;

	(void)state;
	grecale(MONDAY_8_30, WEDNESDAY_17, OK);
	body = arena_printf(&w.arena,
		"{\"class\":\"grecale\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
		STR_FMT(offer));
	c = dealer_do(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, "k-desk");
	assert_int_equal(c->outcome, REFUSED_NO_SEAT);
	assert_str(json_str_at(arena_json(&w.arena, c->detail, NULL), "reason"), "desk");
	assert_true(c->seq > 0); /* a keyed refusal is an entry */
	command_free(c);
}

static void closed_doors_are_refused(void **state)
{
	(void)state;
	grecale("2026-03-14T09:00:00+01:00", WEDNESDAY_17, REFUSED_NO_SEAT); /* a Saturday */
	grecale("2026-03-16T18:15:00+01:00", WEDNESDAY_17,
		REFUSED_NO_SEAT); /* 30 minutes do not fit */
}

static void a_key_answers_once(void **state)
{
	struct json answer;
	struct str offer = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"grecale\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
		STR_FMT(offer));
	struct command *first = dealer_do(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, "same");
	struct command *again = dealer_do(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, "same");
	struct command *other = dealer_do(&w, VERB_BOOKING_CANCEL, "LYO", "x", "{}", "same");

	(void)state;
	assert_int_equal(first->outcome, OK);
	assert_false(first->replayed);
	assert_int_equal(again->outcome, OK);
	assert_true(again->replayed);
	assert_int_equal(again->seq, first->seq);
	assert_int_equal(other->outcome, REFUSED_KEY_REUSED);
	dealer_reopen(&w);
	command_free(again);
	again = dealer_do(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, "same");
	assert_true(again->replayed);
	command_free(first);
	command_free(again);
	command_free(other);
}

static void what_is_dearer_than_offered_is_refused(void **state)
{
	struct json answer;
	struct str offer = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"grecale\",\"from\":\"" MONDAY_8_30
		"\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\","
		"\"until\":\"2026-03-24T17:00:00+01:00\"}",
		STR_FMT(offer));

	(void)state;
	dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, REFUSED_TERMS_CHANGED);
}

static void an_offer_expires_and_cannot_be_forged(void **state)
{
	struct json answer;
	struct str offer = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"grecale\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
		STR_FMT(offer));
	char *forged = arena_alloc(&w.arena, body.n + 1);

	(void)state;
	memcpy(forged, body.p, body.n);
	forged[60] = forged[60] == 'A' ? 'B' : 'A';
	dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, forged, REFUSED_OFFER_INVALID);
	dealer_at(&w, "2026-03-03T20:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, REFUSED_OFFER_EXPIRED);
}

static void out_and_in_frees_the_rest_at_once(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17, OK);
	struct booking b;

	(void)state;
	grecale("2026-03-16T09:00:00+01:00", "2026-03-18T16:00:00+01:00", OK);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", REFUSED_STATE);
	dealer_at(&w, "2026-03-16T08:40:20+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"documents_checked\":true,\"odometer_km\":8120}", OK);
	b = booking_now(id);
	assert_int_equal(b.status, BOOKING_OUT);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", REFUSED_STATE);
	dealer_at(&w, "2026-03-17T10:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{\"odometer_km\":8391}", OK);
	b = booking_now(id);
	assert_int_equal(b.status, BOOKING_RETURNED);
	assert_int_equal(json_int_at(json_get(b.doc, "terms"), "value_minor", 0),
		18000); /* decided again: two days */
	grecale("2026-03-17T10:45:00+01:00", "2026-03-18T17:00:00+01:00", OK);
}

static void a_late_car_puts_the_next_promise_at_risk(void **state)
{
	struct str first = grecale(MONDAY_8_30, "2026-03-17T12:00:00+01:00", OK);
	struct str other = grecale("2026-03-16T09:00:00+01:00", "2026-03-17T18:00:00+01:00", OK);
	struct str next = grecale("2026-03-17T13:00:00+01:00", WEDNESDAY_17, OK);
	struct booking b;

	(void)state;
	(void)other;
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", first.p, "{}", OK);
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", first.p,
		"{\"expected_at\":\"2026-03-16T07:00:00Z\",\"heard\":\"phone\"}", REFUSED_INVALID);
	dealer_must(&w, VERB_BOOKING_EXTEND, "LYO", first.p,
		"{\"reason\":\"parts\",\"until\":\"2026-03-17T16:00:00+01:00\"}",
		REFUSED_PROMISES_BROKEN);
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", first.p,
		"{\"expected_at\":\"2026-03-17T15:00:00Z\",\"heard\":\"phone\"}", OK);
	b = booking_now(next);
	assert_true(b.at_risk);
	assert_int_equal(b.resource.n, 0);
	/* a Levante may not stand in by itself, but the class's other car, once free, may */
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", other.p, "{\"reason\":\"moved\"}", OK);
	dealer_must(&w, VERB_BOOKING_MOVE, "LYO", next.p, "{\"resource\":\"L1\"}", REFUSED_INVALID);
	dealer_must(&w, VERB_BOOKING_MOVE, "LYO", next.p, "{\"resource\":\"G2\"}", OK);
	assert_false(booking_now(next).at_risk);
}

static void a_late_car_moves_the_next_promise_when_it_can(void **state)
{
	struct str first = grecale(MONDAY_8_30, "2026-03-17T12:00:00+01:00", OK);
	struct str next = grecale("2026-03-17T13:00:00+01:00", WEDNESDAY_17, OK);
	struct booking b = booking_now(next), f = booking_now(first);

	(void)state;
	if (!str_eq(b.resource, f.resource)) { /* best fit may have used the other car: put it
						  behind the first */
		struct str body =
			arena_printf(&w.arena, "{\"resource\":\"%.*s\"}", STR_FMT(f.resource));
		dealer_must(&w, VERB_BOOKING_MOVE, "LYO", next.p, body.p, OK);
	}
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", first.p, "{}", OK);
	dealer_at(&w, "2026-03-17T12:10:00+01:00");
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK); /* overdue: pushed on by half an hour */
	f = booking_now(first);
	assert_true(f.has_expected);
	b = booking_now(next);
	assert_false(b.at_risk);
	assert_false(str_eq(b.resource, f.resource));
}

static void holds_end_by_an_entry_only(void **state)
{
	struct json answer;
	struct str offer = dealer_offer(
			   &w, NULL, "maintenance", 120, MONDAY_8_30, WEDNESDAY_17, &answer),
		   id;
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"grecale\",\"hold_minutes\":10,\"offer\":\"%.*s\",\"solution\":"
		"\"loaner_brand\"}",
		STR_FMT(offer));

	(void)state;
	id = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);
	assert_int_equal(booking_now(id).status, BOOKING_HELD);
	dealer_must(&w, VERB_BOOKING_BOOK, "LYO", id.p, "{}",
		REFUSED_INVALID); /* a customer is needed */
	dealer_at(&w, "2026-03-02T09:09:00+01:00");
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
	assert_int_equal(booking_now(id).status, BOOKING_HELD);
	dealer_at(&w, "2026-03-02T09:10:00+01:00");
	assert_int_equal(booking_now(id).status, BOOKING_HELD);
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
	assert_int_equal(booking_now(id).status, BOOKING_EXPIRED);
	assert_int_equal(booking_now(id).claims_len, 0);
	dealer_must(&w, VERB_BOOKING_BOOK, "LYO", id.p, "{\"customer\":\"C2\"}", REFUSED_STATE);
}

static void a_visit_takes_a_taxi_today_and_a_loaner_tomorrow(void **state)
{
	struct json answer;
	struct str offer = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17, &answer);
	struct str visit = dealer_must(&w, VERB_VISIT_OPEN, "LYO", NULL,
		"{\"drop_off_at\":\"2026-03-16T07:30:00Z\",\"jobs\":[{\"immobilisation_minutes\":"
		"900,\"type\":\"warranty_repair\"}],"
		"\"ready_at\":\"2026-03-18T16:00:00Z\",\"site\":\"LYO\",\"vin\":\"" DEALER_VIN
		"\"}",
		OK);
	struct str body = arena_printf(&w.arena,
		"{\"bookings\":[{\"offer\":\"%.*s\",\"solution\":\"taxi\"},"
		"{\"class\":\"grecale\",\"from\":\"2026-03-17T08:30:00+01:00\",\"offer\":\"%.*s\","
		"\"solution\":\"loaner_brand\","
		"\"until\":\"" WEDNESDAY_17 "\"}]}",
		STR_FMT(offer), STR_FMT(offer));
	struct str none = arena_printf(&w.arena,
		"{\"bookings\":[{\"offer\":\"%.*s\",\"solution\":\"taxi\"},"
		"{\"class\":\"grecale\",\"from\":\"2026-03-15T08:30:00+01:00\",\"offer\":\"%.*s\","
		"\"solution\":\"loaner_brand\","
		"\"until\":\"" WEDNESDAY_17 "\"}]}",
		STR_FMT(offer), STR_FMT(offer));

	(void)state;
	dealer_must(&w, VERB_VISIT_BOOKINGS, "LYO", visit.p, none.p,
		REFUSED_NO_SEAT); /* a Sunday: all or none */
	dealer_must(&w, VERB_VISIT_BOOKINGS, "LYO", visit.p, body.p, OK);
	struct booking b;
	struct str id = STR_NULL;
	struct view v;
	struct txn t;
	struct key prefix = key_visit_booking_prefix(visit);
	struct cursor c;
	int n = 0;
	fleet_look(w.fleet, &v, &t, &w.arena);
	cursor_open(&c, &t, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		assert_true(key_take_text(c.key, &at, &id));
		id = arena_copy(&w.arena, id);
		n++;
	}
	cursor_close(&c);
	fleet_look_end(&v);
	assert_int_equal(n, 2);
	b = booking_now(id);
	assert_str(json_str_at(json_item(json_get(json_get(json_get(b.doc, "decided"), "request"),
						 "used"),
				       0),
			   "programme"),
		"TESTWAR"); /* the taxi was counted for the loaner */
}

static void a_repair_order_of_the_visit_is_the_bookings(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17, OK), later;
	struct str visit = arena_copy(&w.arena, booking_now(id).visit);
	struct command *c = dealer_put(
		&w, VERB_VISIT_CHANGE, "LYO", visit.p, "{\"repair_order\":\"OR-7\"}", "*");
	struct json answer;
	struct str offer = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"offer\":\"%.*s\",\"solution\":\"taxi\",\"visit\":\"%.*s\"}", STR_FMT(offer),
		STR_FMT(visit));

	(void)state;
	assert_int_equal(c->outcome, OK);
	command_free(c);
	assert_str(booking_now(id).repair_order, "OR-7");
	later = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);
	assert_str(booking_now(later).repair_order, "OR-7");
	assert_int_equal(json_count(json_get(dealer_row(&w, ROW_VISIT, visit), "bookings")), 2);
}

static void legs_take_the_chauffeur(void **state)
{
	(void)state;
	dealer_book(&w, DEALER_VIN, NULL, "pickup_delivery", NULL, "2026-03-16T09:00:00+01:00",
		WEDNESDAY_17, OK);
	dealer_book(&w, DEALER_VIN, NULL, "pickup", NULL, "2026-03-16T09:15:00+01:00", WEDNESDAY_17,
		REFUSED_NO_SEAT);
	dealer_book(&w, DEALER_VIN, NULL, "accompanied_drive", NULL, "2026-03-16T10:00:00+01:00",
		"2026-03-18T15:00:00+01:00", OK);
	dealer_book(&w, DEALER_VIN, NULL, "delivery", NULL, "2026-03-16T09:15:00+01:00",
		"2026-03-18T15:00:00+01:00", REFUSED_NO_SEAT);
	dealer_book(&w, DEALER_VIN, NULL, "taxi", NULL, "2026-03-16T09:15:00+01:00",
		"2026-03-18T15:00:00+01:00", OK);
}

static void an_allotment_ends(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++)
		dealer_book(&w, DEALER_VIN, NULL, "rental", NULL, MONDAY_8_30, WEDNESDAY_17, OK);
	dealer_book(
		&w, DEALER_VIN, NULL, "rental", NULL, MONDAY_8_30, WEDNESDAY_17, REFUSED_NO_SEAT);
}

static void a_full_day_has_two_dates_to_propose(void **state)
{
	struct json answer, first;
	struct str say;

	(void)state;
	dealer_book(&w, DEALER_VIN, NULL, "loaner_brand", "levante", MONDAY_8_30, WEDNESDAY_17, OK);
	grecale("2026-03-16T09:00:00+01:00", "2026-03-18T16:45:00+01:00", OK);
	grecale("2026-03-16T09:30:00+01:00", "2026-03-18T16:30:00+01:00", OK);
	dealer_offer(&w, DEALER_VIN, "warranty_repair", 900, "2026-03-16T11:00:00+01:00",
		WEDNESDAY_17, &answer);
	first = json_first(json_get(answer, "solutions"));
	assert_str(json_str_at(first, "solution"), "loaner_brand");
	assert_false(json_bool_at(first, "available", true));
	assert_true(json_count(json_get(first, "next")) >= 2);
	say = json_str_at(first, "say");
	assert_true(say.n > 20);
	assert_int_equal(json_count(json_get(answer, "solutions")), 9);
}

static void blocks_and_promises_respect_each_other(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17, OK), block;
	struct booking b = booking_now(id);
	const char *body = "{\"from\":\"2026-03-17T08:00:00Z\",\"reason\":\"recall\",\"until\":"
			   "\"2026-03-19T08:00:00Z\"}";
	bool first = str_is(b.resource, "G1");

	(void)state;
	/* the promise gives way to the first block; the second leaves it no car */
	block = dealer_must(&w, VERB_BLOCK_ADD, "LYO", first ? "G1" : "G2", body, OK);
	assert_str(booking_now(id).resource, first ? "G2" : "G1");
	dealer_must(&w, VERB_BLOCK_ADD, "LYO", first ? "G2" : "G1", body, REFUSED_PROMISES_BROKEN);
	grecale("2026-03-16T09:00:00+01:00", "2026-03-18T16:00:00+01:00", REFUSED_NO_SEAT);
	dealer_must(&w, VERB_BLOCK_REMOVE, "LYO", block.p, NULL, REFUSED_NO_IF_MATCH);
	command_free(dealer_put(&w, VERB_BLOCK_REMOVE, "LYO", block.p, NULL, "*"));
	grecale("2026-03-16T09:00:00+01:00", "2026-03-18T16:00:00+01:00", OK);
}

static void reschedule_pin_move(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17, OK);

	(void)state;
	dealer_must(&w, VERB_BOOKING_PIN, "LYO", id.p, NULL, OK);
	assert_true(booking_now(id).pinned);
	dealer_must(&w, VERB_BOOKING_RESCHEDULE, "LYO", id.p,
		"{\"class\":\"levante\",\"from\":\"2026-03-17T07:30:00Z\",\"until\":\"2026-03-"
		"18T16:00:00Z\"}",
		REFUSED_INVALID);
	dealer_must(&w, VERB_BOOKING_UNPIN, "LYO", id.p, NULL, OK);
	dealer_must(&w, VERB_BOOKING_RESCHEDULE, "LYO", id.p,
		"{\"class\":\"levante\",\"from\":\"2026-03-17T07:30:00Z\",\"until\":\"2026-03-"
		"18T16:00:00Z\"}",
		OK);
	assert_str(booking_now(id).class, "levante");
	dealer_must(&w, VERB_BOOKING_RESCHEDULE, "LYO", id.p,
		"{\"from\":\"2026-03-18T07:30:00Z\",\"until\":\"2026-03-17T16:00:00Z\"}",
		REFUSED_INVALID);
	dealer_must(&w, VERB_BOOKING_NO_SHOW, "LYO", id.p, NULL, REFUSED_INVALID);
	dealer_at(&w, "2026-03-17T18:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_NO_SHOW, "LYO", id.p, NULL, OK);
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", id.p, "{\"reason\":\"x\"}", REFUSED_STATE);
}

#define STORY(f) cmocka_unit_test_setup_teardown(f, open_dealer, close_dealer)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_covered_loan_is_free_and_keeps_its_claims),
		STORY(the_third_of_two_cars_is_refused),
		STORY(turnaround_counts),
		STORY(the_desk_must_be_free_to_explain),
		STORY(closed_doors_are_refused),
		STORY(a_key_answers_once),
		STORY(what_is_dearer_than_offered_is_refused),
		STORY(an_offer_expires_and_cannot_be_forged),
		STORY(out_and_in_frees_the_rest_at_once),
		STORY(a_late_car_puts_the_next_promise_at_risk),
		STORY(a_late_car_moves_the_next_promise_when_it_can),
		STORY(holds_end_by_an_entry_only),
		STORY(a_visit_takes_a_taxi_today_and_a_loaner_tomorrow),
		STORY(a_repair_order_of_the_visit_is_the_bookings),
		STORY(legs_take_the_chauffeur),
		STORY(an_allotment_ends),
		STORY(a_full_day_has_two_dates_to_propose),
		STORY(blocks_and_promises_respect_each_other),
		STORY(reschedule_pin_move),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
