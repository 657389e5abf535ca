/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * What the disk itself asks for a durable write: nothing but write and fdatasync, one after the
 * other, in a scratch file of the directory given. Two habits are measured: appending 300 bytes (a
 * journal's least) and overwriting the same 4 KiB (a page's least). Bookings per second only mean
 * something beside these figures of the same minute on the same disk.
 *
 *     commit_floor DIR [SECONDS]
 *     append_300B ops=8123 per_s=8120.4 p50_us=98.2
 *     overwrite_4KiB ops=14980 per_s=14979.1 p50_us=65.0
 */

#include "rules/base.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { APPEND_BYTES = 300, PAGE_BYTES = 4096, OPERATIONS_MAX = 200000, SECONDS_MAX = 30 };

struct habit {
	const char *name;
	size_t bytes;
	bool appends;
};

static const struct habit habits[] = {
	{"append_300B", APPEND_BYTES, true},
	{"overwrite_4KiB", PAGE_BYTES, false},
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static int u32_order(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Writes until the time is over; returns how many operations, 0 when the disk refused one. */
static size_t habit_run(const struct habit *habit, int fd, uint64_t for_ns, uint32_t *took_ns)
{
	static char bytes[PAGE_BYTES];
	uint64_t begin = now_ns(), last = begin;
	size_t n = 0;

	memset(bytes, 'r', sizeof(bytes));
	while (n < OPERATIONS_MAX && last - begin < for_ns) {
		off_t at = habit->appends ? (off_t)(n * habit->bytes) : 0;
		uint64_t now;

		if (pwrite(fd, bytes, habit->bytes, at) != (ssize_t)habit->bytes ||
			fdatasync(fd) != 0)
			return 0;
		now = now_ns();
		took_ns[n++] = (uint32_t)(now - last < UINT32_MAX ? now - last : UINT32_MAX);
		last = now;
	}
	printf("%s ops=%zu per_s=%.1f", habit->name, n, (double)n * 1e9 / (double)(last - begin));
	return n;
}

int main(int argc, char **argv)
{
	static uint32_t took_ns[OPERATIONS_MAX];
	long seconds = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	char path[4096];

	if (argc < 2 || argc > 3 || seconds < 1 || seconds > SECONDS_MAX) {
		fprintf(stderr, "usage: commit_floor DIR [SECONDS, at most %d]\n", SECONDS_MAX);
		return 64;
	}
	for (size_t i = 0; i < ARRAY_LEN(habits); i++) {
		int fd;
		size_t n;

		snprintf(path, sizeof(path), "%s/commit_floor.%ld", argv[1], (long)getpid());
		fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
		if (fd < 0) {
			perror(path);
			return 73;
		}
		unlink(path);
		n = habit_run(&habits[i], fd, (uint64_t)seconds * 1000000000U, took_ns);
		close(fd);
		if (n == 0) {
			perror("write and fdatasync");
			return 74;
		}
		qsort(took_ns, n, sizeof(took_ns[0]), u32_order);
		printf(" p50_us=%.1f\n", (double)took_ns[n / 2] / 1e3);
	}
	return 0;
}
