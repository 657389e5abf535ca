/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a payer is asked for: one covered row of one loan (D9), from its draft to the payer's word.
 *
 *   draft --complete--> complete --export--> exported --accept--> accepted
 *     \________withdraw______/                    \__charge back__/--> charged_back
 *
 * A complete one may be reopened. It is complete when nothing is missing (claim_need.h), and is
 * looked at again when it is exported: with a finding, or where the loan is not any more what was
 * complete, it does not leave the house. A day of a car is in one claim at most that is neither
 * withdrawn nor charged back (AUD13); shares of one day of one loan are different rows.
 *
 *   claim: { "accepted_minor"?, "amount_minor", "booking", "charged_back_minor"?, "claim",
 *            "cost_code", "currency", "days":[DATE] (none of a trip), "for_site"?, "from",
 *            "made_at", "net_minor"?, "number" (the booking's), "payer", "programme",
 *            "reference"? (the payer's name for it), "site", "solution", "status",
 *            "steps":[{"amount_minor"?, "at", "by", "private"?:{"of","sealed"} ({"reason"}),
 *            "reference"?, "status"}], "units", "until", "vin"?, "visit" }
 *
 * Amounts and days are those of the step that drafted or completed it last. Why it was taken is
 * sealed for whoever had the car; entries of before have "reason" as it was typed.
 */

#include "fleet/view.h"

// clang-format off
#define WARRANTY_CLAIM_STATUSES(X) \
	X(CLAIM_DRAFT, "draft") X(CLAIM_COMPLETE, "complete") X(CLAIM_EXPORTED, "exported") \
	X(CLAIM_ACCEPTED, "accepted") X(CLAIM_CHARGED_BACK, "charged_back") \
	X(CLAIM_WITHDRAWN, "withdrawn")
// clang-format on
enum warranty_claim_status {
#define X(name, text) name,
	WARRANTY_CLAIM_STATUSES(X)
#undef X
};
enum {
	CLAIMS_OF_BOOKING_MAX = 64, /* ever: those that were given up count too */
	CLAIM_STEPS_MAX = 32,
};
const char *warranty_claim_status_name(enum warranty_claim_status s);
bool warranty_claim_status_from(enum warranty_claim_status *out, struct str name);
/* Neither withdrawn nor charged back: it holds its days. */
bool warranty_claim_holds(enum warranty_claim_status s);

struct warranty_claim {
	struct str id, booking, programme, payer;
	enum warranty_claim_status status;
	struct json days;
	struct json doc;
	uint64_t rev;
};
/* ASSERTs the form: stored documents are ours. */
MUST_CHECK bool warranty_claim_get(struct view *v, struct str id, struct warranty_claim *out);
/* The ids of a booking's, the oldest first; in the arena. How many there are. */
uint32_t warranty_claims_of(
	struct view *v, struct str booking, struct str out[CLAIMS_OF_BOOKING_MAX]);
/* The newest of a booking for that row; false: it was never drafted. */
MUST_CHECK bool warranty_claim_of_row(struct view *v, struct str booking, struct str programme,
	struct str payer, struct warranty_claim *out);
/* Whether somebody outside the house can be asked for a row of this payer. */
bool payer_is_claimable(struct str payer);
