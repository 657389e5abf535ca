/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Files that an operator hands to a command: read whole, up to a bound. */

#include "rules/base.h"

enum { FILE_BYTES_MAX = 64 << 20 };

/* The bytes, to be freed with free((char *)s.p); never STR_NULL for an empty file. STR_NULL with a
 * sentence in `why` when it cannot be read or is larger than `max`. */
struct str file_read(const char *path, size_t max, char *why, size_t why_size);
void file_free(struct str bytes);
