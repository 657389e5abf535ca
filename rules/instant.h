/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Time as the trade reads it. Three things that must not be confused have three types: a civil day,
 * an instant of UTC, and a wall-clock reading. Years 1970 to 9999.
 */

#include "rules/base.h"

/* A civil day: days since 1970-01-01 (proleptic Gregorian). */
struct day {
	int32_t n;
};

/* An instant: seconds since 1970-01-01T00:00:00Z. */
struct instant {
	int64_t s;
};

/* What the clock on a site's wall shows, and how far that clock was ahead of UTC (S1). `wall_s` is
 * the reading as if it were UTC, so differences of readings ignore daylight saving. */
struct local {
	int64_t wall_s;
	int32_t offset_s;
};

/* Half-open: `until` is free again. */
struct span {
	struct instant from, until;
};

static inline struct instant local_instant(struct local l)
{
	return (struct instant){l.wall_s - l.offset_s};
}
/* Within the years 1970 to 9999: what is parsed is, and what is to be printed must be. */
bool instant_is_good(struct instant t);
static inline bool span_overlaps(struct span a, struct span b)
{
	return a.from.s < b.until.s && b.from.s < a.until.s;
}

/* civil days */
bool day_is_valid(int year, int month, int day);
struct day day_from_civil(int year, int month, int day); /* ASSERTs a valid date */
void day_to_civil(struct day d, int *year, int *month, int *day);
int day_weekday(struct day d); /* ISO 8601: 1 Monday .. 7 Sunday */
/* Keeps the day number, or takes the month's last day when that number does not exist (S3). */
struct day day_add_months(struct day d, int months);
/* Full years from `since` to `on`, comparing (month, day): born on 29 February, the year is
 * complete on 1 March of a common year (S7). Negative when `on` is before `since`. */
int day_full_years(struct day since, struct day on);
struct day local_day(struct local l);

/* text; every parser takes the whole string or refuses */
MUST_CHECK bool day_parse(struct day *out, struct str text);	/* YYYY-MM-DD */
MUST_CHECK bool minute_of_day_parse(int *out, struct str text); /* HH:MM, 24:00 = 1440 */
/* RFC 3339 with seconds and optional fraction (dropped), offset Z or +-HH:MM; a lower-case t, z or
 * a blank for T is refused. Gives the reading as written and its offset. */
MUST_CHECK bool instant_parse(struct local *out, struct str text);
/* A local time without offset: YYYY-MM-DDTHH:MM or with :SS. Gives the wall reading in seconds. */
MUST_CHECK bool wall_parse(int64_t *wall_s, struct str text);

enum { DAY_TEXT = 11, INSTANT_TEXT = 26 }; /* with the closing NUL */
struct str day_print(struct day d, char buf[DAY_TEXT]);
struct str instant_print_utc(struct instant t, char buf[INSTANT_TEXT]); /* ...Z */
struct str local_print(struct local l, char buf[INSTANT_TEXT]);		/* ...+01:00 */
