/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The verbs of a booking: POST /v1/bookings/{booking}/... (contract.md section 5). */

#include "rules/ruleset.h"
#include "server/shapes_parts.h"

const struct shape shape_empty = {.name = "Empty", .type = SHAPE_OBJECT};

static const struct field book_fields[] = {
	MAY("customer", id, "required where the hold has none"),
};
const struct shape shape_book = {.name = "Book", OBJECT(book_fields)};

static const struct field cancel_fields[] = {
	NEEDS("reason", text, NULL),
};
const struct shape shape_cancel = {.name = "Cancel", OBJECT(cancel_fields)};

static const struct field no_show_fields[] = {
	MAY("reason", text, NULL),
};
const struct shape shape_no_show = {.name = "NoShow", OBJECT(no_show_fields)};

static const struct field reschedule_fields[] = {
	NEEDS("from", instant, NULL),
	NEEDS("until", instant, "half-open, at most 366 days later"),
	MAY("class", slug, "absent = the same class"),
	PREVIEW,
};
const struct shape shape_reschedule = {.name = "Reschedule", OBJECT(reschedule_fields)};

static const struct field move_fields[] = {
	NEEDS("resource", id, "the other seat"),
	PREVIEW,
};
const struct shape shape_move = {.name = "Move", OBJECT(move_fields)};

/* ---- hand-over and return ---- */

/* The keys of the documents that were seen, or simply whether all of them were. */
OPTIONAL_PART(documents_checked, LIST(DOCUMENTS_MAX, slug), .or_else = &part_bool);
enum { KEYS_MAX = 9 };
static const struct shape part_keys = {INTEGER(0, KEYS_MAX)};
OPTIONAL_PART(keys, INTEGER(0, KEYS_MAX));
/* How the customer is told what opens the key box; the code itself is nowhere. */
static const char *const code_ways[] = {"in_person", "phone", "sms", "email", "letter", NULL};
OPTIONAL_PART(code_way, ONE_OF(code_ways));
static const struct field check_out_fields[] = {
	MAY("resource", id, "what is really handed over; absent = as planned"),
	MAY("at", instant, "absent = now"),
	MAY("odometer_km", odometer, "of the car handed over"),
	MAY("fuel_percent", percent, NULL),
	MAY("charge_percent", percent, NULL),
	MAY("documents_checked", documents_checked, NULL),
	MAY("licence_checked_at", instant, NULL),
	MAY("agreement_signed_at", instant, NULL),
	MAY("odometer_vehicle_km", odometer, "of the customer's own car, at its arrival"),
	MAY("damages", damages, "all that is seen on it before it goes"),
	MAY("drivers", drivers, "who else drives, as their papers say; absent = as booked"),
	MAY("keys", keys, "how many go along"),
	MAY("where", place, "where it really was"),
	MAY("address_confirmed", bool, "at the doorstep: it is the address that was given"),
	MAY("handed_to", name, "at the doorstep: who took it; sealed like personal data"),
	MAY("key_box", short, "which one, where the keys wait in it"),
	MAY("code_given_by", code_way, "how the customer was told the code"),
};
const struct shape shape_check_out = {.name = "CheckOut", OBJECT(check_out_fields)};
PART(check_out, .name = "CheckOut", OBJECT(check_out_fields));

/* What is found at the return; the customer pays it unless somebody else is named. */
enum { CHARGES_MAX = 50 };
static const char *const charge_kinds[] = {
	"fuel", "energy", "km", "damage", "cleaning", "toll", "fine", "late", NULL};
static const struct shape part_charge_kind = {ONE_OF(charge_kinds)};
static const struct field charge_fields[] = {
	NEEDS("kind", charge_kind, NULL),
	NEEDS("amount_minor", money, NULL),
	MAY("payer", id, "absent = the customer"),
	MAY("evidence", text, NULL),
};
static const struct shape part_charge = {OBJECT(charge_fields)};
OPTIONAL_PART(charges, LIST(CHARGES_MAX, charge));
static const struct field check_in_fields[] = {
	MAY("at", instant, "absent = now"),
	MAY("left_at", instant, "when the car was left, if nobody was there (key box)"),
	MAY("key_box", short, "where its keys were found"),
	MAY("keys", keys, "how many came back"),
	MAY("odometer_km", odometer, NULL),
	MAY("fuel_percent", percent, NULL),
	MAY("charge_percent", percent, NULL),
	MAY("damages", damages, NULL),
	MAY("charges", charges, NULL),
	MAY("site", id, "where it was left; absent = where it was handed over"),
};
const struct shape shape_check_in = {.name = "CheckIn", OBJECT(check_in_fields)};

/* One car comes in, another goes out: what was seen of both. */
static const struct shape part_comes_in = {OBJECT(check_in_fields)};
static const struct field goes_out_fields[] = {
	MAY("at", instant, "absent = now"),
	MAY("odometer_km", odometer, "of the car handed over"),
	MAY("fuel_percent", percent, NULL),
	MAY("charge_percent", percent, NULL),
	MAY("documents_checked", documents_checked, NULL),
	MAY("licence_checked_at", instant, NULL),
	MAY("agreement_signed_at", instant, NULL),
	MAY("damages", damages, "all that is seen on it before it goes"),
	MAY("keys", keys, "how many go along"),
};
static const struct shape part_goes_out = {OBJECT(goes_out_fields)};
static const struct field exchange_fields[] = {
	NEEDS("resource", id, "the car that goes out; of another class: then the terms follow"),
	NEEDS("in", comes_in, "of the car that was out"),
	NEEDS("out", goes_out, "of the car that takes its place"),
	NEEDS("reason", text, NULL),
};
const struct shape shape_exchange = {.name = "Exchange", OBJECT(exchange_fields)};

/* ---- while it is out ---- */

static const struct field extend_fields[] = {
	NEEDS("until", instant, NULL),
	NEEDS("reason", text, NULL),
	MAY("agreed", bool, "the customer agrees to the new terms"),
	PREVIEW,
};
const struct shape shape_extend = {.name = "Extend", OBJECT(extend_fields)};

/* A fact, never refused for what it says: only for being unreadable. */
static const struct field late_fields[] = {
	NEEDS("expected_at", instant, NULL),
	NEEDS("heard", text, "from whom, and how"),
	PREVIEW,
};
const struct shape shape_late = {.name = "Late", OBJECT(late_fields)};

static const struct field note_fields[] = {
	NEEDS("text", text, "sealed like personal data"),
};
const struct shape shape_note = {.name = "Note", OBJECT(note_fields)};

/* ---- corrections ---- */

/* Facts that a person wrote down and may have written down wrongly; what the calendar or the terms
 * were decided by is changed by its own verb. */
static const struct shape part_seen = {LIST(DOCUMENTS_MAX, slug), .or_else = &part_bool};
static const struct field facts[] = {
	NEEDS("/charges/*/amount_minor", money, NULL),
	NEEDS("/in/at", instant, NULL),
	NEEDS("/in/charge_percent", percent, NULL),
	NEEDS("/in/damages", damages, NULL),
	NEEDS("/in/fuel_percent", percent, NULL),
	NEEDS("/in/key_box", short, NULL),
	NEEDS("/in/keys", keys, NULL),
	NEEDS("/in/left_at", instant, NULL),
	NEEDS("/in/odometer_km", odometer, NULL),
	NEEDS("/out/agreement_signed_at", instant, NULL),
	NEEDS("/out/at", instant, NULL),
	NEEDS("/out/charge_percent", percent, NULL),
	NEEDS("/out/documents_checked", seen, NULL),
	NEEDS("/out/fuel_percent", percent, NULL),
	NEEDS("/out/key_box", short, NULL),
	NEEDS("/out/keys", keys, NULL),
	NEEDS("/out/licence_checked_at", instant, NULL),
	NEEDS("/out/odometer_km", odometer, NULL),
	NEEDS("/repair_order", short, NULL),
};
static const struct shape_choice fact_choice = {
	.by = "pointer", .of = "value", .cases = facts, .cases_len = ARRAY_LEN(facts)};
static const struct shape part_value = {.type = SHAPE_ANY};
static const struct field correct_fields[] = {
	NEEDS("pointer", short, "JSON pointer (RFC 6901) into the booking: the fact"),
	NEEDS("value", value, "what is true, of the fact's own type"),
	NEEDS("reason", text, "why it was wrong; sealed like personal data"),
};
const struct shape shape_correct = {
	.name = "Correct", OBJECT(correct_fields), .choice = &fact_choice};
