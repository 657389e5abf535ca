/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/row_members.h"

#include "fleet/booking.h"
#include "fleet/merge.h"
#include "rules/appointment.h"
#include "rules/money.h"

/* ---- what tables share ---- */

const struct row_member row_names[] = {{.form = FORM_NAME}};
const struct row_member row_texts[] = {{.form = FORM_TEXT}};
const struct row_member row_sealed[] = {NEED("of", FORM_NAME), NEED("sealed", FORM_TEXT), END};
static const struct row_member days[] = {{.form = FORM_DAY}};
static const struct row_member weekdays[] = {{.form = FORM_NUMBER, BETWEEN(1, WEEKDAYS)}};

/* ---- what a site keeps ---- */

static bool is_resource_kind(struct str word)
{
	return str_is(word, "car") || str_is(word, "chauffeur") || str_is(word, "desk") ||
	       str_is(word, "allotment");
}

static bool is_resource_status(struct str word)
{
	return str_is(word, "active") || str_is(word, "blocked") || str_is(word, "retired");
}

static const struct row_member hours_members[] = {
	NEED("from", FORM_HOUR), NEED("until", FORM_HOUR), END};
static const struct row_member opening_members[] = {
	NEED("days", FORM_LIST, LIST_OF(weekdays, WEEKDAYS)),
	NEED("from", FORM_HOUR),
	NEED("until", FORM_HOUR),
	END,
};
static const struct row_member special_members[] = {
	NEED("date", FORM_DAY),
	NEED("opening", FORM_LIST, LIST_OF(hours_members, LIST_BEARABLE)),
	END,
};
static const struct row_member protected_members[] = {
	MAY("class", FORM_NAME),
	NEED("days", FORM_NUMBER, BETWEEN(0, DAYS_BEARABLE)),
	MAY("for", FORM_LIST, LIST_OF(row_texts, LIST_BEARABLE)),
	NEED("seats", FORM_NUMBER, BETWEEN(0, SEATS_PER_RESOURCE_MAX)),
	END,
};
static const struct row_member upgrade_members[] = {
	NEED("class", FORM_NAME),
	NEED("to", FORM_LIST, LIST_OF(row_names, LIST_BEARABLE)),
	END,
};
static const struct row_member suspends_members[] = {
	NEED("job_types", FORM_LIST, LIST_OF(row_names, LIST_BEARABLE)),
	NEED("kinds", FORM_LIST, LIST_OF(row_names, LIST_BEARABLE)),
	MAY("reference", FORM_TEXT),
	END,
};
static const struct row_member deadline_members[] = {
	MAY("escalate_to", FORM_TEXT),
	MAY("on", FORM_FLAG),
	MAY("owner", FORM_TEXT),
	NEED("rule", FORM_TEXT),
	END,
};
static const struct row_member hours[] = {{.form = FORM_HOUR}};
static const struct row_member template_members[] = {
	NEED("times", FORM_LIST, LIST_OF(hours, APPOINTMENT_TIMES_MAX)),
	NEED("work_minutes", MINUTES),
	END,
};
static const struct row_member appointments_members[] = {
	NEED("customers_per_day", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	MAY("hand_back_minutes", FORM_NUMBER, BETWEEN(1, APPOINTMENT_MINUTES_MAX)),
	MAY("latest", FORM_TEXT),
	MAY("peak", FORM_LIST, LIST_OF(opening_members, APPOINTMENT_HOURS_MAX)),
	NEED("reception_minutes", FORM_NUMBER, BETWEEN(1, APPOINTMENT_MINUTES_MAX)),
	MAY("reserved", FORM_LIST, LIST_OF(opening_members, APPOINTMENT_HOURS_MAX)),
	MAY("templates", FORM_LIST, LIST_OF(template_members, APPOINTMENT_TEMPLATES_MAX)),
	MAY("workshop_kept_minutes", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	MAY("workshop_minutes_per_day", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	END,
};
static const struct row_member site_members[] = {
	NEED("accompanied_max_km", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	MAY("address", FORM_TEXT),
	MAY("appointments", FORM_OBJECT, OF(appointments_members)),
	MAY("collect_minutes", MINUTES),
	MAY("cover_fresh_days", FORM_NUMBER, BETWEEN(0, DAYS_BEARABLE)),
	NEED("currency", FORM_NAME),
	MAY("deadlines", FORM_LIST, LIST_OF(deadline_members, LIST_BEARABLE)),
	NEED("grace_minutes", MINUTES),
	NEED("handover_minutes", MINUTES),
	MAY("hold_minutes", FORM_NUMBER, BETWEEN(0, INT32_MAX)), /* cut where it is read */
	MAY("holidays", FORM_LIST, LIST_OF(days, LIST_BEARABLE)),
	MAY("immobilisation_suspends", FORM_OBJECT, OF(suspends_members)),
	MAY("late_minutes", MINUTES),
	NEED("locale", FORM_NAME),
	NEED("market", FORM_NAME),
	NEED("max_service_distance_km", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	NEED("name", FORM_TEXT),
	MAY("name_driver_days", FORM_NUMBER, BETWEEN(0, DAYS_BEARABLE)),
	MAY("offer_minutes", MINUTES),
	NEED("opening", FORM_LIST, LIST_OF(opening_members, LIST_BEARABLE)),
	MAY("phone", FORM_TEXT),
	MAY("protected", FORM_LIST, LIST_OF(protected_members, LIST_BEARABLE)),
	NEED("return_minutes", MINUTES),
	MAY("settled_hours", FORM_NUMBER, BETWEEN(0, MINUTES_BEARABLE)),
	NEED("site", FORM_NAME),
	MAY("special_days", FORM_LIST, LIST_OF(special_members, LIST_BEARABLE)),
	NEED("tariff", FORM_OBJECT),
	MAY("tax_bp", FORM_NUMBER, BETWEEN(0, 10000)),
	MAY("texts", FORM_OBJECT),
	NEED("time_zone", FORM_ZONE),
	MAY("upgrades", FORM_LIST, LIST_OF(upgrade_members, LIST_BEARABLE)),
	MAY("wait_minutes", MINUTES),
	END,
};

static const struct row_member shared_members[] = {
	NEED("site", FORM_NAME), NEED("transfer_minutes", MINUTES), END};
static const struct row_member resource_members[] = {
	NEED("class", FORM_NAME),
	MAY("energy", FORM_TEXT),
	MAY("features", FORM_LIST, LIST_OF(row_texts, LIST_BEARABLE)),
	MAY("in_service_on", FORM_DAY),
	MAY("inspection_until", FORM_DAY),
	MAY("insurance_until", FORM_DAY),
	NEED("kind", FORM_WORD, .knows = is_resource_kind),
	NEED("label", FORM_TEXT),
	MAY("now", FORM_OBJECT),
	MAY("odometer_km", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	MAY("out_of_service_on", FORM_DAY),
	MAY("plate", FORM_TEXT),
	NEED("resource", FORM_NAME),
	MAY("seats", FORM_NUMBER, BETWEEN(1, SEATS_PER_RESOURCE_MAX)), /* none: unlimited */
	MAY("shared_with", FORM_LIST, LIST_OF(shared_members, SHARED_SITES_BEARABLE)),
	NEED("site", FORM_NAME),
	NEED("solutions", FORM_LIST, LIST_OF(row_names, LIST_BEARABLE)),
	NEED("status", FORM_WORD, .knows = is_resource_status),
	MAY("turnaround_minutes", MINUTES),
	MAY("vin", FORM_NAME),
	END,
};

static const struct row_member block_members[] = {
	NEED("block", FORM_NAME),
	NEED("from", FORM_INSTANT),
	NEED("reason", FORM_TEXT),
	NEED("resource", FORM_NAME),
	NEED("seats", FORM_NUMBER, BETWEEN(0, SEATS_PER_RESOURCE_MAX)),
	NEED("serial", FORM_NUMBER, BETWEEN(1, UINT32_MAX)),
	NEED("site", FORM_NAME),
	NEED("until", FORM_INSTANT),
	END,
};

/* ---- what the directory keeps ---- */

const struct row_member row_external[] = {NEED("id", FORM_TEXT), NEED("system", FORM_TEXT), END};
static const struct row_member customer_members[] = {
	NEED("customer", FORM_NAME),
	MAY("erased_at", FORM_INSTANT),
	MAY("external", FORM_LIST, LIST_OF(row_external, LIST_BEARABLE)),
	NEED("language", FORM_NAME),
	MAY("merged", FORM_LIST, LIST_OF(row_names, MERGED_MAX)),
	MAY("merged_into", FORM_NAME),
	NEED("person", FORM_OBJECT, OF(row_sealed)),
	NEED("preferred_channel", FORM_NAME),
	NEED("segment", FORM_NAME),
	END,
};

static const struct row_member campaign_members[] = {
	NEED("number", FORM_TEXT), NEED("open", FORM_FLAG), MAY("read_at", FORM_INSTANT), END};
static const struct row_member checked_members[] = {
	NEED("at", FORM_INSTANT), MAY("by", FORM_TEXT), MAY("source", FORM_TEXT), END};
static const struct row_member coverage_members[] = {
	MAY("claim_ref", FORM_TEXT),
	MAY("ends_on", FORM_DAY),
	MAY("owner_id", FORM_NAME),
	NEED("programme", FORM_NAME),
	MAY("read_at", FORM_INSTANT),
	MAY("source", FORM_TEXT),
	MAY("start_on", FORM_DAY),
	MAY("suspended_days", FORM_NUMBER, BETWEEN(0, DAYS_BEARABLE)),
	MAY("uses", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	END,
};
static const struct row_member vehicle_members[] = {
	MAY("campaigns", FORM_LIST, LIST_OF(campaign_members, LIST_BEARABLE)),
	MAY("cover_checked", FORM_OBJECT, OF(checked_members)),
	MAY("coverages", FORM_LIST, LIST_OF(coverage_members, LIST_BEARABLE)),
	MAY("external", FORM_LIST, LIST_OF(row_external, LIST_BEARABLE)),
	MAY("flags", FORM_LIST, LIST_OF(row_texts, LIST_BEARABLE)),
	MAY("immobile", FORM_FLAG),
	NEED("model", FORM_TEXT),
	MAY("odometer_km", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	MAY("owner", FORM_NAME),
	MAY("plate", FORM_TEXT),
	NEED("vin", FORM_NAME),
	MAY("warranty_locked", FORM_FLAG),
	END,
};

/* The frame; ruleset_read() looks inside. */
static const struct row_member ruleset_members[] = {
	MAY("claim_profiles", FORM_ANY),
	NEED("condition_rules", FORM_ANY),
	MAY("documents", FORM_ANY),
	NEED("documents_by_solution", FORM_ANY),
	NEED("driver_limits", FORM_ANY),
	NEED("job_types", FORM_ANY),
	NEED("programmes", FORM_ANY),
	NEED("segments", FORM_ANY),
	NEED("solution_order", FORM_ANY),
	MAY("solutions", FORM_ANY),
	NEED("valid_from", FORM_DAY),
	NEED("version", FORM_NAME),
	END,
};

static bool is_import_state(struct str word)
{
	return str_is(word, "running") || str_is(word, "done") || str_is(word, "stopped") ||
	       str_is(word, "undone");
}

#define COUNT FORM_NUMBER, BETWEEN(0, INT32_MAX)

static const struct row_member import_members[] = {
	NEED("asked_by", FORM_TEXT),
	NEED("begun_at", FORM_INSTANT),
	MAY("changed", COUNT),
	MAY("created", COUNT),
	MAY("ended_at", FORM_INSTANT),
	NEED("file", FORM_TEXT),
	NEED("import", FORM_NAME),
	MAY("kept", COUNT),
	NEED("kind", FORM_NAME),
	MAY("refused", COUNT),
	MAY("same", COUNT),
	NEED("sha256", FORM_TEXT),
	NEED("state", FORM_WORD, .knows = is_import_state),
	MAY("stays", COUNT),
	MAY("taken_back", COUNT),
	MAY("undone_at", FORM_INSTANT),
	MAY("undone_by", FORM_TEXT),
	END,
};

/* ---- kinds ---- */

static const struct row_form site = {"site", false, site_members};
static const struct row_form resource = {"resource", false, resource_members};
static const struct row_form block = {"block", false, block_members};
static const struct row_form customer = {"customer", true, customer_members};
static const struct row_form vehicle = {"vin", true, vehicle_members};
static const struct row_form ruleset = {"version", true, ruleset_members};
static const struct row_form import = {"import", true, import_members};

const struct row_form *row_form_of(enum row_kind kind)
{
	switch (kind) {
	case ROW_SITE: return &site;
	case ROW_RESOURCE: return &resource;
	case ROW_BLOCK: return &block;
	case ROW_CUSTOMER: return &customer;
	case ROW_VEHICLE: return &vehicle;
	case ROW_RULESET: return &ruleset;
	case ROW_IMPORT: return &import;
	case ROW_VISIT: return &row_visit;
	case ROW_BOOKING: return &row_booking;
	case ROW_TASK: return &row_task;
	case ROW_DEMAND: return &row_demand;
	case ROW_WAITING: return &row_waiting;
	case ROW_DESK: return &row_desk;
	case ROW_ATTACHMENT: return &row_attachment;
	case ROW_REPAIR_ORDER: return &row_repair_order;
	case ROW_CLAIM: return &row_claim;
	case ROW_CONTACT: return &row_contact;
	case ROW_COMPLAINT: return &row_complaint;
	}
	ASSERT(false);
}
