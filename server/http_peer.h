/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What we remember of each address: its open connections and the requests it abandoned lately. An
 * IPv6 network of 64 bits counts as one address, as one customer has so many. No h2o, no clock.
 */

#include <netinet/in.h>

#include "rules/base.h"

struct peer {
	struct peer *next; /* in its bucket */
	uint64_t key;
	uint32_t connections;
	uint32_t aborts; /* since aborts_from_ms */
	uint64_t aborts_from_ms;
};

/* In HTTP/1.1 a request is abandoned by leaving its connection, so abandoning is counted by address
 * over one minute: only there can anybody do it a hundred times. */
enum { PEER_BUCKETS = 1024, PEER_ABORTS_MS = 60000 };

struct peers {
	struct peer *buckets[PEER_BUCKETS]; /* owned */
	uint32_t count, count_max;
};

uint64_t peer_key(const struct sockaddr_storage *a);
bool peer_key_is_loopback(uint64_t key);
/* Of whom a proxy speaks for: the last address of X-Forwarded-For, which it added itself. 0: that
 * is none. */
uint64_t peer_key_forwarded(struct str header);
/* A list with commas between: whether all of it are addresses, and whether one has that key. */
bool peer_keys_are_good(struct str list);
bool peer_keys_name(struct str list, uint64_t key);

/* The entry of that address, made when there is none. */
struct peer *peer_enter(struct peers *t, uint64_t key);
/* One connection fewer; the entry goes when nothing is left to remember. */
void peer_leave(struct peers *t, struct peer *p, uint64_t now_ms);
void peer_abort(struct peer *p, uint64_t now_ms);
/* Abandoned requests within the last minute. */
uint32_t peer_aborts(const struct peer *p, uint64_t now_ms);
/* Forgets what is a minute old. */
void peers_sweep(struct peers *t, uint64_t now_ms);
void peers_deinit(struct peers *t);
