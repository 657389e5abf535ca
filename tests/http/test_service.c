/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* SOCK_CLOEXEC */

/* What a service manager sees: this test is one, with a real datagram socket and a listening socket
 * that it hands over. */

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/http/served.h"

static struct served s;
static int manager = -1;
static char message[1024];

/* A path, or with '@' a name of Linux's own. */
static void manage(const char *name)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	size_t n = strlen(name);
	assert_true(n < sizeof at.sun_path);
	memcpy(at.sun_path, name, n);
	if (name[0] == '@')
		at.sun_path[0] = '\0';
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(manager >= 0);
	assert_int_equal(bind(manager, (const struct sockaddr *)&at,
				 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)),
		0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
}

/* The next message in which that stands; those before it are told to `seen`, which may be NULL. */
static const char *hear(const char *text, void (*seen)(const char *message))
{
	for (;;) {
		struct pollfd f = {.fd = manager, .events = POLLIN};
		if (poll(&f, 1, SERVED_WAIT_MS) != 1)
			fail_msg("\"%s\" was not said; last: %s", text, message);
		ssize_t n = recv(manager, message, sizeof message - 1, 0);
		assert_true(n > 0);
		message[n] = '\0';
		if (strstr(message, text))
			return message;
		if (seen)
			seen(message);
	}
}

static int setup(void **state)
{
	(void)state;
	served_make(&s);
	return 0;
}

static int teardown(void **state)
{
	static const char *const ours[] = {
		"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", NULL};
	(void)state;
	for (size_t i = 0; ours[i]; i++)
		unsetenv(ours[i]);
	if (manager >= 0)
		close(manager);
	manager = -1;
	served_remove(&s);
	return 0;
}

/* Before READY only a status: nobody may be sent here yet. */
static void not_yet(const char *said)
{
	assert_null(strstr(said, "READY=1"));
	assert_non_null(strstr(said, "STATUS="));
}

static void its_life_is_told(void **state)
{
	char path[SCRATCH_PATH * 2];
	(void)state;
	manage(scratch_path(&s.scratch, "notify", path));
	assert_int_equal(setenv("WATCHDOG_USEC", "200000", 1), 0);
	served_start(&s);
	assert_non_null(strstr(hear("READY=1\n", not_yet), "STATUS=Serving on http://127.0.0.1:"));
	hear("WATCHDOG=1\n", NULL);
	hear("WATCHDOG=1\n", NULL);
	served_signal(&s, SIGHUP);
	const char *monotonic = strstr(hear("RELOADING=1\n", NULL), "MONOTONIC_USEC=");
	assert_non_null(monotonic);
	assert_true(strtoull(monotonic + 15, NULL, 10) > 0);
	hear("READY=1\n", NULL);
	served_write(&s, "relais.conf", "nonsense\n");
	served_signal(&s, SIGHUP);
	hear("RELOADING=1\n", NULL);
	assert_non_null(strstr(hear("READY=1\n", NULL), "the last HUP was refused"));
	served_signal(&s, SIGTERM);
	hear("STOPPING=1\n", NULL);
	assert_int_equal(process_wait(&s.process, SERVED_WAIT_MS), 0);
}

static void no_life_without_a_watchdog(const char *said)
{
	assert_null(strstr(said, "WATCHDOG=1"));
}

/* The watchdog of somebody else's process is none of ours. */
static void a_name_of_no_file_system(void **state)
{
	char name[64];
	(void)state;
	snprintf(name, sizeof name, "@relais-test-%d", (int)getpid());
	manage(name);
	assert_int_equal(setenv("WATCHDOG_USEC", "1000", 1), 0);
	assert_int_equal(setenv("WATCHDOG_PID", "1", 1), 0);
	served_start(&s);
	hear("READY=1\n", NULL);
	served_signal(&s, SIGTERM);
	hear("STOPPING=1\n", no_life_without_a_watchdog);
	assert_int_equal(process_wait(&s.process, SERVED_WAIT_MS), 0);
}

/* ---- sockets that are handed over ---- */

static int listener(int type, int *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

/* As sd_listen_fds(3) has it: the sockets are 3 and on, LISTEN_PID is the process itself. */
static bool start_with(int fd, const char *count)
{
	static const char script[] = "export LISTEN_PID=$$ LISTEN_FDS=$1; shift; "
				     "exec \"$@\" 3<&9 9<&-";
	const char *argv[] = {"/bin/sh", "-c", script, "sh", count, getenv("RELAIS_BIN"), "serve",
		"--data", s.data, "--listen", "127.0.0.1:1", NULL};
	assert_int_equal(dup2(fd, 9), 9);
	bool up = process_start(&s.process, argv, SERVED_WAIT_MS);
	close(9);
	return up;
}

/* Between two servers nobody is turned away: connections wait in the socket, which stays open. */
static void a_socket_outlives_the_server(void **state)
{
	int fd = listener(SOCK_STREAM, &s.port);
	char expected[64];
	(void)state;
	snprintf(expected, sizeof expected, "relais: ready on http://127.0.0.1:%d", s.port);
	assert_true(start_with(fd, "1"));
	assert_string_equal(s.process.line, expected);
	served_get(&s, "/livez", NULL, 200);
	served_stop(&s);
	struct client *early = client_open(s.port);
	assert_non_null(early);
	assert_true(client_send_text(early, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"));
	assert_true(start_with(fd, "1"));
	struct response r = client_read(early, false, CLIENT_WAIT_MS);
	assert_int_equal(r.status, 200);
	response_free(&r);
	client_close(early);
	served_stop(&s);
	close(fd);
}

static void not_any_socket_will_do(void **state)
{
	int port, fd = listener(SOCK_DGRAM, &port);
	(void)state;
	assert_false(start_with(fd, "1"));
	close(fd);
	fd = listener(SOCK_STREAM, &port);
	assert_false(start_with(fd, "2"));
	close(fd);
}

/* What took long is told by kind and by the client's own names for it; whom it was about is not. */
static void what_is_slow_is_told(void **state)
{
	static const struct client_header headers[] = {{"Content-Type", "application/json"},
		{"X-Request-Id", "desk-1.7"},
		{"Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
		{NULL, NULL}};

	(void)state;
	/* a password is hashed for longer than this */
	served_write(&s, "relais.conf", "http.slow_ms = 1\n");
	served_start(&s);
	struct response r = client_once(s.port, "POST", "/v1/session", headers,
		STR("{\"name\":\"Nobody\",\"password\":\"not the one it is\"}"));
	assert_int_equal(r.status, 401);
	assert_str(response_header(&r, "x-request-id"), "desk-1.7");
	response_free(&r);
	const char *heard = served_hear(&s, "slow: POST");
	assert_non_null(strstr(heard, "slow: POST /v1/session was answered 401 after "));
	assert_non_null(
		strstr(heard, " ms (request desk-1.7, trace 4bf92f3577b34da6a3ce929d0e0e4736)"));
	assert_null(strstr(heard, "Nobody"));
	served_stop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(its_life_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_slow_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(a_name_of_no_file_system, setup, teardown),
		cmocka_unit_test_setup_teardown(a_socket_outlives_the_server, setup, teardown),
		cmocka_unit_test_setup_teardown(not_any_socket_will_do, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
