/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Dates that move along with the day of import, as the demonstration is written in
 * (deploy/demo/README): J-12, J+3, W-12 08:30. J is the day of import on the site's calendar; W is
 * that day, or the last ordinary working day before it, and W+1 the next one.
 */

#include "rules/opening.h"
#include "rules/zone.h"

struct import_day {
	struct instant now;	       /* of the import */
	const struct zone *zone;       /* borrowed; NULL: no site, UTC */
	const struct opening *opening; /* borrowed; NULL: W cannot be told */
};

enum { IMPORT_TIME_TEXT = 24 };
/* `text` itself where it is not written in this way. Otherwise YYYY-MM-DD, YYYY-MM-DDTHH:MM:00 on
 * the site's clock, or the latter with Z where there is no site. */
struct str import_time_resolve(
	char buf[IMPORT_TIME_TEXT], struct str text, const struct import_day *day);
