/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * What libh2o 2.2.5 leaves open. Before the handler: ambiguous framing, heads and bodies too large,
 * methods we do not know, too much in flight. Beside it, once a second: clients that do not send,
 * do not read or have left. h2o itself takes a connection down in every case: we report an error to
 * its own read callback, or break the write it waits for.
 */

#define _GNU_SOURCE 1 /* POLLRDHUP */

#include <h2o.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "server/http_internal.h"

/* What was written and the client has not taken: here, and in the kernel. */
static uint64_t untaken(const struct connection *c)
{
	size_t here = uv_stream_get_write_queue_size((const uv_stream_t *)&c->tcp);
	int kernel = 0;
	if (ioctl(h2o_socket_get_fd(c->sock), SIOCOUTQ, &kernel) != 0)
		kernel = 0;
	return (uint64_t)here + (uint64_t)kernel;
}

/* Something has arrived that the loop has not read yet: it was busy, not the client slow. */
static bool has_unread(const struct connection *c)
{
	int waiting = 0;
	return ioctl(h2o_socket_get_fd(c->sock), FIONREAD, &waiting) == 0 && waiting > 0;
}

/* Lives in the request's pool: its disposal is how we learn that the request is over. */
struct request_link {
	struct connection *connection;
	struct exchange *exchange;
};

static void on_request_disposed(void *data)
{
	struct request_link *l = data;
	struct connection *c = l->connection;
	ASSERT(c->req && !c->closed);
	/* h2o closes now: the kernel would keep for long what is not taken, and reset at once what
	 * is not read. */
	bool parting = !c->req->http1_is_persistent && !c->killed &&
		       (untaken(c) > PARTING_BYTES_MAX || has_unread(c));
	c->req = NULL;
	c->exchange = NULL;
	c->written_mark = c->sock->bytes_written;
	c->idle_from_ms = 0;
	c->begun_ms = 0;
	if (c->linger || parting)
		linger_start(c);
	if (l->exchange) {
		exchange_detach(l->exchange);
		exchange_unref(l->exchange);
	}
}

void request_begun(struct connection *c, h2o_req_t *req, struct exchange *x)
{
	ASSERT(!c->req);
	struct request_link *l = h2o_mem_alloc_shared(&req->pool, sizeof(*l), on_request_disposed);
	*l = (struct request_link){c, x};
	c->req = req;
	c->exchange = x;
	c->http->counts.requests++;
}

/* ---- refusals before the handler ---- */

static bool method_is_known(struct str method)
{
	static const char *const known[] = {
		"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_is(method, known[i]))
			return true;
	return false;
}

/* After it the connection is closed, what the client still sends being read and dropped. */
static void close_after(struct connection *c, h2o_req_t *req)
{
	req->http1_is_persistent = 0;
	c->linger = true;
}

static void refuse_problem(struct connection *c, h2o_req_t *req, enum outcome o, const char *detail)
{
	struct reply r = {.status = outcome_status(o),
		.content_type = STR("application/problem+json"),
		.body = problem_text(&req->pool, o, detail)};
	if (o == REFUSED_METHOD)
		reply_header(&r, "allow", STR("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
	if (o == FAULT_BUSY)
		reply_header(&r, "retry-after", STR("1"));
	request_begun(c, req, NULL);
	response_send(c->http, req, &r);
}

static void refuse_malformed(struct connection *c, h2o_req_t *req)
{
	static const struct reply r = {.status = 400,
		.content_type = {"text/plain; charset=utf-8", 25},
		.body = {"Bad Request\n", 12}};
	c->http->counts.malformed++;
	close_after(c, req);
	request_begun(c, req, NULL);
	response_send(c->http, req, &r);
}

/* True when the head has one reading only and is not too long. */
static bool head_is_fine(struct connection *c, struct head *head)
{
	/* The input begins with this request: h2o drops the one before when its answer is out. */
	struct str bytes = {c->sock->input->bytes, c->sock->input->size};
	if (head_read(bytes, head) != HEAD_WHOLE)
		return false;
	if (head->text.n > c->http->limits.head_bytes_max)
		return false;
	/* Of the forms of RFC 9112 3.2 only those a server that is no proxy needs. */
	return head->target.p[0] == '/' ||
	       (str_is(head->target, "*") && str_is(head->method, "OPTIONS"));
}

static bool is_busy(const struct connection *c)
{
	const struct http *h = c->http;
	return h->counts.in_flight_now >= h->limits.in_flight_max ||
	       c->in_flight >= h->limits.in_flight_per_connection_max;
}

static int on_req(h2o_handler_t *self, h2o_req_t *req)
{
	struct connection *c = connection_of(req);
	struct http *h = c->http;
	struct head head;
	(void)self;
	if (!head_is_fine(c, &head)) {
		refuse_malformed(c, req);
	} else if (!method_is_known(head.method)) {
		close_after(c, req);
		refuse_problem(c, req, REFUSED_METHOD, "The server does not know this method.");
	} else if (req->entity.len > h->limits.body_bytes_max) {
		h->counts.too_large++;
		refuse_problem(
			c, req, REFUSED_TOO_LARGE, "The body is larger than the server takes.");
	} else if (is_busy(c)) {
		h->counts.busy++;
		refuse_problem(c, req, FAULT_BUSY, "Too many requests are being worked on.");
	} else {
		struct exchange *x = exchange_new(c, req, &head);
		request_begun(c, req, x);
		h->handler.handle(h->handler.context, x);
		exchange_returned(x);
	}
	return 0;
}

/* ---- what h2o refuses by itself while it reads a body ---- */

struct body_swap {
	h2o_ostream_t super; /* first */
	struct str body;
};

static void on_swap(h2o_ostream_t *stream, h2o_req_t *req, h2o_iovec_t *bufs, size_t bufs_len,
	h2o_send_state_t state)
{
	struct body_swap *s = (struct body_swap *)(void *)stream;
	h2o_iovec_t iov = h2o_iovec_init(s->body.p, s->body.n);
	(void)bufs;
	h2o_ostream_send_next(stream, req, &iov, bufs_len ? 1 : 0, state);
}

/* h2o says 413 in plain text; clients of ours read problems. */
static h2o_ostream_t **too_large_setup(h2o_req_t *req, h2o_ostream_t **slot)
{
	struct body_swap *s = (struct body_swap *)(void *)h2o_add_ostream(req, sizeof(*s), slot);
	s->super.do_send = on_swap;
	s->body = problem_text(
		&req->pool, REFUSED_TOO_LARGE, "The body is larger than the server takes.");
	req->res.reason = "Content Too Large";
	req->res.content_length = s->body.n;
	h2o_set_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE,
		H2O_STRLIT("application/problem+json"), 1);
	return &s->super.next;
}

/* Only answers of h2o itself pass here: the filter sits where no path of ours leads. */
static void on_own_answer(h2o_filter_t *self, h2o_req_t *req, h2o_ostream_t **slot)
{
	struct connection *c = connection_of(req);
	(void)self;
	close_after(c, req);
	request_begun(c, req, NULL);
	status_count(c->http, req->res.status);
	if (req->res.status == 413) {
		c->http->counts.too_large++;
		slot = too_large_setup(req, slot);
	} else {
		c->http->counts.malformed++;
	}
	h2o_setup_next_ostream(req, slot);
}

void guard_init(struct http *h, h2o_hostconf_t *host)
{
	h2o_handler_t *handler =
		h2o_create_handler(h2o_config_register_path(host, "/", 0), sizeof(*handler));
	handler->on_req = on_req;
	h2o_filter_t *filter = h2o_create_filter(&host->fallback_path, sizeof(*filter));
	filter->on_setup_ostream = on_own_answer;
	h->config.max_request_entity_size = (size_t)h->limits.body_bytes_max + BODY_SLACK_BYTES;
}

/* ---- ending connections ---- */

static bool is_reading(const struct connection *c)
{
	return h2o_socket_is_reading(c->sock);
}

static bool is_writing(const struct connection *c)
{
	return h2o_socket_is_writing(c->sock);
}

/* h2o waits for bytes: told of an error instead, it closes; over TLS, once its farewell is out. */
static void end_reading(struct connection *c)
{
	ASSERT(is_reading(c) && !c->closed);
	c->sock->_cb.read(c->sock, h2o_socket_error_closed);
	ASSERT(c->closed || c->sock->ssl);
}

/* Nobody is there to read an answer that is still being worked on. An attempt to write is the only
 * way to make h2o see it; the work goes on and loses its reply. */
static void abandon(struct connection *c)
{
	static h2o_generator_t generator;
	h2o_req_t *req = c->req;
	ASSERT(req && c->exchange && !c->exchange->replied);
	exchange_detach(c->exchange);
	req->http1_is_persistent = 0;
	req->res.status = 500;
	req->res.reason = "Gone";
	h2o_start_response(req, &generator);
	h2o_send(req, NULL, 0, H2O_SEND_STATE_ERROR);
}

void connection_kill(struct connection *c)
{
	/* A reset, so that the kernel does not go on offering bytes nobody takes. */
	struct linger hard = {.l_onoff = 1, .l_linger = 0};
	int fd = h2o_socket_get_fd(c->sock);
	ASSERT(!c->closed);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	c->linger = false;
	c->killed = true;
	if (c->req)
		c->req->http1_is_persistent = 0;
	if (is_writing(c))
		shutdown(fd, SHUT_RDWR); /* the write fails, and h2o closes */
	else if (is_reading(c))
		end_reading(c);
	else if (c->exchange && c->exchange->stream)
		stream_break(c->exchange);
	else
		abandon(c);
}

void connection_close_idle(struct connection *c)
{
	if (!c->closed && is_reading(c) && c->sock->input->size == 0 && !has_unread(c))
		end_reading(c);
}

bool connection_left(const struct connection *c, bool *gone)
{
	struct pollfd p = {.fd = h2o_socket_get_fd(c->sock), .events = POLLRDHUP};
	*gone = false;
	if (poll(&p, 1, 0) <= 0)
		return false;
	*gone = (p.revents & (POLLERR | POLLHUP)) != 0;
	return true;
}

/* ---- the watchdog ---- */

/* Part of a request is there: what cannot become a good one, or not in time, is refused. There is
 * no request of h2o's yet, so the answer is written straight to the socket. */
static void refuse_partial(struct connection *c, int status)
{
	static const char malformed[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
					"Content-Type: text/plain; "
					"charset=utf-8\r\nContent-Length: 12\r\n\r\nBad Request\n";
	static const char slow[] =
		"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
		"Content-Type: text/plain; charset=utf-8\r\nContent-Length: 9\r\n\r\nTimed out";
	struct str text = status == 400 ? STR(malformed) : STR(slow);
	int fd = h2o_socket_get_fd(c->sock);
	status_count(c->http, status);
	/* Nothing else is being written, so so few bytes always fit; if not, closing says enough,
	 * as it has to over TLS. */
	if (!c->sock->ssl &&
		send(fd, text.p, text.n, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)text.n)
		linger_start(c);
	end_reading(c);
}

static void watch_reading(struct connection *c, uint64_t now_ms)
{
	const struct http_limits *l = &c->http->limits;
	struct head head;
	size_t size = c->sock->input->size;
	if (size == 0) {
		c->begun_ms = 0;
		if (c->idle_from_ms == 0)
			c->idle_from_ms = now_ms;
		else if (now_ms - c->idle_from_ms >= l->request_ms_max && !has_unread(c) &&
			 untaken(c) == 0)
			end_reading(c);
		return;
	}
	if (c->begun_ms == 0)
		c->begun_ms = now_ms;
	struct str bytes = {c->sock->input->bytes, size};
	if (size > l->head_bytes_max)
		bytes.n = l->head_bytes_max;
	enum head_verdict v = head_read(bytes, &head);
	if (v == HEAD_AMBIGUOUS || (v == HEAD_PARTIAL && size > l->head_bytes_max)) {
		c->http->counts.malformed++;
		refuse_partial(c, 400);
	} else if (now_ms - c->begun_ms >= l->request_ms_max &&
		   !(c->http->stood_still && has_unread(c))) {
		c->http->counts.slow++;
		refuse_partial(c, 408);
	}
}

/* Whether the client takes what was written, be it that all of it went into the kernel, which would
 * keep it long after a farewell. */
static void watch_sending(struct connection *c, uint64_t now_ms)
{
	uint64_t waiting = untaken(c);
	uint64_t taken = (uint64_t)c->sock->bytes_written - waiting;
	if (waiting == 0 || taken != c->taken_bytes) {
		c->taken_bytes = taken;
		c->progress_ms = now_ms;
	} else if (now_ms - c->progress_ms >= c->http->limits.stalled_ms_max) {
		c->http->counts.stalled++;
		c->progress_ms = now_ms; /* told once */
		connection_kill(c);
	}
}

/* Neither reads nor writes: the handler's work is awaited, or a stream is quiet. */
static void watch_waiting(struct connection *c)
{
	struct exchange *x = c->exchange;
	bool gone;
	if (!x || !x->req || !connection_left(c, &gone))
		return;
	/* Who waits for one answer may have closed his sending half; nobody follows a stream so. */
	if (x->stream)
		stream_break(x);
	else if (gone)
		abandon(c);
}

/* After a reset libuv refuses to write, and h2o, which does not look at that, would wait for ever
 * until its farewell over TLS were out: it is told. */
static void watch_farewell(struct connection *c)
{
	uv_stream_t *tcp = (uv_stream_t *)&c->tcp;
	h2o_socket_cb written = c->sock->_cb.write;
	if (!written || uv_is_writable(tcp) || uv_stream_get_write_queue_size(tcp) > 0)
		return;
	c->sock->_cb.write = NULL;
	written(c->sock, h2o_socket_error_io);
}

static void connection_watch(struct connection *c, uint64_t now_ms)
{
	watch_farewell(c);
	if (c->closed)
		return;
	watch_sending(c, now_ms);
	if (c->closed || is_writing(c))
		return;
	if (is_reading(c))
		watch_reading(c, now_ms);
	else
		watch_waiting(c);
	if (c->http->draining)
		connection_close_idle(c);
}

void guard_watch(uv_timer_t *timer)
{
	struct http *h = timer->data;
	uint64_t now_ms = uv_now(h->loop);
	h->stood_still = now_ms - h->watched_ms > 2 * h->watch_ms;
	h->watched_ms = now_ms;
	/* A connection that ends leaves the list at once and its memory only after this turn of the
	 * loop, so its `next` still leads on. */
	for (struct connection *c = h->connections; c; c = c->next)
		if (!c->closed)
			connection_watch(c, now_ms);
	lingers_watch(h, now_ms);
	if (h->exchanges_now == 0)
		(void)http_spare_free(h); /* who is not asked needs none */
	if (now_ms - h->swept_ms >= PEER_ABORTS_MS / 4) {
		peers_sweep(&h->peers, now_ms);
		h->swept_ms = now_ms;
	}
	http_progress(h);
}
