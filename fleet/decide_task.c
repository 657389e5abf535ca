/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/waiting.h"

enum { TASK_BYTES_MAX = 1024 };

/* ---- drafting ---- */

static bool is_drafted(const struct decide *d, enum task_kind kind, struct str subject)
{
	for (uint32_t i = 0; i < d->tasks_len; i++)
		if (d->tasks[i].kind == kind && str_eq(d->tasks[i].subject, subject))
			return true;
	return false;
}

static bool find_open(struct decide *d, enum task_kind kind, struct str subject, struct str *id)
{
	struct key key = key_subject_task(subject, (uint8_t)kind);
	struct str value;

	if (!txn_get(d->view.txn, DB_INDEX, key_str(&key), &value))
		return false;
	*id = arena_copy(d->view.arena, value);
	return id->n > 0;
}

/* A fact is not refused because there is no room to say what must be done about it: who is at risk
 * or late stands on the board all the same. */
static bool has_room(struct decide *d, enum task_kind kind, struct str subject)
{
	if (d->effects_len == EFFECTS_MAX)
		return false;
	d->tasks[d->tasks_len].kind = kind;
	d->tasks[d->tasks_len++].subject = subject;
	return true;
}

void draft_task(struct decide *d, enum task_kind kind, const struct task_subject *subject,
	struct instant due)
{
	struct str whom = subject->booking.n ? subject->booking : subject->resource, id;
	struct json_writer w;

	ASSERT(whom.n);
	if (is_drafted(d, kind, whom) || find_open(d, kind, whom, &id) || !has_room(d, kind, whom))
		return;
	id = id_new(d->view.arena, d->view.env, d->now);
	arena_writer(d->view.arena, &w, TASK_BYTES_MAX);
	json_object_begin(&w);
	if (subject->booking.n)
		json_kv_str(&w, "booking", subject->booking);
	json_kv_instant(&w, "due_at", due);
	json_kv_str(&w, "kind", str_from(task_kind_name(kind)));
	json_kv_instant(&w, "made_at", d->now);
	if (subject->resource.n)
		json_kv_str(&w, "resource", subject->resource);
	json_kv_str(&w, "site", d->command->journal);
	json_kv_str(&w, "status", str_from(task_status_name(TASK_OPEN)));
	json_kv_str(&w, "task", id);
	json_object_end(&w);
	draft_put(d, ROW_TASK, id, arena_written(d->view.arena, &w));
}

void draft_task_drop(struct decide *d, enum task_kind kind, struct str subject)
{
	struct str id;

	/* an entry changes an object once: what it made or dropped stays so */
	if (!is_drafted(d, kind, subject) && find_open(d, kind, subject, &id) &&
		has_room(d, kind, subject))
		draft_set(d, ROW_TASK, id, STR("{\"status\":\"dropped\"}"));
}

/* ---- what happened to a booking ---- */

static struct instant later(struct instant a, struct instant b)
{
	return a.s > b.s ? a : b;
}

/* Its start: until then somebody must find something else. */
static struct instant start_of(struct decide *d, struct str id, struct json set)
{
	struct instant from = d->now;
	struct row row;

	if (!doc_instant(set, "from", &from) && row_get(&d->view, ROW_BOOKING, id, &row))
		(void)doc_instant(row.doc, "from", &from);
	return later(from, d->now);
}

static void follow_risk(struct decide *d, struct str id, struct json set)
{
	struct json at_risk = json_get(set, "at_risk");
	enum booking_status status;
	bool over = booking_status_from(&status, json_str_at(set, "status")) &&
		    !booking_is_live(status);

	if (json_bool_at(set, "at_risk", false) && !over)
		draft_task(d, TASK_AT_RISK, &(struct task_subject){.booking = id},
			start_of(d, id, set));
	else if (json_present(at_risk) || over)
		draft_task_drop(d, TASK_AT_RISK, id);
}

/* Only the timer pushes a car on that nobody has heard of; whoever hears of it, gives it more time
 * or takes it back ends that. */
static void follow_overdue(struct decide *d, struct str id, struct json set)
{
	struct task_subject subject = {.booking = id};
	struct row row;

	if (!json_present(json_get(set, "expected_at")))
		return;
	if (d->command->verb != VERB_TICK) {
		draft_task_drop(d, TASK_OVERDUE, id);
		return;
	}
	if (row_get(&d->view, ROW_BOOKING, id, &row))
		subject.resource = json_str_at(row.doc, "resource");
	draft_task(d, TASK_OVERDUE, &subject, d->now);
}

void draft_tasks(struct decide *d)
{
	uint32_t n = d->effects_len; /* what follows are tasks */

	for (uint32_t i = 0; i < n; i++) {
		struct json set;
		if (!d->sets[i].n)
			continue;
		set = arena_json(d->view.arena, d->sets[i], NULL);
		follow_risk(d, d->drafted[i], set);
		follow_overdue(d, d->drafted[i], set);
		waiting_follow(d, d->drafted[i], set);
	}
}

/* ---- done by a person ---- */

static enum outcome refuse_closed(struct decide *d, struct json task)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, TASK_BYTES_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "task", json_str_at(task, "task"));
	json_kv_str(&w, "task_status", json_str_at(task, "status"));
	json_object_end(&w);
	return refuse_with(d, REFUSED_STATE, arena_written(d->view.arena, &w));
}

/* Whose words a note's are: the customer's whose booking it is about. */
static struct str subject_of(struct decide *d, struct json task)
{
	struct str booking = json_str_at(task, "booking");
	struct row row;

	if (!booking.n || !row_get(&d->view, ROW_BOOKING, booking, &row))
		return json_str_at(task, "task");
	return json_str_at(row.doc, "customer").n ? json_str_at(row.doc, "customer") : booking;
}

enum outcome decide_task_done(struct decide *d)
{
	struct row row;
	struct json_writer w;
	struct str sealed;

	if (!row_get(&d->view, ROW_TASK, d->command->target, &row) ||
		!str_eq(json_str_at(row.doc, "site"), d->command->journal))
		return REFUSED_NOT_FOUND;
	if (!str_is(json_str_at(row.doc, "status"), task_status_name(TASK_OPEN)))
		return refuse_closed(d, row.doc);
	sealed = draft_private_text(d, row.doc, subject_of(d, row.doc), "note", "note");
	arena_writer(d->view.arena, &w, TASK_BYTES_MAX + sealed.n);
	json_object_begin(&w);
	json_k(&w, "done");
	json_object_begin(&w);
	json_kv_instant(&w, "at", d->now);
	json_kv_str(&w, "by", d->command->by);
	json_object_end(&w);
	if (sealed.n)
		json_kv_raw(&w, "private", sealed);
	json_kv_str(&w, "status", str_from(task_status_name(TASK_DONE)));
	json_object_end(&w);
	draft_set(d, ROW_TASK, d->command->target, arena_written(d->view.arena, &w));
	return OK;
}
