/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Many batches in one commit: seen at once by whoever gathers, there for good only after it. */

#include "fleet/person.h"
#include "tests/lib/dealership.h"

enum { NAME_BYTES = 8 };

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

/* A new customer, whose key is new too. */
static void customer_put(int number)
{
	char id[NAME_BYTES], body[200];

	snprintf(id, sizeof id, "G%d", number);
	snprintf(body, sizeof body,
		"{\"customer\":\"%s\",\"language\":\"fr\",\"person\":{\"name\":\"Gather%d\"},"
		"\"preferred_channel\":\"none\",\"segment\":\"private\"}",
		id, number);
	(void)dealer_must(&w, VERB_CUSTOMER_PUT, "directory", id, body, OK);
}

/* The name as a look finds it, its seal opened. */
static bool customer_is_seen(int number)
{
	char id[NAME_BYTES];
	struct view v;
	struct txn t;
	bool named;

	snprintf(id, sizeof id, "G%d", number);
	fleet_look(w.fleet, &v, &t, &w.arena);
	named = json_str_at(customer_person(&v, str_from(id)), "name").n > 0;
	fleet_look_end(&v);
	return named;
}

static size_t words_found(const char *query)
{
	struct str found[4];

	return people_search(
		fleet_people(w.fleet), &w.arena, str_from(query), found, ARRAY_LEN(found));
}

static uint64_t commits(void)
{
	struct store_usage usage;

	store_usage(fleet_store(w.fleet), &usage);
	return usage.last_txn;
}

static void what_is_gathered_is_one_commit(void **state)
{
	uint64_t before = commits();

	(void)state;
	fleet_gather(w.fleet, UINT64_MAX);
	for (int i = 0; i < 300; i++) { /* more keys than may wait */
		customer_put(i);
		assert_true(customer_is_seen(i));
	}
	assert_int_equal(commits(), before);
	assert_int_equal(words_found("gather7"), 0);
	assert_int_equal(fleet_gather_end(w.fleet, true), OK);
	assert_int_equal(commits(), before + 1);
	assert_true(words_found("gather7") > 0);
	dealer_reopen(&w);
	for (int i = 0; i < 300; i++)
		assert_true(customer_is_seen(i));
	customer_put(300); /* and a batch is a commit again */
	assert_int_equal(commits(), before + 2);
}

static void a_commit_comes_every_so_many_entries(void **state)
{
	uint64_t before = commits();

	(void)state;
	fleet_gather(w.fleet, 4);
	for (int i = 0; i < 10; i++)
		customer_put(i);
	assert_int_equal(commits(), before + 2);
	customer_put(3); /* nothing new: no entry */
	assert_int_equal(fleet_gather_end(w.fleet, true), OK);
	assert_int_equal(commits(), before + 3);
}

static void nothing_gathered_is_no_commit(void **state)
{
	uint64_t before = commits();

	(void)state;
	fleet_gather(w.fleet, 4);
	assert_int_equal(fleet_gather_end(w.fleet, true), OK);
	fleet_gather(w.fleet, 4);
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", "nobody", "{}", REFUSED_NOT_FOUND);
	assert_int_equal(fleet_gather_end(w.fleet, true), OK);
	assert_int_equal(commits(), before);
}

static void what_was_gathered_can_be_taken_back(void **state)
{
	(void)state;
	fleet_gather(w.fleet, 4);
	for (int i = 0; i < 6; i++)
		customer_put(i);
	assert_int_equal(fleet_gather_end(w.fleet, false), OK);
	assert_true(customer_is_seen(3)); /* its commit was before */
	assert_false(customer_is_seen(4));
	customer_put(4);
	assert_true(customer_is_seen(4));
}

static void who_is_closed_in_the_middle_has_what_was_before(void **state)
{
	(void)state;
	fleet_gather(w.fleet, UINT64_MAX);
	customer_put(1);
	dealer_reopen(&w);
	assert_false(customer_is_seen(1));
	customer_put(1);
	assert_true(customer_is_seen(1));
}

#define STORY(f) cmocka_unit_test_setup_teardown(f, open_dealer, close_dealer)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(what_is_gathered_is_one_commit),
		STORY(a_commit_comes_every_so_many_entries),
		STORY(nothing_gathered_is_no_commit),
		STORY(what_was_gathered_can_be_taken_back),
		STORY(who_is_closed_in_the_middle_has_what_was_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
