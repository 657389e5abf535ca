/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_show.h"

#include "fleet/render_parts.h"

enum { FRAME_BYTES = 4096, LINE_FRAME_BYTES = 80, ESCAPED = 6 };

static size_t lines_bytes(const struct job_lines *lines)
{
	size_t n = 64;

	for (uint32_t i = 0; i < lines->len; i++)
		n += ESCAPED * (lines->line[i].pointer.n + lines->line[i].detail.n) +
		     LINE_FRAME_BYTES;
	return n;
}

static size_t report_bytes(const struct job_report *r)
{
	size_t n = lines_bytes(&r->fault_lines) + lines_bytes(&r->kept_lines) +
		   lines_bytes(&r->stay_lines) + r->columns.n;

	for (uint32_t i = 0; i < r->samples_len; i++)
		n += r->samples[i].n + 8;
	return n;
}

static void put_lines(struct json_writer *w, const char *key, const struct job_lines *lines)
{
	json_k(w, key);
	json_array_begin(w);
	for (uint32_t i = 0; i < lines->len; i++) {
		json_object_begin(w);
		json_kv_str(w, "detail", lines->line[i].detail);
		json_kv_int(w, "line", lines->line[i].line);
		json_kv_str(w, "pointer", lines->line[i].pointer);
		json_object_end(w);
	}
	json_array_end(w);
}

/* ---- members, each from where it is known ---- */

struct showing_import {
	struct import_job *job;	    /* may be NULL */
	const struct job_report *r; /* of the job; NULL: none */
	struct json doc;	    /* of the row; absent: none */
	bool file;		    /* the job is of the file, not of its undo */
	bool whole;
};

static void put_counts(struct json_writer *w, const struct showing_import *s)
{
	static const char *const names[] = {
		"changed", "created", "kept", "not_yet", "over", "refused", "same"};
	const struct job_report *r = s->r;

	json_k(w, "counts");
	json_object_begin(w);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		int64_t n = json_int_at(s->doc, names[i], 0);
		if (s->file) {
			const uint32_t of_job[] = {r->changed, r->created, r->kept, r->not_yet,
				r->over, r->refused, r->same};
			n = of_job[i];
		}
		json_kv_int(w, names[i], n);
	}
	json_object_end(w);
}

static void put_understood(struct json_writer *w, const struct job_report *r)
{
	json_k(w, "understood");
	json_object_begin(w);
	if (r->columns.n)
		json_kv_raw(w, "columns", r->columns);
	if (r->encoding)
		json_kv_str(w, "encoding", str_from(r->encoding));
	json_k(w, "rows");
	json_put_int(w, r->rows);
	json_k(w, "sample");
	json_array_begin(w);
	for (uint32_t i = 0; i < r->samples_len; i++)
		json_put_raw(w, r->samples[i]);
	json_array_end(w);
	if (r->separator)
		json_kv_str(w, "separator", (struct str){&r->separator, 1});
	json_object_end(w);
}

static void put_undone(struct json_writer *w, const struct showing_import *s)
{
	bool now = s->r && !s->file;
	struct json at = json_get(s->doc, "undone_at");

	if (!now && !json_present(at))
		return;
	json_k(w, "undone");
	json_object_begin(w);
	if (json_present(at)) {
		json_kv_raw(w, "at", json_raw(at));
		json_kv_raw(w, "by", json_raw(json_get(s->doc, "undone_by")));
	}
	json_kv_int(w, "stays", now ? s->r->stays : json_int_at(s->doc, "stays", 0));
	json_kv_int(w, "taken_back", now ? s->r->taken_back : json_int_at(s->doc, "taken_back", 0));
	if (now && s->whole)
		put_lines(w, "why", &s->r->stay_lines);
	json_object_end(w);
}

static struct str state_of(const struct showing_import *s)
{
	struct str kept = json_str_at(s->doc, "state");

	if (s->r)
		return str_from(import_state_name(s->r->state));
	/* its server stopped before it could say more, or another one has it in hand */
	return str_is(kept, "running") ? STR("interrupted") : kept;
}

static void put_doc_or(
	struct json_writer *w, const struct showing_import *s, const char *key, struct str of_job)
{
	if (s->file)
		json_kv_str(w, key, of_job);
	else
		json_kv_raw(w, key, json_raw(json_get(s->doc, key)));
}

static void put_instant_or(struct json_writer *w, const struct showing_import *s, const char *key,
	struct instant of_job)
{
	if (s->file && of_job.s)
		json_kv_instant(w, key, of_job);
	else if (!s->file && json_present(json_get(s->doc, key)))
		json_kv_raw(w, key, json_raw(json_get(s->doc, key)));
}

static void put_import(struct json_writer *w, const struct showing_import *s)
{
	const struct import_job *job = s->job;
	const struct job_report *r = s->r;

	json_object_begin(w);
	put_doc_or(w, s, "asked_by", s->file ? str_from(job->asked_by) : STR_NULL);
	put_instant_or(w, s, "begun_at", s->file ? job->begun : (struct instant){0});
	put_counts(w, s);
	json_kv_bool(w, "dry_run", job && job->dry_run);
	put_instant_or(w, s, "ended_at", s->file ? r->ended : (struct instant){0});
	if (s->file && s->whole)
		put_lines(w, "faults", &r->fault_lines);
	if (s->file)
		json_kv_int(w, "faults_total", r->faults);
	put_doc_or(w, s, "file", s->file ? str_from(job->file) : STR_NULL);
	put_doc_or(w, s, "import", s->file ? str_from(job->record.id) : STR_NULL);
	if (s->file && s->whole)
		put_lines(w, "kept", &r->kept_lines);
	put_doc_or(w, s, "kind",
		s->file ? str_from(import_kind_facts(job->record.kind)->name) : STR_NULL);
	if (r && !import_state_is_over(r->state)) {
		json_k(w, "progress");
		json_object_begin(w);
		json_kv_int(w, "all", (int64_t)r->all);
		json_kv_int(w, "done", (int64_t)r->done);
		json_object_end(w);
	}
	json_kv_bool(w, "rejected", s->file && r->rejected.n > 0);
	put_doc_or(w, s, "sha256", s->file ? str_from(job->record.sha256) : STR_NULL);
	json_kv_str(w, "state", state_of(s));
	if (r && r->state == IMPORT_STOPPED && job->asked_to_stop)
		json_kv_str(w, "stopped_by", STR("asked"));
	else if (r && r->outcome != OK)
		json_kv_str(w, "stopped_by", str_from(outcome_slug(r->outcome)));
	if (s->file && s->whole)
		put_understood(w, r);
	put_undone(w, s);
	json_object_end(w);
}

struct str import_show(struct view *v, struct import_job *job, const struct row *row, bool whole)
{
	struct showing_import s = {.job = job,
		.r = job ? &job->report : NULL,
		.doc = row ? row->doc : JSON_ABSENT,
		.file = job && !job->undo,
		.whole = whole};
	struct json_writer w;

	ASSERT(s.file || row);
	if (job)
		uv_mutex_lock(&job->mutex);
	arena_writer(v->arena, &w,
		FRAME_BYTES + (row ? row->text.n : 0) + (job && whole ? report_bytes(s.r) : 0));
	put_import(&w, &s);
	if (job)
		uv_mutex_unlock(&job->mutex);
	return arena_written(v->arena, &w);
}

/* ---- all of them ---- */

/* The last import of the journal below that id; STR_NULL: there is none. */
static struct str row_below(struct view *v, struct str below)
{
	struct key prefix = key_row_prefix(ROW_IMPORT);
	struct key end = below.n ? key_row(ROW_IMPORT, below)
				 : key_row_prefix((enum row_kind)(ROW_IMPORT + 1));
	struct str id = STR_NULL;
	size_t at = prefix.n;
	struct cursor c;

	cursor_open(&c, v->txn, DB_ROWS);
	if (cursor_seek_last(&c, key_str(&end)) && cursor_within(&c, key_str(&prefix)) &&
		key_take_text(c.key, &at, &id))
		id = arena_copy(v->arena, id);
	cursor_close(&c);
	return id;
}

/* The same of what this server knows alone: what changed nothing, or has not begun to. */
static struct import_job *job_below(struct imports *all, struct str below)
{
	struct import_job *found = NULL;

	for (struct import_job *job = imports_next(all, NULL); job; job = imports_next(all, job)) {
		struct str id = str_from(job->record.id);
		if (job->dry_run || job->undo || (below.n && str_cmp(id, below) >= 0))
			continue;
		if (!found || str_cmp(id, str_from(found->record.id)) > 0)
			found = job;
	}
	return found;
}

/* Its id; STR_NULL after the last. */
static struct str list_next(
	struct view *v, struct imports *all, struct str below, struct str *shown)
{
	struct str of_row = row_below(v, below), id;
	struct import_job *job = job_below(all, below);
	struct row row;

	if (!of_row.n && !job)
		return STR_NULL;
	id = job ? str_from(job->record.id) : of_row;
	if (of_row.n && str_cmp(of_row, id) > 0)
		id = of_row;
	bool some = row_get(v, ROW_IMPORT, id, &row);
	*shown = import_show(v, imports_find(all, id), some ? &row : NULL, false);
	return arena_copy(v->arena, id);
}

struct str import_list(struct view *v, struct imports *all, const struct list_page *page)
{
	struct items items = {.arena = v->arena};
	struct str id = list_page_place(v->arena, page), shown, last = STR_NULL;

	for (;;) {
		id = list_next(v, all, id, &shown);
		if (!id.n || items.len == page->limit)
			break;
		items_add(&items, shown);
		last = id;
	}
	return items_object(&items, true, id.n ? list_page_cursor(v->arena, page, last) : STR_NULL);
}
