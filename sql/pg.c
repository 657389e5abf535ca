/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "sql/pg.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>

#include "sql/host.h"

int64_t pg_clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- words ---- */

/* The first line of what libpq says; more lines are places in files and hints. */
static void tell(struct pg *pg, const char *words)
{
	char line[PG_WHY_BYTES]; /* the words may be pg->why itself */

	snprintf(line, sizeof line, "%.*s", (int)strcspn(words, "\n"), words);
	if (!line[0])
		snprintf(line, sizeof line, "no reason was given");
	memcpy(pg->why, line, sizeof line);
}

static void forget_error(struct pg *pg)
{
	pg->state[0] = pg->constraint[0] = pg->why[0] = '\0';
}

static enum pg_answer gone(struct pg *pg, const char *words)
{
	tell(pg, words);
	pg_drop(pg);
	return PG_GONE;
}

/* It closed the connection, or time is over. */
static enum pg_answer silent(struct pg *pg)
{
	if (pg->why[0]) /* it said why before it closed */
		return gone(pg, pg->why);
	return gone(pg, PQstatus(pg->conn) == CONNECTION_BAD ? PQerrorMessage(pg->conn)
							     : "it does not answer");
}

bool pg_address_is_good(const char *address, char *why, size_t why_size)
{
	bool is_url = strncmp(address, "postgresql://", 13) == 0 ||
		      strncmp(address, "postgres://", 11) == 0;
	char *said = NULL;
	PQconninfoOption *options = is_url ? PQconninfoParse(address, &said) : NULL;
	bool good = options != NULL;

	if (!is_url)
		snprintf(why, why_size, "it must begin with postgresql://");
	else if (!options)
		snprintf(why, why_size, "%.*s", (int)strcspn(said ? said : "", "\n"),
			said ? said : "");
	for (PQconninfoOption *o = options; o && o->keyword && good; o++)
		if (strcmp(o->keyword, "password") == 0 && o->val) {
			good = false;
			snprintf(why, why_size,
				"a password does not belong into an address, which others can see: "
				"put it into a file (?passfile=FILE or ~/.pgpass) or a service of "
				"pg_service.conf");
		}
	PQconninfoFree(options);
	PQfreemem(said);
	return good;
}

/* ---- waiting ---- */

/* False: the moment came first. */
static bool wait_for(PGconn *conn, short events, int64_t until_ms)
{
	for (;;) {
		struct pollfd fd = {.fd = PQsocket(conn), .events = events};
		int64_t left = until_ms - pg_clock_ms();
		int n = left > 0 ? poll(&fd, 1, (int)(left < INT32_MAX ? left : INT32_MAX)) : 0;
		if (n > 0)
			return true;
		if (n == 0 || errno != EINTR)
			return false;
	}
}

static void ignore_notice(void *context, const PGresult *result)
{
	(void)context;
	(void)result;
}

/* ---- connecting ---- */

/* False: a name is not known by then. What the environment or a service names libpq looks up. */
static bool look_up(struct pg *pg, const char *address, int64_t until_ms, struct host_lists *out)
{
	PQconninfoOption *options = PQconninfoParse(address, NULL);
	const char *host = NULL, *port = NULL, *why = "";
	bool has_address = false, known;

	for (PQconninfoOption *o = options; o && o->keyword; o++) {
		if (strcmp(o->keyword, "host") == 0)
			host = o->val;
		else if (strcmp(o->keyword, "port") == 0)
			port = o->val;
		else if (strcmp(o->keyword, "hostaddr") == 0)
			has_address = o->val && *o->val;
	}
	known = host_lists(has_address ? NULL : host, port, until_ms, out, &why);
	PQconninfoFree(options);
	if (!known)
		tell(pg, why);
	return known;
}

enum pg_answer pg_connect(struct pg *pg, const char *address, int64_t until_ms)
{
	/* What stands before the address may be said otherwise in it, what stands behind may not.
	 */
	struct host_lists lists;
	const char *keys[] = {"tcp_user_timeout", "keepalives_idle", "keepalives_interval",
		"keepalives_count", "application_name", "dbname", "target_session_attrs",
		"client_encoding", "host", "hostaddr", "port", NULL};
	const char *const values[] = {"4000", "5", "2", "3", "relais", address, "read-write",
		"UTF8", lists.host, lists.address, lists.port, NULL};
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;
	PGconn *conn;

	pg_drop(pg);
	forget_error(pg);
	if (pg_clock_ms() >= until_ms || !look_up(pg, address, until_ms, &lists))
		return PG_AWAY;
	if (!lists.host[0])
		keys[ARRAY_LEN(keys) - 4] = NULL; /* no name in it: libpq looks nothing up */
	pg->conn = conn = PQconnectStartParams(keys, values, 1);
	ASSERT(conn);
	/* The socket may be another after each step. */
	while (PQstatus(conn) != CONNECTION_BAD && next != PGRES_POLLING_OK &&
		next != PGRES_POLLING_FAILED) {
		if (!wait_for(conn, next == PGRES_POLLING_READING ? POLLIN : POLLOUT, until_ms)) {
			(void)gone(pg, "it does not answer");
			return PG_AWAY;
		}
		next = PQconnectPoll(conn);
	}
	if (PQstatus(conn) != CONNECTION_OK || PQsetnonblocking(conn, 1) != 0) {
		(void)gone(pg, PQerrorMessage(conn));
		return PG_AWAY;
	}
	PQsetNoticeReceiver(conn, ignore_notice, NULL);
	return PG_DONE;
}

void pg_drop(struct pg *pg)
{
	PQfinish(pg->conn);
	pg->conn = NULL;
	memset(pg->prepared, 0, sizeof pg->prepared);
}

/* ---- asking ---- */

enum { PLAN_NAME_BYTES = 24 };

static void note_error(struct pg *pg, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
	const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	snprintf(pg->state, sizeof pg->state, "%s", state ? state : "");
	snprintf(pg->constraint, sizeof pg->constraint, "%s", constraint ? constraint : "");
	tell(pg, words ? words : PQresultErrorMessage(result));
}

/* Sends what is to be sent while it reads, lest both sides wait for each other. */
static bool sent(PGconn *conn, int64_t until_ms)
{
	for (int left; (left = PQflush(conn)) != 0;)
		if (left < 0 || !wait_for(conn, POLLIN | POLLOUT, until_ms) ||
			!PQconsumeInput(conn))
			return false;
	return true;
}

/* The next result; false when none comes in time. NULL: all came. */
static bool next_result(PGconn *conn, int64_t until_ms, PGresult **out)
{
	while (PQisBusy(conn))
		if (!wait_for(conn, POLLIN, until_ms) || !PQconsumeInput(conn))
			return false;
	*out = PQgetResult(conn);
	return true;
}

/* Whether a result says how the statement ended, and not only that the connection did. */
static bool is_final(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return PQresultStatus(result) != PGRES_FATAL_ERROR || (state && memcmp(state, "08", 2));
}

/* One result: the first error counts, and the first rows. */
static enum pg_answer take(struct pg *pg, PGresult *result, enum pg_answer a, struct pg_rows *rows)
{
	ExecStatusType status = PQresultStatus(result);

	if (status == PGRES_TUPLES_OK && a == PG_DONE && rows && !rows->result) {
		*rows = (struct pg_rows){result, (uint32_t)PQntuples(result)};
		return a;
	}
	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && a == PG_DONE) {
		note_error(pg, result);
		a = is_final(result) ? PG_REFUSED : PG_GONE;
	}
	PQclear(result);
	return a;
}

static enum pg_answer answer(struct pg *pg, int64_t until_ms, struct pg_rows *rows)
{
	enum pg_answer a = PG_DONE;
	PGresult *result;
	bool all = false;

	if (!sent(pg->conn, until_ms))
		return silent(pg);
	while (!all && next_result(pg->conn, until_ms, &result)) {
		all = !result;
		if (result)
			a = take(pg, result, a, rows);
	}
	if (!all)
		a = silent(pg);
	else if (a == PG_GONE || (a == PG_DONE && PQstatus(pg->conn) == CONNECTION_BAD))
		a = gone(pg, pg->why[0] ? pg->why : "it closed the connection");
	if (a != PG_DONE && rows)
		pg_rows_free(rows);
	return a;
}

/* The name of its plan in `name`, made where there is none; "" where it is asked without. */
static enum pg_answer plan(
	struct pg *pg, const struct pg_query *q, int64_t until_ms, char name[PLAN_NAME_BYTES])
{
	size_t i = 0;

	name[0] = '\0';
	while (q->often && i < PG_PREPARED_MAX && pg->prepared[i] && pg->prepared[i] != q->sql)
		i++;
	if (!q->often || i == PG_PREPARED_MAX)
		return PG_DONE;
	snprintf(name, PLAN_NAME_BYTES, "q%zu", i);
	if (pg->prepared[i])
		return PG_DONE;
	if (!PQsendPrepare(pg->conn, name, q->sql, 0, NULL))
		return gone(pg, PQerrorMessage(pg->conn));
	enum pg_answer a = answer(pg, until_ms, NULL);
	if (a == PG_DONE)
		pg->prepared[i] = q->sql;
	/* nothing of it was done yet: whoever asks is not in doubt */
	return a == PG_GONE ? PG_AWAY : a;
}

enum pg_answer pg_send(struct pg *pg, const struct pg_query *q, int64_t until_ms)
{
	const char *values[PG_PARAMETERS_MAX];
	int lengths[PG_PARAMETERS_MAX], formats[PG_PARAMETERS_MAX];
	char name[PLAN_NAME_BYTES];
	enum pg_answer planned;

	forget_error(pg);
	if (!pg->conn || pg_clock_ms() >= until_ms)
		return PG_AWAY;
	for (uint32_t i = 0; i < q->len; i++) {
		ASSERT(q->value[i].n <= INT32_MAX);
		values[i] = q->value[i].p;
		lengths[i] = (int)q->value[i].n;
		formats[i] = q->binary[i];
	}
	planned = plan(pg, q, until_ms, name);
	if (planned != PG_DONE)
		return planned;
	if (!(name[0] ? PQsendQueryPrepared(
				pg->conn, name, (int)q->len, values, lengths, formats, 1)
		      : PQsendQueryParams(
				pg->conn, q->sql, (int)q->len, NULL, values, lengths, formats, 1)))
		return gone(pg, PQerrorMessage(pg->conn));
	return sent(pg->conn, until_ms) ? PG_DONE : silent(pg);
}

enum pg_answer pg_await(struct pg *pg, int64_t until_ms, struct pg_rows *rows)
{
	if (rows)
		*rows = (struct pg_rows){NULL, 0};
	return answer(pg, until_ms, rows);
}

enum pg_answer pg_ask(
	struct pg *pg, const struct pg_query *q, int64_t until_ms, struct pg_rows *rows)
{
	enum pg_answer a = pg_send(pg, q, until_ms);

	if (rows)
		*rows = (struct pg_rows){NULL, 0};
	return a == PG_DONE ? pg_await(pg, until_ms, rows) : a;
}

enum pg_answer pg_run(struct pg *pg, const char *sql, int64_t until_ms)
{
	forget_error(pg);
	if (!pg->conn || pg_clock_ms() >= until_ms)
		return PG_AWAY;
	if (!PQsendQuery(pg->conn, sql))
		return gone(pg, PQerrorMessage(pg->conn));
	return answer(pg, until_ms, NULL);
}

int pg_socket(const struct pg *pg)
{
	return pg->conn ? PQsocket(pg->conn) : -1;
}

int pg_notifications(struct pg *pg)
{
	int n = 0;

	if (!pg->conn || !PQconsumeInput(pg->conn))
		return -1;
	for (PGnotify *one; (one = PQnotifies(pg->conn)) != NULL; PQfreemem(one))
		n += one->be_pid != PQbackendPID(pg->conn);
	return n;
}

/* ---- rows ---- */

void pg_rows_free(struct pg_rows *rows)
{
	PQclear(rows->result);
	*rows = (struct pg_rows){NULL, 0};
}

struct str pg_value(const struct pg_rows *rows, uint32_t row, int column)
{
	ASSERT(row < rows->len);
	if (PQgetisnull(rows->result, (int)row, column))
		return STR_NULL;
	return (struct str){PQgetvalue(rows->result, (int)row, column),
		(size_t)PQgetlength(rows->result, (int)row, column)};
}

int64_t pg_number(const struct pg_rows *rows, uint32_t row, int column)
{
	struct str v = pg_value(rows, row, column);
	uint64_t n = 0;

	ASSERT(v.n == 8 || v.n == 4);
	for (size_t i = 0; i < v.n; i++)
		n = n << 8 | (uint8_t)v.p[i];
	return v.n == 8 ? (int64_t)n : (int32_t)(uint32_t)n;
}
