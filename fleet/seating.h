/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The calendar as a decision leaves it: what is stored, with the claims that the decision moves,
 * adds or gives up laid over it. Layers may stand on each other: a plan is tried on a layer of its
 * own, and joins the decision's when it is taken.
 */

#include "fleet/calendar.h"
#include "fleet/view.h"

struct seated {
	struct claim_row row; /* as it will be; pinned: it stays where it is put */
	struct seat at;	      /* resource STR_NULL: nowhere any more */
	struct seat was;      /* where the layer below has it; resource STR_NULL: it is new */
};

enum { SEATING_MAX = 512 }; /* of a whole decision */
struct seating {
	const struct seating *under; /* borrowed; NULL: the stored calendar */
	uint32_t len, cap;
	struct seated *claim; /* borrowed: cap of them */
	bool full;	      /* one was lost: nothing here may be believed */
};

static inline bool seat_is(struct seat a, struct seat b)
{
	return a.number == b.number && str_eq(a.resource, b.resource);
}

/* Claims of a seat that overlap [from, until), ascending, those of serial `except` (0 = none) left
 * out; up to max. Returns how many there are. */
size_t seating_claims(struct view *v, const struct seating *s, struct seat seat, uint32_t from,
	uint32_t until, uint32_t except, struct claim_row *out, size_t max);
bool seating_is_free(struct view *v, const struct seating *s, struct seat seat, uint32_t from,
	uint32_t until, uint32_t except);
/* The same, and how tight the gap is (seating_gap), in one walk. */
bool seating_fits(struct view *v, const struct seating *s, struct seat seat, uint32_t from,
	uint32_t until, uint32_t except, uint64_t *gap);
/* How tight a seat's gap around a free window is: its length in minutes, UINT64_MAX when that seat
 * is changed by this seating (then nobody knows). */
uint64_t seating_gap(
	struct view *v, const struct seating *s, struct seat seat, uint32_t from, uint32_t except);

void seating_add(struct seating *s, struct seat seat, struct claim_row row);
void seating_drop(struct seating *s, struct seat seat, struct claim_row row);
/* From `seat` to `to`, where it lasts until `until` (turnaround is the new seat's). */
void seating_move(
	struct seating *s, struct seat seat, struct claim_row row, struct seat to, uint32_t until);
/* What `layer` changed over `s` becomes part of `s`. */
void seating_join(struct seating *s, const struct seating *layer);
