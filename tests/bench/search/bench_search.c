/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * What is free, and when the next time is: relais in this process beside PostgreSQL with the same
 * year of the same cars (world.h). Both are asked the same questions, block by block in turn, and
 * every answer of one must be the other's.
 *
 *     bench_search --sites N --print
 *     bench_search --sites N [--postgres CONNINFO] [--rounds N] [--questions N] [--calendar-only]
 *
 * --print writes the loans alone, a line "site class car from until" each, with tabs. Else it
 * prints "name value unit" lines, one for each round. With --calendar-only the claims alone are
 * there, as many sites as wished, and `next` alone is asked.
 */

#include "tests/bench/figure.h"
#include "tests/bench/search/ours.h"
#include "tests/bench/search/theirs.h"
#include "tests/bench/worst/spread.h"

#include <stdlib.h>

enum { QUESTIONS_MAX = 100000, ROUNDS_MAX = 99, SITES_MAX = 10000, WARM = 200 };

static struct ours ours;
static struct theirs theirs; /* without a connection where none was named */
static uint32_t sites = 1, rounds = 3, questions = 1000;

struct kind {
	const char *name;
	uint32_t share; /* one of so many questions is of this kind */
	struct stretch (*ours)(const struct question *q, int64_t *took_ns);
	struct stretch (*theirs)(const struct question *q);
};

static struct stretch our_free(const struct question *q, int64_t *took_ns)
{
	int64_t begin = clock_now_ns();
	int32_t n = ours_free(&ours, q);

	*took_ns = clock_now_ns() - begin;
	return (struct stretch){n, 0};
}

static struct stretch our_next(const struct question *q, int64_t *took_ns)
{
	int64_t begin = clock_now_ns();
	int32_t at = ours_next(&ours, q);

	*took_ns = clock_now_ns() - begin;
	return (struct stretch){at, 0};
}

static struct stretch our_next_full(const struct question *q, int64_t *took_ns)
{
	int64_t begin = clock_now_ns();
	struct str answer = ours_next_full(&ours, q);

	*took_ns = clock_now_ns() - begin;
	return ours_read(&ours, answer);
}

static struct stretch their_free(const struct question *q)
{
	return (struct stretch){theirs_free(&theirs, q), 0};
}

static struct stretch their_next(const struct question *q)
{
	return (struct stretch){theirs_next(&theirs, q), 0};
}

static struct stretch their_next_full(const struct question *q)
{
	return theirs_next_full(&theirs, q);
}

static const struct kind kinds[] = {
	{"free", 1, our_free, their_free},
	{"next", 1, our_next, their_next},
	{"next_full", 50, our_next_full, their_next_full},
};

static void tell(const char *kind, const char *what, double value, const char *unit)
{
	char name[60];

	snprintf(name, sizeof name, "%s_%s", kind, what);
	figure_tell(name, value, unit);
}

/* What one side answered in a round, and how long it took. */
struct side {
	struct spread took;
	struct stretch said[QUESTIONS_MAX];
};
static struct side side[2];
static struct question asked[QUESTIONS_MAX];

static void ask_ours(const struct kind *kind, uint32_t n)
{
	bool looks = kind->ours != our_next_full; /* which has its own look */
	int64_t took_ns;

	if (looks)
		ours_look(&ours);
	for (uint32_t i = 0; i < n; i++) {
		side[0].said[i] = kind->ours(&asked[i], &took_ns);
		spread_add(&side[0].took, took_ns);
	}
	if (looks)
		ours_look_end(&ours);
}

static void ask_theirs(const struct kind *kind, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		int64_t begin = clock_now_ns();
		side[1].said[i] = kind->theirs(&asked[i]);
		spread_add(&side[1].took, clock_now_ns() - begin);
	}
}

static void compare(const struct kind *kind, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct stretch a = side[0].said[i], b = side[1].said[i];
		if (a.from == b.from && a.until == b.until)
			continue;
		fprintf(stderr,
			"bench_search: %s: site %u class %d after %d for %d: relais says %d %d, "
			"PostgreSQL %d %d\n",
			kind->name, asked[i].site, asked[i].class, asked[i].after, asked[i].minutes,
			a.from, a.until, b.from, b.until);
		exit(1);
	}
}

static void round_of(const struct kind *kind, struct dice *dice, bool told)
{
	uint32_t n = (told ? questions : WARM) / kind->share + 1;
	int64_t p50[2];

	for (uint32_t i = 0; i < n; i++)
		asked[i] = question_draw(dice, sites);
	side[0].took.len = side[1].took.len = 0;
	ask_ours(kind, n);
	if (theirs.connection) {
		ask_theirs(kind, n);
		compare(kind, n);
	}
	p50[0] = spread_at(&side[0].took, 500);
	p50[1] = spread_at(&side[1].took, 500);
	if (!told)
		return;
	tell(kind->name, "p50_us", (double)p50[0] / 1e3, "us");
	tell(kind->name, "p99_us", (double)spread_at(&side[0].took, 990) / 1e3, "us");
	if (!theirs.connection)
		return;
	tell(kind->name, "pg_p50_us", (double)p50[1] / 1e3, "us");
	tell(kind->name, "pg_p99_us", (double)spread_at(&side[1].took, 990) / 1e3, "us");
	tell(kind->name, "vs_pg", (double)p50[1] / (double)p50[0], "ratio");
}

static void tell_nothing(void)
{
	struct spread took = {0};

	for (uint32_t i = 0; i < 1000; i++) {
		int64_t begin = clock_now_ns();
		theirs_nothing(&theirs);
		spread_add(&took, clock_now_ns() - begin);
	}
	figure_tell("pg_nothing_p50_us", (double)spread_at(&took, 500) / 1e3, "us");
	spread_free(&took);
}

static void tell_size(void)
{
	uint64_t bytes, claims, cars = (uint64_t)sites * SITE_CARS;

	ours_measure(&ours, &bytes, &claims);
	figure_tell("calendar_bytes_car_year", (double)bytes / (double)cars, "bytes");
	figure_tell("calendar_claims_car_year", (double)claims / (double)cars, "count");
}

static void print_loans(void)
{
	static struct stretch all[STRETCHES_MAX];

	for (uint32_t car = 0; car < sites * SITE_CARS; car++) {
		uint32_t n = world_car(car, all);
		for (uint32_t i = 0; i < n; i++)
			printf("%u\t%d\t%u\t%d\t%d\n", car / SITE_CARS, class_of(car), car,
				all[i].from, all[i].until);
	}
}

static uint32_t number(const char *text, uint32_t most)
{
	char *end;
	long n = text ? strtol(text, &end, 10) : 0;

	if (!text || *end || n < 1 || n > (long)most) {
		fprintf(stderr, "bench_search: a number from 1 to %u is wanted\n", most);
		exit(64);
	}
	return (uint32_t)n;
}

static void measure(const char *postgres, bool calendar_only)
{
	int64_t began = clock_now_ns();
	struct dice dice = {7};

	ours_open(&ours, sites, calendar_only);
	fprintf(stderr, "relais has %u sites after %.1f s\n", sites,
		(double)(clock_now_ns() - began) / 1e9);
	if (postgres && !calendar_only) {
		began = clock_now_ns();
		theirs_open(&theirs, postgres);
		theirs_fill(&theirs, sites);
		fprintf(stderr, "PostgreSQL has them after %.1f s\n",
			(double)(clock_now_ns() - began) / 1e9);
		tell_nothing();
	}
	tell_size(); /* which also brings the calendar's pages in */
	for (uint32_t r = 0; r <= rounds; r++) /* the first warms up */
		for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
			if (!calendar_only || kinds[k].ours == our_next)
				round_of(&kinds[k], &dice, r > 0);
	if (theirs.connection)
		theirs_close(&theirs);
	ours_close(&ours);
}

int main(int argc, char **argv)
{
	const char *postgres = NULL;
	bool calendar_only = false, print = false;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--calendar-only") == 0)
			calendar_only = true;
		else if (strcmp(argv[i], "--print") == 0)
			print = true;
		else if (strcmp(argv[i], "--sites") == 0)
			sites = number(argv[++i], SITES_MAX);
		else if (strcmp(argv[i], "--rounds") == 0)
			rounds = number(argv[++i], ROUNDS_MAX);
		else if (strcmp(argv[i], "--questions") == 0)
			questions = number(argv[++i], QUESTIONS_MAX);
		else if (strcmp(argv[i], "--postgres") == 0)
			postgres = argv[++i];
		else
			number(NULL, 1);
	}
	if (print) {
		print_loans();
		return 0;
	}
	measure(postgres, calendar_only);
	return 0;
}
