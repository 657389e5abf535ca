/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The columns of a CSV file as members of an object: a column is named by its member, with dots for
 * a member of a member (person.licence.country), or as houses call it (import_name), and the shape
 * says what its cells mean. A list stands in one cell with '|' between elements and ':' between the
 * members of an element, in the order of its shape (maintenance:120|recall:90). An empty cell is
 * absent, `null` is null.
 */

#include "server/import_csv.h"
#include "server/import_time.h"
#include "server/shape.h"

struct import_column {
	struct str path;	   /* the member the header means */
	const struct shape *shape; /* of its cells */
	bool required;
	uint32_t cell; /* number in the file */
};

struct import_columns {
	uint32_t len;
	struct import_column
		column[CSV_COLUMNS_MAX]; /* ascending by path: the order of canonical JSON */
};

/* Whether the shape has such a member; `path` with dots. */
bool import_member(const struct shape *shape, struct str path);
/* A cell of the header that is STR_NULL or begins with # passes its column over. False with a
 * sentence in `why` (in the arena): a name that the shape does not have, or twice. */
MUST_CHECK bool import_columns_read(struct import_columns *out, struct arena *a,
	const struct shape *shape, const struct csv_record *header, struct str *why);
/* One record as canonical JSON in the arena; what a cell's shape refuses stays text, for
 * shape_check to fault. STR_NULL when the arena is full. */
struct str import_columns_json(const struct import_columns *c, struct arena *a,
	const struct csv_record *record, const struct import_day *day);
