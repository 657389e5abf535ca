/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Stories of the desks of Lyon at which cars of Paris are handed over: Paris promises where a desk
 * is free, Lyon's tick keeps it, whatever becomes of the booking Lyon's next tick follows, and
 * where a desk has gone in between somebody there is told.
 */

#include "tests/lib/two_sites.h"

#include "fleet/desk.h"
#include "fleet/render.h"
#include "fleet/task.h"

#define MONDAY_9_30 "2026-03-16T09:30:00+01:00"
#define MONDAY_10 "2026-03-16T10:00:00+01:00"
#define THURSDAY_17 "2026-03-19T17:00:00+01:00"

/* Whether it left an entry. */
static bool tick(const char *site_id)
{
	struct command *c = dealer_do(&w, VERB_TICK, site_id, NULL, NULL, NULL);
	bool wrote = !c->unchanged;

	assert_int_equal(c->outcome, OK);
	command_free(c);
	return wrote;
}

static struct desk desk_now(struct str id)
{
	struct desk desk = {.serial = 0};
	struct json doc = dealer_row(&w, ROW_DESK, id);

	if (json_present(doc))
		desk_read(&desk, doc);
	return desk;
}

/* When its desk at one end is kept from; 0: it is not. */
static uint32_t kept_from(struct str id, enum claim_what what)
{
	struct desk desk = desk_now(id);

	for (uint32_t i = 0; i < desk.claims_len; i++)
		if (desk.claims[i].row.what == what)
			return desk.claims[i].row.from;
	return 0;
}

static void kept(struct str id, const char *out, const char *back)
{
	assert_int_equal(kept_from(id, CLAIM_DESK_OUT), out ? minute_of(out) : 0);
	assert_int_equal(kept_from(id, CLAIM_DESK_IN), back ? minute_of(back) - 15 : 0);
	assert_int_equal(desk_now(id).claims_len, (out ? 1 : 0) + (back ? 1 : 0));
}

static void cancel(const char *at, struct str id)
{
	dealer_must(&w, VERB_BOOKING_CANCEL, at, id.p, "{\"reason\":\"no\"}", OK);
}

static struct str own(const char *from, enum outcome expected)
{
	return book("loaner_brand", "grecale", from, TUESDAY_12, expected);
}

/* The task of Lyon's about a booking's desk. */
static struct json task_now(struct str id, const char *status)
{
	struct list_page page = {.limit = 100};
	struct json items, found = JSON_ABSENT;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	items = json_get(
		arena_json(&w.arena, render_tasks(&v, STR("LYO"), str_from(status), &page), NULL),
		"items");
	fleet_look_end(&v);
	for (struct json i = json_first(items); json_present(i); i = json_next(items, i))
		if (str_is(json_str_at(i, "kind"), "desk") && str_eq(json_str_at(i, "booking"), id))
			found = i;
	return found;
}

static bool has_task(struct str id, const char *status)
{
	return json_present(task_now(id, status));
}

/* ---- looked at, kept, given up ---- */

static void a_desk_is_kept_until_it_is_cancelled(void **state)
{
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK), mine;

	(void)state;
	assert_true(tick("LYO"));
	kept(id, MONDAY_9, TUESDAY_17);
	claims(id, minute_of(MONDAY_9) - 90, minute_of(TUESDAY_17) + 90 + 60);
	assert_false(tick("LYO")); /* nothing is left to do */
	assert_false(tick("PAR"));
	(void)own(MONDAY_9, REFUSED_NO_SEAT);
	cancel("PAR", id);
	assert_true(tick("LYO"));
	assert_false(json_present(dealer_row(&w, ROW_DESK, id)));
	mine = own(MONDAY_9, OK);
	verb(VERB_BOOKING_REINSTATE, id, "{}", REFUSED_NO_SEAT);
	cancel("LYO", mine);
	verb(VERB_BOOKING_REINSTATE, id, "{}", OK);
	assert_true(tick("LYO"));
	kept(id, MONDAY_9, TUESDAY_17);
}

static struct str reason_of(enum verb v, struct str id, const char *body)
{
	struct command *c = dealer_do(&w, v, "PAR", id.p, body, NULL);
	struct str reason = STR_NULL;

	assert_int_equal(c->outcome, REFUSED_NO_SEAT);
	reason = arena_copy(&w.arena, json_str_at(arena_json(&w.arena, c->detail, NULL), "reason"));
	command_free(c);
	return reason;
}

static void where_no_desk_is_free_nothing_is_promised(void **state)
{
	struct str id;

	(void)state;
	(void)own(MONDAY_9, OK);
	(void)in_lyon(MONDAY_9, TUESDAY_17, REFUSED_NO_SEAT);
	(void)in_lyon(MONDAY_8_30, "2026-03-17T12:00:00+01:00", REFUSED_NO_SEAT); /* its return */
	id = in_lyon(MONDAY_9_30, TUESDAY_17, OK);
	assert_str(reason_of(VERB_BOOKING_RESCHEDULE, id,
			   "{\"from\":\"" MONDAY_9 "\",\"until\":\"" TUESDAY_17 "\"}"),
		"desk");
	assert_str(reason_of(VERB_BOOKING_RESCHEDULE, id,
			   "{\"from\":\"" MONDAY_9_30 "\",\"until\":\"" TUESDAY_12 "\"}"),
		"desk");
	/* what is kept for itself is in nobody's way */
	assert_true(tick("LYO"));
	verb(VERB_BOOKING_RESCHEDULE, id,
		"{\"from\":\"2026-03-16T09:45:00+01:00\",\"until\":\"" TUESDAY_17 "\"}", OK);
}

/* Each end where somebody is needed, and no other. */
static void a_key_box_wants_no_desk(void **state)
{
	struct str id = make_for("LYO", "levante", MONDAY_9, TUESDAY_17,
		",\"handover\":{\"where\":\"key_box\"},\"home_site\":\"PAR\"", OK);

	(void)state;
	assert_true(tick("LYO"));
	kept(id, NULL, TUESDAY_17);
	(void)own(MONDAY_9, OK);
}

static void the_desk_follows_the_booking(void **state)
{
	struct str id = in_lyon(MONDAY_9, MONDAY_17, OK);

	(void)state;
	assert_true(tick("LYO"));
	verb(VERB_BOOKING_RESCHEDULE, id,
		"{\"from\":\"" TUESDAY_9 "\",\"until\":\"" TUESDAY_17 "\"}", OK);
	assert_true(tick("LYO"));
	kept(id, TUESDAY_9, TUESDAY_17);
	verb(VERB_BOOKING_EXTEND, id, "{\"reason\":\"parts\",\"until\":\"" WEDNESDAY_17 "\"}", OK);
	assert_true(tick("LYO"));
	kept(id, TUESDAY_9, WEDNESDAY_17);
	dealer_at(&w, TUESDAY_9);
	verb(VERB_BOOKING_CHECK_OUT, id, "{}", OK);
	assert_true(tick("LYO"));
	kept(id, NULL, WEDNESDAY_17);
	verb(VERB_BOOKING_EXTEND, id, "{\"reason\":\"parts\",\"until\":\"" THURSDAY_17 "\"}", OK);
	assert_true(tick("LYO"));
	kept(id, NULL, THURSDAY_17);
	dealer_at(&w, WEDNESDAY_9);
	verb(VERB_BOOKING_CHECK_IN, id, "{}", OK);
	assert_true(tick("LYO"));
	assert_false(json_present(dealer_row(&w, ROW_DESK, id)));
	assert_false(tick("LYO"));
}

/* Nobody came, nobody said so: the hour is over, and so is what was kept for it. */
static void what_is_over_lapses(void **state)
{
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK);
	struct str held = make_for("LYO", "levante", WEDNESDAY_9, WEDNESDAY_17,
		",\"hold_minutes\":30,\"home_site\":\"PAR\",\"status\":\"held\"", OK);

	(void)state;
	assert_true(tick("LYO"));
	kept(held, WEDNESDAY_9, WEDNESDAY_17);
	dealer_at(&w, "2026-03-02T10:00:00+01:00");
	assert_true(tick("PAR")); /* the hold lapses at home */
	assert_true(tick("LYO"));
	assert_false(json_present(dealer_row(&w, ROW_DESK, held)));
	dealer_at(&w, MONDAY_17);
	assert_false(tick("LYO"));
	dealer_at(&w, "2026-03-17T16:59:00+01:00");
	assert_false(tick("LYO"));
	dealer_at(&w, TUESDAY_17);
	assert_true(tick("LYO"));
	assert_false(json_present(dealer_row(&w, ROW_DESK, id)));
	assert_false(tick("LYO"));
}

/* ---- between the two journals ---- */

/* What Paris wrote is there, Lyon had not heard of it yet. */
static void a_stop_in_between_is_made_good(void **state)
{
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK);

	(void)state;
	dealer_reopen(&w);
	assert_true(tick("LYO"));
	kept(id, MONDAY_9, TUESDAY_17);
	verb(VERB_BOOKING_EXTEND, id, "{\"reason\":\"parts\",\"until\":\"" WEDNESDAY_17 "\"}", OK);
	verb(VERB_BOOKING_CANCEL, id, "{\"reason\":\"no\"}", OK);
	dealer_reopen(&w);
	verb(VERB_BOOKING_REINSTATE, id, "{}", OK);
	verb(VERB_BOOKING_RESCHEDULE, id,
		"{\"from\":\"" MONDAY_10 "\",\"until\":\"" TUESDAY_17 "\"}", OK);
	dealer_reopen(&w);
	assert_true(tick("LYO"));
	kept(id, MONDAY_10, TUESDAY_17);
	assert_false(tick("LYO"));
}

static void a_desk_that_has_gone_is_a_task(void **state)
{
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK), mine;
	struct json task;

	(void)state;
	mine = own(MONDAY_9, OK); /* Lyon knows nothing yet */
	assert_true(tick("LYO"));
	kept(id, NULL, TUESDAY_17);
	task = task_now(id, "open");
	assert_str(json_str_at(task, "due_at"), "2026-03-16T09:00:00+01:00");
	assert_false(tick("LYO"));
	/* one who has seen to it is not told again */
	dealer_must(&w, VERB_TASK_DONE, "LYO", arena_copy(&w.arena, json_str_at(task, "task")).p,
		"{}", OK);
	assert_false(tick("LYO"));
	verb(VERB_BOOKING_EXTEND, id, "{\"reason\":\"parts\",\"until\":\"" WEDNESDAY_17 "\"}",
		REFUSED_NO_SEAT); /* nor is it promised anew */
	cancel("LYO", mine);
	assert_true(tick("LYO"));
	kept(id, MONDAY_9, TUESDAY_17);
	assert_false(tick("LYO"));
}

static void the_task_goes_with_the_trouble(void **state)
{
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK), mine = own(MONDAY_9, OK);

	(void)state;
	assert_true(tick("LYO"));
	assert_true(has_task(id, "open"));
	cancel("LYO", mine);
	assert_true(tick("LYO"));
	assert_false(has_task(id, "open"));
	assert_true(has_task(id, "dropped"));
	kept(id, MONDAY_9, TUESDAY_17);
}

/* Two homes, or one twice, promised before Lyon heard of either: the first has it. */
static void of_two_at_once_one_is_short(void **state)
{
	struct str a, b;

	(void)state;
	car("P2", "levante", LYON_90);
	a = in_lyon(MONDAY_9, TUESDAY_17, OK);
	dealer_at(&w, "2026-03-02T09:00:01+01:00");
	b = in_lyon(MONDAY_9, WEDNESDAY_17, OK);
	assert_true(tick("LYO"));
	kept(a, MONDAY_9, TUESDAY_17);
	kept(b, NULL, WEDNESDAY_17);
	assert_true(has_task(b, "open") && !has_task(a, "open"));
	verb(VERB_BOOKING_RESCHEDULE, a,
		"{\"from\":\"" MONDAY_10 "\",\"until\":\"" TUESDAY_17 "\"}", OK);
	assert_true(tick("LYO"));
	kept(a, MONDAY_10, TUESDAY_17);
	kept(b, MONDAY_9, WEDNESDAY_17);
	assert_false(has_task(b, "open"));
}

/* ---- Lyon's own affairs ---- */

/* Whom a block of the desk hurts, before it is refused. */
static struct json hurt_by(const char *morning)
{
	struct command c = {.verb = VERB_BLOCK_ADD,
		.journal = STR("LYO"),
		.target = STR("D1"),
		.body = str_from(morning),
		.by = w.by};
	struct view v;
	struct txn t;
	struct str text;

	fleet_look(w.fleet, &v, &t, &w.arena);
	text = render_preview(&v, &c);
	fleet_look_end(&v);
	return json_first(json_get(arena_json(&w.arena, text, NULL), "hurt"));
}

static void a_block_moves_it_or_is_refused_naming_it(void **state)
{
	static const char morning[] =
		"{\"from\":\"" MONDAY_8_30 "\",\"reason\":\"a cable\",\"until\":\"" MONDAY_10 "\"}";
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK);
	struct command *c;
	struct json named;

	(void)state;
	assert_true(tick("LYO"));
	c = dealer_do(&w, VERB_BLOCK_ADD, "LYO", "D1", morning, NULL);
	assert_int_equal(c->outcome, REFUSED_PROMISES_BROKEN);
	named = json_first(json_get(arena_json(&w.arena, c->detail, NULL), "bookings"));
	assert_true(str_eq(json_str_at(named, "booking"), id));
	assert_str(json_str_at(named, "number"), "PAR-000001");
	command_free(c);
	named = hurt_by(morning);
	assert_true(str_eq(json_str_at(named, "booking"), id));
	assert_int_equal(json_count(json_get(named, "ways")), 0); /* no other desk at that time */
	resource("D2", "desk", "desk", "\"loaner_brand\"", "1", 0);
	dealer_must(&w, VERB_BLOCK_ADD, "LYO", "D1", morning, OK);
	kept(id, MONDAY_9, TUESDAY_17);
	for (uint32_t i = 0; i < 2; i++)
		if (desk_now(id).claims[i].row.what == CLAIM_DESK_OUT)
			assert_str(desk_now(id).claims[i].seat.resource, "D2");
	assert_false(tick("LYO"));
}

static void the_board_shows_it(void **state)
{
	struct span span = {
		{(int64_t)minute_of(MONDAY_8_30) * 60}, {(int64_t)minute_of(WEDNESDAY_17) * 60}};
	struct str id = in_lyon(MONDAY_9, TUESDAY_17, OK);
	struct json lanes, bars = JSON_ABSENT;
	struct view v;
	struct txn t;

	(void)state;
	assert_true(tick("LYO"));
	fleet_look(w.fleet, &v, &t, &w.arena);
	lanes = json_get(
		arena_json(&w.arena, render_board(&v, STR("LYO"), span), NULL), "resources");
	for (struct json l = json_first(lanes); json_present(l); l = json_next(lanes, l))
		if (str_is(json_str_at(l, "resource"), "D1"))
			bars = json_get(l, "bars");
	fleet_look_end(&v);
	assert_int_equal(json_count(bars), 2);
	assert_true(str_eq(json_str_at(json_first(bars), "booking"), id));
	assert_str(json_str_at(json_first(bars), "home_site"), "PAR");
	assert_str(json_str_at(json_first(bars), "what"), "desk_out");
	assert_str(json_str_at(json_item(bars, 1), "what"), "desk_in");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SHARED(a_desk_is_kept_until_it_is_cancelled),
		SHARED(where_no_desk_is_free_nothing_is_promised),
		SHARED(a_key_box_wants_no_desk),
		SHARED(the_desk_follows_the_booking),
		SHARED(what_is_over_lapses),
		SHARED(a_stop_in_between_is_made_good),
		SHARED(a_desk_that_has_gone_is_a_task),
		SHARED(the_task_goes_with_the_trouble),
		SHARED(of_two_at_once_one_is_short),
		SHARED(a_block_moves_it_or_is_refused_naming_it),
		SHARED(the_board_shows_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
