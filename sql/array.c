/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "sql/array.h"

enum { HEAD_BYTES = 20, ELEMENT_BYTES = 4, NUMBER_BYTES = 8 };

static void put(struct array *w, uint64_t n, size_t bytes)
{
	if (!w->bytes)
		return;
	ASSERT(w->n + bytes <= w->max);
	while (bytes-- > 0)
		w->bytes[w->n++] = (char)(n >> 8 * bytes & 0xff);
}

void array_begin(struct array *w, struct arena *a, enum array_of of, size_t len, size_t bytes_max)
{
	ASSERT(len <= INT32_MAX);
	*w = (struct array){
		.max = HEAD_BYTES + len * ELEMENT_BYTES + bytes_max, .left = (uint32_t)len};
	w->bytes = arena_take(a, w->max);
	put(w, len > 0, 4); /* dimensions */
	put(w, 1, 4);	    /* some may be null */
	put(w, of, 4);
	if (len == 0)
		return;
	put(w, len, 4);
	put(w, 1, 4); /* the first has this index */
}

void array_bytes(struct array *w, struct str s)
{
	ASSERT(w->left-- > 0);
	put(w, s.p ? s.n : UINT32_MAX, 4);
	if (!w->bytes || !s.p)
		return;
	ASSERT(s.n <= w->max - w->n);
	memcpy(w->bytes + w->n, s.p, s.n);
	w->n += s.n;
}

void array_number(struct array *w, int64_t n)
{
	ASSERT(w->left-- > 0);
	put(w, NUMBER_BYTES, 4);
	put(w, (uint64_t)n, NUMBER_BYTES);
}

struct str array_str(const struct array *w)
{
	ASSERT(w->left == 0);
	return w->bytes ? (struct str){w->bytes, w->n} : STR_NULL;
}
