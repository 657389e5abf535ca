/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/plan.h"

#include "fleet/outlook.h"
#include "fleet/rosters.h"
#include "fleet/shuffle.h"

/* One claim of a plan: a seat that is free, or one that becomes free when promises change places.
 */

/* The free seat whose gap is tightest (best fit): long gaps stay whole for long loans. */
static bool find_free(struct view *v, const struct plan_ask *ask, const struct pool_ask *pool,
	uint32_t from, uint32_t until, const struct seating *seating, struct seat *out,
	uint32_t *turnaround, uint64_t *tightest)
{
	struct resources some = roster_of_class(ask->roster, pool->kind, pool->class);
	bool found = false;

	for (const struct resource *r = some.first; r < some.end; r++) {
		if (!pool_serves(r, pool) || from < r->usable_from || until > r->usable_until)
			continue;
		for (uint16_t n = 0; n < r->seats; n++) {
			struct seat seat = {r->id, n};
			uint64_t gap;
			if (!seating_fits(v, seating, seat, from, until + r->turnaround,
				    ask->except, &gap) ||
				(found && gap >= *tightest))
				continue;
			found = true;
			*tightest = gap;
			*out = seat;
			*turnaround = r->turnaround;
			if (r->kind != RESOURCE_CAR)
				break; /* seats of an allotment are alike: the first free one keeps
					  the rest whole */
		}
	}
	return found;
}

enum plan_result plan_seat_claim(struct view *v, const struct plan_ask *ask,
	const struct pool_ask *pool, uint32_t from, uint32_t until, uint32_t serial,
	struct seating *seating, struct seat *out, uint64_t *gap)
{
	struct shuffle_ask shuffle = {.view = v,
		.roster = ask->roster,
		.pool = *pool,
		.from = from,
		.until = until,
		.serial = serial,
		.except = ask->except,
		.now = minute_up(ask->now),
		.settled = minute_up(ask->now) + (uint32_t)ask->roster->settled_minutes};
	uint32_t turnaround;
	uint64_t tightest;

	if (seating->len == seating->cap)
		return PLAN_UNDECIDED;
	if (find_free(v, ask, pool, from, until, seating, out, &turnaround, &tightest)) {
		if (gap)
			*gap = tightest;
		seating_add(seating, *out,
			(struct claim_row){
				from, until + turnaround, serial, (uint8_t)pool->what, false});
		return PLAN_FREE;
	}
	v->rosters->shuffled++;
	/* Whom a plan moves stays in its pool: what is sure of the stored calendar is sure of it.
	 * What a decision changed before may have made room. */
	if (serial == SERIAL_OWN && !ask->seating && !ask->except &&
		!outlook_allows(v, ask->roster, pool, from, until))
		return PLAN_NO_SEAT;
	if (ask->roster->settled_minutes == 0)
		shuffle.settled = 0;
	switch (shuffle_seat(&shuffle, seating, out)) {
	case SHUFFLE_YES: return PLAN_FREE;
	case SHUFFLE_NO: return PLAN_NO_SEAT;
	case SHUFFLE_UNDECIDED: return PLAN_UNDECIDED;
	}
	ASSERT(false);
}
