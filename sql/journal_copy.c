/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "sql/journal_copy.h"

#include <stdio.h>

#include "fleet/fleet_inside.h"
#include "fleet/people_carry.h"
#include "sql/part_pg.h"

enum { COPY_BATCH = 256, COPY_BYTES = 4 << 20, KEYS_BATCH = 256, COPY_TRIES = 20 };

struct copying {
	struct journal_pg *j;
	struct fleet *from;
	struct journal_copy *c;
	struct arena arena;
	enum outcome outcome;
	char *why;
	size_t why_size;
	struct people_new_key keys[KEYS_BATCH];
	size_t keys_len;
};

static bool fail(struct copying *y, enum outcome o, const char *words)
{
	if (y->outcome == OK) {
		snprintf(y->why, y->why_size, "%s%s%s", words, y->j->pg.why[0] ? ": " : "",
			y->j->pg.why);
		y->outcome = o;
	}
	return false;
}

static struct journal *round_of(struct copying *y)
{
	struct journal *port = journal_pg_port(y->j);

	journal_begin(port, NULL);
	return port;
}

/* ---- keys ---- */

static bool keys_flush(struct copying *y)
{
	enum append a = APPEND_AWAY;

	for (int i = 0; i < COPY_TRIES && y->keys_len && a == APPEND_AWAY; i++) {
		struct journal *port = round_of(y);
		a = port->keys_add(port, y->keys, y->keys_len);
	}
	if (y->keys_len && a == APPEND_LOST)
		return fail(y, FAULT_CORRUPT, "another key of the same person is there");
	if (y->keys_len && a != APPEND_DONE)
		return fail(y, FAULT_BUSY, "PostgreSQL is away");
	y->c->keys += y->keys_len;
	y->keys_len = 0;
	arena_reset(&y->arena);
	return true;
}

static bool key_take(void *context, struct str key, struct str value)
{
	struct copying *y = context;
	struct people_new_key *k = &y->keys[y->keys_len];
	size_t at = 1;

	if (value.n != SEAL_KEY_LEN || key.p[0] != 'k')
		return true; /* users and tokens stay with their server */
	if (!key_take_text(key, &at, &k->subject))
		return fail(y, FAULT_CORRUPT, "the people store is damaged");
	k->subject = arena_copy(&y->arena, k->subject);
	memcpy(k->key, value.p, SEAL_KEY_LEN);
	y->keys_len++;
	return y->keys_len < KEYS_BATCH || keys_flush(y);
}

/* ---- entries ---- */

/* How far that journal is there: 0 when it is not. */
static bool head_there(struct copying *y, struct str name, uint64_t *seq, struct hash *hash)
{
	const struct pg_query q = {.sql = "SELECT seq, hash FROM relais.journal WHERE site = $1"
					  " ORDER BY seq DESC LIMIT 1",
		.len = 1,
		.value = {name},
		.binary = {true}};
	struct pg_rows rows;
	bool good;

	(void)round_of(y);
	if (!journal_pg_ready(y->j) || pg_ask(&y->j->pg, &q, y->j->until_ms, &rows) != PG_DONE)
		return fail(y, FAULT_BUSY, "PostgreSQL is away");
	*seq = rows.len ? (uint64_t)pg_number(&rows, 0, 0) : 0;
	good = !rows.len || pg_value(&rows, 0, 1).n == HASH_LEN;
	if (rows.len && good)
		memcpy(hash->bytes, pg_value(&rows, 0, 1).p, HASH_LEN);
	pg_rows_free(&rows);
	return good || fail(y, FAULT_CORRUPT, "the journal there has no hash");
}

/* The next entries from `seq` on, as many as fit a batch; 0 at the end. */
static size_t batch_take(struct copying *y, struct txn *t, struct str name, uint64_t seq,
	struct pending_entry out[COPY_BATCH])
{
	struct journal_entry e;
	size_t n = 0, bytes = 0;

	arena_reset(&y->arena);
	for (; n < COPY_BATCH && bytes < COPY_BYTES && journal_entry(t, name, seq + n, &e); n++) {
		struct event_head head;
		struct json effects;
		const char *why = "";
		if (event_read(&y->arena, e.bytes, &head, &effects, &why) != OK) {
			(void)fail(y, FAULT_CORRUPT, why);
			return 0;
		}
		out[n] = (struct pending_entry){.journal = name,
			.seq = e.seq,
			.prev = e.prev,
			.hash = e.hash,
			.at = head.at,
			.bytes = e.bytes};
		bytes += e.bytes.n;
	}
	if (t->outcome || y->arena.full)
		(void)fail(y, FAULT_CORRUPT, "the data directory cannot be read");
	return y->outcome == OK ? n : 0;
}

/* What is attached comes before its entry, a paper or photo at a time. */
static bool parts_give(struct copying *y, struct txn *t, struct pending_entry *entries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum append a = APPEND_AWAY;
		if (share_parts(y->from, t, &entries[i], 1) != OK)
			return fail(y, FAULT_CORRUPT, "what is attached cannot be read");
		for (int k = 0; k < COPY_TRIES && a == APPEND_AWAY; k++) {
			(void)round_of(y);
			a = part_pg_add(y->j, &entries[i]);
		}
		if (a != APPEND_DONE)
			return fail(y, FAULT_BUSY, "PostgreSQL does not take what is attached");
		entries[i].parts_len = 0;
	}
	return true;
}

static bool batch_give(
	struct copying *y, struct txn *t, const struct pending_entry *entries, size_t n)
{
	enum append a = APPEND_UNKNOWN;

	for (int i = 0; i < COPY_TRIES && (a == APPEND_UNKNOWN || a == APPEND_AWAY); i++) {
		struct journal *port = round_of(y);
		a = port->append(port, t, entries, n);
	}
	if (a == APPEND_LOST)
		return fail(y, FAULT_CORRUPT, "a journal there goes on otherwise");
	if (a != APPEND_DONE)
		return fail(y, FAULT_BUSY, "PostgreSQL does not take entries");
	y->c->copied += n;
	return true;
}

static bool copy_one(struct copying *y, struct txn *t, struct str name)
{
	struct pending_entry entries[COPY_BATCH];
	struct journal_entry ours;
	struct journal_head head;
	struct hash hash;
	uint64_t there = 0;
	size_t n;

	if (!head_there(y, name, &there, &hash))
		return false;
	(void)journal_head(t, name, &head);
	y->c->journals++;
	if (there && there <= head.seq &&
		(!journal_entry(t, name, there, &ours) ||
			memcmp(ours.hash.bytes, hash.bytes, HASH_LEN) != 0))
		return fail(y, FAULT_CORRUPT, "a journal there went on otherwise than here");
	y->c->entries += there < head.seq ? there : head.seq;
	while ((n = batch_take(y, t, name, there + 1, entries)) > 0) {
		if (!parts_give(y, t, entries, n) || !batch_give(y, t, entries, n))
			return false;
		there += n;
		y->c->entries += n;
		if (y->c->tell)
			y->c->tell(y->c->context, there, head.seq);
	}
	return y->outcome == OK;
}

/* Whoever was further there has all of ours if it has our head: the hash says so. */
static bool check(struct copying *y, struct txn *t)
{
	enum journal_read r = READ_AWAY;

	for (int i = 0; i < COPY_TRIES && r == READ_AWAY; i++) {
		(void)round_of(y);
		if (journal_pg_ready(y->j))
			r = journal_pg_check_heads(y->j, t);
	}
	if (r == READ_FORKED)
		return fail(y, FAULT_CORRUPT, "a journal there is not the one here");
	return r == READ_END || fail(y, FAULT_BUSY, "PostgreSQL is away");
}

enum outcome journal_copy(struct journal_pg *j, struct fleet *from, struct journal_copy *c,
	char *why, size_t why_size)
{
	struct copying y = {.j = j, .from = from, .c = c, .why = why, .why_size = why_size};
	struct people *people = fleet_people(from);
	struct str name = STR_NULL;
	struct txn t;

	arena_init(&y.arena, ARENA_MAX_DEFAULT);
	if (memcmp(journal_pg_secret(j), people_secret(people), SEAL_KEY_LEN) != 0)
		(void)fail(&y, FAULT_CORRUPT, "the database holds another installation's journal");
	if (y.outcome == OK && !people_carry_out(people, &y, key_take))
		(void)fail(&y, FAULT_CORRUPT, "the people store cannot be read");
	if (y.outcome == OK)
		(void)keys_flush(&y);
	txn_begin(&t, fleet_store(from), false);
	while (y.outcome == OK && journal_next_name(&t, &name))
		if (!copy_one(&y, &t, name))
			break;
	if (y.outcome == OK)
		(void)check(&y, &t);
	txn_abort(&t);
	arena_deinit(&y.arena);
	explicit_bzero(y.keys, sizeof y.keys);
	return y.outcome;
}
