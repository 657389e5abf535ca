/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * A load generator for the bench: keep-alive HTTP/1.1 over a few connections to a loopback port,
 * one request in flight on each, one thread, epoll. Bodies come from a file, one a line.
 *
 *     load --port N --path PATH | --paths FILE [--token-file FILE] [--bodies FILE [--repeat]]
 * [--key PREFIX]
 *          [--connections N] [--requests N] [--seconds N] [--save FILE]
 *
 * Paths of a file are asked for in turn. With --bodies it POSTs them in order until they, the
 * requests or the seconds are used up, again from the start with --repeat; without it GETs. --key
 * sends a fresh Idempotency-Key with each.
 * --save keeps the answers, one line each in the order of the requests, empty where it was no 2xx.
 * Prints one line of figures and ends by itself whatever the server does.
 */

#include "rules/base.h"
#include "tests/bench/load_http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	CONNECTIONS_MAX = 256,
	REQUESTS_MAX = 1000000,
	SECONDS_MAX = 60,
	GRACE_S = 10, /* for answers under way when the time is over */
	LOST_MAX = 100,
	PATH_BYTES = 1000,
};

struct options {
	const char *path, *key, *save;
	long port, connections, requests, seconds;
	bool repeat;
};

struct connection {
	int fd;		  /* owned; -1 when closed */
	bool waits, full; /* an answer is due; the socket takes no more just now */
	uint32_t index;	  /* of the request under way */
	uint64_t began_ns;
	struct request request;
	struct answer answer;
};

struct load {
	struct options options;
	struct lines bodies, paths;
	char token[256];
	int poll; /* owned */
	struct connection connections[CONNECTIONS_MAX];
	uint32_t next, waiting;
	uint64_t began_ns, last_ns, answer_bytes;
	uint32_t ok, refused, other, lost;
	uint32_t *took_ns; /* owned: one for each answer */
	char **saved;	   /* owned: answers by request, NULL without --save */
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static bool load_is_over(const struct load *load)
{
	const struct options *o = &load->options;

	return load->next >= (uint64_t)o->requests ||
	       (load->bodies.count > 0 && !o->repeat && load->next >= load->bodies.count) ||
	       load->lost >= LOST_MAX ||
	       now_ns() - load->began_ns >= (uint64_t)o->seconds * 1000000000U;
}

static bool connection_open(struct load *load, struct connection *c)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)load->options.port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = c}};
	int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		fcntl(c->fd, F_SETFL, O_NONBLOCK) != 0) {
		perror("load: connect");
		return false;
	}
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return epoll_ctl(load->poll, EPOLL_CTL_ADD, c->fd, &event) == 0;
}

/* The server went away, or said something that is no answer: counted, and tried anew. */
static void connection_lose(struct load *load, struct connection *c)
{
	close(c->fd);
	c->fd = -1;
	c->full = false;
	if (c->waits) {
		c->waits = false;
		load->waiting--;
		load->lost++;
	}
}

/* Sends what is still to be sent; asks to be told when the socket takes more. */
static void connection_send(struct load *load, struct connection *c)
{
	struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = c}};
	struct request *r = &c->request;
	bool was_full = c->full;

	for (c->full = false; r->sent < r->bytes_len;) {
		ssize_t n = send(c->fd, r->bytes + r->sent, r->bytes_len - r->sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN) {
			c->full = true;
			break;
		}
		if (n <= 0) {
			connection_lose(load, c);
			return;
		}
		r->sent += (size_t)n;
	}
	if (c->full)
		event.events |= EPOLLOUT;
	if (c->full != was_full)
		epoll_ctl(load->poll, EPOLL_CTL_MOD, c->fd, &event);
}

static void connection_begin(struct load *load, struct connection *c)
{
	struct request_of of = {.path = load->options.path, .token = load->token};
	char key[128], path[PATH_BYTES];

	if (load_is_over(load) || (c->fd < 0 && !connection_open(load, c)))
		return;
	c->index = load->next++;
	if (load->bodies.count > 0)
		of.body = load->bodies.lines[c->index % load->bodies.count];
	if (load->paths.count > 0) {
		snprintf(path, sizeof(path), "%.*s",
			STR_FMT(load->paths.lines[c->index % load->paths.count]));
		of.path = path;
	}
	if (load->options.key) {
		snprintf(key, sizeof(key), "%.90s-%u", load->options.key, c->index);
		of.key = key;
	}
	request_build(&c->request, &of);
	answer_reset(&c->answer);
	c->waits = true;
	load->waiting++;
	c->began_ns = now_ns();
	connection_send(load, c);
}

static void answer_count(struct load *load, struct connection *c)
{
	const struct answer *a = &c->answer;
	uint64_t now = now_ns(), took = now - c->began_ns;

	load->took_ns[load->ok + load->refused + load->other] =
		(uint32_t)(took < UINT32_MAX ? took : UINT32_MAX);
	load->last_ns = now;
	load->answer_bytes += a->body_bytes;
	if (a->status / 100 == 2)
		load->ok++;
	else if ((a->status == 409 ? load->refused++ : load->other++) == 0)
		fprintf(stderr, "load: %s answered %d: %.*s\n", load->options.path, a->status,
			(int)(a->body_bytes < 400 ? a->body_bytes : 400), a->bytes + a->head_bytes);
	if (load->saved && a->status / 100 == 2)
		load->saved[c->index] = strndup(a->bytes + a->head_bytes, a->body_bytes);
}

static void connection_read(struct load *load, struct connection *c)
{
	enum answer_state state = answer_read(&c->answer, c->fd);

	if (state == ANSWER_WAITS)
		return;
	if (state == ANSWER_BROKEN || !c->waits) {
		connection_lose(load, c);
	} else {
		answer_count(load, c);
		c->waits = false;
		load->waiting--;
		if (c->answer.closes) {
			close(c->fd);
			c->fd = -1;
			c->full = false;
		}
	}
	connection_begin(load, c);
}

static void load_run(struct load *load)
{
	struct epoll_event events[64];
	uint64_t end_ns;

	load->began_ns = load->last_ns = now_ns();
	end_ns = load->began_ns + (uint64_t)(load->options.seconds + GRACE_S) * 1000000000U;
	for (long i = 0; i < load->options.connections; i++) {
		load->connections[i].fd = -1;
		connection_begin(load, &load->connections[i]);
	}
	while (load->waiting > 0 && now_ns() < end_ns) {
		int n = epoll_wait(load->poll, events, (int)ARRAY_LEN(events), 1000);

		for (int i = 0; i < n; i++) {
			struct connection *c = events[i].data.ptr;

			if (c->fd >= 0 && events[i].events & EPOLLOUT)
				connection_send(load, c);
			if (c->fd >= 0 && events[i].events & ~(uint32_t)EPOLLOUT)
				connection_read(load, c);
		}
	}
	load->lost += load->waiting;
}

static int u32_order(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void load_report(struct load *load)
{
	uint32_t n = load->ok + load->refused + load->other;
	double seconds = (double)(load->last_ns - load->began_ns) / 1e9;

	qsort(load->took_ns, n, sizeof(load->took_ns[0]), u32_order);
	printf("ok=%u refused=%u other=%u lost=%u seconds=%.3f per_s=%.1f ok_per_s=%.1f "
	       "p50_us=%.1f p99_us=%.1f answer_bytes=%.0f\n",
		load->ok, load->refused, load->other, load->lost, seconds,
		n ? (double)n / seconds : 0, n ? (double)load->ok / seconds : 0,
		n ? (double)load->took_ns[n / 2] / 1e3 : 0,
		n ? (double)load->took_ns[(uint64_t)n * 99 / 100] / 1e3 : 0,
		n ? (double)load->answer_bytes / n : 0);
}

/* One line for each request, so that the answers stay beside the bodies they belong to. */
static bool load_save(const struct load *load)
{
	FILE *file = fopen(load->options.save, "w");

	if (!file) {
		perror(load->options.save);
		return false;
	}
	for (uint32_t i = 0; i < load->next; i++) {
		for (const char *p = load->saved[i]; p && *p; p++)
			fputc(*p == '\n' ? ' ' : *p, file);
		fputc('\n', file);
	}
	return fclose(file) == 0;
}

static void token_read(char *token, size_t size, const char *path)
{
	FILE *file = fopen(path, "r");

	if (file && fgets(token, (int)size, file))
		token[strcspn(token, "\r\n")] = '\0';
	if (file)
		fclose(file);
}

/* False when a word is unknown or a number is out of its bounds. */
static bool options_read(struct load *load, char **words)
{
	struct options *o = &load->options;
	const struct {
		const char *name;
		const char **text;
		long *number, max;
	} known[] = {
		{"--path", &o->path, NULL, 0},
		{"--key", &o->key, NULL, 0},
		{"--save", &o->save, NULL, 0},
		{"--port", NULL, &o->port, 65535},
		{"--connections", NULL, &o->connections, CONNECTIONS_MAX},
		{"--requests", NULL, &o->requests, REQUESTS_MAX},
		{"--seconds", NULL, &o->seconds, SECONDS_MAX},
	};

	for (; *words; words++) {
		size_t i = 0;

		if (strcmp(*words, "--repeat") == 0) {
			o->repeat = true;
			continue;
		}
		while (i < ARRAY_LEN(known) && strcmp(*words, known[i].name) != 0)
			i++;
		if (!words[1])
			return false;
		if (strcmp(*words, "--token-file") == 0)
			token_read(load->token, sizeof(load->token), words[1]);
		else if (strcmp(*words, "--bodies") == 0 && !lines_read(&load->bodies, words[1]))
			return false;
		else if (strcmp(*words, "--paths") == 0) {
			if (!lines_read(&load->paths, words[1]))
				return false;
			o->path = words[1];
		} else if (i < ARRAY_LEN(known) && known[i].text)
			*known[i].text = words[1];
		else if (i < ARRAY_LEN(known) && known[i].number)
			*known[i].number = strtol(words[1], NULL, 10);
		else if (strcmp(*words, "--bodies") != 0)
			return false;
		if (i < ARRAY_LEN(known) && known[i].number &&
			(*known[i].number < 1 || *known[i].number > known[i].max))
			return false;
		words++;
	}
	return o->path != NULL && o->port > 0;
}

int main(int argc, char **argv)
{
	static struct load load = {
		.options = {.connections = 1, .requests = REQUESTS_MAX, .seconds = 5}};
	bool saved = true;

	(void)argc;
	if (!options_read(&load, argv + 1)) {
		fprintf(stderr, "load: see the head of load.c for its words and their bounds\n");
		return 64;
	}
	alarm((unsigned)load.options.seconds + 2 * GRACE_S); /* the last resort */
	load.poll = epoll_create1(EPOLL_CLOEXEC);
	load.took_ns = calloc(REQUESTS_MAX, sizeof(load.took_ns[0]));
	ASSERT(load.poll >= 0 && load.took_ns != NULL);
	if (load.options.save) {
		load.saved = calloc(REQUESTS_MAX, sizeof(load.saved[0]));
		ASSERT(load.saved != NULL);
	}
	load_run(&load);
	load_report(&load);
	if (load.saved)
		saved = load_save(&load);
	return saved && load.ok > 0 ? 0 : 1;
}
