/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The journal: one chain of entries per site, and `directory` for what all sites share. A port:
 * journal_lmdb keeps it in the store's own transaction; a journal that several servers share
 * (PostgreSQL) appends before the store commits. decide, apply and the calendar do not know which
 * is in use; follow.c and settle.c are what sharing takes.
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

/* A piece of what is attached, sealed: it lies beside the journal, and comes with its entry. */
struct pending_part {
	struct str attachment;
	uint16_t number;
	struct str box;
};
struct pending_entry {
	struct str journal;
	uint64_t seq;
	struct hash prev, hash;
	struct instant at;
	struct str bytes; /* borrowed until append returns, as the parts are */
	struct pending_part *parts;
	size_t parts_len;
};

/*
 * What an append can answer. DONE: these very entries are in the journal for good, by this call or
 * by an earlier one of the same (all of them: another batch may begin alike). LOST: they are not
 * and never will be, since another's stand in their place. AWAY: this call did nothing. UNKNOWN: no
 * reply, and they may still arrive; the same entries are sent again to find out, since they take
 * the very place the first try needs.
 */
enum append { APPEND_DONE, APPEND_LOST, APPEND_AWAY, APPEND_UNKNOWN };
/* So many of the entries are of one journal; what became of them. */
struct pending_group {
	size_t len;
	enum append appended;
};
/* FORKED: the journal does not have what the store has. */
enum journal_read { READ_ENTRY, READ_END, READ_AWAY, READ_FORKED };

/* What is asked of the journals at a time: of which there are to be news (NULL: of all), and for
 * how long somebody has waited for it already. */
struct journal_round {
	const struct str *names;
	size_t len;
	uint32_t waited_ms;
};

struct people_new_key;
struct journal {
	/* Appends the batch, all or none: consecutive entries of one or more journals, heads known
	 * to the caller. */
	enum append (*append)(struct journal *self, struct txn *t,
		const struct pending_entry *entries, size_t count);
	/* The same for entries that lie together by their journals, each group for itself and
	 * several under way at once. NULL: a batch is appended whole. */
	void (*append_each)(struct journal *self, struct txn *t,
		const struct pending_entry *entries, struct pending_group *groups, size_t len);
	/* The next entry, of any journal, that the store does not have as `t` sees it, durable and
	 * copied to the arena; `at` is left to the reader. NULL: nobody else ever appends. */
	enum journal_read (*read)(
		struct journal *self, struct txn *t, struct arena *a, struct pending_entry *out);
	/* Somebody waits: what follows answers in time, AWAY if it must. The round is borrowed
	 * until the next. NULL: nothing here waits for others. */
	void (*begin)(struct journal *self, const struct journal_round *round); /* NULL: all */
	/* The last entry of a journal that is the same here and there, where one was FORKED; 0:
	 * none. False: it cannot be asked. NULL as `read` is. */
	bool (*common)(struct journal *self, struct txn *t, struct str journal, uint64_t *seq);
	/* Persons' keys, where servers share them; NULL: DIR/people alone has them. Add: where
	 * another server's key of that subject is there already, it stands in `keys` afterwards and
	 * LOST is answered. Find fills in those that are there (END, or AWAY). Drop is for good. */
	enum append (*keys_add)(struct journal *self, struct people_new_key *keys, size_t count);
	enum journal_read (*keys_find)(
		struct journal *self, struct people_new_key *keys, size_t count, bool *found);
	enum append (*keys_drop)(struct journal *self, const struct str *subjects, size_t count);
	/* The pieces of an attachment of that journal, in their order, as far as they are there
	 * (END, or AWAY). NULL: the store alone has them. */
	enum journal_read (*parts_find)(struct journal *self, struct str journal,
		struct str attachment, void *context,
		void (*take)(void *context, uint16_t number, struct str box));
};

static inline void journal_begin(struct journal *j, const struct journal_round *round)
{
	if (j->begin)
		j->begin(j, round);
}

/* The LMDB journal: entries become durable with the transaction they were decided in. */
struct journal *journal_lmdb(void);

/* What any journal's projection keeps in the store, in the same transaction as the rows. The
 * entry's hash was made of its bytes, or held against them, by who calls. */
void journal_store(struct txn *t, const struct pending_entry *entry);
bool journal_head(struct txn *t, struct str journal, struct journal_head *out); /* false: empty */
bool journal_entry(struct txn *t, struct str journal, uint64_t seq, struct journal_entry *out);
/* The request of that key: its entry and the body it came with. */
bool journal_request(struct txn *t, struct str journal, const struct hash *key_sha256,
	uint64_t *seq, struct hash *body_sha256);
/* Each journal's name in turn; false after the last. Start with *name = STR_NULL. */
bool journal_next_name(struct txn *t, struct str *name);
