/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/worst/sql_side.h"

#include <stdio.h>
#include <stdlib.h>

#define CLASS "grecale"
enum { NUMBER = 12, NUMBERS_MAX = 4, BEHIND_ALL = 10 * 366 * DAY, OWN_ID = LOANS_MAX };

static const struct {
	const char *name, *words;
} statements[] = {
	{"nothing", "SELECT 1"},
	{"book", "SELECT book($1::int, '" CLASS "', $2::int, $3::int)"},
	{"lift", "SELECT lift($1::int)"},
	{"place", "SELECT place($1::int, $2::int, int4range($3::int, $4::int))"},
	/* in a gap that is open then, or in the first that opens later */
	{"next", "SELECT least("
		 "(SELECT $1::int FROM gap WHERE class = '" CLASS
		 "' AND int4range(begins, ends) @> int4range($1::int, $1::int + $2::int) LIMIT 1),"
		 "(SELECT begins FROM gap WHERE class = '" CLASS
		 "' AND begins > $1::int AND ends - begins >= $2::int ORDER BY begins LIMIT 1))"},
};

static _Noreturn void give_up(struct sql_side *q, const char *what)
{
	fprintf(stderr, "bench_worst: %s: %s", what, PQerrorMessage(q->connection));
	exit(1);
}

static void must(struct sql_side *q, const char *words)
{
	PGresult *result = PQexec(q->connection, words);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		give_up(q, words);
	PQclear(result);
}

void sql_open(struct sql_side *q, const char *conninfo)
{
	q->connection = PQconnectdb(conninfo);
	if (PQstatus(q->connection) != CONNECTION_OK)
		give_up(q, "PostgreSQL");
	for (size_t i = 0; i < ARRAY_LEN(statements); i++) {
		PGresult *result =
			PQprepare(q->connection, statements[i].name, statements[i].words, 0, NULL);
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			give_up(q, statements[i].name);
		PQclear(result);
	}
}

void sql_close(struct sql_side *q)
{
	PQfinish(q->connection);
}

static void copy(struct sql_side *q, const char *line)
{
	if (PQputCopyData(q->connection, line, (int)strlen(line)) != 1)
		give_up(q, "COPY");
}

void sql_load(struct sql_side *q, const struct world *w)
{
	char line[200];
	PGresult *result;

	snprintf(line, sizeof line,
		"INSERT INTO car SELECT i, '" CLASS "' FROM generate_series(0, %u) i", w->cars - 1);
	must(q, line);
	result = PQexec(q->connection, "COPY booking FROM STDIN");
	if (PQresultStatus(result) != PGRES_COPY_IN)
		give_up(q, "COPY");
	PQclear(result);
	for (uint32_t i = 0; i < w->len; i++) {
		const struct loan *l = &w->loans[i];
		snprintf(line, sizeof line, "%u\t%d\t[%d,%d)\n", i, l->car, l->from,
			l->until + TURNAROUND);
		copy(q, line);
	}
	if (PQputCopyEnd(q->connection, NULL) != 1)
		give_up(q, "COPY");
	while ((result = PQgetResult(q->connection)) != NULL) {
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			give_up(q, "COPY");
		PQclear(result);
	}
	snprintf(line, sizeof line, "SELECT world_gaps(0, %d)", BEHIND_ALL);
	must(q, line);
	sql_sweep(q);
}

void sql_sweep(struct sql_side *q)
{
	must(q, "VACUUM ANALYZE car");
	must(q, "VACUUM ANALYZE booking");
	must(q, "VACUUM ANALYZE gap");
}

/* The one value that a prepared statement answers; false where it is NULL. */
static bool ask(
	struct sql_side *q, const char *name, int n, const int32_t *numbers, struct answered *out)
{
	char text[NUMBERS_MAX][NUMBER];
	const char *values[NUMBERS_MAX];
	PGresult *result;
	bool found;

	ASSERT(n <= NUMBERS_MAX);
	for (int i = 0; i < n; i++) {
		snprintf(text[i], NUMBER, "%d", numbers[i]);
		values[i] = text[i];
	}
	out->took_ns = clock_ns();
	result = PQexecPrepared(q->connection, name, n, values, NULL, NULL, 0);
	out->took_ns = clock_ns() - out->took_ns;
	if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
		give_up(q, name);
	found = !PQgetisnull(result, 0, 0);
	out->from = found ? (int32_t)strtol(PQgetvalue(result, 0, 0), NULL, 10) : NO_DATE;
	PQclear(result);
	return found;
}

int64_t sql_nothing(struct sql_side *q)
{
	struct answered a;

	ask(q, "nothing", 0, NULL, &a);
	return a.took_ns;
}

void sql_book(struct sql_side *q, const struct loan *wish, struct answered *out)
{
	int32_t numbers[] = {OWN_ID, wish->from, wish->until + TURNAROUND};
	struct answered unused;

	memset(out, 0, sizeof *out);
	out->verdict = ask(q, "book", ARRAY_LEN(numbers), numbers, out) ? VERDICT_STRAIGHT
									: VERDICT_REFUSED;
	if (out->verdict == VERDICT_STRAIGHT)
		ask(q, "lift", 1, numbers, &unused);
}

void sql_next(struct sql_side *q, int32_t after, int32_t minutes, struct answered *out)
{
	int32_t numbers[] = {after, minutes + TURNAROUND};

	memset(out, 0, sizeof *out);
	ask(q, "next", ARRAY_LEN(numbers), numbers, out);
}

void sql_follow(struct sql_side *q, const struct world *w, const struct answered *a)
{
	struct answered unused;

	if (a->moved_len == 0)
		return;
	must(q, "BEGIN");
	for (uint32_t i = 0; i < a->moved_len; i++) {
		int32_t loan = (int32_t)a->moved[i].loan;
		ask(q, "lift", 1, &loan, &unused);
	}
	for (uint32_t i = 0; i < a->moved_len; i++) {
		const struct loan *l = &w->loans[a->moved[i].loan];
		int32_t numbers[] = {
			(int32_t)a->moved[i].loan, a->moved[i].car, l->from, l->until + TURNAROUND};
		ask(q, "place", ARRAY_LEN(numbers), numbers, &unused);
	}
	must(q, "COMMIT");
}
