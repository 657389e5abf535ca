/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The next possible dates (MAS-4.2, MAS-4.3, CIT-4.2, CIT-4.4, CIT-4.5). rules owns the search:
 * earliest window of a length, hand-over and return inside opening hours, somebody free to explain
 * the work at both ends. Whoever knows the calendar answers two questions through `supply`.
 */

#include "rules/opening.h"

enum { NEXT_DATE_STEP_MINUTES = 15, NEXT_DATE_HORIZON_DAYS = 365, NEXT_DATE_MAX = 16 };

struct next_date_supply {
	void *context; /* borrowed during the search */
	/* The earliest instant >= span.from at which a seat is free for a window as long as span
	 * (turnaround is the supplier's affair). False: none before `horizon`, which may be much
	 * nearer than the horizon of the ask: the search asks piece by piece. */
	bool (*seat_from)(
		void *context, struct instant *out, struct span span, struct instant horizon);
	/* Whether somebody can hand over (or take back) during [at, at + minutes). */
	bool (*desk_free)(void *context, struct instant at, int32_t minutes);
};

struct next_date_ask {
	const struct zone *zone;       /* borrowed */
	const struct opening *opening; /* borrowed */
	struct instant after;	       /* no proposal starts before this */
	struct instant horizon;	       /* nor at or after this */
	int64_t minutes;	       /* wall minutes of the window; its end moves on to where
					* return_minutes are left before a closing time */
	int32_t handover_minutes, return_minutes;
	bool at_desk;	/* hand-over and return need opening hours and desk_free */
	bool whole_day; /* the job needs a whole day: also propose an evening start from 16:30
			   (CIT-4.5) */
	uint32_t count; /* proposals wanted, 1 .. NEXT_DATE_MAX */
};

struct next_date {
	struct span window;
	bool evening_before; /* proposed because of CIT-4.5 */
};

/*
 * Starts lie on the quarter hours of the wall clock; a reading that exists twice is tried once, as
 * the earlier one. A whole-day job that starts at or after 16:30 is worked on from the next opening
 * on: its window ends `minutes` after that opening, not after its start (CIT-4.5, one more night).
 */

/*
 * Fills out[] in ascending order of start and returns how many there are. The first is the earliest
 * window that works. The others lie on another load level: another half of the day or another day
 * (before or after 13:00), filling a day before the next (CIT-4.3, CIT-4.11). When the job needs a
 * whole day one of them starts the evening before, at or after 16:30, if that is possible.
 */
uint32_t next_date_find(struct next_date out[NEXT_DATE_MAX], const struct next_date_ask *ask,
	const struct next_date_supply *supply);

/* The first instant >= ready that leaves return_minutes before a closing time: when the customer
 * can come for the car (contract 4, loan_to). False when there is none within 400 days. */
MUST_CHECK bool next_date_return(struct instant *out, const struct zone *zone,
	const struct opening *opening, struct instant ready, int32_t return_minutes);
