/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * LMDB behind a sticky transaction: an error rests in txn->outcome, later calls do nothing, and
 * commit reports it, so the code between begin and commit has no error branches. A write
 * transaction begins and ends on one thread. Bytes read are valid until the transaction ends (for a
 * writable one: until the next write). Readers are short: never held across a callback.
 * MDB_NOTLS | MDB_NORDAHEAD; never WRITEMAP, NOSYNC (but in tests), DUPSORT.
 * lmdb.h is behind store_lmdb.h, for store.c, store_txn.c and copy.c.
 */

#include "rules/base.h"
#include "rules/outcome.h"

enum db {
	DB_JOURNAL,  /* journal | seq -> hash, entry bytes */
	DB_HEAD,     /* journal -> seq, hash, at */
	DB_REQUESTS, /* journal | key hash -> seq, body hash */
	DB_ROWS,     /* kind | id -> seq, object bytes */
	DB_INDEX,    /* tag | ... -> id or nothing */
	DB_CLAIMS,   /* resource | seat | first start -> packed claims */
	DB_META,     /* name -> value: format version, counters */
	DB_PARTS,    /* attachment | number -> sealed bytes: not in the journal, and not rebuilt */
	DB_COUNT
};

/* What a data directory of this version is written as; another one is refused. */
#define STORE_FORMAT_KEY STR("format")
#define STORE_FORMAT STR("relais 1")
/* What this version makes of the journals in it; of another one it is made anew (renew.h). To be
 * raised with every change of what apply and the index write. */
#define STORE_PROJECTION STR("10")
#define STORE_PROJECTION_KEY STR("projection")

struct store;
struct store_options {
	size_t map_bytes; /* 0 = 64 GiB of address space */
	bool read_only;
	bool no_sync; /* tests and rebuilds into scratch only */
	bool create;  /* false: a directory without data is refused */
	const char *const
		*names;	    /* DB_COUNT names, or NULL for the main store's; people has its own */
	uint32_t names_len; /* DB_COUNT; a slot whose name is NULL does not exist */
	bool no_lock; /* a store inside a directory whose lock the main store holds (people) */
};

struct txn {
	struct store *store;  /* borrowed */
	void *mdb;	      /* owned MDB_txn */
	enum outcome outcome; /* sticky */
	bool writable;
	int error; /* LMDB's or the system's number behind a fault, for the log */
};

/*
 * The files are DIR/data, DIR/data-lock (LMDB's) and DIR/lock (guard.h); `create` makes DIR too.
 * Refused: a store open in this process already, and, unless read_only, one that another process
 * has open for writing (FAULT_BUSY); a format or a directory that is not ours. `why` (of why_size
 * bytes) gets a sentence for the operator when it fails: FAULT_DISK, FAULT_CORRUPT (foreign or
 * damaged).
 */
MUST_CHECK enum outcome store_open(struct store **out, const char *dir,
	const struct store_options *options, char *why, size_t why_size);
void store_close(struct store *store);
/* Whether it has that part: a directory of an older version, only looked at, has no DB_PARTS. */
bool store_has(const struct store *store, enum db db);

void txn_begin(
	struct txn *t, struct store *store, bool writable); /* look at t->outcome, or at commit */
/* Ends it whatever comes. The outcome of everything since txn_begin: FAULT_FULL is clean, nothing
 * was written and the next may succeed; FAULT_UNKNOWN (the commit itself failed) is not. */
MUST_CHECK enum outcome txn_commit(struct txn *t);
void txn_abort(struct txn *t);
/* The id of the last commit this transaction sees. */
uint64_t txn_id(const struct txn *t);

/* Words for t->error. Valid until the next call on this thread. */
const char *txn_error_text(const struct txn *t);

bool txn_get(struct txn *t, enum db db, struct str key, struct str *value);
void txn_put(struct txn *t, enum db db, struct str key, struct str value);
void txn_append(struct txn *t, enum db db, struct str key,
	struct str value); /* key above all others of its prefix */
/* The same with a value in two parts, which lie behind one another in the store. */
void txn_append2(struct txn *t, enum db db, struct str key, struct str head, struct str tail);
void txn_delete(struct txn *t, enum db db, struct str key);
void txn_empty(struct txn *t, enum db db);

/* Ordered walk. A cursor of a writable transaction must not outlive a write to the same db. */
struct cursor {
	struct txn *txn;       /* borrowed */
	void *mdb;	       /* owned */
	struct str key, value; /* of the entry it stands on; STR_NULL when it stands on none */
};
void cursor_open(struct cursor *c, struct txn *t, enum db db);
bool cursor_seek(struct cursor *c, struct str key);	   /* first entry >= key */
bool cursor_seek_last(struct cursor *c, struct str below); /* last entry < below */
bool cursor_next(struct cursor *c);
bool cursor_previous(struct cursor *c);
void cursor_close(struct cursor *c); /* before its transaction ends */
static inline bool cursor_within(const struct cursor *c, struct str prefix)
{
	return c->key.n >= prefix.n && memcmp(c->key.p, prefix.p, prefix.n) == 0;
}

struct store_usage {
	uint64_t used_bytes; /* the high-water mark: freed pages inside it are used again */
	uint64_t map_bytes, last_txn;
	uint32_t readers, readers_max; /* slots */
	uint64_t oldest_txn; /* the commit that the oldest look still sees; 0: nobody looks */
};
void store_usage(struct store *store, struct store_usage *out);
/* More room, while it serves: what the map may hold at the most. FAULT_BUSY: somebody reads or
 * writes just now, ask again; FAULT_MEMORY: there is no address space for it. Smaller than it is:
 * nothing. */
MUST_CHECK enum outcome store_grow(struct store *store, size_t map_bytes);
/* Writes what the store in `dir` holds, and nothing of what it held before, into a new file that
 * takes the place of the present one, whose bytes are overwritten. Waits for transactions under
 * way; no other process may have it open. A crash leaves the old file or the new one. */
MUST_CHECK enum outcome store_renew(struct store *store, const char *dir);
/* Frees reader slots of dead processes; at start and each minute. */
uint32_t store_check_readers(struct store *store); /* how many */
/* "LMDB 0.9.24: (July 24, 2019)", as it calls itself. */
const char *store_library(void);
/* A compacted copy as one file, synced, while the store is in use (backup). */
MUST_CHECK enum outcome store_copy(struct store *store, const char *file);
