/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How long a market keeps what its audits ask for, and what is past that: makers in Europe ask for
 * ten whole years beside the current one, those in the Americas for three. A booking is due when
 * the year it ended in is past by so many; a person is due when all of the person's bookings are,
 * each by the market of its own site. Nothing is erased here: whoever decides that runs `relais
 * erase`.
 */

#include "fleet/customer_walk.h"

enum {
	RETENTION_SITES_MAX = 1024,
	RETENTION_STEP = 200,	 /* persons of one look */
	RETENTION_DUE_MAX = 100, /* that are named in one answer */
};

/* Whole years beside the current one. */
int32_t retention_years(struct str market);
/* What ended before is due. */
struct instant retention_before(struct str market, const struct zone *zone, struct instant now);

struct retention_site {
	struct str site, market;
	int32_t years;
	struct instant before;
	uint64_t kept, due; /* bookings of persons who are not erased yet */
};

struct retention {
	struct arena arena; /* owned */
	struct instant now;
	uint32_t sites;
	struct retention_site site[RETENTION_SITES_MAX];
	uint64_t persons, persons_due;
	struct customer_walk walk;
	void *context;
	void (*due)(void *context, struct str customer); /* NULL: nobody wants to know */
};

void retention_open(struct retention *r, struct instant now);
void retention_close(struct retention *r);
/* Some more persons. False without memory, or with too many sites. */
MUST_CHECK bool retention_step(struct retention *r, struct view *v);
