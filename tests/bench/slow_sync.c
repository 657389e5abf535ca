/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * A slower disk, preloaded under a program: SLOW_SYNC_US microseconds more for each fsync,
 * fdatasync and msync, and for each write to a file that was opened to be synchronous (LMDB's last
 * page of a commit). What the machine's own disk takes comes on top. -1: nothing is
 * waited for at all, to fill what is to be measured.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { FDS_MAX = 1 << 16 };
static bool synchronous[FDS_MAX];

int open64(const char *path, int flags, ...);
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at);

/* False: not even the disk is waited for. */
static bool slow(void)
{
	const char *text = getenv("SLOW_SYNC_US");
	long us = text ? strtol(text, NULL, 10) : 0;
	struct timespec t = {us / 1000000, us % 1000000 * 1000};

	while (us > 0 && nanosleep(&t, &t) != 0)
		;
	return us >= 0;
}

static int open_noted(const char *path, int flags, va_list rest)
{
	bool makes = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
	int mode = makes ? va_arg(rest, int) : 0;
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);

	if (fd >= 0 && fd < FDS_MAX)
		synchronous[fd] = (flags & (O_DSYNC | O_SYNC)) != 0;
	return fd;
}

int open(const char *path, int flags, ...)
{
	va_list rest;
	int fd;

	va_start(rest, flags);
	fd = open_noted(path, flags, rest);
	va_end(rest);
	return fd;
}

int open64(const char *path, int flags, ...)
{
	va_list rest;
	int fd;

	va_start(rest, flags);
	fd = open_noted(path, flags, rest);
	va_end(rest);
	return fd;
}

int fdatasync(int fd)
{
	return slow() ? (int)syscall(SYS_fdatasync, fd) : 0;
}

int fsync(int fd)
{
	return slow() ? (int)syscall(SYS_fsync, fd) : 0;
}

int msync(void *at, size_t n, int flags)
{
	return slow() ? (int)syscall(SYS_msync, at, n, flags) : 0;
}

static ssize_t pwrite_slowed(int fd, const void *bytes, size_t n, off64_t at)
{
	if (fd >= 0 && fd < FDS_MAX && synchronous[fd])
		slow();
	return syscall(SYS_pwrite64, fd, bytes, n, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	return pwrite_slowed(fd, bytes, n, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
	return pwrite_slowed(fd, bytes, n, at);
}
