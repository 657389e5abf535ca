/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What both sides took and answered, as a table to read and as lines to compare. */

#include "tests/bench/worst/answered.h"
#include "tests/bench/worst/spread.h"

/* By what relais answered. */
struct booked {
	uint32_t count[VERDICTS], sql_yes[VERDICTS];
	struct spread relais[VERDICTS], sql[VERDICTS]; /* owned */
};

struct figures {
	uint32_t cars, bookings, days, pinned;
	int32_t full; /* hundredths of a percent */
	struct booked fill, probes;
	uint32_t moves, moves_most;
	/* owned: the first date by relais, three proposals, the first by SQL; the server's way */
	struct spread date, dates, sql_date, nothing;
	uint32_t asked, none, sooner, later;
	struct spread sooner_by; /* in minutes */
};

/* `sql`, `theirs` may be NULL. */
void figures_booked(struct figures *f, const struct answered *ours, const struct answered *theirs);
void figures_dated(struct figures *f, const struct answered *first, const struct answered *several,
	const struct answered *theirs);
void figures_print(struct figures *f, bool sql);
void figures_write(struct figures *f, const char *path, bool sql);
void figures_free(struct figures *f);
