/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The ripple of a command: the very decision that the writer would make, made over a look at the
 * state and thrown away. Who would be touched is read from the calendar as it left it. Nothing is
 * written: keys that it needed were made in a ring of its own, which is forgotten.
 */

#include "fleet/decide.h"

struct touched {
	enum row_kind kind; /* a booking; of the hurt a block too */
	struct str id;
	struct str from, to; /* resources, of a move */
};
struct ripple {
	struct command command; /* a copy: detail and faults of a refusal stand in it */
	struct decide decide;	/* as the decision left it: its seating is what ways out look at */
	struct keyring keyring;
	enum outcome outcome;
	uint32_t moves_len, hurt_len;
	struct touched moves[SEATING_MAX]; /* find another seat by themselves */
	struct touched hurt[SEATING_MAX];  /* lose theirs, or stand against it */
};

/* In the view's arena; NULL: without memory. */
struct ripple *ripple_of(struct view *v, const struct command *c);
/* The new terms of the booking it is about; absent where they are not decided again. */
struct json ripple_terms(const struct ripple *r);
