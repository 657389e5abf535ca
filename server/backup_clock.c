/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/backup_clock.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fleet/erased.h"
#include "fleet/share.h"
#include "server/env_uv.h"

enum { PAUSE_BYTES = 1 << 20, PAUSE_NS = 30000000, PATH_BYTES = 320 }; /* some 32 MiB a second */
enum { HOUR_S = 3600, MINUTE_S = 60 };

struct backup_clock {
	uv_async_t done; /* these handles' memory is the clock's */
	uv_timer_t timer;
	uv_thread_t thread;
	struct fleet *fleet;	     /* borrowed */
	const struct config *config; /* borrowed */
	struct backup_counts counts;
	int64_t tried_at_s; /* the last that failed; 0: the last did not */
	uint64_t begun_ms;
	bool closed;
	uint32_t handles_gone;
	atomic_bool given_up;
	/* of the one under way: its thread's, until `done` */
	char file[PATH_BYTES], list[PATH_BYTES]; /* "": none of these */
	enum outcome outcome, list_outcome;
	char why[BACKUP_WHY_BYTES];
	uint64_t listing; /* so many erasures are on the list; and on the last that was written: */
	uint64_t listed;
};

/* ---- names and hours ---- */

void backup_name(char out[BACKUP_NAME_BYTES], int64_t at_s)
{
	char text[INSTANT_TEXT];
	struct str stamp = instant_print_utc((struct instant){at_s}, text);
	size_t n = (size_t)snprintf(out, BACKUP_NAME_BYTES, "relais-");
	/* Neither signs nor colons, which some file systems refuse. */
	for (size_t i = 0; i < stamp.n; i++)
		if (stamp.p[i] != '-' && stamp.p[i] != ':')
			out[n++] = stamp.p[i];
	snprintf(out + n, BACKUP_NAME_BYTES - n, ".jsonl");
}

int64_t backup_named_at(const char *name)
{
	char stamp[BACKUP_NAME_BYTES], again[BACKUP_NAME_BYTES];
	struct local at;
	if (strlen(name) != strlen("relais-20270101T031500Z.jsonl"))
		return 0;
	snprintf(stamp, sizeof stamp, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", name + 7, name + 11,
		name + 13, name + 16, name + 18, name + 20);
	if (!instant_parse(&at, str_from(stamp)))
		return 0;
	backup_name(again, local_instant(at).s);
	return strcmp(name, again) == 0 ? local_instant(at).s : 0;
}

/* That hour of the day that `now` is in, or of the one before, by the machine's own zone. */
static int64_t daily_at(int minutes, int64_t now_s)
{
	for (int days = 0; days < 3; days++) {
		time_t now = (time_t)now_s;
		struct tm t;
		ASSERT(localtime_r(&now, &t));
		t.tm_mday -= days;
		t.tm_hour = minutes / MINUTE_S;
		t.tm_min = minutes % MINUTE_S;
		t.tm_sec = 0;
		t.tm_isdst = -1;
		int64_t at = mktime(&t);
		if (at <= now_s)
			return at;
	}
	return 0;
}

int64_t backup_wanted_at(const struct config *config, int64_t last_s, int64_t now_s)
{
	int64_t every_s = (int64_t)config->backup_every_hours * HOUR_S;
	if (!every_s)
		return daily_at(config_minutes(str_from(config->backup_at)), now_s);
	if (last_s > now_s || now_s - last_s < every_s)
		return last_s;
	return last_s ? last_s + (now_s - last_s) / every_s * every_s : now_s;
}

/* ---- the directory ---- */

struct listing {
	int64_t newest_s, oldest_s;
	uint64_t count;
};

static void list(const char *directory, struct listing *out)
{
	DIR *dir = opendir(directory);
	*out = (struct listing){.count = 0};
	for (const struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
		int64_t at = backup_named_at(e->d_name);
		if (!at)
			continue;
		out->count++;
		out->newest_s = at > out->newest_s ? at : out->newest_s;
		out->oldest_s = !out->oldest_s || at < out->oldest_s ? at : out->oldest_s;
	}
	if (dir)
		closedir(dir);
}

static void path_of(char out[PATH_BYTES], const char *directory, int64_t at_s)
{
	char name[BACKUP_NAME_BYTES];
	backup_name(name, at_s);
	snprintf(out, PATH_BYTES, "%s/%s", directory, name);
}

/* After one that is good: what was there before goes only when there is something newer. */
static void drop_oldest(const char *directory, uint32_t keep)
{
	struct listing l;
	char path[PATH_BYTES];
	for (list(directory, &l); l.count > keep; list(directory, &l)) {
		path_of(path, directory, l.oldest_s);
		if (unlink(path) != 0)
			return;
	}
}

/* What a process that died left half written. */
static void drop_parts(const char *directory)
{
	static const char end[] = ".part";
	DIR *dir = opendir(directory);
	for (const struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
		char name[BACKUP_NAME_BYTES], path[PATH_BYTES], part[PATH_BYTES + sizeof end];
		size_t n = strlen(e->d_name);
		if (n < sizeof end || n >= sizeof name ||
			strcmp(e->d_name + n - (sizeof end - 1), end) != 0)
			continue;
		snprintf(name, sizeof name, "%.*s", (int)(n - (sizeof end - 1)), e->d_name);
		if (!backup_named_at(name))
			continue;
		path_of(path, directory, backup_named_at(name));
		snprintf(part, sizeof part, "%s%s", path, end);
		unlink(part);
	}
	if (dir)
		closedir(dir);
}

/* ---- one backup ---- */

static bool pause_briefly(void *context)
{
	struct backup_clock *c = context;
	const struct timespec t = {.tv_nsec = PAUSE_NS};
	nanosleep(&t, NULL);
	return !atomic_load(&c->given_up);
}

static void thread_main(void *context)
{
	struct backup_clock *c = context;
	const struct backup_pace pace = {
		.bytes = PAUSE_BYTES, .pause = pause_briefly, .context = c};
	struct backup_summary summary;
	uint64_t persons;
	c->outcome = OK;
	if (c->file[0])
		c->outcome =
			backup_write(c->fleet, c->file, &pace, &summary, c->why, sizeof c->why);
	if (c->list[0])
		c->list_outcome = erased_write(c->fleet, c->list, &persons);
	uv_async_send(&c->done);
}

/* Erasures since the start, and one for those of before. */
static uint64_t erasures(const struct backup_clock *c)
{
	return fleet_counts(c->fleet)->done[VERB_CUSTOMER_ERASE] + 1;
}

/* Who was erased is told beside the backups that still hold him. What is restored of a server that
 * shares its journal follows that, and hears of it there. */
static void list_prepare(struct backup_clock *c)
{
	char id[SHARE_ID_MAX + 1];
	c->list[0] = '\0';
	c->listing = erasures(c);
	c->list_outcome = OK;
	if (!people_shared(fleet_people(c->fleet), id))
		snprintf(c->list, PATH_BYTES, "%s/" ERASED_FILE, c->config->backup_directory);
}

static void begin(struct backup_clock *c, int64_t now_s, bool backup)
{
	c->file[0] = '\0';
	if (backup) {
		path_of(c->file, c->config->backup_directory, now_s);
		drop_parts(c->config->backup_directory);
	}
	list_prepare(c);
	snprintf(c->why, sizeof c->why, "the backup cannot be written");
	c->begun_ms = uv_now(c->timer.loop);
	c->counts.running = uv_thread_create(&c->thread, thread_main, c) == 0;
	if (!c->counts.running)
		c->tried_at_s = now_s;
}

static void look_around(struct backup_clock *c)
{
	struct listing l;
	struct stat st;
	char path[PATH_BYTES];
	list(c->config->backup_directory, &l);
	c->counts.kept = l.count;
	c->counts.last_at_s = l.newest_s;
	path_of(path, c->config->backup_directory, l.newest_s);
	c->counts.bytes = l.count && stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static void look(struct backup_clock *c)
{
	struct env *env = env_uv();
	int64_t now_s = env->now(env).s;
	c->counts.wanted = c->config->backup_directory[0] != '\0';
	c->counts.late = false;
	if (!c->counts.wanted || c->closed)
		return;
	look_around(c);
	int64_t wanted = backup_wanted_at(c->config, c->counts.last_at_s, now_s);
	bool due = wanted > c->counts.last_at_s;
	c->counts.late = due && now_s - wanted > BACKUP_LATE_S;
	if (c->counts.running || now_s - c->tried_at_s < BACKUP_RETRY_S)
		return;
	if (due || c->listed != erasures(c))
		begin(c, now_s, due);
}

static void tell_end(struct backup_clock *c)
{
	struct env *env = env_uv();
	char line[BACKUP_WHY_BYTES + 60];
	if (c->list_outcome == OK) {
		c->listed = c->listing;
	} else {
		c->tried_at_s = env->now(env).s;
		snprintf(line, sizeof line, "the list of who was erased cannot be written: %s",
			c->list);
		env->log(env, line);
	}
	if (!c->file[0])
		return;
	c->counts.last_failed = c->outcome != OK;
	if (c->outcome == OK) {
		c->counts.made++;
		c->counts.took_ms = uv_now(c->timer.loop) - c->begun_ms;
		c->tried_at_s = c->list_outcome == OK ? 0 : c->tried_at_s;
		snprintf(line, sizeof line, "backup made: %s", c->file);
	} else {
		c->counts.failed++;
		c->tried_at_s = env->now(env).s;
		snprintf(c->counts.why, sizeof c->counts.why, "%s", c->why);
		snprintf(line, sizeof line, "backup failed: %s", c->why);
	}
	env->log(env, line);
}

static void on_done(uv_async_t *done)
{
	struct backup_clock *c = done->data;
	if (!c->counts.running)
		return;
	uv_thread_join(&c->thread);
	c->counts.running = false;
	tell_end(c);
	if (c->outcome == OK && c->file[0])
		drop_oldest(c->config->backup_directory, c->config->backup_keep);
	look(c);
}

/* ---- its life ---- */

static void on_time(uv_timer_t *timer)
{
	look(timer->data);
}

struct backup_clock *backup_clock_open(
	uv_loop_t *loop, struct fleet *fleet, const struct config *config)
{
	struct backup_clock *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->fleet = fleet;
	c->config = config;
	ASSERT(uv_async_init(loop, &c->done, on_done) == 0);
	uv_timer_init(loop, &c->timer);
	c->done.data = c->timer.data = c;
	uv_timer_start(&c->timer, on_time, 0, BACKUP_LOOK_MS);
	return c;
}

void backup_clock_use(struct backup_clock *c, const struct config *config)
{
	c->config = config;
	c->tried_at_s = 0; /* what was mended is tried at once */
	look(c);
}

void backup_clock_counts(struct backup_clock *c, struct backup_counts *out)
{
	*out = c->counts;
}

static void on_closed(uv_handle_t *handle)
{
	struct backup_clock *c = handle->data;
	if (++c->handles_gone == 2)
		free(c);
}

void backup_clock_close(struct backup_clock *c)
{
	if (!c || c->closed)
		return;
	c->closed = true;
	atomic_store(&c->given_up, true);
	if (c->counts.running)
		uv_thread_join(&c->thread);
	uv_close((uv_handle_t *)&c->done, on_closed);
	uv_close((uv_handle_t *)&c->timer, on_closed);
}
