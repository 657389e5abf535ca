/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves, with a clock that is set, that what is owed for a booking stands in the deadline book by
 * the site's rules, follows the booking, is done, moved or handed over by people, and is told to
 * somebody else when it is not done: nothing lapses silently. */

#include "tests/lib/book_of_deadlines.h"

#define ALL_ON                                                                  \
	"[{\"on\":true,\"rule\":\"CIT-6.2\"},{\"on\":true,\"rule\":\"WB-48\"}," \
	"{\"on\":true,\"rule\":\"AVT-S10\"}]"

/* ---- before a booking begins ---- */

static void is_confirmed_the_day_before_by_noon(void **state)
{
	struct json task;
	struct str id;

	(void)state;
	assert_int_equal(say_deadlines(ALL_ON), OK);
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	/* Monday's: the doors are shut on Saturday and Sunday, Friday noon is the last */
	id = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK);
	task = owes("confirm", "CIT-6.2", "2026-03-13T12:00:00+01:00");
	assert_true(str_eq(json_str_at(task, "booking"), id));
	assert_str(json_str_at(task, "owner"), "tester");
	assert_str(json_str_at(task, "customer"), "C1");
	assert_true(json_str_at(task, "customer_name").n > 0);
	assert_true(json_str_at(task, "number").n > 0);
	/* later: both follow, the same tasks */
	dealer_must(&w, VERB_BOOKING_RESCHEDULE, "LYO", id.p,
		"{\"from\":\"2026-03-18T09:00:00+01:00\",\"until\":\"2026-03-19T12:00:00+01:00\"}",
		OK);
	assert_true(
		str_eq(json_str_at(owes("confirm", "CIT-6.2", "2026-03-17T12:00:00+01:00"), "task"),
			json_str_at(task, "task")));
	owes("look_ahead", "WB-48", "2026-03-16T09:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", id.p, "{\"reason\":\"a taxi\"}", OK);
	owes_nothing("confirm");
	owes_nothing("look_ahead");
	assert_true(json_present(task_of("confirm", "dropped")));
}

/* Over Easter and into summer time. */
static void is_looked_at_two_days_ahead(void **state)
{
	(void)state;
	assert_int_equal(say_deadlines(ALL_ON), OK);
	dealer_at(&w, "2026-03-24T10:00:00+01:00");
	book("loaner_brand", "grecale", "2026-03-30T10:00:00+02:00", "2026-03-31T12:00:00+02:00",
		OK);
	/* 48 hours before is Saturday: the doors shut on Friday */
	owes("look_ahead", "WB-48", "2026-03-27T18:30:00+01:00");
	owes("confirm", "CIT-6.2", "2026-03-27T12:00:00+01:00");
}

static void whoever_books_for_tomorrow_is_confirmed_already(void **state)
{
	(void)state;
	assert_int_equal(say_deadlines(ALL_ON), OK);
	dealer_at(&w, "2026-03-16T13:00:00+01:00");
	book("loaner_brand", "grecale", "2026-03-17T09:00:00+01:00", WEDNESDAY_17, OK);
	assert_int_equal(json_count(tasks(NULL)), 0);
}

static void a_hold_promises_nothing_yet(void **state)
{
	struct json answer;
	struct str text, id, body;

	(void)state;
	assert_int_equal(say_deadlines(ALL_ON), OK);
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	text = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, TUESDAY_12, &answer);
	body = arena_printf(&w.arena,
		"{\"hold_minutes\":90,\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
		STR_FMT(text));
	id = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);
	owes_nothing("confirm");
	dealer_must(&w, VERB_BOOKING_BOOK, "LYO", id.p, "{}", OK);
	owes("confirm", "CIT-6.2", "2026-03-13T12:00:00+01:00");
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	owes_nothing("confirm"); /* he is here: it is too late to ask whether he comes */
}

static void a_site_that_wants_none_has_none(void **state)
{
	struct str id;

	(void)state;
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	id = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK);
	assert_int_equal(json_count(tasks(NULL)), 0);
	/* turned off again: what is open is still dropped when its booking is given up */
	assert_int_equal(say_deadlines(ALL_ON), OK);
	dealer_must(&w, VERB_BOOKING_RESCHEDULE, "LYO", id.p,
		"{\"from\":\"2026-03-18T09:00:00+01:00\",\"until\":\"2026-03-19T12:00:00+01:00\"}",
		OK);
	owes("confirm", "CIT-6.2", "2026-03-17T12:00:00+01:00");
	assert_int_equal(say_deadlines("[]"), OK);
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", id.p, "{\"reason\":\"a taxi\"}", OK);
	owes_nothing("confirm");
}

/* ---- after it ---- */

/* Back on Friday: 48 hours later the doors are shut, Monday's closing is the last. */
static void is_called_48_hours_after_the_visit(void **state)
{
	struct str id;

	(void)state;
	assert_int_equal(say_deadlines(ALL_ON), OK);
	id = book("loaner_brand", "grecale", "2026-03-18T09:00:00+01:00",
		"2026-03-27T12:00:00+01:00", OK);
	dealer_at(&w, "2026-03-18T09:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	owes_nothing("after_visit");
	dealer_at(&w, "2026-03-27T11:30:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
	owes("after_visit", "AVT-S10", "2026-03-30T18:30:00+02:00");
}

/* ---- nothing lapses silently ---- */

static void what_is_overdue_is_told_three_times(void **state)
{
	static const char *const when[] = {"2026-03-13T12:00:30+01:00", "2026-03-14T12:00:30+01:00",
		"2026-03-16T12:00:30+01:00"};
	uint64_t before;

	(void)state;
	assert_int_equal(say_deadlines("[{\"on\":true,\"rule\":\"CIT-6.2\"}]"), OK);
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	book("loaner_brand", "grecale", "2026-03-16T15:00:00+01:00", TUESDAY_12, OK);
	before = entries();
	tick_at("2026-03-13T11:59:30+01:00");
	assert_int_equal(entries(), before);
	for (size_t i = 0; i < ARRAY_LEN(when); i++) {
		struct json task;
		tick_at(when[i]);
		tick_at(when[i]); /* once is enough */
		assert_int_equal(entries(), ++before);
		task = task_of("confirm", "open");
		assert_int_equal(json_int_at(task, "escalated", 0), (int64_t)i + 1);
		assert_str(json_str_at(task, "escalated_at"), when[i]);
		assert_false(json_present(json_get(task, "escalates_at")));
	}
	tick_at("2026-03-16T14:00:00+01:00");
	assert_int_equal(entries(), before); /* everybody knows by now, and it stays open */
	assert_true(json_present(task_of("confirm", "open")));
}

static void is_told_whom_the_site_names(void **state)
{
	struct json task;

	(void)state;
	somebody_works_here("boss", "LYO");
	somebody_works_here("Reception", "LYO");
	assert_int_equal(say_deadlines("[{\"escalate_to\":\"boss\",\"on\":true,"
				       "\"owner\":\"Reception\",\"rule\":\"CIT-6.2\"}]"),
		OK);
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK);
	assert_str(json_str_at(task_of("confirm", "open"), "owner"), "Reception");
	tick_at("2026-03-13T12:10:00+01:00");
	task = task_of("confirm", "open");
	assert_str(json_str_at(task, "escalated_to"), "boss");
	task_does(task, VERB_TASK_DONE, "{\"note\":\"comes\"}", OK);
	tick_at("2026-03-14T12:10:00+01:00");
	assert_int_equal(json_int_at(task_of("confirm", "done"), "escalated", 0), 1);
}

/* Existing trouble stands in the same book: an overdue loan is told after an hour. */
static void an_overdue_loan_is_told(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK);
	struct json task;

	(void)state;
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	tick_at("2026-03-17T12:10:00+01:00");
	task = owes("overdue", "AVT-S3", "2026-03-17T12:10:00+01:00");
	assert_str(json_str_at(task, "owner"), "tester"); /* who promised it */
	tick_at("2026-03-17T13:09:00+01:00");
	assert_int_equal(json_int_at(task_of("overdue", "open"), "escalated", 0), 0);
	tick_at("2026-03-17T13:10:00+01:00");
	assert_int_equal(json_int_at(task_of("overdue", "open"), "escalated", 0), 1);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
	owes_nothing("overdue");
}

/* What ends in the very tick in which it would be told is not told. */
static void many_are_told_by_several_ticks(void **state)
{
	uint64_t told = 0, before;

	(void)state;
	assert_int_equal(say_deadlines("[{\"on\":true,\"rule\":\"WB-48\"}]"), OK);
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	for (int i = 0; i < 60; i++)
		book("taxi", NULL, MONDAY_8_30, TUESDAY_12, OK);
	assert_int_equal(json_count(tasks("open")), 60);
	before = entries();
	for (int i = 0; i < 3; i++)
		tick_at("2026-03-14T12:10:00+01:00");
	assert_int_equal(entries(), before + 2);
	for (uint32_t i = 0; i < 60; i++)
		told += (uint64_t)json_int_at(json_item(tasks("open"), i), "escalated", 0);
	assert_int_equal(told, 60);
}

/* ---- what people do ---- */

static struct json a_task(void)
{
	assert_int_equal(say_deadlines("[{\"on\":true,\"rule\":\"CIT-6.2\"}]"), OK);
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	book("loaner_brand", "grecale", "2026-03-18T09:00:00+01:00", "2026-03-19T12:00:00+01:00",
		OK);
	return owes("confirm", "CIT-6.2", "2026-03-17T12:00:00+01:00");
}

#define MOVE(at) "{\"due_at\":\"" at "\",\"reason\":\"he asked for it\"}"

static void is_moved_with_a_reason(void **state)
{
	struct json task = a_task(), row;

	(void)state;
	task_does(task, VERB_TASK_MOVE, MOVE("2026-03-12T09:00:00Z"), REFUSED_INVALID); /* now */
	task_does(task, VERB_TASK_MOVE, MOVE("2026-03-11T09:00:00Z"), REFUSED_INVALID); /* past */
	task_does(task, VERB_TASK_MOVE, MOVE("2028-03-11T09:00:00Z"), REFUSED_INVALID);
	tick_at("2026-03-17T12:10:00+01:00");
	task_does(task, VERB_TASK_MOVE, MOVE("2026-03-17T14:00:00Z"), OK);
	task = owes("confirm", "CIT-6.2", "2026-03-17T15:00:00+01:00");
	assert_str(json_str_at(json_item(json_get(task, "moved"), 0), "from"),
		"2026-03-17T12:00:00+01:00");
	assert_str(json_str(json_item(json_get(task, "reasons"), 0)), "he asked for it");
	row = dealer_row(&w, ROW_TASK, json_str_at(task, "task"));
	assert_false(json_present(json_get(row, "reasons"))); /* sealed, for the customer */
	assert_str(json_str_at(json_get(row, "private"), "of"), "C1");
	/* whoever was told once is told for the second time a day after the new time */
	tick_at("2026-03-17T15:10:00+01:00");
	assert_int_equal(json_int_at(task_of("confirm", "open"), "escalated", 0), 1);
	task_does(task, VERB_TASK_DONE, "{\"note\":\"comes\"}", OK);
	task_does(task, VERB_TASK_MOVE, MOVE("2026-03-20T14:00:00Z"), REFUSED_STATE);
	task = task_of("confirm", "done");
	assert_str(json_str_at(task, "note"), "comes");
	assert_str(json_str(json_item(json_get(task, "reasons"), 0)), "he asked for it");
}

static void is_handed_to_somebody_who_works_here(void **state)
{
	struct json task = a_task();

	(void)state;
	somebody_works_here("Anna", "LYO");
	somebody_works_here("bruno", "MIL");
	task_does(task, VERB_TASK_HAND_OVER, "{\"to\":\"nobody\"}", REFUSED_INVALID);
	task_does(task, VERB_TASK_HAND_OVER, "{\"to\":\"bruno\"}", REFUSED_INVALID);
	task_does(task, VERB_TASK_HAND_OVER, "{\"to\":\"ANNA\"}", OK);
	task = task_of("confirm", "open");
	assert_str(json_str_at(task, "owner"), "Anna");
	assert_str(json_str_at(json_item(json_get(task, "handed"), 0), "from"), "tester");
	task_does(task, VERB_TASK_HAND_OVER, "{\"to\":\"anna\"}", REFUSED_INVALID);
	task_does(task, VERB_TASK_MOVE, MOVE("2026-03-17T14:00:00Z"), OK);
	task = task_of("confirm", "open");
	assert_int_equal(json_count(json_get(task, "reasons")), 2); /* one for each step */
	assert_str(json_str(json_item(json_get(task, "reasons"), 0)), "");
}

static void steps_of_one_task_are_bounded(void **state)
{
	struct json task = a_task();

	(void)state;
	for (int i = 0; i < TASK_STEPS_MAX; i++)
		task_does(task, VERB_TASK_MOVE, MOVE("2026-03-17T14:00:00Z"), OK);
	task_does(task, VERB_TASK_MOVE, MOVE("2026-03-17T14:00:00Z"), REFUSED_LIMIT);
	task_does(task, VERB_TASK_DONE, "{}", OK);
}

/* ---- what a site may say ---- */

static void a_site_says_what_there_is(void **state)
{
	(void)state;
	assert_int_equal(say_deadlines("[{\"rule\":\"LEX-99\"}]"), REFUSED_INVALID);
	assert_int_equal(say_deadlines("[{\"rule\":\"LEX-6\"},{\"on\":false,\"rule\":\"LEX-6\"}]"),
		REFUSED_INVALID);
	assert_int_equal(say_deadlines("[{\"on\":false,\"rule\":\"AVT-S3\"}]"), REFUSED_INVALID);
	assert_int_equal(
		say_deadlines("[{\"owner\":\"nobody\",\"rule\":\"LEX-6\"}]"), REFUSED_INVALID);
	assert_int_equal(say_deadlines("[{\"escalate_to\":\"nobody\",\"rule\":\"LEX-6\"}]"),
		REFUSED_INVALID);
	assert_int_equal(say_deadlines("[{\"on\":false,\"rule\":\"LEX-6\"}]"), OK);
}

/* ---- one's day ---- */

static struct json day_of_person(const char *login, bool hears_all, bool all)
{
	struct day_asked asked = {str_from(login), hears_all, all, 500};
	struct json day;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	day = arena_json(&w.arena, render_day(&v, STR("LYO"), &asked), NULL);
	fleet_look_end(&v);
	assert_true(json_present(day));
	return day;
}

static int64_t counted(struct json day, const char *what)
{
	return json_int_at(json_get(day, "counts"), what, -1);
}

static void ones_day_has_what_one_owes(void **state)
{
	struct json day;

	(void)state;
	somebody_works_here("anna", "LYO");
	(void)a_task();						      /* due on Tuesday noon */
	book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK); /* Friday noon */
	dealer_at(&w, "2026-03-13T11:00:00+01:00");
	day = day_of_person("tester", false, false);
	assert_int_equal(json_count(json_get(day, "items")), 2);
	assert_str(json_str_at(json_item(json_get(day, "items"), 0), "due_at"),
		"2026-03-13T12:00:00+01:00");
	assert_int_equal(counted(day, "today"), 1);
	assert_int_equal(counted(day, "later"), 1);
	assert_int_equal(counted(day, "overdue"), 0);
	day = day_of_person("anna", false, false);
	assert_int_equal(json_count(json_get(day, "items")), 0);
	assert_int_equal(counted(day, "all"), 2);
	assert_int_equal(json_count(json_get(day_of_person("anna", false, true), "items")), 2);
	tick_at("2026-03-13T12:30:00+01:00"); /* told: it stands in every manager's day */
	day = day_of_person("anna", true, false);
	assert_int_equal(json_count(json_get(day, "items")), 1);
	assert_int_equal(counted(day, "escalated"), 1);
	assert_int_equal(counted(day, "overdue"), 1);
	assert_int_equal(json_count(json_get(day_of_person("anna", false, false), "items")), 0);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		STORY(is_confirmed_the_day_before_by_noon),
		STORY(is_looked_at_two_days_ahead),
		STORY(whoever_books_for_tomorrow_is_confirmed_already),
		STORY(a_hold_promises_nothing_yet),
		STORY(a_site_that_wants_none_has_none),
		STORY(is_called_48_hours_after_the_visit),
		STORY(what_is_overdue_is_told_three_times),
		STORY(is_told_whom_the_site_names),
		STORY(an_overdue_loan_is_told),
		STORY(many_are_told_by_several_ticks),
		STORY(is_moved_with_a_reason),
		STORY(is_handed_to_somebody_who_works_here),
		STORY(steps_of_one_task_are_bounded),
		STORY(a_site_says_what_there_is),
		STORY(ones_day_has_what_one_owes),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
