/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A signature on a page: strokes on a field, or a name that was typed. */

#include "fleet/arena.h"

enum { INK_WIDTH = 1000, INK_HEIGHT = 300, INK_BYTES_MAX = 24 << 10 };
/* "M10 20 L30 40 M5 5 L6 6": strokes of whole points within the field. */
bool ink_is_good(struct str path);
/* A signature as SVG, of strokes or of a name that was typed (the other is STR_NULL); it names the
 * page that it signs. STR_NULL without memory. */
struct str ink_svg(struct arena *a, struct str path, struct str typed, struct str sha256);
