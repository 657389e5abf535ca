/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* relais itself: the real fleet through its commands and questions, in this process. */

#include "tests/bench/site.h"
#include "tests/bench/worst/answered.h"
#include "tests/bench/worst/world.h"

struct relais_side {
	struct site site;
	struct world *world; /* borrowed; follows what relais does */
	struct arena arena;
	char offer[SITE_OFFER_MAX];
	uint32_t *loan_of_serial; /* owned */
};

void relais_open(struct relais_side *r, struct world *w);
void relais_close(struct relais_side *r);
/* The whole command: decision, entry, rows, commit. A loan that is booked stands last in the world.
 */
void relais_book(struct relais_side *r, const struct loan *wish, struct answered *out);
/* Takes the world's last loan back. */
void relais_unbook(struct relais_side *r);
void relais_pin(struct relais_side *r, uint32_t loan);
/* The first `count` windows as GET /v1/availability/next answers them. */
void relais_next(struct relais_side *r, int32_t after, int32_t minutes, uint32_t count,
	struct answered *out);
