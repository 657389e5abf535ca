/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/shared.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fleet/share.h"
#include "sql/account_pg.h"
#include "sql/journal_pg.h"

enum {
	NEW_WAIT_MS = 30000,  /* a new directory for the journal it needs */
	KNOWN_WAIT_MS = 2000, /* one that can answer without it */
	TRY_MS = 2000,
	PAUSE_MS = 100,
	NAME_BYTES = 17,
};

struct shared {
	struct journal_pg *pg;	     /* owned */
	struct account_pg *accounts; /* owned; NULL before the directory has joined */
	struct env *env;	     /* borrowed */
	char *address;		     /* owned */
	char name[NAME_BYTES];
};

/* The same as long as machine and directory are, and nobody else's. */
static void name_of(const char *dir, char out[NAME_BYTES])
{
	char host[256] = "", path[PATH_MAX], hex[HASH_TEXT];
	struct hash h;

	if (gethostname(host, sizeof host - 1) != 0)
		host[0] = '\0';
	h = hash_of2(str_from(host), str_from(realpath(dir, path) ? path : dir));
	snprintf(out, NAME_BYTES, "%.*s", NAME_BYTES - 1, hash_print(&h, hex).p);
}

struct shared *shared_open(const char *address, const char *dir, struct env *env)
{
	struct shared *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	name_of(dir, s->name);
	const struct journal_pg_options options = {
		.address = address, .env = env, .server = s->name, .migrate = true};
	s->env = env;
	s->address = strdup(address);
	s->pg = s->address ? journal_pg_open(&options) : NULL;
	if (s->pg)
		return s;
	free(s->address);
	free(s);
	return NULL;
}

void shared_close(struct shared *s)
{
	if (!s)
		return;
	ASSERT(!s->accounts);
	journal_pg_close(s->pg);
	free(s->address);
	free(s);
}

void shared_stop(struct shared *s)
{
	if (!s)
		return;
	account_pg_close(s->accounts);
	s->accounts = NULL;
}

/* A server that cannot ask just now has the accounts that it knows. */
static enum outcome share_accounts(struct shared *s, struct fleet *fleet)
{
	struct people *people = fleet_people(fleet);
	char id[SHARE_ID_MAX + 1];
	enum outcome o;

	ASSERT(people_shared(people, id) && !s->accounts);
	s->accounts = account_pg_open(s->address, s->name, id, people);
	if (!s->accounts)
		return FAULT_MEMORY;
	people_share_accounts(people, account_pg_port(s->accounts));
	o = people_follow_accounts(people);
	account_pg_start(s->accounts);
	return o;
}

struct journal *shared_journal(struct shared *s)
{
	return journal_pg_port(s->pg);
}

void shared_hear(struct shared *s, void (*heard)(void *context), void *context)
{
	if (s)
		journal_pg_hear(s->pg, heard, context);
}

static void warn(void *context, const char *line)
{
	struct env *env = context;
	env->log(env, line);
}

static enum outcome connect_within(struct shared *s, int64_t until_ms, char *why, size_t why_size)
{
	for (;;) {
		enum outcome o = journal_pg_connect(s->pg, pg_clock_ms() + TRY_MS, why, why_size);
		if (o != FAULT_BUSY || pg_clock_ms() > until_ms)
			return o;
		poll(NULL, 0, PAUSE_MS);
	}
}

/* Entries that are here. */
static uint64_t count_entries(struct fleet *fleet)
{
	struct str name = STR_NULL;
	uint64_t n = 0;
	struct txn t;

	txn_begin(&t, fleet_store(fleet), false);
	while (journal_next_name(&t, &name)) {
		struct journal_head head;
		(void)journal_head(&t, name, &head);
		n += head.seq;
	}
	txn_abort(&t);
	return n;
}

/* As long as it gets on: a new server may have years to follow. */
static enum outcome follow_all(
	struct shared *s, struct fleet *fleet, int64_t wait_ms, struct shared_progress *p)
{
	uint64_t all = p ? journal_pg_count(s->pg) : 0;
	struct store_usage usage;
	uint64_t seen = 0;
	int64_t until_ms = pg_clock_ms() + wait_ms;

	for (;;) {
		enum outcome o = fleet_follow(fleet);
		store_usage(fleet_store(fleet), &usage);
		if (p) {
			p->done = count_entries(fleet);
			p->tell(p->context, p->done, all > p->done ? all : p->done);
		}
		if (o != FAULT_BUSY)
			return o;
		if (usage.last_txn != seen)
			until_ms = pg_clock_ms() + wait_ms;
		seen = usage.last_txn;
		if (pg_clock_ms() > until_ms)
			return o;
		poll(NULL, 0, PAUSE_MS);
	}
}

/* Connects, joins, follows. */
static enum outcome start(struct shared *s, struct fleet *fleet, int64_t wait_ms,
	struct shared_progress *p, char *why, size_t why_size)
{
	struct people *people = fleet_people(fleet);
	char id[SHARE_ID_MAX + 1];
	bool known = people_shared(people, id);
	enum outcome o;

	journal_pg_expect(s->pg, known ? id : NULL, people_secret(people));
	o = connect_within(s, pg_clock_ms() + wait_ms, why, why_size);
	if (o == OK)
		o = fleet_join(
			fleet, journal_pg_id(s->pg), journal_pg_secret(s->pg), why, why_size);
	if (o != OK)
		return o;
	journal_pg_warnings(s->pg, warn, s->env);
	o = follow_all(s, fleet, wait_ms, p);
	if (o == OK)
		o = share_accounts(s, fleet);
	if (o != OK)
		snprintf(why, why_size, "the journal cannot be followed: %s",
			o == FAULT_CORRUPT ? "it does not have what is in the data directory"
					   : "PostgreSQL is away");
	return o;
}

enum outcome shared_start(struct shared *s, struct fleet *fleet, char *why, size_t why_size)
{
	char id[SHARE_ID_MAX + 1];
	bool known = people_shared(fleet_people(fleet), id);
	enum outcome o = start(s, fleet, known ? KNOWN_WAIT_MS : NEW_WAIT_MS, NULL, why, why_size);

	if ((o == OK || (o == FAULT_BUSY && known)) && !journal_pg_listen(s->pg))
		s->env->log(s->env, "nobody listens for what others append: it is looked for "
				    "each second");
	if (o != FAULT_BUSY || !known)
		return o;
	if (!s->accounts && share_accounts(s, fleet) == FAULT_MEMORY)
		return FAULT_MEMORY;
	s->env->log(s->env, why);
	s->env->log(
		s->env, "serving what was followed so far; nothing is written until it is back");
	return OK;
}

enum outcome shared_copy_in(struct shared *s, struct fleet *fleet, struct shared_progress *p,
	char *why, size_t why_size)
{
	enum outcome o = start(s, fleet, NEW_WAIT_MS, p, why, why_size);

	if (o != OK)
		return o;
	shared_stop(s);
	snprintf(why, why_size, "the directory cannot be written");
	return fleet_leave(fleet);
}
