/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/waiting.h"

/* ---- drafting ---- */

bool task_is_drafted(const struct decide *d, enum task_kind kind, struct str subject)
{
	for (uint32_t i = 0; i < d->tasks_len; i++)
		if (d->tasks[i].kind == kind && str_eq(d->tasks[i].subject, subject))
			return true;
	return false;
}

bool task_open_find(struct decide *d, enum task_kind kind, struct str subject, struct str *id)
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
bool task_room(struct decide *d, enum task_kind kind, struct str subject)
{
	if (d->effects_len == EFFECTS_MAX)
		return false;
	d->tasks[d->tasks_len].kind = kind;
	d->tasks[d->tasks_len++].subject = subject;
	return true;
}

void write_escalates(struct json_writer *w, enum task_kind kind, struct instant due, int64_t told)
{
	struct instant t;

	if (deadline_escalates(&t, task_deadline(kind), due, told))
		json_kv_instant(w, "escalates_at", t);
	else
		json_kv_null(w, "escalates_at");
}

/* Whose it is: whoever was named, by the one who promises or by the site; else who promised. */
static struct str owner_of(
	struct decide *d, enum task_kind kind, const struct task_subject *subject)
{
	const struct roster *r = decide_roster(d);
	struct str owner = subject->owner;
	struct row row;

	/* as he signs in; whoever is gone since leaves it to the next in this line */
	if (!owner.n && r)
		owner = task_owner_known(d, deadline_said(r->doc, task_deadline(kind)).owner);
	if (!owner.n && subject->booking.n &&
		row_get(&d->view, ROW_BOOKING, subject->booking, &row))
		owner = json_str_at(json_get(row.doc, "offered"), "by");
	/* the timer promises nothing */
	return owner.n || d->command->verb == VERB_TICK ? owner : d->command->by;
}

static void kv_some(struct json_writer *w, const char *key, struct str value)
{
	if (value.n)
		json_kv_str(w, key, value);
}

void draft_task(struct decide *d, enum task_kind kind, const struct task_subject *subject,
	struct instant due)
{
	struct str whom = subject->booking.n	 ? subject->booking
			  : subject->contact.n	 ? subject->contact
			  : subject->complaint.n ? subject->complaint
						 : subject->resource;
	struct str id;
	struct json_writer w;

	ASSERT(whom.n);
	if (task_is_drafted(d, kind, whom) || task_open_find(d, kind, whom, &id) ||
		!task_room(d, kind, whom))
		return;
	id = id_new(d->view.arena, d->view.env, d->now);
	arena_writer(d->view.arena, &w, TASK_BYTES_MAX);
	json_object_begin(&w);
	kv_some(&w, "booking", subject->booking);
	kv_some(&w, "complaint", subject->complaint);
	kv_some(&w, "contact", subject->contact);
	kv_some(&w, "customer", subject->customer);
	json_kv_instant(&w, "due_at", due);
	if (subject->urgent)
		json_kv_instant(&w, "escalates_at", d->now);
	else
		write_escalates(&w, kind, due, 0);
	json_kv_str(&w, "kind", str_from(task_kind_name(kind)));
	json_kv_instant(&w, "made_at", d->now);
	kv_some(&w, "owner", owner_of(d, kind, subject));
	kv_some(&w, "resource", subject->resource);
	json_kv_str(&w, "rule", str_from(deadline_rule(task_deadline(kind))->id));
	json_kv_str(&w, "site", d->command->journal);
	json_kv_str(&w, "status", str_from(task_status_name(TASK_OPEN)));
	json_kv_str(&w, "task", id);
	json_object_end(&w);
	draft_put(d, ROW_TASK, id, arena_written(d->view.arena, &w));
}

/* An entry changes an object once: what it made or dropped stays so. */
static void draft_closed(
	struct decide *d, enum task_kind kind, struct str subject, struct str members)
{
	struct str id;

	if (!task_is_drafted(d, kind, subject) && task_open_find(d, kind, subject, &id) &&
		task_room(d, kind, subject))
		draft_set(d, ROW_TASK, id, members);
}

void draft_task_drop(struct decide *d, enum task_kind kind, struct str subject)
{
	draft_closed(d, kind, subject, STR("{\"status\":\"dropped\"}"));
}

void draft_task_done(struct decide *d, enum task_kind kind, struct str subject)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, TASK_BYTES_MAX);
	json_object_begin(&w);
	json_k(&w, "done");
	json_object_begin(&w);
	write_at_by(d, &w);
	json_object_end(&w);
	json_kv_str(&w, "status", str_from(task_status_name(TASK_DONE)));
	json_object_end(&w);
	draft_closed(d, kind, subject, arena_written(d->view.arena, &w));
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
		if (d->puts[i].n && site_says_deadlines(d))
			follow_deadlines(d, d->drafted[i],
				arena_json(d->view.arena, d->puts[i], NULL), true);
		if (!d->sets[i].n)
			continue;
		set = arena_json(d->view.arena, d->sets[i], NULL);
		follow_risk(d, d->drafted[i], set);
		follow_overdue(d, d->drafted[i], set);
		waiting_follow(d, d->drafted[i], set);
		follow_deadlines(d, d->drafted[i], set, false);
	}
	if (d->command->verb == VERB_TICK)
		draft_escalations(d);
}
