/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a journal in PostgreSQL is made of, for the files that make it. */

#include "fleet/people.h"
#include "fleet/share.h"
#include "sql/hint.h"
#include "sql/journal_pg.h"
#include "sql/pg.h"

enum { ADDRESS_BYTES = 1024, SERVER_BYTES = 65, LANES_MAX = 8 };

struct journal_pg {
	struct journal port; /* first: its functions find the rest by it */
	struct pg pg;
	struct pg lane[LANES_MAX]; /* for what is appended at once */
	struct env *env;	   /* borrowed */
	struct hint *hint;	   /* owned; NULL: nobody listens */
	struct arena arena;	   /* of one question */
	char address[ADDRESS_BYTES], server[SERVER_BYTES];
	bool migrate;
	char expected[SHARE_ID_MAX + 1], id[SHARE_ID_MAX + 1];
	uint8_t secret[SEAL_KEY_LEN];	   /* before the first connection: what is offered */
	const struct journal_round *round; /* borrowed; NULL: all journals */
	int64_t until_ms;		   /* of the round */
	int64_t not_before_ms;		   /* after a failure */
	bool was_away;			   /* and it was said */
	bool heads_checked; /* on this connection: what the store has is in the journal */
	/* of the connection, as it was found */
	int64_t skew_s, measured_ms;
	bool was_skewed; /* and it was said */
	bool no_fsync, no_full_pages, no_standby;
	/* what the last read fetched: rows from `at` on are still to be given */
	struct pg_rows news;
	uint32_t at;
	bool fetched; /* in this round */
	bool ended;   /* there was nothing behind them */
};

enum { NEWS_SITE, NEWS_SEQ, NEWS_PREV, NEWS_HASH, NEWS_BYTES };

/* False: it is not there, and what is said of it was said. */
bool journal_pg_ready(struct journal_pg *j);
/* How far the clocks are apart, each minute anew; while it is too far, each time. */
void journal_pg_measure(struct journal_pg *j);
static inline bool journal_pg_is_skewed(const struct journal_pg *j)
{
	return j->skew_s > JOURNAL_SKEW_S || j->skew_s < -JOURNAL_SKEW_S;
}
/* A connection more to the same journal, as its own is. */
MUST_CHECK bool journal_session(
	struct pg *pg, const char *address, const char *id, int64_t until_ms);
/* After PG_GONE or PG_AWAY: the next try has to wait. */
void journal_pg_lost(struct journal_pg *j);
void journal_pg_forget_news(struct journal_pg *j);
/* journal_pg_each.c */
void journal_pg_append_each(struct journal *self, struct txn *t,
	const struct pending_entry *entries, struct pending_group *groups, size_t len);
void journal_pg_lanes_drop(struct journal_pg *j);
/* The statement that appends these, its values in the arena. */
struct pg_query journal_pg_statement(struct journal_pg *j, const struct pending_entry *e, size_t n);
/* What an answer to it means; `said` is the connection's that was asked. */
enum append journal_pg_appended(struct journal_pg *j, struct pg *said, enum pg_answer answer,
	const struct pending_entry *e, size_t n);
enum append journal_pg_append(
	struct journal *self, struct txn *t, const struct pending_entry *entries, size_t count);
/* True: an own commit stands behind all that was visible on this connection. */
bool journal_pg_barrier(struct journal_pg *j);
bool journal_barrier(struct pg *pg, const char *server, int64_t until_ms);
bool journal_pg_common(struct journal *self, struct txn *t, struct str journal, uint64_t *seq);
/* The port's keys: journal_pg_keys.c. */
enum append journal_pg_keys_add(struct journal *self, struct people_new_key *keys, size_t count);
enum journal_read journal_pg_keys_find(
	struct journal *self, struct people_new_key *keys, size_t count, bool *found);
enum append journal_pg_keys_drop(struct journal *self, const struct str *subjects, size_t count);
/* Whose journal it is, read into `j` or given by this server. */
MUST_CHECK enum outcome journal_pg_identity(
	struct journal_pg *j, int64_t until_ms, char *why, size_t why_size);
/* END: what the store has is in the journal; FORKED: not all of it. */
enum journal_read journal_pg_check_heads(struct journal_pg *j, struct txn *t);
enum journal_read journal_pg_read(
	struct journal *self, struct txn *t, struct arena *a, struct pending_entry *out);
