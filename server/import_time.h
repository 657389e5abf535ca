/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Dates as tables have them: 17/03/2026, 17.3.2026 or 17-03-2026, 2026/03/17, each also with 08:30
 * or 08:30:15 behind it. The site's locale says whether the day or the month comes first.
 *
 * And dates that move along with the day of import, as the demonstration is written in
 * (deploy/demo/README): J-12, J+3, W-12 08:30. J is the day of import on the site's calendar; W is
 * that day, or the last ordinary working day before it, and W+1 the next one.
 */

#include "rules/opening.h"
#include "rules/zone.h"

enum date_order { DATE_ORDER_UNKNOWN, DATE_DAY_FIRST, DATE_MONTH_FIRST };
enum date_order date_order_of(struct str locale); /* BCP 47 */

struct import_day {
	struct instant now;	       /* of the import */
	const struct zone *zone;       /* borrowed; NULL: no site, UTC */
	const struct opening *opening; /* borrowed; NULL: W cannot be told */
	enum date_order order;	       /* unknown: what needs it stays text */
};

enum { IMPORT_TIME_TEXT = 24 };
/* `text` itself where it is not written in this way. Otherwise YYYY-MM-DD, YYYY-MM-DDTHH:MM:00 on
 * the site's clock; a date that moves along has Z behind its time where there is no site. */
struct str import_time_resolve(
	char buf[IMPORT_TIME_TEXT], struct str text, const struct import_day *day);
