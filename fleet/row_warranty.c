/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/row_members.h"

#include "fleet/warranty_claim.h"
#include "rules/audit.h"
#include "rules/decision.h"
#include "rules/money.h"

/* What a payer is asked for, and what that leans on. */

static const struct row_member order_line_members[] = {
	MAY("operation", FORM_TEXT), NEED("type", FORM_NAME), END};
static const struct row_member invoice_members[] = {
	NEED("net_minor", FORM_NUMBER, BETWEEN(0, MONEY_MAX)),
	NEED("reference", FORM_TEXT),
	MAY("supplier", FORM_TEXT),
	END,
};
static const struct row_member paper_members[] = {
	NEED("bytes", FORM_NUMBER, BETWEEN(1, INT32_MAX)),
	NEED("name", FORM_TEXT),
	NEED("sha256", FORM_TEXT),
	END,
};
static const struct row_member repair_order_members[] = {
	MAY("authorisation", FORM_TEXT),
	MAY("claim_number", FORM_TEXT),
	MAY("closed_at", FORM_INSTANT),
	MAY("invoice", FORM_OBJECT, OF(invoice_members)),
	MAY("lines", FORM_LIST, LIST_OF(order_line_members, RO_LINES_MAX)),
	NEED("number", FORM_TEXT),
	MAY("odometer_in", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	MAY("odometer_out", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	NEED("opened_at", FORM_INSTANT),
	MAY("papers", FORM_LIST, LIST_OF(paper_members, LIST_BEARABLE)),
	MAY("parts_delay_reason", FORM_TEXT),
	MAY("ready_at", FORM_INSTANT),
	NEED("site", FORM_NAME),
	NEED("visit", FORM_NAME),
	END,
};
const struct row_form row_repair_order = {"visit", false, repair_order_members};

static bool is_claim_status(struct str word)
{
	enum warranty_claim_status s;

	return warranty_claim_status_from(&s, word);
}

#define AMOUNT FORM_NUMBER, BETWEEN(0, JSON_INT_MAX)
static const struct row_member claimed_days[] = {{.form = FORM_DAY}};
static const struct row_member step_members[] = {
	MAY("amount_minor", AMOUNT),
	NEED("at", FORM_INSTANT),
	NEED("by", FORM_TEXT),
	MAY("private", FORM_OBJECT, OF(row_sealed)),
	MAY("reason", FORM_TEXT),
	MAY("reference", FORM_TEXT),
	NEED("status", FORM_WORD, .knows = is_claim_status),
	END,
};
static const struct row_member claim_members[] = {
	MAY("accepted_minor", AMOUNT),
	NEED("amount_minor", AMOUNT),
	NEED("booking", FORM_NAME),
	MAY("charged_back_minor", AMOUNT),
	NEED("claim", FORM_NAME),
	NEED("cost_code", FORM_TEXT),
	NEED("currency", FORM_TEXT),
	NEED("days", FORM_LIST, LIST_OF(claimed_days, LOAN_DAYS_MAX)),
	MAY("for_site", FORM_NAME),
	NEED("from", FORM_INSTANT),
	NEED("made_at", FORM_INSTANT),
	MAY("net_minor", AMOUNT),
	NEED("number", FORM_TEXT),
	NEED("payer", FORM_TEXT),
	NEED("programme", FORM_TEXT),
	MAY("reference", FORM_TEXT),
	NEED("site", FORM_NAME),
	NEED("solution", FORM_NAME),
	NEED("status", FORM_WORD, .knows = is_claim_status),
	NEED("steps", FORM_LIST, LIST_OF(step_members, CLAIM_STEPS_MAX)),
	NEED("units", FORM_NUMBER, BETWEEN(0, INT32_MAX)),
	NEED("until", FORM_INSTANT),
	MAY("vin", FORM_NAME),
	NEED("visit", FORM_NAME),
	END,
};

const struct row_form row_claim = {"claim", false, claim_members};
