/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/probe.h"

#include <poll.h>
#include <signal.h>
#include <time.h>

static struct probe_place {
	char path[512];
	struct process process;
	int port;
} probe = {.process.out_fd = -1};

void probe_find(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	if (argc > 1)
		snprintf(probe.path, sizeof(probe.path), "%s", argv[1]);
	else
		snprintf(probe.path, sizeof(probe.path), "%.*shttp_probe",
			slash ? (int)(slash - argv[0]) + 1 : 0, argv[0]);
}

int probe_start(const char *arguments)
{
	const char *argv[16] = {probe.path};
	char words[256];
	size_t n = 1;
	/* What a test that failed left behind. */
	if (probe.process.pid > 0)
		process_stop(&probe.process, SIGKILL, CLIENT_WAIT_MS);
	snprintf(words, sizeof(words), "%s", arguments);
	for (char *p = words; *p && n + 1 < ARRAY_LEN(argv);) {
		argv[n++] = p;
		p += strcspn(p, " ");
		if (*p)
			*p++ = '\0';
	}
	assert_true(process_start(&probe.process, argv, CLIENT_WAIT_MS));
	probe.port = (int)strtol(probe.process.line, NULL, 10);
	return probe.port;
}

void probe_stop(void)
{
	assert_int_equal(process_stop(&probe.process, SIGTERM, CLIENT_WAIT_MS), 0);
}

struct process *probe_process(void)
{
	return &probe.process;
}

uint64_t probe_count(const char *name)
{
	struct client *c = client_open_from(probe.port, "127.0.0.99");
	assert_non_null(c);
	struct response r = client_request(c, "GET", "/counts", NULL, STR_NULL);
	client_close(c);
	assert_int_equal(r.status, 200);
	uint64_t value = UINT64_MAX;
	size_t n = strlen(name);
	for (const char *line = r.body.p; line && *line; line = strchr(line, '\n') + 1)
		if (strncmp(line, name, n) == 0 && line[n] == ' ')
			value = strtoull(line + n + 1, NULL, 10);
	response_free(&r);
	assert_true(value != UINT64_MAX);
	return value;
}

void probe_wait(const char *name, uint64_t value, const char *file, int line)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	int64_t end_s = (int64_t)t.tv_sec + CLIENT_WAIT_MS / 1000;
	uint64_t is = 0;
	while ((int64_t)t.tv_sec <= end_s) {
		is = probe_count(name);
		if (is >= value)
			return;
		poll(NULL, 0, 10);
		clock_gettime(CLOCK_MONOTONIC, &t);
	}
	print_error("%s:%d: %s is %llu and does not reach %llu\n", file, line, name,
		(unsigned long long)is, (unsigned long long)value);
	_fail(file, line);
}

struct response probe_raw(const char *bytes)
{
	struct client *c = client_open(probe.port);
	assert_non_null(c);
	assert_true(client_send_text(c, bytes));
	struct response r = client_read(c, false, CLIENT_WAIT_MS);
	if (r.status && !r.keep_alive)
		assert_true(client_wait_closed(c, CLIENT_WAIT_MS));
	client_close(c);
	return r;
}

bool probe_works(struct client *c)
{
	if (!c)
		return false;
	struct response r = client_request(c, "GET", "/echo", NULL, STR_NULL);
	bool works = r.status == 200;
	response_free(&r);
	return works;
}
