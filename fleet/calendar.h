/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The truth about time: for each seat (a resource and a seat number) a sorted list of claims,
 * half-open in minutes since 1970, turnaround included, packed 16 bytes a claim in LMDB values
 * split by size (at most CHUNK_BYTES, an LMDB sweet spot) and keyed by the start of their first.
 * Claims of one seat never overlap: calendar_add ASSERTs it. Cost of every question grows with the
 * claims in its window, not with the seat's history.
 */

#include "fleet/key.h"
#include "fleet/store.h"

/* An LMDB leaf takes 2,030 bytes of key and value together; one byte more and the value moves to a
 * page of its own. So the room for claims is what the longest key leaves. */
enum {
	CHUNK_BYTES = 2030,
	CLAIM_BYTES = 16,
	CLAIMS_KEY_REST = 1 + 2 + 4, /* behind the resource's id: NUL, seat, first start */
	CHUNK_CLAIMS = (CHUNK_BYTES - ID_MAX - CLAIMS_KEY_REST) / CLAIM_BYTES,
};
#define MINUTE_FOREVER UINT32_MAX

enum claim_what {
	CLAIM_CAR = 1,	   /* a loan, a seat of an allotment */
	CLAIM_DESK_OUT,	   /* time to explain the work at hand-over (MAS-4.3) */
	CLAIM_DESK_IN,	   /* and at return */
	CLAIM_CHAUFFEUR,   /* a leg, or an accompanied drive */
	CLAIM_DEALER_CAR,  /* the car of an accompanied drive */
	CLAIM_BLOCK,	   /* workshop, recall, sales hold */
	CLAIM_EARLIER_CAR, /* of a loan that goes on with another car: until it is ready again */
	CLAIM_APPOINTMENT, /* a customer is expected: appointment.h */
};

struct claim_row {
	uint32_t from, until; /* minutes, half-open, turnaround included */
	uint32_t serial;      /* of the booking or block at the site */
	uint8_t what;	      /* enum claim_what */
	bool pinned;	      /* promised this very seat, already out, or a block: does not move */
};

struct seat {
	struct str resource;
	uint16_t number; /* 0 for a car */
};

/* Serial 0 excepts nothing. A car that was exchanged is being made ready, whoever asks. */
static inline bool claim_is_excepted(const struct claim_row *claim, uint32_t except)
{
	return except != 0 && claim->serial == except && claim->what != CLAIM_EARLIER_CAR;
}

/* apply only */
void calendar_add(struct txn *t, struct seat seat, struct claim_row claim);
void calendar_remove(struct txn *t, struct seat seat, uint32_t from, uint32_t serial);

/* Whether [from, until) is free, claims of serial `except` (0 = none) not counted. After a fault
 * nothing is free. */
bool calendar_is_free(
	struct txn *t, struct seat seat, uint32_t from, uint32_t until, uint32_t except);
/* The earliest minute >= from at which `minutes` in a row are free; MINUTE_FOREVER when none starts
 * before `horizon`. */
uint32_t calendar_next_free(
	struct txn *t, struct seat seat, uint32_t from, uint32_t minutes, uint32_t horizon);
/* Whether [from, until) is free, and how long the free gap around it is: both in one walk. A gap to
 * the end of time counts as that long. */
bool calendar_fit(struct txn *t, struct seat seat, uint32_t from, uint32_t until, uint32_t except,
	uint32_t *gap);
/* The free gap around a free minute: where it began and where the next claim begins (for best fit);
 * claims of serial `except` (0 = none) not counted, the minute may lie in one of them. */
void calendar_gap(struct txn *t, struct seat seat, uint32_t minute, uint32_t except,
	uint32_t *gap_from, uint32_t *gap_until);
/* The last claim that ends at a minute or sooner. */
bool calendar_before(struct txn *t, struct seat seat, uint32_t minute, struct claim_row *out);
/* Claims that overlap [from, until), ascending; up to max. Returns how many there are. */
size_t calendar_claims(struct txn *t, struct seat seat, uint32_t from, uint32_t until,
	struct claim_row *out, size_t max);
