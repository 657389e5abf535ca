/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The world in relais: cars and desks as resources put by commands, loans as claims that do not
 * move (every other side gives a loan its car for good, so answers can be held against each other).
 * Questions are asked as relais itself asks them of its calendar; the full one is the answer of
 * GET /v1/availability/next.
 */

#include "tests/bench/search/world.h"
#include "tests/bench/site.h"

enum { OURS_NAME = 16 };
struct ours {
	struct site site; /* the fleet in its scratch directory */
	uint32_t sites;
	bool calendar_only;
	char (*car_names)[OURS_NAME]; /* owned: of all cars */
	struct arena arena;
	struct view view;
	struct txn txn;
};

/* `calendar_only`: claims alone, without commands. */
void ours_open(struct ours *o, uint32_t sites, bool calendar_only);
void ours_close(struct ours *o);
/* The calendar's bytes in the store for the cars alone, and how many claims they hold. */
void ours_measure(struct ours *o, uint64_t *bytes, uint64_t *claims);

/* Before and after a row of questions. */
void ours_look(struct ours *o);
void ours_look_end(struct ours *o);
/* How many cars of the class are free for the whole time. */
int32_t ours_free(struct ours *o, const struct question *q);
/* The first minute from which one is. */
int32_t ours_next(struct ours *o, const struct question *q);
/* The same with opening hours and somebody at the desk at both ends: the whole answer, by a look of
 * its own, valid until the next; and what it says. */
struct str ours_next_full(struct ours *o, const struct question *q);
struct stretch ours_read(struct ours *o, struct str answer);
