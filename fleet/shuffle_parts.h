/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Between the files of the shuffle: one question, and four ways to answer it. */

#include "fleet/shuffle.h"

struct shuffle {
	const struct shuffle_ask *ask;
	struct pool pool;    /* its claims are those of the present window */
	struct arena *arena; /* borrowed: of this question */
	uint32_t wanted;     /* the claim to be seated: behind the others of the pool */
	bool hold_settled;   /* what is settled does not move */
	uint32_t nodes;	     /* of the complete search, so far */
	uint32_t nodes_max;  /* before it gives up */
	uint32_t moves;	     /* of the plan below */
	uint16_t *plan;	     /* where each claim of the window goes; valid after a yes */
};

/* Whether it may move in this search: what crosses the window's edge may not, for nobody looked
 * behind it. */
static inline bool shuffle_movable(const struct shuffle *s, const struct pool_claim *c)
{
	bool settled = s->hold_settled && c->row.from < s->ask->settled &&
		       c->row.what != CLAIM_DESK_OUT && c->row.what != CLAIM_DESK_IN &&
		       c->row.serial != SERIAL_OWN;

	return !c->fixed && !settled;
}

/* The plan with the fewest moves, at most `max` of them; SHUFFLE_NO: none with so few. */
enum shuffle_result shuffle_chain(struct shuffle *s, uint32_t max);
/* Some plan of few moves, quickly; false: none was found, and perhaps there is one. */
bool shuffle_eject(struct shuffle *s);
/* Any plan at all, or a proof that there is none. `relaxed`: what crosses the edge of the window
 * may move too, and what lies behind is not looked at: then a no is a no, but a yes proves nothing.
 */
enum shuffle_result shuffle_search(struct shuffle *s, bool relaxed);
