/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What is done with what is owed to somebody: the tasks of the deadline book. */

#include "server/shapes_parts.h"

/* ---- tasks ---- */

static const struct field task_done_fields[] = {
	MAY("note", text, "sealed like personal data"),
};
const struct shape shape_task_done = {.name = "TaskDone", OBJECT(task_done_fields)};

static const struct field task_move_fields[] = {
	NEEDS("due_at", instant, "later than now"),
	NEEDS("reason", text, "sealed like personal data"),
};
const struct shape shape_task_move = {.name = "TaskMove", OBJECT(task_move_fields)};

static const struct field task_hand_over_fields[] = {
	NEEDS("to", id, "the login of somebody who may work at this site"),
	MAY("reason", text, "sealed like personal data"),
};
const struct shape shape_task_hand_over = {.name = "TaskHandOver", OBJECT(task_hand_over_fields)};
