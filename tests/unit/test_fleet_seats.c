/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Stories of late binding: who was promised a class changes cars when that makes room, seats are
 * kept back and released, a better class stands in only when it is said, and what cannot be is
 * refused by its name with nothing changed.
 */

#include "tests/lib/story.h"

#define TUESDAY_17 "2026-03-17T17:00:00+01:00"
#define THURSDAY_8_30 "2026-03-19T08:30:00+01:00"
#define THURSDAY_17 "2026-03-19T17:00:00+01:00"
#define FRIDAY_17 "2026-03-20T17:00:00+01:00"
#define WEDNESDAY_8_30 "2026-03-18T08:30:00+01:00"

static struct str grecale(const char *from, const char *until, enum outcome expected)
{
	return book("loaner_brand", "grecale", from, until, expected);
}

static void move(struct str id, const char *to, enum outcome expected)
{
	struct str body = arena_printf(&w.arena, "{\"resource\":\"%s\"}", to);

	dealer_must(&w, VERB_BOOKING_MOVE, "LYO", id.p, body.p, expected);
}

/* The dealership with desks enough: these stories are about cars. */
static int open_desks(void **state)
{
	int failed = open_dealer(state);

	for (int i = 2; i < 6; i++)
		resource(arena_printf(&w.arena, "D%d", i).p, "desk", "desk", "\"loaner_brand\"",
			"1", 0);
	return failed;
}

/* Monday to Tuesday on one car, Thursday to Friday on the other: Tuesday to Thursday fits on
 * neither, until one of them changes cars. */
static void promises_change_places_to_make_room(void **state)
{
	struct str early = grecale(MONDAY_8_30, TUESDAY_17, OK);
	struct str late = grecale(THURSDAY_8_30, FRIDAY_17, OK);
	struct str wide;

	(void)state;
	move(early, "G1", OK);
	move(late, "G2", OK);
	wide = grecale(WEDNESDAY_8_30, FRIDAY_17, OK); /* on G1, behind the early one */
	assert_str(booking_now(wide).resource, "G1");
	(void)grecale(MONDAY_8_30, WEDNESDAY_17, OK); /* on G2, before the late one */
	(void)grecale(MONDAY_8_30, FRIDAY_17, REFUSED_NO_SEAT);
}

static void a_request_moves_as_few_as_it_can(void **state)
{
	struct str a = grecale(MONDAY_8_30, TUESDAY_17, OK), b, c;

	(void)state;
	move(a, "G1", OK);
	b = grecale(THURSDAY_8_30, FRIDAY_17, OK);
	move(b, "G2", OK);
	/* Monday to Friday needs a whole car: one of the two gives way */
	c = grecale(MONDAY_8_30, FRIDAY_17, OK);
	assert_true(str_eq(booking_now(a).resource, booking_now(b).resource));
	assert_false(str_eq(booking_now(c).resource, booking_now(a).resource));
	assert_false(booking_now(a).at_risk || booking_now(b).at_risk);
}

static uint64_t rev_now(struct str id)
{
	struct booking b;
	uint64_t rev = 0;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(booking_get(&v, id, &b, &rev));
	fleet_look_end(&v);
	return rev;
}

static enum outcome take_back(struct str id, uint64_t first, uint64_t last)
{
	struct str body =
		arena_printf(&w.arena, "{\"first\":%llu,\"kind\":\"booking\",\"last\":%llu}",
			(unsigned long long)first, (unsigned long long)last);
	struct command *c = dealer_put(&w, VERB_IMPORT_UNDO, "LYO", id.p, body.p, "*");
	enum outcome o = c->outcome;

	command_free(c);
	return o;
}

/* What an import promised is taken back though the house gave it another car, for that was nobody's
 * wish; not when somebody did. */
static void a_seat_that_changed_is_no_change_of_an_import(void **state)
{
	struct str id[2], wide;
	uint64_t first[2], last[2];

	(void)state;
	id[0] = grecale(MONDAY_8_30, TUESDAY_17, OK);
	first[0] = rev_now(id[0]);
	move(id[0], "G1", OK);
	last[0] = rev_now(id[0]);
	id[1] = grecale(THURSDAY_8_30, FRIDAY_17, OK);
	first[1] = rev_now(id[1]);
	move(id[1], "G2", OK);
	last[1] = rev_now(id[1]);
	wide = grecale(MONDAY_8_30, FRIDAY_17, OK);
	int moved = rev_now(id[1]) != last[1], other = !moved;
	assert_int_not_equal(rev_now(id[moved]), last[moved]);
	assert_int_equal(rev_now(id[other]), last[other]);
	assert_int_equal(take_back(id[moved], first[moved], last[moved]), OK);
	assert_int_equal(booking_now(id[moved]).status, BOOKING_CANCELLED);
	assert_int_equal(take_back(id[moved], first[moved], last[moved]), REFUSED_STALE);
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", wide.p, "{\"reason\":\"x\"}", OK);
	move(id[other], moved ? "G2" : "G1", OK);
	assert_int_equal(take_back(id[other], first[other], last[other]), REFUSED_STALE);
}

static void a_pin_stands_fast(void **state)
{
	struct str a = grecale(MONDAY_8_30, TUESDAY_17, OK), b;

	(void)state;
	move(a, "G1", OK);
	b = grecale(THURSDAY_8_30, FRIDAY_17, OK);
	move(b, "G2", OK);
	dealer_must(&w, VERB_BOOKING_PIN, "LYO", a.p, NULL, OK);
	dealer_must(&w, VERB_BOOKING_PIN, "LYO", b.p, NULL, OK);
	(void)grecale(MONDAY_8_30, FRIDAY_17, REFUSED_NO_SEAT);
	dealer_must(&w, VERB_BOOKING_UNPIN, "LYO", b.p, NULL, OK);
	(void)grecale(MONDAY_8_30, FRIDAY_17, OK);
	assert_str(booking_now(a).resource, "G1");
	assert_str(booking_now(b).resource, "G1");
}

/* The site as it is, with one more member. */
static void site_with(const char *member)
{
	struct json site = dealer_row(&w, ROW_SITE, STR("LYO"));
	struct str merged = doc_merge(&w.arena, site, arena_json(&w.arena, str_from(member), NULL));
	struct str body = arena_copy(&w.arena, merged); /* with a NUL behind it */

	command_free(dealer_put(&w, VERB_SITE_PUT, "LYO", "LYO", body.p, "*"));
	assert_true(json_count(json_get(dealer_row(&w, ROW_SITE, STR("LYO")), "opening")) > 0);
}

static void a_seat_is_kept_back_until_the_day_is_near(void **state)
{
	(void)state;
	site_with("{\"protected\":[{\"class\":\"grecale\",\"days\":1,\"seats\":1}]}");
	(void)grecale(MONDAY_8_30, WEDNESDAY_17, OK);
	(void)grecale(MONDAY_8_30, WEDNESDAY_17, REFUSED_NO_SEAT); /* two weeks ahead */
	dealer_at(&w, "2026-03-15T09:00:00+01:00");
	(void)grecale(MONDAY_8_30, WEDNESDAY_17, OK); /* released by itself */
}

static void a_kept_seat_is_given_to_whom_it_is_kept_for(void **state)
{
	(void)state;
	site_with("{\"protected\":[{\"days\":1,\"for\":[\"warranty\"],\"seats\":2}]}");
	(void)grecale(MONDAY_8_30, WEDNESDAY_17, OK); /* a warranty repair */
	(void)grecale(MONDAY_8_30, WEDNESDAY_17, OK);
	(void)grecale(MONDAY_8_30, WEDNESDAY_17, REFUSED_NO_SEAT);
	assert_false(json_bool_at(solution_of(offer("{\"drop_off_at\":\"2026-03-16T07:30:00Z\","
						    "\"jobs\":[{\"immobilisation_minutes\":900,"
						    "\"type\":\"maintenance\"}],\"site\":\"LYO\"}"),
					  "rental"),
		"available", true)); /* two seats of two are kept from it */
}

static void what_is_settled_moves_only_if_it_must(void **state)
{
	struct str soon, later;

	(void)state;
	site_with("{\"settled_hours\":48}");
	dealer_at(&w, "2026-03-15T09:00:00+01:00");
	soon = grecale(MONDAY_8_30, TUESDAY_17, OK);
	move(soon, "G1", OK);
	later = grecale(THURSDAY_8_30, FRIDAY_17, OK);
	move(later, "G2", OK);
	(void)grecale(MONDAY_8_30, FRIDAY_17, OK);
	assert_str(booking_now(soon).resource, "G1");
	assert_str(booking_now(later).resource, "G1");
}

static struct command *upgrade(const char *class, const char *instead_of)
{
	struct json answer;
	struct str text = dealer_offer(
		&w, DEALER_VIN_BARE, "maintenance", 900, MONDAY_8_30, WEDNESDAY_17, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"%s\",\"instead_of\":\"%s\",\"offer\":\"%.*s\",\"solution\":\"loaner_"
		"brand\"}",
		class, instead_of, STR_FMT(text));

	return dealer_do(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, NULL);
}

static void a_better_class_stands_in_only_when_the_site_says_so(void **state)
{
	struct json terms = JSON_ABSENT;
	struct command *c;

	(void)state;
	(void)grecale(MONDAY_8_30, WEDNESDAY_17, OK);
	(void)grecale(MONDAY_8_30, WEDNESDAY_17, OK);
	c = upgrade("levante", "grecale");
	assert_int_equal(c->outcome, REFUSED_INVALID);
	command_free(c);
	site_with("{\"upgrades\":[{\"class\":\"grecale\",\"to\":[\"levante\"]}]}");
	c = upgrade("levante", "grecale");
	assert_int_equal(c->outcome, OK);
	terms = json_get(
		dealer_row(&w, ROW_BOOKING, booking_now(dealer_subject(&w, c)).id), "terms");
	/* a Grecale's price of 9000 a day, three days, not a Levante's 12000 */
	assert_int_equal(json_int_at(terms, "gross_minor", 0), 27000);
	assert_str(booking_now(dealer_subject(&w, c)).class, "levante");
	assert_str(booking_now(dealer_subject(&w, c)).upgraded_from, "grecale");
	command_free(c);
}

static void a_free_class_is_not_upgraded(void **state)
{
	struct command *c;

	(void)state;
	site_with("{\"upgrades\":[{\"class\":\"grecale\",\"to\":[\"levante\"]}]}");
	c = upgrade("levante", "grecale");
	assert_int_equal(c->outcome, REFUSED_INVALID);
	command_free(c);
}

static void what_cannot_be_is_refused_by_its_name(void **state)
{
	struct str a = grecale(MONDAY_8_30, TUESDAY_17, OK),
		   b = grecale(MONDAY_8_30, TUESDAY_17, OK);

	(void)state;
	move(a, "L1", REFUSED_INVALID); /* of another class */
	move(a, "G9", REFUSED_INVALID);
	dealer_must(&w, VERB_BOOKING_PIN, "LYO", b.p, NULL, OK);
	move(a, str_is(booking_now(b).resource, "G1") ? "G1" : "G2", REFUSED_PROMISES_BROKEN);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", a.p, "{}", OK);
	dealer_must(&w, VERB_BOOKING_EXTEND, "LYO", a.p,
		"{\"reason\":\"parts\",\"until\":\"2026-03-15T17:00:00Z\"}", REFUSED_INVALID);
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", a.p, "{\"reason\":\"x\"}", REFUSED_STATE);
	dealer_must(&w, VERB_BOOKING_MOVE, "LYO", a.p, "{\"resource\":\"G2\"}", REFUSED_STATE);
}

/* The other car would do until Wednesday, but it is promised from Tuesday evening on: who has it
 * takes the first one's place. */
static void an_extension_seats_others_elsewhere(void **state)
{
	struct str out = grecale(MONDAY_8_30, TUESDAY_12, OK), next;

	(void)state;
	move(out, "G1", OK);
	next = grecale(WEDNESDAY_8_30, THURSDAY_17, OK);
	move(next, "G1", OK);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", out.p, "{}", OK);
	dealer_must(&w, VERB_BOOKING_EXTEND, "LYO", out.p,
		"{\"reason\":\"parts\",\"until\":\"2026-03-18T16:00:00Z\"}", OK);
	assert_str(booking_now(out).resource, "G1");
	assert_str(booking_now(next).resource, "G2");
}

#define SEATS(f) cmocka_unit_test_setup_teardown(f, open_desks, close_dealer)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SEATS(promises_change_places_to_make_room),
		SEATS(a_request_moves_as_few_as_it_can),
		SEATS(a_pin_stands_fast),
		SEATS(a_seat_is_kept_back_until_the_day_is_near),
		SEATS(a_kept_seat_is_given_to_whom_it_is_kept_for),
		SEATS(a_seat_that_changed_is_no_change_of_an_import),
		SEATS(what_is_settled_moves_only_if_it_must),
		SEATS(a_better_class_stands_in_only_when_the_site_says_so),
		SEATS(a_free_class_is_not_upgraded),
		SEATS(what_cannot_be_is_refused_by_its_name),
		SEATS(an_extension_seats_others_elsewhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
