/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the tests of rendering share: a dealership that each test opens anew, a look at it, and
 * questions about the JSON that comes out. */

#include "fleet/booking.h"
#include "fleet/render.h"
#include "tests/lib/dealership.h"

#define MONDAY_8_30 "2026-03-16T08:30:00+01:00"
#define MONDAY_9 "2026-03-16T09:00:00+01:00"
#define WEDNESDAY_17 "2026-03-18T17:00:00+01:00"
#define NAME "Lef\xc3\xa8vre-Canari"
#define PHONE "+33199000123"

static struct dealership w;
static struct view v;
static struct txn t;

static int open_dealer(void **state)
{
	(void)state;
	dealer_open(&w);
	return 0;
}

static int close_dealer(void **state)
{
	(void)state;
	dealer_close(&w);
	return 0;
}
#define CASE(f) cmocka_unit_test_setup_teardown(f, open_dealer, close_dealer)

static inline struct view *look(void)
{
	fleet_look(w.fleet, &v, &t, &w.arena);
	return &v;
}

static inline struct json parsed(struct str text)
{
	struct json doc = arena_json(&w.arena, text, NULL);

	fleet_look_end(&v);
	if (!json_present(doc))
		fail_msg("not JSON: %.*s", STR_FMT(text));
	return doc;
}

static inline bool contains(struct str text, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= text.n; i++)
		if (memcmp(text.p + i, part, n) == 0)
			return true;
	return false;
}

static inline struct str grecale(const char *from, const char *until)
{
	return dealer_book(&w, DEALER_VIN, NULL, "loaner_brand", "grecale", from, until, OK);
}

static inline struct instant at(const char *text)
{
	struct local l;

	assert_true(instant_parse(&l, str_from(text)));
	return local_instant(l);
}

static inline struct span span(const char *from, const char *until)
{
	return (struct span){at(from), at(until)};
}

static inline struct json shown(enum row_kind kind, struct str id)
{
	struct row row;

	assert_true(row_get(look(), kind, id, &row));
	return parsed(render_row(&v, kind, id, &row));
}

static inline struct json answered(const struct command *c, struct answer *out)
{
	assert_true(render_answer(look(), c, out));
	if (out->body.n)
		return parsed(out->body);
	fleet_look_end(&v);
	return JSON_ABSENT;
}

/* The member `key` of the element whose `name` is `value`; absent when there is no such element. */
static inline struct json among(struct json list, const char *name, const char *value)
{
	for (struct json e = json_first(list); json_present(e); e = json_next(list, e))
		if (str_is(json_str_at(e, name), value))
			return e;
	return JSON_ABSENT;
}
