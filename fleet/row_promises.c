/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/row_members.h"

#include "fleet/attachment.h"
#include "fleet/demand.h"
#include "fleet/desk.h"
#include "fleet/message.h"
#include "fleet/task.h"
#include "fleet/waiting.h"
#include "rules/appointment.h"
#include "rules/audit.h"
#include "rules/money.h"

/* ---- words ---- */

static bool is_booking_status(struct str word)
{
	enum booking_status s;

	return booking_status_from(&s, word);
}

static bool is_task_kind(struct str word)
{
	enum task_kind k;

	return task_kind_from(&k, word);
}

static bool is_task_status(struct str word)
{
	enum task_status s;

	return task_status_from(&s, word);
}

static bool is_waiting_status(struct str word)
{
	enum waiting_status s;

	return waiting_status_from(&s, word);
}

/* ---- parts of a booking ---- */

static const struct row_member claim_members[] = {
	NEED("from", FORM_INSTANT),
	NEED("resource", FORM_NAME),
	NEED("seat", FORM_NUMBER, BETWEEN(0, SEATS_PER_RESOURCE_MAX - 1)),
	NEED("until", FORM_INSTANT),
	NEED("what", FORM_NUMBER, BETWEEN(CLAIM_CAR, CLAIM_EARLIER_CAR)),
	END,
};
static const struct row_member place_members[] = {
	NEED("at", FORM_INSTANT), NEED("where", FORM_TEXT), END};
static const struct row_member handed_members[] = {
	MAY("agreement_signed_at", FORM_INSTANT),
	NEED("at", FORM_INSTANT),
	NEED("by", FORM_TEXT),
	MAY("charge_percent", FORM_NUMBER, BETWEEN(0, PERCENT)),
	MAY("fuel_percent", FORM_NUMBER, BETWEEN(0, PERCENT)),
	MAY("left_at", FORM_INSTANT),
	MAY("licence_checked_at", FORM_INSTANT),
	MAY("odometer_km", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	MAY("resource", FORM_NAME),
	END,
};
static const struct row_member car_members[] = {
	NEED("in", FORM_OBJECT, OF(handed_members)),
	NEED("out", FORM_OBJECT, OF(handed_members)),
	MAY("resource", FORM_NAME),
	END,
};
static const struct row_member before_members[] = {
	NEED("at", FORM_INSTANT),
	NEED("by", FORM_TEXT),
	MAY("class", FORM_NAME),
	NEED("from", FORM_INSTANT),
	NEED("solution", FORM_NAME),
	NEED("terms", FORM_OBJECT),
	NEED("until", FORM_INSTANT),
	END,
};
static const struct row_member charge_members[] = {
	NEED("amount_minor", FORM_NUMBER, BETWEEN(-MONEY_MAX, MONEY_MAX)),
	NEED("kind", FORM_TEXT),
	MAY("payer", FORM_TEXT),
	END,
};
static const struct row_member corrected_members[] = {
	NEED("at", FORM_INSTANT), NEED("by", FORM_TEXT), NEED("pointer", FORM_TEXT), END};
static const struct row_member consumed_members[] = {
	NEED("days", FORM_NUMBER, BETWEEN(0, DAYS_BEARABLE)),
	NEED("programme", FORM_TEXT),
	NEED("uses", FORM_NUMBER, BETWEEN(0, DAYS_BEARABLE)),
	END,
};
static const struct row_member decided_members[] = {
	NEED("consumed", FORM_LIST, LIST_OF(consumed_members, LIST_BEARABLE)),
	NEED("request", FORM_OBJECT),
	NEED("site", FORM_OBJECT),
	END,
};
static const struct row_member extended_members[] = {
	NEED("agreed", FORM_FLAG), NEED("at", FORM_INSTANT), END};
static const struct row_member leg_members[] = {
	NEED("at", FORM_INSTANT),
	NEED("chauffeur", FORM_NAME),
	NEED("until", FORM_INSTANT),
	NEED("what", FORM_TEXT),
	END,
};
static const struct row_member ruleset_ref_members[] = {
	NEED("sha256", FORM_TEXT), NEED("version", FORM_NAME), END};
static const struct row_member offered_members[] = {
	NEED("at", FORM_INSTANT),
	NEED("by", FORM_TEXT),
	MAY("ruleset", FORM_OBJECT, OF(ruleset_ref_members)),
	MAY("solutions", FORM_NUMBER, BETWEEN(0, LIST_BEARABLE)),
	MAY("value_minor", FORM_NUMBER, BETWEEN(-MONEY_MAX, MONEY_MAX)),
	END,
};
static const struct row_member done_members[] = {
	NEED("at", FORM_INSTANT), NEED("by", FORM_TEXT), END};
static const struct row_member asked_members[] = {
	NEED("at", FORM_INSTANT),
	NEED("by", FORM_TEXT),
	MAY("recommend", FORM_NUMBER, BETWEEN(0, PERCENT)),
	NEED("score", FORM_NUMBER, BETWEEN(0, PERCENT)),
	END,
};
static const struct row_member confirmed_members[] = {
	NEED("at", FORM_INSTANT), NEED("by", FORM_TEXT), NEED("from", FORM_INSTANT), END};
static const struct row_member job_members[] = {
	NEED("immobilisation_minutes", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	NEED("type", FORM_NAME),
	END,
};

/* ---- objects ---- */

static bool is_appointment_why(struct str word)
{
	enum appointment_why why;

	return appointment_why_from(&why, word);
}

static const struct row_member back_members[] = {
	NEED("advisor", FORM_NAME), NEED("at", FORM_INSTANT), NEED("until", FORM_INSTANT), END};
static const struct row_member work_members[] = {
	NEED("day", FORM_DAY), NEED("minutes", FORM_NUMBER, BETWEEN(0, MINUTES_BEARABLE)), END};
static const struct row_member appointment_members[] = {
	NEED("advisor", FORM_NAME),
	NEED("at", FORM_INSTANT),
	MAY("back", FORM_OBJECT, OF(back_members)),
	NEED("by", FORM_TEXT),
	MAY("customer_agreed", FORM_FLAG),
	MAY("latest_at", FORM_INSTANT),
	NEED("made_at", FORM_INSTANT),
	NEED("until", FORM_INSTANT),
	NEED("why", FORM_WORD, .knows = is_appointment_why),
	NEED("work", FORM_LIST, LIST_OF(work_members, APPOINTMENT_WORK_DAYS_MAX)),
	END,
};
static const struct row_member visit_members[] = {
	NEED("answer", FORM_TEXT),
	MAY("appointment", FORM_OBJECT, OF(appointment_members)),
	MAY("arrived_at", FORM_INSTANT),
	NEED("bookings", FORM_LIST, LIST_OF(row_names, LIST_BEARABLE)),
	MAY("customer", FORM_NAME),
	NEED("drop_off_at", FORM_INSTANT),
	NEED("estimate", FORM_TEXT),
	MAY("external", FORM_LIST, LIST_OF(row_external, LIST_BEARABLE)),
	MAY("follows", FORM_NAME),
	MAY("for_site", FORM_NAME),
	NEED("jobs", FORM_LIST, LIST_OF(job_members, LIST_BEARABLE)),
	NEED("offered", FORM_LIST, LIST_OF(offered_members, LIST_BEARABLE)),
	MAY("private", FORM_OBJECT, OF(row_sealed)),
	NEED("ready_at", FORM_INSTANT),
	MAY("repair_order", FORM_TEXT),
	MAY("review_at", FORM_INSTANT),
	MAY("serial", FORM_NUMBER, BETWEEN(1, UINT32_MAX)), /* since it had an appointment */
	NEED("site", FORM_NAME),
	MAY("vin", FORM_NAME),
	NEED("visit", FORM_NAME),
	END,
};

static const struct row_member attached_members[] = {
	NEED("bytes", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	NEED("count", FORM_NUMBER, BETWEEN(0, ATTACHMENTS_MAX)),
	END,
};
static const struct row_member agreement_members[] = {
	NEED("at", FORM_INSTANT),
	NEED("attachment", FORM_NAME),
	NEED("by", FORM_TEXT),
	MAY("language", FORM_TEXT),
	MAY("paper", FORM_FLAG),
	MAY("resource", FORM_NAME),
	NEED("sha256", FORM_TEXT),
	MAY("signature", FORM_NAME),
	MAY("typed", FORM_FLAG),
	END,
};
static const struct row_member booking_members[] = {
	MAY("agreement", FORM_OBJECT, OF(agreement_members)),
	MAY("at_risk", FORM_FLAG),
	MAY("attached", FORM_OBJECT, OF(attached_members)),
	MAY("before", FORM_LIST, LIST_OF(before_members, LIST_BEARABLE)),
	NEED("booking", FORM_NAME),
	MAY("cars", FORM_LIST, LIST_OF(car_members, EARLIER_CARS_MAX)),
	MAY("charges", FORM_LIST, LIST_OF(charge_members, LIST_BEARABLE)),
	MAY("claims", FORM_LIST, LIST_OF(claim_members, BOOKING_CLAIMS_MAX)),
	MAY("class", FORM_NAME),
	MAY("corrected", FORM_LIST, LIST_OF(corrected_members, LIST_BEARABLE)),
	MAY("customer", FORM_NAME),
	MAY("customer_confirmed", FORM_OBJECT, OF(confirmed_members)),
	NEED("decided", FORM_OBJECT, OF(decided_members)),
	NEED("distance_km", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	NEED("drop_off_at", FORM_INSTANT),
	MAY("expected_at", FORM_INSTANT),
	MAY("external", FORM_LIST, LIST_OF(row_external, LIST_BEARABLE)),
	MAY("extended", FORM_OBJECT, OF(extended_members)),
	MAY("for_site", FORM_NAME),
	NEED("from", FORM_INSTANT),
	MAY("handover", FORM_OBJECT, OF(place_members)),
	MAY("hold_until", FORM_INSTANT),
	MAY("in", FORM_OBJECT, OF(handed_members)),
	MAY("legs", FORM_LIST, LIST_OF(leg_members, BOOKING_CLAIMS_MAX)),
	NEED("number", FORM_TEXT),
	NEED("offered", FORM_OBJECT, OF(offered_members)),
	MAY("out", FORM_OBJECT, OF(handed_members)),
	MAY("pinned", FORM_FLAG),
	MAY("private", FORM_OBJECT, OF(row_sealed)),
	NEED("ready_at", FORM_INSTANT),
	MAY("repair_order", FORM_TEXT),
	MAY("resource", FORM_NAME),
	MAY("return", FORM_OBJECT, OF(place_members)),
	NEED("ruleset", FORM_OBJECT, OF(ruleset_ref_members)),
	NEED("said", FORM_OBJECT),
	MAY("satisfaction", FORM_OBJECT, OF(asked_members)),
	NEED("serial", FORM_NUMBER, BETWEEN(1, UINT32_MAX)),
	NEED("site", FORM_NAME),
	NEED("solution", FORM_NAME),
	NEED("status", FORM_WORD, .knows = is_booking_status),
	NEED("terms", FORM_OBJECT),
	NEED("until", FORM_INSTANT),
	MAY("upgraded_from", FORM_NAME),
	MAY("vin", FORM_NAME),
	NEED("visit", FORM_NAME),
	MAY("waiting", FORM_NAME),
	END,
};

static const struct row_member task_moved_members[] = {
	NEED("at", FORM_INSTANT),
	NEED("by", FORM_TEXT),
	NEED("from", FORM_INSTANT),
	NEED("to", FORM_INSTANT),
	END,
};
static const struct row_member task_handed_members[] = {
	NEED("at", FORM_INSTANT),
	NEED("by", FORM_TEXT),
	MAY("from", FORM_TEXT),
	NEED("to", FORM_TEXT),
	END,
};
static bool is_message_channel(struct str word)
{
	enum message_channel channel;

	return message_channel_from(&channel, word);
}

static bool is_message_status(struct str word)
{
	enum message_status status;

	return message_status_from(&status, word);
}

static const struct row_member message_members[] = {
	NEED("at", FORM_INSTANT),
	NEED("channel", FORM_WORD, .knows = is_message_channel),
	MAY("failed_at", FORM_INSTANT),
	NEED("message", FORM_NAME),
	NEED("private", FORM_OBJECT, OF(row_sealed)),
	MAY("sent_at", FORM_INSTANT),
	NEED("status", FORM_WORD, .knows = is_message_status),
	MAY("why", FORM_TEXT),
	END,
};
static const struct row_member task_members[] = {
	MAY("booking", FORM_NAME),
	MAY("complaint", FORM_NAME),
	MAY("contact", FORM_NAME),
	MAY("customer", FORM_NAME),
	MAY("done", FORM_OBJECT, OF(done_members)),
	NEED("due_at", FORM_INSTANT),
	MAY("escalated", FORM_NUMBER, BETWEEN(0, ESCALATIONS_MAX)),
	MAY("escalated_at", FORM_INSTANT),
	MAY("escalated_to", FORM_TEXT),
	MAY("escalates_at", FORM_INSTANT),
	MAY("handed", FORM_LIST, LIST_OF(task_handed_members, TASK_STEPS_MAX)),
	NEED("kind", FORM_WORD, .knows = is_task_kind),
	NEED("made_at", FORM_INSTANT),
	MAY("message", FORM_OBJECT, OF(message_members)),
	MAY("moved", FORM_LIST, LIST_OF(task_moved_members, TASK_STEPS_MAX)),
	MAY("owner", FORM_TEXT),
	MAY("private", FORM_OBJECT, OF(row_sealed)),
	MAY("resource", FORM_NAME),
	MAY("rule", FORM_NAME),
	NEED("site", FORM_NAME),
	NEED("status", FORM_WORD, .knows = is_task_status),
	NEED("task", FORM_NAME),
	END,
};

static const struct row_member demand_members[] = {
	NEED("bookings", FORM_NUMBER, BETWEEN(0, MONEY_MAX)),
	MAY("class", FORM_NAME),
	NEED("day", FORM_DAY),
	NEED("days", FORM_NUMBER, BETWEEN(0, DEMAND_DAYS_MAX)),
	NEED("offers", FORM_NUMBER, BETWEEN(0, MONEY_MAX)),
	NEED("reason", FORM_NAME),
	NEED("site", FORM_NAME),
	NEED("solution", FORM_NAME),
	END,
};

static const struct row_member waiting_members[] = {
	MAY("booking", FORM_NAME),
	MAY("class", FORM_NAME),
	NEED("customer", FORM_NAME),
	NEED("drop_off_at", FORM_INSTANT),
	NEED("from", FORM_INSTANT),
	MAY("hold_minutes", FORM_NUMBER, BETWEEN(0, HOLD_MINUTES_MAX)),
	NEED("language", FORM_NAME),
	NEED("made_at", FORM_INSTANT),
	NEED("private", FORM_OBJECT, OF(row_sealed)),
	NEED("ready_at", FORM_INSTANT),
	NEED("serial", FORM_NUMBER, BETWEEN(1, UINT32_MAX)),
	NEED("site", FORM_NAME),
	NEED("solution", FORM_NAME),
	NEED("status", FORM_WORD, .knows = is_waiting_status),
	NEED("until", FORM_INSTANT),
	MAY("vin", FORM_NAME),
	MAY("visit", FORM_NAME),
	NEED("waiting", FORM_NAME),
	END,
};

static const struct row_member desk_members[] = {
	NEED("booking", FORM_NAME),
	NEED("claims", FORM_LIST, LIST_OF(claim_members, DESK_CLAIMS_MAX)),
	NEED("from", FORM_INSTANT),
	MAY("in", FORM_FLAG),
	NEED("lapses_at", FORM_INSTANT),
	MAY("out", FORM_FLAG),
	NEED("serial", FORM_NUMBER, BETWEEN(1, UINT32_MAX)),
	MAY("short", FORM_FLAG),
	NEED("site", FORM_NAME),
	NEED("until", FORM_INSTANT),
	END,
};

static bool is_media_type(struct str word)
{
	enum file_type type;

	return file_type_from(&type, word);
}

static const struct row_member attachment_members[] = {
	NEED("at", FORM_INSTANT),
	NEED("attachment", FORM_NAME),
	NEED("booking", FORM_NAME),
	NEED("by", FORM_TEXT),
	MAY("for_site", FORM_NAME),
	NEED("kind", FORM_NAME),
	MAY("moment", FORM_NAME),
	NEED("of", FORM_NAME),
	NEED("sha256", FORM_TEXT),
	NEED("site", FORM_NAME),
	NEED("size", FORM_NUMBER, BETWEEN(1, ATTACHMENT_BYTES_MAX)),
	NEED("type", FORM_WORD, .knows = is_media_type),
	MAY("zone", FORM_NAME),
	END,
};

const struct row_form row_visit = {"visit", false, visit_members};
const struct row_form row_booking = {"booking", false, booking_members};
const struct row_form row_task = {"task", false, task_members};
const struct row_form row_demand = {NULL, false, demand_members};
const struct row_form row_waiting = {"waiting", false, waiting_members};
const struct row_form row_desk = {"booking", false, desk_members};
const struct row_form row_attachment = {"attachment", false, attachment_members};

/* ---- a refusal ---- */

const struct row_member refusal_members[] = {
	MAY("booking", FORM_NAME),
	MAY("bookings", FORM_LIST, LIST_OF(NULL, LIST_BEARABLE)),
	MAY("claim", FORM_NAME),
	MAY("class", FORM_NAME),
	MAY("distance_km", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	MAY("findings", FORM_LIST, LIST_OF(row_texts, LIST_BEARABLE)),
	MAY("for_site", FORM_NAME),
	MAY("from", FORM_INSTANT),
	MAY("reason", FORM_TEXT),
	MAY("resource", FORM_NAME),
	MAY("solution", FORM_NAME),
	MAY("until", FORM_INSTANT),
	END,
};
