/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The site of the year as relais keeps it: a fleet in a scratch directory, its clock set by the
 * year, chance from a seed. Local time is UTC, so a minute of the year is a minute anywhere.
 */

#include "fleet/fleet.h"
#include "rules/zone.h"
#include "tests/bench/year/demand.h"
#include "tests/lib/scratch.h"

struct site {
	struct still_env still; /* first: the clock that is set and the seeded chance */
	struct scratch scratch;
	struct zone utc;
	struct fleet *fleet;
};

#define SITE_ID "YEAR"
extern const char *const class_names[CLASSES];

/* Whether relais knows the setting that keeps cars back for short notice. */
bool site_can_hold_back(void);
void site_open(struct site *s, enum hand_over hand_over, uint32_t held_back);
void site_close(struct site *s);

void site_clock(struct site *s, int32_t now);
/* One command, run; freed with command_free. */
struct command *site_do(struct site *s, enum verb verb, const char *target, const char *body);
struct command *site_remove(struct site *s, const char *block);
/* "G07" and back. */
enum { CAR_ID = 8 };
void car_id(char out[CAR_ID], uint32_t car);
int32_t car_of_id(struct str id);
/* A minute of the year as relais writes it: "2026-01-05T08:00:00Z". */
void minute_text(char out[INSTANT_TEXT], int32_t minute);
