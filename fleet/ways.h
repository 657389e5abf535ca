/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The ways out where a wish cannot be met or a promise cannot be kept: each of them is really free.
 * Found anew whenever they are told, as a refusal may be repeated much later.
 */

#include "fleet/booking.h"
#include "fleet/plan.h"

enum way_kind {
	WAY_SEAT,     /* the very same, on another seat */
	WAY_CLASS,    /* another class at the same time */
	WAY_SOLUTION, /* another kind of mobility at the same time */
	WAY_DATE,     /* the same at another time */
};
const char *way_kind_name(enum way_kind kind);

struct way {
	enum way_kind kind;
	struct str solution, class; /* class STR_NULL where the solution has none */
	struct str instead_of;	    /* the class whose price counts; STR_NULL: its own does */
	struct span window;
};
enum { WAYS_MAX = 8 };
struct ways {
	uint32_t len;
	struct way way[WAYS_MAX];
};

/* Of a refused wish: the site's upgrades, the same a little later, then another class and another
 * solution at the wanted time. `detail`: the facts of the refusal. `except`: a serial whose own
 * claims do not count. False: it names nothing that could be looked for. */
bool ways_of_wish(
	struct view *v, struct str site, struct json detail, uint32_t except, struct ways *out);
/* Of a promise that lost its seat or would lose it, the least disturbing first: another seat, a
 * class that may stand in (the site's upgrades, else any), another solution, a new date. `seating`:
 * the calendar as it would be; NULL: as it is. None for what is handed over, or over. */
void ways_of_promise(
	struct view *v, const struct seating *seating, const struct booking *b, struct ways *out);
