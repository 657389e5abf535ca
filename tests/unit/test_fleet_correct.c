/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that a fact is put right where it stands, that what stood there is kept (words sealed),
 * and that facts which contradict each other are refused. */

#include "tests/lib/story.h"

#include "fleet/render.h"

static void correct(struct str id, const char *pointer, const char *value, enum outcome expected)
{
	struct str body = arena_printf(&w.arena,
		"{\"pointer\":\"%s\",\"reason\":\"typed wrongly\",\"value\":%s}", pointer, value);

	dealer_must(&w, VERB_BOOKING_CORRECT, "LYO", id.p, body.p, expected);
}

static struct str gone(void)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);

	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"documents_checked\":true,\"fuel_percent\":90,\"odometer_km\":8120}", OK);
	return id;
}

static struct str back(void)
{
	struct str id = gone();

	dealer_at(&w, TUESDAY_12);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p,
		"{\"charges\":[{\"amount_minor\":4200,\"evidence\":\"receipt\",\"kind\":\"fuel\"},"
		"{\"amount_minor\":900,\"kind\":\"toll\"}],\"damages\":[\"rim\"],"
		"\"left_at\":\"2026-03-17T10:00:00Z\",\"odometer_km\":8391}",
		OK);
	return id;
}

static struct json shown(struct str id)
{
	struct view v;
	struct txn t;
	struct row row;
	struct json doc;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(row_get(&v, ROW_BOOKING, id, &row));
	doc = arena_json(&w.arena, render_row(&v, ROW_BOOKING, id, &row), NULL);
	fleet_look_end(&v);
	return doc;
}

static int64_t km(struct str id, const char *record)
{
	return json_int_at(json_get(shown(id), record), "odometer_km", -1);
}

static void the_old_value_stays_beside_the_new(void **state)
{
	struct str id = back();
	struct json all, last;

	(void)state;
	correct(id, "/in/odometer_km", "8291", OK);
	correct(id, "/in/fuel_percent", "50", OK); /* forgotten at the return */
	assert_int_equal(km(id, "in"), 8291);
	assert_int_equal(json_int_at(json_get(shown(id), "in"), "fuel_percent", 0), 50);
	assert_str(json_str_at(json_get(shown(id), "in"), "by"), "tester");
	all = json_get(shown(id), "corrected");
	assert_int_equal(json_count(all), 2);
	last = json_item(all, 0);
	assert_str(json_str_at(last, "pointer"), "/in/odometer_km");
	assert_int_equal(json_int_at(last, "was", 0), 8391);
	assert_str(json_str_at(last, "by"), "tester");
	assert_str(json_str_at(last, "reason"), "typed wrongly");
	assert_false(json_present(json_get(json_item(all, 1), "was")));
	/* words are about people: only sealed */
	assert_false(json_present(
		json_get(json_item(json_get(booking_now(id).doc, "corrected"), 0), "reason")));
}

static void each_fact_of_a_loan_can_be_put_right(void **state)
{
	struct str id = back();

	(void)state;
	correct(id, "/in/at", "\"2026-03-17T10:30:00Z\"", OK);
	correct(id, "/in/charge_percent", "0", OK);
	correct(id, "/in/left_at", "\"2026-03-17T09:30:00Z\"", OK);
	correct(id, "/out/agreement_signed_at", "\"2026-03-16T07:28:00Z\"", OK);
	correct(id, "/out/at", "\"2026-03-16T07:25:00Z\"", OK);
	correct(id, "/out/charge_percent", "1", OK);
	correct(id, "/out/documents_checked", "[\"driving_licence\"]", OK);
	correct(id, "/out/fuel_percent", "80", OK);
	correct(id, "/out/licence_checked_at", "\"2026-03-16T07:27:00Z\"", OK);
	correct(id, "/out/odometer_km", "8119", OK);
	correct(id, "/repair_order", "\"RO-4711\"", OK);
	assert_str(booking_now(id).repair_order, "RO-4711");
	assert_str(json_str_at(json_get(shown(id), "out"), "at"), "2026-03-16T08:25:00+01:00");
	assert_str(json_str_at(json_item(json_get(shown(id), "corrected"), 4), "was"),
		"2026-03-16T08:30:00+01:00"); /* times of the site, as everywhere */
	assert_int_equal(json_count(json_get(shown(id), "corrected")), 11);
	assert_int_equal(booking_now(id).status, BOOKING_RETURNED);
}

static void a_charge_is_put_right_where_it_is_shown(void **state)
{
	struct str id = back();
	struct json charges;

	(void)state;
	correct(id, "/charges/1/amount_minor", "950", OK);
	charges = json_get(shown(id), "charges");
	assert_int_equal(json_int_at(json_item(charges, 0), "amount_minor", 0), 4200);
	assert_str(json_str_at(json_item(charges, 0), "evidence"), "receipt");
	assert_int_equal(json_int_at(json_item(charges, 1), "amount_minor", 0), 950);
	charges = json_get(booking_now(id).doc, "charges"); /* and where there are no words */
	assert_int_equal(json_int_at(json_item(charges, 1), "amount_minor", 0), 950);
	correct(id, "/charges/2/amount_minor", "1", REFUSED_INVALID);
}

static void damages_were_words_and_stay_sealed(void **state)
{
	struct str id = back();
	struct json doc, last;

	(void)state;
	correct(id, "/in/damages", "[\"rim, front left\",\"door\"]", OK);
	doc = booking_now(id).doc;
	assert_false(json_present(json_get(json_get(doc, "in"), "damages")));
	assert_false(json_present(json_get(json_item(json_get(doc, "corrected"), 0), "was")));
	last = json_item(json_get(shown(id), "corrected"), 0);
	assert_str(json_str(json_item(json_get(last, "was"), 0)), "rim");
	assert_str(json_str(json_item(json_get(json_get(shown(id), "in"), "damages"), 1)), "door");
}

static void an_odometer_does_not_run_backwards(void **state)
{
	struct str id = back();

	(void)state;
	correct(id, "/in/odometer_km", "8119", REFUSED_INVALID);
	correct(id, "/out/odometer_km", "8392", REFUSED_INVALID);
	correct(id, "/in/odometer_km", "8120", OK);
	correct(id, "/in/odometer_km", "8120", REFUSED_INVALID); /* it says so already */
	assert_int_equal(km(id, "in"), 8120);
}

static void times_keep_their_order(void **state)
{
	struct str id = back();

	(void)state;
	correct(id, "/in/left_at", "\"2026-03-17T11:30:00Z\"", REFUSED_INVALID);
	correct(id, "/in/at", "\"2026-03-17T09:59:00Z\"", REFUSED_INVALID); /* before left_at */
	correct(id, "/in/at", "\"2026-03-17T12:00:00Z\"", REFUSED_INVALID); /* in an hour */
	correct(id, "/in/left_at", "\"2026-03-16T07:00:00Z\"", REFUSED_INVALID);
	correct(id, "/out/at", "\"2026-03-17T10:30:00Z\"", REFUSED_INVALID);
	correct(id, "/out/licence_checked_at", "\"2026-03-17T10:30:00Z\"", REFUSED_INVALID);
	assert_false(json_present(json_get(shown(id), "corrected")));
}

static void what_has_not_happened_has_no_facts(void **state)
{
	struct str id = book("loaner_brand", "levante", MONDAY_9, TUESDAY_12, OK);

	(void)state;
	correct(id, "/out/odometer_km", "10", REFUSED_STATE);
	correct(id, "/charges/0/amount_minor", "10", REFUSED_STATE);
	correct(id, "/repair_order", "\"RO-1\"", OK);
	id = gone();
	correct(id, "/out/odometer_km", "8121", OK);
	correct(id, "/out/licence_checked_at", "\"2026-03-16T09:00:00Z\"", REFUSED_INVALID);
	correct(id, "/in/odometer_km", "9000", REFUSED_STATE);
	correct(id, "/in/damages", "[]", REFUSED_STATE);
}

static void there_is_an_end_to_corrections(void **state)
{
	struct str id = gone();

	(void)state;
	for (int i = 0; i < 50; i++)
		correct(id, "/out/odometer_km", i % 2 ? "8120" : "8121", OK);
	correct(id, "/out/odometer_km", "8122", REFUSED_INVALID);
	assert_int_equal(json_count(json_get(booking_now(id).doc, "corrected")), 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(the_old_value_stays_beside_the_new),
		STORY(each_fact_of_a_loan_can_be_put_right),
		STORY(a_charge_is_put_right_where_it_is_shown),
		STORY(damages_were_words_and_stay_sealed),
		STORY(an_odometer_does_not_run_backwards),
		STORY(times_keep_their_order),
		STORY(what_has_not_happened_has_no_facts),
		STORY(there_is_an_end_to_corrections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
