/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/openapi_parts.h"

/* Who pays, what was decided when, and who drove, member by member. */

MEMBERS(happening) = {
	{"seq", "!integer", "of the journal"},
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"kind", "!string", "what was done"},
	{"customer_minor", "integer", "where terms were decided: what the customer bears"},
	{"value_minor", "integer", "and what others do"},
	{"difference", "TermsDifference", "from the decision before; absent at the first"},
};
MEMBERS(terms_difference) = {
	{"customer_minor", "!integer", NULL},
	{"value_minor", "!integer", NULL},
};
MEMBERS(who_had) = {
	{"plate", "!string", NULL},
	{"at", "!instant", NULL},
	{"resource", "!string", NULL},
	{"site", "!string", NULL},
	{"hands", "!customer|house", NULL},
	{"say", "!string", "the same in words"},
	{"booking", "string", "that it was lent for, or promised for"},
	{"number", "string", NULL},
	{"customer", "string", NULL},
	{"person", "NamedDriver", "the customer; absent once erased"},
	{"drivers", "[]NamedDriver", "who else was to drive"},
	{"erased", "boolean", NULL},
	{"from", "instant", "when it went out"},
	{"until", "instant", "when it came back; absent: it is out still"},
	{"name_by", "date", "until when the law lets the driver be named, where the site says so"},
};
MEMBERS(named_driver) = {
	{"name", "string", NULL},
	{"title", "string", NULL},
	{"address", "string", NULL},
	{"birth_on", "date", NULL},
	{"licence", "Customer/properties/person/properties/licence", NULL},
};
MEMBERS(erasure) = {
	{"customer", "!string", NULL},
	{"ids", "![]string", "all that the person was entered as: they go together"},
	{"erased", "!boolean", "the person is forgotten already"},
	{"bookings", "!integer", "stay, and name nobody"},
	{"visits", "!integer", "stay, and name nobody"},
	{"attachments", "!integer", "papers and photos that nobody can read any more"},
	{"open", "![]OpenPromise", "stand in the way"},
};
MEMBERS(open_promise) = {
	{"booking", "!string", NULL},
	{"number", "!string", NULL},
	{"site", "!string", NULL},
	{"status", "!held|booked|out", NULL},
};
MEMBERS(retention) = {
	{"persons", "!integer", "with bookings, and not forgotten yet"},
	{"persons_due", "!integer", "of whom no booking need be kept any longer"},
	{"due", "![]DuePerson", "the first of them"},
	{"sites", "![]RetentionSite", NULL},
};
MEMBERS(due_person) = {
	{"customer", "!string", NULL},
	{"name", "string", NULL},
};
MEMBERS(retention_site) = {
	{"site", "!string", NULL},
	{"market", "!string", NULL},
	{"years", "!integer", "whole ones that are kept beside the current one"},
	{"before", "!instant", "what ended before is due"},
	{"kept", "!integer", "bookings that are not"},
	{"due", "!integer", "bookings that are"},
};
MEMBERS(ledger) = {
	{"visit", "!string", NULL},
	{"site", "!string", NULL},
	{"currency", "string", "absent: nothing of it was promised yet"},
	{"bookings", "![]LedgerBooking", "those that were not given up"},
	{"payers", "![]LedgerSum", "all of it by who pays"},
};
MEMBERS(ledger_booking) = {
	{"booking", "!string", NULL},
	{"number", "!string", NULL},
	{"solution", "!string", NULL},
	{"class", "string", NULL},
	{"status", "!held|booked|out|returned", "until it is returned, what is expected"},
	{"gross_minor", "!integer", NULL},
	{"value_minor", "!integer", "what others pay"},
	{"customer_minor", "!integer", NULL},
	{"days", "![]LedgerDay", "of a trip: one line"},
	{"charges", "![]LedgerCharge", NULL},
	{"suspended", "[]Suspended", "coverages whose ends moved on while the car was repaired"},
};
MEMBERS(suspended) = {
	{"programme", "!string", NULL},
	{"days", "!integer", "as they were decided with"},
};
MEMBERS(ledger_day) = {
	{"day", "!date", "when it begins"},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
	{"payer", "!string", "customer where nobody else pays"},
	{"programme", "string", "that pays, or whose cap is passed; COLLECTION: to fetch the car"},
	{"cost_code", "string", NULL},
	{"price_minor", "!integer", "the shares together"},
	{"amount_minor", "!integer", "the payer's share"},
	{"rest_payer", "string", "of what the payer's cap leaves"},
	{"rest_minor", "!integer", NULL},
	{"goodwill_minor", "!integer", NULL},
	{"customer_minor", "!integer", NULL},
	{"notes", "![]string", "why a programme pays no more"},
};
MEMBERS(ledger_charge) = {
	{"kind", "!string", NULL},
	{"amount_minor", "!integer", NULL},
	{"payer", "!string", NULL},
	{"evidence", "string", NULL},
};
MEMBERS(ledger_sum) = {
	{"payer", "!string", NULL},
	{"amount_minor", "!integer", "of days and trips"},
	{"charges_minor", "!integer", NULL},
};

MEMBERS(claim_stored) = {
	{"claim", "!string", NULL},
	{"site", "!string", "whose journal holds it"},
	{"for_site", "string", "where the customer is, if that is another"},
	{"status", "!" CLAIM_STATUS, NULL},
	{"booking", "!string", NULL},
	{"number", "!string", "the booking's"},
	{"visit", "!string", NULL},
	{"vin", "string", "of the customer's car"},
	{"solution", "!string", NULL},
	{"programme", "!string", NULL},
	{"payer", "!string", "who is asked"},
	{"cost_code", "!string", NULL},
	{"days", "![]date", "each is in one claim; none of a trip"},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
	{"units", "!integer", NULL},
	{"amount_minor", "!integer", NULL},
	{"net_minor", "integer", "without tax, where the payer pays net"},
	{"currency", "!string", NULL},
	{"reference", "string", "what the payer's system calls it"},
	{"accepted_minor", "integer", NULL},
	{"charged_back_minor", "integer", NULL},
	{"made_at", "!instant", NULL},
	{"steps", "![]ClaimStep", "the oldest first"},
};
MEMBERS(claim_ready) = {
	{"visit", "!string", NULL},
	{"site", "!string", NULL},
	{"light", "!" CLAIM_LIGHT, "the worst of its lines"},
	{"repair_order", "!boolean", "whether the workshop's is stored"},
	{"lines", "![]ClaimReadyLine", "what somebody outside the house bears"},
};
MEMBERS(claim_ready_line) = {
	{"booking", "!string", NULL},
	{"number", "!string", NULL},
	{"status", "!held|booked|out|returned", "until it is returned, what is expected"},
	{"solution", "!string", NULL},
	{"programme", "!string", NULL},
	{"payer", "!string", "ask: nobody has said yet that he bears it"},
	{"cost_code", "!string", NULL},
	{"units", "!integer", NULL},
	{"amount_minor", "!integer", NULL},
	{"currency", "!string", NULL},
	{"claim", "string", "the newest that was drafted"},
	{"claim_status", CLAIM_STATUS, NULL},
	{"light", "!" CLAIM_LIGHT, NULL},
	{"missing", "![]ClaimMissing", NULL},
};
MEMBERS(claim_missing) = {
	{"code", "!string", "AUD01 to AUD13, or what a profile asks for"},
	{"where", "!desk|workshop|warranty", "who mends it"},
	{"until", "!check_out|check_in|claim", NULL},
	{"late", "boolean", "true: that is over, and it can only be corrected"},
};
MEMBERS(claim_step) = {
	{"status", "!" CLAIM_STATUS, "that it led to"},
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"reason", "string", "absent once the person is erased"},
	{"amount_minor", "integer", NULL},
	{"reference", "string", NULL},
};

const struct openapi_schema openapi_warranty[] = {
	ANSWER(happening, "Happening", NULL),
	ANSWER(terms_difference, "TermsDifference", NULL),
	ANSWER(who_had, "WhoHad", "in whose hands a car was"),
	ANSWER(named_driver, "NamedDriver", NULL),
	ANSWER(ledger, "Ledger", "who pays which day of a visit's loans"),
	ANSWER(ledger_booking, "LedgerBooking", NULL),
	ANSWER(ledger_day, "LedgerDay", NULL),
	ANSWER(ledger_charge, "LedgerCharge", NULL),
	ANSWER(suspended, "Suspended", NULL),
	ANSWER(ledger_sum, "LedgerSum", NULL),
	ANSWER(claim_stored, "ClaimStored", "what a payer is asked for"),
	ANSWER(claim_ready, "ClaimReady", "what the claims of a visit still miss"),
	ANSWER(claim_ready_line, "ClaimReadyLine", NULL),
	ANSWER(claim_missing, "ClaimMissing", NULL),
	ANSWER(claim_step, "ClaimStep", NULL),
	ANSWER(erasure, "Erasure", "what an erasure would do"),
	ANSWER(open_promise, "OpenPromise", NULL),
	ANSWER(retention, "Retention", "what need not be kept any longer"),
	ANSWER(due_person, "DuePerson", NULL),
	ANSWER(retention_site, "RetentionSite", NULL),
};
const size_t openapi_warranty_len = ARRAY_LEN(openapi_warranty);
