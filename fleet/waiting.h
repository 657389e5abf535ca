/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The waiting list of a site: who would take what is not free. First come, first served; when a
 * place frees, the timer's entry holds it for the first whose wish it fits, and somebody calls him.
 *
 * waiting: { "booking"? (what is held for him), "class"?, "customer", "drop_off_at", "from",
 *   "hold_minutes"?, "language", "made_at", "private":{"of","sealed"} ({"facts"}: the inquiry that
 *   the offer carried), "ready_at", "serial":N (his place in the line), "site", "solution",
 *   "status", "until", "vin"?, "visit"?, "waiting":ID }
 */

#include "fleet/make.h"

enum waiting_status {
	WAITING_IN_LINE,
	WAITING_OFFERED, /* a place is held for him */
	WAITING_BOOKED,
	WAITING_DROPPED, /* he does not want it any more */
	WAITING_OVER,	 /* nothing came of it: his time has begun, or what was held has lapsed */
};
const char *waiting_status_name(enum waiting_status s);
bool waiting_status_from(enum waiting_status *out, struct str name);

enum { WAITING_MAX = 100 }; /* in the line of one site: a tick looks at them all */

/* Who is in the line of the decision's site, the first one first; up to WAITING_MAX. */
uint32_t waiting_line(struct decide *d, struct str ids[WAITING_MAX]);
/* What he waits for, ready to be asked for: the steps of make.h go on from here. False: it cannot
 * be decided any more (the person is forgotten). */
MUST_CHECK bool waiting_open(struct making *m, struct decide *d, struct json doc);
/* What the change of a booking means for him it was held for; at the end of every decision. */
void waiting_follow(struct decide *d, struct str booking, struct json set);
