/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The claim-ready light: what is missing while it can still be mended, and what is too late. */

#include "tests/lib/claims_whole.h"
#include "tests/lib/rendering.h"

static struct str visit_of(struct str booking)
{
	return json_str_at(dealer_row(&w, ROW_BOOKING, booking), "visit");
}

static struct json ready(struct str booking)
{
	struct str visit = visit_of(booking);
	struct row row;

	assert_true(row_get(look(), ROW_VISIT, visit, &row));
	return parsed(render_claim_ready(&v, visit, &row));
}

static struct json line(struct str booking)
{
	struct json lines = json_get(ready(booking), "lines");

	assert_int_equal(json_count(lines), 1);
	return json_first(lines);
}

/* "AUD01_RO_MISSING workshop claim; ...": a late one has a mark before it. */
static void misses(struct str booking, const char *light, const char *expected)
{
	struct json l = line(booking), missing = json_get(l, "missing");
	struct str text = STR("");

	assert_str(json_str_at(ready(booking), "light"), light);
	assert_str(json_str_at(l, "light"), light);
	for (struct json m = json_first(missing); json_present(m); m = json_next(missing, m))
		text = arena_printf(&w.arena, "%.*s%s%s%.*s %.*s %.*s", STR_FMT(text),
			text.n ? "; " : "", json_bool_at(m, "late", false) ? "!" : "",
			STR_FMT(json_str_at(m, "code")), STR_FMT(json_str_at(m, "where")),
			STR_FMT(json_str_at(m, "until")));
	assert_str(text, expected);
}

static void order(struct str booking, const char *body)
{
	struct command *c = dealer_put(&w, VERB_REPAIR_ORDER_PUT, "LYO",
		arena_copy(&w.arena, visit_of(booking)).p, body, "*");

	assert_int_equal(c->outcome, OK);
	command_free(c);
}

#define ORDER                                                           \
	"{\"closed_at\":\"2026-03-18T16:30:00Z\",\"lines\":[{\"type\":" \
	"\"warranty_repair\"}],\"number\":\"RO-7\",\"opened_at\":"      \
	"\"2026-03-16T07:00:00Z\"}"

/* The rule set from February on: as it was, and what this maker asks in this market. */
static void asks(const char *requires)
{
	struct json was = dealer_row(&w, ROW_RULESET, STR("test-1"));
	struct str over = arena_printf(&w.arena,
		"{\"claim_profiles\":[{\"id\":\"zam\",\"markets\":[\"EU\"],\"payers\":["
		"\"manufacturer\"],\"requires\":[%s],\"vin_prefixes\":[\"ZAM\"]}],"
		"\"valid_from\":\"2026-02-01\",\"version\":\"test-2\"}",
		requires);
	struct str body = doc_merge(&w.arena, was, arena_json(&w.arena, over, NULL));

	dealer_must(&w, VERB_RULESET_PUT, "directory", "test-2", arena_copy(&w.arena, body).p, OK);
}

static void before_the_keys_leave(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);

	(void)state;
	misses(id, "open",
		"AUD01_RO_MISSING workshop claim; AUD03_AGREEMENT_UNSIGNED desk check_out; "
		"AUD04_LICENCE_NOT_CHECKED desk check_out; AUD12_NO_MATCHING_RO_LINE work"
		"shop claim");
	order(id, ORDER);
	misses(id, "open",
		"AUD03_AGREEMENT_UNSIGNED desk check_out; AUD04_LICENCE_NOT_CHECKED desk "
		"check_out");
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"agreement_signed_at\":\"2026-03-16T07:25:00Z\",\"odometer_km\":1000}", OK);
	misses(id, "late",
		"!AUD04_LICENCE_NOT_CHECKED desk check_out; LOAN_NOT_BACK desk check_in");
	dealer_must(&w, VERB_BOOKING_CORRECT, "LYO", id.p,
		"{\"pointer\":\"/out/licence_checked_at\",\"reason\":\"seen, not typed\",\"value\":"
		"\"2026-03-16T07:20:00Z\"}",
		OK);
	misses(id, "open", "LOAN_NOT_BACK desk check_in");
	dealer_at(&w, WEDNESDAY_17);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{\"odometer_km\":1200}", OK);
	misses(id, "ready", "");
	assert_int_equal(json_int_at(line(id), "amount_minor", 0), 27000);
	assert_int_equal(json_int_at(line(id), "units", 0), 3);
}

/* A profile is data: what it asks is missing until it is there, and holds the claim back. */
static void what_a_maker_asks(void **state)
{
	struct str id, claim;

	(void)state;
	asks("\"ro_odometer\",\"loan_odometer_out\",\"loan_odometer_in\",\"claim_number\","
	     "\"papers\",\"documents_checked\",\"agreement_kept\",\"photos_out\",\"photos_in\","
	     "\"authorisation\",\"supplier_invoice\",\"ro_closed\"");
	id = grecale(MONDAY_8_30, WEDNESDAY_17);
	order(id, ORDER);
	misses(id, "open",
		"AUD03_AGREEMENT_UNSIGNED desk check_out; AUD04_LICENCE_NOT_CHECKED desk "
		"check_out; "
		"RO_ODOMETER_MISSING workshop claim; LOAN_ODOMETER_OUT_MISSING desk check_out; "
		"CLAIM_NUMBER_MISSING warranty claim; AUTHORISATION_MISSING warranty claim; "
		"INVOICE_NOT_KEPT warranty claim; PAPERS_MISSING warranty claim; "
		"DOCUMENTS_NOT_CHECKED desk check_out; AGREEMENT_NOT_KEPT desk check_out; "
		"PHOTOS_OUT_MISSING desk check_out");
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"agreement_signed_at\":\"2026-03-16T07:25:00Z\",\"documents_checked\":["
		"\"driving_licence\",\"loan_agreement\"],\"licence_checked_at\":"
		"\"2026-03-16T07:20:00Z\",\"odometer_km\":1000}",
		OK);
	dealer_at(&w, WEDNESDAY_17);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{\"odometer_km\":1200}", OK);
	order(id,
		"{\"authorisation\":\"A\",\"claim_number\":\"C\",\"closed_at\":"
		"\"2026-03-18T16:30:00Z\",\"invoice\":{\"net_minor\":1,\"reference\":\"F\"},"
		"\"lines\":[{\"type\":\"warranty_repair\"}],\"number\":\"RO-7\",\"odometer_in\":1,"
		"\"odometer_out\":2,\"opened_at\":\"2026-03-16T07:00:00Z\",\"papers\":[{"
		"\"bytes\":9,"
		"\"name\":\"n\",\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b"
		"934ca495991b"
		"7852b855\"}]}");
	misses(id, "late",
		"!AGREEMENT_NOT_KEPT desk check_out; !PHOTOS_OUT_MISSING desk check_out; "
		"!PHOTOS_IN_MISSING desk check_in");
	claim = dealer_must(&w, VERB_CLAIM_DRAFT, "LYO", id.p, "{\"programme\":\"TESTWAR\"}", OK);
	dealer_must(&w, VERB_CLAIM_COMPLETE, "LYO", claim.p, "{}", REFUSED_CLAIM_FINDINGS);
	assert_str(json_str_at(line(id), "claim_status"), "draft");
}

static void attach(struct str id, const char *moment)
{
	struct command *c = command_new(VERB_BOOKING_ATTACH);

	assert_non_null(c);
	c->journal = STR("LYO");
	c->target = id;
	c->by = w.by;
	c->bytes = STR("\xff\xd8\xff\xe0 (invented)");
	c->body = arena_printf(&c->arena,
		"{\"kind\":\"photo\",\"moment\":\"%s\",\"parts\":[\"e3b0c44298fc1c149afbf"
		"4c8996fb924"
		"27ae41e4649b934ca495991b7852b855\"]}",
		moment);
	assert_int_equal(fleet_do(w.fleet, c), OK);
	assert_int_equal(c->outcome, OK);
	command_free(c);
}

static void photos_are_looked_for(void **state)
{
	struct str id;

	(void)state;
	asks("\"photos_out\",\"photos_in\"");
	id = grecale(MONDAY_8_30, WEDNESDAY_17);
	order(id, ORDER);
	attach(id, "check_in");
	misses(id, "open",
		"AUD03_AGREEMENT_UNSIGNED desk check_out; AUD04_LICENCE_NOT_CHECKED desk "
		"check_out; "
		"PHOTOS_OUT_MISSING desk check_out");
	attach(id, "check_out");
	misses(id, "open",
		"AUD03_AGREEMENT_UNSIGNED desk check_out; AUD04_LICENCE_NOT_CHECKED desk "
		"check_out");
}

/* ---- all cases of a site ---- */

static uint32_t cases(enum claims_ready which)
{
	struct claim_filter ask = {.site = STR("LYO"),
		.span = span("2026-03-16T00:00:00+01:00", "2026-03-21T00:00:00+01:00"),
		.ready = which};
	struct json items = json_get(parsed(claims_whole(look(), &ask, CLAIMS_JSON)), "items");

	return json_count(items);
}

static void those_that_are_not_ready(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17), claim;

	(void)state;
	assert_int_equal(cases(CLAIMS_ANY), 0); /* nothing is lent */
	assert_int_equal(cases(CLAIMS_NOT_READY), 1);
	order(id, ORDER);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"agreement_signed_at\":\"2026-03-16T07:25:00Z\",\"licence_checked_at\":"
		"\"2026-03-16T07:20:00Z\",\"odometer_km\":1000}",
		OK);
	assert_int_equal(cases(CLAIMS_NOT_READY), 1);
	dealer_at(&w, WEDNESDAY_17);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{\"odometer_km\":1200}", OK);
	assert_int_equal(cases(CLAIMS_NOT_READY), 0);
	assert_int_equal(cases(CLAIMS_READY), 1);
	claim = dealer_must(&w, VERB_CLAIM_DRAFT, "LYO", id.p, "{\"programme\":\"TESTWAR\"}", OK);
	assert_int_equal(cases(CLAIMS_READY), 1);
	dealer_must(&w, VERB_CLAIM_COMPLETE, "LYO", claim.p, "{}", OK);
	dealer_must(&w, VERB_CLAIM_EXPORT, "LYO", claim.p, "{}", OK);
	assert_int_equal(cases(CLAIMS_READY), 0);
	assert_int_equal(cases(CLAIMS_ANY), 1);
}

/* Whoever pays himself is asked for nothing: there is no light. */
static void what_nobody_else_pays(void **state)
{
	struct str id = dealer_book(&w, DEALER_VIN_BARE, NULL, "loaner_brand", "grecale",
		MONDAY_8_30, WEDNESDAY_17, OK);

	(void)state;
	assert_str(json_str_at(ready(id), "light"), "none");
	assert_int_equal(json_count(json_get(ready(id), "lines")), 0);
	assert_int_equal(cases(CLAIMS_NOT_READY), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(before_the_keys_leave),
		CASE(what_a_maker_asks),
		CASE(photos_are_looked_for),
		CASE(those_that_are_not_ready),
		CASE(what_nobody_else_pays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
