/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The tasks of the dealership, as they are listed. */

#include "tests/lib/story.h"

#include "fleet/render.h"

static inline struct json tasks_page(const char *status, uint32_t limit, struct str cursor)
{
	struct list_page page = {.limit = limit, .cursor = cursor};
	struct json list;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	list = arena_json(&w.arena,
		render_tasks(&v, STR("LYO"), status ? str_from(status) : STR_NULL, &page), NULL);
	fleet_look_end(&v);
	assert_true(json_present(list));
	return list;
}

static inline struct json tasks(const char *status)
{
	return json_get(tasks_page(status, 500, STR_NULL), "items");
}
