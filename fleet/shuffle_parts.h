/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Between the files of the shuffle: one question, and five ways to answer it. */

#include "fleet/shuffle.h"

struct shuffle {
	const struct shuffle_ask *ask;
	struct pool pool;    /* its claims are those of the present window */
	struct arena *arena; /* borrowed: of this question */
	uint32_t wanted;     /* the claim to be seated: behind the others of the pool */
	bool near;	     /* it is the window in which plans of few moves are looked for */
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

/* The first claim of a seat that ends behind a minute. */
static inline uint32_t shuffle_first_behind(const struct pool *p, uint16_t seat, uint32_t minute)
{
	uint32_t low = p->first[seat], high = p->first[seat + 1];

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (p->claims[middle].row.until > minute)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Whether a claim may lie on a seat at all. */
static inline bool shuffle_seat_fits(
	const struct pool *p, const struct pool_claim *claim, uint16_t seat)
{
	const struct pool_seat *to = &p->seats[seat];

	return (claim->types >> to->type & 1) && claim->row.from >= to->resource->usable_from &&
	       claim->until <= to->resource->usable_until;
}

/* The plan with the fewest moves that two seats can make; false: there is none. */
bool shuffle_swap(struct shuffle *s);
/* The plan with the fewest moves, at most `max` of them, within so many looks at a seat;
 * SHUFFLE_NO: none with so few moves. */
enum shuffle_result shuffle_chain(struct shuffle *s, uint32_t max, uint32_t looks_max);
/* Some plan of few moves, within so many looks at a seat; false: none was found, and perhaps there
 * is one. */
bool shuffle_eject(struct shuffle *s, uint32_t looks_max);
/* Any plan at all, or a proof that there is none. `relaxed`: what crosses the edge of the window
 * may move too, and what lies behind is not looked at: then a no is a no, but a yes proves nothing.
 */
enum shuffle_result shuffle_search(struct shuffle *s, bool relaxed);
