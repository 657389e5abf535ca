/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/schema.h"

#include "tests/lib/check.h"

/* The checker of tests/lib/schema.c finds what it is there for: each keyword, both ways. */

static void test_each_keyword(void **state)
{
	static const struct {
		const char *schema, *good, *bad;
	} table[] = {
		{"{\"type\":\"string\"}", "\"x\"", "1"},
		{"{\"type\":[\"string\",\"null\"]}", "null", "false"},
		{"{\"type\":\"boolean\"}", "false", "0"},
		{"{\"type\":\"integer\"}", "7", "7.5"},
		{"{\"type\":\"string\",\"format\":\"date-time\"}", "\"2031-03-03T09:00:00+01:00\"",
			"\"2031-03-03T09:00\""},
		{"{\"enum\":[\"a\",\"b\"],\"type\":\"string\"}", "\"b\"", "\"c\""},
		{"{\"minimum\":1,\"maximum\":3,\"type\":\"integer\"}", "3", "4"},
		{"{\"maxLength\":2,\"type\":\"string\"}", "\"\\u00e9\\u00e9\"", "\"abc\""},
		{"{\"pattern\":\"^[A-Z]{3}$\",\"type\":\"string\"}", "\"EUR\"", "\"eur\""},
		{"{\"items\":{\"type\":\"integer\"},\"type\":\"array\"}", "[1,2]", "[1,\"2\"]"},
		{"{\"properties\":{\"a\":{\"type\":\"null\"}},\"type\":\"object\"}", "{\"a\":null}",
			"{\"b\":null}"},
		{"{\"properties\":{\"a\":{}},\"required\":[\"a\"],\"type\":\"object\"}",
			"{\"a\":[]}", "{}"},
		{"{\"additionalProperties\":true,\"type\":\"object\"}", "{\"b\":1}", "[]"},
		{"{\"additionalProperties\":{\"type\":\"integer\"},\"type\":\"object\"}",
			"{\"b\":1}", "{\"b\":\"1\"}"},
		{"{\"type\":\"object\"}", "{}", "{\"a\":1}"},
		{"{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}]}", "null", "\"1\""},
		{"{\"oneOf\":[{\"type\":\"integer\"},{\"minimum\":3,\"type\":\"integer\"}]}", "2",
			"4"},
		{"{\"allOf\":[{\"type\":\"integer\"},{\"minimum\":3,\"type\":\"integer\"}]}", "3",
			"2"},
		{"{\"properties\":{\"n\":{\"$ref\":\"#/properties/m\"},\"m\":{\"type\":\"null\"}},"
		 "\"type\":\"object\"}",
			"{\"n\":null}", "{\"n\":1}"},
	};
	char why[SCHEMA_WHY];
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (!schema_text_fits(table[i].schema, table[i].good, why))
			fail_msg("%s refuses %s: %s", table[i].schema, table[i].good, why);
		if (schema_text_fits(table[i].schema, table[i].bad, why))
			fail_msg("%s takes %s", table[i].schema, table[i].bad);
	}
	assert_false(schema_text_fits("{\"not\":{}}", "1", why));
	assert_false(schema_text_fits("{\"$ref\":\"#/nowhere\"}", "1", why));
	assert_false(schema_text_fits("{\"$ref\":\"#\"}", "1", why)); /* bounded, too */
	assert_true(schema_text_fits("{}", "{\"a\":1}", why));
}

static const char document[] =
	"{\"components\":{\"schemas\":{\"A\":{\"properties\":{\"a\":{\"type\":\"integer\"}},"
	"\"required\":[\"a\"],\"type\":\"object\"}}},\"paths\":{\"/a/{id}\":{\"get\":{"
	"\"responses\":{\"200\":{\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
	"\"#/components/schemas/A\"}}},\"headers\":{\"ETag\":{}}}}}},\"/a/b\":{\"get\":{"
	"\"responses\":{\"204\":{}}}}}}";

static bool has_etag(const void *context, const char *name)
{
	return context && strcmp(name, "etag") == 0;
}

static bool fits(struct described *d, const char *path, int status, const char *body, bool etag)
{
	char why[SCHEMA_WHY];
	const struct described_answer answer = {.method = "GET",
		.path = path,
		.status = status,
		.type = "application/json; charset=utf-8",
		.body = str_from(body),
		.has_header = has_etag,
		.context = etag ? d : NULL};

	return described_fits(d, &answer, why);
}

static void test_answers(void **state)
{
	char why[SCHEMA_WHY];
	struct described *d = described_open(str_from(document), why);

	(void)state;
	assert_non_null(d);
	assert_int_equal(described_operations(d), 2);
	assert_true(fits(d, "/a/b?x=1", 204, "", false)); /* the plain path before {id} */
	assert_int_equal(described_missed(d), 1);
	assert_true(fits(d, "/a/7", 200, "{\"a\":1}", true));
	assert_int_equal(described_missed(d), 0);
	assert_false(fits(d, "/a/7", 200, "{\"a\":1}", false));
	assert_false(fits(d, "/a/7", 200, "{\"a\":1,\"b\":2}", true));
	assert_false(fits(d, "/a/7", 200, "{}", true));
	assert_false(fits(d, "/a/7", 404, "{\"a\":1}", true));
	assert_false(fits(d, "/a/7/c", 200, "{\"a\":1}", true));
	assert_false(fits(d, "/a/b", 204, "{}", false));
	assert_true(described_check(d, "A", STR("{\"a\":1}"), why));
	assert_false(described_check(d, "B", STR("{\"a\":1}"), why));
	described_close(d);
	assert_null(described_open(STR("{"), why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_keyword),
		cmocka_unit_test(test_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
