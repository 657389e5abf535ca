/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Repair orders from the workshop's system: which visit each is about, under the names that houses
 * give their columns, and nothing written twice. */

#include "fleet/embed.h"
#include "tests/lib/import_bench.h"

#define TUESDAY "2026-03-17T11:00:00Z"
#define CAR_1 "ZAMDEMC1T0D200001"
#define CAR_2 "ZAMDEMC1T0D200002"

static void import(struct bench *b, enum import_kind kind, struct str text)
{
	struct import_rows rows;

	bench_import(b);
	import_rows_init(&rows);
	fleet_gather(b->e.fleet, IMPORT_COMMIT_ENTRIES);
	if (import_read(&b->im, kind, text, &rows))
		assert_int_equal(kind == IMPORT_BOOKINGS ? import_play(&b->im, NULL, &rows)
							 : import_put(&b->im, kind, &rows),
			OK);
	assert_int_equal(fleet_gather_end(b->e.fleet, true), OK);
	import_rows_deinit(&rows);
}

static void counts_are(
	struct bench *b, uint32_t created, uint32_t changed, uint32_t same, uint32_t refused)
{
	assert_int_equal(b->im.counts.created, created);
	assert_int_equal(b->im.counts.changed, changed);
	assert_int_equal(b->im.counts.same, same);
	assert_int_equal(b->im.counts.refused, refused);
}

static int open_bench(void **state)
{
	struct bench *b = bench_open(TUESDAY);

	*state = b;
	import(b, IMPORT_SITES, embedded_find(demo_files, "sites.json"));
	import(b, IMPORT_RULESETS, embedded_find(demo_files, "ruleset.json"));
	import(b, IMPORT_RESOURCES, embedded_find(demo_files, "resources.csv"));
	import(b, IMPORT_CUSTOMERS,
		STR("customer,segment,language,preferred_channel,person.name\n"
		    "C1,private,fr,sms,A. Conte\nC2,vip,en,phone,B. Fable\n"));
	import(b, IMPORT_VEHICLES,
		STR("vin,model,owner\n" CAR_1 ",Grecale,C1\n" CAR_2 ",Levante,C2\n"));
	import(b, IMPORT_BOOKINGS,
		STR("ref,site,vin,jobs,made_at,drop_off_at,ready_at,from,until,solution,class,"
		    "repair_order,out_at\n"
		    "R1,LYO," CAR_1 ",warranty_repair:300,W-5 10:00,W-1 09:00,W+0 16:00,W-1 09:00,"
		    "W+0 17:00,loaner_brand,quattroporte,OR 481-1,W-1 09:05\n"
		    "R2,LYO," CAR_2 ",maintenance:120,W-5 11:00,W+1 09:00,W+1 16:00,W+1 09:00,"
		    "W+1 17:00,loaner_brand,quattroporte,,\n"));
	assert_string_equal(b->told, "");
	counts_are(b, 2, 0, 0, 0);
	return 0;
}

/* The order under a number; the look is still open. */
static struct json order(struct bench *b, const char *number)
{
	static struct row row;
	struct view *v = demo_env_look(&b->e);
	struct key prefix = key_row_prefix(ROW_REPAIR_ORDER);
	struct cursor c;
	struct json found = JSON_ABSENT;

	cursor_open(&c, v->txn, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		struct str id;
		size_t at = prefix.n;
		assert_true(key_take_text(c.key, &at, &id));
		assert_true(row_get(v, ROW_REPAIR_ORDER, arena_copy(&b->e.arena, id), &row));
		if (str_is(json_str_at(row.doc, "number"), number))
			found = row.doc;
	}
	cursor_close(&c);
	return found;
}

/* The first is found by its number, however it is written; the second by its car. */
static void found_by_number_or_car(void **state)
{
	static const char file[] =
		"Site;N\xc2\xb0 OR;Ch\xc3\xa2ssis;Ouvert le;Cl\xc3\xb4ture;Pr\xc3\xaat;Km "
		"entr\xc3\xa9"
		"e;Km sortie;Lignes;Facture;invoice.net_minor;papers\n"
		"LYO;or481-1;;W-1 08:50;W+0 09:00;W+0 09:00;41250;41262;"
		"warranty_repair:4711:2|maintenance;F-9;12000;"
		"order.pdf:9:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
		"LYO;OR9;" CAR_2 ";W+0 09:30;;;;;;;;\n";
	struct bench *b = *state;
	struct json doc;
	uint64_t entries;

	import(b, IMPORT_REPAIR_ORDERS, str_from(file));
	assert_string_equal(b->told, "");
	counts_are(b, 2, 0, 0, 0);
	doc = order(b, "or481-1");
	assert_int_equal(json_int_at(doc, "odometer_out", 0), 41262);
	assert_str(json_raw(json_get(doc, "lines")),
		"[{\"count\":2,\"operation\":\"4711\",\"type\":\"warranty_repair\"},"
		"{\"type\":\"maintenance\"}]");
	assert_str(
		json_raw(json_get(doc, "invoice")), "{\"net_minor\":12000,\"reference\":\"F-9\"}");
	assert_int_equal(json_int_at(json_first(json_get(doc, "papers")), "bytes", 0), 9);
	demo_env_look_end(&b->e);
	assert_true(json_present(order(b, "OR9")));
	demo_env_look_end(&b->e);
	entries = fleet_counts(b->e.fleet)->entries;
	import(b, IMPORT_REPAIR_ORDERS, str_from(file));
	counts_are(b, 0, 0, 2, 0);
	assert_int_equal(fleet_counts(b->e.fleet)->entries, entries);
}

/* The workshop closes it later: the next export says so. */
static void a_later_export(void **state)
{
	struct bench *b = *state;

	import(b, IMPORT_REPAIR_ORDERS,
		STR("[{\"site\":\"LYO\",\"number\":\"OR 481-1\","
		    "\"opened_at\":\"2026-03-16T08:00:00Z\"}]"));
	assert_string_equal(b->told, "");
	counts_are(b, 1, 0, 0, 0);
	import(b, IMPORT_REPAIR_ORDERS,
		STR("[{\"site\":\"LYO\",\"number\":\"OR 481-1\","
		    "\"opened_at\":\"2026-03-16T08:00:00Z\","
		    "\"closed_at\":\"2026-03-17T10:00:00Z\"}]"));
	assert_string_equal(b->told, "");
	counts_are(b, 0, 1, 0, 0);
	assert_str(json_str_at(order(b, "OR 481-1"), "closed_at"), "2026-03-17T10:00:00Z");
	demo_env_look_end(&b->e);
}

static void told_is(struct bench *b, const char *row, const char *told)
{
	struct str file = arena_printf(&b->e.arena,
		"site,number,vin,opened_at,closed_at,ready_at,odometer_in,odometer_out,"
		"invoice.reference,invoice.net_minor,papers\n%s\n",
		row);
	uint64_t entries = fleet_counts(b->e.fleet)->entries;

	import(b, IMPORT_REPAIR_ORDERS, file);
	assert_string_equal(b->told, told);
	assert_int_equal(fleet_counts(b->e.fleet)->entries, entries);
}

static void what_cannot_be(void **state)
{
	struct bench *b = *state;

	told_is(b, "LYO,OR1," CAR_1 ",W+0 09:00,W+0 08:59,,,,,,",
		"f:2: /closed_at lies before opened_at\n");
	told_is(b, "LYO,OR1," CAR_1 ",W+0 09:00,,W+0 08:00,,,,,",
		"f:2: /ready_at lies before opened_at\n");
	told_is(b, "LYO,OR1," CAR_1 ",W+0 09:00,,,200,199,,,",
		"f:2: /odometer_out is less than odometer_in\n");
	told_is(b, "LYO,OR1," CAR_1 ",W+0 09:00,,,,,F-1,-1,",
		"f:2: /invoice/net_minor must lie between 0 and 1000000000000\n");
	told_is(b, "LYO,OR1," CAR_1 ",W+0 09:00,,,,,,,a.pdf:9:beef",
		"f:2: /papers/0/sha256 must be a SHA-256: 64 of 0-9 a-f\n");
	/* nobody's visit began near then, and another site's is not meant */
	told_is(b, "LYO,OR1," CAR_1 ",W-9 09:00,,,,,,,",
		"f:2: /number no visit here has this number, and none of this car began when it "
		"was opened: name its visit\n");
	told_is(b, "DUB,OR 481-1,,W+0 09:00,,,,,,,",
		"f:2: /number no visit here has this number, and none of this car began when it "
		"was opened: name its visit\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(found_by_number_or_car, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(a_later_export, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(what_cannot_be, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
