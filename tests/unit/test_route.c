/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The table of routes: paths find their route, every right stands here a second time, and each row
 * holds together. */

#include "server/route.h"
#include "tests/lib/check.h"

/* ---- matching ---- */

static void paths(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool fits;
		const char *first;
	} table[] = {
		{"/", "/", true, NULL},
		{"/v1/sites", "/v1/sites", true, NULL},
		{"/v1/sites", "/v1/sites/", false, NULL},
		{"/v1/sites", "/v1/site", false, NULL},
		{"/v1/sites/{site}", "/v1/sites/LYO", true, "LYO"},
		{"/v1/sites/{site}", "/v1/sites/", false, NULL},
		{"/v1/sites/{site}", "/v1/sites", false, NULL},
		{"/v1/sites/{site}", "/v1/sites/LYO/x", false, NULL},
		{"/v1/bookings/{booking}/check-out", "/v1/bookings/b1/check-out", true, "b1"},
		{"/v1/bookings/{booking}/check-out", "/v1/bookings/b1/check-in", false, NULL},
		{"/v1/sites", "v1/sites", false, NULL},
		{"/v1/sites", "", false, NULL},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct str param[ROUTE_PARAMS_MAX] = {STR_NULL, STR_NULL};
		assert_int_equal(route_fits(table[i].pattern, str_from(table[i].path), param),
			table[i].fits);
		if (table[i].first)
			assert_str(param[0], table[i].first);
	}
	assert_str(route_param_name("/v1/bookings/{booking}/check-out", 0), "booking");
	assert_null(route_param_name("/v1/bookings/{booking}/check-out", 1).p);
	assert_null(route_param_name("/v1/sites", 0).p);
}

static void methods(void **state)
{
	char allow[ROUTE_ALLOW_TEXT];
	(void)state;
	struct route_match m = route_find(STR("GET"), STR("/v1/sites/LYO"));
	assert_non_null(m.route);
	assert_string_equal(m.route->pattern, "/v1/sites/{site}");
	assert_str(m.param[0], "LYO");
	assert_ptr_equal(route_find(STR("HEAD"), STR("/v1/sites/LYO")).route, m.route);
	m = route_find(STR("DELETE"), STR("/v1/sites/LYO"));
	assert_null(m.route);
	assert_true(m.path_known);
	assert_str(route_allow(allow, STR("/v1/sites/LYO")), "GET, HEAD, PUT");
	assert_str(route_allow(allow, STR("/v1/bookings")), "POST, GET, HEAD");
	assert_str(route_allow(allow, STR("/v1/bookings/b/late")), "POST");
	m = route_find(STR("GET"), STR("/v1/nothing"));
	assert_null(m.route);
	assert_false(m.path_known);
	/* a literal part and a placeholder of the same length do not take each other's place */
	m = route_find(STR("GET"), STR("/v1/availability/next"));
	assert_string_equal(m.route->pattern, "/v1/availability/next");
}

/* 404, never something else. */
static void no_address_of_ours(void **state)
{
	static const char *const table[] = {
		"/v1/who-has", "/v1/customers/c/split", "/v2/sites", "/v1"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		assert_false(route_find(STR("POST"), str_from(table[i])).path_known);
}

/* ---- rights ---- */

/* Written from contract.md section 1, not from the table: o operator, a advisor, p preparer, m
 * manager, w warranty, u auditor, A admin; "*" without sign-in. */
static const struct {
	const char *method, *pattern, *who;
} rights[] = {
	{"GET", "/", "*"},
	{"GET", "/assets/{asset}", "*"},
	{"GET", "/livez", "*"},
	{"GET", "/readyz", "*"},
	{"GET", "/metrics", "*"},
	{"GET", "/status", "*"},
	{"GET", "/c/{link}", "*"},
	{"POST", "/c/{link}", "*"},
	{"GET", "/openapi.json", "*"},
	{"GET", "/docs", "*"},
	{"GET", "/problems/{problem}", "*"},
	{"POST", "/v1/session", "*"},
	{"POST", "/v1/session/first", "*"},
	{"GET", "/v1/session", "oapmwuA"},
	{"DELETE", "/v1/session", "oapmwuA"},
	{"DELETE", "/v1/sessions", "oapmwuA"},
	{"POST", "/v1/session/password", "oapmwuA"},
	{"GET", "/v1/users", "wuA"},
	{"GET", "/v1/users/{name}", "wuA"},
	{"PUT", "/v1/users/{name}", "A"},
	{"DELETE", "/v1/users/{name}", "A"},
	{"GET", "/v1/tokens", "wuA"},
	{"GET", "/v1/tokens/{token_id}", "wuA"},
	{"POST", "/v1/tokens", "A"},
	{"DELETE", "/v1/tokens/{token_id}", "A"},
	{"GET", "/v1/webhooks", "wuA"},
	{"GET", "/v1/webhooks/{webhook_id}", "wuA"},
	{"POST", "/v1/webhooks", "A"},
	{"DELETE", "/v1/webhooks/{webhook_id}", "A"},
	{"POST", "/v1/webhooks/{webhook_id}/replay", "A"},
	{"POST", "/v1/webhooks/{webhook_id}/test", "A"},
	{"GET", "/v1/sites", "oapmwuA"},
	{"GET", "/v1/sites/{site}", "oapmwuA"},
	{"PUT", "/v1/sites/{site}", "mA"},
	{"GET", "/v1/resources", "oapmwuA"},
	{"GET", "/v1/resources/{resource}", "oapmwuA"},
	{"PUT", "/v1/resources/{resource}", "mA"},
	{"POST", "/v1/resources/{resource}/ready", "pmA"},
	{"POST", "/v1/resources/{resource}/blocks", "mA"},
	{"DELETE", "/v1/blocks/{block}", "mA"},
	{"GET", "/v1/customers/{customer}", "oamwuA"},
	{"PUT", "/v1/customers/{customer}", "oamA"},
	{"POST", "/v1/customers/{customer}/merge", "amA"},
	{"GET", "/v1/customers/{customer}/erasure", "A"},
	{"POST", "/v1/customers/{customer}/erase", "A"},
	{"GET", "/v1/retention", "A"},
	{"GET", "/v1/vehicles/{vin}", "oamwuA"},
	{"PUT", "/v1/vehicles/{vin}", "oamA"},
	{"POST", "/v1/vehicles/{vin}/cover-check", "oamA"},
	{"GET", "/v1/rulesets", "oamwuA"},
	{"GET", "/v1/rulesets/{version}", "oamwuA"},
	{"PUT", "/v1/rulesets/{version}", "mA"},
	{"GET", "/v1/search", "oamwuA"},
	{"POST", "/v1/offers", "oamA"},
	{"POST", "/v1/visits", "oamA"},
	{"GET", "/v1/visits/{visit}", "oamwuA"},
	{"PATCH", "/v1/visits/{visit}", "oamA"},
	{"PUT", "/v1/visits/{visit}/repair-order", "wA"},
	{"GET", "/v1/visits/{visit}/repair-order", "oamwuA"},
	{"GET", "/v1/visits/{visit}/ledger", "oamwuA"},
	{"GET", "/v1/visits/{visit}/claim-ready", "oamwuA"},
	{"POST", "/v1/visits/{visit}/bookings", "oamA"},
	{"POST", "/v1/bookings", "oamA"},
	{"GET", "/v1/bookings", "oapmwuA"},
	{"GET", "/v1/bookings/{booking}", "oapmwuA"},
	{"POST", "/v1/bookings/{booking}/book", "oamA"},
	{"POST", "/v1/bookings/{booking}/cancel", "oamA"},
	{"POST", "/v1/bookings/{booking}/no-show", "oamA"},
	{"POST", "/v1/bookings/{booking}/reinstate", "oamA"},
	{"POST", "/v1/bookings/{booking}/reschedule", "oamA"},
	{"POST", "/v1/bookings/{booking}/change", "oamA"},
	{"POST", "/v1/bookings/{booking}/move", "oamA"},
	{"POST", "/v1/bookings/{booking}/pin", "oamA"},
	{"POST", "/v1/bookings/{booking}/unpin", "oamA"},
	{"POST", "/v1/bookings/{booking}/check-out", "amA"},
	{"POST", "/v1/bookings/{booking}/check-in", "amA"},
	{"POST", "/v1/bookings/{booking}/exchange", "amA"},
	{"POST", "/v1/bookings/{booking}/extend", "oamA"},
	{"POST", "/v1/bookings/{booking}/late", "oamA"},
	{"POST", "/v1/bookings/{booking}/correct", "amA"},
	{"POST", "/v1/bookings/{booking}/note", "oamA"},
	{"PUT", "/v1/uploads/{sha256}", "amA"},
	{"POST", "/v1/bookings/{booking}/attachments", "amA"},
	{"GET", "/v1/bookings/{booking}/attachments", "oamwuA"},
	{"GET", "/v1/bookings/{booking}/attachments/{attachment}", "oamwuA"},
	{"POST", "/v1/bookings/{booking}/agreement", "amA"},
	{"GET", "/v1/bookings/{booking}/agreement", "oamwuA"},
	{"GET", "/v1/bookings/{booking}/agreement/{sha256}", "amA"},
	{"POST", "/v1/bookings/{booking}/satisfaction", "oamA"},
	{"POST", "/v1/bookings/{booking}/sign", "amA"},
	{"GET", "/v1/bookings/{booking}/ripple", "oamwuA"},
	{"GET", "/v1/alarms", "oamwuA"},
	{"GET", "/v1/tasks", "oapmwuA"},
	{"GET", "/v1/tasks/{task}", "oapmwuA"},
	{"POST", "/v1/tasks/{task}/done", "oapmA"},
	{"POST", "/v1/tasks/{task}/move", "oapmA"},
	{"POST", "/v1/tasks/{task}/hand-over", "oapmA"},
	{"POST", "/v1/contacts", "oamA"},
	{"GET", "/v1/contacts", "oamwuA"},
	{"GET", "/v1/contacts/{contact}", "oamwuA"},
	{"POST", "/v1/contacts/{contact}/transfer", "oamA"},
	{"POST", "/v1/contacts/{contact}/answered", "oamA"},
	{"POST", "/v1/complaints", "oapmA"},
	{"GET", "/v1/complaints", "oamwuA"},
	{"GET", "/v1/complaints/{complaint}", "oamwuA"},
	{"POST", "/v1/complaints/{complaint}/answer", "oamA"},
	{"POST", "/v1/complaints/{complaint}/solve", "oamA"},
	{"POST", "/v1/complaints/{complaint}/reopen", "oamA"},
	{"GET", "/v1/voice", "mwuA"},
	{"GET", "/v1/colleagues", "oapmwuA"},
	{"GET", "/v1/my-day", "oapmwuA"},
	{"POST", "/v1/waiting", "oamA"},
	{"GET", "/v1/waiting", "oamwuA"},
	{"GET", "/v1/waiting/{waiting}", "oamwuA"},
	{"POST", "/v1/waiting/{waiting}/drop", "oamA"},
	{"POST", "/v1/bookings/{booking}/claims", "wA"},
	{"GET", "/v1/claims", "mwuA"},
	{"GET", "/v1/claims/{claim}", "mwuA"},
	{"POST", "/v1/claims/{claim}/complete", "wA"},
	{"POST", "/v1/claims/{claim}/reopen", "wA"},
	{"POST", "/v1/claims/{claim}/export", "wA"},
	{"POST", "/v1/claims/{claim}/accept", "wA"},
	{"POST", "/v1/claims/{claim}/charge-back", "wA"},
	{"POST", "/v1/claims/{claim}/withdraw", "wA"},
	{"GET", "/v1/appointments", "oamwuA"},
	{"GET", "/v1/appointments/times", "oamwuA"},
	{"GET", "/v1/availability", "oapmwuA"},
	{"GET", "/v1/availability/next", "oapmwuA"},
	{"GET", "/v1/calendar-link", "oamwuA"},
	{"GET", "/v1/calendar/{link}", "*"},
	{"GET", "/v1/sheets/day", "oapmwuA"},
	{"GET", "/v1/sheets/ahead", "oamwuA"},
	{"GET", "/v1/board", "oapmwuA"},
	{"GET", "/v1/events", "oapmwuA"},
	{"GET", "/v1/demand", "mwuA"},
	{"GET", "/v1/figures", "mwuA"},
	{"POST", "/v1/imports", "A"},
	{"GET", "/v1/imports", "wuA"},
	{"GET", "/v1/imports/{import}", "wuA"},
	{"GET", "/v1/imports/{import}/rejected", "wuA"},
	{"POST", "/v1/imports/{import}/stop", "A"},
	{"POST", "/v1/imports/{import}/undo", "A"},
	{"GET", "/v1/who-had", "muA"},
	{"GET", "/v1/audit/claims", "wuA"},
	{"GET", "/v1/audit/pack", "wuA"},
	{"GET", "/v1/audit/journal", "wuA"},
	{"GET", "/v1/audit/checkpoint", "wuA"},
	{"GET", "/v1/audit/key", "wuA"},
};
static const char role_letters[ROLE_COUNT] = {
	[ROLE_OPERATOR] = 'o',
	[ROLE_ADVISOR] = 'a',
	[ROLE_PREPARER] = 'p',
	[ROLE_MANAGER] = 'm',
	[ROLE_WARRANTY] = 'w',
	[ROLE_AUDITOR] = 'u',
	[ROLE_ADMIN] = 'A',
};

static const char *rights_of(const struct route *route)
{
	for (size_t i = 0; i < ARRAY_LEN(rights); i++)
		if (!strcmp(rights[i].method, route->method) &&
			!strcmp(rights[i].pattern, route->pattern))
			return rights[i].who;
	fail_msg("%s %s has no line of rights", route->method, route->pattern);
	return "";
}

static void every_cell(void **state)
{
	(void)state;
	assert_int_equal(routes_len, ARRAY_LEN(rights));
	for (uint32_t i = 0; i < routes_len; i++) {
		const char *who = rights_of(&routes[i]);
		assert_int_equal(routes[i].roles == 0, who[0] == '*');
		for (int r = 0; r < ROLE_COUNT; r++) {
			bool may = who[0] == '*' || strchr(who, role_letters[r]);
			if (route_allows(&routes[i], (enum role)r) != may)
				fail_msg("%s %s: role %c", routes[i].method, routes[i].pattern,
					role_letters[r]);
		}
	}
}

/* ---- each row holds together ---- */

static bool has_query_field(const struct route *r, const char *name)
{
	for (const struct query_field *f = r->query; f && f->name; f++)
		if (strcmp(f->name, name) == 0)
			return true;
	return false;
}

/* What lies in DIR/people is in no journal: no verb writes it, and who is signed in where is no
 * object that somebody else could have changed meanwhile. */
static void people_check(const struct route *r)
{
	bool session = strncmp(r->pattern, "/v1/session", strlen("/v1/session")) == 0;
	bool get = strcmp(r->method, "GET") == 0, post = strcmp(r->method, "POST") == 0;
	bool changes_one = !strcmp(r->method, "PUT") || !strcmp(r->method, "DELETE");
	assert_non_null(r->handle);
	assert_non_null(r->about);
	assert_false(r->writes || r->target);
	assert_int_equal(r->site, SITE_NONE);
	assert_int_equal(r->key, post && !session);
	assert_int_equal(r->if_match, changes_one && !session);
	assert_int_equal(r->body != NULL, !get && strcmp(r->method, "DELETE") != 0);
	assert_int_equal(r->answer == NULL, r->status == 204);
}

/* What a read promises is said, and of nothing but a read; a list has pages, or is said to be
 * short. */
static void promises_check(const struct route *r)
{
	size_t n = r->answer ? strlen(r->answer) : 0;
	bool list = n >= 4 && strcmp(r->answer + n - 4, "list") == 0;
	bool get = strcmp(r->method, "GET") == 0;

	if ((r->tag != TAG_UNSAID) != get || (r->seq != SEQ_UNSAID) != get)
		fail_msg("%s %s: .tag and .seq are of each GET and of nothing else", r->method,
			r->pattern);
	if ((get && list) != (r->whole || has_query_field(r, "cursor")) ||
		(r->whole && has_query_field(r, "cursor")) ||
		has_query_field(r, "cursor") != has_query_field(r, "limit"))
		fail_msg("%s %s: a list has limit and cursor, or .whole", r->method, r->pattern);
}

static void row_check(const struct route *r)
{
	promises_check(r);
	if (r->people) {
		people_check(r);
		return;
	}
	bool post = strcmp(r->method, "POST") == 0;
	bool changes_one = !strcmp(r->method, "PUT") || !strcmp(r->method, "PATCH") ||
			   !strcmp(r->method, "DELETE");
	bool get = strcmp(r->method, "GET") == 0;
	assert_non_null(r->handle);
	assert_non_null(r->about);
	assert_true(get != (post || changes_one));
	if (strncmp(r->pattern, "/v1/imports", strlen("/v1/imports")) == 0) {
		/* each row of the file is a change of its own */
		assert_true(r->roles && !r->writes && r->site == SITE_NONE);
		assert_int_equal(r->key, post);
		assert_int_equal(r->status, post ? 202 : 0);
		return;
	}
	if (r->raw) { /* bytes that wait: in no journal, and the same for ever under their name */
		assert_true(changes_one && r->roles && !r->writes && !r->body);
		return;
	}
	if (r->page && post) { /* a form's: a customer's own word */
		assert_true(!r->roles && !r->body && !r->key && !r->writes);
		return;
	}
	/* two questions have a body: what could be offered, what would be signed */
	bool asks = strcmp(r->pattern, "/v1/offers") == 0 || strstr(r->pattern, "/agreement");
	assert_int_equal(r->writes, !get && !asks);
	/* contract 2: keys on every POST that changes something, If-Match on edits */
	assert_int_equal(r->key, post && r->writes);
	assert_int_equal(r->if_match, changes_one);
	assert_int_equal(
		r->body != NULL, post || changes_one ? strcmp(r->method, "DELETE") != 0 : false);
	if (r->writes) {
		assert_true(r->roles != 0);
		/* what all sites share lives in the directory, all else in its site's journal */
		assert_int_equal(r->site == SITE_NONE, verb_is_directory(r->verb));
	}
	if (r->target)
		assert_non_null(route_param_name(r->pattern, 0).p);
	if (r->site == SITE_QUERY)
		assert_true(has_query_field(r, "site"));
	if (r->site == SITE_JOURNAL)
		assert_true(has_query_field(r, "journal"));
	if (r->site == SITE_TARGET || r->site == SITE_PATH)
		assert_true(r->target != 0);
}

static void every_row(void **state)
{
	bool verbs[VERBS_LEN] = {false};
	(void)state;
	for (uint32_t i = 0; i < routes_len; i++) {
		row_check(&routes[i]);
		for (const struct query_field *q = routes[i].query; q && q->name; q++)
			assert_non_null(q->about); /* the manual and /docs print it */
		if (routes[i].writes) {
			assert_false(verbs[routes[i].verb]);
			verbs[routes[i].verb] = true;
		}
		for (uint32_t k = 0; k < i; k++)
			assert_true(strcmp(routes[i].method, routes[k].method) != 0 ||
				    strcmp(routes[i].pattern, routes[k].pattern) != 0);
	}
	/* every verb can be reached, but for the clock's own, what an import is made of, and what
	 * is said with customers in writing */
	for (int v = 0; v < VERBS_LEN; v++)
		assert_int_equal(verbs[v],
			v != VERB_TICK && v != VERB_TASK_MESSAGE && v != VERB_BOOKING_CONFIRMED &&
				v != VERB_DEMAND && v != VERB_IMPORT && v != VERB_IMPORT_UNDO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		cmocka_unit_test(methods),
		cmocka_unit_test(no_address_of_ours),
		cmocka_unit_test(every_cell),
		cmocka_unit_test(every_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
