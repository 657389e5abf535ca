/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem, MAP_ANONYMOUS */
#include "tests/pg/cutter.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WIRES_MAX = 16, CHUNK = 1 << 16, PLAN_MAX = 3 };
#define SOCKET_NAME ".s.PGSQL.5432"
static const char append[] = "INSERT INTO relais.journal ";

struct wire {
	int near, far;	     /* -1: none */
	bool doomed;	     /* the next answer is not for anybody */
	char plan[PLAN_MAX]; /* the name of the append there */
};

static struct sockaddr_un address_of(const char *dir)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	if ((size_t)snprintf(at.sun_path, sizeof at.sun_path, "%s/" SOCKET_NAME, dir) >=
		sizeof at.sun_path)
		_exit(2);
	return at;
}

static int listen_in(const char *dir)
{
	struct sockaddr_un at = address_of(dir);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 16) != 0)
		_exit(2);
	return fd;
}

static void wire_close(struct wire *w)
{
	close(w->near);
	close(w->far);
	*w = (struct wire){.near = -1, .far = -1};
}

static void take(struct wire wires[WIRES_MAX], int listening, const char *dir, int cut)
{
	struct sockaddr_un at = address_of(dir);
	int near = accept(listening, NULL, NULL), far;

	for (int i = 0; i < WIRES_MAX && near >= 0 && cut != CUT_OFF; i++) {
		if (wires[i].near >= 0)
			continue;
		far = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (far >= 0 && connect(far, (struct sockaddr *)&at, sizeof at) == 0) {
			wires[i] = (struct wire){.near = near, .far = far};
			return;
		}
		close(far);
		break;
	}
	close(near);
}

static bool pass(int from, int to, char *bytes, ssize_t *n)
{
	*n = read(from, bytes, CHUNK);
	if (*n <= 0)
		return false;
	for (ssize_t at = 0, done; to >= 0 && at < *n; at += done)
		if ((done = write(to, bytes + at, (size_t)(*n - at))) <= 0)
			return false;
	return true;
}

/* A plan of the append is made under a name once a wire (Parse), and asked for by it from then on
 * (Bind, of the portal without a name): protocol 3.0. */
static bool is_append(struct wire *w, const char *bytes, size_t n)
{
	const char *made = memmem(bytes, n, append, sizeof append - 1), *bound;
	char bind[PLAN_MAX + 2] = {0};
	size_t len;

	if (made && made - bytes >= 4 && made[-1] == '\0' && made[-2] != '\0') {
		w->plan[0] = made[-3];
		w->plan[1] = made[-2];
		return false;
	}
	if (made)
		return true;
	len = strlen(w->plan);
	memcpy(bind + 1, w->plan, len);
	bound = len ? memmem(bytes, n, bind, len + 2) : NULL;
	return bound && bound - bytes >= 5 && bound[-5] == 'B';
}

/* Towards PostgreSQL: false when it is to be closed. */
static bool pass_on(struct wire *w, volatile int *cut)
{
	static char bytes[CHUNK];
	ssize_t n;

	if (!pass(w->near, -1, bytes, &n))
		return false;
	if (is_append(w, bytes, (size_t)n) && (*cut == CUT_REPLY || *cut == CUT_APPEND)) {
		bool never = *cut == CUT_APPEND;
		*cut = CUT_OFF;
		w->doomed = true;
		if (never)
			return false;
	}
	return write(w->far, bytes, (size_t)n) == n;
}

static _Noreturn void run(int listening, const char *dir, volatile int *cut)
{
	static struct wire wires[WIRES_MAX];
	static char bytes[CHUNK];
	struct pollfd fds[1 + 2 * WIRES_MAX];
	ssize_t n;

	for (int i = 0; i < WIRES_MAX; i++)
		wires[i] = (struct wire){.near = -1, .far = -1};
	for (;;) {
		fds[0] = (struct pollfd){.fd = listening, .events = POLLIN};
		for (int i = 0; i < WIRES_MAX; i++) {
			fds[1 + 2 * i] = (struct pollfd){.fd = wires[i].near, .events = POLLIN};
			fds[2 + 2 * i] = (struct pollfd){.fd = wires[i].far, .events = POLLIN};
		}
		if (poll(fds, ARRAY_LEN(fds), -1) < 0)
			_exit(2);
		for (int i = 0; i < WIRES_MAX; i++) {
			struct wire *w = &wires[i];
			if (fds[1 + 2 * i].revents && !pass_on(w, cut))
				wire_close(w);
			else if (w->near >= 0 && fds[2 + 2 * i].revents &&
				 (w->doomed || !pass(w->far, w->near, bytes, &n)))
				wire_close(w);
		}
		if (fds[0].revents)
			take(wires, listening, dir, *cut);
	}
}

void cutter_open(struct cutter *c, const struct postgres *to)
{
	pid_t parent = getpid();
	int listening;

	scratch_make(&c->scratch);
	c->cut = mmap(
		NULL, sizeof *c->cut, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(c->cut != MAP_FAILED);
	*c->cut = CUT_NEVER;
	listening = listen_in(c->scratch.dir);
	fflush(NULL);
	c->pid = fork();
	assert_true(c->pid >= 0);
	if (c->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGPIPE, SIG_IGN);
		if (getppid() != parent)
			_exit(2);
		run(listening, to->scratch.dir, c->cut);
	}
	close(listening);
}

void cutter_close(struct cutter *c)
{
	kill(c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
	munmap((void *)(uintptr_t)c->cut, sizeof *c->cut);
	scratch_remove(&c->scratch);
}

const char *cutter_url(const struct cutter *c, const char *database, char out[POSTGRES_URL_BYTES])
{
	snprintf(out, POSTGRES_URL_BYTES, "postgresql://relais@/%s?host=%s", database,
		c->scratch.dir);
	return out;
}

void cutter_set(struct cutter *c, enum cut cut)
{
	*c->cut = (int)cut;
}

bool cutter_was_used(const struct cutter *c)
{
	return *c->cut == CUT_OFF;
}
