/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The pieces an import is read with: records, columns, elements, dates that move along. */

#include "server/import_column.h"
#include "server/import_csv.h"
#include "server/import_json.h"
#include "server/import_number.h"
#include "server/import_time.h"
#include "server/shapes.h"
#include "tests/lib/check.h"

static struct arena arena;

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

/* Every record as LINE[cell|cell], faults as LINE!sentence, blanks between them. */
static void csv_is(struct str text, const char *expected)
{
	static struct csv_record record;
	struct csv csv;
	char out[1000];
	size_t n = 0;

	out[0] = '\0';
	csv_init(&csv, text);
	while (csv_next(&csv, &arena, &record)) {
		n += (size_t)snprintf(out + n, sizeof out - n, "%s%u%s", n ? " " : "", record.line,
			record.error ? "!" : "[");
		if (record.error)
			n += (size_t)snprintf(out + n, sizeof out - n, "%s", record.error);
		for (uint32_t i = 0; !record.error && i < record.len; i++)
			n += (size_t)snprintf(out + n, sizeof out - n, "%s%.*s%s", i ? "|" : "",
				STR_FMT(record.cell[i]), i + 1 == record.len ? "]" : "");
	}
	assert_string_equal(out, expected);
}

static void records(void **state)
{
	(void)state;
	csv_is(STR(""), "");
	csv_is(STR("\n\r\n\n"), "");
	csv_is(STR("a,b\n1,2\n"), "1[a|b] 2[1|2]");
	csv_is(STR("a,b\r\n1,2"), "1[a|b] 2[1|2]");
	csv_is(STR("\xEF\xBB\xBF"
		   "a;b\n1,5;2\n"),
		"1[a|b] 2[1,5|2]");
	csv_is(STR("a,b\n,\n"), "1[a|b] 2[|]");
	csv_is(STR("a,b\n\n\"x,y\",\"he said \"\"no\"\"\"\n"), "1[a|b] 3[x,y|he said \"no\"]");
	csv_is(STR("a\n\"two\nlines\"\nz\n"), "1[a] 2[two\nlines] 4[z]");
	csv_is(STR("a\n\"\"\n"), "1[a] 2[]");
	csv_is(STR("a\rb\n"), "1[a\rb]");
	csv_is(STR("a,b\n\"x\"y,2\n3,4\n"), "1[a|b] 2!has text after a closing quote 3[3|4]");
	csv_is(STR("a\n\"never closed\n"), "1[a] 2!has a quote that is never closed");
}

static void too_many_columns(void **state)
{
	static struct csv_record record;
	char text[2 * CSV_COLUMNS_MAX + 8];
	struct csv csv;

	(void)state;
	memset(text, ',', sizeof text);
	csv_init(&csv, (struct str){text, CSV_COLUMNS_MAX - 1});
	assert_true(csv_next(&csv, &arena, &record));
	assert_null(record.error);
	assert_int_equal(record.len, CSV_COLUMNS_MAX);
	csv_init(&csv, (struct str){text, CSV_COLUMNS_MAX});
	assert_true(csv_next(&csv, &arena, &record));
	assert_non_null(record.error);
	assert_false(csv_next(&csv, &arena, &record));
}

/* ---- columns ---- */

static void row_is(
	const struct shape *shape, const char *header, const char *row, const char *expected)
{
	static struct csv_record head, record;
	static struct import_columns columns;
	struct import_day day = {.now = {1767225600}}; /* 2026-01-01 */
	struct csv a, b;
	struct str why = STR_NULL;

	csv_init(&a, str_from(header));
	csv_init(&b, str_from(row));
	b.separator = a.separator;
	assert_true(csv_next(&a, &arena, &head));
	assert_true(csv_next(&b, &arena, &record));
	if (!import_columns_read(&columns, &arena, shape, &head, &why)) {
		assert_str(why, expected);
		return;
	}
	assert_str(import_columns_json(&columns, &arena, &record, &day), expected);
}

static void columns(void **state)
{
	(void)state;
	row_is(&shape_customer,
		"segment,customer,person.licence.country,person.name,person.licence.categories",
		"vip,C1,FR,Conte,B:2001-05-14|BE:2010-01-02",
		"{\"customer\":\"C1\",\"person\":{\"licence\":{\"categories\":[{\"code\":\"B\","
		"\"since\":"
		"\"2001-05-14\"},{\"code\":\"BE\",\"since\":\"2010-01-02\"}],\"country\":\"FR\"},"
		"\"name\":\"Conte\"},\"segment\":\"vip\"}");
	row_is(&shape_customer, "customer,person.licence.country,person.name", "C1,,Conte",
		"{\"customer\":\"C1\",\"person\":{\"name\":\"Conte\"}}");
	row_is(&shape_resource, "resource,seats,solutions,features,now.ready,odometer_km",
		"R1,null,,,yes,12",
		"{\"now\":{\"ready\":true},\"odometer_km\":12,\"resource\":\"R1\",\"seats\":null,"
		"\"solutions\":[]}");
	row_is(&shape_resource, "solutions,seats,now.ready,insurance_until",
		"taxi|rental,many,maybe,J+2",
		"{\"insurance_until\":\"2026-01-03\",\"now\":{\"ready\":\"maybe\"},\"seats\":"
		"\"many\","
		"\"solutions\":[\"taxi\",\"rental\"]}");
	row_is(&shape_vehicle, "vin,campaigns,immobile", "X,N1:true:J-1 09:30,0",
		"{\"campaigns\":[{\"number\":\"N1\",\"open\":true,\"read_at\":\"2025-12-31T09:30:"
		"00Z\"}],"
		"\"immobile\":false,\"vin\":\"X\"}");
}

/* A table as three houses keep it: one row. */
static void columns_of_houses(void **state)
{
	static const char expected[] = "{\"odometer_km\":12345,\"owner\":\"C1\",\"plate\":\"AB-1\","
				       "\"vin\":\"X\"}";

	(void)state;
	row_is(&shape_vehicle,
		"N\xC2\xB0 de ch\xC3\xA2ssis;N\xC2\xB0 client;Immatriculation;Km (relev\xC3\xA9s)",
		"X;C1;AB-1;12\xC2\xA0"
		"345,00",
		expected);
	row_is(&shape_vehicle, "Chassis number,Customer No.,Registration,Odometer",
		"X,C1,AB-1,\"12,345.0\"", expected);
	row_is(&shape_vehicle, "Telaio;Codice cliente;TARGA;Chilometraggio", "X;C1;AB-1;12.345,0",
		expected);
	row_is(&shape_customer, "Client;Nom;T\xC3\xA9l\xC3\xA9phone", "C1;Conte;1",
		"{\"customer\":\"C1\",\"person\":{\"name\":\"Conte\",\"phone\":\"1\"}}");
	row_is(&shape_site, "Nom;T\xC3\xA9l\xC3\xA9phone", "Lyon;1",
		"{\"name\":\"Lyon\",\"phone\":\"1\"}");
	row_is(&shape_vehicle, "VIN,chassis", "X,Y", "the column \"vin\" stands there twice");
	row_is(&shape_vehicle, "VIN,()", "X,Y", "there is no member for the column \"()\"");
}

static void number_is(const char *text, bool good, int64_t expected)
{
	int64_t n;

	assert_int_equal(import_number_read(&n, str_from(text)), good);
	if (good)
		assert_int_equal(n, expected);
}

static void numbers(void **state)
{
	bool yes;

	(void)state;
	number_is("0", true, 0);
	number_is("-12", true, -12);
	number_is("12345", true, 12345);
	number_is("12 345", true, 12345);
	number_is("1\xE2\x80\xAF"
		  "234\xC2\xA0"
		  "567",
		true, 1234567);
	number_is("12'345", true, 12345);
	number_is("1.234.567", true, 1234567);
	number_is("12,00", true, 12);
	number_is("12.0", true, 12);
	number_is("1.234,00", true, 1234);
	number_is("1 234,000", true, 1234);
	number_is("9007199254740991", true, INT64_C(9007199254740991));
	number_is("9007199254740992", false, 0);
	/* Two ways to read it, a fraction, no number. */
	number_is("12.345", false, 0);
	number_is("12,000", false, 0);
	number_is("12,5", false, 0);
	number_is("1.234,50", false, 0);
	number_is("1.23.456", false, 0);
	number_is("1234.567.890", false, 0);
	number_is("1 234'567", false, 0);
	number_is("", false, 0);
	number_is("-", false, 0);
	number_is("12,", false, 0);
	number_is(",5", false, 0);
	number_is("1,2,3,4,5,6,7,8,9", false, 0);
	assert_true(import_bool_read(&yes, STR("S\xC3\xAC")) && yes);
	assert_true(import_bool_read(&yes, STR("VRAI")) && yes);
	assert_true(import_bool_read(&yes, STR("Non")) && !yes);
	assert_false(import_bool_read(&yes, STR("peut-\xC3\xAAtre")));
	assert_false(import_bool_read(&yes, STR("")));
}

static void columns_refused(void **state)
{
	(void)state;
	row_is(&shape_customer, "customer,surname", "C1,x",
		"there is no member for the column \"surname\"");
	row_is(&shape_customer, "person.name.first", "x",
		"there is no member for the column \"person.name.first\"");
	row_is(&shape_customer, "person.", "x", "there is no member for the column \"person.\"");
	row_is(&shape_customer, "person", "x",
		"\"person\" does not fit a cell: name its members, or use JSON");
	row_is(&shape_site, "tariff", "x",
		"\"tariff\" does not fit a cell: name its members, or use JSON");
	row_is(&shape_customer, "segment,customer,segment", "a,b,c",
		"the column \"segment\" stands there twice");
}

/* ---- JSON elements ---- */

static void json_is_split(const char *text, const char *expected)
{
	struct import_json json;
	struct str element;
	char out[400];
	uint32_t line;
	size_t n = 0;

	out[0] = '\0';
	import_json_init(&json, str_from(text));
	while (import_json_next(&json, &element, &line))
		n += (size_t)snprintf(out + n, sizeof out - n, "%u[%.*s]", line, STR_FMT(element));
	if (json.error)
		snprintf(out + n, sizeof out - n, "%u!%s", json.line, json.error);
	assert_string_equal(out, expected);
}

static void elements(void **state)
{
	(void)state;
	json_is_split("{\"a\":1}", "1[{\"a\":1}]");
	json_is_split(" [ ] \n", "");
	json_is_split("[\n{\"a\":\"],}\\\"\"},\n\n{\"b\":[1,{}]}\n]\n",
		"2[{\"a\":\"],}\\\"\"}]4[{\"b\":[1,{}]}]");
	json_is_split("[1,2]", "1[1]1[2]");
	json_is_split("[1,,2]", "1[1]1[]1[2]");
	json_is_split("", "1!must be an object or a list of objects");
	json_is_split("\n7", "2!must be an object or a list of objects");
	json_is_split("[{}\n", "1[{}]2!must have , or ] here");
	json_is_split("[{\"a\":\"x", "1!ends in the middle of a value");
	json_is_split("[] x", "1!has something after its end");
	json_is_split("{} {}", "1[{}]1!has something after its end");
}

/* ---- dates that move along ---- */

static void date_is(const struct import_day *day, const char *text, const char *expected)
{
	char buf[IMPORT_TIME_TEXT];

	assert_str(import_time_resolve(buf, str_from(text), day), expected);
}

static void dates_of_tables(void **state)
{
	struct import_day day = {.now = {1774652400}};

	(void)state;
	date_is(&day, "17/03/2026", "17/03/2026"); /* nobody says which comes first */
	date_is(&day, "2026/3/7", "2026-03-07");
	day.order = date_order_of(STR("fr-FR"));
	date_is(&day, "17/03/2026", "2026-03-17");
	date_is(&day, "7.3.2026 8:30", "2026-03-07T08:30:00");
	date_is(&day, "07-03-2026 08:30:15", "2026-03-07T08:30:15");
	date_is(&day, "2026-03-07 08:30", "2026-03-07T08:30:00");
	date_is(&day, "03/17/2026", "2026-17-03"); /* no such month: its shape says so */
	date_is(&day, "17/03/26", "17/03/26");
	date_is(&day, "17/03.2026", "17/03.2026");
	date_is(&day, "17/03/2026 25:00", "17/03/2026 25:00");
	date_is(&day, "17/03/2026 8", "17/03/2026 8");
	date_is(&day, "17/03/20260", "17/03/20260");
	date_is(&day, "2026-03-07T08:30:00+01:00", "2026-03-07T08:30:00+01:00");
	date_is(&day, "1/", "1/");
	day.order = date_order_of(STR("en-US"));
	date_is(&day, "03/17/2026", "2026-03-17");
	assert_int_equal(date_order_of(STR("en-GB")), DATE_DAY_FIRST);
	assert_int_equal(date_order_of(STR_NULL), DATE_ORDER_UNKNOWN);
}

static void moving_dates(void **state)
{
	static struct opening opening;
	static struct zone zone;		       /* two hours ahead of UTC, for ever */
	struct import_day utc = {.now = {1774652400}}; /* Friday 2026-03-27T23:00:00Z */
	struct import_day site = {.now = utc.now, .zone = &zone, .opening = &opening};

	(void)state;
	zone.type_offset_s[0] = 7200;
	for (int i = 0; i < 6; i++)
		opening.week[i].len = 1;
	opening.holiday[0] = day_from_civil(2026, 3, 30); /* Monday */
	opening.holidays_len = 1;
	opening.special[0].day = day_from_civil(2026, 3, 26); /* Thursday */
	opening.special_len = 1;
	date_is(&utc, "2026-01-01", "2026-01-01");
	date_is(&utc, "J", "J");
	date_is(&utc, "J+x", "J+x");
	date_is(&utc, "J-0", "2026-03-27");
	date_is(&utc, "J+5", "2026-04-01");
	date_is(&utc, "J-1 08:30", "2026-03-26T08:30:00Z");
	date_is(&utc, "J-1 24:00", "J-1 24:00");
	date_is(&utc, "W+1", "W+1");
	date_is(&utc, "J-99999", "J-99999");
	/* There it is Saturday already: W is Friday. */
	date_is(&site, "J-0", "2026-03-28");
	date_is(&site, "W-0 09:00", "2026-03-27T09:00:00");
	date_is(&site, "W+0", "2026-03-27");
	date_is(&site, "W+1", "2026-03-31");
	date_is(&site, "W-1", "2026-03-25");
	date_is(&site, "W+5", "2026-04-06");
}

/* ---- whatever comes ---- */

static uint64_t chance(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* Bytes that mean something to either reader, in any order: each ends, and stays inside the text.
 */
static void any_bytes(void **state)
{
	static const char alphabet[] = ",;\"\"\n\n\r|:[]{}\\ aJ+-1\xEF\xBB\xBF";
	static struct csv_record record;
	uint64_t seed = 20260317;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[64];
		size_t n = chance(&seed) % sizeof text;
		struct import_json json;
		struct str all, element;
		struct csv csv;
		uint32_t line, before = 0;
		for (size_t i = 0; i < n; i++)
			text[i] = alphabet[chance(&seed) % (sizeof alphabet - 1)];
		all = (struct str){text, n};
		csv_init(&csv, all);
		while (csv_next(&csv, &arena, &record)) {
			assert_true(record.line > before);
			before = record.line;
		}
		assert_true(csv.at >= csv.text.n);
		import_json_init(&json, all);
		for (int i = 0; import_json_next(&json, &element, &line); i++) {
			assert_true(i <= 64);
			assert_true(element.p >= text && element.p + element.n <= text + n);
		}
		assert_true(json.error || json.at == json.text.n);
		arena_reset(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records),
		cmocka_unit_test(too_many_columns),
		cmocka_unit_test(columns),
		cmocka_unit_test(columns_of_houses),
		cmocka_unit_test(numbers),
		cmocka_unit_test(dates_of_tables),
		cmocka_unit_test(columns_refused),
		cmocka_unit_test(elements),
		cmocka_unit_test(moving_dates),
		cmocka_unit_test(any_bytes),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
