/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "fleet/data_dir.h"

static int write_whole(int fd, struct str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0)
			bytes = (struct str){bytes.p + n, bytes.n - (size_t)n};
	}
	return fsync(fd) != 0 ? errno : 0;
}

enum outcome durable_write(const char *path, struct str bytes)
{
	char beside[PATH_MAX];
	int n = snprintf(beside, sizeof(beside), "%s.new", path), fd, error;

	if (!bytes.p)
		return FAULT_MEMORY;
	if (n < 0 || (size_t)n >= sizeof(beside))
		return FAULT_DISK;
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return FAULT_DISK;
	error = write_whole(fd, bytes);
	if (close(fd) != 0 && !error)
		error = errno;
	if (!error && rename(beside, path) != 0)
		error = errno;
	if (!error)
		error = data_dir_sync(path);
	return !error ? OK : error == ENOSPC || error == EDQUOT ? FAULT_FULL : FAULT_DISK;
}

struct str durable_read(const char *path, struct arena *a, size_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *out = fd >= 0 ? arena_alloc(a, max + 2) : NULL;
	size_t n = 0;
	ssize_t got = -1;

	while (out && n <= max && (got = read(fd, out + n, max + 1 - n)) > 0)
		n += (size_t)got;
	if (fd >= 0)
		close(fd);
	return got == 0 && n <= max ? (struct str){out, n} : STR_NULL;
}
