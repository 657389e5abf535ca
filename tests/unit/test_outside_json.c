/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/json.h"

#include "tests/lib/check.h"

static struct arena arena;

static struct str read_outside(const char *body, size_t n, struct str *why)
{
	arena_reset(&arena);
	return json_from_outside(&arena, (struct str){body, n}, why);
}

/* ---- what is accepted, and how it is written ---- */

static const struct {
	const char *body, *canonical;
} good[] = {
	{"{}", "{}"},
	{" [ ] ", "[]"},
	{"true", "true"},
	{"null", "null"},
	{"\"x\"", "\"x\""},
	{"-0", "0"},
	{"{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}"},
	{"{\"a\" : [ 1 , null, false ] }", "{\"a\":[1,null,false]}"},
	{"{\"ab\":1,\"a\":2,\"B\":3,\"a-\":4}", "{\"B\":3,\"a\":2,\"a-\":4,\"ab\":1}"},
	/* any key: shapes refuse, this door only reads */
	{"{\"/a~ \\\"\":1,\"\":2}", "{\"\":2,\"/a~ \\\"\":1}"},
	{"[9007199254740991,-9007199254740991]", "[9007199254740991,-9007199254740991]"},
	{"\"\\u00e9\\/\\u000a\\u0001\"", "\"\xc3\xa9/\\n\\u0001\""},
	{"\"\\ud83d\\ude97\"", "\"\xf0\x9f\x9a\x97\""},
	{"{\"\\u00e9\":1,\"z\":2}", "{\"z\":2,\"\xc3\xa9\":1}"},
};

static void test_canonical(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct json_doc *doc;
		struct str why, out = read_outside(good[i].body, strlen(good[i].body), &why);
		assert_str(out, good[i].canonical);
		assert_null(why.p);
		assert_true(json_present(arena_json(&arena, out, &doc)));
		assert_true(doc->canonical);
	}
}

/* ---- what is refused, and what the sentence says ---- */

static const struct {
	const char *body, *why;
} bad[] = {
	{"", "no JSON"},
	{" ", "ends too early"},
	{"{", "ends too early"},
	{"{\"a\":1", "ends too early"},
	{"{'a':1}", "syntax"},
	{"{\"a\":1,}", "syntax"},
	{"[1,]", "syntax"},
	{"[01]", "syntax"},
	{"[NaN]", "syntax"},
	{"{} {}", "something follows"},
	{"{\"a\":1,\"a\":2}", "twice"},
	{"{\"a\":1,\"\\u0061\":2}", "twice"},
	{"[1.5]", "integers"},
	{"[1e3]", "integers"},
	{"[1.0]", "integers"},
	{"{\"distance_km\":12.5}", "at \"distance_km\""},
	{"[1e999]", "too large"},
	{"[9007199254740992]", "2^53"},
	{"[-9007199254740992]", "2^53"},
	{"[99999999999999999999]", "too large"},
	{"[\"\xff\"]", "UTF-8"},
	{"[\"\xc0\xaf\"]", "UTF-8"},
	{"[\"\\ud800\"]", "syntax"},
	{"[\"\\u0000\"]", "U+0000"},
	{"{\"\\u0000\":1}", "U+0000"},
	{"[\"\n\"]", "syntax"},
	{"\xef\xbb\xbf{}", "syntax"},
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct str why, out = read_outside(bad[i].body, strlen(bad[i].body), &why);
		if (out.p || !why.p || !strstr(why.p, bad[i].why))
			fail_msg("%s: \"%s\" does not say \"%s\"", bad[i].body,
				why.p ? why.p : "nothing", bad[i].why);
	}
}

static void test_place_of_a_fault(void **state)
{
	static const char body[] = "{\n\"a\": 1,\n\"b\": x}";
	struct str why;

	(void)state;
	assert_null(read_outside(body, strlen(body), &why).p);
	assert_non_null(strstr(why.p, "line 3"));
	/* the body is never quoted: it may hold a person */
	assert_null(strstr(why.p, "'"));
}

static void test_nul_byte(void **state)
{
	static const char body[] = "[\"a\0b\"]";
	struct str why;

	(void)state;
	assert_null(read_outside(body, sizeof(body) - 1, &why).p);
	assert_non_null(why.p);
	assert_null(read_outside("[]\0", 3, &why).p);
	assert_null(read_outside("[12\0]", 5, &why).p); /* the library steps over this one */
}

/* ---- bounds ---- */

static struct str nested(char *buf, int depth)
{
	for (int i = 0; i < depth; i++) {
		buf[i] = '[';
		buf[2 * depth - 1 - i] = ']';
	}
	return (struct str){buf, (size_t)(2 * depth)};
}

static void test_depth(void **state)
{
	static char buf[200000];
	struct str why, body;

	(void)state;
	body = nested(buf, JSON_DEPTH_MAX);
	assert_int_equal(read_outside(body.p, body.n, &why).n, body.n);
	body = nested(buf, JSON_DEPTH_MAX + 1);
	assert_null(read_outside(body.p, body.n, &why).p);
	assert_non_null(strstr(why.p, "too deeply"));
	body = nested(buf, 100000); /* the parser's own bound */
	assert_null(read_outside(body.p, body.n, &why).p);
	assert_non_null(strstr(why.p, "too deeply"));
}

static void test_full_arena(void **state)
{
	static char body[4000];
	struct arena small;
	struct str why;

	(void)state;
	memset(body, ' ', sizeof(body));
	body[0] = '[';
	body[sizeof(body) - 1] = ']';
	arena_init(&small, 1000);
	assert_null(json_from_outside(&small, (struct str){body, sizeof(body)}, &why).p);
	assert_non_null(why.p);
	arena_deinit(&small);
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_MAX_DEFAULT);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_place_of_a_fault),
		cmocka_unit_test(test_nul_byte),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_full_arena),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
