/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Refused offers of the hour under way, in memory: counts by site, and which questions were asked
 * already, so that who asks again is not counted again. Whoever owns it takes its counts out by the
 * hour, and early when it is nearly full; one thread's.
 */

#include "fleet/demand.h"

enum {
	DEMAND_BOOK_MAX = 1024,	       /* counts of all sites */
	DEMAND_BOOK_NEARLY_FULL = 768, /* from here on it should be emptied without delay */
	DEMAND_ASKED_MAX = 4096,       /* questions remembered of one hour */
};

struct demand_book;
struct demand_book *demand_book_new(void); /* NULL without memory */
void demand_book_free(struct demand_book *b);

/* Whether this question was counted within the last hour; it is remembered. A question is forgotten
 * between one and two hours later, or earlier when very many are asked. */
bool demand_book_knows(struct demand_book *b, struct str question);
void demand_book_new_hour(struct demand_book *b);

/* Adds the numbers of `d`. False: there is no room, and they are among the lost. */
bool demand_book_add(struct demand_book *b, struct str site, const struct demand *d);
/* Takes at most DEMAND_OF_ENTRY_MAX counts of one site out, as the body of a VERB_DEMAND. False:
 * it is empty, or the arena is full and nothing was taken. */
bool demand_book_take(struct demand_book *b, struct arena *a, struct str *site, struct str *body);
/* What was taken and could not be journalled comes back. */
void demand_book_return(struct demand_book *b, struct str site, struct json body);

uint32_t demand_book_len(const struct demand_book *b);
uint64_t demand_book_lost(const struct demand_book *b); /* refusals that found no room */
