/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/described_people.h"

#include "fleet/user.h"
#include "server/env_uv.h"
#include "tests/http/person.h"

/* The end of a link as a first start prints it. */
static const char *first_link(struct caller *c)
{
	struct people *people = NULL;
	struct str text;
	char why[200];
	assert_int_equal(
		people_open(&people, c->r.scratch.dir, env_uv(), false, why, sizeof why), OK);
	assert_int_equal(user_first_link(people, &c->r.arena, &text), OK);
	people_close(people);
	return text_of(c, "%.*s", STR_FMT(text));
}

static struct told sign_in(struct caller *c, const char *password)
{
	return CALL_WITH(c, 200, "POST", "/v1/session",
		text_of(c, "{'name':'first','password':'%s'}", password), .token = "");
}

static void sessions(struct caller *c)
{
	struct told t = sign_in(c, PASSWORD);
	const char *cookie = text_of(c, "%s", t.cookie), *csrf = member_of(c, &t, "csrf");
	CALL_WITH(c, 200, "GET", "/v1/session", NULL, .token = "", .cookie = cookie);
	CALL_WITH(c, 401, "GET", "/v1/session", NULL, .token = "");
	CALL_WITH(c, 403, "DELETE", "/v1/session", NULL, .token = "", .cookie = cookie);
	CALL_WITH(c, 422, "POST", "/v1/session/password", "{'old':'wrong','new':'battery staple'}",
		.token = "", .cookie = cookie, .csrf = csrf);
	CALL_WITH(c, 204, "POST", "/v1/session/password",
		"{'old':'" PASSWORD "','new':'battery staple'}", .token = "", .cookie = cookie,
		.csrf = csrf);
	CALL_WITH(
		c, 204, "DELETE", "/v1/session", NULL, .token = "", .cookie = cookie, .csrf = csrf);
	t = sign_in(c, "battery staple");
	CALL_WITH(c, 204, "DELETE", "/v1/sessions", NULL, .token = "",
		.cookie = text_of(c, "%s", t.cookie), .csrf = member_of(c, &t, "csrf"));
	CALL_WITH(
		c, 401, "POST", "/v1/session", "{'name':'first','password':'wrong'}", .token = "");
	CALL_WITH(c, 422, "POST", "/v1/session", "{'name':'first'}", .token = "");
}

static void users(struct caller *c)
{
	CALL(c, 422, "PUT", "/v1/users/carla", "{'role':'advisor'}");
	CALL(c, 422, "PUT", "/v1/users/carla",
		"{'role':'advisor','sites':['T9'],'password':'" PASSWORD "'}");
	struct told t = CALL(c, 201, "PUT", "/v1/users/carla",
		"{'role':'advisor','sites':['T1'],'password':'" PASSWORD "'}");
	CALL(c, 200, "GET", t.location, NULL);
	CALL_WITH(c, 304, "GET", t.location, NULL, .if_none_match = t.etag);
	CALL(c, 200, "PUT", t.location,
		"{'role':'advisor','sites':['T1'],'password':'" PASSWORD "'}"); /* as it is */
	CALL(c, 428, "PUT", t.location, "{'role':'auditor'}");
	CALL_WITH(c, 412, "PUT", t.location, "{'role':'auditor'}", .if_match = "\"9\"");
	t = CALL_WITH(c, 200, "PUT", t.location, "{'role':'auditor','disabled':true}",
		.if_match = t.etag);
	CALL(c, 200, "GET", "/v1/users", NULL);
	CALL(c, 428, "DELETE", "/v1/users/carla", NULL);
	CALL_WITH(c, 204, "DELETE", "/v1/users/carla", NULL, .if_match = t.etag);
	CALL(c, 204, "DELETE", "/v1/users/carla", NULL);
	CALL(c, 404, "GET", "/v1/users/carla", NULL);
	CALL_WITH(c, 409, "DELETE", "/v1/users/first", NULL, .if_match = "*");
}

static void tokens(struct caller *c)
{
	struct told t = CALL(
		c, 201, "POST", "/v1/tokens", "{'name':'the DMS','role':'auditor','sites':['T1']}");
	const char *location = text_of(c, "%s", t.location);
	CALL_WITH(c, 200, "GET", "/v1/sites/T1", NULL, .token = member_of(c, &t, "token"));
	t = CALL(c, 200, "GET", location, NULL);
	CALL(c, 200, "GET", "/v1/tokens", NULL);
	CALL(c, 428, "DELETE", location, NULL);
	CALL_WITH(c, 204, "DELETE", location, NULL, .if_match = t.etag);
	CALL(c, 204, "DELETE", location, NULL);
	CALL(c, 404, "GET", location, NULL);
}

/* What it is told: tests/webhook.sh. */
static void webhooks(struct caller *c)
{
	struct told t = CALL(c, 201, "POST", "/v1/webhooks", "{'url':'https://dms.invalid/hook'}");
	const char *location = text_of(c, "%s", t.location);
	CALL(c, 422, "POST", "/v1/webhooks", "{'url':'http://dms.example/hook'}");
	CALL(c, 422, "POST", "/v1/webhooks", "{'url':'https://127.0.0.1/hook'}");
	CALL(c, 422, "POST", "/v1/webhooks", "{'url':'https://[fd00::1]/hook'}");
	CALL(c, 422, "POST", "/v1/webhooks", "{'url':'https://localhost/hook'}");
	t = CALL(c, 200, "GET", location, NULL);
	CALL(c, 200, "GET", "/v1/webhooks", NULL);
	t = CALL(c, 200, "POST", text_of(c, "%s/test", location), "{}");
	assert_false(json_bool_at(t.json, "sent", true)); /* nobody is there (RFC 6761) */
	t = CALL(c, 200, "GET", location, NULL);
	CALL(c, 204, "POST", text_of(c, "%s/replay", location), "{'site':'T1','entry':1}");
	CALL(c, 422, "POST", text_of(c, "%s/replay", location), "{'site':'NOWHERE','entry':1}");
	CALL(c, 428, "DELETE", location, NULL);
	CALL_WITH(c, 204, "DELETE", location, NULL, .if_match = t.etag);
	CALL(c, 204, "DELETE", location, NULL);
	CALL(c, 404, "GET", location, NULL);
	CALL(c, 404, "POST", text_of(c, "%s/replay", location), "{'site':'T1','entry':1}");
	CALL(c, 404, "POST", text_of(c, "%s/test", location), "{}");
}

void describe_people(struct caller *c)
{
	const char *link = first_link(c);
	CALL_WITH(c, 401, "POST", "/v1/session/first",
		"{'token':'none','name':'first','password':'" PASSWORD "'}", .token = "");
	CALL_WITH(c, 200, "POST", "/v1/session/first",
		text_of(c, "{'token':'%s','name':'first','password':'" PASSWORD "'}", link),
		.token = "");
	CALL_WITH(c, 401, "POST", "/v1/session/first",
		text_of(c, "{'token':'%s','name':'second','password':'" PASSWORD "'}", link),
		.token = "");
	sessions(c);
	users(c);
	tokens(c);
	webhooks(c);
}
