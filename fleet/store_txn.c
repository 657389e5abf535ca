/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/store.h"

#include "fleet/store_inside.h"
#include "fleet/store_lmdb.h"

/* Transactions and cursors. txn_fail() is the one place where an error is remembered. */

enum { KEY_BYTES_MAX = 511 };

/* ---- transactions ---- */

/* Remembers the first error only: what comes after it is a consequence. */
static void txn_fail(struct txn *t, int error)
{
	ASSERT(error != 0);
	if (t->outcome)
		return;
	t->outcome = store_fault(error);
	t->error = error;
}

void txn_begin(struct txn *t, struct store *store, bool writable)
{
	MDB_txn *txn = NULL;
	unsigned flags = writable ? 0 : MDB_RDONLY;
	int error, dead;

	ASSERT(!(writable && store->read_only));
	*t = (struct txn){.store = store, .writable = writable};
	store_enter(store);
	error = mdb_txn_begin(store->env, NULL, flags, &txn);
	/* Another process gave it more room: this one takes over what the file says. */
	if (error == MDB_MAP_RESIZED && store_adopt_map(store))
		error = mdb_txn_begin(store->env, NULL, flags, &txn);
	/* Slots of processes that died are only freed when somebody looks: look once, try once
	 * more. */
	if (error == MDB_READERS_FULL && mdb_reader_check(store->env, &dead) == 0)
		error = mdb_txn_begin(store->env, NULL, flags, &txn);
	if (error == MDB_PANIC)
		store_stop();
	if (error) {
		txn_fail(t, error);
		store_leave(store);
	} else {
		t->mdb = txn;
	}
}

enum outcome txn_commit(struct txn *t)
{
	int error;

	ASSERT(t->mdb || t->outcome);
	if (t->outcome || !t->writable) {
		txn_abort(t);
		return t->outcome;
	}
	error = mdb_txn_commit(t->mdb);
	t->mdb = NULL;
	store_leave(t->store);
	t->error = error;
	/* MAP_FULL comes while pages are allocated, before the first byte goes to the file: it is
	 * clean wherever it comes up. Any other error may have left either of the two last states
	 * on disk. */
	if (error)
		t->outcome = error == MDB_MAP_FULL ? FAULT_FULL : FAULT_UNKNOWN;
	return t->outcome;
}

void txn_abort(struct txn *t)
{
	if (t->mdb) {
		mdb_txn_abort(t->mdb);
		store_leave(t->store);
	}
	t->mdb = NULL;
}

uint64_t txn_id(const struct txn *t)
{
	size_t id = t->mdb ? mdb_txn_id(t->mdb) : 0;

	/* A writer carries the number its own commit will have; it sees the one before. */
	return t->writable && id ? id - 1 : id;
}

const char *txn_error_text(const struct txn *t)
{
	return mdb_strerror(t->error);
}

static MDB_dbi dbi_of(const struct txn *t, enum db db)
{
	ASSERT(db < DB_COUNT && t->store->dbi[db] != 0);
	return t->store->dbi[db];
}

static MDB_val key_from(struct str key)
{
	ASSERT(key.n > 0 && key.n <= KEY_BYTES_MAX);
	return val_from(key);
}

bool txn_get(struct txn *t, enum db db, struct str key, struct str *value)
{
	MDB_val k = key_from(key), v;
	int error;

	*value = STR_NULL;
	if (t->outcome)
		return false;
	error = mdb_get(t->mdb, dbi_of(t, db), &k, &v);
	if (error == MDB_NOTFOUND)
		return false;
	if (error) {
		txn_fail(t, error);
		return false;
	}
	*value = str_of(v);
	return true;
}

void txn_put(struct txn *t, enum db db, struct str key, struct str value)
{
	MDB_val k = key_from(key), v = val_from(value);
	int error;

	if (t->outcome)
		return;
	ASSERT(t->writable);
	error = mdb_put(t->mdb, dbi_of(t, db), &k, &v, 0);
	if (error)
		txn_fail(t, error);
}

void txn_append2(struct txn *t, enum db db, struct str key, struct str head, struct str tail)
{
	MDB_val k = key_from(key), v = {head.n + tail.n, NULL};
	int error;

	if (t->outcome)
		return;
	ASSERT(t->writable);
	/* At the end of the whole database LMDB can fill pages to the brim; an append inside it
	 * (the end of one journal among several) is an ordinary insert of something new. */
	error = mdb_put(t->mdb, dbi_of(t, db), &k, &v, MDB_RESERVE | MDB_APPEND);
	if (error == MDB_KEYEXIST) {
		v = (MDB_val){head.n + tail.n, NULL};
		error = mdb_put(t->mdb, dbi_of(t, db), &k, &v, MDB_RESERVE | MDB_NOOVERWRITE);
	}
	ASSERT(error != MDB_KEYEXIST);
	if (error) {
		txn_fail(t, error);
		return;
	}
	if (head.n)
		memcpy(v.mv_data, head.p, head.n);
	if (tail.n)
		memcpy((char *)v.mv_data + head.n, tail.p, tail.n);
}

void txn_append(struct txn *t, enum db db, struct str key, struct str value)
{
	txn_append2(t, db, key, value, STR_NULL);
}

void txn_delete(struct txn *t, enum db db, struct str key)
{
	MDB_val k = key_from(key);
	int error;

	if (t->outcome)
		return;
	ASSERT(t->writable);
	error = mdb_del(t->mdb, dbi_of(t, db), &k, NULL);
	if (error && error != MDB_NOTFOUND)
		txn_fail(t, error);
}

void txn_empty(struct txn *t, enum db db)
{
	int error;

	if (t->outcome)
		return;
	ASSERT(t->writable);
	error = mdb_drop(t->mdb, dbi_of(t, db), 0);
	if (error)
		txn_fail(t, error);
}

/* ---- cursors ---- */

void cursor_open(struct cursor *c, struct txn *t, enum db db)
{
	MDB_cursor *mdb = NULL;
	int error;

	*c = (struct cursor){.txn = t};
	if (t->outcome)
		return;
	error = mdb_cursor_open(t->mdb, dbi_of(t, db), &mdb);
	if (error)
		txn_fail(t, error);
	c->mdb = mdb;
}

/* Moves; an error or the end leaves the cursor on nothing. */
static bool cursor_move(struct cursor *c, MDB_val key, MDB_cursor_op op)
{
	MDB_val value;
	int error;

	c->key = c->value = STR_NULL;
	if (!c->mdb || c->txn->outcome)
		return false;
	error = mdb_cursor_get(c->mdb, &key, &value, op);
	if (error == MDB_NOTFOUND)
		return false;
	if (error) {
		txn_fail(c->txn, error);
		return false;
	}
	c->key = str_of(key);
	c->value = str_of(value);
	return true;
}

bool cursor_seek(struct cursor *c, struct str key)
{
	return cursor_move(c, val_from(key), key.n ? MDB_SET_RANGE : MDB_FIRST);
}

bool cursor_seek_last(struct cursor *c, struct str below)
{
	/* The entry before the first that is not below; when none is, the last of all. */
	return cursor_move(c, key_from(below), cursor_seek(c, below) ? MDB_PREV : MDB_LAST);
}

bool cursor_next(struct cursor *c)
{
	/* On nothing, LMDB would begin again at one end: a loop that never ends. */
	return c->key.p && cursor_move(c, val_from(STR_NULL), MDB_NEXT);
}

bool cursor_previous(struct cursor *c)
{
	return c->key.p && cursor_move(c, val_from(STR_NULL), MDB_PREV);
}

void cursor_close(struct cursor *c)
{
	if (c->mdb)
		mdb_cursor_close(c->mdb);
	c->mdb = NULL;
	c->key = c->value = STR_NULL;
}
