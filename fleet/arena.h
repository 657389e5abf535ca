/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Bounded scratch memory of one command or one request: allocate, never free one by one, reset at
 * the end. Grows in blocks up to its limit; beyond that (or without memory) it answers from a
 * reserve no more: arena_alloc ASSERTs are for our mistakes, arena_full() is for hostile sizes. */

#include "rules/base.h"
#include "rules/json.h"

struct arena_block;
struct arena {
	struct arena_block *blocks; /* owned */
	size_t used, max;
	bool full; /* an allocation was refused: sticky until reset */
};

#define ARENA_MAX_DEFAULT ((size_t)64 << 20)

void arena_init(struct arena *a, size_t max);
void arena_reset(struct arena *a); /* keeps one block for the next use */
void arena_deinit(struct arena *a);
/* Zeroed, aligned to 16. NULL when the limit or memory is reached (then a->full). */
void *arena_alloc(struct arena *a, size_t n);
/* The same without the zeros, for what is written before it is read. */
void *arena_take(struct arena *a, size_t n);
/* Copies n bytes and a closing NUL. STR_NULL when full. */
struct str arena_copy(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);

/* Parses `source` (kept by reference: it must outlive the arena's use) into a document in the
 * arena. JSON_ABSENT when it cannot be read; `doc` (may be NULL) then says why. */
struct json arena_json(struct arena *a, struct str source, struct json_doc **doc);
/* A writer whose buffer lives in the arena: write, then take. `size_max` is a bound of ours. */
void arena_writer(struct arena *a, struct json_writer *w, size_t size_max);
/* Gives back what the writer did not use; STR_NULL when it was too small or the arena is full. */
struct str arena_written(struct arena *a, struct json_writer *w);
