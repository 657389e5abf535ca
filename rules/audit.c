/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/audit.h"

#include "rules/decision.h"
#include "rules/money.h"
#include "rules/value.h"
#include "rules/vin.h"

/* What a maker's auditor would charge back, one question per finding (D11, AUD01 to AUD13). */

static const char *const finding_codes[] = {
#define X(code) [code] = #code,
	FINDINGS(X)
#undef X
};

const char *finding_code(enum finding f)
{
	ASSERT(f < FINDINGS_LEN);
	return finding_codes[f];
}

/* ---- judging ---- */

static bool is_blank(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != ' ' && text.p[i] != '\t')
			return false;
	return true;
}

/* The customer drives a car: an agreement is signed and a licence is looked at before it leaves. */
static bool is_loan(const struct claim *c)
{
	return str_is(c->solution, "loaner_brand") || str_is(c->solution, "loaner_other") ||
	       str_is(c->solution, "rental");
}

/* Empty, or later than the departure it should have preceded. */
static bool not_before_departure(const struct claim *c, bool has, struct instant at)
{
	return !has || (c->has_out && at.s > c->loan_out_at.s);
}

static bool went_backwards(int32_t before, int32_t after)
{
	return before != ODOMETER_UNKNOWN && after != ODOMETER_UNKNOWN && after < before;
}

static bool over_rate(const struct claim *c)
{
	int64_t allowed;

	if (c->max_per_day == NO_LIMIT)
		return false;
	/* More than can be multiplied cannot be exceeded by an amount that was read. */
	return money_multiply(&allowed, c->days_claimed, c->max_per_day) &&
	       c->amount_minor > allowed;
}

static bool has_matching_line(const struct claim *c)
{
	for (uint32_t i = 0; i < c->ro_line_types_len; i++)
		for (uint32_t k = 0; k < c->programme_job_types_len; k++)
			if (str_eq(c->ro_line_types[i], c->programme_job_types[k]))
				return true;
	return false;
}

uint32_t audit_claim(const struct claim *c)
{
	char vin[VIN_TEXT];
	bool over_cap = c->cap_days != NO_LIMIT && c->days_claimed > c->cap_days;
	bool paid_first = str_is(c->solution, "rental") || str_is(c->solution, "taxi");
	const struct {
		enum finding finding;
		bool found;
	} answers[] = {
		{AUD01_RO_MISSING, is_blank(c->ro_number)},
		/* The check digit is the car's market's affair, not the claim's. */
		{AUD02_VIN_INVALID, vin_check(vin, c->vin, false) != VIN_GOOD},
		{AUD03_AGREEMENT_UNSIGNED, is_loan(c) && not_before_departure(c, c->has_signed,
								 c->agreement_signed_at)},
		{AUD04_LICENCE_NOT_CHECKED, is_loan(c) && not_before_departure(c, c->has_licence,
								  c->licence_checked_at)},
		{AUD05_ODOMETER_INCONSISTENT,
			went_backwards(c->loan_odometer_out, c->loan_odometer_in) ||
				went_backwards(c->ro_odometer_in, c->ro_odometer_out)},
		{AUD06_BEFORE_RO_OPEN,
			c->has_from && c->has_ro_opened && c->claimed_from.s < c->ro_opened_at.s},
		{AUD07_AFTER_RO_CLOSE,
			c->has_to && c->has_ro_closed && c->claimed_to.s > c->ro_closed_at.s},
		{AUD08_OVER_CAP_NOT_AUTHORISED, over_cap && is_blank(c->authorisation_ref)},
		{AUD09_DELAY_NOT_JUSTIFIED, over_cap && is_blank(c->delay_reason)},
		{AUD10_RATE_OVER_CAP, over_rate(c)},
		{AUD11_INVOICE_MISSING, paid_first && is_blank(c->supplier_invoice_ref)},
		{AUD12_NO_MATCHING_RO_LINE, !has_matching_line(c)},
	};
	uint32_t findings = 0;

	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		if (answers[i].found)
			findings |= UINT32_C(1) << answers[i].finding;
	return findings;
}

bool audit_duplicates(const struct claim *a, const struct claim *b)
{
	char vin_a[VIN_TEXT], vin_b[VIN_TEXT];

	/* The same car however its number was typed; a number that is none names no car. */
	(void)vin_check(vin_a, a->vin, false);
	(void)vin_check(vin_b, b->vin, false);
	if (vin_a[0] == '\0' || strcmp(vin_a, vin_b) != 0)
		return false;
	if (!a->has_from || !a->has_to || !b->has_from || !b->has_to)
		return false;
	return span_overlaps((struct span){a->claimed_from, a->claimed_to},
		(struct span){b->claimed_from, b->claimed_to});
}

/* ---- reading ---- */

static struct str text_at(const struct value *root, const char *key)
{
	struct value v = value_member(root, key);
	return value_text_or_none(&v);
}

static bool instant_at(const struct value *root, const char *key, struct instant *out)
{
	struct value v = value_member(root, key);
	struct local l;

	if (!value_given(&v))
		return false;
	if (!instant_parse(&l, json_str(v.json))) {
		value_fault(&v, "must be an instant such as 2026-03-16T08:30:00+01:00");
		return false;
	}
	*out = local_instant(l);
	return true;
}

static int64_t limit_at(const struct value *root, const char *key, int64_t max, int64_t otherwise)
{
	struct value v = value_member(root, key);
	return value_int_or(&v, 0, max, otherwise);
}

static uint32_t words_at(const struct value *root, const char *key, struct str *out, uint32_t max)
{
	struct value list = value_member(root, key);
	uint32_t len = 0;

	if (!value_given(&list) || !value_is_array(&list, max))
		return 0;
	for (struct value e = value_first(&list); value_present(&e); e = value_next(&list, &e))
		out[len++] = value_text(&e);
	return len;
}

static void members_check(const struct value *root)
{
	static const char *const known[] = {"claim_id", "programme", "programme_job_types",
		"solution", "cost_code", "vin", "ro_number", "ro_line_types", "ro_opened_at",
		"ro_closed_at", "ro_odometer_in", "ro_odometer_out", "loan_out_at", "loan_in_at",
		"loan_odometer_out", "loan_odometer_in", "agreement_signed_at",
		"licence_checked_at", "claimed_from", "claimed_to", "days_claimed", "cap_days",
		"max_per_day", "amount_minor", "authorisation_ref", "delay_reason",
		"supplier_invoice_ref"};

	value_members_known(root, known, ARRAY_LEN(known));
}

static void times_read(struct claim *out, const struct value *root)
{
	out->has_ro_opened = instant_at(root, "ro_opened_at", &out->ro_opened_at);
	out->has_ro_closed = instant_at(root, "ro_closed_at", &out->ro_closed_at);
	out->has_out = instant_at(root, "loan_out_at", &out->loan_out_at);
	out->has_in = instant_at(root, "loan_in_at", &out->loan_in_at);
	out->has_signed = instant_at(root, "agreement_signed_at", &out->agreement_signed_at);
	out->has_licence = instant_at(root, "licence_checked_at", &out->licence_checked_at);
	out->has_from = instant_at(root, "claimed_from", &out->claimed_from);
	out->has_to = instant_at(root, "claimed_to", &out->claimed_to);
}

bool claim_read(struct claim *out, struct json claim, struct faults *faults)
{
	struct value root = value_root(claim, faults);
	struct value id = value_member(&root, "claim_id");
	struct value solution = value_member(&root, "solution");
	struct value days = value_member(&root, "days_claimed");
	struct value amount = value_member(&root, "amount_minor");
	uint32_t faults_before = faults->len;

	memset(out, 0, sizeof(*out));
	if (!value_is_object(&root))
		return false;
	members_check(&root);
	out->claim_id = value_text(&id);
	out->solution = value_word(&solution);
	out->programme = text_at(&root, "programme");
	out->cost_code = text_at(&root, "cost_code");
	out->vin = text_at(&root, "vin");
	out->ro_number = text_at(&root, "ro_number");
	out->programme_job_types_len =
		words_at(&root, "programme_job_types", out->programme_job_types, JOB_TYPES_MAX);
	out->ro_line_types_len = words_at(&root, "ro_line_types", out->ro_line_types, RO_LINES_MAX);
	times_read(out, &root);
	out->ro_odometer_in =
		(int32_t)limit_at(&root, "ro_odometer_in", ODOMETER_MAX_KM, ODOMETER_UNKNOWN);
	out->ro_odometer_out =
		(int32_t)limit_at(&root, "ro_odometer_out", ODOMETER_MAX_KM, ODOMETER_UNKNOWN);
	out->loan_odometer_out =
		(int32_t)limit_at(&root, "loan_odometer_out", ODOMETER_MAX_KM, ODOMETER_UNKNOWN);
	out->loan_odometer_in =
		(int32_t)limit_at(&root, "loan_odometer_in", ODOMETER_MAX_KM, ODOMETER_UNKNOWN);
	out->days_claimed = (int32_t)value_int(&days, 0, INT32_MAX);
	out->cap_days = (int32_t)limit_at(&root, "cap_days", INT32_MAX, NO_LIMIT);
	out->max_per_day = limit_at(&root, "max_per_day", MONEY_MAX, NO_LIMIT);
	out->amount_minor = value_int(&amount, 0, JSON_INT_MAX);
	out->authorisation_ref = text_at(&root, "authorisation_ref");
	out->delay_reason = text_at(&root, "delay_reason");
	out->supplier_invoice_ref = text_at(&root, "supplier_invoice_ref");
	return faults->len == faults_before;
}
