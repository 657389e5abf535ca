/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/service.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { LISTEN_FD_FIRST = 3, STATUS_BYTES = 300, MESSAGE_BYTES = 512, US_PER_MS = 1000 };

struct service {
	uv_timer_t timer; /* first: the handle's memory is the service's */
	int fd;		  /* -1: nobody to speak to */
	struct sockaddr_un to;
	socklen_t to_len;
	uint64_t watchdog_ms; /* 0: no sign of life is asked for */
	struct service_watch watch;
};

/* ---- what the manager hears ---- */

/* A manager that does not read is not waited for: the next message says what counts then. */
static void say(const struct service *s, const char *message)
{
	if (s->fd >= 0)
		(void)sendto(s->fd, message, strlen(message), MSG_NOSIGNAL | MSG_DONTWAIT,
			(const struct sockaddr *)&s->to, s->to_len);
}

/* A path, or a name that stands in no file system and begins with '@'. */
static bool address_read(struct service *s, const char *path)
{
	size_t n = path ? strlen(path) : 0;

	if (n < 2 || n >= sizeof s->to.sun_path || (path[0] != '/' && path[0] != '@'))
		return false;
	s->to.sun_family = AF_UNIX;
	memcpy(s->to.sun_path, path, n);
	s->to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	if (path[0] == '@')
		s->to.sun_path[0] = '\0';
	else
		s->to_len++;
	return true;
}

/* A whole number; 0 for anything else. */
static uint64_t number_of(const char *text)
{
	char *end = NULL;
	unsigned long long n = text && *text >= '0' && *text <= '9' ? strtoull(text, &end, 10) : 0;

	return end && !*end ? n : 0;
}

/* A variable that was set for this process, and not for one that handed its environment on. */
static bool is_for_us(const char *pid_variable)
{
	const char *pid = getenv(pid_variable);

	return !pid || number_of(pid) == (uint64_t)getpid();
}

struct service *service_open(uv_loop_t *loop)
{
	struct service *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	uv_timer_init(loop, &s->timer);
	s->fd = -1;
	if (!address_read(s, getenv("NOTIFY_SOCKET")))
		return s;
	s->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (is_for_us("WATCHDOG_PID"))
		s->watchdog_ms = number_of(getenv("WATCHDOG_USEC")) / US_PER_MS;
	say(s, "STATUS=Opening the data directory");
	return s;
}

static void say_status(struct service *s, const char *before)
{
	char status[STATUS_BYTES] = "", message[MESSAGE_BYTES];

	s->watch.status(s->watch.context, status, sizeof status);
	snprintf(message, sizeof message, "%sSTATUS=%s", before, status);
	say(s, message);
}

static void on_time(uv_timer_t *timer)
{
	struct service *s = (struct service *)(void *)timer;
	/* The loop turns, or this would not run. */
	bool alive = s->watch.is_alive(
		s->watch.context, s->watchdog_ms ? s->watchdog_ms : (uint64_t)SERVICE_STATUS_MS);

	say_status(s, s->watchdog_ms && alive ? "WATCHDOG=1\n" : "");
}

void service_ready(struct service *s, const struct service_watch *watch)
{
	uint64_t every = SERVICE_STATUS_MS;

	s->watch = *watch;
	if (s->fd < 0)
		return;
	/* Twice within the span that the manager waits: one may come late. */
	if (s->watchdog_ms && s->watchdog_ms / 2 < every)
		every = s->watchdog_ms / 2 ? s->watchdog_ms / 2 : 1;
	say_status(s, "READY=1\n");
	uv_timer_start(&s->timer, on_time, every, every);
}

void service_reloading(struct service *s)
{
	char message[MESSAGE_BYTES];
	struct timespec t;

	ASSERT(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	/* Without the time newer managers wait for ever (systemd.service(5), notify-reload). */
	snprintf(message, sizeof message, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		(uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000);
	say(s, message);
}

void service_reloaded(struct service *s)
{
	if (s->fd >= 0)
		say_status(s, "READY=1\n");
}

void service_stopping(struct service *s)
{
	say(s, "STOPPING=1\nSTATUS=Finishing what is under way");
}

static void on_closed(uv_handle_t *handle)
{
	struct service *s = (struct service *)(void *)handle;

	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

void service_close(struct service *s)
{
	if (s)
		uv_close((uv_handle_t *)&s->timer, on_closed);
}

/* ---- what it hands over ---- */

static bool option_is(int fd, int option, int expected)
{
	int value = 0;
	socklen_t n = sizeof value;

	return getsockopt(fd, SOL_SOCKET, option, &value, &n) == 0 && value == expected;
}

static bool is_listener(int fd)
{
	return option_is(fd, SO_TYPE, SOCK_STREAM) && option_is(fd, SO_ACCEPTCONN, 1) &&
	       (option_is(fd, SO_DOMAIN, AF_INET) || option_is(fd, SO_DOMAIN, AF_INET6));
}

bool service_socket(int *fd, char *why, size_t why_size)
{
	uint64_t n = getenv("LISTEN_PID") && is_for_us("LISTEN_PID")
			     ? number_of(getenv("LISTEN_FDS"))
			     : 0;

	*fd = -1;
	if (n == 0)
		return true;
	if (n > 1) {
		snprintf(why, why_size,
			"the service manager handed over %" PRIu64
			" sockets: name one ListenStream= in relais.socket",
			n);
		return false;
	}
	if (!is_listener(LISTEN_FD_FIRST)) {
		snprintf(why, why_size,
			"the socket from the service manager is not a listening TCP socket: name "
			"ListenStream=ADDRESS:PORT in relais.socket");
		return false;
	}
	fcntl(LISTEN_FD_FIRST, F_SETFD, FD_CLOEXEC);
	*fd = LISTEN_FD_FIRST;
	return true;
}
