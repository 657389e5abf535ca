/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_job.h"

#include <stdio.h>
#include <stdlib.h>

#include "fleet/roster.h"
#include "server/file.h"
#include "server/import_batch.h"
#include "server/import_column.h"
#include "server/import_mapping.h"
#include "server/import_reject.h"

const char *import_state_name(enum import_state state)
{
	static const char *const names[IMPORT_STATES_LEN] = {
		[IMPORT_WAITING] = "waiting",
		[IMPORT_READING] = "reading",
		[IMPORT_WRITING] = "writing",
		[IMPORT_UNDOING] = "undoing",
		[IMPORT_CHECKED] = "checked",
		[IMPORT_DONE] = "done",
		[IMPORT_FAILED] = "failed",
		[IMPORT_STOPPED] = "stopped",
		[IMPORT_UNDONE] = "undone",
	};

	ASSERT(state < IMPORT_STATES_LEN);
	return names[state];
}

bool import_state_is_over(enum import_state state)
{
	return state >= IMPORT_CHECKED;
}

struct import_job *import_job_new(struct fleet *fleet, struct writer *writer)
{
	struct import_job *job = calloc(1, sizeof *job);

	if (!job)
		return NULL;
	job->fleet = fleet;
	job->writer = writer;
	job->rosters = rosters_new();
	arena_init(&job->report.arena, JOB_REPORT_BYTES_MAX);
	if (!job->rosters || uv_mutex_init(&job->mutex) != 0) {
		rosters_free(job->rosters);
		free(job);
		return NULL;
	}
	return job;
}

void import_job_free(struct import_job *job)
{
	if (!job)
		return;
	uv_mutex_destroy(&job->mutex);
	rosters_free(job->rosters);
	arena_deinit(&job->report.arena);
	file_free(job->report.rejected);
	file_free(job->text);
	file_free(job->mapping);
	file_free(job->key);
	free(job);
}

/* ---- what is told of it ---- */

void import_job_state(struct import_job *job, enum import_state state)
{
	struct env *env = fleet_env(job->fleet);

	uv_mutex_lock(&job->mutex);
	job->report.state = state;
	job->report.ended = import_state_is_over(state) ? env->now(env) : (struct instant){0};
	uv_mutex_unlock(&job->mutex);
}

void import_job_progress(struct import_job *job, uint64_t done, uint64_t all)
{
	uv_mutex_lock(&job->mutex);
	job->report.done = done;
	job->report.all = all;
	uv_mutex_unlock(&job->mutex);
}

void import_job_line(struct import_job *job, struct job_lines *lines, uint32_t line,
	const char *pointer, const char *detail)
{
	struct arena *a = &job->report.arena;

	uv_mutex_lock(&job->mutex);
	if (!lines->line)
		lines->line = arena_alloc(a, JOB_LINES_MAX * sizeof *lines->line);
	if (lines->line && lines->len < JOB_LINES_MAX) {
		struct job_line l = {
			line, arena_copy(a, str_from(pointer)), arena_copy(a, str_from(detail))};
		if (!a->full)
			lines->line[lines->len++] = l;
	}
	uv_mutex_unlock(&job->mutex);
}

static struct import_job *job_of(const struct import *im)
{
	return im->context;
}

static void on_fault(struct import *im, uint32_t line, const char *pointer, const char *detail)
{
	struct import_job *job = job_of(im);

	import_job_line(job, &job->report.fault_lines, line, pointer, detail);
}

static void on_kept(struct import *im, uint32_t line, const char *pointer, const char *detail)
{
	struct import_job *job = job_of(im);

	import_job_line(job, &job->report.kept_lines, line, pointer, detail);
}

static void on_row(struct import *im, const struct import_row *row)
{
	struct job_report *r = &job_of(im)->report;

	if (r->samples_len == JOB_SAMPLES_MAX)
		return;
	uv_mutex_lock(&job_of(im)->mutex);
	r->samples[r->samples_len] = arena_copy(&r->arena, row->doc);
	r->samples_len += r->samples[r->samples_len].p != NULL;
	uv_mutex_unlock(&job_of(im)->mutex);
}

/* What each column was taken for; one that is passed over means nothing. */
static void on_columns(
	struct import *im, const struct csv_record *header, const struct import_columns *columns)
{
	struct job_report *r = &job_of(im)->report;
	struct json_writer w;
	size_t bytes = 16;

	for (uint32_t i = 0; i < header->len; i++)
		bytes += 6 * header->cell[i].n + 200;
	uv_mutex_lock(&job_of(im)->mutex);
	arena_writer(&r->arena, &w, bytes);
	json_array_begin(&w);
	for (uint32_t i = 0; i < header->len; i++) {
		struct str member = STR_NULL;
		for (uint32_t k = 0; k < columns->len; k++)
			if (columns->column[k].cell == i)
				member = columns->column[k].path;
		json_object_begin(&w);
		json_kv_str(&w, "column", header->cell[i].n ? header->cell[i] : STR(""));
		if (member.n)
			json_kv_str(&w, "member", member);
		else
			json_kv_null(&w, "member");
		json_object_end(&w);
	}
	json_array_end(&w);
	r->columns = arena_written(&r->arena, &w);
	uv_mutex_unlock(&job_of(im)->mutex);
}

static const struct import_told told = {
	.fault = on_fault, .kept = on_kept, .columns = on_columns, .row = on_row};

static void take_counts(struct import_job *job, const struct import *im)
{
	struct job_report *r = &job->report;

	uv_mutex_lock(&job->mutex);
	r->faults = im->faults;
	r->kept = im->counts.kept;
	r->created = im->counts.created;
	r->changed = im->counts.changed;
	r->same = im->counts.same;
	r->refused = im->counts.refused;
	r->over = im->counts.over;
	r->not_yet = im->counts.not_yet;
	r->encoding = im->understood.encoding;
	r->separator = im->understood.separator;
	uv_mutex_unlock(&job->mutex);
}

static void on_progress(void *context, const char *what, uint64_t done, uint64_t all)
{
	struct import_job *job = context;

	(void)what;
	import_job_progress(job, done, all);
	if (job->im)
		take_counts(job, job->im);
}

/* ---- its way ---- */

static bool stops(const struct import *im)
{
	return atomic_load(&job_of(im)->stop);
}

static bool read_mapping(struct import_job *job, struct import *im, struct import_mapping *m)
{
	import_mapping_init(m, "mapping");
	im->mapping = m;
	return import_mapping_read(im, m, job->record.kind, job->mapping);
}

static enum outcome write_rows(struct import_job *job, struct import *im, struct import_rows *rows)
{
	enum outcome o;

	import_job_state(job, IMPORT_WRITING);
	if (job->record.kind == IMPORT_COVERAGES)
		o = import_play(im, rows, NULL);
	else if (job->record.kind == IMPORT_BOOKINGS)
		o = import_play(im, NULL, rows);
	else
		o = import_put_file(im, job->record.kind, job->text, rows);
	return o == OK && stops(im) ? FAULT_BUSY : o;
}

/* The rows that were not taken, where a file can say them. */
static void keep_rejected(struct import_job *job, struct import *im)
{
	char *p = NULL;
	size_t n = 0;

	if (!im->rejects || !im->rejects->len || im->rejects->full || !im->understood.separator)
		return;
	import_rejects_sort(im->rejects);
	FILE *out = open_memstream(&p, &n);
	bool good = out && import_rejects_write(im->rejects, out, job->text);
	if (out)
		fclose(out);
	if (!good) {
		free(p);
		return;
	}
	uv_mutex_lock(&job->mutex);
	job->report.rejected = (struct str){p, n};
	uv_mutex_unlock(&job->mutex);
}

static void job_outcome(struct import_job *job, enum outcome o)
{
	uv_mutex_lock(&job->mutex);
	job->report.outcome = o;
	uv_mutex_unlock(&job->mutex);
}

static enum import_state read_and_write(struct import_job *job, struct import *im)
{
	enum import_state state = IMPORT_CHECKED;
	struct import_rows rows;
	enum outcome o = OK;

	import_rows_init(&rows);
	rows.names = import_kind_facts(job->record.kind)->verb != VERBS_LEN;
	import_job_state(job, IMPORT_READING);
	bool good = import_read(im, job->record.kind, job->text, &rows);
	take_counts(job, im);
	uv_mutex_lock(&job->mutex);
	job->report.rows = rows.len;
	uv_mutex_unlock(&job->mutex);
	if (stops(im)) {
		state = IMPORT_STOPPED;
	} else if (!good) {
		state = job->dry_run ? IMPORT_CHECKED : IMPORT_FAILED;
	} else if (!job->dry_run) {
		o = write_rows(job, im, &rows);
		state = o == OK ? IMPORT_DONE : IMPORT_STOPPED;
		enum outcome end = import_record_end(im, import_state_name(state));
		o = o == OK ? end : o;
	}
	import_rows_deinit(&rows);
	job_outcome(job, o);
	return state;
}

static enum import_state run_file(struct import_job *job, struct import *im)
{
	struct import_mapping *m = job->mapping.p ? malloc(sizeof *m) : NULL;
	struct import_rejects rejects;
	enum import_state state = job->dry_run ? IMPORT_CHECKED : IMPORT_FAILED;

	import_rejects_init(&rejects);
	if (job->record.kind != IMPORT_COVERAGES)
		im->rejects = &rejects;
	im->whole = !job->partial;
	if (job->mapping.p && !m)
		import_file_fault(im, 1, "there is not enough memory for the mapping");
	else if (!m || read_mapping(job, im, m))
		state = read_and_write(job, im);
	take_counts(job, im);
	keep_rejected(job, im);
	if (m)
		import_mapping_deinit(m);
	free(m);
	import_rejects_deinit(&rejects);
	return state;
}

static enum import_state run_undo(struct import_job *job, struct import *im)
{
	enum outcome o;

	import_job_state(job, IMPORT_UNDOING);
	o = import_back(job, im);
	job_outcome(job, o);
	return o == OK ? IMPORT_UNDONE : IMPORT_STOPPED;
}

void import_job_run(struct import_job *job)
{
	const struct import_live live = {.rosters = job->rosters,
		.batch_max = JOB_BATCH_MAX,
		.run = import_job_submit,
		.stop = stops};
	struct import im = {
		.fleet = job->fleet,
		.live = &live,
		.told = &told,
		.record = &job->record,
		.now = job->begun,
		.as_of = job->as_of,
		.by = STR("import"),
		.dry_run = job->dry_run,
		.file = job->file,
		.progress = on_progress,
		.context = job,
	};
	job->im = &im;
	enum import_state state = job->undo ? run_undo(job, &im) : run_file(job, &im);

	job->im = NULL;
	file_free(job->text);
	job->text = STR_NULL;
	import_job_state(job, state);
}
