/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Comma-separated values (RFC 4180), with a comma, a semicolon or a tab, whichever the first line
 * has most of; LF, CRLF and a byte order mark are accepted, blank lines are passed over. Any bytes
 * are safe.
 */

#include "fleet/arena.h"

enum { CSV_COLUMNS_MAX = 256 };

struct csv {
	struct str text; /* borrowed */
	size_t at;
	uint32_t line; /* of the record that comes next, from 1 */
	char separator;
};

struct csv_record {
	uint32_t line; /* where it begins */
	uint32_t len;
	const char *error; /* a constant sentence: the record cannot be read; NULL = good */
	struct str cell[CSV_COLUMNS_MAX]; /* in the text, or in the arena */
};

void csv_init(struct csv *c, struct str text);
/* False at the end. A record that cannot be read has an error; reading goes on after its line. */
MUST_CHECK bool csv_next(struct csv *c, struct arena *a, struct csv_record *out);
