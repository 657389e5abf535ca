/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the stories of slips share: a small dealership with desks enough, previews that must leave
 * nothing behind, and questions about who is touched. */

#include "tests/lib/story.h"

#include "fleet/render.h"

#define TUESDAY_17 "2026-03-17T17:00:00+01:00"
#define WEDNESDAY_8_30 "2026-03-18T08:30:00+01:00"
#define WEDNESDAY_9 "2026-03-18T09:00:00+01:00"
#define WEDNESDAY_10 "2026-03-18T10:00:00+01:00"
#define WEDNESDAY_16 "2026-03-18T16:00:00+01:00"
#define THURSDAY_17 "2026-03-19T17:00:00+01:00"
#define UNTIL(when) "{\"reason\":\"parts\",\"until\":\"" when "\"}"
#define LATE(when) "{\"expected_at\":\"" when "\",\"heard\":\"by phone\"}"
#define BLOCK_OF(from, until) \
	"{\"from\":\"" from "\",\"reason\":\"recall\",\"until\":\"" until "\"}"

static inline struct str grecale(const char *from, const char *until)
{
	return book("loaner_brand", "grecale", from, until, OK);
}

/* The dealership with desks enough: these stories are about cars. */
static inline int open_desks(void **state)
{
	int failed = open_dealer(state);

	for (int i = 2; i < 6; i++)
		resource(arena_printf(&w.arena, "D%d", i).p, "desk", "desk", "\"loaner_brand\"",
			"1", 0);
	return failed;
}

static inline void move(struct str id, const char *to)
{
	dealer_must(&w, VERB_BOOKING_MOVE, "LYO", id.p,
		arena_printf(&w.arena, "{\"resource\":\"%s\"}", to).p, OK);
}

/* Handed over on Monday, promised until Tuesday evening. */
static inline struct str gone(void)
{
	struct str id = grecale(MONDAY_8_30, TUESDAY_17);

	move(id, "G1");
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	return id;
}

/* ---- what is asked ---- */

static inline struct journal_head head_now(void)
{
	struct journal_head head;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(journal_head(&t, STR("LYO"), &head));
	fleet_look_end(&v);
	return head;
}

static inline struct json looked(struct str text)
{
	struct json doc = text.n ? arena_json(&w.arena, text, NULL) : JSON_ABSENT;

	if (!json_present(doc))
		fail_msg("no answer: %.*s", STR_FMT(text));
	return doc;
}

static inline enum outcome preview_outcome(
	enum verb verb, struct str target, const char *body, struct str *out)
{
	struct command c = {.verb = verb,
		.journal = STR("LYO"),
		.target = target,
		.body = str_from(body),
		.by = w.by};
	struct journal_head before = head_now(), after;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	*out = render_preview(&v, &c);
	fleet_look_end(&v);
	after = head_now();
	assert_int_equal(before.seq, after.seq);
	assert_memory_equal(&before.hash, &after.hash, sizeof before.hash);
	return c.outcome;
}

/* Asked twice it says the same: it left nothing behind. */
static inline struct json preview(enum verb verb, struct str target, const char *body)
{
	struct str first, second;

	(void)preview_outcome(verb, target, body, &first);
	(void)preview_outcome(verb, target, body, &second);
	assert_true(first.n > 0 && str_eq(first, second));
	assert_true(json_bool_at(looked(first), "preview", false));
	return looked(first);
}

static inline struct json ripple_now(struct str id)
{
	struct row row;
	struct view v;
	struct txn t;
	struct str text;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(row_get(&v, ROW_BOOKING, id, &row));
	text = render_ripple(&v, &row);
	fleet_look_end(&v);
	return looked(text);
}

/* The answer to a command: the problem's members, or the object. */
static inline struct json answer_of(const struct command *c)
{
	struct answer answer;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(render_answer(&v, c, &answer));
	fleet_look_end(&v);
	return looked(answer.outcome == OK ? answer.body : answer.detail);
}

static inline bool is_possible(struct json preview)
{
	return json_bool_at(preview, "possible", false);
}

/* The only element of a list, which is about that booking. */
static inline struct json only(struct json list, struct str booking)
{
	struct json one = json_first(list);

	assert_int_equal(json_count(list), 1);
	assert_true(str_eq(json_str_at(one, "booking"), booking));
	return one;
}

static inline struct json way_of(struct json hurt, const char *kind)
{
	struct json ways = json_get(hurt, "ways");

	for (struct json e = json_first(ways); json_present(e); e = json_next(ways, e))
		if (str_is(json_str_at(e, "kind"), kind))
			return e;
	return JSON_ABSENT;
}

/* Takes a way out that keeps the solution. */
static inline void take_way(struct str id, struct json way)
{
	struct str body =
		arena_printf(&w.arena, "{\"class\":\"%.*s\",\"from\":\"%.*s\",\"until\":\"%.*s\"}",
			STR_FMT(json_str_at(way, "class")), STR_FMT(json_str_at(way, "from")),
			STR_FMT(json_str_at(way, "until")));

	assert_true(json_present(way));
	dealer_must(&w, VERB_BOOKING_RESCHEDULE, "LYO", arena_copy(&w.arena, id).p, body.p, OK);
}

#define WITH_DESKS(f) cmocka_unit_test_setup_teardown(f, open_desks, close_dealer)
