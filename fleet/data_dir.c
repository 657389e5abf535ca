/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/data_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *trouble_of(const char *dir, bool create, const char *path)
{
	struct stat st;

	if (create && mkdir(dir, 0700) != 0 && errno != EEXIST)
		return "the directory cannot be made";
	if (stat(dir, &st) != 0)
		return "there is no such data directory";
	errno = ENOTDIR;
	if (!S_ISDIR(st.st_mode))
		return "a data directory is expected";
	if (stat(path, &st) != 0 && !(errno == ENOENT && create))
		return "there is no data in this directory";
	return NULL;
}

enum outcome data_dir_ready(const char *dir, bool create, char *path, char *why, size_t why_size)
{
	int n = snprintf(path, PATH_MAX, "%s/data", dir);
	const char *trouble;

	if (n < 0 || n >= PATH_MAX) {
		snprintf(why, why_size, "the path of the data directory is too long");
		return FAULT_DISK;
	}
	trouble = trouble_of(dir, create, path);
	if (!trouble)
		return OK;
	snprintf(why, why_size, "%s: %s: %s", dir, trouble, strerror(errno));
	return FAULT_DISK;
}

int data_dir_sync(const char *file)
{
	char path[PATH_MAX];
	int fd, error = 0, n = snprintf(path, sizeof(path), "%s", file);

	if (n < 0 || (size_t)n >= sizeof(path))
		return ENAMETOOLONG;
	fd = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (fsync(fd) != 0)
		error = errno;
	close(fd);
	return error;
}
