/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Stories of cars that two sites share: Paris sends one of its own to Lyon when Lyon has none left.
 * The car is on the road before and after, the claim stands in the journal of its home alone, hours
 * and prices are the customer's site's, and who drives it home is told so.
 */

#include "tests/lib/two_sites.h"

#include "fleet/render.h"
#include "fleet/task.h"

/* ---- offered and booked ---- */

static struct json shared_class(struct json answer)
{
	struct json all = json_get(solution_of(answer, "loaner_brand"), "classes");
	struct json found = JSON_ABSENT;

	for (struct json c = json_first(all); json_present(c); c = json_next(all, c))
		if (json_str_at(c, "home_site").n)
			found = c;
	return found;
}

static void an_offer_names_the_other_site_once_our_own_are_gone(void **state)
{
	struct json found;

	(void)state;
	assert_false(json_present(shared_class(ask("LYO", MONDAY_9, TUESDAY_17))));
	(void)book("loaner_brand", "levante", MONDAY_8_30, WEDNESDAY_17, OK);
	found = shared_class(ask("LYO", MONDAY_9, TUESDAY_17));
	assert_str(json_str_at(found, "home_site"), "PAR");
	assert_str(json_str_at(found, "class"), "levante");
	assert_true(json_bool_at(found, "available", false));
	assert_false(json_present(json_get(found, "resource"))); /* which one is theirs to say */
	/* ours do not help Paris: nobody shares them */
	assert_false(json_present(shared_class(ask("PAR", MONDAY_9, TUESDAY_17))));
	(void)in_paris(MONDAY_9, MONDAY_17, OK);
	assert_false(json_present(shared_class(ask("LYO", MONDAY_9, TUESDAY_17))));
}

static void the_claim_is_the_homes_and_the_terms_are_the_customers(void **state)
{
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK);
	struct booking b = booking_now(id);

	(void)state;
	assert_str(b.site, "PAR");
	assert_str(b.for_site, "LYO");
	assert_str(b.number, "PAR-000001");
	claims(id, minute_of(MONDAY_9) - 90, minute_of(TUESDAY_17) + 90 + 60);
	assert_int_equal(json_int_at(json_get(b.doc, "terms"), "customer_minor", 0), 2 * 12000);
	assert_str(json_str_at(dealer_row(&w, ROW_VISIT, b.visit), "for_site"), "LYO");
}

/* Paris is closed that Friday: nobody there has to hand over anything. */
static void hours_are_the_customers(void **state)
{
	(void)state;
	(void)in_paris(FRIDAY_9, FRIDAY_17, REFUSED_NO_SEAT);
	(void)in_lyon(FRIDAY_9, FRIDAY_17, OK);
	(void)in_lyon("2026-03-22T09:00:00+01:00", "2026-03-22T17:00:00+01:00", REFUSED_NO_SEAT);
}

static void nothing_else_fits_into_the_transfer(void **state)
{
	(void)state;
	(void)in_lyon(TUESDAY_9, TUESDAY_17, OK);
	/* made ready until 16:30 + 60, on its way at 07:30 the next morning */
	(void)in_paris(MONDAY_9, "2026-03-17T08:30:00+01:00", REFUSED_NO_SEAT);
	(void)in_paris(MONDAY_9, MONDAY_17, OK);
	/* back at 18:30, made ready at 19:30 */
	(void)in_paris("2026-03-17T18:00:00+01:00", WEDNESDAY_17, REFUSED_NO_SEAT);
	(void)in_paris("2026-03-18T08:30:00+01:00", WEDNESDAY_17, OK);
}

static void to_the_minute(void **state)
{
	(void)state;
	(void)in_lyon("2026-03-16T14:00:00+01:00", MONDAY_17, OK); /* leaves at 12:30 */
	(void)in_paris(MONDAY_9, "2026-03-16T11:31:00+01:00", REFUSED_NO_SEAT);
	(void)in_paris(MONDAY_9, "2026-03-16T11:30:00+01:00", OK);
}

/* It is nine o'clock: what is to be there at ten would have to be on its way. */
static void a_car_cannot_leave_yesterday(void **state)
{
	(void)state;
	(void)in_lyon("2026-03-02T10:29:00+01:00", "2026-03-02T17:00:00+01:00", REFUSED_NO_SEAT);
	(void)in_lyon("2026-03-02T10:30:00+01:00", "2026-03-02T17:00:00+01:00", OK);
}

static void what_is_no_shared_car_is_refused_by_name(void **state)
{
	(void)state;
	(void)make_for(
		"LYO", "grecale", MONDAY_9, MONDAY_17, ",\"home_site\":\"PAR\"", REFUSED_INVALID);
	(void)make_for(
		"LYO", "levante", MONDAY_9, MONDAY_17, ",\"home_site\":\"LYO\"", REFUSED_INVALID);
	(void)make_for(
		"LYO", "levante", MONDAY_9, MONDAY_17, "", REFUSED_OFFER_INVALID); /* not here */
	(void)make_for(
		"PAR", "levante", MONDAY_9, MONDAY_17, ",\"home_site\":\"PAR\"", REFUSED_INVALID);
	(void)make_for("LYO", "levante", "2026-03-02T11:00:00+01:00", "2026-03-02T17:00:00+01:00",
		",\"check_out\":{},\"home_site\":\"PAR\"", REFUSED_INVALID);
}

/* ---- given another time, handed over, taken back ---- */

static void other_windows_keep_the_transfer(void **state)
{
	struct str id = in_lyon(MONDAY_9, MONDAY_17, OK);

	(void)state;
	verb(VERB_BOOKING_RESCHEDULE, id,
		"{\"from\":\"" TUESDAY_9 "\",\"until\":\"" TUESDAY_17 "\"}", OK);
	claims(id, minute_of(TUESDAY_9) - 90, minute_of(TUESDAY_17) + 90 + 60);
	verb(VERB_BOOKING_EXTEND, id, "{\"reason\":\"parts\",\"until\":\"" WEDNESDAY_17 "\"}", OK);
	claims(id, minute_of(TUESDAY_9) - 90, minute_of(WEDNESDAY_17) + 90 + 60);
	verb(VERB_BOOKING_CANCEL, id, "{\"reason\":\"no\"}", OK);
	assert_int_equal(booking_now(id).claims_len, 0);
	verb(VERB_BOOKING_REINSTATE, id, "{}", OK);
	claims(id, minute_of(TUESDAY_9) - 90, minute_of(WEDNESDAY_17) + 90 + 60);
}

/* The task of that kind about a resource, as the list of Paris has it. */
static struct json task_now(const char *status)
{
	struct list_page page = {.limit = 10};
	struct json items, found = JSON_ABSENT;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	items = json_get(
		arena_json(&w.arena, render_tasks(&v, STR("PAR"), str_from(status), &page), NULL),
		"items");
	fleet_look_end(&v);
	for (struct json i = json_first(items); json_present(i); i = json_next(items, i))
		if (str_is(json_str_at(i, "kind"), "transfer"))
			found = i;
	return found;
}

static void a_return_elsewhere_is_a_task_until_the_car_is_home(void **state)
{
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK);
	struct json task;

	(void)state;
	dealer_at(&w, MONDAY_9);
	verb(VERB_BOOKING_CHECK_OUT, id, "{}", OK);
	claims(id, minute_of(MONDAY_9), minute_of(TUESDAY_17) + 90 + 60);
	verb(VERB_BOOKING_EXTEND, id, "{\"reason\":\"parts\",\"until\":\"" WEDNESDAY_17 "\"}", OK);
	verb(VERB_BOOKING_LATE, id,
		"{\"expected_at\":\"2026-03-18T18:00:00+01:00\",\"heard\":\"by phone\"}", OK);
	claims(id, minute_of(MONDAY_9), minute_of(WEDNESDAY_17) + 60 + 90 + 60);
	dealer_at(&w, WEDNESDAY_9);
	assert_false(json_present(task_now("open")));
	verb(VERB_BOOKING_CHECK_IN, id, "{}", OK);
	claims(id, minute_of(MONDAY_9), minute_of(WEDNESDAY_9) + 90 + 60);
	task = task_now("open");
	assert_str(json_str_at(task, "resource"), "P1");
	assert_str(json_str_at(task, "due_at"), "2026-03-18T10:30:00+01:00");
	assert_str(json_str_at(json_get(dealer_row(&w, ROW_RESOURCE, STR("P1")), "now"), "where"),
		"LYO");
	dealer_must(&w, VERB_RESOURCE_READY, "PAR", "P1", "{\"where\":\"yard\"}", OK);
	assert_false(json_present(task_now("open")));
	assert_true(json_present(task_now("dropped")));
}

static void any_car_may_come_back_elsewhere(void **state)
{
	struct str id = in_paris(MONDAY_9, TUESDAY_17, OK), next;

	(void)state;
	dealer_at(&w, MONDAY_9);
	verb(VERB_BOOKING_CHECK_OUT, id, "{}", OK);
	dealer_at(&w, TUESDAY_9);
	verb(VERB_BOOKING_CHECK_IN, id, "{\"site\":\"GVA\"}", REFUSED_INVALID);
	verb(VERB_BOOKING_CHECK_IN, id, "{\"site\":\"LYO\"}", OK);
	assert_int_equal(booking_now(id).claims[0].row.until, minute_of(TUESDAY_9) + 90 + 60);
	assert_true(json_present(task_now("open")));
	/* it is lent where it stands: nobody has to bring it home for that */
	dealer_at(&w, WEDNESDAY_9);
	next = in_lyon("2026-03-18T12:00:00+01:00", WEDNESDAY_17, OK);
	dealer_at(&w, "2026-03-18T12:00:00+01:00");
	verb(VERB_BOOKING_CHECK_OUT, next, "{}", OK);
	assert_false(json_present(task_now("open")));
	dealer_at(&w, WEDNESDAY_17);
	verb(VERB_BOOKING_CHECK_IN, next, "{\"site\":\"PAR\"}", OK); /* brought home */
	assert_false(json_present(task_now("open")));
	claims(next, minute_of("2026-03-18T12:00:00+01:00"), minute_of(WEDNESDAY_17) + 60);
}

static void another_car_at_hand_over_is_a_shared_one(void **state)
{
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK);

	(void)state;
	car("P2", "levante", "");
	car("P3", "levante", LYON_90);
	dealer_at(&w, MONDAY_9);
	verb(VERB_BOOKING_CHECK_OUT, id, "{\"resource\":\"P2\"}", REFUSED_INVALID);
	verb(VERB_BOOKING_CHECK_OUT, id, "{\"resource\":\"P3\"}", OK);
	claims(id, minute_of(MONDAY_9), minute_of(TUESDAY_17) + 90 + 60);
}

/* The one that broke down over there is brought home; the other one stands there already. */
static void an_exchange_leaves_a_car_there(void **state)
{
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK);
	struct booking b;

	(void)state;
	car("P2", "levante", "");
	car("P3", "levante", LYON_90);
	dealer_at(&w, MONDAY_9);
	verb(VERB_BOOKING_CHECK_OUT, id, "{}", OK);
	dealer_at(&w, MONDAY_17);
	verb(VERB_BOOKING_EXCHANGE, id,
		"{\"in\":{},\"out\":{},\"reason\":\"a lamp\",\"resource\":\"P2\"}",
		REFUSED_INVALID);
	verb(VERB_BOOKING_EXCHANGE, id,
		"{\"in\":{},\"out\":{},\"reason\":\"a lamp\",\"resource\":\"P3\"}", OK);
	b = booking_now(id);
	assert_int_equal(b.claims_len, 2);
	for (uint32_t i = 0; i < 2; i++)
		assert_int_equal(b.claims[i].row.until, str_is(b.claims[i].seat.resource, "P1")
								? minute_of(MONDAY_17) + 90 + 60
								: minute_of(TUESDAY_17) + 90 + 60);
	assert_str(json_str_at(task_now("open"), "resource"), "P1");
}

static void change(struct str id, const char *at, const char *class, enum outcome expected)
{
	struct str text = json_str_at(ask(at, TUESDAY_9, TUESDAY_17), "offer");

	verb(VERB_BOOKING_CHANGE, id,
		arena_printf(&w.arena,
			"{\"accept_customer_minor\":99999999,\"class\":\"%s\",\"from\":\"" TUESDAY_9
			"\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\",\"until\":"
			"\"" TUESDAY_17 "\"}",
			class, STR_FMT(text))
			.p,
		expected);
}

/* Another offer of the customer's site: the car stays one of the same home's. */
static void a_change_keeps_the_home(void **state)
{
	struct str id = in_lyon(MONDAY_9, MONDAY_17, OK);

	(void)state;
	change(id, "PAR", "levante", REFUSED_INVALID);
	change(id, "LYO", "grecale", REFUSED_INVALID);
	change(id, "LYO", "levante", OK);
	claims(id, minute_of(TUESDAY_9) - 90, minute_of(TUESDAY_17) + 90 + 60);
	assert_str(booking_now(id).for_site, "LYO");
}

/* ---- what both sites see ---- */

static struct json rendered(struct str text)
{
	return arena_json(&w.arena, text, NULL);
}

static void both_sites_list_it_and_one_claims_it(void **state)
{
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK);
	struct list_page page = {.limit = 10};
	struct span span = {
		{(int64_t)minute_of(MONDAY_8_30) * 60}, {(int64_t)minute_of(WEDNESDAY_17) * 60}};
	struct booking_filter at_lyon = {.site = STR("LYO"), .has_span = true, .span = span};
	struct booking_filter at_paris = {.site = STR("PAR")};
	struct json items, bar;
	struct view v;
	struct txn t;

	(void)state;
	(void)in_paris(WEDNESDAY_9, WEDNESDAY_17, OK);
	(void)book("loaner_brand", "levante", MONDAY_8_30, MONDAY_17, OK); /* serial 1 as well */
	fleet_look(w.fleet, &v, &t, &w.arena);
	items = json_get(rendered(render_bookings(&v, &at_lyon, &page)), "items");
	assert_int_equal(json_count(items), 2);
	bar = json_item(items, 0);
	if (!str_eq(json_str_at(bar, "booking"), id))
		bar = json_item(items, 1);
	assert_true(str_eq(json_str_at(bar, "booking"), id));
	assert_str(json_str_at(bar, "site"), "PAR");
	assert_str(json_str_at(bar, "for_site"), "LYO");
	items = json_get(rendered(render_bookings(&v, &at_paris, &page)), "items");
	assert_int_equal(json_count(items), 2);
	items = json_get(rendered(render_board(&v, STR("LYO"), span)), "unassigned");
	assert_int_equal(json_count(items), 1);
	assert_str(json_str_at(json_first(items), "home_site"), "PAR");
	assert_true(str_eq(json_str_at(json_first(items), "booking"), id));
	items = json_get(rendered(render_board(&v, STR("PAR"), span)), "unassigned");
	assert_int_equal(json_count(items), 0);
	fleet_look_end(&v);
}

/* A visit of Lyon's stays Lyon's: the journal of Paris changes nothing of it, and yet it names the
 * booking. */
static void a_visit_names_the_bookings_of_both(void **state)
{
	struct str visit = dealer_must(&w, VERB_VISIT_OPEN, "LYO", NULL,
			   "{\"drop_off_at\":\"" MONDAY_9 "\",\"ready_at\":\"" TUESDAY_17
			   "\",\"site\":\"LYO\"}",
			   OK),
		   id;
	struct str named =
		arena_printf(&w.arena, ",\"home_site\":\"PAR\",\"visit\":\"%.*s\"", STR_FMT(visit));
	struct json bookings;
	struct row row;
	struct view v;
	struct txn t;

	(void)state;
	id = make_for("LYO", "levante", MONDAY_9, TUESDAY_17, named.p, OK);
	assert_true(str_eq(booking_now(id).visit, visit));
	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(row_get(&v, ROW_VISIT, visit, &row));
	bookings = json_get(rendered(render_row(&v, ROW_VISIT, visit, &row)), "bookings");
	fleet_look_end(&v);
	assert_int_equal(json_count(json_get(row.doc, "bookings")), 0);
	assert_int_equal(json_count(bookings), 1);
	assert_true(str_eq(json_str(json_first(bookings)), id));
	dealer_must(&w, VERB_VISIT_CHANGE, "LYO", visit.p, "{}", OK); /* still Lyon's */
}

/* ---- what is shared ---- */

static enum outcome put(const char *id, const char *shared, const char *more)
{
	struct command *c = dealer_put(
		&w, VERB_RESOURCE_PUT, "PAR", id, car_body(id, "levante", shared, more), "*");
	enum outcome o = c->outcome;

	command_free(c);
	return o;
}

static void the_road_is_as_long_for_all_of_a_class(void **state)
{
	(void)state;
	assert_int_equal(
		put("P2", "{\"site\":\"LYO\",\"transfer_minutes\":60}", ""), REFUSED_INVALID);
	assert_int_equal(put("P2", LYON_90 "," LYON_90, ""), REFUSED_INVALID);
	assert_int_equal(
		put("P2", "{\"site\":\"PAR\",\"transfer_minutes\":1}", ""), REFUSED_INVALID);
	assert_int_equal(put("P2", "{\"site\":\"GVA\",\"transfer_minutes\":60}", ""), OK);
	assert_int_equal(put("P1", "{\"site\":\"LYO\",\"transfer_minutes\":60}", ""), OK);
}

static void a_promise_holds_the_car_to_its_sites(void **state)
{
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK);

	(void)state;
	assert_int_equal(put("P1", "", ""), REFUSED_IN_USE);
	assert_int_equal(
		put("P1", "{\"site\":\"LYO\",\"transfer_minutes\":60}", ""), REFUSED_IN_USE);
	/* insured until the evening of the return: not for the way home */
	assert_int_equal(put("P1", LYON_90, "\"out_of_service_on\":\"2026-03-18\","), OK);
	assert_int_equal(
		put("P1", LYON_90, "\"out_of_service_on\":\"2026-03-17\","), REFUSED_IN_USE);
	verb(VERB_BOOKING_CANCEL, id, "{\"reason\":\"no\"}", OK);
	assert_int_equal(put("P1", "", ""), OK);
	(void)in_lyon(MONDAY_9, TUESDAY_17, REFUSED_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SHARED(an_offer_names_the_other_site_once_our_own_are_gone),
		SHARED(the_claim_is_the_homes_and_the_terms_are_the_customers),
		SHARED(hours_are_the_customers),
		SHARED(nothing_else_fits_into_the_transfer),
		SHARED(to_the_minute),
		SHARED(a_car_cannot_leave_yesterday),
		SHARED(what_is_no_shared_car_is_refused_by_name),
		SHARED(other_windows_keep_the_transfer),
		SHARED(a_return_elsewhere_is_a_task_until_the_car_is_home),
		SHARED(any_car_may_come_back_elsewhere),
		SHARED(another_car_at_hand_over_is_a_shared_one),
		SHARED(an_exchange_leaves_a_car_there),
		SHARED(a_change_keeps_the_home),
		SHARED(both_sites_list_it_and_one_claims_it),
		SHARED(a_visit_names_the_bookings_of_both),
		SHARED(the_road_is_as_long_for_all_of_a_class),
		SHARED(a_promise_holds_the_car_to_its_sites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
