/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves what an object looks like to others, and that an answer given again says the same. */

#include "tests/lib/rendering.h"

/* ---- objects ---- */

static void a_booking_is_shown_whole_and_without_internals(void **state)
{
	static const char *const hidden[] = {"claims", "decided", "private", "serial"};
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);
	struct json b, history;

	(void)state;
	dealer_must(&w, VERB_BOOKING_NOTE, "LYO", id.p, "{\"text\":\"likes the window seat\"}", OK);
	b = shown(ROW_BOOKING, id);
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		assert_false(json_present(json_get(b, hidden[i])));
	assert_str(json_str_at(b, "from"), MONDAY_8_30);
	assert_str(json_str_at(json_get(b, "handover"), "at"), MONDAY_8_30);
	assert_str(json_str_at(b, "customer_name"), "Madame " NAME);
	assert_true(json_is(json_get(b, "pinned"), JSON_FALSE));
	assert_true(json_is(json_get(b, "at_risk"), JSON_FALSE));
	assert_true(contains(json_str_at(b, "said"), "Madame " NAME));
	assert_str(json_str_at(json_get(b, "said_figures"), "template"), "free");
	assert_str(json_str_at(json_first(json_get(b, "notes")), "text"), "likes the window seat");
	history = json_get(b, "history");
	assert_int_equal(json_count(history), 2);
	assert_str(json_str_at(json_first(history), "kind"), "booking");
	assert_str(json_str_at(json_first(history), "at"), "2026-03-02T09:00:00+01:00");
	assert_str(json_str_at(json_item(history, 1), "kind"), "booking.note");
	assert_str(json_str_at(json_item(history, 1), "by"), "tester");
}

static void a_customer_is_unsealed_or_erased(void **state)
{
	struct json c = shown(ROW_CUSTOMER, STR("C1"));
	struct row row = {.rev = 1,
		.text = STR("{\"customer\":\"C9\",\"person\":{\"of\":\"C9\","
			    "\"sealed\":\"AAAA\"},\"segment\":\"private\"}")};

	(void)state;
	assert_str(json_str_at(json_get(c, "person"), "name"), NAME);
	assert_false(json_present(json_get(c, "erased")));
	row.doc = arena_json(&w.arena, row.text, NULL);
	look();
	c = parsed(render_row(&v, ROW_CUSTOMER, STR("C9"), &row));
	assert_false(json_present(json_get(c, "person")));
	assert_true(json_bool_at(c, "erased", false));
	assert_str(json_str_at(c, "segment"), "private");
}

static void a_visit_knows_its_bookings_and_what_was_said(void **state)
{
	struct json offer, visit, offered;
	struct str text = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17, &offer);
	struct str body = arena_printf(&w.arena,
		"{\"need\":\"a child seat\",\"offer\":\"%.*s\",\"said\":\"it is "
		"free\",\"site\":\"LYO\","
		"\"value_minor\":27000}",
		STR_FMT(text));
	struct str id = dealer_must(&w, VERB_VISIT_OPEN, "LYO", NULL, body.p, OK);

	(void)state;
	visit = shown(ROW_VISIT, id);
	assert_int_equal(json_count(json_get(visit, "bookings")), 0);
	assert_str(json_str_at(visit, "need"), "a child seat");
	assert_str(json_str_at(visit, "drop_off_at"), MONDAY_8_30);
	assert_false(json_present(json_get(visit, "private")));
	offered = json_first(json_get(visit, "offered"));
	assert_str(json_str_at(offered, "said"), "it is free");
	assert_str(json_str_at(offered, "at"), "2026-03-02T09:00:00+01:00");
	assert_int_equal(json_int_at(offered, "value_minor", 0), 27000);
}

/* ---- answers ---- */

static struct command *book_with_key(const char *key, const char *from)
{
	struct json offer;
	struct str text =
		dealer_offer(&w, DEALER_VIN, "warranty_repair", 900, from, WEDNESDAY_17, &offer);
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"grecale\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
		STR_FMT(text));

	return dealer_do(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, key);
}

static void an_answer_says_the_same_again(void **state)
{
	struct command *first = book_with_key("k1", MONDAY_8_30), *again;
	struct answer then, now;
	struct json b = answered(first, &then);
	struct str id = json_str_at(b, "booking"), visit = json_str_at(b, "visit");

	(void)state;
	assert_int_equal(then.status, 201);
	assert_int_equal(then.outcome, OK);
	assert_int_equal(then.etag_rev, first->seq);
	assert_str(then.location, arena_printf(&w.arena, "/v1/bookings/%.*s", STR_FMT(id)).p);
	assert_str(json_str_at(b, "status"), "booked");
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", arena_copy(&w.arena, id).p,
		"{\"reason\":\"changed plans\"}", OK);
	again = dealer_do(&w, VERB_BOOKING_MAKE, "LYO", NULL, first->body.p, "k1");
	assert_true(again->replayed);
	(void)answered(again, &now);
	assert_true(str_eq(then.body, now.body));
	assert_int_equal(now.etag_rev, then.etag_rev);
	b = shown(ROW_BOOKING, id);
	assert_str(json_str_at(b, "status"), "cancelled");
	assert_str(json_str_at(b, "reason"), "changed plans");
	assert_int_equal(json_count(json_get(shown(ROW_VISIT, visit), "bookings")), 1);
	command_free(first);
	command_free(again);
}

static void a_refusal_brings_what_is_free(void **state)
{
	struct command *c;
	struct answer a;
	struct json detail, list, one;

	(void)state;
	grecale(MONDAY_8_30, "2026-03-18T17:30:00+01:00");
	grecale(MONDAY_9, "2026-03-18T16:00:00+01:00");
	c = book_with_key("full", "2026-03-16T10:00:00+01:00");
	assert_int_equal(c->outcome, REFUSED_NO_SEAT);
	(void)answered(c, &a);
	assert_int_equal(a.status, 409);
	assert_int_equal(a.outcome, REFUSED_NO_SEAT);
	detail = arena_json(&w.arena, a.detail, NULL);
	assert_str(json_str_at(detail, "from"), "2026-03-16T10:00:00+01:00");
	list = json_get(detail, "alternatives");
	assert_in_range(json_count(list), 3, 6);
	one = json_first(list);
	assert_str(json_str_at(one, "class"), "grecale");
	assert_true(at(arena_copy(&w.arena, json_str_at(one, "from")).p).s >=
		    at("2026-03-18T16:45:00+01:00").s);
	one = json_item(list, 2);
	assert_str(json_str_at(one, "class"), "levante");
	assert_str(json_str_at(one, "from"), "2026-03-16T10:00:00+01:00");
	assert_true(json_present(among(list, "solution", "loaner_other")));
	/* Each of them is really free. */
	for (one = json_first(list); json_present(one); one = json_next(list, one)) {
		struct str from = arena_copy(&w.arena, json_str_at(one, "from"));
		struct str until = arena_copy(&w.arena, json_str_at(one, "until"));
		struct str solution = json_str_at(one, "solution");
		struct str free = render_availability(look(), STR("LYO"), solution,
			json_str_at(one, "class"), span(from.p, until.p));
		assert_true(json_bool_at(parsed(free), "feasible", false));
	}
	command_free(c);
}

static void several_bookings_are_answered_together(void **state)
{
	struct json offer, list;
	struct str text = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17, &offer);
	struct str visit = dealer_must(&w, VERB_VISIT_OPEN, "LYO", NULL,
		"{\"customer\":\"C1\",\"drop_off_at\":\"2026-03-16T07:30:00Z\",\"jobs\":[],\"ready_"
		"at\":"
		"\"2026-03-18T16:00:00Z\",\"site\":\"LYO\",\"vin\":\"" DEALER_VIN "\"}",
		OK);
	struct str body = arena_printf(&w.arena,
		"{\"bookings\":[{\"offer\":\"%.*s\",\"solution\":\"taxi\"},{\"class\":\"grecale\","
		"\"offer\":"
		"\"%.*s\",\"solution\":\"loaner_brand\"}]}",
		STR_FMT(text), STR_FMT(text));
	struct command *c = dealer_do(&w, VERB_VISIT_BOOKINGS, "LYO", visit.p, body.p, "two");
	struct answer a;

	(void)state;
	assert_int_equal(c->outcome, OK);
	list = json_get(answered(c, &a), "items");
	assert_int_equal(a.status, 201);
	assert_int_equal(json_count(list), 2);
	assert_str(json_str_at(json_first(list), "solution"), "taxi");
	assert_str(json_str_at(json_item(list, 1), "solution"), "loaner_brand");
	assert_int_equal(json_count(json_get(shown(ROW_VISIT, visit), "bookings")), 2);
	command_free(c);
}

static void what_did_not_change_is_shown_as_it_is(void **state)
{
	struct str site = json_raw(dealer_row(&w, ROW_SITE, STR("LYO")));
	struct command *c =
		dealer_put(&w, VERB_SITE_PUT, "LYO", "LYO", arena_copy(&w.arena, site).p, NULL);
	struct answer a;

	(void)state;
	assert_true(c->unchanged);
	(void)answered(c, &a);
	assert_int_equal(a.status, 200);
	assert_true(str_eq(a.body, site));
	assert_true(a.etag_rev > 0);
	command_free(c);
	c = dealer_do(&w, VERB_BLOCK_REMOVE, "LYO", "no-such-block", NULL, NULL);
	(void)answered(c, &a);
	assert_int_equal(a.status, 204);
	assert_null(a.body.p);
	command_free(c);
}

static void a_block_comes_and_goes(void **state)
{
	struct command *c = dealer_do(&w, VERB_BLOCK_ADD, "LYO", "L1",
		"{\"from\":\"2026-03-16T07:30:00Z\",\"reason\":\"recall\",\"until\":\"2026-03-"
		"17T07:30:00Z\"}",
		"block");
	struct answer a;
	struct json block = answered(c, &a);
	struct str id = arena_copy(&w.arena, json_str_at(block, "block"));

	(void)state;
	assert_int_equal(a.status, 201);
	assert_str(json_str_at(block, "from"), MONDAY_8_30);
	assert_false(json_present(json_get(block, "serial")));
	command_free(c);
	c = dealer_put(&w, VERB_BLOCK_REMOVE, "LYO", id.p, NULL, "*");
	assert_int_equal(c->outcome, OK);
	(void)answered(c, &a);
	assert_int_equal(a.status, 204);
	assert_null(a.body.p);
	command_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_booking_is_shown_whole_and_without_internals),
		CASE(a_customer_is_unsealed_or_erased),
		CASE(a_visit_knows_its_bookings_and_what_was_said),
		CASE(an_answer_says_the_same_again),
		CASE(a_refusal_brings_what_is_free),
		CASE(several_bookings_are_answered_together),
		CASE(what_did_not_change_is_shown_as_it_is),
		CASE(a_block_comes_and_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
