/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Looking for bytes in every byte of every file of a directory. The including file defines
 * _GNU_SOURCE. */

#include <fcntl.h>
#include <ftw.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/base.h"
#include "tests/lib/check.h"

static struct str traces_wanted;
static int traces_found;

static inline int traces_look(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	int fd;
	void *bytes;

	(void)ftw;
	if (type != FTW_F || st->st_size == 0)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	bytes = mmap(NULL, (size_t)st->st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_ptr_not_equal(bytes, MAP_FAILED);
	traces_found +=
		memmem(bytes, (size_t)st->st_size, traces_wanted.p, traces_wanted.n) != NULL;
	munmap(bytes, (size_t)st->st_size);
	close(fd);
	return 0;
}

/* In how many files of the directory these bytes stand. */
static inline int traces(const char *dir, const void *bytes, size_t n)
{
	traces_wanted = (struct str){bytes, n};
	traces_found = 0;
	assert_int_equal(nftw(dir, traces_look, 16, FTW_PHYS), 0);
	return traces_found;
}
