/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves what leaves the house for others to check: entries, events without people, claims. */

#include "tests/lib/claims_whole.h"
#include "tests/lib/rendering.h"

/* ---- audit ---- */

static void an_event_tells_nothing_about_people(void **state)
{
	struct journal_head head;
	struct str line, text, event;
	struct json e;
	struct hash prev, hash;
	uint64_t seq;

	(void)state;
	grecale(MONDAY_8_30, WEDNESDAY_17);
	assert_true(journal_head(look()->txn, STR("LYO"), &head));
	seq = head.seq;
	text = render_event(&v, STR("LYO"), seq);
	line = render_journal_line(&v, STR("LYO"), seq);
	e = parsed(text);
	assert_str(json_str_at(e, "kind"), "booking");
	assert_int_equal(json_int_at(e, "seq", 0), seq);
	assert_str(json_str_at(e, "at"), "2026-03-02T09:00:00+01:00");
	assert_int_equal(json_count(json_get(e, "changes")), 2);
	assert_str(json_str_at(json_first(json_get(e, "changes")), "kind"), "booking");
	look();
	e = parsed(line);
	event = json_raw(json_get(e, "event"));
	assert_true(hash_parse(&prev, json_str_at(e, "prev")));
	assert_true(hash_parse(&hash, json_str_at(e, "hash")));
	prev = event_hash(&prev, event);
	assert_memory_equal(&prev, &hash, sizeof hash);
	/* Not in any entry, of this journal or of the directory's. */
	for (seq = 1; seq <= head.seq; seq++) {
		line = render_journal_line(look(), STR("LYO"), seq);
		text = render_event(&v, STR("LYO"), seq);
		fleet_look_end(&v);
		assert_false(contains(line, "Canari") || contains(text, "Canari"));
	}
	assert_true(journal_head(look()->txn, STR("directory"), &head));
	for (seq = 1; seq <= head.seq; seq++) {
		line = render_journal_line(&v, STR("directory"), seq);
		text = render_event(&v, STR("directory"), seq);
		assert_false(contains(line, "Canari") || contains(text, "Canari"));
		assert_false(contains(line, PHONE));
	}
	assert_null(render_event(&v, STR("LYO"), 9999).p);
	assert_null(render_journal_line(&v, STR("XXX"), 1).p);
	fleet_look_end(&v);
}

/* A loan out and back, whose repair order is a trap for spreadsheets. */
static struct str lend(const char *from, const char *until, const char *repair_order)
{
	struct str id = grecale(from, until), visit;
	struct command *c;

	visit = json_str_at(dealer_row(&w, ROW_BOOKING, id), "visit");
	c = dealer_put(&w, VERB_VISIT_CHANGE, "LYO", arena_copy(&w.arena, visit).p,
		arena_printf(&w.arena, "{\"repair_order\":\"%s\"}", repair_order).p, "*");
	assert_int_equal(c->outcome, OK);
	command_free(c);
	dealer_at(&w, from);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"agreement_signed_at\":\"2026-03-16T07:25:00Z\",\"documents_checked\":"
		"[\"driving_licence\",\"loan_agreement\"],\"fuel_percent\":90,\"odometer_km\":"
		"1000}",
		OK);
	dealer_at(&w, until);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{\"odometer_km\":1200}", OK);
	return id;
}

static void covered_lines_are_claims_with_findings(void **state)
{
	struct span s = span("2026-03-16T00:00:00+01:00", "2026-03-21T00:00:00+01:00");
	struct json list, claim;
	struct str text;

	(void)state;
	lend(MONDAY_8_30, WEDNESDAY_17, "=RO,\\\"1\\\"");
	text = render_claims_json(look(), STR("LYO"), s, STR_NULL);
	list = json_get(parsed(text), "items");
	assert_int_equal(json_count(list), 1);
	claim = json_first(list);
	assert_str(json_str_at(claim, "programme"), "TESTWAR");
	assert_str(json_str_at(claim, "cost_code"), "75");
	assert_str(json_str_at(claim, "ro_number"), "=RO,\"1\"");
	assert_int_equal(json_int_at(claim, "amount_minor", 0), 27000);
	assert_int_equal(json_int_at(claim, "days_claimed", 0), 3);
	assert_int_equal(json_int_at(claim, "cap_days", 0), 5);
	assert_true(json_is(json_get(claim, "max_per_day"), JSON_NULL));
	assert_str(json_str_at(claim, "claimed_from"), MONDAY_8_30);
	assert_str(json_str_at(claim, "claimed_to"), WEDNESDAY_17);
	assert_str(json_str_at(claim, "plate"), "AB-123-CD");
	assert_true(str_is(json_raw(json_get(claim, "findings")),
		"[\"AUD04_LICENCE_NOT_CHECKED\",\"AUD12_NO_MATCHING_RO_LINE\"]"));
	assert_int_equal(json_str_at(claim, "inputs_sha256").n, 64);
	text = render_claims_csv(look(), STR("LYO"), s, STR_NULL);
	fleet_look_end(&v);
	assert_true(text.n > 5 && memcmp(text.p, "site,", 5) == 0);
	assert_true(memcmp(text.p + text.n - 2, "\r\n", 2) == 0);
	assert_true(contains(text, ",\"'=RO,\"\"1\"\"\","));
	assert_true(contains(text, ",driving_licence loan_agreement,"));
	assert_true(contains(text, ",AUD04_LICENCE_NOT_CHECKED AUD12_NO_MATCHING_RO_LINE,"));
	assert_false(contains(text, "Canari"));
	/* Another time, another car: nothing but the header. */
	text = render_claims_csv(look(), STR("LYO"),
		span("2026-04-01T00:00:00+02:00", "2026-05-01T00:00:00+02:00"), STR_NULL);
	assert_int_equal((const char *)memchr(text.p, '\n', text.n) - text.p, text.n - 1);
	list = json_get(
		parsed(render_claims_json(&v, STR("LYO"), s, STR(DEALER_VIN_BARE))), "items");
	assert_int_equal(json_count(list), 0);
}

static uint32_t lines_of(const struct claim_filter *f)
{
	struct str text = claims_whole(look(), f, CLAIMS_JSONL);

	fleet_look_end(&v);
	uint32_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

/* What a French Excel reads, and what each filter leaves. */
static void lines_as_they_are_asked_for(void **state)
{
	struct claim_filter f = {.site = STR("LYO"),
		.span = span("2026-03-16T00:00:00+01:00", "2026-03-21T00:00:00+01:00")};
	struct str text;

	(void)state;
	lend(MONDAY_8_30, WEDNESDAY_17, "=RO;1");
	text = claims_whole(look(), &f, CLAIMS_CSV_FR);
	fleet_look_end(&v);
	assert_memory_equal(text.p, "\xef\xbb\xbfsite;number;", 15);
	assert_true(contains(text, ";\"'=RO;1\";"));
	assert_true(contains(text, ";270,00;"));
	assert_true(contains(text, ";16/03/2026 08:30:00;18/03/2026 17:00:00;"));
	assert_true(contains(text, ";amount;") && !contains(text, "_minor"));
	assert_int_equal(lines_of(&f), 1);
	f.repair_order = STR("=RO;1");
	f.cost_code = STR("75");
	assert_int_equal(lines_of(&f), 1);
	f.cost_code = STR("7");
	assert_int_equal(lines_of(&f), 0);
	f.cost_code = STR_NULL;
	f.payer = STR("nobody");
	assert_int_equal(lines_of(&f), 0);
	f = (struct claim_filter){.site = STR("XXX"), .span = f.span};
	assert_null(claims_whole(look(), &f, CLAIMS_JSON).p);
	fleet_look_end(&v);
}

/* One loan with two cars: it began and was signed for with the first, the second came back. */
static void an_exchanged_car_is_one_loan(void **state)
{
	struct span s = span("2026-03-16T00:00:00+01:00", "2026-03-21T00:00:00+01:00");
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17), first, second;
	struct json claim;

	(void)state;
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"agreement_signed_at\":\"2026-03-16T07:25:00Z\",\"documents_checked\":true,"
		"\"licence_checked_at\":\"2026-03-16T07:20:00Z\",\"odometer_km\":1000}",
		OK);
	first = json_str_at(dealer_row(&w, ROW_BOOKING, id), "resource");
	second = str_is(first, "G1") ? STR("G2") : STR("G1");
	dealer_at(&w, "2026-03-17T10:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_EXCHANGE, "LYO", id.p,
		arena_printf(&w.arena,
			"{\"in\":{\"odometer_km\":1100},\"out\":{\"odometer_km\":500},"
			"\"reason\":\"lamp\",\"resource\":\"%s\"}",
			second.p)
			.p,
		OK);
	dealer_at(&w, WEDNESDAY_17);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{\"odometer_km\":650}", OK);
	claim = json_first(
		json_get(parsed(render_claims_json(look(), STR("LYO"), s, STR_NULL)), "items"));
	assert_true(str_eq(json_str_at(claim, "resource"), second));
	assert_str(json_str_at(claim, "loan_out_at"), MONDAY_8_30);
	assert_str(json_str_at(claim, "claimed_from"), MONDAY_8_30);
	assert_int_equal(json_int_at(claim, "loan_odometer_out", 0), 500);
	assert_int_equal(json_int_at(claim, "loan_odometer_in", 0), 650);
	assert_str(json_str_at(claim, "agreement_signed_at"), "2026-03-16T08:25:00+01:00");
	assert_str(json_str_at(claim, "licence_checked_at"), "2026-03-16T08:20:00+01:00");
	assert_true(json_bool_at(claim, "documents_checked", false));
}

static void one_car_is_claimed_once_at_a_time(void **state)
{
	struct span s = span("2026-03-16T00:00:00+01:00", "2026-03-31T00:00:00+02:00");
	struct json list;
	uint32_t twice = 0;

	(void)state;
	/* Two loans for one car that overlap, and one that does not. */
	grecale("2026-03-17T09:00:00+01:00", "2026-03-19T17:00:00+01:00");
	lend(MONDAY_8_30, WEDNESDAY_17, "RO-1");
	struct json all = json_get(
		parsed(render_bookings(look(),
			&(struct booking_filter){.site = STR("LYO"), .status = STR("booked")},
			&(struct list_page){.limit = 10})),
		"items");
	struct str other = arena_copy(&w.arena, json_str_at(json_first(all), "booking"));
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", other.p, "{\"at\":\"2026-03-17T08:00:00Z\"}",
		OK);
	lend("2026-03-23T10:00:00+01:00", "2026-03-24T17:00:00+01:00", "RO-2");
	list = json_get(parsed(render_claims_json(look(), STR("LYO"), s, STR_NULL)), "items");
	assert_int_equal(json_count(list), 3);
	for (struct json e = json_first(list); json_present(e); e = json_next(list, e))
		twice += contains(json_raw(json_get(e, "findings")), "AUD13");
	assert_int_equal(twice, 2);
	/* Who asks for the first day alone is told of the other loan all the same. */
	s = span("2026-03-16T00:00:00+01:00", "2026-03-16T12:00:00+01:00");
	list = json_get(parsed(render_claims_json(look(), STR("LYO"), s, STR_NULL)), "items");
	assert_int_equal(json_count(list), 1);
	assert_true(contains(json_raw(list), "AUD13"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_event_tells_nothing_about_people),
		CASE(covered_lines_are_claims_with_findings),
		CASE(lines_as_they_are_asked_for),
		CASE(an_exchanged_car_is_one_loan),
		CASE(one_car_is_claimed_once_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
