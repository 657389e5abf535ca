/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Another system's export, read with a mapping: its columns, its values, what it does not have. */

#include "server/import_mapping.h"
#include "tests/lib/import_bench.h"

static int open_bench(void **state)
{
	*state = bench_open("2026-03-17T11:00:00Z");
	return 0;
}

/* The customers of `text` as rows, read with the mapping; or all that was told. */
static void read_is(struct bench *b, const char *mapping, const char *text, const char *expected)
{
	struct import_mapping mapped;
	struct import_rows rows;
	char out[2000];
	size_t n = 0;

	bench_import(b);
	b->im.mapping = &mapped;
	import_mapping_init(&mapped, "m");
	import_rows_init(&rows);
	if (import_mapping_read(&b->im, &mapped, IMPORT_CUSTOMERS, str_from(mapping)) &&
		import_read(&b->im, IMPORT_CUSTOMERS, str_from(text), &rows)) {
		assert_int_equal(b->told_n, 0);
		out[0] = '\0';
		for (uint32_t i = 0; i < rows.len; i++)
			n += (size_t)snprintf(out + n, sizeof out - n, "%u %.*s\n",
				rows.row[i].line, STR_FMT(rows.row[i].doc));
		assert_string_equal(out, expected);
	} else {
		assert_string_equal(b->told, expected);
		assert_string_equal(b->im.file, "f");
	}
	import_rows_deinit(&rows);
	import_mapping_deinit(&mapped);
}

static const char house[] = "# a house's own export\r\n"
			    "[columns]\r\n"
			    "Kundennummer = customer\r\n"
			    "Art=segment\r\n"
			    "Saldo = 0 = person.title\r\n"
			    "Bemerkung = -\r\n"
			    "\r\n"
			    "[absent]\r\n"
			    "language = fr\r\n"
			    "preferred_channel = phone\r\n"
			    "[segment]\r\n"
			    "Privatkunde = private\r\n";

static void another_house(void **state)
{
	struct bench *b = *state;

	read_is(b, house,
		"Kundennummer;Art;Bemerkung;Nom;Saldo = 0\n"
		"C1;Privatkunde;ruft nie zur\xFC"
		"ck;A. Conte;\nC2;vip;;B. Fable;Dr\n",
		"2 {\"customer\":\"C1\",\"language\":\"fr\",\"person\":{\"name\":\"A. Conte\"},"
		"\"preferred_channel\":\"phone\",\"segment\":\"private\"}\n"
		"3 {\"customer\":\"C2\",\"language\":\"fr\",\"person\":{\"name\":\"B. Fable\","
		"\"title\":\"Dr\"},\"preferred_channel\":\"phone\",\"segment\":\"vip\"}\n");
}

/* A value that nobody explained is not guessed, and a row is as wide as its own header. */
static void not_understood(void **state)
{
	struct bench *b = *state;

	read_is(b, house, "Kundennummer;Art;Nom;Saldo = 0\nC1;Firma;A;\nC2;vip;B;;x\n",
		"f:2: /segment must be one of private, company, vip\n"
		"f:3: has 5 cells where the header has 4\n");
	read_is(b, house, "Kundennummer;Nom;Saldo = 0\nC1;A;\n", "m:4: f has no column \"Art\"\n");
	read_is(b, house, "Kundennummer;Art;Nom;Saldo = 0;language\nC1;vip;A;;fr\n",
		"f:1: the column \"language\" stands there twice\n");
	read_is(b, house, "[]", "f:1: is JSON: a mapping is for the columns of CSV\n");
}

static void faults_of_the_mapping(void **state)
{
	struct bench *b = *state;

	read_is(b,
		"a = b\n"
		"[columns]\n"
		"Nummer\n"
		"Nummer = number\n"
		" = customer\n"
		"Kunde =\n"
		"Kunde = customer\n"
		"Kunde = segment\n"
		"[Segment]\n"
		"Privat = private\n"
		"[absent]\n"
		"- = x\n",
		"",
		"m:1: stands before the first section, such as [columns]\n"
		"m:3: must be [SECTION] or NAME = MEANING\n"
		"m:4: there is no member \"number\" in this kind\n"
		"m:5: must have a word on each side of =\n"
		"m:6: must have a word on each side of =\n"
		"m:8: \"Kunde\" stands already on line 7\n"
		"m:9: [Segment] is neither [columns] nor [absent] nor a member of this kind\n"
		"m:12: there is no member \"-\" in this kind\n");
	read_is(b, "[columns]\nA = \x81\n", "",
		"m:2: holds bytes that are neither UTF-8 nor Windows-1252 text\n");
	read_is(b, "[", "", "m:1: must be [SECTION] or NAME = MEANING\n");
}

/* As many absent members as a table may have columns, and one more. */
static void too_wide(void **state)
{
	static char text[CSV_COLUMNS_MAX * 2 + 16];
	struct bench *b = *state;
	size_t n = 0;

	for (int i = 0; i < CSV_COLUMNS_MAX; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%sx", i ? "," : "");
	read_is(b, "[columns]\nx = -\n[absent]\nlanguage = fr\n", text,
		"m:4: is one column more than 256\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(another_house, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(not_understood, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(faults_of_the_mapping, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(too_wide, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
