/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_record.h"

#include <stdio.h>

#include "server/import_batch.h"

enum { RECORD_BYTES_MAX = 4096, FILE_NAME_MAX = 200 };

void import_record_init(
	struct import_record *r, struct env *env, enum import_kind kind, const struct hash *sha256)
{
	struct arena a;

	arena_init(&a, ARENA_MAX_DEFAULT);
	struct str id = id_new(&a, env, env->now(env));
	ASSERT(id.p && id.n <= ID_MAX);
	memcpy(r->id, id.p, id.n);
	r->id[id.n] = '\0';
	arena_deinit(&a);
	hash_print(sha256, r->sha256);
	r->kind = kind;
	r->begun = false;
}

/* The record's command with `over` merged into what it says already. */
static enum outcome record_write(struct import *im, struct str by, struct str key, struct str over)
{
	struct import_record *r = im->record;
	struct command *c = command_new(VERB_IMPORT);
	struct view v;
	struct txn t;
	struct row row;
	enum outcome o;

	if (!c)
		return FAULT_MEMORY;
	import_look(im, &v, &t, &c->arena);
	struct json known = row_get(&v, ROW_IMPORT, str_from(r->id), &row) ? row.doc : JSON_ABSENT;
	c->body = doc_merge(&c->arena, known, arena_json(&c->arena, over, NULL));
	fleet_look_end(&v);
	c->journal = JOURNAL_DIRECTORY;
	c->target = str_from(r->id);
	c->by = by;
	c->key = key;
	c->if_match = STR("*");
	c->group = str_from(r->id);
	o = c->body.p ? import_run(im, &c, 1) : FAULT_MEMORY;
	if (o == OK && c->outcome != OK)
		o = c->outcome;
	command_free(c);
	return o;
}

void import_file_name(char *out, size_t size, struct str path)
{
	size_t n = 0;

	for (size_t i = path.n; i > 0; i--)
		if (path.p[i - 1] == '/' || path.p[i - 1] == '\\') {
			path = (struct str){path.p + i, path.n - i};
			break;
		}
	for (size_t step; n < path.n; n += step) {
		step = json_utf8_len(path.p + n, path.n - n);
		if (step == 0 || n + step >= size)
			break;
	}
	memcpy(out, path.p, n);
	out[n] = '\0';
}

enum outcome import_record_begin(struct import *im)
{
	struct import_record *r = im->record;
	char room[RECORD_BYTES_MAX], file[FILE_NAME_MAX + 1];
	struct json_writer w;
	enum outcome o;

	if (!r || r->begun)
		return OK;
	import_file_name(file, sizeof file, str_from(im->file));
	json_writer_init(&w, room, sizeof room);
	json_object_begin(&w);
	json_kv_str(&w, "asked_by", r->asked_by);
	json_kv_instant(&w, "begun_at", im->now);
	json_kv_str(&w, "file", str_from(file));
	json_kv_str(&w, "import", str_from(r->id));
	json_kv_str(&w, "kind", str_from(import_kind_facts(r->kind)->name));
	json_kv_str(&w, "sha256", str_from(r->sha256));
	json_kv_str(&w, "state", STR("running"));
	json_object_end(&w);
	struct str text = json_written(&w);
	o = text.n ? record_write(im, r->asked_by, r->key, text) : FAULT_MEMORY;
	r->begun = o == OK;
	return o;
}

static void kv_now(struct import *im, struct json_writer *w, const char *key)
{
	struct env *env = fleet_env(im->fleet);

	json_kv_instant(w, key, env->now(env));
}

enum outcome import_record_end(struct import *im, const char *state)
{
	char room[RECORD_BYTES_MAX];
	struct json_writer w;

	if (!im->record || !im->record->begun)
		return OK;
	json_writer_init(&w, room, sizeof room);
	json_object_begin(&w);
	json_kv_int(&w, "changed", im->counts.changed);
	json_kv_int(&w, "created", im->counts.created);
	kv_now(im, &w, "ended_at");
	json_kv_int(&w, "kept", im->counts.kept);
	json_kv_int(&w, "refused", im->counts.refused);
	json_kv_int(&w, "same", im->counts.same);
	json_kv_str(&w, "state", str_from(state));
	json_object_end(&w);
	return record_write(im, im->record->asked_by, STR_NULL, json_written(&w));
}

enum outcome import_record_undone(
	struct import *im, struct str who, uint32_t taken_back, uint32_t stays)
{
	char room[RECORD_BYTES_MAX];
	struct json_writer w;

	json_writer_init(&w, room, sizeof room);
	json_object_begin(&w);
	json_kv_str(&w, "state", STR("undone"));
	json_kv_int(&w, "stays", stays);
	json_kv_int(&w, "taken_back", taken_back);
	kv_now(im, &w, "undone_at");
	json_kv_str(&w, "undone_by", who);
	json_object_end(&w);
	return record_write(im, who, STR_NULL, json_written(&w));
}
