/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/year/agenda.h"

static bool before(const struct happens *a, const struct happens *b)
{
	if (a->at != b->at)
		return a->at < b->at;
	return a->what != b->what ? a->what < b->what : a->id < b->id;
}

void agenda_add(struct agenda *a, struct happens h)
{
	uint32_t i = a->len++;

	ASSERT(i < AGENDA_MAX);
	for (; i && before(&h, &a->heap[(i - 1) / 2]); i = (i - 1) / 2)
		a->heap[i] = a->heap[(i - 1) / 2];
	a->heap[i] = h;
}

bool agenda_next(struct agenda *a, struct happens *h)
{
	struct happens last;
	uint32_t i = 0;

	if (!a->len)
		return false;
	*h = a->heap[0];
	last = a->heap[--a->len];
	for (uint32_t c = 1; c < a->len; c = 2 * i + 1) {
		if (c + 1 < a->len && before(&a->heap[c + 1], &a->heap[c]))
			c++;
		if (!before(&a->heap[c], &last))
			break;
		a->heap[i] = a->heap[c];
		i = c;
	}
	a->heap[i] = last;
	return true;
}
