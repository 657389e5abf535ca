/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Rows, index and claims are what a version makes of the journals. Where another version made them,
 * or they differ from what the journals say, they are made anew: all of it within one commit, so
 * that a death on the way leaves what was there before. Needs room for both at once.
 */

#include "fleet/arena.h"
#include "fleet/store.h"

/* Whether this version made what the store holds. */
bool projection_is_current(struct store *store);
/* FAULT_CORRUPT: an entry does not read or does not hang on the one before it. */
MUST_CHECK enum outcome projection_renew(struct store *store);
/* The same within a transaction that changes the journals too. */
MUST_CHECK enum outcome projection_make(struct txn *t, struct arena *a);
