/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE 1 /* POLLRDHUP, strcasestr */

#include "tests/hostile/session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#define ZLIB_CONST /* the input is only read */
#include <zlib.h>

enum { DEAF_BYTES = 2048 };

void session_begin(struct session *s, int port, uint32_t number)
{
	struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
	int small = DEAF_BYTES;

	from.sin_addr.s_addr = htonl(UINT32_C(127) << 24 | (0x10000 + number % 0xff0000));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)port);
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(s->fd >= 0);
	if (s->deaf || s->sip)
		setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	assert_int_equal(bind(s->fd, (struct sockaddr *)&from, sizeof from), 0);
	assert_int_equal(connect(s->fd, (struct sockaddr *)&to, sizeof to), 0);
	assert_int_equal(fcntl(s->fd, F_SETFL, O_NONBLOCK), 0);
}

static void over(struct session *s)
{
	close(s->fd);
	s->fd = -1;
}

static void hear(struct session *s)
{
	char dropped[4096];
	struct pollfd p = {.fd = s->fd, .events = POLLRDHUP};

	if (s->deaf) {
		if (poll(&p, 1, 0) > 0)
			s->closed = true;
		return;
	}
	for (;;) {
		size_t room = SESSION_IN_MAX - s->in_n;
		if (s->sip && s->sip < room)
			room = s->sip;
		ssize_t n = room ? recv(s->fd, s->in + s->in_n, room, 0)
				 : recv(s->fd, dropped, sizeof dropped, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			s->closed = true;
			return;
		}
		if (room)
			s->in_n += (size_t)n;
		if (s->sip)
			return;
	}
}

static void say(struct session *s)
{
	size_t n = s->bytes.n - s->sent < s->step ? s->bytes.n - s->sent : s->step;
	ssize_t taken = n ? send(s->fd, s->bytes.p + s->sent, n, MSG_NOSIGNAL) : 0;

	/* A server that closed may refuse the rest; what it said is still to be heard. */
	if (taken > 0)
		s->sent += (size_t)taken;
}

static void leave(struct session *s)
{
	struct linger hard = {.l_onoff = 1, .l_linger = 0};

	if (s->end == END_RESETS)
		setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
	over(s);
}

bool session_step(struct session *s)
{
	if (s->fd < 0)
		return false;
	if (s->sent < s->bytes.n)
		say(s);
	hear(s);
	if (s->closed) {
		over(s);
		return false;
	}
	if (s->sent < s->bytes.n)
		return true;
	if (s->pause > 0) {
		s->pause--;
		return true;
	}
	if (s->end == END_FINISHES) {
		shutdown(s->fd, SHUT_WR);
		s->end = END_STAYS;
	} else if (s->end != END_STAYS) {
		leave(s);
		return false;
	}
	return true;
}

/* ---- what it was told ---- */

/* Whether all of it is one gzip, whole. */
static bool is_gzip(const char *p, size_t n)
{
	z_stream z = {.next_in = (const unsigned char *)p, .avail_in = (unsigned)n};
	unsigned char out[4096];
	int said = inflateInit2(&z, 15 + 16);

	while (said == Z_OK) {
		z.next_out = out;
		z.avail_out = sizeof out;
		said = inflate(&z, Z_NO_FLUSH);
	}
	(void)inflateEnd(&z);
	return said == Z_STREAM_END && z.avail_in == 0;
}

struct told_all {
	uint32_t answers, good, refusals; /* final answers, of 200, of 4xx */
	const char *fault;
	bool cut; /* the last one is not whole */
};

/* One answer from `at` on; where the next begins. */
static size_t one_answer(const struct session *s, size_t at, struct told_all *all)
{
	const char *p = s->in + at; /* NUL behind all of it */
	const char *end = memmem(p, s->in_n - at, "\r\n\r\n", 4);
	int status = 0;

	if (!end) {
		all->cut = true;
		return s->in_n;
	}
	if (sscanf(p, "HTTP/1.1 %3d ", &status) != 1) {
		all->fault = "this is no answer";
		return s->in_n;
	}
	size_t head_n = (size_t)(end + 4 - p);
	if (status < 200)
		return at + head_n;
	all->answers++;
	all->good += status == 200;
	all->refusals += status / 100 == 4;
	if (status >= 500 && status != 503)
		all->fault = "the server was at a loss";
	const char *length = strcasestr(p, "\r\ncontent-length:");
	if (!length || length > end) /* a stream, up to its end; or nothing */
		return status == 200 ? s->in_n : at + head_n;
	size_t body_n = strtoul(length + strlen("\r\ncontent-length:"), NULL, 10);
	all->cut = body_n > s->in_n - at - head_n;
	if (s->packed && status == 200 && !all->cut && !is_gzip(p + head_n, body_n))
		all->fault = "gzip was due";
	return all->cut ? s->in_n : at + head_n + body_n;
}

const char *session_fault(const struct session *s)
{
	struct told_all all = {0};

	for (size_t at = 0; at < s->in_n && !all.fault;)
		at = one_answer(s, at, &all);
	if (all.fault)
		return all.fault;
	bool whole = !all.cut && s->closed;
	switch (s->due) {
	case DUE_ANYTHING: return NULL;
	case DUE_ONE_4XX:
		return whole && all.answers == 1 && all.refusals == 1
			       ? NULL
			       : "one refusal and the end were due";
	case DUE_CLOSED:
		return s->closed && all.answers == all.refusals && all.answers <= 1
			       ? NULL
			       : "at most one refusal and the end were due";
	case DUE_ANSWERS:
		return whole && all.answers == s->answers && all.good == s->answers
			       ? NULL
			       : "an answer to each request was due";
	}
	return "nothing was due";
}

void session_free(struct session *s)
{
	if (s->fd >= 0)
		over(s);
	text_free(s->bytes);
	free(s->in);
}
