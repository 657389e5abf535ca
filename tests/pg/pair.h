/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Two servers, A and B, over one journal in a PostgreSQL that is started once for all tests: A is a
 * small dealership that moved in, B is new. The wire between A or B and the port does as its
 * letters say.
 */

#include "sql/journal_copy.h"
#include "tests/lib/two_servers.h"
#include "tests/pg/postgres.h"

struct server {
	struct journal link; /* first: its functions find the rest by it */
	struct scratch scratch;
	struct journal_pg *pg;
	struct fleet *fleet;
	const char *wire;
	void (*before_keys)(void);   /* once, before a key goes out; NULL */
	void (*before_append)(void); /* once, before several sites' entries go out; NULL */
};

extern char pair_heard[4096]; /* the lines that were logged in this test */
extern struct postgres postgres;
extern char database[20];
extern struct dealership w; /* its store is A's */
extern struct server a, b;

/* Of the group, and of each test. */
int pair_postgres_open(void **state);
int pair_postgres_close(void **state);
int pair_make(void **state);
int pair_drop(void **state);

void close_server(struct server *s);
/* As another role than the owner. */
void pair_as(const char *user);
void open_server(struct server *s, const char *dir, const char *name, bool create);
/* How far LYO is, at a server and in PostgreSQL. */
uint64_t head_of(const struct server *s);
uint64_t head_there(void);
/* A block of G1 for a day; the command's answer, and the batch's. */
enum outcome block(struct server *s, const char *key, struct command *answer);
