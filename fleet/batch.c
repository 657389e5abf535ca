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

/* ---- one try ---- */

/* The commands that are still to be answered, and those that are in the journal and not yet here.
 */
struct trying {
	struct command *left[BATCH_MAX], *done[BATCH_MAX];
	size_t left_len, done_len;
	/* what they wrote at the last try; groups: one for each journal, or none */
	struct pending_entry entries[BATCH_MAX];
	struct pending_group groups[BATCH_MAX];
	size_t entries_len, groups_len;
	bool wrote[BATCH_MAX];
};

static void count_one(struct fleet *f, const struct command *c)
{
	f->counts.entries++;
	f->counts.done[c->verb] += c->outcome == OK;
}

static void count_done(struct fleet *f, const struct trying *y)
{
	for (size_t i = 0; i < y->left_len; i++)
		if (y->wrote[i])
			count_one(f, y->left[i]);
}

/* Brings the entries of each journal together, in their order. */
static void group_up(struct trying *y)
{
	struct pending_entry *e = y->entries;

	y->groups_len = 0;
	for (size_t at = 0, end; at < y->entries_len; at = end) {
		end = at + 1;
		for (size_t i = end; i < y->entries_len; i++) {
			struct pending_entry next = e[i];
			if (!str_eq(next.journal, e[at].journal))
				continue;
			memmove(&e[end + 1], &e[end], (i - end) * sizeof e[0]);
			e[end++] = next;
		}
		y->groups[y->groups_len++].len = end - at;
	}
}

static enum append fate_of(const struct trying *y, struct str journal)
{
	for (size_t i = 0, at = 0; i < y->groups_len; at += y->groups[i++].len)
		if (str_eq(y->entries[at].journal, journal))
			return y->groups[i].appended;
	return APPEND_DONE; /* it wrote nothing */
}

/* Sites that came to different ends: who has his answer leaves, the others are decided again. */
static enum append part(struct fleet *f, struct trying *y, enum outcome *o)
{
	struct pending_entry unknown[BATCH_MAX];
	size_t n = 0, left = 0;

	for (size_t i = 0, at = 0; i < y->groups_len; at += y->groups[i++].len)
		for (size_t k = 0; y->groups[i].appended == APPEND_UNKNOWN && k < y->groups[i].len;
			k++)
			unknown[n++] = y->entries[at + k];
	if (n > 0)
		*o = settle_later(f, unknown, n);
	for (size_t i = 0; i < y->left_len; i++) {
		struct command *c = y->left[i];
		switch (fate_of(y, c->journal)) {
		case APPEND_DONE:
			if (y->wrote[i])
				count_one(f, c);
			y->done[y->done_len++] = c;
			break;
		case APPEND_LOST: y->left[left++] = c; break;
		case APPEND_AWAY: fail_all(&c, 1, FAULT_BUSY); break;
		case APPEND_UNKNOWN: fail_all(&c, 1, FAULT_UNKNOWN); break;
		}
	}
	y->left_len = left;
	return APPEND_LOST;
}

static bool all_done(const struct trying *y)
{
	for (size_t i = 0; i < y->groups_len; i++)
		if (y->groups[i].appended != APPEND_DONE)
			return false;
	return true;
}

static enum append append_all(struct fleet *f, struct trying *y, enum outcome *o)
{
	struct txn *t = &f->txn;
	enum append appended;

	y->groups_len = 0;
	if (f->journal->parts_find)
		*o = share_parts(f, t, y->entries, y->entries_len);
	if (*o != OK || y->entries_len == 0)
		return APPEND_DONE;
	if (f->journal->append_each)
		group_up(y);
	if (y->groups_len > 1) {
		settle_append_each(f, t, y->entries, y->groups, y->groups_len);
		return all_done(y) ? APPEND_DONE : part(f, y, o);
	}
	appended = settle_append(f, t, y->entries, y->entries_len);
	if (appended == APPEND_UNKNOWN)
		*o = settle_later(f, y->entries, y->entries_len);
	return appended;
}

static enum append run_batch(struct fleet *f, struct trying *y, enum outcome *outcome)
{
	struct txn *t = &f->txn;
	size_t n = 0;
	enum append appended = APPEND_DONE;

	if (!t->mdb)
		txn_begin(t, f->store, true);
	*outcome = t->outcome;
	for (size_t i = 0; i < y->left_len && *outcome == OK; i++) {
		*outcome = fleet_run_one(f, t, y->left[i], &y->entries[n], &y->wrote[i]);
		n += y->wrote[i];
		if (*outcome == OK)
			*outcome = t->outcome;
	}
	y->entries_len = n;
	if (*outcome == OK)
		appended = flush_keys(f, n, outcome);
	if (*outcome == OK && appended == APPEND_DONE)
		appended = append_all(f, y, outcome);
	if (*outcome == OK && appended == APPEND_DONE)
		*outcome = commit(f, n);
	if (*outcome == OK && appended == APPEND_DONE)
		count_done(f, y);
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

/* What can be said for now is said: whoever is in the journal and not here asks again. */
static enum outcome give_up(struct trying *y, enum outcome o, enum outcome answer)
{
	fail_all(y->left, y->left_len, answer);
	fail_all(y->done, y->done_len, FAULT_UNKNOWN);
	return o;
}

/* Until all is done and here, or nothing more can be said for it now. */
static enum outcome try_until_done(struct fleet *f, struct trying *y)
{
	for (int again = 0; again <= BATCH_AGAIN_MAX; again++) {
		enum outcome o = follow_journal(f);
		if (o != OK)
			return give_up(y, o, o);
		y->done_len = 0; /* they were followed, and can be read */
		if (y->left_len == 0)
			return OK;
		if (again == BATCH_AGAIN_MAX)
			break;
		switch (run_batch(f, y, &o)) {
		case APPEND_DONE: return o == OK ? OK : give_up(y, o, o);
		case APPEND_LOST: break; /* another was first: decided again at the new head */
		case APPEND_AWAY: return give_up(y, FAULT_BUSY, FAULT_BUSY);
		case APPEND_UNKNOWN: return give_up(y, o == OK ? FAULT_BUSY : o, FAULT_UNKNOWN);
		}
		if (o != OK) /* what is unknown cannot even be remembered */
			return give_up(y, o, o);
		rosters_forget(f->writing);
	}
	return give_up(y, FAULT_BUSY, FAULT_BUSY);
}

static enum outcome run_until_done(struct fleet *f, struct command **batch, size_t count)
{
	struct str names[BATCH_JOURNALS_MAX];
	struct journal_round round = {.names = names, .len = names_of(batch, count, names)};
	struct trying y = {.left_len = count};

	rosters_trim(f->writing);
	for (size_t i = 0; i < count; i++)
		if (batch[i]->waited_ms > round.waited_ms)
			round.waited_ms = batch[i]->waited_ms;
	memcpy(y.left, batch, count * sizeof(struct command *));
	journal_begin(f->journal, &round);
	return try_until_done(f, &y);
}

/* What sites decide on may hang on the directory of the same batch: where journals are appended
 * each for itself, it goes first. */
static enum outcome run_in_order(struct fleet *f, struct command **batch, size_t count)
{
	struct command *first[BATCH_MAX], *rest[BATCH_MAX];
	size_t first_len = 0, rest_len = 0;
	enum outcome o = OK, then = OK;

	for (size_t i = 0; i < count; i++) {
		bool directory = str_eq(batch[i]->journal, JOURNAL_DIRECTORY);
		if (directory && f->journal->append_each)
			first[first_len++] = batch[i];
		else
			rest[rest_len++] = batch[i];
	}
	if (first_len)
		o = run_until_done(f, first, first_len);
	if (rest_len && o != FAULT_UNKNOWN)
		then = run_until_done(f, rest, rest_len);
	else
		fail_all(rest, rest_len, o);
	return o == FAULT_UNKNOWN || then == OK ? o : then;
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
	enum outcome o;

	ASSERT(count <= BATCH_MAX && !f->read_only);
	if (f->reserve)
		look_for_room(f, attached_bytes(batch, count));
	f->counts.batches++;
	f->counts.commands += count;
	f->counts.batch_last = (uint32_t)count;
	o = run_in_order(f, batch, count);
	if (o != OK) {
		rosters_forget(f->writing);
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
