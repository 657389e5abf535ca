/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether a data directory is new, whole, or neither. It is made in this order: DIR, DIR/data,
 * DIR/people; a death in between leaves a beginning that the next start completes. What was whole
 * once and lost a part is a loss and never given a new one in silence; what holds other people's
 * files is not made ours.
 */

#include "fleet/store.h"

/* Before anything is opened. FAULT_CORRUPT with a sentence in `why`. */
MUST_CHECK enum outcome birth_check(const char *dir, bool create, char *why, size_t why_size);
/* Whether nothing was ever promised in this store: then its people may still be made. */
bool birth_is_unfinished(struct store *store);
