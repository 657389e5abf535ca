/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that a promise becomes another one in a single step: under its own number, with the old
 * terms beside the new, its own seat not in its way; and that it stays as it is where that cannot
 * be. */

#include "tests/lib/story.h"

#define WEDNESDAY_16 "2026-03-18T16:00:00+01:00"

static struct str change_by(const char *vin, struct str id, const char *solution, const char *from,
	const char *until, const char *more, enum outcome expected)
{
	struct json answer;
	struct str text = dealer_offer(&w, vin, "warranty_repair", 900, from, until, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"accept_customer_minor\":99999999%s,\"from\":\"%s\",\"offer\":\"%.*s\","
		"\"solution\":\"%s\",\"until\":\"%s\"}",
		more, from, STR_FMT(text), solution, until);

	return dealer_must(&w, VERB_BOOKING_CHANGE, "LYO", id.p, body.p, expected);
}

static void change(struct str id, const char *solution, const char *more, enum outcome expected)
{
	(void)change_by(DEALER_VIN, id, solution, MONDAY_9, WEDNESDAY_16, more, expected);
}

static struct json before_at(struct str id, uint32_t index)
{
	return json_item(json_get(booking_now(id).doc, "before"), index);
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

static uint64_t revision(struct str id)
{
	struct view v;
	struct txn t;
	struct row row;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(row_get(&v, ROW_BOOKING, id, &row));
	fleet_look_end(&v);
	return row.rev;
}

static void a_car_becomes_a_taxi_becomes_a_rental(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);
	struct booking first = booking_now(id), b;

	(void)state;
	dealer_must(&w, VERB_BOOKING_PIN, "LYO", id.p, "{}", OK);
	change(id, "taxi", "", OK);
	b = booking_now(id);
	assert_str(b.solution, "taxi");
	assert_int_equal(b.claims_len, 0); /* the site has no allotment of them */
	assert_false(b.pinned || b.class.n || b.resource.n);
	assert_false(json_present(json_get(b.doc, "handover")));
	assert_true(str_eq(b.number, first.number) && str_eq(b.visit, first.visit));
	assert_int_equal(b.serial, first.serial);
	assert_int_equal(b.status, BOOKING_BOOKED);
	/* its car is free for somebody else, and its desk */
	book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);

	change(id, "rental", ",\"class\":\"rental_c\"", OK);
	b = booking_now(id);
	assert_str(b.solution, "rental");
	assert_str(b.class, "rental_c");
	assert_str(b.resource, "R1");
	assert_int_equal(b.claims_len, 1);
	assert_int_equal(json_count(json_get(b.doc, "before")), 2);
	assert_str(json_str_at(before_at(id, 0), "solution"), "loaner_brand");
	assert_str(json_str_at(before_at(id, 0), "class"), "grecale");
	assert_str(json_str_at(before_at(id, 0), "by"), "tester");
	assert_str(json_str_at(json_get(before_at(id, 0), "terms"), "decision"), "free");
	assert_str(json_str_at(before_at(id, 1), "solution"), "taxi");
	assert_false(json_present(json_get(before_at(id, 1), "class")));
	assert_str(json_str_at(json_get(b.doc, "terms"), "decision"), "paid");
}

static void a_ride_has_its_legs_and_a_car_its_place(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);
	struct booking b;

	(void)state;
	change(id, "loaner_brand",
		",\"class\":\"levante\",\"handover\":{\"where\":\"doorstep\",\"with\":\"Anna\"},"
		"\"legs_address\":\"1 rue Exemple\"",
		OK);
	b = booking_now(id);
	assert_str(b.resource, "L1");
	assert_int_equal(b.claims_len, 2); /* no desk where it is brought to the door */
	assert_str(json_str_at(private_now(id), "handover_with"), "Anna");
	change(id, "loaner_brand", ",\"class\":\"grecale\"", OK); /* the place stays as it was */
	assert_str(json_str_at(json_get(booking_now(id).doc, "handover"), "where"), "doorstep");
	assert_str(json_str_at(private_now(id), "handover_with"), "Anna");
	change(id, "pickup_delivery", "", OK);
	b = booking_now(id);
	assert_int_equal(json_count(json_get(b.doc, "legs")), 2);
	assert_false(json_present(json_get(b.doc, "handover")));
	assert_false(json_present(json_get(private_now(id), "handover_with")));
	assert_str(json_str_at(private_now(id), "legs_address"), "1 rue Exemple");
	change(id, "loaner_brand", ",\"resource\":\"G2\"", OK);
	b = booking_now(id);
	assert_false(json_present(json_get(b.doc, "legs")));
	assert_true(b.pinned);
	assert_str(b.resource, "G2");
	assert_str(json_str_at(json_get(b.doc, "handover"), "where"), "desk");
}

static void others_change_places_for_it(void **state)
{
	struct str early = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK);
	struct str late = book("loaner_brand", "grecale", TUESDAY_13, WEDNESDAY_17, OK);
	struct str id = book("taxi", NULL, MONDAY_8_30, WEDNESDAY_17, OK);
	bool first = str_is(booking_now(early).resource, "G1");

	(void)state;
	dealer_must(&w, VERB_BOOKING_MOVE, "LYO", late.p,
		first ? "{\"resource\":\"G2\"}" : "{\"resource\":\"G1\"}", OK);
	change(id, "loaner_brand", ",\"class\":\"grecale\"", OK);
	assert_true(str_eq(booking_now(early).resource, booking_now(late).resource));
	assert_false(str_eq(booking_now(early).resource, booking_now(id).resource));
	assert_false(booking_now(early).at_risk || booking_now(late).at_risk);
}

static void its_own_seat_is_not_in_its_way(void **state)
{
	struct str id = book("loaner_other", "compact", MONDAY_8_30, WEDNESDAY_17, OK);

	(void)state;
	change(id, "loaner_other", ",\"class\":\"compact\"", OK);
	assert_str(booking_now(id).resource, "O1");
	book("loaner_other", "compact", MONDAY_9, WEDNESDAY_16, REFUSED_NO_SEAT);
}

static void a_refused_change_leaves_all_as_it_was(void **state)
{
	struct str id = book("loaner_brand", "levante", MONDAY_8_30, WEDNESDAY_17, OK);
	struct json answer;
	struct str text, body;
	struct command *c;
	uint64_t rev = revision(id);

	(void)state;
	book("loaner_other", "compact", MONDAY_9, WEDNESDAY_16, OK);
	text = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_9, WEDNESDAY_16, &answer);
	body = arena_printf(&w.arena,
		"{\"accept_customer_minor\":99999999,\"offer\":\"%.*s\",\"solution\":"
		"\"loaner_other\"}",
		STR_FMT(text));
	c = dealer_do(&w, VERB_BOOKING_CHANGE, "LYO", id.p, body.p, "k");
	assert_int_equal(c->outcome, REFUSED_NO_SEAT);
	assert_str(json_str_at(arena_json(&w.arena, c->detail, NULL), "solution"), "loaner_other");
	command_free(c);
	assert_int_equal(revision(id), rev);
	assert_str(booking_now(id).resource, "L1");
	book("loaner_brand", "levante", MONDAY_9, WEDNESDAY_16, REFUSED_NO_SEAT);
}

static void what_became_dearer_is_said_first(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK), text, body;
	struct json answer;
	uint64_t rev = revision(id);

	(void)state;
	text = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_9, WEDNESDAY_16, &answer);
	body = arena_printf(&w.arena,
		"{\"class\":\"grecale\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\","
		"\"until\":\"2026-03-24T16:00:00+01:00\"}",
		STR_FMT(text));
	dealer_must(&w, VERB_BOOKING_CHANGE, "LYO", id.p, body.p, REFUSED_TERMS_CHANGED);
	assert_int_equal(revision(id), rev);
}

static void only_for_the_same_car_person_and_visit(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK), other, body;
	struct json answer, visit;

	(void)state;
	(void)change_by(DEALER_VIN_BARE, id, "taxi", MONDAY_9, WEDNESDAY_16, "", REFUSED_INVALID);
	(void)change_by(NULL, id, "taxi", MONDAY_9, WEDNESDAY_16, "", REFUSED_INVALID);
	/* booked for somebody else than the car's owner, whom the offer is for */
	other = dealer_book(&w, DEALER_VIN, "C2", "taxi", NULL, MONDAY_8_30, WEDNESDAY_17, OK);
	change(other, "rental", "", REFUSED_INVALID);
	body = arena_printf(&w.arena,
		"{\"distance_km\":12,\"drop_off_at\":\"" MONDAY_9
		"\",\"jobs\":[{\"immobilisation_minutes\":900,\"type\":\"warranty_repair\"}],"
		"\"site\":\"LYO\",\"vin\":\"" DEALER_VIN "\",\"visit\":\"%.*s\"}",
		STR_FMT(booking_now(other).visit));
	answer = offer(body.p);
	body = arena_printf(&w.arena, "{\"offer\":\"%.*s\",\"solution\":\"taxi\"}",
		STR_FMT(json_str_at(answer, "offer")));
	dealer_must(&w, VERB_BOOKING_CHANGE, "LYO", id.p, body.p, REFUSED_INVALID);
	visit = dealer_row(&w, ROW_VISIT, booking_now(id).visit);
	assert_int_equal(json_count(json_get(visit, "bookings")), 1);
}

static void only_before_it_goes_out(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);

	(void)state;
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	change(id, "taxi", "", REFUSED_STATE);
}

/* The changes of a life are few; what is kept of them has an end. */
static void ten_times_and_not_once_more(void **state)
{
	struct str id = book("taxi", NULL, MONDAY_8_30, WEDNESDAY_17, OK);

	(void)state;
	for (int i = 0; i < 10; i++)
		change(id, i % 2 ? "taxi" : "rental", "", OK);
	assert_int_equal(json_count(json_get(booking_now(id).doc, "before")), 10);
	change(id, "rental", "", REFUSED_INVALID);
	assert_str(booking_now(id).solution, "taxi");
}

static void a_hold_stays_a_hold(void **state)
{
	struct json answer;
	struct str text =
		dealer_offer(&w, NULL, "maintenance", 120, MONDAY_8_30, WEDNESDAY_17, &answer);
	struct str id, body = arena_printf(&w.arena,
			       "{\"class\":\"grecale\",\"hold_minutes\":30,\"offer\":\"%.*s\","
			       "\"solution\":\"loaner_brand\"}",
			       STR_FMT(text));

	(void)state;
	id = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);
	(void)change_by(NULL, id, "rental", MONDAY_9, WEDNESDAY_16, "", OK);
	assert_int_equal(booking_now(id).status, BOOKING_HELD);
	assert_true(booking_now(id).has_hold_until);
	dealer_at(&w, "2026-03-02T10:00:00+01:00");
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
	assert_int_equal(booking_now(id).status, BOOKING_EXPIRED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_car_becomes_a_taxi_becomes_a_rental),
		STORY(a_ride_has_its_legs_and_a_car_its_place),
		STORY(others_change_places_for_it),
		STORY(its_own_seat_is_not_in_its_way),
		STORY(a_refused_change_leaves_all_as_it_was),
		STORY(what_became_dearer_is_said_first),
		STORY(only_for_the_same_car_person_and_visit),
		STORY(only_before_it_goes_out),
		STORY(ten_times_and_not_once_more),
		STORY(a_hold_stays_a_hold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
