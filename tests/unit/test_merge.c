/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that a customer who was entered twice is one afterwards: whatever names either finds the
 * survivor, nothing sealed changes its key, and no merge leads in a circle. */

#include "fleet/merge.h"
#include "tests/lib/rendering.h"

#define PERSON(name, phone)                                                         \
	"{\"language\":\"fr\",\"person\":{\"name\":\"" name "\",\"phone\":\"" phone \
	"\"},\"preferred_channel\":\"phone\",\"segment\":\"private\"}"

static void enter(const char *id, const char *body)
{
	(void)dealer_must(&w, VERB_CUSTOMER_PUT, "directory", id, body, OK);
}

static struct command *merge(const char *id, const char *into, const char *key)
{
	char body[80];

	snprintf(body, sizeof body, "{\"into\":\"%s\"}", into);
	return dealer_do(&w, VERB_CUSTOMER_MERGE, "directory", id, body, key);
}

static void merge_is(const char *id, const char *into, enum outcome expected)
{
	struct command *c = merge(id, into, NULL);

	assert_int_equal(c->outcome, expected);
	command_free(c);
}

static struct json found(enum row_kind kind, const char *id)
{
	struct row row;

	look();
	assert_true(kind == ROW_CUSTOMER ? customer_get(&v, str_from(id), &row)
					 : row_get(&v, kind, str_from(id), &row));
	return parsed(render_row(&v, kind, str_from(id), &row));
}

static void the_alias_leads_to_the_survivor(void **state)
{
	struct json shown;

	(void)state;
	enter("C3", PERSON("Lefevre", "+33199000124"));
	merge_is("C3", "C1", OK);
	shown = found(ROW_CUSTOMER, "C3");
	assert_str(json_str_at(shown, "customer"), "C1");
	assert_str(json_str_at(json_get(shown, "person"), "name"), NAME);
	assert_false(json_present(json_get(shown, "merged")));
	assert_false(json_present(json_get(shown, "merged_into")));
	/* what was sealed for the alias stays its own */
	assert_str(json_str_at(json_get(dealer_row(&w, ROW_CUSTOMER, STR("C3")), "person"), "of"),
		"C3");
	dealer_check(&w);
}

static void the_answer_is_the_survivor_for_ever(void **state)
{
	struct answer answer;
	struct command *c;

	(void)state;
	enter("C3", PERSON("Lefevre", "+33199000124"));
	for (int again = 0; again < 2; again++) {
		c = merge("C3", "C1", "once");
		assert_int_equal(c->outcome, OK);
		assert_int_equal(c->replayed, again);
		look();
		assert_true(render_answer(&v, c, &answer));
		assert_str(json_str_at(parsed(answer.body), "customer"), "C1");
		command_free(c);
	}
}

static void cars_bookings_and_offers_are_the_survivors(void **state)
{
	struct json offer;
	struct str before, after;

	(void)state;
	before = grecale(MONDAY_8_30, WEDNESDAY_17);
	enter("C3", PERSON("Heir", "+33199000124"));
	merge_is("C1", "C3", OK);
	assert_str(json_str_at(dealer_row(&w, ROW_VEHICLE, STR(DEALER_VIN)), "owner"), "C3");
	/* the journal keeps the name of its day, whoever reads sees who it is */
	assert_str(json_str_at(dealer_row(&w, ROW_BOOKING, before), "customer"), "C1");
	assert_str(json_str_at(found(ROW_BOOKING, before.p), "customer"), "C3");
	assert_str(json_str_at(found(ROW_BOOKING, before.p), "customer_name"), "Heir");
	(void)dealer_offer(&w, DEALER_VIN, "warranty_repair", 900, "2026-03-23T08:30:00+01:00",
		"2026-03-25T17:00:00+01:00", &offer);
	after = dealer_book(&w, NULL, "C1", "loaner_brand", "grecale", "2026-03-23T08:30:00+01:00",
		"2026-03-25T17:00:00+01:00", OK);
	assert_str(json_str_at(dealer_row(&w, ROW_BOOKING, after), "customer"), "C3");
	/* what goes on with a booking of before is still possible */
	(void)dealer_must(&w, VERB_BOOKING_NOTE, "LYO", before.p, "{\"text\":\"calls\"}", OK);
	dealer_check(&w);
}

static void cover_that_does_not_move_with_the_car_stays_its_owners(void **state)
{
	struct str body;

	(void)state;
	enter("C3", PERSON("Heir", "+33199000124"));
	body = doc_merge(&w.arena, dealer_row(&w, ROW_VEHICLE, STR(DEALER_VIN)),
		arena_json(&w.arena,
			STR("{\"coverages\":[{\"owner_id\":\"C1\",\"programme\":\"TESTWAR\","
			    "\"start_on\":\"2024-05-02\"}]}"),
			NULL));
	command_free(dealer_put(
		&w, VERB_VEHICLE_PUT, "directory", DEALER_VIN, arena_copy(&w.arena, body).p, "*"));
	merge_is("C1", "C3", OK);
	body = grecale(MONDAY_8_30, WEDNESDAY_17);
	struct json asked =
		json_get(json_get(dealer_row(&w, ROW_BOOKING, body), "decided"), "request");
	struct json car = json_get(asked, "vehicle");
	assert_str(json_str_at(car, "owner_id"), "C3");
	assert_str(json_str_at(json_first(json_get(car, "coverages")), "owner_id"), "C3");
}

static void search_finds_one_person(void **state)
{
	static const char *const words[] = {"Lefevre", "Double", "01 99 00 01 24"};
	struct actor anyone = {.role = ROLE_ADMIN};

	(void)state;
	enter("C3", PERSON("Double", "+33199000124"));
	merge_is("C3", "C1", OK);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		look();
		struct json items =
			json_get(parsed(render_search(&v, str_from(words[i]), &anyone)), "items");
		struct json hit = json_first(items);
		assert_str(json_str_at(hit, "kind"), "customer");
		assert_str(json_str_at(hit, "customer"), "C1");
		assert_str(json_str_at(json_item(items, 1), "kind"), "vehicle");
	}
}

static void what_the_alias_is_told_is_the_survivors(void **state)
{
	struct command *c;

	(void)state;
	enter("C3", PERSON("Double", "+33199000124"));
	merge_is("C3", "C1", OK);
	c = dealer_put(
		&w, VERB_CUSTOMER_PUT, "directory", "C3", PERSON("Renamed", "+33199000125"), "*");
	assert_int_equal(c->outcome, OK);
	assert_false(c->created);
	command_free(c);
	assert_str(json_str_at(json_get(found(ROW_CUSTOMER, "C1"), "person"), "name"), "Renamed");
	c = dealer_put(
		&w, VERB_CUSTOMER_PUT, "directory", "C3", PERSON("Renamed", "+33199000125"), NULL);
	assert_true(c->unchanged);
	command_free(c);
	(void)dealer_must(&w, VERB_VEHICLE_PUT, "directory", "ZAM00000000000009",
		"{\"model\":\"Levante\",\"owner\":\"C3\"}", OK);
	assert_str(
		json_str_at(dealer_row(&w, ROW_VEHICLE, STR("ZAM00000000000009")), "owner"), "C1");
	/* it is still one person */
	struct str same[SAME_PERSON_MAX];
	look();
	assert_int_equal(customer_same(&v, STR("C3"), same), 2);
	fleet_look_end(&v);
}

static void whoever_asks_is_told_all_who_are_this_person(void **state)
{
	static const char *const all[] = {"C5", "C3", "C4"};
	struct str same[SAME_PERSON_MAX];

	(void)state;
	enter("C3", PERSON("Three", "+33199000123"));
	enter("C4", PERSON("Four", "+33199000124"));
	enter("C5", PERSON("Five", "+33199000125"));
	merge_is("C4", "C3", OK);
	merge_is("C3", "C5", OK); /* an alias with it */
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		look();
		assert_int_equal(customer_same(&v, str_from(all[i]), same), ARRAY_LEN(all));
		for (size_t k = 0; k < ARRAY_LEN(all); k++)
			assert_str(same[k], all[k]);
		assert_str(customer_of(&v, str_from(all[i])), "C5");
		fleet_look_end(&v);
	}
	look();
	assert_int_equal(customer_same(&v, STR("C1"), same), 1);
	assert_int_equal(customer_same(&v, STR("C9"), same), 0);
	fleet_look_end(&v);
	dealer_check(&w);
}

static void what_cannot_be_merged_is_refused(void **state)
{
	struct command *c;

	(void)state;
	enter("C3", PERSON("Three", "+33199000123"));
	merge_is("C9", "C1", REFUSED_NOT_FOUND);
	merge_is("C1", "C9", REFUSED_INVALID);
	merge_is("C1", "C1", REFUSED_INVALID);
	merge_is("C3", "C1", OK);
	merge_is("C3", "C1", REFUSED_MERGED); /* twice */
	merge_is("C1", "C3", REFUSED_MERGED); /* a circle */
	merge_is("C2", "C3", OK);	      /* an alias stands for its survivor */
	c = merge("C2", "C1", "late");
	assert_int_equal(c->outcome, REFUSED_MERGED);
	assert_str(json_str_at(arena_json(&w.arena, c->detail, NULL), "merged_into"), "C1");
	command_free(c);
	dealer_check(&w);
}

static void there_is_an_end_to_aliases(void **state)
{
	char id[16];

	(void)state;
	for (int i = 1; i < MERGED_MAX; i++) {
		snprintf(id, sizeof id, "D%d", i);
		enter(id, PERSON("Many", "+33199000199"));
		merge_is(id, "C1", OK);
	}
	enter("C3", PERSON("Three", "+33199000123"));
	merge_is("C1", "C3", OK);	       /* all of them in one entry */
	merge_is("C2", "C3", REFUSED_INVALID); /* one more than may be */
	look();
	assert_str(customer_of(&v, STR("D1")), "C3");
	fleet_look_end(&v);
	dealer_reopen(&w);
	dealer_check(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_alias_leads_to_the_survivor),
		CASE(the_answer_is_the_survivor_for_ever),
		CASE(cars_bookings_and_offers_are_the_survivors),
		CASE(cover_that_does_not_move_with_the_car_stays_its_owners),
		CASE(search_finds_one_person),
		CASE(what_the_alias_is_told_is_the_survivors),
		CASE(whoever_asks_is_told_all_who_are_this_person),
		CASE(what_cannot_be_merged_is_refused),
		CASE(there_is_an_end_to_aliases),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
