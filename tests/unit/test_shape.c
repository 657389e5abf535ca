/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/shape.h"

#include "tests/lib/shaping.h"

/* ---- shapes of every kind, made up for this test ---- */

#define FORMAT(f)                                   \
	{                                           \
		.type = SHAPE_STRING, .format = (f) \
	}
static const char *const sizes[] = {"small", "large", NULL};
static const struct shape text = FORMAT(FORMAT_TEXT);
static const struct shape line = FORMAT(FORMAT_NONE);
static const struct shape instant = FORMAT(FORMAT_INSTANT);
static const struct shape minute = FORMAT(FORMAT_MINUTE);
static const struct shape small = {.type = SHAPE_INT, .min = 1, .max = 7};
static const struct shape any_int = {.type = SHAPE_INT};
static const struct shape flag = {.type = SHAPE_BOOL};
static const struct shape flag_or_null = {.type = SHAPE_BOOL, .nullable = true};
static const struct shape size = {.type = SHAPE_STRING, .values = sizes};
static const struct shape code = {.type = SHAPE_STRING, .min = 2, .max = 4};
static const struct shape days = {.type = SHAPE_ARRAY, .min = 1, .max = 3, .element = &small};
static const struct shape texts = {.type = SHAPE_ARRAY, .element = &text};
static const struct shape flags_by_slug = {
	.type = SHAPE_MAP, .key_format = FORMAT_SLUG, .max = 2, .element = &flag};
static const struct shape flags_by_anything = {.type = SHAPE_MAP, .element = &flag};
static const struct shape any = {.type = SHAPE_ANY};
static const struct shape flag_or_days = {.type = SHAPE_BOOL, .or_else = &days};

static const struct field inner_fields[] = {
	{.name = "m", .shape = &small},
	{.name = "n", .shape = &small, .required = true},
};
static const struct shape inner = {.type = SHAPE_OBJECT, .fields = inner_fields, .fields_len = 2};
static const struct shape inners = {.type = SHAPE_ARRAY, .element = &inner};
static const struct field outer_fields[] = {
	{.name = "size", .shape = &size, .required = true},
	{.name = "flag", .shape = &flag_or_null},
	{.name = "inner", .shape = &inner},
	{.name = "inners", .shape = &inners},
	{.name = "map", .shape = &flags_by_slug},
};
static const struct shape outer = {
	.type = SHAPE_OBJECT, .fields = outer_fields, .fields_len = ARRAY_LEN(outer_fields)};
static const struct field merge_fields[] = {
	{.name = "flag", .shape = &flag_or_null},
	{.name = "size", .shape = &size},
};
static const struct shape merge = {
	.type = SHAPE_OBJECT, .fields = merge_fields, .fields_len = 2, .merge = true};

/* ---- formats ---- */

struct format_case {
	enum shape_format format;
	const char *text, *kept; /* kept NULL: refused */
};
static const struct format_case formats[] = {
	{FORMAT_NONE, "Garage du Pont", "Garage du Pont"},
	{FORMAT_NONE, "\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9"},
	{FORMAT_NONE, "", NULL},
	{FORMAT_NONE, "a\\nb", NULL},
	{FORMAT_NONE, "a\\u001bb", NULL},
	{FORMAT_NONE, "a\\u007fb", NULL},
	{FORMAT_NONE, "a\\u0085b", NULL},
	{FORMAT_TEXT, "a\\nb\\tc", "a\\nb\\tc"},
	{FORMAT_TEXT, "a\\rb", NULL},
	{FORMAT_TEXT, "\\u009f", NULL},
	{FORMAT_TEXT, "\\u00a0", "\xc2\xa0"},
	{FORMAT_ID, "LYO-1.a_B", "LYO-1.a_B"},
	{FORMAT_ID, "a b", NULL},
	{FORMAT_ID, "a/b", NULL},
	{FORMAT_ID, "", NULL},
	{FORMAT_ID, "0123456789012345678901234567890123456789",
		"0123456789012345678901234567890123456789"},
	{FORMAT_ID, "01234567890123456789012345678901234567890", NULL},
	{FORMAT_SLUG, "loaner_brand2", "loaner_brand2"},
	{FORMAT_SLUG, "Loaner", NULL},
	{FORMAT_SLUG, "a-b", NULL},
	{FORMAT_VIN, " zam 0000 0000 000001 ", "ZAM00000000000001"},
	{FORMAT_VIN, "ZAM0000000000001", NULL},
	{FORMAT_VIN, "ZAMI0000000000001", NULL},
	{FORMAT_ZONE, "Europe/Paris", "Europe/Paris"},
	{FORMAT_ZONE, "Europe/Nowhere", NULL},
	{FORMAT_ZONE, "../etc/passwd", NULL},
	{FORMAT_DATE, "2028-02-29", "2028-02-29"},
	{FORMAT_DATE, "2026-02-29", NULL},
	{FORMAT_DATE, "2026-3-1", NULL},
	{FORMAT_DATE, "1955-03-01", NULL},
	{FORMAT_PERSON_DATE, "1955-03-01", "1955-03-01"},
	{FORMAT_PERSON_DATE, "1955-02-29", NULL},
	{FORMAT_PERSON_DATE, "1755-03-01", NULL},
	{FORMAT_MINUTE, "08:30", "08:30"},
	{FORMAT_MINUTE, "24:00", "24:00"},
	{FORMAT_MINUTE, "24:01", NULL},
	{FORMAT_MINUTE, "8:30", NULL},
	{FORMAT_CURRENCY, "EUR", "EUR"},
	{FORMAT_CURRENCY, "eur", NULL},
	{FORMAT_CURRENCY, "EU", NULL},
	{FORMAT_LANGUAGE, "fr", "fr"},
	{FORMAT_LANGUAGE, "fr-FR", "fr-FR"},
	{FORMAT_LANGUAGE, "zh-Hant-TW", "zh-Hant-TW"},
	{FORMAT_LANGUAGE, "f", NULL},
	{FORMAT_LANGUAGE, "FR", NULL},
	{FORMAT_LANGUAGE, "fr-", NULL},
	{FORMAT_LANGUAGE, "fr_FR", NULL},
	{FORMAT_INSTANT, "2026-03-16T08:30:00+01:00", "2026-03-16T07:30:00Z"},
	{FORMAT_INSTANT, "2026-03-16T07:30:00Z", "2026-03-16T07:30:00Z"},
	{FORMAT_INSTANT, "2026-03-16T07:30:00.999Z", "2026-03-16T07:30:00Z"},
	{FORMAT_INSTANT, "2026-03-16T08:30", "2026-03-16T07:30:00Z"},
	{FORMAT_INSTANT, "2026-07-16T08:30:15", "2026-07-16T06:30:15Z"},
	{FORMAT_INSTANT, "2026-03-16 08:30:00Z", NULL},
	{FORMAT_INSTANT, "2026-03-16", NULL},
	{FORMAT_INSTANT, "1970-01-01T00:30", NULL}, /* in Paris that was still 1969 */
	{FORMAT_INSTANT, "9999-12-31T23:59:59-12:00", NULL},
	/* Paris: 29 March 2026, 02:00 becomes 03:00; 25 October 2026, 03:00 becomes 02:00 */
	{FORMAT_INSTANT, "2026-03-29T01:59", "2026-03-29T00:59:00Z"},
	{FORMAT_INSTANT, "2026-03-29T02:30", NULL},
	{FORMAT_INSTANT, "2026-03-29T03:00", "2026-03-29T01:00:00Z"},
	{FORMAT_INSTANT, "2026-10-25T01:59", "2026-10-24T23:59:00Z"},
	{FORMAT_INSTANT, "2026-10-25T02:30", NULL},
	{FORMAT_INSTANT, "2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00Z"},
	{FORMAT_INSTANT, "2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z"},
	{FORMAT_INSTANT, "2026-10-25T03:00", "2026-10-25T02:00:00Z"},
};

static void test_formats(void **state)
{
	char source[200], kept[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		struct shape shape = FORMAT(formats[i].format);
		snprintf(source, sizeof(source), "'%s'", formats[i].text);
		snprintf(kept, sizeof(kept), "'%s'", formats[i].kept ? formats[i].kept : "");
		if (formats[i].kept)
			shaping_keeps(&shape, source, kept);
		else
			shaping_refuses(&shape, source, "", NULL);
	}
}

static void test_local_times(void **state)
{
	(void)state;
	shaping_refuses(&instant, "'2026-03-29T02:30'", "",
		"this local time does not exist in Europe/Paris: clocks go forward");
	shaping_refuses(
		&instant, "'2026-10-25T02:30'", "", "exists twice in Europe/Paris: give an offset");
	shaping.context.zone = NULL;
	shaping_refuses(&instant, "'2026-03-16T08:30'", "", "must carry an offset");
	shaping_keeps(&instant, "'2026-03-16T08:30:00+01:00'", "'2026-03-16T07:30:00Z'");
	shaping.context.zone = &shaping.paris;
}

static void test_zone_without_a_list(void **state)
{
	static const struct shape zone = FORMAT(FORMAT_ZONE);

	(void)state;
	shaping.context.zone_known = NULL;
	shaping_keeps(&zone, "'Europe/Nowhere'", NULL);
	shaping_refuses(&zone, "'../Paris'", "", "time zone");
	shaping.context.zone_known = shaping_zone_known;
}

/* ---- what is kept ---- */

static const struct {
	const struct shape *shape;
	const char *source, *kept;
} kept_cases[] = {
	{&small, "1", "1"},
	{&small, "7", "7"},
	{&any_int, "-9007199254740991", "-9007199254740991"},
	{&flag, "true", "true"},
	{&flag, "false", "false"},
	{&size, "'large'", "'large'"},
	{&code, "'ab'", "'ab'"},
	{&code, "'abcd'", "'abcd'"},
	{&days, "[1, 7, 7]", "[1,7,7]"},
	{&texts, "[]", "[]"},
	{&flags_by_slug, "{'b':true,'a':false}", "{'a':false,'b':true}"},
	{&flags_by_slug, "{}", "{}"},
	{&flags_by_anything, "{'A.b-c':true}", "{'A.b-c':true}"},
	{&any, "{'z':[null,{'y':1}],'a':'x'}", "{'a':'x','z':[null,{'y':1}]}"},
	{&any, "null", "null"},
	{&flag_or_days, "true", "true"},
	{&flag_or_days, "[2]", "[2]"},
	{&outer, "{'size':'small'}", "{'size':'small'}"},
	/* null is kept as absent */
	{&outer, "{'size':'small','flag':null}", "{'size':'small'}"},
	{&outer, "{'size':'small','inner':{'n':3},'inners':[{'n':1},{'n':2}],'map':{'x':true}}",
		"{'inner':{'n':3},'inners':[{'n':1},{'n':2}],'map':{'x':true},'size':'small'}"},
	/* but stands in a merge document */
	{&merge, "{'size':'large','flag':null}", "{'flag':null,'size':'large'}"},
	{&merge, "{}", "{}"},
};

static void test_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kept_cases); i++)
		shaping_keeps(kept_cases[i].shape, kept_cases[i].source, kept_cases[i].kept);
}

/* ---- every kind of fault, with its place ---- */

static const struct {
	const struct shape *shape;
	const char *source, *pointer, *detail;
} fault_cases[] = {
	{&small, "'1'", "", "must be an integer"},
	{&small, "0", "", "between 1 and 7"},
	{&small, "8", "", "between 1 and 7"},
	{&flag, "1", "", "must be true or false"},
	{&flag, "null", "", "must be true or false, not null"},
	{&line, "7", "", "must be a text"},
	{&line, "''", "", "must not be empty"},
	{&size, "'medium'", "", "must be one of small, large"},
	{&code, "'a'", "", "must have 2 to 4 bytes"},
	{&code, "'abcde'", "", "must have 2 to 4 bytes"},
	{&code, "'\\u00e9\\u00e9\\u00e9'", "", "must have 2 to 4 bytes"}, /* six bytes of UTF-8 */
	{&days, "{}", "", "must be a list"},
	{&days, "[]", "", "must have 1 to 3 elements"},
	{&days, "[1,2,3,4]", "", "must have 1 to 3 elements"},
	{&days, "[1,0]", "/1", "between 1 and 7"},
	{&days, "[1,null]", "/1", "not null"},
	{&flags_by_slug, "[]", "", "must be an object"},
	{&flags_by_slug, "{'a':true,'b':true,'c':true}", "", "must have 0 to 2 elements"},
	{&flags_by_slug, "{'A':true}", "/A", "as a key it must be 1 to 40 of a-z 0-9 _"},
	{&flags_by_slug, "{'':true}", "/", "as a key"},
	{&flags_by_slug, "{'a':1}", "/a", "must be true or false"},
	{&flags_by_anything, "{'a b':true}", "/a b", "as a key"},
	{&flag_or_days, "'x'", "", "must be true or false or a list"},
	{&flag_or_days, "[9]", "/0", "between 1 and 7"},
	{&outer, "[]", "", "must be an object"},
	{&outer, "{}", "/size", "is required"},
	{&outer, "{'size':null}", "/size", "must be a text, not null"},
	{&outer, "{'size':'small','colour':1}", "/colour", "is not known here"},
	{&outer, "{'size':'small','a/b~c':1}", "/a~1b~0c", "is not known here"},
	{&outer, "{'size':'small','':1}", "/", "is not known here"},
	{&outer, "{'size':'small','inner':{}}", "/inner/n", "is required"},
	{&outer, "{'size':'small','inner':{'m':9,'n':1}}", "/inner/m", "between 1 and 7"},
	{&outer, "{'size':'small','map':{'~/':true}}", "/map/~0~1", "as a key"},
	{&outer, "{'size':'small','inner':null}", "/inner", "not null"},
	{&outer, "{'size':'small','inners':[{'n':1},{'n':2},{'n':0}]}", "/inners/2/n", "between"},
	{&outer, "{'size':'small','inners':[{'n':1,'x':1}]}", "/inners/0/x", "is not known here"},
	{&outer, "{'size':'small','map':{'ok':2}}", "/map/ok", "must be true or false"},
	{&merge, "{'size':null}", "/size", "not null"},
};

static void test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fault_cases); i++)
		shaping_refuses(fault_cases[i].shape, fault_cases[i].source, fault_cases[i].pointer,
			fault_cases[i].detail);
}

static void test_all_faults_at_once(void **state)
{
	static const char *const pointers[] = {
		"/flag", "/inner/n", "/inners/0", "/map/B", "/map/c", "/what", "/size"};

	(void)state;
	shaping_begin();
	assert_null(shaping_check(
		&outer, "{'flag':1,'inner':{'n':8},'inners':[3],'map':{'B':true,'c':1},'what':{}}")
			    .p);
	assert_int_equal(shaping.faults.len, ARRAY_LEN(pointers));
	for (size_t i = 0; i < ARRAY_LEN(pointers); i++)
		assert_string_equal(shaping.faults.fault[i].pointer, pointers[i]);
}

/* Faults of somebody else in the same list do not make a good document bad. */
static void test_faults_before(void **state)
{
	(void)state;
	shaping_begin();
	faults_add(&shaping.faults, "/elsewhere", "is wrong");
	assert_str(shaping_check(&days, "[1]"), "[1]");
	assert_int_equal(shaping.faults.len, 1);
}

static void test_more_faults_than_places(void **state)
{
	char source[2000] = "{";

	(void)state;
	for (int i = 0; i < 110; i++)
		snprintf(source + strlen(source), sizeof(source) - strlen(source), "%s'u%d':1",
			i ? "," : "", i);
	memcpy(source + strlen(source), "}", 2);
	shaping_begin();
	assert_null(shaping_check(&outer, source).p);
	assert_int_equal(shaping.faults.len, 111); /* and size is required */
}

/* ---- spans ---- */

static const struct field span_fields[] = {
	{.name = "from", .shape = &instant},
	{.name = "until", .shape = &instant},
	{.name = "loan_from", .shape = &instant},
	{.name = "loan_to", .shape = &instant},
	{.name = "drop_off_at", .shape = &instant},
	{.name = "ready_at", .shape = &instant},
};
static const struct shape span = {
	.type = SHAPE_OBJECT, .fields = span_fields, .fields_len = ARRAY_LEN(span_fields)};
static const struct shape spans = {.type = SHAPE_ARRAY, .element = &span};
static const struct field hours_fields[] = {
	{.name = "from", .shape = &minute},
	{.name = "until", .shape = &minute},
};
static const struct shape hours = {.type = SHAPE_OBJECT, .fields = hours_fields, .fields_len = 2};
static const struct field other_fields[] = {
	{.name = "from", .shape = &text},
	{.name = "until", .shape = &text},
};
static const struct shape other = {.type = SHAPE_OBJECT, .fields = other_fields, .fields_len = 2};

static void test_spans_kept(void **state)
{
	(void)state;
	shaping_keeps(&span, "{'until':'2026-03-16T08:30:00Z'}", NULL);
	shaping_keeps(
		&span, "{'from':'2026-03-16T08:30:00Z','until':'2026-03-16T08:30:01Z'}", NULL);
	/* 366 days to the second */
	shaping_keeps(
		&span, "{'from':'2026-01-01T00:00:00Z','until':'2027-01-02T00:00:00Z'}", NULL);
	/* read as instants, not as text */
	shaping_keeps(&span,
		"{'from':'2026-03-16T09:00:00+02:00','until':'2026-03-16T08:30:00+01:00'}",
		"{'from':'2026-03-16T07:00:00Z','until':'2026-03-16T07:30:00Z'}");
	shaping_keeps(&hours, "{'from':'20:00','until':'24:00'}", NULL);
	shaping_keeps(&other, "{'from':'b','until':'a'}", NULL);
}

static void test_spans_refused(void **state)
{
	(void)state;
	shaping_refuses(&span, "{'from':'2026-03-16T08:30:00Z','until':'2026-03-16T08:30:00Z'}",
		"/until", "must be after from");
	shaping_refuses(&span,
		"{'loan_from':'2026-03-16T08:30:00Z','loan_to':'2026-03-15T08:30:00Z'}", "/loan_to",
		"must be after loan_from");
	shaping_refuses(&spans,
		"[{},{'drop_off_at':'2026-03-16T08:30','ready_at':'2026-03-16T07:30:00Z'}]",
		"/1/ready_at", "must be after drop_off_at");
	shaping_refuses(&span, "{'from':'2026-01-01T00:00:00Z','until':'2027-01-02T00:00:01Z'}",
		"/until", "at most 366 days");
	/* an end that is no time has one fault, not two */
	shaping_refuses(
		&span, "{'from':'2026-03-16T08:30:00Z','until':'soon'}", "/until", "RFC 3339");
	shaping_refuses(&hours, "{'from':'18:30','until':'08:30'}", "/until", "must be after from");
}

/* ---- size ---- */

static void test_full_arena(void **state)
{
	struct str source = STR("[\"2026-03-16T08:30:00Z\"]");
	static const struct shape list = {.type = SHAPE_ARRAY, .element = &instant};
	size_t refused = 0;

	(void)state;
	/* whatever the limit, there is an answer or a fault */
	for (size_t max = 16; max < 4000; max += 16) {
		struct arena small_arena;
		struct str kept;
		shaping.faults.len = 0;
		arena_init(&small_arena, max);
		kept = shape_check(&small_arena, &list, source, &shaping.context, &shaping.faults);
		assert_true((kept.p != NULL) == (shaping.faults.len == 0));
		refused += kept.p == NULL;
		arena_deinit(&small_arena);
	}
	assert_true(refused > 0 && refused < 249);
}

static void test_grows(void **state)
{
	static const struct shape list = {.type = SHAPE_ARRAY, .max = 2000, .element = &instant};
	static char source[40000];
	size_t n = 0;

	(void)state;
	source[n++] = '[';
	for (int i = 0; i < 1500; i++)
		n += (size_t)snprintf(
			source + n, sizeof(source) - n, "%s'2026-03-16T08:30'", i ? "," : "");
	source[n++] = ']';
	shaping_keeps(&list, source, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_local_times),
		cmocka_unit_test(test_zone_without_a_list),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_all_faults_at_once),
		cmocka_unit_test(test_faults_before),
		cmocka_unit_test(test_more_faults_than_places),
		cmocka_unit_test(test_spans_kept),
		cmocka_unit_test(test_spans_refused),
		cmocka_unit_test(test_full_arena),
		cmocka_unit_test(test_grows),
	};
	return cmocka_run_group_tests(tests, shaping_setup, shaping_teardown);
}
