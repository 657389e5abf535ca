/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The outlook of a pool: what weeks of its calendar say about when a seat may be free. It never
 * says no where some assignment of promises to seats exists; whether one does is shuffle.h's to
 * find. Read once, it is kept with its site's roster, that is until the site's journal goes on.
 */

#include "fleet/gaps.h"
#include "fleet/occupancy.h"

enum {
	OUTLOOKS_MAX = 64, /* kept at once */
	OUTLOOK_AHEAD = 35 * 1440,
	OUTLOOK_MINUTES_MAX =
		3 * 366 * 1440, /* kept of one: from the earliest to the latest asked for */
};

struct outlook {
	uint32_t from, until; /* of the calendar that was looked at */
	struct occupancy occupancy;
	struct gaps gaps;
};

/* What is looked at. */
struct outlook_ask {
	const struct roster *roster;   /* borrowed */
	const struct seating *seating; /* borrowed; NULL: the calendar as it is stored */
	uint32_t except;	       /* whose own claims do not count (0 = none) */
	struct pool_ask pool;
};

/* Zeroed to begin with. A roster's own are of the stored calendar, with nobody left out. */
struct outlooks {
	struct outlook_kept *first; /* owned */
	uint32_t len;
};
void outlooks_free(struct outlooks *o);

/* One of at least [from, until), of `all` or added to it: then OUTLOOK_AHEAD more are read, for the
 * next question. NULL: without memory, or the store failed. Good until the next call. */
const struct outlook *outlook_of(struct view *v, struct outlooks *all,
	const struct outlook_ask *ask, uint32_t from, uint32_t until);
/* The earliest minute >= from at which a window of so many minutes may fit, with `spare` seats
 * free; MINUTE_FOREVER: never. Behind `until` everything looks free: nobody looked. */
uint32_t outlook_next(const struct outlook *o, uint32_t from, uint32_t minutes, int32_t spare);
/* False: [from, until) has no seat in the stored calendar, whoever changes places. */
bool outlook_allows(struct view *v, const struct roster *roster, const struct pool_ask *pool,
	uint32_t from, uint32_t until);
