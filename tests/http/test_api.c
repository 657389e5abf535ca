/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Contract section 2 against the real program: statuses, sign-in, edits, repeats by key. */

#include "tests/http/relais.h"

static struct relais r;

static struct told ask_as(const char *token, const char *method, const char *path)
{
	return relais_ask(&r, &(struct ask){.method = method, .path = path, .token = token});
}

static void without_sign_in(void **state)
{
	static const char *const paths[] = {"/", "/livez", "/readyz", "/openapi.json", "/docs",
		"/metrics", "/problems/no-seat"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct told t = ask_as("", "GET", paths[i]);
		assert_status(&t, 200);
		assert_true(t.body.n > 0);
		t = ask_as("", "HEAD", paths[i]);
		assert_status(&t, 200);
		assert_int_equal(t.body.n, 0);
	}
	struct told t = ask_as("", "GET", "/problems/no-such");
	assert_problem(&t, 404, "not-found");
	t = ask_as("", "GET", "/metrics");
	assert_non_null(strstr(t.body.p, "relais_build_info{"));
	assert_non_null(strstr(t.body.p, "\nrelais_writer_waiting_max 4096\n"));
}

static void sign_in(void **state)
{
	char token[TOKEN_TEXT];
	(void)state;
	struct told t = ask_as("", "GET", "/v1/sites");
	assert_problem(&t, 401, "sign-in");
	t = ask_as("rls_0000000000000000000000000000000000000000000", "GET", "/v1/sites");
	assert_problem(&t, 401, "sign-in");
	struct response raw = client_once(r.port, "GET", "/v1/sites", NULL, STR_NULL);
	assert_str(response_header(&raw, "www-authenticate"), "Bearer realm=\"relais\"");
	response_free(&raw);
	/* made beside the running server: it counts at once */
	relais_token(&r, token, "front desk", "operator", NULL);
	t = ask_as(token, "GET", "/v1/sites");
	assert_status(&t, 200);
	t = ask_as(token, "PUT", "/v1/sites/" OWN_SITE);
	assert_problem(&t, 403, "forbidden");
}

static void addresses(void **state)
{
	(void)state;
	struct told t = relais_get(&r, "/v1/nothing");
	assert_problem(&t, 404, "not-found");
	t = relais_get(&r, "/v1/sites/");
	assert_problem(&t, 404, "not-found");
	t = ask_as(NULL, "DELETE", "/v1/sites/" OWN_SITE);
	assert_problem(&t, 405, "method");
	struct response raw = client_once(r.port, "PATCH", "/v1/bookings", NULL, STR_NULL);
	assert_int_equal(raw.status, 405);
	assert_str(response_header(&raw, "allow"), "POST, GET, HEAD");
	response_free(&raw);
	static const char *const missing[] = {"/v1/sites/T9", "/v1/resources/none",
		"/v1/customers/none", "/v1/vehicles/ZAMDEMC1T0D299999", "/v1/vehicles/short",
		"/v1/rulesets/none", "/v1/visits/none", "/v1/bookings/none",
		"/v1/board?site=T9&from=2031-03-01&until=2031-03-02", "/v1/bookings?site=T9"};
	for (size_t i = 0; i < ARRAY_LEN(missing); i++) {
		t = relais_get(&r, missing[i]);
		assert_problem(&t, 404, "not-found");
	}
}

static void queries(void **state)
{
	static const struct {
		const char *path;
		int status;
	} table[] = {
		{"/v1/sites?x=1", 400},
		{"/v1/resources", 400},
		{"/v1/resources?site=T1&site=T1", 400},
		{"/v1/resources?site=T1&kind=bicycle", 400},
		{"/v1/resources?site=T1&kind=car", 200},
		{"/v1/bookings?site=T1&limit=501", 400},
		{"/v1/bookings?site=T1&limit=500", 200},
		{"/v1/bookings?site=T1&from=2031-03-01", 200},
		{"/v1/board?site=T1&from=2031-03-01", 400},
		{"/v1/board?site=T1&from=2031-03-01&until=2031-03-01", 422},
		{"/v1/board?site=T1&from=2031-03-01&until=2032-03-05", 422},
		{"/v1/board?site=T1&from=2031-03-30T02:30&until=2031-04-01", 422},
		{"/v1/board?site=T1&from=2031-03-01&until=2031-03-08", 200},
		{"/v1/"
		 "availability?site=T1&solution=loaner_brand&from=2031-03-03T09:00&until=2031-03-"
		 "03T17:00",
			200},
		{"/v1/"
		 "availability?site=T1&solution=balloon&from=2031-03-03T09:00&until=2031-03-03T17:"
		 "00",
			422},
		{"/v1/availability/"
		 "next?site=T1&solution=loaner_brand&minutes=480&after=2031-03-03T09:00",
			200},
		{"/v1/availability/next?site=T1&solution=loaner_brand&minutes=0", 400},
		{"/v1/audit/claims?site=T1&format=xlsx", 200},
		{"/v1/audit/claims?site=T1&format=csv", 200},
		{"/v1/search?q=", 400},
		{"/v1/search?q=OU-100", 200},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct told t = relais_get(&r, table[i].path);
		check_status(&t, table[i].status, table[i].path, (int)i);
		if (t.status >= 400)
			assert_string_equal(t.type, "application/problem+json");
		else
			assert_true(t.seq[0] != '\0');
	}
}

static void bodies(void **state)
{
	static char large[300 << 10];
	(void)state;
	struct ask put = {
		.method = "PUT", .path = "/v1/customers/C9", .body = STR("{\"segment\":")};
	struct told t = relais_ask(&r, &put);
	assert_problem(&t, 400, "malformed");
	put.body = STR("{} {}");
	t = relais_ask(&r, &put);
	assert_problem(&t, 400, "malformed");
	put.type = "text/plain";
	t = relais_ask(&r, &put);
	assert_problem(&t, 415, "media-type");
	put.type = "application/json; charset=utf-8";
	put.body = STR("{}");
	t = relais_ask(&r, &put);
	assert_problem(&t, 422, "invalid");
	assert_true(has_pointer(&t, "/segment"));
	memset(large, ' ', sizeof large);
	put.body = (struct str){large, sizeof large};
	t = relais_ask(&r, &put);
	assert_problem(&t, 413, "too-large");
	t = relais_get(&r, "/v1/customers/C9");
	assert_status(&t, 404);
}

#define CUSTOMER_BODY(language)                             \
	"{\"segment\":\"private\",\"language\":\"" language \
	"\",\"preferred_channel\":\"phone\",\"person\":"    \
	"{\"name\":\"B. Essai\"}}"

static void edits(void **state)
{
	struct ask put = {
		.method = "PUT", .path = "/v1/customers/C2", .body = STR(CUSTOMER_BODY("fr"))};
	(void)state;
	struct told first = relais_ask(&r, &put);
	assert_status(&first, 201);
	assert_string_equal(first.location, "/v1/customers/C2");
	assert_true(first.etag[0] == '"');
	struct told t = relais_get(&r, "/v1/customers/C2");
	assert_string_equal(t.etag, first.etag);
	assert_str(json_str_at(json_get(t.json, "person"), "name"), "B. Essai");

	/* equal to what is there: 200 whatever If-Match says, and nothing written */
	put.if_match = "\"9999\"";
	t = relais_ask(&r, &put);
	assert_status(&t, 200);
	assert_string_equal(t.etag, first.etag);

	put.body = STR(CUSTOMER_BODY("en"));
	t = relais_ask(&r, &put);
	assert_problem(&t, 412, "stale");
	put.if_match = NULL;
	t = relais_ask(&r, &put);
	assert_problem(&t, 428, "if-match");
	put.if_match = first.etag;
	t = relais_ask(&r, &put);
	assert_status(&t, 200);
	assert_string_not_equal(t.etag, first.etag);

	struct ask get = {.method = "GET", .path = "/v1/customers/C2", .if_none_match = t.etag};
	struct told again = relais_ask(&r, &get);
	assert_status(&again, 304);
	assert_int_equal(again.body.n, 0);
	assert_string_equal(again.etag, t.etag);
	get.if_none_match = first.etag;
	again = relais_ask(&r, &get);
	assert_status(&again, 200);
}

static void ids_agree(void **state)
{
	(void)state;
	struct told t = relais_put(&r, "/v1/customers/C3",
		"{\"customer\":\"C4\",\"segment\":\"private\",\"language\":\"fr\",\"preferred_"
		"channel\":"
		"\"phone\",\"person\":{\"name\":\"C. Essai\"}}");
	assert_problem(&t, 422, "invalid");
	assert_true(has_pointer(&t, "/customer"));
	t = relais_put(&r, "/v1/customers/a%20b", CUSTOMER_BODY("fr"));
	assert_problem(&t, 422, "invalid");
	assert_true(has_pointer(&t, "/customer"));
	t = relais_put(&r, "/v1/vehicles/ZAMDEMC1T0D20000O", "{\"model\":\"x\"}");
	assert_problem(&t, 422, "invalid");
	assert_true(has_pointer(&t, "/vin"));
	/* small letters and blanks are how a VIN is read out */
	t = relais_get(&r, "/v1/vehicles/zamdemc1t0d200001");
	assert_status(&t, 200);
	assert_str(json_str_at(t.json, "vin"), OWN_VIN);
}

#define BLOCK_BODY(day)                                                \
	"{\"from\":\"2031-03-" day "T08:00\",\"until\":\"2031-03-" day \
	"T18:00\",\"reason\":\"workshop\"}"
#define BLOCK_PREVIEW                                                                     \
	"{\"from\":\"2031-03-03T08:00\",\"until\":\"2031-03-03T18:00\",\"reason\":\"x\"," \
	"\"preview\":true}"
#define BLOCKS "/v1/resources/" OWN_CAR "/blocks"

static void keys(void **state)
{
	static char long_key[300];
	(void)state;
	memset(long_key, 'k', 256);
	struct told t = relais_post(&r, BLOCKS, NULL, BLOCK_BODY("03"));
	assert_problem(&t, 400, "idempotency-key");
	t = relais_post(&r, BLOCKS, "", BLOCK_BODY("03"));
	assert_problem(&t, 400, "idempotency-key");
	t = relais_post(&r, BLOCKS, long_key, BLOCK_BODY("03"));
	assert_problem(&t, 400, "idempotency-key");

	/* 422 does not bind the key */
	t = relais_post(&r, BLOCKS, "block-1", "{\"from\":\"2031-03-03T08:00\"}");
	assert_problem(&t, 422, "invalid");
	/* nor does a preview, which needs one like every POST and changes nothing */
	t = relais_post(&r, BLOCKS, NULL, BLOCK_PREVIEW);
	assert_problem(&t, 400, "idempotency-key");
	struct told seen = relais_post(&r, BLOCKS, "block-1", BLOCK_PREVIEW);
	assert_status(&seen, 200);
	t = relais_post(&r, BLOCKS, "block-1", BLOCK_PREVIEW);
	assert_status(&t, 200);
	assert_false(t.replayed);
	assert_true(str_eq(t.body, seen.body));
	assert_string_equal(t.seq, seen.seq);
	struct told first = relais_post(&r, BLOCKS, "block-1", BLOCK_BODY("03"));
	assert_status(&first, 201);
	assert_false(first.replayed);
	assert_true(first.location[0] == '/');
	t = relais_post(&r, BLOCKS, "block-1", BLOCK_BODY("03"));
	assert_status(&t, 201);
	assert_true(t.replayed);
	assert_true(str_eq(t.body, first.body));
	assert_string_equal(t.location, first.location);
	t = relais_post(&r, BLOCKS, "block-1", BLOCK_BODY("04"));
	assert_problem(&t, 422, "key-reused");
	/* another user's key of the same name is another key; 409 binds like 201 */
	char token[TOKEN_TEXT];
	relais_token(&r, token, "manager", "manager", NULL);
	struct ask other = {.method = "POST",
		.path = BLOCKS,
		.token = token,
		.key = "block-1",
		.body = STR(BLOCK_BODY("03"))};
	t = relais_ask(&r, &other);
	assert_problem(&t, 409, "promises-broken");
	assert_false(t.replayed);

	struct ask gone = {.method = "DELETE", .path = first.location};
	t = relais_ask(&r, &gone);
	assert_problem(&t, 428, "if-match");
	gone.if_match = first.etag;
	t = relais_ask(&r, &gone);
	assert_status(&t, 204);
	t = relais_ask(&r, &gone);
	assert_status(&t, 204);
	gone.path = "/v1/blocks/never-was";
	t = relais_ask(&r, &gone);
	assert_problem(&t, 404, "not-found");

	/* nothing stands in the way any more, and still the first answer */
	t = relais_ask(&r, &other);
	assert_problem(&t, 409, "promises-broken");
	assert_true(t.replayed);
}

/* What was answered is durable: another process gives the same answer to the same key. */
static void after_a_restart(void **state)
{
	(void)state;
	struct told first = relais_post(&r, BLOCKS, "block-2", BLOCK_BODY("05"));
	assert_status(&first, 201);
	relais_stop(&r);
	relais_restart(&r, false);
	struct told t = relais_post(&r, BLOCKS, "block-2", BLOCK_BODY("05"));
	assert_status(&t, 201);
	assert_true(t.replayed);
	assert_true(str_eq(t.body, first.body));
}

static void second_server_is_refused(void **state)
{
	char out[200];
	const char *args[] = {"serve", "--data", r.scratch.dir, "--listen", "127.0.0.1:0", NULL};
	(void)state;
	assert_int_equal(relais_run(&r, args, out, sizeof out), 74);
	assert_string_equal(out, "");
}

static int setup(void **state)
{
	(void)state;
	relais_start(&r, false);
	relais_furnish(&r);
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
		cmocka_unit_test(without_sign_in),
		cmocka_unit_test(sign_in),
		cmocka_unit_test(addresses),
		cmocka_unit_test(queries),
		cmocka_unit_test(bodies),
		cmocka_unit_test(edits),
		cmocka_unit_test(ids_agree),
		cmocka_unit_test(keys),
		cmocka_unit_test(after_a_restart),
		cmocka_unit_test(second_server_is_refused),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
