/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * One request and its answer. The exchange copies what the client sent: h2o forgets it when the
 * client leaves, the pending work does not.
 */

#include <h2o.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/http_internal.h"

static struct str text_copy(char **to, struct str s)
{
	struct str copy = {*to, s.n};
	if (s.n)
		memcpy(*to, s.p, s.n);
	*to += s.n;
	return copy;
}

/* The same part of the copied head. */
static struct str moved(struct str part, struct str from, struct str to)
{
	return part.p ? (struct str){to.p + (part.p - from.p), part.n} : STR_NULL;
}

/* The client's own word for it, or one that no other run of the server uses. */
static void exchange_name(struct exchange *x)
{
	struct str id = exchange_header(x, "x-request-id");

	x->route = "";
	x->begun_ns = uv_hrtime();
	x->trace = trace_of(exchange_header(x, "traceparent"));
	if (request_id_is_good(id))
		snprintf(x->request_id, sizeof x->request_id, "%.*s", STR_FMT(id));
	else
		snprintf(x->request_id, sizeof x->request_id, "%08x-%" PRIx64, x->http->birth,
			x->id);
}

/* Memory that goes back to the system after each request comes back page by page, zeroed: that
 * costs an offer a fifth of its time. */
static void arena_lend(struct http *h, struct arena *a)
{
	if (h->spare_len > 0)
		*a = h->spare[--h->spare_len];
	else
		arena_init(a, ARENA_MAX_DEFAULT);
}

static void arena_return(struct http *h, struct arena *a)
{
	if (h->spare_len == SPARE_ARENAS) {
		arena_deinit(a);
		return;
	}
	arena_reset(a);
	h->spare[h->spare_len++] = *a;
}

bool http_spare_free(struct http *h)
{
	if (h->spare_len == 0)
		return false;
	arena_deinit(&h->spare[--h->spare_len]);
	return true;
}

struct exchange *exchange_new(struct connection *c, h2o_req_t *req, const struct head *head)
{
	struct http *h = c->http;
	struct str path = {req->path_normalized.base, req->path_normalized.len};
	struct str body = {req->entity.base, req->entity.len};
	struct exchange *x = malloc(sizeof(*x) + head->text.n + path.n + body.n);
	ASSERT(x);
	*x = (struct exchange){.http = h, .connection = c, .req = req, .owners = 1};
	char *to = x->text;
	struct str text = text_copy(&to, head->text);
	x->path = text_copy(&to, path);
	x->body = text_copy(&to, body);
	x->head = (struct head){.text = text,
		.method = moved(head->method, head->text, text),
		.target = moved(head->target, head->text, text),
		.fields = moved(head->fields, head->text, text),
		.minor_1 = head->minor_1};
	const char *mark = memchr(x->head.target.p, '?', x->head.target.n);
	if (mark)
		x->query = (struct str){
			mark + 1, x->head.target.n - (size_t)(mark - x->head.target.p) - 1};
	arena_lend(h, &x->arena);
	x->id = ++h->last_id;
	exchange_name(x);
	x->working = true;
	c->owners++;
	c->in_flight++;
	h->exchanges_now++;
	h->counts.in_flight_now++;
	return x;
}

/* In flight is what somebody still works on: unanswered, or answered and held on to. */
static void exchange_rest(struct exchange *x)
{
	if (!x->working || x->holds > 0 || (!x->replied && x->req))
		return;
	ASSERT(x->http->counts.in_flight_now > 0 && x->connection->in_flight > 0);
	x->working = false;
	x->http->counts.in_flight_now--;
	x->connection->in_flight--;
}

void exchange_unref(struct exchange *x)
{
	ASSERT(x->owners > 0);
	if (--x->owners > 0)
		return;
	struct http *h = x->http;
	ASSERT(!x->req && !x->working && h->exchanges_now > 0);
	h->exchanges_now--;
	connection_unref(x->connection);
	stream_free(x->stream);
	arena_return(h, &x->arena);
	free(x);
	http_settle(h);
}

void exchange_count_abort(struct exchange *x)
{
	if (x->aborted)
		return;
	x->aborted = true;
	x->http->counts.aborted++;
	if (x->connection->peer)
		peer_abort(x->connection->peer, uv_now(x->http->loop));
}

void exchange_detach(struct exchange *x)
{
	if (!x->req)
		return;
	x->req = NULL;
	if (!x->replied)
		exchange_count_abort(x);
	if (!x->replied && x->gone)
		x->gone(x->gone_context);
	if (x->stream)
		stream_gone(x);
	exchange_rest(x);
}

/* ---- what the handler asks ---- */

struct str exchange_method(const struct exchange *x)
{
	return x->head.method;
}

struct str exchange_path(const struct exchange *x)
{
	return x->path;
}

struct str exchange_query(const struct exchange *x)
{
	return x->query;
}

struct str exchange_header(const struct exchange *x, const char *lower_case_name)
{
	return head_field(x->head.fields, lower_case_name);
}

struct str exchange_body(const struct exchange *x)
{
	return x->body;
}

/* A proxy on this machine says whom a request is for; nobody else is believed. */
static struct str forwarded(const struct exchange *x)
{
	return x->connection->from_loopback ? exchange_header(x, "x-forwarded-for") : STR_NULL;
}

bool exchange_from_loopback(const struct exchange *x)
{
	return x->connection->from_loopback && !forwarded(x).p;
}

uint64_t exchange_address(const struct exchange *x)
{
	struct str by_proxy = forwarded(x);
	return by_proxy.p ? peer_key_forwarded(by_proxy) : x->connection->address;
}

struct arena *exchange_arena(struct exchange *x)
{
	return &x->arena;
}

uint64_t exchange_id(const struct exchange *x)
{
	return x->id;
}

struct str exchange_request_id(const struct exchange *x)
{
	return str_from(x->request_id);
}

struct str exchange_trace(const struct exchange *x)
{
	return x->trace;
}

void exchange_route_set(struct exchange *x, const char *pattern)
{
	x->route = pattern;
}

const char *exchange_route(const struct exchange *x)
{
	return x->route;
}

bool exchange_is_gone(const struct exchange *x)
{
	return !x->req;
}

void exchange_when_gone(struct exchange *x, void (*gone)(void *context), void *context)
{
	ASSERT(x->req && !x->replied);
	x->gone = gone;
	x->gone_context = context;
}

/* ---- ownership ---- */

void exchange_hold(struct exchange *x)
{
	x->holds++;
	x->owners++;
	x->deferred = true;
}

void exchange_release(struct exchange *x)
{
	ASSERT(x->holds > 0);
	x->holds--;
	exchange_returned(x);
	exchange_rest(x);
	exchange_unref(x);
}

void exchange_returned(struct exchange *x)
{
	if (x->replied || x->holds > 0 || !x->req)
		return;
	struct reply r = {.status = 500,
		.content_type = STR("text/plain; charset=utf-8"),
		.body = STR("nothing answered this request\n")};
	exchange_reply(x, &r);
}

/* ---- the answer ---- */

void reply_header(struct reply *r, const char *name, struct str value)
{
	ASSERT(r->headers_len < HTTP_HEADERS_MAX);
	r->headers[r->headers_len++] = (struct http_header){name, value};
}

static const char *reason_of(int status)
{
	static const struct {
		int status;
		const char *reason;
	} table[] = {{200, "OK"}, {201, "Created"}, {202, "Accepted"}, {204, "No Content"},
		{303, "See Other"}, {304, "Not Modified"}, {400, "Bad Request"},
		{401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"},
		{405, "Method Not Allowed"}, {409, "Conflict"}, {412, "Precondition Failed"},
		{413, "Content Too Large"}, {415, "Unsupported Media Type"},
		{422, "Unprocessable Content"}, {428, "Precondition Required"},
		{429, "Too Many Requests"}, {500, "Internal Server Error"},
		{503, "Service Unavailable"}};
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (table[i].status == status)
			return table[i].reason;
	return "Status"; /* nobody reads it (RFC 9112 4) */
}

/* A line end inside a value would let its author write headers of his own. */
static bool value_is_safe(struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

void header_add(h2o_req_t *req, const char *name, struct str value)
{
	if (!value_is_safe(value))
		return;
	h2o_iovec_t n = h2o_strdup(&req->pool, name, strlen(name));
	h2o_iovec_t v = h2o_strdup(&req->pool, value.p, value.n);
	h2o_add_header_by_str(&req->pool, &req->res.headers, n.base, n.len, 1, NULL, v.base, v.len);
}

void status_count(struct http *h, int status)
{
	ASSERT(status >= 100 && status < 600);
	h->counts.status[status / 100]++;
}

void response_send(struct http *h, h2o_req_t *req, const struct reply *r)
{
	static h2o_generator_t
		generator; /* one send says it all: nothing to go on with, nor to stop */
	bool bodiless = r->status < 200 || r->status == 204 || r->status == 304;
	bool head_only = h2o_memis(req->method.base, req->method.len, H2O_STRLIT("HEAD"));
	req->res.status = r->status;
	req->res.reason = reason_of(r->status);
	/* RFC 9110 8.6: a 204 has no Content-Length; a 304's would be another answer's. */
	req->res.content_length = bodiless ? SIZE_MAX : r->body.n;
	if (h->draining)
		req->http1_is_persistent = 0;
	if (r->content_type.p)
		header_add(req, "content-type", r->content_type);
	for (uint32_t i = 0; i < r->headers_len; i++)
		header_add(req, r->headers[i].name, r->headers[i].value);
	status_count(h, r->status);
	h2o_start_response(req, &generator);
	if (bodiless || head_only || r->body.n == 0) {
		h2o_send(req, NULL, 0, H2O_SEND_STATE_FINAL);
		return;
	}
	h2o_iovec_t body = h2o_strdup(&req->pool, r->body.p, r->body.n);
	h2o_send(req, &body, 1, H2O_SEND_STATE_FINAL);
}

static void exchange_time(struct exchange *x, int status)
{
	struct http *h = x->http;
	uint64_t took_us = (uv_hrtime() - x->begun_ns) / 1000;
	bool reads = str_is(x->head.method, "GET") || str_is(x->head.method, "HEAD");
	char timing[48];

	histogram_add(reads ? &h->counts.reads : &h->counts.changes, &bounds_latency, took_us);
	if (x->req) {
		snprintf(timing, sizeof timing, "total;dur=%" PRIu64 ".%03" PRIu64, took_us / 1000,
			took_us % 1000);
		header_add(x->req, "x-request-id", str_from(x->request_id));
		header_add(x->req, "server-timing", str_from(timing));
	}
	if (took_us / 1000 < h->limits.slow_ms)
		return;
	h->counts.slow_answers++;
	if (h->handler.slow)
		h->handler.slow(h->handler.context, x, status, took_us / 1000);
}

void exchange_answered(struct exchange *x, int status)
{
	bool gone;
	ASSERT(!x->replied);
	x->replied = true;
	exchange_time(x, status);
	/* Work that was waited for: did he wait? The answer is sent all the same, for he may have
	 * closed only his sending half. */
	if (x->deferred && x->req && connection_left(x->connection, &gone))
		exchange_count_abort(x);
	exchange_rest(x);
}

void exchange_reply(struct exchange *x, const struct reply *r)
{
	ASSERT(!x->stream);
	exchange_answered(x, r->status);
	if (x->req)
		response_send(x->http, x->req, r);
}

struct str problem_text(h2o_mem_pool_t *pool, enum outcome o, const char *detail)
{
	enum { ROOM = 512 };
	char *text = h2o_mem_alloc_pool(pool, ROOM);
	/* All the words are ours: nothing in them needs an escape. */
	int n = snprintf(text, ROOM,
		"{\"detail\":\"%s\",\"status\":%d,\"title\":\"%s\",\"type\":\"/problems/%s\"}",
		detail, outcome_status(o), outcome_title(o), outcome_slug(o));
	ASSERT(n > 0 && n < ROOM);
	return (struct str){text, (size_t)n};
}
