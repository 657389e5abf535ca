/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * When a site's doors are open: weekly hours, days with hours of their own, holidays. Walks in
 * local wall time; whoever needs instants converts with the zone.
 */

#include "rules/instant.h"
#include "rules/zone.h"

enum { OPENING_SPANS_MAX = 4, SPECIAL_DAYS_MAX = 128, HOLIDAYS_MAX = 128 };

/* Minutes of the local day, half-open, ascending and disjoint; none = closed. 24:00 is 1440. */
struct opening_day {
	uint8_t len;
	struct {
		int16_t from_min, until_min;
	} span[OPENING_SPANS_MAX];
};

struct opening {
	struct opening_day week[7]; /* [0] is Monday */
	uint32_t special_len, holidays_len;
	struct {
		struct day day;
		struct opening_day hours;
	} special[SPECIAL_DAYS_MAX];	  /* ascending by day */
	struct day holiday[HOLIDAYS_MAX]; /* ascending; closed unless the day is special */
};

bool opening_is_holiday(const struct opening *o, struct day d);
struct opening_day opening_on(const struct opening *o, struct day d);
/* Whether [from, from + minutes) lies inside one opening span (wall seconds); here and below one
 * that ends at 24:00 goes on where the next day begins at 00:00. */
bool opening_holds(const struct opening *o, int64_t from_wall_s, int32_t minutes);
/* The first wall second >= `from` such that [result, result + minutes) lies in one opening span.
 * False when there is none within 400 days. */
MUST_CHECK bool opening_next(
	int64_t *out, const struct opening *o, int64_t from_wall_s, int32_t minutes);
/* From here on each day by itself: `from` plus that many minutes spent inside opening hours,
 * rounded up to `round_to` minutes (within or at the end of the opening span it falls in). False
 * when 400 days do not suffice. */
MUST_CHECK bool opening_add(int64_t *out, const struct opening *o, int64_t from_wall_s,
	int64_t minutes, int32_t round_to);
/* The end of the opening span that holds `at` (at its very end included), false when closed then.
 */
MUST_CHECK bool opening_closing(int64_t *out, const struct opening *o, int64_t at_wall_s);
