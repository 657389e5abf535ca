/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The clock's own commands: every TICK_MS each site gets a TICK, which ends holds whose time is up,
 * pushes on cars that are overdue, and gives what is free to whoever is at risk or waits. A site
 * where a place may have become free gets one TICK_SOON_MS later already, and so does one where a
 * desk is to be kept for a car that another site sends (fleet/desk.h). Sites take their turns,
 * TICKS_AT_ONCE at a time, so that a large group does not fill the writer's queue.
 */

#include <uv.h>

#include "server/writer.h"

enum { TICK_MS = 30000, TICK_SOON_MS = 1000, TICKS_AT_ONCE = 32 };

struct ticker;
struct ticker *ticker_open(uv_loop_t *loop, struct fleet *fleet, struct writer *writer);
/* That was done at a site; what may free a place there makes it tick soon, what may lend a car
 * makes the borrower tick soon. NULL ticks nothing. */
void ticker_heard(struct ticker *t, enum verb done, struct str site);
/* No tick is submitted after this; those under way end without it. */
void ticker_close(struct ticker *t);
