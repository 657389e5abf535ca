/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The server's life: listen, accept, drain, close. */

#include <h2o.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/http_internal.h"

void http_limits_default(struct http_limits *l)
{
	*l = (struct http_limits){
		.connections_max = 2048,
		.connections_per_address_max = 64,
		.in_flight_max = 4096,
		.in_flight_per_connection_max = 20,
		.body_bytes_max = 256 << 10,
		.head_bytes_max = 32 << 10,
		.request_ms_max = 10000,
		.stalled_ms_max = 10000,
		.aborts_max = 100,
		.streams_max = 256,
		.slow_ms = 1000,
	};
}

/* ---- connections ---- */

struct connection *connection_of(h2o_req_t *req)
{
	h2o_socket_t *sock = req->conn->callbacks->get_socket(req->conn);
	struct connection *c = sock->on_close.data;
	ASSERT(c && c->sock == sock);
	return c;
}

void connection_unref(struct connection *c)
{
	struct http *h = c->http;
	ASSERT(c->owners > 0);
	if (--c->owners > 0)
		return;
	ASSERT(c->closed && c->in_flight == 0 && h->connections_held > 0);
	h->connections_held--;
	free(c);
	http_settle(h);
}

/* h2o has given the socket up; its memory is ours until on_handle_closed(). */
static void on_socket_close(void *data)
{
	/* An interim answer h2o writes by itself; more than that, without a request, is its 400. */
	static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct connection *c = data;
	struct http *h = c->http;
	ASSERT(!c->closed && !c->req && h->counts.connections_now > 0);
	if (c->sock->bytes_written - c->written_mark > sizeof(interim) - 1) {
		h->counts.malformed++;
		status_count(h, 400);
	}
	c->closed = true;
	if (c->lingering)
		linger_follow(c->lingering);
	h->counts.connections_now--;
	peer_leave(&h->peers, c->peer, uv_now(h->loop));
	c->peer = NULL;
	if (c->previous)
		c->previous->next = c->next;
	else
		h->connections = c->next;
	if (c->next)
		c->next->previous = c->previous;
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct connection *c = (struct connection *)(void *)handle;
	c->sock = NULL;
	connection_unref(c);
}

static void on_refused_closed(uv_handle_t *handle)
{
	free(handle);
}

/* The address's entry, counted, or NULL when this connection is one too many. */
static struct peer *admit(struct http *h, const uv_tcp_t *tcp, bool *from_loopback)
{
	struct sockaddr_storage a = {0};
	int size = sizeof(a);
	uint64_t now_ms = uv_now(h->loop);
	if (h->counts.connections_now >= h->limits.connections_max ||
		uv_tcp_getpeername(tcp, (struct sockaddr *)&a, &size) != 0)
		return NULL;
	uint64_t key = peer_key(&a);
	*from_loopback = peer_key_is_loopback(key);
	struct peer *p = peer_enter(&h->peers, key);
	bool abuse = peer_aborts(p, now_ms) > h->limits.aborts_max;
	if (p->connections <= h->limits.connections_per_address_max && !abuse)
		return p;
	h->counts.closed_for_aborts += abuse;
	peer_leave(&h->peers, p, now_ms);
	return NULL;
}

static void connection_begin(struct http *h, struct connection *c)
{
	uint64_t now_ms = uv_now(h->loop);
	uv_tcp_nodelay(&c->tcp, 1);
	c->http = h;
	c->owners = 1;
	c->progress_ms = now_ms;
	c->next = h->connections;
	if (c->next)
		c->next->previous = c;
	h->connections = c;
	h->connections_held++;
	h->counts.connections++;
	h->counts.connections_now++;
	c->sock = h2o_uv_socket_create((uv_stream_t *)&c->tcp, on_handle_closed);
	c->sock->on_close.cb = on_socket_close;
	c->sock->on_close.data = c;
	h2o_accept(&h->accept, c->sock);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct http *h = listener->data;
	if (status != 0) {
		h->counts.connections_refused++;
		return;
	}
	struct connection *c = calloc(1, sizeof(*c));
	ASSERT(c);
	status = uv_tcp_init(h->loop, &c->tcp);
	ASSERT(status == 0);
	if (uv_accept(listener, (uv_stream_t *)&c->tcp) == 0)
		c->peer = admit(h, &c->tcp, &c->from_loopback);
	if (c->peer) {
		c->address = c->peer->key;
		connection_begin(h, c);
		return;
	}
	h->counts.connections_refused++;
	uv_close((uv_handle_t *)&c->tcp, on_refused_closed);
}

/* ---- opening ---- */

/* "127.0.0.1:8080" or "[::1]:0": numbers only, nothing is looked up. */
static bool address_read(const char *listen, struct sockaddr_storage *a)
{
	char host[64];
	const char *colon = strrchr(listen, ':');
	if (!colon || (size_t)(colon - listen) >= sizeof(host))
		return false;
	size_t n = (size_t)(colon - listen), digits = strlen(colon + 1);
	if (digits == 0 || digits > 5 || strspn(colon + 1, "0123456789") != digits)
		return false;
	long port = strtol(colon + 1, NULL, 10);
	bool v6 = n >= 2 && listen[0] == '[' && colon[-1] == ']';
	memcpy(host, listen + v6, n - 2 * v6);
	host[n - 2 * v6] = '\0';
	if (port > 65535)
		return false;
	if (v6)
		return uv_ip6_addr(host, (int)port, (struct sockaddr_in6 *)(void *)a) == 0;
	return uv_ip4_addr(host, (int)port, (struct sockaddr_in *)(void *)a) == 0;
}

static int listen_at(
	struct http *h, const struct http_place *place, const struct sockaddr_storage *a)
{
	int status = place->fd >= 0 ? uv_tcp_open(&h->listener, place->fd)
				    : uv_tcp_bind(&h->listener, (const struct sockaddr *)a, 0);
	if (status == 0)
		status = uv_listen((uv_stream_t *)&h->listener, 511, on_connection);
	return status;
}

/* The watchdog closes idle and slow clients; h2o's own timer, which takes both for one, is only
 * behind it. */
static uint64_t backstop_ms(const struct http_limits *l)
{
	return 2 * ((uint64_t)l->request_ms_max + WATCH_MS_MAX);
}

static void h2o_setup(struct http *h)
{
	h2o_config_init(&h->config);
	h->config.server_name = h2o_iovec_init(H2O_STRLIT("relais"));
	h->config.http1.upgrade_to_http2 = 0; /* neither by preface nor by Upgrade */
	/* It would arm a timer for HTTP/2 connections we never have, and h2o aborts on it at the
	 * end. */
	h->config.http2.callbacks.request_shutdown = NULL;
	h->config.http1.req_timeout = backstop_ms(&h->limits);
	h2o_hostconf_t *host =
		h2o_config_register_host(&h->config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
	guard_init(h, host);
	h2o_context_init(&h->context, h->loop, &h->config);
	h->accept = (h2o_accept_ctx_t){.ctx = &h->context, .hosts = h->config.hosts};
}

static void watch_start(struct http *h)
{
	uint32_t shortest = h->limits.request_ms_max < h->limits.stalled_ms_max
				    ? h->limits.request_ms_max
				    : h->limits.stalled_ms_max;
	h->watch_ms = shortest / 4;
	if (h->watch_ms > WATCH_MS_MAX)
		h->watch_ms = WATCH_MS_MAX;
	if (h->watch_ms == 0)
		h->watch_ms = 1;
	uv_timer_start(&h->watch, guard_watch, h->watch_ms, h->watch_ms);
}

static void on_open_failed(uv_handle_t *listener)
{
	free(listener->data);
}

struct http *http_open(uv_loop_t *loop, const struct http_place *place,
	const struct http_limits *limits, const struct http_handler *handler, char *why,
	size_t why_size)
{
	struct sockaddr_storage a = {0};
	if (place->fd < 0 && !address_read(place->listen, &a)) {
		snprintf(why, why_size, "\"%s\" is not an address and a port", place->listen);
		return NULL;
	}
	struct http *h = calloc(1, sizeof(*h));
	ASSERT(h && handler->handle);
	h->loop = loop;
	h->limits = *limits;
	h->handler = *handler;
	h->peers.count_max = 2 * limits->connections_max;
	(void)uv_random(NULL, NULL, &h->birth, sizeof h->birth, 0, NULL); /* 0 serves as well */
	int status = uv_tcp_init(loop, &h->listener);
	ASSERT(status == 0);
	h->listener.data = h;
	status = listen_at(h, place, &a);
	if (status != 0) {
		snprintf(why, why_size, "cannot listen at %s: %s",
			place->fd < 0 ? place->listen : "the socket that was handed over",
			uv_strerror(status));
		uv_close((uv_handle_t *)&h->listener, on_open_failed);
		return NULL;
	}
	/* libuv writes without MSG_NOSIGNAL: a client that left must not end the process. */
	signal(SIGPIPE, SIG_IGN);
	h2o_setup(h);
	uv_timer_init(loop, &h->watch);
	h->watch.data = h;
	watch_start(h);
	return h;
}

void http_use_tls(struct http *h, struct ssl_ctx_st *tls)
{
	h->accept.ssl_ctx = tls;
}

void http_use_limits(struct http *h, const struct http_limits *limits)
{
	ASSERT(!h->draining && !h->closing);
	h->limits = *limits;
	h->peers.count_max = 2 * limits->connections_max;
	h->config.max_request_entity_size = (size_t)limits->body_bytes_max + BODY_SLACK_BYTES;
	/* Who waits already is in the list of the old span: its end is counted anew, all by one. */
	h->context.http1.req_timeout.timeout = backstop_ms(limits);
	watch_start(h);
}

bool http_is_tls(const struct http *h)
{
	return h->accept.ssl_ctx != NULL;
}

void http_address(const struct http *h, char out[HTTP_ADDRESS_TEXT])
{
	struct sockaddr_storage a = {0};
	char name[INET6_ADDRSTRLEN] = "";
	int size = sizeof(a);
	ASSERT(uv_tcp_getsockname(&h->listener, (struct sockaddr *)&a, &size) == 0);
	bool v6 = a.ss_family == AF_INET6;
	ASSERT(uv_ip_name((struct sockaddr *)&a, name, sizeof(name)) == 0);
	/* The port stands at the same place for both families. */
	snprintf(out, HTTP_ADDRESS_TEXT, "%s%s%s:%d", v6 ? "[" : "", name, v6 ? "]" : "",
		ntohs(((struct sockaddr_in *)(void *)&a)->sin_port));
}

const struct http_counts *http_counts(const struct http *h)
{
	return &h->counts;
}

/* ---- ending ---- */

static void stop_accepting(struct http *h)
{
	if (!uv_is_closing((uv_handle_t *)&h->listener))
		uv_close((uv_handle_t *)&h->listener, NULL);
	h2o_context_request_shutdown(&h->context);
}

void http_drain(struct http *h, void (*done)(void *context), void *context)
{
	ASSERT(!h->draining && !h->closing && done);
	h->draining = true;
	h->done = done;
	h->done_context = context;
	stop_accepting(h);
	/* As in guard_watch(): who is closed still leads to the next. */
	for (struct connection *c = h->connections; c; c = c->next) {
		if (!c->closed && c->exchange && c->exchange->stream)
			stream_shut(c->exchange);
		else
			connection_close_idle(c);
	}
	http_settle(h);
}

void http_close(struct http *h)
{
	ASSERT(!h->closing);
	h->closing = true;
	stop_accepting(h);
	for (struct connection *c = h->connections; c; c = c->next)
		if (!c->closed)
			connection_kill(c);
	lingers_kill(h);
	http_settle(h);
}

static bool is_empty(const struct http *h)
{
	return h->connections_held == 0 && h->exchanges_now == 0 && h->lingers_now == 0;
}

void http_settle(struct http *h)
{
	/* Always from the timer: whoever calls this is in the middle of something. */
	if ((h->done || h->closing) && is_empty(h))
		uv_timer_start(&h->watch, guard_watch, 0, h->watch_ms);
}

/* What h2o_context_dispose() does, less the turn of the loop it runs inside itself: libuv forbids
 * that in a callback, and this is one. The handles closed here are gone when the timer fires next.
 */
static void context_take_apart(struct http *h)
{
	h2o_context_t *x = &h->context;
	h2o_hostconf_t *host = h->config.hosts[0];
	h2o_timeout_t *timeouts[] = {&x->zero_timeout, &x->one_sec_timeout, &x->hundred_ms_timeout,
		&x->handshake_timeout, &x->http1.req_timeout, &x->http2.idle_timeout,
		&x->http2.graceful_shutdown_timeout, &x->proxy.io_timeout};
	ASSERT(is_empty(h)); /* a live connection's timer would make h2o abort */
	for (size_t i = 0; i < host->paths.size; i++)
		h2o_context_dispose_pathconf_context(x, &host->paths.entries[i]);
	h2o_context_dispose_pathconf_context(x, &host->fallback_path);
	free(x->_pathconfs_inited.entries);
	free(x->_module_configs);
	for (size_t i = 0; i < ARRAY_LEN(timeouts); i++)
		h2o_timeout_dispose(h->loop, timeouts[i]);
	h2o_filecache_destroy(x->filecache);
	free(x->storage.entries);
	h2o_multithread_unregister_receiver(x->queue, &x->receivers.hostinfo_getaddr);
	h2o_multithread_destroy_queue(x->queue);
	if (x->_timestamp_cache.value)
		h2o_mem_release_shared(x->_timestamp_cache.value);
	h2o_config_dispose(&h->config);
}

static void on_watch_closed(uv_handle_t *watch)
{
	struct http *h = watch->data;
	peers_deinit(&h->peers);
	while (http_spare_free(h))
		continue;
	free(h);
}

void http_progress(struct http *h)
{
	if (!is_empty(h))
		return;
	if (h->done) {
		void (*done)(void *context) = h->done;
		h->done = NULL;
		done(h->done_context);
	} else if (h->disposed) {
		uv_close((uv_handle_t *)&h->watch, on_watch_closed);
	} else if (h->closing) {
		h->disposed = true;
		context_take_apart(h);
		/* Not 0: that would fire within this very turn, before the handles are gone. */
		uv_timer_start(&h->watch, guard_watch, 1, h->watch_ms);
	}
}
