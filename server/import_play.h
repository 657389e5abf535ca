/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What happened, played again in the order of time: look-ups of cover, bookings made, cars handed
 * over and returned. The steps of one hour are decided with the clock at the last of them, so that
 * they share a few commits; their own instants stand in the requests. Where others write meanwhile
 * the clock is left alone: all is decided now, as after the last entry of a journal in use.
 */

#include "server/import_batch.h"

enum step_what { STEP_COVER, STEP_MAKE, STEP_CANCEL, STEP_NO_SHOW, STEP_OUT, STEP_IN };
struct step {
	struct instant at;
	uint32_t order; /* among steps of one instant: as they stand in the file */
	enum step_what what;
	uint32_t row; /* of the coverages (the first of its group), or of the bookings */
};

enum played_state { PLAYED_NOT, PLAYED_ASKED, PLAYED_FULL, PLAYED_MADE, PLAYED_LOST };
struct played { /* a booking's row */
	enum played_state state;
	struct str booking, visit; /* ids, once it is made */
	struct str offer;	   /* of this hour */
	uint32_t tried;		   /* other classes tried so far */
	bool missed; /* something became of it in the hour in which it had no seat yet */
};

struct play {
	struct import *im;
	struct import_batch batch;
	const struct import_rows *coverages, *bookings; /* may be NULL */
	struct step *steps;				/* owned, ascending */
	uint32_t steps_len;
	struct played *played; /* owned, one for each booking's row */
	struct instant clock;
	struct arena ids;     /* as long as the play */
	struct arena hour;    /* offers of this hour */
	struct arena scratch; /* of one step */
};

/* import_cover.c: queues the look-up that begins at this row of the coverages. */
void play_cover(struct play *p, uint32_t row);
/* The last row + 1 of the group that begins at `row`: one car, one moment. */
uint32_t cover_group_end(struct play *p, uint32_t row);
/* import_booking.c: queues what this step of a booking asks for. */
void play_recheck(struct play *p, uint32_t row); /* the cover, before the offer */
void play_make(struct play *p, uint32_t row);
void play_follow(struct play *p, uint32_t row, enum step_what what);
/* Asks again, in another class, for those whose class was full; false: there were none. */
bool play_substitute(struct play *p, uint32_t first, uint32_t end);

/* A command under the next free key of `base`; NULL when that was done already (then *effect tells
 * what) or on a fault. */
struct command *play_command(struct play *p, struct str journal, enum verb verb, struct str target,
	struct str base, struct json *effect);
struct json play_row(struct play *p, const struct import_rows *rows, uint32_t row);
