/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/worst/spread.h"

#include <stdlib.h>

enum { SPREAD_FIRST = 1024 };

void spread_add(struct spread *s, int64_t ns)
{
	if (s->len == s->cap) {
		s->cap = s->cap ? s->cap * 2 : SPREAD_FIRST;
		s->ns = realloc(s->ns, s->cap * sizeof *s->ns);
		ASSERT(s->ns);
	}
	s->ns[s->len++] = ns;
}

static int ascending(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int64_t spread_at(struct spread *s, uint32_t per_mille)
{
	uint64_t rank = ((uint64_t)s->len * per_mille + 999) / 1000;

	if (s->len == 0)
		return 0;
	qsort(s->ns, s->len, sizeof *s->ns, ascending);
	return s->ns[rank ? rank - 1 : 0];
}

void spread_free(struct spread *s)
{
	free(s->ns);
}
