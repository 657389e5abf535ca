/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A directory's journals, persons' keys and what is attached into PostgreSQL. What is there already
 * is left and goes on from: whatever interrupts it, the next call does the rest. */

#include "fleet/fleet.h"
#include "sql/journal_pg.h"

struct journal_copy {
	void (*tell)(void *context, uint64_t done, uint64_t all); /* now and then; may be NULL */
	void *context;
	/* out */
	uint64_t journals, entries, copied, keys;
};
/* FAULT_CORRUPT: another installation's journal is there, or one that went on otherwise;
 * FAULT_BUSY: PostgreSQL is away. A sentence in `why`. At the end every head was found there with
 * its hash, and so all that hangs on it. */
MUST_CHECK enum outcome journal_copy(struct journal_pg *j, struct fleet *from,
	struct journal_copy *c, char *why, size_t why_size);
