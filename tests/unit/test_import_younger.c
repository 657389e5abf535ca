/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What somebody typed at the desk after the file was written, or what the file has nothing new to
 * say about, is not overwritten by an import; both values are told. */

#include "tests/lib/import_bench.h"

#define MORNING "2026-03-17T08:00:00Z"
enum { HOUR = 3600 };

static int open_bench(void **state)
{
	*state = bench_open(MORNING);
	return 0;
}

/* Customers or vehicles, an hour later each time; the file is `age` hours old. */
static void import(struct bench *b, enum import_kind kind, int age, const char *text)
{
	struct import_rows rows;

	b->e.still.now.s += HOUR;
	bench_import(b);
	b->im.as_of = (struct instant){b->e.still.now.s - age * HOUR};
	import_rows_init(&rows);
	assert_true(import_read(&b->im, kind, str_from(text), &rows));
	assert_int_equal(import_put(&b->im, kind, &rows), OK);
	assert_int_equal(b->im.faults, 0);
	import_rows_deinit(&rows);
}

/* An hour later somebody says at the desk what an object is. */
static void at_the_desk(struct bench *b, enum verb verb, const char *id, const char *body)
{
	static int keys;
	struct command *c = command_new(verb);

	assert_non_null(c);
	b->e.still.now.s += HOUR;
	c->journal = JOURNAL_DIRECTORY;
	c->target = str_from(id);
	c->key = arena_printf(&c->arena, "desk-%d", keys++);
	c->by = STR("ana");
	c->if_match = STR("*");
	c->body = str_from(body);
	assert_int_equal(fleet_run(b->e.fleet, &c, 1), OK);
	assert_int_equal(c->outcome, OK);
	command_free(c);
}

static void person_is(struct bench *b, const char *expected)
{
	struct view *v = demo_env_look(&b->e);

	assert_str(json_raw(customer_person(v, STR("C1"))), expected);
	demo_env_look_end(&b->e);
}

#define HEADER "customer,segment,language,preferred_channel,person.name,person.phone,person.email\n"
#define BY_ANA(phone)                                                                       \
	"{\"customer\":\"C1\",\"language\":\"fr\",\"person\":{\"email\":\"a@example.org\"," \
	"\"name\":\"A. Conte\",\"phone\":\"" phone                                          \
	"\"},\"preferred_channel\":\"sms\",\"segment\":\"private\"}"

/* The file was written before the desk typed: the phone stays, the rest is the file's. */
static void younger_than_the_file(void **state)
{
	struct bench *b = *state;

	import(b, IMPORT_CUSTOMERS, 0, HEADER "C1,private,fr,sms,A. Conte,+33 1,a@example.org\n");
	at_the_desk(b, VERB_CUSTOMER_PUT, "C1", BY_ANA("+33 2"));
	import(b, IMPORT_CUSTOMERS, 2, HEADER "C1,vip,fr,sms,A. Conte,+33 3,b@example.org\n");
	assert_string_equal(b->told, "f:2: /person/phone stays \"+33 2\", as ana typed it on "
				     "2026-03-17T10:00:00Z; the file says \"+33 3\"\n");
	assert_int_equal(b->im.counts.kept, 1);
	assert_int_equal(b->im.counts.changed, 1);
	person_is(b, "{\"email\":\"b@example.org\",\"name\":\"A. Conte\",\"phone\":\"+33 2\"}");
	/* The same file again changes nothing and tells nothing. */
	import(b, IMPORT_CUSTOMERS, 3, HEADER "C1,vip,fr,sms,A. Conte,+33 3,b@example.org\n");
	assert_string_equal(b->told, "");
	assert_int_equal(b->im.counts.same, 1);
}

/* A new file that says of the phone what was imported before says nothing new; then it does. */
static void nothing_new(void **state)
{
	struct bench *b = *state;

	import(b, IMPORT_CUSTOMERS, 0, HEADER "C1,private,fr,sms,A. Conte,+33 1,a@example.org\n");
	at_the_desk(b, VERB_CUSTOMER_PUT, "C1", BY_ANA("+33 2"));
	import(b, IMPORT_CUSTOMERS, 0, HEADER "C1,vip,fr,sms,A. Conte,+33 1,a@example.org\n");
	assert_int_equal(b->im.counts.kept, 1);
	person_is(b, "{\"email\":\"a@example.org\",\"name\":\"A. Conte\",\"phone\":\"+33 2\"}");
	import(b, IMPORT_CUSTOMERS, 0, HEADER "C1,vip,en,sms,A. Conte,+33 1,a@example.org\n");
	assert_int_equal(b->im.counts.kept, 1); /* an import in between does not make it older */
	import(b, IMPORT_CUSTOMERS, 0, HEADER "C1,vip,en,sms,A. Conte,+33 4,a@example.org\n");
	assert_string_equal(b->told, "");
	person_is(b, "{\"email\":\"a@example.org\",\"name\":\"A. Conte\",\"phone\":\"+33 4\"}");
}

/* The desk knows that C2 is C1: what the file says of either is said of one person, each name keeps
 * the ids that others know it by, and cars go to the survivor. */
static void two_rows_of_one_person(void **state)
{
	struct bench *b = *state;
	struct row row;

	import(b, IMPORT_CUSTOMERS, 0,
		HEADER "C1,private,fr,sms,A. Conte,+33 1,\nC2,private,fr,sms,A Conte,+33 1,\n");
	at_the_desk(b, VERB_CUSTOMER_MERGE, "C2", "{\"into\":\"C1\"}");
	import(b, IMPORT_CUSTOMERS, 0, HEADER "C2,private,fr,sms,A. Conte,+33 2,\n");
	assert_int_equal(b->im.counts.changed, 1);
	person_is(b, "{\"name\":\"A. Conte\",\"phone\":\"+33 2\"}");
	import(b, IMPORT_CUSTOMERS, 0, HEADER "C2,private,fr,sms,A. Conte,+33 2,\n");
	assert_int_equal(b->im.counts.same, 1);
	assert_string_equal(b->told, "");
	import(b, IMPORT_VEHICLES, 0, "vin,model,owner\nZAMDEMC1T0D200001,Levante,C2\n");
	import(b, IMPORT_VEHICLES, 0, "vin,model,owner,plate\nZAMDEMC1T0D200001,Levante,C2,A-1\n");
	assert_string_equal(b->told, "");
	assert_true(row_get(demo_env_look(&b->e), ROW_VEHICLE, STR("ZAMDEMC1T0D200001"), &row));
	assert_str(json_str_at(row.doc, "owner"), "C1");
	demo_env_look_end(&b->e);
}

/* A row that names somebody by another system's id is about whom that system means. */
static void by_a_foreign_id(void **state)
{
	struct bench *b = *state;
	struct row row;

	import(b, IMPORT_CUSTOMERS, 0,
		"customer,segment,language,preferred_channel,person.name,external\n"
		"C1,private,fr,sms,A. Conte,dms:K-1|crm:88\n");
	import(b, IMPORT_CUSTOMERS, 0,
		"customer,segment,language,preferred_channel,person.name,external\n"
		"N9,private,fr,sms,A. Conte-Nuova,dms:K-1\n");
	assert_int_equal(b->im.counts.changed, 1);
	person_is(b, "{\"name\":\"A. Conte-Nuova\"}");
	import(b, IMPORT_VEHICLES, 0, "vin,model,owner\nZAMDEMC1T0D200001,Levante,K-1\n");
	assert_true(row_get(demo_env_look(&b->e), ROW_VEHICLE, STR("ZAMDEMC1T0D200001"), &row));
	assert_str(json_str_at(row.doc, "owner"), "C1");
	demo_env_look_end(&b->e);
}

/* Between files the last one imported counts, however old it is: nobody typed what is here. */
static void import_after_import(void **state)
{
	struct bench *b = *state;

	import(b, IMPORT_CUSTOMERS, 0, HEADER "C1,private,fr,sms,A. Conte,+33 1,a@example.org\n");
	import(b, IMPORT_CUSTOMERS, 9, HEADER "C1,private,fr,sms,A. Conte,+33 2,\n");
	assert_string_equal(b->told, "");
	assert_int_equal(b->im.counts.changed, 1);
	person_is(b, "{\"name\":\"A. Conte\",\"phone\":\"+33 2\"}");
}

/* Taken away at the desk, or added there: that is typed too. A member that the desk never knew is
 * no value of the desk's. */
static void taken_away(void **state)
{
	struct bench *b = *state;

	at_the_desk(b, VERB_VEHICLE_PUT, "ZAMDEMC1T0D200001",
		"{\"model\":\"Levante\",\"vin\":\"ZAMDEMC1T0D200001\"}");
	import(b, IMPORT_VEHICLES, 9,
		"vin,model,plate,odometer_km\nZAMDEMC1T0D200001,Levante,AB-1,100\n");
	assert_string_equal(b->told, "");
	at_the_desk(b, VERB_VEHICLE_PUT, "ZAMDEMC1T0D200001",
		"{\"flags\":[\"vip\"],\"model\":\"Levante\",\"odometer_km\":150,\"vin\":"
		"\"ZAMDEMC1T0D200001\"}");
	import(b, IMPORT_VEHICLES, 0,
		"vin,model,plate,odometer_km\nZAMDEMC1T0D200001,Levante GT,AB-1,100\n");
	assert_string_equal(b->told,
		"f:2: /flags stays [\"vip\"], as ana typed it on 2026-03-17T11:00:00Z; the file "
		"says nothing\n"
		"f:2: /odometer_km stays 150, as ana typed it on 2026-03-17T11:00:00Z; the file "
		"says 100\n"
		"f:2: /plate stays nothing, as ana typed it on 2026-03-17T11:00:00Z; the file says "
		"\"AB-1\"\n");
	struct row row;
	assert_true(row_get(demo_env_look(&b->e), ROW_VEHICLE, STR("ZAMDEMC1T0D200001"), &row));
	assert_str(row.text, "{\"flags\":[\"vip\"],\"model\":\"Levante GT\",\"odometer_km\":150,"
			     "\"vin\":\"ZAMDEMC1T0D200001\"}");
	demo_env_look_end(&b->e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(younger_than_the_file, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(nothing_new, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(two_rows_of_one_person, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(by_a_foreign_id, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(import_after_import, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(taken_away, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
