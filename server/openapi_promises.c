/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What is owed to somebody, as answers show it: the deadline book. */

#include "server/openapi_parts.h"

#define TASK_KIND                                                                           \
	"at_risk|overdue|waiting|transfer|desk|callback|written_offer|follow_up|complaint|" \
	"after_delivery|prospect|prospect_month|confirm|look_ahead|after_visit"

MEMBERS(task) = {
	{"task", "!string", NULL},
	{"site", "!string", NULL},
	{"kind", "!" TASK_KIND, "what there is to do"},
	{"rule", "string", "the sentence of the trade that asks for it"},
	{"status", "!open|done|dropped", "dropped: the trouble ended by itself"},
	{"owner", "string", "whose it is; absent: anybody's"},
	{"booking", "string", "whom it is about"},
	{"number", "string", "of the booking"},
	{"resource", "string", "what it is about"},
	{"customer", "string", NULL},
	{"customer_name", "string", NULL},
	{"customer_phone", "string", NULL},
	{"due_at", "!instant", "until when"},
	{"made_at", "!instant", NULL},
	{"moved", "[]TaskMoved", NULL},
	{"handed", "[]TaskHanded", NULL},
	{"reasons", "[]string", "of each move and hand-over, in their order"},
	{"done", "TaskClosed", "when, and by whom"},
	{"note", "string", "what was said when it was done"},
};
MEMBERS(task_closed) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
};
MEMBERS(task_moved) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"from", "!instant", NULL},
	{"to", "!instant", NULL},
};
MEMBERS(task_handed) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"from", "string", "absent: it was anybody's"},
	{"to", "!string", NULL},
};
MEMBERS(day) = {
	{"at", "!instant", "when it was read"},
	{"owner", "!string", "whose day it is"},
	{"counts", "!DayCounts", NULL},
	{"items", "![]Task", "one's own, nobody's and what one is told of, by when it is due"},
	{"more", "!boolean", "there are more than are shown"},
};
MEMBERS(day_counts) = {
	{"all", "!integer", "open at the site"},
	{"overdue", "!integer", "of the items"},
	{"today", "!integer", "of the items: due before the site's midnight"},
	{"later", "!integer", "of the items"},
	{"nobody", "!integer", "without an owner"},
	{"escalated", "!integer", "that one is told of"},
};
MEMBERS(colleague) = {
	{"name", "!string", "the login"},
	{"role", "!" ROLE, NULL},
};
MEMBERS(colleagues) = {{"items", "![]Colleague", "by login"}};

const struct openapi_schema openapi_promises[] = {
	ANSWER(task, "Task", "what a person must do"),
	ANSWER(task_closed, "TaskClosed", NULL),
	ANSWER(task_moved, "TaskMoved", NULL),
	ANSWER(task_handed, "TaskHanded", NULL),
	ANSWER(day, "Day", "what one owes at a site"),
	ANSWER(day_counts, "DayCounts", NULL),
	ANSWER(colleagues, "ColleagueList", NULL),
	ANSWER(colleague, "Colleague", "somebody who may work at a site"),
};
const size_t openapi_promises_len = ARRAY_LEN(openapi_promises);
