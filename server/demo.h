/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The demonstration dealership (deploy/demo, everything in it invented): fills an empty fleet from
 * the files that travel inside the program, through the same import as any other data. What
 * happened is played from half a year ago to this moment with a set clock, so no thread may use the
 * fleet or its environment meanwhile.
 */

#include "fleet/embed.h"
#include "fleet/fleet.h"

enum { DEMO_STARTS_DAYS_AGO = 200 }; /* the first entries are older than all that the files tell */

/* 0, or an exit code of sysexits with a sentence in `why`. `env` is the fleet's own. On success
 * `why` says what was entered. */
int demo_fill(struct fleet *fleet, struct env *env, char *why, size_t why_size);
/* The same of files that are like them, and tell of more. */
int demo_fill_from(struct fleet *fleet, struct env *env, const struct embedded *files,
	uint32_t starts_days_ago, char *why, size_t why_size);
