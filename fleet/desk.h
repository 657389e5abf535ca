/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The desks that a site keeps for the bookings of other sites: the car comes from its home, whose
 * journal alone claims it, the customer is received here, and each desk is claimed in the journal
 * of its own site. What a booking wants stands in an index of this site's, what is kept for it in
 * another row of the same; the site's tick brings one into line with the other. So whatever becomes
 * of the booking, and wherever a machine stopped in between, the next tick is right; what is over
 * lapses by itself. A home that promises only looks whether a desk is free here: where it is not
 * any more when it is to be kept, somebody here has a task.
 *
 * desk: { "booking", "claims":[...] (as a booking's), "from", "in":true?, "lapses_at", "out":true?,
 *   "serial", "short":true? (one is missing), "site", "until" }, its id being the booking's
 */

#include "fleet/booking.h"
#include "fleet/index.h"
#include "fleet/roster.h"

struct decide; /* decide.h */

enum { DESK_OUT = 1, DESK_IN = 2, DESK_CLAIMS_MAX = 2 };

/* What a booking wants: a desk at the hand-over, at the return, or at both. */
struct desk_wish {
	uint32_t from, until; /* minutes */
	uint8_t ends;	      /* DESK_*; 0: none */
};

struct desk {
	struct str booking, site;
	struct desk_wish wish; /* as it was when they were looked for */
	bool is_short;
	uint32_t lapses_at, serial, claims_len;
	struct booking_claim claims[DESK_CLAIMS_MAX];
};
/* ASSERTs the form: stored documents are ours. */
void desk_read(struct desk *out, struct json doc);
/* What is kept for a booking; false: nothing. */
bool desk_get(struct view *v, struct str booking, struct desk *out);
/* The serial of what the other site keeps for a booking of `home`; 0: nothing, or none is meant. */
uint32_t desk_serial(struct view *v, struct str home, uint32_t booking_serial);

/* Their entries in the index. */
void index_desk_wanted(struct index_set *s, const struct booking *b);
void index_desk(struct index_set *s, struct str id, struct json doc);

/* Whether a tick of that site would keep or give up any. */
bool desks_are_due(struct view *v, const struct roster *roster, struct instant now);
/* Drafts what is to be kept and what is given up: a part of the tick. */
void desks_keep(struct decide *d);
/* What is kept was moved to another desk by this decision. */
void desk_moved(struct decide *d, struct str booking);
