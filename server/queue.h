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
/* Takes all that wait, up to a batch. */
size_t queue_batch(struct queue *q, struct command *batch[BATCH_MAX]);
