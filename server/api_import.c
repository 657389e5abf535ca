/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * /v1/imports: a file comes in, as the body or, where that is too small for it, in parts that were
 * left here before (api_attach.c). A dry run is answered when it was read; anything else at once,
 * and goes on by itself. Imports touch every site: they are for whoever acts for all of them.
 */

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "fleet/render.h"
#include "server/body.h"
#include "server/file.h"
#include "server/import_show.h"
#include "server/respond.h"
#include "server/upload.h"

enum { KEY_BYTES_MAX = 255, ETAG_DIGITS = 32 };

const char *const import_kinds[] = {"sites", "rulesets", "resources", "customers", "vehicles",
	"coverages", "bookings", "repair-orders", NULL};
const char *const import_flags[] = {"true", "false", NULL};

static bool allowed(struct call *call)
{
	if (call->actor.sites_len == 0)
		return true;
	call->api->forbidden++;
	respond_refused(call, REFUSED_ROLE, STR("imports are for whoever acts for all sites"));
	return false;
}

/* It changes while it goes on: the tag is made of what is said. */
static void respond_import(struct call *call, int status, struct str body)
{
	char hex[HASH_TEXT];
	struct hash hash = hash_of(body);
	struct str tag =
		arena_printf(call->arena, "\"%.*s\"", ETAG_DIGITS, hash_print(&hash, hex).p);
	struct str header = exchange_header(call->x, "if-none-match");

	respond_header(call, "etag", tag);
	if (header.p && str_is(exchange_method(call->x), "GET") && etag_names(header, tag))
		respond_empty(call, 304);
	else
		respond_json(call, status, body);
}

/* By that id: what this server knows, and what the journal does. False: neither. */
static bool find(struct call *call, struct str id, struct import_job **job, struct row *row,
	const struct row **found)
{
	*job = imports_find(call->api->imports, id);
	*found = id.n <= ID_MAX && row_get(call_look(call), ROW_IMPORT, id, row) ? row : NULL;
	return *job || *found;
}

static void show(struct call *call, int status, struct str id)
{
	struct import_job *job;
	const struct row *found;
	struct row row;

	if (!find(call, id, &job, &row, &found)) {
		respond_refused(call, REFUSED_NOT_FOUND, STR_NULL);
		return;
	}
	struct str body = import_show(call_look(call), job, found, true);
	if (strcmp(call->route->method, "GET") == 0)
		respond_seq(call, STR_NULL);
	if (status == 202)
		respond_header(call, "location",
			arena_printf(call->arena, "/v1/imports/%.*s", STR_FMT(id)));
	respond_import(call, status, body);
}

/* ---- looking ---- */

void api_imports(struct call *call)
{
	struct list_page page;

	if (!allowed(call) || !call_page(call, &page))
		return;
	struct str body = import_list(call_look(call), call->api->imports, &page);
	respond_seq(call, STR_NULL);
	respond_list(call, body);
}

void api_import(struct call *call)
{
	if (allowed(call))
		show(call, 200, call->param[0]);
}

/* In memory alone, for persons stand in it: gone with the server. */
void api_import_rejected(struct call *call)
{
	struct import_job *job = NULL;

	if (!allowed(call))
		return;
	while ((job = imports_next(call->api->imports, job)) != NULL)
		if (str_is(call->param[0], job->record.id) && !job->undo)
			break;
	bool over = job && !job->on_thread && job->report.rejected.n > 0;
	if (!over) {
		respond_refused(call, REFUSED_NOT_FOUND,
			STR("no rejected rows of it are kept here: import the file again"));
		return;
	}
	respond_header(call, "content-disposition", STR("attachment; filename=\"rejected.csv\""));
	respond_text(call, 200, STR("text/csv; charset=utf-8"), job->report.rejected);
}

/* ---- a file comes in ---- */

struct file_in {
	struct str bytes, mapping; /* owned when they have a place */
	struct str key;
	struct hash request, sha256;
	struct instant as_of;
	enum import_kind kind;
	bool dry_run, partial;
};

static struct str owned(struct str s)
{
	char *p = malloc(s.n ? s.n : 1);

	if (!p)
		return STR_NULL;
	memcpy(p, s.p, s.n);
	return (struct str){p, s.n};
}

static bool is_type(struct str type, const char *name)
{
	size_t n = strlen(name);

	return type.n >= n && strncasecmp(type.p, name, n) == 0 &&
	       (type.n == n || type.p[n] == ';' || type.p[n] == ' ');
}

/* The parts together; false: answered. */
static bool join(struct call *call, struct json parts, struct str *out)
{
	struct str owner = str_from(call->actor.name);
	struct hash hash;
	size_t n = 0;

	for (struct json p = json_first(parts); json_present(p); p = json_next(parts, p)) {
		struct str part = hash_parse(&hash, json_str(p))
					  ? uploads_find(call->api->uploads, owner, &hash)
					  : STR_NULL;
		if (!part.n || part.n > IMPORT_SERVED_BYTES_MAX - n) {
			respond_refused(call, part.n ? REFUSED_TOO_LARGE : REFUSED_INVALID,
				part.n ? STR("a file of an import has at most 24 MiB: cut it, or "
					     "use relais import")
				       : STR("a part is not here: leave it at /v1/uploads "
					     "again"));
			return false;
		}
		n += part.n;
	}
	char *p = malloc(n ? n : 1);
	if (!p) {
		respond_refused(call, FAULT_MEMORY, STR_NULL);
		return false;
	}
	*out = (struct str){p, 0};
	for (struct json e = json_first(parts); json_present(e); e = json_next(parts, e)) {
		ASSERT(hash_parse(&hash, json_str(e)));
		struct str part = uploads_find(call->api->uploads, owner, &hash);
		memcpy(p + out->n, part.p, part.n);
		out->n += part.n;
	}
	return true;
}

static bool body_in(struct call *call, struct file_in *in)
{
	struct str type = exchange_header(call->x, "content-type"), source, kept;
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);

	ASSERT(faults);
	if (type.p && (is_type(type, "text/csv") || is_type(type, "text/plain") ||
			      is_type(type, "application/octet-stream"))) {
		in->bytes = owned(exchange_body(call->x));
		if (!in->bytes.p)
			respond_refused(call, FAULT_MEMORY, STR_NULL);
		return in->bytes.p != NULL;
	}
	if (!type.p || !is_type(type, "application/json")) {
		respond_refused(call, REFUSED_MEDIA_TYPE,
			STR("a file comes as text/csv or application/octet-stream; "
			    "application/json names its parts"));
		return false;
	}
	if (!body_read(call, &source) || !body_check(call, source, NULL, faults, &kept))
		return false;
	struct json doc = arena_json(call->arena, kept, NULL);
	if (!join(call, json_get(doc, "parts"), &in->bytes))
		return false;
	if (json_str_at(doc, "mapping").n)
		in->mapping = owned(json_str_at(doc, "mapping"));
	return true;
}

static bool is_set(struct call *call, const char *name)
{
	return str_is(query_text(&call->query, name), "true");
}

static bool query_in(struct call *call, struct file_in *in)
{
	struct env *env = fleet_env(call->api->fleet);
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	struct instant now = env->now(env);

	ASSERT(faults && import_kind_from(&in->kind, query_text(&call->query, "kind")));
	in->dry_run = is_set(call, "dry_run");
	in->partial = is_set(call, "partial");
	if (!query_instant(&call->query, "written_at", NULL, &in->as_of, faults) ||
		in->as_of.s > now.s)
		in->as_of = now;
	if (in->partial && in->kind == IMPORT_COVERAGES)
		faults_add(faults, "/partial",
			"a look-up of cover is several rows: taken whole or not at all");
	if (faults->len)
		respond_invalid(call, faults);
	return !faults->len;
}

static bool key_in(struct call *call, struct file_in *in)
{
	in->key = exchange_header(call->x, "idempotency-key");
	if (!in->key.n || in->key.n > KEY_BYTES_MAX) {
		respond_refused(call, REFUSED_KEY_MISSING, STR_NULL);
		return false;
	}
	in->request = hash_keyed(
		people_secret(fleet_people(call->api->fleet)), str_from(call->actor.name), in->key);
	return true;
}

/* ---- asked before ---- */

static bool same_hash(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, HASH_LEN) == 0;
}

static struct import_job *asked_here(struct call *call, const struct file_in *in)
{
	struct import_job *job = NULL;

	while ((job = imports_next(call->api->imports, job)) != NULL)
		if (!job->undo && same_hash(&job->request, &in->request))
			break;
	return job;
}

/* The import that the journal has under this key. */
static struct str asked_before(struct call *call, const struct file_in *in)
{
	struct view *v = call_look(call);
	struct journal_entry entry;
	struct event_head head;
	struct json effects;
	struct hash body;
	const char *why;
	uint64_t seq;

	if (!journal_request(v->txn, JOURNAL_DIRECTORY, &in->request, &seq, &body))
		return STR_NULL;
	if (!journal_entry(v->txn, JOURNAL_DIRECTORY, seq, &entry) ||
		event_read(v->arena, arena_copy(v->arena, entry.bytes), &head, &effects, &why) !=
			OK)
		return STR("?");
	return head.group.n ? head.group : STR("?");
}

/* True: it was answered. */
static bool replayed(struct call *call, const struct file_in *in)
{
	struct import_job *job = asked_here(call, in);
	struct str id = job ? str_from(job->record.id) : asked_before(call, in), sha256, kind;
	char hex[HASH_TEXT];
	struct row row;
	bool same;

	if (!id.n)
		return false;
	if (job) {
		sha256 = str_from(job->record.sha256);
		kind = str_from(import_kind_facts(job->record.kind)->name);
		same = job->dry_run == in->dry_run && job->partial == in->partial;
	} else {
		same = row_get(call_look(call), ROW_IMPORT, id, &row) && !in->dry_run;
		sha256 = same ? json_str_at(row.doc, "sha256") : STR_NULL;
		kind = same ? json_str_at(row.doc, "kind") : STR_NULL;
	}
	same = same && str_eq(sha256, hash_print(&in->sha256, hex)) &&
	       str_is(kind, import_kind_facts(in->kind)->name);
	if (!same) {
		respond_refused(call, REFUSED_KEY_REUSED, STR_NULL);
		return true;
	}
	respond_header(call, "idempotency-replayed", STR("true"));
	show(call, in->dry_run ? 200 : 202, arena_copy(call->arena, id));
	return true;
}

/* ---- and goes on ---- */

static void checked(struct import_job *job, void *context)
{
	struct call *call = context;

	if (!exchange_is_gone(call->x))
		show(call, 200, str_from(job->record.id));
	call_look_end(call);
	exchange_release(call->x);
}

static struct import_job *job_new(struct call *call)
{
	struct env *env = fleet_env(call->api->fleet);
	struct import_job *job = import_job_new(call->api->fleet, call->api->writer);

	if (!job)
		return NULL;
	snprintf(job->asked_by, sizeof job->asked_by, "%s", call->actor.name);
	job->record.asked_by = str_from(job->asked_by);
	job->begun = env->now(env);
	return job;
}

static void go_on(struct call *call, struct file_in *in)
{
	struct import_job *job = job_new(call);
	struct str name = query_text(&call->query, "name");
	enum outcome o = FAULT_MEMORY;

	call_look_end(call);
	if (job) {
		import_record_init(
			&job->record, fleet_env(call->api->fleet), in->kind, &in->sha256);
		import_file_name(job->file, sizeof job->file, name.n ? name : STR("file"));
		job->key = owned(in->key);
		job->record.key = job->key;
		job->request = in->request;
		job->text = in->bytes;
		job->mapping = in->mapping;
		job->as_of = in->as_of;
		job->dry_run = in->dry_run;
		job->partial = in->partial;
		if (in->dry_run) {
			job->over = checked;
			job->over_context = call;
			exchange_hold(call->x);
		}
		in->bytes = in->mapping = STR_NULL;
		o = imports_add(call->api->imports, job);
	}
	if (o != OK) {
		respond_refused(call, o,
			o == FAULT_BUSY ? STR("other imports wait already: ask again later")
					: STR_NULL);
		if (job && in->dry_run)
			exchange_release(call->x);
		import_job_free(job);
	} else if (!in->dry_run) {
		show(call, 202, str_from(job->record.id));
	}
}

void api_import_make(struct call *call)
{
	struct file_in in = {.bytes = STR_NULL, .mapping = STR_NULL};

	if (!allowed(call) || !key_in(call, &in) || !query_in(call, &in) || !body_in(call, &in))
		return;
	in.sha256 = hash_of(in.bytes);
	if (!in.bytes.n)
		respond_refused(call, REFUSED_INVALID, STR("the file is empty"));
	else if (!replayed(call, &in))
		go_on(call, &in);
	file_free(in.bytes);
	file_free(in.mapping);
}

/* ---- no further ---- */

/* Again and again the same answer, until it has stopped and after; what is over otherwise stays. */
void api_import_stop(struct call *call)
{
	struct import_job *job;
	const struct row *found;
	struct row row;
	struct file_in in = {.dry_run = false};
	struct str id = call->param[0];

	if (!allowed(call) || !key_in(call, &in))
		return;
	if (!find(call, id, &job, &row, &found)) {
		respond_refused(call, REFUSED_NOT_FOUND, STR_NULL);
		return;
	}
	bool runs = job && (job->on_thread || job->report.state == IMPORT_WAITING);
	if (!runs && !(job && job->asked_to_stop)) {
		respond_refused(
			call, REFUSED_STATE, STR("it is over, or another server has it in hand"));
		return;
	}
	if (runs)
		imports_stop_one(call->api->imports, job);
	show(call, 202, id);
}

/* ---- and back ---- */

void api_import_undo(struct call *call)
{
	struct import_job *job;
	const struct row *found;
	struct row row;
	struct file_in in = {.dry_run = false};
	struct str id = call->param[0];
	enum outcome o = FAULT_MEMORY;

	if (!allowed(call) || !key_in(call, &in))
		return;
	if (!find(call, id, &job, &row, &found)) {
		respond_refused(call, REFUSED_NOT_FOUND, STR_NULL);
		return;
	}
	if (!found || (job && (job->on_thread || !import_state_is_over(job->report.state)))) {
		respond_refused(call, REFUSED_STATE,
			found ? STR("it is not over yet") : STR("nothing of it was written"));
		return;
	}
	job = job_new(call);
	if (job) {
		job->undo = true;
		memcpy(job->record.id, id.p, id.n);
		snprintf(job->record.sha256, sizeof job->record.sha256, "%.*s",
			STR_FMT(json_str_at(row.doc, "sha256")));
		(void)!import_kind_from(&job->record.kind, json_str_at(row.doc, "kind"));
		o = imports_add(call->api->imports, job);
	}
	if (o == OK) {
		show(call, 202, id);
		return;
	}
	import_job_free(job);
	respond_refused(call, o, STR_NULL);
}
