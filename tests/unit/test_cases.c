/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/cases.h"

#include "tests/lib/judge.h"

/*
 * The engine of worked cases: ours and, where RELAIS_SHARED_RULES names their folder, those of the
 * trade must pass; and it must not pass what is wrong, misspelt or malformed.
 */

static struct judge_document definitions, cases;
static char lines[100][400];
static uint32_t lines_len;

static void line_keep(void *context, const char *line)
{
	(void)context;
	if (lines_len < ARRAY_LEN(lines))
		snprintf(lines[lines_len], sizeof(lines[0]), "%s", line);
	lines_len++;
}

static struct cases_count run(struct json definitions_root, struct json cases_root)
{
	struct cases_io io = {NULL, judge_zone, line_keep};
	struct cases_work *work = malloc(cases_work_size());

	assert_non_null(work);
	lines_len = 0;
	struct cases_count count = cases_run(work, definitions_root, cases_root, &io);
	free(work);
	return count;
}

static void folder_passes(const char *folder, uint32_t at_least)
{
	struct json d = judge_load(&definitions, folder, "definitions.json");
	struct json c = judge_load(&cases, folder, "cases.json");

	assert_true(json_present(d) && json_present(c));
	struct cases_count count = run(d, c);
	for (uint32_t i = 0; i < lines_len && i < ARRAY_LEN(lines); i++)
		print_error("%s\n", lines[i]);
	assert_int_equal(count.failed, 0);
	assert_int_equal(lines_len, 0);
	assert_true(count.passed >= at_least);
}

static void own_cases_pass(void **state)
{
	(void)state;
	folder_passes(judge_data(), 120);
}

static void shared_cases_pass(void **state)
{
	const char *folder = getenv("RELAIS_SHARED_RULES");

	(void)state;
	if (!folder)
		skip();
	folder_passes(folder, 60);
}

/* ---- what must not pass ---- */

/* The smallest file: one site, one programme, two solutions. */
static const char small_definitions[] =
	"{\"version\":1,\"solution_order\":[\"loaner_brand\",\"taxi\",\"pickup\"],"
	"\"job_types\":[\"maintenance\",\"recall\"],\"segments\":[\"private\"],"
	"\"driver_limits\":{\"loaner_brand\":{\"min_age\":21,\"min_licence_years\":1}},"
	"\"programmes\":[{\"id\":\"P\",\"name\":\"P\",\"kind\":\"insurance\",\"payer\":\"insurer\","
	"\"priority\":1,\"requires_coverage\":false,\"transferable\":true,"
	"\"continues_after_expiry\":true,\"voided_by_lock\":false,\"needs_open_campaign\":false,"
	"\"needs_claim_ref\":false,\"markets\":[\"EU\"],\"job_types\":[\"maintenance\"],"
	"\"benefits\":{\"loaner_brand\":{\"cost_code\":\"C\",\"max_days\":1}}}],"
	"\"documents_by_solution\":{\"loaner_brand\":[\"driving_licence\"]},"
	"\"condition_rules\":[{\"when\":\"decision = partly_free\",\"key\":\"excess\"}],"
	"\"sites\":{\"S\":{\"time_zone\":\"Europe/Paris\",\"market\":\"EU\",\"currency\":\"EUR\","
	"\"grace_minutes\":0,\"max_service_distance_km\":10,\"accompanied_max_km\":10,"
	"\"tariff\":{\"loaner_brand\":{\"unit\":\"day\",\"price\":100},"
	"\"taxi\":{\"unit\":\"trip\",\"trips\":1,\"price\":30},"
	"\"pickup\":{\"unit\":\"leg\",\"legs\":1,\"base\":5,\"per_km\":1}}}}}";

#define SMALL_REQUEST                                                                             \
	"\"request\":{\"site\":\"S\",\"jobs\":[{\"type\":\"maintenance\","                        \
	"\"immobilisation_minutes\":60}],\"drop_off_at\":\"2026-05-04T09:00:00+02:00\","          \
	"\"ready_at\":\"2026-05-06T09:00:00+02:00\",\"loan_from\":\"2026-05-04T09:00:00+02:00\"," \
	"\"loan_to\":\"2026-05-06T09:00:00+02:00\",\"distance_km\":11,\"vehicle\":{},"            \
	"\"customer\":{\"segment\":\"private\"}}"

/* A file with one decision case of that request, or with something else in its place. */
static struct cases_count PRINTF_LIKE(2, 3)
	run_small(const char *definitions_text, const char *format, ...)
{
	static char text[8192];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	struct json c = judge_parse(&cases, str_from(text));
	return run(judge_parse(&definitions, str_from(definitions_text)), c);
}

static struct cases_count run_expect(const char *expect)
{
	return run_small(small_definitions,
		"{\"cases\":[{\"id\":\"T\"," SMALL_REQUEST ",\"expect\":%s}]}", expect);
}

static void right_expectations_pass(void **state)
{
	static const char *const right[] = {
		"{\"loaner_brand\":{\"decision\":\"partly_free\",\"units\":2,\"gross_minor\":200,"
		"\"customer_minor\":100,\"value_minor\":100,\"reason\":null}}",
		"{\"loaner_brand\":{\"covered\":[{\"programme\":\"P\",\"payer\":\"insurer\","
		"\"cost_code\":\"C\",\"units\":1,\"amount_minor\":100}]}}",
		"{\"loaner_brand\":{\"payers\":[\"insurer\",\"customer\"],"
		"\"notes\":[\"CAP_DAYS_REACHED\"]}}",
		"{\"loaner_brand\":{\"evidence_has\":[{\"programme\":\"P\",\"result\":\"APPLIED\"}]"
		"}}",
		"{\"taxi\":{\"evidence\":[{\"programme\":\"P\","
		"\"result\":\"SOLUTION_NOT_INCLUDED\"}]}}",
		"{\"loaner_brand\":{\"conditions_has\":[\"excess\"],\"conditions\":[\"excess\"],"
		"\"documents_has\":[],\"documents\":[\"driving_licence\"]}}",
		"{\"pickup\":{\"decision\":\"not_offered\",\"reason\":\"OUT_OF_AREA\","
		"\"units\":null,\"gross_minor\":null,\"covered\":[],\"documents\":[]}}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(right); i++) {
		struct cases_count count = run_expect(right[i]);
		if (count.failed || count.passed != 1)
			fail_msg("%s: %s", right[i], lines[0]);
	}
}

static void wrong_expectations_fail(void **state)
{
	static const struct {
		const char *expect, *line;
	} wrong[] = {
		{"{\"loaner_brand\":{\"decision\":\"free\"}}", "decision is \"partly_free\""},
		{"{\"loaner_brand\":{\"decision\":null}}", "decision is"},
		{"{\"loaner_brand\":{\"units\":3}}", "units is 2, expected 3"},
		{"{\"loaner_brand\":{\"gross_minor\":\"200\"}}", "gross_minor is 200"},
		{"{\"loaner_brand\":{\"customer_minor\":null}}", "customer_minor is 100"},
		{"{\"loaner_brand\":{\"reason\":\"OUT_OF_AREA\"}}", "reason is"},
		{"{\"loaner_brand\":{\"covered\":[]}}", "1 rows"},
		{"{\"loaner_brand\":{\"covered\":[{\"programme\":\"P\",\"payer\":\"insurer\","
		 "\"cost_code\":\"C\",\"units\":2,\"amount_minor\":100}]}}",
			"row 0 is P insurer C, 1 units, 100"},
		{"{\"loaner_brand\":{\"covered\":[{\"programme\":\"P\",\"payer\":\"insurer\","
		 "\"cost_code\":\"C\",\"units\":1,\"amount_minor\":100,\"net_minor\":90}]}}",
			"row 0"},
		{"{\"loaner_brand\":{\"covered\":[{\"programme\":\"P\"}]}}", "row 0"},
		{"{\"loaner_brand\":{\"covered\":{}}}", "1 rows"},
		{"{\"loaner_brand\":{\"payers\":[\"customer\",\"insurer\"]}}",
			"element 0 is insurer"},
		{"{\"loaner_brand\":{\"payers\":[\"insurer\"]}}", "customer is one too many"},
		{"{\"loaner_brand\":{\"notes\":[\"CAP_DAYS_REACHED\",\"WAITING_PERIOD\"]}}",
			"element 1 is nothing"},
		{"{\"loaner_brand\":{\"notes\":null}}", "must be a list"},
		{"{\"loaner_brand\":{\"evidence_has\":[{\"programme\":\"P\",\"result\":\"NOT_"
		 "USED\"}]}}",
			"is missing"},
		{"{\"loaner_brand\":{\"evidence\":[]}}", "1 rows"},
		{"{\"loaner_brand\":{\"conditions_has\":[\"other\"]}}", "\"other\" is missing"},
		{"{\"loaner_brand\":{\"documents_has\":[\"passport\"]}}",
			"\"passport\" is missing"},
		{"{\"loaner_brand\":{\"documents_has\":\"driving_licence\"}}", "must be a list"},
		{"{\"pickup\":{\"units\":1}}", "not offered"},
		{"{\"loaner_brand\":{\"unit\":2}}", "is not understood"},
		{"{\"loaner_brand\":{}}", "expects nothing"},
		{"{\"loaner_brand\":[]}", "expects nothing"},
		{"{\"loaner\":{\"units\":2}}", "\"loaner\" is not a solution"},
		{"{}", "expects nothing"},
		{"null", "expects nothing"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct cases_count count = run_expect(wrong[i].expect);
		if (count.failed != 1 || count.passed != 0 || !strstr(lines[0], wrong[i].line))
			fail_msg("%s: %u failed, \"%s\"", wrong[i].expect, count.failed, lines[0]);
		assert_true(strncmp(lines[0], "T: ", 3) == 0);
	}
}

static void malformed_files_fail(void **state)
{
	static const struct {
		const char *file, *line;
	} wrong[] = {
		{"{}", "holds no cases"},
		{"[]", "must be an object"},
		{"{\"cases\":[],\"more_cases\":[]}", "\"more_cases\" is not understood"},
		{"{\"cases\":{}}", "must be a list"},
		{"{\"cases\":[7]}", "must be an object"},
		{"{\"cases\":[{\"id\":\"T\",\"expect\":{\"taxi\":{\"units\":1}}}]}",
			"there is no site"},
		{"{\"cases\":[{\"id\":\"T\"," SMALL_REQUEST "}]}", "expects nothing"},
		{"{\"cases\":[{\"id\":\"T\",\"expects\":{}," SMALL_REQUEST "}]}", "not understood"},
		{"{\"cases\":[{\"id\":\"T\",\"expect\":{\"taxi\":{\"units\":1}},"
		 "\"request\":{\"site\":\"S\"}}]}",
			"request /drop_off_at is required"},
		{"{\"function_cases\":[]}", "must be an object"},
		{"{\"function_cases\":{\"add_months\":[]}}", "must be a list of cases"},
		{"{\"function_cases\":{\"add_years\":[[\"2026-01-01\",1,\"2027-01-01\"]]}}",
			"add_years[0]: is a function nobody knows"},
		{"{\"function_cases\":{\"rental_days_grace_x\":[[]]}}", "nobody knows"},
		{"{\"function_cases\":{\"add_months\":[[\"2026-01-01\",1]]}}", "must be [date"},
		{"{\"function_cases\":{\"add_months\":[[\"2026-01-31\",1,\"2026-03-03\"]]}}",
			"is 2026-02-28, expected"},
		{"{\"function_cases\":{\"full_years\":[[\"2000-05-05\",\"2026-05-04\",26]]}}",
			"is 25, expected 26"},
		{"{\"function_cases\":{\"full_years\":[[\"2000-05-05\",\"2026-05-04\"]]}}",
			"must be"},
		{"{\"function_cases\":{\"rental_days_grace_5\":[[\"Europe/Paris\","
		 "\"2026-05-04T09:00:00Z\",\"2026-05-05T09:06:00Z\",1]]}}",
			"is 2, expected 1"},
		{"{\"function_cases\":{\"rental_days_grace_5\":[[\"Nowhere/Land\","
		 "\"2026-05-04T09:00:00Z\",\"2026-05-05T09:06:00Z\",2]]}}",
			"there is no time zone"},
		{"{\"function_cases\":{\"vin\":[{\"in\":\"X\",\"valid\":true}]}}", "is VIN_LENGTH"},
		{"{\"function_cases\":{\"vin\":[{\"in\":\"X\"}]}}", "must hold in and valid"},
		{"{\"function_cases\":{\"vin\":[{\"in\":\"ZTESTCAR000000001\",\"valid\":false}]}}",
			"is valid"},
		{"{\"function_cases\":{\"vin\":[{\"in\":\"X\",\"valid\":false,"
		 "\"error\":\"VIN_CHARSET\"}]}}",
			"is VIN_LENGTH, expected VIN_CHARSET"},
		{"{\"function_cases\":{\"vin\":[{\"in\":\"zTESTCAR000000001\",\"valid\":true,"
		 "\"normalised\":\"z\"}]}}",
			"is ZTESTCAR000000001"},
		{"{\"audit_cases\":{}}", "must be a list"},
		{"{\"audit_cases\":[{\"id\":\"A\",\"claims\":[],\"expect\":{\"C\":[]}}]}",
			"holds no claims"},
		{"{\"audit_cases\":[{\"id\":\"A\",\"claims\":[{\"claim_id\":\"C\"}],"
		 "\"expect\":{\"C\":[]}}]}",
			"claim /solution is required"},
		{"{\"audit_cases\":[{\"id\":\"A\",\"claims\":[{\"claim_id\":\"C\",\"solution\":"
		 "\"taxi\","
		 "\"days_claimed\":1,\"amount_minor\":1}],\"expect\":{\"D\":[]}}]}",
			"there is no claim \"D\""},
		{"{\"audit_cases\":[{\"id\":\"A\",\"claims\":[{\"claim_id\":\"C\",\"solution\":"
		 "\"taxi\","
		 "\"days_claimed\":1,\"amount_minor\":1}],\"expect\":{\"C\":[]}}]}",
			"C: AUD01_RO_MISSING is one too many"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct cases_count count = run_small(small_definitions, "%s", wrong[i].file);
		if (count.failed != 1 || !strstr(lines[0], wrong[i].line))
			fail_msg("%s: %u failed, \"%s\"", wrong[i].file, count.failed, lines[0]);
	}
}

static void broken_definitions_fail_every_decision(void **state)
{
	static const char file[] =
		"{\"cases\":[{\"id\":\"T\"," SMALL_REQUEST ",\"expect\":{\"taxi\":{\"units\":1}}}],"
		"\"function_cases\":{\"add_months\":[[\"2026-01-01\",1,\"2026-02-01\"]]}}";
	struct cases_count count = run_small("{\"version\":1}", "%s", file);

	(void)state;
	assert_int_equal(count.failed, 2);
	assert_int_equal(count.passed, 1);
	assert_true(lines_len > 2);
	assert_non_null(strstr(lines[0], "definitions: "));
}

/* An unknown job type is no job type: the request is refused, not quietly decided. */
static void unknown_words_of_a_request_fail(void **state)
{
	static const struct {
		const char *members, *line;
	} wrong[] = {
		{"\"jobs\":[{\"type\":\"tuning\",\"immobilisation_minutes\":60}]",
			"/jobs/0/type \"tuning\" is not a known job type"},
		{"\"jobs\":[],\"authorisations\":[{\"programme\":\"Q\",\"extra_days\":1}]",
			"/authorisations/0/programme \"Q\""},
		{"\"jobs\":[],\"goodwill\":{\"percent_bp\":1,\"payer\":\"dealer\","
		 "\"cost_code\":\"G\",\"authorisation_ref\":null,\"solutions\":[\"boat\"]}",
			"/goodwill/solutions/0 \"boat\""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct cases_count count = run_small(small_definitions,
			"{\"cases\":[{\"id\":\"T\",\"expect\":{\"taxi\":{\"units\":1}},"
			"\"request\":{\"site\":\"S\",%s,"
			"\"drop_off_at\":\"2026-05-04T09:00:00+02:00\","
			"\"ready_at\":\"2026-05-06T09:00:00+02:00\","
			"\"loan_from\":\"2026-05-04T09:00:00+02:00\","
			"\"loan_to\":\"2026-05-06T09:00:00+02:00\",\"vehicle\":{},"
			"\"customer\":{\"segment\":\"private\"}}}]}",
			wrong[i].members);
		if (count.failed != 1 || !strstr(lines[0], wrong[i].line))
			fail_msg("%s: \"%s\"", wrong[i].members, lines[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_cases_pass),
		cmocka_unit_test(shared_cases_pass),
		cmocka_unit_test(right_expectations_pass),
		cmocka_unit_test(wrong_expectations_fail),
		cmocka_unit_test(malformed_files_fail),
		cmocka_unit_test(broken_definitions_fail_every_decision),
		cmocka_unit_test(unknown_words_of_a_request_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
