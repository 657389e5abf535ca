/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The day sheet and the list 48 hours ahead: who stands on which, and who does not. */

#include "fleet/sheet.h"
#include "tests/lib/dealership.h"

static struct dealership w;
static struct str booking;

static int set_up(void **state)
{
	(void)state;
	dealer_open(&w);
	booking = dealer_book(&w, DEALER_VIN, "C1", "loaner_brand", "grecale",
		"2026-03-16T09:00:00+01:00", "2026-03-18T17:00:00+01:00", OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	dealer_close(&w);
	return 0;
}

enum sheet_kind { DAY, DAY_WITHOUT_CONTACTS, AHEAD };

static const char *sheet_of(enum sheet_kind kind, const char *date)
{
	struct view v;
	struct txn t;
	struct day day;

	assert_true(day_parse(&day, str_from(date)));
	fleet_look(w.fleet, &v, &t, &w.arena);
	const struct roster *roster = roster_of(&v, STR("LYO"));
	assert_non_null(roster);
	struct str page = kind == AHEAD ? sheet_ahead(&v, roster, day, STR("en"))
					: sheet_day(&v, roster, day, STR("en"), kind == DAY);
	fleet_look_end(&v);
	assert_true(page.n > 0);
	return arena_copy(&w.arena, page).p;
}

/* Each part says how many lines it has. */
static void assert_counts(const char *page, int out, int back, int legs)
{
	static const char *const titles[] = {"<h2>Out", "<h2>Back", "<h2>Deliveries and drives"};
	const int counts[] = {out, back, legs};

	for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
		const char *said = arena_printf(&w.arena, "%s (%d)", titles[i], counts[i]).p;
		if (!strstr(page, said))
			fail_msg("no \"%s\" in %s", said, page);
	}
}

static void on_its_days(void **state)
{
	(void)state;
	assert_counts(sheet_of(DAY, "2026-03-15"), 0, 0, 0);
	const char *page = sheet_of(DAY, "2026-03-16");
	assert_counts(page, 1, 0, 0);
	assert_non_null(strstr(page, "<b>09:00</b>"));
	assert_non_null(strstr(page, DEALER_VIN));
	assert_counts(sheet_of(DAY, "2026-03-17"), 0, 0, 0); /* it is away */
	assert_counts(sheet_of(DAY, "2026-03-18"), 0, 1, 0);
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", booking.p, "{\"reason\":\"x\"}", OK);
	assert_counts(sheet_of(DAY, "2026-03-16"), 0, 0, 0);
}

static void still_out(void **state)
{
	(void)state;
	dealer_at(&w, "2026-03-16T09:10:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", booking.p, "{}", OK);
	const char *page = sheet_of(DAY, "2026-03-16");
	assert_counts(page, 1, 0, 0);
	assert_non_null(strstr(page, "\xe2\x9c\x93 <b>09:10</b>"));
	/* due on the 18th: on every later day until it is back */
	page = sheet_of(DAY, "2026-03-20");
	assert_counts(page, 0, 1, 0);
	assert_non_null(strstr(page, "overdue since 18/03/2026"));
	dealer_at(&w, "2026-03-20T10:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", booking.p, "{}", OK);
	assert_counts(sheet_of(DAY, "2026-03-20"), 0, 1, 0);
	assert_counts(sheet_of(DAY, "2026-03-21"), 0, 0, 0);
}

static void who_drives(void **state)
{
	(void)state;
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", booking.p, "{\"reason\":\"x\"}", OK);
	(void)dealer_book(&w, DEALER_VIN, "C1", "pickup_delivery", NULL,
		"2026-03-16T10:00:00+01:00", "2026-03-16T16:00:00+01:00", OK);
	const char *page = sheet_of(DAY, "2026-03-16");
	assert_non_null(strstr(page, "<h2>Deliveries and drives (2)"));
	assert_non_null(strstr(page, "fetch the customer\xe2\x80\x99s car"));
}

static void two_days_ahead(void **state)
{
	(void)state;
	const char *page = sheet_of(AHEAD, "2026-03-16");
	assert_non_null(strstr(page, "<h2>Appointments (1)"));
	assert_non_null(strstr(page, "contact data"));
	assert_non_null(strstr(page, "no open campaign known"));
	assert_non_null(strstr(sheet_of(AHEAD, "2026-03-17"), "<h2>Appointments (0)"));
}

static void no_telephone_for_whom_it_is_not(void **state)
{
	struct view v;
	struct txn t;

	(void)state;
	fleet_look(w.fleet, &v, &t, &w.arena);
	struct str phone = json_str_at(customer_person(&v, STR("C1")), "phone");
	phone = arena_copy(&w.arena, phone);
	fleet_look_end(&v);
	assert_true(phone.n > 5);
	assert_non_null(strstr(sheet_of(DAY, "2026-03-16"), phone.p));
	assert_null(strstr(sheet_of(DAY_WITHOUT_CONTACTS, "2026-03-16"), phone.p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(on_its_days, set_up, tear_down),
		cmocka_unit_test_setup_teardown(still_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_drives, set_up, tear_down),
		cmocka_unit_test_setup_teardown(two_days_ahead, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_telephone_for_whom_it_is_not, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
