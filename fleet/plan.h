/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * From a solution and a window to claims (the table of design section 3): a car and desk time, a
 * seat of an allotment, a chauffeur for each leg, a chauffeur and a dealership car. A plan is what
 * would be claimed; nothing is written here.
 */

#include "fleet/roster.h"
#include "rules/next_date.h"

enum { PLAN_CLAIMS_MAX = 8, PLAN_TAKEN_MAX = 256 };

struct plan_claim {
	struct seat seat;
	uint32_t from, until; /* minutes, turnaround included */
	enum claim_what what;
};

/* Claims of the same decision that the calendar does not hold yet. */
struct plan_taken {
	uint32_t len;
	struct plan_claim claims[PLAN_TAKEN_MAX];
};

struct plan_ask {
	const struct roster *roster;
	const struct plan_taken *taken; /* borrowed, may be NULL */
	struct solution solution;
	struct str class;    /* STR_NULL: any class of the solution */
	struct str resource; /* STR_NULL: any seat; else this very one */
	struct span window;
	int32_t distance_km;
	bool desk_out,
		desk_in; /* handed over, taken back at the desk: opening hours and desk time */
	uint32_t except; /* a serial whose own claims do not count (0 = none) */
};

enum plan_result { PLAN_FREE, PLAN_NO_SEAT, PLAN_NO_DESK, PLAN_CLOSED, PLAN_NOT_SERVED };
struct plan {
	struct str class, resource; /* STR_NULL where the solution has none */
	uint32_t claims_len;
	struct plan_claim claims[PLAN_CLAIMS_MAX];
};

void plan_take(struct plan_taken *taken, const struct plan *plan);
bool plan_is_taken(const struct plan_taken *taken, struct seat seat, uint32_t from, uint32_t until);
/* Best fit: among free seats the one whose gap is tightest. */
enum plan_result plan_find(struct view *v, const struct plan_ask *ask, struct plan *out);
const char *plan_result_reason(enum plan_result r); /* "desk", "seat", "closed", "not_served" */
/* Minutes a leg of that distance takes there and back, papers included, on the 15-minute grid. */
int32_t leg_minutes(int32_t distance_km);

/* Windows that really are free, nearest first, at least two load levels (rules/next_date.h). */
uint32_t plan_next(struct view *v, const struct plan_ask *ask, struct instant after,
	int64_t wall_minutes, bool whole_day, uint32_t count, struct next_date out[NEXT_DATE_MAX]);
