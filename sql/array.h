/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Arrays of one dimension as PostgreSQL takes them in binary (array_recv): many rows in one round
 * trip, with no text to escape. */

#include "fleet/arena.h"

/* The oids of pg_type.dat, which never change. */
enum array_of { ARRAY_BYTEA = 17, ARRAY_INT8 = 20, ARRAY_TEXT = 25 };

struct array {
	char *bytes; /* in the arena */
	size_t n, max;
	uint32_t left; /* elements still to come */
};

/* An array of `len` elements whose bytes are not more than `bytes_max` in all. Where the arena is
 * full nothing is written, and array_str gives STR_NULL. */
void array_begin(struct array *w, struct arena *a, enum array_of of, size_t len, size_t bytes_max);
void array_bytes(struct array *w, struct str s); /* text and bytea; STR_NULL: null */
void array_number(struct array *w, int64_t n);
struct str array_str(const struct array *w);
