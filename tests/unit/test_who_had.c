/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Who drove a car at an instant: whoever had it, to the minute, over an exchange too; and in words
 * whose hands it was in when nobody had. */

#include "fleet/who_had.h"

#include "tests/lib/rendering.h"

static struct json asked(const char *plate, const char *instant, bool noticed)
{
	struct who_had_ask ask = {.plate = str_from(plate),
		.at = at(instant),
		.has_noticed = noticed,
		.noticed = day_from_civil(2026, 4, 1)};
	struct actor actor = {.role = ROLE_MANAGER};
	struct plate_cars cars;

	plate_cars_find(&cars, look(), &actor, ask.plate);
	assert_int_equal(cars.len, 1);
	return parsed(render_who_had(&v, &cars, &ask));
}

static void is_house(struct json doc, const char *word)
{
	assert_str(json_str_at(doc, "hands"), "house");
	assert_false(json_present(json_get(doc, "person")));
	assert_true(contains(json_str_at(doc, "say"), word));
}

/* The resource gets a plate, the site its law. */
static struct str plated(struct str id, const char *plate)
{
	struct str car = arena_copy(
		&w.arena, json_str_at(dealer_row(&w, ROW_BOOKING, id), "resource"));
	struct str over = arena_printf(&w.arena, "{\"now\":null,\"plate\":\"%s\"}", plate);
	struct str body = doc_merge(
		&w.arena, dealer_row(&w, ROW_RESOURCE, car), arena_json(&w.arena, over, NULL));
	struct command *c =
		dealer_put(&w, VERB_RESOURCE_PUT, "LYO", car.p, arena_copy(&w.arena, body).p, "*");

	assert_int_equal(c->outcome, OK);
	command_free(c);
	body = doc_merge(&w.arena, dealer_row(&w, ROW_SITE, STR("LYO")),
		arena_json(&w.arena, STR("{\"name_driver_days\":45}"), NULL));
	c = dealer_put(&w, VERB_SITE_PUT, "LYO", "LYO", arena_copy(&w.arena, body).p, "*");
	assert_int_equal(c->outcome, OK);
	command_free(c);
	return car;
}

static void to_the_minute(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);
	struct json doc;

	(void)state;
	(void)plated(id, "WW-123-ZZ");
	is_house(asked("ww123zz", "2026-03-16T08:00:00+01:00", false), "nothing stands");
	is_house(asked("WW-123-ZZ", "2026-03-16T09:00:00+01:00", false), "not handed over");
	dealer_at(&w, MONDAY_9);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"drivers\":[{\"name\":\"B. Fable\"}],\"odometer_km\":1000}", OK);
	is_house(asked("WW-123-ZZ", "2026-03-16T08:59:00+01:00", false), "house");
	doc = asked("ww 123 zz", "2026-03-16T09:00:00+01:00", false);
	assert_str(json_str_at(doc, "hands"), "customer");
	assert_str(json_str_at(json_get(doc, "person"), "name"), NAME);
	assert_false(json_present(json_get(json_get(doc, "person"), "phone")));
	assert_str(json_str_at(json_first(json_get(doc, "drivers")), "name"), "B. Fable");
	assert_str(json_str_at(doc, "name_by"), "2026-04-30");
	assert_false(json_present(json_get(doc, "until")));
	dealer_at(&w, WEDNESDAY_17);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{\"odometer_km\":1200}", OK);
	doc = asked("WW-123-ZZ", "2026-03-18T16:59:59+01:00", true);
	assert_str(json_str_at(doc, "until"), "2026-03-18T17:00:00+01:00");
	assert_str(json_str_at(doc, "name_by"), "2026-05-16"); /* 45 days from the notice */
	is_house(asked("WW-123-ZZ", WEDNESDAY_17, false), "had come back");
}

static void over_an_exchange(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17), other;
	struct json doc;

	(void)state;
	(void)plated(id, "WW-1");
	dealer_at(&w, MONDAY_9);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{\"odometer_km\":1000}", OK);
	dealer_at(&w, "2026-03-17T10:00:00+01:00");
	other = json_str_at(dealer_row(&w, ROW_BOOKING, id), "resource");
	other = str_is(other, "G1") ? STR("G2") : STR("G1");
	dealer_must(&w, VERB_BOOKING_EXCHANGE, "LYO", id.p,
		arena_printf(&w.arena,
			"{\"in\":{\"odometer_km\":1100},\"out\":{\"odometer_km\":50},\"reason\":"
			"\"warning light\",\"resource\":\"%.*s\"}",
			STR_FMT(other))
			.p,
		OK);
	doc = asked("WW-1", "2026-03-17T09:59:00+01:00", false);
	assert_str(json_str_at(doc, "hands"), "customer");
	assert_str(json_str_at(doc, "until"), "2026-03-17T10:00:00+01:00");
	assert_str(
		json_str_at(asked("WW-1", "2026-03-17T10:30:00+01:00", false), "hands"), "house");
	(void)plated(id, "WW-2");
	assert_str(json_str_at(asked("WW-2", "2026-03-17T10:00:00+01:00", false), "hands"),
		"customer");
	assert_str(
		json_str_at(asked("WW-2", "2026-03-17T09:59:00+01:00", false), "hands"), "house");
}

static void out_of_use(void **state)
{
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17), car = plated(id, "WW-9");

	(void)state;
	dealer_must(&w, VERB_BLOCK_ADD, "LYO", car.p,
		"{\"from\":\"2026-03-24T08:00:00Z\",\"reason\":\"workshop\",\"until\":"
		"\"2026-03-25T08:00:00Z\"}",
		OK);
	is_house(asked("WW-9", "2026-03-24T12:00:00Z", false), "workshop");
}

/* Another site's manager does not see it; a plate that nobody has is nobody's. */
static void whose_cars(void **state)
{
	struct actor other = {.role = ROLE_MANAGER};
	struct plate_cars cars;

	(void)state;
	(void)plated(grecale(MONDAY_8_30, WEDNESDAY_17), "WW-9");
	assert_true(actor_add_site(&other, STR("DUB")));
	plate_cars_find(&cars, look(), &other, STR("WW-9"));
	assert_int_equal(cars.len, 0);
	plate_cars_find(&cars, &v, &(struct actor){.role = ROLE_MANAGER}, STR("WW-99"));
	assert_int_equal(cars.len, 0);
	fleet_look_end(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(to_the_minute),
		CASE(over_an_exchange),
		CASE(out_of_use),
		CASE(whose_cars),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
