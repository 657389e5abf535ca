/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * When something takes a seat that was promised (a late car, a block, a car named at the desk): the
 * promises in its way are seated elsewhere, in the same entry. Whether those who find no seat are
 * at risk (a fact is never refused: design section 2) or stand against it is the caller's affair.
 * All who moved are drafted together at the end of the decision.
 */

#include "fleet/make.h"

enum { HURT_MAX = 64 };
struct reseated {
	uint32_t until;	   /* the claim's end: cut where something stands that cannot give way */
	uint32_t hurt_len; /* at most HURT_MAX are named */
	uint32_t hurt[HURT_MAX]; /* serials of promises and blocks that find no other seat */
};

/* Puts the claim on its seat in d->seating, those in its way elsewhere. What is out or a block does
 * not give way: it ends the claim there and is among the hurt. Where something promised finds no
 * seat it has none from then on; where several would be hurt and giving up a single promise, made
 * last, seats all others, it is that one. */
void reseat(struct decide *d, struct seat seat, struct claim_row row, uint32_t except,
	struct reseated *out);

/* Refuses to put that claim of a booking on that seat by force, naming who would be hurt, or from
 * when the car is ready again where that alone is missing;
 * d->seating shows who would move. OK: nobody would be, so it is not promises that stand in the
 * way. */
enum outcome refuse_taking(
	struct decide *d, const struct booking *b, struct seat seat, struct claim_row row);

/* Where a claim of a stored booking lies after the decision, and until when; resource STR_NULL:
 * nowhere. */
struct seat seat_after(const struct decide *d, const struct booking_claim *c, uint32_t *until);
/* Drafts every booking whose claims the decision moved, and those that lost their seat as at risk;
 * what the verb drafted itself is left as it is. */
void draft_moves(struct decide *d);

/* The claims of a booking with its car's claim replaced (NULL: dropped), desk claims of
 * `drop_desks` kinds left out: "claims" member for a set. */
struct plan claims_with_car(const struct booking *b, const struct plan_claim *car,
	bool keep_desk_out, bool keep_desk_in);
/* The same claims as they are. */
struct plan claims_kept(const struct booking *b, bool keep_desk_out, bool keep_desk_in);
/* Those of its cars that were exchanged join a plan that was made anew. */
void keep_earlier_cars(struct plan *plan, const struct booking *b);
/* The claim on the car or allotment seat itself, NULL when it has none. */
const struct booking_claim *car_claim(const struct booking *b);
/* The same where it lasts as long as the loan does: the day of a daily allotment neither grows nor
 * shrinks with the ride, and a ride has no seat. */
const struct booking_claim *loan_claim(struct decide *d, const struct booking *b);
