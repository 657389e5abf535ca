/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/task.h"

static const char *const kind_names[] = {
	[TASK_AT_RISK] = "at_risk",
	[TASK_OVERDUE] = "overdue",
	[TASK_WAITING] = "waiting",
	[TASK_TRANSFER] = "transfer",
	[TASK_DESK] = "desk",
};
static const char *const status_names[] = {
	[TASK_OPEN] = "open",
	[TASK_DONE] = "done",
	[TASK_DROPPED] = "dropped",
};

const char *task_kind_name(enum task_kind kind)
{
	ASSERT(kind < ARRAY_LEN(kind_names));
	return kind_names[kind];
}

const char *task_status_name(enum task_status status)
{
	ASSERT(status < ARRAY_LEN(status_names));
	return status_names[status];
}

bool task_kind_from(enum task_kind *out, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(kind_names); i++)
		if (str_is(name, kind_names[i])) {
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
