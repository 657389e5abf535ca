/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One connection to PostgreSQL, of one thread, on which nothing waits longer than until a given
 * moment: names of hosts are looked up beside it (host.h), but for those that only the environment
 * or a service of pg_service.conf says.
 * What was sent and not answered by then has an unknown outcome; the connection is given up, since
 * its next answer would be another's. Nothing is cancelled: a commit that waits for its copy would
 * be visible and not replicated.
 */

#include "rules/base.h"

enum {
	PG_WHY_BYTES = 300,
	PG_STATE_LEN = 5,
	PG_PARAMETERS_MAX = 12,
	PG_PREPARED_MAX = 8,
};

struct pg {
	void *conn;			       /* owned PGconn; NULL: there is none */
	char state[PG_STATE_LEN + 1];	       /* SQLSTATE of the last error, "" without one */
	char constraint[64];		       /* and the constraint that it names */
	char why[PG_WHY_BYTES];		       /* its words, one line, no values of rows */
	const char *prepared[PG_PREPARED_MAX]; /* texts that the server has a plan of */
};

/* GONE: it was sent, and nobody knows; the connection is no more. AWAY: there is no connection. */
enum pg_answer { PG_DONE, PG_REFUSED, PG_GONE, PG_AWAY };

/* Milliseconds of a clock that only goes on. */
int64_t pg_clock_ms(void);

/* Whether `address` is one that libpq reads, without a password in it; else a sentence. */
MUST_CHECK bool pg_address_is_good(const char *address, char *why, size_t why_size);
/* A connection to a server that takes writes, in place of the one there was. */
MUST_CHECK enum pg_answer pg_connect(struct pg *pg, const char *address, int64_t until_ms);
void pg_drop(struct pg *pg);
static inline bool pg_is_connected(const struct pg *pg)
{
	return pg->conn != NULL;
}

/* What a query is asked with: texts, and arrays in libpq's binary form (array.h). */
struct pg_query {
	const char *sql;
	bool often; /* it is planned once for each connection; the text is a constant */
	uint32_t len;
	struct str value[PG_PARAMETERS_MAX]; /* p NULL: null */
	bool binary[PG_PARAMETERS_MAX];	     /* false: text, ended by NUL */
};
/* The rows of an answer, binary; owned by who asked. */
struct pg_rows {
	void *result;
	uint32_t len;
};
MUST_CHECK enum pg_answer pg_ask(
	struct pg *pg, const struct pg_query *q, int64_t until_ms, struct pg_rows *rows);
/* The two halves of it: GONE or AWAY where it could not be sent; then its answer is to be waited
 * for before anything else is asked. */
MUST_CHECK enum pg_answer pg_send(struct pg *pg, const struct pg_query *q, int64_t until_ms);
MUST_CHECK enum pg_answer pg_await(struct pg *pg, int64_t until_ms, struct pg_rows *rows);
/* Several statements at once, as a file of SQL has them; without parameters, without rows. */
MUST_CHECK enum pg_answer pg_run(struct pg *pg, const char *sql, int64_t until_ms);
/* For whoever waits for notifications: the socket (-1: none), and how many came from other
 * connections since; -1: the connection is lost. */
int pg_socket(const struct pg *pg);
int pg_notifications(struct pg *pg);
void pg_rows_free(struct pg_rows *rows);
/* A value as bytes: STR_NULL for null. It lies in the rows. */
struct str pg_value(const struct pg_rows *rows, uint32_t row, int column);
/* int8 and int4. */
int64_t pg_number(const struct pg_rows *rows, uint32_t row, int column);
static inline bool pg_state_is(const struct pg *pg, const char *state)
{
	return strcmp(pg->state, state) == 0;
}
/* Of a class, by its first two characters. */
static inline bool pg_state_in(const struct pg *pg, const char *class)
{
	return memcmp(pg->state, class, 2) == 0;
}
