/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/person.h"

int person_add(struct relais *r, const char *login, const char *password, const char *role,
	const char *site)
{
	const char *args[] = {"user", "add", "--data", r->scratch.dir, "--name", login, "--role",
		role, site ? "--site" : NULL, site, NULL};
	char out[200];
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], password, strlen(password)), strlen(password));
	close(fd[1]);
	int own = dup(STDIN_FILENO);
	assert_true(dup2(fd[0], STDIN_FILENO) >= 0);
	int code = relais_run(r, args, out, sizeof out);
	dup2(own, STDIN_FILENO);
	close(own);
	close(fd[0]);
	assert_string_equal(out, ""); /* nothing to tell, and no secret */
	return code;
}

static void header_take(char *out, size_t size, const struct response *got, const char *name)
{
	struct str v = response_header(got, name);
	if (out)
		snprintf(out, size, "%.*s", STR_FMT(v));
}

struct told person_ask(struct relais *r, const struct browsing *b)
{
	struct client_header headers[10];
	size_t n = 0;
	const char *csrf = b->csrf ? b->csrf : b->person ? b->person->csrf : "";
	if (b->person)
		headers[n++] = (struct client_header){"Cookie", b->person->cookie};
	if (*csrf)
		headers[n++] = (struct client_header){"Relais-CSRF", csrf};
	if (b->site)
		headers[n++] = (struct client_header){"Sec-Fetch-Site", b->site};
	if (b->origin)
		headers[n++] =
			(struct client_header){"Origin", *b->origin ? b->origin : OWN_ORIGIN};
	if (b->key)
		headers[n++] = (struct client_header){"Idempotency-Key", b->key};
	if (b->if_match)
		headers[n++] = (struct client_header){"If-Match", b->if_match};
	if (b->body.n)
		headers[n++] = (struct client_header){"Content-Type", "application/json"};
	headers[n] = (struct client_header){NULL, NULL};
	struct response got = client_once(r->port, b->method, b->path, headers, b->body);
	struct told t = {.status = got.status, .body = arena_copy(&r->arena, got.body)};
	header_take(t.type, sizeof t.type, &got, "content-type");
	header_take(t.etag, sizeof t.etag, &got, "etag");
	header_take(t.location, sizeof t.location, &got, "location");
	header_take(b->set_cookie, COOKIE_TEXT * 2, &got, "set-cookie");
	header_take(b->retry, 16, &got, "retry-after");
	t.replayed = str_is(response_header(&got, "idempotency-replayed"), "true");
	response_free(&got);
	if (t.body.n && t.body.p[0] == '{')
		t.json = arena_json(&r->arena, t.body, NULL);
	return t;
}

struct told person_sign_in(
	struct relais *r, struct person *p, const char *login, const char *password)
{
	char cookie[COOKIE_TEXT * 2] = "";
	struct told t = ASK(r, .method = "POST", .path = "/v1/session", .site = "same-origin",
		.origin = "", .set_cookie = cookie,
		.body = arena_printf(
			&r->arena, "{\"name\":\"%s\",\"password\":\"%s\"}", login, password));
	if (t.status != 200)
		return t;
	snprintf(p->cookie, sizeof p->cookie, "%.*s", (int)strcspn(cookie, ";"), cookie);
	snprintf(p->csrf, sizeof p->csrf, "%.*s", STR_FMT(json_str_at(t.json, "csrf")));
	return t;
}
