/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that trouble makes a task in the entry that makes the trouble, one and not two, that the
 * end of the trouble drops it, and that a person does it once. */

#include "tests/lib/task_list.h"

#include "fleet/task.h"

/* Exactly one task has that status, of this kind and about this booking. */
static struct json only_task(const char *status, const char *kind, struct str booking)
{
	struct json all = tasks(status), task = json_item(all, 0);

	assert_int_equal(json_count(all), 1);
	assert_str(json_str_at(task, "kind"), kind);
	assert_true(str_eq(json_str_at(task, "booking"), booking));
	assert_str(json_str_at(task, "site"), "LYO");
	return task;
}

static struct str grecale(const char *from, const char *until)
{
	return book("loaner_brand", "grecale", from, until, OK);
}

static void tick_at(const char *when)
{
	dealer_at(&w, when);
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
}

/* Out from Monday, expected on Tuesday at noon. */
static struct str gone(void)
{
	struct str id = grecale(MONDAY_8_30, TUESDAY_12);

	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	return id;
}

static void done(struct json task, const char *body, enum outcome expected)
{
	struct str id = arena_printf(&w.arena, "%.*s", STR_FMT(json_str_at(task, "task")));

	dealer_must(&w, VERB_TASK_DONE, "LYO", id.p, body, expected);
}

/* Two of the class go out, the next is promised the first one's return: late, it has no seat. */
static struct str next_at_risk(struct str *late)
{
	struct str next;

	*late = grecale(MONDAY_8_30, TUESDAY_12);
	grecale(MONDAY_9, "2026-03-17T18:00:00+01:00");
	next = grecale(TUESDAY_13, WEDNESDAY_17);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", late->p, "{}", OK);
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", late->p,
		"{\"expected_at\":\"2026-03-17T15:00:00Z\",\"heard\":\"phone\"}", OK);
	assert_true(booking_now(next).at_risk);
	return next;
}

/* Whether the site's latest entry tells the stream of a task. */
static bool is_told(void)
{
	struct journal_head head;
	struct str sign;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(journal_head(&t, STR("LYO"), &head));
	sign = render_event(&v, STR("LYO"), head.seq);
	fleet_look_end(&v);
	assert_true(sign.n > 0);
	return strstr(arena_copy(&w.arena, sign).p, "\"kind\":\"task\"") != NULL;
}

/* ---- a car is overdue ---- */

static void an_overdue_car_is_one_task(void **state)
{
	struct str id = gone();
	struct json task;

	(void)state;
	tick_at("2026-03-17T11:50:00+01:00");
	assert_int_equal(json_count(tasks(NULL)), 0);
	tick_at("2026-03-17T12:10:00+01:00");
	assert_true(is_told());
	task = only_task("open", "overdue", id);
	assert_str(json_str_at(task, "due_at"), "2026-03-17T12:10:00+01:00");
	assert_str(json_str_at(task, "made_at"), "2026-03-17T12:10:00+01:00");
	assert_true(str_eq(json_str_at(task, "resource"), booking_now(id).resource));
	tick_at("2026-03-17T12:45:00+01:00"); /* pushed on: the same trouble */
	assert_false(is_told());
	assert_true(str_eq(
		json_str_at(only_task("open", "overdue", id), "task"), json_str_at(task, "task")));
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
	assert_true(is_told());
	assert_int_equal(json_count(tasks("open")), 0);
	only_task("dropped", "overdue", id);
}

/* Whoever is heard of is not overdue; when he does not come then either, he is again. */
static void news_of_the_car_end_it_for_a_while(void **state)
{
	struct str id = gone();

	(void)state;
	tick_at("2026-03-17T12:10:00+01:00");
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", id.p,
		"{\"expected_at\":\"2026-03-17T13:00:00Z\",\"heard\":\"phone\"}", OK);
	only_task("dropped", "overdue", id);
	assert_int_equal(json_count(tasks("open")), 0);
	tick_at("2026-03-17T14:20:00+01:00");
	only_task("open", "overdue", id);
	dealer_must(&w, VERB_BOOKING_EXTEND, "LYO", id.p,
		"{\"reason\":\"parts\",\"until\":\"2026-03-17T17:00:00+01:00\"}", OK);
	assert_int_equal(json_count(tasks("open")), 0);
	assert_int_equal(json_count(tasks("dropped")), 2);
}

static void a_car_that_comes_in_time_makes_no_task(void **state)
{
	struct str id = gone();

	(void)state;
	dealer_at(&w, "2026-03-17T11:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
	assert_int_equal(json_count(tasks(NULL)), 0);
}

/* ---- a promise is at risk ---- */

static void a_promise_at_risk_is_a_task_until_its_start(void **state)
{
	struct str late, next = next_at_risk(&late);
	struct json task = only_task("open", "at_risk", next);

	(void)state;
	assert_str(json_str_at(task, "due_at"), TUESDAY_13);
	assert_false(json_present(json_get(task, "resource")));
	/* later still: the same trouble */
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", late.p,
		"{\"expected_at\":\"2026-03-17T16:00:00Z\",\"heard\":\"phone\"}", OK);
	assert_true(str_eq(json_str_at(only_task("open", "at_risk", next), "task"),
		json_str_at(task, "task")));
}

static void another_time_ends_the_risk(void **state)
{
	struct str late, next = next_at_risk(&late);

	(void)state;
	dealer_must(&w, VERB_BOOKING_RESCHEDULE, "LYO", next.p,
		"{\"from\":\"2026-03-19T09:00:00+01:00\",\"until\":\"2026-03-20T12:00:00+01:00\"}",
		OK);
	assert_false(booking_now(next).at_risk);
	only_task("dropped", "at_risk", next);
	assert_int_equal(json_count(tasks("open")), 0);
}

static void whoever_gives_up_is_not_at_risk(void **state)
{
	struct str late, next = next_at_risk(&late);

	(void)state;
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", next.p, "{\"reason\":\"a taxi\"}", OK);
	only_task("dropped", "at_risk", next);
}

static void who_is_at_risk_already_must_be_helped_now(void **state)
{
	struct str first = gone(), next;
	struct json task;

	(void)state;
	next = dealer_book(&w, DEALER_VIN, NULL, "loaner_brand", "grecale",
		"2026-03-17T12:45:00+01:00", WEDNESDAY_17, OK);
	if (!str_eq(booking_now(next).resource, booking_now(first).resource))
		dealer_must(&w, VERB_BOOKING_MOVE, "LYO", next.p,
			arena_printf(&w.arena, "{\"resource\":\"%.*s\"}",
				STR_FMT(booking_now(first).resource))
				.p,
			OK);
	dealer_must(&w, VERB_BOOKING_PIN, "LYO", next.p, "{}", OK);
	tick_at("2026-03-17T13:20:00+01:00");
	assert_true(booking_now(next).at_risk);
	assert_int_equal(json_count(tasks("open")), 2);
	for (uint32_t i = 0; i < 2; i++) {
		task = json_item(tasks("open"), i);
		assert_str(json_str_at(task, "due_at"), "2026-03-17T13:20:00+01:00");
	}
}

/* ---- what a person does ---- */

static void a_task_is_done_once(void **state)
{
	struct str late, next = next_at_risk(&late);
	struct json task = only_task("open", "at_risk", next), row;

	(void)state;
	done(task, "{\"note\":\"takes a Levante\"}", OK);
	task = only_task("done", "at_risk", next);
	assert_str(json_str_at(json_get(task, "done"), "by"), "tester");
	assert_str(json_str_at(task, "note"), "takes a Levante");
	row = dealer_row(&w, ROW_TASK, json_str_at(task, "task"));
	assert_false(json_present(json_get(row, "note"))); /* words are sealed, for the customer */
	assert_str(json_str_at(json_get(row, "private"), "of"), "C1");
	done(task, "{}", REFUSED_STATE);
	dealer_must(&w, VERB_TASK_DONE, "LYO", "nothing", "{}", REFUSED_NOT_FOUND);
	/* the end of the trouble does not undo what somebody did */
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", next.p, "{\"reason\":\"a taxi\"}", OK);
	only_task("done", "at_risk", next);
	assert_int_equal(json_count(tasks("dropped")), 0);
}

static void what_was_dropped_cannot_be_done(void **state)
{
	struct str late, next = next_at_risk(&late);

	(void)state;
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", next.p, "{\"reason\":\"a taxi\"}", OK);
	done(only_task("dropped", "at_risk", next), "{}", REFUSED_STATE);
}

/* Done too early: the car is not back, and pushed on it makes a new task. */
static void trouble_that_goes_on_makes_a_new_task(void **state)
{
	struct str id = gone();

	(void)state;
	tick_at("2026-03-17T12:10:00+01:00");
	done(only_task("open", "overdue", id), "{}", OK);
	assert_int_equal(json_count(tasks("open")), 0);
	tick_at("2026-03-17T12:45:00+01:00");
	only_task("open", "overdue", id);
}

/* ---- lists ---- */

static void tasks_come_by_urgency_page_by_page(void **state)
{
	struct str late, next = next_at_risk(&late), cursor = STR_NULL;
	uint32_t seen = 0;

	(void)state;
	tick_at("2026-03-17T16:10:00+01:00"); /* the late one does not come then either */
	assert_int_equal(json_count(tasks("open")), 2);
	assert_true(str_eq(json_str_at(json_item(tasks("open"), 0), "booking"), next));
	assert_true(str_eq(json_str_at(json_item(tasks("open"), 1), "booking"), late));
	done(json_item(tasks("open"), 0), "{}", OK);
	for (;;) { /* what is open comes first, whatever is due earlier */
		struct json page = tasks_page(NULL, 1, cursor);
		struct json task = json_item(json_get(page, "items"), 0);
		assert_int_equal(json_count(json_get(page, "items")), 1);
		assert_str(json_str_at(task, "status"), seen ? "done" : "open");
		seen++;
		cursor = json_str_at(page, "next");
		if (!cursor.n)
			break;
	}
	assert_int_equal(seen, 2);
	assert_int_equal(
		json_count(json_get(tasks_page("open", 100, STR("no cursor of ours")), "items")),
		1);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		STORY(an_overdue_car_is_one_task),
		STORY(news_of_the_car_end_it_for_a_while),
		STORY(a_car_that_comes_in_time_makes_no_task),
		STORY(a_promise_at_risk_is_a_task_until_its_start),
		STORY(another_time_ends_the_risk),
		STORY(whoever_gives_up_is_not_at_risk),
		STORY(who_is_at_risk_already_must_be_helped_now),
		STORY(a_task_is_done_once),
		STORY(what_was_dropped_cannot_be_done),
		STORY(trouble_that_goes_on_makes_a_new_task),
		STORY(tasks_come_by_urgency_page_by_page),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
