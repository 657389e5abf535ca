/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/year/book.h"

void book_add(struct book *b, struct promise p)
{
	ASSERT(b->of[p.class].len < PROMISES_MAX);
	b->of[p.class].promises[b->of[p.class].len++] = p;
}

struct promise *book_find(struct book *b, uint32_t class, uint32_t id)
{
	for (uint32_t i = 0; i < b->of[class].len; i++)
		if (b->of[class].promises[i].id == id)
			return &b->of[class].promises[i];
	return NULL;
}

void book_remove(struct book *b, struct promise *p)
{
	uint32_t class = p->class;

	*p = b->of[class].promises[--b->of[class].len];
}

static uint32_t needed_at(const struct book *b, uint32_t class, int32_t at)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < b->of[class].len; i++) {
		const struct promise *p = &b->of[class].promises[i];
		n += p->car != NO_CAR && promise_overlaps(p, at, at + 1);
	}
	return n;
}

/* The need grows only where a promise begins. */
uint32_t book_needed(const struct book *b, uint32_t class, int32_t from, int32_t until, int32_t *at)
{
	uint32_t most = needed_at(b, class, from);
	int32_t where = from;

	for (uint32_t i = 0; i < b->of[class].len; i++) {
		int32_t begins = b->of[class].promises[i].from;
		uint32_t n = begins > from && begins < until ? needed_at(b, class, begins) : 0;
		if (n <= most && !(n == most && begins < where))
			continue;
		most = n;
		where = begins;
	}
	if (at)
		*at = where;
	return most;
}
