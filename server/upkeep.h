/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is put in order from time to time: reader slots of processes that died are freed, lest old
 * pages stay pinned; memory that no request uses any more goes back to the system, wherever in the
 * heap it lies, lest every page that was ever free stays resident (tests/soak); and a store that
 * may be larger grows when nobody reads it. */

#include <uv.h>

#include "fleet/fleet.h"

enum { UPKEEP_MS = 60000, UPKEEP_GROW_MS = 50, UPKEEP_LARGE_BYTES = 1 << 20 };

struct upkeep;
struct upkeep *upkeep_open(uv_loop_t *loop, struct fleet *fleet);
/* From now on, or from the next moment on that nobody reads. */
void upkeep_grow(struct upkeep *u, size_t map_bytes);
/* Reader slots that were freed since the start. */
uint64_t upkeep_readers_freed(const struct upkeep *u);
void upkeep_close(struct upkeep *u);
