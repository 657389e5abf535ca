/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How far a command is, as one line that is drawn over itself: on a terminal, and nowhere else. */

#include "rules/base.h"

#include <stdio.h>

struct progress {
	FILE *out; /* borrowed; NULL: nothing is drawn */
	const char *what;
	int percent; /* as drawn */
	bool drawn;
};

/* Draws on `out` where that is a terminal. */
struct progress progress_on(FILE *out);
/* `what` ("reading") is a constant; drawn when its per cent has changed. */
void progress_show(struct progress *p, const char *what, uint64_t done, uint64_t all);
/* Takes the line away: before anything else is said, and at the end. */
void progress_clear(struct progress *p);
