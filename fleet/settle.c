/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/fleet_inside.h"

/*
 * An append that nobody answered may have happened, may happen later, or never. Sending the very
 * same entries at the very same places settles it: either they are in the journal then, or others
 * stand there and ours never will. Until that is known nothing else is appended and nobody is told
 * yes or no.
 */

enum { TRIES_MAX = 4 };

enum append settle_append(
	struct fleet *f, struct txn *t, const struct pending_entry *entries, size_t count)
{
	bool unknown = false;

	for (int i = 0; i < TRIES_MAX; i++) {
		enum append a = f->journal->append(f->journal, t, entries, count);
		if (a == APPEND_DONE || a == APPEND_LOST)
			return a;
		/* that this try did nothing says nothing of an earlier one */
		unknown |= a == APPEND_UNKNOWN;
		if (!unknown)
			return APPEND_AWAY;
	}
	return APPEND_UNKNOWN;
}

static void parts_copy(struct unsettled *u, struct pending_entry *e)
{
	const struct pending_part *from = e->parts;

	e->parts = arena_alloc(&u->arena, e->parts_len * sizeof *e->parts);
	for (size_t i = 0; i < e->parts_len && e->parts; i++)
		e->parts[i] = (struct pending_part){arena_copy(&u->arena, from[i].attachment),
			from[i].number, arena_copy(&u->arena, from[i].box)};
}

enum outcome settle_later(struct fleet *f, const struct pending_entry *entries, size_t count)
{
	struct unsettled *u = &f->unsettled;

	ASSERT(u->len == 0);
	u->entries = arena_alloc(&u->arena, count * sizeof *u->entries);
	for (size_t i = 0; i < count && u->entries; i++) {
		u->entries[i] = entries[i];
		u->entries[i].journal = arena_copy(&u->arena, entries[i].journal);
		u->entries[i].bytes = arena_copy(&u->arena, entries[i].bytes);
		if (entries[i].parts_len)
			parts_copy(u, &u->entries[i]);
	}
	/* What cannot be remembered cannot be settled: the process stops, as after any commit that
	 * ended without an answer. */
	if (u->arena.full)
		return FAULT_UNKNOWN;
	u->len = count;
	return OK;
}

enum outcome settle(struct fleet *f)
{
	struct unsettled *u = &f->unsettled;
	enum append a;
	struct txn t;

	if (u->len == 0)
		return OK;
	txn_begin(&t, f->store, false);
	a = f->journal->append(f->journal, &t, u->entries, u->len);
	txn_abort(&t);
	if (a == APPEND_AWAY || a == APPEND_UNKNOWN)
		return FAULT_BUSY;
	/* What is in the journal now is read from it like anybody else's. */
	u->len = 0;
	arena_reset(&u->arena);
	return OK;
}
