/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The batch: commands that share a transaction, and batches that share a commit. */

#include "fleet/fleet_inside.h"
#include "fleet/room.h"
#include "fleet/rosters.h"

enum {
	BATCH_AGAIN_MAX = 8,
	BATCH_JOURNALS_MAX = BATCH_MAX + 1,
	GATHER_KEYS_MAX = 128, /* fresh keys that wait: each look-up walks along them */
};

static void fail_all(struct command **batch, size_t count, enum outcome o)
{
	for (size_t i = 0; i < count; i++) {
		batch[i]->outcome = o;
		batch[i]->replayed = false;
		batch[i]->detail = STR_NULL;
	}
}

static bool is_gathering(const struct fleet *f, size_t more)
{
	return f->gathered + more < f->gather_max;
}

/* A key is durable before the first commit that needs it. */
static enum append flush_keys(struct fleet *f, size_t n, enum outcome *o)
{
	if (f->journal->keys_add)
		return share_keys(f, o);
	if (!is_gathering(f, n) || f->keyring->len >= GATHER_KEYS_MAX)
		*o = keyring_flush(f->keyring);
	return APPEND_DONE;
}

/* Commits what the transaction holds, unless more is to be gathered into it. */
static enum outcome commit(struct fleet *f, size_t n)
{
	enum outcome o = OK;

	if (is_gathering(f, n)) {
		f->gathered += n;
		return OK;
	}
	if (f->gathered + n > 0)
		o = txn_commit(&f->txn);
	else
		txn_abort(&f->txn);
	f->gathered = 0;
	return o;
}

static void drop(struct fleet *f)
{
	txn_abort(&f->txn);
	f->gathered = 0;
}

static void count_done(struct fleet *f, struct command **batch, size_t count, const bool *wrote)
{
	for (size_t i = 0; i < count; i++)
		if (wrote[i]) {
			f->counts.entries++;
			f->counts.done[batch[i]->verb] += batch[i]->outcome == OK;
		}
}

static enum append run_batch(
	struct fleet *f, struct command **batch, size_t count, enum outcome *outcome)
{
	struct pending_entry entries[BATCH_MAX];
	struct txn *t = &f->txn;
	size_t n = 0;
	enum append appended = APPEND_DONE;
	bool wrote[BATCH_MAX] = {false};

	if (!t->mdb)
		txn_begin(t, f->store, true);
	*outcome = t->outcome;
	for (size_t i = 0; i < count && *outcome == OK; i++) {
		*outcome = fleet_run_one(f, t, batch[i], &entries[n], &wrote[i]);
		n += wrote[i];
		if (*outcome == OK)
			*outcome = t->outcome;
	}
	if (*outcome == OK)
		appended = flush_keys(f, n, outcome);
	if (*outcome == OK && appended == APPEND_DONE && n > 0)
		appended = settle_append(f, t, entries, n);
	if (appended == APPEND_UNKNOWN)
		*outcome = settle_later(f, entries, n);
	if (*outcome == OK && appended == APPEND_DONE)
		*outcome = commit(f, n);
	if (*outcome == OK && appended == APPEND_DONE)
		count_done(f, batch, count, wrote);
	else
		drop(f);
	return appended;
}

/* The journals that a batch goes to; and the directory, which any decision reads. */
static size_t names_of(struct command **batch, size_t count, struct str names[BATCH_JOURNALS_MAX])
{
	size_t n = 0;

	names[n++] = JOURNAL_DIRECTORY;
	for (size_t i = 0; i < count; i++) {
		size_t k = 0;
		while (k < n && !str_eq(names[k], batch[i]->journal))
			k++;
		if (k == n)
			names[n++] = batch[i]->journal;
	}
	return n;
}

/* Until the batch is done, or nothing more can be said for it now; *answer is what its commands are
 * told then. */
static enum outcome run_until_done(
	struct fleet *f, struct command **batch, size_t count, enum outcome *answer)
{
	struct str names[BATCH_JOURNALS_MAX];
	struct journal_round round = {.names = names, .len = names_of(batch, count, names)};

	rosters_trim(f->writing);
	for (size_t i = 0; i < count; i++)
		if (batch[i]->waited_ms > round.waited_ms)
			round.waited_ms = batch[i]->waited_ms;
	journal_begin(f->journal, &round);
	for (int again = 0; again < BATCH_AGAIN_MAX; again++) {
		enum outcome o = *answer = follow_journal(f);
		if (o != OK)
			return o;
		switch (run_batch(f, batch, count, &o)) {
		case APPEND_DONE: return *answer = o;
		case APPEND_LOST: break; /* another was first: decided again at the new head */
		case APPEND_AWAY: return *answer = FAULT_BUSY;
		case APPEND_UNKNOWN: *answer = FAULT_UNKNOWN; return o == OK ? FAULT_BUSY : o;
		}
		rosters_forget(f->writing);
	}
	return *answer = FAULT_BUSY;
}

/* The promise is durable; only the search words wait for the next batch or start: unless the store
 * of keys and tokens itself is in doubt. Then nothing can be read that it keeps, and what could not
 * be said now is said after the start. */
static enum outcome follow_people(struct fleet *f)
{
	enum outcome o = fleet_index_people(f);

	if (o == OK)
		return OK;
	f->counts.faults++;
	if (o == FAULT_UNKNOWN)
		return o;
	f->env->log(f->env, "search words could not be written; they follow with the next batch");
	return OK;
}

/* What is attached comes on top of what any batch takes. */
static uint64_t attached_bytes(struct command **batch, size_t count)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += 2 * (uint64_t)batch[i]->bytes.n;
	return bytes;
}

/* The smaller of both stores' rooms; whoever runs the machine hears when it changes. */
static void look_for_room(struct fleet *f, uint64_t more_bytes)
{
	static const char *const words[] = {
		[ROOM_NONE] = "storage is full: nothing can be written until there is room",
		[ROOM_SHORT] = "storage is full: only returns and cancellations find room",
		[ROOM_AMPLE] = "storage has room again",
	};
	enum room main = store_room(f->store, ROOM_RESERVE_BYTES + more_bytes);
	enum room people = store_room(people_store(f->people), ROOM_RESERVE_PEOPLE_BYTES);
	enum room room = main < people ? main : people;

	if (room != (enum room)f->counts.room)
		f->env->log(f->env, words[room]);
	f->counts.room = room;
}

enum outcome fleet_run(struct fleet *f, struct command **batch, size_t count)
{
	enum outcome answer, o;

	ASSERT(count <= BATCH_MAX && !f->read_only);
	if (f->reserve)
		look_for_room(f, attached_bytes(batch, count));
	f->counts.batches++;
	f->counts.commands += count;
	f->counts.batch_last = (uint32_t)count;
	o = run_until_done(f, batch, count, &answer);
	if (o != OK) {
		rosters_forget(f->writing);
		fail_all(batch, count, answer);
		f->counts.faults++;
		return o;
	}
	for (size_t i = 0; i < count; i++)
		f->counts.refused += batch[i]->outcome != OK;
	f->counts.shuffled = f->writing->shuffled;
	f->counts.undecided = f->writing->undecided;
	return f->gathered == 0 ? follow_people(f) : OK;
}

void fleet_gather(struct fleet *f, uint64_t entries_max)
{
	/* A journal elsewhere would have what is taken back here. */
	ASSERT(f->journal == journal_lmdb() && f->gather_max == 0 && entries_max > 0);
	f->gather_max = entries_max;
}

enum outcome fleet_gather_end(struct fleet *f, bool keep)
{
	enum outcome o = OK;

	f->gather_max = 0;
	if (keep && f->txn.mdb) {
		(void)flush_keys(f, 0, &o);
		if (o == OK)
			o = commit(f, 0);
	}
	drop(f);
	if (!keep || o != OK)
		rosters_forget(f->writing);
	else
		o = follow_people(f);
	return o;
}

enum outcome fleet_do(struct fleet *f, struct command *c)
{
	return fleet_run(f, &c, 1);
}
