/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/audit.h"

#include "tests/lib/judge.h"

/* Each finding alone and at its edge, then all together; and claims as they are read. */

static struct judge_document document;
static struct faults faults;
static struct claim c;

static struct instant at(const char *text)
{
	struct local l = {0, 0};

	if (!instant_parse(&l, str_from(text)))
		fail_msg("%s", text);
	return local_instant(l);
}

/* A claim with nothing to find. */
static void reset(struct claim *out)
{
	*out = (struct claim){.claim_id = STR("C-1"),
		.programme = STR("P"),
		.solution = STR("rental"),
		.cost_code = STR("75"),
		.vin = STR("ZTESTCAR000000001"),
		.ro_number = STR("RO-1"),
		.programme_job_types_len = 2,
		.programme_job_types = {STR("repair"), STR("recall")},
		.ro_line_types_len = 2,
		.ro_line_types = {STR("service"), STR("recall")},
		.has_ro_opened = true,
		.has_ro_closed = true,
		.has_out = true,
		.has_in = true,
		.has_signed = true,
		.has_licence = true,
		.has_from = true,
		.has_to = true,
		.ro_opened_at = at("2026-05-04T09:00:00+02:00"),
		.ro_closed_at = at("2026-05-06T17:00:00+02:00"),
		.loan_out_at = at("2026-05-04T09:30:00+02:00"),
		.loan_in_at = at("2026-05-06T16:30:00+02:00"),
		.agreement_signed_at = at("2026-05-04T09:30:00+02:00"),
		.licence_checked_at = at("2026-05-04T09:30:00+02:00"),
		.claimed_from = at("2026-05-04T09:00:00+02:00"),
		.claimed_to = at("2026-05-06T17:00:00+02:00"),
		.ro_odometer_in = 10,
		.ro_odometer_out = 10,
		.loan_odometer_out = 20,
		.loan_odometer_in = 20,
		.days_claimed = 3,
		.cap_days = 3,
		.max_per_day = 100,
		.amount_minor = 300,
		.supplier_invoice_ref = STR("F-1")};
}

static const char *findings(const struct claim *claim)
{
	static char text[400];
	uint32_t found = audit_claim(claim);
	size_t n = 0;

	text[0] = '\0';
	for (int f = 0; f < FINDINGS_LEN; f++)
		if (found & UINT32_C(1) << f)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%.5s", n ? " " : "",
				finding_code((enum finding)f));
	return text;
}

#define FINDS(change, expected)                              \
	do {                                                 \
		reset(&c);                                   \
		change;                                      \
		assert_string_equal(findings(&c), expected); \
	} while (0)

static void papers_of_the_order(void **state)
{
	(void)state;
	FINDS((void)0, "");
	FINDS(c.ro_number = STR_NULL, "AUD01");
	FINDS(c.ro_number = STR(""), "AUD01");
	FINDS(c.ro_number = STR("  "), "AUD01");
	FINDS(c.vin = STR("ZTESTCAR00000001"), "AUD02");
	FINDS(c.vin = STR("ZTESTCAR0000000012"), "AUD02");
	FINDS(c.vin = STR("ZTESTCAR0O0000001"), "AUD02");
	FINDS(c.vin = STR_NULL, "AUD02");
	FINDS(c.vin = STR(" ztest car 000000001 "), "");
	/* A wrong check digit is no finding. */
	FINDS(c.vin = STR("1M8GDM9A1KP042788"), "");
	FINDS(c.ro_line_types_len = 1, "AUD12");
	FINDS(c.ro_line_types_len = 0, "AUD12");
	FINDS(c.programme_job_types_len = 0, "AUD12");
	FINDS(c.programme_job_types_len = 1, "AUD12");
}

static void papers_of_the_loan(void **state)
{
	static const char *const loans[] = {"loaner_brand", "loaner_other", "rental"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(loans); i++) {
		FINDS((c.solution = str_from(loans[i]), c.has_signed = false), "AUD03");
		FINDS((c.solution = str_from(loans[i]), c.agreement_signed_at.s++), "AUD03");
		FINDS((c.solution = str_from(loans[i]), c.has_licence = false), "AUD04");
		FINDS((c.solution = str_from(loans[i]), c.licence_checked_at.s++), "AUD04");
	}
	FINDS((c.solution = STR("taxi"), c.has_signed = c.has_licence = false), "");
	FINDS((c.solution = STR("pickup"), c.has_signed = c.has_licence = false), "");
	/* Before a departure that nobody noted nothing can be late. */
	FINDS((c.has_out = false, c.agreement_signed_at.s += 9, c.licence_checked_at.s += 9), "");
	FINDS(c.supplier_invoice_ref = STR_NULL, "AUD11");
	FINDS((c.solution = STR("taxi"), c.supplier_invoice_ref = STR(" ")), "AUD11");
	FINDS((c.solution = STR("loaner_brand"), c.supplier_invoice_ref = STR_NULL), "");
	FINDS((c.solution = STR("pickup"), c.supplier_invoice_ref = STR_NULL), "");
}

static void readings_and_times(void **state)
{
	(void)state;
	FINDS(c.loan_odometer_in = 19, "AUD05");
	FINDS(c.ro_odometer_out = 9, "AUD05");
	FINDS((c.loan_odometer_in = 1, c.ro_odometer_out = 1), "AUD05");
	FINDS(c.loan_odometer_in = ODOMETER_UNKNOWN, "");
	FINDS((c.loan_odometer_out = ODOMETER_UNKNOWN, c.loan_odometer_in = 0), "");
	FINDS(c.ro_odometer_out = ODOMETER_UNKNOWN, "");
	FINDS(c.claimed_from.s--, "AUD06");
	FINDS((c.claimed_from.s--, c.has_ro_opened = false), "");
	FINDS(c.claimed_to.s++, "AUD07");
	FINDS((c.claimed_to.s++, c.has_ro_closed = false), "");
	FINDS((c.claimed_from.s--, c.claimed_to.s++, c.has_from = c.has_to = false), "");
}

static void caps_and_rates(void **state)
{
	(void)state;
	FINDS((c.days_claimed = 4, c.authorisation_ref = STR("A"), c.delay_reason = STR("d")), "");
	FINDS((c.days_claimed = 4, c.delay_reason = STR("d")), "AUD08");
	FINDS((c.days_claimed = 4, c.authorisation_ref = STR("A")), "AUD09");
	FINDS(c.days_claimed = 4, "AUD08 AUD09");
	FINDS((c.days_claimed = 400, c.cap_days = NO_LIMIT), "");
	FINDS((c.days_claimed = 1, c.cap_days = 0, c.amount_minor = 1), "AUD08 AUD09");
	FINDS(c.amount_minor = 301, "AUD10");
	FINDS((c.amount_minor = INT64_MAX, c.max_per_day = NO_LIMIT), "");
	FINDS((c.amount_minor = 1, c.max_per_day = 0), "AUD10");
	/* A product too large to hold is never exceeded. */
	FINDS((c.amount_minor = INT64_MAX, c.max_per_day = INT64_MAX, c.days_claimed = 3), "");
}

static void everything_at_once(void **state)
{
	(void)state;
	FINDS((c.ro_number = STR(""), c.vin = STR("O"), c.has_signed = c.has_licence = false,
		      c.loan_odometer_in = 0, c.claimed_from.s--, c.claimed_to.s++,
		      c.days_claimed = 9, c.amount_minor = 901, c.supplier_invoice_ref = STR_NULL,
		      c.ro_line_types_len = 0),
		"AUD01 AUD02 AUD03 AUD04 AUD05 AUD06 AUD07 AUD08 AUD09 AUD10 AUD11 AUD12");
}

static void codes_are_sorted(void **state)
{
	(void)state;
	assert_string_equal(finding_code(AUD01_RO_MISSING), "AUD01_RO_MISSING");
	assert_string_equal(finding_code(AUD13_DUPLICATE_PERIOD), "AUD13_DUPLICATE_PERIOD");
	for (int f = 1; f < FINDINGS_LEN; f++)
		assert_true(strcmp(finding_code((enum finding)(f - 1)),
				    finding_code((enum finding)f)) < 0);
}

/* AUD13: the same car, and periods that share a moment. */
static void duplicates(void **state)
{
	static const struct {
		const char *vin, *from, *to;
		bool duplicate;
	} rows[] = {
		{"ZTESTCAR000000001", "2026-05-04T09:00:00+02:00", "2026-05-06T17:00:00+02:00",
			true},
		{" ztestcar 000000001", "2026-05-05T00:00:00Z", "2026-05-05T01:00:00Z", true},
		{"ZTESTCAR000000002", "2026-05-04T09:00:00+02:00", "2026-05-06T17:00:00+02:00",
			false},
		{"ZTESTCAR000000001", "2026-05-06T17:00:00+02:00", "2026-05-07T17:00:00+02:00",
			false},
		{"ZTESTCAR000000001", "2026-05-06T16:59:59+02:00", "2026-05-07T17:00:00+02:00",
			true},
		{"ZTESTCAR000000001", "2026-05-03T09:00:00+02:00", "2026-05-04T07:00:00Z", false},
		{"ZTESTCAR000000001", "2026-05-03T09:00:00+02:00", "2026-05-04T07:00:01Z", true},
	};
	struct claim other;

	(void)state;
	reset(&c);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		reset(&other);
		other.vin = str_from(rows[i].vin);
		other.claimed_from = at(rows[i].from);
		other.claimed_to = at(rows[i].to);
		assert_int_equal(audit_duplicates(&c, &other), rows[i].duplicate);
		assert_int_equal(audit_duplicates(&other, &c), rows[i].duplicate);
	}
	reset(&other);
	other.has_to = false;
	assert_false(audit_duplicates(&c, &other));
	/* No number, no car. */
	reset(&other);
	c.vin = other.vin = STR(" ");
	assert_false(audit_duplicates(&c, &other));
}

static bool read_claim(const char *members)
{
	static char text[4096];

	snprintf(text, sizeof(text),
		"{\"claim_id\":\"C\",\"solution\":\"rental\",\"days_claimed\":3,"
		"\"amount_minor\":300%s}",
		members);
	faults.len = 0;
	return claim_read(&c, judge_parse(&document, str_from(text)), &faults);
}

static void claims_are_read(void **state)
{
	(void)state;
	assert_true(read_claim(""));
	assert_int_equal(c.cap_days, NO_LIMIT);
	assert_int_equal(c.max_per_day, NO_LIMIT);
	assert_int_equal(c.ro_odometer_in, ODOMETER_UNKNOWN);
	assert_false(c.has_out || c.has_from || c.has_signed);
	assert_string_equal(findings(&c), "AUD01 AUD02 AUD03 AUD04 AUD11 AUD12");
	assert_true(read_claim(",\"ro_odometer_in\":0,\"cap_days\":0,\"max_per_day\":0,"
			       "\"loan_out_at\":\"2026-05-04T09:30:00+02:00\","
			       "\"ro_line_types\":[\"a\",\"b\"],\"vin\":null,"
			       "\"authorisation_ref\":\"A\""));
	assert_int_equal(c.ro_odometer_in, 0);
	assert_int_equal(c.cap_days, 0);
	assert_true(c.has_out);
	assert_int_equal(c.ro_line_types_len, 2);
	assert_str(c.authorisation_ref, "A");
}

static void faults_of_claims(void **state)
{
	static const struct {
		const char *members, *pointer, *part;
	} rows[] = {
		{",\"claim\":1", "/claim", "not a known member"},
		{",\"loan_out_at\":\"yesterday\"", "/loan_out_at", "must be an instant"},
		{",\"cap_days\":-1", "/cap_days", "must lie between"},
		{",\"max_per_day\":-1", "/max_per_day", "must lie between"},
		{",\"loan_odometer_in\":-5", "/loan_odometer_in", "must lie between"},
		{",\"ro_line_types\":\"repair\"", "/ro_line_types", "must be a list"},
		{",\"ro_line_types\":[\"\"]", "/ro_line_types/0", "must not be empty"},
		{",\"vin\":17", "/vin", "must be a text"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_false(read_claim(rows[i].members));
		if (!judge_has_fault(&faults, rows[i].pointer, rows[i].part))
			fail_msg("%s: no fault %s", rows[i].members, rows[i].pointer);
	}
	faults.len = 0;
	assert_false(claim_read(&c, judge_parse(&document, STR("{}")), &faults));
	assert_int_equal(faults.len, 4);
	assert_false(claim_read(&c, judge_parse(&document, STR("[]")), &faults));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(papers_of_the_order),
		cmocka_unit_test(papers_of_the_loan),
		cmocka_unit_test(readings_and_times),
		cmocka_unit_test(caps_and_rates),
		cmocka_unit_test(everything_at_once),
		cmocka_unit_test(codes_are_sorted),
		cmocka_unit_test(duplicates),
		cmocka_unit_test(claims_are_read),
		cmocka_unit_test(faults_of_claims),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
