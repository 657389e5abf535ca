/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"

#include "tests/lib/judge.h"

/* What makers and markets ask of a claim is data, and all that fits counts together. */

static struct judge_document document;
static struct ruleset ruleset;
static struct faults faults;

static const char sound[] =
	"{\"version\":\"v1\",\"valid_from\":\"2026-01-01\",\"solution_order\":[\"rental\","
	"\"taxi\"],\"job_types\":[\"recall\"],\"segments\":[\"private\"],\"driver_limits\":{},"
	"\"programmes\":[],\"documents_by_solution\":{},\"condition_rules\":[],"
	"\"claim_profiles\":[{\"id\":\"zam-eu\",\"vin_prefixes\":[\"ZAM\",\"ZFF\"],\"markets\":["
	"\"EU\"],\"payers\":[\"manufacturer\"],\"requires\":[\"ro_closed\",\"photos_out\"]},"
	"{\"id\":\"all\",\"requires\":[\"claim_number\"]}]}";

static bool read_changed(const char *from, const char *to)
{
	static char text[2048];
	const char *at = strstr(sound, from);

	assert_non_null(at);
	snprintf(text, sizeof text, "%.*s%s%s", (int)(at - sound), sound, to, at + strlen(from));
	faults.len = 0;
	return ruleset_read(&ruleset, judge_parse(&document, str_from(text)), true, &faults);
}

static void all_that_fit_count_together(void **state)
{
	const struct str zff = STR("ZFF00000000000001"), eu = STR("EU"),
			 maker = STR("man"
				     "ufacturer");
	const uint32_t always = NEED_BIT(LOAN_NOT_BACK);
	const uint32_t all = always | NEED_BIT(CLAIM_NUMBER_MISSING);

	(void)state;
	if (!read_changed("v1", "v1")) {
		judge_print_faults(&faults);
		fail();
	}
	assert_int_equal(ruleset.claim_profiles_len, 2);
	assert_int_equal(claim_needs_of(&ruleset, zff, eu, maker),
		all | NEED_BIT(RO_NOT_CLOSED) | NEED_BIT(PHOTOS_OUT_MISSING));
	assert_int_equal(claim_needs_of(&ruleset, zff, STR("CN"), maker), all);
	assert_int_equal(claim_needs_of(&ruleset, zff, eu, STR("insurer")), all);
	assert_int_equal(claim_needs_of(&ruleset, STR("ZA"), eu, maker), all);
	assert_int_equal(claim_needs_of(NULL, zff, eu, maker), always);
}

static void faults_are_named(void **state)
{
	static const struct {
		const char *from, *to, *pointer;
	} changes[] = {
		{"\"ro_closed\"", "\"ro_open\"", "/claim_profiles/0/requires/0"},
		{"\"ro_closed\"", "\"photos_out\"", "/claim_profiles/0/requires/1"},
		{"[\"ZAM\",\"ZFF\"]", "[]", "/claim_profiles/0/vin_prefixes"},
		{"\"id\":\"all\"", "\"id\":\"zam-eu\"", "/claim_profiles/1/id"},
		{"\"id\":\"all\"", "\"id\":\"all\",\"for\":1", "/claim_profiles/1/for"},
		{"[{\"id\":\"zam-eu\"", "[7,{\"id\":\"zam-eu\"", "/claim_profiles/0"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		assert_false(read_changed(changes[i].from, changes[i].to));
		assert_int_equal(faults.len, 1);
		assert_string_equal(faults.fault[0].pointer, changes[i].pointer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_fit_count_together),
		cmocka_unit_test(faults_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
