/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* A store gets more room while it is in use: never under somebody who reads, and nothing is lost.
 */

#include <pthread.h>
#include <stdatomic.h>

#include "fleet/guard.h"
#include "tests/lib/store_world.h"

enum { MIB = 1 << 20, GROWTHS = 30, KEYS = 64 };

static uint64_t map_of(struct store *store)
{
	struct store_usage usage;

	store_usage(store, &usage);
	return usage.map_bytes;
}

/* One commit of that many bytes. */
static enum outcome put_big(struct store *store, int number)
{
	static char big[64 << 10];
	char key[16];
	struct txn t;

	snprintf(key, sizeof(key), "k%05d", number);
	txn_begin(&t, store, true);
	txn_put(&t, DB_ROWS, str_from(key), (struct str){big, sizeof(big)});
	return txn_commit(&t);
}

static void what_was_full_takes_more(void **state)
{
	const struct store_options small = {.map_bytes = MIB, .no_sync = true, .create = true};
	const struct store_options again = {.map_bytes = MIB};
	struct store *store = open_with(state, &small);
	int n = 0;

	while (put_big(store, n) == OK)
		n++;
	assert_in_range(n, 2, 15);
	assert_int_equal(store_grow(store, 4 * MIB), OK);
	assert_int_equal(map_of(store), 4 * MIB);
	for (int more = n + 20; n < more; n++)
		assert_int_equal(put_big(store, n), OK);
	/* smaller is not asked for */
	assert_int_equal(store_grow(store, MIB), OK);
	assert_int_equal(map_of(store), 4 * MIB);
	assert_int_equal(store_grow(store, SIZE_MAX / 2), FAULT_MEMORY);
	assert_int_equal(map_of(store), 4 * MIB);
	store_close(store);
	/* what it holds is never cut off */
	store = open_with(state, &again);
	assert_true(map_of(store) > 2 * MIB);
	store_close(store);
}

static void never_under_a_reader(void **state)
{
	struct store *store = open_with(state, &fresh);
	struct txn reader;
	struct str value;

	put_one(store, DB_ROWS, "a", "1");
	txn_begin(&reader, store, false);
	assert_true(txn_get(&reader, DB_ROWS, STR("a"), &value));
	assert_int_equal(store_grow(store, 64 * MIB), FAULT_BUSY);
	assert_true(str_is(value, "1"));
	txn_abort(&reader);
	assert_int_equal(store_grow(store, 64 * MIB), OK);
	check_value(store, DB_ROWS, "a", "1");
	store_close(store);
}

/* ---- while others are at work ---- */

static atomic_bool over;

static void *write_on(void *context)
{
	char key[16];

	for (int i = 0; !atomic_load(&over); i++) {
		struct txn t;
		snprintf(key, sizeof(key), "w%d", i % KEYS);
		txn_begin(&t, context, true);
		txn_put(&t, DB_ROWS, str_from(key), str_from(key));
		ASSERT(txn_commit(&t) == OK);
	}
	return NULL;
}

static void *read_on(void *context)
{
	char key[16];

	for (int i = 0; !atomic_load(&over); i++) {
		struct txn t;
		struct str value;
		snprintf(key, sizeof(key), "w%d", i % KEYS);
		txn_begin(&t, context, false);
		if (txn_get(&t, DB_ROWS, str_from(key), &value))
			ASSERT(str_is(value, key));
		txn_abort(&t);
	}
	return NULL;
}

static void beside_a_writer_and_a_reader(void **state)
{
	struct store *store = open_with(state, &fresh);
	pthread_t threads[2];

	atomic_store(&over, false);
	assert_int_equal(pthread_create(&threads[0], NULL, write_on, store), 0);
	assert_int_equal(pthread_create(&threads[1], NULL, read_on, store), 0);
	for (size_t n = 1; n <= GROWTHS;) {
		enum outcome o = store_grow(store, (16 + n) * MIB);
		assert_true(o == OK || o == FAULT_BUSY);
		n += o == OK;
	}
	atomic_store(&over, true);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(map_of(store), (16 + GROWTHS) * MIB);
	store_close(store);
}

/* ---- where a store may not be ---- */

static void network_file_systems_have_names(void **state)
{
	(void)state;
	assert_string_equal(guard_remote_name(0x6969), "NFS");
	assert_string_equal(guard_remote_name(0xff534d42), "CIFS");
	assert_string_equal(guard_remote_name((unsigned long)(int)0xff534d42), "CIFS");
	assert_string_equal(guard_remote_name(0x00c36400), "Ceph");
	assert_null(guard_remote_name(0xef53));	    /* ext4 */
	assert_null(guard_remote_name(0x58465342)); /* XFS */
	assert_null(guard_remote_name(0x9123683e)); /* btrfs */
	assert_null(guard_remote_name(0x01021994)); /* tmpfs */
	assert_null(guard_remote_name(0x794c7630)); /* overlayfs */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_full_takes_more, make, drop),
		cmocka_unit_test_setup_teardown(never_under_a_reader, make, drop),
		cmocka_unit_test_setup_teardown(beside_a_writer_and_a_reader, make, drop),
		cmocka_unit_test(network_file_systems_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
