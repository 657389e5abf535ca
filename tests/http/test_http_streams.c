/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Answers that stay open, and the end of everything: drain and close. */

#include "tests/http/probe.h"

#include <poll.h>
#include <signal.h>

static struct client *open_at(int port)
{
	struct client *c = client_open(port);
	assert_non_null(c);
	return c;
}

static void ask(int port, const char *path)
{
	struct response r = client_once(port, "GET", path, NULL, STR_NULL);
	assert_int_equal(r.status, 200);
	response_free(&r);
}

/* A client whose stream has begun: the head comes before the first event. */
static struct client *stream_at(struct client *c)
{
	assert_non_null(c);
	assert_true(client_send_text(c, "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n"));
	assert_true(client_wait_text(c, "\r\n\r\n", CLIENT_WAIT_MS));
	return c;
}

static void test_stream(void **state)
{
	(void)state;
	int port = probe_start("");
	struct client *a = stream_at(open_at(port)), *b = stream_at(open_at(port));
	assert_int_equal(probe_count("streams_now"), 2);
	assert_int_equal(probe_count("in_flight_now"), 1); /* the question itself */
	ask(port, "/say?3");
	assert_true(client_wait_text(a, "\r\n\r\n3\r\nsss\r\n", CLIENT_WAIT_MS));
	ask(port, "/say?0"); /* says nothing, and does not end it */
	ask(port, "/say?30");
	assert_true(client_wait_text(b, "3\r\nsss\r\n1e\r\nsss", CLIENT_WAIT_MS));
	ask(port, "/end");
	struct client *both[] = {a, b};
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		struct response r = client_read(both[i], false, CLIENT_WAIT_MS);
		assert_int_equal(r.status, 200);
		assert_str(response_header(&r, "content-type"), "text/event-stream");
		assert_str(response_header(&r, "cache-control"), "no-store");
		assert_int_equal(r.body.n, 33);
		assert_true(r.chunked && !r.keep_alive);
		response_free(&r);
		assert_true(client_wait_closed(both[i], CLIENT_WAIT_MS));
		client_close(both[i]);
	}
	probe_count_reaches("gone", 2);
	assert_int_equal(probe_count("streams_now"), 0);
	assert_int_equal(probe_count("aborted"), 0);
	assert_int_equal(probe_count("said_in_vain"), 0);
	probe_stop();
}

/* Many events in one turn of the loop, more than the socket takes at once: all arrive, in order. */
static void test_stream_much(void **state)
{
	(void)state;
	int port = probe_start("");
	struct client *c = stream_at(open_at(port));
	for (int i = 0; i < 40; i++)
		ask(port, i % 2 ? "/say?200000" : "/say?1");
	ask(port, "/end");
	struct response r = client_read(c, false, CLIENT_WAIT_MS);
	assert_int_equal(r.status, 200);
	assert_int_equal(r.body.n, 20 * 200001);
	response_free(&r);
	client_close(c);
	probe_stop();
}

static void test_stream_left(void **state)
{
	(void)state;
	int port = probe_start("request_ms=200");
	client_close(stream_at(open_at(port)));
	probe_count_reaches("gone", 1);
	client_reset(stream_at(open_at(port)));
	probe_count_reaches("gone", 2);
	assert_int_equal(probe_count("streams_now"), 0);
	assert_int_equal(probe_count("connections_now"), 1);
	probe_stop();
}

/* A quiet stream is neither slow nor idle. */
static void test_stream_quiet(void **state)
{
	(void)state;
	int port = probe_start("request_ms=50 stalled_ms=50");
	struct client *c = stream_at(open_at(port));
	assert_false(client_wait_closed(c, 400));
	ask(port, "/say?2");
	assert_true(client_wait_text(c, "ss", CLIENT_WAIT_MS));
	client_close(c);
	assert_int_equal(probe_count("stalled"), 0);
	probe_stop();
}

static void test_streams_max(void **state)
{
	(void)state;
	int port = probe_start("streams=1 request_ms=200");
	struct client *c = stream_at(open_at(port));
	struct response r = client_once(port, "GET", "/stream", NULL, STR_NULL);
	assert_int_equal(r.status, 503);
	assert_str(r.body, "no more streams");
	response_free(&r);
	client_close(c);
	probe_count_reaches("gone", 1);
	client_close(stream_at(open_at(port)));
	probe_stop();
}

/* HTTP/1.0 knows no chunks; HEAD wants no body. */
static void test_stream_odd(void **state)
{
	(void)state;
	int port = probe_start("");
	struct response r = probe_raw("GET /stream HTTP/1.0\r\n\r\n");
	assert_int_equal(r.status, 503);
	response_free(&r);
	r = client_once(port, "HEAD", "/stream", NULL, STR_NULL);
	assert_int_equal(r.status, 200);
	assert_str(response_header(&r, "content-type"), "text/event-stream");
	response_free(&r);
	probe_count_reaches("gone", 1);
	ask(port, "/say?5");
	assert_int_equal(probe_count("streams_now"), 0);
	probe_stop();
}

/* Who does not read while we write is dropped at STREAM_BYTES_MAX. */
static void test_stream_overflow(void **state)
{
	(void)state;
	int port = probe_start("");
	struct client *c = stream_at(client_open_narrow(port, 4096));
	struct client *reads = stream_at(open_at(port));
	int said = 0;
	while (probe_count("said_in_vain") == 0 && said++ < 200) {
		ask(port, "/say?400000");
		assert_true(client_wait_text(reads, "\r\n", CLIENT_WAIT_MS));
	}
	assert_true(said < 200);
	probe_count_reaches("gone", 1);
	assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
	client_close(c);
	assert_true(probe_count("stalled") >= 1);
	client_close(reads);
	probe_stop();
}

/* One write larger than all that may wait: refused, and the client sees that its stream was cut. */
static void test_stream_too_much_at_once(void **state)
{
	(void)state;
	int port = probe_start("");
	struct client *c = stream_at(open_at(port));
	ask(port, "/say?2500000");
	assert_int_equal(probe_count("said_in_vain"), 1);
	struct response r = client_read(c, false, CLIENT_WAIT_MS);
	assert_int_equal(r.status, 0);
	assert_str(response_header(&r, "content-type"), "text/event-stream");
	response_free(&r);
	assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
	client_close(c);
	probe_count_reaches("gone", 1);
	probe_stop();
}

/* The kernel took it all, the client nothing: only the kernel's count tells. */
static void test_stream_stalled(void **state)
{
	(void)state;
	int port = probe_start("stalled_ms=200");
	struct client *c = stream_at(client_open_narrow(port, 4096));
	ask(port, "/say?100000");
	probe_count_reaches("gone", 1);
	assert_int_equal(probe_count("stalled"), 1);
	assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
	client_close(c);
	probe_stop();
}

/* ---- the end ---- */

static void test_drain(void **state)
{
	(void)state;
	int port = probe_start("");
	struct client *idle = open_at(port), *fresh = open_at(port), *later = open_at(port);
	struct client *partial = open_at(port), *stream = stream_at(open_at(port));
	struct client *lines = open_at(port);
	assert_true(client_send_text(lines, "GET /lines HTTP/1.1\r\nHost: h\r\n\r\n"));
	assert_true(client_wait_text(lines, "\r\n\r\n", CLIENT_WAIT_MS));
	assert_true(probe_works(idle));
	assert_true(client_send_text(later, "GET /later?1000 HTTP/1.1\r\nHost: h\r\n\r\n"));
	assert_true(client_send_text(partial, "GET /echo HTTP/1.1\r\nHo"));
	probe_count_reaches("in_flight_now", 2);
	assert_int_equal(kill(probe_process()->pid, SIGTERM), 0);
	/* Nobody new, nobody idle; the stream ends in good order. */
	assert_true(client_wait_closed(idle, CLIENT_WAIT_MS));
	assert_true(client_wait_closed(fresh, CLIENT_WAIT_MS));
	assert_null(client_open(port));
	struct response r = client_read(stream, false, CLIENT_WAIT_MS);
	assert_int_equal(r.status, 200);
	response_free(&r);
	/* A stream that has an end does not pretend to have reached it. */
	r = client_read(lines, false, CLIENT_WAIT_MS);
	assert_int_equal(r.status, 0);
	assert_int_equal(r.body.n, 0);
	assert_str(response_header(&r, "content-type"), "application/jsonl");
	response_free(&r);
	assert_true(client_wait_closed(lines, CLIENT_WAIT_MS));
	client_close(lines);
	/* What was begun is answered, and told to come again elsewhere. */
	assert_true(client_send_text(partial, "st: h\r\n\r\n"));
	r = client_read(partial, false, CLIENT_WAIT_MS);
	assert_int_equal(r.status, 200);
	assert_false(r.keep_alive);
	response_free(&r);
	r = client_read(later, false, CLIENT_WAIT_MS);
	assert_int_equal(r.status, 200);
	assert_false(r.keep_alive);
	response_free(&r);
	assert_int_equal(process_wait(probe_process(), CLIENT_WAIT_MS), 0);
	client_close(idle);
	client_close(fresh);
	client_close(later);
	client_close(partial);
	client_close(stream);
}

/* Clients that do not play along must not keep the server alive. */
static void test_drain_rude(void **state)
{
	(void)state;
	int port = probe_start("request_ms=200 stalled_ms=200");
	struct client *partial = open_at(port);
	struct client *stream = stream_at(client_open_narrow(port, 4096));
	struct client *big = client_open_narrow(port, 4096);
	assert_non_null(big);
	assert_true(client_send_text(big, "GET /big?20000000 HTTP/1.1\r\nHost: h\r\n\r\n"));
	assert_true(client_send_text(partial, "GET /echo HTTP/1.1\r\nHo"));
	ask(port, "/say?900000");
	probe_stop();
	client_close(partial);
	client_close(stream);
	client_close(big);
}

/* Closed at once with one of each kind alive: h2o must find no timer of theirs to abort on. */
static void test_close_alive(void **state)
{
	(void)state;
	int port = probe_start("");
	struct client *c[] = {open_at(port), open_at(port), open_at(port),
		client_open_narrow(port, 4096), stream_at(open_at(port)),
		stream_at(client_open_narrow(port, 4096)), open_at(port)};
	assert_true(probe_works(c[0]));
	assert_true(client_send_text(c[2], "POST /echo HTTP/1.1\r\nContent-Length: 5\r\n\r\n"));
	assert_true(client_send_text(c[3], "GET /big?20000000 HTTP/1.1\r\nHost: h\r\n\r\n"));
	assert_true(client_send_text(c[6], "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n"));
	ask(port, "/say?900000");
	assert_true(client_send_text(c[1], "GET /later?1000 HTTP/1.1\r\nHost: h\r\n\r\n"));
	probe_count_reaches("in_flight_now", 2);
	assert_int_equal(process_stop(probe_process(), SIGINT, CLIENT_WAIT_MS), 0);
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		client_close(c[i]);
}

/* All of it fits into the kernel: he who does not take it is not one who is idle, and the kernel
 * does not keep it for him after a farewell. */
static void test_untaken(void **state)
{
	static const char *const heads[] = {"", "Connection: close\r\n"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		int port = probe_start("stalled_ms=200 request_ms=100");
		struct client *c = client_open_narrow(port, 4096);
		char text[128];
		assert_non_null(c);
		snprintf(text, sizeof text, "GET /big?200000 HTTP/1.1\r\nHost: h\r\n%s\r\n",
			heads[i]);
		assert_true(client_send_text(c, text));
		probe_count_reaches("stalled", 1);
		struct pollfd p = {.fd = client_fd(c), .events = 0};
		assert_int_equal(poll(&p, 1, CLIENT_WAIT_MS), 1);
		assert_true(p.revents & POLLERR);
		client_close(c);
		probe_stop();
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_untaken),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_stream_much),
		cmocka_unit_test(test_stream_left),
		cmocka_unit_test(test_stream_quiet),
		cmocka_unit_test(test_streams_max),
		cmocka_unit_test(test_stream_odd),
		cmocka_unit_test(test_stream_overflow),
		cmocka_unit_test(test_stream_too_much_at_once),
		cmocka_unit_test(test_stream_stalled),
		cmocka_unit_test(test_drain),
		cmocka_unit_test(test_drain_rude),
		cmocka_unit_test(test_close_alive),
	};
	probe_find(argc, argv);
	return cmocka_run_group_tests_name("http streams", tests, NULL, NULL);
}
