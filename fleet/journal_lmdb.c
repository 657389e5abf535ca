/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/journal.h"

/* The journal of one machine is the store itself: an entry that journal_store() has put into the
 * batch's transaction becomes durable with it, and no one else ever writes. */

static enum append append(
	struct journal *self, struct txn *t, const struct pending_entry *entries, size_t count)
{
	(void)self;
	for (size_t i = 0; i < count; i++) {
		struct journal_entry stored;
		struct journal_head head;
		(void)journal_head(t, entries[i].journal, &head);
		/* Entries that were stored while the batch was decided only need to be the same. */
		if (head.seq < entries[i].seq) {
			journal_store(t, &entries[i]);
			continue;
		}
		if (!journal_entry(t, entries[i].journal, entries[i].seq, &stored))
			break;
		ASSERT(memcmp(stored.hash.bytes, entries[i].hash.bytes, HASH_LEN) == 0);
	}
	/* A fault of the store rests in the transaction; its commit tells it. */
	return APPEND_DONE;
}

struct journal *journal_lmdb(void)
{
	/* Never written to: it has no state, only the answer above. */
	static struct journal journal = {.append = append};

	return &journal;
}
