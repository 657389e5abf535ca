/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The only code that changes state: an entry becomes rows, index entries and claims. It refuses
 * nothing and draws nothing (no clock, no chance), live and on replay alike. The journal itself and
 * its head are kept by journal_store; apply keeps everything that can be rebuilt.
 */

#include "fleet/env.h"
#include "fleet/journal.h"

/* `bytes` is a whole entry, of ours. FAULT_CORRUPT when it does not read: then nothing of it was
 * applied. */
MUST_CHECK enum outcome apply_entry(struct txn *t, struct arena *a, struct str bytes);
/* The same for an entry that somebody else may have written, though it reads and stands in its
 * chain: objects that are not in their form (row_form.h), that are another journal's or are not
 * there, and claims that overlap are FAULT_CORRUPT with *why, words in the arena; then some of it
 * may have been applied, and the transaction is to be given up. */
MUST_CHECK enum outcome apply_outside(
	struct txn *t, struct arena *a, struct env *env, struct str bytes, const char **why);

/* Counters that apply keeps in DB_META, by site. */
uint32_t site_serial(struct txn *t, struct str site); /* the last serial given */
