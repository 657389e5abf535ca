/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a fleet is made of, for the files of its front door. */

#include <stdatomic.h>

#include "fleet/fleet.h"
#include "fleet/person.h"

/* The entries of a batch whose append had no reply: they may be in the journal. */
struct unsettled {
	struct arena arena; /* owned: the entries */
	struct pending_entry *entries;
	size_t len; /* 0 = there are none */
};

/* Persons whose words were read and whose keys are not here yet. */
enum { WANTED_KEYS_MAX = 128 };
struct wanted_keys {
	uint32_t len;
	char subject[WANTED_KEYS_MAX][ID_MAX + 1];
};

struct fleet {
	struct store *store;		   /* owned */
	struct people *people;		   /* owned */
	struct checkpoints *checkpoints;   /* owned */
	struct env *env;		   /* borrowed */
	struct journal *journal;	   /* borrowed */
	struct keyring *keyring;	   /* owned: the writer's */
	struct rosters *writing, *reading; /* owned: one a thread */
	struct arena scratch;		   /* owned: the writer's */
	char *effects;			   /* owned: EFFECT_BYTES_MAX of the decision at hand */
	struct txn txn;			   /* the writer's; open between batches while gathering */
	uint64_t gather_max, gathered;	   /* entries: the most of one commit (0: a batch is a
					    * commit), those in the open transaction */
	bool read_only, reserve;
	atomic_bool reading_is_stale; /* what the reading thread holds on to may be another's */
	uint64_t people_seq;	      /* search words have followed the directory this far */
	struct unsettled unsettled;
	bool in_line;		    /* it once was where the shared journal was (share.c) */
	struct wanted_keys *wanted; /* owned */
	struct fleet_counts counts;
};

/* One command of a batch, decided and applied in its transaction; `entry` is what it wrote, if it
 * did. Anything but OK is a fault that ends the batch. */
MUST_CHECK enum outcome fleet_run_one(struct fleet *f, struct txn *t, struct command *c,
	struct pending_entry *entry, bool *wrote);

/* What DB_HEAD keeps of a journal's last entry (journal.c). */
void journal_head_write(
	struct key *value, uint64_t seq, const struct hash *hash, struct instant at);

/* ---- settle.c ---- */
/* Appends, and sends the same again where no reply came. UNKNOWN when none came to the last. */
enum append settle_append(
	struct fleet *f, struct txn *t, const struct pending_entry *entries, size_t count);
/* The same for each group. */
void settle_append_each(struct fleet *f, struct txn *t, const struct pending_entry *entries,
	struct pending_group *groups, size_t len);
/* Keeps the entries until they are settled. FAULT_UNKNOWN without memory. */
MUST_CHECK enum outcome settle_later(
	struct fleet *f, const struct pending_entry *entries, size_t count);
/* Whether a batch's append is still unknown: FAULT_BUSY. */
MUST_CHECK enum outcome settle(struct fleet *f);

/* ---- follow.c ---- */
/* Brings the store to the head of its journals. FAULT_BUSY: the journal cannot be asked. */
MUST_CHECK enum outcome follow_journal(struct fleet *f);

/* ---- share.c, where servers share a journal ---- */
/* The store has all that the journal has. Only then may it miss something there some day: what went
 * on by itself before it came has lost nothing. */
MUST_CHECK enum outcome share_note_in_line(struct fleet *f);
bool share_was_in_line(struct fleet *f);
/* The batch's fresh keys, to all and to DIR/people. LOST: another server made one of them first,
 * and what was sealed with ours is to be decided again. */
enum append share_keys(struct fleet *f, enum outcome *o);
/* Notes whose keys an entry needs that are not here; FAULT_BUSY when they cannot be asked for. */
MUST_CHECK enum outcome share_want(struct fleet *f, struct str bytes);
/* Takes what was noted, durable before the entries are. */
MUST_CHECK enum outcome share_fetch(struct fleet *f);

/* ---- share_parts.c, where servers share what is attached ---- */
/* Gives the entries the pieces that the transaction has of them, in the scratch. */
MUST_CHECK enum outcome share_parts(
	struct fleet *f, struct txn *t, struct pending_entry *entries, size_t count);
/* Puts the pieces of what an entry attaches into the transaction; *bytes grows by theirs.
 * FAULT_BUSY: they cannot be asked for. */
MUST_CHECK enum outcome share_parts_fetch(
	struct fleet *f, struct txn *t, const struct pending_entry *entry, size_t *bytes);
/* Takes the pieces of what an entry attached out of the store again. */
void share_parts_drop(struct txn *t, struct arena *a, struct str bytes);

/* Brings the search words up to the directory's head; on the writer's thread, after a commit. */
MUST_CHECK enum outcome fleet_index_people(struct fleet *f);
