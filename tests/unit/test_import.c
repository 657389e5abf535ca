/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Whole files into a fleet: every fault with its line, nothing written when there is one, and the
 * same file again changes nothing. */

#include "fleet/embed.h"
#include "tests/lib/import_bench.h"

#define TUESDAY "2026-03-17T11:00:00Z"

/* One import of its own, as the command line does it; what was told is in b->told. */
static void import_as(struct bench *b, enum import_kind kind, struct str text, bool substitute)
{
	struct import_rows rows;

	bench_import(b);
	b->im.substitute = substitute;
	import_rows_init(&rows);
	fleet_gather(b->e.fleet, IMPORT_COMMIT_ENTRIES);
	if (import_read(&b->im, kind, text, &rows)) {
		if (kind == IMPORT_COVERAGES)
			assert_int_equal(import_play(&b->im, &rows, NULL), OK);
		else if (kind == IMPORT_BOOKINGS)
			assert_int_equal(import_play(&b->im, NULL, &rows), OK);
		else
			assert_int_equal(import_put(&b->im, kind, &rows), OK);
	}
	assert_int_equal(fleet_gather_end(b->e.fleet, true), OK);
	import_rows_deinit(&rows);
}

static void import(struct bench *b, enum import_kind kind, struct str text)
{
	import_as(b, kind, text, false);
}

static void counts_are(
	struct bench *b, uint32_t created, uint32_t changed, uint32_t same, uint32_t refused)
{
	assert_string_equal(b->told, "");
	assert_int_equal(b->im.counts.created, created);
	assert_int_equal(b->im.counts.changed, changed);
	assert_int_equal(b->im.counts.same, same);
	assert_int_equal(b->im.counts.refused, refused);
}

static const char customers[] = "customer,segment,language,preferred_channel,person.name\n"
				"C1,private,fr,sms,A. Conte\nC2,vip,en,phone,B. Fable\n";
static const char vehicles[] =
	"vin;plate;model;owner;odometer_km\n"
	"zam dem c1 t0 d 200001;OI-1;Grecale;C1;100\nZAMDEMC1T0D200002;OI-2;Levante;C2;200\n";
static const char coverages[] = "vin,source,programme,start_on,owner_id\n"
				"ZAMDEMC1T0D200001,portal,NEW36,J-100,C1\n"
				"ZAMDEMC1T0D200001,portal,ROAD36,J-100,C1\n"
				"ZAMDEMC1T0D200002,portal,,,\n";
/* R1 is with the customer, R2 will be, R3 is nobody's, R4 is not made yet, R5 ended before this
 * directory began. */
static const char bookings[] =
	"ref,site,vin,jobs,made_at,drop_off_at,ready_at,from,until,solution,class,"
	"out_at,in_at,cancelled_at\n"
	"R1,LYO,ZAMDEMC1T0D200001,warranty_repair:300,W-5 10:00,"
	"W-1 09:00,W+0 16:00,W-1 09:00,W+0 17:00,loaner_brand,quattroporte,W-1 09:05,,\n"
	"R2,LYO,ZAMDEMC1T0D200002,maintenance:120,W-5 11:00,"
	"W+1 09:00,W+1 16:00,W+1 09:00,W+1 17:00,loaner_brand,quattroporte,,,\n"
	"R3,LYO,,maintenance:120,W-4 11:00,W+2 09:00,,W+2 09:00,W+2 17:00,taxi,,,,W-3 12:00\n"
	"R4,LYO,ZAMDEMC1T0D200001,maintenance:120,W+3 11:00,"
	"W+5 09:00,W+5 16:00,W+5 09:00,W+5 17:00,taxi,,,,\n"
	"R5,LYO,ZAMDEMC1T0D200002,maintenance:120,W-5 11:00,"
	"W-4 09:00,W-4 16:00,W-4 09:00,W-4 17:00,taxi,,W-4 09:00,W-4 16:30,\n";

static int open_bench(void **state)
{
	struct bench *b = bench_open(TUESDAY);

	*state = b;
	import(b, IMPORT_SITES, embedded_find(demo_files, "sites.json"));
	counts_are(b, 2, 0, 0, 0);
	import(b, IMPORT_RULESETS, embedded_find(demo_files, "ruleset.json"));
	counts_are(b, 1, 0, 0, 0);
	import(b, IMPORT_RESOURCES, embedded_find(demo_files, "resources.csv"));
	counts_are(b, 62, 0, 0, 0);
	import(b, IMPORT_CUSTOMERS, str_from(customers));
	counts_are(b, 2, 0, 0, 0);
	import(b, IMPORT_VEHICLES, str_from(vehicles));
	counts_are(b, 2, 0, 0, 0);
	return 0;
}

static void again_changes_nothing(void **state)
{
	struct bench *b = *state;
	uint64_t entries = fleet_counts(b->e.fleet)->entries;

	import(b, IMPORT_SITES, embedded_find(demo_files, "sites.json"));
	counts_are(b, 0, 0, 2, 0);
	import(b, IMPORT_RULESETS, embedded_find(demo_files, "ruleset.json"));
	counts_are(b, 0, 0, 1, 0);
	import(b, IMPORT_RESOURCES, embedded_find(demo_files, "resources.csv"));
	counts_are(b, 0, 0, 62, 0);
	import(b, IMPORT_CUSTOMERS, str_from(customers));
	counts_are(b, 0, 0, 2, 0);
	import(b, IMPORT_VEHICLES, str_from(vehicles));
	counts_are(b, 0, 0, 2, 0);
	assert_int_equal(fleet_counts(b->e.fleet)->entries, entries);
}

static struct json vehicle(struct bench *b, const char *vin)
{
	static struct row row;

	assert_true(row_get(demo_env_look(&b->e), ROW_VEHICLE, str_from(vin), &row));
	return row.doc;
}

static void cover_stays(void **state)
{
	struct bench *b = *state;
	struct json doc;

	import(b, IMPORT_COVERAGES, str_from(coverages));
	counts_are(b, 2, 0, 0, 0);
	import(b, IMPORT_COVERAGES, str_from(coverages));
	counts_are(b, 0, 0, 2, 0);
	import(b, IMPORT_VEHICLES,
		STR("vin,plate,model,owner,odometer_km\nZAMDEMC1T0D200001,OI-1,Grecale,C1,150\n"));
	counts_are(b, 0, 1, 0, 0);
	doc = vehicle(b, "ZAMDEMC1T0D200001");
	assert_int_equal(json_int_at(doc, "odometer_km", 0), 150);
	assert_int_equal(json_count(json_get(doc, "coverages")), 2);
	assert_str(json_str_at(json_get(doc, "cover_checked"), "at"), TUESDAY);
	assert_str(json_str_at(json_item(json_get(doc, "coverages"), 0), "start_on"), "2025-12-07");
	demo_env_look_end(&b->e);
	doc = vehicle(b, "ZAMDEMC1T0D200002"); /* looked up, nothing found */
	assert_true(json_present(json_get(doc, "cover_checked")));
	assert_int_equal(json_count(json_get(doc, "coverages")), 0);
	demo_env_look_end(&b->e);
}

/* How many bookings there are of a status. */
static int bookings_of(struct bench *b, const char *status)
{
	struct view *v = demo_env_look(&b->e);
	struct key prefix = key_row_prefix(ROW_BOOKING);
	struct cursor c;
	int n = 0;

	cursor_open(&c, v->txn, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		struct str id;
		struct row row;
		size_t at = prefix.n;
		assert_true(key_take_text(c.key, &at, &id));
		assert_true(row_get(v, ROW_BOOKING, arena_copy(&b->e.arena, id), &row));
		n += str_is(json_str_at(row.doc, "status"), status);
	}
	cursor_close(&c);
	demo_env_look_end(&b->e);
	return n;
}

static void bookings_are_played(void **state)
{
	struct bench *b = *state;
	uint64_t entries;

	import(b, IMPORT_COVERAGES, str_from(coverages));
	import(b, IMPORT_BOOKINGS, str_from(bookings));
	assert_string_equal(
		b->told, "f:4: /customer a booking needs a customer; only a hold may do without\n");
	assert_int_equal(b->im.counts.created, 2);
	assert_int_equal(b->im.counts.refused, 1);
	assert_int_equal(b->im.counts.not_yet, 1);
	assert_int_equal(b->im.counts.over, 1);
	assert_int_equal(bookings_of(b, "out"), 1);
	assert_int_equal(bookings_of(b, "booked"), 1);
	entries = fleet_counts(b->e.fleet)->entries;
	import(b, IMPORT_BOOKINGS, str_from(bookings));
	assert_int_equal(b->im.counts.created, 0);
	assert_int_equal(b->im.counts.same, 2);
	assert_int_equal(fleet_counts(b->e.fleet)->entries, entries);
	assert_int_equal(
		b->e.still.env.now(&b->e.still.env).s, b->e.still.now.s); /* the clock goes on */
}

/* How often a booking's refusal was counted as demand. */
static int64_t demand_of_bench(struct bench *b)
{
	struct key prefix = key_row_prefix(ROW_DEMAND);
	struct view *v = demo_env_look(&b->e);
	struct cursor c;
	int64_t refusals = 0;

	cursor_open(&c, v->txn, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		struct row row;
		struct str id;
		size_t at = prefix.n;
		assert_true(key_take_text(c.key, &at, &id));
		assert_true(row_get(v, ROW_DEMAND, arena_copy(v->arena, id), &row));
		refusals += json_int_at(row.doc, "bookings", 0);
	}
	cursor_close(&c);
	demo_env_look_end(&b->e);
	return refusals;
}

/* Three in a class with two cars at the site. */
static const char three[] = "ref,site,vin,jobs,drop_off_at,ready_at,from,until,solution,class\n"
			    "Q1,LYO,ZAMDEMC1T0D200001,maintenance:60,W+3 09:00,W+3 12:00,W+3 "
			    "09:00,W+3 14:00,loaner_brand,quattroporte\n"
			    "Q2,LYO,ZAMDEMC1T0D200002,maintenance:60,W+3 09:00,W+3 12:00,W+3 "
			    "09:00,W+3 15:00,loaner_brand,quattroporte\n"
			    "Q3,LYO,ZAMDEMC1T0D200002,maintenance:60,W+3 10:00,W+3 12:00,W+3 "
			    "10:00,W+3 16:00,loaner_brand,quattroporte\n";

/* The third is refused with its line; once there is room again the same file goes in. Nobody asked
 * here, so nobody was turned away. */
static void refused_then_room(void **state)
{
	static const char two[] =
		"ref,site,vin,jobs,drop_off_at,ready_at,from,until,solution,class,cancelled_at\n"
		"Q1,LYO,ZAMDEMC1T0D200001,maintenance:60,W+3 09:00,W+3 12:00,W+3 09:00,W+3 "
		"14:00,loaner_brand,quattroporte,"
		"W+0 08:00\n";
	struct bench *b = *state;

	import(b, IMPORT_BOOKINGS, str_from(three));
	assert_int_equal(b->im.counts.created, 2);
	assert_int_equal(b->im.counts.refused, 1);
	assert_memory_equal(b->told, "f:4: ", 5);
	uint64_t entries = fleet_counts(b->e.fleet)->entries;
	import(b, IMPORT_BOOKINGS, str_from(three));
	assert_int_equal(b->im.counts.created, 0);
	assert_int_equal(b->im.counts.refused, 1);
	assert_int_equal(fleet_counts(b->e.fleet)->entries, entries);
	import(b, IMPORT_BOOKINGS, str_from(two));
	assert_int_equal(bookings_of(b, "cancelled"), 1);
	import(b, IMPORT_BOOKINGS, str_from(three));
	counts_are(b, 1, 0, 2, 0);
	assert_int_equal(demand_of_bench(b), 0);
}

/* What a row tells of a booking that has gone another way: in which state it is, and what to do. */
static void gone_another_way(void **state)
{
	static const char *const file[] = {
		"cancelled_at\nQ1,LYO,ZAMDEMC1T0D200001,maintenance:60,W+3 09:00,W+3 12:00,W+3 "
		"09:00,W+3 14:00,loaner_brand,quattroporte,W+0 08:00\n",
		"no_show_at\nQ1,LYO,ZAMDEMC1T0D200001,maintenance:60,W+3 09:00,W+3 12:00,W+3 "
		"09:00,W+3 14:00,loaner_brand,quattroporte,W+0 09:00\n"};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(file); i++) {
		char text[500];
		snprintf(text, sizeof text,
			"ref,site,vin,jobs,drop_off_at,ready_at,from,until,solution,class,%s",
			file[i]);
		import(b, IMPORT_BOOKINGS, str_from(text));
	}
	assert_string_equal(b->told,
		"f:2: the booking is cancelled here, so that what this row tells of it was not "
		"done: take the row out, or set the booking right at the desk and import it "
		"again\n");
}

/* The demonstration's customers ask: one of them wished for what was full, whatever else was tried
 * for him, and however often it is told. */
static void a_wish_counts_once(void **state)
{
	struct bench *b = *state;

	import_as(b, IMPORT_BOOKINGS, str_from(three), true);
	assert_int_equal(b->im.counts.created, 3);
	assert_int_equal(b->im.counts.substituted, 1);
	assert_int_equal(demand_of_bench(b), 1);
	import_as(b, IMPORT_BOOKINGS, str_from(three), true);
	counts_are(b, 0, 0, 3, 0);
	assert_int_equal(demand_of_bench(b), 1);
}

/* ---- faults ---- */

static void told_is(struct bench *b, enum import_kind kind, struct str text, const char *expected)
{
	uint64_t entries = fleet_counts(b->e.fleet)->entries;

	import(b, kind, text);
	assert_string_equal(b->told, expected);
	assert_int_equal(fleet_counts(b->e.fleet)->entries, entries);
}

static void every_fault_with_its_line(void **state)
{
	struct bench *b = *state;

	told_is(b, IMPORT_CUSTOMERS, STR(""), "f:1: has no header\n");
	told_is(b, IMPORT_CUSTOMERS, STR("customer,nickname\n"),
		"f:1: there is no member for the column \"nickname\"\n");
	told_is(b, IMPORT_CUSTOMERS,
		STR("customer,segment,language,preferred_channel,person.name\n"
		    "C3,private,fr,sms,Good\n"
		    "C4,king,fr,sms,X\n"
		    "C5,private,fr,sms\n"
		    "C6,private,fr,pigeon,\n"
		    ",private,fr,sms,X\n"
		    "\"C7\"x\n"),
		"f:3: /segment must be one of private, company, vip\n"
		"f:4: has 4 cells where the header has 5\n"
		"f:5: /preferred_channel must be one of phone, sms, email, letter, none\n"
		"f:5: /person is required\n"
		"f:6: /customer is required: it names the row\n"
		"f:7: has text after a closing quote\n");
	told_is(b, IMPORT_BOOKINGS,
		STR("ref,site,jobs,made_at,drop_off_at,from,until,solution,"
		    "out_at,in_at,cancelled_at\n"
		    "T1,LYO,maintenance:60,W-3 11:00,W-2 09:00,W-2 09:00,W-2 17:00,taxi,"
		    "W-2 09:00,W-2 08:00,\n"
		    "T2,LYO,maintenance:60,W-3 11:00,W-2 09:00,W-2 09:00,W-2 17:00,taxi,,,"
		    "W-3 10:00\n"),
		"f:2: /in_at lies before out_at\n"
		"f:3: /cancelled_at lies before made_at\n");
	told_is(b, IMPORT_CUSTOMERS,
		STR("customer,segment,language,preferred_channel,person.name\n"
		    "C3,private,fr,sms,X\nC4,private,fr,sms,Y\nC3,private,fr,sms,Z\n"),
		"f:4: customer C3 stands already on line 2\n");
	told_is(b, IMPORT_CUSTOMERS, STR("customer\nC\x81\n"),
		"f:2: holds bytes that are neither UTF-8 nor Windows-1252 text\n");
	told_is(b, IMPORT_VEHICLES, STR("vin,model\nZAMDEMC1T0D20000I,x\n"),
		"f:2: /vin must be a VIN: digits and capitals without I, O, Q\n");
}

/* The same table as four programs save it: one import, and the others change nothing. */
static void whatever_wrote_it(void **state)
{
	static const char utf_8[] = "\xEF\xBB\xBF"
				    "customer;segment;language;preferred_channel;person.name\n"
				    "C9;private;fr;sms;Zo\xC3\xA9 \xE2\x82\xAC\n";
	static const char windows[] =
		"customer\tsegment\tlanguage\tpreferred_channel\tperson.name\r\n"
		"C9\tprivate\tfr\tsms\tZo\xE9 \x80\r\n";
	char wide[2 * sizeof windows] = "\xFF\xFE";
	struct bench *b = *state;
	size_t n = 2;

	import(b, IMPORT_CUSTOMERS, str_from(utf_8));
	counts_are(b, 1, 0, 0, 0);
	assert_string_equal(b->im.understood.encoding, "UTF-8");
	assert_int_equal(b->im.understood.separator, ';');
	import(b, IMPORT_CUSTOMERS, str_from(windows));
	counts_are(b, 0, 0, 1, 0);
	assert_string_equal(b->im.understood.encoding, "Windows-1252");
	assert_int_equal(b->im.understood.separator, '\t');
	for (const char *p = windows; *p; p++) {
		wide[n++] = (char)(*p == '\x80' ? '\xAC' : *p);
		wide[n++] = (char)(*p == '\x80' ? '\x20' : '\0');
	}
	import(b, IMPORT_CUSTOMERS, (struct str){wide, n});
	counts_are(b, 0, 0, 1, 0);
	assert_string_equal(b->im.understood.encoding, "UTF-16LE");
	import(b, IMPORT_CUSTOMERS, (struct str){wide + 2, n - 2});
	counts_are(b, 0, 0, 1, 0);
	told_is(b, IMPORT_CUSTOMERS, (struct str){wide, n - 1},
		"f:2: ends in the middle of a UTF-16LE character\n");
	told_is(b, IMPORT_CUSTOMERS, STR("customer,person.name\nC1,\xC3\xA9\nC2,\xE9\n"),
		"f:3: holds bytes that are not UTF-8 text\n");
	told_is(b, IMPORT_CUSTOMERS,
		STR("\xEF\xBB\xBF"
		    "customer\nC\xE9\n"),
		"f:2: holds bytes that are not UTF-8 text\n");
}

/* The same customer and car from three houses' tables. The sites of the bench write the day first.
 */
static void whatever_they_call_it(void **state)
{
	struct bench *b = *state;

	import(b, IMPORT_CUSTOMERS,
		STR("N\xC2\xB0 client;Segment;Langue;Canal;Nom;Date de naissance\n"
		    "C9;private;fr;sms;Z. Fable;17/03/1970\n"));
	counts_are(b, 1, 0, 0, 0);
	import(b, IMPORT_CUSTOMERS,
		STR("Customer number,Segment,Language,Channel,Name,Date of birth\n"
		    "C9,private,fr,sms,Z. Fable,1970-03-17\n"));
	counts_are(b, 0, 0, 1, 0);
	import(b, IMPORT_CUSTOMERS,
		STR("Codice cliente;Segmento;Lingua;Canale;Nome;Data di nascita\n"
		    "C9;private;fr;sms;Z. Fable;17.3.1970\n"));
	counts_are(b, 0, 0, 1, 0);
	import(b, IMPORT_VEHICLES,
		STR("Telaio;Modello;Proprietario;Km;Immobilizzato\n"
		    "ZAMDEMC1T0D200009;Levante;C9;12.345,00;S\xC3\xAC\n"));
	counts_are(b, 1, 0, 0, 0);
	struct json doc = vehicle(b, "ZAMDEMC1T0D200009");
	assert_int_equal(json_int_at(doc, "odometer_km", 0), 12345);
	assert_str(json_str_at(doc, "owner"), "C9");
	demo_env_look_end(&b->e);
	import(b, IMPORT_VEHICLES, STR("vin,model,km\nZAMDEMC1T0D200009,Levante,12.345\n"));
	assert_memory_equal(b->told, "f:2: /odometer_km ", 18);
}

static void faults_in_json(void **state)
{
	struct bench *b = *state;

	told_is(b, IMPORT_VEHICLES,
		STR("[\n{\"vin\":\"ZAMDEMC1T0D200009\",\"model\":\"x\"},\n{\"vin\":7}\n]"),
		"f:3: /vin must be a text\nf:3: /model is required\n");
	import(b, IMPORT_VEHICLES, STR("[\n{\"vin\":\"ZAMDEMC1T0D200009\",\"vin\":1}\n"));
	assert_memory_equal(b->told, "f:2: ", 5);
	assert_non_null(strstr(b->told, "\nf:3: must have , or ] here\n"));
	told_is(b, IMPORT_RULESETS,
		STR("{\"version\":\"x\",\"valid_from\":\"2026-01-01\",\"solution_order\":[\"taxi\"]"
		    ",\"job_types\":[],"
		    "\"segments\":[],\"driver_limits\":{},\"programmes\":7,\"documents_by_"
		    "solution\":{},"
		    "\"condition_rules\":[]}"),
		"f:1: /solution_order must name at least two solutions\n"
		"f:1: /programmes must be a list\n");
}

static void faults_of_bookings(void **state)
{
	struct bench *b = *state;

	told_is(b, IMPORT_BOOKINGS,
		STR("ref,site,jobs,drop_off_at,from,until,solution\n"
		    "A,XXX,maintenance:60,2026-03-18T09:00:00Z,2026-03-18T09:00:00Z,2026-03-18T17:"
		    "00:00Z,taxi\n"
		    "B,LYO,maintenance,W+1 09:00,W+1 09:00,W+1 08:00,taxi\n"
		    "C,LYO,maintenance:60,2026-03-29T02:30,W+1 09:00,W+1 18:00,taxi\n"),
		"f:2: /site there is no such site: import it first\n"
		"f:3: /jobs/0/immobilisation_minutes is required\n"
		"f:3: /until must be after from\n"
		"f:4: /drop_off_at this local time does not exist in Europe/Paris: clocks go "
		"forward\n");
}

static void a_site_that_is_not_there(void **state)
{
	struct bench *b = *state;

	told_is(b, IMPORT_RESOURCES,
		STR("resource,site,kind,solutions,class,label,seats,status\n"
		    "X1,MIL,desk,,desk,Desk,1,active\n"),
		"f:2: /site there is no such site: import it first\n");
}

static void refused_when_written(void **state)
{
	struct bench *b = *state;

	import(b, IMPORT_VEHICLES,
		STR("vin,model,owner\nZAMDEMC1T0D200008,x,NOBODY\nZAMDEMC1T0D200007,y,C1\n"));
	assert_string_equal(b->told, "f:2: /owner this customer is not known here\n");
	assert_int_equal(b->im.counts.created, 1);
	assert_int_equal(b->im.counts.refused, 1);
	import(b, IMPORT_COVERAGES, STR("vin,source\nZAMDEMC1T0D299999,portal\n"));
	assert_string_equal(b->told, "f:2: There is no such thing here\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(again_changes_nothing, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(cover_stays, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(bookings_are_played, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(refused_then_room, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(gone_another_way, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(a_wish_counts_once, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(every_fault_with_its_line, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(whatever_wrote_it, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(whatever_they_call_it, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(faults_in_json, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(faults_of_bookings, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(a_site_that_is_not_there, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(refused_when_written, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
