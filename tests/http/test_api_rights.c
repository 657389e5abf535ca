/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Every cell of route x role x own or another site, generated from the table the server runs on:
 * 403 where the role may not, 404 where the site is another's, else the request gets through to its
 * own checks. Bodies hold a member nobody knows, so that nothing is ever changed.
 */

#include "server/route.h"
#include "tests/http/relais.h"

static struct relais r;
static char own[ROLE_COUNT][TOKEN_TEXT], other[ROLE_COUNT][TOKEN_TEXT];
static char booking[64], visit[64], block[64], task[64], waiting[64], attachment[64], claim[64],
	contact[64], complaint[64], offer[9000];

static const char *id_of(struct str name)
{
	static const struct {
		const char *name, *id;
	} ids[] = {
		{"site", OWN_SITE},
		{"resource", OWN_CAR},
		{"customer", OWN_CUSTOMER},
		{"vin", OWN_VIN},
		{"version", "demo-1"},
		{"block", block},
		{"visit", visit},
		{"booking", booking},
		{"task", task},
		{"waiting", waiting},
		{"claim", claim},
		{"contact", contact},
		{"complaint", complaint},
		{"attachment", attachment},
		{"sha256", "none"},
		{"link", "none"},
		{"problem", "no-seat"},
		{"asset", "none.js"},
		{"name", "somebody"},
		{"token_id", "0123456789abcdef01234567"},
		{"webhook_id", "0123456789abcdef01234567"},
		{"import", "none"},
	};
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		if (str_is(name, ids[i].name))
			return ids[i].id;
	fail_msg("no object stands for {%.*s}", STR_FMT(name));
	return "";
}

/* The pattern with ids in it, and the query its table asks for. */
static void path_of(const struct route *route, char *out, size_t size)
{
	size_t n = 0;
	uint32_t param = 0;
	for (const char *p = route->pattern; *p; p++) {
		if (*p != '{') {
			out[n++] = *p;
			continue;
		}
		n += (size_t)snprintf(
			out + n, size - n, "%s", id_of(route_param_name(route->pattern, param++)));
		p = strchr(p, '}');
	}
	out[n] = '\0';
	char between = '?';
	for (const struct query_field *f = route->query; f && f->name; f++) {
		if (!f->required)
			continue;
		const char *value = strcmp(f->name, "site") == 0       ? OWN_SITE
				    : strcmp(f->name, "journal") == 0  ? OWN_SITE
				    : strcmp(f->name, "solution") == 0 ? "loaner_brand"
				    : f->type == QUERY_INT	       ? "60"
				    : f->type == QUERY_MONTH	       ? "2031-03"
				    : strcmp(f->name, "from") == 0     ? "2031-03-03"
				    : strcmp(f->name, "until") == 0    ? "2031-03-04"
				    : f->type == QUERY_INSTANT	       ? "2025-03-03"
				    : strcmp(f->name, "plate") == 0    ? "IO-200-UI"
				    : strcmp(f->name, "kind") == 0     ? "customers"
								       : "OU-100";
		n += (size_t)snprintf(out + n, size - n, "%c%s=%s", between, f->name, value);
		between = '&';
	}
	assert_true(n < size);
}

static struct told try_route(const struct route *route, const char *token)
{
	char path[300];
	path_of(route, path, sizeof path);
	bool get = strcmp(route->method, "GET") == 0;
	struct str body = STR_NULL;
	if (route->site == SITE_BODY)
		body = STR("{\"site\":\"" OWN_SITE "\",\"zzz\":1}");
	else if (route->site == SITE_OFFER)
		body = arena_printf(&r.arena, "{\"offer\":\"%s\",\"zzz\":1}", offer);
	else if (route->body)
		body = STR("{\"zzz\":1}");
	/* HEAD: an event stream answers it too, and ends */
	struct ask ask = {.method = get ? "HEAD" : route->method,
		.path = path,
		.token = token,
		.key = route->key ? "cell" : NULL,
		.body = body};
	return relais_ask(&r, &ask);
}

static bool is_of_session(const struct route *route)
{
	static const char start[] = "/v1/session";
	return strncmp(route->pattern, start, sizeof start - 1) == 0;
}

/* For whoever acts for all sites: here nobody does. */
static bool is_of_all_sites(const struct route *route)
{
	static const char imports[] = "/v1/imports";
	return (route->people && !is_of_session(route)) ||
	       strncmp(route->pattern, imports, sizeof imports - 1) == 0;
}

static int expected(const struct route *route, enum role role, bool own_site)
{
	if (!route_allows(route, role) || is_of_all_sites(route))
		return 403;
	if (!own_site && route->site != SITE_NONE)
		return 404;
	/* a plate is found among the cars of one's own sites */
	if (!own_site && strcmp(route->pattern, "/v1/who-had") == 0)
		return 404;
	/* about the session of a person: a token has none */
	if (is_of_session(route))
		return 401;
	/* what somebody made to be signed is shown to nobody else */
	if (strstr(route->pattern, "agreement/{sha256}"))
		return 404;
	if (strcmp(route->method, "GET") == 0)
		return 200;
	return strcmp(route->method, "DELETE") == 0 ? 428 : 422;
}

static void every_cell(void **state)
{
	unsigned cells = 0;
	(void)state;
	struct told before = relais_get(&r, "/v1/resources/" OWN_CAR);
	for (uint32_t i = 0; i < routes_len; i++) {
		const struct route *route = &routes[i];
		for (int role = 0; route->roles && role < ROLE_COUNT; role++)
			for (int is_own = 0; is_own < 2; is_own++, cells++) {
				struct told t = try_route(route, is_own ? own[role] : other[role]);
				int want = expected(route, (enum role)role, is_own);
				if (t.status != want)
					fail_msg("%s %s as %s of %s: %d is not %d: %.*s",
						route->method, route->pattern,
						role_name((enum role)role),
						is_own ? OWN_SITE : OTHER_SITE, t.status, want,
						STR_FMT(t.body));
				arena_reset(&r.arena);
			}
	}
	assert_true(cells > 500);
	struct told after = relais_get(&r, "/v1/resources/" OWN_CAR);
	assert_string_equal(after.seq, before.seq);
}

static void nothing_without_sign_in(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < routes_len; i++) {
		struct told t = try_route(&routes[i], "");
		/* whoever signs in is told what is missing; of that name there is no asset, and no
		 * calendar */
		bool none =
			strstr(routes[i].pattern, "{asset}") || strstr(routes[i].pattern, "{link}");
		int open = routes[i].body ? 422 : none ? 404 : 200;
		assert_int_equal(t.status, routes[i].roles ? 401 : open);
	}
}

/* A resource of another site is not there, whatever site the body says. */
static void no_way_round(void **state)
{
	(void)state;
	struct ask put = {.method = "PUT",
		.path = "/v1/resources/" OWN_CAR,
		.token = other[ROLE_MANAGER],
		.body = STR("{\"site\":\"" OTHER_SITE
			    "\",\"kind\":\"car\",\"solutions\":[\"loaner_brand\"],"
			    "\"class\":\"grecale\",\"label\":\"mine "
			    "now\",\"seats\":1,\"turnaround_minutes\":60,"
			    "\"status\":\"active\"}")};
	struct told t = relais_ask(&r, &put);
	assert_problem(&t, 404, "not-found");
	struct ask list = {.method = "GET", .path = "/v1/sites", .token = other[ROLE_AUDITOR]};
	t = relais_ask(&r, &list);
	assert_status(&t, 200);
	assert_null(strstr(t.body.p, "\"site\":\"" OWN_SITE "\""));
	assert_non_null(strstr(t.body.p, "\"site\":\"" OTHER_SITE "\""));
}

static struct told ask_as(
	const char *token, const char *method, const char *path, const char *key, struct str body)
{
	return relais_ask(&r,
		&(struct ask){
			.method = method, .path = path, .token = token, .key = key, .body = body});
}

/* Which car of another site is shared with ours, and what is booked of it for us, is ours to
 * handle; all else there is not. */
static void a_shared_car_and_nothing_else(void **state)
{
	const char *mine = own[ROLE_ADVISOR], *theirs = other[ROLE_ADVISOR];
	(void)state;
	struct told t = relais_put(&r, "/v1/resources/T2-lent",
		"{\"site\":\"" OTHER_SITE
		"\",\"kind\":\"car\",\"solutions\":[\"loaner_brand\"],\"class\":\"levante\","
		"\"label\":\"Levante (invented)\",\"seats\":1,\"status\":\"active\","
		"\"shared_with\":[{\"site\":\"" OWN_SITE "\",\"transfer_minutes\":60}]}");
	assert_status(&t, 201);
	t = relais_offer(&r, 24, 1);
	struct str text = json_str_at(t.json, "offer");
	struct str body = arena_printf(&r.arena,
		"{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\",\"class\":\"levante\","
		"\"customer\":\"C1\",\"home_site\":\"" OTHER_SITE "\"}",
		STR_FMT(text));
	t = ask_as(theirs, "POST", "/v1/bookings", "theirs", body);
	assert_problem(&t, 404, "not-found"); /* an offer of a site that is not theirs */
	struct told b = ask_as(mine, "POST", "/v1/bookings", "mine", body);
	assert_status(&b, 201);
	assert_str(json_str_at(b.json, "site"), OTHER_SITE);
	assert_str(json_str_at(b.json, "for_site"), OWN_SITE);
	/* both have it, and may change it */
	t = ask_as(theirs, "GET", b.location, NULL, STR_NULL);
	assert_status(&t, 200);
	t = ask_as(mine, "GET", b.location, NULL, STR_NULL);
	assert_status(&t, 200);
	t = ask_as(mine, "GET", "/v1/bookings?site=" OWN_SITE, NULL, STR_NULL);
	assert_non_null(strstr(t.body.p, arena_printf(&r.arena, "\"booking\":\"%.*s\"",
						 STR_FMT(json_str_at(b.json, "booking")))
						 .p));
	t = ask_as(mine, "GET",
		arena_printf(&r.arena, "/v1/visits/%.*s", STR_FMT(json_str_at(b.json, "visit"))).p,
		NULL, STR_NULL);
	assert_status(&t, 200);
	t = ask_as(mine, "POST", arena_printf(&r.arena, "%s/reschedule", b.location).p, "local",
		STR("{\"from\":\"2031-03-25T10:00\",\"until\":\"2031-03-26T16:00\"}"));
	assert_status(&t, 200);
	assert_str(json_str_at(t.json, "from"), "2031-03-25T10:00:00+01:00");
	t = ask_as(mine, "POST", arena_printf(&r.arena, "%s/cancel", b.location).p, "no",
		STR("{\"reason\":\"a taxi will do\"}"));
	assert_status(&t, 200);
	/* nothing else of that site */
	static const char *const hidden[] = {"/v1/resources/T2-lent",
		"/v1/bookings?site=" OTHER_SITE, "/v1/sites/" OTHER_SITE,
		"/v1/tasks?site=" OTHER_SITE, "/v1/contacts?site=" OTHER_SITE,
		"/v1/complaints?site=" OTHER_SITE, "/v1/my-day?site=" OTHER_SITE,
		"/v1/colleagues?site=" OTHER_SITE};
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++) {
		t = ask_as(mine, "GET", hidden[i], NULL, STR_NULL);
		assert_problem(&t, 404, "not-found");
	}
	/* nor the other way round: nobody shares a car of ours with them */
	body = arena_printf(&r.arena,
		"{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\",\"class\":\"grecale\","
		"\"customer\":\"C1\",\"home_site\":\"T9\"}",
		STR_FMT(text));
	t = ask_as(mine, "POST", "/v1/bookings", "nobody", body);
	assert_problem(&t, 404, "not-found");
}

/* Whose promise stands in the way at the other site is not said to us. */
static void no_promise_of_theirs_is_named(void **state)
{
	(void)state;
	struct told t = relais_put(&r, "/v1/resources/T2-lent-too",
		"{\"site\":\"" OTHER_SITE
		"\",\"kind\":\"car\",\"solutions\":[\"loaner_brand\"],\"class\":\"levante\","
		"\"label\":\"Levante (invented)\",\"seats\":1,\"status\":\"active\","
		"\"shared_with\":[{\"site\":\"" OWN_SITE "\",\"transfer_minutes\":60}]}");
	assert_status(&t, 201);
	struct told made[2];
	for (int i = 0; i < 2; i++) {
		t = relais_offer(&r, 27, 0);
		made[i] = relais_post(&r, "/v1/bookings", i ? "second" : "first",
			arena_printf(&r.arena,
				"{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\",\"class\":"
				"\"levante\",\"customer\":\"C1\",\"home_site\":\"" OTHER_SITE
				"\",\"resource\":\"%s\"}",
				STR_FMT(json_str_at(t.json, "offer")),
				i ? "T2-lent-too" : "T2-lent")
				.p);
		assert_status(&made[i], 201);
	}
	const char *path = arena_printf(&r.arena, "%s/move", made[0].location).p;
	struct str body = STR("{\"resource\":\"T2-lent-too\"}");
	t = ask_as(own[ROLE_ADVISOR], "POST", path, "in-the-way", body);
	assert_problem(&t, 409, "promises-broken");
	assert_false(json_present(json_get(t.json, "bookings")));
	assert_false(json_present(json_get(t.json, "plan")));
	t = ask_as(own[ROLE_ADVISOR], "POST",
		arena_printf(&r.arena, "%s/extend", made[0].location).p, "look",
		STR("{\"preview\":true,\"reason\":\"x\",\"until\":\"2031-03-28T12:00\"}"));
	assert_problem(&t, 403, "forbidden");
	t = ask_as(other[ROLE_ADVISOR], "POST", path, "theirs-to-see", body);
	assert_problem(&t, 409, "promises-broken");
	assert_true(json_count(json_get(t.json, "bookings")) == 1);
}

static void id_behind(char out[64], const struct told *t, const char *member)
{
	assert_status(t, 201);
	snprintf(out, 64, "%.*s", STR_FMT(json_str_at(t->json, member)));
	assert_true(out[0] != '\0');
}

static struct told book_day(int day, const char *key, const char *more)
{
	struct told t = relais_offer(&r, day, 0);
	struct str body = arena_printf(&r.arena,
		"{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\",\"customer\":\"C1\"%s}",
		STR_FMT(json_str_at(t.json, "offer")), more);

	return relais_post(&r, "/v1/bookings", key, body.p);
}

/* A car that comes back late makes one, for whoever was promised that very car. */
static void make_task(void)
{
	struct told late = book_day(5, "late", "");
	assert_status(&late, 201);
	struct str more = arena_printf(
		&r.arena, ",\"resource\":\"%.*s\"", STR_FMT(json_str_at(late.json, "resource")));
	struct told t = book_day(6, "next", more.p);
	assert_status(&t, 201);
	t = relais_post(&r, arena_printf(&r.arena, "%s/check-out", late.location).p, "out", "{}");
	assert_status(&t, 200);
	t = relais_post(&r, arena_printf(&r.arena, "%s/late", late.location).p, "late-too",
		"{\"expected_at\":\"2031-03-06T12:00\",\"heard\":\"by phone\"}");
	assert_status(&t, 200);
	t = relais_get(&r, "/v1/tasks?site=" OWN_SITE);
	struct json first = json_first(json_get(t.json, "items"));
	snprintf(task, sizeof task, "%.*s", STR_FMT(json_str_at(first, "task")));
	assert_true(task[0] != '\0');
}

/* A call, and what came of it. */
static void make_said(void)
{
	struct told t = relais_post(&r, "/v1/contacts", "a-call",
		"{\"site\":\"" OWN_SITE "\",\"direction\":\"in\",\"channel\":\"phone\","
		"\"reason\":\"a question\",\"questions\":[\"when\"]}");
	id_behind(contact, &t, "contact");
	t = relais_post(&r, "/v1/complaints", "a-complaint",
		"{\"site\":\"" OWN_SITE "\",\"about\":{\"kind\":\"resource\",\"id\":\"" OWN_CAR
		"\"},\"category\":\"quality\",\"channel\":\"phone\",\"text\":\"a rattle\"}");
	id_behind(complaint, &t, "complaint");
}

/* A line that looks like a PDF, attached to the booking. */
static void make_attachment(void)
{
	struct str bytes = STR("%PDF-1.4 (invented)");
	struct hash hash = hash_of(bytes);
	char hex[HASH_TEXT];
	struct ask part = {.method = "PUT",
		.path = arena_printf(&r.arena, "/v1/uploads/%.*s", STR_FMT(hash_print(&hash, hex)))
				.p,
		.type = "application/octet-stream",
		.body = bytes};
	struct told t = relais_ask(&r, &part);

	assert_status(&t, 204);
	t = relais_post(&r, arena_printf(&r.arena, "/v1/bookings/%s/attachments", booking).p,
		"attach", arena_printf(&r.arena, "{\"kind\":\"scan\",\"parts\":[\"%s\"]}", hex).p);
	id_behind(attachment, &t, "attachment");
}

/* One car is booked and the other is out: whoever wants a third has to wait. */
static void make_waiting(void)
{
	struct str body = arena_printf(&r.arena,
		"{\"offer\":\"%s\",\"solution\":\"loaner_brand\",\"customer\":\"C1\"}", offer);
	struct told t = relais_post(&r, "/v1/waiting", "a-waiting", body.p);
	assert_status(&t, 201);
	id_behind(waiting, &t, "waiting");
}

/* A recall is at the maker's expense whatever cover there is. */
static void make_claim(void)
{
	struct told t = relais_post(&r, "/v1/offers", NULL,
		"{\"site\":\"" OWN_SITE "\",\"vin\":\"" OWN_VIN
		"\",\"campaign_open\":true,\"jobs\":[{\"type\":\"recall\","
		"\"immobilisation_minutes\":300}],\"drop_off_at\":\"2031-03-10T09:00\","
		"\"ready_at\":\"2031-03-10T17:00\",\"driver\":{\"birth_on\":\"1980-04-12\","
		"\"licence_on\":\"1999-06-01\"}}");
	assert_status(&t, 200);
	t = relais_post(&r, "/v1/bookings", "recalled",
		arena_printf(&r.arena,
			"{\"offer\":\"%.*s\",\"solution\":\"taxi\",\"customer\":\"C1\"}",
			STR_FMT(json_str_at(t.json, "offer")))
			.p);
	assert_status(&t, 201);
	const char *path = arena_printf(&r.arena, "%s", t.location).p;
	t = relais_post(&r, arena_printf(&r.arena, "%s/check-out", path).p, "recalled-out", "{}");
	assert_status(&t, 200);
	t = relais_post(&r, arena_printf(&r.arena, "%s/claims", path).p, "a-claim",
		"{\"programme\":\"SAFE-ACTION\"}");
	id_behind(claim, &t, "claim");
}

static int setup(void **state)
{
	(void)state;
	relais_start(&r, false);
	relais_furnish(&r);
	for (int role = 0; role < ROLE_COUNT; role++) {
		relais_token(&r, own[role], "own", role_name((enum role)role), OWN_SITE);
		relais_token(&r, other[role], "other", role_name((enum role)role), OTHER_SITE);
	}
	struct told t = relais_offer(&r, 3, 1);
	assert_status(&t, 200);
	snprintf(offer, sizeof offer, "%.*s", STR_FMT(json_str_at(t.json, "offer")));
	struct str body = arena_printf(&r.arena,
		"{\"offer\":\"%s\",\"solution\":\"loaner_brand\",\"customer\":\"C1\"}", offer);
	t = relais_post(&r, "/v1/bookings", "a-booking", body.p);
	id_behind(booking, &t, "booking");
	make_attachment();
	id_behind(visit, &t, "visit");
	t = relais_put(&r, arena_printf(&r.arena, "/v1/visits/%s/repair-order", visit).p,
		"{\"number\":\"RO-1\",\"opened_at\":\"2031-03-03T08:00\"}");
	assert_status(&t, 201);
	t = relais_post(&r, "/v1/resources/" OWN_CAR "/blocks", "a-block",
		"{\"from\":\"2031-04-01T08:00\",\"until\":\"2031-04-02T08:00\",\"reason\":"
		"\"workshop\"}");
	id_behind(block, &t, "block");
	make_said();
	make_task();
	make_waiting();
	make_claim();
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
		cmocka_unit_test(every_cell),
		cmocka_unit_test(nothing_without_sign_in),
		cmocka_unit_test(no_way_round),
		cmocka_unit_test(a_shared_car_and_nothing_else),
		cmocka_unit_test(no_promise_of_theirs_is_named),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
