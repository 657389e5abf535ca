/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * judge_images RECORD TRUTH BEARER OFFER DAY IMAGES FIRST JOBS [early]
 *
 * Of IMAGES power cuts that are spread over the operations of a record, makes those from FIRST on
 * and judges them, in JOBS processes. One line: "lost 0 of N", or the first that a process found
 * lost, and how. An image depends on its number and on RELAIS_SEED only.
 */

#define _GNU_SOURCE
#include "tests/disk/verdict.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { ARGUMENTS = 9, LINE = 1500 };

struct judging {
	struct str record; /* owned */
	struct acks acks;
	struct truth *truth;
	struct known known;
	struct medium medium;
	struct scratch scratch;
	char image[SCRATCH_PATH * 2], beside[SCRATCH_PATH * 2];
	uint64_t points, images, next, step;
	uint64_t judged;
};

static char doing[LINE];

/* Whatever the store did to the process, the line says with which image. */
static void on_death(int number)
{
	char line[LINE * 2];
	int n = snprintf(line, sizeof(line), "lost: %s: signal %d\n", doing, number);

	if (n > 0)
		(void)!write(STDOUT_FILENO, line, (size_t)n);
	_exit(1);
}

static struct str file_map(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p;

	assert_true(fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_true(p != MAP_FAILED);
	close(fd);
	return (struct str){p, (size_t)st.st_size};
}

static bool is_point(const struct op *op)
{
	return op->head.kind != OP_ANSWER && op->head.kind != OP_START;
}

static uint64_t points_count(struct str record)
{
	uint64_t points = 0;
	size_t at = 0;
	struct op op;

	while (op_next(record, &at, &op))
		points += is_point(&op);
	return points;
}

/* Furnished once somebody saw all that house_fill() puts there: an offer needs it. */
static void know_until(struct judging *j, size_t at)
{
	struct known *k = &j->known;

	while (k->acks_len < j->acks.len && j->acks.acks[k->acks_len].at <= at) {
		k->furnished |= j->acks.acks[k->acks_len].booking[0] != '\0';
		k->acks_len++;
	}
}

static const char *one_image(struct judging *j, uint64_t number)
{
	struct chance chance = {number * UINT64_C(0x2545f4914f6cdd1d) + 20260302};
	const char *seed = getenv("RELAIS_SEED");

	if (seed)
		chance.state += strtoull(seed, NULL, 10);
	snprintf(doing, sizeof(doing), "image %llu of %llu", (unsigned long long)number,
		(unsigned long long)j->images);
	medium_image(&j->medium, &chance, j->image);
	j->judged++;
	return verdict(j->truth, &j->known, j->image, j->beside);
}

static const char *all_images(struct judging *j)
{
	size_t at = 0, start = 0;
	uint64_t point = 0;
	const char *why = NULL;
	struct op op;

	for (; !why && op_next(j->record, &at, &op); start = at) {
		know_until(j, start);
		medium_begin(&j->medium, &op);
		while (!why && is_point(&op) && j->next < j->images &&
			j->next * j->points / j->images <= point) {
			why = one_image(j, j->next);
			j->next += j->step;
		}
		point += is_point(&op);
		medium_end(&j->medium, &op);
	}
	return why;
}

static int judge(struct judging *j)
{
	const char *why;

	setenv("CMOCKA_TEST_ABORT", "1", 1); /* there is no test to go back to */
	scratch_make(&j->scratch);
	scratch_path(&j->scratch, "image", j->image);
	scratch_path(&j->scratch, "beside", j->beside);
	assert_true(mkdir(j->image, 0700) == 0);
	signal(SIGABRT, on_death);
	signal(SIGSEGV, on_death);
	signal(SIGBUS, on_death);
	why = all_images(j);
	if (why)
		printf("lost: %s: %s\n", doing, why);
	else
		printf("lost 0 of %llu\n", (unsigned long long)j->judged);
	fflush(stdout);
	medium_free(&j->medium);
	scratch_remove(&j->scratch);
	return why != NULL;
}

/* Each job writes its line into a pipe; the words of all: good ones are added up. */
static int gather(int fd, char *out, size_t size)
{
	char text[LINE * 8];
	size_t n = 0;
	unsigned long long judged = 0, part;
	ssize_t got;

	while (n < sizeof(text) - 1 && (got = read(fd, text + n, sizeof(text) - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		if (sscanf(line, "lost 0 of %llu", &part) == 1) {
			judged += part;
			continue;
		}
		snprintf(out, size, "%.*s", (int)size - 1, line);
		return 1;
	}
	snprintf(out, size, "lost 0 of %llu", judged);
	return 0;
}

static int judge_in_jobs(struct judging *j, uint64_t jobs)
{
	char line[LINE];
	int ends[2], status = 0, lost;

	assert_true(pipe(ends) == 0);
	for (uint64_t i = 0; i < jobs; i++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			j->next += i;
			j->step = jobs;
			dup2(ends[1], STDOUT_FILENO);
			close(ends[0]);
			close(ends[1]);
			_exit(judge(j));
		}
	}
	close(ends[1]);
	lost = gather(ends[0], line, sizeof(line));
	for (int one; wait(&one) > 0;)
		status |= one;
	if (status && !lost)
		snprintf(line, sizeof(line), "lost: a judge ended without a word");
	puts(line);
	return status != 0;
}

int main(int argc, char **argv)
{
	struct judging j = {.step = 1};
	int code;

	if (argc < ARGUMENTS) {
		fputs("usage: judge_images RECORD TRUTH BEARER OFFER DAY IMAGES FIRST JOBS "
		      "[early]\n",
			stderr);
		return 64;
	}
	j.record = file_map(argv[1]);
	acks_read(&j.acks, j.record, argc > ARGUMENTS);
	j.truth = truth_open(argv[2]);
	j.known = (struct known){.acks = &j.acks,
		.bearer = argv[3],
		.offer = str_from(argv[4]),
		.day = {strtoll(argv[5], NULL, 10)}};
	j.points = points_count(j.record);
	j.images = strtoull(argv[6], NULL, 10);
	j.next = strtoull(argv[7], NULL, 10);
	code = judge_in_jobs(&j, strtoull(argv[8], NULL, 10));
	acks_free(&j.acks);
	truth_close(j.truth);
	return code;
}
