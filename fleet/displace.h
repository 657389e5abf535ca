/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * When a fact takes a seat that was promised (a late car, a broken-down one): each promise in the
 * way moves to another single free seat of its class, in the same entry; what cannot move becomes
 * at_risk and has no seat (design section 2: facts are never refused).
 */

#include "fleet/make.h"

/* Clears [from, until) of `seat` of everybody but `except`; drafts the moves. Returns the first
 * minute that stays taken (a block stands there), or `until`. Where what stands in the way was
 * drafted before this call, d->clash is set: what this call drafted must be taken back. */
uint32_t displace(
	struct decide *d, struct seat seat, uint32_t from, uint32_t until, uint32_t except);

/* The claims of a booking with its car's claim replaced (NULL: dropped), desk claims of
 * `drop_desks` kinds left out: "claims" member for a set. */
struct plan claims_with_car(const struct booking *b, const struct plan_claim *car,
	bool keep_desk_out, bool keep_desk_in);
/* The same claims as they are. */
struct plan claims_kept(const struct booking *b, bool keep_desk_out, bool keep_desk_in);
/* The claim on the car or allotment seat itself, NULL when it has none. */
const struct booking_claim *car_claim(const struct booking *b);
/* The same where it lasts as long as the loan does: the day of a daily allotment neither grows nor
 * shrinks with the ride, and a ride has no seat. */
const struct booking_claim *loan_claim(struct decide *d, const struct booking *b);
