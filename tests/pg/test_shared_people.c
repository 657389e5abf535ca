/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What servers of one journal share beside it: keys of persons, whose journal it is. */

#define _GNU_SOURCE /* memmem */
#include "fleet/person.h"
#include "fleet/share.h"
#include "tests/lib/traces.h"
#include "tests/pg/pair.h"

static enum outcome customer(struct server *s, const char *id, const char *name)
{
	struct command *c = command_new(VERB_CUSTOMER_PUT);
	enum outcome o;

	assert_non_null(c);
	c->journal = JOURNAL_DIRECTORY;
	c->target = str_from(id);
	c->by = STR("tester");
	c->if_match = STR("*");
	c->body = arena_printf(&c->arena,
		"{\"customer\":\"%s\",\"language\":\"fr\",\"person\":{\"name\":\"%s\"},"
		"\"preferred_channel\":\"none\",\"segment\":\"private\"}",
		id, name);
	assert_int_equal(fleet_do(s->fleet, c), OK);
	o = c->outcome;
	command_free(c);
	return o;
}

static void name_is(struct server *s, const char *id, const char *name)
{
	struct view v;
	struct txn t;

	assert_int_equal(fleet_follow(s->fleet), OK);
	fleet_look(s->fleet, &v, &t, &w.arena);
	assert_str(customer_name(&v, str_from(id)), name);
	fleet_look_end(&v);
}

static void whoever_follows_can_read_names(void **state)
{
	struct str found;

	(void)state;
	name_is(&b, "C2", "Test Two"); /* of before */
	assert_int_equal(customer(&a, "C9", "Canari"), OK);
	name_is(&b, "C9", "Canari");
	assert_int_equal(
		people_search(fleet_people(b.fleet), &w.arena, STR("canari"), &found, 1), 1);
	assert_int_equal(customer(&b, "C9", "Renamed"), OK);
	name_is(&a, "C9", "Renamed");
}

/* While A's key is on its way. */
static void b_is_first(void)
{
	assert_int_equal(customer(&b, "C9", "First"), OK);
}

static void of_two_keys_one_is_first(void **state)
{
	(void)state;
	a.before_keys = b_is_first;
	assert_int_equal(customer(&a, "C9", "Second"), OK);
	name_is(&a, "C9", "Second");
	name_is(&b, "C9", "Second");
	assert_int_equal(postgres_ask(&postgres, database,
				 "SELECT count(*) FROM relais.person_key WHERE subject = 'C9'"),
		1);
}

static void erase(struct server *s, const char *id)
{
	struct command *c = command_new(VERB_CUSTOMER_ERASE);

	assert_non_null(c);
	c->journal = JOURNAL_DIRECTORY;
	c->target = str_from(id);
	c->by = STR("tester");
	assert_int_equal(fleet_do(s->fleet, c), OK);
	assert_int_equal(c->outcome, OK);
	command_free(c);
}

static bool is_found(struct server *s, const char *name)
{
	struct str found;

	return people_search(fleet_people(s->fleet), &w.arena, str_from(name), &found, 1) > 0;
}

/* The key and the search words stand in no byte of either directory, nor the key in the database;
 * a server that was down at the time hears of it when it follows. */
static void who_is_erased_is_erased_everywhere(void **state)
{
	uint8_t key[SEAL_KEY_LEN], again[SEAL_KEY_LEN];

	(void)state;
	assert_int_equal(customer(&a, "C9", "Zyxquorne"), OK);
	name_is(&b, "C9", "Zyxquorne");
	assert_true(people_key(fleet_people(a.fleet), STR("C9"), key));
	assert_true(people_key(fleet_people(b.fleet), STR("C9"), again));
	assert_memory_equal(key, again, SEAL_KEY_LEN);
	assert_true(traces(w.scratch.dir, key, SEAL_KEY_LEN) > 0);
	assert_true(traces(w.scratch.dir, "zyxquorne", 9) > 0);
	erase(&b, "C9");
	name_is(&b, "C9", "");
	assert_int_equal(traces(b.scratch.dir, key, SEAL_KEY_LEN), 0);
	assert_int_equal(traces(b.scratch.dir, "zyxquorne", 9), 0);
	assert_int_equal(postgres_ask(&postgres, database,
				 "SELECT count(*) FROM relais.person_key WHERE subject = 'C9'"),
		0);
	name_is(&a, "C9", "");
	assert_int_equal(traces(w.scratch.dir, key, SEAL_KEY_LEN), 0);
	assert_int_equal(traces(w.scratch.dir, "zyxquorne", 9), 0);
	assert_false(is_found(&a, "zyxquorne") || is_found(&b, "zyxquorne"));
	/* Nor does it come back with the next entry about the person. */
	assert_int_equal(customer(&a, "C9", "Again"), REFUSED_ERASED);
	name_is(&b, "C9", "");
}

/* What stands alone or follows another journal does not slip into this one. */
static void a_directory_follows_one_journal(void **state)
{
	const uint8_t secret[SEAL_KEY_LEN] = {1};
	struct fleet_options alone = {.env = &w.still.env, .no_sync = true};
	struct fleet *f;
	char why[400] = "";

	(void)state;
	assert_int_equal(
		fleet_join(b.fleet, STR("another"), secret, why, sizeof why), FAULT_CORRUPT);
	assert_non_null(strstr(why, "follows another journal"));
	fleet_close(b.fleet);
	assert_int_equal(fleet_open(&f, b.scratch.dir, &alone, why, sizeof why), FAULT_BUSY);
	assert_non_null(strstr(why, "a journal that servers share"));
	journal_pg_close(b.pg);
	open_server(&b, b.scratch.dir, "b", false);
	assert_int_equal(fleet_leave(a.fleet), OK);
	assert_int_equal(
		fleet_join(a.fleet, STR("another"), secret, why, sizeof why), FAULT_CORRUPT);
	assert_non_null(strstr(why, "has a journal of its own"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, pair_make, pair_drop)
	const struct CMUnitTest tests[] = {
		T(whoever_follows_can_read_names),
		T(of_two_keys_one_is_first),
		T(who_is_erased_is_erased_everywhere),
		T(a_directory_follows_one_journal),
	};
	return cmocka_run_group_tests(tests, pair_postgres_open, pair_postgres_close);
}
