/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/renew.h"

#include "tests/lib/rendering.h"

/* Proves that rows which another version wrote, or which are not what the journals say, are made
 * anew whole; and that nothing is touched where the journals do not allow it. */

/* What a version of other habits left: its number, and rows that are wrong in every part. */
static void spoil(struct str projection)
{
	struct txn change;

	txn_begin(&change, fleet_store(w.fleet), true);
	txn_put(&change, DB_META, STORE_PROJECTION_KEY, projection);
	txn_put(&change, DB_ROWS, STR("a row that is none"), STR("{}"));
	txn_empty(&change, DB_INDEX);
	txn_empty(&change, DB_CLAIMS);
	assert_int_equal(txn_commit(&change), OK);
}

static bool looked_at(char *why, size_t size)
{
	struct fleet_options options = {
		.env = &w.still.env, .read_only = true, .map_bytes = 256 << 20};
	struct fleet *fleet = NULL;
	bool good;

	fleet_close(w.fleet);
	w.fleet = NULL;
	good = fleet_open(&fleet, w.scratch.dir, &options, why, size) == OK;
	fleet_close(fleet);
	return good;
}

static void rows_of_another_version_are_made_anew_by_who_may_write(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);
	char why[400] = "";

	(void)state;
	spoil(STR("1"));
	assert_false(looked_at(why, sizeof why));
	assert_non_null(strstr(why, "relais rebuild"));
	dealer_reopen(&w);
	assert_true(projection_is_current(fleet_store(w.fleet)));
	dealer_check(&w);
	assert_str(json_str_at(shown(ROW_BOOKING, id), "status"), "booked");
	/* And it goes on: numbers that were given are not given again. */
	id = grecale("2026-03-24T10:00:00+01:00", "2026-03-25T17:00:00+01:00");
	assert_str(json_str_at(shown(ROW_BOOKING, id), "number"), "LYO-000002");
	dealer_check(&w);
	assert_true(looked_at(why, sizeof why));
	dealer_reopen(&w);
}

static void rows_that_differ_are_made_anew_when_asked_for(void **state)
{
	(void)state;
	(void)grecale(MONDAY_8_30, WEDNESDAY_17);
	spoil(STORE_PROJECTION);
	assert_int_equal(fleet_rebuild(w.fleet), OK);
	dealer_check(&w);
}

/* An entry that is not what its hash says: the rows that are there stay, they may be all there is.
 */
static void a_broken_journal_makes_nothing(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);
	struct str key, value;
	struct cursor c;
	struct txn change;
	char *bytes;

	(void)state;
	txn_begin(&change, fleet_store(w.fleet), true);
	cursor_open(&c, &change, DB_JOURNAL);
	assert_true(cursor_seek(&c, STR("LYO")));
	key = arena_copy(&w.arena, c.key);
	value = arena_copy(&w.arena, c.value);
	cursor_close(&c);
	bytes = arena_alloc(&w.arena, value.n);
	memcpy(bytes, value.p, value.n);
	bytes[value.n - 2] ^= 1;
	txn_put(&change, DB_JOURNAL, key, (struct str){bytes, value.n});
	assert_int_equal(txn_commit(&change), OK);
	assert_int_equal(fleet_rebuild(w.fleet), FAULT_CORRUPT);
	assert_str(json_str_at(shown(ROW_BOOKING, id), "status"), "booked");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(rows_of_another_version_are_made_anew_by_who_may_write),
		CASE(rows_that_differ_are_made_anew_when_asked_for),
		CASE(a_broken_journal_makes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
