/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the stories of bookings have in common: the small dealership, opened for each of them and
 * checked when it closes, and short ways to say what is wanted. */

#include "tests/lib/dealership.h"

#include "fleet/booking.h"
#include "fleet/offer.h"

static struct dealership w;

static inline int open_dealer(void **state)
{
	(void)state;
	dealer_open(&w);
	return 0;
}

static inline int close_dealer(void **state)
{
	(void)state;
	dealer_check(&w);
	dealer_close(&w);
	return 0;
}

#define MONDAY_8_30 "2026-03-16T08:30:00+01:00"
#define MONDAY_9 "2026-03-16T09:00:00+01:00"
#define TUESDAY_12 "2026-03-17T12:00:00+01:00"
#define TUESDAY_13 "2026-03-17T13:00:00+01:00"
#define WEDNESDAY_17 "2026-03-18T17:00:00+01:00"

static inline struct booking booking_now(struct str id)
{
	struct booking b;
	struct json doc = dealer_row(&w, ROW_BOOKING, id);

	assert_true(json_present(doc));
	booking_read(&b, doc);
	return b;
}

static inline void resource(const char *id, const char *kind, const char *class,
	const char *solutions, const char *seats, int turnaround)
{
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"%s\",\"kind\":\"%s\",\"label\":\"%s\",\"seats\":%s,\"site\":\"LYO\","
		"\"solutions\":[%s],\"status\":\"active\",\"turnaround_minutes\":%d}",
		class, kind, id, seats, solutions, turnaround);

	dealer_must(&w, VERB_RESOURCE_PUT, "LYO", id, body.p, OK);
}

static inline struct str block(const char *resource_id, const char *from, const char *until)
{
	struct str body = arena_printf(&w.arena,
		"{\"from\":\"%s\",\"reason\":\"workshop\",\"until\":\"%s\"}", from, until);

	return dealer_must(&w, VERB_BLOCK_ADD, "LYO", resource_id, body.p, OK);
}

static inline struct str book(const char *solution, const char *class, const char *from,
	const char *until, enum outcome expected)
{
	return dealer_book(&w, DEALER_VIN, NULL, solution, class, from, until, expected);
}

/* An offer from a whole request; the answer. */
static inline struct json offer(const char *request)
{
	struct faults *faults = arena_alloc(&w.arena, sizeof *faults);
	struct str text;
	struct view v;
	struct txn t;
	enum outcome o;

	fleet_look(w.fleet, &v, &t, &w.arena);
	o = offer_make(&v, str_from(request), w.still.now, &text, NULL, faults);
	fleet_look_end(&v);
	if (o != OK)
		print_error("%s %s: %s\n", outcome_name(o), faults->fault[0].pointer,
			faults->fault[0].detail);
	assert_int_equal(o, OK);
	return arena_json(&w.arena, text, NULL);
}

static inline struct json solution_of(struct json answer, const char *id)
{
	struct json all = json_get(answer, "solutions");

	for (struct json s = json_first(all); json_present(s); s = json_next(all, s))
		if (str_is(json_str_at(s, "solution"), id))
			return s;
	fail_msg("no solution %s", id);
	return JSON_ABSENT;
}

static inline const char *many(char c, size_t n)
{
	char *text = arena_alloc(&w.arena, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = '\\';
		text[2 * i + 1] = c;
	}
	return text;
}

#define STORY(f) cmocka_unit_test_setup_teardown(f, open_dealer, close_dealer)
