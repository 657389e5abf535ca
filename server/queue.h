/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Commands in the order they came, linked by themselves. Whoever shares one between threads locks
 * around it. */

#include "fleet/fleet.h"

struct queue {
	struct command *first, *last;
	uint32_t len;
};

void queue_add(struct queue *q, struct command *c);
struct command *queue_take(struct queue *q); /* NULL: it is empty */
/* Takes that one out; false when it is not in here. Walks along all that wait. */
bool queue_drop(struct queue *q, struct command *c);
/* Takes all that wait, up to a batch. */
size_t queue_batch(struct queue *q, struct command *batch[BATCH_MAX]);
