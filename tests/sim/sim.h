/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One seed: some servers over one journal, the wire between them, clients, and everything that can
 * go wrong, all in one thread and drawn from one number.
 *
 *   house.c    the dealership every seed begins with
 *   link.c     a server's way to the journal: late, twice, never, or without a reply
 *   server.c   a server: its queue, its batches, its clock, its end and its return
 *   client.c   who asks, asks again and asks for something else under the same key
 *   compare.c  each server's rows against the oracle's, and against each other
 *   sim.c      the order of it all
 */

#include "server/queue.h"
#include "tests/lib/scratch.h"
#include "tests/lib/shared_journal.h"
#include "tests/sim/oracle.h"

enum {
	SERVERS_MAX = 3,
	CLIENTS = 6,
	FLIGHTS_MAX = 6,
	REQUESTS_MAX = 4000,
};

// clang-format off
/* What happened, over all seeds: faults first. */
#define COUNTS(X) \
	X(REPLIES_LOST, "replies of the journal lost, the entries in it") \
	X(APPENDS_LOST, "appends lost on their way") \
	X(APPENDS_LATE, "appends that arrived after their sender had given up") \
	X(APPENDS_DEAD, "appends that arrived late and found their place taken") \
	X(CONFLICTS, "appends that came second") \
	X(OUTAGES, "outages of the journal") \
	X(MUTES, "servers cut off from it") \
	X(UNSETTLED, "batches that stayed unknown") \
	X(CRASHES, "crashes") \
	X(POWER_CUTS, "of those, power cuts: the store back at an earlier state") \
	X(CLOCKS_AHEAD, "clocks set ahead") \
	X(CLOCKS_BACK, "clocks set back") \
	X(ANSWERS_LOST, "answers lost on their way to the client") \
	X(TWICE, "requests sent twice at once") \
	X(AGAIN, "requests sent again with the same key") \
	X(OTHER_BODY, "keys used for another body") \
	X(STEPS, "steps") \
	X(REQUESTS, "requests") \
	X(DONE, "answered yes") \
	X(REFUSED, "answered no, journalled") \
	X(REJECTED, "answered no, not journalled") \
	X(REPLAYED, "answered again by key") \
	X(ENTRIES, "entries") \
	X(COMPARED, "projections compared row by row")
// clang-format on
enum count {
#define X(name, text) COUNT_##name,
	COUNTS(X)
#undef X
		COUNTS_LEN
};

struct sim;

struct server {
	struct env env;	     /* first: its functions find the rest by it */
	struct journal link; /* so does the link */
	struct sim *sim;
	uint32_t number;
	struct scratch dir;
	struct fleet *fleet; /* NULL: it is down */
	struct queue waiting;
	int64_t skew_s;
	uint64_t chance;
	bool busy, dying;    /* a batch is under way; nothing it does counts any more */
	uint32_t mute_until; /* by steps */
	char *durable;	     /* owned: the store as the disk would have it after a power cut */
	size_t durable_len, durable_cap;
	uint64_t compared[JOURNALS_JUDGED]; /* how far its rows were compared */
};

/* An append that is still on its way. */
struct flight {
	struct arena arena;
	struct pending_entry *entries;
	size_t len; /* 0: there is none */
};

struct client {
	struct request *request; /* NULL: it has nothing to ask just now */
};

struct sim {
	uint64_t chance; /* of the faults and the order; what is asked is drawn apart */
	int64_t now_s;
	uint32_t step, outage_until;
	bool calm; /* nothing goes wrong any more */
	struct shared_journal journal;
	size_t judged; /* the oracle has seen so many of its entries */
	struct server servers[SERVERS_MAX];
	uint32_t servers_len;
	struct flight flights[FLIGHTS_MAX];
	struct client clients[CLIENTS];
	struct request *requests; /* owned */
	uint32_t requests_len;
	struct sim_oracle *oracle;
	struct hash said; /* over everything said and written */
	uint64_t *counts; /* borrowed: COUNTS_LEN */
};

uint32_t lot(struct sim *s, uint32_t below);
bool luck(struct sim *s, uint32_t percent); /* never when it is calm */
void count(struct sim *s, enum count c);
void say(struct sim *s, struct str bytes); /* into the hash of everything */
void judge_entries(struct sim *s);	   /* the oracle reads what is new in the journal */

/* ---- house.c ---- */
void house_build(void); /* once a process */
void house_take_down(void);
/* A directory of its own with the house's store and people in it; the journal that belongs to it.
 */
void house_move_in(struct scratch *dir);
void house_journal(struct shared_journal *j);
const struct zone *house_zone(struct env *env, struct str name);
int64_t house_now_s(void);

/* ---- link.c ---- */
void link_init(struct server *v);
bool link_flight_lands(struct sim *s, uint32_t flight); /* or is lost; false: there was none */

/* ---- server.c ---- */
void server_build(struct sim *s, uint32_t number, uint64_t seed);
void server_remove(struct server *v);
void server_start(struct server *v);
void server_crash(struct server *v);
/* Runs a batch of what waits, and answers; false: nothing waits, or it cannot. */
bool server_serve(struct server *v);
void server_follow(struct server *v);
void server_keep(struct server *v); /* what the disk has now it will have after a power cut */
void server_tick(struct server *v);
struct server *server_some(struct sim *s); /* one that is up; NULL: none is */

/* ---- client.c ---- */
void clients_begin(struct sim *s, uint64_t seed);
void clients_end(struct sim *s);
void client_act(struct sim *s);
void client_answered(struct server *v, struct command *c); /* frees it */
void client_unanswered(struct command *c);		   /* frees it */
bool clients_rest(const struct sim *s);

/* ---- compare.c ---- */
/* The rows that changed since the last time; all of them. */
void compare_changed(struct server *v);
void compare_all(struct server *v);
/* Everything a store holds. */
struct hash compare_store(struct server *v);

/* ---- sim.c ---- */
struct hash sim_run(uint64_t seed, uint32_t steps, uint64_t *counts);
