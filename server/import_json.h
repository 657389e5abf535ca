/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The objects of a JSON file one by one, with the line each begins on: the file is one object, or
 * an array of them. It only finds where they begin and end; the strict parser then reads each. */

#include "rules/base.h"

struct import_json {
	struct str text; /* borrowed */
	size_t at;
	uint32_t line; /* of text[at], from 1 */
	bool array, begun;
	const char *error; /* a constant sentence; then `line` is where */
};

void import_json_init(struct import_json *j, struct str text);
/* False at the end, or with an error. */
MUST_CHECK bool import_json_next(struct import_json *j, struct str *element, uint32_t *line);
