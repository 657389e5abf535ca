/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * A lingering close (RFC 9112 9.6). A socket closed with unread bytes is reset, and the reset can
 * destroy the answer on its way: a client still sending a body too large would never read why. h2o
 * closes at once; so we duplicate the descriptor first, say that nothing more comes, and read and
 * drop what still arrives, within bounds. Over TLS h2o's farewell comes first: it is waited for.
 */

#include <fcntl.h>
#include <h2o.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "server/http_internal.h"

struct lingering {
	uv_tcp_t tcp; /* first */
	struct http *http;
	struct connection *connection; /* whose farewell is waited for, or NULL */
	struct lingering *next, *previous;
	uint64_t until_ms;
	uint64_t dropped;
	int untaken; /* of our answer, when we last looked */
	bool ending;
};

static void on_closed(uv_handle_t *handle)
{
	struct lingering *l = handle->data;
	struct http *h = l->http;
	ASSERT(h->lingers_now > 0);
	h->lingers_now--;
	if (l->previous)
		l->previous->next = l->next;
	else
		h->lingers = l->next;
	if (l->next)
		l->next->previous = l->previous;
	free(l);
	http_settle(h);
}

static void linger_end(struct lingering *l)
{
	if (l->ending)
		return;
	l->ending = true;
	if (l->connection)
		l->connection->lingering = NULL;
	l->connection = NULL;
	uv_close((uv_handle_t *)&l->tcp, on_closed);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct lingering *l = handle->data;
	(void)suggested;
	*buf = uv_buf_init(l->http->sink, sizeof(l->http->sink));
}

static int untaken_by(const struct lingering *l)
{
	int fd, n = 0;
	if (uv_fileno((const uv_handle_t *)&l->tcp, &fd) != 0 || ioctl(fd, SIOCOUTQ, &n) != 0)
		n = 0;
	return n;
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct lingering *l = stream->data;
	(void)buf;
	if (n > 0)
		l->dropped += (uint64_t)n;
	if (n == UV_EOF && untaken_by(l) > 0)
		uv_read_stop(stream); /* he says no more, and may still take */
	else if (n < 0 || l->dropped > LINGER_BYTES_MAX)
		linger_end(l);
}

static void linger_begin(struct lingering *l)
{
	int fd;
	l->until_ms = uv_now(l->http->loop) + LINGER_MS;
	if (uv_fileno((const uv_handle_t *)&l->tcp, &fd) == 0)
		shutdown(fd, SHUT_WR);
	if (uv_read_start((uv_stream_t *)&l->tcp, on_alloc, on_read) != 0)
		linger_end(l);
}

void linger_follow(struct lingering *l)
{
	bool killed = l->connection->killed;
	l->connection->lingering = NULL;
	l->connection = NULL;
	if (killed)
		linger_end(l); /* the last descriptor: now it is reset */
	else
		linger_begin(l);
}

void linger_start(struct connection *c)
{
	struct http *h = c->http;
	if (h->lingers_now >= LINGERS_MAX || h->closing)
		return;
	ASSERT(!c->lingering);
	int copy = fcntl(h2o_socket_get_fd(c->sock), F_DUPFD_CLOEXEC, 0);
	if (copy < 0)
		return;
	struct lingering *l = calloc(1, sizeof(*l));
	ASSERT(l);
	int status = uv_tcp_init(h->loop, &l->tcp);
	ASSERT(status == 0);
	l->tcp.data = l;
	l->http = h;
	l->next = h->lingers;
	if (l->next)
		l->next->previous = l;
	h->lingers = l;
	h->lingers_now++;
	if (uv_tcp_open(&l->tcp, copy) != 0) {
		close(copy);
		linger_end(l);
		return;
	}
	if (c->sock->ssl) {
		l->connection = c;
		c->lingering = l;
	} else {
		linger_begin(l);
	}
}

/* Whoever takes an answer is given time, whoever takes nothing of it is reset: the kernel would
 * offer it to him for many minutes. */
static void linger_watch(struct lingering *l, uint64_t now_ms)
{
	const struct linger hard = {.l_onoff = 1, .l_linger = 0};
	int fd, untaken = untaken_by(l);

	if (l->connection || now_ms < l->until_ms || l->ending)
		return;
	if (untaken > 0 && untaken != l->untaken) {
		l->untaken = untaken;
		l->until_ms = now_ms + l->http->limits.stalled_ms_max;
		return;
	}
	if (untaken > 0 && uv_fileno((uv_handle_t *)&l->tcp, &fd) == 0) {
		l->http->counts.stalled++;
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	}
	linger_end(l);
}

void lingers_watch(struct http *h, uint64_t now_ms)
{
	for (struct lingering *l = h->lingers; l; l = l->next)
		linger_watch(l, now_ms);
}

void lingers_kill(struct http *h)
{
	for (struct lingering *l = h->lingers; l; l = l->next)
		linger_end(l);
}
