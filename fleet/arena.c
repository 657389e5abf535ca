/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* The address sanitizer sees what was handed out and nothing else, and what was given back. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

/*
 * Blocks in a list, the newest first; only the newest is filled. `used` counts what was handed out,
 * rounded to the alignment, so the limit is one of requests and does not depend on how blocks fell.
 */

enum {
	ALIGN = 16,
	BLOCK_FIRST = 16 << 10,
	/* Blocks double up to this, so that one holds an entry that is being written and all it is
	 * made of; only one large request makes a larger one. */
	BLOCK_LAST = 2 << 20,
};

struct arena_block {
	struct arena_block *next; /* owned: the block before this one */
	size_t size, used;	  /* of the bytes behind the header */
};
_Static_assert(sizeof(struct arena_block) <= 32, "the header is padded to two alignments");
enum { HEADER = 32 };

static char *block_bytes(struct arena_block *b)
{
	return (char *)b + HEADER;
}

static size_t round_up(size_t n)
{
	return (n + (ALIGN - 1)) & ~(size_t)(ALIGN - 1);
}

void arena_init(struct arena *a, size_t max)
{
	ASSERT(max > 0);
	*a = (struct arena){.max = max};
}

void arena_deinit(struct arena *a)
{
	for (struct arena_block *b = a->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	*a = (struct arena){.max = a->max};
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = NULL;

	/* The largest ordinary block serves the next command without malloc; one that was made for
	 * a single huge request is given back, or every connection would hoard its worst day. */
	for (struct arena_block *b = a->blocks, *next; b; b = next) {
		struct arena_block *drop = b;
		next = b->next;
		if (b->size <= BLOCK_LAST && (!keep || b->size > keep->size)) {
			drop = keep;
			keep = b;
		}
		free(drop);
	}
	if (keep) {
		keep->next = NULL;
		keep->used = 0;
		ASAN_POISON_MEMORY_REGION(block_bytes(keep), keep->size);
	}
	a->blocks = keep;
	a->used = 0;
	a->full = false;
}

/* A new top block with room for n bytes; NULL without memory. */
static struct arena_block *block_add(struct arena *a, size_t n)
{
	size_t size = a->blocks ? a->blocks->size * 2 : BLOCK_FIRST;
	struct arena_block *b;

	if (size > BLOCK_LAST)
		size = BLOCK_LAST;
	if (size < n)
		size = n;
	b = malloc(HEADER + size);
	if (!b)
		return NULL;
	*b = (struct arena_block){.next = a->blocks, .size = size};
	ASAN_POISON_MEMORY_REGION(block_bytes(b), size);
	a->blocks = b;
	return b;
}

void *arena_take(struct arena *a, size_t n)
{
	size_t need = round_up(n ? n : 1);
	struct arena_block *b = a->blocks;
	void *p;

	/* need < n: the size itself overflowed. Once full, always full: half-made results are never
	 * mistaken for whole ones because a smaller piece still found room. */
	if (a->full || need < n || need > a->max - a->used) {
		a->full = true;
		return NULL;
	}
	if (!b || b->size - b->used < need)
		b = block_add(a, need);
	if (!b) {
		a->full = true;
		return NULL;
	}
	p = block_bytes(b) + b->used;
	b->used += need;
	a->used += need;
	ASSERT(b->used <= b->size && a->used <= a->max);
	ASAN_UNPOISON_MEMORY_REGION(p, n ? n : 1);
	return p;
}

/* Shrinks the newest allocation from n to `kept` bytes; nothing happens when p is not the newest.
 */
static void give_back(struct arena *a, const void *p, size_t n, size_t kept)
{
	struct arena_block *b = a->blocks;
	size_t had = round_up(n ? n : 1), has = round_up(kept ? kept : 1);

	ASSERT(kept <= n && b);
	if (b->used < had || (const char *)p != block_bytes(b) + b->used - had)
		return;
	b->used -= had - has;
	a->used -= had - has;
	ASAN_POISON_MEMORY_REGION((const char *)p + has, had - has);
}

void *arena_alloc(struct arena *a, size_t n)
{
	void *p = arena_take(a, n);

	if (p)
		memset(p, 0, n);
	return p;
}

struct str arena_copy(struct arena *a, struct str s)
{
	char *p = s.n < SIZE_MAX ? arena_take(a, s.n + 1) : NULL;

	if (!p)
		return STR_NULL;
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct str){p, s.n};
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	int n;
	char *p;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	ASSERT(n >= 0);
	p = arena_take(a, (size_t)n + 1);
	if (!p)
		return STR_NULL;
	va_start(args, format);
	ASSERT(vsnprintf(p, (size_t)n + 1, format, args) == n);
	va_end(args);
	return (struct str){p, (size_t)n};
}

/* An upper bound of the values in a source: every value but the first follows one of [ { , : and
 * brings at least one byte of its own. Commas inside strings make it larger, never too small. */
static size_t nodes_bound(struct str source, bool *escapes)
{
	size_t marks = 0, most = source.n / 2 + 1;
	uint8_t backslash = 0;

	/* pieces whose marks a byte can count: the compiler looks at many bytes at once */
	for (size_t at = 0; at < source.n;) {
		size_t end = source.n - at < UINT8_MAX ? source.n : at + UINT8_MAX;
		uint8_t some = 0;
		for (; at < end; at++) {
			char c = source.p[at];
			some = (uint8_t)(some +
					 ((c == ',') | (c == ':') | (c == '[') | (c == '{')));
			backslash |= c == '\\';
		}
		marks += some;
	}
	*escapes = backslash;
	return (marks < most ? marks : most) + 1;
}

struct json arena_json(struct arena *a, struct str source, struct json_doc **doc)
{
	/* What `doc` shows when not even a document fits: shared, and never written to. */
	static struct json_doc none = {.error = "the value is too large"};
	struct json_doc *d = arena_alloc(a, sizeof(*d));
	bool escapes, good;
	size_t nodes_max = nodes_bound(source, &escapes);

	if (doc)
		*doc = d ? d : &none;
	if (!d)
		return JSON_ABSENT;
	d->error = none.error;
	if (nodes_max > UINT32_MAX)
		return JSON_ABSENT;
	/* Unescaped text is never longer than its source. The nodes come last, so that what they do
	 * not use can be given back. */
	d->text_max = escapes ? source.n : 0;
	d->text = arena_take(a, d->text_max);
	d->nodes = d->text ? arena_take(a, nodes_max * sizeof(struct json_node)) : NULL;
	if (!d->nodes)
		return JSON_ABSENT;
	d->nodes_max = (uint32_t)nodes_max;
	good = json_read(d, source);
	give_back(a, d->nodes, nodes_max * sizeof(struct json_node),
		d->nodes_len * sizeof(struct json_node));
	d->nodes_max = d->nodes_len;
	return good ? json_root(d) : JSON_ABSENT;
}

void arena_writer(struct arena *a, struct json_writer *w, size_t size_max)
{
	char *buf = arena_take(a, size_max);

	/* Without memory the writer starts full: it goes on counting and its owner needs no branch.
	 */
	json_writer_init(w, buf, buf ? size_max : 0);
}

struct str arena_written(struct arena *a, struct json_writer *w)
{
	struct str text = json_written(w);

	if (w->buf)
		give_back(a, w->buf, w->cap, text.n);
	/* The bytes belong to the arena now: a second use of this writer must not touch them. */
	w->buf = NULL;
	w->cap = 0;
	return text;
}
