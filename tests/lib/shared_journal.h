/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A journal that several servers append to, in memory and always reachable: the truth behind a port
 * that loses replies. It takes a batch whole or not at all, and only at the very places where the
 * writer saw the heads.
 */

#include "fleet/journal.h"

enum { SHARED_JOURNALS_MAX = 4 };

struct shared_entry {
	uint32_t journal; /* its place in `names` */
	uint64_t seq;
	struct hash prev, hash;
	struct str bytes; /* owned */
};
struct shared_journal {
	struct shared_entry *entries; /* owned, in the order they came */
	size_t len, cap;
	char names[SHARED_JOURNALS_MAX][ID_MAX + 1];
	uint64_t heads[SHARED_JOURNALS_MAX];
	uint32_t names_len;
};

/* DONE (now or before: *fresh says how many are new) or LOST. */
enum append shared_append(
	struct shared_journal *j, const struct pending_entry *entries, size_t count, size_t *fresh);
/* NULL: there is none. */
const struct shared_entry *shared_at(
	const struct shared_journal *j, struct str journal, uint64_t seq);
uint64_t shared_head(const struct shared_journal *j, struct str journal);
/* What struct journal's read answers: ENTRY, END or FORKED. */
enum journal_read shared_read(
	struct shared_journal *j, struct txn *t, struct arena *a, struct pending_entry *out);
/* All that a store has, into an empty one. */
void shared_copy(struct shared_journal *j, struct txn *t);
/* Forgets what came after the first `len` entries: as it was then. */
void shared_cut(struct shared_journal *j, size_t len);
void shared_free(struct shared_journal *j);
