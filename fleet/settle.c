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

static enum append resend(struct fleet *f, struct txn *t, const struct pending_entry *entries,
	size_t count, bool unknown)
{
	for (int i = unknown; i < TRIES_MAX; i++) {
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

void settle_append_each(struct fleet *f, struct txn *t, const struct pending_entry *entries,
	struct pending_group *groups, size_t len)
{
	f->journal->append_each(f->journal, t, entries, groups, len);
	for (size_t i = 0; i < len; entries += groups[i++].len)
		if (groups[i].appended == APPEND_UNKNOWN)
			groups[i].appended = resend(f, t, entries, groups[i].len, true);
}

enum append settle_append(
	struct fleet *f, struct txn *t, const struct pending_entry *entries, size_t count)
{
	return resend(f, t, entries, count, false);
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

/* As many as were appended together. */
static size_t first_group(const struct fleet *f, const struct unsettled *u)
{
	size_t n = f->journal->append_each ? 1 : u->len;

	while (n < u->len && str_eq(u->entries[n].journal, u->entries[0].journal))
		n++;
	return n;
}

enum outcome settle(struct fleet *f)
{
	struct unsettled *u = &f->unsettled;

	while (u->len > 0) {
		size_t n = first_group(f, u);
		enum append a;
		struct txn t;
		txn_begin(&t, f->store, false);
		a = f->journal->append(f->journal, &t, u->entries, n);
		txn_abort(&t);
		if (a == APPEND_AWAY || a == APPEND_UNKNOWN)
			return FAULT_BUSY;
		/* What is in the journal now is read from it like anybody else's. */
		u->entries += n;
		u->len -= n;
		if (u->len == 0)
			arena_reset(&u->arena);
	}
	return OK;
}
