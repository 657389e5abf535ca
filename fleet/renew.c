/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/renew.h"

#include "fleet/apply.h"
#include "fleet/fleet_inside.h"

bool projection_is_current(struct store *store)
{
	struct txn t;
	struct str value;
	bool current;

	txn_begin(&t, store, false);
	current = txn_get(&t, DB_META, STORE_PROJECTION_KEY, &value) &&
		  str_eq(value, STORE_PROJECTION);
	txn_abort(&t);
	return current;
}

/* What apply counts stands beside what the store is: only the latter stays. */
static void meta_empty(struct txn *t, struct arena *a)
{
	struct str format;

	ASSERT(txn_get(t, DB_META, STORE_FORMAT_KEY, &format) || t->outcome);
	format = arena_copy(a, format);
	txn_empty(t, DB_META);
	txn_put(t, DB_META, STORE_FORMAT_KEY, format);
	txn_put(t, DB_META, STORE_PROJECTION_KEY, STORE_PROJECTION);
}

static enum outcome journal_apply(struct txn *t, struct arena *a, struct str journal)
{
	struct hash before = {{0}};
	struct journal_entry e;
	enum outcome o = OK;

	for (uint64_t seq = 1; o == OK && journal_entry(t, journal, seq, &e); seq++) {
		struct pending_entry entry = {.journal = journal, .seq = seq};
		struct hash hash;
		arena_reset(a);
		entry.bytes = arena_copy(a, e.bytes); /* the first row written moves the page */
		hash = event_hash(&e.prev, entry.bytes);
		if (!entry.bytes.p)
			return FAULT_MEMORY;
		if (memcmp(hash.bytes, e.hash.bytes, HASH_LEN) != 0 ||
			(seq > 1 && memcmp(before.bytes, e.prev.bytes, HASH_LEN) != 0))
			return FAULT_CORRUPT;
		before = e.hash;
		o = apply_entry(t, a, entry.bytes);
	}
	return o;
}

enum outcome projection_make(struct txn *t, struct arena *a)
{
	static const enum db made[] = {DB_ROWS, DB_INDEX, DB_CLAIMS};
	char kept[ID_MAX];
	struct str name = STR_NULL;
	enum outcome o = OK;

	for (size_t i = 0; i < ARRAY_LEN(made); i++)
		txn_empty(t, made[i]);
	meta_empty(t, a);
	while (o == OK && journal_next_name(t, &name)) {
		memcpy(kept, name.p, name.n);
		name.p = kept;
		o = journal_apply(t, a, name);
	}
	return o;
}

enum outcome projection_renew(struct store *store)
{
	struct arena a;
	struct txn t;
	enum outcome o;

	arena_init(&a, ARENA_MAX_DEFAULT);
	txn_begin(&t, store, true);
	o = projection_make(&t, &a);
	arena_deinit(&a);
	if (o == OK)
		return txn_commit(&t);
	txn_abort(&t);
	return o;
}

enum outcome fleet_rebuild(struct fleet *f)
{
	return projection_renew(f->store);
}
