/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The kinds of mobility (MAS-2.7). Nine are known by name; a rule set may add more (« autres… »).
 * Everywhere a solution is its id, a word of [a-z0-9_]; this table says how the nine behave.
 */

#include "rules/base.h"

enum { SOLUTIONS_MAX = 16 };

/* How its price is counted (S8, S12): by day, by trip, by leg, or not at all. */
enum solution_unit { UNIT_DAY, UNIT_TRIP, UNIT_LEG, UNIT_NONE };

/* What a booking of it takes from the calendar (design 3). */
enum solution_claims {
	CLAIMS_CAR,	  /* a car for the window, a desk at both ends */
	CLAIMS_ALLOTMENT, /* a seat of an allotment for the window */
	CLAIMS_LEGS,	  /* a chauffeur for each leg */
	CLAIMS_ACCOMPANY, /* a chauffeur and a dealership car for a short while */
	CLAIMS_DAILY,	  /* nothing, or a seat of a daily allotment where the site has one */
};

struct solution {
	struct str id;
	enum solution_unit unit;
	enum solution_claims claims;
	bool driver_checked;  /* driver limits apply: the customer drives a car of ours (S7.1, S7.2)
			       */
	bool needs_drivable;  /* the customer's car must roll (S7.3) */
	bool service_area;    /* site.max_service_distance_km applies (S7.4) */
	bool fetches, brings; /* legs: before the work, after the work */
	bool receipt;	      /* the customer pays first and hands in a receipt */
};

extern const struct solution solutions_known[];
extern const uint32_t
	solutions_known_len; /* the nine, in the order of the trade, then wait_on_site */
/* NULL for an id that is not one of them. */
const struct solution *solution_find(struct str id);
