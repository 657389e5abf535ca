/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* relais at the desk: every act a command to the real fleet, its entries followed into the book. */

#include "tests/bench/year/desk.h"
#include "tests/bench/year/year_site.h"

enum { KEPT_ID = 40, SERVICES_MAX = 4096, SERIALS_MAX = 1 << 17 };

struct relais_desk {
	struct desk desk; /* first */
	struct site site;
	struct arena arena;
	char offer[SITE_OFFER_MAX]; /* of the day */
	int32_t offer_of;
	char (*booking)[KEPT_ID];	     /* owned; by wish */
	char service[SERVICES_MAX][KEPT_ID]; /* the block of each */
	uint32_t *wish_of_serial;	     /* owned */
};

static inline struct relais_desk *relais_of(struct desk *d)
{
	return (struct relais_desk *)(void *)d;
}

/* What the entry of a command did to other bookings: their cars, into the book. `own` (an id in
 * the book) is who it was for: his car is read, and is no move. */
void relais_follow(struct relais_desk *r, const struct command *c, uint32_t own);
/* The id of the first thing an entry is about. */
void relais_subject(struct relais_desk *r, const struct command *c, char out[KEPT_ID]);
