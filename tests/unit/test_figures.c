/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* A small week counted by hand: what each figure means, and what it does not count. */

#include "tests/lib/story.h"

#include "fleet/demand_book.h"
#include "fleet/standing.h"
#include "tests/lib/figured.h"

static struct figures *week(void)
{
	return figured(&w, day_from_civil(2026, 3, 16), day_from_civil(2026, 3, 21));
}

static void out(struct str id, const char *when)
{
	dealer_at(&w, when);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
}

static void in(struct str id, const char *when)
{
	dealer_at(&w, when);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
}

static void check_day(
	const struct figures *f, const char *class, uint32_t day, uint32_t used, uint32_t blocked)
{
	const struct day_use *d = &figured_class(f, class)->days[day];

	assert_int_equal(d->used, used);
	assert_int_equal(d->blocked, blocked);
}

static struct str csv(const struct figures *f, enum figures_table table)
{
	struct str text = render_figures_csv(f, table);

	assert_true(text.n > 0);
	return arena_copy(&w.arena, text);
}

static bool has(struct str text, const char *part)
{
	return strstr(text.p, part) != NULL;
}

static const struct payer_cost *payer(const struct figures *f, const char *name)
{
	for (uint32_t i = 0; i < f->payers_len; i++)
		if (str_is(f->payers[i].payer, name))
			return &f->payers[i];
	return NULL;
}

/* ---- time of cars ---- */

static void a_car_is_used_from_hand_over_to_return(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);
	struct figures *f;

	(void)state;
	f = week(); /* promised: the same hours, the 45 minutes to make it ready not counted */
	assert_int_equal(figured_class(f, "grecale")->used, 930 + 1440 + 1020);
	out(id, "2026-03-16T09:10:00+01:00");
	in(id, "2026-03-17T16:20:00+01:00"); /* a day early: the rest is free at once */
	f = week();
	check_day(f, "grecale", 0, 890, 0);
	check_day(f, "grecale", 1, 980, 0);
	check_day(f, "grecale", 2, 0, 0);
	check_day(f, "levante", 0, 0, 0);
	assert_int_equal(figured_class(f, "grecale")->cars, 2);
	assert_int_equal(figured_class(f, "grecale")->in_service, 2 * 5 * 1440);
	assert_int_equal(per_mille(figured_class(f, "grecale")->used,
				 figured_class(f, "grecale")->in_service),
		(890 + 980) * 1000 / 14400);
	assert_int_equal(figured_class(f, "grecale")->median, 31 * 60 + 10);
}

static void what_was_given_up_is_not_used_and_blocks_are_apart(void **state)
{
	struct str id = book("loaner_brand", "levante", MONDAY_8_30, WEDNESDAY_17, OK);
	struct figures *f;

	(void)state;
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", id.p, "{\"reason\":\"ill\"}", OK);
	block("L1", "2026-03-19T08:00:00+01:00", "2026-03-20T12:00:00+01:00");
	f = week();
	check_day(f, "levante", 0, 0, 0);
	check_day(f, "levante", 3, 0, 960);
	check_day(f, "levante", 4, 0, 720);
	assert_int_equal(f->all.blocked, 1680);
	assert_int_equal(f->all.used, 0);
}

/* A day of the clock's change has 23 hours; a car is in service from its first day to the day
 * before its last. */
static void days_and_service_are_those_of_the_calendar(void **state)
{
	struct figures *f;

	(void)state;
	command_free(dealer_put(&w, VERB_RESOURCE_PUT, "LYO", "L1",
		"{\"class\":\"levante\",\"in_service_on\":\"2026-03-28\",\"kind\":\"car\","
		"\"label\":\"L1\",\"out_of_service_on\":\"2026-03-30\",\"seats\":1,"
		"\"site\":\"LYO\",\"solutions\":[\"loaner_brand\"],\"status\":\"retired\","
		"\"turnaround_minutes\":60}",
		"*"));
	f = figured(&w, day_from_civil(2026, 3, 27), day_from_civil(2026, 4, 1));
	assert_int_equal(figured_class(f, "levante")->days[0].in_service, 0);
	assert_int_equal(figured_class(f, "levante")->days[1].in_service, 1440);
	assert_int_equal(figured_class(f, "levante")->days[2].in_service, 1380);
	assert_int_equal(figured_class(f, "levante")->days[3].in_service, 0);
	assert_int_equal(per_mille(0, figured_class(f, "levante")->days[0].in_service), -1);
	assert_int_equal(figured_class(f, "grecale")->in_service, 2 * (5 * 1440 - 60));
}

/* ---- loans ---- */

static void loans_lengths_and_late_returns(void **state)
{
	struct str a = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK), b, c;
	const struct class_use *grecale;
	struct figures *f;

	(void)state;
	out(a, MONDAY_8_30);
	b = book("loaner_brand", "grecale", MONDAY_9, TUESDAY_13, OK);
	c = book("loaner_other", "compact", "2026-03-16T10:00:00+01:00",
		"2026-03-17T10:00:00+01:00", OK);
	out(b, MONDAY_9);
	out(c, "2026-03-16T10:00:00+01:00");
	in(a, "2026-03-17T12:59:00+01:00"); /* within the 59 minutes of grace */
	in(b, "2026-03-17T14:00:00+01:00"); /* a minute later than them */
	f = week();
	grecale = figured_class(f, "grecale");
	assert_int_equal(grecale->loans, 2);
	assert_int_equal(grecale->returns, 2);
	assert_int_equal(grecale->late, 1);
	assert_int_equal(grecale->median, 28 * 60 + 29);
	assert_int_equal(grecale->p90, 29 * 60);
	assert_int_equal(turn_rate(grecale), 2 * 1000 * MONTH_MINUTES / (2 * 5 * 1440));
	assert_int_equal(f->all.loans, 3);
	assert_int_equal(f->all.returns, 2);
	assert_int_equal(figured_class(f, "compact")->median, 0);
	assert_int_equal(f->overdue_now, 1); /* the compact one is still out */
	struct standing standing;
	struct view v;
	struct txn t;
	fleet_look(w.fleet, &v, &t, &w.arena);
	standing_count(&v, &standing);
	fleet_look_end(&v);
	assert_int_equal(standing.state[BOOKING_HELD], 0);
	assert_int_equal(standing.state[BOOKING_OUT], 1);
	assert_int_equal(standing.state[BOOKING_RETURNED], 2);
	assert_int_equal(standing.past, 1);
	assert_int_equal(f->promises, 3);
	/* the day it began and the days it came back are apart */
	f = figured(&w, day_from_civil(2026, 3, 17), day_from_civil(2026, 3, 18));
	assert_int_equal(f->all.loans, 0);
	assert_int_equal(f->all.returns, 2);
	assert_int_equal(f->given, 0);
}

/* Whoever comes back weeks late is found on the day he comes. */
static void a_loan_that_came_back_weeks_late(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK);
	struct figures *f;

	(void)state;
	out(id, MONDAY_8_30);
	in(id, "2026-05-18T10:00:00+02:00");
	f = figured(&w, day_from_civil(2026, 5, 18), day_from_civil(2026, 5, 19));
	assert_int_equal(f->all.returns, 1);
	assert_int_equal(f->all.late, 1);
	assert_int_equal(figured_class(f, "grecale")->days[0].used, 600);
}

/* ---- who pays ---- */

static void each_payer_pays_its_part(void **state)
{
	struct str covered = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK), other;
	struct figures *f;

	(void)state;
	other = dealer_book(&w, NULL, "C2", "loaner_brand", "levante", MONDAY_9, TUESDAY_12, OK);
	book("loaner_brand", "grecale", "2026-03-16T10:00:00+01:00", TUESDAY_13,
		OK); /* not handed over */
	out(covered, MONDAY_8_30);
	out(other, MONDAY_9);
	f = week();
	assert_int_equal(f->given, 2);
	assert_int_equal(f->given_free, 1);
	assert_int_equal(f->value_minor, 27000); /* three days of 90 euros */
	assert_int_equal(payer(f, "manufacturer")->amount_minor, 27000);
	assert_int_equal(payer(f, "manufacturer")->bookings, 1);
	assert_int_equal(payer(f, "customer")->amount_minor, 24000); /* two of 120 */
	assert_true(has(csv(f, TABLE_PAYERS), "manufacturer,1,27000,EUR\r\n"));
}

/* ---- promises ---- */

/* Two go out; the third is promised the first one's return, which is late: it has no seat. */
static struct str at_risk(struct str *late)
{
	struct str next;

	*late = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK);
	book("loaner_brand", "grecale", MONDAY_9, "2026-03-17T18:00:00+01:00", OK);
	next = book("loaner_brand", "grecale", TUESDAY_13, WEDNESDAY_17, OK);
	out(*late, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", late->p,
		"{\"expected_at\":\"2026-03-17T15:00:00Z\",\"heard\":\"phone\"}", OK);
	assert_true(booking_now(next).at_risk);
	return next;
}

static void check_broken(uint32_t broken, uint32_t promises)
{
	struct figures *f = week();

	assert_int_equal(f->broken_len, broken);
	assert_int_equal(f->promises, promises);
}

static void a_promise_is_broken_when_its_hour_comes_without_a_seat(void **state)
{
	struct str late, next = at_risk(&late);

	(void)state;
	check_broken(0, 1); /* there is time yet; two have not begun */
	dealer_at(&w, "2026-03-17T13:30:00+01:00");
	check_broken(1, 3);
	in(late, "2026-03-17T14:00:00+01:00"); /* an hour too late for whoever waited */
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", next.p, "{\"reason\":\"left\"}", OK);
	check_broken(1, 3);
	assert_int_equal(per_mille(1, 3), 333);
}

static void a_seat_that_is_found_in_time_keeps_it(void **state)
{
	struct str late, next = at_risk(&late);

	(void)state;
	in(late, "2026-03-16T12:00:00+01:00");
	dealer_at(&w, "2026-03-16T12:01:00+01:00");
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
	assert_false(booking_now(next).at_risk);
	dealer_at(&w, "2026-03-18T09:00:00+01:00");
	check_broken(0, 3);
	/* given up later, for reasons of his own: no promise any more, and none broken */
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", next.p, "{\"reason\":\"ill\"}", OK);
	check_broken(0, 2);
}

static void whoever_gives_up_a_promise_at_risk_was_let_down(void **state)
{
	struct str late, next = at_risk(&late);

	(void)state;
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", next.p, "{\"reason\":\"none\"}", OK);
	check_broken(1, 2);
}

static void another_time_for_a_promise_at_risk_breaks_it(void **state)
{
	struct str late, next = at_risk(&late);

	(void)state;
	dealer_must(&w, VERB_BOOKING_RESCHEDULE, "LYO", next.p,
		"{\"from\":\"2026-03-24T09:00:00+01:00\",\"until\":\"2026-03-25T17:00:00+01:00\"}",
		OK);
	check_broken(1, 2);
	dealer_at(&w, "2026-03-26T09:00:00+01:00");
	check_broken(1, 3);
	/* it is kept where it was moved to */
	struct figures *f = figured(&w, day_from_civil(2026, 3, 23), day_from_civil(2026, 3, 28));
	assert_int_equal(f->broken_len, 0);
}

static void a_task_that_a_person_did_was_a_broken_promise(void **state)
{
	struct str late;
	struct list_page page = {.limit = 10};
	struct json open;
	struct view v;
	struct txn t;

	(void)state;
	at_risk(&late);
	fleet_look(w.fleet, &v, &t, &w.arena);
	open = json_get(
		arena_json(&w.arena, render_tasks(&v, STR("LYO"), STR("open"), &page), NULL),
		"items");
	fleet_look_end(&v);
	assert_int_equal(json_count(open), 1);
	dealer_must(&w, VERB_TASK_DONE, "LYO",
		arena_copy(&w.arena, json_str_at(json_item(open, 0), "task")).p, "{}", OK);
	check_broken(1, 2);
}

/* ---- visits ---- */

static void a_visit_knows_how_many_solutions_it_was_offered(void **state)
{
	struct figures *f;
	struct json answer;
	struct str offer;

	(void)state;
	dealer_at(&w, MONDAY_8_30);
	offer = dealer_offer(&w, DEALER_VIN, "warranty_repair", 900, "2026-03-23T09:00:00+01:00",
		"2026-03-24T17:00:00+01:00", &answer);
	dealer_must(&w, VERB_VISIT_OPEN, "LYO", NULL,
		arena_printf(
			&w.arena, "{\"answer\":\"declined\",\"offer\":\"%.*s\"}", STR_FMT(offer))
			.p,
		OK);
	dealer_must(&w, VERB_VISIT_OPEN, "LYO", NULL,
		"{\"drop_off_at\":\"2026-03-23T08:00:00Z\",\"jobs\":[{"
		"\"immobilisation_minutes\":60,\"type\":\"maintenance\"}]}",
		OK);
	book("loaner_brand", "grecale", "2026-03-25T09:00:00+01:00", "2026-03-26T17:00:00+01:00",
		OK); /* it makes its visit */
	f = week();
	assert_int_equal(f->visits, 3);
	assert_int_equal(f->visits_asked, 2);
	assert_int_equal(f->visits_two, 2);
	f = figured(&w, day_from_civil(2026, 3, 17), day_from_civil(2026, 3, 27));
	assert_int_equal(f->visits, 0); /* by the day it was opened, not by that of the work */
}

/* ---- the answer ---- */

static void demand_is_told_by_kind(void **state)
{
	struct demand_book *b = demand_book_new();
	struct demand d = {.day = day_from_civil(2026, 3, 16),
		.days = 2,
		.class = STR("grecale"),
		.reason = DEMAND_SEAT,
		.solution = STR("loaner_brand"),
		.offers = 4};
	struct str site, body;
	struct figures *f;

	(void)state;
	assert_true(demand_book_add(b, STR("LYO"), &d));
	d.day.n++;
	d.days = 1;
	assert_true(demand_book_add(b, STR("LYO"), &d));
	d.day.n += 7;
	assert_true(demand_book_add(b, STR("LYO"), &d));
	while (demand_book_take(b, &w.arena, &site, &body))
		dealer_must(&w, VERB_DEMAND, "LYO", "LYO", arena_copy(&w.arena, body).p, OK);
	demand_book_free(b);
	f = week();
	assert_int_equal(f->demand_len, 1);
	assert_int_equal(f->demand[0].offers, 8);
	assert_string_equal(csv(f, TABLE_DEMAND).p,
		"class,solution,reason,offers,bookings\r\ngrecale,loaner_brand,seat,8,0\r\n");
}

static void the_same_numbers_as_json_and_as_csv(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK), text;
	struct json doc, use;
	struct figures *f;

	(void)state;
	/* a class that a spreadsheet would take for a formula */
	resource("X1", "car", "-1+2", "\"loaner_brand\"", "1", 0);
	out(id, MONDAY_8_30);
	f = week();
	doc = arena_json(&w.arena, render_figures_json(f), NULL);
	assert_true(json_present(doc));
	assert_str(json_str_at(doc, "from"), "2026-03-16");
	assert_str(json_str_at(doc, "until"), "2026-03-21");
	assert_int_equal(json_count(json_get(doc, "utilisation")), 5 * f->classes_len);
	for (use = json_first(json_get(doc, "utilisation"));
		!str_is(json_str_at(use, "class"), "grecale");
		use = json_next(json_get(doc, "utilisation"), use))
		;
	assert_int_equal(json_int_at(use, "used_minutes", 0), 930);
	assert_int_equal(json_int_at(use, "used_per_mille", 0), 930 * 1000 / 2880);
	text = csv(f, TABLE_UTILISATION);
	assert_true(has(text, "day,class,blocked_minutes,cars,in_service_minutes,used_minutes,"
			      "used_per_mille\r\n"));
	assert_true(has(text, "2026-03-16,grecale,0,2,2880,930,322\r\n"));
	assert_true(has(text, "2026-03-16,'-1+2,0,1,1440,0,0\r\n"));
	text = csv(f, TABLE_CLASSES);
	assert_true(has(text, "grecale,0,2,14400,0,,1,3041,,,0,1650,114\r\n"));
	assert_true(has(text, "\r\n,0,")); /* all of them last, without a name */
	assert_true(has(csv(f, TABLE_SUMMARY), "broken_per_mille,0\r\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_car_is_used_from_hand_over_to_return),
		STORY(what_was_given_up_is_not_used_and_blocks_are_apart),
		STORY(days_and_service_are_those_of_the_calendar),
		STORY(loans_lengths_and_late_returns),
		STORY(a_loan_that_came_back_weeks_late),
		STORY(each_payer_pays_its_part),
		STORY(a_promise_is_broken_when_its_hour_comes_without_a_seat),
		STORY(a_seat_that_is_found_in_time_keeps_it),
		STORY(whoever_gives_up_a_promise_at_risk_was_let_down),
		STORY(another_time_for_a_promise_at_risk_breaks_it),
		STORY(a_task_that_a_person_did_was_a_broken_promise),
		STORY(a_visit_knows_how_many_solutions_it_was_offered),
		STORY(demand_is_told_by_kind),
		STORY(the_same_numbers_as_json_and_as_csv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
