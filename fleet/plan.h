/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * From a solution and a window to claims (the table of design section 3): a car and desk time, a
 * seat of an allotment, a chauffeur for each leg, a chauffeur and a dealership car. Where no seat
 * is free, promises change places if that makes room (fleet/shuffle.h). A plan is what would be
 * claimed and who would move; nothing is written here.
 */

#include "fleet/roster.h"
#include "fleet/seating.h"
#include "rules/next_date.h"

enum { PLAN_CLAIMS_MAX = 8, PLAN_CHANGES_MAX = 96 };

struct plan_claim {
	struct seat seat;
	uint32_t from, until; /* minutes, turnaround included */
	enum claim_what what;
};

struct plan_ask {
	const struct roster *roster;
	/* The customer is there, and gets a car of the roster's site: NULL = at that site itself.
	 * The car is on the road before and after. */
	const struct roster *for_site;
	bool there;		       /* the car stands there already: no way to it before */
	const struct seating *seating; /* borrowed: what the decision changed so far; may be NULL */
	struct solution solution;
	struct str class;    /* STR_NULL: any class of the solution */
	struct str resource; /* STR_NULL: any seat; else this very one */
	struct span window;
	struct instant now;
	int32_t distance_km;
	bool desk_out,
		desk_in; /* handed over, taken back at the desk: opening hours and desk time */
	bool fresh;	 /* a new promise: protected seats are kept back from it */
	uint32_t rights; /* bits 1 << enum protected_for: protected seats that are kept for it */
	uint32_t
		car_from; /* the car is gone from this minute on already (0 = from the window on) */
	uint32_t except;  /* a serial whose own claims do not count (0 = none) */
};

enum plan_result {
	PLAN_FREE,
	PLAN_NO_SEAT,
	PLAN_NO_DESK,
	PLAN_CLOSED,
	PLAN_NOT_SERVED,
	PLAN_PROTECTED, /* a seat is free, but kept back (roster.h) */
	PLAN_UNDECIDED, /* the search ended at its bound: nobody knows */
};
struct plan {
	struct str class, resource; /* STR_NULL where the solution has none */
	uint64_t gap;		    /* of the seat that was free, in minutes; 0 = none was */
	uint32_t claims_len;
	uint32_t changes_len; /* of the seating: its own claims and those of others that move */
	struct plan_claim claims[PLAN_CLAIMS_MAX];
	struct seated changes[PLAN_CHANGES_MAX];
};

/* How many claims of others change their seat. */
uint32_t plan_moves(const struct plan *plan);
/* The plan joins the decision's seating: its own claims stay as they are from then on. */
void plan_take(struct seating *seating, const struct plan *plan, uint32_t serial);
/* The least disturbing plan; among free seats the one whose gap is tightest (best fit). */
enum plan_result plan_find(struct view *v, const struct plan_ask *ask, struct plan *out);
/* Whether anybody at the site ever does that: else every plan is PLAN_NOT_SERVED. */
bool plan_is_served(const struct plan_ask *ask);
/* When a car that comes back at the end of its window is received at the desk: before it ends, or,
 * where the doors open only then, right after. */
struct instant plan_return_at(const struct roster *r, struct instant until);
const char *plan_result_reason(enum plan_result r); /* "desk", "seat", "closed", "not_served" ... */
/* Minutes a leg of that distance takes there and back, papers included, on the 15-minute grid. */
int32_t leg_minutes(int32_t distance_km);

/* Seats one claim in the layer `seating`. `gap` (may be NULL): of the seat, where it was free; else
 * left as it is. */
struct pool_ask;
enum plan_result plan_seat_claim(struct view *v, const struct plan_ask *ask,
	const struct pool_ask *pool, uint32_t from, uint32_t until, uint32_t serial,
	struct seating *seating, struct seat *out, uint64_t *gap);

/* Windows that really are free, nearest first, at least two load levels (rules/next_date.h).
 * `classes` (may be NULL): of the plan that each of them has. */
uint32_t plan_next(struct view *v, const struct plan_ask *ask, struct instant after,
	int64_t wall_minutes, bool whole_day, uint32_t count, struct next_date out[NEXT_DATE_MAX],
	struct str classes[NEXT_DATE_MAX]);
