/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Every bad input is refused with its pointer, and nothing is written: Relais-Seq stays. */

#include "tests/http/relais.h"

static struct relais r;
static char booking_path[128];

#define JOB "\"jobs\":[{\"type\":\"maintenance\",\"immobilisation_minutes\":300}]"
#define OFFER(more) "{\"site\":\"T1\"," JOB "," more "}"
#define DROP "\"drop_off_at\":\"2031-03-03T09:00\""
#define VEHICLE(more) "{\"model\":\"Grecale\"" more "}"
#define RESOURCE(more)                                                                  \
	"{\"site\":\"T1\",\"kind\":\"car\",\"solutions\":[\"loaner_brand\"],\"class\":" \
	"\"grecale\","                                                                  \
	"\"label\":\"x\",\"status\":\"active\"" more "}"
#define BLOCK(from, until) "{\"from\":\"" from "\",\"until\":\"" until "\",\"reason\":\"workshop\"}"

enum { OFFERS, BLOCKS, VISITS, VEHICLES, RESOURCES, SITES, CUSTOMERS };
static const struct {
	const char *method, *path;
} places[] = {
	[OFFERS] = {"POST", "/v1/offers"},
	[BLOCKS] = {"POST", "/v1/resources/" OWN_CAR "/blocks"},
	[VISITS] = {"POST", "/v1/visits"},
	[VEHICLES] = {"PUT", "/v1/vehicles/ZAMDEMC1T0D200777"},
	[RESOURCES] = {"PUT", "/v1/resources/new-car"},
	[SITES] = {"PUT", "/v1/sites/T3"},
	[CUSTOMERS] = {"PUT", "/v1/customers/C77"},
};

static const struct {
	const char *what;
	int place;
	const char *body, *pointer;
} inputs[] = {
	{"unknown field", OFFERS, OFFER(DROP ",\"colour\":\"red\""), "/colour"},
	{"unknown field inside", OFFERS,
		"{\"site\":\"T1\"," DROP ",\"jobs\":[{\"type\":\"maintenance\",\"hours\":1,"
		"\"immobilisation_minutes\":1}]}",
		"/jobs/0/hours"},
	{"missing field", OFFERS, "{\"site\":\"T1\"," JOB "}", "/drop_off_at"},
	{"wrong type", OFFERS, OFFER(DROP ",\"distance_km\":\"far\""), "/distance_km"},
	{"a list where there is none", OFFERS, OFFER("\"drop_off_at\":[]"), "/drop_off_at"},
	{"a bad VIN", OFFERS, OFFER(DROP ",\"vin\":\"ZAMDEMC1T0D2000\""), "/vin"},
	{"a VIN with O", OFFERS, OFFER(DROP ",\"vin\":\"ZAMDEMC1TOD200001\""), "/vin"},
	{"a time that is none", OFFERS, OFFER("\"drop_off_at\":\"tomorrow\""), "/drop_off_at"},
	{"a day that is none", OFFERS, OFFER("\"drop_off_at\":\"2031-02-30T09:00\""),
		"/drop_off_at"},
	{"a local time that does not exist", OFFERS, OFFER("\"drop_off_at\":\"2031-03-30T02:30\""),
		"/drop_off_at"},
	{"a local time that exists twice", OFFERS, OFFER("\"drop_off_at\":\"2031-10-26T02:30\""),
		"/drop_off_at"},
	{"end before start", OFFERS,
		OFFER(DROP ",\"loan_from\":\"2031-03-04T09:00\",\"loan_to\":\"2031-03-03T09:00\""),
		"/loan_to"},
	{"more than a year", OFFERS,
		OFFER(DROP ",\"loan_from\":\"2031-03-03T09:00\",\"loan_to\":\"2032-03-05T09:00\""),
		"/loan_to"},
	{"distance below zero", OFFERS, OFFER(DROP ",\"distance_km\":-1"), "/distance_km"},
	{"distance beyond the world", OFFERS, OFFER(DROP ",\"distance_km\":20001"), "/distance_km"},
	{"odometer out of range", OFFERS, OFFER(DROP ",\"odometer_km\":10000000"), "/odometer_km"},
	{"a job that is not known", OFFERS,
		"{\"site\":\"T1\"," DROP
		",\"jobs\":[{\"type\":\"wash\",\"immobilisation_minutes\":1}]}",
		"/jobs/0/type"},
	{"end before start", BLOCKS, BLOCK("2031-03-04T09:00", "2031-03-03T09:00"), "/until"},
	{"an empty span", BLOCKS, BLOCK("2031-03-04T09:00", "2031-03-04T09:00"), "/until"},
	{"more than a year", BLOCKS, BLOCK("2031-03-04T09:00", "2032-03-05T09:00"), "/until"},
	{"a local time that does not exist", BLOCKS, BLOCK("2031-03-30T02:30", "2031-04-02T09:00"),
		"/from"},
	{"unknown field", BLOCKS,
		"{\"from\":\"2031-03-04T09:00\",\"until\":\"2031-03-05T09:00\",\"reason\":\"x\","
		"\"preview\":1}",
		"/preview"},
	{"missing reason", BLOCKS, "{\"from\":\"2031-03-04T09:00\",\"until\":\"2031-03-05T09:00\"}",
		"/reason"},
	{"a word that is not one of them", VISITS,
		"{\"site\":\"T1\"," DROP ",\"estimate\":\"perhaps\"}", "/estimate"},
	{"an unknown visit field", VISITS, "{\"site\":\"T1\"," DROP ",\"bookings\":[]}",
		"/bookings"},
	{"an unknown owner", VEHICLES, VEHICLE(",\"owner\":\"nobody\""), "/owner"},
	{"a number as text", VEHICLES, VEHICLE(",\"odometer_km\":\"1\""), "/odometer_km"},
	{"text that is too long for an id", VEHICLES,
		VEHICLE(",\"owner\":\"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde\""), "/owner"},
	{"a number as a plate", RESOURCES, RESOURCE(",\"seats\":1,\"plate\":7"), "/plate"},
	{"null where something is required", CUSTOMERS, "{\"segment\":null}", "/segment"},
	{"no seats", RESOURCES, RESOURCE(""), "/seats"},
	{"seats out of range", RESOURCES, RESOURCE(",\"seats\":0"), "/seats"},
	{"a car with two seats", RESOURCES, RESOURCE(",\"seats\":2"), "/seats"},
	{"another turnaround than its class", RESOURCES,
		RESOURCE(",\"seats\":1,\"turnaround_minutes\":5"), "/turnaround_minutes"},
	{"an unknown zone", SITES, "{\"time_zone\":\"Europe/Nowhere\"}", "/time_zone"},
	{"a zone that leads out", SITES, "{\"time_zone\":\"../../etc/passwd\"}", "/time_zone"},
	{"a currency in small letters", SITES, "{\"currency\":\"eur\"}", "/currency"},
	{"an unknown segment", CUSTOMERS, "{\"segment\":\"royal\"}", "/segment"},
	{"a control character", CUSTOMERS, "{\"person\":{\"name\":\"a\\u0001b\"}}", "/person/name"},
};

static struct told send_input(const char *method, const char *path, const char *body)
{
	return relais_ask(&r,
		&(struct ask){
			.method = method, .path = path, .key = "input", .body = str_from(body)});
}

static void each_names_its_place(void **state)
{
	(void)state;
	struct told before = relais_get(&r, "/v1/resources/" OWN_CAR);
	assert_non_null(strstr(before.seq, "T1="));
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
		struct told t = send_input(places[inputs[i].place].method,
			places[inputs[i].place].path, inputs[i].body);
		check_problem(&t, 422, "invalid", inputs[i].what, (int)i);
		if (!has_pointer(&t, inputs[i].pointer))
			fail_msg("%s: no pointer %s in %.*s", inputs[i].what, inputs[i].pointer,
				STR_FMT(t.body));
	}
	struct told after = relais_get(&r, "/v1/resources/" OWN_CAR);
	assert_string_equal(after.seq, before.seq);
}

/* All faults of a document at once, not only the first. */
static void all_faults_at_once(void **state)
{
	(void)state;
	struct told t = send_input("POST", "/v1/offers",
		"{\"site\":\"T1\",\"jobs\":[],\"drop_off_at\":\"x\",\"distance_km\":-1,\"more\":"
		"1}");
	assert_problem(&t, 422, "invalid");
	assert_true(has_pointer(&t, "/drop_off_at"));
	assert_true(has_pointer(&t, "/distance_km"));
	assert_true(has_pointer(&t, "/more"));
}

static void not_json(void **state)
{
	static const char *const table[] = {"{", "[1,2", "{\"a\":1,\"a\":2}", "{\"a\":1.5}",
		"{\"a\":9007199254740993}", "{\"a\":\"\\u0000\"}", "{\"a\":\"\xff\"}", "nul",
		"{'a':1}",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct told t = send_input("POST", "/v1/visits", table[i]);
		assert_problem(&t, 400, "malformed");
	}
}

static void verbs_of_a_booking(void **state)
{
	static const struct {
		const char *verb, *body, *pointer;
	} table[] = {
		{"cancel", "{}", "/reason"},
		{"reschedule", "{\"from\":\"2031-03-05T09:00\"}", "/until"},
		{"reschedule", "{\"from\":\"2031-03-05T09:00\",\"until\":\"2031-03-04T09:00\"}",
			"/until"},
		{"reschedule", "{\"from\":\"2031-03-30T02:30\",\"until\":\"2031-04-01T09:00\"}",
			"/from"},
		{"move", "{\"resource\":7}", "/resource"},
		{"pin", "{\"seat\":1}", "/seat"},
		{"check-out", "{\"fuel_percent\":101}", "/fuel_percent"},
		{"check-in", "{\"odometer_km\":-1}", "/odometer_km"},
		{"extend", "{\"until\":\"2031-03-09T09:00\"}", "/reason"},
		{"late", "{\"expected_at\":\"soon\",\"heard\":\"phone\"}", "/expected_at"},
		{"note", "{\"text\":\"\"}", "/text"},
	};
	(void)state;
	struct told before = relais_get(&r, booking_path);
	assert_status(&before, 200);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char path[200];
		snprintf(path, sizeof path, "%s/%s", booking_path, table[i].verb);
		struct told t = send_input("POST", path, table[i].body);
		check_problem(&t, 422, "invalid", table[i].verb, (int)i);
		assert_true(has_pointer(&t, table[i].pointer));
	}
	struct told after = relais_get(&r, booking_path);
	assert_string_equal(after.seq, before.seq);
	assert_string_equal(after.etag, before.etag);
}

static int setup(void **state)
{
	(void)state;
	relais_start(&r, false);
	relais_furnish(&r);
	struct told offer = relais_offer(&r, 3, 1);
	assert_status(&offer, 200);
	struct str body =
		arena_printf(&r.arena, "{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
			STR_FMT(json_str_at(offer.json, "offer")));
	struct told t = relais_post(&r, "/v1/bookings", "a-booking", body.p);
	assert_status(&t, 201);
	snprintf(booking_path, sizeof booking_path, "%s", t.location);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	relais_stop(&r);
	relais_remove(&r);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_names_its_place),
		cmocka_unit_test(all_faults_at_once),
		cmocka_unit_test(not_json),
		cmocka_unit_test(verbs_of_a_booking),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
