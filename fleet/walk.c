/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/walk.h"

enum { ENTRIES_PER_LOOK = 500 };

/* NULL: the entry is good. */
static const char *entry_fault(
	struct walk *w, struct txn *t, struct arena *a, uint64_t seq, struct hash *hash)
{
	struct journal_entry e;
	struct event_head event;
	struct json effects;
	const char *why = NULL;

	if (!journal_entry(t, w->journal, seq, &e))
		return "is missing";
	*hash = event_hash(&w->hash, e.bytes);
	if (memcmp(hash->bytes, e.hash.bytes, HASH_LEN) != 0)
		return "does not have the hash of its bytes after the entry before it";
	if (event_read(a, arena_copy(a, e.bytes), &event, &effects, &why) != OK)
		return why ? why : "cannot be read";
	if (event.seq != seq || !str_eq(event.site, w->journal))
		return "stands at another place than it says";
	return NULL;
}

bool walk_to(struct walk *w, struct store *store, uint64_t seq)
{
	struct arena a;

	w->why = NULL;
	arena_init(&a, ARENA_MAX_DEFAULT);
	while (w->seq < seq && !w->why) {
		struct txn t;
		txn_begin(&t, store, false);
		for (int n = 0; n < ENTRIES_PER_LOOK && w->seq < seq && !w->why; n++) {
			struct hash hash;
			arena_reset(&a);
			w->why = entry_fault(w, &t, &a, w->seq + 1, &hash);
			if (w->why)
				break;
			w->seq++;
			w->hash = hash;
		}
		txn_abort(&t);
	}
	arena_deinit(&a);
	return !w->why;
}

bool walk_set(struct walk *w, struct store *store, uint64_t seq)
{
	struct journal_entry e;
	struct txn t;

	w->seq = seq;
	w->hash = (struct hash){{0}};
	if (seq == 0)
		return true;
	txn_begin(&t, store, false);
	bool found = journal_entry(&t, w->journal, seq, &e);
	if (found)
		w->hash = e.hash;
	txn_abort(&t);
	return found;
}

bool walk_next(struct walk_place *place, struct store *store)
{
	struct str name = place->journal[0] ? str_from(place->journal) : STR_NULL;
	struct txn t;

	txn_begin(&t, store, false);
	bool found = journal_next_name(&t, &name) && name.n <= ID_MAX;
	if (found) {
		memcpy(place->journal, name.p, name.n);
		place->journal[name.n] = '\0';
		(void)journal_head(&t, str_from(place->journal), &place->head);
	}
	txn_abort(&t);
	return found;
}
