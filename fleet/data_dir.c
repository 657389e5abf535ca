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

enum { BEGINNING_PAGES = 2, PAGE_MAX = 64 << 10, HEAD = 512, MAGIC_AT = 16 };

static bool is_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

/* A page of LMDB's beginning: its number within the first sector, nothing behind, or not there yet.
 */
static bool page_is_begun(const uint8_t *p, size_t page)
{
	static const uint32_t magic = 0xBEEFC0DE;

	return is_zero(p + HEAD, page - HEAD) &&
	       (is_zero(p, HEAD) || memcmp(p + MAGIC_AT, &magic, sizeof(magic)) == 0);
}

bool data_file_is_begun(const char *path)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t bytes[BEGINNING_PAGES * PAGE_MAX + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	ASSERT(page <= PAGE_MAX);
	memset(bytes, 0, sizeof(bytes));
	n = read(fd, bytes, BEGINNING_PAGES * page + 1);
	close(fd);
	if (n < 0 || (size_t)n > BEGINNING_PAGES * page)
		return false;
	return page_is_begun(bytes, page) && page_is_begun(bytes + page, page);
}

int data_file_begin(const char *path)
{
	if (!data_file_is_begun(path))
		return 0;
	return truncate(path, 0) ? errno : 0;
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
