/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* LMDB itself, for the files of the store and for nobody else: its values and ours. */

#include <lmdb.h>

#include "fleet/store.h"

static inline MDB_val val_from(struct str s)
{
	/* LMDB never writes through mv_data of what it is given; its type only lacks the const. */
	union {
		const char *in;
		void *out;
	} p = {.in = s.n ? s.p : ""};

	return (MDB_val){s.n, p.out};
}

static inline struct str str_of(MDB_val v)
{
	return (struct str){v.mv_data, v.mv_size};
}
