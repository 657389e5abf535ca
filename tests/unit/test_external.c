/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that what another system calls an object finds it, once: by the exact pair, by the search
 * box, across a merge, and never a second time at one site. */

#include "fleet/external.h"
#include "fleet/merge.h"
#include "tests/lib/rendering.h"

#define CUSTOMER(id, external)                                                                  \
	"{\"customer\":\"" id "\",\"external\":[" external "],\"language\":\"fr\",\"person\":{" \
	"\"name\":\"Test " id "\"},\"preferred_channel\":\"none\",\"segment\":\"private\"}"
#define PAIR(system, id) "{\"id\":\"" id "\",\"system\":\"" system "\"}"

static void enter(const char *id, const char *body)
{
	command_free(dealer_put(&w, VERB_CUSTOMER_PUT, "directory", id, body, "*"));
}

static void is_found(enum row_kind kind, const char *site, const char *system, const char *id,
	struct str expected)
{
	look();
	struct str found = external_find(
		&v, kind, site ? str_from(site) : STR_NULL, str_from(system), str_from(id));
	assert_true(expected.n ? str_eq(found, expected) : !found.n);
	fleet_look_end(&v);
}

static struct json first_hit(const char *q)
{
	struct actor anyone = {.role = ROLE_ADMIN};

	look();
	return json_first(json_get(parsed(render_search(&v, str_from(q), &anyone)), "items"));
}

static struct command *open_visit(const char *external, const char *key)
{
	struct str body = arena_printf(&w.arena,
		"{\"drop_off_at\":\"" MONDAY_8_30 "\",\"external\":[%s],\"jobs\":[],\"site\":"
		"\"LYO\"}",
		external);

	return dealer_do(&w, VERB_VISIT_OPEN, "LYO", NULL, body.p, key);
}

static void a_visit_is_found_and_not_doubled(void **state)
{
	struct command *c = open_visit(PAIR("dms", "WO 4711") "," PAIR("other", "9"), "one");
	struct str visit, detail;

	(void)state;
	assert_int_equal(c->outcome, OK);
	visit = dealer_subject(&w, c);
	command_free(c);
	is_found(ROW_VISIT, "LYO", "dms", "WO 4711", visit);
	is_found(ROW_VISIT, "LYO", "dms", "wo4711", STR_NULL);
	is_found(ROW_VISIT, "LYO", "dms2", "WO 4711", STR_NULL);
	is_found(ROW_VISIT, "MIL", "dms", "WO 4711", STR_NULL);
	assert_str(json_str_at(first_hit("wo-4711"), "visit"), visit.p);
	c = open_visit(PAIR("dms", "WO 4711"), "two");
	assert_int_equal(c->outcome, REFUSED_KNOWN);
	detail = json_str_at(arena_json(&w.arena, c->detail, NULL), "visit");
	assert_true(str_eq(detail, visit));
	command_free(c);
	c = open_visit(PAIR("dms", "WO 4712"), "three");
	assert_int_equal(c->outcome, OK);
	struct str second = dealer_subject(&w, c);
	command_free(c);
	/* nor by a change; its own may be said again, and taken away */
	c = dealer_put(&w, VERB_VISIT_CHANGE, "LYO", second.p,
		"{\"external\":[" PAIR("dms", "WO 4711") "]}", "*");
	assert_int_equal(c->outcome, REFUSED_KNOWN);
	command_free(c);
	c = dealer_put(&w, VERB_VISIT_CHANGE, "LYO", visit.p,
		"{\"external\":[" PAIR("dms", "WO 4711") "]}", "*");
	assert_int_equal(c->outcome, OK);
	command_free(c);
	c = dealer_put(&w, VERB_VISIT_CHANGE, "LYO", visit.p, "{\"external\":null}", "*");
	assert_int_equal(c->outcome, OK);
	command_free(c);
	is_found(ROW_VISIT, "LYO", "dms", "WO 4711", STR_NULL);
	dealer_check(&w);
}

static struct command *book(const char *external, const char *key)
{
	struct json answer;
	struct str offer = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, WEDNESDAY_17, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"grecale\",\"external\":[%s],\"offer\":\"%.*s\",\"solution\":"
		"\"loaner_brand\"}",
		external, STR_FMT(offer));

	return dealer_do(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, key);
}

static void a_booking_is_found_and_not_doubled(void **state)
{
	struct command *c = book(PAIR("dms", "B-1"), "one");
	struct str booking;

	(void)state;
	assert_int_equal(c->outcome, OK);
	booking = dealer_subject(&w, c);
	command_free(c);
	is_found(ROW_BOOKING, "LYO", "dms", "B-1", booking);
	assert_str(json_str_at(first_hit("b 1"), "booking"), booking.p);
	look();
	struct row row;
	assert_true(row_get(&v, ROW_BOOKING, booking, &row));
	struct json shown = parsed(render_row(&v, ROW_BOOKING, booking, &row));
	assert_str(json_str_at(json_first(json_get(shown, "external")), "id"), "B-1");
	c = book(PAIR("dms", "B-1"), "two");
	assert_int_equal(c->outcome, REFUSED_KNOWN);
	command_free(c);
	dealer_check(&w);
}

static void the_ids_of_both_lead_to_the_survivor(void **state)
{
	(void)state;
	enter("C3", CUSTOMER("C3", PAIR("dms", "K-3")));
	enter("C4", CUSTOMER("C4", PAIR("dms", "K-4")));
	assert_str(json_str_at(first_hit("k4"), "customer"), "C4");
	command_free(
		dealer_do(&w, VERB_CUSTOMER_MERGE, "directory", "C4", "{\"into\":\"C3\"}", NULL));
	assert_str(json_str_at(first_hit("k4"), "customer"), "C3");
	assert_str(json_str_at(first_hit("k3"), "customer"), "C3");
	is_found(ROW_CUSTOMER, NULL, "dms", "K-4", STR("C4"));
	/* what is put under the alias's name takes no foreign id away */
	enter("C4", CUSTOMER("C4", PAIR("dms", "K-5")));
	assert_str(json_str_at(first_hit("k5"), "customer"), "C3");
	assert_str(json_str_at(first_hit("k3"), "customer"), "C3");
	look();
	assert_str(external_customer(&v, STR("K-5")), "C3");
	assert_false(external_customer(&v, STR("k5")).n);
	fleet_look_end(&v);
	dealer_check(&w);
}

static void whom_two_systems_call_so_is_not_guessed(void **state)
{
	(void)state;
	enter("C3", CUSTOMER("C3", PAIR("dms", "77")));
	enter("C4", CUSTOMER("C4", PAIR("crm", "77")));
	look();
	assert_false(external_customer(&v, STR("77")).n);
	fleet_look_end(&v);
	command_free(
		dealer_do(&w, VERB_CUSTOMER_MERGE, "directory", "C4", "{\"into\":\"C3\"}", NULL));
	look();
	assert_str(external_customer(&v, STR("77")), "C3");
	fleet_look_end(&v);
}

/* As many as there may be, on a booking of a year: the index has room for them. */
static void there_is_room_for_all(void **state)
{
	struct str all = STR("");

	(void)state;
	for (int i = 0; i < EXTERNAL_MAX; i++)
		all = arena_printf(&w.arena, "%.*s%s{\"id\":\"ID %d\",\"system\":\"s%d\"}",
			STR_FMT(all), i ? "," : "", i, i);
	struct command *c = book(all.p, "many");
	assert_int_equal(c->outcome, OK);
	struct str booking = dealer_subject(&w, c);
	command_free(c);
	is_found(ROW_BOOKING, "LYO", "s15", "ID 15", booking);
	dealer_check(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_visit_is_found_and_not_doubled),
		CASE(a_booking_is_found_and_not_doubled),
		CASE(the_ids_of_both_lead_to_the_survivor),
		CASE(whom_two_systems_call_so_is_not_guessed),
		CASE(there_is_room_for_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
