/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/money.h"

#include "rules/json.h"

bool money_multiply(int64_t *out, int64_t a, int64_t b)
{
	int64_t product;

	ASSERT(a >= 0 && b >= 0);
	if (__builtin_mul_overflow(a, b, &product) || product > JSON_INT_MAX)
		return false;
	*out = product;
	return true;
}

int64_t money_share(int64_t amount_minor, int32_t bp)
{
	ASSERT(amount_minor >= 0 && bp >= 0 && bp <= 10000);
	/* Whole ten-thousandths first: amount * bp itself could overflow. */
	return amount_minor / 10000 * bp + (amount_minor % 10000 * bp + 5000) / 10000;
}

struct str money_print(int64_t minor, int minor_digits, char decimal, char buf[MONEY_TEXT])
{
	uint64_t rest = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
	uint64_t unit = 1;
	char *end = buf + MONEY_TEXT - 1, *p = end;

	ASSERT(minor_digits >= 0 && minor_digits <= 4);
	for (int i = 0; i < minor_digits; i++)
		unit *= 10;
	*p = '\0';
	/* From the right: the fraction, unless the amount is whole, then the units. */
	if (rest % unit != 0) {
		for (int i = 0; i < minor_digits; i++, rest /= 10)
			*--p = (char)('0' + rest % 10);
		*--p = decimal;
	} else {
		rest /= unit;
	}
	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (minor < 0)
		*--p = '-';
	return (struct str){p, (size_t)(end - p)};
}

/* ISO 4217, the currencies whose minor unit is not a hundredth. */
int money_minor_digits(struct str currency)
{
	static const char none[][4] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
		"PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
	static const char three[][4] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
	static const char four[][4] = {"CLF", "UYW"};

	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		if (str_is(currency, none[i]))
			return 0;
	for (size_t i = 0; i < ARRAY_LEN(three); i++)
		if (str_is(currency, three[i]))
			return 3;
	for (size_t i = 0; i < ARRAY_LEN(four); i++)
		if (str_is(currency, four[i]))
			return 4;
	return 2;
}
