/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The journal: one chain of entries per site, and `directory` for what all sites share. A port:
 * journal_lmdb keeps it in the store's own transaction; a remote journal (PostgreSQL) appends
 * before the store commits. decide, apply and the calendar do not know which is in use.
 */

#include "fleet/event.h"
#include "fleet/store.h"

struct journal_head {
	uint64_t seq; /* 0 = empty */
	struct hash hash;
	struct instant at; /* of the last entry: event times never go backwards */
};

struct journal_entry {
	uint64_t seq;
	struct hash prev, hash;
	struct str bytes;
};

struct pending_entry {
	struct str journal;
	uint64_t seq;
	struct hash prev, hash;
	struct instant at;
	struct str bytes; /* borrowed until append returns */
};

/* What an append can answer. On LOST (another was first) and UNKNOWN (no reply) the batch is
 * aborted and decided again at the new head. */
enum append { APPEND_DONE, APPEND_LOST, APPEND_UNKNOWN };

struct journal {
	/* Appends the batch: consecutive entries of one or more journals, heads known to the
	 * caller. */
	enum append (*append)(struct journal *self, struct txn *t,
		const struct pending_entry *entries, size_t count);
	/* Brings the store up to the journal's head before a batch decides; true when it is there.
	 */
	bool (*catch_up)(struct journal *self);
};

/* The LMDB journal: entries become durable with the transaction they were decided in. */
struct journal *journal_lmdb(void);

/* What any journal's projection keeps in the store, in the same transaction as the rows. */
void journal_store(struct txn *t, const struct pending_entry *entry);
bool journal_head(struct txn *t, struct str journal, struct journal_head *out); /* false: empty */
bool journal_entry(struct txn *t, struct str journal, uint64_t seq, struct journal_entry *out);
/* The request of that key: its entry and the body it came with. */
bool journal_request(struct txn *t, struct str journal, const struct hash *key_sha256,
	uint64_t *seq, struct hash *body_sha256);
/* Each journal's name in turn; false after the last. Start with *name = STR_NULL. */
bool journal_next_name(struct txn *t, struct str *name);
