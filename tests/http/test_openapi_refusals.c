/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What is refused is as /openapi.json says, too: the status, and every member of the problem. */

#include "tests/http/described_desk.h"

static struct caller c;

#define OTHER                                                                           \
	"{'segment':'vip','language':'fr','preferred_channel':'none','person':{'name':" \
	"'Other'}}"

/* The body of an answer with one word in place of another. */
static const char *replaced(const struct told *t, const char *word, const char *by)
{
	const char *body = text_of(&c, "%.*s", STR_FMT(t->body)), *at = strstr(body, word);
	assert_non_null(at);
	return text_of(&c, "%.*s%s%s", (int)(at - body), body, by, at + strlen(word));
}

static void refused(const struct told *t, const char *slug, const char *member)
{
	check_problem(t, t->status, slug, __FILE__, __LINE__);
	if (member && json_count(json_get(t->json, member)) == 0)
		fail_msg("%s without %s: %.*s", slug, member, STR_FMT(t->body));
}

static void refusals_of_form(void **state)
{
	char token[TOKEN_TEXT];
	static char large[300 << 10];
	(void)state;
	struct told t = CALL(&c, 400, "GET", "/v1/sites?x=1", NULL);
	refused(&t, "malformed", NULL);
	t = CALL_WITH(&c, 400, "POST", "/v1/visits", "{}", .key = "");
	refused(&t, "idempotency-key", NULL);
	t = CALL(&c, 400, "POST", "/v1/offers", "{'site':");
	refused(&t, "malformed", NULL);
	t = CALL_WITH(&c, 401, "GET", "/v1/sites", NULL, .token = "");
	refused(&t, "sign-in", NULL);
	relais_token(&c.r, token, "front desk", "operator", NULL);
	t = CALL_WITH(&c, 403, "PUT", "/v1/sites/T1", "{}", .token = token);
	refused(&t, "forbidden", NULL);
	t = CALL(&c, 404, "GET", "/v1/bookings/none", NULL);
	refused(&t, "not-found", NULL);
	CALL(&c, 404, "POST", "/v1/bookings/none/pin", "{}");
	t = CALL_WITH(&c, 415, "POST", "/v1/offers", "{}", .type = "text/plain");
	refused(&t, "media-type", NULL);
	memset(large, ' ', sizeof large - 1);
	t = CALL(&c, 413, "POST", "/v1/offers", large);
	refused(&t, "too-large", NULL);
	t = CALL(&c, 422, "POST", "/v1/offers", "{'site':'T1','jobs':[],'more':1}");
	refused(&t, "invalid", "errors");
	CALL(&c, 422, "GET", "/v1/board?site=T1&from=2031-03-01&until=2031-03-01", NULL);
#define MARCH "/v1/figures?site=T1&from=2031-03-01&until="
	CALL(&c, 422, "GET", MARCH "2031-03-01", NULL);
	CALL(&c, 422, "GET", MARCH "2032-04-05", NULL); /* 401 days */
	CALL(&c, 200, "GET", MARCH "2032-04-04", NULL);
	CALL(&c, 400, "GET", MARCH "April", NULL);
	CALL(&c, 400, "GET", MARCH "2031-04-01&format=csv&table=people", NULL);
	CALL(&c, 404, "GET", "/v1/figures?site=none&from=2031-03-01&until=2031-03-02", NULL);
	t = CALL(&c, 422, "POST", "/v1/bookings", "{'offer':'AAAA','solution':'taxi'}");
	refused(&t, "offer-invalid", NULL);
	CALL_WITH(&c, 200, "POST", "/v1/resources/T1-car-1/ready", "{'where':'x'}", .key = "one");
	t = CALL_WITH(
		&c, 422, "POST", "/v1/resources/T1-car-1/ready", "{'where':'y'}", .key = "one");
	refused(&t, "key-reused", NULL);
}

static void refusals_of_state(void **state)
{
	(void)state;
	struct told t = CALL(&c, 409, "POST", "/v1/offers", desk_offer_body(&c, "2020-03-02", ""));
	refused(&t, "no-ruleset", NULL);
	/* two cars, and a third wish */
	struct told b = desk_book(&c, 201, "2031-03-12", "loaner_brand", ",'customer':'C1'");
	desk_book(&c, 201, "2031-03-12", "loaner_brand", ",'customer':'C1'");
	t = desk_book(&c, 409, "2031-03-12", "loaner_brand", ",'customer':'C1'");
	refused(&t, "no-seat", "alternatives");
	/* one car of another site, and a second wish */
	desk_share_car(&c);
	desk_book_away(&c, 201, "2031-03-12");
	t = desk_book_away(&c, 409, "2031-03-12");
	refused(&t, "no-seat", "alternatives");
	assert_str(json_str_at(t.json, "for_site"), "T1");
	/* a booking in the way of a block, and of a retirement */
	const char *car = member_of(&c, &b, "resource");
	t = CALL(&c, 409, "POST", text_of(&c, "/v1/resources/%s/blocks", car),
		"{'from':'2031-03-12T09:00','until':'2031-03-12T17:00','reason':'workshop'}");
	refused(&t, "promises-broken", "bookings");
	struct told r = CALL(&c, 200, "GET", text_of(&c, "/v1/resources/%s", car), NULL);
	const char *body = replaced(&r, "\"active\"", "\"retired\"");
	t = CALL_WITH(
		&c, 409, "PUT", text_of(&c, "/v1/resources/%s", car), body, .if_match = r.etag);
	refused(&t, "in-use", "bookings");
	r = CALL(&c, 200, "GET", "/v1/rulesets/demo-1", NULL);
	t = CALL_WITH(&c, 409, "PUT", "/v1/rulesets/demo-1",
		replaced(&r, "2025-01-01", "2025-02-01"), .if_match = r.etag);
	refused(&t, "immutable", NULL);
	t = CALL_WITH(&c, 412, "PUT", "/v1/customers/C1", OTHER, .if_match = "\"1\"");
	refused(&t, "stale", NULL);
	t = CALL(&c, 428, "PUT", "/v1/customers/C1", OTHER);
	refused(&t, "if-match", NULL);
	t = desk_book(&c, 201, "2031-03-17", "loaner_brand", ",'customer':'C1'");
	desk_verb(&c, 200, &t, "cancel", "{'reason':'wish of the customer'}");
	t = desk_verb(&c, 409, &t, "pin", "{}");
	refused(&t, "wrong-state", NULL);
	assert_true(json_present(json_get(t.json, "booking_status")));
}

static void refusals_of_terms(void **state)
{
	(void)state;
	/* a driver too young */
	const char *offer = desk_offer(
		&c, "2031-03-13", ",'driver':{'birth_on':'2012-04-12','licence_on':'2030-06-01'}");
	struct told t = CALL(&c, 409, "POST", "/v1/bookings",
		text_of(&c, "{'offer':'%s','solution':'loaner_brand','customer':'C1'}", offer));
	refused(&t, "not-offered", NULL);
	/* dearer than it was offered */
	t = relais_offer(&c.r, 14, 0);
	assert_status(&t, 200);
	offer = member_of(&c, &t, "offer");
	t = CALL(&c, 200, "GET", "/v1/sites/T1", NULL);
	CALL_WITH(
		&c, 200, "PUT", "/v1/sites/T1", replaced(&t, ":9000", ":9900"), .if_match = t.etag);
	t = CALL(&c, 409, "POST", "/v1/bookings",
		text_of(&c, "{'offer':'%s','solution':'loaner_brand','customer':'C1'}", offer));
	refused(&t, "terms-changed", NULL);
	assert_true(json_present(json_get(json_get(t.json, "terms"), "customer_minor")));
}

static int setup(void **state)
{
	(void)state;
	caller_start(&c, false);
	relais_furnish(&c.r);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	caller_stop(&c);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_of_form),
		cmocka_unit_test(refusals_of_state),
		cmocka_unit_test(refusals_of_terms),
	};
	relais_find(&c.r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
