/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves lists and their pages, the board, the search box, and what is said to be free. */

#include "tests/lib/rendering.h"

static const struct actor everybody = {.name = "test", .role = ROLE_OPERATOR};
static const struct actor elsewhere = {
	.name = "test", .role = ROLE_OPERATOR, .sites_len = 1, .sites = {"PAR"}};

/* ---- lists ---- */

static void bookings_come_in_pages_and_each_once(void **state)
{
	static const char *const spans[][2] = {
		{"2026-03-09T09:00:00+01:00", "2026-03-10T17:00:00+01:00"},
		{"2026-03-12T09:00:00+01:00", "2026-03-26T17:00:00+01:00"}, /* over three weeks */
		{"2026-03-16T10:00:00+01:00", "2026-03-17T17:00:00+01:00"},
		{"2026-03-24T10:00:00+01:00", "2026-03-25T17:00:00+01:00"},
		{"2026-04-01T09:00:00+02:00", "2026-04-02T17:00:00+02:00"},
	};
	struct booking_filter f = {.site = STR("LYO")};
	struct list_page page = {.limit = 2};
	uint32_t seen = 0, pages = 0;
	struct json list;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(spans); i++)
		grecale(spans[i][0], spans[i][1]);
	do {
		list = parsed(render_bookings(look(), &f, &page));
		struct json items = json_get(list, "items");
		for (struct json e = json_first(items); json_present(e); e = json_next(items, e)) {
			assert_str(json_str_at(e, "number"),
				arena_printf(&w.arena, "LYO-%06u", seen + 1).p);
			seen++;
		}
		page.cursor = json_str_at(list, "next");
		pages++;
	} while (page.cursor.n && pages < 10);
	assert_int_equal(seen, 5);
	assert_int_equal(pages, 3);
	page = (struct list_page){.limit = 500};
	f.has_span = true;
	f.span = span("2026-03-17T18:00:00+01:00", "2026-03-24T10:00:00+01:00");
	list = json_get(parsed(render_bookings(look(), &f, &page)), "items");
	assert_int_equal(json_count(list), 1);
	assert_str(json_str_at(json_first(list), "number"), "LYO-000002");
	assert_false(json_present(json_get(json_first(list), "history")));
}

static void lists_are_filtered(void **state)
{
	struct list_page page = {.limit = 500};
	const struct {
		struct booking_filter filter;
		uint32_t count;
	} cases[] = {
		{{.site = STR("LYO")}, 3},
		{{.site = STR("LYO"), .status = STR("booked")}, 2},
		{{.site = STR("LYO"), .status = STR("nonsense")}, 0},
		{{.site = STR("LYO"), .vin = STR(DEALER_VIN)}, 2},
		{{.site = STR("LYO"), .vin = STR(DEALER_VIN_BARE)}, 1},
		{{.site = STR("LYO"), .resource = STR("O1")}, 1},
		{{.site = STR("LYO"), .q = STR("LEFEVRE canari")}, 2},
		{{.site = STR("LYO"), .q = STR("lyo 000003")}, 1},
		{{.site = STR("PAR")}, 0},
	};
	struct str id;

	(void)state;
	grecale(MONDAY_8_30, WEDNESDAY_17);
	id = grecale(MONDAY_9, "2026-03-18T16:00:00+01:00");
	dealer_book(&w, DEALER_VIN_BARE, NULL, "loaner_other", NULL, "2026-03-23T09:00:00+01:00",
		"2026-03-24T17:00:00+01:00", OK);
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", id.p, "{\"reason\":\"x\"}", OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str text = render_bookings(look(), &cases[i].filter, &page);
		struct json list = json_get(parsed(text), "items");
		if (json_count(list) != cases[i].count)
			fail_msg("case %zu: %u", i, json_count(list));
	}
	assert_int_equal(
		json_count(json_get(parsed(render_sites(look(), &everybody)), "items")), 1);
	assert_int_equal(
		json_count(json_get(parsed(render_sites(look(), &elsewhere)), "items")), 0);
	assert_int_equal(json_count(json_get(parsed(render_rulesets(look())), "items")), 1);
}

/* All at once, or one at a time: the same, in one order. */
static void resources_come_whole_or_by_pages(void **state)
{
	static const struct list_page whole = {.limit = 500};
	struct list_page page = {.limit = 1};
	struct json all = json_get(
		parsed(render_resources(look(), STR("LYO"), STR("car"), STR("grecale"), &whole)),
		"items");

	(void)state;
	assert_int_equal(json_count(all), 2);
	assert_str(json_str_at(json_first(all), "resource"), "G1");
	for (uint32_t i = 0; i < 2; i++) {
		struct json list = parsed(
			render_resources(look(), STR("LYO"), STR("car"), STR("grecale"), &page));
		assert_int_equal(json_count(json_get(list, "items")), 1);
		assert_true(str_eq(json_str_at(json_first(json_get(list, "items")), "resource"),
			json_str_at(json_item(all, i), "resource")));
		page.cursor = json_str_at(list, "next");
		assert_int_equal(page.cursor.n > 0, i == 0);
	}
}

/* ---- board ---- */

static void the_board_has_bars_where_they_stand(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);
	struct json board, lane, bar;

	(void)state;
	dealer_book(&w, DEALER_VIN, NULL, "taxi", NULL, MONDAY_9, WEDNESDAY_17, OK);
	dealer_must(&w, VERB_BLOCK_ADD, "LYO", "L1",
		"{\"from\":\"2026-03-16T07:30:00Z\",\"reason\":\"recall\",\"until\":\"2026-03-"
		"17T07:30:00Z\"}",
		OK);
	board = parsed(render_board(look(), STR("LYO"),
		span("2026-03-16T00:00:00+01:00", "2026-03-23T00:00:00+01:00")));
	assert_str(json_str_at(board, "from"), "2026-03-16T00:00:00+01:00");
	assert_true(json_int_at(board, "seq", 0) > 0);
	assert_int_equal(json_count(json_get(board, "resources")), 8);
	struct str car = json_str_at(shown(ROW_BOOKING, id), "resource");
	lane = among(json_get(board, "resources"), "resource", arena_copy(&w.arena, car).p);
	bar = json_first(json_get(lane, "bars"));
	assert_true(str_eq(json_str_at(bar, "booking"), id));
	assert_str(json_str_at(bar, "customer_name"), "Madame " NAME);
	assert_str(json_str_at(bar, "until"), WEDNESDAY_17);
	assert_str(json_str_at(bar, "turnaround_until"), "2026-03-18T17:45:00+01:00");
	lane = among(json_get(board, "resources"), "resource", "D1");
	assert_int_equal(json_count(json_get(lane, "bars")), 2);
	assert_str(json_str_at(json_first(json_get(lane, "bars")), "what"), "desk_out");
	lane = among(json_get(board, "resources"), "resource", "L1");
	bar = json_first(json_get(lane, "bars"));
	assert_str(json_str_at(bar, "kind"), "block");
	assert_str(json_str_at(bar, "reason"), "recall");
	bar = json_first(json_get(board, "unassigned"));
	assert_int_equal(json_count(json_get(board, "unassigned")), 1);
	assert_str(json_str_at(bar, "solution"), "taxi");
	/* The week after there is nothing. */
	board = parsed(render_board(look(), STR("LYO"),
		span("2026-03-23T00:00:00+01:00", "2026-03-30T00:00:00+02:00")));
	lane = json_get(board, "resources");
	for (struct json e = json_first(lane); json_present(e); e = json_next(lane, e))
		assert_int_equal(json_count(json_get(e, "bars")), 0);
}

/* Agreed until Wednesday, back on the Tuesday after: its car was out until then, whichever week is
 * looked at. */
static void a_late_loan_is_on_the_board_until_it_was_back(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);
	struct json board, lane, bar;

	(void)state;
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	dealer_at(&w, "2026-03-24T11:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p,
		"{\"left_at\":\"2026-03-24T07:00:00+01:00\"}", OK);
	board = parsed(render_board(look(), STR("LYO"),
		span("2026-03-23T00:00:00+01:00", "2026-03-30T00:00:00+02:00")));
	struct str car = json_str_at(shown(ROW_BOOKING, id), "resource");
	lane = among(json_get(board, "resources"), "resource", arena_copy(&w.arena, car).p);
	bar = json_first(json_get(lane, "bars"));
	assert_true(str_eq(json_str_at(bar, "booking"), id));
	assert_str(json_str_at(bar, "until"), "2026-03-24T07:00:00+01:00");
	dealer_check(&w);
}

/* ---- search ---- */

static void one_box_finds_everything(void **state)
{
	static const struct {
		const char *q, *kind, *key, *value;
	} cases[] = {
		{"ab 123-cd", "vehicle", "vin", DEALER_VIN},
		{"AB123", "vehicle", "plate", "AB-123-CD"},
		{"zam00000000000001", "vehicle", "vin", DEALER_VIN},
		{"0000001", "vehicle", "vin", DEALER_VIN},
		{"lefevre", "customer", "customer", "C1"},
		{"CANARI", "customer", "name", "Madame " NAME},
		{"01 99 00 01 23", "customer", "phone", PHONE},
		{"lyo-000001", "booking", "number", "LYO-000001"},
		{"ro 77", "visit", "repair_order", "RO-77"},
		{"fl 001 aa", "resource", "resource", "P1"},
	};
	struct str visit;
	struct json list;

	(void)state;
	visit = json_str_at(
		dealer_row(&w, ROW_BOOKING, grecale(MONDAY_8_30, WEDNESDAY_17)), "visit");
	dealer_must(&w, VERB_RESOURCE_PUT, "LYO", "P1",
		"{\"class\":\"gt\",\"kind\":\"car\",\"label\":\"P1\",\"plate\":\"FL-001-AA\","
		"\"resource\":\"P1\","
		"\"seats\":1,\"site\":\"LYO\",\"solutions\":[\"loaner_brand\"],\"status\":"
		"\"active\"}",
		OK);
	struct command *c = dealer_put(&w, VERB_VISIT_CHANGE, "LYO", arena_copy(&w.arena, visit).p,
		"{\"repair_order\":\"RO-77\"}", "*");
	assert_int_equal(c->outcome, OK);
	command_free(c);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		list = json_get(
			parsed(render_search(look(), str_from(cases[i].q), &everybody)), "items");
		struct json first = json_first(list);
		if (!str_is(json_str_at(first, "kind"), cases[i].kind) ||
			!str_is(json_str_at(first, cases[i].key), cases[i].value))
			fail_msg("%s: %.*s", cases[i].q, STR_FMT(json_raw(list)));
	}
	/* With the person come the cars; what is another site's does not come. */
	list = json_get(parsed(render_search(look(), STR("lefevre"), &everybody)), "items");
	assert_str(json_str_at(among(list, "kind", "vehicle"), "name"), "Madame " NAME);
	list = json_get(parsed(render_search(look(), STR("lyo-000001"), &elsewhere)), "items");
	assert_int_equal(json_count(list), 0);
	list = json_get(parsed(render_search(look(), STR("fl-001-aa"), &elsewhere)), "items");
	assert_int_equal(json_count(list), 0);
	list = json_get(parsed(render_search(look(), STR(" - "), &everybody)), "items");
	assert_int_equal(json_count(list), 0);
}

/* ---- what is free ---- */

static struct json availability(const char *solution, struct str class, struct span s)
{
	return parsed(render_availability(look(), STR("LYO"), str_from(solution), class, s));
}

static void seats_are_counted(void **state)
{
	struct span s = span(MONDAY_9, "2026-03-18T16:00:00+01:00");
	struct json a = availability("loaner_brand", STR("grecale"), s);

	(void)state;
	assert_int_equal(json_int_at(a, "free", -1), 2);
	assert_int_equal(json_int_at(a, "seats", -1), 2);
	assert_true(json_bool_at(a, "feasible", false));
	grecale(MONDAY_8_30, WEDNESDAY_17);
	grecale("2026-03-16T09:30:00+01:00", "2026-03-17T17:00:00+01:00");
	a = availability("loaner_brand", STR("grecale"), s);
	assert_int_equal(json_int_at(a, "free", -1), 0);
	assert_int_equal(json_int_at(a, "seats", -1), 2);
	assert_false(json_bool_at(a, "feasible", true));
	a = availability("loaner_brand", STR_NULL, s);
	assert_int_equal(json_int_at(a, "free", -1), 1);
	assert_int_equal(json_int_at(a, "seats", -1), 3);
	a = availability("taxi", STR_NULL, s);
	assert_true(json_is(json_get(a, "seats"), JSON_NULL));
	assert_true(json_bool_at(a, "feasible", false));
	a = availability("pickup", STR_NULL, s);
	assert_int_equal(json_int_at(a, "seats", -1), 1);
	look();
	assert_null(render_availability(&v, STR("XXX"), STR("taxi"), STR_NULL, s).p);
	fleet_look_end(&v);
}

static void the_next_times_are_told(void **state)
{
	struct json items, first;

	(void)state;
	grecale(MONDAY_8_30, WEDNESDAY_17);
	grecale(MONDAY_9, "2026-03-18T17:30:00+01:00");
	items = json_get(parsed(render_next(look(), STR("LYO"), STR("loaner_brand"), STR("grecale"),
				 1440, at(MONDAY_8_30), 2)),
		"items");
	assert_int_equal(json_count(items), 2);
	first = json_first(items);
	assert_str(json_str_at(first, "class"), "grecale");
	assert_str(json_str_at(first, "from"), "2026-03-18T17:45:00+01:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(resources_come_whole_or_by_pages),
		CASE(bookings_come_in_pages_and_each_once),
		CASE(lists_are_filtered),
		CASE(the_board_has_bars_where_they_stand),
		CASE(a_late_loan_is_on_the_board_until_it_was_back),
		CASE(one_box_finds_everything),
		CASE(seats_are_counted),
		CASE(the_next_times_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
