/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* An import undone: object by object, the last first, through the writer like any change. */

#include <stdio.h>

#include "fleet/group.h"
#include "server/import_batch.h"
#include "server/import_job.h"

enum { LOOK_ENTRIES = 500, STAYS_BYTES = 160 };

struct going_back {
	struct import_job *job;
	struct import_batch batch;
	struct group_objects objects;
	uint32_t taken_back, stays;
};
struct back_context {
	struct going_back *g;
	const struct group_object *object;
};

static const char *why(enum outcome o)
{
	if (o == REFUSED_STALE)
		return "somebody has changed it since";
	if (o == REFUSED_IN_USE)
		return "bookings, visits or cars speak of it";
	if (o == REFUSED_IMMUTABLE)
		return "what was decided by it stands: it stays";
	return outcome_title(o);
}

static void back_done(struct command *c)
{
	struct back_context *context = c->context;
	struct going_back *g = context->g;
	char pointer[STAYS_BYTES];

	if (c->outcome == OK) {
		g->taken_back++;
		return;
	}
	g->stays++;
	snprintf(pointer, sizeof pointer, "%s/%.*s", row_kind_name(context->object->kind),
		STR_FMT(context->object->id));
	import_job_line(g->job, &g->job->report.stay_lines, 0, pointer, why(c->outcome));
}

static bool gather(struct going_back *g, struct import *im)
{
	struct arena a;
	struct view v;
	struct txn t;

	arena_init(&a, ARENA_MAX_DEFAULT);
	for (bool more = true; more && !import_stops(im);) {
		import_look(im, &v, &t, &a);
		more = group_objects_walk(
			&g->objects, &v, str_from(g->job->record.id), LOOK_ENTRIES);
		fleet_look_end(&v);
		arena_reset(&a);
	}
	arena_deinit(&a);
	group_objects_sort(&g->objects);
	return g->objects.outcome == OK;
}

static void ask(struct going_back *g, const struct group_object *o)
{
	struct command *c =
		import_command(&g->batch, VERB_IMPORT_UNDO, o->journal, o->id, STR_NULL);
	struct back_context *context = c ? arena_alloc(&c->arena, sizeof *context) : NULL;
	struct json_writer w;
	char room[200];

	if (!c)
		return;
	ASSERT(context);
	*context = (struct back_context){g, o};
	c->context = context;
	c->done = back_done;
	json_writer_init(&w, room, sizeof room);
	json_object_begin(&w);
	json_kv_int(&w, "first", (int64_t)o->first);
	json_kv_str(&w, "kind", str_from(row_kind_name(o->kind)));
	json_kv_int(&w, "last", (int64_t)o->last);
	json_object_end(&w);
	import_batch_add(&g->batch, c, json_written(&w));
}

enum outcome import_back(struct import_job *job, struct import *im)
{
	struct going_back g = {.job = job, .batch = {.im = im}};
	enum outcome o;

	job->record.begun = true; /* it is the group that is taken back */
	group_objects_init(&g.objects);
	if (!gather(&g, im))
		g.batch.fault = g.objects.outcome;
	for (uint32_t i = 0; i < g.objects.len && g.batch.fault == OK && !import_stops(im); i++) {
		if (!g.objects.object[i].undone)
			ask(&g, &g.objects.object[i]);
		import_job_progress(job, i + 1, g.objects.len);
	}
	import_batch_run(&g.batch);
	o = g.batch.fault == OK && import_stops(im) ? FAULT_BUSY : g.batch.fault;
	if (o == OK)
		o = import_record_undone(im, str_from(job->asked_by), g.taken_back, g.stays);
	uv_mutex_lock(&job->mutex);
	job->report.taken_back = g.taken_back;
	job->report.stays = g.stays;
	uv_mutex_unlock(&job->mutex);
	import_batch_end(&g.batch);
	group_objects_deinit(&g.objects);
	return o;
}
