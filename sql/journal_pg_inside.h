/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a journal in PostgreSQL is made of, for the files that make it. */

#include "sql/journal_pg.h"
#include "sql/pg.h"

enum { ADDRESS_BYTES = 1024, SERVER_BYTES = 65 };

struct journal_pg {
	struct journal port; /* first: its functions find the rest by it */
	struct pg pg;
	struct env *env;    /* borrowed */
	struct arena arena; /* of one question */
	char address[ADDRESS_BYTES], server[SERVER_BYTES];
	bool migrate;
	int64_t until_ms;      /* of the round */
	int64_t not_before_ms; /* after a failure */
	bool was_away;	       /* and it was said */
	bool heads_checked;    /* on this connection: what the store has is in the journal */
	/* of the connection, as it was found */
	int64_t skew_s;
	bool no_fsync, no_full_pages, no_standby;
	/* what the last read fetched: rows from `at` on are still to be given */
	struct pg_rows news;
	uint32_t at;
	bool ended; /* there was nothing behind them */
};

enum { NEWS_SITE, NEWS_SEQ, NEWS_PREV, NEWS_HASH, NEWS_BYTES };

/* False: it is not there, and what is said of it was said. */
bool journal_pg_ready(struct journal_pg *j);
/* After PG_GONE or PG_AWAY: the next try has to wait. */
void journal_pg_lost(struct journal_pg *j);
void journal_pg_forget_news(struct journal_pg *j);
/* True: an own commit stands behind all that was visible on this connection. */
bool journal_pg_barrier(struct journal_pg *j);
enum journal_read journal_pg_read(
	struct journal *self, struct txn *t, struct arena *a, struct pending_entry *out);
