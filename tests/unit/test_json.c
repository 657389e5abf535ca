/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/json.h"

#include "tests/lib/check.h"

#include <ctype.h>

enum { NODES = 4096, TEXT = 65536 };

static struct json_node nodes[NODES];
static char text[TEXT];

/* Reads a copy that ends exactly at the last byte, so that a read past it is seen by ASan. */
static struct json_doc read_or_not(struct str source, bool *good, char **copy)
{
	struct json_doc doc = {.nodes = nodes, .nodes_max = NODES, .text = text, .text_max = TEXT};

	*copy = malloc(source.n ? source.n : 1);
	assert_non_null(*copy);
	if (source.n)
		memcpy(*copy, source.p, source.n);
	*good = json_read(&doc, (struct str){*copy, source.n});
	return doc;
}

static void check_refused(struct str source, const char *why, size_t at)
{
	bool good;
	char *copy;
	struct json_doc doc = read_or_not(source, &good, &copy);

	if (good)
		fail_msg("accepted: %.*s", STR_FMT(source));
	if (strcmp(doc.error, why) != 0 || doc.error_at != at)
		fail_msg("%.*s: \"%s\" at %zu", STR_FMT(source), doc.error, doc.error_at);
	free(copy);
}

static void refusals(void **state)
{
	const struct {
		struct str source;
		const char *why;
		size_t at;
	} rows[] = {
		{STR(""), "a value is expected", 0},
		{STR("  "), "a value is expected", 2},
		{STR("\xef\xbb\xbf{}"), "a value is expected", 0},
		{STR("nul"), "a value is expected", 0},
		{STR("truE"), "a value is expected", 0},
		{STR("1 2"), "something follows the value", 2},
		{STR("{} {}"), "something follows the value", 3},
		{STR("nullx"), "something follows the value", 4},
		{STR("[1,]"), "a value is expected", 3},
		{STR("[1 2]"), "a comma or a closing bracket is expected", 3},
		{STR("[1}"), "a comma or a closing bracket is expected", 2},
		{STR("[,1]"), "a value is expected", 1},
		{STR("["), "a value is expected", 1},
		{STR("[1"), "a comma or a closing bracket is expected", 2},
		{STR("{\"a\":1,}"), "a key is expected", 7},
		{STR("{a:1}"), "a key is expected", 1},
		{STR("{\"a\"}"), "a colon is expected", 4},
		{STR("{\"a\":}"), "a value is expected", 5},
		{STR("{\"a\":1,\"a\":2}"), "a key occurs twice", 7},
		{STR("{\"b\":1,\"a\":2,\"b\":3}"), "a key occurs twice", 13},
		{STR("{\"b\":1,\"\\u0062\":2}"), "a key occurs twice", 7},
		{STR("01"), "a number begins with a needless zero", 0},
		{STR("-01"), "a number begins with a needless zero", 1},
		{STR("-"), "a digit is missing", 1},
		{STR("-a"), "a digit is missing", 1},
		{STR("+1"), "a value is expected", 0},
		{STR("1.0"), "fractions and exponents are not allowed", 1},
		{STR("1e2"), "fractions and exponents are not allowed", 1},
		{STR("1E2"), "fractions and exponents are not allowed", 1},
		{STR("9007199254740992"), "a number is beyond 2^53 - 1", 0},
		{STR("-9007199254740992"), "a number is beyond 2^53 - 1", 0},
		{STR("99999999999999999999999"), "a number is beyond 2^53 - 1", 0},
		{STR("\"a"), "the string does not end", 2},
		{STR("\"a\nb\""), "a control character inside a string", 2},
		{STR("\"a\0b\""), "a control character inside a string", 2},
		{STR("\"\\"), "unknown escape", 1},
		{STR("\"\\x\""), "unknown escape", 1},
		{STR("\"\\\0\""), "unknown escape", 1},
		{STR("\"\\u12\""), "\\u needs four hexadecimal digits", 3},
		{STR("\"\\u12g4\""), "\\u needs four hexadecimal digits", 5},
		{STR("\"\\u0000\""), "U+0000 is not allowed", 1},
		{STR("\"\\udc00\""), "half a surrogate pair", 1},
		{STR("\"\\ud800\""), "half a surrogate pair", 1},
		{STR("\"\\ud800\\u0041\""), "half a surrogate pair", 1},
		{STR("\"\\ud800"), "half a surrogate pair", 1},
		{STR("\"\x80\""), "not UTF-8", 1},
		{STR("\"\xc0\x80\""), "not UTF-8", 1},
		{STR("\"\xc1\xbf\""), "not UTF-8", 1},
		{STR("\"\xe0\x9f\xbf\""), "not UTF-8", 1},
		{STR("\"\xed\xa0\x80\""), "not UTF-8", 1},
		{STR("\"\xf0\x8f\xbf\xbf\""), "not UTF-8", 1},
		{STR("\"\xf4\x90\x80\x80\""), "not UTF-8", 1},
		{STR("\"\xf5\x80\x80\x80\""), "not UTF-8", 1},
		{STR("\"\xc3"), "not UTF-8", 1},
		{STR("\"\xc3\""), "not UTF-8", 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check_refused(rows[i].source, rows[i].why, rows[i].at);
}

static void strings(void **state)
{
	const struct {
		struct str source;
		struct str text;
	} rows[] = {
		{STR("\"\""), STR("")},
		{STR("\"plain\""), STR("plain")},
		{STR("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), STR("\"\\/\b\f\n\r\t")},
		{STR("\"a\\u0041b\""), STR("aAb")},
		{STR("\"\\u00e9\\u20AC\""), STR("\xc3\xa9\xe2\x82\xac")},
		{STR("\"\\ud83d\\ude97!\""), STR("\xf0\x9f\x9a\x97!")},
		{STR("\"\xc3\xa9\xed\x9f\xbf\xf4\x8f\xbf\xbf\x7f\""),
			STR("\xc3\xa9\xed\x9f\xbf\xf4\x8f\xbf\xbf\x7f")},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool good;
		char *copy;
		struct json_doc doc = read_or_not(rows[i].source, &good, &copy);
		assert_true(good);
		assert_true(str_eq(json_str(json_root(&doc)), rows[i].text));
		free(copy);
	}
}

static void accessors(void **state)
{
	struct str source =
		STR(" { \"z\" : [ 1 , -2, 9007199254740991 ], \"a\":{ \"x\": null,"
		    "\"y\":\"\\u0031\"},\t\"t\":true,\r\n\"f\":false, \"e\":[], \"o\":{} } ");
	struct json_doc doc;
	struct json root, z, value;
	bool good;
	char *copy;
	int64_t sum = 0;

	(void)state;
	doc = read_or_not(source, &good, &copy);
	assert_true(good);
	root = json_root(&doc);
	z = json_get(root, "z");
	assert_int_equal(json_count(root), 6);
	assert_int_equal(json_count(z), 3);
	for (struct json e = json_first(z); json_present(e); e = json_next(z, e))
		sum += json_int(e, 0);
	assert_true(sum == JSON_INT_MAX - 1);
	assert_true(json_int(json_item(z, 1), 0) == -2);
	assert_false(json_present(json_item(z, 3)));
	assert_str(json_raw(z), "[ 1 , -2, 9007199254740991 ]");
	assert_str(json_str_at(json_get(root, "a"), "y"), "1");
	assert_true(json_is(json_get(json_get(root, "a"), "x"), JSON_NULL));
	assert_true(json_is_null(json_get(root, "missing")));
	assert_false(json_is(json_get(root, "missing"), JSON_NULL));
	assert_true(json_bool_at(root, "t", false));
	assert_false(json_bool_at(root, "f", true));
	assert_true(json_bool_at(root, "z", true));
	assert_true(json_int_at(root, "t", 7) == 7);
	assert_null(json_str_at(root, "t").p);
	assert_null(json_raw(JSON_ABSENT).p);
	assert_int_equal(json_count(JSON_ABSENT), 0);
	assert_false(json_present(json_get(z, "z")));
	assert_false(json_present(json_first(json_get(root, "e"))));
	assert_false(json_present(json_first_value(json_get(root, "o"))));
	assert_false(json_present(json_first(root)));
	value = json_first_value(root);
	assert_str(json_key(value), "z");
	value = json_next_value(root, json_next_value(root, value));
	assert_str(json_key(value), "t");
	value = json_get(root, "o");
	assert_false(json_present(json_next_value(root, value)));
	free(copy);
}

static void limits(void **state)
{
	static const char deep[] =
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]";
	struct str source = {deep, sizeof(deep) - 1};
	struct json_doc doc = {.nodes = nodes, .nodes_max = 3, .text = text, .text_max = 2};

	(void)state;
	assert_int_equal(source.n, 2 * (JSON_DEPTH_MAX + 1));
	check_refused(source, "nested too deep", JSON_DEPTH_MAX);
	assert_true(json_read(&doc, STR("[1,2]")));
	assert_false(json_read(&doc, STR("[1,2,3]")));
	assert_string_equal(doc.error, "too many values");
	assert_int_equal(doc.nodes_len, 0);
	assert_true(json_read(&doc, STR("[\"longer than two\",\"\\n\\n\"]")));
	assert_false(json_read(&doc, STR("[\"\\n\\n\",\"\\n\"]")));
	assert_string_equal(doc.error, "too much escaped text");
	doc.nodes_max = NODES;
	source.p++; /* 32 deep is allowed */
	source.n -= 2;
	assert_true(json_read(&doc, source));
	/* Depth is how deep, not how many. */
	assert_true(json_read(&doc, STR("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
					"{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]")));
	assert_int_equal(json_count(json_root(&doc)), 36);
}

/* Many keys in descending order: each must be told from all others, and one twice must be found. */
static void many_keys(void **state)
{
	static char source[40000];
	struct json_doc doc = {.nodes = nodes, .nodes_max = NODES, .text = text, .text_max = TEXT};
	size_t n = 0;
	enum { KEYS = 2000 };

	(void)state;
	source[n++] = '{';
	for (int i = KEYS; i > 0; i--)
		n += (size_t)snprintf(source + n, sizeof(source) - n, "%s\"k%05d\":%d",
			i == KEYS ? "" : ",", i, i);
	source[n] = '}';
	assert_true(json_read(&doc, (struct str){source, n + 1}));
	for (int i = KEYS; i > 0; i -= 37) {
		char key[16];
		snprintf(key, sizeof(key), "k%05d", i);
		assert_true(json_int_at(json_root(&doc), key, 0) == i);
	}
	for (uint32_t i = 1; i < doc.nodes_len; i += 2)
		assert_true(nodes[i].next == i + 1 && nodes[i].count == 0);
	n += (size_t)snprintf(source + n, sizeof(source) - n, ",\"k00777\":0}");
	assert_false(json_read(&doc, (struct str){source, n}));
	assert_string_equal(doc.error, "a key occurs twice");
	assert_int_equal(doc.error_at, n - strlen("\"k00777\":0}"));
}

static void canonical(void **state)
{
	static const struct {
		const char *source;
		bool canonical;
	} rows[] = {
		{"{}", true},
		{"[]", true},
		{"{\"a\":[1,-2,null,true,false,\"x\"],\"b\":{\"c\":{}}}", true},
		{"\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f/\xc3\xa9\x7f\"", true},
		{"{\"A\":1,\"a\":1,\"a-\":1,\"aa\":1}", true},
		{"\" a space \"", true},
		{"\"\\u0020\"", false},
		{"0", true},
		{"-0", false},
		{" 0", false},
		{"0 ", false},
		{"[1, 2]", false},
		{"{\"b\":1,\"a\":2}", false},
		{"[{\"b\":1,\"a\":2}]", false},
		{"\"\\/\"", false},
		{"\"\\u0041\"", false},
		{"\"\\u000a\"", false},
		{"\"\\u001F\"", false},
		{"\"\\u00e9\"", false},
		{"{\"\\u0061\":1}", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json_doc doc = {
			.nodes = nodes, .nodes_max = NODES, .text = text, .text_max = TEXT};
		struct str source = str_from(rows[i].source);
		assert_true(json_read(&doc, source));
		if (doc.canonical != rows[i].canonical)
			fail_msg("%s", rows[i].source);
	}
}

static void write_sample(struct json_writer *w)
{
	json_object_begin(w);
	json_kv_bool(w, "a", true);
	json_kv_bool(w, "a.b", false);
	json_kv_int(w, "i", -JSON_INT_MAX);
	json_k(w, "l");
	json_array_begin(w);
	json_put_int(w, 0);
	json_null(w);
	json_object_begin(w);
	json_object_end(w);
	json_array_begin(w);
	json_array_end(w);
	json_array_end(w);
	json_kv_null(w, "n");
	json_kv_raw(w, "r", STR("{\"q\":1}"));
	json_kv_str(w, "s", STR("\x01\"\\ /\n\xc3\xa9"));
	json_object_end(w);
}

static void writing(void **state)
{
	static const char expected[] =
		"{\"a\":true,\"a.b\":false,\"i\":-9007199254740991,\"l\":[0,null,{},[]],\"n\":null,"
		"\"r\":{\"q\":1},\"s\":\"\\u0001\\\"\\\\ /\\n\xc3\xa9\"}";
	struct json_doc doc = {.nodes = nodes, .nodes_max = NODES, .text = text, .text_max = TEXT};
	struct json_writer w;
	struct str out;

	(void)state;
	for (size_t cap = 0; cap < sizeof(expected) - 1; cap++) {
		char *buf = malloc(cap + 1);
		buf[cap] = '#';
		json_writer_init(&w, buf, cap);
		write_sample(&w);
		assert_true(w.full && w.len == sizeof(expected) - 1 && buf[cap] == '#');
		assert_null(json_written(&w).p);
		free(buf);
	}
	char buf[sizeof(expected) - 1];
	json_writer_init(&w, buf, sizeof(buf));
	write_sample(&w);
	out = json_written(&w);
	assert_str(out, expected);
	assert_true(json_read(&doc, out));
	assert_true(doc.canonical);
}

static void writing_bad_text(void **state)
{
	char buf[64];
	struct json_writer w;

	(void)state;
	json_writer_init(&w, buf, sizeof(buf));
	json_put_str(&w, STR("a\xff\xc3\0z\xe2\x82"));
	assert_str(json_written(&w),
		"\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd\"");
}

/* False where the writer would not write such an object: its keys are not plain or not in order. */
static bool written_again(struct json_writer *w, struct json v)
{
	bool good = true;
	struct str last = STR_NULL;

	switch (json_node(v)->type) {
	case JSON_NULL: json_null(w); break;
	case JSON_FALSE:
	case JSON_TRUE: json_put_bool(w, json_bool(v, false)); break;
	case JSON_INT: json_put_int(w, json_int(v, 0)); break;
	case JSON_STRING: json_put_str(w, json_str(v)); break;
	case JSON_ARRAY:
		json_array_begin(w);
		for (struct json e = json_first(v); good && json_present(e); e = json_next(v, e))
			good = written_again(w, e);
		json_array_end(w);
		break;
	case JSON_OBJECT:
		json_object_begin(w);
		for (struct json e = json_first_value(v); good && json_present(e);
			e = json_next_value(v, e)) {
			struct str key = json_key(e);
			for (size_t i = 0; i < key.n; i++)
				good = good && (isalnum((unsigned char)key.p[i]) ||
						       strchr("_.-", key.p[i]));
			if (!good || (last.p && str_cmp(last, key) >= 0)) {
				good = false;
				break;
			}
			json_key_put(w, key);
			last = key;
			good = written_again(w, e);
		}
		if (good)
			json_object_end(w);
		break;
	}
	return good;
}

/* Members passed over are the members read. */
static void same_members(struct json object)
{
	struct json e = json_first_value(object);
	struct str source = json_raw(object), key, value;
	size_t at = 0;

	for (; json_present(e); e = json_next_value(object, e)) {
		struct str raw_key = json_node((struct json){e.doc, e.at - 1})->raw;
		assert_true(json_raw_member(source, &at, &key, &value));
		assert_true(str_eq(key, (struct str){raw_key.p + 1, raw_key.n - 2}));
		assert_true(str_eq(value, json_raw(e)));
	}
	assert_false(json_raw_member(source, &at, &key, &value));
}

static void passed_over(void **state)
{
	static const char *const rows[] = {
		"{}",
		"{\"a\":1}",
		"{\"a\":\"}\",\"b\":\"\\\"\",\"c\":\"\\\\\",\"d\":\"\\\\\\\",{\"}",
		"{\"a\":[[],{\"x\":[1,{}]},\"]\"],\"b\":{\"c\":{\"d\":null}},\"e\":true,\"f\":-1}",
		"{\"a\\\"b\":{},\"c\":[]}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json_doc doc = {
			.nodes = nodes, .nodes_max = NODES, .text = text, .text_max = TEXT};
		assert_true(json_read(&doc, str_from(rows[i])));
		assert_true(doc.canonical);
		same_members(json_root(&doc));
		/* bytes that end too soon: an answer, and nothing behind them is looked at */
		for (size_t n = strlen(rows[i]); n-- > 0;) {
			char *cut = malloc(n + 1);
			struct str key, value;
			memcpy(cut, rows[i], n);
			cut = realloc(cut, n ? n : 1);
			for (size_t at = 0;
				json_raw_member((struct str){cut, n}, &at, &key, &value);)
				assert_true(at <= n && value.n < n);
			free(cut);
		}
	}
}

/* Whatever happens to the bytes of a good document, the reader answers; what it then takes for
 * canonical is what the writer writes of it. */
static void damaged(void **state)
{
	static const char *const samples[] = {
		"{\"a\":[1,-2,null,true,\"x\\ud83d\\ude97\xc3\xa9\"],\"b\":{\"c\":{}}}",
		"{\"a\":[10,-2,null,true,\"x\\\"\\u001f\\n\xc3\xa9\"],\"b\":{\"c\":{}}}",
	};
	uint32_t seed = 7;
	int accepted = 0, canonical_ones = 0, unlike = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		const char *good = samples[round / 2 % 2];
		char bytes[100], again[600];
		struct json_writer w;
		size_t n = strlen(good);
		bool whole;
		char *copy;
		memcpy(bytes, good, n);
		for (int hit = 0; hit < round % 4; hit++) {
			seed = seed * 1664525 + 1013904223;
			bytes[(seed >> 8) % n] = good[(seed >> 20) % n];
		}
		seed = seed * 1664525 + 1013904223;
		if (round % 5 == 0)
			n = (seed >> 8) % n;
		struct json_doc doc = read_or_not((struct str){bytes, n}, &whole, &copy);
		if (!whole)
			assert_true(doc.error && doc.error_at <= n && doc.nodes_len == 0);
		else
			assert_int_equal(json_node(json_root(&doc))->next, doc.nodes_len);
		json_writer_init(&w, again, sizeof(again));
		if (whole && written_again(&w, json_root(&doc))) {
			bool same = str_eq(json_written(&w), (struct str){copy, n});
			assert_int_equal(doc.canonical, same);
			canonical_ones += same;
			unlike += !same;
		}
		accepted += whole;
		free(copy);
	}
	assert_in_range(accepted, 100, 19000);
	assert_in_range(canonical_ones, 100, 19000);
	assert_in_range(unlike, 100, 19000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals),
		cmocka_unit_test(strings),
		cmocka_unit_test(accessors),
		cmocka_unit_test(limits),
		cmocka_unit_test(many_keys),
		cmocka_unit_test(canonical),
		cmocka_unit_test(passed_over),
		cmocka_unit_test(writing),
		cmocka_unit_test(writing_bad_text),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
