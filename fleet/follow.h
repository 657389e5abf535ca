/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A projection follows its journal: entries that were decided elsewhere, or before, become rows. */

#include "fleet/apply.h"

/* Stores and applies the entry that comes next in its journal. FAULT_CORRUPT with *why, the
 * transaction to be given up, when its bytes do not read, are not those of its hash, do not hang on
 * the head that the store has, or say what cannot be kept (apply_outside). `entry->at` is read from
 * the bytes. */
MUST_CHECK enum outcome follow_entry(struct txn *t, struct arena *a, struct env *env,
	struct pending_entry *entry, const char **why);
