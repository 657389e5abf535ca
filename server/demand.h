/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Where refused offers are counted until they are journalled: every DEMAND_MS each site that has
 * something to say gets a DEMAND command, and at once when the book is nearly full or the server
 * stops. What the writer cannot take goes back into the book. A server that is killed loses what
 * was counted since the last hour.
 */

#include <uv.h>

#include "fleet/demand_book.h"
#include "server/writer.h"

enum { DEMAND_MS = 60 * 60 * 1000 };

struct demand_desk;
/* NULL without memory. */
struct demand_desk *demand_desk_open(uv_loop_t *loop, struct writer *writer);
/* An offer was made: `unmet` is counted where it says so, once for the same question. */
void demand_desk_count(
	struct demand_desk *desk, struct str site, struct str question, const struct demand *unmet);
/* All that is counted is on its way to the writer. */
void demand_desk_flush(struct demand_desk *desk);
/* The last flush: nothing is counted after it. Before the writer closes. */
void demand_desk_close(struct demand_desk *desk);

struct demand_counts {
	uint32_t waiting; /* counts in the book */
	uint64_t lost;	  /* refusals that found no room in it */
};
struct demand_counts demand_desk_counts(const struct demand_desk *desk);
