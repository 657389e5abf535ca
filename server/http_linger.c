/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * A lingering close (RFC 9112 9.6). A socket closed with unread bytes is reset, and the reset can
 * destroy the answer on its way: a client still sending a body too large would never read why. h2o
 * closes at once; so we duplicate the descriptor first, say that nothing more comes, and read and
 * drop what still arrives, within bounds.
 */

#include <fcntl.h>
#include <h2o.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/http_internal.h"

struct lingering {
	uv_tcp_t tcp; /* first */
	struct http *http;
	struct lingering *next, *previous;
	uint64_t until_ms;
	uint64_t dropped;
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
	uv_close((uv_handle_t *)&l->tcp, on_closed);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct lingering *l = handle->data;
	(void)suggested;
	*buf = uv_buf_init(l->http->sink, sizeof(l->http->sink));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct lingering *l = stream->data;
	(void)buf;
	if (n > 0)
		l->dropped += (uint64_t)n;
	if (n < 0 || l->dropped > LINGER_BYTES_MAX)
		linger_end(l);
}

void linger_start(struct http *h, int fd)
{
	if (h->lingers_now >= LINGERS_MAX || h->closing)
		return;
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (copy < 0)
		return;
	struct lingering *l = calloc(1, sizeof(*l));
	ASSERT(l);
	int status = uv_tcp_init(h->loop, &l->tcp);
	ASSERT(status == 0);
	l->tcp.data = l;
	l->http = h;
	l->until_ms = uv_now(h->loop) + LINGER_MS;
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
	shutdown(copy, SHUT_WR);
	if (uv_read_start((uv_stream_t *)&l->tcp, on_alloc, on_read) != 0)
		linger_end(l);
}

void lingers_watch(struct http *h, uint64_t now_ms)
{
	for (struct lingering *l = h->lingers; l; l = l->next)
		if (now_ms >= l->until_ms)
			linger_end(l);
}

void lingers_kill(struct http *h)
{
	for (struct lingering *l = h->lingers; l; l = l->next)
		linger_end(l);
}
