/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Tables as CSV (RFC 4180): cells with commas between them, CRLF, quotes where needed. A text that
 * a spreadsheet would take for a formula gets an apostrophe in front: what people typed must not
 * run on somebody's desk.
 */

#include "rules/base.h"

/* Fills a lent buffer, or only counts when there is none yet: a table is put twice. */
struct csv {
	char *buf; /* borrowed */
	size_t len;
	bool some;	 /* the row has a cell already */
	bool semicolons; /* between cells: where the comma belongs to numbers */
};
void csv_mark(struct csv *c); /* before all else: it is UTF-8 */
void csv_none(struct csv *c); /* an empty cell */
void csv_text(struct csv *c, struct str text);
void csv_number(struct csv *c, int64_t number);
/* Characters of ours that are no formula, whatever the first is. */
void csv_plain(struct csv *c, struct str text);
void csv_row_end(struct csv *c);
