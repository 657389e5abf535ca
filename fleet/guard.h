/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who may open a data directory. DIR/lock is held while a store is open: exclusively by the one
 * process that writes, and by each process for itself, because LMDB loses its own locks when a
 * process opens an environment twice. The kernel frees both when a process dies, however it dies.
 */

#include "rules/base.h"
#include "rules/outcome.h"

struct guard {
	int fd; /* owned; -1 = nothing held */
};
#define GUARD_NONE ((struct guard){-1})

/* FAULT_BUSY when somebody has it; FAULT_DISK; with a sentence in `why`. */
MUST_CHECK enum outcome guard_take(
	struct guard *g, const char *dir, bool writer, char *why, size_t why_size);
void guard_drop(struct guard *g);

/* The file system whose locks and memory maps are not those of one machine, by statfs's f_type;
 * NULL: LMDB may live there. */
const char *guard_remote_name(unsigned long f_type);
