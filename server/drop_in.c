/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/drop_in.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/file.h"
#include "server/import_show.h"

enum { SECOND_MS = 1000 };

struct drop_in {
	uv_timer_t timer; /* the handle's memory is ours */
	uv_work_t work;
	struct fleet *fleet; /* borrowed, as the next three */
	struct writer *writer;
	struct imports *imports;
	const struct config *config;
	struct drop_in_counts counts;
	bool busy; /* from a look to the file's place */
	bool closed, timer_gone;
	/* the thread's, while it works */
	char folder[CONFIG_TEXT_MAX];
	struct drop_in_seen seen;
	struct drop_in_file file;
	bool some, good, moved;
	struct str report, rejected; /* owned */
	char why[DROP_IN_WHY_BYTES];
};

static void look(struct drop_in *d);

static void free_when_over(struct drop_in *d)
{
	if (d->closed && d->timer_gone && !d->busy)
		free(d);
}

/* Told in the log when it changes: a folder that stays away must not fill it. */
static void fail(struct drop_in *d, const char *why)
{
	char line[DROP_IN_WHY_BYTES + 40];
	struct env *env = fleet_env(d->fleet);

	snprintf(line, sizeof line, "drop.in: %s", why);
	if (!d->counts.last_failed || strcmp(d->counts.why, why) != 0)
		env->log(env, line);
	d->counts.last_failed = true;
	snprintf(d->counts.why, sizeof d->counts.why, "%s", why);
}

static struct str owned(struct str s)
{
	char *p = s.p ? malloc(s.n ? s.n : 1) : NULL;

	if (!p)
		return STR_NULL;
	memcpy(p, s.p, s.n);
	return (struct str){p, s.n};
}

/* ---- away with it ---- */

static void on_away_thread(uv_work_t *work)
{
	struct drop_in *d = work->data;

	d->moved = drop_in_away(d->folder, d->file.name, d->good,
		d->report.p ? d->report : STR("{}"), d->rejected, d->why, sizeof d->why);
}

static void on_away(uv_work_t *work, int status)
{
	struct drop_in *d = work->data;

	(void)status;
	d->busy = false;
	file_free(d->report);
	file_free(d->rejected);
	d->report = d->rejected = STR_NULL;
	if (d->moved) {
		d->counts.last_at_s = fleet_env(d->fleet)->now(fleet_env(d->fleet)).s;
		d->counts.done += d->good;
		d->counts.failed += !d->good;
		d->counts.last_failed &= !d->good;
		look(d); /* perhaps another waits */
	} else {	 /* once more at the next look: importing it again changes nothing */
		fail(d, d->why);
	}
	free_when_over(d);
}

static void away(struct drop_in *d, bool good)
{
	d->good = good;
	d->busy = uv_queue_work(d->timer.loop, &d->work, on_away_thread, on_away) == 0;
}

/* ---- in with it ---- */

static void keep_report(struct drop_in *d, struct import_job *job)
{
	struct arena a;
	struct view v;
	struct txn t;
	struct row row;

	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(d->fleet, &v, &t, &a);
	bool some = row_get(&v, ROW_IMPORT, str_from(job->record.id), &row);
	d->report = owned(import_show(&v, job, some ? &row : NULL, true));
	fleet_look_end(&v);
	arena_deinit(&a);
	d->rejected = owned(job->report.rejected);
}

static void on_over(struct import_job *job, void *context)
{
	struct drop_in *d = context;
	enum import_state state = job->report.state;
	char why[DROP_IN_WHY_BYTES];

	/* Stopped by the server's end or by the world: it stays and has its turn again. */
	if (state == IMPORT_STOPPED && !job->asked_to_stop) {
		d->busy = false;
		free_when_over(d);
		return;
	}
	bool good = state == IMPORT_DONE && job->report.refused == 0;
	if (state == IMPORT_STOPPED) {
		snprintf(why, sizeof why, "%s was stopped by somebody: what was written stays",
			d->file.name);
		fail(d, why);
	} else if (!good) {
		snprintf(why, sizeof why, "%s has %u faults: see its report in failed/",
			d->file.name, job->report.faults);
		fail(d, why);
	}
	keep_report(d, job);
	away(d, good);
}

static bool import(struct drop_in *d)
{
	struct import_job *job = import_job_new(d->fleet, d->writer);
	struct env *env = fleet_env(d->fleet);

	if (!job)
		return false;
	snprintf(job->asked_by, sizeof job->asked_by, "drop.in");
	job->record.asked_by = str_from(job->asked_by);
	import_record_init(&job->record, env, d->file.kind, &d->file.sha256);
	import_file_name(job->file, sizeof job->file, str_from(d->file.name));
	job->begun = env->now(env);
	job->as_of = d->file.written.s < job->begun.s ? d->file.written : job->begun;
	job->text = d->file.text;
	job->mapping = d->file.mapping;
	d->file.text = d->file.mapping = STR_NULL;
	job->over = on_over;
	job->over_context = d;
	if (imports_add(d->imports, job) == OK)
		return true;
	import_job_free(job); /* others wait already: at the next look */
	return false;
}

/* ---- a look ---- */

static void on_look_thread(uv_work_t *work)
{
	struct drop_in *d = work->data;

	d->some = drop_in_next(d->folder, &d->seen, &d->file);
}

static void on_looked(uv_work_t *work, int status)
{
	struct drop_in *d = work->data;

	(void)status;
	d->busy = false;
	if (d->closed) {
		d->some = false;
	} else if (!d->some && d->file.why[0]) {
		fail(d, d->file.why);
	} else if (d->some && d->file.text.p) {
		d->busy = import(d);
	} else if (d->some) {
		char report[DROP_IN_WHY_BYTES * 2 + 64];
		struct json_writer w;
		fail(d, d->file.why);
		json_writer_init(&w, report, sizeof report);
		json_object_begin(&w);
		json_kv_str(&w, "detail", str_from(d->file.why));
		json_object_end(&w);
		d->report = owned(json_written(&w));
		away(d, false);
	}
	file_free(d->file.text);
	file_free(d->file.mapping);
	d->file.text = d->file.mapping = STR_NULL;
	free_when_over(d);
}

static void look(struct drop_in *d)
{
	d->counts.wanted = d->config->drop_in[0] != '\0';
	if (!d->counts.wanted || d->busy || d->closed)
		return;
	if (strcmp(d->folder, d->config->drop_in) != 0)
		d->seen.len = 0;
	snprintf(d->folder, sizeof d->folder, "%s", d->config->drop_in);
	d->busy = uv_queue_work(d->timer.loop, &d->work, on_look_thread, on_looked) == 0;
}

/* ---- its life ---- */

static void on_time(uv_timer_t *timer)
{
	look(timer->data);
}

struct drop_in *drop_in_open(uv_loop_t *loop, struct fleet *fleet, struct writer *writer,
	struct imports *imports, const struct config *config)
{
	struct drop_in *d = calloc(1, sizeof *d);

	if (!d)
		return NULL;
	d->fleet = fleet;
	d->writer = writer;
	d->imports = imports;
	d->file.text = d->file.mapping = STR_NULL;
	d->report = d->rejected = STR_NULL;
	uv_timer_init(loop, &d->timer);
	d->timer.data = d->work.data = d;
	drop_in_use(d, config);
	return d;
}

void drop_in_use(struct drop_in *d, const struct config *config)
{
	uint64_t every_ms = (uint64_t)config->drop_in_seconds * SECOND_MS;

	d->config = config;
	uv_timer_start(&d->timer, on_time, every_ms, every_ms);
	look(d);
}

void drop_in_counts(const struct drop_in *d, struct drop_in_counts *out)
{
	*out = d->counts;
}

static void on_closed(uv_handle_t *handle)
{
	struct drop_in *d = handle->data;

	d->timer_gone = true;
	free_when_over(d);
}

void drop_in_close(struct drop_in *d)
{
	if (!d || d->closed)
		return;
	d->closed = true;
	uv_close((uv_handle_t *)&d->timer, on_closed);
}
