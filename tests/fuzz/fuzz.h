/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A target is one parser of bytes from outside with what must hold of it: one file fuzz_NAME.c, one
 * function, any bytes. It is linked twice: with libFuzzer, which searches, and with replay.c, which
 * goes through the corpus with any compiler. What does not hold ends the process (ASSERT).
 */

#include <stdio.h>

#include "fleet/arena.h"
#include "rules/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline struct str fuzz_str(const uint8_t *data, size_t size)
{
	return (struct str){(const char *)data, size};
}

/* The first line names what is meant (a kind, a shape); the rest is for the parser. */
static inline struct str fuzz_line(struct str *input)
{
	const char *end = input->n ? memchr(input->p, '\n', input->n) : NULL;
	size_t n = end ? (size_t)(end - input->p) : input->n;
	struct str line = {input->p, n};

	n += end != NULL;
	*input = (struct str){input->n ? input->p + n : NULL, input->n - n};
	return line;
}

/* An empty arena: the same one each time. */
static inline struct arena *fuzz_arena(void)
{
	static struct arena arena;

	if (!arena.max)
		arena_init(&arena, ARENA_MAX_DEFAULT);
	arena_reset(&arena);
	return &arena;
}

static inline const struct zone *fuzz_zone(void)
{
	static struct zone zone;
	static char tzif[1 << 16];

	if (zone.name[0])
		return &zone;
	FILE *file = fopen("/usr/share/zoneinfo/Europe/Paris", "rb");
	ASSERT(file);
	size_t n = fread(tzif, 1, sizeof tzif, file);
	fclose(file);
	ASSERT(zone_read(&zone, STR("Europe/Paris"), (struct str){tzif, n}));
	return &zone;
}
