/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Work that would hold the loop up (a slow hash, a wait for the disk) runs on threads beside it:
 * so many pieces at a time, so many waiting, beyond that none is taken. All calls are the loop's.
 */

#include <uv.h>

#include "rules/base.h"

struct lane;
struct work {
	uv_work_t request;
	void (*run)(struct work *work);	 /* on a thread: touches nothing of the loop's */
	void (*done)(struct work *work); /* on the loop, once; may free it */
	struct lane *lane;
	struct work *next;
};

struct lane {
	uv_loop_t *loop; /* borrowed */
	uint32_t running, running_max, waiting, waiting_max;
	struct work *first, *last;
	uint64_t taken, refused;
};

void lane_init(struct lane *lane, uv_loop_t *loop, uint32_t running_max, uint32_t waiting_max);
/* False: too much waits, and nothing happened. The loop ends no earlier than the work. */
MUST_CHECK bool lane_add(struct lane *lane, struct work *work);
