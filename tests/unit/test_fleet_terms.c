/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves what is decided and said at the edges: who drives, what was stored oddly, offers that must
 * not end in nothing, words that are too long, and that no free word reaches a journal. */

#define _GNU_SOURCE /* memmem */

#include "tests/lib/story.h"

#include "fleet/render.h"

/* ---- who drives, what it costs ---- */

static const char young[] =
	"{\"language\":\"fr\",\"person\":{\"birth_on\":\"2007-04-12\",\"licence\":{\"categories\":"
	"[{\"code\":\"B\",\"since\":\"2025-06-01\"}]},\"name\":\"Test Young\"},"
	"\"preferred_channel\":\"phone\",\"segment\":\"private\"}";

static void a_customer_of_the_same_batch_is_known(void **state)
{
	struct json answer;
	struct str text = dealer_offer(
			   &w, NULL, "maintenance", 120, MONDAY_8_30, WEDNESDAY_17, &answer),
		   body = arena_printf(&w.arena,
			   "{\"accept_customer_minor\":99999999,\"customer\":\"C9\",\"offer\":\"%.*"
			   "s\",\"solution\":\"loaner_brand\"}",
			   STR_FMT(text));
	struct command *batch[2] = {command_new(VERB_CUSTOMER_PUT), command_new(VERB_BOOKING_MAKE)};

	(void)state;
	batch[0]->journal = JOURNAL_DIRECTORY;
	batch[0]->target = STR("C9");
	batch[0]->body = str_from(young);
	batch[1]->journal = STR("LYO");
	batch[1]->body = body;
	batch[0]->by = batch[1]->by = STR("tester");
	assert_int_equal(fleet_run(w.fleet, batch, 2), OK);
	assert_int_equal(batch[0]->outcome, OK);
	assert_string_equal(outcome_name(batch[1]->outcome), "REFUSED_NOT_OFFERED");
	command_free(batch[0]);
	command_free(batch[1]);
}

static void a_hold_is_decided_for_who_books_it(void **state)
{
	struct json answer;
	struct str text = dealer_offer(
			   &w, NULL, "maintenance", 120, MONDAY_8_30, WEDNESDAY_17, &answer),
		   id,
		   body = arena_printf(&w.arena,
			   "{\"class\":\"grecale\",\"hold_minutes\":10,\"offer\":\"%.*s\","
			   "\"solution\":\"loaner_brand\"}",
			   STR_FMT(text));
	struct booking b;

	(void)state;
	dealer_must(&w, VERB_CUSTOMER_PUT, "directory", "C9", young, OK);
	id = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);
	dealer_must(
		&w, VERB_BOOKING_BOOK, "LYO", id.p, "{\"customer\":\"C9\"}", REFUSED_NOT_OFFERED);
	dealer_must(&w, VERB_BOOKING_BOOK, "LYO", id.p, "{\"customer\":\"C2\"}", OK);
	b = booking_now(id);
	assert_str(
		json_str_at(json_get(json_get(json_get(b.doc, "decided"), "request"), "customer"),
			"segment"),
		"company");
	assert_str(json_str_at(dealer_row(&w, ROW_VISIT, b.visit), "customer"), "C2");
}

static void papers_entered_later_are_checked_at_the_hand_over(void **state)
{
	struct json answer;
	struct str id,
		text = dealer_offer(
			&w, NULL, "maintenance", 120, MONDAY_8_30, WEDNESDAY_17, &answer),
		body = arena_printf(&w.arena,
			"{\"accept_customer_minor\":99999999,\"class\":\"grecale\","
			"\"customer\":\"C2\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
			STR_FMT(text));
	struct command *c;

	(void)state;
	id = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);
	c = dealer_put(&w, VERB_CUSTOMER_PUT, "directory", "C2", young, "*");
	assert_int_equal(c->outcome, OK);
	command_free(c);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", REFUSED_NOT_OFFERED);
}

static void papers_entered_while_it_is_out_change_no_price(void **state)
{
	struct json answer;
	struct str id,
		text = dealer_offer(
			&w, NULL, "maintenance", 120, MONDAY_8_30, WEDNESDAY_17, &answer),
		body = arena_printf(&w.arena,
			"{\"accept_customer_minor\":99999999,\"class\":\"grecale\","
			"\"customer\":\"C2\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
			STR_FMT(text));

	(void)state;
	id = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	command_free(dealer_put(&w, VERB_CUSTOMER_PUT, "directory", "C2", young, "*"));
	dealer_at(&w, WEDNESDAY_17);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
	assert_str(json_str_at(json_get(booking_now(id).doc, "terms"), "decision"), "paid");
}

static void people_are_older_than_the_epoch(void **state)
{
	(void)state;
	dealer_must(&w, VERB_CUSTOMER_PUT, "directory", "C5",
		"{\"language\":\"fr\",\"person\":{\"birth_on\":\"1948-04-12\",\"licence\":{"
		"\"categories\":[{\"code\":\"B\",\"since\":\"1967-06-01\"}],\"expires_on\":\"2033-"
		"01-"
		"01\"},\"name\":\"Test Old\"},\"preferred_channel\":\"phone\",\"segment\":"
		"\"private\"}",
		OK);
	dealer_book(&w, NULL, "C5", "loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);
}

static void odd_figures_of_a_stored_car_stop_no_decision(void **state)
{
	struct json answer;

	(void)state;
	dealer_must(&w, VERB_VEHICLE_PUT, "directory", "ZAM00000000000003",
		"{\"coverages\":[{\"ends_on\":\"9999-12-31\",\"programme\":\"TESTWAR\",\"start_"
		"on\":"
		"\"2024-05-02\",\"suspended_days\":0,\"uses\":10000}],\"model\":\"Test\","
		"\"odometer_km\":10,\"owner\":\"C1\"}",
		OK);
	dealer_offer(&w, "ZAM00000000000003", "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17,
		&answer);
}

static void a_visit_reckons_in_opening_hours(void **state)
{
	struct str id;

	(void)state;
	id = dealer_must(&w, VERB_VISIT_OPEN, "LYO", NULL,
		"{\"drop_off_at\":\"2026-03-16T15:00:00Z\",\"jobs\":[{\"immobilisation_minutes\":"
		"900"
		",\"type\":\"warranty_repair\"}],\"site\":\"LYO\"}",
		OK);
	assert_str(json_str_at(dealer_row(&w, ROW_VISIT, id), "ready_at"), "2026-03-18T10:00:00Z");
}

static void a_walk_in_is_gone_from_now_on(void **state)
{
	struct json answer;
	struct str id,
		text = dealer_offer(
			&w, DEALER_VIN, "warranty_repair", 900, MONDAY_9, WEDNESDAY_17, &answer),
		body = arena_printf(&w.arena,
			"{\"check_out\":{\"odometer_vehicle_km\":41999,\"resource\":\"G2\"},"
			"\"class\":\"grecale\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
			STR_FMT(text));
	struct booking b;

	(void)state;
	dealer_at(&w, "2026-03-02T10:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, REFUSED_INVALID); /* not today */
	text = dealer_offer(&w, DEALER_VIN, "warranty_repair", 900, "2026-03-02T10:30:00+01:00",
		"2026-03-04T17:00:00+01:00", &answer);
	body = arena_printf(&w.arena,
		"{\"check_out\":{\"odometer_vehicle_km\":41999,\"resource\":\"G2\"},"
		"\"class\":\"grecale\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
		STR_FMT(text));
	id = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);
	b = booking_now(id);
	assert_str(b.resource, "G2");
	assert_false(json_bool_at(b.doc, "pinned", false));
	assert_int_equal(b.claims[0].row.from, minute_down(w.still.now));
	assert_int_equal(
		json_int_at(json_get(json_get(json_get(b.doc, "decided"), "request"), "vehicle"),
			"odometer_km", 0),
		41999);
}

static void whoever_names_no_class_gets_the_cheapest(void **state)
{
	struct json answer;
	struct str text = dealer_offer(&w, DEALER_VIN_BARE, "maintenance", 120, MONDAY_8_30,
			   WEDNESDAY_17, &answer),
		   body = arena_printf(&w.arena,
			   "{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}", STR_FMT(text)),
		   id;

	(void)state;
	/* the Levante's gap is the tightest */
	block("L1", "2026-03-12T06:00:00Z", "2026-03-16T07:00:00Z");
	block("L1", "2026-03-18T18:00:00Z", "2026-03-25T07:00:00Z");
	id = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);
	assert_str(booking_now(id).class, "grecale");
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", id.p, "{\"reason\":\"plans\"}", OK);
	block("G1", "2026-03-12T06:00:00Z", "2026-03-19T07:00:00Z");
	block("G2", "2026-03-12T06:00:00Z", "2026-03-19T07:00:00Z");
	dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, REFUSED_TERMS_CHANGED);
}

/* ---- offers ---- */

static void the_hour_that_comes_twice_stops_no_offer(void **state)
{
	struct json answer = offer(
		"{\"drop_off_at\":\"2026-10-23T08:00:00Z\",\"jobs\":[{\"immobilisation_minutes\":"
		"60,"
		"\"type\":\"maintenance\"}],\"loan_from\":\"2026-10-25T00:30:00Z\",\"loan_to\":"
		"\"2026-10-25T01:10:00Z\",\"ready_at\":\"2026-10-26T12:00:00Z\",\"site\":\"LYO\"}");

	(void)state;
	assert_false(json_bool_at(solution_of(answer, "loaner_brand"), "available", true));
}

static void nobody_is_offered_a_desk_to_drive(void **state)
{
	struct json answer, classes;

	(void)state;
	dealer_offer(&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17, &answer);
	classes = json_get(solution_of(answer, "loaner_brand"), "classes");
	assert_int_equal(json_count(classes), 2);
}

static void proposals_last_until_the_car_is_ready(void **state)
{
	struct json answer, next;

	(void)state;
	block("G1", "2026-03-16T06:00:00Z", "2026-03-20T07:00:00Z");
	block("G2", "2026-03-16T06:00:00Z", "2026-03-20T07:00:00Z");
	block("L1", "2026-03-16T06:00:00Z", "2026-03-20T07:00:00Z");
	dealer_offer(&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, NULL, &answer);
	next = json_get(solution_of(answer, "loaner_brand"), "next");
	assert_true(json_count(next) >= 2);
	for (struct json p = json_first(next); json_present(p); p = json_next(next, p)) {
		struct instant ready, until;
		assert_true(doc_instant(p, "ready_at", &ready) && doc_instant(p, "until", &until));
		assert_true(ready.s <= until.s);
	}
}

static void this_very_evening_is_proposed(void **state)
{
	struct json answer, next, last;

	(void)state;
	dealer_at(&w, "2026-03-16T16:45:00+01:00");
	dealer_offer(&w, DEALER_VIN, "warranty_repair", 600, "2026-03-17T08:30:00+01:00",
		"2026-03-18T17:00:00+01:00", &answer);
	next = json_get(solution_of(answer, "loaner_brand"), "next");
	last = json_item(next, json_count(next) - 1);
	assert_true(json_bool_at(last, "evening_before", false));
	assert_str(json_str_at(last, "from"), "2026-03-16T17:00:00+01:00");
}

/* ---- words ---- */

static bool journal_holds(const char *words)
{
	struct view v;
	struct txn t;
	struct str name = STR_NULL;
	struct journal_entry e;
	bool found = false;

	fleet_look(w.fleet, &v, &t, &w.arena);
	while (journal_next_name(&t, &name)) {
		struct str kept = arena_copy(&w.arena, name);
		for (uint64_t seq = 1; journal_entry(&t, kept, seq, &e); seq++)
			found |= memmem(e.bytes.p, e.bytes.n, words, strlen(words)) != NULL;
		name = kept;
	}
	fleet_look_end(&v);
	return found;
}

static void long_words_spoil_no_batch(void **state)
{
	struct str body = arena_printf(&w.arena,
		"{\"from\":\"2026-03-16T06:00:00Z\",\"reason\":\"%s\",\"until\":\"2026-03-17T06:00:"
		"00"
		"Z\"}",
		many('"', 2000));
	struct command *batch[2] = {command_new(VERB_BLOCK_ADD), command_new(VERB_BLOCK_ADD)};

	(void)state;
	batch[0]->journal = batch[1]->journal = STR("LYO");
	batch[0]->target = STR("G1");
	batch[1]->target = STR("G2");
	batch[0]->body = batch[1]->body = body;
	batch[0]->by = batch[1]->by = STR("tester");
	assert_int_equal(fleet_run(w.fleet, batch, 2), OK);
	assert_int_equal(batch[0]->outcome, OK);
	assert_int_equal(batch[1]->outcome, OK);
	command_free(batch[0]);
	command_free(batch[1]);
}

static void a_cover_check_has_room_for_its_source(void **state)
{
	char *list = arena_alloc(&w.arena, 4000);
	size_t at = 0;
	struct str body;

	(void)state;
	for (int i = 0; i < 32; i++)
		at += (size_t)snprintf(
			list + at, 4000 - at, "%s{\"programme\":\"TESTWAR\"}", i ? "," : "");
	body = arena_printf(
		&w.arena, "{\"coverages\":[%s],\"source\":\"%s\"}", list, many('"', 200));
	dealer_must(&w, VERB_COVER_CHECK, "directory", DEALER_VIN, body.p, OK);
}

static void what_has_many_notes_can_still_be_cancelled(void **state)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK), note;
	int n = 0;

	(void)state;
	note = arena_printf(&w.arena, "{\"text\":\"%s\"}", many('n', 2000));
	for (; n < 100; n++) {
		struct command *c = dealer_do(&w, VERB_BOOKING_NOTE, "LYO", id.p, note.p, NULL);
		enum outcome o = c->outcome;
		command_free(c);
		if (o != OK) {
			assert_int_equal(o, REFUSED_INVALID);
			break;
		}
	}
	assert_in_range(n, 10, 99);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_EXTEND, "LYO", id.p,
		"{\"reason\":\"parts\",\"until\":\"2026-03-18T17:30:00+01:00\"}", OK);
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", id.p, "{\"reason\":\"moved\"}", OK);
	assert_int_equal(booking_now(id).status, BOOKING_CANCELLED);
}

/* The booking as an answer shows it. */
static struct json booking_shown(struct str id)
{
	struct view v;
	struct txn t;
	struct row row;
	struct str text;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(row_get(&v, ROW_BOOKING, id, &row));
	text = render_row(&v, ROW_BOOKING, id, &row);
	fleet_look_end(&v);
	return arena_json(&w.arena, text, NULL);
}

static void free_words_are_sealed_everywhere(void **state)
{
	struct json answer = offer(
		"{\"authorisations\":[{\"extra_days\":1,\"programme\":\"TESTWAR\",\"reason\":"
		"\"canari-reason\",\"ref\":\"A1\"}],\"drop_off_at\":\"2026-03-16T07:30:00Z\","
		"\"jobs\":"
		"[{\"immobilisation_minutes\":900,\"type\":\"warranty_repair\"}],\"need\":"
		"\"canari-need\",\"ready_at\":\"2026-03-18T16:00:00Z\",\"site\":\"LYO\",\"vin\":"
		"\"" DEALER_VIN "\"}");
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"grecale\",\"drivers\":[{\"name\":\"canari-driver\"}],\"handover\":{"
		"\"with\":\"canari-host\"},\"legs_address\":\"canari-address\",\"offer\":\"%.*s\","
		"\"solution\":\"loaner_brand\"}",
		STR_FMT(json_str_at(answer, "offer")));
	struct str id = dealer_must(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, OK);
	struct json shown, out;

	(void)state;
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_NOTE, "LYO", id.p, "{\"text\":\"canari-note\"}", OK);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"damages\":[{\"kind\":\"dent\",\"note\":\"canari-dent\",\"zone\":\"roof\"}],"
		"\"drivers\":[{\"name\":\"canari-wife\"}],\"handed_to\":\"canari-neighbour\","
		"\"key_box\":\"4\",\"keys\":2,\"where\":\"doorstep\"}",
		OK);
	dealer_must(&w, VERB_BOOKING_LATE, "LYO", id.p,
		"{\"expected_at\":\"2026-03-18T17:00:00Z\",\"heard\":\"canari-heard\"}", OK);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p,
		"{\"charges\":[{\"amount_minor\":500,\"evidence\":\"canari-photo\",\"kind\":"
		"\"damage\"}],\"damages\":[\"canari-scratch\"]}",
		OK);
	assert_false(journal_holds("canari"));
	shown = booking_shown(id);
	assert_str(
		json_str_at(json_item(json_get(shown, "charges"), 0), "evidence"), "canari-photo");
	assert_str(json_str(json_item(json_get(json_get(shown, "in"), "damages"), 0)),
		"canari-scratch");
	assert_str(json_str_at(json_get(shown, "handover"), "with"), "canari-host");
	assert_str(json_str_at(json_item(json_get(shown, "drivers"), 0), "name"), "canari-wife");
	out = json_get(shown, "out");
	assert_str(json_str_at(json_item(json_get(out, "damages"), 0), "note"), "canari-dent");
	assert_str(json_str_at(out, "handed_to"), "canari-neighbour");
	assert_str(json_str_at(out, "key_box"), "4");
	assert_str(json_str_at(out, "where"), "doorstep");
	assert_int_equal(json_int_at(out, "keys", 0), 2);
	assert_true(json_present(
		json_get(dealer_row(&w, ROW_VISIT, booking_now(id).visit), "private")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_customer_of_the_same_batch_is_known),
		STORY(a_hold_is_decided_for_who_books_it),
		STORY(papers_entered_later_are_checked_at_the_hand_over),
		STORY(papers_entered_while_it_is_out_change_no_price),
		STORY(people_are_older_than_the_epoch),
		STORY(odd_figures_of_a_stored_car_stop_no_decision),
		STORY(a_visit_reckons_in_opening_hours),
		STORY(a_walk_in_is_gone_from_now_on),
		STORY(whoever_names_no_class_gets_the_cheapest),
		STORY(the_hour_that_comes_twice_stops_no_offer),
		STORY(nobody_is_offered_a_desk_to_drive),
		STORY(proposals_last_until_the_car_is_ready),
		STORY(this_very_evening_is_proposed),
		STORY(long_words_spoil_no_batch),
		STORY(a_cover_check_has_room_for_its_source),
		STORY(what_has_many_notes_can_still_be_cancelled),
		STORY(free_words_are_sealed_everywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
