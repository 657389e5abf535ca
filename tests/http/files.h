/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Whole files as bytes, for tests that look into them or damage them. */

#include "tests/http/house.h"

static inline void file_write(const char *path, struct str bytes)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(bytes.n ? fwrite(bytes.p, 1, bytes.n, f) : 0, bytes.n);
	assert_int_equal(fclose(f), 0);
}

/* Freed with text_free. */
static inline struct str file_slurp(const char *path)
{
	char *p = NULL, buf[1 << 14];
	size_t n = 0, got;
	FILE *out = open_memstream(&p, &n), *f = fopen(path, "rb");

	assert_true(f && out);
	while ((got = fread(buf, 1, sizeof(buf), f)) > 0)
		assert_int_equal(fwrite(buf, 1, got, out), got);
	fclose(f);
	assert_int_equal(fclose(out), 0);
	return (struct str){p, n};
}

/* Writes over a part of a file that goes on behind it. */
static inline void file_overwrite(const char *path, size_t at, struct str bytes)
{
	FILE *f = fopen(path, "r+b");

	assert_non_null(f);
	assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	assert_int_equal(fclose(f), 0);
}

/* Where `part` begins in `all` from `from` on; SIZE_MAX when it does not. */
static inline size_t bytes_find(struct str all, size_t from, struct str part)
{
	const void *p = from < all.n ? memmem(all.p + from, all.n - from, part.p, part.n) : NULL;

	return p ? (size_t)((const char *)p - all.p) : SIZE_MAX;
}

/* A file of the house's data directory; the path is good until the next call. */
static inline const char *in_data(const struct house *h, const char *name)
{
	static char path[SCRATCH_PATH * 3];

	snprintf(path, sizeof(path), "%s/%s", h->data, name);
	return path;
}
