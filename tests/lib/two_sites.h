/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Two sites that share cars: the small dealership of Lyon, and Paris, which sends it cars of its
 * own. */

#include "tests/lib/story.h"

#define MONDAY_17 "2026-03-16T17:00:00+01:00"
#define WEDNESDAY_9 "2026-03-18T09:00:00+01:00"
#define FRIDAY_9 "2026-03-20T09:00:00+01:00"
#define FRIDAY_17 "2026-03-20T17:00:00+01:00"
#define TUESDAY_9 "2026-03-17T09:00:00+01:00"
#define TUESDAY_17 "2026-03-17T17:00:00+01:00"

static inline struct json json_of(const char *text)
{
	return arena_json(&w.arena, str_from(text), NULL);
}

/* Lyon once more under another name; what is said of it replaces what is Lyon's. */
static inline void site(const char *id, const char *over)
{
	struct json lyon = dealer_row(&w, ROW_SITE, STR("LYO"));
	struct str body = doc_merge(&w.arena, lyon, json_of(over));

	dealer_must(&w, VERB_SITE_PUT, id, id, arena_printf(&w.arena, "%.*s", STR_FMT(body)).p, OK);
}

/* `more`: members between the label and the seats, each with a comma behind it. */
static inline const char *car_body(
	const char *id, const char *class, const char *shared, const char *more)
{
	return arena_printf(&w.arena,
		"{\"class\":\"%s\",\"kind\":\"car\",\"label\":\"%s\",%s\"seats\":1,"
		"\"shared_with\":[%s],\"site\":\"PAR\",\"solutions\":[\"loaner_brand\"],"
		"\"status\":\"active\",\"turnaround_minutes\":60}",
		class, id, more, shared)
		.p;
}

static inline void car(const char *id, const char *class, const char *shared)
{
	dealer_must(&w, VERB_RESOURCE_PUT, "PAR", id, car_body(id, class, shared, ""), OK);
}

#define LYON_90 "{\"site\":\"LYO\",\"transfer_minutes\":90}"

/* Paris: closed on that Friday, its prices are others, one levante. */
static inline int open_two(void **state)
{
	int failed = open_dealer(state);

	site("PAR", "{\"holidays\":[\"2026-03-20\"],\"tariff\":{\"loaner_brand\":{\"price\":100,"
		    "\"unit\":\"day\"}}}");
	car("P1", "levante", LYON_90);
	return failed;
}

static inline struct json ask(const char *at, const char *from, const char *until)
{
	return offer(arena_printf(&w.arena,
		"{\"distance_km\":12,\"drop_off_at\":\"%s\",\"jobs\":[{"
		"\"immobilisation_minutes\":240,\"type\":\"maintenance\"}],\"ready_at\":"
		"\"%s\",\"site\":\"%s\"}",
		from, until, at)
			     .p);
}

static inline uint32_t minute_of(const char *text)
{
	struct local t;

	assert_true(instant_parse(&t, str_from(text)));
	return minute_down(local_instant(t));
}

static inline struct str make_for(const char *at, const char *class, const char *from,
	const char *until, const char *more, enum outcome expected)
{
	struct str text = json_str_at(ask(at, from, until), "offer");

	return dealer_must(&w, VERB_BOOKING_MAKE, "PAR", NULL,
		arena_printf(&w.arena,
			"{\"accept_customer_minor\":99999999,\"class\":\"%s\",\"customer\":\"C2\","
			"\"from\":\"%s\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\","
			"\"until\":\"%s\"%s}",
			class, from, STR_FMT(text), until, more)
			.p,
		expected);
}

static inline struct str in_lyon(const char *from, const char *until, enum outcome expected)
{
	return make_for("LYO", "levante", from, until, ",\"home_site\":\"PAR\"", expected);
}

static inline struct str in_paris(const char *from, const char *until, enum outcome expected)
{
	return make_for("PAR", "levante", from, until, "", expected);
}

static inline void claims(struct str id, uint32_t from, uint32_t until)
{
	struct booking b = booking_now(id);

	assert_int_equal(b.claims_len, 1); /* no desk of Lyon's in the journal of Paris */
	assert_int_equal(b.claims[0].row.from, from);
	assert_int_equal(b.claims[0].row.until, until);
}

static inline void verb(enum verb v, struct str id, const char *body, enum outcome expected)
{
	dealer_must(&w, v, "PAR", id.p, body, expected);
}

#define SHARED(f) cmocka_unit_test_setup_teardown(f, open_two, close_dealer)
