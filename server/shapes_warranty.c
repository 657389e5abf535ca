/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What a claim leans on, the repair order as the workshop closed it (fleet/repair_order.h), and its
 * steps (fleet/warranty_claim.h). */

#include "fleet/repair_order.h"
#include "rules/money.h"
#include "server/shapes_parts.h"

OPTIONAL_PART(operations_count, INTEGER(1, 999));
static const struct field line_fields[] = {
	NEEDS("type", slug, "a job type of the rule set (AUD12)"),
	MAY("operation", reference, "the labour operation's number"),
	MAY("count", operations_count, NULL),
};
static const struct shape part_line = {OBJECT(line_fields)};
OPTIONAL_PART(lines, LIST(REPAIR_ORDER_LINES_MAX, line));

static const struct shape part_net = {INTEGER(0, MONEY_MAX)};
static const struct field invoice_fields[] = {
	NEEDS("reference", reference, "its number (AUD11)"),
	MAY("supplier", name, NULL),
	NEEDS("net_minor", net, "without value added tax"),
};
OPTIONAL_PART(invoice, OBJECT(invoice_fields));

static const struct shape part_bytes = {INTEGER(1, INT32_MAX)};
static const struct shape part_sha256 = {WORD(FORMAT_SHA256)};
static const struct field paper_fields[] = {
	NEEDS("name", name, NULL),
	NEEDS("bytes", bytes, "how long the file is"),
	NEEDS("sha256", sha256, "of the file, wherever it is kept"),
};
static const struct shape part_paper = {OBJECT(paper_fields)};
OPTIONAL_PART(papers, LIST(REPAIR_ORDER_PAPERS_MAX, paper));

#define REPAIR_ORDER_FIELDS                                                                        \
	NEEDS("number", short, "as the workshop's system names it (AUD01)"),                       \
		NEEDS("opened_at", instant, "when the customer signed it (AUD06)"),                \
		MAY("closed_at", instant, "absent while the work goes on (AUD07)"),                \
		MAY("ready_at", instant, "when the customer was told that the car is ready"),      \
		MAY("odometer_in", odometer, "of the customer's car (AUD05)"),                     \
		MAY("odometer_out", odometer, NULL),                                               \
		MAY("lines", lines, "what was done, by type"),                                     \
		MAY("parts_delay_reason", short, "why parts kept it longer than the cap (AUD09)"), \
		MAY("claim_number", reference, "of the maker's claim"),                            \
		MAY("authorisation", reference, "the payer's word for more than its cap (AUD08)"), \
		MAY("invoice", invoice, "of the rental or taxi that was paid first"),              \
		MAY("papers", papers, "files that back the claim, by name, length and SHA-256")
static const struct field repair_order_fields[] = {REPAIR_ORDER_FIELDS};
const struct shape shape_repair_order = {.name = "RepairOrder", OBJECT(repair_order_fields)};

/* As the workshop's system exports it, which knows no visits: found by number, else by car. */
static const struct field repair_order_row_fields[] = {
	NEEDS("site", id, NULL),
	MAY("visit", id, NULL),
	MAY("vin", vin, "of the customer's car"),
	REPAIR_ORDER_FIELDS,
};
const struct shape shape_repair_order_row = {OBJECT(repair_order_row_fields)};

static const struct field claim_draft_fields[] = {
	NEEDS("programme", short, "that covers a part of the loan"),
	MAY("payer", short, "where more than one pays by that programme"),
};
const struct shape shape_claim_draft = {.name = "ClaimDraft", OBJECT(claim_draft_fields)};

static const struct field claim_reason_fields[] = {
	NEEDS("reason", short, "sealed for whoever had the car"),
};
const struct shape shape_claim_reason = {.name = "ClaimReason", OBJECT(claim_reason_fields)};

static const struct field claim_export_fields[] = {
	MAY("reference", reference, "what the payer's system calls it"),
};
const struct shape shape_claim_export = {.name = "ClaimExport", OBJECT(claim_export_fields)};

static const struct field claim_accept_fields[] = {
	MAY("amount_minor", money, "absent: all that was claimed"),
	MAY("reference", reference, "what the payer's system calls it"),
};
const struct shape shape_claim_accept = {.name = "ClaimAccept", OBJECT(claim_accept_fields)};

static const struct field claim_charge_back_fields[] = {
	MAY("amount_minor", money, "absent: all that was claimed"),
	NEEDS("reason", short, "the payer's; sealed for whoever had the car"),
	MAY("reference", reference, "what the payer's system calls it"),
};
const struct shape shape_claim_charge_back = {
	.name = "ClaimChargeBack", OBJECT(claim_charge_back_fields)};
