/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves what the directory keeps and how: objects guarded by their revision, rule sets for ever,
 * no personal data in a journal, people found by name and phone. */

#define _GNU_SOURCE /* memmem */

#include "tests/lib/dealership.h"

#include "rules/ruleset.h"

static struct dealership w;

static int open_dealer(void **state)
{
	(void)state;
	dealer_open(&w);
	return 0;
}

static int close_dealer(void **state)
{
	(void)state;
	dealer_check(&w);
	dealer_close(&w);
	return 0;
}

static void puts_are_guarded_by_match(void **state)
{
	struct command *c = dealer_put(&w, VERB_CUSTOMER_PUT, "directory", "C2",
		"{\"language\":\"en\",\"person\":{\"name\":\"Test "
		"Two\"},\"preferred_channel\":\"none\",\"segment\":\"company\"}",
		NULL);
	const char *changed = "{\"language\":\"en\",\"person\":{\"name\":\"Test "
			      "Too\"},\"preferred_channel\":\"none\",\"segment\":\"company\"}";
	struct str etag = arena_printf(&w.arena, "\"%llu\"", (unsigned long long)c->seq);

	(void)state;
	assert_true(c->unchanged);
	command_free(c);
	c = dealer_put(&w, VERB_CUSTOMER_PUT, "directory", "C2", changed, NULL);
	assert_int_equal(c->outcome, REFUSED_NO_IF_MATCH);
	command_free(c);
	c = dealer_put(&w, VERB_CUSTOMER_PUT, "directory", "C2", changed, "\"999\"");
	assert_int_equal(c->outcome, REFUSED_STALE);
	command_free(c);
	c = dealer_put(&w, VERB_CUSTOMER_PUT, "directory", "C2", changed, etag.p);
	assert_int_equal(c->outcome, OK);
	assert_false(c->unchanged);
	command_free(c);
}

static void a_ruleset_is_immutable(void **state)
{
	(void)state;
	dealer_must(&w, VERB_RULESET_PUT, "directory", "test-1", "{\"version\":\"test-1\"}",
		REFUSED_INVALID);
}

static void no_name_reaches_the_journal(void **state)
{
	struct view v;
	struct txn t;
	struct str name = STR_NULL;
	struct journal_entry e;

	(void)state;
	dealer_book(&w, DEALER_VIN, NULL, "loaner_brand", "grecale", "2026-03-16T08:30:00+01:00",
		"2026-03-18T17:00:00+01:00", OK);
	fleet_look(w.fleet, &v, &t, &w.arena);
	while (journal_next_name(&t, &name)) {
		struct str kept = arena_copy(&w.arena, name);
		for (uint64_t seq = 1; journal_entry(&t, kept, seq, &e); seq++) {
			assert_null(memmem(e.bytes.p, e.bytes.n, "Canari", 6));
			assert_null(memmem(e.bytes.p, e.bytes.n, "99000123", 8));
			assert_null(memmem(e.bytes.p, e.bytes.n, "1980-04-12", 10));
		}
		name = kept;
	}
	fleet_look_end(&v);
}

/* What a person's key opens of what was sealed for somebody. */
static bool opens(struct str whose_key, struct str whose_words)
{
	struct json person = json_get(dealer_row(&w, ROW_CUSTOMER, whose_words), "person");
	uint8_t key[SEAL_KEY_LEN];
	struct str plain;

	assert_true(people_key(fleet_people(w.fleet), whose_key, key));
	return unseal(
		&w.arena, key, json_str_at(person, "of"), json_str_at(person, "sealed"), &plain);
}

static void nobodys_key_opens_the_words_of_another(void **state)
{
	(void)state;
	assert_true(opens(STR("C1"), STR("C1")));
	assert_true(opens(STR("C2"), STR("C2")));
	assert_false(opens(STR("C1"), STR("C2")));
	assert_false(opens(STR("C2"), STR("C1")));
}

static void people_are_found_by_name_and_phone(void **state)
{
	struct str found[5];

	(void)state;
	assert_int_equal(
		people_search(fleet_people(w.fleet), &w.arena, STR("lefevre canari"), found, 5), 1);
	assert_str(found[0], "C1");
	assert_int_equal(
		people_search(fleet_people(w.fleet), &w.arena, STR("01 99 00 01 23"), found, 5), 1);
}

/* The site of the small dealership with other hours. */
static void hours(const char *opening, const char *special, const char *pointer)
{
	struct json site = dealer_row(&w, ROW_SITE, STR("LYO"));
	struct str members =
		arena_printf(&w.arena, "{\"opening\":%s,\"special_days\":%s}", opening, special);
	/* copied: what is written in an arena has no end of its own */
	struct str body = arena_copy(
		&w.arena, doc_merge(&w.arena, site, arena_json(&w.arena, members, NULL)));
	struct command *c = dealer_put(&w, VERB_SITE_PUT, "LYO", "LYO", body.p, "*");

	if (pointer) {
		assert_int_equal(c->outcome, REFUSED_INVALID);
		assert_string_equal(c->faults->fault[0].pointer, pointer);
	} else {
		assert_int_equal(c->outcome, OK);
	}
	command_free(c);
}

static void hours_of_a_day_do_not_overlap(void **state)
{
	(void)state;
	hours("[{\"days\":[1],\"from\":\"08:00\",\"until\":\"12:00\"},"
	      "{\"days\":[1],\"from\":\"12:00\",\"until\":\"18:00\"}]",
		"[]", NULL);
	hours("[{\"days\":[1,2],\"from\":\"08:00\",\"until\":\"12:00\"},"
	      "{\"days\":[2],\"from\":\"11:59\",\"until\":\"18:00\"}]",
		"[]", "/opening/1");
	hours("[{\"days\":[1],\"from\":\"12:00\",\"until\":\"12:00\"}]", "[]", "/opening/0");
	hours("[{\"days\":[1],\"from\":\"08:00\",\"until\":\"18:00\"}]",
		"[{\"date\":\"2026-05-08\",\"opening\":[{\"from\":\"09:00\",\"until\":\"12:00\"},"
		"{\"from\":\"11:00\",\"until\":\"13:00\"}]}]",
		"/special_days/0/opening/1");
}

static void a_car_is_one_seat(void **state)
{
	const char *body = "{\"class\":\"grecale\",\"kind\":\"car\",\"label\":\"G9\",";
	const char *rest = "\"site\":\"LYO\",\"solutions\":[\"loaner_brand\"],"
			   "\"status\":\"active\",\"turnaround_minutes\":45}";
	const char *seats[] = {"", "\"seats\":2,", "\"seats\":0,"};
	char text[400];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(seats); i++) {
		snprintf(text, sizeof text, "%s%s%s", body, seats[i], rest);
		dealer_must(&w, VERB_RESOURCE_PUT, "LYO", "G9", text, REFUSED_INVALID);
	}
}

#define STORY(f) cmocka_unit_test_setup_teardown(f, open_dealer, close_dealer)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(puts_are_guarded_by_match),
		STORY(a_ruleset_is_immutable),
		STORY(no_name_reaches_the_journal),
		STORY(nobodys_key_opens_the_words_of_another),
		STORY(people_are_found_by_name_and_phone),
		STORY(hours_of_a_day_do_not_overlap),
		STORY(a_car_is_one_seat),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
