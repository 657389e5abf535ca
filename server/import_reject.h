/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The rows of a CSV file that were not taken, as a file to be corrected and imported by itself: the
 * header and each row byte for byte as they stood, and behind them a column REJECT_COLUMN with the
 * first fault of the row. An import passes such a column over.
 */

#include <stdio.h>

#include "fleet/arena.h"
#include "rules/base.h"

#define REJECT_COLUMN "#fault"

struct import_reject {
	uint32_t line;
	struct str why; /* in the arena */
};
struct import_rejects {
	uint32_t len, max;
	struct import_reject *reject; /* owned */
	struct arena arena;	      /* owned */
	bool full;		      /* one could not be kept: the file would not be whole */
};

void import_rejects_init(struct import_rejects *r);
void import_rejects_deinit(struct import_rejects *r);
/* The row that begins on that line; the first fault of a line is the one that is kept. */
void import_rejects_add(struct import_rejects *r, uint32_t line, struct str why);
/* Ascending by line, each once: before it is asked or written. */
void import_rejects_sort(struct import_rejects *r);
bool import_rejects_has(const struct import_rejects *r, uint32_t line);
/* The file, from the bytes it was read from. False: it could not be written whole. */
MUST_CHECK bool import_rejects_write(const struct import_rejects *r, FILE *out, struct str bytes);
