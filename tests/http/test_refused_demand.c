/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Against the real program: what is refused in offers and bookings comes out in the month's answer,
 * and an orderly stop loses none of it. */

#include "tests/http/relais.h"

static struct relais r;

#define MONTH "/v1/demand?site=T1&month=2031-03"

static struct told book(const struct told *offer, const char *key)
{
	struct str text = json_str_at(offer->json, "offer");
	struct str body = arena_printf(&r.arena,
		"{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\",\"class\":\"grecale\","
		"\"customer\":\"C1\"}",
		STR_FMT(text));

	assert_status(offer, 200);
	return relais_post(&r, "/v1/bookings", key, body.p);
}

/* The number of that name, of /metrics. */
static long figure(const char *name)
{
	struct told t = relais_get(&r, "/metrics");
	struct str line = arena_printf(&r.arena, "\nrelais_%s ", name);
	const char *at = strstr(t.body.p, line.p);

	assert_status(&t, 200);
	assert_non_null(at);
	return strtol(at + line.n, NULL, 10);
}

static struct json first_item(struct told *t, uint32_t items)
{
	assert_status(t, 200);
	if (json_count(json_get(t->json, "items")) != items)
		fail_msg("not %u items: %.*s", items, STR_FMT(t->body));
	return json_first(json_get(t->json, "items"));
}

static void what_is_refused_is_told(void **state)
{
	struct told early = relais_offer(&r, 3, 0), t;
	struct json it;

	(void)state;
	t = book(&early, "one");
	assert_status(&t, 201);
	t = book(&early, "two");
	assert_status(&t, 201);
	t = book(&early, "three");
	assert_problem(&t, 409, "no-seat");
	t = book(&early, "three");
	assert_problem(&t, 409, "no-seat");
	assert_true(t.replayed);
	t = relais_get(&r, MONTH);
	it = first_item(&t, 1);
	assert_str(json_str_at(it, "day"), "2031-03-03");
	assert_str(json_str_at(it, "class"), "grecale");
	assert_int_equal(json_int_at(it, "bookings", 0), 1);
	assert_int_equal(json_int_at(it, "offers", -1), 0);
	/* the same question again is the same customer */
	t = relais_offer(&r, 3, 0);
	assert_status(&t, 200);
	assert_false(json_bool_at(json_first(json_get(t.json, "solutions")), "available", true));
	t = relais_offer(&r, 3, 0);
	assert_status(&t, 200);
	t = relais_offer(&r, 3, 1);
	assert_status(&t, 200);
	t = relais_offer(&r, 5, 0); /* free */
	assert_status(&t, 200);
	assert_int_equal(figure("demand_waiting"), 2);
	/* the third booking and three offers found no free seat, and all had their answer */
	assert_true(figure("shuffles_total") >= 4);
	assert_int_equal(figure("shuffles_undecided_total"), 0);
	t = relais_get(&r, MONTH);
	(void)first_item(&t, 1);
}

static void it_outlives_a_stop(void **state)
{
	struct told t;
	struct json it, items;

	(void)state;
	relais_stop(&r);
	relais_restart(&r, false);
	assert_int_equal(figure("demand_waiting"), 0);
	assert_int_equal(figure("demand_lost_total"), 0);
	t = relais_get(&r, MONTH);
	it = first_item(&t, 3);
	items = json_get(t.json, "items");
	assert_str(json_str_at(it, "solution"), "loaner_brand");
	assert_false(json_present(json_get(it, "class")));
	assert_int_equal(json_int_at(it, "days", 0), 1);
	assert_int_equal(json_int_at(it, "offers", 0), 1);
	it = json_next(items, it);
	assert_int_equal(json_int_at(it, "days", 0), 2);
	assert_int_equal(json_int_at(it, "offers", 0), 1);
	it = json_next(items, it);
	assert_str(json_str_at(it, "class"), "grecale");
	assert_int_equal(json_int_at(it, "bookings", 0), 1);
	/* all three wanted the third of March: each needs a car of its own */
	items = json_get(t.json, "cars");
	assert_int_equal(json_count(items), 3);
	for (struct json c = json_first(items); json_present(c); c = json_next(items, c)) {
		assert_str(json_str_at(c, "class"), "grecale");
		assert_int_equal(json_int_at(c, "saved", 0), 1);
		assert_str(json_str(json_first(json_get(c, "days"))), "2031-03-03");
	}
	const char *verify[] = {"verify", "--data", r.scratch.dir, NULL};
	relais_stop(&r);
	assert_int_equal(relais_run(&r, verify, NULL, 0), 0);
	relais_restart(&r, false);
}

static void not_for_everybody(void **state)
{
	static const char *const bad[] = {"/v1/demand?site=T1", "/v1/demand?month=2031-03",
		"/v1/demand?site=T1&month=2031-13", "/v1/demand?site=T1&month=2031-3",
		"/v1/demand?site=T1&month=2031-03-01"};
	char token[TOKEN_TEXT];
	struct told t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		t = relais_get(&r, bad[i]);
		assert_problem(&t, 400, "malformed");
	}
	t = relais_get(&r, "/v1/demand?site=NONE&month=2031-03");
	assert_problem(&t, 404, "not-found");
	relais_token(&r, token, "desk", "operator", NULL);
	t = relais_ask(&r, &(struct ask){.method = "GET", .path = MONTH, .token = token});
	assert_problem(&t, 403, "forbidden");
	relais_token(&r, token, "next door", "manager", "T2");
	t = relais_ask(&r, &(struct ask){.method = "GET", .path = MONTH, .token = token});
	assert_problem(&t, 404, "not-found");
	t = relais_ask(&r, &(struct ask){.method = "GET",
				   .path = "/v1/demand?site=T2&month=2031-03",
				   .token = token});
	(void)first_item(&t, 0);
}

static void whoever_waits_is_counted(void **state)
{
	struct told offer = relais_offer(&r, 3, 0), t;
	struct str body = arena_printf(&r.arena,
		"{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\",\"customer\":\"C1\"}",
		STR_FMT(json_str_at(offer.json, "offer")));

	(void)state;
	assert_int_equal(figure("waiting_list"), 0);
	t = relais_post(&r, "/v1/waiting", "waits", body.p);
	assert_status(&t, 201);
	assert_int_equal(figure("waiting_list"), 1);
	assert_int_equal(figure("waiting_list_max"), 100);
	assert_int_equal(figure("promises_at_risk"), 0);
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
		cmocka_unit_test(what_is_refused_is_told),
		cmocka_unit_test(it_outlives_a_stop),
		cmocka_unit_test(not_for_everybody),
		cmocka_unit_test(whoever_waits_is_counted),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
