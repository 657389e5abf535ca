/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "tests/disk/preload.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Preloaded under the real program. Each call that reaches a file of the data directory is done and
 * recorded under one lock, or fails as it was ordered; calls to other files pass. The system is
 * called directly, so that it does not matter what else is preloaded.
 */

enum { FDS_MAX = 1024, SECTOR = 512 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct watched {
	bool ours, directory, durable; /* durable: O_DSYNC */
	char name[PRELOAD_NAME];
	uint64_t blocks_end; /* what has room on disk, as far as this process knows */
} fds[FDS_MAX];

/* The name below the data directory ("" is itself); NULL: not ours. */
static const char *name_below(const char *path)
{
	const char *dir = getenv(DISK_DIR);
	size_t n = dir ? strlen(dir) : 0;

	if (!n || strncmp(path, dir, n) != 0 || strlen(path + n) >= PRELOAD_NAME)
		return NULL;
	return path[n] == '/' ? path + n + 1 : path[n] ? NULL : path + n;
}

static struct watched *watched(int fd)
{
	return fd >= 0 && fd < FDS_MAX && fds[fd].ours ? &fds[fd] : NULL;
}

/* What only this machine needs while it is up: a power cut takes it, whatever it holds. */
static bool is_lock(const char *name)
{
	size_t n = strlen(name);

	return n >= 4 && strcmp(name + n - 4, "lock") == 0;
}

/* The same file may be open twice. */
static void blocks_grow(const char *name, uint64_t end)
{
	for (int i = 0; i < FDS_MAX; i++)
		if (fds[i].ours && fds[i].blocks_end < end && strcmp(fds[i].name, name) == 0)
			fds[i].blocks_end = end;
}

/* ---- names ---- */

static int open_watched(int at, const char *path, int flags, mode_t mode)
{
	const char *name = name_below(path);
	struct stat st;
	bool there = name && stat(path, &st) == 0;
	bool no_sync = getenv(DISK_NO_SYNC) != NULL;
	int fd;

	if (!name || is_lock(name))
		return (int)syscall(SYS_openat, at, path, flags, mode);
	pthread_mutex_lock(&lock);
	fd = (int)syscall(SYS_openat, at, path, no_sync ? flags & ~O_DSYNC : flags, mode);
	if (fd >= FDS_MAX)
		abort();
	if (fd >= 0) {
		fds[fd] = (struct watched){.ours = true,
			.directory = there && S_ISDIR(st.st_mode),
			.durable = (flags & O_DSYNC) && !no_sync,
			.blocks_end = there ? (uint64_t)st.st_blocks * SECTOR : 0};
		snprintf(fds[fd].name, PRELOAD_NAME, "%s", name);
		if (!there)
			record_op((struct op_head){.kind = OP_MAKE}, name, NULL, 0);
		if (flags & O_TRUNC)
			record_op((struct op_head){.kind = OP_SIZE}, name, NULL, 0);
	}
	pthread_mutex_unlock(&lock);
	return fd;
}

static mode_t mode_of(int flags, va_list args)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

#define OPEN_HOOK(name)                                           \
	int name(const char *path, int flags, ...)                \
	{                                                         \
		va_list args;                                     \
		mode_t mode;                                      \
		va_start(args, flags);                            \
		mode = mode_of(flags, args);                      \
		va_end(args);                                     \
		return open_watched(AT_FDCWD, path, flags, mode); \
	}
#define OPENAT_HOOK(name)                                   \
	int name(int at, const char *path, int flags, ...)  \
	{                                                   \
		va_list args;                               \
		mode_t mode;                                \
		va_start(args, flags);                      \
		mode = mode_of(flags, args);                \
		va_end(args);                               \
		return open_watched(at, path, flags, mode); \
	}
OPEN_HOOK(open)
OPEN_HOOK(open64)
OPENAT_HOOK(openat)
OPENAT_HOOK(openat64)

int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
	return open_watched(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags);
int __open64_2(const char *path, int flags)
{
	return open_watched(AT_FDCWD, path, flags, 0);
}

int close(int fd)
{
	pthread_mutex_lock(&lock);
	if (watched(fd))
		fds[fd].ours = false;
	pthread_mutex_unlock(&lock);
	return (int)syscall(SYS_close, fd);
}

static int named(long done, enum op_kind kind, const char *path, const char *to)
{
	const char *name = name_below(path), *new_name = to ? name_below(to) : NULL;
	struct iovec bytes = {(void *)(uintptr_t)new_name, new_name ? strlen(new_name) : 0};

	if (done == 0 && name && *name) {
		record_op((struct op_head){.kind = kind}, name, &bytes, to ? 1 : 0);
		for (int i = 0; i < FDS_MAX; i++)
			if (fds[i].ours && strcmp(fds[i].name, name) == 0) {
				fds[i].ours = new_name != NULL;
				snprintf(fds[i].name, PRELOAD_NAME, "%s", new_name ? new_name : "");
			}
	}
	pthread_mutex_unlock(&lock);
	return (int)done;
}

int mkdir(const char *path, mode_t mode)
{
	pthread_mutex_lock(&lock);
	return named(syscall(SYS_mkdir, path, mode), OP_MAKE_DIR, path, NULL);
}

int rename(const char *from, const char *to)
{
	pthread_mutex_lock(&lock);
	return named(syscall(SYS_rename, from, to), OP_RENAME, from, to);
}

int unlink(const char *path)
{
	pthread_mutex_lock(&lock);
	return named(syscall(SYS_unlink, path), OP_UNLINK, path, NULL);
}

/* ---- writes ---- */

static size_t length_of(const struct iovec *parts, int parts_len)
{
	size_t n = 0;

	for (int i = 0; i < parts_len; i++)
		n += parts[i].iov_len;
	return n;
}

static ssize_t fail(int error)
{
	errno = error;
	return -1;
}

/* Done as far as the order says, before it fails: whole sectors, as a disk would. */
static ssize_t write_failing(int fd, const struct iovec *parts, int n, off_t at, struct failing f)
{
	size_t left = length_of(parts, n);

	if (f.part == FAIL_NOTHING_DONE)
		left = 0;
	else if (f.part == FAIL_HALF_DONE)
		left = left / 2 / SECTOR * SECTOR;
	for (int i = 0; i < n && left > 0; i++) {
		size_t some = parts[i].iov_len < left ? parts[i].iov_len : left;
		if (syscall(SYS_pwrite64, fd, parts[i].iov_base, some, at) != (long)some)
			abort();
		at += (off_t)some;
		left -= some;
	}
	return fail(f.error);
}

static ssize_t write_watched(struct watched *w, int fd, const struct iovec *parts, int n, off_t at)
{
	uint64_t end = (uint64_t)at + length_of(parts, n);
	struct failing f = failing_next();
	ssize_t done;

	if (f.error)
		return write_failing(fd, parts, n, at, f);
	if (end > w->blocks_end && failing_is_full()) {
		/* A disk takes what fits, and a program that asks again hears why it was less. */
		if ((uint64_t)at >= w->blocks_end || n > 1)
			return fail(ENOSPC);
		end = w->blocks_end;
		return syscall(SYS_pwrite64, fd, parts[0].iov_base, end - (uint64_t)at, at);
	}
	done = syscall(SYS_pwritev, fd, parts, n, at, 0);
	if (done != (ssize_t)length_of(parts, n))
		return done;
	blocks_grow(w->name, end);
	record_op((struct op_head){.kind = OP_WRITE, .at = (uint64_t)at, .durable = w->durable},
		w->name, parts, n);
	return done;
}

static bool is_socket(int fd)
{
	struct stat st;

	return getenv(DISK_RECORD) && fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* Writes where the file stands; answers are recorded before they leave. */
static ssize_t write_any(int fd, const struct iovec *parts, int n)
{
	ssize_t done;

	if (!watched(fd) && !is_socket(fd))
		return syscall(SYS_writev, fd, parts, n);
	pthread_mutex_lock(&lock);
	if (watched(fd)) {
		off_t at = lseek(fd, 0, SEEK_CUR);
		done = write_watched(watched(fd), fd, parts, n, at);
		if (done > 0)
			lseek(fd, at + done, SEEK_SET);
	} else {
		record_op((struct op_head){.kind = OP_ANSWER}, "", parts, n);
		done = syscall(SYS_writev, fd, parts, n);
	}
	pthread_mutex_unlock(&lock);
	return done;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	return write_any(fd, &(struct iovec){(void *)(uintptr_t)bytes, n}, 1);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
	return write_any(fd, parts, n);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	ssize_t done;

	pthread_mutex_lock(&lock);
	if (is_socket(fd))
		record_op((struct op_head){.kind = OP_ANSWER}, "", message->msg_iov,
			(int)message->msg_iovlen);
	done = syscall(SYS_sendmsg, fd, message, flags);
	pthread_mutex_unlock(&lock);
	return done;
}

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t at)
{
	ssize_t done;

	if (!watched(fd))
		return syscall(SYS_pwritev, fd, parts, n, at, 0);
	pthread_mutex_lock(&lock);
	done = write_watched(watched(fd), fd, parts, n, at);
	pthread_mutex_unlock(&lock);
	return done;
}

ssize_t pwritev64(int fd, const struct iovec *parts, int n, off_t at)
{
	return pwritev(fd, parts, n, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	return pwritev(fd, &(struct iovec){(void *)(uintptr_t)bytes, n}, 1, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off_t at)
{
	return pwrite(fd, bytes, n, at);
}

/* ---- sizes and syncs ---- */

int ftruncate(int fd, off_t size)
{
	long done;
	struct failing f;

	if (!watched(fd))
		return (int)syscall(SYS_ftruncate, fd, size);
	pthread_mutex_lock(&lock);
	f = failing_next();
	done = f.error ? fail(f.error) : syscall(SYS_ftruncate, fd, size);
	if (done == 0)
		record_op((struct op_head){.kind = OP_SIZE, .at = (uint64_t)size}, fds[fd].name,
			NULL, 0);
	pthread_mutex_unlock(&lock);
	return (int)done;
}

int ftruncate64(int fd, off_t size)
{
	return ftruncate(fd, size);
}

/* Only the kind that keeps the size: nothing that is read changes. */
int fallocate(int fd, int mode, off_t at, off_t n)
{
	long done;

	if (!watched(fd))
		return (int)syscall(SYS_fallocate, fd, mode, at, n);
	if (mode != FALLOC_FL_KEEP_SIZE)
		abort();
	pthread_mutex_lock(&lock);
	if (failing_is_full() && (uint64_t)(at + n) > fds[fd].blocks_end)
		done = fail(ENOSPC);
	else
		done = syscall(SYS_fallocate, fd, mode, at, n);
	if (done == 0)
		blocks_grow(fds[fd].name, (uint64_t)(at + n));
	pthread_mutex_unlock(&lock);
	return (int)done;
}

int fallocate64(int fd, int mode, off_t at, off_t n)
{
	return fallocate(fd, mode, at, n);
}

static int sync_any(int fd, long number)
{
	long done = 0;
	struct failing f;

	if (!watched(fd))
		return (int)syscall(number, fd);
	pthread_mutex_lock(&lock);
	f = failing_next();
	if (f.error)
		done = fail(f.error);
	else if (!getenv(DISK_NO_SYNC))
		record_op((struct op_head){.kind = fds[fd].directory ? OP_SYNC_NAMES : OP_SYNC},
			fds[fd].name, NULL, 0);
	pthread_mutex_unlock(&lock);
	return (int)done;
}

int fdatasync(int fd)
{
	return sync_any(fd, SYS_fdatasync);
}

int fsync(int fd)
{
	return sync_any(fd, SYS_fsync);
}

/* Who writes through a map cannot be recorded: relais never does. */
int msync(void *at, size_t n, int flags)
{
	(void)at;
	(void)n;
	(void)flags;
	abort();
}
