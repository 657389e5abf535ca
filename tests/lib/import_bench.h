/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A fleet to import into, and all that an import tells of itself. */

#include "server/import.h"
#include "tests/lib/check.h"
#include "tests/lib/demo_env.h"

struct bench {
	struct demo_env e;
	struct import im;
	char told[4000];
	size_t told_n;
};

static inline void bench_tell(void *context, const char *sentence)
{
	struct bench *b = context;

	b->told_n +=
		(size_t)snprintf(b->told + b->told_n, sizeof b->told - b->told_n, "%s\n", sentence);
	assert_true(b->told_n < sizeof b->told);
}

/* An import of a file "f" by "import", now; nothing is told of it yet. */
static inline void bench_import(struct bench *b)
{
	b->told[b->told_n = 0] = '\0';
	b->im = (struct import){.fleet = b->e.fleet,
		.now = b->e.still.now,
		.by = STR("import"),
		.file = "f",
		.tell = bench_tell,
		.context = b};
}

static inline struct bench *bench_open(const char *now)
{
	struct bench *b = calloc(1, sizeof *b);

	assert_non_null(b);
	demo_env_open(&b->e, now);
	return b;
}

static inline int close_bench(void **state)
{
	struct bench *b = *state;

	demo_env_close(&b->e);
	free(b);
	return 0;
}
