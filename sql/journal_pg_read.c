/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What the journal has and the store has not, a part at a time. */

#include <stdio.h>

#include "sql/array.h"
#include "sql/journal_pg_inside.h"

enum { NEWS_MAX = 256 };
#define NEWS_MAX_TEXT "256"

/* A journal that the store knows is asked for by its head, others from their first entry on: a
 * batch asks for its own alone, the look of each second for those too that nobody here knows. */
#define NEWS_OF_HEADS(heads)                                                                 \
	"SELECT e.site, e.seq, e.prev, e.hash, e.bytes FROM (" heads                         \
	") AS head(site, seq) CROSS JOIN LATERAL (SELECT * FROM relais.journal AS j"         \
	" WHERE j.site = head.site AND j.seq > head.seq ORDER BY j.seq LIMIT " NEWS_MAX_TEXT \
	") AS e ORDER BY e.site, e.seq LIMIT " NEWS_MAX_TEXT
#define GIVEN_HEADS "SELECT site, seq FROM unnest($1::text[], $2::int8[]) AS known(site, seq)"
#define NEW_HEADS                                       \
	" UNION ALL SELECT site, 0 FROM relais.journal" \
	" WHERE seq = 1 AND site <> ALL ($1::text[])"
static const char some_news_sql[] = NEWS_OF_HEADS(GIVEN_HEADS);
static const char all_news_sql[] = NEWS_OF_HEADS(GIVEN_HEADS NEW_HEADS);
static const char heads_sql[] =
	"SELECT count(*) FROM relais.journal"
	" JOIN unnest($1::text[], $2::int8[], $3::bytea[]) AS known(site, seq, hash)"
	" USING (site, seq, hash)";

struct heads {
	struct str site, seq, hash;
	size_t len;
};

static size_t count_journals(struct txn *t)
{
	struct str name = STR_NULL;
	size_t n = 0;

	while (journal_next_name(t, &name))
		n++;
	return n;
}

static void head_add(
	struct txn *t, struct str name, struct array *site, struct array *seq, struct array *hash)
{
	struct journal_head head;

	(void)journal_head(t, name, &head);
	array_bytes(site, name);
	array_number(seq, (int64_t)head.seq);
	array_bytes(hash, (struct str){(const char *)head.hash.bytes, HASH_LEN});
}

/* Of the journals of `only`, or of all. False: the store has a fault, or there is no memory. */
static bool heads_of(
	struct txn *t, struct arena *a, const struct journal_round *only, struct heads *out)
{
	struct array site, seq, hash;
	struct str name = STR_NULL;

	out->len = only ? only->len : count_journals(t);
	array_begin(&site, a, ARRAY_TEXT, out->len, out->len * ID_MAX);
	array_begin(&seq, a, ARRAY_INT8, out->len, out->len * sizeof(int64_t));
	array_begin(&hash, a, ARRAY_BYTEA, out->len, out->len * HASH_LEN);
	for (size_t i = 0; i < out->len; i++) {
		if (only)
			name = only->names[i];
		else if (!journal_next_name(t, &name))
			break;
		head_add(t, name, &site, &seq, &hash);
	}
	if (t->outcome || a->full)
		return false;
	out->site = array_str(&site);
	out->seq = array_str(&seq);
	out->hash = array_str(&hash);
	return true;
}

/* On a new connection there may be another server, which lost what was acknowledged. */
static enum journal_read check_heads(struct journal_pg *j, const struct heads *heads)
{
	const struct pg_query q = {.sql = heads_sql,
		.len = 3,
		.value = {heads->site, heads->seq, heads->hash},
		.binary = {true, true, true}};
	struct pg_rows rows;
	bool all;

	if (pg_ask(&j->pg, &q, j->until_ms, &rows) != PG_DONE) {
		journal_pg_lost(j);
		return READ_AWAY;
	}
	all = rows.len == 1 && pg_number(&rows, 0, 0) == (int64_t)heads->len;
	pg_rows_free(&rows);
	j->heads_checked = all;
	return all ? READ_END : READ_FORKED;
}

enum journal_read journal_pg_check_heads(struct journal_pg *j, struct txn *t)
{
	struct heads heads;

	arena_reset(&j->arena);
	return heads_of(t, &j->arena, NULL, &heads) ? check_heads(j, &heads) : READ_AWAY;
}

/* Whether that very entry is there: 1 or 0, -1 when it cannot be asked. */
static int has(struct journal_pg *j, struct txn *t, struct str journal, uint64_t seq)
{
	struct pg_query q = {.sql = "SELECT count(*) FROM relais.journal WHERE site = $1"
				    " AND seq = $2::text::int8 AND hash = $3",
		.len = 3,
		.binary = {true, false, true}};
	struct journal_entry ours;
	struct pg_rows rows;
	char number[24];
	int n;

	if (!journal_entry(t, journal, seq, &ours))
		return -1;
	snprintf(number, sizeof number, "%llu", (unsigned long long)seq);
	q.value[0] = journal;
	q.value[1] = str_from(number);
	q.value[2] = (struct str){(const char *)ours.hash.bytes, HASH_LEN};
	if (!journal_pg_ready(j) || pg_ask(&j->pg, &q, j->until_ms, &rows) != PG_DONE)
		return -1;
	n = pg_number(&rows, 0, 0) == 1;
	pg_rows_free(&rows);
	return n;
}

/* A chain that has an entry has all before it: halved until it is found. */
bool journal_pg_common(struct journal *self, struct txn *t, struct str journal, uint64_t *seq)
{
	struct journal_pg *j = (struct journal_pg *)(void *)self;
	struct journal_head head;
	uint64_t low = 0;

	(void)journal_head(t, journal, &head);
	for (uint64_t high = head.seq; low < high;) {
		uint64_t middle = high - (high - low) / 2;
		j->until_ms = pg_clock_ms() + JOURNAL_ROUND_MS; /* nobody is promised anything */
		switch (has(j, t, journal, middle)) {
		case 1: low = middle; break;
		case 0: high = middle - 1; break;
		default: return false;
		}
	}
	*seq = low;
	return true;
}

uint64_t journal_pg_count(struct journal_pg *j)
{
	const struct pg_query q = {.sql = "SELECT count(*) FROM relais.journal"};
	struct pg_rows rows;
	uint64_t n;

	if (pg_ask(&j->pg, &q, pg_clock_ms() + JOURNAL_MIGRATE_MS, &rows) != PG_DONE)
		return 0;
	n = (uint64_t)pg_number(&rows, 0, 0);
	pg_rows_free(&rows);
	return n;
}

static enum journal_read fetch(struct journal_pg *j, struct txn *t)
{
	struct pg_query q = {.sql = j->round ? some_news_sql : all_news_sql,
		.often = true,
		.len = 2,
		.binary = {true, true}};
	struct heads heads;

	/* A round that has read for long ends between two questions, not within one. */
	if (j->fetched && j->until_ms - pg_clock_ms() < JOURNAL_ROUND_MS / 3)
		return READ_AWAY;
	j->fetched = true;
	journal_pg_measure(j);
	if (!j->heads_checked) {
		enum journal_read r = journal_pg_check_heads(j, t);
		if (r != READ_END)
			return r;
	}
	arena_reset(&j->arena);
	if (!heads_of(t, &j->arena, j->round, &heads))
		return READ_AWAY;
	q.value[0] = heads.site;
	q.value[1] = heads.seq;
	if (pg_ask(&j->pg, &q, j->until_ms, &j->news) != PG_DONE) {
		journal_pg_lost(j);
		return READ_AWAY;
	}
	j->at = 0;
	j->ended = j->news.len < NEWS_MAX;
	/* Nobody hears of what was only read before a commit of our own stands behind it. */
	if (j->news.len && !journal_pg_barrier(j)) {
		journal_pg_forget_news(j);
		return READ_AWAY;
	}
	return READ_ENTRY;
}

/* False: the row is not one of a journal. */
static bool take(struct journal_pg *j, struct arena *a, struct pending_entry *out)
{
	struct str prev = pg_value(&j->news, j->at, NEWS_PREV);
	struct str hash = pg_value(&j->news, j->at, NEWS_HASH);

	if (prev.n != HASH_LEN || hash.n != HASH_LEN)
		return false;
	*out = (struct pending_entry){
		.journal = arena_copy(a, pg_value(&j->news, j->at, NEWS_SITE)),
		.seq = (uint64_t)pg_number(&j->news, j->at, NEWS_SEQ),
		.bytes = arena_copy(a, pg_value(&j->news, j->at, NEWS_BYTES))};
	memcpy(out->prev.bytes, prev.p, HASH_LEN);
	memcpy(out->hash.bytes, hash.p, HASH_LEN);
	j->at++;
	return true;
}

/* Whether the next row goes on from what the store has: what was fetched for a transaction that
 * was given up since does not. */
static bool goes_on(struct journal_pg *j, struct txn *t)
{
	struct journal_head head;

	(void)journal_head(t, pg_value(&j->news, j->at, NEWS_SITE), &head);
	return (uint64_t)pg_number(&j->news, j->at, NEWS_SEQ) == head.seq + 1;
}

enum journal_read journal_pg_read(
	struct journal *self, struct txn *t, struct arena *a, struct pending_entry *out)
{
	struct journal_pg *j = (struct journal_pg *)(void *)self;

	if (j->news.result && j->at < j->news.len && !goes_on(j, t))
		journal_pg_forget_news(j);
	if (j->news.result && j->at == j->news.len && j->ended)
		return READ_END;
	if (!j->news.result || j->at == j->news.len) {
		journal_pg_forget_news(j);
		enum journal_read r = journal_pg_ready(j) ? fetch(j, t) : READ_AWAY;
		if (r != READ_ENTRY)
			return r;
		if (j->news.len == 0)
			return READ_END;
	}
	if (take(j, a, out))
		return a->full ? READ_AWAY : READ_ENTRY;
	j->env->log(j->env, "PostgreSQL gave a row of the journal that is none");
	return READ_FORKED;
}

void journal_pg_forget_news(struct journal_pg *j)
{
	pg_rows_free(&j->news);
	j->at = 0;
	j->ended = false;
}
