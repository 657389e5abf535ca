/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/vin.h"

#include "tests/lib/check.h"

static void table(void **state)
{
	static const struct {
		const char *in;
		bool north_america;
		enum vin_fault fault;
		const char *out;
	} rows[] = {
		/* the function cases of the rule fixtures */
		{"ZAM00000000000001", false, VIN_GOOD, "ZAM00000000000001"},
		{" ZAM 0000 0000 000001 ", false, VIN_GOOD, "ZAM00000000000001"},
		{"ZAMI0000000000001", false, VIN_CHARSET, "ZAMI0000000000001"},
		{"ZAM0000000000001", false, VIN_LENGTH, "ZAM0000000000001"},
		{"1M8GDM9AXKP042788", true, VIN_GOOD, "1M8GDM9AXKP042788"},
		{"1M8GDM9A1KP042788", true, VIN_CHECK_DIGIT, "1M8GDM9A1KP042788"},
		{"ZAM000003X0000001", true, VIN_GOOD, "ZAM000003X0000001"},
		/* ours */
		{"1m8gdm9axkp042788", true, VIN_GOOD, "1M8GDM9AXKP042788"},
		{"1M8GDM9A1KP042788", false, VIN_GOOD, "1M8GDM9A1KP042788"},
		{"11111111111111111", true, VIN_GOOD, "11111111111111111"},
		{"ZAMO0000000000001", false, VIN_CHARSET, "ZAMO0000000000001"},
		{"ZAMq0000000000001", false, VIN_CHARSET, "ZAMQ0000000000001"},
		{"ZAM-0000000000001", false, VIN_CHARSET, "ZAM-0000000000001"},
		{"ZAM000000000000012", false, VIN_LENGTH, "ZAM00000000000001"},
		{"", false, VIN_LENGTH, ""},
		{" \t\r\n", false, VIN_LENGTH, ""},
		{"ZAM\xc3\xa9X00000000001", false, VIN_CHARSET, "ZAM\xc3\xa9X00000000001"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char out[VIN_TEXT];
		enum vin_fault fault = vin_check(out, str_from(rows[i].in), rows[i].north_america);
		if (fault != rows[i].fault)
			fail_msg("%s: %s", rows[i].in, vin_fault_code(fault));
		assert_string_equal(out, rows[i].out);
	}
}

static void codes(void **state)
{
	(void)state;
	assert_string_equal(vin_fault_code(VIN_GOOD), "");
	assert_string_equal(vin_fault_code(VIN_LENGTH), "VIN_LENGTH");
	assert_string_equal(vin_fault_code(VIN_CHARSET), "VIN_CHARSET");
	assert_string_equal(vin_fault_code(VIN_CHECK_DIGIT), "VIN_CHECK_DIGIT");
}

/* One wrong character anywhere is caught, unless both stand for the same number. */
static void single_errors(void **state)
{
	static const char good[] = "1M8GDM9AXKP042788";
	static const char same[] = "1AJ 2BKS 3CLT 4DMU 5ENV 6FW 7GPX 8HY 9RZ";
	static const char digits[] = "0123456789";
	char out[VIN_TEXT], vin[VIN_TEXT];

	(void)state;
	for (size_t i = 0; i < VIN_LEN; i++) {
		if (i == 8)
			continue;
		for (const char *c = digits; *c; c++) {
			const char *group = strchr(same, *c);
			memcpy(vin, good, sizeof(vin));
			vin[i] = *c;
			/* the letters behind a digit in `same` share its number */
			bool alike = *c == good[i] ||
				     (group && good[i] >= 'A' &&
					     memchr(group, good[i], strcspn(group, " ")) != NULL);
			assert_int_equal(vin_check(out, str_from(vin), true),
				alike ? VIN_GOOD : VIN_CHECK_DIGIT);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(codes),
		cmocka_unit_test(single_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
