/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* A claim from its draft to the payer's word: what holds it back, whose day it is, who did what. */

#include "fleet/agreement.h"
#include "fleet/warranty_claim.h"

#include "tests/lib/claims_whole.h"
#include "tests/lib/rendering.h"

#define ORDER(closed, lines)                                                                      \
	"{\"closed_at\":\"" closed "\",\"lines\":[" lines "],\"number\":\"RO-77\",\"opened_at\":" \
	"\"2026-03-16T07:00:00Z\"}"
#define GOOD_ORDER ORDER("2026-03-18T16:30:00Z", "{\"type\":\"warranty_repair\"}")

static struct str visit_of(struct str booking)
{
	return json_str_at(dealer_row(&w, ROW_BOOKING, booking), "visit");
}

static void order(struct str booking, const char *body)
{
	struct command *c = dealer_put(&w, VERB_REPAIR_ORDER_PUT, "LYO",
		arena_copy(&w.arena, visit_of(booking)).p, body, "*");

	assert_int_equal(c->outcome, OK);
	command_free(c);
}

static struct str out(const char *from, const char *until)
{
	struct str id = grecale(from, until);

	dealer_at(&w, from);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"agreement_signed_at\":\"2026-03-16T07:25:00Z\",\"licence_checked_at\":"
		"\"2026-03-16T07:20:00Z\",\"odometer_km\":1000}",
		OK);
	return id;
}

static void back(struct str id, const char *at, int km)
{
	dealer_at(&w, at);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p,
		arena_printf(&w.arena, "{\"odometer_km\":%d}", km).p, OK);
}

static struct str lent(void)
{
	struct str id = out(MONDAY_8_30, WEDNESDAY_17);

	back(id, WEDNESDAY_17, 1200);
	return id;
}

#define DRAFT "{\"programme\":\"TESTWAR\"}"

static struct str draft(struct str booking)
{
	return dealer_must(&w, VERB_CLAIM_DRAFT, "LYO", booking.p, DRAFT, OK);
}

static void step(enum verb verb, struct str claim, const char *body, enum outcome expected)
{
	dealer_must(&w, verb, "LYO", claim.p, body, expected);
}

static void is(struct str claim, const char *status)
{
	assert_str(json_str_at(shown(ROW_CLAIM, claim), "status"), status);
}

/* A refusal is kept, and says so much. */
static void refused(enum verb verb, struct str target, const char *body, enum outcome expected,
	const char *says)
{
	static int n;
	struct str key = arena_printf(&w.arena, "key %d", ++n);
	struct command *c = dealer_do(&w, verb, "LYO", target.p, body, key.p);
	struct answer answer;

	assert_int_equal(c->outcome, expected);
	(void)look();
	assert_true(render_answer(&v, c, &answer));
	assert_int_equal(answer.outcome, expected);
	if (!contains(answer.detail, says))
		fail_msg("%.*s", STR_FMT(answer.detail));
	fleet_look_end(&v);
	command_free(c);
}

/* ---- the way of one claim ---- */

static void from_draft_to_accepted(void **state)
{
	struct str booking = lent(), claim;
	struct json doc, steps;

	(void)state;
	order(booking, GOOD_ORDER);
	claim = draft(booking);
	doc = shown(ROW_CLAIM, claim);
	assert_str(json_str_at(doc, "status"), "draft");
	assert_str(json_str_at(doc, "payer"), "manufacturer");
	assert_str(json_str_at(doc, "cost_code"), "75");
	assert_str(
		json_raw(json_get(doc, "days")), "[\"2026-03-16\",\"2026-03-17\",\"2026-03-18\"]");
	assert_int_equal(json_int_at(doc, "amount_minor", 0), 27000);
	assert_str(json_str_at(doc, "from"), MONDAY_8_30);
	step(VERB_CLAIM_EXPORT, claim, "{}", REFUSED_STATE);
	step(VERB_CLAIM_COMPLETE, claim, "{}", OK);
	step(VERB_CLAIM_EXPORT, claim, "{\"reference\":\"MOD-1\"}", OK);
	refused(VERB_CLAIM_WITHDRAW, claim, "{\"reason\":\"x\"}", REFUSED_STATE,
		"\"claim_status\":\"exported\"");
	dealer_must(
		&w, VERB_CLAIM_ACCEPT, "LYO", claim.p, "{\"amount_minor\":27001}", REFUSED_INVALID);
	step(VERB_CLAIM_ACCEPT, claim, "{\"amount_minor\":18000}", OK);
	doc = shown(ROW_CLAIM, claim);
	assert_int_equal(json_int_at(doc, "accepted_minor", 0), 18000);
	assert_str(json_str_at(doc, "reference"), "MOD-1");
	step(VERB_CLAIM_CHARGE_BACK, claim, "{\"reason\":\"no photo of the part\"}", OK);
	doc = shown(ROW_CLAIM, claim);
	steps = json_get(doc, "steps");
	assert_str(json_str_at(doc, "status"), "charged_back");
	assert_int_equal(json_int_at(doc, "charged_back_minor", 0), 27000);
	assert_int_equal(json_count(steps), 5);
	assert_str(json_str_at(json_item(steps, 4), "reason"), "no photo of the part");
	assert_false(json_present(json_get(json_item(steps, 4), "private")));
	assert_false(contains(json_raw(dealer_row(&w, ROW_CLAIM, claim)), "no photo")); /* sealed */
	assert_str(json_str_at(json_item(steps, 4), "at"), WEDNESDAY_17);
	assert_true(json_str_at(json_item(steps, 4), "by").n > 0);
	assert_int_equal(json_int_at(json_item(steps, 3), "amount_minor", 0), 18000);
	step(VERB_CLAIM_COMPLETE, claim, "{}", REFUSED_STATE);
	step(VERB_CLAIM_COMPLETE, STR("nobody"), "{}", REFUSED_NOT_FOUND);
	dealer_check(&w);
}

/* A payer's word may come years later, when the person is erased: it counts, without its reason. */
static void reasons_are_forgotten_with_the_person(void **state)
{
	struct str booking = lent(), claim;
	uint8_t key[SEAL_KEY_LEN];
	struct json steps;

	(void)state;
	order(booking, GOOD_ORDER);
	claim = draft(booking);
	step(VERB_CLAIM_COMPLETE, claim, "{}", OK);
	step(VERB_CLAIM_REOPEN, claim, "{\"reason\":\"Mrs Canari forgot\"}", OK);
	step(VERB_CLAIM_COMPLETE, claim, "{}", OK);
	step(VERB_CLAIM_EXPORT, claim, "{}", OK);
	dealer_must(&w, VERB_CUSTOMER_ERASE, "directory", "C1", "{}", OK);
	step(VERB_CLAIM_CHARGE_BACK, claim, "{\"reason\":\"Mrs Canari again\"}", OK);
	steps = json_get(shown(ROW_CLAIM, claim), "steps");
	assert_int_equal(json_count(steps), 6);
	assert_str(json_str_at(json_item(steps, 5), "status"), "charged_back");
	assert_false(contains(json_raw(steps), "Canari"));
	assert_false(contains(json_raw(steps), "sealed"));
	assert_false(people_key(fleet_people(w.fleet), STR("C1"), key));
	dealer_check(&w);
}

/* ---- findings ---- */

static void nothing_is_exported_with_a_finding(void **state)
{
	struct str booking = lent(), claim = draft(booking);

	(void)state;
	refused(VERB_CLAIM_COMPLETE, claim, "{}", REFUSED_CLAIM_FINDINGS,
		"\"findings\":[\"AUD01_RO_MISSING\",\"AUD12_NO_MATCHING_RO_LINE\"]");
	is(claim, "draft");
	order(booking, GOOD_ORDER);
	step(VERB_CLAIM_COMPLETE, claim, "{}", OK);
	/* what was complete is looked at again before it leaves */
	order(booking, ORDER("2026-03-17T16:00:00Z", "{\"type\":\"warranty_repair\"}"));
	refused(VERB_CLAIM_EXPORT, claim, "{}", REFUSED_CLAIM_FINDINGS,
		"\"findings\":[\"AUD07_AFTER_RO_CLOSE\"]");
	is(claim, "complete");
	order(booking, GOOD_ORDER);
	step(VERB_CLAIM_EXPORT, claim, "{}", OK);
	dealer_check(&w);
}

static void a_loan_that_is_out_is_not_complete(void **state)
{
	struct str booking = out(MONDAY_8_30, WEDNESDAY_17), claim;

	(void)state;
	order(booking, GOOD_ORDER);
	claim = draft(booking);
	refused(VERB_CLAIM_COMPLETE, claim, "{}", REFUSED_CLAIM_FINDINGS, "\"LOAN_NOT_BACK\"");
	back(booking, "2026-03-17T10:00:00+01:00", 1100);
	step(VERB_CLAIM_COMPLETE, claim, "{}", OK);
	assert_str(json_raw(json_get(shown(ROW_CLAIM, claim), "days")),
		"[\"2026-03-16\",\"2026-03-17\"]");
	assert_int_equal(json_int_at(shown(ROW_CLAIM, claim), "amount_minor", 0), 18000);
}

/* Told ready a day earlier, after it was complete: a day of it is the customer's now. */
static void what_was_complete_has_changed(void **state)
{
	struct str booking = lent(), claim;

	(void)state;
	order(booking, GOOD_ORDER);
	claim = draft(booking);
	step(VERB_CLAIM_COMPLETE, claim, "{}", OK);
	order(booking,
		"{\"closed_at\":\"2026-03-18T16:30:00Z\",\"lines\":[{\"type\":\"warranty_repair\"}"
		"],\"number\":\"RO-77\",\"opened_at\":\"2026-03-16T07:00:00Z\",\"ready_at\":"
		"\"2026-03-17T16:30:00Z\"}");
	refused(VERB_CLAIM_EXPORT, claim, "{}", REFUSED_CLAIM_CHANGED, claim.p);
	step(VERB_CLAIM_REOPEN, claim, "{\"reason\":\"ready earlier\"}", OK);
	step(VERB_CLAIM_COMPLETE, claim, "{}", OK);
	assert_int_equal(json_int_at(shown(ROW_CLAIM, claim), "amount_minor", 0), 18000);
	step(VERB_CLAIM_EXPORT, claim, "{}", OK);
	dealer_check(&w);
}

/* Whoever signed here need not have it typed when the car is handed over (AUD03). */
static void what_was_signed_here_counts(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17), page;
	struct booking b;
	struct hash hash;
	char hex[HASH_TEXT];

	(void)state;
	dealer_at(&w, MONDAY_8_30);
	(void)look();
	assert_true(booking_get(&v, id, &b, &(uint64_t){0}));
	page = agreement_page(&v, &b, JSON_ABSENT, agreement_language(&v, &b, STR_NULL));
	fleet_look_end(&v);
	hash = hash_of(page);
	step(VERB_BOOKING_SIGN, id,
		arena_printf(&w.arena, "{\"sha256\":\"%.*s\",\"signature\":{\"typed\":\"B\"}}",
			STR_FMT(hash_print(&hash, hex)))
			.p,
		OK);
	step(VERB_BOOKING_CHECK_OUT, id, "{\"licence_checked_at\":\"2026-03-16T07:20:00Z\"}", OK);
	back(id, WEDNESDAY_17, 1200);
	order(id, GOOD_ORDER);
	step(VERB_CLAIM_COMPLETE, draft(id), "{}", OK);
}

/* ---- one day, one claim ---- */

static void a_row_is_claimed_once(void **state)
{
	struct str booking = lent(), first = draft(booking), second;

	(void)state;
	refused(VERB_CLAIM_DRAFT, booking, DRAFT, REFUSED_CLAIMED,
		arena_printf(&w.arena, "\"claim\":\"%.*s\"", STR_FMT(first)).p);
	step(VERB_CLAIM_WITHDRAW, first, "{\"reason\":\"wrong programme\"}", OK);
	second = draft(booking);
	assert_false(str_eq(first, second));
	order(booking, GOOD_ORDER);
	step(VERB_CLAIM_COMPLETE, second, "{}", OK);
	step(VERB_CLAIM_EXPORT, second, "{}", OK);
	step(VERB_CLAIM_CHARGE_BACK, second, "{\"amount_minor\":9000,\"reason\":\"r\"}", OK);
	assert_int_equal(json_int_at(shown(ROW_CLAIM, second), "charged_back_minor", 0), 9000);
	(void)draft(booking);
}

/* Back on Wednesday at noon, another loan of the same car from the afternoon on: that day is one
 * day. */
static void a_day_is_claimed_once(void **state)
{
	struct str one = out(MONDAY_8_30, WEDNESDAY_17), other, claim;

	(void)state;
	back(one, "2026-03-18T12:00:00+01:00", 1200);
	claim = draft(one);
	other = grecale("2026-03-18T14:00:00+01:00", "2026-03-19T17:00:00+01:00");
	dealer_at(&w, "2026-03-18T14:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", other.p, "{\"odometer_km\":1000}", OK);
	back(other, "2026-03-19T17:00:00+01:00", 1300);
	refused(VERB_CLAIM_DRAFT, other, DRAFT, REFUSED_CLAIMED, claim.p);
	step(VERB_CLAIM_WITHDRAW, claim, "{\"reason\":\"the other is claimed\"}", OK);
	(void)draft(other);
	refused(VERB_CLAIM_DRAFT, one, DRAFT, REFUSED_CLAIMED, other.p);
}

static void what_nobody_is_asked_for(void **state)
{
	struct str booking = grecale(MONDAY_8_30, WEDNESDAY_17);

	(void)state;
	step(VERB_CLAIM_DRAFT, booking, DRAFT, REFUSED_STATE); /* nothing was lent yet */
	step(VERB_BOOKING_CANCEL, booking, "{\"reason\":\"r\"}", OK);
	booking = lent();
	step(VERB_CLAIM_DRAFT, booking, "{\"programme\":\"NONE\"}", REFUSED_INVALID);
	step(VERB_CLAIM_DRAFT, booking, "{\"payer\":\"dealer\",\"programme\":\"TESTWAR\"}",
		REFUSED_INVALID);
	step(VERB_CLAIM_DRAFT, booking, "{\"payer\":\"insurer\",\"programme\":\"TESTWAR\"}",
		REFUSED_INVALID);
	step(VERB_CLAIM_DRAFT, STR("nothing"), DRAFT, REFUSED_NOT_FOUND);
}

/* ---- lists ---- */

static void drafts_come_first(void **state)
{
	struct str booking = lent(), first = draft(booking), second;
	struct list_page page = {.limit = 1};
	struct json list;

	(void)state;
	step(VERB_CLAIM_WITHDRAW, first, "{\"reason\":\"r\"}", OK);
	second = draft(booking);
	list = parsed(render_claim_list(look(), STR("LYO"), STR_NULL, &page));
	assert_str(json_str_at(json_first(json_get(list, "items")), "claim"), second.p);
	page.cursor = json_str_at(list, "next");
	assert_true(page.cursor.n > 0);
	list = parsed(render_claim_list(look(), STR("LYO"), STR_NULL, &page));
	assert_str(json_str_at(json_first(json_get(list, "items")), "claim"), first.p);
	page = (struct list_page){.limit = 9};
	list = parsed(render_claim_list(look(), STR("LYO"), STR("draft"), &page));
	assert_int_equal(json_count(json_get(list, "items")), 1);
	list = parsed(render_claims_json(look(), STR("LYO"),
		span("2026-03-16T00:00:00+01:00", "2026-03-21T00:00:00+01:00"), STR_NULL));
	assert_str(json_str_at(json_first(json_get(list, "items")), "claim"), second.p);
	assert_str(json_str_at(json_first(json_get(list, "items")), "claim_status"), "draft");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(from_draft_to_accepted),
		CASE(reasons_are_forgotten_with_the_person),
		CASE(nothing_is_exported_with_a_finding),
		CASE(a_loan_that_is_out_is_not_complete),
		CASE(what_was_complete_has_changed),
		CASE(what_was_signed_here_counts),
		CASE(a_row_is_claimed_once),
		CASE(a_day_is_claimed_once),
		CASE(what_nobody_is_asked_for),
		CASE(drafts_come_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
