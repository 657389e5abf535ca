/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/money.h"

#include "rules/json.h"
#include "tests/lib/check.h"

static void multiply(void **state)
{
	static const struct {
		int64_t a, b, product; /* -1 = refused */
	} rows[] = {
		{0, 0, 0},
		{0, INT64_MAX, 0},
		{27000, 3, 81000},
		{MONEY_MAX, 366, 366 * MONEY_MAX},
		{JSON_INT_MAX, 1, JSON_INT_MAX},
		{JSON_INT_MAX + 1, 1, -1},
		{(JSON_INT_MAX + 1) / 2, 2, -1},
		{INT64_MAX, 2, -1},
		{INT64_C(1) << 32, INT64_C(1) << 32, -1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t product = -1;
		assert_int_equal(
			money_multiply(&product, rows[i].a, rows[i].b), rows[i].product >= 0);
		assert_true(product == rows[i].product);
	}
}

static void share(void **state)
{
	static const struct {
		int64_t amount;
		int32_t bp;
		int64_t part;
	} rows[] = {
		{0, 10000, 0},
		{100, 0, 0},
		{100, 10000, 100},
		{1, 4999, 0},
		{1, 5000, 1},
		{3, 5000, 2},
		{12345, 3333, 4115},
		{10001, 5000, 5001},
		{999, 1, 0},
		{MONEY_MAX, 10000, MONEY_MAX},
		{MONEY_MAX, 1, MONEY_MAX / 10000},
		{JSON_INT_MAX, 10000, JSON_INT_MAX},
		{INT64_MAX, 10000, INT64_MAX},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_true(money_share(rows[i].amount, rows[i].bp) == rows[i].part);
	/* Against the definition, where the plain product fits. */
	for (int64_t amount = 0; amount < 30000; amount += 7)
		for (int32_t bp = 0; bp <= 10000; bp += 99)
			assert_true(money_share(amount, bp) == (amount * bp * 2 + 10000) / 20000);
}

static void print(void **state)
{
	static const struct {
		int64_t minor;
		int digits;
		char decimal;
		const char *text;
	} rows[] = {
		{58000, 2, ',', "580"},
		{2750, 2, ',', "27,50"},
		{2705, 2, '.', "27.05"},
		{5, 2, ',', "0,05"},
		{0, 2, ',', "0"},
		{-2750, 2, ',', "-27,50"},
		{580, 0, ',', "580"},
		{1234567, 3, '.', "1234.567"},
		{1234000, 3, '.', "1234"},
		{10001, 4, '.', "1.0001"},
		{INT64_MIN, 2, ',', "-92233720368547758,08"},
	};
	char buf[MONEY_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str text = money_print(rows[i].minor, rows[i].digits, rows[i].decimal, buf);
		assert_str(text, rows[i].text);
		assert_int_equal(text.p[text.n], '\0');
	}
}

static void digits(void **state)
{
	(void)state;
	assert_int_equal(money_minor_digits(STR("EUR")), 2);
	assert_int_equal(money_minor_digits(STR("USD")), 2);
	assert_int_equal(money_minor_digits(STR("JPY")), 0);
	assert_int_equal(money_minor_digits(STR("KRW")), 0);
	assert_int_equal(money_minor_digits(STR("KWD")), 3);
	assert_int_equal(money_minor_digits(STR("TND")), 3);
	assert_int_equal(money_minor_digits(STR("CLF")), 4);
	assert_int_equal(money_minor_digits(STR_NULL), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(multiply),
		cmocka_unit_test(share),
		cmocka_unit_test(print),
		cmocka_unit_test(digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
