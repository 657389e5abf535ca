/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One site as relais keeps it, in this process: a fleet in a scratch directory, its clock set by
 * the bench, chance from a seed. Local time is UTC, so a minute of the bench (the first is that of
 * a Monday's midnight) is a minute anywhere.
 */

#include "fleet/event.h"
#include "fleet/fleet.h"
#include "rules/zone.h"
#include "tests/lib/scratch.h"

struct site {
	struct still_env still; /* first: the clock that is set and the seeded chance */
	struct scratch scratch;
	struct zone utc;
	struct fleet *fleet;
};

#define SITE_ID "BENCH"
#define SITE_CUSTOMER "C1"
enum { SITE_OFFER_MAX = 9000 };

/* With rules under which everybody pays, and one customer; the site itself comes by VERB_SITE_PUT.
 */
void site_open(struct site *s);
void site_close(struct site *s);

void site_clock(struct site *s, int32_t now);
/* One command, run; freed with command_free. */
struct command *site_do(struct site *s, enum verb verb, const char *target, const char *body);
struct command *site_remove(struct site *s, const char *block);
/* One that is never refused, in whatever journal: ends the bench otherwise. */
void site_must(
	struct site *s, enum verb verb, const char *journal, const char *target, const char *body);
_Noreturn void site_unexpected(const struct command *c);
void site_car(struct site *s, const char *id, const char *class, int32_t turnaround);
/* An offer about that day, which any booking may be made of. */
void site_offer(struct site *s, struct arena *a, int32_t day, char out[SITE_OFFER_MAX]);

/* A refusal because the search was given up. */
bool site_undecided(struct command *c);
/* The effects of the entry that answered; JSON_ABSENT when nothing was written. */
struct json site_effects(struct arena *a, struct view *v, const struct command *c);

struct instant site_instant(int32_t minute);
/* As relais writes it: "2026-01-05T08:00:00Z". */
void minute_text(char out[INSTANT_TEXT], int32_t minute);
