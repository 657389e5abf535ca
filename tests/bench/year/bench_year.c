/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Years at a dealership, played with the same customers at different desks: see README.md.
 *
 *     bench_year [--seeds N] [--loads 50,80] [--jobs N] [--out FILE]
 *
 * Prints a table for each load; FILE (year.jsonl) gets one {"name","value","unit"} a line.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/year/figures.h"
#include "tests/bench/year/year.h"
#include "tests/bench/year/year_site.h"

enum { SEEDS_DEFAULT = 3, SEEDS_MAX = 1000, JOBS_MAX = 64, PERCENT_MAX = 200 };

static const struct policy policies[] = {
	{"first-fit", &first_fit, 0, false},
	{"best-fit", &best_fit, 0, false},
	{"best-fit, held back", &best_fit, 1, false},
	{"best-fit, held back, services slip", &best_fit, 1, true},
	{"relais", &relais, 0, false},
	{"relais, held back", &relais, 1, false},
	{"relais, held back, services slip", &relais, 1, true},
	{"bound", &bound, 0, true},
	{"bound, held back", &bound, 1, true},
};
enum { POLICIES = ARRAY_LEN(policies) };

struct options {
	uint32_t seeds, jobs;
	uint32_t settings_len;
	struct setting settings[SETTINGS_MAX];
	const char *out;
	bool can_hold_back;
};

/* One year of the table; run by whichever child comes first. */
struct run {
	const struct setting *setting;
	const struct policy *policy;
	uint64_t seed;
	struct tally tally;
	int64_t took_ms;
};

struct board {
	uint32_t next, len;
	struct run runs[];
};

static int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

static void play(struct run *r)
{
	const struct setting *s = r->setting;
	struct year_demand demand;
	int64_t began = clock_ms();

	demand_make(&demand, s->hand_over, s->load_percent, r->seed);
	r->tally = year_play(r->policy, &demand, s->patient);
	demand_free(&demand);
	r->took_ms = clock_ms() - began;
}

static void play_all(struct board *b)
{
	uint32_t i;

	while ((i = __atomic_fetch_add(&b->next, 1, __ATOMIC_RELAXED)) < b->len)
		play(&b->runs[i]);
}

/* As many at a time as there are jobs, each in a process of its own. */
static bool play_in_children(struct board *b, uint32_t jobs)
{
	bool good = true;
	int status;

	fflush(NULL);
	for (uint32_t j = 0; j < jobs; j++) {
		pid_t pid = fork();
		ASSERT(pid >= 0);
		if (pid == 0) {
			play_all(b);
			exit(0);
		}
	}
	while (wait(&status) > 0)
		good &= WIFEXITED(status) && WEXITSTATUS(status) == 0;
	return good;
}

static bool is_played(const struct options *o, const struct setting *s, const struct policy *p)
{
	if (p->acts == &relais && p->held_back && !o->can_hold_back)
		return false;
	return s->patient || !p->held_back;
}

static struct board *board_of(const struct options *o)
{
	size_t most = (size_t)o->settings_len * POLICIES * o->seeds;
	struct board *b = mmap(NULL, sizeof *b + most * sizeof b->runs[0], PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ASSERT(b != MAP_FAILED);
	for (uint32_t s = 0; s < o->settings_len; s++)
		for (uint32_t p = 0; p < POLICIES; p++)
			for (uint64_t seed = 1; seed <= o->seeds; seed++)
				if (is_played(o, &o->settings[s], &policies[p]))
					b->runs[b->len++] = (struct run){.setting = &o->settings[s],
						.policy = &policies[p],
						.seed = seed};
	return b;
}

static struct figures sum_of(const struct board *b, const struct setting *s, const struct policy *p)
{
	struct figures f = {.policy = p, .setting = s};

	for (uint32_t i = 0; i < b->len; i++)
		if (b->runs[i].setting == s && b->runs[i].policy == p)
			figures_add(&f, &b->runs[i].tally, b->runs[i].took_ms);
	return f;
}

static void report(const struct options *o, const struct board *b)
{
	FILE *out = fopen(o->out, "w");
	struct figures all = {.policy = NULL};

	if (!out) {
		perror(o->out);
		exit(1);
	}
	for (uint32_t s = 0; s < o->settings_len; s++) {
		struct figures rows[POLICIES];
		uint32_t n = 0;
		for (uint32_t p = 0; p < POLICIES; p++)
			if (is_played(o, &o->settings[s], &policies[p]))
				rows[n++] = sum_of(b, &o->settings[s], &policies[p]);
		figures_print(rows, n);
		figures_write(out, rows, n);
	}
	for (uint32_t i = 0; i < b->len; i++)
		figures_add(&all, &b->runs[i].tally, b->runs[i].took_ms);
	figures_write_all(out, &all);
	fclose(out);
	printf("\nwritten: %s\n", o->out);
}

/* ---- the command line ---- */

static _Noreturn void usage(void)
{
	fprintf(stderr, "usage: bench_year [--seeds N] [--loads 50,80] [--jobs N] [--out FILE]\n");
	exit(64);
}

static uint32_t number(const char *text, uint32_t max, const char **rest)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (end == text || n == 0 || n > max || (*end && !rest))
		usage();
	if (rest)
		*rest = end;
	return (uint32_t)n;
}

static void add_setting(struct options *o, enum hand_over hand_over, uint32_t load)
{
	if (o->settings_len == SETTINGS_MAX)
		usage();
	o->settings[o->settings_len++] = (struct setting){.hand_over = hand_over,
		.load_percent = (int32_t)load,
		.patient = hand_over == HAND_OVER_OPENING_HOURS};
}

static void read_loads(struct options *o, const char *text)
{
	o->settings_len = 0;
	while (*text) {
		add_setting(o, HAND_OVER_OPENING_HOURS, number(text, PERCENT_MAX, &text));
		if (*text == ',')
			text++;
		else if (*text)
			usage();
	}
}

static void read_options(struct options *o, int argc, char **argv)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	*o = (struct options){.seeds = SEEDS_DEFAULT,
		.jobs = cpus < 1	  ? 1
			: cpus > JOBS_MAX ? JOBS_MAX
					  : (uint32_t)cpus,
		.out = "year.jsonl",
		.can_hold_back = site_can_hold_back()};
	read_loads(o, "50,60,70,80,100");
	for (int i = 1; i < argc; i += 2) {
		if (i + 1 == argc)
			usage();
		if (strcmp(argv[i], "--seeds") == 0)
			o->seeds = number(argv[i + 1], SEEDS_MAX, NULL);
		else if (strcmp(argv[i], "--jobs") == 0)
			o->jobs = number(argv[i + 1], JOBS_MAX, NULL);
		else if (strcmp(argv[i], "--loads") == 0)
			read_loads(o, argv[i + 1]);
		else if (strcmp(argv[i], "--out") == 0)
			o->out = argv[i + 1];
		else
			usage();
	}
	add_setting(o, HAND_OVER_ROUND_THE_CLOCK, 80);
}

int main(int argc, char **argv)
{
	static struct options options;
	struct board *board;

	/* The disk is not what is measured: a store of some 100 MB a year, gone at its end. */
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	read_options(&options, argc, argv);
	board = board_of(&options);
	printf("%u seeds, 40 cars (20, 14, 6), a year each\n", options.seeds);
	if (!options.can_hold_back)
		printf("relais does not know the site's \"protected\" seats: its rows with cars "
		       "held back are left out\n");
	if (!play_in_children(board, options.jobs)) {
		fprintf(stderr, "bench_year: a year was not finished\n");
		return 1;
	}
	report(&options, board);
	return 0;
}
