/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The library that is preloaded under the program, switched on and off for the processes that a
 * test starts from then on. */

#include "tests/disk/record.h"
#include "tests/disk/shift.h"

struct disk {
	struct scratch scratch; /* beside the house: the record and the counters */
	char record[SCRATCH_PATH * 2], full[SCRATCH_PATH * 2], counter[SCRATCH_PATH * 2];
};

/* Scratch directories lie in memory from then on, where the machine has room for that. */
void disk_in_memory(void);
void disk_make(struct disk *d);
void disk_remove(struct disk *d);
/* `library` is an environment variable that names it; the house's data are watched. */
void disk_preload(const char *library, const struct house *h);
/* No more, and none of its orders. */
void disk_unload(void);
uint64_t disk_count(const struct disk *d);
void disk_count_reset(const struct disk *d);
/* Starts the program on the house's data; `config` may be NULL. False: it would not serve. */
bool disk_serve(struct house *h, const char *config);
/* A copy of a data directory that nobody has open. */
void disk_copy(const char *from, const char *to);
bool disk_is_long(void);
