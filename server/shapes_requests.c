/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Requests that ask for something or make something new (contract.md sections 3 to 5). */

#include "fleet/booking.h"
#include "rules/decision.h"
#include "server/shapes_parts.h"

/* ---- offer ---- */

enum { EXTRA_DAYS_MAX = LOAN_DAYS_MAX };
/* Both dates or no driver at all: with one of them the check would only look as if it were made. */
static const struct field driver_fields[] = {
	NEEDS("birth_on", person_date, NULL),
	NEEDS("licence_on", person_date, "since when the driver may drive such a car"),
};
OPTIONAL_PART(driver, OBJECT(driver_fields));

static const struct shape part_extra_days = {INTEGER(0, EXTRA_DAYS_MAX)};
static const struct field authorisation_fields[] = {
	NEEDS("programme", id, NULL),
	NEEDS("extra_days", extra_days, NULL),
	NEEDS("ref", short, "the payer's authorisation"),
	MAY("reason", text, NULL),
};
static const struct shape part_authorisation = {OBJECT(authorisation_fields)};
OPTIONAL_PART(authorisations, LIST(AUTHORISATIONS_MAX, authorisation));

static const struct shape part_share = {INTEGER(0, BASIS_POINTS)};
static const struct shape part_goodwill_solutions = {LIST(GOODWILL_SOLUTIONS_MAX, slug)};
static const struct field goodwill_fields[] = {
	NEEDS("percent_bp", share, "of what remains for the customer, in basis points (S13)"),
	NEEDS("payer", id, NULL),
	NEEDS("cost_code", id, NULL),
	MAY("authorisation_ref", reference, "without it nothing is paid"),
	NEEDS("solutions", goodwill_solutions, NULL),
};
OPTIONAL_PART(goodwill, OBJECT(goodwill_fields));

/* Only site, jobs and drop-off have no natural reading when they are left out. */
static const struct field offer_fields[] = {
	NEEDS("site", id, NULL),
	MAY("visit", id, "what its bookings consumed counts"),
	MAY("vin", vin, "absent = an unknown car"),
	MAY("customer", id, "absent = the car's owner, else a private customer"),
	MAY("odometer_km", odometer, "absent = the last known reading"),
	MAY("language", language, "of what is read aloud; absent = the customer's"),
	NEEDS("jobs", jobs, NULL),
	MAY("immobile", bool, "the car cannot be driven"),
	MAY("campaign_open", bool, NULL),
	MAY("need", text, "what the customer says is needed"),
	NEEDS("drop_off_at", instant, NULL),
	MAY("ready_at", instant, "absent = the jobs' minutes in opening hours"),
	MAY("loan_from", instant, "absent = drop_off_at"),
	MAY("loan_to", instant, "absent = the first return that fits before a closing"),
	MAY("distance_km", distance, "from the site to the customer"),
	MAY("driver", driver, "absent = the check is pending"),
	MAY("authorisations", authorisations, NULL),
	MAY("goodwill", goodwill, NULL),
};
const struct shape shape_offer_request = {.name = "OfferRequest", OBJECT(offer_fields)};

/* ---- facts about a car, ours or the customer's ---- */

static const struct field cover_check_fields[] = {
	NEEDS("source", name, "where the cover was looked up"),
	MAY("nothing_found", bool, NULL),
	MAY("coverages", coverages, "what was found, instead of what is known"),
};
const struct shape shape_cover_check = {.name = "CoverCheck", OBJECT(cover_check_fields)};

/* It is ready: that is what the address says. What it adds becomes part of the resource's `now`. */
static const struct field ready_fields[] = {
	MAY("where", name, NULL),
	MAY("key", short, "where its key hangs"),
	MAY("fuel_percent", percent, NULL),
	MAY("charge_percent", percent, NULL),
	MAY("damages", damages, NULL),
};
const struct shape shape_ready = {.name = "Ready", OBJECT(ready_fields)};

static const struct field block_fields[] = {
	NEEDS("from", instant, NULL),
	NEEDS("until", instant, "half-open, at most 366 days later"),
	NEEDS("reason", text, NULL),
	PREVIEW,
};
const struct shape shape_block = {.name = "Block", OBJECT(block_fields)};

/* ---- visit ---- */

static const char *const estimates[] = {"firm", "likely", "diagnosis", NULL};
static const char *const answers[] = {
	"open", "agreed", "declined", "waits_here", "own_means", NULL};
static const struct shape part_estimate = {ONE_OF(estimates)};
OPTIONAL_PART(estimate, ONE_OF(estimates));
static const struct shape part_answer = {ONE_OF(answers)};
OPTIONAL_PART(answer, ONE_OF(answers));
static const struct shape part_offer = {LINE(OFFER_BYTES)};
OPTIONAL_PART(offer, LINE(OFFER_BYTES));

static const char *const whys[] = {"planned", "warranty", "comeback", "urgent", "immobile", NULL};
OPTIONAL_PART(why, ONE_OF(whys));
static const struct field appointment_fields[] = {
	NEEDS("at", instant, "when the car comes, at a quarter of an hour"),
	MAY("desk", id, "of the advisor; absent = of whoever has the fewest customers"),
	MAY("why", why, "at least what jobs and car say; absent = that"),
	MAY("customer_agreed", bool, "to a later time than the rules promise (AVT-S1)"),
	MAY("back_at", instant, "when it is handed back; absent = as soon as it is ready"),
};
OPTIONAL_PART(appointment, OBJECT(appointment_fields));

static const struct field visit_open_fields[] = {
	MAY("offer", offer, "records what was offered"),
	NEEDS("site", id, NULL),
	MAY("vin", vin, NULL),
	MAY("customer", id, NULL),
	MAY("jobs", jobs, NULL),
	MAY("drop_off_at", instant, "may be absent only with an offer"),
	MAY("ready_at", instant, NULL),
	MAY("estimate", estimate, "how sure ready_at is"),
	MAY("answer", answer, "what the customer said"),
	MAY("said", text, "what was read to the customer"),
	MAY("value_minor", money, "the value that was named"),
	MAY("follows", id, "the visit that this one repeats"),
	MAY("repair_order", short, NULL),
	MAY("need", text, NULL),
	MAY("review_at", instant, "when the estimate is looked at again"),
	MAY("appointment", appointment, "says when the car comes; may stand for drop_off_at"),
	MAY("external", external, "what other systems call it: each id names one visit of a site"),
};
const struct shape shape_visit_open = {.name = "VisitOpen", OBJECT(visit_open_fields)};

/* A merge document: null takes away what may be absent, so these nulls are kept. */
static const struct field visit_change_fields[] = {
	{.name = "ready_at", .shape = &part_instant},
	{.name = "estimate", .shape = &part_estimate},
	{.name = "answer", .shape = &part_answer},
	MAY("arrived_at", instant, NULL),
	MAY("repair_order", short, NULL),
	MAY("need", text, NULL),
	MAY("review_at", instant, NULL),
	MAY("customer", id, NULL),
	MAY("vin", vin, NULL),
	MAY("appointment", appointment, "made or moved, as a whole; null gives it up"),
	MAY("external", external, "what other systems call it: each id names one visit of a site"),
};
const struct shape shape_visit_change = {
	.name = "VisitChange", OBJECT(visit_change_fields), .merge = true};

/* ---- booking ---- */

enum { VISIT_BOOKINGS_MAX = 8 };
static const struct field handover_fields[] = {
	MAY("at", instant, "absent = the booking's from, or until"),
	MAY("where", place, "absent = desk"),
	MAY("with", name, "who meets the customer"),
};
OPTIONAL_PART(handover, OBJECT(handover_fields));
OPTIONAL_PART(hold_minutes, INTEGER(0, HOLD_MINUTES_MAX));

/* The offer carries its inputs, so little has to be said again (contract.md section 5). */
static const struct field booking_fields[] = {
	NEEDS("offer", offer, "as POST /v1/offers gave it"),
	NEEDS("solution", slug, NULL),
	MAY("class", slug, "absent = any class of the solution"),
	MAY("home_site", id, "of another site's car, as the offer's class named it"),
	MAY("instead_of", slug, "the full class that `class` stands in for, at its price"),
	MAY("from", instant, "absent = as offered"),
	MAY("until", instant, "absent = as offered"),
	MAY("customer", id, "may be absent only while it is held"),
	MAY("visit", id, "absent = the booking makes its own"),
	MAY("appointment", appointment,
		"of the visit, at the offer's drop_off_at: both are booked, or neither"),
	MAY("resource", id, "promises this very one: pins it"),
	MAY("hold_minutes", hold_minutes,
		"held for so long: 2 to the site's hold_minutes; 0 books"),
	MAY("accept_customer_minor", money, "the customer agrees to pay up to this"),
	MAY("check_out", check_out, "hands it over in the same step"),
	MAY("drivers", drivers, "who else will drive"),
	MAY("handover", handover, NULL),
	MAY("return", handover, NULL),
	MAY("legs_address", text, "where the car is fetched and brought"),
	MAY("external", external,
		"what other systems call it: each id names one booking of a site"),
};
const struct shape shape_booking_make = {.name = "BookingMake", OBJECT(booking_fields)};

/* Who it is for, its visit and its number stay as they are. */
static const struct field change_fields[] = {
	NEEDS("offer", offer, "a new one, for the booking's car and customer"),
	NEEDS("solution", slug, NULL),
	MAY("class", slug, "absent = any class of the solution"),
	MAY("instead_of", slug, "the full class that `class` stands in for, at its price"),
	MAY("from", instant, "absent = as offered"),
	MAY("until", instant, "absent = as offered"),
	MAY("resource", id, "promises this very one: pins it; absent = unpinned"),
	MAY("accept_customer_minor", money, "the customer agrees to pay up to this"),
	MAY("handover", handover, "absent = as it was"),
	MAY("return", handover, "absent = as it was"),
	MAY("legs_address", text, "where the car is fetched and brought; absent = as it was"),
	PREVIEW,
};
const struct shape shape_change = {.name = "Change", OBJECT(change_fields)};

/* The hold that is made when a place frees begins then. */
static const struct field waiting_fields[] = {
	NEEDS("offer", offer, "as POST /v1/offers gave it"),
	NEEDS("solution", slug, NULL),
	MAY("class", slug, "absent = any class of the solution"),
	MAY("from", instant, "absent = as offered"),
	MAY("until", instant, "absent = as offered"),
	MAY("customer", id, "absent = the offer's"),
	MAY("visit", id, "absent = the offer's, or what is held makes its own"),
	MAY("hold_minutes", hold_minutes,
		"how long a place is held for him; absent = the site's hold_minutes"),
};
const struct shape shape_waiting_add = {.name = "WaitingAdd", OBJECT(waiting_fields)};

static const struct shape part_bookings = {
	.type = SHAPE_ARRAY, .min = 1, .max = VISIT_BOOKINGS_MAX, .element = &shape_booking_make};
static const struct field visit_bookings_fields[] = {
	NEEDS("bookings", bookings, "all or none"),
};
const struct shape shape_visit_bookings = {.name = "VisitBookings", OBJECT(visit_bookings_fields)};
