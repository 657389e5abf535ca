/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A small dealership for tests: a fleet in a scratch directory, a clock that the test sets, chance
 * from a seed. One site LYO (Europe/Paris, Monday to Friday 08:30 to 18:30, hand-over 30 and return
 * 15 minutes), two Grecales, one Levante, one other-brand car, a rental allotment of two, a
 * chauffeur, a shuttle car, a desk; a rule set with one warranty; a customer C1 with a covered car,
 * C2 without.
 */

#include "fleet/fleet.h"
#include "rules/zone.h"
#include "tests/lib/scratch.h"

struct dealership {
	struct still_env still; /* first: the clock that is set and the seeded chance */
	struct scratch scratch;
	struct zone paris;
	struct fleet *fleet;
	struct arena arena; /* what reads and answers hand out, until dealer_close */
	struct str by;
};

#define DEALER_VIN "ZAM00000000000001"
#define DEALER_VIN_BARE "ZAM00000000000002"

void dealer_open(struct dealership *w); /* opened and filled */
/* A third class, another chauffeur, desk and allotments: what chance plays on. */
void dealer_grow(struct dealership *w);
void dealer_reopen(struct dealership *w); /* closed and opened again: a restart */
void dealer_close(struct dealership *w);
void dealer_at(struct dealership *w, const char *rfc3339); /* sets the clock */

/* Runs one command; freed with command_free. body and key may be NULL. */
struct command *dealer_do(struct dealership *w, enum verb verb, const char *journal,
	const char *target, const char *body, const char *key);
/* The same with If-Match. */
struct command *dealer_put(struct dealership *w, enum verb verb, const char *journal,
	const char *target, const char *body, const char *if_match);
/* Runs it, asserts the outcome, and gives the id of the object it is about (in the arena). */
struct str dealer_must(struct dealership *w, enum verb verb, const char *journal,
	const char *target, const char *body, enum outcome expected);
/* The id of the first object that the command's entry is about. */
struct str dealer_subject(struct dealership *w, const struct command *c);

/* An offer at LYO for a VIN (NULL = none): the opaque text and the whole answer. */
struct str dealer_offer(struct dealership *w, const char *vin, const char *job, int minutes,
	const char *drop_off, const char *ready, struct json *answer);
/* Books a solution and class of a fresh offer; the booking's id. Asserts `expected`. */
struct str dealer_book(struct dealership *w, const char *vin, const char *customer,
	const char *solution, const char *class, const char *from, const char *until,
	enum outcome expected);
/* A stored object now; JSON_ABSENT when there is none. */
struct json dealer_row(struct dealership *w, enum row_kind kind, struct str id);
/* Every invariant that can be checked from outside: chain, projection, replay: 0 findings. */
void dealer_check(struct dealership *w);
