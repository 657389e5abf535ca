/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a decision is decided on: the customer's inquiry joined with what the house knows (vehicle,
 * coverages, customer, what the visit already used, tariff, rule set), as the rules want it. Built
 * as a document in the shape of the worked cases, so that there is one reader and one set of
 * messages.
 */

#include "fleet/roster.h"
#include "fleet/view.h"
#include "rules/decision.h"

enum cover { COVER_CHECKED, COVER_STALE, COVER_NOT_CHECKED };
const char *cover_name(enum cover c);

/* The four instants of a stay and its loan. */
struct stay {
	struct instant drop_off, ready, from, until;
};

/* A booking that the same entry decides again: what it consumes from now on. */
struct used_again {
	struct str booking;
	struct json consumed;
};

struct inquiry {
	struct str vin, customer, visit; /* STR_NULL where unknown */
	struct json facts;    /* jobs, authorisations, campaign_open, distance_km, driver, goodwill,
				 immobile, odometer_km */
	bool driver_as_known; /* only who the facts name drives: the customer's papers are not read
			       */
	struct str except;    /* a booking whose own consumption does not count */
	struct json
		also[8]; /* `consumed` of bookings that the same decision makes beside this one */
	uint32_t also_len;
	const struct used_again *again; /* borrowed: these stand in place of what is stored */
	uint32_t again_len;
	/* frozen for a booking's life; STR_NULL before there is one */
	struct str ruleset_version, ruleset_sha256, segment;
	struct json site; /* the tariff used; absent: the site's present one */
	bool has_collect_until;
	struct instant collect_until;
	const struct uses *uses; /* counted once for all dates of an offer; NULL: count them */
};

/* Who drives, by the dates that the inquiry gives or that are known of the customer. */
struct driver_dates {
	bool known;
	bool asked; /* the inquiry gave them */
	bool expires;
	struct day birth, since, expires_on;
};

struct inputs {
	struct decision_request request;
	struct site_terms site;
	struct ruleset_row ruleset;
	struct str vin, customer; /* resolved: the vehicle's owner where none was named */
	enum cover cover;
	const struct uses *uses; /* as they were counted (used.h) */
	struct driver_dates driver;
};

/* REFUSED_NO_RULESET, REFUSED_NOT_FOUND (vin or customer named but unknown; *missing says which),
 * REFUSED_INVALID with faults. */
MUST_CHECK enum outcome inputs_build(struct view *v, const struct roster *roster,
	const struct inquiry *inquiry, const struct stay *stay, struct instant now,
	struct inputs *out, struct faults *faults);

/* The same inquiry for another stay, without reading anything again. False: the dates change more
 * than themselves (another rule set, a year that is a fault); build them anew. */
MUST_CHECK bool inputs_move(struct view *v, const struct roster *roster, const struct inputs *in,
	const struct stay *stay, struct inputs *out);

/* {"request","site","consumed"} of a decision, for the booking: what a replay needs. */
void decided_write(struct json_writer *w, const struct inputs *in, const struct terms *terms);
/* Minutes of all jobs together. */
int64_t jobs_minutes(struct json facts);
/* Bits 1 << enum protected_for: which seats that are kept back are kept for these facts. */
uint32_t rights_of(struct view *v, struct json facts, struct str visit);
