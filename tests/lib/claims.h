/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A store of claims in a directory of its own, and the shape all its chunks must have. */

#include "tests/lib/check.h"

#include "fleet/calendar.h"

#include <dirent.h>
#include <unistd.h>

struct world {
	char dir[64];
	struct store *store;
	struct txn txn;
};

static inline void world_open(struct world *w)
{
	struct store_options options = {.map_bytes = 64 << 20, .no_sync = true, .create = true};
	char why[256] = "";

	snprintf(w->dir, sizeof(w->dir), "/tmp/relais-calendar-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	if (store_open(&w->store, w->dir, &options, why, sizeof(why)) != OK)
		fail_msg("store: %s", why);
	txn_begin(&w->txn, w->store, true);
}

static inline void world_commit(struct world *w)
{
	assert_int_equal(txn_commit(&w->txn), OK);
	txn_begin(&w->txn, w->store, true);
}

static inline void world_close(struct world *w)
{
	struct dirent *entry;
	char path[400];
	DIR *dir;

	assert_int_equal(w->txn.outcome, OK);
	txn_abort(&w->txn);
	store_close(w->store);
	dir = opendir(w->dir);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", w->dir, entry->d_name);
		unlink(path);
	}
	closedir(dir);
	assert_int_equal(rmdir(w->dir), 0);
}

/* The shape every store of claims must have: whole claims, ascending and apart, keyed by the first
 * start, few enough for a leaf. Returns the chunks of all seats, and a hash of keys and bytes. */
static inline size_t check_shape(struct world *w, uint64_t *hash)
{
	struct cursor c;
	size_t chunks = 0;

	*hash = 14695981039346656037U;
	cursor_open(&c, &w->txn, DB_CLAIMS);
	for (bool on = cursor_seek(&c, STR("")); on; on = cursor_next(&c), chunks++) {
		const uint8_t *p = (const uint8_t *)c.value.p;
		uint32_t last = 0, first;
		size_t at = c.key.n - 4;

		assert_true(key_take_u32(c.key, &at, &first));
		assert_true(c.value.n > 0 && c.value.n % CLAIM_BYTES == 0);
		assert_true(c.key.n + c.value.n <= CHUNK_BYTES);
		assert_true(c.value.n <= CHUNK_CLAIMS * CLAIM_BYTES);
		for (size_t i = 0; i < c.value.n; i += CLAIM_BYTES) {
			uint32_t from, until;

			memcpy(&from, p + i, 4);
			memcpy(&until, p + i + 4, 4);
			assert_true(i > 0 || from == first);
			assert_true(from >= last && until > from);
			assert_int_equal(p[i + 14] | p[i + 15], 0);
			last = until;
		}
		for (size_t i = 0; i < c.key.n; i++)
			*hash = (*hash ^ (uint8_t)c.key.p[i]) * 1099511628211U;
		for (size_t i = 0; i < c.value.n; i++)
			*hash = (*hash ^ p[i]) * 1099511628211U;
	}
	cursor_close(&c);
	return chunks;
}

static inline size_t chunks_of(struct world *w)
{
	uint64_t hash;

	return check_shape(w, &hash);
}
