/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/search/theirs.h"

#include <stdio.h>
#include <stdlib.h>

enum { NUMBER = 12, NUMBERS = 5, LINE = 100, BEHIND_ALL = 20 * WORLD_MINUTES };

static const struct {
	const char *name, *words;
	int numbers;
} statements[] = {
	{"nothing", "SELECT 1", 0},
	{"free", "SELECT ask_free($1::int, $2::int, $3::int, $4::int)", 4},
	{"next", "SELECT ask_next($1::int, $2::int, $3::int, $4::int)", 4},
	{"full",
		"SELECT best, best_until FROM ask_next_full($1::int, $2::int, $3::int, $4::int, "
		"$5::int)",
		5},
};
enum { ASK_NOTHING, ASK_FREE, ASK_NEXT, ASK_FULL };

static _Noreturn void give_up(struct theirs *t, const char *what)
{
	fprintf(stderr, "bench_search: %s: %s", what, PQerrorMessage(t->connection));
	exit(1);
}

static void must(struct theirs *t, const char *words, ExecStatusType wanted)
{
	PGresult *result = PQexec(t->connection, words);

	if (PQresultStatus(result) != wanted)
		give_up(t, words);
	PQclear(result);
}

void theirs_open(struct theirs *t, const char *conninfo)
{
	t->connection = PQconnectdb(conninfo);
	if (PQstatus(t->connection) != CONNECTION_OK)
		give_up(t, "PostgreSQL");
}

void theirs_close(struct theirs *t)
{
	PQfinish(t->connection);
}

/* ---- the world ---- */

static void copy_row(struct theirs *t, const char *line)
{
	if (PQputCopyData(t->connection, line, (int)strlen(line)) != 1)
		give_up(t, "COPY");
}

static void copy_end(struct theirs *t)
{
	PGresult *result;

	if (PQputCopyEnd(t->connection, NULL) != 1)
		give_up(t, "COPY");
	while ((result = PQgetResult(t->connection)) != NULL) {
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			give_up(t, "COPY");
		PQclear(result);
	}
}

static void copy_cars(struct theirs *t, uint32_t cars)
{
	char line[LINE];

	must(t, "COPY car FROM STDIN", PGRES_COPY_IN);
	for (uint32_t car = 0; car < cars; car++) {
		snprintf(line, sizeof line, "%u\t%u\t%d\n", car, car / SITE_CARS, class_of(car));
		copy_row(t, line);
	}
	copy_end(t);
}

static void copy_loans(struct theirs *t, uint32_t cars)
{
	static struct stretch all[STRETCHES_MAX];
	char line[LINE];

	must(t, "COPY loan FROM STDIN", PGRES_COPY_IN);
	for (uint32_t car = 0; car < cars; car++) {
		uint32_t n = world_car(car, all);
		for (uint32_t i = 0; i < n; i++) {
			snprintf(line, sizeof line, "%u\t%d\t%d\n", car, all[i].from, all[i].until);
			copy_row(t, line);
		}
	}
	copy_end(t);
}

static void copy_gaps(struct theirs *t, uint32_t cars)
{
	static struct stretch all[STRETCHES_MAX];
	char line[LINE];

	must(t, "COPY gap FROM STDIN", PGRES_COPY_IN);
	for (uint32_t car = 0; car < cars; car++) {
		uint32_t n = world_car(car, all);
		int32_t from = -WORLD_MINUTES;
		for (uint32_t i = 0; i <= n; i++) {
			int32_t until = i < n ? all[i].from : BEHIND_ALL;
			snprintf(line, sizeof line, "%u\t%d\t%u\t%d\t%d\n", car / SITE_CARS,
				class_of(car), car, from, until);
			if (from < until)
				copy_row(t, line);
			from = i < n ? all[i].until : until;
		}
	}
	copy_end(t);
}

static void copy_quarters(struct theirs *t, uint32_t sites)
{
	static int32_t all[QUARTERS_MAX];
	char line[LINE];

	must(t, "COPY quarter FROM STDIN", PGRES_COPY_IN);
	for (uint32_t site = 0; site < sites; site++) {
		uint32_t n = world_quarters(site, all);
		for (uint32_t i = 0; i < n; i++) {
			snprintf(line, sizeof line, "%u\t%d\n", site, all[i]);
			copy_row(t, line);
		}
	}
	copy_end(t);
}

void theirs_fill(struct theirs *t, uint32_t sites)
{
	must(t, "TRUNCATE car, loan, gap, quarter", PGRES_COMMAND_OK);
	copy_cars(t, sites * SITE_CARS);
	copy_loans(t, sites * SITE_CARS);
	copy_gaps(t, sites * SITE_CARS);
	copy_quarters(t, sites);
	must(t, "CALL world_index()", PGRES_COMMAND_OK);
	must(t, "VACUUM ANALYZE car, loan, gap, quarter", PGRES_COMMAND_OK);
	for (size_t i = 0; i < ARRAY_LEN(statements); i++) {
		PGresult *result =
			PQprepare(t->connection, statements[i].name, statements[i].words, 0, NULL);
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			give_up(t, statements[i].name);
		PQclear(result);
	}
}

/* ---- questions ---- */

static struct stretch ask(struct theirs *t, int what, const struct question *q, int32_t minutes)
{
	int32_t numbers[NUMBERS] = {(int32_t)q->site, q->class, q->after, minutes, TURNAROUND};
	char text[NUMBERS][NUMBER];
	const char *values[NUMBERS];
	struct stretch found = {0, 0};
	PGresult *result;

	for (int i = 0; i < NUMBERS; i++) {
		snprintf(text[i], NUMBER, "%d", numbers[i]);
		values[i] = text[i];
	}
	result = PQexecPrepared(t->connection, statements[what].name, statements[what].numbers,
		values, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
		give_up(t, statements[what].name);
	found.from = (int32_t)strtol(PQgetvalue(result, 0, 0), NULL, 10);
	if (PQnfields(result) > 1)
		found.until = (int32_t)strtol(PQgetvalue(result, 0, 1), NULL, 10);
	PQclear(result);
	return found;
}

int32_t theirs_free(struct theirs *t, const struct question *q)
{
	return ask(t, ASK_FREE, q, q->minutes + TURNAROUND).from;
}

int32_t theirs_next(struct theirs *t, const struct question *q)
{
	return ask(t, ASK_NEXT, q, q->minutes + TURNAROUND).from;
}

struct stretch theirs_next_full(struct theirs *t, const struct question *q)
{
	return ask(t, ASK_FULL, q, q->minutes);
}

void theirs_nothing(struct theirs *t)
{
	(void)ask(t, ASK_NOTHING, &(struct question){0}, 0);
}
