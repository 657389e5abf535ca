/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Grows as it reads: a pipe does not say its size. */
static char *read_all(FILE *f, size_t max, size_t *n, const char **fault)
{
	size_t cap = 64 << 10;
	char *buf = malloc(cap);
	*n = 0;
	*fault = buf ? NULL : "there is not enough memory";
	while (!*fault && !feof(f)) {
		*n += fread(buf + *n, 1, cap - *n, f);
		if (ferror(f))
			*fault = strerror(errno);
		else if (*n > max)
			*fault = "it is too large";
		if (*fault || *n < cap)
			continue;
		char *more = realloc(buf, cap * 2);
		if (!more) {
			*fault = "there is not enough memory";
			continue;
		}
		buf = more;
		cap *= 2;
	}
	if (!*fault)
		return buf;
	free(buf);
	return NULL;
}

struct str file_read(const char *path, size_t max, char *why, size_t why_size)
{
	FILE *f = fopen(path, "re");
	if (!f) {
		snprintf(why, why_size, "%s cannot be read: %s", path, strerror(errno));
		return STR_NULL;
	}
	size_t n = 0;
	const char *fault = NULL;
	char *buf = read_all(f, max, &n, &fault);
	fclose(f);
	if (!buf) {
		snprintf(why, why_size, "%s cannot be read: %s", path, fault);
		return STR_NULL;
	}
	return (struct str){buf, n};
}

void file_free(struct str bytes)
{
	/* The house's text is const; this one was malloc'ed above. */
	free((void *)(uintptr_t)bytes.p);
}
