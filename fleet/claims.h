/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What was lent at others' expense, line by line, for whoever has to prove it (contract 6): one
 * line for each covered row of a loan that has begun, with the findings an auditor would have.
 * A loan whose car was exchanged is one loan: it began, was signed for and had its papers seen when
 * the first car went out; the car lent, its odometer, fuel and charge, and who handed it over are
 * the last one's.
 */

#include "fleet/render_parts.h"
#include "fleet/warranty_claim.h"
#include "rules/audit.h"

// clang-format off
/* In the order of the table that people open; JSON has them by name. */
#define CLAIM_COLUMNS(X) \
	X(site) X(number) X(booking) X(visit) X(status) X(ro_number) X(ro_opened_at) \
	X(ro_closed_at) X(ro_odometer_in) X(ro_odometer_out) X(claim_number) \
	X(supplier_invoice) X(supplier_net_minor) X(vin) X(plate) \
	X(customer) X(programme) X(programme_title) X(programme_version) X(programme_article) \
	X(ruleset_version) X(ruleset_sha256) X(inputs_sha256) X(decision) X(payer) \
	X(cost_code) X(solution) X(class) X(currency) X(amount_minor) X(net_minor) \
	X(value_minor) X(customer_minor) X(days_claimed) X(cap_days) X(max_per_day) \
	X(authorisation_ref) X(delay_reason) X(resource) X(lent_plate) X(lent_vin) X(from) \
	X(until) X(loan_out_at) X(loan_in_at) X(claimed_from) X(claimed_to) \
	X(loan_odometer_out) X(loan_odometer_in) X(fuel_out) X(fuel_in) X(charge_out) \
	X(charge_in) X(documents_checked) X(licence_checked_at) X(agreement_signed_at) \
	X(handed_over_by) X(taken_back_by) X(journal_seq) X(journal_hash) X(findings) \
	X(claim_id) X(claim) X(claim_status) X(light) X(missing)
// clang-format on

enum claim_column {
#define X(name) COLUMN_##name,
	CLAIM_COLUMNS(X)
#undef X
		COLUMNS_LEN
};
extern const char *const claim_column_names[COLUMNS_LEN];

enum cell_type { CELL_NONE, CELL_TEXT, CELL_NUMBER, CELL_INSTANT, CELL_RAW };
struct cell {
	enum cell_type type;
	struct str text; /* CELL_TEXT; CELL_RAW: canonical JSON, a list of words or a boolean */
	int64_t number;	 /* CELL_NUMBER; CELL_INSTANT: seconds */
};

struct claim_line {
	struct claim claim;
	struct str booking;
	uint32_t findings; /* bit = enum finding */
	uint32_t needs;	   /* bit = enum claim_need: what is missing beside them */
	bool asked;	   /* somebody outside the house bears it */
	enum booking_status loan;
	bool filed; /* a claim was drafted for it: its newest one's status */
	enum warranty_claim_status status;
	struct cell cell[COLUMNS_LEN];
};

struct claim_lines {
	struct view *view; /* its arena holds the lines */
	const struct roster *roster;
	struct claim_line **line;
	uint32_t len, cap;
	bool full;
};

/* Each programme that pays for a part of the loan is claimed apart. `look`: whose memory is taken
 * back soon. */
void claim_lines_add(struct claim_lines *lines, struct view *look, const struct booking *b,
	const struct row *row);
/* The lines of one booking first, whatever its status, then those of its car's loans at that time:
 * judged together. `own`: how many are the booking's. False without memory. */
MUST_CHECK bool claim_lines_of(struct claim_lines *out, struct view *v, const struct booking *b,
	const struct row *row, uint32_t *own);
/* All lines of a site whose loan overlaps the span, in the order of their weeks, judged together.
 * False without memory, or when there is no such site. */
MUST_CHECK bool claim_lines_find(
	struct claim_lines *out, struct view *v, const struct claims_ask *ask);
