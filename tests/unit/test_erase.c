/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Proves that a person who was erased is gone: the keys and the words that led there stand in no
 * byte of the directory any more, whatever was sealed is noise, and journals verify as before.
 */

#define _GNU_SOURCE /* memmem */

#include "fleet/erase.h"

#include <sys/file.h>

#include "tests/lib/rendering.h"
#include "tests/lib/traces.h"

/* ---- looking into every byte ---- */

/* In how many files of the directory these bytes stand. */
static int files_with(const void *bytes, size_t n)
{
	return traces(w.scratch.dir, bytes, n);
}

struct kept_key {
	uint8_t bytes[SEAL_KEY_LEN];
};

static struct kept_key key_of(struct str subject)
{
	struct kept_key k;

	assert_true(people_key(fleet_people(w.fleet), subject, k.bytes));
	assert_true(files_with(k.bytes, sizeof k.bytes) > 0);
	return k;
}

/* ---- the story ---- */

static void lend_and_take_back(struct str id)
{
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	dealer_at(&w, WEDNESDAY_17);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{\"note\":\"a scratch\"}", OK);
}

static struct command *erase(const char *customer)
{
	return dealer_do(&w, VERB_CUSTOMER_ERASE, "directory", customer, "{}", NULL);
}

static void erase_is(const char *customer, enum outcome expected)
{
	struct command *c = erase(customer);

	assert_int_equal(c->outcome, expected);
	command_free(c);
}

static size_t hits(const char *query)
{
	struct str ids[8];

	return people_search(fleet_people(w.fleet), &w.arena, str_from(query), ids, ARRAY_LEN(ids));
}

static void nobody_is_erased_while_a_promise_stands(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);
	struct command *c = erase("C1");

	(void)state;
	assert_int_equal(c->outcome, REFUSED_IN_USE);
	assert_str(
		json_str_at(json_first(json_get(arena_json(&w.arena, c->detail, NULL), "bookings")),
			"booking"),
		id.p);
	command_free(c);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	erase_is("C1", REFUSED_IN_USE);
	assert_int_equal(hits("lefevre"), 1);
	erase_is("nobody", REFUSED_NOT_FOUND);
}

static void no_byte_is_left(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);
	struct kept_key own = key_of(STR("C1"));

	(void)state;
	lend_and_take_back(id);
	assert_true(files_with("lefevre", 7) > 0); /* a search word */
	assert_true(files_with("99000123", 8) > 0);
	erase_is("C1", OK);
	for (int again = 0; again < 2; again++) {
		assert_int_equal(files_with(own.bytes, sizeof own.bytes), 0);
		assert_int_equal(files_with("lefevre", 7), 0);
		assert_int_equal(files_with("99000123", 8), 0);
		assert_int_equal(hits("lefevre") + hits("199000123"), 0);
		assert_true(json_bool_at(shown(ROW_CUSTOMER, STR("C1")), "erased", false));
		assert_false(json_present(json_get(shown(ROW_CUSTOMER, STR("C1")), "person")));
		assert_false(contains(json_raw(shown(ROW_BOOKING, id)), "Canari"));
		dealer_check(&w);
		dealer_reopen(&w);
	}
}

static void an_erased_customer_is_nobody(void **state)
{
	struct command *c;

	(void)state;
	erase_is("C2", OK);
	c = erase("C2");
	assert_true(c->outcome == OK && c->unchanged);
	command_free(c);
	c = dealer_put(&w, VERB_CUSTOMER_PUT, "directory", "C2",
		"{\"language\":\"fr\",\"person\":{\"name\":\"Again\"},\"preferred_channel\":"
		"\"none\",\"segment\":\"private\"}",
		"*");
	assert_int_equal(c->outcome, REFUSED_ERASED);
	command_free(c);
	c = dealer_do(&w, VERB_VISIT_OPEN, "LYO", NULL,
		"{\"customer\":\"C2\",\"drop_off_at\":\"2026-03-16T07:30:00Z\",\"ready_at\":"
		"\"2026-03-16T16:00:00Z\",\"site\":\"LYO\"}",
		NULL);
	assert_int_equal(c->outcome, REFUSED_INVALID);
	command_free(c);
}

/* A word more would make a key again, under which the person is kept anew. */
static void nothing_is_sealed_for_who_is_erased(void **state)
{
	static const struct {
		enum verb verb;
		const char *body;
	} words[] = {
		{VERB_BOOKING_NOTE, "{\"text\":\"he called again\"}"},
		{VERB_BOOKING_CORRECT,
			"{\"pointer\":\"/in/odometer_km\",\"reason\":\"misread\",\"value\":7}"},
	};
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);
	uint8_t key[SEAL_KEY_LEN];
	struct command *c;

	(void)state;
	lend_and_take_back(id);
	erase_is("C1", OK);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		c = dealer_do(&w, words[i].verb, "LYO", id.p, words[i].body, NULL);
		assert_int_equal(c->outcome, REFUSED_ERASED);
		command_free(c);
	}
	c = command_new(VERB_BOOKING_ATTACH);
	c->journal = STR("LYO");
	c->target = id;
	c->body = STR("{\"kind\":\"photo\",\"parts\":[\"x\"]}");
	c->bytes = STR("\x89PNG\r\n\x1a\n of no use to anybody");
	c->by = w.by;
	assert_int_equal(fleet_do(w.fleet, c), OK);
	assert_int_equal(c->outcome, REFUSED_ERASED);
	command_free(c);
	assert_false(people_key(fleet_people(w.fleet), STR("C1"), key));
	assert_false(people_key(fleet_people(w.fleet), id, key));
	dealer_check(&w);
}

/* What was said of a visit before it had a customer is sealed for the visit. */
static void a_visit_without_booking_too(void **state)
{
	struct kept_key own;
	struct str visit;
	struct command *c = dealer_do(&w, VERB_VISIT_OPEN, "LYO", NULL,
		"{\"drop_off_at\":\"2026-03-16T07:30:00Z\",\"need\":\"a child seat\","
		"\"ready_at\":\"2026-03-16T16:00:00Z\",\"site\":\"LYO\"}",
		NULL);

	(void)state;
	visit = dealer_subject(&w, c);
	command_free(c);
	own = key_of(visit);
	c = dealer_put(&w, VERB_VISIT_CHANGE, "LYO", visit.p, "{\"customer\":\"C2\"}", "*");
	assert_int_equal(c->outcome, OK);
	command_free(c);
	erase_is("C2", OK);
	assert_int_equal(files_with(own.bytes, sizeof own.bytes), 0);
}

static void an_alias_is_the_same_person(void **state)
{
	struct kept_key alias;

	(void)state;
	dealer_must(&w, VERB_CUSTOMER_PUT, "directory", "C3",
		"{\"language\":\"fr\",\"person\":{\"name\":\"Twiceentered\"},\"preferred_channel\":"
		"\"none\",\"segment\":\"private\"}",
		OK);
	alias = key_of(STR("C3"));
	dealer_must(&w, VERB_CUSTOMER_MERGE, "directory", "C3", "{\"into\":\"C2\"}", OK);
	erase_is("C3", OK); /* by either name */
	assert_int_equal(files_with(alias.bytes, sizeof alias.bytes), 0);
	assert_int_equal(files_with("twiceentered", 12), 0);
	assert_true(customer_is_erased(dealer_row(&w, ROW_CUSTOMER, STR("C2"))));
}

/* Somebody has DIR/people open, or the power went: the bytes go when that is over. */
static void what_could_not_be_written_anew_is_later(void **state)
{
	struct kept_key own = key_of(STR("C2"));
	char path[SCRATCH_PATH * 2];
	int fd;

	(void)state;
	snprintf(path, sizeof path, "%s/people/in-use", w.scratch.dir);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0 && flock(fd, LOCK_SH) == 0);
	erase_is("C2", OK);
	assert_false(people_key(fleet_people(w.fleet), STR("C2"), own.bytes));
	assert_true(files_with(own.bytes, sizeof own.bytes) > 0);
	close(fd);
	dealer_reopen(&w);
	assert_int_equal(files_with(own.bytes, sizeof own.bytes), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(nobody_is_erased_while_a_promise_stands),
		CASE(no_byte_is_left),
		CASE(an_erased_customer_is_nobody),
		CASE(nothing_is_sealed_for_who_is_erased),
		CASE(a_visit_without_booking_too),
		CASE(an_alias_is_the_same_person),
		CASE(what_could_not_be_written_anew_is_later),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
