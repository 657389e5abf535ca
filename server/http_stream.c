/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * An answer that stays open. Two buffers take turns: one is with h2o until it says it was taken,
 * the other gathers what comes meanwhile. The chunks are framed here and not by h2o's own filter:
 * that one holds the head back until there is a first byte, and a browser waits for it.
 */

#include <h2o.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/http_internal.h"

struct bytes {
	char *p; /* owned */
	size_t n, room;
};

struct stream {
	h2o_generator_t generator; /* first: h2o hands this back */
	struct exchange *exchange; /* outlives us */
	void (*gone)(void *context);
	void *context;
	struct bytes flight, waiting;
	bool sending; /* flight, or the head, is with h2o */
	bool events;  /* text/event-stream: without an end that could be missed */
	bool ending;  /* no more from us once waiting is out */
	bool cutting; /* no more at all, and the client shall know that it is not the whole */
	bool over;    /* the last bytes are with h2o, or nobody is there */
};

/* The size in hexadecimal, two line ends. */
enum { FRAME_BYTES = 16 + 4 };

static void bytes_add(struct bytes *b, const char *p, size_t n)
{
	if (b->room - b->n < n) {
		size_t room = b->room ? b->room : 1024;
		while (room - b->n < n)
			room *= 2;
		b->p = realloc(b->p, room);
		ASSERT(b->p);
		b->room = room;
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void stream_finish(struct stream *s)
{
	/* A chunk of one byte that never comes: the answer is incomplete (RFC 9112 8). */
	static const struct str last_chunk = {"0\r\n\r\n", 5}, torn_chunk = {"1\r\n", 3};
	struct str text = s->cutting ? torn_chunk : last_chunk;
	ASSERT(!s->sending && !s->over && s->exchange->req);
	s->over = true;
	h2o_iovec_t iov = h2o_iovec_init(text.p, text.n);
	h2o_send(s->exchange->req, &iov, 1, H2O_SEND_STATE_FINAL);
}

static void stream_cut(struct stream *s)
{
	if (s->over || s->cutting || !s->exchange->req)
		return;
	s->ending = s->cutting = true;
	s->waiting.n = 0;
	if (!s->sending)
		stream_finish(s);
}

static void stream_push(struct stream *s)
{
	ASSERT(!s->sending && s->flight.n == 0 && s->waiting.n > 0);
	struct bytes empty = s->flight;
	s->flight = s->waiting;
	s->waiting = empty;
	s->sending = true;
	h2o_iovec_t iov = h2o_iovec_init(s->flight.p, s->flight.n);
	h2o_send(s->exchange->req, &iov, 1, H2O_SEND_STATE_IN_PROGRESS);
}

static void on_proceed(h2o_generator_t *generator, h2o_req_t *req)
{
	struct stream *s = (struct stream *)(void *)generator;
	ASSERT(s->exchange->req == req && s->sending);
	s->sending = false;
	s->flight.n = 0;
	if (s->waiting.n > 0)
		stream_push(s);
	else if (s->ending)
		stream_finish(s);
}

static void stream_begin(struct stream *s, h2o_req_t *req, const struct reply *head)
{
	h2o_iovec_t type = h2o_strdup(&req->pool, head->content_type.p, head->content_type.n);
	req->res.status = 200;
	req->res.reason = "OK";
	/* One stream, then the end: what the client may have pipelined behind it is not ours. */
	req->http1_is_persistent = 0;
	h2o_add_header(
		&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, type.base, type.len);
	h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CACHE_CONTROL, NULL,
		H2O_STRLIT("no-store"));
	h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_TRANSFER_ENCODING, NULL,
		H2O_STRLIT("chunked"));
	for (uint32_t i = 0; i < head->headers_len; i++) {
		const struct http_header *own = &head->headers[i];
		h2o_iovec_t value = h2o_strdup(&req->pool, own->value.p, own->value.n);
		h2o_add_header_by_str(&req->pool, &req->res.headers, own->name, strlen(own->name),
			0, NULL, value.base, value.len);
	}
	h2o_start_response(req, &s->generator);
}

bool exchange_stream(
	struct exchange *x, struct str content_type, void (*gone)(void *context), void *context)
{
	struct reply head = {.content_type = content_type};

	return exchange_stream_headed(x, &head, gone, context);
}

bool exchange_stream_headed(
	struct exchange *x, const struct reply *head, void (*gone)(void *context), void *context)
{
	struct http *h = x->http;
	ASSERT(!x->replied && !x->stream && gone);
	/* Chunks are HTTP/1.1's; an HTTP/1.0 client is told like one who comes too late. */
	if (!x->req || x->req->version < 0x101 || h->draining || h->closing ||
		h->counts.streams_now >= h->limits.streams_max)
		return false;
	struct stream *s = calloc(1, sizeof(*s));
	ASSERT(s);
	*s = (struct stream){.generator = {.proceed = on_proceed, .stop = NULL},
		.exchange = x,
		.gone = gone,
		.context = context,
		.events = str_is(head->content_type, "text/event-stream")};
	x->stream = s;
	h->counts.streams_now++;
	exchange_answered(x, 200);
	status_count(h, 200);
	stream_begin(s, x->req, head);
	bool head_only = str_is(x->head.method, "HEAD");
	s->sending = !head_only;
	s->over = head_only;
	h2o_send(x->req, NULL, 0, head_only ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
	return true;
}

bool exchange_stream_write(struct exchange *x, struct str bytes)
{
	struct stream *s = x->stream;
	ASSERT(s);
	if (s->over || s->ending || !x->req)
		return false;
	if (bytes.n == 0)
		return true; /* an empty chunk would be the end */
	if (bytes.n + FRAME_BYTES > STREAM_BYTES_MAX - s->flight.n - s->waiting.n) {
		x->http->counts.stalled++;
		/* Not now: the caller may be walking over all its streams. h2o reports it in time.
		 */
		if (s->sending)
			connection_kill(x->connection);
		stream_cut(s);
		return false;
	}
	char size[FRAME_BYTES];
	int n = snprintf(size, sizeof(size), "%zx\r\n", bytes.n);
	ASSERT(n > 0 && (size_t)n < sizeof(size));
	bytes_add(&s->waiting, size, (size_t)n);
	bytes_add(&s->waiting, bytes.p, bytes.n);
	bytes_add(&s->waiting, "\r\n", 2);
	if (!s->sending)
		stream_push(s);
	return true;
}

size_t exchange_stream_waiting(const struct exchange *x)
{
	ASSERT(x->stream);
	return x->stream->flight.n + x->stream->waiting.n;
}

void exchange_stream_end(struct exchange *x)
{
	struct stream *s = x->stream;
	ASSERT(s);
	if (s->over || s->ending || !x->req)
		return;
	s->ending = true;
	if (!s->sending)
		stream_finish(s);
}

void stream_shut(struct exchange *x)
{
	if (x->stream->events)
		exchange_stream_end(x);
	else
		stream_cut(x->stream);
}

void exchange_stream_stop(struct exchange *x)
{
	ASSERT(x->stream);
	stream_shut(x);
}

void stream_break(struct exchange *x)
{
	struct stream *s = x->stream;
	ASSERT(s && !s->sending && !s->over && x->req);
	s->over = true;
	h2o_send(x->req, NULL, 0, H2O_SEND_STATE_ERROR);
}

void stream_gone(struct exchange *x)
{
	struct stream *s = x->stream;
	ASSERT(s && x->http->counts.streams_now > 0);
	s->over = true;
	x->http->counts.streams_now--;
	s->gone(s->context);
}

void stream_free(struct stream *s)
{
	if (!s)
		return;
	free(s->flight.p);
	free(s->waiting.p);
	free(s);
}
