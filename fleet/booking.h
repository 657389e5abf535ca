/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Bookings and visits as they are stored (rows and effects): canonical JSON, absent members left
 * out, instants in UTC. What the contract shows is rendered from this (render.h).
 *
 * booking: { "at_risk":true?,
 *   "before":[{"at","by","class"?,"from","solution","terms","until"}]? (until when it was changed),
 *   "booking":ID, "cars":[{"in","out","resource"?}]? (earlier ones of the agreement: `out` and
 *   `resource` are the present car's), "charges":[...]? (of all its cars),
 *   "claims":[{"from","resource","seat":0,"until","what":1}], "class"?,
 *   "corrected":[{"at","by","pointer","was"?}]? (was: absent where nothing stood, or it is sealed),
 *   "customer"?,
 *   "decided":{"consumed":[{"days","programme","uses"}],"request":{...},"site":{...}},
 *   "distance_km", "drop_off_at", "expected_at"? (a late or overdue car),
 *   "extended":{"agreed","at"}?, "external"? (external.h), "for_site"? (the customer is there;
 *   "site" sends its car), "from",
 *   "handover":{"at","where"}?, "hold_until"? (while held), "in":{...}?,
 *   "legs":[{"at","chauffeur","until","what"}]?, "number":"LYO-000123",
 *   "offered":{"at","by","solutions"?} (how many to choose from),
 *   "out":{...}?, "pinned":true?, "private":{"of","sealed"}?, "ready_at", "repair_order"?,
 *   "resource"?, "return":{"at","where"}?, "ruleset":{"sha256","version"}, "said":{say_write form},
 *   "serial":N, "site", "solution", "status", "terms":{...}, "until", "vin"?, "visit",
 *   "waiting"? (of the waiting list, for whom it was held) }
 * The claims are the calendar: apply adds and removes exactly them; a booking at risk has no car in
 * them. `private` unsealed is {"authorisations":[...]?, "cars":[{"damages"?, "out_damages"?,
 * "out_to"?, "reason"}]? (one for each of `cars`), "charges":[...]? (with their evidence),
 * "corrected":[{"reason", "was"?}]? (one for each of `corrected`), "damages":[...]? (of `in`),
 * "drivers":[...]?, "extend_reason"?, "handover_with"?, "heard"?, "legs_address"?, "notes":[{"at",
 * "by", "text"}]?, "out_damages":[...]? (of `out`), "out_to"? (who took it), "reason"?,
 * "return_with"?}: all free words are sealed, of the customer or, while there is none, of the
 * booking itself.
 *
 * visit: { "answer", "arrived_at"?, "bookings":[ID], "customer"?, "drop_off_at", "estimate",
 *   "external"?, "follows"?, "for_site"? (as its booking),
 *   "appointment":{...}? (appointment.h), "jobs":[{"immobilisation_minutes","type"}],
 *   "offered":[{"at","by","ruleset":{...},"solutions","value_minor"}], "private":{"of","sealed"}?
 *   ({"need"?,"said"?}), "ready_at", "repair_order"?, "review_at"?, "serial"?, "site", "vin"?,
 *   "visit" }
 * customer: { "customer", "external"?, "language", "merged"? (its aliases), "merged_into"? (the
 *   survivor, merge.h), "person":{"of":CUSTOMER,"sealed"},
 *   "preferred_channel", "segment" }
 * vehicle, site, resource, ruleset: as in contract 3.
 * block: { "block", "from", "reason", "resource", "seats":N, "serial", "site", "until" }
 */

#include "fleet/calendar.h"
#include "fleet/view.h"

enum booking_status {
	BOOKING_HELD,
	BOOKING_BOOKED,
	BOOKING_OUT,
	BOOKING_RETURNED,
	BOOKING_CANCELLED,
	BOOKING_NO_SHOW,
	BOOKING_EXPIRED,
	BOOKING_STATUSES_LEN
};
const char *booking_status_name(enum booking_status s);
bool booking_status_from(enum booking_status *out, struct str name);
/* Held, booked or out: it has a claim on the future. */
bool booking_is_live(enum booking_status s);

/* Held or booked: what is not handed over yet may be seated elsewhere. */
bool booking_is_promise(enum booking_status s);

enum { EARLIER_CARS_MAX = 4 }; /* of one agreement, before the present one */
enum { BOOKING_CLAIMS_MAX = 8, SEATS_PER_RESOURCE_MAX = 1000 };
/* How long a hold may last: a phone call at least, a day at most; a site may set less. A hold whose
 * time is over is still held, and may still be booked, until the timer's entry says that it has
 * expired: no reader looks at the clock. */
enum { HOLD_MINUTES_MIN = 2, HOLD_MINUTES_MAX = 24 * 60 };
struct booking_claim {
	struct seat seat;
	struct claim_row row;
};
struct booking {
	struct str id, number, site, for_site, visit, customer, vin, solution, class, resource,
		repair_order;
	struct str upgraded_from; /* the class that was asked for and whose price counts */
	enum booking_status status;
	bool pinned, at_risk, has_hold_until, has_expected, has_left;
	struct instant from, until, hold_until, expected_at, drop_off_at, ready_at;
	struct instant left_at; /* of a returned one: when the car was left, not when it was seen */
	int32_t distance_km;
	uint32_t serial;
	uint32_t claims_len;
	struct booking_claim claims[BOOKING_CLAIMS_MAX];
	struct json doc;
};
/* ASSERTs the form: stored documents are ours. */
void booking_read(struct booking *out, struct json doc);
MUST_CHECK bool booking_get(struct view *v, struct str id, struct booking *out, uint64_t *rev);
/* What a car's hand-over is: {"at","where"}; `where` of the wish, else the desk. */
bool handed_at_desk(struct json place);
/* Whether somebody at a desk is needed at that end, "handover" or "return". */
bool booking_at_desk(const struct booking *b, const char *end);
/* "claims" as they are stored, at most `max`; how many there are. */
uint32_t claims_read(
	struct booking_claim *out, uint32_t max, struct json claims, uint32_t serial, bool pinned);
/* A car that is not back when it is due is expected one such step later, by an entry of the timer,
 * and again: it still blocks its seat. */
enum { OVERDUE_STEP_S = 30 * 60 };
/* Until when it keeps its car, at least `until`: expected_at while out, left_at once returned. */
struct instant booking_end(const struct booking *b);
/* When the use that a claim stands for ends; from there to its end the car is made ready again,
 * `turnaround` minutes unless somebody said so before (car_state.h). */
uint32_t booking_use_end(
	const struct booking *b, const struct booking_claim *c, uint32_t turnaround);
