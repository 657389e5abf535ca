/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/openapi_parts.h"

/*
 * What is made and promised, member by member, as fleet/render*.c writes it. tests/http/
 * test_openapi_live.c holds every answer of the running server against these tables, in both
 * directions: nothing may be missing and nothing may come beside them.
 */

/* ---- what is refused ---- */

MEMBERS(problem) = {
	{"type", "!string", "/problems/SLUG: stable, and a page that explains it"},
	{"title", "!string", NULL},
	{"status", "!integer", NULL},
	{"detail", "string", "what happened and what to do, in words"},
	{"instance", "string", "the request's id, as in X-Request-Id"},
	{"errors", "[]Fault", "where fields are wrong"},
	{"sha256", "string", "with agreement-changed: of the page as it would be now"},
	{"customer", "string", "with merged: who is an alias"},
	{"merged_into", "string", "with merged: who stands for it"},
	{"visit", "string", "with known: what has this foreign id"},
	{"alternatives", "[]Alternative", "with no-seat: what is really free"},
	{"solution", "string", "with no-seat: what was wanted"},
	{"class", "string", "with no-seat, where one was wanted"},
	{"for_site", "string", "with no-seat: the site that another's car was wanted for"},
	{"from", "instant", "with no-seat; with appointment-*: the time that was wished"},
	{"until", "instant",
		"with no-seat; with appointment-*: by when it must be, if by any time"},
	{"distance_km", "integer", "with no-seat"},
	{"reason",
		"seat|desk|closed|not_served|protected|undecided|past|nobody|kept|reserved|peak|"
		"taken|customers|workshop|late",
		"with no-seat: what is missing; with appointment-*: what is in the way"},
	{"terms", "Terms", "with terms-changed and not-offered: the new terms"},
	{"bookings", "[]Promise", "with promises-broken and in-use: whose promise"},
	{"resource", "string", "with promises-broken, in-use, car-not-ready, appointment-*: which"},
	{"ready_from", "instant", "with car-not-ready: from when it can be handed over"},
	{"booking", "string", "with wrong-state; with car-not-ready: whom it came back from"},
	{"number", "string", "with car-not-ready: of that booking"},
	{"booking_status", BOOKING_STATUS, "with wrong-state"},
	{"plan", "[]Hurt", "with promises-broken: who would be hurt, with the ways out"},
	{"claim", "string",
		"with wrong-state, claim-findings and claim-changed: the claim; with "
		"claimed: the one that holds a day"},
	{"claim_status", CLAIM_STATUS, "with claimed, and with wrong-state, of a claim"},
	{"findings", "[]string", "with claim-findings: what an auditor would find"},
	{"task", "string", "with wrong-state, of a task"},
	{"task_status", "open|done|dropped", "with wrong-state, of a task"},
	{"contact", "string", "with transferred, and with wrong-state, of a contact"},
	{"complaint", "string", "with wrong-state, of a complaint"},
	{"complaint_status", "open|answered|solved", "with wrong-state, of a complaint"},
	{"waiting", "string", "with wrong-state, of the waiting list"},
	{"waiting_status", WAITING_STATUS, "with wrong-state, of the waiting list"},
};
MEMBERS(fault) = {
	{"pointer", "!string", "JSON pointer (RFC 6901) into the request"},
	{"detail", "!string", NULL},
};
MEMBERS(alternative) = {
	{"solution", "!string", NULL},
	{"class", "!?string", NULL},
	{"instead_of", "string", "the class that was asked for, whose price counts"},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
};
MEMBERS(promise) = {
	{"booking", "string", "a booking, or"},
	{"block", "string", "a block, or"},
	{"visit", "string", "somebody who is expected"},
	{"number", "string", "of the booking"},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
};

/* ---- the offer ---- */

MEMBERS(terms) = {
	{"decision", "!" DECISION, NULL},
	{"reason", "!?string", "a code, when not offered"},
	{"units", "!?integer", "days, trips or legs; this and amounts: null when not offered"},
	{"gross_minor", "!?integer", NULL},
	{"customer_minor", "!?integer", "what the customer pays"},
	{"value_minor", "!?integer", "what others pay; gross = customer + value"},
	{"currency", "!string", NULL},
	{"covered", "![]Covered", "one row per programme that pays"},
	{"payers", "![]string", NULL},
	{"notes", "![]string", "codes, for staff"},
	{"evidence", "![]Evidence", "why each programme pays or not, for staff"},
	{"documents", "![]string", NULL},
	{"conditions", "![]string", NULL},
};
MEMBERS(covered) = {
	{"programme", "!string", NULL},
	{"payer", "!string", NULL},
	{"cost_code", "!string", NULL},
	{"units", "!integer", NULL},
	{"amount_minor", "!integer", NULL},
	{"net_minor", "integer", "without tax, where the payer pays net"},
};
MEMBERS(evidence) = {
	{"programme", "!string", NULL},
	{"result", "!string", "a code"},
};
MEMBERS(ruleset_name) = {
	{"version", "!string", NULL},
	{"sha256", "!string", "of its canonical JSON"},
};
MEMBERS(offer) = {
	{"offer", "!string", "opaque, sealed; hand it to POST /v1/bookings until it expires"},
	{"site", "!string", NULL},
	{"ruleset", "!RulesetName", NULL},
	{"expires_at", "!instant", NULL},
	{"cover", "!checked|stale|not_checked", NULL},
	{"bring", "![]string", "documents the customer must bring"},
	{"solutions", "![]OfferSolution", "all of them, in solution_order"},
};
MEMBERS(offer_solution) = {
	{"solution", "!string", NULL},
	{"rank", "!integer", NULL},
	{"terms", "!Terms", NULL},
	{"say", "!string", "one sentence to read aloud"},
	{"available", "!boolean", NULL},
	{"classes", "![]OfferClass", NULL},
	{"next", "![]Proposal", "other times, where the wanted one is not free"},
};
MEMBERS(offer_class) = {
	{"class", "!string", NULL},
	{"available", "!boolean", NULL},
	{"from", "instant", "where available"},
	{"until", "instant", "where available"},
	{"resource", "string", "where available: what would be seated"},
	{"home_site", "string",
		"of another site's car, on its way before and after; book it with it"},
	{"terms", "!?Terms", "its own, where they differ from the solution's"},
};
MEMBERS(proposal) = {
	{"drop_off_at", "!instant", NULL},
	{"ready_at", "!instant", NULL},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
	{"class", "string", NULL},
	{"evening_before", "!boolean", "the car comes the evening before a whole day's work"},
	{"decision", "!" DECISION, "for these dates"},
	{"customer_minor", "!integer", NULL},
	{"value_minor", "!integer", NULL},
	{"say", "!string", "one sentence to read aloud"},
};

/* ---- visits, customers, resources, blocks ---- */

MEMBERS(visit) = {
	{"visit", "!string", NULL},
	{"site", "!string", NULL},
	{"for_site", "string", "where the customer is, when the site sends its car there"},
	{"vin", "string", NULL},
	{"customer", "string", NULL},
	{"follows", "string", "the visit that this one repeats"},
	{"repair_order", "string", NULL},
	{"external", "VisitOpen/properties/external", NULL},
	{"jobs", "![]Job", NULL},
	{"need", "string", "what the customer says is needed"},
	{"appointment", "AppointmentStored", "when the car is expected, and handed back"},
	{"drop_off_at", "!instant", NULL},
	{"ready_at", "!instant", NULL},
	{"estimate", "!firm|likely|diagnosis", NULL},
	{"review_at", "instant", NULL},
	{"arrived_at", "instant", NULL},
	{"answer", "!open|agreed|declined|waits_here|own_means", NULL},
	{"offered", "![]Offered", "what was offered, when, by whom, worth how much"},
	{"said", "string", "what was read out, where no offer was recorded"},
	{"bookings", "![]string", NULL},
	{"ripple", "[]Extension", "while the car is ready later than its loan ends"},
};
MEMBERS(repair_order) = {
	{"visit", "!string", NULL},
	{"site", "!string", NULL},
	{"number", "!string", "as the workshop's system names it"},
	{"opened_at", "!instant", NULL},
	{"closed_at", "instant", "absent while the work goes on"},
	{"ready_at", "instant", "when the customer was told"},
	{"odometer_in", "integer", "of the customer's car"},
	{"odometer_out", "integer", NULL},
	{"lines", "RepairOrder/properties/lines", NULL},
	{"parts_delay_reason", "string", NULL},
	{"claim_number", "string", NULL},
	{"authorisation", "string", NULL},
	{"invoice", "RepairOrder/properties/invoice", NULL},
	{"papers", "RepairOrder/properties/papers", NULL},
};
MEMBERS(offered) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"ruleset", "!RulesetName", NULL},
	{"solutions", "integer", "how many there were to choose from; absent: not kept then"},
	{"value_minor", "!integer", NULL},
	{"said", "string", "what was read out; with the latest only"},
};
MEMBERS(customer_stored) = {
	{"customer", "!string", NULL},
	{"external", "Customer/properties/external", NULL},
	{"segment", "!Customer/properties/segment", NULL},
	{"language", "!string", NULL},
	{"preferred_channel", "!Customer/properties/preferred_channel", NULL},
	{"person", "Customer/properties/person", "absent once erased"},
	{"erased", "boolean", "the person is forgotten; what is left names nobody"},
	{"erased_at", "instant", "when that was decided"},
};
MEMBERS(resource_stored) = {
	{"resource", "!string", NULL},
	{"site", "!Resource/properties/site", NULL},
	{"shared_with", "Resource/properties/shared_with", NULL},
	{"kind", "!Resource/properties/kind", NULL},
	{"solutions", "!Resource/properties/solutions", NULL},
	{"class", "!Resource/properties/class", NULL},
	{"label", "!Resource/properties/label", NULL},
	{"plate", "Resource/properties/plate", NULL},
	{"vin", "Resource/properties/vin", NULL},
	{"features", "Resource/properties/features", NULL},
	{"energy", "Resource/properties/energy", NULL},
	{"seats", "!?integer", "1 for a car, how many for an allotment, null = unlimited"},
	{"turnaround_minutes", "Resource/properties/turnaround_minutes", NULL},
	{"in_service_on", "Resource/properties/in_service_on", NULL},
	{"out_of_service_on", "Resource/properties/out_of_service_on", NULL},
	{"insurance_until", "Resource/properties/insurance_until", NULL},
	{"inspection_until", "Resource/properties/inspection_until", NULL},
	{"odometer_km", "Resource/properties/odometer_km", NULL},
	{"now", "Resource/properties/now", NULL},
	{"status", "!Resource/properties/status", NULL},
};
MEMBERS(block_stored) = {
	{"block", "!string", NULL},
	{"resource", "!string", NULL},
	{"site", "!string", NULL},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
	{"reason", "!string", NULL},
};

/* ---- bookings ---- */

MEMBERS(booking) = {
	{"booking", "!string", NULL},
	{"number", "!string", "to be spoken and printed"},
	{"visit", "!string", NULL},
	{"site", "!string", "whose car it is"},
	{"for_site", "string", "where the customer is, when the site sends its car there"},
	{"status", "!" BOOKING_STATUS, NULL},
	{"at_risk", "!boolean", "promised, but nothing to keep the promise with"},
	{"solution", "!string", NULL},
	{"class", "string", "what is promised"},
	{"upgraded_from", "string", "the full class that was asked for, whose price counts"},
	{"resource", "string", "what would be handed over today; may change unless pinned"},
	{"pinned", "!boolean", NULL},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
	{"drop_off_at", "!instant", "of the customer's car"},
	{"ready_at", "!instant", "of the customer's car"},
	{"hold_until", "instant", "while held"},
	{"expected_at", "instant", "a car that is late or overdue"},
	{"extended", "Extended", "the latest extension"},
	{"extend_reason", "string", NULL},
	{"heard", "string", "of whom, and how, it was heard that it will be late"},
	{"distance_km", "!integer", "from the site to the customer"},
	{"customer", "string", "absent only while held"},
	{"customer_name", "string", NULL},
	{"customer_confirmed", "CustomerConfirmed", "he says that he comes then"},
	{"vin", "string", "of the customer's car"},
	{"repair_order", "string", NULL},
	{"external", "BookingMake/properties/external", NULL},
	{"waiting", "string", "of the waiting list: for whom it was held"},
	{"offered", "!OfferedBooking", "when it was promised, and by whom"},
	{"terms", "!Terms", NULL},
	{"ruleset", "!RulesetName", NULL},
	{"drivers", "BookingMake/properties/drivers", "who else drives"},
	{"handover", "Place", NULL},
	{"return", "Place", NULL},
	{"legs", "[]Leg", NULL},
	{"legs_address", "string", "where the car is fetched and brought"},
	{"cars", "[]EarlierCar", "those of the agreement that were exchanged"},
	{"out", "HandedOut", "of the present car"},
	{"in", "TakenBack", NULL},
	{"before", "[]Before", "what was promised until it was changed"},
	{"charges", "CheckIn/properties/charges", NULL},
	{"reason", "string", "of a cancellation or no-show"},
	{"corrected", "[]Corrected", "facts that were put right, the first correction first"},
	{"notes", "[]StaffNote", NULL},
	{"said", "?string", "what was read out, with the customer's name; null: in no words"},
	{"satisfaction", "Asked", "what the customer said of it"},
	{"said_figures", "SaidFigures", "the sentence as it is kept: without a name"},
	{"history", "[]Happening", "not in lists"},
	{"agreement", "AgreementSigned", "the loan agreement, once it is signed"},
	{"attached", "Attached", "papers and photos: see its attachments"},
	{"hurt", "[]Hurt", "in the answer of what put others at risk: they are, still"},
};
MEMBERS(agreement_signed) = {
	{"at", "!instant", NULL},
	{"by", "!string", "before whom it was signed"},
	{"attachment", "!string", "the very page, or the picture of the paper"},
	{"sha256", "!string", "of its bytes"},
	{"language", "string", "of the page"},
	{"resource", "string", "the car that it speaks of"},
	{"signature", "string", "the attachment that holds the signature"},
	{"typed", "boolean", "the name was typed instead of drawn"},
	{"paper", "boolean", "it was signed on paper"},
};
MEMBERS(agreement_shown) = {
	{"sha256", "!string", "of the page: whoever signs names it"},
	{"size", "!integer", "bytes"},
	{"language", "!string", NULL},
	{"href", "!string", "where the page can be seen for a quarter of an hour"},
};
MEMBERS(attached) = {
	{"bytes", "!integer", "all of them together"},
	{"count", "!integer", NULL},
};
MEMBERS(attachment) = {
	{"attachment", "!string", NULL},
	{"booking", "!string", NULL},
	{"site", "!string", NULL},
	{"kind", "!agreement|scan|photo|damage_photo|signature", NULL},
	{"moment", "check_out|check_in", "of a photo: when it was taken"},
	{"zone", "string", "of a photo: where on the car"},
	{"type", "!string", "the media type, as its bytes say"},
	{"size", "!integer", "bytes"},
	{"sha256", "!string", "of its bytes; their ETag"},
	{"at", "!instant", NULL},
	{"by", "!string", "who attached it"},
	{"erased", "boolean", "its bytes cannot be read any more: the person is forgotten"},
};
MEMBERS(before) = {
	{"at", "!instant", "until when"},
	{"by", "!string", "who changed it"},
	{"solution", "!string", NULL},
	{"class", "string", NULL},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
	{"terms", "!Terms", NULL},
};
MEMBERS(offered_booking) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"solutions", "integer", "how many there were to choose from; absent: not kept"},
};
MEMBERS(extended) = {
	{"at", "!instant", NULL},
	{"agreed", "!boolean", "the customer agreed to the new terms"},
};
MEMBERS(place) = {
	{"at", "!instant", NULL},
	{"where", "!desk|doorstep|key_box|other_site", NULL},
	{"with", "string", "who meets the customer"},
};
MEMBERS(leg) = {
	{"what", "!fetch_car|bring_car|take_customer", NULL},
	{"at", "!instant", NULL},
	{"until", "!instant", NULL},
	{"chauffeur", "!string", NULL},
};
MEMBERS(handed_out) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"resource", "string", "what was really handed over"},
	{"odometer_km", "integer", NULL},
	{"fuel_percent", "integer", NULL},
	{"charge_percent", "integer", NULL},
	{"documents_checked", "CheckOut/properties/documents_checked", NULL},
	{"licence_checked_at", "instant", NULL},
	{"agreement_signed_at", "instant", NULL},
	{"damages", "CheckOut/properties/damages", "all that was seen before it left"},
	{"keys", "integer", NULL},
	{"where", "desk|doorstep|key_box|other_site", "where it really was"},
	{"address_confirmed", "boolean", NULL},
	{"handed_to", "string", NULL},
	{"key_box", "string", NULL},
	{"code_given_by", "in_person|phone|sms|email|letter", NULL},
};
MEMBERS(taken_back) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"left_at", "instant", "left when nobody was there (key box)"},
	{"odometer_km", "integer", NULL},
	{"fuel_percent", "integer", NULL},
	{"charge_percent", "integer", NULL},
	{"damages", "CheckIn/properties/damages", NULL},
	{"keys", "integer", NULL},
	{"key_box", "string", NULL},
};
MEMBERS(corrected) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"pointer", "!string", "the fact (RFC 6901)"},
	{"was", "any", "what stood there; absent: nothing"},
	{"reason", "string", "absent once the person is forgotten"},
};
MEMBERS(earlier_car) = {
	{"resource", "string", NULL},
	{"out", "!HandedOut", NULL},
	{"in", "!TakenBack", NULL},
	{"reason", "string", "why it was exchanged; absent once the person is erased"},
};
MEMBERS(staff_note) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"text", "!string", NULL},
};
MEMBERS(waiting) = {
	{"waiting", "!string", NULL},
	{"site", "!string", NULL},
	{"status", "!" WAITING_STATUS, "offered: a place is held, the customer is to be called"},
	{"solution", "!string", NULL},
	{"class", "string", "absent: any"},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
	{"drop_off_at", "!instant", NULL},
	{"ready_at", "!instant", NULL},
	{"customer", "!string", NULL},
	{"customer_name", "string", NULL},
	{"customer_phone", "string", NULL},
	{"need", "string", "what the customer says is needed"},
	{"language", "!string", "of what is read aloud"},
	{"vin", "string", NULL},
	{"visit", "string", NULL},
	{"hold_minutes", "integer", "absent: the site's"},
	{"made_at", "!instant", NULL},
	{"booking", "string", "what is, or was, held"},
};
/* Figures that are nothing are left out. */
MEMBERS(said_figures) = {
	{"template", "!string", NULL},
	{"language", "string", NULL},
	{"solution", "string", NULL},
	{"solution_name", "string", NULL},
	{"right", "string", "the kind of programme that pays"},
	{"currency", "string", NULL},
	{"value_minor", "integer", NULL},
	{"customer_minor", "integer", NULL},
	{"price_minor", "integer", NULL},
	{"limit_minor", "integer", NULL},
	{"days", "integer", NULL},
	{"days_free", "integer", NULL},
	{"min_age", "integer", NULL},
	{"max_age", "integer", NULL},
	{"min_licence_years", "integer", NULL},
	{"from", "instant", NULL},
	{"until", "instant", NULL},
	{"confirm_at_drop_off", "boolean", NULL},
	{"alternative", "string", "a cheaper solution"},
	{"alternative_minor", "integer", NULL},
	{"proposals", "[]instant", NULL},
};

const struct openapi_schema openapi_objects[] = {
	ANSWER(problem, "Problem", "RFC 9457"),
	ANSWER(fault, "Fault", NULL),
	ANSWER(alternative, "Alternative", NULL),
	ANSWER(promise, "Promise", "a booking or a block that stands in the way"),
	ANSWER(terms, "Terms", "who pays what, and why"),
	ANSWER(covered, "Covered", NULL),
	ANSWER(evidence, "Evidence", NULL),
	ANSWER(offer, "Offer", "what the advisor reads out; nothing is stored"),
	ANSWER(ruleset_name, "RulesetName", NULL),
	ANSWER(offer_solution, "OfferSolution", NULL),
	ANSWER(offer_class, "OfferClass", NULL),
	ANSWER(proposal, "Proposal", NULL),
	ANSWER(visit, "Visit", "one stay in the workshop"),
	ANSWER(repair_order, "RepairOrderStored", "what a claim leans on"),
	ANSWER(offered, "Offered", NULL),
	ANSWER(customer_stored, "CustomerStored", NULL),
	ANSWER(resource_stored, "ResourceStored", NULL),
	ANSWER(block_stored, "BlockStored", NULL),
	ANSWER(booking, "Booking", NULL),
	ANSWER(before, "Before", NULL),
	ANSWER(offered_booking, "OfferedBooking", NULL),
	ANSWER(extended, "Extended", NULL),
	ANSWER(agreement_signed, "AgreementSigned", NULL),
	ANSWER(agreement_shown, "AgreementShown", "a page that is to be signed"),
	ANSWER(attached, "Attached", NULL),
	ANSWER(attachment, "Attachment", "a paper or photo of a booking"),
	ANSWER(place, "Place", NULL),
	ANSWER(leg, "Leg", NULL),
	ANSWER(handed_out, "HandedOut", NULL),
	ANSWER(taken_back, "TakenBack", NULL),
	ANSWER(corrected, "Corrected", NULL),
	ANSWER(earlier_car, "EarlierCar", NULL),
	ANSWER(staff_note, "StaffNote", NULL),
	ANSWER(waiting, "Waiting", "somebody on the waiting list"),
	ANSWER(said_figures, "SaidFigures", NULL),
};
const size_t openapi_objects_len = ARRAY_LEN(openapi_objects);
