/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct client {
	int fd;
	char *in; /* received and not yet part of an answer */
	size_t in_n, in_room;
	bool closed; /* the server's half, or all of it */
};

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool wait_for(int fd, short events, int64_t deadline_ms)
{
	for (;;) {
		struct pollfd p = {.fd = fd, .events = events};
		int64_t left = deadline_ms - now_ms();
		int n = poll(&p, 1, left > 0 ? (int)left : 0);
		if (n > 0)
			return true;
		if (n == 0 || errno != EINTR)
			return false;
	}
}

/* ---- the connection ---- */

static struct client *open_with(int port, const char *source, int receive_bytes)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ASSERT(fd >= 0);
	if (source) {
		ASSERT(inet_pton(AF_INET, source, &a.sin_addr) == 1);
		ASSERT(bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	}
	a.sin_port = htons((uint16_t)port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (receive_bytes > 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof(receive_bytes));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
		close(fd);
		return NULL;
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
	struct client *c = calloc(1, sizeof(*c));
	ASSERT(c);
	c->fd = fd;
	return c;
}

struct client *client_open(int port)
{
	return open_with(port, NULL, 0);
}

struct client *client_open_from(int port, const char *source)
{
	return open_with(port, source, 0);
}

struct client *client_open_narrow(int port, int receive_bytes)
{
	return open_with(port, NULL, receive_bytes);
}

void client_close(struct client *c)
{
	if (!c)
		return;
	close(c->fd);
	free(c->in);
	free(c);
}

void client_reset(struct client *c)
{
	struct linger hard = {.l_onoff = 1, .l_linger = 0};
	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	client_close(c);
}

void client_finish(struct client *c)
{
	shutdown(c->fd, SHUT_WR);
}

int client_fd(const struct client *c)
{
	return c->fd;
}

/* ---- sending ---- */

bool client_send(struct client *c, struct str bytes)
{
	int64_t deadline = now_ms() + CLIENT_WAIT_MS;
	while (bytes.n > 0) {
		ssize_t n = send(c->fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		if (n > 0)
			bytes = (struct str){bytes.p + n, bytes.n - (size_t)n};
		else if (errno != EAGAIN && errno != EINTR)
			return false;
		else if (!wait_for(c->fd, POLLOUT, deadline))
			return false;
	}
	return true;
}

bool client_send_text(struct client *c, const char *text)
{
	return client_send(c, str_from(text));
}

/* ---- receiving ---- */

/* Takes what is there, waiting for something at most until the deadline. */
static bool receive(struct client *c, int64_t deadline_ms)
{
	if (c->closed || !wait_for(c->fd, POLLIN, deadline_ms))
		return false;
	if (c->in_room - c->in_n < 65536) {
		c->in_room = c->in_room ? 2 * c->in_room : (size_t)1 << 17;
		c->in = realloc(c->in, c->in_room);
		ASSERT(c->in);
	}
	ssize_t n = recv(c->fd, c->in + c->in_n, c->in_room - c->in_n, 0);
	if (n > 0)
		c->in_n += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		c->closed = true;
	return n > 0;
}

static bool receive_upto(struct client *c, size_t n, int64_t deadline_ms)
{
	while (c->in_n < n)
		if (!receive(c, deadline_ms) && (c->closed || now_ms() >= deadline_ms))
			return false;
	return true;
}

static size_t find(const struct client *c, size_t from, const char *text)
{
	size_t n = strlen(text);
	for (size_t i = from; i + n <= c->in_n; i++)
		if (memcmp(c->in + i, text, n) == 0)
			return i;
	return SIZE_MAX;
}

static size_t receive_find(struct client *c, size_t from, const char *text, int64_t deadline_ms)
{
	size_t at;
	while ((at = find(c, from, text)) == SIZE_MAX)
		if (!receive_upto(c, c->in_n + 1, deadline_ms))
			return SIZE_MAX;
	return at;
}

static void drop(struct client *c, size_t n)
{
	ASSERT(n <= c->in_n);
	c->in_n -= n;
	if (n)
		memmove(c->in, c->in + n, c->in_n);
}

/* ---- one answer ---- */

static struct str trim(struct str s)
{
	while (s.n && (*s.p == ' ' || *s.p == '\t'))
		s = (struct str){s.p + 1, s.n - 1};
	return s;
}

static void header_take(struct response *r, char *line, size_t n)
{
	char *colon = memchr(line, ':', n);
	if (!colon || r->headers_len == CLIENT_HEADERS_MAX)
		return;
	for (char *p = line; p < colon; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	struct str name = {line, (size_t)(colon - line)};
	struct str value = trim((struct str){colon + 1, n - name.n - 1});
	*colon = '\0';
	line[n] = '\0';
	r->headers[r->headers_len].name = name;
	r->headers[r->headers_len++].value = value;
}

static void head_take(struct response *r, const char *head, size_t n)
{
	r->owned = malloc(n + 1);
	ASSERT(r->owned);
	memcpy(r->owned, head, n);
	r->owned[n] = '\0';
	if (n > 12 && memcmp(head, "HTTP/1.", 7) == 0)
		r->status = (int)strtol(head + 9, NULL, 10);
	char *line = strstr(r->owned, "\r\n");
	while (line && line[2] != '\r' && line[2] != '\0') {
		char *end = strstr(line + 2, "\r\n");
		if (!end)
			break;
		header_take(r, line + 2, (size_t)(end - line) - 2);
		line = end;
	}
	r->keep_alive = !str_is(response_header(r, "connection"), "close");
	r->chunked = str_is(response_header(r, "transfer-encoding"), "chunked");
}

/* By doubling: a journal comes in thousands of chunks, and a sanitizer's realloc always copies. */
static size_t body_room(size_t n)
{
	size_t room = (size_t)1 << 12;

	while (room < n + 1)
		room *= 2;
	return room;
}

static void body_add(struct response *r, const char *p, size_t n)
{
	size_t room = body_room(r->body.n + n);

	if (!r->owned_body || room > body_room(r->body.n))
		r->owned_body = realloc(r->owned_body, room);
	ASSERT(r->owned_body);
	if (n)
		memcpy(r->owned_body + r->body.n, p, n);
	r->body.n += n;
	r->owned_body[r->body.n] = '\0';
	r->body.p = r->owned_body;
}

static bool chunks_take(struct client *c, struct response *r, int64_t deadline_ms)
{
	for (;;) {
		size_t eol = receive_find(c, 0, "\r\n", deadline_ms);
		if (eol == SIZE_MAX)
			return false;
		size_t n = (size_t)strtoull(c->in, NULL, 16);
		if (!receive_upto(c, eol + 2 + n + 2, deadline_ms))
			return false;
		body_add(r, c->in + eol + 2, n);
		drop(c, eol + 2 + n + 2);
		if (n == 0)
			return true;
	}
}

static bool body_take(struct client *c, struct response *r, int64_t deadline_ms)
{
	struct str length = response_header(r, "content-length");
	body_add(r, NULL, 0);
	if (r->chunked)
		return chunks_take(c, r, deadline_ms);
	if (length.p) {
		size_t n = (size_t)strtoull(length.p, NULL, 10);
		if (!receive_upto(c, n, deadline_ms))
			return false;
		body_add(r, c->in, n);
		drop(c, n);
		return true;
	}
	if (r->status == 204 || r->status == 304)
		return true;
	while (!c->closed)
		if (!receive(c, deadline_ms) && !c->closed && now_ms() >= deadline_ms)
			return false;
	body_add(r, c->in, c->in_n);
	drop(c, c->in_n);
	return true;
}

struct response client_read(struct client *c, bool to_head, int wait_ms)
{
	int64_t deadline = now_ms() + wait_ms;
	struct response r;
	do {
		r = (struct response){0};
		size_t end = receive_find(c, 0, "\r\n\r\n", deadline);
		if (end == SIZE_MAX)
			return r;
		head_take(&r, c->in, end + 4);
		drop(c, end + 4);
		if (r.status / 100 == 1)
			response_free(&r); /* an interim answer: the real one follows */
	} while (r.status == 0 && !r.owned && now_ms() < deadline);
	if (!to_head && !body_take(c, &r, deadline))
		r.status = 0;
	return r;
}

void response_free(struct response *r)
{
	free(r->owned);
	free(r->owned_body);
	*r = (struct response){0};
}

struct str response_header(const struct response *r, const char *lower_case_name)
{
	for (uint32_t i = 0; i < r->headers_len; i++)
		if (str_is(r->headers[i].name, lower_case_name))
			return r->headers[i].value;
	return STR_NULL;
}

bool client_wait_text(struct client *c, const char *text, int wait_ms)
{
	return receive_find(c, 0, text, now_ms() + wait_ms) != SIZE_MAX;
}

bool client_wait_closed(struct client *c, int wait_ms)
{
	int64_t deadline = now_ms() + wait_ms;
	while (!c->closed && now_ms() < deadline) {
		receive(c, deadline);
		c->in_n = 0;
	}
	return c->closed;
}

/* ---- polite requests ---- */

struct response client_request(struct client *c, const char *method, const char *path,
	const struct client_header *headers, struct str body)
{
	char *head = NULL;
	size_t head_n = 0;
	FILE *f = open_memstream(&head, &head_n);
	ASSERT(f);
	fprintf(f, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, path);
	for (; headers && headers->name; headers++)
		fprintf(f, "%s: %s\r\n", headers->name, headers->value);
	if (body.p)
		fprintf(f, "Content-Length: %zu\r\n", body.n);
	fputs("\r\n", f);
	ASSERT(fclose(f) == 0);
	/* A refusal may come before all is sent: what the server said counts, not what it took. */
	if (client_send(c, (struct str){head, head_n}) && body.p)
		client_send(c, body);
	free(head);
	return client_read(c, strcmp(method, "HEAD") == 0, CLIENT_WAIT_MS);
}

struct response client_once(int port, const char *method, const char *path,
	const struct client_header *headers, struct str body)
{
	struct client *c = client_open(port);
	struct response r = {0};
	if (c)
		r = client_request(c, method, path, headers, body);
	client_close(c);
	return r;
}
