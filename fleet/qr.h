/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "fleet/arena.h"

/* A QR code (ISO/IEC 18004, level M) of a short text as inline SVG, its quiet zone included. The
 * same text gives the same bytes. STR_NULL: no memory, or too long a text. */
struct str qr_svg(struct arena *a, struct str text);
