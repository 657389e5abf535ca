/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/vin.h"

/* The ninth character checks the others (49 CFR 565.15). */
enum { CHECK_AT = 8 };

/* The number a character stands for in the check sum; -1 for I, O, Q and whatever is no letter. */
static int char_value(char c)
{
	static const signed char letters[26] = {
		1, 2, 3, 4, 5, 6, 7, 8, -1,  /* A to I */
		1, 2, 3, 4, 5, -1, 7, -1, 9, /* J to R */
		2, 3, 4, 5, 6, 7, 8, 9,	     /* S to Z */
	};

	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'Z' ? letters[c - 'A'] : -1;
}

static char check_char(const char vin[VIN_TEXT])
{
	static const int weight[VIN_LEN] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
	int sum = 0;

	for (size_t i = 0; i < VIN_LEN; i++)
		sum += weight[i] * char_value(vin[i]);
	return "0123456789X"[sum % 11];
}

enum vin_fault vin_check(char out[VIN_TEXT], struct str in, bool north_america)
{
	size_t len = 0;

	for (size_t i = 0; i < in.n; i++) {
		char c = in.p[i];
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (len < VIN_LEN)
			out[len] = c;
		len++;
	}
	out[len < VIN_LEN ? len : VIN_LEN] = '\0';
	if (len != VIN_LEN)
		return VIN_LENGTH;
	for (size_t i = 0; i < VIN_LEN; i++)
		if (char_value(out[i]) < 0)
			return VIN_CHARSET;
	if (north_america && out[CHECK_AT] != check_char(out))
		return VIN_CHECK_DIGIT;
	return VIN_GOOD;
}

const char *vin_fault_code(enum vin_fault fault)
{
	switch (fault) {
	case VIN_GOOD: return "";
	case VIN_LENGTH: return "VIN_LENGTH";
	case VIN_CHARSET: return "VIN_CHARSET";
	case VIN_CHECK_DIGIT: return "VIN_CHECK_DIGIT";
	}
	return "";
}
