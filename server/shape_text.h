/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The formats of text: what is good, why something is not, and how the house writes it. */

#include "server/shape.h"

enum { SHAPE_KEPT_MAX = 32, SHAPE_WHY_MAX = 160 };

/* Room for a text that the house writes otherwise than it came, and for the fault. */
struct shape_text {
	char kept[SHAPE_KEPT_MAX];
	char why[SHAPE_WHY_MAX];
};

/* The kept form of `text` (itself, or in room->kept), or STR_NULL with a sentence in room->why. */
struct str shape_text_keep(struct shape_text *room, enum shape_format format, struct str text,
	const struct shape_context *context);
/* An instant as FORMAT_INSTANT reads it; false with a sentence in `why`. */
MUST_CHECK bool shape_instant(struct instant *out, struct str text,
	const struct shape_context *context, char why[SHAPE_WHY_MAX]);

/* The bounds in bytes where a shape sets none. */
void shape_text_bounds(enum shape_format format, int64_t *min, int64_t *max);
/* For the schema: a regular expression, a JSON Schema format, a sentence; each NULL where none. */
struct shape_text_schema {
	const char *pattern, *format, *about;
};
struct shape_text_schema shape_text_schema(enum shape_format format);
