/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Chance waits for what is not free, and leaves the line again. */

#include "fleet/render.h"
#include "tests/unit/fleet_steps.h"

static const struct oracle_row *row_of(struct str booking)
{
	for (uint32_t i = 0; i < oracle.len; i++)
		if (str_is(booking, oracle.rows[i].id))
			return &oracle.rows[i];
	fail_msg("there is no booking %.*s", STR_FMT(booking));
	return NULL;
}

static uint32_t offered; /* steps at which a place was held for somebody who waited */

/* Mostly there is something free, and nobody has to wait. */
static void step_wait(void)
{
	static const char *const wishes[] = {"\"class\":\"levante\",\"solution\":\"loaner_brand\"",
		"\"class\":\"grecale\",\"solution\":\"loaner_brand\"",
		"\"solution\":\"loaner_other\"", "\"solution\":\"pickup\"",
		"\"solution\":\"accompanied_drive\""};
	int64_t from_s, until_s;
	struct str body;

	some_window(&from_s, &until_s);
	body = arena_printf(&w.arena, "{%s\"from\":\"%s\",%s\"offer\":\"%.*s\",\"until\":\"%s\"}",
		"", text_of(from_s), draw(2) ? "" : "\"hold_minutes\":45,", STR_FMT(offer),
		text_of(until_s));
	body = doc_merge(&w.arena, arena_json(&w.arena, body, NULL),
		arena_json(&w.arena,
			arena_printf(&w.arena, "{%s}", wishes[draw(ARRAY_LEN(wishes))]), NULL));
	(void)play(VERB_WAITING_ADD, NULL, arena_copy(&w.arena, body).p);
}

static struct json waiting_now(struct view *v, const char *status)
{
	struct list_page page = {500, STR_NULL};

	return json_get(
		arena_json(&w.arena, render_waiting(v, STR("LYO"), str_from(status), &page), NULL),
		"items");
}

static void step_leave(void)
{
	struct json line;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	line = waiting_now(&v, "waiting");
	fleet_look_end(&v);
	if (json_count(line) == 0)
		return;
	line = json_item(line, draw(json_count(line)));
	(void)play(VERB_WAITING_DROP, arena_copy(&w.arena, json_str_at(line, "waiting")).p, "{}");
}

/* A place that was offered is held; whoever's is not held any more has it, or has not. */
static void judge_waiting(struct view *v)
{
	struct json all = waiting_now(v, "offered");

	offered += json_count(all) > 0;
	for (struct json one = json_first(all); json_present(one); one = json_next(all, one))
		assert_string_equal(row_of(json_str_at(one, "booking"))->status, "held");
	all = waiting_now(v, "over");
	for (struct json one = json_first(all); json_present(one); one = json_next(all, one))
		if (json_str_at(one, "booking").n)
			assert_string_not_equal(
				row_of(json_str_at(one, "booking"))->status, "held");
}
