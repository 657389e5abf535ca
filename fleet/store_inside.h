/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The inside of a store, shared by store.c, copy.c and room.c and by nobody else. The types of
 * lmdb.h are only named here, so that including this file does not bring LMDB along. */

#include "fleet/guard.h"
#include "fleet/store.h"

struct MDB_env;

struct store {
	struct MDB_env *env;	/* owned */
	unsigned dbi[DB_COUNT]; /* 0 = this store has no such part */
	struct guard guard;
	bool read_only;
	uint64_t held_bytes; /* the blocks that room.c holds: to there from the file's beginning */
};

/* Another thread's commit failed in its last write: what is on disk is known after a restart. Until
 * then nothing can be read, and "there is no such thing" would be a lie: the process ends. */
_Noreturn void store_stop(void);

/* The data file's descriptor; the store's. */
int store_file(struct store *store);

/* What a number of LMDB or of the system means to us. ASSERTs that it is not a mistake of ours. */
enum outcome store_fault(int error);
