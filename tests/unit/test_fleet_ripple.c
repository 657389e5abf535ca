/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Stories of slips: a preview changes nothing and says what the command then does, whoever is hurt
 * is named with ways out that are free, and no name is ever written down for it.
 */

#include "tests/unit/ripple_story.h"

/* ---- a preview is what is then done ---- */

static void an_extension_shows_who_moves_and_then_moves_them(void **state)
{
	struct str loan = gone(), next = grecale(WEDNESDAY_8_30, WEDNESDAY_17);
	struct json p, moved, done;
	struct command *c;

	(void)state;
	move(next, "G1");
	p = preview(VERB_BOOKING_EXTEND, loan, UNTIL(WEDNESDAY_16));
	assert_true(is_possible(p));
	assert_int_equal(json_count(json_get(p, "hurt")), 0);
	moved = only(json_get(p, "moves"), next);
	assert_str(json_str_at(moved, "resource_from"), "G1");
	assert_str(json_str_at(moved, "resource_to"), "G2");
	assert_str(json_str_at(moved, "from"), WEDNESDAY_8_30);
	assert_str(json_str_at(moved, "customer_name"), "Madame Lef\xc3\xa8vre-Canari");
	assert_str(booking_now(next).resource, "G1");
	c = dealer_do(&w, VERB_BOOKING_EXTEND, "LYO", loan.p, UNTIL(WEDNESDAY_16), NULL);
	assert_int_equal(c->outcome, OK);
	done = answer_of(c);
	assert_true(str_eq(json_raw(json_get(done, "terms")), json_raw(json_get(p, "terms"))));
	assert_str(booking_now(next).resource, "G2");
	command_free(c);
}

static void another_time_or_seat_is_shown_before_it_is_taken(void **state)
{
	struct str a = grecale(MONDAY_8_30, TUESDAY_17), b = grecale(MONDAY_8_30, TUESDAY_17);
	struct json p;

	(void)state;
	move(a, "G1");
	p = preview(VERB_BOOKING_MOVE, a, "{\"resource\":\"G2\"}");
	assert_true(is_possible(p));
	assert_str(json_str_at(only(json_get(p, "moves"), b), "resource_to"), "G1");
	assert_false(json_present(json_get(p, "terms")));
	p = preview(VERB_BOOKING_RESCHEDULE, a,
		"{\"from\":\"" WEDNESDAY_8_30 "\",\"until\":\"" THURSDAY_17 "\"}");
	assert_true(is_possible(p));
	assert_true(json_present(json_get(p, "terms")));
	grecale(WEDNESDAY_8_30, THURSDAY_17);
	grecale(WEDNESDAY_8_30, THURSDAY_17);
	p = preview(VERB_BOOKING_RESCHEDULE, a,
		"{\"from\":\"" WEDNESDAY_8_30 "\",\"until\":\"" THURSDAY_17 "\"}");
	assert_false(is_possible(p));
	assert_str(json_str_at(p, "reason"), "no-seat");
	assert_true(json_count(json_get(p, "alternatives")) > 0);
}

/* A taxi becomes a car where two others then share one: shown first, then done. */
static void another_solution_is_shown_before_it_is_promised(void **state)
{
	struct str early = grecale(MONDAY_8_30, TUESDAY_12),
		   late = grecale(TUESDAY_13, WEDNESDAY_17);
	struct str id = book("taxi", NULL, MONDAY_8_30, WEDNESDAY_17, OK), body;
	struct json answer, p;

	(void)state;
	move(early, "G1");
	move(late, "G2");
	body = arena_printf(&w.arena,
		"{\"accept_customer_minor\":99999999,\"class\":\"grecale\",\"legs_address\":\"1 "
		"rue\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
		STR_FMT(dealer_offer(&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30,
			WEDNESDAY_17, &answer)));
	p = preview(VERB_BOOKING_CHANGE, id, body.p);
	assert_true(is_possible(p));
	assert_int_equal(json_count(json_get(p, "moves")), 1);
	assert_true(json_present(json_get(p, "terms")));
	assert_str(booking_now(id).solution, "taxi");
	dealer_must(&w, VERB_BOOKING_CHANGE, "LYO", id.p, body.p, OK);
	assert_true(str_eq(booking_now(early).resource, booking_now(late).resource));
}

static void a_block_shows_whom_it_moves_and_whom_it_hurts(void **state)
{
	struct str a = grecale(MONDAY_8_30, TUESDAY_17), b;
	struct json p;

	(void)state;
	move(a, "G1");
	p = preview(VERB_BLOCK_ADD, STR("G1"), BLOCK_OF(MONDAY_8_30, WEDNESDAY_17));
	assert_true(is_possible(p));
	assert_str(json_str_at(only(json_get(p, "moves"), a), "resource_to"), "G2");
	b = grecale(MONDAY_9, TUESDAY_17);
	p = preview(VERB_BLOCK_ADD, STR("G1"), BLOCK_OF(MONDAY_8_30, WEDNESDAY_17));
	assert_false(is_possible(p));
	assert_str(json_str_at(p, "reason"), "promises-broken");
	/* who comes last has most time to be told: the other changes places with him */
	(void)only(json_get(p, "hurt"), b);
	assert_str(json_str_at(only(json_get(p, "moves"), a), "resource_to"), "G2");
	assert_str(booking_now(b).resource, "G2");
	dealer_must(&w, VERB_BLOCK_ADD, "LYO", "G1", BLOCK_OF(MONDAY_8_30, WEDNESDAY_17),
		REFUSED_PROMISES_BROKEN);
}

/* Whom it is about may have no key yet: a preview makes none that lasts. */
static void a_preview_leaves_no_key_behind(void **state)
{
	struct json answer;
	struct str offered =
		dealer_offer(&w, NULL, "warranty_repair", 900, MONDAY_8_30, TUESDAY_17, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"grecale\",\"hold_minutes\":60,\"offer\":\"%.*s\",\"solution\":"
		"\"loaner_brand\"}",
		STR_FMT(offered));
	struct str id = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);
	uint8_t key[SEAL_KEY_LEN];

	(void)state;
	assert_false(people_key(fleet_people(w.fleet), id, key));
	assert_true(is_possible(preview(VERB_BOOKING_EXTEND, id, UNTIL(WEDNESDAY_16))));
	assert_false(people_key(fleet_people(w.fleet), id, key));
	dealer_must(&w, VERB_BOOKING_EXTEND, "LYO", id.p, UNTIL(WEDNESDAY_16), OK);
	assert_true(people_key(fleet_people(w.fleet), id, key));
}

static void what_cannot_be_is_said_and_what_is_wrong_is_refused(void **state)
{
	struct str id = grecale(MONDAY_8_30, TUESDAY_17), text;
	struct json p = preview(VERB_BOOKING_LATE, id, LATE(WEDNESDAY_16));

	(void)state;
	assert_false(is_possible(p));
	assert_str(json_str_at(p, "reason"), "wrong-state");
	assert_int_equal(
		preview_outcome(VERB_BOOKING_EXTEND, id, UNTIL(MONDAY_9), &text), REFUSED_INVALID);
	assert_false(text.n > 0);
	assert_int_equal(preview_outcome(VERB_BOOKING_EXTEND, STR("none"), UNTIL(MONDAY_9), &text),
		REFUSED_NOT_FOUND);
}

/* ---- who would be hurt, and the ways out ---- */

/* Both cars of the class are promised for Wednesday, one is out until the evening before. */
static struct str promised_next(struct str *loan)
{
	struct str next;

	*loan = gone();
	next = grecale(WEDNESDAY_8_30, WEDNESDAY_17);
	grecale(WEDNESDAY_8_30, THURSDAY_17);
	return next;
}

static void an_extension_that_hurts_is_refused_with_ways_that_are_free(void **state)
{
	struct str loan, next = promised_next(&loan), hurt;
	struct json p, plan, date;
	struct command *c;

	(void)state;
	p = preview(VERB_BOOKING_EXTEND, loan, UNTIL(WEDNESDAY_16));
	assert_false(is_possible(p));
	c = dealer_do(&w, VERB_BOOKING_EXTEND, "LYO", loan.p, UNTIL(WEDNESDAY_16), "key-1");
	assert_int_equal(c->outcome, REFUSED_PROMISES_BROKEN);
	plan = json_get(answer_of(c), "plan");
	assert_true(str_eq(json_raw(plan), json_raw(json_get(p, "hurt"))));
	assert_int_equal(json_count(plan), 1);
	hurt = json_str_at(json_first(plan), "booking");
	assert_true(str_eq(hurt, booking_now(hurt).id));
	assert_str(json_str_at(json_first(plan), "phone"), "+33199000123");
	/* no seat of its own class, a Levante at the same time, the same a little later */
	assert_false(json_present(way_of(json_first(plan), "seat")));
	assert_str(json_str_at(way_of(json_first(plan), "class"), "class"), "levante");
	assert_true(json_present(way_of(json_first(plan), "solution")));
	date = way_of(json_first(plan), "date");
	take_way(hurt, date);
	dealer_must(&w, VERB_BOOKING_EXTEND, "LYO", loan.p, UNTIL(WEDNESDAY_16), OK);
	assert_false(booking_now(hurt).at_risk);
	assert_false(booking_now(next).at_risk);
	command_free(c);
}

static void a_refusal_given_again_has_a_fresh_plan(void **state)
{
	struct str loan, next = promised_next(&loan), hurt;
	struct json plan, bookings;
	struct command *c;

	(void)state;
	c = dealer_do(&w, VERB_BOOKING_EXTEND, "LYO", loan.p, UNTIL(WEDNESDAY_16), "key-1");
	bookings = json_get(answer_of(c), "bookings");
	hurt = json_str_at(json_first(json_get(answer_of(c), "plan")), "booking");
	assert_true(str_eq(json_str_at(json_first(bookings), "booking"), hurt));
	command_free(c);
	/* the Levante goes to somebody else */
	book("loaner_brand", "levante", WEDNESDAY_8_30, WEDNESDAY_17, OK);
	c = dealer_do(&w, VERB_BOOKING_EXTEND, "LYO", loan.p, UNTIL(WEDNESDAY_16), "key-1");
	assert_true(c->replayed);
	plan = json_get(answer_of(c), "plan");
	assert_false(json_present(way_of(only(plan, hurt), "class")));
	command_free(c);
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", next.p, "{\"reason\":\"x\"}", OK);
	c = dealer_do(&w, VERB_BOOKING_EXTEND, "LYO", loan.p, UNTIL(WEDNESDAY_16), "key-1");
	assert_true(c->replayed);
	assert_int_equal(json_count(json_get(answer_of(c), "plan")), 0);
	assert_int_equal(json_count(json_get(answer_of(c), "bookings")), 1);
	command_free(c);
}

static void a_late_car_is_a_fact_with_a_plan_for_each(void **state)
{
	struct str loan, hurt;
	struct json p, shown, ripple;
	struct command *c;

	(void)state;
	(void)promised_next(&loan);
	p = preview(VERB_BOOKING_LATE, loan, LATE(WEDNESDAY_16));
	assert_true(is_possible(p));
	assert_int_equal(json_count(json_get(p, "hurt")), 1);
	hurt = json_str_at(json_first(json_get(p, "hurt")), "booking");
	assert_false(booking_now(hurt).at_risk);
	assert_false(json_bool_at(ripple_now(hurt), "at_risk", true));
	c = dealer_do(&w, VERB_BOOKING_LATE, "LYO", loan.p, LATE(WEDNESDAY_16), NULL);
	assert_int_equal(c->outcome, OK);
	assert_true(booking_now(hurt).at_risk);
	shown = only(json_get(answer_of(c), "hurt"), hurt);
	assert_true(str_eq(json_raw(shown), json_raw(json_first(json_get(p, "hurt")))));
	command_free(c);
	ripple = ripple_now(hurt);
	assert_true(json_bool_at(ripple, "at_risk", false));
	assert_true(str_eq(json_raw(json_get(ripple, "ways")), json_raw(json_get(shown, "ways"))));
	take_way(hurt, way_of(ripple, "class"));
	assert_false(booking_now(hurt).at_risk);
	assert_int_equal(json_count(json_get(ripple_now(hurt), "ways")), 0);
}

/* The other cars of the class are promised too, each a little later: who starts last can be told in
 * time, whoever asked first. The late car's own follower takes his place. */
static void who_starts_last_is_given_up_for_a_late_car(void **state)
{
	struct str loan, next, later, last;

	(void)state;
	resource("G3", "car", "grecale", "\"loaner_brand\"", "1", 45);
	loan = gone();
	last = grecale(WEDNESDAY_10, WEDNESDAY_17);
	later = grecale(WEDNESDAY_9, THURSDAY_17);
	next = grecale(WEDNESDAY_8_30, WEDNESDAY_17);
	move(last, "G3");
	move(later, "G2");
	move(next, "G1");
	(void)only(json_get(preview(VERB_BOOKING_LATE, loan, LATE(WEDNESDAY_16)), "hurt"), last);
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", loan.p, LATE(WEDNESDAY_16), OK);
	assert_true(booking_now(last).at_risk);
	assert_false(booking_now(next).at_risk || booking_now(later).at_risk);
	assert_str(booking_now(next).resource, "G3");
	assert_str(booking_now(later).resource, "G2");
}

/* The seat that is free again is the least disturbing way. */
static void who_is_at_risk_may_find_a_seat_again(void **state)
{
	struct str loan, hurt;
	struct json way;

	(void)state;
	(void)promised_next(&loan);
	hurt = json_str_at(
		json_first(json_get(preview(VERB_BOOKING_LATE, loan, LATE(WEDNESDAY_16)), "hurt")),
		"booking");
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", loan.p, LATE(WEDNESDAY_16), OK);
	dealer_at(&w, TUESDAY_13);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", loan.p, "{}", OK);
	way = json_first(json_get(ripple_now(hurt), "ways"));
	assert_str(json_str_at(way, "kind"), "seat");
	take_way(hurt, way);
	assert_false(booking_now(hurt).at_risk);
}

/* ---- the workshop needs longer ---- */

static struct json visit_now(struct str id)
{
	struct row row;
	struct view v;
	struct txn t;
	struct str text;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(row_get(&v, ROW_VISIT, id, &row));
	text = render_row(&v, ROW_VISIT, id, &row);
	fleet_look_end(&v);
	return looked(text);
}

static void a_visit_that_takes_longer_opens_the_ripple(void **state)
{
	struct str loan = gone(), next = grecale(WEDNESDAY_8_30, WEDNESDAY_17);
	struct str visit = arena_copy(&w.arena, booking_now(loan).visit);
	struct json ripple;
	struct command *c;

	(void)state;
	move(next, "G1");
	assert_false(json_present(json_get(visit_now(visit), "ripple")));
	c = dealer_put(&w, VERB_VISIT_CHANGE, "LYO", visit.p,
		"{\"ready_at\":\"2026-03-18T19:00:00+01:00\"}", "*");
	assert_int_equal(c->outcome, OK);
	ripple = only(json_get(answer_of(c), "ripple"), loan);
	command_free(c);
	/* closed by then: the first return is the next morning */
	assert_str(json_str_at(ripple, "until"), "2026-03-19T08:30:00+01:00");
	assert_true(is_possible(ripple));
	assert_str(json_str_at(only(json_get(ripple, "moves"), next), "resource_to"), "G2");
	/* nothing was moved */
	assert_str(booking_now(next).resource, "G1");
	assert_int_equal(booking_now(loan).until.s, booking_now(next).from.s - 15 * 3600 - 1800);
	assert_true(json_present(json_get(visit_now(visit), "ripple")));
	dealer_must(&w, VERB_BOOKING_EXTEND, "LYO", loan.p, UNTIL("2026-03-19T08:30:00+01:00"), OK);
	assert_false(json_present(json_get(visit_now(visit), "ripple")));
}

/* ---- alarms ---- */

static struct json alarms(void)
{
	struct view v;
	struct txn t;
	struct str text;

	fleet_look(w.fleet, &v, &t, &w.arena);
	text = render_alarms(&v, STR("LYO"));
	fleet_look_end(&v);
	return json_get(looked(text), "items");
}

static void a_car_raises_the_alarm_before_it_hurts(void **state)
{
	struct str loan = grecale(MONDAY_8_30, TUESDAY_12), next = grecale(TUESDAY_13, TUESDAY_17);
	struct json alarm;

	(void)state;
	move(loan, "G1");
	move(next, "G1");
	dealer_at(&w, MONDAY_8_30);
	assert_int_equal(json_count(alarms()), 0); /* it is not out */
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", loan.p, "{}", OK);
	assert_int_equal(json_count(alarms()), 0); /* tomorrow is far */
	dealer_at(&w, "2026-03-17T08:30:00+01:00");
	alarm = only(alarms(), loan);
	assert_str(json_str_at(alarm, "resource"), "G1");
	assert_str(json_str_at(alarm, "expected_at"), TUESDAY_12);
	assert_str(json_str_at(alarm, "phone"), "+33199000123");
	assert_true(json_is(json_get(alarm, "overdue"), JSON_FALSE));
	assert_true(str_eq(json_str_at(json_get(alarm, "next"), "booking"), next));
	assert_str(json_str_at(json_get(alarm, "next"), "from"), TUESDAY_13);
	move(next, "G2");
	assert_int_equal(json_count(alarms()), 0);
}

/* ---- names ---- */

static bool says(struct str text, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= text.n; i++)
		if (memcmp(text.p + i, part, n) == 0)
			return true;
	return false;
}

static void no_name_and_no_number_is_written_down(void **state)
{
	struct str loan, next = promised_next(&loan);
	struct journal_head head;
	struct view v;
	struct txn t;

	(void)state;
	(void)next;
	command_free(
		dealer_do(&w, VERB_BOOKING_EXTEND, "LYO", loan.p, UNTIL(WEDNESDAY_16), "key-1"));
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", loan.p, LATE(WEDNESDAY_16), OK);
	head = head_now();
	fleet_look(w.fleet, &v, &t, &w.arena);
	for (uint64_t seq = 1; seq <= head.seq; seq++) {
		struct journal_entry entry;
		assert_true(journal_entry(&t, STR("LYO"), seq, &entry));
		assert_false(says(entry.bytes, "Canari"));
		assert_false(says(entry.bytes, "33199000123"));
	}
	fleet_look_end(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_DESKS(an_extension_shows_who_moves_and_then_moves_them),
		WITH_DESKS(another_time_or_seat_is_shown_before_it_is_taken),
		WITH_DESKS(another_solution_is_shown_before_it_is_promised),
		WITH_DESKS(a_block_shows_whom_it_moves_and_whom_it_hurts),
		WITH_DESKS(a_preview_leaves_no_key_behind),
		WITH_DESKS(what_cannot_be_is_said_and_what_is_wrong_is_refused),
		WITH_DESKS(an_extension_that_hurts_is_refused_with_ways_that_are_free),
		WITH_DESKS(a_refusal_given_again_has_a_fresh_plan),
		WITH_DESKS(a_late_car_is_a_fact_with_a_plan_for_each),
		WITH_DESKS(who_starts_last_is_given_up_for_a_late_car),
		WITH_DESKS(who_is_at_risk_may_find_a_seat_again),
		WITH_DESKS(a_visit_that_takes_longer_opens_the_ripple),
		WITH_DESKS(a_car_raises_the_alarm_before_it_hurts),
		WITH_DESKS(no_name_and_no_number_is_written_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
