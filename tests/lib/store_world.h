/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A scratch directory as cmocka's state, and a store in it. */

#include "fleet/store.h"
#include "tests/lib/scratch.h"

static const struct store_options fresh = {.map_bytes = 16 << 20, .no_sync = true, .create = true};
static char why[512];

static inline int make(void **state)
{
	struct scratch *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	scratch_make(s);
	*state = s;
	return 0;
}

static inline int drop(void **state)
{
	scratch_remove(*state);
	free(*state);
	return 0;
}

static inline const char *dir_of(void **state)
{
	return ((struct scratch *)*state)->dir;
}

static inline struct store *open_with(void **state, const struct store_options *options)
{
	struct store *store;

	if (store_open(&store, dir_of(state), options, why, sizeof(why)) != OK)
		fail_msg("%s", why);
	return store;
}

static inline void put_one(struct store *store, enum db db, const char *key, const char *value)
{
	struct txn t;

	txn_begin(&t, store, true);
	txn_put(&t, db, str_from(key), str_from(value));
	assert_int_equal(txn_commit(&t), OK);
}

static inline void check_value(struct store *store, enum db db, const char *key, const char *value)
{
	struct txn t;
	struct str found;

	txn_begin(&t, store, false);
	assert_int_equal(txn_get(&t, db, str_from(key), &found), value != NULL);
	if (value)
		assert_str(found, value);
	assert_int_equal(txn_commit(&t), OK);
}
