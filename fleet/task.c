/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/task.h"

static const struct {
	const char *name;
	enum deadline deadline;
} kinds[TASK_KINDS_LEN] = {
	[TASK_AT_RISK] = {"at_risk", DEADLINE_AT_RISK},
	[TASK_OVERDUE] = {"overdue", DEADLINE_OVERDUE},
	[TASK_WAITING] = {"waiting", DEADLINE_WAITING},
	[TASK_TRANSFER] = {"transfer", DEADLINE_TRANSFER},
	[TASK_DESK] = {"desk", DEADLINE_DESK},
	[TASK_CALLBACK] = {"callback", DEADLINE_CALLBACK},
	[TASK_WRITTEN_OFFER] = {"written_offer", DEADLINE_WRITTEN_OFFER},
	[TASK_FOLLOW_UP] = {"follow_up", DEADLINE_FOLLOW_UP},
	[TASK_COMPLAINT] = {"complaint", DEADLINE_COMPLAINT},
	[TASK_AFTER_DELIVERY] = {"after_delivery", DEADLINE_AFTER_DELIVERY},
	[TASK_PROSPECT] = {"prospect", DEADLINE_PROSPECT},
	[TASK_PROSPECT_MONTH] = {"prospect_month", DEADLINE_PROSPECT_MONTH},
	[TASK_CONFIRM] = {"confirm", DEADLINE_CONFIRM},
	[TASK_LOOK_AHEAD] = {"look_ahead", DEADLINE_LOOK_AHEAD},
	[TASK_AFTER_VISIT] = {"after_visit", DEADLINE_AFTER_VISIT},
};
static const char *const status_names[] = {
	[TASK_OPEN] = "open",
	[TASK_DONE] = "done",
	[TASK_DROPPED] = "dropped",
};

const char *task_kind_name(enum task_kind kind)
{
	ASSERT(kind < TASK_KINDS_LEN);
	return kinds[kind].name;
}

enum deadline task_deadline(enum task_kind kind)
{
	ASSERT(kind < TASK_KINDS_LEN);
	return kinds[kind].deadline;
}

const char *task_status_name(enum task_status status)
{
	ASSERT(status < ARRAY_LEN(status_names));
	return status_names[status];
}

bool task_kind_from(enum task_kind *out, struct str name)
{
	for (size_t i = 0; i < TASK_KINDS_LEN; i++)
		if (str_is(name, kinds[i].name)) {
			*out = (enum task_kind)i;
			return true;
		}
	return false;
}

bool task_status_from(enum task_status *out, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(status_names); i++)
		if (str_is(name, status_names[i])) {
			*out = (enum task_status)i;
			return true;
		}
	return false;
}

struct str task_about(struct json doc)
{
	static const char *const members[] = {"booking", "contact", "complaint", "resource"};
	struct str about = STR_NULL;

	for (size_t i = 0; i < ARRAY_LEN(members) && !about.n; i++)
		about = json_str_at(doc, members[i]);
	return about;
}
