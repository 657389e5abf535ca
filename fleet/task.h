/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The deadline book: every promise that has a due time is a task of somebody. A decision makes it
 * in the entry that makes the promise, or the trouble, and drops it in the entry that ends it; in
 * between a person does it, moves it with a reason or hands it over. What is overdue is told to
 * somebody else by the site's tick, in an entry: nothing lapses silently. The same promise about
 * the same subject has one open task. rules/deadline.h says when each kind is due and by which
 * sentence of the trade; a site turns it on or off, and says whose it is, in its "deadlines".
 *
 * task: { "booking"?, "complaint"?, "contact"?, "customer"?, "done":{"at","by"}?, "due_at",
 *   "escalated":N?, "escalated_at"?, "escalated_to"?, "escalates_at"?, "handed":[{"at","by",
 *   "from"?,"to"}]?, "kind", "made_at", "message"?, "moved":[{"at","by","from","to"}]?, "owner"?,
 *   "private":{"of","sealed"}? ({"note","reasons"}), "resource"?, "rule"?, "site", "status",
 *   "task" }
 */

#include "rules/deadline.h"
#include "rules/json.h"

struct decide; /* decide.h */

enum task_kind {
	TASK_AT_RISK,
	TASK_OVERDUE,
	TASK_WAITING,
	TASK_TRANSFER,
	TASK_DESK,
	TASK_CALLBACK,
	TASK_WRITTEN_OFFER,
	TASK_FOLLOW_UP,
	TASK_COMPLAINT,
	TASK_AFTER_DELIVERY,
	TASK_PROSPECT,
	TASK_PROSPECT_MONTH,
	TASK_CONFIRM,
	TASK_LOOK_AHEAD,
	TASK_AFTER_VISIT,
	TASK_KINDS_LEN
};
enum task_status { TASK_OPEN, TASK_DONE, TASK_DROPPED };
const char *task_kind_name(enum task_kind kind);
const char *task_status_name(enum task_status status);
enum deadline task_deadline(enum task_kind kind);
bool task_kind_from(enum task_kind *out, struct str name);
bool task_status_from(enum task_status *out, struct str name);
/* Whom a task is about, as the index has it: the booking, else the contact, the complaint, the
 * resource. */
struct str task_about(struct json doc);

/* Whom it is about: a booking, a resource, or that resource because of that booking; a contact, a
 * complaint. And whose it is, where the one who promises says so. */
struct task_subject {
	struct str booking, resource, contact, complaint; /* one at least; STR_NULL = none */
	struct str customer, owner;			  /* STR_NULL = none */
	bool urgent; /* somebody else is told at once, not only when it is overdue */
};
/* Nothing where such a task is open already, or was drafted by this decision. */
void draft_task(struct decide *d, enum task_kind kind, const struct task_subject *subject,
	struct instant due);
/* The same, due by its rule of what happens at `event`. Nothing where the site has turned the rule
 * off, or where the time is past before anything is promised. */
void draft_promise(struct decide *d, enum task_kind kind, const struct task_subject *subject,
	struct instant event);
/* Due then, whether it is open already or not yet. */
void draft_task_at(struct decide *d, enum task_kind kind, const struct task_subject *subject,
	struct instant due);
/* The trouble is over: its task is dropped, if one was open before this decision. `subject`: the
 * booking, or what the task of none is about. */
void draft_task_drop(struct decide *d, enum task_kind kind, struct str subject);
/* A person kept the promise by another verb: the task is done. */
void draft_task_done(struct decide *d, enum task_kind kind, struct str subject);

/* What the drafted changes of bookings mean for tasks: at the end of every decision, so that no
 * verb has to think of it. And at the end of a tick, what is overdue is told. */
void draft_tasks(struct decide *d);

/* ---- what a site says of a rule ---- */

struct deadline_said {
	bool on;
	struct str owner, escalate_to; /* STR_NULL = nobody in particular */
};
struct deadline_said deadline_said(struct json site, enum deadline d);
/* The login as it is kept, of somebody who may work at the decision's site; STR_NULL: there is
 * nobody of that name. */
struct str task_owner_known(struct decide *d, struct str login);

/* ---- inside ---- */

enum { TASK_BYTES_MAX = 1024, TASK_STEPS_MAX = 50 /* moves, and hand-overs, of one task */ };
/* Records that this decision drafts something about it; false: there is no room. */
bool task_room(struct decide *d, enum task_kind kind, struct str subject);
bool task_open_find(struct decide *d, enum task_kind kind, struct str subject, struct str *id);
bool task_is_drafted(const struct decide *d, enum task_kind kind, struct str subject);
/* The next time that somebody else is told; "escalates_at":null when everybody was. */
void write_escalates(struct json_writer *w, enum task_kind kind, struct instant due, int64_t told);
/* Whether the site says anything: else nothing is made by itself, and no booking is looked at. */
bool site_says_deadlines(struct decide *d);
/* A booking that was made or changed: what is promised about its time. */
void follow_deadlines(struct decide *d, struct str booking, struct json change, bool is_new);
void draft_escalations(struct decide *d);
