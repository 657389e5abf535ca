/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Audit findings AUD01 to AUD13 on claims: what a maker's auditor would charge back. Collect
 * policy, codes sorted. AUD13 looks across claims, so all claims of one question are checked
 * together.
 */

#include "rules/instant.h"
#include "rules/json.h"
#include "rules/ruleset.h"

// clang-format off
#define FINDINGS(X) \
	X(AUD01_RO_MISSING) X(AUD02_VIN_INVALID) X(AUD03_AGREEMENT_UNSIGNED) \
	X(AUD04_LICENCE_NOT_CHECKED) \
	X(AUD05_ODOMETER_INCONSISTENT) X(AUD06_BEFORE_RO_OPEN) X(AUD07_AFTER_RO_CLOSE) \
	X(AUD08_OVER_CAP_NOT_AUTHORISED) X(AUD09_DELAY_NOT_JUSTIFIED) X(AUD10_RATE_OVER_CAP) \
	X(AUD11_INVOICE_MISSING) X(AUD12_NO_MATCHING_RO_LINE) X(AUD13_DUPLICATE_PERIOD)
// clang-format on
enum finding {
#define X(code) code,
	FINDINGS(X)
#undef X
		FINDINGS_LEN
};
const char *finding_code(enum finding f);

enum { RO_LINES_MAX = 32 };
#define ODOMETER_UNKNOWN (-1)

struct claim {
	struct str claim_id, programme, solution, cost_code, vin, ro_number;
	uint32_t programme_job_types_len, ro_line_types_len;
	struct str programme_job_types[JOB_TYPES_MAX];
	struct str ro_line_types[RO_LINES_MAX];
	/* each instant may be absent: has_* */
	bool has_ro_opened, has_ro_closed, has_out, has_in, has_signed, has_licence, has_from,
		has_to;
	struct instant ro_opened_at, ro_closed_at, loan_out_at, loan_in_at, agreement_signed_at,
		licence_checked_at, claimed_from, claimed_to;
	int32_t ro_odometer_in, ro_odometer_out, loan_odometer_out,
		loan_odometer_in; /* or ODOMETER_UNKNOWN */
	int32_t days_claimed;
	int32_t cap_days;    /* or NO_LIMIT */
	int64_t max_per_day; /* or NO_LIMIT */
	int64_t amount_minor;
	struct str authorisation_ref, delay_reason, supplier_invoice_ref;
};

/* Findings of one claim by itself: bit = enum finding (AUD13 excluded). */
uint32_t audit_claim(const struct claim *c);
/* AUD13 for pairs: same VIN and overlapping [claimed_from, claimed_to). */
bool audit_duplicates(const struct claim *a, const struct claim *b);
MUST_CHECK bool claim_read(struct claim *out, struct json claim, struct faults *faults);
