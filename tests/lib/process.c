/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

_Noreturn static void become(const char *const argv[], int out_fd, pid_t parent)
{
	char *copy[64];
	size_t n = 0;
	for (; argv[n] && n + 1 < ARRAY_LEN(copy); n++)
		copy[n] = strdup(argv[n]);
	copy[n] = NULL;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent && dup2(out_fd, STDOUT_FILENO) >= 0)
		execv(copy[0], copy);
	_exit(127);
}

/* True once the line is whole. */
static bool line_read(struct process *p, int64_t deadline_ms)
{
	size_t n = 0;
	while (n + 1 < sizeof(p->line)) {
		struct pollfd f = {.fd = p->out_fd, .events = POLLIN};
		int64_t left = deadline_ms - now_ms();
		if (poll(&f, 1, left > 0 ? (int)left : 0) == 0 ||
			read(p->out_fd, p->line + n, 1) != 1)
			return false;
		if (p->line[n] == '\n') {
			p->line[n] = '\0';
			return true;
		}
		n++;
	}
	return false;
}

bool process_start(struct process *p, const char *const argv[], int wait_ms)
{
	int ends[2];
	pid_t parent = getpid();
	*p = (struct process){.out_fd = -1};
	if (pipe(ends) != 0)
		return false;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	p->pid = fork();
	if (p->pid == 0)
		become(argv, ends[1], parent);
	close(ends[1]);
	p->out_fd = ends[0];
	if (p->pid > 0 && line_read(p, now_ms() + wait_ms))
		return true;
	if (p->pid > 0)
		process_stop(p, SIGKILL, wait_ms);
	else
		close(ends[0]);
	*p = (struct process){.out_fd = -1};
	return false;
}

static int exit_code(struct process *p, int status)
{
	p->pid = 0;
	close(p->out_fd);
	p->out_fd = -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int process_wait(struct process *p, int wait_ms)
{
	int64_t deadline = now_ms() + wait_ms;
	int status;
	ASSERT(p->pid > 0);
	do {
		if (waitpid(p->pid, &status, WNOHANG) == p->pid)
			return exit_code(p, status);
		poll(NULL, 0, 5);
	} while (now_ms() < deadline);
	kill(p->pid, SIGKILL);
	while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
		;
	exit_code(p, status);
	return -1;
}

int process_stop(struct process *p, int signal, int wait_ms)
{
	ASSERT(p->pid > 0);
	kill(p->pid, signal);
	return process_wait(p, wait_ms);
}
