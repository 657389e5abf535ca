/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the program and its service manager say to each other, spoken by hand (sd_notify(3),
 * sd_listen_fds(3)): datagrams to $NOTIFY_SOCKET, sockets from $LISTEN_FDS. Without a manager all
 * of it does nothing. Only the loop thread speaks, so a watchdog's sign of life is the loop's own.
 */

#include <uv.h>

#include "rules/base.h"

enum { SERVICE_STATUS_MS = 10000 }; /* at least so often a status, and a sign of life if asked */

struct service_watch {
	void *context; /* borrowed */
	/* Whether the parts that the loop cannot vouch for are alive, no later than within_ms. */
	bool (*is_alive)(void *context, uint64_t within_ms);
	/* One line for `systemctl status`. */
	void (*status)(void *context, char *out, size_t size);
};

struct service;
/* Reads the environment; NULL without memory. */
struct service *service_open(uv_loop_t *loop);
/* Signs of life and a status begin. */
void service_ready(struct service *s, const struct service_watch *watch);
/* RELOADING, and what comes after it: ready again. */
void service_reloading(struct service *s);
void service_reloaded(struct service *s);
/* The drain begins. */
void service_stopping(struct service *s);
/* Before the loop ends; signs of life stop. */
void service_close(struct service *s);

/* The listening socket that the manager opened for us; -1: there is none. False with a sentence in
 * `why`: more than one, or none that HTTP can be spoken on. */
MUST_CHECK bool service_socket(int *fd, char *why, size_t why_size);
