/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* pipe2 */
#include "tests/http/served.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>

void served_make(struct served *s)
{
	memset(s, 0, sizeof(*s));
	scratch_make(&s->scratch);
	scratch_path(&s->scratch, "data", s->data);
	scratch_path(&s->scratch, "relais.conf", s->config);
	s->log = -1;
	served_write(s, "relais.conf", "");
}

void served_remove(struct served *s)
{
	if (s->process.pid)
		process_stop(&s->process, SIGKILL, SERVED_WAIT_MS);
	if (s->log >= 0)
		close(s->log);
	scratch_remove(&s->scratch);
}

void served_write(const struct served *s, const char *name, const char *text)
{
	char path[SCRATCH_PATH * 2], beside[SCRATCH_PATH * 2];
	FILE *f = fopen(scratch_path(&s->scratch, "beside", beside), "we");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(rename(beside, scratch_path(&s->scratch, name, path)), 0);
}

void served_start(struct served *s)
{
	const char *argv[] = {getenv("RELAIS_BIN"), "serve", "--config", s->config,
		s->by_file ? NULL : "--data", s->data, "--listen", "127.0.0.1:0", NULL};
	int ends[2], own = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);

	if (s->log >= 0)
		close(s->log);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
	bool up = process_start(&s->process, argv, SERVED_WAIT_MS);
	assert_true(dup2(own, STDERR_FILENO) >= 0);
	close(own);
	close(ends[1]);
	s->log = ends[0];
	assert_true(up);
	const char *colon = strrchr(s->process.line, ':');
	assert_non_null(colon);
	s->port = (int)strtol(colon + 1, NULL, 10);
}

const char *served_hear(struct served *s, const char *text)
{
	size_t n = 0;
	const char *found = NULL;

	s->heard[0] = '\0';
	while (!found || !strchr(found, '\n')) {
		struct pollfd f = {.fd = s->log, .events = POLLIN};
		ssize_t got = 0;
		if (poll(&f, 1, SERVED_WAIT_MS) == 1 && n < sizeof(s->heard) - 1)
			got = read(s->log, s->heard + n, 1);
		if (got <= 0)
			fail_msg("\"%s\" was not heard in:\n%s", text, s->heard);
		s->heard[++n] = '\0';
		found = strstr(s->heard, text);
	}
	return s->heard;
}

void served_signal(const struct served *s, int signal)
{
	assert_true(s->process.pid > 0);
	assert_int_equal(kill(s->process.pid, signal), 0);
}

void served_stop(struct served *s)
{
	assert_int_equal(process_stop(&s->process, SIGTERM, SERVED_WAIT_MS), 0);
}

const char *served_get(struct served *s, const char *path, const char *authorization, int status)
{
	static struct response r;
	const struct client_header headers[] = {{"authorization", authorization}, {NULL, NULL}};

	response_free(&r);
	r = client_once(s->port, "GET", path, authorization ? headers : NULL, STR_NULL);
	if (r.status != status)
		fail_msg("GET %s: %d, not %d: %s", path, r.status, status, r.body.p);
	return r.body.p ? r.body.p : "";
}

bool served_metric_is(struct served *s, const char *line)
{
	return strstr(served_get(s, "/metrics", NULL, 200), line) != NULL;
}
