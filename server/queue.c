/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/queue.h"

void queue_add(struct queue *q, struct command *c)
{
	ASSERT(!c->next);
	if (q->last)
		q->last->next = c;
	else
		q->first = c;
	q->last = c;
	q->len++;
}

struct command *queue_take(struct queue *q)
{
	struct command *c = q->first;
	if (!c)
		return NULL;
	q->first = c->next;
	if (!q->first)
		q->last = NULL;
	q->len--;
	c->next = NULL;
	return c;
}

bool queue_drop(struct queue *q, struct command *c)
{
	struct command *before = NULL;

	for (struct command *at = q->first; at; before = at, at = at->next) {
		if (at != c)
			continue;
		if (before)
			before->next = c->next;
		else
			q->first = c->next;
		if (!c->next)
			q->last = before;
		c->next = NULL;
		q->len--;
		return true;
	}
	return false;
}

size_t queue_batch(struct queue *q, struct command *batch[BATCH_MAX])
{
	size_t n = 0;

	while (n < BATCH_MAX && q->first)
		batch[n++] = queue_take(q);
	return n;
}
