/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A pool: the seats among which promises may change places, and the claims that lie on them. Seats
 * of one type (class, solutions, turnaround, sites they serve too) are interchangeable; a claim may
 * lie on seats of certain types. A pool is closed: what lies on one of its seats may lie on no seat
 * outside of it.
 */

#include "fleet/booking.h"
#include "fleet/roster.h"
#include "fleet/seating.h"

enum { POOL_TYPES_MAX = 64, POOL_SEATS_MAX = UINT16_MAX - 1, POOL_NOWHERE = UINT16_MAX };

struct pool_seat {
	struct seat seat;
	const struct resource *resource; /* borrowed */
	uint8_t type;
};

struct pool_claim {
	struct claim_row row; /* as it lies now */
	uint32_t until;	      /* without turnaround: the end of what was promised */
	uint64_t types;	      /* of seat that it may lie on: bit = type */
	uint16_t seat;	      /* POOL_NOWHERE: it is to be seated */
	bool fixed;	      /* pinned, out, a block, or on a seat it could not be given today */
	bool crossing;	      /* begins or ends outside of what was loaded */
};

/* What is to be seated: by its kind and for whom. */
struct pool_ask {
	enum resource_kind kind;
	enum claim_what what;
	struct str solution; /* STR_NULL: any (desks) */
	struct str class;    /* STR_NULL: any */
	struct str resource; /* STR_NULL: any; else only this one */
	struct str for_site; /* STR_NULL: its own; else only cars that serve this site too */
};

struct pool {
	const struct roster *roster; /* borrowed */
	struct arena *arena;	     /* borrowed: of this question */
	uint32_t now;		     /* what is on its way to another site stays; 0: not asked */
	uint32_t seats_len;
	struct pool_seat *seats; /* in the roster's order */
	uint32_t types_len;
	const struct resource *type[POOL_TYPES_MAX]; /* one of each */
	bool type_asked[POOL_TYPES_MAX];	     /* of the very resource that is asked for */
	uint64_t alike[POOL_TYPES_MAX]; /* all types of its class, where they serve the same; else 0
					 */
	uint64_t wanted;		/* types that serve what is asked */
	uint32_t claims_len, claims_cap;
	struct pool_claim *claims; /* by seat, then ascending */
	uint32_t *first;	   /* seats_len + 1: where each seat's claims begin */
};

/* False: without memory. A pool may have no seats. */
MUST_CHECK bool pool_open(
	struct pool *p, struct arena *a, const struct roster *roster, const struct pool_ask *ask);
/* The claims of [from, until), those of serial `except` left out. False: without memory, or the
 * store failed. */
MUST_CHECK bool pool_load(struct pool *p, struct view *v, const struct seating *seating,
	uint32_t except, uint32_t from, uint32_t until);
/* Whether a resource is of the kind that may carry what is asked (blocked ones carry nothing new);
 * `serves`: and has seats that are counted. */
bool pool_fits(const struct resource *r, const struct pool_ask *ask);
bool pool_serves(const struct resource *r, const struct pool_ask *ask);
/* The booking behind a claim's serial at a site; false when it is a block, or nothing. */
bool booking_of_serial(struct view *v, struct str site, uint32_t serial, struct booking *out);
