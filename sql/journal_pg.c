/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "sql/journal_pg.h"

#include <stdio.h>
#include <stdlib.h>

#include "sql/array.h"
#include "sql/journal_pg_inside.h"
#include "sql/part_pg.h"

/* ---- appending ---- */

/* One statement that commits by itself: one round trip, and no place between the entries at which
 * the connection could break. In the order of the key, so that two servers never wait for each
 * other in a circle. Never ON CONFLICT: a place that is taken is an answer. */
#define APPEND                                                                                \
	"INSERT INTO relais.journal (site, seq, prev_seq, prev, hash, request, at, bytes)"    \
	" SELECT site, seq, nullif(seq - 1, 0), prev, hash, request, to_timestamp(at), bytes" \
	" FROM unnest($1::text[], $2::int8[], $3::bytea[], $4::bytea[], $5::bytea[],"         \
	" $6::int8[], $7::bytea[]) AS e(site, seq, prev, hash, request, at, bytes)"           \
	" ORDER BY site COLLATE \"C\", seq"
static const char append_sql[] = APPEND;
/* With what is attached, which is there with its entry or not at all. */
static const char append_parts_sql[] =
	"WITH parts AS (INSERT INTO relais.attachment_part (attachment, number, box, site)"
	" SELECT * FROM unnest($8::text[], $9::int8[], $10::bytea[], $11::text[]))" APPEND;
enum { APPEND_VALUES = 7, PART_VALUES = 4, BYTES_A_MS = 4096 };

static struct str bytes_of(const struct hash *h)
{
	return (struct str){(const char *)h->bytes, HASH_LEN};
}

static struct str column_bytes(struct arena *a, const struct pending_entry *e, size_t n)
{
	struct array w;
	size_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += e[i].bytes.n;
	array_begin(&w, a, ARRAY_BYTEA, n, all);
	for (size_t i = 0; i < n; i++)
		array_bytes(&w, e[i].bytes);
	return array_str(&w);
}

static struct str column_site(struct arena *a, const struct pending_entry *e, size_t n)
{
	struct array w;

	array_begin(&w, a, ARRAY_TEXT, n, n * ID_MAX);
	for (size_t i = 0; i < n; i++)
		array_bytes(&w, e[i].journal);
	return array_str(&w);
}

static struct str column_number(struct arena *a, const struct pending_entry *e, size_t n, bool at)
{
	struct array w;

	array_begin(&w, a, ARRAY_INT8, n, n * sizeof(int64_t));
	for (size_t i = 0; i < n; i++)
		array_number(&w, at ? e[i].at.s : (int64_t)e[i].seq);
	return array_str(&w);
}

static struct str column_hash(struct arena *a, const struct pending_entry *e, size_t n, bool prev)
{
	struct array w;

	array_begin(&w, a, ARRAY_BYTEA, n, n * HASH_LEN);
	for (size_t i = 0; i < n; i++)
		array_bytes(&w, bytes_of(prev ? &e[i].prev : &e[i].hash));
	return array_str(&w);
}

static struct str column_request(struct arena *a, const struct pending_entry *e, size_t n)
{
	struct hash key, body;
	struct array w;

	array_begin(&w, a, ARRAY_BYTEA, n, n * HASH_LEN);
	for (size_t i = 0; i < n; i++)
		array_bytes(&w, event_request(e[i].bytes, &key, &body) ? bytes_of(&key) : STR_NULL);
	return array_str(&w);
}

struct pg_query journal_pg_statement(struct journal_pg *j, const struct pending_entry *e, size_t n)
{
	struct pg_query q = {.sql = append_sql, .often = true, .len = APPEND_VALUES};
	size_t attached;

	q.value[0] = column_site(&j->arena, e, n);
	q.value[1] = column_number(&j->arena, e, n, false);
	q.value[2] = column_hash(&j->arena, e, n, true);
	q.value[3] = column_hash(&j->arena, e, n, false);
	q.value[4] = column_request(&j->arena, e, n);
	q.value[5] = column_number(&j->arena, e, n, true);
	q.value[6] = column_bytes(&j->arena, e, n);
	attached = part_columns(&j->arena, e, n, &q, APPEND_VALUES);
	if (attached) { /* a photo takes its time on the wire, whoever waits with it */
		q.sql = append_parts_sql;
		q.len += PART_VALUES;
		j->until_ms += (int64_t)(attached / BYTES_A_MS);
	}
	memset(q.binary, true, q.len);
	return q;
}

/* Somebody stands at one of the places: the same entries, from a try of ours, or others. */
static enum append resolve(struct journal_pg *j, const struct pending_entry *e, size_t n)
{
	struct pg_query q = {.sql = "SELECT count(*) FROM relais.journal JOIN unnest($1::text[],"
				    " $2::int8[], $3::bytea[]) AS e(site, seq, hash)"
				    " USING (site, seq, hash)",
		.len = 3,
		.binary = {true, true, true}};
	struct pg_rows rows;
	bool ours;

	arena_reset(&j->arena);
	q.value[0] = column_site(&j->arena, e, n);
	q.value[1] = column_number(&j->arena, e, n, false);
	q.value[2] = column_hash(&j->arena, e, n, false);
	if (j->arena.full || pg_ask(&j->pg, &q, j->until_ms, &rows) != PG_DONE) {
		journal_pg_lost(j);
		return APPEND_AWAY;
	}
	ours = rows.len == 1 && pg_number(&rows, 0, 0) == (int64_t)n;
	pg_rows_free(&rows);
	if (!ours)
		return APPEND_LOST;
	/* What was only seen is acknowledged after a commit of this connection. */
	return journal_pg_barrier(j) ? APPEND_DONE : APPEND_UNKNOWN;
}

/* What a refusal of the server means: whether it can have been done after all. */
static enum append refused(
	struct journal_pg *j, const struct pg *pg, const struct pending_entry *e, size_t n)
{
	char line[PG_WHY_BYTES + 100];

	if (pg_state_is(pg, "23505"))
		return resolve(j, e, n);
	if (pg_state_is(pg, "23503")) { /* the entry before is not there (any more) */
		j->heads_checked = false;
		return APPEND_LOST;
	}
	/* It ends, or the wait for a copy was cancelled: what was committed stays so. */
	if (pg_state_is(pg, "57P01") || pg_state_is(pg, "57P02") || pg_state_is(pg, "57014")) {
		journal_pg_lost(j);
		return APPEND_UNKNOWN;
	}
	if (!pg_state_in(pg, "40") && !pg_state_is(pg, "55P03")) {
		snprintf(line, sizeof line, "PostgreSQL refused entries (%s): %s", pg->state,
			pg->why);
		j->env->log(j->env, line);
	}
	/* It became a copy, or has no room: another connection may find another. */
	if (pg_state_is(pg, "25006") || pg_state_in(pg, "53") || pg_state_is(pg, "57P03"))
		journal_pg_lost(j);
	return APPEND_AWAY;
}

enum append journal_pg_appended(struct journal_pg *j, struct pg *said, enum pg_answer answer,
	const struct pending_entry *e, size_t n)
{
	struct pg words = *said; /* what is asked next has its own */

	/* one server for all of them: with one connection all are made anew */
	if (said != &j->pg && answer == PG_GONE)
		memcpy(j->pg.why, words.why, sizeof words.why);

	switch (answer) {
	case PG_DONE:
		if (j->hint)
			hint_tell(j->hint);
		return APPEND_DONE;
	case PG_REFUSED: return refused(j, &words, e, n);
	case PG_GONE: journal_pg_lost(j); return APPEND_UNKNOWN;
	case PG_AWAY: break;
	}
	journal_pg_lost(j);
	return APPEND_AWAY;
}

enum append journal_pg_append(
	struct journal *self, struct txn *t, const struct pending_entry *entries, size_t count)
{
	struct journal_pg *j = (struct journal_pg *)(void *)self;
	struct pg_query q;

	(void)t;
	if (!journal_pg_ready(j))
		return APPEND_AWAY;
	journal_pg_forget_news(j);
	if (journal_pg_is_skewed(j))
		return APPEND_AWAY;
	arena_reset(&j->arena);
	q = journal_pg_statement(j, entries, count);
	return journal_pg_appended(j, &j->pg,
		j->arena.full ? PG_AWAY : pg_ask(&j->pg, &q, j->until_ms, NULL), entries, count);
}

bool journal_barrier(struct pg *pg, const char *server, int64_t until_ms)
{
	static const char sql[] = "INSERT INTO relais.barrier (server, n) VALUES ($1, 1)"
				  " ON CONFLICT (server) DO UPDATE SET n = barrier.n + 1";
	const struct pg_query q = {
		.sql = sql, .often = true, .len = 1, .value = {str_from(server)}};

	return pg_ask(pg, &q, until_ms, NULL) == PG_DONE;
}

bool journal_pg_barrier(struct journal_pg *j)
{
	if (journal_barrier(&j->pg, j->server, j->until_ms))
		return true;
	journal_pg_lost(j);
	return false;
}

/* ---- its life ---- */

static void begin(struct journal *self, const struct journal_round *round)
{
	struct journal_pg *j = (struct journal_pg *)(void *)self;
	int64_t left_ms = JOURNAL_ROUND_MS - (round ? (int64_t)round->waited_ms : 0);

	/* Who waited through the round before has no whole one left. */
	j->until_ms = pg_clock_ms() + (left_ms < JOURNAL_LEAST_MS ? JOURNAL_LEAST_MS : left_ms);
	j->round = round;
	j->fetched = false;
	journal_pg_forget_news(j);
}

struct journal_pg *journal_pg_open(const struct journal_pg_options *options)
{
	struct journal_pg *j = calloc(1, sizeof *j);

	if (!j)
		return NULL;
	ASSERT(strlen(options->address) < ADDRESS_BYTES && strlen(options->server) < SERVER_BYTES);
	j->port = (struct journal){.append = journal_pg_append,
		.append_each = journal_pg_append_each,
		.read = journal_pg_read,
		.begin = begin,
		.common = journal_pg_common,
		.keys_add = journal_pg_keys_add,
		.keys_find = journal_pg_keys_find,
		.keys_drop = journal_pg_keys_drop,
		.parts_find = part_pg_find};
	j->env = options->env;
	j->migrate = options->migrate;
	snprintf(j->address, sizeof j->address, "%s", options->address);
	snprintf(j->server, sizeof j->server, "%s", options->server);
	arena_init(&j->arena, (size_t)1 << 30);
	return j;
}

void journal_pg_expect(struct journal_pg *j, const char *id, const uint8_t secret[SEAL_KEY_LEN])
{
	snprintf(j->expected, sizeof j->expected, "%s", id ? id : "");
	memcpy(j->secret, secret, SEAL_KEY_LEN);
}

void journal_pg_close(struct journal_pg *j)
{
	if (!j)
		return;
	hint_close(j->hint);
	journal_pg_forget_news(j);
	pg_drop(&j->pg);
	journal_pg_lanes_drop(j);
	arena_deinit(&j->arena);
	explicit_bzero(j->secret, sizeof j->secret);
	free(j);
}

bool journal_pg_listen(struct journal_pg *j)
{
	ASSERT(!j->hint);
	j->hint = hint_open(j->address);
	return j->hint != NULL;
}

void journal_pg_hear(struct journal_pg *j, void (*heard)(void *context), void *context)
{
	if (j->hint)
		hint_hear(j->hint, heard, context);
}

struct str journal_pg_id(const struct journal_pg *j)
{
	return str_from(j->id);
}

const uint8_t *journal_pg_secret(const struct journal_pg *j)
{
	return j->secret;
}

struct journal *journal_pg_port(struct journal_pg *j)
{
	return &j->port;
}
