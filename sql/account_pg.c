/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "sql/account_pg.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sql/array.h"
#include "sql/journal_pg_inside.h"

enum { NUMBER_BYTES = 24 };

struct account_pg {
	struct accounts port; /* first: its functions find the rest by it */
	struct pg pg;
	struct people *people; /* borrowed */
	struct arena arena;    /* of one question */
	char address[ADDRESS_BYTES], server[SERVER_BYTES], id[SHARE_ID_MAX + 1];
	int64_t until_ms, not_before_ms;
	bool was_away;
	/* the thread that looks */
	pthread_t thread;
	pthread_mutex_t mutex; /* of `closing` */
	pthread_cond_t closed;
	bool started, closing;
};

/* ---- the connection ---- */

static void tell(struct account_pg *y, const char *line)
{
	struct env *env = people_env(y->people);

	env->log(env, line);
}

static void lost(struct account_pg *y)
{
	char line[PG_WHY_BYTES + 100];

	snprintf(line, sizeof line, "users and tokens cannot be changed: %s",
		y->pg.why[0] ? y->pg.why : "PostgreSQL does not answer in time");
	pg_drop(&y->pg);
	if (!y->was_away)
		tell(y, line);
	y->was_away = true;
	y->not_before_ms = pg_clock_ms() + JOURNAL_PAUSE_MS;
}

/* Begins a round. False: there is no connection just now. */
static bool ready(struct account_pg *y)
{
	y->until_ms = pg_clock_ms() + ACCOUNT_ROUND_MS;
	arena_reset(&y->arena);
	if (pg_is_connected(&y->pg))
		return true;
	if (pg_clock_ms() < y->not_before_ms)
		return false;
	if (!journal_session(&y->pg, y->address, y->id, y->until_ms)) {
		lost(y);
		return false;
	}
	if (y->was_away)
		tell(y, "users and tokens can be changed again");
	y->was_away = false;
	return true;
}

/* ---- reading ---- */

/* One statement, so what it shows was so at one moment. */
static const char read_sql[] =
	"SELECT s.n, s.mark, k.known::int4, a.key, a.value FROM"
	" (SELECT n, mark FROM relais.account_step ORDER BY n DESC LIMIT 1) AS s"
	" CROSS JOIN (SELECT EXISTS (SELECT FROM relais.account_step"
	" WHERE n = $1::text::int8 AND mark = $2) AS known) AS k"
	" LEFT JOIN relais.account AS a ON a.n > CASE WHEN k.known THEN $1::text::int8 ELSE 0 END"
	" AND (k.known OR a.value IS NOT NULL)";
enum { READ_N, READ_MARK, READ_KNOWN, READ_KEY, READ_VALUE };

static struct str mark_of(const struct account_place *at)
{
	return (struct str){(const char *)at->mark, ACCOUNT_MARK_LEN};
}

static bool rows_take(const struct pg_rows *rows, struct arena *a, struct account_news *out)
{
	struct str mark = pg_value(rows, 0, READ_MARK);

	if (mark.n != ACCOUNT_MARK_LEN)
		return false;
	out->now.n = (uint64_t)pg_number(rows, 0, READ_N);
	memcpy(out->now.mark, mark.p, mark.n);
	out->whole = pg_number(rows, 0, READ_KNOWN) == 0;
	out->rows = arena_take(a, rows->len * sizeof *out->rows);
	for (uint32_t i = 0; i < rows->len && out->rows; i++) {
		struct str key = pg_value(rows, i, READ_KEY), value = pg_value(rows, i, READ_VALUE);
		if (!key.p)
			continue; /* nothing changed */
		if (!account_row_is_good(key, value))
			return false;
		out->rows[out->len++] = (struct account_row){
			arena_copy(a, key), value.p ? arena_copy(a, value) : STR_NULL};
	}
	return true;
}

static enum journal_read read_news(struct accounts *self, const struct account_place *at,
	struct arena *a, struct account_news *out)
{
	struct account_pg *y = (struct account_pg *)(void *)self;
	struct pg_query q = {.sql = read_sql, .often = true, .len = 2, .binary = {false, true}};
	struct pg_rows rows;
	char number[NUMBER_BYTES];
	bool good = true;

	*out = (struct account_news){.len = 0};
	if (!ready(y))
		return READ_AWAY;
	snprintf(number, sizeof number, "%llu", (unsigned long long)at->n);
	q.value[0] = str_from(number);
	q.value[1] = mark_of(at);
	if (pg_ask(&y->pg, &q, y->until_ms, &rows) != PG_DONE) {
		lost(y);
		return READ_AWAY;
	}
	if (rows.len)
		good = rows_take(&rows, a, out);
	else
		out->whole = at->n > 0; /* nobody gave any yet; or all was lost */
	pg_rows_free(&rows);
	if (good)
		return READ_END;
	snprintf(y->pg.why, sizeof y->pg.why, "what it holds are no accounts");
	lost(y);
	return READ_AWAY;
}

/* ---- writing ---- */

/* One statement that commits by itself. Nothing is written where the step before is another. */
static const char write_sql[] =
	"WITH step AS (INSERT INTO relais.account_step (n, mark) SELECT $1::text::int8, $2"
	" WHERE EXISTS (SELECT FROM relais.account_step WHERE n = $1::text::int8 - 1 AND mark = $3)"
	" OR ($1 = '1' AND NOT EXISTS (SELECT FROM relais.account_step)) RETURNING n),"
	" given AS (INSERT INTO relais.account AS a (key, value, n) SELECT k, v, step.n"
	" FROM step CROSS JOIN unnest($4::bytea[], $5::bytea[]) AS e(k, v)"
	" ON CONFLICT (key) DO UPDATE SET value = excluded.value, n = excluded.n)"
	" SELECT n FROM step";

static struct str column(
	struct arena *a, const struct account_row *rows, size_t len, bool of_values)
{
	struct array w;
	size_t bytes = 0;

	for (size_t i = 0; i < len; i++)
		bytes += of_values ? rows[i].value.n : rows[i].key.n;
	array_begin(&w, a, ARRAY_BYTEA, len, bytes);
	for (size_t i = 0; i < len; i++)
		array_bytes(&w, of_values ? rows[i].value : rows[i].key);
	return array_str(&w);
}

/* Somebody stands at the place: an earlier try of the same, or another server. */
static enum append resolve(struct account_pg *y, const struct pg_query *write)
{
	struct pg_query q = {.sql = "SELECT count(*) FROM relais.account_step"
				    " WHERE n = $1::text::int8 AND mark = $2",
		.len = 2,
		.value = {write->value[0], write->value[1]},
		.binary = {false, true}};
	struct pg_rows rows;
	bool ours;

	if (pg_ask(&y->pg, &q, y->until_ms, &rows) != PG_DONE) {
		lost(y);
		return APPEND_AWAY;
	}
	ours = pg_number(&rows, 0, 0) == 1;
	pg_rows_free(&rows);
	if (!ours)
		return APPEND_LOST;
	if (journal_barrier(&y->pg, y->server, y->until_ms))
		return APPEND_DONE;
	lost(y);
	return APPEND_UNKNOWN;
}

static enum append written(struct account_pg *y, const struct pg_query *q)
{
	struct pg_rows rows;
	bool some;

	switch (pg_ask(&y->pg, q, y->until_ms, &rows)) {
	case PG_DONE:
		some = rows.len == 1;
		pg_rows_free(&rows);
		return some ? APPEND_DONE : resolve(y, q); /* the step before is another, or ours */
	case PG_REFUSED:
		if (pg_state_is(&y->pg, "23505"))
			return resolve(y, q);
		if (pg_state_in(&y->pg, "40"))
			return APPEND_LOST; /* nothing was done: again, at what is there by then */
		lost(y);
		return pg_state_in(&y->pg, "57") ? APPEND_UNKNOWN : APPEND_AWAY;
	case PG_GONE: lost(y); return APPEND_UNKNOWN;
	case PG_AWAY: break;
	}
	lost(y);
	return APPEND_AWAY;
}

static enum append write_step(struct accounts *self, const struct account_place *at,
	const struct account_place *to, const struct account_row *rows, size_t len)
{
	struct account_pg *y = (struct account_pg *)(void *)self;
	struct pg_query q = {.sql = write_sql, .len = 5, .binary = {false, true, true, true, true}};
	char number[NUMBER_BYTES];

	if (!ready(y))
		return APPEND_AWAY;
	snprintf(number, sizeof number, "%llu", (unsigned long long)to->n);
	q.value[0] = str_from(number);
	q.value[1] = mark_of(to);
	q.value[2] = mark_of(at);
	q.value[3] = column(&y->arena, rows, len, false);
	q.value[4] = column(&y->arena, rows, len, true);
	return y->arena.full ? APPEND_AWAY : written(y, &q);
}

/* ---- its life ---- */

static void *thread_main(void *context)
{
	struct account_pg *y = context;
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	pthread_mutex_lock(&y->mutex);
	while (!y->closing) {
		struct timespec until;
		pthread_mutex_unlock(&y->mutex);
		/* what it could not follow now it follows at the next look */
		enum outcome o = people_follow_accounts(y->people);
		(void)o;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += ACCOUNT_LOOK_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_mutex_lock(&y->mutex);
		while (!y->closing && pthread_cond_timedwait(&y->closed, &y->mutex, &until) == 0)
			;
	}
	pthread_mutex_unlock(&y->mutex);
	return NULL;
}

struct account_pg *account_pg_open(
	const char *address, const char *server, const char *id, struct people *people)
{
	struct account_pg *y = calloc(1, sizeof *y);
	pthread_condattr_t monotonic;

	if (!y)
		return NULL;
	ASSERT(strlen(address) < ADDRESS_BYTES && strlen(id) <= SHARE_ID_MAX);
	y->port = (struct accounts){.write = write_step, .read = read_news};
	y->people = people;
	snprintf(y->address, sizeof y->address, "%s", address);
	snprintf(y->server, sizeof y->server, "%.48s/accounts", server);
	snprintf(y->id, sizeof y->id, "%s", id);
	arena_init(&y->arena, (size_t)1 << 30);
	ASSERT(pthread_mutex_init(&y->mutex, NULL) == 0);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	ASSERT(pthread_cond_init(&y->closed, &monotonic) == 0);
	pthread_condattr_destroy(&monotonic);
	return y;
}

struct accounts *account_pg_port(struct account_pg *y)
{
	return &y->port;
}

void account_pg_start(struct account_pg *y)
{
	ASSERT(!y->started);
	people_share_accounts(y->people, &y->port);
	y->started = true;
	ASSERT(pthread_create(&y->thread, NULL, thread_main, y) == 0);
}

void account_pg_close(struct account_pg *y)
{
	if (!y)
		return;
	if (y->started) {
		pthread_mutex_lock(&y->mutex);
		y->closing = true;
		pthread_cond_signal(&y->closed);
		pthread_mutex_unlock(&y->mutex);
		pthread_join(y->thread, NULL);
		people_share_accounts(y->people, NULL);
	}
	pg_drop(&y->pg);
	arena_deinit(&y->arena);
	pthread_cond_destroy(&y->closed);
	pthread_mutex_destroy(&y->mutex);
	free(y);
}
