/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What can be imported, and the shapes of rows that are no objects of the contract. */

#include "rules/decision.h"
#include "server/import.h"
#include "server/shapes_parts.h"

/* ---- a line of a look-up of cover: the lines of one car and moment belong together ---- */

static const struct shape part_days_or_null = {.nullable = true, INTEGER(0, 36500)};
static const struct shape part_uses_or_null = {.nullable = true, INTEGER(0, 10000)};
static const struct field coverage_fields[] = {
	NEEDS("vin", vin, NULL),
	MAY("checked_at", instant, "when it was looked up; absent = now"),
	NEEDS("source", name, "where"),
	MAY("programme", id, "absent = nothing was found"),
	MAY("start_on", date, NULL),
	MAY("ends_on", date, NULL),
	MAY("owner_id", id, NULL),
	MAY("suspended_days", days, NULL),
	MAY("uses", uses, NULL),
	MAY("claim_ref", reference, NULL),
};
static const struct shape shape_coverage_row = {OBJECT(coverage_fields)};

/* ---- a booking and what became of it ---- */

static const struct field booking_fields[] = {
	NEEDS("ref", id, "its number where it comes from"),
	NEEDS("site", id, NULL),
	MAY("vin", vin, NULL),
	MAY("customer", id, NULL),
	NEEDS("jobs", jobs, NULL),
	MAY("cover_source", name, "the cover was looked up again before, and nothing had changed"),
	MAY("made_at", instant, "absent = before anything else happened to it"),
	NEEDS("drop_off_at", instant, NULL),
	MAY("ready_at", instant, NULL),
	NEEDS("from", instant, NULL),
	NEEDS("until", instant, NULL),
	NEEDS("solution", slug, NULL),
	MAY("class", slug, NULL),
	MAY("distance_km", distance, NULL),
	MAY("repair_order", short, NULL),
	MAY("out_at", instant, "handed over"),
	MAY("out_km", odometer, NULL),
	MAY("out_fuel", percent, NULL),
	MAY("licence_checked_at", instant, NULL),
	MAY("agreement_signed_at", instant, NULL),
	MAY("in_at", instant, "returned"),
	MAY("in_km", odometer, NULL),
	MAY("in_fuel", percent, NULL),
	MAY("cancelled_at", instant, NULL),
	MAY("cancel_reason", text, NULL),
	MAY("no_show_at", instant, NULL),
	MAY("external", external, "what other systems call it: the same id is the same booking"),
};
static const struct shape shape_booking_row = {OBJECT(booking_fields)};

/* Nothing becomes of a booking before it was made, and no car returns before it left: played in the
 * order of time, such a step would be lost without a word. */
static void booking_in_order(struct json doc, struct faults *faults)
{
	static const struct {
		const char *key, *first, *pointer;
	} pairs[] = {
		{"cancelled_at", "made_at", "/cancelled_at"},
		{"no_show_at", "made_at", "/no_show_at"},
		{"out_at", "made_at", "/out_at"},
		{"in_at", "out_at", "/in_at"},
	};
	struct instant at, first;

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (doc_instant(doc, pairs[i].key, &at) &&
			doc_instant(doc, pairs[i].first, &first) && at.s < first.s)
			faults_add(faults, pairs[i].pointer, "lies before %s", pairs[i].first);
}

/* ---- a repair order ---- */

static void repair_order_in_order(struct json doc, struct faults *faults)
{
	struct instant opened, later;
	int64_t in = json_int_at(doc, "odometer_in", 0);

	if (!doc_instant(doc, "opened_at", &opened))
		return;
	if (doc_instant(doc, "closed_at", &later) && later.s < opened.s)
		faults_add(faults, "/closed_at", "lies before opened_at");
	if (doc_instant(doc, "ready_at", &later) && later.s < opened.s)
		faults_add(faults, "/ready_at", "lies before opened_at");
	if (json_int_at(doc, "odometer_out", in) < in)
		faults_add(faults, "/odometer_out", "is less than odometer_in");
}

static const struct import_kind_facts kinds[IMPORT_KINDS_LEN] = {
	[IMPORT_SITES] = {"sites", &shape_site, "site", VERB_SITE_PUT, NULL},
	[IMPORT_RULESETS] = {"rulesets", &shape_ruleset, "version", VERB_RULESET_PUT, NULL},
	[IMPORT_RESOURCES] = {"resources", &shape_resource, "resource", VERB_RESOURCE_PUT, NULL},
	[IMPORT_CUSTOMERS] = {"customers", &shape_customer, "customer", VERB_CUSTOMER_PUT, NULL},
	[IMPORT_VEHICLES] = {"vehicles", &shape_vehicle, "vin", VERB_VEHICLE_PUT, NULL},
	[IMPORT_COVERAGES] = {"coverages", &shape_coverage_row, "vin", VERBS_LEN, NULL},
	[IMPORT_BOOKINGS] = {"bookings", &shape_booking_row, "ref", VERBS_LEN, booking_in_order},
	[IMPORT_REPAIR_ORDERS] = {"repair-orders", &shape_repair_order_row, "number",
		VERB_REPAIR_ORDER_PUT, repair_order_in_order},
};

const struct import_kind_facts *import_kind_facts(enum import_kind kind)
{
	ASSERT(kind < IMPORT_KINDS_LEN);
	return &kinds[kind];
}

bool import_kind_from(enum import_kind *out, struct str name)
{
	for (uint32_t i = 0; i < IMPORT_KINDS_LEN; i++)
		if (str_is(name, kinds[i].name)) {
			*out = (enum import_kind)i;
			return true;
		}
	return false;
}
