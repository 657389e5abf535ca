/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A PostgreSQL of the test's own: made by initdb in a scratch directory, run by a user without
 * rights (nobody, where we are root), on a socket in that directory alone. It dies with the test.
 */

#include "sql/pg.h"
#include "tests/lib/process.h"
#include "tests/lib/scratch.h"

enum { POSTGRES_WAIT_MS = 60000, POSTGRES_URL_BYTES = SCRATCH_PATH + 100 };

struct postgres {
	struct scratch scratch;
	char data[SCRATCH_PATH * 2];
	char bin[200]; /* where initdb and postgres lie */
	pid_t pid;     /* 0 when not running */
};

/* Its directory, for an address that is known before it is there. */
void postgres_reserve(struct postgres *p);
/* A copy of a running one, reserved before, that follows it; and takes over. */
void postgres_copy(struct postgres *p, const struct postgres *from);
void postgres_promote(struct postgres *p);
/* Makes it and starts it. */
void postgres_open(struct postgres *p);
void postgres_start(struct postgres *p);
/* SIGKILL of all its processes, SIGQUIT (stops at once, without a checkpoint), SIGINT (fast). */
void postgres_end(struct postgres *p, int signal);
/* SIGSTOP and SIGCONT of all its processes. */
void postgres_freeze(struct postgres *p, bool frozen);
void postgres_close(struct postgres *p);
/* A fresh database. */
void postgres_database(struct postgres *p, const char *name);
/* Its address, in `out`. */
const char *postgres_url(
	const struct postgres *p, const char *database, char out[POSTGRES_URL_BYTES]);
const char *postgres_url_of(const struct postgres *p, const char *user, const char *database,
	char out[POSTGRES_URL_BYTES]);
/* One statement as its owner; its first value (int8), or 0 when it has no rows. It must succeed. */
int64_t postgres_ask(const struct postgres *p, const char *database, const char *sql);
/* The SQLSTATE that it is refused with, "" when it is not. Valid until the next call. */
const char *postgres_refusal(const struct postgres *p, const char *database, const char *sql);
