/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/worst/figures.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const verdict_names[VERDICTS] = {
	"straight", "reshuffled", "refused", "undecided"};

void figures_booked(struct figures *f, const struct answered *ours, const struct answered *theirs)
{
	struct booked *b = &f->probes;

	b->count[ours->verdict]++;
	spread_add(&b->relais[ours->verdict], ours->took_ns);
	f->moves += ours->moved_len;
	f->moves_most = ours->moved_len > f->moves_most ? ours->moved_len : f->moves_most;
	if (!theirs)
		return;
	b->sql_yes[ours->verdict] += theirs->verdict == VERDICT_STRAIGHT;
	spread_add(&b->sql[ours->verdict], theirs->took_ns);
}

void figures_dated(struct figures *f, const struct answered *first, const struct answered *several,
	const struct answered *theirs)
{
	f->asked++;
	f->none += first->from == NO_DATE;
	spread_add(&f->date, first->took_ns);
	spread_add(&f->dates, several->took_ns);
	if (!theirs)
		return;
	spread_add(&f->sql_date, theirs->took_ns);
	if (first->from == NO_DATE)
		return;
	f->sooner += first->from < theirs->from;
	f->later += first->from > theirs->from;
	spread_add(&f->sooner_by, theirs->from - first->from);
}

/* ---- every row once, for the table and for the lines ---- */

struct row {
	char name[40];
	struct spread *relais, *sql; /* borrowed; sql may be empty */
};

enum { ROWS = 2 * VERDICTS + 2 };

static void rows_of(struct figures *f, struct row out[ROWS])
{
	struct row *r = out;

	for (int a = 0; a < VERDICTS; a++, r++) {
		snprintf(r->name, sizeof r->name, "booking_%s", verdict_names[a]);
		r->relais = &f->probes.relais[a];
		r->sql = &f->probes.sql[a];
	}
	*r++ = (struct row){"next_first", &f->date, &f->sql_date};
	*r++ = (struct row){"next_three", &f->dates, &f->sql_date};
	for (int a = 0; a < VERDICTS; a++, r++) {
		snprintf(r->name, sizeof r->name, "fill_%s", verdict_names[a]);
		r->relais = &f->fill.relais[a];
		r->sql = &f->fill.sql[a];
	}
}

static double us(struct spread *s, uint32_t per_mille)
{
	return (double)spread_at(s, per_mille) / 1000;
}

void figures_print(struct figures *f, bool sql)
{
	struct row rows[ROWS];

	printf("%u cars of one class, %u bookings in %u days, %d.%02d %% full, %u pinned\n",
		f->cars, f->bookings, f->days, f->full / 100, f->full % 100, f->pinned);
	printf("%-20s %7s %10s %10s %10s %10s %10s %10s %8s\n", "us", "n", "p50", "p99", "max",
		"sql p50", "sql p99", "sql max", "p99/sql");
	rows_of(f, rows);
	for (int i = 0; i < ROWS; i++) {
		struct row *r = &rows[i];
		if (r->relais->len == 0)
			continue;
		printf("%-20s %7u %10.1f %10.1f %10.1f", r->name, r->relais->len,
			us(r->relais, 500), us(r->relais, 990), us(r->relais, 1000));
		if (r->sql->len)
			printf(" %10.1f %10.1f %10.1f %8.2f", us(r->sql, 500), us(r->sql, 990),
				us(r->sql, 1000), us(r->relais, 990) / us(r->sql, 990));
		printf("\n");
	}
	printf("moves: %.2f a re-shuffled booking, %u at most\n",
		f->probes.count[VERDICT_SHUFFLED]
			? (double)f->moves / f->probes.count[VERDICT_SHUFFLED]
			: 0,
		f->moves_most);
	if (!sql)
		return;
	printf("the way to the server and back: %.1f us, p99 %.1f\n", us(&f->nothing, 500),
		us(&f->nothing, 990));
	for (int a = 0; a < VERDICTS; a++)
		printf("%s: %u, of which SQL accepts %u\n", verdict_names[a], f->probes.count[a],
			f->probes.sql_yes[a]);
	printf("dates: %u asked, %u sooner than SQL's, %u later, sooner by %.1f h (p50), %.1f h "
	       "(p90)\n",
		f->asked, f->sooner, f->later, (double)spread_at(&f->sooner_by, 500) / 60,
		(double)spread_at(&f->sooner_by, 900) / 60);
}

/* ---- lines ---- */

static void line(FILE *out, const char *name, const char *what, double value, const char *unit)
{
	fprintf(out, "{\"name\":\"worst_%s%s\",\"value\":%.4f,\"unit\":\"%s\"}\n", name, what,
		value, unit);
}

static void write_row(FILE *out, struct row *r)
{
	static const struct {
		const char *relais, *sql, *ratio;
		uint32_t per_mille;
	} points[] = {{"_p50", "_sql_p50", "_p50_vs_sql", 500},
		{"_p99", "_sql_p99", "_p99_vs_sql", 990},
		{"_max", "_sql_max", "_max_vs_sql", 1000}};

	line(out, r->name, "_n", r->relais->len, "count");
	for (size_t i = 0; i < ARRAY_LEN(points) && r->relais->len; i++) {
		double ours = us(r->relais, points[i].per_mille);
		line(out, r->name, points[i].relais, ours, "us");
		if (r->sql->len == 0)
			continue;
		line(out, r->name, points[i].sql, us(r->sql, points[i].per_mille), "us");
		line(out, r->name, points[i].ratio, ours / us(r->sql, points[i].per_mille),
			"ratio");
	}
}

static double percent(uint32_t part, uint32_t whole)
{
	return whole ? 100.0 * part / whole : 0;
}

void figures_write(struct figures *f, const char *path, bool sql)
{
	struct row rows[ROWS];
	FILE *out = fopen(path, "w");
	uint32_t all = 0, sql_yes = 0;

	if (!out) {
		perror(path);
		exit(1);
	}
	rows_of(f, rows);
	for (int i = 0; i < ROWS; i++)
		write_row(out, &rows[i]);
	for (int a = 0; a < VERDICTS; a++) {
		all += f->probes.count[a];
		sql_yes += f->probes.sql_yes[a];
	}
	line(out, "full", "", (double)f->full / 100, "%");
	line(out, "accept", "",
		percent(f->probes.count[VERDICT_STRAIGHT] + f->probes.count[VERDICT_SHUFFLED], all),
		"%");
	line(out, "moves_most", "", f->moves_most, "count");
	if (sql) {
		line(out, "accept", "_sql", percent(sql_yes, all), "%");
		line(out, "next", "_sooner_than_sql", percent(f->sooner, f->asked), "%");
		line(out, "next", "_later_than_sql", percent(f->later, f->asked), "%");
		line(out, "sql_way", "_p50", us(&f->nothing, 500), "us");
	}
	fclose(out);
}

static void booked_free(struct booked *b)
{
	for (int a = 0; a < VERDICTS; a++) {
		spread_free(&b->relais[a]);
		spread_free(&b->sql[a]);
	}
}

void figures_free(struct figures *f)
{
	booked_free(&f->fill);
	booked_free(&f->probes);
	spread_free(&f->date);
	spread_free(&f->dates);
	spread_free(&f->sql_date);
	spread_free(&f->nothing);
	spread_free(&f->sooner_by);
}
