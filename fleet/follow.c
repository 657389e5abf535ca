/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/follow.h"

#include <stdio.h>

#include "fleet/fleet_inside.h"
#include "fleet/lost.h"

enum { FOLLOW_BATCH = 256, FOLLOW_PARTS_BYTES = 8 << 20, LINE_BYTES = 400 };

static bool same_hash(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, HASH_LEN) == 0;
}

enum outcome follow_entry(struct txn *t, struct arena *a, struct env *env,
	struct pending_entry *entry, const char **why)
{
	struct hash hash = event_hash(&entry->prev, entry->bytes);
	struct journal_head head;
	struct event_head event;
	struct json effects;
	enum outcome o = event_read(a, entry->bytes, &event, &effects, why);

	if (o != OK)
		return o;
	(void)journal_head(t, entry->journal, &head);
	*why = "it does not go on from what is here";
	if (!same_hash(&hash, &entry->hash) || !same_hash(&entry->prev, &head.hash) ||
		entry->seq != head.seq + 1 || event.seq != entry->seq ||
		!str_eq(event.site, entry->journal) || event.at.s < head.at.s)
		return FAULT_CORRUPT;
	entry->at = event.at;
	o = apply_outside(t, a, env, entry->bytes, why);
	if (o == OK)
		journal_store(t, entry);
	return o == OK ? t->outcome : o;
}

static void tell(struct fleet *f, const char *why)
{
	char line[LINE_BYTES];

	snprintf(line, sizeof line,
		"the journal cannot be followed: %s; the data of this server must be rebuilt from "
		"the journal",
		why);
	f->env->log(f->env, line);
}

/* Some entries in one transaction; *more tells whether there may be others. */
static enum outcome follow_some(struct fleet *f, bool *more)
{
	enum journal_read found = READ_ENTRY;
	enum outcome o;
	const char *why = "it does not go on from what this server has of it";
	size_t bytes = 0;
	struct txn t;
	int n = 0;

	txn_begin(&t, f->store, true);
	o = t.outcome;
	for (; n < FOLLOW_BATCH && bytes < FOLLOW_PARTS_BYTES && o == OK; n++) {
		struct pending_entry entry;
		arena_reset(&f->scratch);
		found = f->journal->read(f->journal, &t, &f->scratch, &entry);
		if (found != READ_ENTRY)
			break;
		if (f->journal->parts_find &&
			share_parts_fetch(f, &t, &entry, &bytes) == FAULT_BUSY) {
			found = READ_AWAY; /* the entries before it are kept */
			break;
		}
		o = follow_entry(&t, &f->scratch, f->env, &entry, &why);
		if (o == OK && f->journal->keys_find)
			o = share_want(f, entry.bytes);
	}
	if (o == OK)
		o = t.outcome;
	if (o == OK && f->journal->keys_find)
		o = share_fetch(f);
	*more = o == OK && found == READ_ENTRY;
	if (o == OK && found == READ_FORKED && f->journal->common && share_was_in_line(f)) {
		txn_abort(&t);
		*more = true; /* from what both have */
		return lost_rebuild(f);
	}
	if (o == OK && found == READ_FORKED)
		o = FAULT_CORRUPT;
	if (o == OK && n > 0)
		o = txn_commit(&t);
	else
		txn_abort(&t);
	if (o == OK && found == READ_END && f->journal->common)
		o = share_note_in_line(f);
	if (o == FAULT_CORRUPT && !f->counts.forked)
		tell(f, why);
	return o == OK && found == READ_AWAY ? FAULT_BUSY : o;
}

enum outcome follow_journal(struct fleet *f)
{
	enum outcome o = settle(f);
	bool more = f->journal->read != NULL;

	while (o == OK && more)
		o = follow_some(f, &more);
	if (f->journal->read) {
		f->counts.forked = o == FAULT_CORRUPT;
		f->counts.away = o == FAULT_BUSY;
	}
	return o;
}

enum outcome fleet_follow(struct fleet *f)
{
	enum outcome o;

	ASSERT(!f->read_only);
	journal_begin(f->journal, NULL);
	o = follow_journal(f);
	return o == OK ? fleet_index_people(f) : o;
}
