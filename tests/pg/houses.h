/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Two real servers over one journal in a PostgreSQL of their own. Both have a token of the same
 * name, so that a key is the same key at both. One car is alone in its class ("solo"); each round
 * asks for it at a time of its own.
 */

#include "tests/http/house.h"
#include "tests/pg/postgres.h"

enum { HOUSES = 2, HOUSES_REPLY_MS = 180000 };

extern struct postgres postgres;
extern struct house house[HOUSES];

/* The PostgreSQL, both servers, the first one's house filled and followed by the second. Each
 * reaches PostgreSQL at its address; NULL: where it is. */
void houses_open(const char *first, const char *second);
void houses_close(void);
/* A booking of that solution (and class, or NULL) at the time of the round. */
struct str houses_order(uint32_t round, const char *solution, const char *class);
/* Sends and reads: the same to one of them, on a connection of its own. */
void houses_send(struct client *c, uint32_t which, const char *key, struct str body);
/* One booking asked for, one look (at least that far; NULL), at one of them; written down where a
 * history is kept (history.h). */
struct response houses_ask(uint32_t which, const char *key, struct str body);
struct response houses_look(uint32_t which, const char *path, const char *min_seq);
/* Asks again with the same key, of each in turn, as long as it is said that nobody knows. */
struct response houses_insist(uint32_t first, const char *key, struct str body);
/* Bookings that all of them know, as PostgreSQL counts them. */
int64_t houses_booked(void);
/* How often: in CI, and with RELAIS_LONG=1. */
uint32_t houses_rounds(uint32_t few, uint32_t many);
