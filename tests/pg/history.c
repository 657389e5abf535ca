/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/pg/history.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct scratch scratch;
static FILE *file;

void history_open(void)
{
	char path[SCRATCH_PATH * 2];

	scratch_make(&scratch);
	scratch_path(&scratch, "history.jsonl", path);
	file = fopen(path, "we");
	assert_non_null(file);
}

void history_close(void)
{
	if (!file)
		return;
	(void)fclose(file);
	file = NULL;
	scratch_remove(&scratch);
}

static int64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct history_call history_begin(
	uint32_t which, const char *method, const char *path, const char *key, struct str body)
{
	return (struct history_call){.invoked_ns = clock_ns(),
		.which = which,
		.method = method,
		.path = path,
		.key = key,
		.body = body};
}

void history_end(const struct history_call *c, const struct response *r)
{
	struct str seq = response_header(r, "relais-seq");
	bool is_json = r->body.n && r->body.p[0] == '{';

	if (!file)
		return;
	fprintf(file,
		"{\"server\":\"%c\",\"invoked_ns\":%lld,\"answered_ns\":%lld,\"by\":\"tester\","
		"\"site\":\"LYO\",\"method\":\"%s\",\"path\":\"%s\",\"key\":\"%s\","
		"\"min_seq\":\"%s\",\"body\":%.*s,\"status\":%d,\"seq\":\"%.*s\","
		"\"replayed\":%s,\"answer\":%.*s}\n",
		(char)('A' + c->which), (long long)c->invoked_ns, (long long)clock_ns(), c->method,
		c->path, c->key ? c->key : "", c->min_seq ? c->min_seq : "",
		c->body.n ? (int)c->body.n : 4, c->body.n ? c->body.p : "null", r->status,
		STR_FMT(seq), response_header(r, "idempotency-replayed").n ? "true" : "false",
		is_json ? (int)r->body.n : 2, is_json ? r->body.p : "{}");
}

void history_judge(bool teeth)
{
	char program[SCRATCH_PATH * 2], data[HOUSES][SCRATCH_PATH * 3], url[POSTGRES_URL_BYTES];
	const char *root = getenv("RELAIS_ROOT");
	int status;
	pid_t pid;

	assert_non_null(root);
	assert_int_equal(fflush(file), 0);
	snprintf(program, sizeof program, "%s/tests/pg/history/judge", root);
	postgres_url(&postgres, "shared", url);
	for (uint32_t i = 0; i < HOUSES; i++) {
		if (house[i].server.pid > 0)
			house_stop(&house[i]);
		snprintf(data[i], sizeof data[i], "%c=%s", (char)('A' + i), house[i].data);
	}
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO); /* stdout is TAP's */
		if (teeth)
			execl(program, program, "--teeth", scratch.dir, url, data[0], data[1],
				(char *)NULL);
		else
			execl(program, program, scratch.dir, url, data[0], data[1], (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}
