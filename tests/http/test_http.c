/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Requests and answers as they should be, and requests that could be read in two ways. */

#include "tests/http/probe.h"

static struct client *open_at(int port)
{
	struct client *c = client_open(port);
	assert_non_null(c);
	return c;
}

static void test_echo(void **state)
{
	(void)state;
	int port = probe_start("");
	struct client *c = open_at(port);
	for (int i = 1; i <= 3; i++) {
		struct response r =
			client_request(c, "POST", "/a/../echo?x=%20y", NULL, STR("hello"));
		assert_int_equal(r.status, 200);
		assert_str(r.body, "POST\n/echo\nx=%20y\nloopback\nhello");
		assert_str(response_header(&r, "content-type"), "text/plain");
		assert_str(response_header(&r, "server"), "relais");
		assert_int_equal(strtol(response_header(&r, "x-id").p, NULL, 10), i);
		assert_true(response_header(&r, "date").p);
		assert_true(r.keep_alive && !r.chunked);
		/* A value with a line end in it is not sent, nor is what it would smuggle. */
		assert_null(response_header(&r, "x-unsafe").p);
		assert_null(response_header(&r, "x-injected").p);
		response_free(&r);
	}
	client_close(c);
	assert_int_equal(probe_count("malformed"), 0);
	probe_stop();
}

static void test_header(void **state)
{
	(void)state;
	static const struct client_header headers[] = {{"X-One", "  blanks off\t "},
		{"x-TWO", "second"}, {"x-two", "third"}, {"X-Empty", ""}, {NULL, NULL}};
	static const struct {
		const char *path, *value; /* NULL: absent */
	} table[] = {{"/head?x-one", "blanks off"}, {"/head?x-two", "second"},
		{"/head?x-empty", ""}, {"/head?host", "localhost"}, {"/head?x-on", NULL},
		{"/head?x-one-more", NULL}};
	int port = probe_start("");
	struct client *c = open_at(port);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct response r = client_request(c, "GET", table[i].path, headers, STR_NULL);
		assert_int_equal(r.status, table[i].value ? 200 : 404);
		assert_str(r.body, table[i].value ? table[i].value : "");
		response_free(&r);
	}
	client_close(c);
	probe_stop();
}

/* An answer bears the client's word for its request where that is one, and always a word. */
static void test_request_id(void **state)
{
	(void)state;
	char long_word[66];
	memset(long_word, 'a', sizeof long_word);
	long_word[65] = '\0';
	const struct {
		const char *said;
		bool kept;
	} table[] = {{"Desk-7_a.b", true}, {long_word + 1, true}, {long_word, false}, {"", false},
		{"a b", false}, {"<script>", false}, {"caf\xc3\xa9", false}};
	int port = probe_start("");
	struct client *c = open_at(port);
	struct response before = client_request(c, "GET", "/echo", NULL, STR_NULL);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct client_header headers[] = {
			{"X-Request-Id", table[i].said}, {NULL, NULL}};
		struct response r = client_request(c, "GET", "/echo", headers, STR_NULL);
		struct str id = response_header(&r, "x-request-id");
		assert_int_equal(str_is(id, table[i].said), table[i].kept);
		assert_true(id.n > 9 && !str_eq(id, response_header(&before, "x-request-id")));
		unsigned whole, parts;
		assert_int_equal(sscanf(response_header(&r, "server-timing").p, "total;dur=%u.%3u",
					 &whole, &parts),
			2);
		response_free(&before);
		before = r;
	}
	response_free(&before);
	client_close(c);
	probe_stop();
}

static void test_slow_is_told(void **state)
{
	(void)state;
	int port = probe_start("slow_ms=100");
	struct response r = client_once(port, "GET", "/later?150", NULL, STR_NULL);
	assert_int_equal(r.status, 200);
	response_free(&r);
	assert_int_equal(probe_count("slow_answers"), 1);
	assert_int_equal(probe_count("told_slow"), 1);
	probe_stop();
}

static void test_without_body(void **state)
{
	(void)state;
	int port = probe_start("");
	struct client *c = open_at(port);
	/* Had a body followed one of these, the next answer could not be read. */
	struct response r = client_request(c, "HEAD", "/big?1000", NULL, STR_NULL);
	assert_int_equal(r.status, 200);
	assert_str(response_header(&r, "content-length"), "1000");
	response_free(&r);
	r = client_request(c, "GET", "/empty", NULL, STR_NULL);
	assert_int_equal(r.status, 204);
	assert_null(response_header(&r, "content-length").p);
	response_free(&r);
	r = client_request(c, "GET", "/big?0", NULL, STR_NULL);
	assert_int_equal(r.status, 200);
	assert_str(response_header(&r, "content-length"), "0");
	response_free(&r);
	r = client_request(c, "HEAD", "/nowhere", NULL, STR_NULL);
	assert_int_equal(r.status, 404);
	assert_str(response_header(&r, "content-length"), "8");
	response_free(&r);
	assert_true(probe_works(c));
	client_close(c);
	probe_stop();
}

static void test_large_answer(void **state)
{
	(void)state;
	int port = probe_start("");
	struct response r = client_once(port, "GET", "/big?5000000", NULL, STR_NULL);
	assert_int_equal(r.status, 200);
	assert_int_equal(r.body.n, 5000000);
	assert_null(memchr(r.body.p, 'a', r.body.n));
	response_free(&r);
	probe_stop();
}

static void test_later(void **state)
{
	(void)state;
	char body[5000];
	int port = probe_start("");
	struct client *c = open_at(port);
	memset(body, 2, sizeof(body));
	struct response r =
		client_request(c, "POST", "/work", NULL, (struct str){body, sizeof(body)});
	assert_int_equal(r.status, 201);
	assert_str(r.body, "10000");
	response_free(&r);
	r = client_request(c, "GET", "/later?20", NULL, STR_NULL);
	assert_int_equal(r.status, 200);
	assert_str(r.body, "/later");
	response_free(&r);
	client_close(c);
	probe_stop();
}

static void test_handler_forgets(void **state)
{
	(void)state;
	int port = probe_start("");
	struct client *c = open_at(port);
	static const char *const paths[] = {"/silent", "/forget"};
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct response r = client_request(c, "GET", paths[i], NULL, STR_NULL);
		assert_int_equal(r.status, 500);
		response_free(&r);
	}
	assert_int_equal(probe_count("status_5xx"), 2);
	client_close(c);
	probe_stop();
}

static void test_half_closed(void **state)
{
	(void)state;
	int port = probe_start("request_ms=200");
	struct client *c = open_at(port);
	assert_true(client_send_text(c, "GET /later?150 HTTP/1.1\r\nHost: h\r\n\r\n"));
	client_finish(c);
	struct response r = client_read(c, false, CLIENT_WAIT_MS);
	assert_int_equal(r.status, 200);
	response_free(&r);
	client_close(c);
	probe_stop();
}

static void test_pipelined(void **state)
{
	(void)state;
	int port = probe_start("");
	struct client *c = open_at(port);
	assert_true(client_send_text(c,
		"GET /later?30 HTTP/1.1\r\nHost: h\r\n\r\n"
		"POST /echo?1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\none"
		"POST /echo?2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
		"2\r\ntw\r\n1\r\no\r\n0\r\n\r\n"
		"\r\nGET /echo?3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
	static const char *const bodies[] = {"/later", "POST\n/echo\n1\nloopback\none",
		"POST\n/echo\n2\nloopback\ntwo", "GET\n/echo\n3\nloopback\n"};
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct response r = client_read(c, false, CLIENT_WAIT_MS);
		assert_int_equal(r.status, 200);
		assert_str(r.body, bodies[i]);
		assert_int_equal(r.keep_alive, i + 1 < ARRAY_LEN(bodies));
		response_free(&r);
	}
	assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
	client_close(c);
	probe_stop();
}

/* ---- framing ---- */

static void test_clear(void **state)
{
	(void)state;
	static const struct {
		const char *bytes, *body;
	} table[] = {
		{"GET /echo HTTP/1.1\r\nHost: h\r\n\r\n", "GET\n/echo\n\nloopback\n"},
		{"GET /echo HTTP/1.1\r\nhost:\r\n\r\n", "GET\n/echo\n\nloopback\n"},
		{"\r\nGET /echo HTTP/1.1\r\nHoSt:h\r\n\r\n", "GET\n/echo\n\nloopback\n"},
		{"GET /echo HTTP/1.0\r\n\r\n", "GET\n/echo\n\nloopback\n"},
		{"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "/*"},
		{"GET /echo?a?b HTTP/1.1\r\nHost: h\r\n\r\n", "GET\n/echo\na?b\nloopback\n"},
		{"GET /%65cho HTTP/1.1\r\nHost: h\r\n\r\n", "GET\n/echo\n\nloopback\n"},
		{"PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 003\r\n\r\nabcX",
			"PUT\n/echo\n\nloopback\nabc"},
		{"PATCH /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n"
		 "3;x=y\r\nabc\r\n0\r\nTrailer: t\r\n\r\n",
			"PATCH\n/echo\n\nloopback\nabc"},
		{"GET /echo HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\n"
		 "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
			"GET\n/echo\n\nloopback\n"},
	};
	probe_start("");
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct response r = probe_raw(table[i].bytes);
		if (!str_is(r.body, table[i].body))
			print_error("answered wrongly: %s\n", table[i].bytes);
		assert_str(r.body, table[i].body);
		response_free(&r);
	}
	probe_stop();
}

#define SECOND "GET /echo?smuggled HTTP/1.1\r\nHost: h\r\n\r\n"

/* Each would be one request to one reader and another, or two, to the next. */
static const char *const ambiguous[] = {
	"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
	"0\r\n\r\n" SECOND,
	"POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
	"0\r\n\r\n" SECOND,
	"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: "
	"4\r\n\r\nabc" SECOND,
	"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: "
	"3\r\n\r\nabc" SECOND,
	"POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n"
	"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SECOND,
	"POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" SECOND,
	"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SECOND,
	"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: +3\r\n\r\nabc" SECOND,
	"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3, 3\r\n\r\nabc" SECOND,
	"POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n" SECOND,
	"GET /echo HTTP/1.1\r\n\r\n" SECOND,
	"GET /echo HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n" SECOND,
	"GET /echo HTTP/1.0\r\nHost: h\r\nHost: i\r\n\r\n" SECOND,
	"GET /echo HTTP/1.1\r\nHost: h\r\nX-A: b\r\n folded\r\n\r\n" SECOND,
	"GET /echo HTTP/1.1\r\nHost: h\r\nX-A: b\r\n\tfolded\r\n\r\n" SECOND,
	"GET /echo HTTP/1.1\nHost: h\r\n\r\n" SECOND,
	"GET /echo HTTP/1.1\r\nHost: h\n\r\n" SECOND,
	"GET /echo HTTP/1.1\r\nHost: h\r\n\n" SECOND,
	"GET /echo HTTP/1.1\r\nHost: h\r\nX-A: b\rc\r\n\r\n" SECOND,
	"GET /echo HTTP/1.1\r\nHost : h\r\n\r\n" SECOND,
	"GET /echo HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n" SECOND,
	"GET  /echo HTTP/1.1\r\nHost: h\r\n\r\n" SECOND,
	"GET /echo  HTTP/1.1\r\nHost: h\r\n\r\n" SECOND,
	"GET /echo HTTP/2.0\r\nHost: h\r\n\r\n" SECOND,
	"GET echo HTTP/1.1\r\nHost: h\r\n\r\n" SECOND,
	"GET * HTTP/1.1\r\nHost: h\r\n\r\n" SECOND,
	"GET http://h/echo HTTP/1.1\r\nHost: h\r\n\r\n" SECOND,
	"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	"\x16\x03\x01\x02\x00 a TLS hello\r\n\r\n",
};

static void test_ambiguous(void **state)
{
	(void)state;
	int port = probe_start("");
	for (size_t i = 0; i < ARRAY_LEN(ambiguous); i++) {
		struct client *c = open_at(port);
		assert_true(client_send_text(c, ambiguous[i]));
		struct response r = client_read(c, false, CLIENT_WAIT_MS);
		if (r.status != 400 || r.keep_alive)
			print_error("status %d to %s\n", r.status, ambiguous[i]);
		assert_int_equal(r.status, 400);
		assert_false(r.keep_alive);
		assert_memory_equal(response_header(&r, "content-type").p, "text/plain", 10);
		response_free(&r);
		/* Nothing after it: the second request was never seen. */
		assert_false(client_wait_text(c, "HTTP/1.1", CLIENT_WAIT_MS));
		assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
		client_close(c);
	}
	assert_int_equal(probe_count("malformed"), ARRAY_LEN(ambiguous));
	assert_int_equal(probe_count("status_4xx"), ARRAY_LEN(ambiguous));
	probe_stop();
}

/* The raw head looked at must be the right one, also behind another request. */
static void test_ambiguous_behind(void **state)
{
	(void)state;
	int port = probe_start("");
	for (size_t i = 0; i < ARRAY_LEN(ambiguous); i++) {
		struct client *c = open_at(port);
		assert_true(client_send_text(
			c, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nfirst"));
		assert_true(client_send_text(c, ambiguous[i]));
		struct response r = client_read(c, false, CLIENT_WAIT_MS);
		assert_int_equal(r.status, 200);
		response_free(&r);
		r = client_read(c, false, CLIENT_WAIT_MS);
		assert_int_equal(r.status, 400);
		assert_false(r.keep_alive);
		response_free(&r);
		assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
		client_close(c);
	}
	assert_int_equal(probe_count("malformed"), ARRAY_LEN(ambiguous));
	probe_stop();
}

static void test_methods(void **state)
{
	(void)state;
	static const struct {
		const char *method, *target;
	} table[] = {{"TRACE", "/echo"}, {"BREW", "/echo"}, {"get", "/echo"}, {"GETS", "/echo"},
		{"CONNECT", "/echo"}};
	int port = probe_start("");
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct client *c = open_at(port);
		struct response r =
			client_request(c, table[i].method, table[i].target, NULL, STR_NULL);
		assert_int_equal(r.status, 405);
		assert_false(r.keep_alive);
		assert_str(response_header(&r, "content-type"), "application/problem+json");
		assert_str(response_header(&r, "allow"),
			"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
		assert_non_null(strstr(r.body.p, "\"type\":\"/problems/method\""));
		response_free(&r);
		assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
		client_close(c);
	}
	probe_stop();
}

/* ---- opening ---- */

static void test_open(void **state)
{
	(void)state;
	char taken[64];
	snprintf(taken, sizeof(taken), "listen=127.0.0.1:%d", probe_start(""));
	struct process first = *probe_process();
	*probe_process() = (struct process){.out_fd = -1};
	static const char *const bad[] = {"listen=localhost:80", "listen=127.0.0.1",
		"listen=127.0.0.1:65536", "listen=127.0.0.1:", "listen=127.0.0.1:8o", "listen=:80",
		"listen=[::1:80", "listen=[]:80", "listen="};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		probe_start(bad[i]);
		assert_non_null(strstr(probe_process()->line, "is not an address and a port"));
		assert_int_equal(process_wait(probe_process(), CLIENT_WAIT_MS), 1);
	}
	probe_start(taken);
	assert_non_null(strstr(probe_process()->line, "address already in use"));
	assert_int_equal(process_wait(probe_process(), CLIENT_WAIT_MS), 1);
	probe_start("listen=[::1]:0");
	if (!strstr(probe_process()->line, "address not available"))
		probe_stop();
	*probe_process() = first;
	probe_stop();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_request_id),
		cmocka_unit_test(test_slow_is_told),
		cmocka_unit_test(test_without_body),
		cmocka_unit_test(test_large_answer),
		cmocka_unit_test(test_later),
		cmocka_unit_test(test_handler_forgets),
		cmocka_unit_test(test_half_closed),
		cmocka_unit_test(test_pipelined),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_ambiguous_behind),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_open),
	};
	probe_find(argc, argv);
	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
