/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "tests/disk/preload.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

uint64_t *failing_counter(const char *variable)
{
	static uint64_t own;
	const char *path = getenv(variable);
	int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
	void *shared;

	if (fd < 0)
		return &own;
	shared = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	syscall(SYS_close, fd);
	if (shared == MAP_FAILED)
		abort();
	return shared;
}

/* "K ERRNO once|ever nothing|half|all", or "K kill": before the K-th is begun */
static struct {
	bool read, ever, kill;
	uint64_t from; /* 0: nothing fails */
	struct failing failing;
	uint64_t *counter;
} plan;

static void plan_read(void)
{
	const char *text = getenv(DISK_FAIL);
	char *end;

	plan.read = true;
	plan.counter = failing_counter(DISK_COUNT);
	if (!text)
		return;
	plan.from = strtoull(text, &end, 10);
	plan.kill = strstr(end, "kill") != NULL;
	plan.failing.error = (int)strtol(end, &end, 10);
	plan.ever = strstr(end, "ever") != NULL;
	if (strstr(end, "half"))
		plan.failing.part = FAIL_HALF_DONE;
	else if (strstr(end, "all"))
		plan.failing.part = FAIL_ALL_DONE;
}

struct failing failing_next(void)
{
	uint64_t n;

	if (!plan.read)
		plan_read();
	n = ++*plan.counter;
	if (plan.kill && n == plan.from)
		raise(SIGKILL);
	if (plan.from && (n == plan.from || (plan.ever && n > plan.from)))
		return plan.failing;
	return (struct failing){0};
}

bool failing_is_full(void)
{
	const char *path = getenv(DISK_FULL);

	return path && syscall(SYS_access, path, F_OK) == 0;
}
