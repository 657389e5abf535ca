/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Every limit, reached on purpose: small ones, so that nothing here takes long. */

#include "tests/http/probe.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

static struct client *open_at(int port)
{
	struct client *c = client_open(port);
	assert_non_null(c);
	return c;
}

static char *filled(size_t n)
{
	char *p = malloc(n + 1);
	assert_non_null(p);
	memset(p, 'x', n);
	p[n] = '\0';
	return p;
}

/* ---- bodies ---- */

static void check_too_large(struct response *r, bool keep_alive)
{
	assert_int_equal(r->status, 413);
	assert_int_equal(r->keep_alive, keep_alive);
	assert_str(response_header(r, "content-type"), "application/problem+json");
	assert_str(r->body, "{\"detail\":\"The body is larger than the server takes.\","
			    "\"status\":413,\"title\":\"The body is too large\","
			    "\"type\":\"/problems/too-large\"}");
	response_free(r);
}

static struct response send_chunked(struct client *c, size_t n)
{
	char size[32], *body = filled(n);
	snprintf(size, sizeof(size), "%zx\r\n", n);
	client_send_text(c, "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
	client_send_text(c, size);
	client_send(c, (struct str){body, n});
	client_send_text(c, "\r\n0\r\n\r\n");
	free(body);
	return client_read(c, false, CLIENT_WAIT_MS);
}

static void test_body(void **state)
{
	(void)state;
	/* The server reads 64 KiB more than it takes: up to there the connection is kept. */
	static const struct {
		size_t n;
		bool fits, kept;
	} table[] = {{1, true, true}, {1000, true, true}, {1001, false, true}, {60000, false, true},
		{70000, false, false}, {4 << 20, false, false}};
	int port = probe_start("body=1000");
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char *body = filled(table[i].n);
		for (int chunked = 0; chunked <= 1; chunked++) {
			struct client *c = open_at(port);
			struct response r = chunked ? send_chunked(c, table[i].n)
						    : client_request(c, "POST", "/echo", NULL,
							      (struct str){body, table[i].n});
			if (table[i].fits) {
				assert_int_equal(r.status, 200);
				assert_int_equal(r.body.n, 21 + table[i].n);
				response_free(&r);
			} else {
				check_too_large(&r, table[i].kept);
			}
			if (table[i].kept)
				assert_true(probe_works(c));
			else
				assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
			client_close(c);
		}
		free(body);
	}
	assert_int_equal(probe_count("too_large"), 8);
	probe_stop();
}

/* After a refusal the rest is read and dropped, but not for ever. */
static void test_endless_body(void **state)
{
	(void)state;
	enum { PIECE = 1 << 20, PIECES_MAX = 200 };
	int port = probe_start("body=1000");
	struct client *c = open_at(port);
	char *piece = filled(PIECE);
	assert_true(client_send_text(
		c, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999999\r\n\r\n"));
	int pieces = 0;
	while (pieces < PIECES_MAX && client_send(c, (struct str){piece, PIECE}))
		pieces++;
	assert_true(pieces < PIECES_MAX);
	free(piece);
	client_close(c);
	assert_int_equal(probe_count("too_large"), 1);
	probe_stop();
}

static void test_expect(void **state)
{
	(void)state;
	int port = probe_start("body=1000");
	struct client *c = open_at(port);
	assert_true(client_send_text(c, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
					"Expect: 100-continue\r\n\r\n"));
	assert_true(client_wait_text(c, "HTTP/1.1 100 Continue\r\n\r\n", CLIENT_WAIT_MS));
	assert_true(client_send_text(c, "abc"));
	struct response r = client_read(c, false, CLIENT_WAIT_MS);
	assert_int_equal(r.status, 200);
	response_free(&r);
	/* Nobody is asked to send what will not be taken. */
	assert_true(client_send_text(c,
		"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999999\r\n"
		"Expect: 100-continue\r\n\r\n"));
	assert_false(client_wait_text(c, "100 Continue", 50));
	r = client_read(c, false, CLIENT_WAIT_MS);
	check_too_large(&r, false);
	client_close(c);
	r = probe_raw("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: x\r\n\r\n");
	assert_int_equal(r.status, 417);
	response_free(&r);
	assert_int_equal(probe_count("malformed"), 1);
	probe_stop();
}

/* ---- heads ---- */

static void test_head(void **state)
{
	(void)state;
	/* 39 bytes of it are not filling; without its end the watchdog finds it. */
	static const struct {
		size_t filling;
		bool whole;
		int status;
	} table[] = {{2000 - 39, true, 200}, {2001 - 39, true, 400}, {100000, true, 400},
		{2100, false, 400}, {100000, false, 400}};
	int port = probe_start("head=2000 request_ms=400");
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct client *c = open_at(port);
		char *filling = filled(table[i].filling);
		assert_true(client_send_text(c, "GET /echo HTTP/1.1\r\nHost: hh\r\nX-F: "));
		assert_true(client_send_text(c, filling));
		if (table[i].whole)
			assert_true(client_send_text(c, "\r\n\r\n"));
		free(filling);
		struct response r = client_read(c, false, CLIENT_WAIT_MS);
		assert_int_equal(r.status, table[i].status);
		assert_int_equal(r.keep_alive, r.status == 200);
		assert_true(r.status == 200 ||
			    memcmp(response_header(&r, "content-type").p, "text/plain", 10) == 0);
		response_free(&r);
		assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
		client_close(c);
	}
	assert_int_equal(probe_count("malformed"), 4);
	assert_int_equal(probe_count("status_4xx"), 4);
	assert_int_equal(probe_count("slow"), 0);
	probe_stop();
}

static void test_many_fields(void **state)
{
	(void)state;
	int port = probe_start("");
	struct client *c = open_at(port);
	client_send_text(c, "GET /echo HTTP/1.1\r\nHost: h\r\n");
	for (int i = 0; i < 100; i++)
		client_send_text(c, "X: y\r\n");
	client_send_text(c, "\r\n");
	struct response r = client_read(c, false, CLIENT_WAIT_MS);
	assert_int_equal(r.status, 400);
	response_free(&r);
	client_close(c);
	assert_int_equal(probe_count("malformed"), 1);
	probe_stop();
}

/* ---- slow clients ---- */

static void test_slow_sender(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		int status;
	} table[] = {{"G", 408}, {"GET /echo HTTP/1.1\r\nHost:", 408},
		{"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc", 408},
		{"POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n", 408},
		{"", 0}};
	int port = probe_start("request_ms=200");
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct client *c = open_at(port);
		assert_true(client_send_text(c, table[i].bytes));
		struct response r = client_read(c, false, CLIENT_WAIT_MS);
		assert_int_equal(r.status, table[i].status);
		assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
		response_free(&r);
		client_close(c);
	}
	assert_int_equal(probe_count("slow"), 4);
	probe_stop();
}

/* A byte now and then does not buy more time. */
static void test_trickle(void **state)
{
	(void)state;
	int port = probe_start("request_ms=200");
	struct client *c = open_at(port);
	bool open = client_send_text(c, "GET /echo HTTP/1.1\r\nX: ");
	int bytes = 0;
	for (; open && bytes < 500; bytes++) {
		poll(NULL, 0, 10);
		struct pollfd p = {.fd = client_fd(c), .events = POLLIN};
		open = client_send_text(c, "x") && poll(&p, 1, 0) == 0;
	}
	assert_true(bytes < 300);
	assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
	client_close(c);
	probe_stop();
}

static void test_idle(void **state)
{
	(void)state;
	int port = probe_start("request_ms=150");
	struct client *c = open_at(port);
	assert_true(probe_works(c));
	assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
	client_close(c);
	assert_int_equal(probe_count("slow"), 0);
	assert_int_equal(probe_count("connections_now"), 1);
	probe_stop();
}

/* While the server was busy for longer than clients may be idle, one has asked: he is no idler. */
static void test_idle_beside_busy(void **state)
{
	(void)state;
	int port = probe_start("request_ms=300");
	struct client *busy = open_at(port), *c = open_at(port);
	for (int i = 0; i < 5; i++) {
		assert_true(probe_works(c));
		assert_true(client_send_text(busy, "GET /block?600 HTTP/1.1\r\nHost: h\r\n\r\n"));
		/* the second time in two parts: he is not slow either */
		assert_true(client_send_text(c, i % 2 ? "GET /echo HTTP/1.1\r\nHo"
						      : "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"));
		assert_true(i % 2 == 0 || client_send_text(c, "st: h\r\n\r\n"));
		struct response r = client_read(busy, false, CLIENT_WAIT_MS);
		assert_int_equal(r.status, 200);
		response_free(&r);
		r = client_read(c, false, CLIENT_WAIT_MS);
		assert_int_equal(r.status, 200);
		response_free(&r);
	}
	client_close(busy);
	client_close(c);
	probe_stop();
}

static void test_slow_reader(void **state)
{
	(void)state;
	int port = probe_start("stalled_ms=200");
	struct client *c = client_open_narrow(port, 4096);
	assert_non_null(c);
	/* A second request behind it must not be begun when the first answer breaks. */
	assert_true(client_send_text(c, "GET /big?20000000 HTTP/1.1\r\nHost: h\r\n\r\n"
					"GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"));
	probe_count_reaches("stalled", 1);
	assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
	client_close(c);
	assert_int_equal(probe_count("stalled"), 1);
	assert_int_equal(probe_count("connections_now"), 1);
	assert_int_equal(probe_count("in_flight_now"), 1);
	probe_stop();
}

/* Slow, but moving: left alone for far longer than stalled_ms. */
static void test_steady_reader(void **state)
{
	(void)state;
	int port = probe_start("stalled_ms=200");
	struct client *c = client_open_narrow(port, 65536);
	assert_non_null(c);
	assert_true(client_send_text(c, "GET /big?8000000 HTTP/1.1\r\nHost: h\r\n\r\n"));
	size_t n = 0;
	char bytes[100000];
	while (n < 8000000) {
		struct pollfd p = {.fd = client_fd(c), .events = POLLIN};
		assert_int_equal(poll(&p, 1, CLIENT_WAIT_MS), 1);
		ssize_t got = read(client_fd(c), bytes, sizeof(bytes));
		assert_true(got > 0);
		n += (size_t)got;
		poll(NULL, 0, 5);
	}
	client_close(c);
	assert_int_equal(probe_count("stalled"), 0);
	probe_stop();
}

/* ---- how many ---- */

static void test_connections(void **state)
{
	(void)state;
	static const char *const limits[] = {"connections=3", "per_address=3"};
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		int port = probe_start(limits[i]);
		struct client *c[3];
		for (size_t j = 0; j < ARRAY_LEN(c); j++) {
			c[j] = open_at(port);
			assert_true(probe_works(c[j]));
		}
		struct client *one_more = open_at(port);
		assert_false(probe_works(one_more));
		assert_true(client_wait_closed(one_more, CLIENT_WAIT_MS));
		client_close(one_more);
		/* From elsewhere: only the limit of all connections holds there. */
		struct client *other = client_open_from(port, "127.0.0.2");
		assert_int_equal(probe_works(other), i == 1);
		client_close(other);
		client_close(c[0]);
		/* The place is free again once the server has seen it go. */
		bool again = false;
		for (int tries = 0; tries < 300 && !again; tries++) {
			c[0] = open_at(port);
			again = probe_works(c[0]);
			if (!again) {
				client_close(c[0]);
				poll(NULL, 0, 10);
			}
		}
		assert_true(again);
		client_close(c[2]);
		client_close(c[1]);
		client_close(c[0]);
		if (i == 1)
			assert_true(probe_count("refused") >= 1);
		probe_stop();
	}
}

static void check_busy(struct response *r)
{
	assert_int_equal(r->status, 503);
	assert_str(response_header(r, "retry-after"), "1");
	assert_str(response_header(r, "content-type"), "application/problem+json");
	assert_non_null(strstr(r->body.p, "/problems/busy"));
	assert_true(r->keep_alive);
	response_free(r);
}

static void test_in_flight(void **state)
{
	(void)state;
	int port = probe_start("in_flight=2");
	struct client *a = open_at(port), *b = open_at(port), *c = open_at(port);
	assert_true(client_send_text(a, "GET /later?1000 HTTP/1.1\r\nHost: h\r\n\r\n"));
	assert_true(client_send_text(b, "GET /later?1000 HTTP/1.1\r\nHost: h\r\n\r\n"));
	/* Both are there once a third is refused; who is refused keeps his connection. */
	struct response r;
	bool busy = false;
	for (int tries = 0; tries < 100 && !busy; tries++) {
		r = client_request(c, "GET", "/echo", NULL, STR_NULL);
		busy = r.status == 503;
		if (!busy)
			response_free(&r);
	}
	assert_true(busy);
	check_busy(&r);
	r = client_read(a, false, CLIENT_WAIT_MS);
	assert_int_equal(r.status, 200);
	response_free(&r);
	r = client_read(b, false, CLIENT_WAIT_MS);
	assert_int_equal(r.status, 200);
	response_free(&r);
	assert_true(probe_works(c));
	client_close(a);
	client_close(b);
	client_close(c);
	assert_int_equal(probe_count("busy"), 1);
	probe_stop();
}

/* Answered and held on to is still worked on: the one way to have two at once on one connection. */
static void test_in_flight_per_connection(void **state)
{
	(void)state;
	int port = probe_start("per_connection=1");
	struct client *a = open_at(port), *b = open_at(port);
	struct response r = client_request(a, "GET", "/trail?1000", NULL, STR_NULL);
	assert_str(r.body, "ahead");
	response_free(&r);
	r = client_request(a, "GET", "/echo", NULL, STR_NULL);
	check_busy(&r);
	assert_true(probe_works(b));
	client_close(b);
	/* The held exchange outlives its connection. */
	client_close(a);
	assert_int_equal(probe_count("busy"), 1);
	probe_stop();
}

/* ---- clients that leave ---- */

static void test_abandoned(void **state)
{
	(void)state;
	int port = probe_start("request_ms=200");
	struct client *c = open_at(port);
	assert_true(client_send_text(c, "GET /later?1000 HTTP/1.1\r\nHost: h\r\n\r\n"));
	probe_count_reaches("in_flight_now", 2);
	client_reset(c);
	probe_count_reaches("aborted", 1);
	/* The work goes on and finds nobody. */
	assert_int_equal(probe_count("left"), 1); /* and whoever works for him is told at once */
	probe_count_reaches("lost", 1);
	assert_int_equal(probe_count("in_flight_now"), 1);
	assert_int_equal(probe_count("connections_now"), 1);
	/* Who says farewell early is seen when the answer is ready. */
	c = open_at(port);
	assert_true(client_send_text(c, "GET /later?50 HTTP/1.1\r\nHost: h\r\n\r\n"));
	client_close(c);
	probe_count_reaches("aborted", 2);
	/* but only who leaves before: what was answered is nobody's news */
	assert_int_equal(probe_count("left"), 1);
	probe_stop();
}

static void test_aborts(void **state)
{
	(void)state;
	int port = probe_start("aborts=3 request_ms=100");
	for (uint64_t i = 1; i <= 4; i++) {
		struct client *c = open_at(port);
		assert_true(client_send_text(c, "GET /later?60000 HTTP/1.1\r\nHost: h\r\n\r\n"));
		probe_count_reaches("in_flight_now", i + 1);
		client_reset(c);
		probe_count_reaches("aborted", i);
	}
	struct client *c = open_at(port);
	assert_false(probe_works(c));
	assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
	client_close(c);
	assert_int_equal(probe_count("closed_for_aborts"), 1);
	/* Others are served. */
	c = client_open_from(port, "127.0.0.2");
	assert_true(probe_works(c));
	client_close(c);
	/* The work nobody awaits is not waited for here either. */
	assert_int_equal(process_stop(probe_process(), SIGKILL, CLIENT_WAIT_MS), 128 + SIGKILL);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_body),
		cmocka_unit_test(test_endless_body),
		cmocka_unit_test(test_expect),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_many_fields),
		cmocka_unit_test(test_slow_sender),
		cmocka_unit_test(test_trickle),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_idle_beside_busy),
		cmocka_unit_test(test_slow_reader),
		cmocka_unit_test(test_steady_reader),
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_in_flight),
		cmocka_unit_test(test_in_flight_per_connection),
		cmocka_unit_test(test_abandoned),
		cmocka_unit_test(test_aborts),
	};
	probe_find(argc, argv);
	return cmocka_run_group_tests_name("http guards", tests, NULL, NULL);
}
