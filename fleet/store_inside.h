/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The inside of a store, shared by store.c and copy.c and by nobody else. The types of
 * lmdb.h are only named here, so that including this file does not bring LMDB along. */

#include "fleet/guard.h"
#include "fleet/store.h"

struct MDB_env;

struct store {
	struct MDB_env *env;	/* owned */
	unsigned dbi[DB_COUNT]; /* 0 = this store has no such part */
	struct guard guard;
	bool read_only;
};

/* What a number of LMDB or of the system means to us. ASSERTs that it is not a mistake of ours. */
enum outcome store_fault(int error);
