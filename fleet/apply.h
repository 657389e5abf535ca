/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The only code that changes state: an entry becomes rows, index entries and claims. It refuses
 * nothing and draws nothing (no clock, no chance), live and on replay alike. The journal itself and
 * its head are kept by journal_store; apply keeps everything that can be rebuilt.
 */

#include "fleet/journal.h"

/* `bytes` is a whole entry. FAULT_CORRUPT when it does not read: then nothing of it was applied. */
MUST_CHECK enum outcome apply_entry(struct txn *t, struct arena *a, struct str bytes);

/* Counters that apply keeps in DB_META, by site. */
uint32_t site_serial(struct txn *t, struct str site); /* the last serial given */
