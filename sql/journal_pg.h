/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The journal that several servers share, in PostgreSQL (the protocol: README.md). It belongs to
 * the writer's thread. Whatever a round of it asks (from begin() on) is answered within
 * JOURNAL_ROUND_MS of when somebody first waited for it, by AWAY or UNKNOWN if nothing else; after
 * a failure nothing is tried again for JOURNAL_PAUSE_MS, so those who wait are told at once.
 */

#include "fleet/env.h"
#include "fleet/journal.h"
#include "sql/migrate.h"

enum {
	JOURNAL_ROUND_MS = 1500, /* of the 2 s within which nobody waits without an answer */
	JOURNAL_LEAST_MS = 500,	 /* for whoever waited so long already: 2 s in all */
	JOURNAL_PAUSE_MS = 500,
	JOURNAL_SKEW_S = 5, /* clocks further apart: nothing is written */
	JOURNAL_MIGRATE_MS = 60000,
};

struct journal_pg;
struct journal_pg_options {
	const char *address; /* pg_address_is_good */
	struct env *env;     /* borrowed */
	/* This server's own name among those of the journal, 1 to 64 bytes: it need not say
	 * anything, but stay the same. */
	const char *server;
	bool migrate; /* run what is missing, where the role may */
};
/* Does not connect yet. NULL without memory. */
struct journal_pg *journal_pg_open(const struct journal_pg_options *options);
void journal_pg_close(struct journal_pg *j);
/* Its port, good until it is closed. */
struct journal *journal_pg_port(struct journal_pg *j);

/* Before it connects: the journal that this directory follows, by its id (NULL: none so far;
 * another one is FAULT_CORRUPT), and the secret for a database that has none yet. */
void journal_pg_expect(struct journal_pg *j, const char *id, const uint8_t secret[SEAL_KEY_LEN]);
/* Connects, where it is not: OK; FAULT_BUSY with a sentence when it cannot just now, FAULT_CORRUPT
 * when no waiting will help (another's database, migrations that are missing or newer). */
MUST_CHECK enum outcome journal_pg_connect(
	struct journal_pg *j, int64_t until_ms, char *why, size_t why_size);
/* Hints of what others append, on a thread of their own (hint.h); before the writer's thread. */
MUST_CHECK bool journal_pg_listen(struct journal_pg *j);
void journal_pg_hear(struct journal_pg *j, void (*heard)(void *context), void *context);
/* Entries in it, counted now; 0 when it cannot be asked. */
uint64_t journal_pg_count(struct journal_pg *j);
/* Once it was connected: whose journal it is, and the secret of its servers. */
struct str journal_pg_id(const struct journal_pg *j);
const uint8_t *journal_pg_secret(const struct journal_pg *j);
/* What does not hold of "nothing acknowledged is lost", a sentence each, as of the last connect. */
void journal_pg_warnings(
	const struct journal_pg *j, void (*say)(void *context, const char *line), void *context);
