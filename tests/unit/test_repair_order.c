/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The workshop's repair order: what it may say, whose number it gives, what it does to a claim. */

#include "fleet/repair_order.h"

#include "tests/lib/claims_whole.h"
#include "tests/lib/rendering.h"

#define GOOD                                                                                      \
	"{\"authorisation\":\"A-1\",\"claim_number\":\"CL-7\",\"closed_at\":"                     \
	"\"2026-03-18T16:00:00Z\",\"invoice\":{\"net_minor\":12000,\"reference\":\"F-9\"},"       \
	"\"lines\":[{\"type\":\"warranty_repair\"}],\"number\":\"RO-77\",\"odometer_in\":41250,"  \
	"\"odometer_out\":41262,\"opened_at\":\"2026-03-16T07:00:00Z\",\"papers\":[{\"bytes\":9," \
	"\"name\":\"order.pdf\",\"sha256\":"                                                      \
	"\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}],"                 \
	"\"parts_delay_reason\":\"gearbox on back order\",\"ready_at\":\"2026-03-18T15:00:00Z\"}"

static struct command *put(struct str visit, const char *body, const char *if_match)
{
	return dealer_put(
		&w, VERB_REPAIR_ORDER_PUT, "LYO", arena_copy(&w.arena, visit).p, body, if_match);
}

static void refused(struct str visit, const char *body, const char *pointer)
{
	struct command *c = put(visit, body, NULL);

	assert_int_equal(c->outcome, REFUSED_INVALID);
	assert_string_equal(c->faults->fault[0].pointer, pointer);
	assert_int_equal(c->seq, 0);
	command_free(c);
}

static struct str lent(void)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);

	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"agreement_signed_at\":\"2026-03-16T07:25:00Z\",\"licence_checked_at\":"
		"\"2026-03-16T07:20:00Z\",\"odometer_km\":1000}",
		OK);
	dealer_at(&w, WEDNESDAY_17);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{\"odometer_km\":1200}", OK);
	return id;
}

static void what_cannot_be_is_refused(void **state)
{
	struct str visit = json_str_at(dealer_row(&w, ROW_BOOKING, lent()), "visit");
	struct command *c;

	(void)state;
	refused(visit,
		"{\"closed_at\":\"2026-03-16T06:59:00Z\",\"number\":\"R\",\"opened_at\":"
		"\"2026-03-16T07:00:00Z\"}",
		"/closed_at");
	refused(visit,
		"{\"number\":\"R\",\"opened_at\":\"2026-03-16T07:00:00Z\",\"ready_at\":"
		"\"2026-03-15T07:00:00Z\"}",
		"/ready_at");
	refused(visit,
		"{\"number\":\"R\",\"odometer_in\":200,\"odometer_out\":199,\"opened_at\":"
		"\"2026-03-16T07:00:00Z\"}",
		"/odometer_out");
	c = put(STR("nobody"), GOOD, NULL);
	assert_int_equal(c->outcome, REFUSED_NOT_FOUND);
	command_free(c);
}

static void its_number_is_the_visits_and_the_bookings(void **state)
{
	struct str id = lent(), visit = json_str_at(dealer_row(&w, ROW_BOOKING, id), "visit");
	struct command *c = put(visit, GOOD, NULL);

	(void)state;
	assert_int_equal(c->outcome, OK);
	assert_true(c->created);
	command_free(c);
	assert_str(json_str_at(dealer_row(&w, ROW_BOOKING, id), "repair_order"), "RO-77");
	assert_str(json_str_at(dealer_row(&w, ROW_VISIT, visit), "repair_order"), "RO-77");
	c = put(visit, GOOD, NULL); /* the same again: whatever If-Match says */
	assert_true(c->outcome == OK && c->unchanged);
	command_free(c);
	c = put(visit, "{\"number\":\"RO-78\",\"opened_at\":\"2026-03-16T07:00:00Z\"}", NULL);
	assert_int_equal(c->outcome, REFUSED_NO_IF_MATCH);
	command_free(c);
	c = put(visit, "{\"number\":\"RO-78\",\"opened_at\":\"2026-03-16T07:00:00Z\"}", "*");
	assert_int_equal(c->outcome, OK);
	command_free(c);
	assert_str(json_str_at(dealer_row(&w, ROW_BOOKING, id), "repair_order"), "RO-78");
}

static struct json claim(void)
{
	struct span s = span("2026-03-16T00:00:00+01:00", "2026-03-21T00:00:00+01:00");
	struct str text = render_claims_json(look(), STR("LYO"), s, STR_NULL);
	struct json items = json_get(parsed(text), "items");

	assert_int_equal(json_count(items), 1);
	return json_first(items);
}

/* AUD06 and AUD07 by its hours, AUD12 by its lines; its odometer, invoice and number stand in the
 * claim. */
static void a_claim_leans_on_it(void **state)
{
	struct str visit = json_str_at(dealer_row(&w, ROW_BOOKING, lent()), "visit");
	struct json c;

	(void)state;
	command_free(put(visit, GOOD, NULL));
	c = claim();
	assert_str(json_raw(json_get(c, "findings")), "[]");
	assert_str(json_str_at(c, "ro_number"), "RO-77");
	assert_str(json_str_at(c, "ro_opened_at"), "2026-03-16T08:00:00+01:00");
	assert_str(json_str_at(c, "claim_number"), "CL-7");
	assert_str(json_str_at(c, "supplier_invoice"), "F-9");
	assert_int_equal(json_int_at(c, "supplier_net_minor", 0), 12000);
	assert_int_equal(json_int_at(c, "ro_odometer_out", 0), 41262);
	assert_str(json_str_at(c, "authorisation_ref"), "A-1");
	assert_str(json_str_at(c, "delay_reason"), "gearbox on back order");
	command_free(put(visit,
		"{\"closed_at\":\"2026-03-17T16:00:00Z\",\"lines\":["
		"{\"type\":\"paid_service\"}],\"number\":\"RO-77\","
		"\"opened_at\":\"2026-03-16T08:00:00Z\"}",
		"*"));
	c = claim();
	assert_str(json_raw(json_get(c, "findings")),
		"[\"AUD06_BEFORE_RO_OPEN\",\"AUD07_AFTER_RO_CLOSE\","
		"\"AUD12_NO_MATCHING_RO_LINE\"]");
}

/* ---- the loan's terms once it is ready ---- */

static void site_has(struct str over)
{
	struct json site = dealer_row(&w, ROW_SITE, STR("LYO"));
	struct str body = doc_merge(&w.arena, site, arena_json(&w.arena, over, NULL));
	struct command *c =
		dealer_put(&w, VERB_SITE_PUT, "LYO", "LYO", arena_copy(&w.arena, body).p, "*");

	assert_int_equal(c->outcome, OK);
	command_free(c);
}

static void gives_minutes_to_fetch(int minutes)
{
	site_has(arena_printf(&w.arena, "{\"collect_minutes\":%d}", minutes));
}

static void told_ready(struct str visit, const char *ready)
{
	struct str body = arena_printf(&w.arena,
		"{\"number\":\"RO-9\",\"opened_at\":\"2026-03-16T07:00:00Z\",\"ready_at\":\"%s\"}",
		ready);
	struct command *c = put(visit, body.p, "*");

	assert_int_equal(c->outcome, OK);
	command_free(c);
}

static void terms_are(struct str id, int64_t customer, int64_t value)
{
	struct json terms = json_get(dealer_row(&w, ROW_BOOKING, id), "terms");

	assert_int_equal(json_int_at(terms, "customer_minor", -1), customer);
	assert_int_equal(json_int_at(terms, "value_minor", -1), value);
}

/* The booking keeps every decision: its last one differs so from the one before. */
static void assert_difference(struct str id, int64_t customer, int64_t value)
{
	struct json history = json_get(shown(ROW_BOOKING, id), "history");
	struct json last = json_item(history, json_count(history) - 1);
	struct json difference = json_get(last, "difference");

	assert_str(json_str_at(last, "kind"), "repair-order");
	assert_int_equal(json_int_at(difference, "customer_minor", 0), customer);
	assert_int_equal(json_int_at(difference, "value_minor", 0), value);
}

/* Told on Tuesday at 17:30: Wednesday is the customer's, unless two hours to fetch it end at 9:30.
 */
static void days_after_ready(void **state)
{
	struct str id, visit;

	(void)state;
	id = lent();
	visit = json_str_at(dealer_row(&w, ROW_BOOKING, id), "visit");
	terms_are(id, 0, 27000);
	told_ready(visit, "2026-03-17T16:30:00Z");
	terms_are(id, 9000, 18000);
	assert_str(
		json_str_at(dealer_row(&w, ROW_VISIT, visit), "ready_at"), "2026-03-17T16:30:00Z");
	gives_minutes_to_fetch(120);
	told_ready(visit, "2026-03-17T16:29:00Z");
	terms_are(id, 0, 27000);
	assert_true(contains(
		json_raw(json_get(dealer_row(&w, ROW_BOOKING, id), "terms")), "COLLECTION"));
	assert_difference(id, -9000, 9000);
	/* more than the door was shut for */
	told_ready(visit, "2026-03-17T10:00:00Z");
	terms_are(id, 9000, 18000);
	dealer_check(&w);
}

/* A slip of the pen: nobody was told after all. The time stays what is expected, and no door was
 * shut for anybody. */
static void ready_taken_back(void **state)
{
	struct str id, visit;
	struct command *c;

	(void)state;
	gives_minutes_to_fetch(120);
	id = lent();
	visit = json_str_at(dealer_row(&w, ROW_BOOKING, id), "visit");
	told_ready(visit, "2026-03-17T16:29:00Z");
	terms_are(id, 0, 27000);
	c = put(visit, "{\"number\":\"RO-9\",\"opened_at\":\"2026-03-16T07:00:00Z\"}", "*");
	assert_int_equal(c->outcome, OK);
	command_free(c);
	terms_are(id, 9000, 18000);
	assert_difference(id, 9000, -9000);
	assert_str(
		json_str_at(dealer_row(&w, ROW_VISIT, visit), "ready_at"), "2026-03-17T16:29:00Z");
	dealer_check(&w);
}

/* Out still: decided when it is told, and once more when it comes back. */
static void ready_while_it_is_out(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17), visit;

	(void)state;
	visit = json_str_at(dealer_row(&w, ROW_BOOKING, id), "visit");
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{\"odometer_km\":1000}", OK);
	gives_minutes_to_fetch(60);
	told_ready(visit, "2026-03-17T17:00:00Z");
	terms_are(id, 0, 27000); /* shut from 18:30: until 9:00 on Wednesday */
	dealer_at(&w, "2026-03-18T10:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{\"odometer_km\":1200}", OK);
	terms_are(id, 0, 27000);
	dealer_check(&w);
}

/* ---- the ledger of the visit ---- */

static struct json ledger_of(struct str visit)
{
	struct row row;

	assert_true(row_get(look(), ROW_VISIT, visit, &row));
	return parsed(render_ledger(&v, visit, &row));
}

static void the_ledger_day_by_day(void **state)
{
	struct str id, visit;
	struct json ledger, booking, days, last, charge;

	(void)state;
	id = grecale(MONDAY_8_30, WEDNESDAY_17);
	visit = json_str_at(dealer_row(&w, ROW_BOOKING, id), "visit");
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{\"odometer_km\":1000}", OK);
	dealer_at(&w, WEDNESDAY_17);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p,
		"{\"charges\":[{\"amount_minor\":4200,\"evidence\":\"pump receipt\",\"kind\":"
		"\"fuel\"},{\"amount_minor\":900,\"kind\":\"toll\",\"payer\":\"dealer\"}],"
		"\"odometer_km\":1200}",
		OK);
	told_ready(visit, "2026-03-17T16:30:00Z");
	ledger = ledger_of(visit);
	booking = json_first(json_get(ledger, "bookings"));
	days = json_get(booking, "days");
	assert_int_equal(json_count(days), 3);
	assert_str(json_str_at(json_item(days, 0), "payer"), "manufacturer");
	assert_str(json_str_at(json_item(days, 0), "day"), "2026-03-16");
	assert_str(json_str_at(json_item(days, 0), "until"), "2026-03-17T08:30:00+01:00");
	last = json_item(days, 2);
	assert_str(json_str_at(last, "payer"), "customer");
	assert_int_equal(json_int_at(last, "customer_minor", 0), 9000);
	assert_str(json_str_at(last, "until"), "2026-03-18T17:00:00+01:00");
	assert_str(json_raw(json_get(last, "notes")), "[\"AFTER_COMPLETION\"]");
	charge = json_first(json_get(booking, "charges"));
	assert_str(json_str_at(charge, "evidence"), "pump receipt");
	assert_str(json_str_at(charge, "payer"), "customer");
	assert_str(json_raw(json_get(ledger, "payers")),
		"[{\"amount_minor\":9000,\"charges_minor\":4200,\"payer\":\"customer\"},"
		"{\"amount_minor\":0,\"charges_minor\":900,\"payer\":\"dealer\"},"
		"{\"amount_minor\":18000,\"charges_minor\":0,\"payer\":\"manufacturer\"}]");
}

/* ---- what a repair does to the warranty ---- */

static void say_nothing(void *context, const char *line)
{
	(void)context;
	(void)line;
}

static void looked_up(const char *coverage)
{
	struct str body = arena_printf(
		&w.arena, "{\"coverages\":[%s],\"source\":\"portal\"}", coverage);

	dealer_must(&w, VERB_COVER_CHECK, "directory", DEALER_VIN, body.p, OK);
}

static int64_t value_of(struct str id)
{
	return json_int_at(
		json_get(dealer_row(&w, ROW_BOOKING, id), "terms"), "value_minor", -1);
}

/* 36 months from 22 March 2023 end on Sunday; two days in the workshop move that to Tuesday, where
 * the law of the site says so. */
static void a_repair_suspends_what_is_left(void **state)
{
	struct str visit, plain, longer, dated;
	struct json booking, moved;

	(void)state;
	looked_up("{\"programme\":\"TESTWAR\",\"start_on\":\"2023-03-22\"}");
	visit = json_str_at(dealer_row(&w, ROW_BOOKING, lent()), "visit");
	command_free(put(visit, GOOD, NULL));
	plain = grecale("2026-03-23T08:30:00+01:00", "2026-03-23T17:00:00+01:00");
	assert_int_equal(value_of(plain), 0);
	site_has(STR("{\"immobilisation_suspends\":{\"job_types\":[\"warranty_repair\"],"
		     "\"kinds\":[\"manufacturer_warranty\"],\"reference\":\"L217-28\"}}"));
	longer = grecale("2026-03-24T08:30:00+01:00", "2026-03-24T17:00:00+01:00");
	assert_int_equal(value_of(longer), 9000);
	booking = json_first(json_get(
		ledger_of(json_str_at(dealer_row(&w, ROW_BOOKING, longer), "visit")), "bookings"));
	moved = json_first(json_get(booking, "suspended"));
	assert_int_equal(json_int_at(moved, "days", 0), 2);
	assert_str(json_str_at(moved, "programme"), "TESTWAR");
	assert_int_equal(value_of(grecale("2026-03-25T08:30:00+01:00",
				 "2026-03-25T17:00:00+01:00")),
		0);
	/* An end that was looked up afterwards knows of it; the order does not count twice. */
	looked_up("{\"ends_on\":\"2026-03-26\",\"programme\":\"TESTWAR\",\"suspended_days\":2}");
	dated = grecale("2026-03-26T08:30:00+01:00", "2026-03-26T17:00:00+01:00");
	assert_int_equal(value_of(dated), 9000);
	assert_int_equal(value_of(grecale("2026-03-27T08:30:00+01:00",
				 "2026-03-27T17:00:00+01:00")),
		0);
	assert_int_equal(fleet_audit_replay(w.fleet, &(struct report){.say = say_nothing}), 0);
	dealer_check(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_cannot_be_is_refused),
		CASE(its_number_is_the_visits_and_the_bookings),
		CASE(a_claim_leans_on_it),
		CASE(days_after_ready),
		CASE(ready_taken_back),
		CASE(ready_while_it_is_out),
		CASE(the_ledger_day_by_day),
		CASE(a_repair_suspends_what_is_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
