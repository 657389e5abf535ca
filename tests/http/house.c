/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* strptime, timegm */
#include "tests/http/house.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#include "tests/lib/judge.h"

enum { NOBODY = 65534, WORDS_MAX = 16 };

/* ---- the program, run to its end ---- */

static const char *program(void)
{
	const char *path = getenv("RELAIS_BIN");

	if (!path || !*path)
		fail_msg("RELAIS_BIN must name the program under test");
	return path;
}

/* Standard error is a file, so that however much is said nobody waits for a reader. */
static int file_without_name(void)
{
	FILE *f = tmpfile();
	int fd;

	assert_non_null(f);
	fd = fcntl(fileno(f), F_DUPFD_CLOEXEC, 3);
	assert_true(fd >= 0);
	fclose(f);
	return fd;
}

_Noreturn static void become(
	const char *path, const char *const words[], bool as_nobody, int out_fd, int err_fd)
{
	char *argv[WORDS_MAX + 2] = {strdup(path)};
	int in_fd = open("/dev/null", O_RDONLY);

	for (size_t n = 0; words[n] && n < WORDS_MAX; n++)
		argv[n + 1] = strdup(words[n]);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(in_fd, STDIN_FILENO) < 0 || dup2(out_fd, STDOUT_FILENO) < 0 ||
		dup2(err_fd, STDERR_FILENO) < 0)
		_exit(126);
	if (as_nobody && geteuid() == 0 &&
		(setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
		_exit(126);
	execv(argv[0], argv);
	_exit(127);
}

static void read_back(int fd, char out[TOLD_BYTES])
{
	ssize_t n = pread(fd, out, TOLD_BYTES - 1, 0);

	assert_true(n >= 0);
	out[n] = '\0';
	close(fd);
}

void relais_run(struct told *told, bool as_nobody, const char *const words[])
{
	int out_fd = file_without_name(), err_fd = file_without_name();
	struct process p = {.out_fd = -1};
	const char *path = program();

	fflush(NULL);
	p.pid = fork();
	assert_true(p.pid >= 0);
	if (p.pid == 0)
		become(path, words, as_nobody, out_fd, err_fd);
	told->code = process_wait(&p, TOLD_WAIT_MS);
	read_back(out_fd, told->out);
	read_back(err_fd, told->err);
}

void told_check(const struct told *told, int code, const char *file, int line)
{
	if (told->code == code)
		return;
	print_error("%s:%d: exit code %d, not %d\n%s%s\n", file, line, told->code, code, told->out,
		told->err);
	_fail(file, line);
}

/* ---- the program, serving ---- */

void house_make(struct house *h)
{
	memset(h, 0, sizeof(*h));
	h->server.out_fd = -1;
	scratch_make(&h->scratch);
	scratch_path(&h->scratch, "data", h->data);
}

void house_remove(struct house *h)
{
	if (h->server.pid > 0)
		process_stop(&h->server, SIGKILL, HOUSE_WAIT_MS);
	scratch_remove(&h->scratch);
}

static bool start(struct house *h, int wait_ms)
{
	const char *const argv[] = {program(), "serve", "--data", h->data, "--listen",
		"127.0.0.1:0", h->journal ? "--journal" : NULL, h->journal, NULL};

	return process_start(&h->server, argv, wait_ms);
}

void house_serve(struct house *h)
{
	const char *colon;

	assert_true(start(h, HOUSE_WAIT_MS));
	colon = strrchr(h->server.line, ':');
	assert_non_null(colon);
	h->port = (int)strtol(colon + 1, NULL, 10);
	assert_in_range(h->port, 1, 65535);
}

void house_serve_briefly(struct house *h, int for_ms)
{
	if (start(h, for_ms))
		house_kill(h);
}

void house_stop(struct house *h)
{
	assert_true(h->server.pid > 0);
	assert_int_equal(process_stop(&h->server, SIGTERM, HOUSE_WAIT_MS), 0);
}

void house_kill(struct house *h)
{
	assert_int_equal(process_stop(&h->server, SIGKILL, HOUSE_WAIT_MS), 128 + SIGKILL);
}

void house_token(struct house *h)
{
	static struct told told;

	relais(&told, "token", "create", "--data", h->data, "--name", "tester", "--role", "admin");
	told_code(&told, 0);
	told.out[strcspn(told.out, "\n")] = '\0';
	assert_in_range(strlen(told.out), 20, 100);
	snprintf(h->bearer, sizeof(h->bearer), "Bearer %.180s", told.out);
}

/* ---- one request ---- */

struct str text_make(const char *format, ...)
{
	struct str s = {NULL, 0};
	char *p = NULL;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&p, format, args);
	va_end(args);
	assert_true(n >= 0);
	s = (struct str){p, (size_t)n};
	return s;
}

void text_free(struct str s)
{
	union {
		const char *in;
		void *out;
	} p = {.in = s.p};

	free(p.out);
}

struct str house_request(const struct house *h, const char *method, const char *path,
	const char *key, struct str body)
{
	struct str length = text_make("Content-Length: %zu\r\n", body.n);
	struct str all = text_make("%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n"
				   "Content-Type: application/json\r\n%s%s%s%s\r\n%.*s",
		method, path, h->bearer, key ? "Idempotency-Key: " : "", key ? key : "",
		key ? "\r\n" : "", body.p ? length.p : "", STR_FMT(body));

	text_free(length);
	return all;
}

struct response house_ask(struct house *h, struct client *c, const char *method, const char *path,
	const char *key, struct str body)
{
	struct client *own = c ? NULL : client_open(h->port);
	struct str bytes = house_request(h, method, path, key, body);
	struct response r = {0};

	if ((c || own) && client_send(c ? c : own, bytes))
		r = client_read(c ? c : own, false, HOUSE_WAIT_MS);
	text_free(bytes);
	client_close(own);
	return r;
}

struct json house_json(const struct response *r)
{
	static struct judge_document document;

	return r->body.n ? judge_parse(&document, r->body) : JSON_ABSENT;
}

struct json house_check(struct house *h, struct client *c, const char *const what[3],
	struct str body, int status, const char *file, int line)
{
	struct response r = house_ask(h, c, what[0], what[1], what[2], body);
	struct json root = JSON_ABSENT;

	if (r.status != status) {
		print_error("%s:%d: %s %s with %.*s\nanswered %d, not %d: %.*s\n", file, line,
			what[0], what[1], (int)(body.n < 500 ? body.n : 500), body.p, r.status,
			status, STR_FMT(r.body));
		_fail(file, line);
	}
	root = house_json(&r);
	response_free(&r);
	return root;
}

struct instant house_now(struct house *h)
{
	struct response r = house_ask(h, NULL, "GET", "/livez", NULL, STR_NULL);
	struct tm tm = {0};
	struct str date;

	assert_int_equal(r.status, 200);
	date = response_header(&r, "date");
	assert_non_null(date.p);
	assert_non_null(strptime(date.p, "%a, %d %b %Y %H:%M:%S GMT", &tm));
	response_free(&r);
	return (struct instant){timegm(&tm)};
}

struct instant house_instant(struct json v)
{
	struct local local;

	if (!instant_parse(&local, json_str(v)))
		fail_msg("%.*s is not a time", STR_FMT(json_raw(v)));
	return local_instant(local);
}

/* ---- chance ---- */

struct chance chance_make(const char *what)
{
	const char *seed = getenv("RELAIS_SEED");
	struct chance c = {seed ? strtoull(seed, NULL, 10) : 20260302};

	print_message(
		"# %s: seed %llu (RELAIS_SEED sets another)\n", what, (unsigned long long)c.state);
	return c;
}

/* splitmix64 */
uint32_t chance_below(struct chance *c, uint32_t below)
{
	uint64_t z = c->state += UINT64_C(0x9e3779b97f4a7c15);

	ASSERT(below > 0);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) % below);
}
