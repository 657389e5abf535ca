/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/demo.h"

#include <stdio.h>
#include <sysexits.h>

#include "fleet/calendar.h"
#include "server/demo_warranty.h"
#include "server/import_batch.h"
#include "server/set_clock.h"

enum { DAY_S = 86400 };

static const struct {
	enum import_kind kind;
	const char *file;
} objects[] = {
	{IMPORT_SITES, "sites.json"},
	{IMPORT_RULESETS, "ruleset.json"},
	{IMPORT_RESOURCES, "resources.csv"},
	{IMPORT_CUSTOMERS, "customers.csv"},
	{IMPORT_VEHICLES, "vehicles.csv"},
};

struct filling {
	struct import im;
	const struct embedded *files; /* borrowed */
	char *why; /* borrowed: the first fault */
	size_t why_size;
};

static void tell_first(void *context, const char *sentence)
{
	struct filling *f = context;

	if (f->im.faults == 1)
		snprintf(f->why, f->why_size, "%s", sentence);
}

static bool read_file(
	struct filling *f, enum import_kind kind, const char *file, struct import_rows *rows)
{
	struct str text = embedded_find(f->files, file);

	ASSERT(text.p);
	f->im.file = file;
	import_rows_init(rows);
	return import_read(&f->im, kind, text, rows);
}

static int fault(struct filling *f, enum outcome o)
{
	snprintf(f->why, f->why_size, "the demonstration could not be written: %s",
		outcome_title(o));
	return EX_IOERR;
}

static int fill_objects(struct filling *f)
{
	int code = EX_OK;

	for (size_t i = 0; i < ARRAY_LEN(objects) && code == EX_OK; i++) {
		struct import_rows rows;
		enum outcome o = OK;
		if (!read_file(f, objects[i].kind, objects[i].file, &rows))
			code = EX_DATAERR;
		else
			o = import_put(&f->im, objects[i].kind, &rows);
		if (o != OK)
			code = fault(f, o);
		else if (f->im.faults)
			code = EX_DATAERR;
		import_rows_deinit(&rows);
	}
	return code;
}

/* Nobody has it just now, and nobody has just brought it back: somebody had time to wash it. */
static bool stands_there(struct fleet *fleet, struct str id, struct instant now)
{
	struct claim_row one;
	struct arena a;
	struct view v;
	struct txn t;
	size_t n;

	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(fleet, &v, &t, &a);
	n = calendar_claims(
		v.txn, (struct seat){id, 0}, minute_down(now), minute_down(now) + 1, &one, 1);
	fleet_look_end(&v);
	arena_deinit(&a);
	return n == 0;
}

static void ready_done(struct command *c)
{
	ASSERT(c->outcome == OK || outcome_is_fault(c->outcome));
}

/* The files tell of loans, and each leaves a car that is not ready: what the preparer did since. */
static enum outcome make_ready(struct filling *f)
{
	struct import_batch batch = {.im = &f->im};
	struct import_rows rows;
	struct arena a;

	arena_init(&a, ARENA_MAX_DEFAULT);
	ASSERT(read_file(f, IMPORT_RESOURCES, "resources.csv", &rows));
	for (size_t i = 0; i < rows.len && batch.fault == OK; i++) {
		struct json car = arena_json(&a, rows.row[i].doc, NULL), now = json_get(car, "now");
		struct str id = json_str_at(car, "resource");
		struct command *c;
		if (!json_bool_at(now, "ready", false) || !stands_there(f->im.fleet, id, f->im.now))
			continue;
		c = import_command(
			&batch, VERB_RESOURCE_READY, json_str_at(car, "site"), id, STR_NULL);
		if (!c)
			break;
		c->done = ready_done;
		import_batch_add(&batch, c,
				arena_printf(&a, "{\"key\":\"%.*s\",\"where\":\"%.*s\"}",
					STR_FMT(json_str_at(now, "key")),
					STR_FMT(json_str_at(now, "where"))));
	}
	import_batch_run(&batch);
	import_batch_end(&batch);
	import_rows_deinit(&rows);
	arena_deinit(&a);
	return batch.fault;
}

static int fill_past(struct filling *f)
{
	struct import_rows coverages, bookings;
	int code = EX_DATAERR;
	bool good = read_file(f, IMPORT_COVERAGES, "coverages.csv", &coverages);

	good &= read_file(f, IMPORT_BOOKINGS, "bookings.csv", &bookings);
	if (good) {
		enum outcome o = import_play(&f->im, &coverages, &bookings);
		code = o != OK ? fault(f, o) : f->im.faults ? EX_DATAERR : EX_OK;
	}
	import_rows_deinit(&coverages);
	import_rows_deinit(&bookings);
	return code;
}

/* What the workshop wrote of the loans, and what the warranty desk made of it. */
static int fill_warranty(struct filling *f)
{
	struct import_rows orders;
	int code = EX_DATAERR;

	if (read_file(f, IMPORT_REPAIR_ORDERS, "repair-orders.csv", &orders)) {
		enum outcome o = demo_orders(&f->im, &orders);
		if (o == OK && !f->im.faults)
			o = demo_claims(&f->im);
		code = o != OK ? fault(f, o) : f->im.faults ? EX_DATAERR : EX_OK;
	}
	import_rows_deinit(&orders);
	return code;
}

int demo_fill(struct fleet *fleet, struct env *env, char *why, size_t why_size)
{
	return demo_fill_from(fleet, env, demo_files, DEMO_STARTS_DAYS_AGO, why, why_size);
}

int demo_fill_from(struct fleet *fleet, struct env *env, const struct embedded *files,
	uint32_t starts_days_ago, char *why, size_t why_size)
{
	struct filling f = {
		.im = {.fleet = fleet,
			.now = env->now(env),
			.by = STR("demonstration"),
			.substitute = true,
			.tell = tell_first},
		.files = files,
		.why = why,
		.why_size = why_size,
	};
	enum outcome end;
	int code;

	ASSERT(env == fleet_env(fleet));
	f.im.context = &f;
	/* All of it or nothing: who is killed in the middle has an empty directory still. */
	fleet_gather(fleet, UINT64_MAX);
	set_clock_begin(env);
	set_clock_to((struct instant){f.im.now.s - (int64_t)starts_days_ago * DAY_S});
	code = fill_objects(&f);
	set_clock_end(env);
	if (code == EX_OK)
		code = fill_past(&f);
	if (code == EX_OK)
		code = fill_warranty(&f);
	if (code == EX_OK) {
		end = make_ready(&f);
		code = end != OK ? fault(&f, end) : EX_OK;
	}
	end = fleet_gather_end(fleet, code == EX_OK);
	if (code == EX_OK && end != OK)
		code = fault(&f, end);
	if (code == EX_OK)
		snprintf(why, why_size,
			"%u things entered, %u bookings in another class than wished, %u refused, "
			"%u still "
			"to be made",
			f.im.counts.created, f.im.counts.substituted, f.im.counts.refused,
			f.im.counts.not_yet);
	return code;
}
