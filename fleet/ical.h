/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What is promised at a site as a calendar to look at (iCalendar, RFC 5545): of all, of one kind of
 * resource, or of one resource. Bookings by number, solution, class and plate: nobody's name, no
 * customer's car. What is cancelled or over is not in it, so a reader drops it. The same state
 * gives the same bytes.
 */

#include "fleet/roster.h"

enum { ICAL_EVENTS_MAX = 2000, ICAL_LINE_OCTETS = 75 };

struct ical_filter {
	struct str kind, resource; /* STR_NULL: all */
	struct span span;
};
/* STR_NULL: the arena is full. */
struct str ical_calendar(struct view *v, const struct roster *roster, const struct ical_filter *f);

/* One content line, NAME:value with the value escaped (3.3.11), folded at 75 octets between
 * characters (3.1), with CRLF. Length of what is written to `out`, which has room for
 * ICAL_LINE_BYTES(value). */
#define ICAL_LINE_BYTES(name, value_n)                                                        \
	((strlen(name) + 1 + 2 * (value_n)) / (ICAL_LINE_OCTETS - 4) * 3 + strlen(name) + 8 + \
		2 * (value_n))
size_t ical_line(char *out, const char *name, struct str value);

/* One appointment as a customer puts it into his own calendar; told again of another time, it moves
 * (the same UID). STR_NULL: the arena is full. */
struct ical_appointment {
	struct str uid, summary, place; /* place: STR_NULL = none */
	struct instant from, until, made;
};
struct str ical_appointment(struct arena *a, const struct ical_appointment *e);
