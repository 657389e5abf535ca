/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The worst that a booking and a next date can cost: one class of cars, almost sold out for months.
 * relais in this process and PostgreSQL take turns at the same questions (see README.md).
 *
 *     bench_worst [--cars N] [--bookings N] [--full PERCENT] [--probes N] [--dates N] [--seconds N]
 *                 [--seed N] [--postgres CONNINFO] [--out FILE]
 *
 * Measuring ends after so many seconds, half of them for bookings and half for dates, however few
 * were asked by then. CONNINFO: an empty database with world.sql in it. Without it relais is
 * measured alone.
 */

#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/worst/figures.h"
#include "tests/bench/worst/relais_side.h"
#include "tests/bench/worst/sql_side.h"

enum { PINNED_PERCENT = 5, ROUND = 250, TRIES_PER_LOAN = 20, PROPOSALS = 3 };

struct options {
	uint32_t cars, bookings, probes, dates, seconds, seed;
	int32_t full;
	const char *postgres, *out;
};

static struct world world;
static struct relais_side relais;
static struct sql_side sql; /* without a connection where none was named */
static struct figures figures;

/* Customers come until so many have a car; some are then promised that very car. */
static void fill(const struct options *o)
{
	struct answered a;
	uint32_t tries = 0;
	int64_t began = clock_ns();

	while (world.len < o->bookings && tries++ < o->bookings * TRIES_PER_LOAN) {
		struct loan wish = world_wish(&world);
		relais_book(&relais, &wish, &a);
		figures.fill.count[a.verdict]++;
		spread_add(&figures.fill.relais[a.verdict], a.took_ns);
		if (world.len % 1000 == 0 && a.verdict <= VERDICT_SHUFFLED)
			fprintf(stderr, "%u bookings, %u refused, %u undecided, %lld s\n",
				world.len, figures.fill.count[VERDICT_REFUSED],
				figures.fill.count[VERDICT_UNDECIDED],
				(long long)((clock_ns() - began) / 1000000000));
	}
	for (uint32_t i = 0; i < world.len; i++)
		if (dice_percent(&world.dice, PINNED_PERCENT)) {
			relais_pin(&relais, i);
			figures.pinned++;
		}
	figures.cars = world.cars;
	figures.bookings = world.len;
	figures.days = (uint32_t)(world.until - world.from) / DAY;
	figures.full = world_full(&world);
}

/* One wish to both, who is first in turn; afterwards both are as before. */
static void probe_booking(uint32_t turn)
{
	struct loan wish = world_wish(&world);
	struct answered ours, theirs = {.verdict = VERDICT_REFUSED};

	if (sql.connection && turn % 2)
		sql_book(&sql, &wish, &theirs);
	relais_book(&relais, &wish, &ours);
	if (sql.connection && turn % 2 == 0)
		sql_book(&sql, &wish, &theirs);
	figures_booked(&figures, &ours, sql.connection ? &theirs : NULL);
	if (ours.verdict <= VERDICT_SHUFFLED)
		relais_unbook(&relais);
	if (sql.connection)
		sql_follow(&sql, &world, &ours);
}

static void probe_date(uint32_t turn)
{
	struct loan wish = world_wish(&world);
	int32_t minutes = wish.until - wish.from;
	struct answered ours, more, theirs;

	if (sql.connection && turn % 2)
		sql_next(&sql, wish.from, minutes, &theirs);
	relais_next(&relais, wish.from, minutes, 1, &ours);
	if (sql.connection && turn % 2 == 0)
		sql_next(&sql, wish.from, minutes, &theirs);
	relais_next(&relais, wish.from, minutes, PROPOSALS, &more);
	figures_dated(&figures, &ours, &more, sql.connection ? &theirs : NULL);
}

/* One kind of question, until all are asked or half of the time is over. */
static void measure(uint32_t n, uint32_t seconds, void (*probe)(uint32_t turn))
{
	int64_t end = clock_ns() + (int64_t)seconds * 500000000;

	for (uint32_t i = 0; i < n && clock_ns() < end; i++) {
		if (sql.connection && i % ROUND == 0)
			sql_sweep(&sql);
		if (sql.connection)
			spread_add(&figures.nothing, sql_nothing(&sql));
		probe(i);
	}
}

/* ---- the command line ---- */

static uint32_t number(const char *text, uint32_t least, uint32_t most)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*end || end == text || n < (long)least || n > (long)most) {
		fprintf(stderr, "bench_worst: %s is not a number from %u to %u\n", text, least,
			most);
		exit(64);
	}
	return (uint32_t)n;
}

static struct options options_read(int argc, char **argv)
{
	struct options o = {.cars = 200,
		.bookings = 20000,
		.full = 90,
		.probes = 2000,
		.dates = 500,
		.seconds = 1200,
		.seed = 1,
		.out = "worst.jsonl"};
	const struct {
		const char *name;
		uint32_t *into, least, most;
	} numbers[] = {{"--cars", &o.cars, 1, CARS_MAX},
		{"--bookings", &o.bookings, 1, LOANS_MAX / 2},
		{"--probes", &o.probes, 0, LOANS_MAX}, {"--dates", &o.dates, 0, LOANS_MAX},
		{"--seconds", &o.seconds, 1, 86400}, {"--seed", &o.seed, 0, INT32_MAX}};

	for (int i = 1; i < argc; i += 2) {
		bool known = false;
		const char *value = i + 1 < argc ? argv[i + 1] : "";
		for (size_t k = 0; k < ARRAY_LEN(numbers) && !known; k++)
			if ((known = strcmp(argv[i], numbers[k].name) == 0))
				*numbers[k].into = number(value, numbers[k].least, numbers[k].most);
		if (strcmp(argv[i], "--full") == 0)
			o.full = (int32_t)number(value, 1, 99);
		else if (strcmp(argv[i], "--postgres") == 0)
			o.postgres = value;
		else if (strcmp(argv[i], "--out") == 0)
			o.out = value;
		else if (!known) {
			fprintf(stderr, "bench_worst: %s: see the head of bench_worst.c\n",
				argv[i]);
			exit(64);
		}
	}
	return o;
}

int main(int argc, char **argv)
{
	struct options o = options_read(argc, argv);

	if (o.postgres)
		sql_open(&sql, o.postgres);
	world_open(&world, o.seed, o.cars, o.bookings, o.full);
	relais_open(&relais, &world);
	fill(&o);
	if (o.postgres)
		sql_load(&sql, &world);
	measure(o.probes, o.seconds, probe_booking);
	figures_print(&figures, o.postgres != NULL);
	fflush(stdout); /* a date may take its time */
	measure(o.dates, o.seconds, probe_date);
	figures_print(&figures, o.postgres != NULL);
	figures_write(&figures, o.out, o.postgres != NULL);
	relais_close(&relais);
	world_close(&world);
	if (o.postgres)
		sql_close(&sql);
	figures_free(&figures);
	return 0;
}
