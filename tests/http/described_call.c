/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* vasprintf */
#include "tests/http/described_call.h"

#include "tests/http/described_reads.h"

#include <poll.h>
#include <sys/socket.h>

enum { HEAR_MS = 10000, HEARD_MAX = 256 << 10 };

void caller_start(struct caller *c, bool demo)
{
	char why[SCHEMA_WHY];

	relais_start(&c->r, demo);
	struct told t = relais_get(&c->r, "/openapi.json");
	assert_status(&t, 200);
	c->described = described_open(t.body, why);
	if (!c->described)
		fail_msg("/openapi.json: %s", why);
}

void caller_stop(struct caller *c)
{
	described_close(c->described);
	c->described = NULL;
	relais_stop(&c->r);
	relais_remove(&c->r);
}

const char *text_of(struct caller *c, const char *format, ...)
{
	va_list args;
	char *text = NULL;
	va_start(args, format);
	int n = vasprintf(&text, format, args);
	va_end(args);
	assert_true(n >= 0);
	struct str kept = arena_copy(&c->r.arena, (struct str){text, (size_t)n + 1});
	free(text);
	assert_non_null(kept.p);
	return kept.p;
}

const char *member_of(struct caller *c, const struct told *t, const char *name)
{
	struct str text = json_str_at(t->json, name);
	if (!text.n)
		fail_msg("no %s in %.*s", name, STR_FMT(t->body));
	return text_of(c, "%.*s", STR_FMT(text));
}

static bool told_has_header(const void *context, const char *lower_case_name)
{
	const struct told *t = context;
	if (strcmp(lower_case_name, "etag") == 0)
		return t->etag[0];
	if (strcmp(lower_case_name, "location") == 0)
		return t->location[0];
	assert_string_equal(lower_case_name, "relais-seq");
	return t->seq[0];
}

static void fits(
	struct caller *c, const char *method, const char *path, const struct told *t, int line)
{
	char why[SCHEMA_WHY];
	const struct described_answer answer = {
		.method = method,
		.path = path,
		.status = t->status,
		.type = t->type,
		.body = t->body,
		.has_header = told_has_header,
		.context = t,
	};
	if (!described_fits(c->described, &answer, why))
		fail_msg("line %d: %s %s answers %d otherwise than described: %s\n%.*s", line,
			method, path, t->status, why, (int)(t->body.n < 4000 ? t->body.n : 4000),
			t->body.p ? t->body.p : "");
}

struct told call_described(struct caller *c, int status, const char *method, const char *path,
	const char *body, const struct manner *manner, int line)
{
	struct ask ask = {.method = method, .path = path};
	if (strcmp(method, "POST") == 0)
		ask.key = text_of(c, "call-%u", ++c->keys);
	if (body) {
		char *text = (char *)(uintptr_t)text_of(c, "%s", body);
		bool as_it_is = text[0] == '{' && text[1] == '"';
		for (char *p = text; !as_it_is && *p; p++)
			if (*p == '\'')
				*p = '"';
		ask.body = str_from(text);
	}
	if (manner) {
		ask.token = manner->token;
		ask.key = manner->key ? manner->key : ask.key;
		ask.if_match = manner->if_match;
		ask.if_none_match = manner->if_none_match;
		ask.type = manner->type;
		ask.cookie = manner->cookie;
		ask.csrf = manner->csrf;
	}
	struct told t = relais_ask(&c->r, &ask);
	check_status(&t, status, path, line);
	fits(c, method, path, &t, line);
	if (status == 200 && strcmp(method, "GET") == 0)
		reads_hold(c, &ask, &t, line);
	return t;
}

/* ---- streams ---- */

/* What a stream says until `text` is in it. */
static size_t hear(struct caller *c, struct client *stream, char *heard, const char *text)
{
	size_t n = 0;
	(void)c;
	heard[0] = '\0';
	while (!strstr(heard, text)) {
		struct pollfd fd = {.fd = client_fd(stream), .events = POLLIN};
		assert_int_equal(poll(&fd, 1, HEAR_MS), 1);
		ssize_t got = recv(fd.fd, heard + n, HEARD_MAX - 1 - n, 0);
		assert_true(got > 0);
		n += (size_t)got;
		heard[n] = '\0';
	}
	return n;
}

/* What is said behind entry `seq` until `text` is in it. */
static char *listen_to(struct caller *c, const char *path, unsigned seq, const char *text)
{
	struct client *stream = client_open(c->r.port);
	char *heard = malloc(HEARD_MAX);
	assert_non_null(stream);
	assert_non_null(heard);
	assert_true(client_send_text(
		stream, text_of(c,
				"GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
				"Last-Event-ID: %u\r\n\r\n",
				path, c->r.admin, seq)));
	hear(c, stream, heard, text);
	client_close(stream);
	return heard;
}

void call_hear(struct caller *c, const struct told *after, const char *site, const char *text)
{
	unsigned seq = 0;
	const char *own = strstr(after->seq, site);
	assert_non_null(own);
	assert_int_equal(sscanf(own + strlen(site), "=%u", &seq), 1);
	free(listen_to(c, text_of(c, "/v1/events?site=%s", site), seq, text));
}

void call_events(struct caller *c, const char *site, unsigned count)
{
	const char *path = text_of(c, "/v1/events?site=%s", site);
	char why[SCHEMA_WHY];
	char *heard = listen_to(c, path, 0, text_of(c, "id: %u\nevent: entry\n", count + 1));
	assert_int_equal(strncmp(heard, "HTTP/1.1 200 ", 13), 0);
	struct told t = {.status = 200, .type = "text/event-stream", .body = str_from(heard)};
	assert_non_null(strstr(heard, "text/event-stream"));
	fits(c, "GET", path, &t, __LINE__);
	const char *at = heard;
	for (unsigned i = 0; i < count; i++) {
		at = strstr(at, "\ndata: ");
		assert_non_null(at);
		at += strlen("\ndata: ");
		struct str data = {at, strcspn(at, "\n")};
		if (!described_check(c->described, "EventSign", data, why))
			fail_msg("event %u: %s: %.*s", i + 1, why, STR_FMT(data));
	}
	free(heard);
}

size_t call_export(struct caller *c, const char *journal)
{
	char why[SCHEMA_WHY];
	size_t lines = 0;
	(void)CALL(c, 200, "GET", "/v1/audit/key", NULL);
	(void)CALL(c, 200, "GET", text_of(c, "/v1/audit/checkpoint?journal=%s", journal), NULL);
	struct told t = CALL(c, 200, "GET", text_of(c, "/v1/audit/journal?site=%s", journal), NULL);
	for (size_t at = 0; at < t.body.n; lines++) {
		struct str line = {t.body.p + at, 0};
		while (at + line.n < t.body.n && line.p[line.n] != '\n')
			line.n++;
		at += line.n + 1;
		if (!described_check(c->described, "JournalLine", line, why))
			fail_msg("%s: line %zu: %s", journal, lines + 1, why);
	}
	return lines;
}
