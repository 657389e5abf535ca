/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* An import is one group of entries: what nobody has changed since is taken back, the rest stays
 * and says why; then the same file may be imported again. */

#include "fleet/group.h"
#include "server/import_record.h"
#include "tests/lib/import_bench.h"

#define MORNING "2026-03-17T08:00:00Z"
#define HEADER "customer,segment,language,preferred_channel,person.name,person.phone\n"
#define FIRST HEADER "C1,private,fr,sms,A. Conte,+33 1\nC2,vip,it,phone,B. Neri,+39 1\n"
#define SECOND HEADER "C1,vip,fr,sms,A. Conte,+33 2\nC3,private,fr,sms,D. Blanc,+33 3\n"
#define CARS "vin,model,owner\nZAMDEMC1T0D200001,Levante,C3\n"

static struct import_record record;

static int open_bench(void **state)
{
	*state = bench_open(MORNING);
	return 0;
}

/* Its counts stay in b->im, its record in `record`. */
static void import(struct bench *b, enum import_kind kind, const char *text)
{
	struct import_rows rows;
	struct hash sha256 = hash_of(str_from(text));

	b->e.still.now.s += 3600;
	bench_import(b);
	record = (struct import_record){.asked_by = STR("ana")};
	import_record_init(&record, fleet_env(b->e.fleet), kind, &sha256);
	b->im.record = &record;
	b->im.as_of = b->im.now;
	import_rows_init(&rows);
	assert_true(import_read(&b->im, kind, str_from(text), &rows));
	assert_int_equal(import_put(&b->im, kind, &rows), OK);
	assert_int_equal(import_record_end(&b->im, "done"), OK);
	import_rows_deinit(&rows);
}

static enum outcome take_back(struct bench *b, const struct group_object *o)
{
	struct command *c = command_new(VERB_IMPORT_UNDO);
	enum outcome outcome;

	assert_non_null(c);
	c->journal = arena_copy(&c->arena, o->journal);
	c->target = arena_copy(&c->arena, o->id);
	c->by = STR("import");
	c->if_match = STR("*");
	c->group = str_from(record.id);
	c->body = arena_printf(&c->arena, "{\"first\":%llu,\"kind\":\"%s\",\"last\":%llu}",
		(unsigned long long)o->first, row_kind_name(o->kind), (unsigned long long)o->last);
	assert_int_equal(fleet_run(b->e.fleet, &c, 1), OK);
	outcome = c->outcome;
	command_free(c);
	return outcome;
}

/* Takes back what can be; the outcome of whatever stays, one a line, in b->told. */
static uint32_t undo(struct bench *b)
{
	struct group_objects g;
	uint32_t done = 0, stays = 0;

	b->e.still.now.s += 3600;
	b->told[b->told_n = 0] = '\0';
	group_objects_init(&g);
	/* an entry a look: the walk goes on where it was */
	for (bool more = true; more; demo_env_look_end(&b->e))
		more = group_objects_walk(&g, demo_env_look(&b->e), str_from(record.id), 1);
	assert_int_equal(g.outcome, OK);
	group_objects_sort(&g);
	for (uint32_t i = 0; i < g.len; i++) {
		char line[80];
		enum outcome o = g.object[i].undone ? OK : take_back(b, &g.object[i]);
		done += o == OK && !g.object[i].undone;
		stays += o != OK;
		snprintf(line, sizeof line, "%.*s %s", STR_FMT(g.object[i].id), outcome_slug(o));
		if (o != OK)
			bench_tell(b, line);
	}
	group_objects_deinit(&g);
	assert_int_equal(import_record_undone(&b->im, STR("ana"), done, stays), OK);
	return done;
}

static void phone_is(struct bench *b, const char *customer, const char *expected)
{
	struct json person = customer_person(demo_env_look(&b->e), str_from(customer));

	assert_str(json_str_at(person, "phone"), expected);
	demo_env_look_end(&b->e);
}

static bool is_there(struct bench *b, enum row_kind kind, const char *id)
{
	struct row row;
	bool there = row_get(demo_env_look(&b->e), kind, str_from(id), &row);

	demo_env_look_end(&b->e);
	return there;
}

/* What was changed is as it was, what was made is gone, what was there before is not touched. */
static void as_it_was(void **state)
{
	struct bench *b = *state;

	import(b, IMPORT_CUSTOMERS, FIRST);
	import(b, IMPORT_CUSTOMERS, SECOND);
	assert_int_equal(b->im.counts.changed + b->im.counts.created, 2);
	assert_int_equal(undo(b), 2);
	assert_string_equal(b->told, "");
	phone_is(b, "C1", "+33 1");
	phone_is(b, "C2", "+39 1");
	assert_false(is_there(b, ROW_CUSTOMER, "C3"));
	/* a second time there is nothing left */
	assert_int_equal(undo(b), 0);
	assert_string_equal(b->told, "");
	/* and the same file does it all again */
	import(b, IMPORT_CUSTOMERS, SECOND);
	assert_int_equal(b->im.counts.changed, 1);
	assert_int_equal(b->im.counts.created, 1);
	phone_is(b, "C3", "+33 3");
	import(b, IMPORT_CUSTOMERS, SECOND);
	assert_int_equal(b->im.counts.same, 2);
	assert_false(record.begun);
}

static void what_stays(void **state)
{
	struct bench *b = *state;
	struct import_record customers;

	import(b, IMPORT_CUSTOMERS, FIRST);
	import(b, IMPORT_CUSTOMERS, SECOND);
	customers = record;
	import(b, IMPORT_VEHICLES, CARS);
	/* somebody types at the desk */
	bench_import(b);
	b->im.by = STR("ana");
	b->im.as_of = b->im.now;
	struct import_rows rows;
	import_rows_init(&rows);
	assert_true(import_read(
		&b->im, IMPORT_CUSTOMERS, STR(HEADER "C1,vip,fr,sms,A. Conte,+33 9\n"), &rows));
	assert_int_equal(import_put(&b->im, IMPORT_CUSTOMERS, &rows), OK);
	import_rows_deinit(&rows);
	b->im.record = &customers;
	record = customers;
	assert_int_equal(undo(b), 0);
	assert_string_equal(b->told, "C3 in-use\nC1 stale\n");
	phone_is(b, "C1", "+33 9");
	phone_is(b, "C3", "+33 3");
}

/* Whoever goes with his import is forgotten: keys and words. */
static void nobody_is_left_behind(void **state)
{
	struct bench *b = *state;
	uint8_t key[SEAL_KEY_LEN];

	import(b, IMPORT_CUSTOMERS, FIRST);
	assert_true(people_key(fleet_people(b->e.fleet), STR("C2"), key));
	assert_int_equal(undo(b), 2);
	assert_false(people_key(fleet_people(b->e.fleet), STR("C2"), key));
	import(b, IMPORT_CUSTOMERS, FIRST);
	assert_int_equal(b->im.counts.created, 2);
	phone_is(b, "C2", "+39 1");
}

static void the_journal_says_so(void **state)
{
	struct bench *b = *state;
	struct row row;

	import(b, IMPORT_CUSTOMERS, FIRST);
	assert_true(row_get(demo_env_look(&b->e), ROW_IMPORT, str_from(record.id), &row));
	assert_str(json_str_at(row.doc, "state"), "done");
	assert_str(json_str_at(row.doc, "asked_by"), "ana");
	assert_int_equal(json_int_at(row.doc, "created", 0), 2);
	demo_env_look_end(&b->e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(as_it_was, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(what_stays, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(nobody_is_left_behind, open_bench, close_bench),
		cmocka_unit_test_setup_teardown(the_journal_says_so, open_bench, close_bench),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
