/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A task is what a person must do: somebody is at risk, a car is overdue, somebody waits, a car
 * stands at another site, a desk is missing for one that comes from there. A decision makes it in
 * the entry that makes the trouble, and drops it in the entry that ends the trouble; in between a
 * person may have done it. The same trouble of the same booking has one open task.
 *
 * task: { "booking"?, "done":{"at","by"}?, "due_at", "kind", "made_at", "private":{"of","sealed"}?
 *   ({"note"}), "resource"?, "site", "status", "task" }
 */

#include "rules/instant.h"

struct decide; /* decide.h */

enum task_kind { TASK_AT_RISK, TASK_OVERDUE, TASK_WAITING, TASK_TRANSFER, TASK_DESK };
enum task_status { TASK_OPEN, TASK_DONE, TASK_DROPPED };
const char *task_kind_name(enum task_kind kind);
const char *task_status_name(enum task_status status);
bool task_kind_from(enum task_kind *out, struct str name);
bool task_status_from(enum task_status *out, struct str name);

/* Whom it is about: a booking, a resource, or that resource because of that booking. */
struct task_subject {
	struct str booking, resource; /* one at least; STR_NULL = none */
};
/* Nothing where such a task is open already, or was drafted by this decision. */
void draft_task(struct decide *d, enum task_kind kind, const struct task_subject *subject,
	struct instant due);
/* The trouble is over: its task is dropped, if one was open before this decision. `subject`: the
 * booking, or the resource of a task that has none. */
void draft_task_drop(struct decide *d, enum task_kind kind, struct str subject);

/* What the drafted changes of bookings mean for tasks: at the end of every decision, so that no
 * verb has to think of it. */
void draft_tasks(struct decide *d);
