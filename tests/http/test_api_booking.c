/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* From the question on the phone to the key taken back: offers, bookings, their verbs, visits. */

#include "tests/http/relais.h"

static struct relais r;

static struct told book(int day, const char *key, const char *more)
{
	struct told offer = relais_offer(&r, day, 0);
	assert_status(&offer, 200);
	struct str body =
		arena_printf(&r.arena, "{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"%s}",
			STR_FMT(json_str_at(offer.json, "offer")), more);
	return relais_post(&r, "/v1/bookings", key, body.p);
}

/* POST LOCATION/VERB. */
static struct told verb(
	const struct told *booking, const char *name, const char *key, const char *body)
{
	char path[200];
	snprintf(path, sizeof path, "%s/%s", booking->location, name);
	return relais_post(&r, path, key, body);
}

#define assert_member(told, name, value) assert_str(json_str_at((told).json, (name)), (value))

static void an_offer_says_everything(void **state)
{
	(void)state;
	struct told t = relais_offer(&r, 3, 1);
	assert_status(&t, 200);
	assert_in_range(json_str_at(t.json, "offer").n, 100, 8192);
	assert_member(t, "site", OWN_SITE);
	assert_str(json_str_at(json_get(t.json, "ruleset"), "version"), "demo-1");
	assert_int_equal(json_str_at(json_get(t.json, "ruleset"), "sha256").n, 64);
	struct json solutions = json_get(t.json, "solutions");
	assert_int_equal(json_count(solutions), 9);
	struct json loaner = json_first(solutions);
	assert_str(json_str_at(loaner, "solution"), "loaner_brand");
	assert_true(json_bool_at(loaner, "available", false));
	assert_true(json_str_at(loaner, "say").n > 20);
	struct json terms = json_get(loaner, "terms");
	assert_str(json_str_at(terms, "currency"), "EUR");
	assert_true(json_present(json_get(terms, "customer_minor")));
	/* nothing was stored: the same question again shows the same state */
	struct told again = relais_offer(&r, 3, 1);
	assert_string_equal(again.seq, t.seq);
}

static void no_rule_set_no_offer(void **state)
{
	(void)state;
	struct told t = relais_post(&r, "/v1/offers", NULL,
		"{\"site\":\"T1\",\"jobs\":[{\"type\":\"maintenance\",\"immobilisation_minutes\":"
		"60}],"
		"\"drop_off_at\":\"2024-03-04T09:00\"}");
	assert_problem(&t, 409, "no-ruleset");
	t = relais_post(&r, "/v1/offers", NULL, "{\"site\":\"T9\"}");
	assert_problem(&t, 404, "not-found");
}

static void the_whole_way(void **state)
{
	(void)state;
	struct told b = book(4, "way", ",\"customer\":\"C1\"");
	assert_status(&b, 201);
	assert_member(b, "status", "booked");
	assert_member(b, "from", "2031-03-04T09:00:00+01:00");
	assert_member(b, "until", "2031-03-04T17:00:00+01:00");
	assert_true(json_str_at(b.json, "said").n > 20);
	struct told t = relais_get(&r, b.location);
	assert_status(&t, 200);
	assert_true(str_eq(t.body, b.body));
	assert_string_equal(t.etag, b.etag);

	/* handed over years too early, so that the test need not know the day */
	t = verb(&b, "check-out", "way-out",
		"{\"odometer_km\":5000,\"fuel_percent\":90,\"documents_checked\":true}");
	assert_status(&t, 200);
	assert_member(t, "status", "out");
	assert_int_equal(json_int_at(json_get(t.json, "out"), "odometer_km", 0), 5000);
	struct told again = verb(&b, "check-out", "way-out-again", "{}");
	assert_problem(&again, 409, "wrong-state");
	t = verb(&b, "check-in", "way-in", "{\"odometer_km\":5080,\"fuel_percent\":80}");
	assert_status(&t, 200);
	assert_member(t, "status", "returned");
	/* each answer again by its key, as it was */
	again = verb(&b, "check-out", "way-out",
		"{\"odometer_km\":5000,\"fuel_percent\":90,\"documents_checked\":true}");
	assert_status(&again, 200);
	assert_true(again.replayed);
	assert_member(again, "status", "out");
}

static void verbs_before_it_goes_out(void **state)
{
	(void)state;
	struct told b = book(5, "verbs", ",\"customer\":\"C1\"");
	assert_status(&b, 201);
	struct told t = verb(&b, "pin", "v1", "");
	assert_status(&t, 200);
	assert_true(json_bool_at(t.json, "pinned", false));
	t = verb(&b, "unpin", "v2", "{}");
	assert_status(&t, 200);
	assert_false(json_bool_at(t.json, "pinned", true));
	bool first_car = str_is(json_str_at(t.json, "resource"), OWN_CAR);
	t = verb(&b, "move", "v3",
		first_car ? "{\"resource\":\"T1-car-2\"}" : "{\"resource\":\"T1-car-1\"}");
	assert_status(&t, 200);
	assert_member(t, "resource", first_car ? "T1-car-2" : "T1-car-1");
	t = verb(&b, "reschedule", "v4",
		"{\"from\":\"2031-03-06T09:00\",\"until\":\"2031-03-06T16:00\"}");
	assert_status(&t, 200);
	assert_member(t, "from", "2031-03-06T09:00:00+01:00");
	t = verb(&b, "note", "v5", "{\"text\":\"calls back at noon\"}");
	assert_status(&t, 200);
	t = verb(&b, "cancel", "v6", "{\"reason\":\"customer's wish\"}");
	assert_status(&t, 200);
	assert_member(t, "status", "cancelled");
	t = verb(&b, "pin", "v7", "{}");
	assert_problem(&t, 409, "wrong-state");
	t = verb(&b, "reinstate", "v8", "{}");
	assert_status(&t, 200);
	assert_member(t, "status", "booked");
	assert_member(t, "from", "2031-03-06T09:00:00+01:00");
	assert_false(json_present(json_get(t.json, "reason")));
	t = verb(&b, "reinstate", "v9", "{}");
	assert_problem(&t, 409, "wrong-state");
}

static void spare_car(const char *id)
{
	struct str body = arena_printf(&r.arena,
		"{\"class\":\"spare\",\"kind\":\"car\",\"label\":\"%s\",\"seats\":1,\"site\":"
		"\"T1\",\"solutions\":[\"loaner_brand\"],\"status\":\"active\","
		"\"turnaround_minutes\":30}",
		id);
	struct told t = relais_put(&r, arena_printf(&r.arena, "/v1/resources/%s", id).p, body.p);
	assert_status(&t, 201);
}

static const char *exchange_for(const char *car)
{
	return arena_printf(&r.arena,
		"{\"resource\":\"%s\",\"in\":{\"odometer_km\":5080,\"damages\":[\"rim\"]},"
		"\"out\":{\"odometer_km\":70},\"reason\":\"lamp\"}",
		car)
		.p;
}

/* The same promise with another solution; and two cars within one agreement. */
static void changed_and_exchanged(void **state)
{
	(void)state;
	struct told b = book(20, "change", ",\"customer\":\"C1\"");
	assert_status(&b, 201);
	struct told offer = relais_offer(&r, 21, 0);
	struct str body = arena_printf(&r.arena, "{\"offer\":\"%.*s\",\"solution\":\"taxi\"}",
		STR_FMT(json_str_at(offer.json, "offer")));
	struct told t = verb(&b, "change", "change-1", body.p);
	assert_status(&t, 200);
	assert_member(t, "solution", "taxi");
	assert_member(t, "from", "2031-03-21T09:00:00+01:00");
	assert_str(json_str_at(t.json, "number"),
		arena_printf(&r.arena, "%.*s", STR_FMT(json_str_at(b.json, "number"))).p);
	struct json before = json_item(json_get(t.json, "before"), 0);
	assert_str(json_str_at(before, "solution"), "loaner_brand");
	assert_str(json_str_at(before, "from"), "2031-03-20T09:00:00+01:00");
	assert_true(json_present(json_get(before, "terms")));
	struct told again = verb(&b, "change", "change-1", body.p);
	assert_true(again.replayed);
	assert_true(str_eq(again.body, t.body));
	t = verb(&b, "change", "change-2", "{\"offer\":\"AAAA\",\"solution\":\"taxi\"}");
	assert_problem(&t, 422, "offer-invalid");
	t = verb(&b, "exchange", "change-3",
		"{\"resource\":\"T1-car-2\",\"in\":{},\"out\":{},\"reason\":\"lamp\"}");
	assert_problem(&t, 409, "wrong-state");

	spare_car("T1-spare-1");
	spare_car("T1-spare-2");
	b = book(19, "exchange", ",\"class\":\"spare\",\"customer\":\"C1\"");
	assert_status(&b, 201);
	t = verb(&b, "check-out", "exchange-1", "{\"odometer_km\":5000}");
	assert_status(&t, 200);
	bool first_car = str_is(json_str_at(t.json, "resource"), "T1-spare-1");
	const char *same = first_car ? "T1-spare-1" : "T1-spare-2";
	const char *other = first_car ? "T1-spare-2" : "T1-spare-1";
	t = verb(&b, "exchange", "exchange-2", exchange_for(same));
	assert_problem(&t, 422, "invalid");
	t = verb(&b, "exchange", "exchange-3", exchange_for(other));
	assert_status(&t, 200);
	assert_member(t, "status", "out");
	assert_member(t, "resource", other);
	assert_int_equal(json_int_at(json_get(t.json, "out"), "odometer_km", 0), 70);
	struct json car = json_item(json_get(t.json, "cars"), 0);
	assert_str(json_str_at(car, "resource"), same);
	assert_str(json_str_at(car, "reason"), "lamp");
	assert_int_equal(json_int_at(json_get(car, "out"), "odometer_km", 0), 5000);
	assert_int_equal(json_int_at(json_get(car, "in"), "odometer_km", 0), 5080);
	assert_str(json_str(json_item(json_get(json_get(car, "in"), "damages"), 0)), "rim");
	t = verb(&b, "check-in", "exchange-4", "{\"odometer_km\":90}");
	assert_status(&t, 200);
}

static void a_hold_becomes_a_booking(void **state)
{
	(void)state;
	struct told b = book(7, "hold", ",\"hold_minutes\":60");
	assert_status(&b, 201);
	assert_member(b, "status", "held");
	struct told none = book(7, "hold-long", ",\"hold_minutes\":1441");
	assert_problem(&none, 422, "invalid");
	none = book(7, "hold-brief", ",\"hold_minutes\":1");
	assert_problem(&none, 422, "invalid");
	assert_non_null(strstr(none.body.p, "from 2 to 1440 minutes"));
	struct told t = verb(&b, "book", "hold-book", "{\"customer\":\"C1\"}");
	assert_status(&t, 200);
	assert_member(t, "status", "booked");
	assert_member(t, "customer", "C1");
}

/* Two cars: the third wish is refused, with what is really free instead. */
static void full_means_alternatives(void **state)
{
	(void)state;
	struct told a = book(10, "full-1", ",\"customer\":\"C1\"");
	assert_status(&a, 201);
	struct told b = book(10, "full-2", ",\"customer\":\"C1\"");
	assert_status(&b, 201);
	assert_false(str_eq(json_str_at(a.json, "resource"), json_str_at(b.json, "resource")));
	struct told none = book(10, "full-3", ",\"customer\":\"C1\"");
	assert_problem(&none, 409, "no-seat");
	struct json alternatives = json_get(none.json, "alternatives");
	assert_true(json_count(alternatives) >= 1);
	unsigned loaners = 0;
	for (struct json e = json_first(alternatives); json_present(e);
		e = json_next(alternatives, e)) {
		if (!str_is(json_str_at(e, "solution"), "loaner_brand"))
			continue;
		loaners++;
		char path[400];
		snprintf(path, sizeof path,
			"/v1/"
			"availability?site=T1&solution=loaner_brand&class=%.*s&from=%.*s&until=%.*"
			"s",
			STR_FMT(json_str_at(e, "class")), STR_FMT(json_str_at(e, "from")),
			STR_FMT(json_str_at(e, "until")));
		struct told t = relais_get(&r, path);
		assert_status(&t, 200);
		assert_true(json_int_at(t.json, "free", 0) > 0);
		assert_true(json_bool_at(t.json, "feasible", false));
	}
	assert_true(loaners >= 2);
	/* one goes to another day: its seat is the next one's */
	struct told t = verb(&a, "reschedule", "full-4",
		"{\"from\":\"2031-03-11T09:00\",\"until\":\"2031-03-11T17:00\"}");
	assert_status(&t, 200);
}

static void offers_cannot_be_made_at_home(void **state)
{
	(void)state;
	struct told t = relais_post(&r, "/v1/bookings", "forged-1",
		"{\"offer\":\"AAAA\",\"solution\":\"loaner_brand\"}");
	assert_problem(&t, 422, "offer-invalid");
	struct told offer = relais_offer(&r, 12, 0);
	struct str text = arena_copy(&r.arena, json_str_at(offer.json, "offer"));
	struct str body = arena_printf(&r.arena,
		"{\"offer\":\"%.*sAAAA\",\"solution\":\"loaner_brand\"}", (int)text.n - 4, text.p);
	t = relais_post(&r, "/v1/bookings", "forged-2", body.p);
	assert_problem(&t, 422, "offer-invalid");
}

static void a_visit(void **state)
{
	(void)state;
	struct told v = relais_post(&r, "/v1/visits", "visit",
		"{\"site\":\"T1\",\"vin\":\"" OWN_VIN
		"\",\"customer\":\"C1\",\"drop_off_at\":\"2031-03-13T09:00\"}");
	assert_status(&v, 201);
	assert_member(v, "answer", "open");
	struct ask patch = {.method = "PATCH",
		.path = v.location,
		.body = STR("{\"ready_at\":\"2031-03-14T12:00\",\"repair_order\":\"RO-77\"}")};
	struct told t = relais_ask(&r, &patch);
	assert_problem(&t, 428, "if-match");
	patch.if_match = "\"1\"";
	t = relais_ask(&r, &patch);
	assert_problem(&t, 412, "stale");
	patch.if_match = v.etag;
	t = relais_ask(&r, &patch);
	assert_status(&t, 200);
	assert_member(t, "repair_order", "RO-77");
	assert_member(t, "ready_at", "2031-03-14T12:00:00+01:00");

	/* two bookings of one visit, all or none */
	struct told offer = relais_offer(&r, 13, 0);
	char path[200];
	snprintf(path, sizeof path, "%s/bookings", v.location);
	struct str text = arena_copy(&r.arena, json_str_at(offer.json, "offer"));
	struct str body = arena_printf(&r.arena,
		"{\"bookings\":[{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\",\"customer\":"
		"\"C1\"},"
		"{\"offer\":\"%.*s\",\"solution\":\"taxi\",\"customer\":\"C1\"}]}",
		STR_FMT(text), STR_FMT(text));
	t = relais_post(&r, path, "visit-bookings", body.p);
	assert_status(&t, 201);
	t = relais_get(&r, v.location);
	assert_int_equal(json_count(json_get(t.json, "bookings")), 2);
}

static void lists_have_pages(void **state)
{
	(void)state;
	struct told all = relais_get(&r, "/v1/bookings?site=T1");
	uint32_t total = json_count(json_get(all.json, "items"));
	assert_true(total >= 3);
	char path[300] = "/v1/bookings?site=T1&limit=2";
	uint32_t seen = 0;
	for (uint32_t pages = 0; path[0]; pages++) {
		assert_true(pages <= total);
		struct told t = relais_get(&r, path);
		assert_status(&t, 200);
		uint32_t n = json_count(json_get(t.json, "items"));
		assert_in_range(n, 1, 2);
		seen += n;
		struct str next = json_str_at(t.json, "next");
		assert_int_equal(next.n > 0, t.link[0] != '\0');
		path[0] = '\0';
		if (next.n)
			snprintf(path, sizeof path, "/v1/bookings?site=T1&limit=2&cursor=%.*s",
				STR_FMT(next));
	}
	assert_int_equal(seen, total);
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
		cmocka_unit_test(an_offer_says_everything),
		cmocka_unit_test(no_rule_set_no_offer),
		cmocka_unit_test(the_whole_way),
		cmocka_unit_test(verbs_before_it_goes_out),
		cmocka_unit_test(a_hold_becomes_a_booking),
		cmocka_unit_test(full_means_alternatives),
		cmocka_unit_test(offers_cannot_be_made_at_home),
		cmocka_unit_test(a_visit),
		cmocka_unit_test(lists_have_pages),
		cmocka_unit_test(changed_and_exchanged),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
