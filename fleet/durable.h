/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Small files that are either as they were or as they shall be, whatever happens on the way. */

#include "fleet/arena.h"
#include "rules/outcome.h"

/* Writes beside it, syncs, renames over it, syncs the directory. Readable by the owner alone.
 * STR_NULL (there was no memory for the bytes) writes nothing: FAULT_MEMORY. */
MUST_CHECK enum outcome durable_write(const char *path, struct str bytes);
/* At most `max` bytes, in the arena; STR_NULL when there is no such file, or it is longer. */
struct str durable_read(const char *path, struct arena *a, size_t max);
