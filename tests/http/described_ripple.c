/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/described_ripple.h"

void what_would_be(struct caller *c, const struct told *b)
{
	const char *car = member_of(c, b, "resource");
	struct told easy = desk_book(c, 201, "2031-02-26", "loaner_brand", ",'customer':'C8'");
	if (strcmp(member_of(c, &easy, "resource"), car) != 0)
		desk_verb(c, 200, &easy, "move", text_of(c, "{'resource':'%s'}", car));
	struct told t = desk_verb(c, 200, b, "extend",
		"{'until':'2031-02-26T12:00','reason':'the part is late','preview':true}");
	assert_int_equal(json_count(json_get(t.json, "moves")), 1);
	t = desk_verb(c, 200, &easy, "move", text_of(c, "{'resource':'%s','preview':true}", car));
	assert_true(json_bool_at(t.json, "possible", false));
	t = desk_verb(c, 200, &easy, "reschedule",
		"{'from':'2031-03-02T09:00','until':'2031-03-03T09:00','preview':true}");
	assert_str(json_str_at(t.json, "reason"), "no-seat"); /* a Sunday */
	desk_verb(c, 422, b, "extend",
		"{'until':'2031-02-20T12:00','reason':'the past','preview':true}");
	desk_verb(c, 200, &easy, "cancel", "{'reason':'nothing was moved'}");
	const char *blocks = text_of(c, "/v1/resources/%s/blocks", car);
	const char *span = "'from':'2031-02-26T09:00','until':'2031-02-26T12:00','reason':'x'";
	CALL(c, 200, "POST", blocks, text_of(c, "{%s,'preview':true}", span));
	struct told block = CALL(c, 201, "POST", blocks, text_of(c, "{%s}", span));
	t = desk_verb(c, 200, b, "extend",
		"{'until':'2031-02-26T12:00','reason':'the part is late','preview':true}");
	assert_true(json_present(json_get(json_first(json_get(t.json, "hurt")), "block")));
	CALL_WITH(c, 204, "DELETE", block.location, NULL, .if_match = block.etag);
}

void ready_later(struct caller *c, const struct told *b, const char *ready, bool possible)
{
	const char *visit = text_of(c, "/v1/visits/%s", member_of(c, b, "visit"));
	struct told t = CALL(c, 200, "GET", visit, NULL);
	t = CALL_WITH(
		c, 200, "PATCH", visit, text_of(c, "{'ready_at':'%s'}", ready), .if_match = t.etag);
	struct json ripple = json_first(json_get(t.json, "ripple"));
	assert_int_equal(json_bool_at(ripple, "possible", !possible), possible);
	t = CALL_WITH(
		c, 200, "PATCH", visit, "{'ready_at':'2031-02-24T17:00'}", .if_match = t.etag);
	assert_false(json_present(json_get(t.json, "ripple")));
}

void what_must_be_done(struct caller *c, const struct told *hurt)
{
	struct told t = CALL(c, 200, "GET", "/v1/tasks?site=T1&status=open&limit=1", NULL);
	struct json task = json_first(json_get(t.json, "items"));
	assert_str(json_str_at(task, "kind"), "at_risk");
	assert_string_equal(member_of(c, hurt, "booking"),
		text_of(c, "%.*s", STR_FMT(json_str_at(task, "booking"))));
	const char *path = text_of(c, "/v1/tasks/%.*s", STR_FMT(json_str_at(task, "task")));
	CALL(c, 200, "GET", path, NULL);
	t = desk_offer_now(c, "2031-03-03T09:00", "2031-03-03T17:00");
	CALL(c, 200, "POST", text_of(c, "%s/move", path),
		text_of(c, "{'due_at':'%s','reason':'reached in the afternoon'}",
			desk_from_now(c, &t, 120)));
	CALL(c, 422, "POST", text_of(c, "%s/move", path),
		"{'due_at':'2025-02-26T12:00','reason':'this is past'}");
	CALL(c, 200, "POST", text_of(c, "%s/hand-over", path), "{'to':'first'}");
	CALL(c, 422, "POST", text_of(c, "%s/hand-over", path), "{'to':'nobody'}");
	t = CALL(c, 200, "GET", "/v1/my-day?site=T1&whose=all&most=1", NULL);
	assert_int_equal(json_int_at(json_get(t.json, "counts"), "all", 0), 1);
	assert_int_equal(json_count(json_get(t.json, "items")), 1);
	CALL(c, 404, "GET", "/v1/my-day?site=T9", NULL);
	t = CALL(c, 200, "GET", "/v1/colleagues?site=T1", NULL);
	assert_non_null(strstr(t.body.p, "\"first\""));
	const char *done = text_of(c, "%s/done", path);
	CALL(c, 200, "POST", done, "{'note':'takes a taxi'}");
	t = CALL(c, 409, "POST", done, "{}");
	assert_str(json_str_at(t.json, "task_status"), "done");
	t = CALL(c, 200, "GET", "/v1/tasks?site=T1", NULL);
	assert_int_equal(json_count(json_get(t.json, "items")), 1);
	desk_verb(c, 200, hurt, "cancel", "{'reason':'takes a taxi'}");
}

/* At the very second it went out, and long before. */
void who_had_it(struct caller *c, const struct told *b)
{
	struct told t = CALL(c, 200, "GET", b->location, NULL);
	struct str out = json_str_at(json_get(t.json, "out"), "at");
	const char *path = text_of(c, "/v1/who-had?plate=io100ui&at=%.*s", STR_FMT(out));
	t = CALL(c, 200, "GET", path, NULL);
	assert_str(json_str_at(t.json, "hands"), "customer");
	t = CALL(c, 200, "GET",
		"/v1/who-had?plate=IO-100-UI&at=2025-01-06T09:00&noticed_on=2025-01-09", NULL);
	assert_str(json_str_at(t.json, "hands"), "house");
	CALL(c, 404, "GET", "/v1/who-had?plate=nobodys&at=2025-01-06T09:00", NULL);
	CALL(c, 422, "GET", "/v1/who-had?plate=IO-100-UI&at=2099-01-06T09:00", NULL);
}
