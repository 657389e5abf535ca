/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Erasing beside a running server (P8 of reliability): a person whose every member is a word that
 * nobody else would write is served from the first call to the last payer's word, and erased. It is
 * refused while the car is out, and says which booking. Afterwards no answer, stream, calendar,
 * export, pack, backup, list, file for the workshop or line of the log has a word of the person, no
 * byte of the directory either, and the keys are gone from it.
 */

#define _GNU_SOURCE /* memmem */
#include "tests/http/journal_file.h"

#include <ctype.h>
#include <fcntl.h>

#include "fleet/fleet.h"
#include "server/env_uv.h"
#include "tests/lib/traces.h"

/* In small letters: everything is looked for without regard to case. */
static const char *const canaries[] = {
	"zyxquorne", "vaubrillac",  /* the customer's name */
	"639987731",		    /* the phone, however its country is written */
	"quillane",		    /* e-mail */
	"ombelliferes",		    /* address */
	"qk7731xz9",		    /* licence */
	"1961-03-19", "1983-07-23", /* birth, and the licence's category */
	"madamoiseau",		    /* title */
	"marzipan",		    /* what the visit needs */
	"wolfgangotto", "dl5522pq", /* another driver, and licence */
	"saxophone",		    /* why it is kept longer */
	"hippodrome",		    /* from whom it was heard that it comes late */
	"nightingale",		    /* a note */
	"xylophone",		    /* why a fact was wrong */
	"quagmire",		    /* what was found at the end */
	"photographic",		    /* what is in an attached file */
	"gumbotil",		    /* why the customer called */
	"bassoonist",		    /* why a claim was given up */
};
enum { KEYS = 3, ASKED_MAX = 100000 };

static struct house house;
static char log_path[SCRATCH_PATH * 2], drop[SCRATCH_PATH * 2], config[SCRATCH_PATH * 2];
static const char *booking, *visit, *claim;
static char span[100]; /* some days around now, as a query */
static uint8_t keys[KEYS][SEAL_KEY_LEN];
static int keys_len;

/* ---- the server, its log and its folder for the workshop ---- */

static void serve(void)
{
	const char *const argv[] = {getenv("RELAIS_BIN"), "serve", "--data", house.data, "--listen",
		"127.0.0.1:0", "--config", config, NULL};
	int log = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), own = dup(2);
	const char *colon;

	assert_true(log >= 0 && own >= 0 && dup2(log, 2) == 2);
	assert_true(process_start(&house.server, argv, HOUSE_WAIT_MS));
	assert_int_equal(dup2(own, 2), 2);
	close(own);
	close(log);
	colon = strrchr(house.server.line, ':');
	assert_non_null(colon);
	house.port = (int)strtol(colon + 1, NULL, 10);
}

static struct json post(const char *path, const char *key, struct str body, int status)
{
	return house_must(&house, NULL, "POST", path, key, body, status);
}

/* A small text that outlives the answer it stands in; there are few. */
static const char *keep(struct json answer, const char *member)
{
	static char kept[8][9000];
	static size_t n;
	struct str text = json_str_at(answer, member);

	assert_true(text.n > 0 && n < ARRAY_LEN(kept));
	snprintf(kept[n], sizeof(kept[n]), "%.*s", STR_FMT(text));
	return kept[n++];
}

/* ---- a person, from the first call to the last payer's word ---- */

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
		    "\"odometer_km\":9000,\"cover_checked\":{\"at\":\"2025-01-01T09:00:00Z\"},"
		    "\"coverages\":[{\"programme\":\"TESTWAR\",\"start_on\":\"2024-05-02\"}]}"),
		201);
}

static void verb(const char *name, struct str body)
{
	struct str path = text_make("/v1/bookings/%s/%s", booking, name);

	(void)post(path.p, name, body, 200);
	text_free(path);
}

static void verb_later(const char *name, const char *member, const char *more, int64_t by_s)
{
	struct str path = text_make("/v1/bookings/%s", booking), body;
	struct json b = house_must(&house, NULL, "GET", path.p, NULL, STR_NULL, 200);
	struct instant until = house_instant(json_get(b, "until"));
	char text[INSTANT_TEXT];

	(void)instant_print_utc((struct instant){until.s + by_s}, text);
	body = text_make("{\"%s\":\"%s\",%s}", member, text, more);
	verb(name, body);
	text_free(path);
	text_free(body);
}

static void walk_in(void)
{
	char at[INSTANT_TEXT];
	struct str body = text_make("{\"site\":\"LYO\",\"vin\":\"ZAMTESTC1T0000009\",\"jobs\":[{"
				    "\"type\":\"warranty_repair\",\"immobilisation_minutes\":"
				    "600}],\"drop_off_at\":\"%s\"}",
		instant_print_utc((struct instant){house_now(&house).s / 60 * 60}, at).p);
	const char *offer = keep(post("/v1/offers", NULL, body, 200), "offer");

	text_free(body);
	body = text_make(
		"{\"offer\":\"%s\",\"site\":\"LYO\",\"need\":\"Marzipan, the dog\"}", offer);
	visit = keep(post("/v1/visits", "visit", body, 201), "visit");
	text_free(body);
	body = text_make("{\"offer\":\"%s\",\"visit\":\"%s\",\"solution\":\"loaner_brand\","
			 "\"accept_customer_minor\":99999999,\"drivers\":[{\"name\":"
			 "\"Wolfgangotto\",\"licence\":{\"number\":\"DL5522PQ\"}}],"
			 "\"check_out\":{\"odometer_km\":1000}}",
		offer, visit);
	booking = keep(post("/v1/bookings", "walk-in", body, 201), "booking");
	text_free(body);
}

static void attach_photo(void)
{
	static const char bytes[] = "\x89PNG\r\n\x1a\n something very Photographic";
	struct str file = {bytes, sizeof(bytes) - 1};
	struct hash hash = hash_of(file);
	char hex[HASH_TEXT];
	struct client_header headers[] = {{"Authorization", house.bearer},
		{"Content-Type", "application/octet-stream"}, {NULL, NULL}};
	struct str path = text_make("/v1/uploads/%s", hash_print(&hash, hex).p);
	struct response r = client_once(house.port, "PUT", path.p, headers, file);

	assert_int_equal(r.status, 204);
	response_free(&r);
	text_free(path);
	path = text_make("/v1/bookings/%s/attachments", booking);
	struct str body = text_make("{\"kind\":\"photo\",\"parts\":[\"%s\"]}", hex);
	(void)post(path.p, "photo", body, 201);
	text_free(path);
	text_free(body);
}

static void claim_and_give_up(void)
{
	struct str path = text_make("/v1/bookings/%s/claims", booking);

	claim = keep(post(path.p, "claim", STR("{\"programme\":\"TESTWAR\"}"), 201), "claim");
	text_free(path);
	path = text_make("/v1/claims/%s/withdraw", claim);
	(void)post(path.p, "give up",
		STR("{\"reason\":\"the husband, a Bassoonist, pays himself\"}"), 200);
	text_free(path);
}

static void while_it_is_out(void **state)
{
	(void)state;
	put_person();
	walk_in();
	attach_photo();
	verb_later("extend", "until", "\"reason\":\"Her Saxophone lesson\",\"agreed\":true", 86400);
	verb_later("late", "expected_at", "\"heard\":\"from the Hippodrome\"", 3600);
	verb("correct", STR("{\"pointer\":\"/out/odometer_km\",\"value\":1001,\"reason\":"
			    "\"Misread, he played the Xylophone\"}"));
	verb("note", STR("{\"text\":\"Hums like a Nightingale\"}"));
	claim_and_give_up();
	(void)post("/v1/contacts", "call",
		STR("{\"site\":\"LYO\",\"direction\":\"in\",\"channel\":\"phone\","
		    "\"customer\":\"CANARY\",\"reason\":\"asks for Gumbotil\"}"),
		201);
	/* The refusal names what stands in the way. */
	struct response r = house_ask(
		&house, NULL, "POST", "/v1/customers/CANARY/erase", "too early", STR("{}"));
	assert_int_equal(r.status, 409);
	assert_true(bytes_find(r.body, 0, STR("in-use")) != SIZE_MAX);
	assert_true(bytes_find(r.body, 0, str_from(booking)) != SIZE_MAX);
	response_free(&r);
	verb("check-in",
		STR("{\"odometer_km\":1100,\"damages\":[{\"zone\":\"roof\",\"kind\":\"stain\","
		    "\"note\":\"mud of the Quagmire\"}]}"));
}

/* ---- looked for ---- */

static struct str lowered(struct str s)
{
	char *p = malloc(s.n + 1);

	assert_non_null(p);
	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)tolower((unsigned char)s.p[i]);
	p[s.n] = '\0';
	return (struct str){p, s.n};
}

static int words_in(const char *where, struct str bytes, bool must_be_silent)
{
	struct str low = lowered(bytes);
	int n = 0;

	for (size_t i = 0; i < ARRAY_LEN(canaries); i++) {
		size_t at = bytes_find(low, 0, str_from(canaries[i]));
		n += at != SIZE_MAX;
		if (at != SIZE_MAX && must_be_silent)
			fail_msg("%s is legible in %s: ...%.*s...", canaries[i], where, 90,
				low.p + (at > 40 ? at - 40 : 0));
	}
	text_free(low);
	return n;
}

static const char *const asked[] = {
	"/v1/customers/CANARY",
	"/v1/vehicles/ZAMTESTC1T0000009",
	"/v1/bookings?site=LYO",
	"/v1/bookings/{booking}",
	"/v1/bookings/{booking}/attachments",
	"/v1/bookings/{booking}/agreement",
	"/v1/visits/{visit}",
	"/v1/visits/{visit}/ledger",
	"/v1/visits/{visit}/claim-ready",
	"/v1/claims?site=LYO",
	"/v1/claims/{claim}",
	"/v1/board?site=LYO&{span}",
	"/v1/tasks?site=LYO",
	"/v1/contacts?site=LYO",
	"/v1/alarms?site=LYO",
	"/v1/waiting?site=LYO",
	"/v1/my-day?site=LYO",
	"/v1/sheets/day?site=LYO",
	"/v1/sheets/ahead?site=LYO",
	"/v1/search?q=zyxquorne",
	"/v1/search?q=%2B33639987731",
	"/v1/search?q=AA%20009%20AA",
	"/v1/audit/claims?site=LYO",
	"/v1/audit/journal?site=LYO&from_seq=1",
	"/v1/audit/journal?site=directory&from_seq=1",
	"/metrics",
};

static struct str path_of(const char *pattern)
{
	static const char *const names[] = {"{booking}", "{visit}", "{claim}", "{span}"};
	const char *const values[] = {booking, visit, claim, span};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *at = strstr(pattern, names[i]);
		if (at)
			return text_make("%.*s%s%s", (int)(at - pattern), pattern, values[i],
				at + strlen(names[i]));
	}
	return text_make("%s", pattern);
}

/* How many words of the person all answers together tell. */
static int told_by_the_api(bool must_be_silent)
{
	int n = 0;

	for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
		struct str path = path_of(asked[i]);
		struct response r = house_ask(&house, NULL, "GET", path.p, NULL, STR_NULL);
		if (r.status != 200 && r.status != 404 && r.status != 409)
			fail_msg("%s: %d %.*s", path.p, r.status, STR_FMT(r.body));
		/* what was asked for may be named by the answer */
		if (!strstr(asked[i], "?q="))
			n += words_in(path.p, r.body, must_be_silent);
		else if (must_be_silent)
			assert_true(bytes_find(r.body, 0, STR("Vaubrillac")) == SIZE_MAX);
		response_free(&r);
		text_free(path);
	}
	return n;
}

static void learn_keys(void)
{
	const char *const subjects[KEYS] = {"CANARY", booking, visit};
	struct fleet_options options = {.env = env_uv(), .read_only = true};
	struct fleet *f;
	char why[400];

	if (fleet_open(&f, house.data, &options, why, sizeof why) != OK)
		fail_msg("%s", why);
	for (size_t i = 0; i < KEYS; i++)
		keys_len += people_key(fleet_people(f), str_from(subjects[i]), keys[keys_len]);
	fleet_close(f);
	assert_true(keys_len >= 1);
}

static int keys_in_the_directory(void)
{
	int n = 0;

	for (int i = 0; i < keys_len; i++)
		n += traces(house.data, keys[i], SEAL_KEY_LEN);
	return n;
}

/* A file, and the keys as a backup spells them. */
static void file_is_silent(const char *path)
{
	struct str bytes = file_slurp(path);
	struct arena a;

	arena_init(&a, ARENA_MAX_DEFAULT);
	words_in(path, bytes, true);
	for (int i = 0; i < keys_len; i++)
		assert_true(bytes_find(bytes, 0,
				    base64url_encode(&a, (struct str){(const char *)keys[i],
								 SEAL_KEY_LEN})) == SIZE_MAX);
	arena_deinit(&a);
	text_free(bytes);
}

static int look_silent(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type == FTW_F && st->st_size > 0)
		file_is_silent(path);
	return 0;
}

/* ---- and afterwards ---- */

static struct client *stream_open(void)
{
	struct client *c = client_open(house.port);
	struct str text = text_make("GET /v1/events?site=LYO HTTP/1.1\r\nHost: h\r\n"
				    "Authorization: %s\r\n\r\n",
		house.bearer);

	assert_non_null(c);
	assert_true(client_send(c, text));
	text_free(text);
	assert_true(client_wait_text(c, "text/event-stream", CLIENT_WAIT_MS));
	return c;
}

static void nothing_is_told_afterwards(void **state)
{
	struct client *stream;
	struct str calendar;
	struct response r;

	(void)state;
	struct instant now = house_now(&house);
	char from[INSTANT_TEXT], until[INSTANT_TEXT];
	(void)instant_print_utc((struct instant){now.s - 86400}, from);
	(void)instant_print_utc((struct instant){now.s + 5 * 86400}, until);
	snprintf(span, sizeof span, "from=%s&until=%s", from, until);
	/* It was looked for in the right places. */
	assert_true(told_by_the_api(false) > (int)ARRAY_LEN(canaries));
	r = house_ask(&house, NULL, "GET", "/v1/calendar-link?site=LYO", NULL, STR_NULL);
	assert_int_equal(r.status, 200);
	calendar = text_make("%.*s", (int)strcspn(r.body.p, "\n"), r.body.p);
	response_free(&r);
	stream = stream_open();
	learn_keys();
	assert_true(keys_in_the_directory() > 0);
	(void)post("/v1/customers/CANARY/erase", "now", STR("{}"), 200);
	assert_int_equal(keys_in_the_directory(), 0);
	(void)told_by_the_api(true);
	r = client_once(house.port, "GET", calendar.p, NULL, STR_NULL);
	assert_int_equal(r.status, 200);
	words_in("the calendar", r.body, true);
	response_free(&r);
	text_free(calendar);
	/* What is told live of what comes next. */
	(void)house_must(&house, NULL, "PUT", "/v1/resources/LAST", NULL,
		STR("{\"site\":\"LYO\",\"kind\":\"desk\",\"solutions\":[],\"class\":\"desk\","
		    "\"label\":\"LAST\",\"seats\":1,\"turnaround_minutes\":0,\"status\":"
		    "\"active\"}"),
		201);
	assert_true(client_wait_text(stream, "resource", CLIENT_WAIT_MS));
	client_close(stream);
	/* The same key again is the same answer, and the words do not come back with it. */
	(void)post("/v1/customers/CANARY/erase", "now", STR("{}"), 200);
	struct str path = text_make("/v1/bookings/%s/note", booking);
	(void)post(path.p, "another note", STR("{\"text\":\"a Nightingale again\"}"), 409);
	text_free(path);
}

/* The folder for the workshop is looked after each second: asked until it knows the booking. */
static void until_the_workshop_was_told(void)
{
	for (int i = 0; i < ASKED_MAX && traces(drop, booking, strlen(booking)) == 0; i++) {
		struct response r = house_ask(&house, NULL, "GET", "/livez", NULL, STR_NULL);
		response_free(&r);
	}
	assert_true(traces(drop, booking, strlen(booking)) > 0);
}

static void no_byte_is_left(void **state)
{
	static struct told told;
	char file[SCRATCH_PATH * 3];

	(void)state;
	assert_int_equal(nftw(house.data, look_silent, 16, FTW_PHYS), 0);
	snprintf(file, sizeof file, "%s/after.jsonl", house.scratch.dir);
	relais(&told, "backup", file, "--data", house.data);
	told_code(&told, 0);
	file_is_silent(file);
	snprintf(file, sizeof file, "%s/after.tar", house.scratch.dir);
	relais(&told, "audit", "pack", "--data", house.data, "--site", "LYO", file);
	told_code(&told, 0);
	file_is_silent(file);
	for (int f = 0; f < 3; f++) {
		static const char *const formats[] = {"csv", "jsonl", "csv-fr"};
		relais(&told, "audit", "export", "--data", house.data, "--site", "LYO", "--format",
			formats[f]);
		told_code(&told, 0);
		words_in(formats[f], str_from(told.out), true);
	}
	until_the_workshop_was_told();
	house_stop(&house);
	assert_int_equal(nftw(house.data, look_silent, 16, FTW_PHYS), 0);
	assert_int_equal(nftw(drop, look_silent, 16, FTW_PHYS), 0);
	file_is_silent(log_path);
	relais(&told, "verify", "--data", house.data);
	told_code(&told, 0);
	relais(&told, "audit", "verify", "--data", house.data);
	told_code(&told, 0);
	relais(&told, "audit", "replay", "--data", house.data);
	told_code(&told, 0);
	relais(&told, "erased", "--data", house.data);
	told_code(&told, 0);
	assert_non_null(strstr(told.out, "CANARY\n"));
	assert_non_null(strstr(told.out, booking));
}

static int set_up(void **state)
{
	struct str text;

	(void)state;
	house_make(&house);
	scratch_path(&house.scratch, "log", log_path);
	scratch_path(&house.scratch, "drop", drop);
	scratch_path(&house.scratch, "conf", config);
	assert_int_equal(mkdir(drop, 0700), 0);
	text = text_make("drop.out = %s\ndrop.out_seconds = 1\n", drop);
	file_write(config, text);
	text_free(text);
	serve();
	house_token(&house);
	house_fill(&house);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_remove(&house);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(while_it_is_out),
		cmocka_unit_test(nothing_is_told_afterwards),
		cmocka_unit_test(no_byte_is_left),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
