/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/room.h"

#include "tests/lib/store_world.h"

enum { MIB = 1 << 20, KEY_BYTES = 16 };

/* A store of 16 MiB that keeps 8 of them in hand: ample, short, none, as it fills. */
static void room_shrinks_as_the_map_fills(void **state)
{
	static const char value[64 << 10];
	struct store *store = open_with(state, &fresh);
	enum room room = ROOM_AMPLE, last = ROOM_AMPLE;
	uint64_t used_at[ROOM_AMPLE + 1] = {0};
	struct store_usage u;

	for (int i = 0; room > ROOM_NONE; i++) {
		struct txn t;
		char key[KEY_BYTES];
		snprintf(key, sizeof(key), "%06d", i);
		txn_begin(&t, store, true);
		txn_put(&t, DB_ROWS, str_from(key), (struct str){value, sizeof(value)});
		assert_int_equal(txn_commit(&t), OK);
		room = store_room(store, 8 * MIB);
		assert_true(room <= last);
		store_usage(store, &u);
		if (room < last)
			used_at[room] = u.used_bytes;
		last = room;
	}
	/* Less than the reserve is left, and less than a quarter of it. */
	assert_in_range(used_at[ROOM_SHORT], 8 * MIB, 8 * MIB + MIB / 2);
	assert_in_range(used_at[ROOM_NONE], 14 * MIB, 14 * MIB + MIB / 2);
	store_close(store);
}

/* The blocks are taken from the disk, and the file does not look any longer for it. */
static void the_reserve_is_on_the_disk(void **state)
{
	struct store *store = open_with(state, &fresh);
	char path[SCRATCH_PATH * 2];
	struct stat before, after;

	scratch_path(*state, "data", path);
	put_one(store, DB_ROWS, "key", "value");
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(store_room(store, 2 * MIB), ROOM_AMPLE);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_size, before.st_size);
	assert_in_range((uint64_t)after.st_blocks * 512, 2 * MIB, 6 * MIB);
	check_value(store, DB_ROWS, "key", "value");
	store_close(store);
}

/* Promises need ample room; what gives back takes the reserve; nothing takes its last quarter. */
static void the_reserve_is_for_what_gives_back(void **state)
{
	(void)state;
	assert_true(room_is_for(ROOM_AMPLE, VERB_BOOKING_MAKE));
	assert_false(room_is_for(ROOM_SHORT, VERB_BOOKING_MAKE));
	assert_false(room_is_for(ROOM_SHORT, VERB_CUSTOMER_PUT));
	assert_false(room_is_for(ROOM_SHORT, VERB_DEMAND));
	assert_true(room_is_for(ROOM_SHORT, VERB_BOOKING_CHECK_IN));
	assert_true(room_is_for(ROOM_SHORT, VERB_BOOKING_CANCEL));
	assert_true(room_is_for(ROOM_SHORT, VERB_TICK));
	for (int v = 0; v < VERBS_LEN; v++) {
		assert_true(room_is_for(ROOM_AMPLE, (enum verb)v));
		assert_false(room_is_for(ROOM_NONE, (enum verb)v));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(room_shrinks_as_the_map_fills, make, drop),
		cmocka_unit_test_setup_teardown(the_reserve_is_on_the_disk, make, drop),
		cmocka_unit_test(the_reserve_is_for_what_gives_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
