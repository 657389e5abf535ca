/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * relais-sim --seed N | --seeds A..B  [--steps M] [--jobs J] [--minutes T]
 * Every seed runs twice and must say and write the same bytes. With --minutes the seeds behind B
 * follow until the time is over; RELAIS_LONG=1 means 20 of them.
 */

#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/sim/sim.h"

enum { JOBS_MAX = 64, STEPS_DEFAULT = 100, LONG_MINUTES = 20, USAGE = 64 };

struct options {
	uint64_t first, last;
	uint32_t steps, jobs;
	int64_t minutes;
};
/* What a job tells the parent, also when it falls. */
struct job {
	pid_t pid;
	uint64_t seed, done, counts[COUNTS_LEN];
};

static const char *const texts[] = {
#define X(name, text) text,
	COUNTS(X)
#undef X
};

static int64_t clock_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* ---- one job ---- */

static void print_seed(uint64_t seed, uint32_t steps, const struct hash *said)
{
	char text[HASH_TEXT];

	printf("seed %llu, %u steps: %s\n", (unsigned long long)seed, steps,
		hash_print(said, text).p);
}

static void work(struct job *job, const struct options *o, uint32_t number, int64_t until_s)
{
	for (uint64_t seed = o->first + number;; seed += o->jobs) {
		if (seed > o->last && clock_s() >= until_s)
			break;
		job->seed = seed;
		struct hash once = sim_run(seed, o->steps, job->counts);
		struct hash twice = sim_run(seed, o->steps, NULL);
		if (memcmp(once.bytes, twice.bytes, HASH_LEN) != 0)
			wrong("the same seed said or wrote something else the second time");
		job->done++;
		if (o->first == o->last)
			print_seed(seed, o->steps, &once);
	}
	house_take_down();
}

/* ---- all jobs ---- */

static bool wait_for(struct job *jobs, const struct options *o)
{
	bool good = true;

	for (uint32_t i = 0; i < o->jobs; i++) {
		int status = 0;
		if (waitpid(jobs[i].pid, &status, 0) == jobs[i].pid && WIFEXITED(status) &&
			WEXITSTATUS(status) == 0)
			continue;
		good = false;
		printf("failed (%s %d); again with: relais-sim --seed %llu --steps %u\n",
			WIFSIGNALED(status) ? "signal" : "exit",
			WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
			(unsigned long long)jobs[i].seed, o->steps);
	}
	return good;
}

static void print_counts(const struct job *jobs, const struct options *o)
{
	uint64_t seeds = 0;

	for (uint32_t i = 0; i < o->jobs; i++)
		seeds += jobs[i].done;
	printf("%12llu seeds, each twice\n", (unsigned long long)seeds);
	for (size_t c = 0; c < COUNTS_LEN; c++) {
		uint64_t sum = 0;
		for (uint32_t i = 0; i < o->jobs; i++)
			sum += jobs[i].counts[c];
		printf("%12llu %s\n", (unsigned long long)sum, texts[c]);
	}
}

static int run(const struct options *o)
{
	int64_t until_s = clock_s() + o->minutes * 60;
	struct job *jobs = mmap(NULL, sizeof *jobs * o->jobs, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool good;

	ASSERT(jobs != MAP_FAILED);
	fflush(NULL);
	for (uint32_t i = 0; i < o->jobs; i++) {
		pid_t pid = fork();
		ASSERT(pid >= 0);
		if (pid > 0)
			jobs[i].pid = pid;
		else {
			work(&jobs[i], o, i, until_s);
			exit(EXIT_SUCCESS);
		}
	}
	good = wait_for(jobs, o);
	print_counts(jobs, o);
	munmap(jobs, sizeof *jobs * o->jobs);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- the command line ---- */

static bool number(uint64_t *out, const char *text, const char **end)
{
	char *stop;

	*out = strtoull(text, &stop, 10);
	*end = stop;
	return stop != text && *text >= '0' && *text <= '9';
}

static bool option(struct options *o, const char *name, const char *value)
{
	uint64_t n;
	const char *end;

	if (!number(&n, value, &end))
		return false;
	if (strcmp(name, "--seeds") == 0) {
		o->first = n;
		return strncmp(end, "..", 2) == 0 && number(&o->last, end + 2, &end) && !*end &&
		       o->first <= o->last;
	}
	if (*end)
		return false;
	if (strcmp(name, "--seed") == 0)
		o->first = o->last = n;
	else if (strcmp(name, "--steps") == 0 && n <= REQUESTS_MAX)
		o->steps = (uint32_t)n;
	else if (strcmp(name, "--jobs") == 0 && n > 0 && n <= JOBS_MAX)
		o->jobs = (uint32_t)n;
	else if (strcmp(name, "--minutes") == 0 && n < 100000)
		o->minutes = (int64_t)n;
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct options o = {.steps = STEPS_DEFAULT,
		.jobs = cores < 1	   ? 1
			: cores > JOBS_MAX ? JOBS_MAX
					   : (uint32_t)cores};
	bool good = argc > 1;
	int status;

	o.minutes = -1;
	for (int i = 1; i < argc && good; i += 2)
		good = i + 1 < argc && option(&o, argv[i], argv[i + 1]);
	if (!good) {
		fprintf(stderr, "usage: relais-sim --seed N | --seeds A..B [--steps M] [--jobs J] "
				"[--minutes T]\n");
		return USAGE;
	}
	if (o.first == o.last)
		o.jobs = 1;
	if (o.minutes < 0)
		o.minutes = o.jobs > 1 && getenv("RELAIS_LONG") ? LONG_MINUTES : 0;
	if (access("/dev/shm", W_OK) == 0 && !getenv("TMPDIR"))
		setenv("TMPDIR", "/dev/shm", 1);
	house_build();
	status = run(&o);
	house_take_down();
	return status;
}
