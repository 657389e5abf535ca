/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/openapi_parts.h"

#include "fleet/claims.h"

/* What others check, member by member: what is claimed, what was written. */

/* Every column stands in every row, null where there is nothing to say. */
#define COLUMN(name, type, about) [COLUMN_##name] = {#name, "!" type, about}
MEMBERS(claim) = {
	COLUMN(site, "string", NULL),
	COLUMN(number, "string", NULL),
	COLUMN(booking, "string", NULL),
	COLUMN(visit, "string", NULL),
	COLUMN(status, "held|booked|out|returned", "promised: with ready=no alone"),
	COLUMN(ro_number, "?string", "the repair order"),
	COLUMN(ro_opened_at, "?instant", NULL),
	COLUMN(ro_closed_at, "?instant", NULL),
	COLUMN(ro_odometer_in, "?integer", "of the customer's car"),
	COLUMN(ro_odometer_out, "?integer", "of the customer's car"),
	COLUMN(claim_number, "?string", "of the maker's claim"),
	COLUMN(supplier_invoice, "?string", "of the rental or taxi that was paid first"),
	COLUMN(supplier_net_minor, "?integer", "without value added tax"),
	COLUMN(vin, "?string", "of the customer's car"),
	COLUMN(plate, "?string", "of the customer's car"),
	COLUMN(customer, "?string", NULL),
	COLUMN(programme, "string", NULL),
	COLUMN(programme_title, "?string", NULL),
	COLUMN(programme_version, "?string", NULL),
	COLUMN(programme_article, "?string", NULL),
	COLUMN(ruleset_version, "?string", NULL),
	COLUMN(ruleset_sha256, "?string", NULL),
	COLUMN(inputs_sha256, "string", "of what was decided upon"),
	COLUMN(decision, "?" DECISION, NULL),
	COLUMN(payer, "?string", NULL),
	COLUMN(cost_code, "?string", NULL),
	COLUMN(solution, "string", NULL),
	COLUMN(class, "?string", NULL),
	COLUMN(currency, "?string", NULL),
	COLUMN(amount_minor, "integer", "what this line claims"),
	COLUMN(net_minor, "?integer", "without tax, where the payer pays net"),
	COLUMN(value_minor, "?integer", "of the whole loan"),
	COLUMN(customer_minor, "?integer", "of the whole loan"),
	COLUMN(days_claimed, "integer", NULL),
	COLUMN(cap_days, "?integer", "what the programme allows"),
	COLUMN(max_per_day, "?integer", "what the programme allows"),
	COLUMN(authorisation_ref, "?string", NULL),
	COLUMN(delay_reason, "?string", NULL),
	COLUMN(resource, "?string", NULL),
	COLUMN(lent_plate, "?string", NULL),
	COLUMN(lent_vin, "?string", NULL),
	COLUMN(from, "instant", "as booked"),
	COLUMN(until, "instant", "as booked"),
	COLUMN(loan_out_at, "?instant", NULL),
	COLUMN(loan_in_at, "?instant", NULL),
	COLUMN(claimed_from, "instant", NULL),
	COLUMN(claimed_to, "instant", NULL),
	COLUMN(loan_odometer_out, "?integer", NULL),
	COLUMN(loan_odometer_in, "?integer", NULL),
	COLUMN(fuel_out, "?integer", "percent"),
	COLUMN(fuel_in, "?integer", "percent"),
	COLUMN(charge_out, "?integer", "percent"),
	COLUMN(charge_in, "?integer", "percent"),
	COLUMN(documents_checked, "CheckOut/properties/documents_checked", NULL),
	COLUMN(licence_checked_at, "?instant", NULL),
	COLUMN(agreement_signed_at, "?instant", NULL),
	COLUMN(handed_over_by, "?string", NULL),
	COLUMN(taken_back_by, "?string", NULL),
	COLUMN(journal_seq, "integer", "the entry that says so"),
	COLUMN(journal_hash, "?string", NULL),
	COLUMN(findings, "[]string", "AUD01 to AUD13"),
	COLUMN(claim_id, "string", NULL),
	COLUMN(claim, "?string", "the newest that was drafted for it"),
	COLUMN(claim_status, "?" CLAIM_STATUS, NULL),
	COLUMN(light, CLAIM_LIGHT, "late: it was to be there before the keys left, or came back"),
	COLUMN(missing, "[]string", "findings, and what the maker's and market's profile asks"),
};
_Static_assert(ARRAY_LEN(claim) == COLUMNS_LEN, "a column of fleet/claims.h is not described");
MEMBERS(journal_line) = {
	{"event", "!JournalEvent", "the entry; its canonical bytes are hashed"},
	{"hash", "!string", "SHA-256 of the 32 bytes of prev, then of those of event"},
	{"prev", "!string", "64 zeros before the first entry"},
};
MEMBERS(journal_event) = {
	{"v", "!integer", "of this form: 1"},
	{"seq", "!integer", NULL},
	{"site", "!string", "the journal: a site, or directory"},
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"kind", "!string", "what was asked"},
	{"request", "!?JournalRequest", "null where nobody asked"},
	{"group", "!?string", NULL},
	{"effects", "![]JournalEffect", "all that it changed"},
};
MEMBERS(request_hashes) = {
	{"key_sha256", "!string", NULL},
	{"body_sha256", "!string", NULL},
};
MEMBERS(journal_effect) = {
	{"op", "!put|set|delete|refuse", NULL},
	{"kind",
		"site|resource|block|customer|vehicle|ruleset|visit|booking|task|demand|waiting|"
		"desk|attachment|repair-order|claim|contact|complaint|import",
		"not of a refusal"},
	{"id", "string", "not of a refusal"},
	{"doc", "any", "of put and set: the object as it is stored, or its new members"},
	{"slug", "string", "of a refusal: its problem type"},
	{"detail", "any", "of a refusal: its facts"},
};
MEMBERS(audit_key) = {
	{"key", "!string", "as relais audit verify --key takes it"},
	{"fingerprint", "!string", "the SHA-256 of its public half, in groups of four"},
};
MEMBERS(event_sign) = {
	{"seq", "!integer", NULL},
	{"at", "!instant", NULL},
	{"kind", "!string", "what was done"},
	{"changes", "![]EventChange", "objects to be read again; empty after a refusal"},
};
MEMBERS(event_change) = {
	{"kind",
		"!site|resource|block|customer|vehicle|ruleset|visit|booking|task|waiting|"
		"attachment|repair-order|claim|contact|complaint|import",
		NULL},
	{"id", "!string", NULL},
};

const struct openapi_schema openapi_audit[] = {
	ANSWER(claim, "Claim", "one covered line, with its audit findings"),
	ANSWER(journal_line, "JournalLine", "one line of the export"),
	ANSWER(journal_event, "JournalEvent", NULL),
	ANSWER(request_hashes, "JournalRequest", "hashes of what was sent"),
	ANSWER(journal_effect, "JournalEffect", NULL),
	ANSWER(audit_key, "AuditKey", NULL),
	ANSWER(event_sign, "EventSign", "the data of one event of the stream"),
	ANSWER(event_change, "EventChange", NULL),
};
const size_t openapi_audit_len = ARRAY_LEN(openapi_audit);
