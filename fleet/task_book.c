/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/decide.h"
#include "fleet/task.h"
#include "fleet/user.h"

/* Which promises a site's rules make, when they are due, and who else is told of those that are not
 * kept. */

enum {
	ESCALATED_AT_ONCE_MAX = 50, /* in one tick; the next goes on */
	VISIT_BOOKINGS_LOOKED_MAX = 64,
};

/* ---- what a site says ---- */

struct deadline_said deadline_said(struct json site, enum deadline d)
{
	const struct deadline_rule *rule = deadline_rule(d);
	struct deadline_said said = {.on = rule->stand != DEADLINE_OFF};
	struct json list = json_get(site, "deadlines");

	for (struct json e = json_first(list); json_present(e); e = json_next(list, e)) {
		if (!str_is(json_str_at(e, "rule"), rule->id))
			continue;
		said.on = rule->stand == DEADLINE_ALWAYS || json_bool_at(e, "on", said.on);
		said.owner = json_str_at(e, "owner");
		said.escalate_to = json_str_at(e, "escalate_to");
	}
	return said;
}

bool site_says_deadlines(struct decide *d)
{
	const struct roster *r = decide_roster(d);

	return r && json_count(json_get(r->doc, "deadlines")) > 0;
}

struct str task_owner_known(struct decide *d, struct str login)
{
	struct user *u = arena_alloc(d->view.arena, sizeof *u);

	if (!u || !login.n || !user_find(d->view.people, login, u) || u->disabled ||
		!actor_has_site(&u->actor, d->command->journal))
		return STR_NULL;
	return str_from(u->actor.name);
}

/* ---- by rule ---- */

static bool due_of(struct decide *d, enum task_kind kind, struct instant event, struct instant *due)
{
	const struct roster *r = decide_roster(d);

	return r && deadline_said(r->doc, task_deadline(kind)).on &&
	       deadline_due(due, task_deadline(kind), &r->opening, r->zone, event) &&
	       due->s > d->now.s;
}

void draft_promise(struct decide *d, enum task_kind kind, const struct task_subject *subject,
	struct instant event)
{
	struct instant due;

	if (due_of(d, kind, event, &due))
		draft_task(d, kind, subject, due);
}

/* ---- about the time of a booking ---- */

static void draft_due(struct decide *d, enum task_kind kind, struct str id, struct instant due)
{
	struct json_writer w;
	struct row row;

	arena_writer(d->view.arena, &w, TASK_BYTES_MAX);
	json_object_begin(&w);
	json_kv_instant(&w, "due_at", due);
	write_escalates(&w, kind, due, 0);
	/* what was written of another time is not true any more */
	if (row_get(&d->view, ROW_TASK, id, &row) && json_present(json_get(row.doc, "message")))
		json_kv_null(&w, "message");
	json_object_end(&w);
	draft_set(d, ROW_TASK, id, arena_written(d->view.arena, &w));
}

void draft_task_at(struct decide *d, enum task_kind kind, const struct task_subject *subject,
	struct instant due)
{
	struct str whom = subject->booking.n ? subject->booking : subject->complaint, id;

	if (!task_open_find(d, kind, whom, &id))
		draft_task(d, kind, subject, due);
	else if (!task_is_drafted(d, kind, whom) && task_room(d, kind, whom))
		draft_due(d, kind, id, due);
}

/* What must be done before it begins follows it to its new time, or is over. */
static void follow_start(struct decide *d, enum task_kind kind, const struct task_subject *subject,
	bool promised, struct instant from)
{
	struct instant due;

	if (!promised || !due_of(d, kind, from, &due))
		draft_task_drop(d, kind, subject->booking);
	else
		draft_task_at(d, kind, subject, due);
}

/* A visit ends with its last loan. */
static bool visit_goes_on(struct decide *d, struct str visit, struct str except)
{
	struct str ids[VISIT_BOOKINGS_LOOKED_MAX];
	uint32_t n = ids_under(
		&d->view, key_visit_booking_prefix(visit), ids, VISIT_BOOKINGS_LOOKED_MAX);
	struct booking b;
	uint64_t rev;

	for (uint32_t i = 0; i < n; i++)
		if (!str_eq(ids[i], except) && booking_get(&d->view, ids[i], &b, &rev) &&
			booking_is_live(b.status))
			return true;
	return false;
}

void follow_deadlines(struct decide *d, struct str booking, struct json change, bool is_new)
{
	struct task_subject subject = {.booking = booking};
	struct json before = change;
	struct str word = json_str_at(change, "status");
	enum booking_status status;
	struct instant from;
	struct row row;

	if (!word.n && !json_present(json_get(change, "from")))
		return;
	/* turned off since: what is open still goes with its booking */
	if (!is_new && !site_says_deadlines(d) &&
		!task_open_find(d, TASK_CONFIRM, booking, &(struct str){NULL, 0}) &&
		!task_open_find(d, TASK_LOOK_AHEAD, booking, &(struct str){NULL, 0}))
		return;
	if (!is_new && !row_get(&d->view, ROW_BOOKING, booking, &row))
		return;
	if (!is_new)
		before = row.doc;
	if (!word.n)
		word = json_str_at(before, "status");
	if (!booking_status_from(&status, word) ||
		(!doc_instant(change, "from", &from) && !doc_instant(before, "from", &from)))
		return;
	subject.customer = json_str_at(change, "customer");
	if (!subject.customer.n)
		subject.customer = json_str_at(before, "customer");
	follow_start(d, TASK_CONFIRM, &subject, status == BOOKING_BOOKED, from);
	follow_start(d, TASK_LOOK_AHEAD, &subject, status == BOOKING_BOOKED, from);
	if (!is_new && status == BOOKING_RETURNED &&
		str_is(json_str_at(change, "status"), booking_status_name(status)) &&
		!visit_goes_on(d, json_str_at(before, "visit"), booking))
		draft_promise(d, TASK_AFTER_VISIT, &subject, d->now);
}

/* ---- nothing lapses silently ---- */

static uint32_t find_late(struct decide *d, struct str ids[ESCALATED_AT_ONCE_MAX])
{
	struct key prefix = key_site_escalation_prefix(d->command->journal);
	struct cursor c;
	uint32_t n = 0;

	cursor_open(&c, d->view.txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && n < ESCALATED_AT_ONCE_MAX && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c)) {
		uint32_t minute;
		size_t at = prefix.n;
		struct str id;
		if (!key_take_u32(c.key, &at, &minute) || minute_instant(minute).s > d->now.s ||
			!key_take_text(c.key, &at, &id))
			break;
		ids[n++] = arena_copy(d->view.arena, id);
	}
	cursor_close(&c);
	return n;
}

/* The index knows the minute. */
static bool is_late(struct decide *d, struct json task)
{
	struct instant escalates;

	return doc_instant(task, "escalates_at", &escalates) && escalates.s <= d->now.s;
}

static void draft_escalated(struct decide *d, struct str id, struct json task)
{
	const struct roster *r = decide_roster(d);
	int64_t told = json_int_at(task, "escalated", 0) + 1;
	enum task_kind kind;
	struct instant due;
	struct json_writer w;
	struct str to;

	ASSERT(task_kind_from(&kind, json_str_at(task, "kind")) &&
		doc_instant(task, "due_at", &due));
	to = r ? task_owner_known(d, deadline_said(r->doc, task_deadline(kind)).escalate_to)
	       : STR_NULL;
	arena_writer(d->view.arena, &w, TASK_BYTES_MAX);
	json_object_begin(&w);
	json_kv_int(&w, "escalated", told);
	json_kv_instant(&w, "escalated_at", d->now);
	if (to.n)
		json_kv_str(&w, "escalated_to", to);
	write_escalates(&w, kind, due, told);
	json_object_end(&w);
	draft_set(d, ROW_TASK, id, arena_written(d->view.arena, &w));
}

void draft_escalations(struct decide *d)
{
	struct str ids[ESCALATED_AT_ONCE_MAX];
	uint32_t n = find_late(d, ids);
	struct row row;

	for (uint32_t i = 0; i < n && d->effects_len < EFFECTS_MAX; i++) {
		/* what this very tick has dropped is not late any more */
		if (draft_place(d, ids[i]) < d->effects_len ||
			!row_get(&d->view, ROW_TASK, ids[i], &row) || !is_late(d, row.doc))
			continue;
		draft_escalated(d, ids[i], row.doc);
		d->command->unchanged = false;
	}
}
