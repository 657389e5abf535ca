/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The inside of a store, shared by store.c, copy.c and room.c and by nobody else. The types of
 * lmdb.h are only named here, so that including this file does not bring LMDB along. */

#include <pthread.h>

#include "fleet/guard.h"
#include "fleet/store.h"

struct MDB_env;

struct store {
	struct MDB_env *env;	/* owned */
	unsigned dbi[DB_COUNT]; /* 0 = this store has no such part */
	struct guard guard;
	bool read_only, no_sync;
	const char *const *names; /* borrowed: of its parts */
	/* The map may move only while nobody reads it: see store_grow. */
	pthread_mutex_t mutex;
	pthread_cond_t unused;
	uint32_t users;	     /* under the mutex: transactions that are open in this process */
	uint64_t held_bytes; /* the blocks that room.c holds: to there from the file's beginning */
};

/* Another thread's commit failed in its last write: what is on disk is known after a restart. Until
 * then nothing can be read, and "there is no such thing" would be a lie: the process ends. */
_Noreturn void store_stop(void);

/* A map of at least so many bytes, in whole pages of any size in use. */
size_t store_map_bytes(size_t bytes);
/* Takes over the size that another process gave the map; its caller alone has entered. */
bool store_adopt_map(struct store *store);
/* Between the two the map stays where it is. */
void store_enter(struct store *store);
void store_leave(struct store *store);
/* The data file's descriptor; the store's. */
int store_file(struct store *store);

/* At open, to what the file says that it holds. 0 or a number of LMDB or of the system. */
int store_file_lengthen(struct MDB_env *env);

/* What a number of LMDB or of the system means to us. ASSERTs that it is not a mistake of ours. */
enum outcome store_fault(int error);
