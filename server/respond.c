/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/respond.h"

#include <inttypes.h>
#include <stdio.h>

enum { ETAG_TEXT = 24, WEAK_DIGITS = 32 };

void respond_header(struct call *call, const char *name, struct str value)
{
	if (value.p)
		reply_header(&call->reply, name, value);
}

void respond_seq(struct call *call, struct str site)
{
	struct view *v = call_look(call);
	struct journal_head directory = {0};
	struct journal_head own = {0};
	/* An empty journal has seq 0: that is what its readers have seen of it. */
	bool some = journal_head(v->txn, JOURNAL_DIRECTORY, &directory);
	uint64_t directory_seq = some ? directory.seq : 0;
	some = site.p && journal_head(v->txn, site, &own);
	struct str text = site.p ? arena_printf(call->arena, "%.*s=%" PRIu64 ", directory=%" PRIu64,
					   STR_FMT(site), some ? own.seq : 0, directory_seq)
				 : arena_printf(call->arena, "directory=%" PRIu64, directory_seq);
	respond_header(call, "relais-seq", text);
}

static bool is_weak(const struct call *call)
{
	return call->route && call->route->tag == TAG_WEAK && call->reply.status == 200;
}

/* The weak tag of what is said; true: it is what the reader has. */
static bool reply_tag(struct call *call)
{
	struct hash hash;
	char hex[HASH_TEXT];

	if (!is_weak(call))
		return false;
	hash = hash_of(call->reply.body);
	struct str tag =
		arena_printf(call->arena, "W/\"%.*s\"", WEAK_DIGITS, hash_print(&hash, hex).p);
	respond_header(call, "etag", tag);
	/* both without the W/ that etag_names passes over */
	return tag.n && etag_names(exchange_header(call->x, "if-none-match"),
				(struct str){tag.p + 2, tag.n - 2});
}

/*
 * Packed for who takes it. What has a strong ETag goes as it is: the tag names those very bytes
 * (RFC 9110 8.8.3), and single objects are short. So does what tells of sign-ins: beside the secret
 * that proves a session's changes, no byte of a request may be packed (BREACH).
 */
static void reply_pack(struct call *call, bool same)
{
	struct reply *r = &call->reply;
	if (!call->route || call->route->people || r->body.n < GZIP_BYTES_MIN ||
		!gzip_suits(r->content_type))
		return;
	for (uint32_t i = 0; i < r->headers_len && !is_weak(call); i++)
		if (strcmp(r->headers[i].name, "etag") == 0)
			return;
	respond_header(call, "vary", STR("Accept-Encoding"));
	if (same || !gzip_is_taken(exchange_header(call->x, "accept-encoding")))
		return;
	struct str packed = gzip_pack(&call->api->gzip, r->body);
	if (!packed.p)
		return;
	r->body = packed;
	respond_header(call, "content-encoding", STR("gzip"));
}

static void reply_send(struct call *call)
{
	call_look_end(call);
	bool same = reply_tag(call);
	reply_pack(call, same);
	if (same) {
		call->reply.status = 304;
		call->reply.content_type = STR_NULL;
		call->reply.body = STR_NULL;
	}
	/* Answers hold personal data and prices of one moment: nobody in between may keep them. */
	respond_header(call, "cache-control", STR("no-store"));
	respond_header(call, "x-content-type-options", STR("nosniff"));
	exchange_reply(call->x, &call->reply);
}

void respond_text(struct call *call, int status, struct str content_type, struct str body)
{
	if (!body.p) {
		respond_refused(call, FAULT_MEMORY, STR_NULL);
		return;
	}
	call->reply.status = status;
	call->reply.content_type = content_type;
	call->reply.body = body;
	reply_send(call);
}

void respond_json(struct call *call, int status, struct str body)
{
	respond_text(call, status, STR("application/json"), body);
}

void respond_empty(struct call *call, int status)
{
	call->reply.status = status;
	call->reply.content_type = STR_NULL;
	call->reply.body = STR_NULL;
	reply_send(call);
}

bool etag_names(struct str header, struct str mine)
{
	for (size_t at = 0; at < header.n;) {
		const char *comma = memchr(header.p + at, ',', header.n - at);
		size_t end = comma ? (size_t)(comma - header.p) : header.n;
		size_t from = at;
		while (from < end && header.p[from] == ' ')
			from++;
		size_t until = end;
		while (until > from && header.p[until - 1] == ' ')
			until--;
		struct str tag = {header.p + from, until - from};
		if (str_is(tag, "*"))
			return true;
		/* If-None-Match compares weakly (RFC 9110 section 13.1.2). */
		if (tag.n > 2 && memcmp(tag.p, "W/", 2) == 0)
			tag = (struct str){tag.p + 2, tag.n - 2};
		if (str_eq(tag, mine))
			return true;
		at = end + 1;
	}
	return false;
}

bool etag_matches(struct str header, uint64_t rev)
{
	char mine[ETAG_TEXT];
	snprintf(mine, sizeof mine, "\"%" PRIu64 "\"", rev);
	return etag_names(header, str_from(mine));
}

void respond_object(struct call *call, int status, uint64_t rev, struct str body)
{
	if (rev)
		respond_header(call, "etag", arena_printf(call->arena, "\"%" PRIu64 "\"", rev));
	struct str header = exchange_header(call->x, "if-none-match");
	if (rev && header.p && str_is(str_from(call->route->method), "GET") &&
		etag_matches(header, rev)) {
		respond_empty(call, 304);
		return;
	}
	respond_json(call, status, body);
}

/* The cursor at the end of a canonical list, `..."next":"CURSOR"}`; STR_NULL when there is none. */
static struct str list_next(struct str body)
{
	static const char mark[] = "\"next\":\"";
	size_t mark_n = sizeof mark - 1;
	if (body.n < mark_n + 2 || body.p[body.n - 1] != '}' || body.p[body.n - 2] != '"')
		return STR_NULL;
	size_t end = body.n - 2;
	size_t at = end;
	while (at > 0 && body.p[at - 1] != '"')
		at--;
	if (at < mark_n || memcmp(body.p + at - mark_n, mark, mark_n) != 0)
		return STR_NULL;
	return (struct str){body.p + at, end - at};
}

/* The query as it came, without its cursor. */
static struct str query_without_cursor(struct arena *a, struct str raw)
{
	struct str kept = STR("");
	for (size_t at = 0; at < raw.n;) {
		const char *amp = memchr(raw.p + at, '&', raw.n - at);
		size_t n = amp ? (size_t)(amp - raw.p) - at : raw.n - at;
		bool is_cursor = n >= 7 && memcmp(raw.p + at, "cursor=", 7) == 0;
		if (n && !is_cursor)
			kept = arena_printf(a, "%.*s%.*s&", STR_FMT(kept), (int)n, raw.p + at);
		at += n + 1;
	}
	return kept;
}

void respond_list(struct call *call, struct str body)
{
	struct str next = list_next(body);
	if (next.n)
		respond_header(call, "link",
			arena_printf(call->arena, "<%.*s?%.*scursor=%.*s>; rel=\"next\"",
				STR_FMT(exchange_path(call->x)),
				STR_FMT(query_without_cursor(call->arena, exchange_query(call->x))),
				STR_FMT(next)));
	respond_json(call, 200, body);
}

bool respond_stream(
	struct call *call, struct str content_type, void (*gone)(void *context), void *context)
{
	struct reply head = call->reply;

	call_look_end(call);
	head.content_type = content_type;
	return exchange_stream_headed(call->x, &head, gone, context);
}

void respond_problem(struct call *call, const struct problem *p)
{
	/* What ran out of room on the way says nothing any more about the request itself. */
	struct problem said = call->arena->full ? (struct problem){.outcome = FAULT_MEMORY} : *p;
	said.request = exchange_request_id(call->x);
	p = &said;
	int status = outcome_status(p->outcome);
	call->api->problems[p->outcome]++;
	if (status == 503 || status == 429)
		respond_header(call, "retry-after",
			arena_printf(call->arena, "%u", p->retry_s ? p->retry_s : 1));
	if (p->outcome == REFUSED_SIGN_IN)
		respond_header(call, "www-authenticate",
			exchange_header(call->x, "authorization").p
				? STR("Bearer realm=\"relais\", error=\"invalid_token\"")
				: STR("Bearer realm=\"relais\""));
	call->reply.status = status;
	call->reply.content_type = PROBLEM_JSON;
	call->reply.body = problem_body(call->arena, p);
	reply_send(call);
}

void respond_refused(struct call *call, enum outcome outcome, struct str detail)
{
	respond_problem(call, &(struct problem){.outcome = outcome, .detail = detail});
}

void respond_invalid(struct call *call, const struct faults *faults)
{
	respond_problem(call, &(struct problem){.outcome = REFUSED_INVALID, .faults = faults});
}
