/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Chance waits for what is not free, and leaves the line again; and one step of all there are. */

#include "fleet/render.h"
#include "tests/lib/dealer_steps.h"

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
	struct list_page page = {.limit = 500};

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

static void dealer_step(void)
{
	uint32_t n = draw(100);

	if (n < 25)
		step_make();
	else if (n < 30)
		(draw(8) ? step_wait : step_leave)();
	else if (n < 40)
		step_out();
	else if (n < 44)
		step_in();
	else if (n < 49)
		step_exchange();
	else if (n < 52)
		step_late();
	else if (n < 57)
		step_extend();
	else if (n < 61)
		step_reschedule();
	else if (n < 64)
		step_change();
	else if (n < 68)
		step_move();
	else if (n < 71)
		step_verb(draw(2) ? VERB_BOOKING_PIN : VERB_BOOKING_UNPIN, "booked", "{}");
	else if (n < 74)
		step_verb(VERB_BOOKING_BOOK, "held", "{}");
	else if (n < 76)
		step_verb(VERB_BOOKING_CANCEL, "booked", "{\"reason\":\"plans\"}");
	else if (n < 78)
		step_verb(VERB_BOOKING_NO_SHOW, "booked", "{}");
	else if (n < 80)
		step_reinstate();
	else if (n < 82)
		step_correct();
	else if (n < 84)
		step_block();
	else if (n < 85)
		(draw(2) ? step_unblock : step_ready)();
	else if (n < 86)
		step_resource();
	else if (n < 88)
		step_done();
	else if (n < 94)
		(void)play(VERB_TICK, NULL, NULL);
	else
		step_clock();
}
