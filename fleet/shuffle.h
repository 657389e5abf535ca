/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Late binding. A promise names a class, not a car: until it is handed over its seat may change. So
 * a request fits exactly when some assignment of all promises to seats exists, pins, cars that are
 * out, blocks, turnaround and dates of use respected; and the assignment that is taken moves as few
 * promises as possible.
 *
 * Exactness: identical seats without pins are an interval graph, which can be coloured exactly when
 * at no instant more claims overlap than there are seats (Kolen, Lenstra, Papadimitriou, Spieksma,
 * "Interval Scheduling: A Survey", 2007). With pins the question is NP-complete: it is searched
 * completely, in a window around the request that grows until it answers, within a bound with a
 * name.
 */

#include "fleet/pool.h"

enum {
	SHUFFLE_NODES_MAX = 400000, /* steps of one complete search before it says undecided */
	/* Seats and claims looked at by all complete searches of one command or one reader's
	 * question: about a third of a second. So no request holds up the others for long, however
	 * full it is. The search for plans of few moves is bounded for each claim (shuffle_eject.c)
	 * and not counted here: with it a realistic year was not without an undecided. */
	SHUFFLE_SEATS_MAX = 8 << 20,
};
#define SERIAL_OWN UINT32_MAX /* of the booking that is being planned: it has none yet */

enum shuffle_result { SHUFFLE_YES, SHUFFLE_NO, SHUFFLE_UNDECIDED };

struct shuffle_ask {
	struct view *view;	     /* borrowed */
	const struct roster *roster; /* borrowed */
	struct pool_ask pool;
	uint32_t from, until; /* minutes, without turnaround */
	uint32_t serial;      /* whose it will be */
	uint32_t except;      /* whose own claims do not count (0 = none) */
	uint32_t now;	      /* minute */
	uint32_t settled;     /* what starts before this minute moves only if it must */
};

/* Seats the claim in `seating` (over what it holds already), moving others where that is needed:
 * where the claim lies then is the last record of `seating`. Changes nothing unless SHUFFLE_YES. */
enum shuffle_result shuffle_seat(
	const struct shuffle_ask *ask, struct seating *seating, struct seat *out);
