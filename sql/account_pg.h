/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The accounts of servers that share a journal (fleet/account.h), in its database, on a connection
 * of their own: whoever signs in waits for no booking. A thread looks several times a second for
 * what others changed, so that a right that is withdrawn at one server ends at all within one.
 */

#include "fleet/account.h"
#include "fleet/share.h"

enum {
	ACCOUNT_ROUND_MS = 1000, /* behind a slow hash, of the 2 s in which all have an answer */
	ACCOUNT_LOOK_MS = 300,	 /* with AUTH_CACHE_MS less than a second */
};

struct account_pg;
/* Does not connect yet. All borrowed but the texts; `server` as in journal_pg. NULL without memory.
 */
struct account_pg *account_pg_open(
	const char *address, const char *server, const char *id, struct people *people);
struct accounts *account_pg_port(struct account_pg *y);
/* From now on the people store shares its accounts and follows them, until it is closed. */
void account_pg_start(struct account_pg *y);
void account_pg_close(struct account_pg *y);
