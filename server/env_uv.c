/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/env_uv.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ZONE_DIR "/usr/share/zoneinfo"

/* A zone is loaded once and never freed: rosters and requests borrow it as long as they like. */
struct loaded {
	struct loaded *next;
	struct zone zone;
};

static struct {
	pthread_mutex_t mutex;
	struct loaded *zones; /* under the mutex; entries do not change once they are in the list */
	uint32_t len;
} shared = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static struct instant env_now(struct env *env)
{
	(void)env;
	struct timespec t;
	ASSERT(clock_gettime(CLOCK_REALTIME, &t) == 0);
	return (struct instant){t.tv_sec};
}

static void env_random(struct env *env, void *out, size_t n)
{
	(void)env;
	unsigned char *at = out;
	while (n) {
		ssize_t got = getrandom(at, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		/* Without chance there are no keys: nothing sensible is left to do. */
		ASSERT(got > 0);
		at += got;
		n -= (size_t)got;
	}
}

static void env_log(struct env *env, const char *sentence)
{
	(void)env;
	fprintf(stderr, "relais: %s\n", sentence);
}

/* The bytes of the zone's file; how many, 0 when there is none that we would read. */
static size_t zone_bytes(struct str name, char *buf, size_t cap)
{
	char path[sizeof ZONE_DIR + 1 + ZONE_NAME_MAX];
	snprintf(path, sizeof path, "%s/%.*s", ZONE_DIR, STR_FMT(name));
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	size_t n = 0;
	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
		(size_t)st.st_size <= cap)
		for (ssize_t got; n < cap && (got = read(fd, buf + n, cap - n)) > 0;)
			n += (size_t)got;
	close(fd);
	return n;
}

static struct loaded *zone_load(struct str name)
{
	struct loaded *l = calloc(1, sizeof *l);
	char *buf = malloc(ZONE_FILE_BYTES_MAX);
	size_t n = l && buf ? zone_bytes(name, buf, ZONE_FILE_BYTES_MAX) : 0;
	bool good = n && zone_read(&l->zone, name, (struct str){buf, n});
	free(buf);
	if (good)
		return l;
	free(l);
	return NULL;
}

static const struct zone *env_zone(struct env *env, struct str name)
{
	(void)env;
	if (!zone_name_is_safe(name) || name.n >= ZONE_NAME_MAX)
		return NULL;
	const struct zone *found = NULL;
	pthread_mutex_lock(&shared.mutex);
	for (struct loaded *l = shared.zones; l && !found; l = l->next)
		if (str_is(name, l->zone.name))
			found = &l->zone;
	if (!found && shared.len < ENV_ZONES_MAX) {
		struct loaded *l = zone_load(name);
		if (l) {
			l->next = shared.zones;
			shared.zones = l;
			shared.len++;
			found = &l->zone;
		}
	}
	pthread_mutex_unlock(&shared.mutex);
	return found;
}

struct env *env_uv(void)
{
	static struct env env = {
		.now = env_now,
		.random = env_random,
		.zone = env_zone,
		.log = env_log,
	};
	return &env;
}
