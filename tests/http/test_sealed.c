/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * What is about a person lies sealed from the first entry (P8): words that nobody else would write
 * are given to every place that takes personal data or free words, and afterwards they are found
 * by the API and in no byte of the data or of the journals' exports.
 */

#define _GNU_SOURCE /* memmem */
#include "tests/http/journal_file.h"

static struct house house;

/* Each stands in one place only; in small letters, as they are looked for without regard to case.
 */
static const char *const canaries[] = {
	"zyxquorne", "vaubrillac",   /* the customer's name */
	"639987731",		     /* the phone, however its country is written */
	"quillane",		     /* e-mail */
	"ombelliferes",		     /* address */
	"qk7731xz9",		     /* licence */
	"1961-03-19", "1983-07-23",  /* birth, and the licence's category */
	"madamoiseau",		     /* title */
	"marzipan",		     /* what a visit needs */
	"tourmaline",		     /* what was said */
	"periwinkle",		     /* the visit's need, changed */
	"wolfgangotto",		     /* another driver's name */
	"dl5522pq",		     /* and licence */
	"1977-11-05",		     /* and birth */
	"kumquatallee",		     /* where the car is fetched */
	"gooseberry",		     /* why it was cancelled */
	"saxophone",		     /* why it is kept longer */
	"hippodrome",		     /* from whom it was heard that it comes late */
	"nightingale", "bassoonist", /* notes */
	"1969-09-09", "1990-12-30",  /* the driver of an offer */
	"xylophone",		     /* why a fact was wrong */
	"thunderplum",		     /* an Idempotency-Key */
	"holdwithoutname",	     /* the driver of a hold that has no customer */
};

/* ---- filled in ---- */

static struct json post(const char *path, const char *key, struct str body, int status)
{
	return house_must(&house, NULL, "POST", path, key, body, status);
}

static void put_person(void)
{
	(void)house_must(&house, NULL, "PUT", "/v1/customers/CANARY", NULL,
		STR("{\"segment\":\"vip\",\"language\":\"fr\",\"preferred_channel\":\"phone\","
		    "\"person\":{\"name\":\"Zyxquorne-Vaubrillac\",\"title\":\"Madamoiseau\","
		    "\"phone\":\"+33 6 39 98 77 31\",\"email\":\"quillane@canary.example\","
		    "\"address\":\"77 chemin des Ombelliferes\",\"birth_on\":\"1961-03-19\","
		    "\"licence\":{\"number\":\"QK7731XZ9\",\"country\":\"FR\",\"categories\":"
		    "[{\"code\":\"B\",\"since\":\"1983-07-23\"}]}}}"),
		201);
	(void)house_must(&house, NULL, "PUT", "/v1/vehicles/ZAMTESTC1T0000009", NULL,
		STR("{\"model\":\"Levante\",\"plate\":\"AA-009-AA\",\"owner\":\"CANARY\","
		    "\"odometer_km\":9000}"),
		201);
}

/* A small text that outlives the answer it stands in; there are few. */
static const char *keep(struct json answer, const char *key)
{
	static char kept[16][9000];
	static size_t n;
	struct str text = json_str_at(answer, key);

	assert_true(text.n > 0 && n < ARRAY_LEN(kept));
	snprintf(kept[n], sizeof(kept[n]), "%.*s", STR_FMT(text));
	return kept[n++];
}

static const char *offer(const char *vin, bool walk_in)
{
	struct instant at = {house_now(&house).s / 60 * 60 + (walk_in ? 0 : 7 * 86400)};
	char text[INSTANT_TEXT];
	struct str body = text_make("{\"site\":\"LYO\",%s\"jobs\":[{\"type\":\"warranty_repair\","
				    "\"immobilisation_minutes\":600}],\"drop_off_at\":\"%s\","
				    "\"need\":\"a seat for Marzipan, the dog\",\"driver\":{"
				    "\"birth_on\":\"1969-09-09\",\"licence_on\":\"1990-12-30\"}}",
		vin, instant_print_utc(at, text).p);
	const char *kept = keep(post("/v1/offers", NULL, body, 200), "offer");

	text_free(body);
	return kept;
}

static const char *verb(const char *booking, const char *name, struct str body)
{
	static char path[200];

	snprintf(path, sizeof(path), "/v1/bookings/%s/%s", booking, name);
	(void)post(path, path, body, 200);
	return booking;
}

/* A booking ahead: with another driver, an address, notes; cancelled for a reason. */
static const char *booking_ahead(const char *visit)
{
	struct str body =
		text_make("{\"offer\":\"%s\",\"solution\":\"loaner_brand\",\"visit\":\"%s\","
			  "\"accept_customer_minor\":99999999,"
			  "\"legs_address\":\"3 Kumquatallee\",\"drivers\":[{"
			  "\"name\":\"Wolfgangotto\",\"birth_on\":\"1977-11-05\","
			  "\"licence\":{\"number\":\"DL5522PQ\"}}]}",
			offer("\"vin\":\"ZAMTESTC1T0000009\",", false), visit);
	const char *id =
		keep(post("/v1/bookings", "Thunderplum for Mrs Vaubrillac", body, 201), "booking");

	text_free(body);
	verb(id, "note", STR("{\"text\":\"Hums like a Nightingale\"}"));
	return verb(id, "cancel", STR("{\"reason\":\"The Gooseberry harvest\"}"));
}

/* One that is out: kept longer, late, with a note at the end. */
static const char *booking_out(void)
{
	struct str body = text_make("{\"offer\":\"%s\",\"solution\":\"loaner_brand\","
				    "\"accept_customer_minor\":99999999,\"check_out\":{}}",
		offer("\"vin\":\"ZAMTESTC1T0000009\",", true));
	struct json booking = post("/v1/bookings", "walk-in", body, 201);
	struct instant until = house_instant(json_get(booking, "until"));
	const char *id = keep(booking, "booking");
	char later[INSTANT_TEXT];

	text_free(body);
	(void)instant_print_utc((struct instant){until.s + 86400}, later);
	body = text_make(
		"{\"until\":\"%s\",\"reason\":\"Her Saxophone lesson\",\"agreed\":true}", later);
	verb(id, "extend", body);
	text_free(body);
	(void)instant_print_utc((struct instant){until.s + 90000}, later);
	body = text_make(
		"{\"expected_at\":\"%s\",\"heard\":\"by phone from the Hippodrome\"}", later);
	verb(id, "late", body);
	text_free(body);
	verb(id, "correct",
		STR("{\"pointer\":\"/out/odometer_km\",\"value\":9001,"
		    "\"reason\":\"Misread, he played the Xylophone\"}"));
	return verb(id, "note", STR("{\"text\":\"Married to a Bassoonist\"}"));
}

/* A hold that nobody's name stands on yet: its words are sealed all the same. */
static const char *booking_held(void)
{
	struct str body =
		text_make("{\"offer\":\"%s\",\"solution\":\"rental\",\"hold_minutes\":1440,"
			  "\"drivers\":[{\"name\":\"Holdwithoutname\"}]}",
			offer("", false));
	const char *id = keep(post("/v1/bookings", "hold", body, 201), "booking");

	text_free(body);
	return id;
}

static const char *visit_open(void)
{
	struct str body = text_make("{\"offer\":\"%s\",\"site\":\"LYO\",\"need\":\"Marzipan\","
				    "\"said\":\"a Tourmaline car at no charge\"}",
		offer("\"vin\":\"ZAMTESTC1T0000009\",", false));
	struct response r = house_ask(&house, NULL, "POST", "/v1/visits", "visit", body);
	const char *id;

	text_free(body);
	assert_int_equal(r.status, 201);
	id = keep(house_json(&r), "visit");
	response_free(&r);
	return id;
}

/* PATCH wants the ETag of what it changes. */
static void visit_change(const char *visit)
{
	struct str path = text_make("/v1/visits/%s", visit), body, etag;
	struct response r = house_ask(&house, NULL, "GET", path.p, NULL, STR_NULL);
	struct client *c = client_open(house.port);
	struct client_header headers[] = {{"Authorization", house.bearer}, {"If-Match", NULL},
		{"Content-Type", "application/json"}, {NULL, NULL}};

	assert_int_equal(r.status, 200);
	etag = text_make("%.*s", STR_FMT(response_header(&r, "etag")));
	response_free(&r);
	headers[1].value = etag.p;
	body = text_make("{\"need\":\"Periwinkle blue, if it can be had\"}");
	r = client_request(c, "PATCH", path.p, headers, body);
	if (r.status != 200)
		fail_msg("the visit answered %d: %.*s", r.status, STR_FMT(r.body));
	response_free(&r);
	client_close(c);
	text_free(path);
	text_free(etag);
	text_free(body);
}

/* ---- looked for ---- */

static struct str lowered(struct str s)
{
	char *p = malloc(s.n + 1);

	assert_non_null(p);
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] - 'A' + 'a') : s.p[i];
	p[s.n] = '\0';
	return (struct str){p, s.n};
}

static void assert_silent(const char *where, struct str bytes)
{
	struct str low = lowered(bytes);

	assert_true(bytes.n > 0);
	for (size_t i = 0; i < ARRAY_LEN(canaries); i++) {
		size_t at = bytes_find(low, 0, str_from(canaries[i]));
		if (at != SIZE_MAX)
			fail_msg("%s is legible in %s at byte %zu: ...%.*s...", canaries[i], where,
				at, at > 60 ? 150 : 90, low.p + (at > 60 ? at - 60 : 0));
	}
	text_free(low);
}

/* Every word is in the answer: what is sealed is not lost. */
static void assert_tells(const char *path, const char *const words[])
{
	struct response r = house_ask(&house, NULL, "GET", path, NULL, STR_NULL);
	struct str low;

	assert_int_equal(r.status, 200);
	low = lowered(r.body);
	for (size_t i = 0; words[i]; i++)
		if (bytes_find(low, 0, str_from(words[i])) == SIZE_MAX)
			fail_msg("%s does not tell %s: %.*s", path, words[i], STR_FMT(r.body));
	text_free(low);
	response_free(&r);
}

#define tells(path, ...) assert_tells((path), (const char *const[]){__VA_ARGS__, NULL})

static void tells_of(const char *folder, const char *id, const char *const words[])
{
	struct str path = text_make("/v1/%s/%s", folder, id);

	assert_tells(path.p, words);
	text_free(path);
}

#define object_tells(folder, id, ...) \
	tells_of((folder), (id), (const char *const[]){__VA_ARGS__, NULL})

static void test_told_by_the_api(void **state)
{
	static const char *const queries[] = {"zyxquorne", "VAUBRILLAC", "zyxquorne%20vaubrillac",
		"%2B33%206%2039%2098%2077%2031", "0639987731", "639987731", "AA%20009%20AA"};
	const char *ahead, *out, *held, *visit;

	(void)state;
	put_person();
	visit = visit_open();
	visit_change(visit);
	ahead = booking_ahead(visit);
	out = booking_out();
	held = booking_held();
	tells("/v1/customers/CANARY", "zyxquorne-vaubrillac", "madamoiseau", "6 39 98 77 31",
		"quillane", "ombelliferes", "qk7731xz9", "1961-03-19", "1983-07-23");
	object_tells("visits", visit, "periwinkle", "tourmaline");
	object_tells("bookings", ahead, "zyxquorne", "wolfgangotto", "dl5522pq", "1977-11-05",
		"kumquatallee", "gooseberry", "nightingale");
	object_tells("bookings", out, "saxophone", "hippodrome", "bassoonist", "xylophone");
	object_tells("bookings", held, "holdwithoutname");
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		struct str path = text_make("/v1/search?q=%s", queries[i]);
		tells(path.p, "\"customer\":\"canary\"", "zyxquorne-vaubrillac");
		text_free(path);
	}
}

static void test_silent_in_the_journals(void **state)
{
	static const char *const journals[] = {"LYO", "directory"};
	struct lines lines;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(journals); i++) {
		lines_export(&lines, &house, journals[i], 1);
		assert_true(lines.len > 8);
		assert_silent(journals[i], lines.all);
		lines_free(&lines);
	}
}

/* While the server runs and after it: the store, and what LMDB keeps beside it. */
static void test_silent_in_the_data(void **state)
{
	static const char *const files[] = {"data", "data-lock"};
	struct str bytes;

	(void)state;
	for (int closed = 0; closed < 2; closed++) {
		for (size_t i = 0; i < ARRAY_LEN(files); i++) {
			bytes = file_slurp(in_data(&house, files[i]));
			assert_silent(files[i], bytes);
			text_free(bytes);
		}
		if (!closed)
			house_stop(&house);
	}
	/* It was looked for in the right place: what is no secret is legible there. */
	bytes = file_slurp(in_data(&house, "data"));
	assert_true(bytes_find(bytes, 0, STR("ZAMTESTC1T0000009")) != SIZE_MAX);
	text_free(bytes);
	house_serve(&house);
}

/* Keys and search words lie apart; of the rest nothing does. */
static void test_people_keep_only_search_words(void **state)
{
	static const char *const searched[] = {"zyxquorne", "vaubrillac", "639987731"};
	struct str bytes = file_slurp(in_data(&house, "people/data")), low = lowered(bytes);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(searched); i++) {
		assert_string_equal(canaries[i], searched[i]);
		assert_true(bytes_find(low, 0, str_from(searched[i])) != SIZE_MAX);
	}
	for (size_t i = ARRAY_LEN(searched); i < ARRAY_LEN(canaries); i++)
		if (bytes_find(low, 0, str_from(canaries[i])) != SIZE_MAX)
			fail_msg("%s is legible beside the keys", canaries[i]);
	text_free(bytes);
	text_free(low);
}

static int set_up(void **state)
{
	(void)state;
	house_make(&house);
	house_serve(&house);
	house_token(&house);
	house_fill(&house);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_stop(&house);
	house_remove(&house);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told_by_the_api),
		cmocka_unit_test(test_silent_in_the_journals),
		cmocka_unit_test(test_silent_in_the_data),
		cmocka_unit_test(test_people_keep_only_search_words),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
