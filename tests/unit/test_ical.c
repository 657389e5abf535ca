/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves what stands in a calendar, and what never does; that lines are folded and escaped as RFC
 * 5545 says. tests/calendar.sh reads one with somebody else's library. */

#include "fleet/ical.h"
#include "fleet/roster.h"
#include "tests/lib/rendering.h"

static struct str calendar(const char *kind, const char *resource)
{
	const struct ical_filter f = {kind ? str_from(kind) : STR_NULL,
		resource ? str_from(resource) : STR_NULL,
		span("2026-03-01T00:00:00Z", "2026-06-01T00:00:00Z")};

	look();
	struct str text = ical_calendar(&v, roster_of(&v, STR("LYO")), &f);
	fleet_look_end(&v);
	assert_non_null(text.p);
	return text;
}

static int events(struct str text)
{
	int n = 0;

	for (size_t i = 0; i + 12 <= text.n; i++)
		n += memcmp(text.p + i, "BEGIN:VEVENT", 12) == 0;
	return n;
}

static void a_promise_without_its_person(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17), text = calendar(NULL, NULL), again;

	(void)state;
	assert_int_equal(events(text), 1);
	assert_true(contains(text, "DTSTART:20260316T073000Z\r\nDTEND:20260318T160000Z\r\n"));
	assert_true(contains(text, "DTSTAMP:20260302T080000Z\r\n"));
	assert_true(contains(text, "STATUS:CONFIRMED\r\n"));
	assert_true(contains(text, "SUMMARY:LYO-000001 loaner_brand grecale\r\n"));
	assert_false(contains(text, "Canari"));
	assert_false(contains(text, "C1"));
	assert_false(contains(text, DEALER_VIN));
	again = calendar(NULL, NULL);
	assert_true(str_eq(text, again));
	(void)dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", id.p, "{\"reason\":\"x\"}", OK);
	assert_int_equal(events(calendar(NULL, NULL)), 0);
}

static void one_kind_or_one_resource(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);
	struct str seat = json_str_at(dealer_row(&w, ROW_BOOKING, id), "resource");
	struct str text;

	(void)state;
	(void)dealer_book(&w, DEALER_VIN, NULL, "pickup_delivery", NULL,
		"2026-03-24T10:00:00+01:00", "2026-03-24T16:00:00+01:00", OK);
	assert_int_equal(events(calendar(NULL, NULL)), 2);
	assert_int_equal(events(calendar("car", NULL)), 1);
	assert_int_equal(events(calendar(NULL, arena_copy(&w.arena, seat).p)), 1);
	assert_int_equal(events(calendar(NULL, "L1")), 0);
	text = calendar("chauffeur", NULL);
	assert_int_equal(events(text), 2); /* each drive by itself */
}

static void lines_are_folded_and_escaped(void **state)
{
	char out[4096];
	struct str text;
	size_t line = 0;

	(void)state;
	size_t n = ical_line(out, "X", STR("a,b;c\\d\ne\rf"));
	assert_true(str_is((struct str){out, n}, "X:a\\,b\\;c\\\\d\\nef\r\n"));
	text = STR("");
	for (int i = 0; i < 60; i++)
		text = arena_printf(&w.arena, "%.*s\xc3\xa8\xe2\x82\xac,", STR_FMT(text));
	n = ical_line(out, "SUMMARY", text);
	assert_true(n <= ICAL_LINE_BYTES("SUMMARY", text.n));
	for (size_t i = 0; i < n; i++) {
		assert_true(line <= ICAL_LINE_OCTETS);
		if (out[i] == '\r' && out[i + 1] == '\n') {
			/* no character is cut: what follows the blank is one's beginning */
			if (i + 3 < n) {
				assert_int_equal(out[i + 2], ' ');
				assert_true(json_utf8_len(out + i + 3, n - i - 3) > 0);
			}
			line = 0;
			i++;
		} else {
			line++;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_promise_without_its_person),
		CASE(one_kind_or_one_resource),
		CASE(lines_are_folded_and_escaped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
