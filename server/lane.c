/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/lane.h"

void lane_init(struct lane *lane, uv_loop_t *loop, uint32_t running_max, uint32_t waiting_max)
{
	*lane = (struct lane){.loop = loop, .running_max = running_max, .waiting_max = waiting_max};
}

static void on_thread(uv_work_t *request)
{
	struct work *work = (struct work *)request;
	work->run(work);
}

static void on_done(uv_work_t *request, int status);

static void work_start(struct lane *lane, struct work *work)
{
	lane->running++;
	ASSERT(uv_queue_work(lane->loop, &work->request, on_thread, on_done) == 0);
}

static void on_done(uv_work_t *request, int status)
{
	struct work *work = (struct work *)request;
	struct lane *lane = work->lane;
	ASSERT(status == 0 && lane->running > 0); /* nobody cancels */
	lane->running--;
	struct work *next = lane->first;
	if (next) {
		lane->first = next->next;
		if (!lane->first)
			lane->last = NULL;
		lane->waiting--;
		work_start(lane, next);
	}
	work->done(work);
}

bool lane_add(struct lane *lane, struct work *work)
{
	ASSERT(work->run && work->done);
	work->lane = lane;
	work->next = NULL;
	if (lane->running < lane->running_max) {
		lane->taken++;
		work_start(lane, work);
		return true;
	}
	if (lane->waiting >= lane->waiting_max) {
		lane->refused++;
		return false;
	}
	lane->taken++;
	if (lane->last)
		lane->last->next = work;
	else
		lane->first = work;
	lane->last = work;
	lane->waiting++;
	return true;
}
