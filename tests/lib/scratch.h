/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A directory that a test may fill and that is gone afterwards, and a world (struct env) whose
 * clock and chance the test sets. */

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lib/check.h"

#include "fleet/env.h"

enum { SCRATCH_PATH = 512 };

struct scratch {
	char dir[SCRATCH_PATH];
};

static inline void scratch_make(struct scratch *s)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(s->dir, sizeof(s->dir), "%s/relais-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(s->dir));
}

static inline const char *scratch_path(
	const struct scratch *s, const char *name, char out[SCRATCH_PATH * 2])
{
	snprintf(out, (size_t)SCRATCH_PATH * 2, "%s/%s", s->dir, name);
	return out;
}

/* Files, and the files of directories one level down: no store is deeper. */
static inline void scratch_empty(const char *dir, int depth)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		char path[SCRATCH_PATH * 2];
		struct stat st;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		assert_in_range(snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name), 1,
			sizeof(path) - 1);
		assert_int_equal(lstat(path, &st), 0);
		if (S_ISDIR(st.st_mode)) {
			assert_true(depth < 3);
			scratch_empty(path, depth + 1);
		} else {
			assert_int_equal(unlink(path), 0);
		}
	}
	closedir(d);
	assert_int_equal(rmdir(dir), 0);
}

static inline void scratch_remove(struct scratch *s)
{
	scratch_empty(s->dir, 0);
}

/* ---- a world that stands still ---- */

struct still_env {
	struct env env; /* first: its functions find the rest by it */
	struct instant now;
	uint64_t seed;
};

static inline struct instant still_now(struct env *env)
{
	return ((struct still_env *)(void *)env)->now;
}

/* splitmix64: the same seed gives the same chance on every machine. */
static inline void still_random(struct env *env, void *out, size_t n)
{
	struct still_env *s = (struct still_env *)(void *)env;
	uint8_t *p = out;

	for (size_t i = 0; i < n; i++) {
		uint64_t z = s->seed += UINT64_C(0x9e3779b97f4a7c15);
		z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
		p[i] = (uint8_t)(z ^ (z >> 31));
	}
}

static inline struct still_env still_env_at(int64_t now_s)
{
	return (struct still_env){
		.env = {.now = still_now, .random = still_random}, .now = {now_s}, .seed = 1};
}
