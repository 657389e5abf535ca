/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * People at the door of the real program: the cookie and what it takes to use it, guessing and its
 * limits, every way in which a session ends, and that whatever it held open ends with it.
 */

#include <poll.h>
#include <time.h>

#include "fleet/session.h"
#include "server/api.h"
#include "tests/http/person.h"

enum { FLOOD = HASHES_RUNNING_MAX + HASHES_WAITING_MAX + 12 };

static struct relais r;

static struct told get(const struct person *p, const char *path)
{
	return ASK(&r, .method = "GET", .path = path, .person = p);
}

static struct person sign_in(const char *login)
{
	struct person p;
	struct told t = person_sign_in(&r, &p, login, PASSWORD);
	assert_status(&t, 200);
	return p;
}

/* ---- the cookie ---- */

static void in_and_out(void **state)
{
	char cookie[COOKIE_TEXT * 2];
	struct person p;
	(void)state;
	struct told t = person_sign_in(&r, &p, "ANNA", PASSWORD);
	assert_status(&t, 200);
	assert_str(json_str_at(t.json, "name"), "anna");
	assert_str(json_str_at(t.json, "role"), "advisor");
	assert_int_equal(json_count(json_get(t.json, "sites")), 1);
	assert_true(json_str_at(t.json, "expires_at").n > 0);
	struct told again = get(&p, "/v1/session");
	assert_status(&again, 200);
	assert_true(str_eq(t.body, again.body));
	t = get(&p, "/v1/sites/" OWN_SITE);
	assert_status(&t, 200);
	t = get(&p, "/v1/sites/" OTHER_SITE);
	assert_problem(&t, 404, "not-found");
	t = ASK(&r, .method = "DELETE", .path = "/v1/session", .person = &p, .set_cookie = cookie);
	assert_status(&t, 204);
	assert_non_null(strstr(cookie, AUTH_COOKIE "=; Path=/; Max-Age=0;"));
	t = get(&p, "/v1/session");
	assert_problem(&t, 401, "sign-in");
	t = get(NULL, "/v1/session");
	assert_problem(&t, 401, "sign-in");
	t = relais_get(&r, "/v1/session"); /* a token is no session */
	assert_problem(&t, 401, "sign-in");
}

static void the_cookie_is_the_browsers_alone(void **state)
{
	char cookie[COOKIE_TEXT * 2];
	(void)state;
	struct told t = ASK(&r, .method = "POST", .path = "/v1/session",
		.body = STR("{\"name\":\"anna\",\"password\":\"" PASSWORD "\"}"),
		.set_cookie = cookie);
	assert_status(&t, 200);
	assert_int_equal(strncmp(cookie, AUTH_COOKIE "=", strlen(AUTH_COOKIE) + 1), 0);
	assert_int_equal(strcspn(cookie, ";"), strlen(AUTH_COOKIE) + 1 + SESSION_LEN);
	static const char *const needs[] = {
		"; Path=/;", "; Secure;", "; HttpOnly;", "; SameSite=Strict"};
	for (size_t i = 0; i < ARRAY_LEN(needs); i++)
		assert_non_null(strstr(cookie, needs[i]));
	assert_null(strstr(cookie, "Domain"));
}

/* Whoever is refused may still try: nothing was changed by any of them. */
static void a_change_must_come_from_our_page(void **state)
{
	struct person p = sign_in("manager"), other = sign_in("anna");
	const struct {
		const char *csrf, *site, *origin;
		bool good;
	} rows[] = {
		{"", NULL, NULL, false},
		{"", "same-origin", "", false},
		{"no", "same-origin", "", false},
		{other.csrf, "same-origin", "", false},
		{NULL, "cross-site", "", false},
		{NULL, "same-site", "", false},
		{NULL, "same-origin", "null", false},
		{NULL, "same-origin", "http://example.org", false},
		{NULL, "same-origin", OWN_ORIGIN ":1", false},
		{NULL, "same-origin", "", true},
		{NULL, "none", NULL, true},
		{NULL, NULL, NULL, true},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct told t = ASK(&r, .method = "POST", .path = "/v1/resources/" OWN_CAR "/ready",
			.person = &p, .key = "ready", .csrf = rows[i].csrf, .site = rows[i].site,
			.origin = rows[i].origin, .body = STR("{\"zzz\":1}"));
		if (rows[i].good)
			assert_problem(&t, 422, "invalid");
		else
			assert_problem(&t, 403, "csrf");
	}
	/* nobody is signed in by somebody else's page */
	struct told t = ASK(&r, .method = "POST", .path = "/v1/session", .site = "cross-site",
		.body = STR("{\"name\":\"anna\",\"password\":\"" PASSWORD "\"}"));
	assert_problem(&t, 403, "csrf");
	t = ASK(&r, .method = "POST", .path = "/v1/session", .origin = "https://example.org",
		.body = STR("{\"name\":\"anna\",\"password\":\"" PASSWORD "\"}"));
	assert_problem(&t, 403, "csrf");
	/* reading needs nothing */
	t = ASK(&r, .method = "GET", .path = "/v1/sites", .person = &p, .csrf = "");
	assert_status(&t, 200);
}

/* ---- guessing ---- */

/* In all but the request's own id. */
static void assert_says_the_same(const struct told *a, const struct told *b)
{
	assert_int_equal(json_count(a->json), json_count(b->json));
	for (struct json v = json_first_value(a->json); json_present(v);
		v = json_next_value(a->json, v))
		if (!str_is(json_key(v), "instance"))
			assert_true(
				str_eq(json_raw(v), json_raw(json_get_str(b->json, json_key(v)))));
}

static void a_wrong_name_is_a_wrong_password(void **state)
{
	struct person p;
	(void)state;
	struct told wrong = person_sign_in(&r, &p, "anna", "wrong password");
	struct told nobody = person_sign_in(&r, &p, "nobody", PASSWORD);
	struct told disabled = person_sign_in(&r, &p, "disabled", PASSWORD);
	assert_problem(&wrong, 401, "sign-in");
	assert_says_the_same(&wrong, &nobody);
	assert_says_the_same(&wrong, &disabled);
}

static bool metric_is(const char *name, int value)
{
	struct told t = relais_get(&r, "/metrics");
	return strstr(t.body.p, arena_printf(&r.arena, "\n%s %d\n", name, value).p) != NULL;
}

static void guessing_ends(void **state)
{
	char retry[16];
	struct person p;
	(void)state;
	for (int i = 0; i < GUESSES_PER_NAME_MAX; i++) {
		struct told t = person_sign_in(&r, &p, "guessed", "wrong password");
		assert_problem(&t, 401, "sign-in");
	}
	assert_true(metric_is("relais_guesses_refused_name_total", 0));
	struct told t = ASK(&r, .method = "POST", .path = "/v1/session", .retry = retry,
		.body = STR("{\"name\":\"Guessed\",\"password\":\"" PASSWORD "\"}"));
	assert_problem(&t, 429, "too-many");
	assert_in_range(strtol(retry, NULL, 10), 60, GUESS_WINDOW_MS / 1000);
	assert_true(metric_is("relais_guesses_refused_name_total", 1));
	/* nobody else is kept out */
	p = sign_in("anna");
}

/* More than wait are refused at once, and the loop goes on answering. */
static void a_flood_of_passwords_is_bounded(void **state)
{
	static const char body[] = "{\"name\":\"f%02d\",\"password\":\"" PASSWORD "\"}";
	struct client *clients[FLOOD];
	unsigned busy = 0, wrong = 0;
	char text[400];
	(void)state;
	for (int i = 0; i < FLOOD; i++) {
		clients[i] = client_open(r.port);
		assert_non_null(clients[i]);
		snprintf(text, sizeof text,
			"POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json"
			"\r\nContent-Length: %zu\r\n\r\n",
			sizeof body - 1 - 2);
		size_t n = strlen(text);
		snprintf(text + n, sizeof text - n, body, i);
		assert_true(client_send_text(clients[i], text));
	}
	struct told t = relais_get(&r, "/livez");
	assert_status(&t, 200);
	struct pollfd last = {.fd = client_fd(clients[HASHES_WAITING_MAX]), .events = POLLIN};
	assert_int_equal(poll(&last, 1, 0), 0); /* not its turn yet */
	for (int i = 0; i < FLOOD; i++) {
		struct response got = client_read(clients[i], false, 60000);
		busy += got.status == 503;
		wrong += got.status == 401;
		response_free(&got);
		client_close(clients[i]);
	}
	assert_int_equal(wrong, HASHES_RUNNING_MAX + HASHES_WAITING_MAX);
	assert_int_equal(busy, FLOOD - wrong);
}

/* ---- the ends of a session ---- */

static void out_everywhere(void **state)
{
	(void)state;
	struct person one = sign_in("anna"), two = sign_in("anna"), other = sign_in("manager");
	struct told t = ASK(&r, .method = "DELETE", .path = "/v1/sessions", .person = &one);
	assert_status(&t, 204);
	t = get(&one, "/v1/session");
	assert_problem(&t, 401, "sign-in");
	t = get(&two, "/v1/session");
	assert_problem(&t, 401, "sign-in");
	t = get(&other, "/v1/session");
	assert_status(&t, 200);
}

static void another_password(void **state)
{
	(void)state;
	assert_int_equal(person_add(&r, "changing", PASSWORD, "auditor", NULL), 0);
	struct person one = sign_in("changing"), two = sign_in("changing"), p;
	struct told t = ASK(&r, .method = "POST", .path = "/v1/session/password", .person = &one,
		.body = STR("{\"old\":\"wrong\",\"new\":\"battery staple\"}"));
	assert_problem(&t, 422, "invalid");
	assert_true(has_pointer(&t, "/old"));
	t = ASK(&r, .method = "POST", .path = "/v1/session/password", .person = &one,
		.body = STR("{\"old\":\"" PASSWORD "\",\"new\":\"short\"}"));
	assert_problem(&t, 422, "invalid");
	assert_true(has_pointer(&t, "/new"));
	t = ASK(&r, .method = "POST", .path = "/v1/session/password", .person = &one,
		.body = STR("{\"old\":\"" PASSWORD "\",\"new\":\"battery staple\"}"));
	assert_status(&t, 204);
	t = get(&one, "/v1/session");
	assert_status(&t, 200);
	t = get(&two, "/v1/session");
	assert_problem(&t, 401, "sign-in");
	t = person_sign_in(&r, &p, "changing", PASSWORD);
	assert_problem(&t, 401, "sign-in");
	t = person_sign_in(&r, &p, "changing", "battery staple");
	assert_status(&t, 200);
}

static int64_t now_ms(void)
{
	struct timespec t;
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct client *listen_as(const struct person *p)
{
	char text[600];
	struct client *c = client_open(r.port);
	assert_non_null(c);
	snprintf(text, sizeof text,
		"GET /v1/events?site=" OWN_SITE " HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n",
		p->cookie);
	assert_true(client_send_text(c, text));
	assert_true(client_wait_text(c, "retry:", 20000));
	return c;
}

static void check_ends_within_a_second(struct client *c, int64_t from_ms)
{
	/* the closing chunk of the stream */
	assert_true(client_wait_text(c, "\r\n0\r\n\r\n", 20000));
	assert_true(now_ms() - from_ms < 1000);
	client_close(c);
}

static void what_it_held_open_ends_with_it(void **state)
{
	(void)state;
	struct person p = sign_in("anna"), stays = sign_in("anna");
	struct client *c = listen_as(&p), *other = listen_as(&stays);
	struct told t = ASK(&r, .method = "DELETE", .path = "/v1/session", .person = &p);
	assert_status(&t, 204);
	check_ends_within_a_second(c, now_ms());
	/* the other session hears on */
	t = relais_post(&r, "/v1/resources/" OWN_CAR "/ready", "heard", "{}");
	assert_status(&t, 200);
	assert_true(client_wait_text(other, "event: entry", 20000));
	client_close(other);
}

static void people_change(const char *login, void (*change)(struct user *u))
{
	struct people *people = NULL;
	struct still_env env = still_env_at(0);
	struct user u;
	char why[200];
	assert_int_equal(people_open(&people, r.scratch.dir, &env.env, false, why, sizeof why), OK);
	assert_true(user_find(people, str_from(login), &u));
	change(&u);
	assert_int_equal(user_change(people, &u, false), OK);
	people_close(people);
}

static void disable(struct user *u)
{
	u->disabled = true;
}

static void take_site(struct user *u)
{
	u->actor.sites_len = 0;
	assert_true(actor_add_site(&u->actor, STR(OTHER_SITE)));
}

/* By whatever hand, beside the server: another server of the installation, say. */
static void a_right_withdrawn_works_within_a_second(void **state)
{
	(void)state;
	assert_int_equal(person_add(&r, "leaves", PASSWORD, "advisor", OWN_SITE), 0);
	assert_int_equal(person_add(&r, "moves", PASSWORD, "advisor", OWN_SITE), 0);
	struct person leaves = sign_in("leaves"), moves = sign_in("moves");
	struct client *one = listen_as(&leaves), *two = listen_as(&moves);
	int64_t from_ms = now_ms();
	people_change("leaves", disable);
	people_change("moves", take_site);
	check_ends_within_a_second(one, from_ms);
	check_ends_within_a_second(two, from_ms);
	struct told t = get(&leaves, "/v1/sites");
	assert_problem(&t, 401, "sign-in");
	t = get(&moves, "/v1/sites/" OWN_SITE);
	assert_problem(&t, 404, "not-found");
	t = get(&moves, "/v1/sites/" OTHER_SITE);
	assert_status(&t, 200);
}

/* ---- the command line ---- */

static void users_are_made_beside_the_server(void **state)
{
	(void)state;
	assert_int_equal(person_add(&r, "anna", PASSWORD, "auditor", NULL), 73);
	assert_int_equal(person_add(&r, "Anna", PASSWORD, "auditor", NULL), 73);
	assert_int_equal(person_add(&r, "short", "1234567\n", "auditor", NULL), 65);
	assert_int_equal(person_add(&r, "empty", "", "auditor", NULL), 65);
	assert_int_equal(person_add(&r, "two", "one line\nand another", "auditor", NULL), 65);
	assert_int_equal(person_add(&r, "no name", PASSWORD, "auditor", NULL), 64);
	assert_int_equal(person_add(&r, "berta", PASSWORD, "boss", NULL), 64);
	assert_int_equal(person_add(&r, "berta", PASSWORD "\r\n", "auditor", NULL), 0);
	sign_in("berta");
}

static int setup(void **state)
{
	(void)state;
	relais_start(&r, false);
	relais_furnish(&r);
	assert_int_equal(person_add(&r, "anna", PASSWORD "\n", "advisor", OWN_SITE), 0);
	assert_int_equal(person_add(&r, "manager", PASSWORD, "manager", NULL), 0);
	assert_int_equal(person_add(&r, "guessed", PASSWORD, "advisor", NULL), 0);
	assert_int_equal(person_add(&r, "disabled", PASSWORD, "advisor", NULL), 0);
	people_change("disabled", disable);
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
		cmocka_unit_test(in_and_out),
		cmocka_unit_test(the_cookie_is_the_browsers_alone),
		cmocka_unit_test(a_change_must_come_from_our_page),
		cmocka_unit_test(a_wrong_name_is_a_wrong_password),
		cmocka_unit_test(guessing_ends),
		cmocka_unit_test(a_flood_of_passwords_is_bounded),
		cmocka_unit_test(out_everywhere),
		cmocka_unit_test(another_password),
		cmocka_unit_test(what_it_held_open_ends_with_it),
		cmocka_unit_test(a_right_withdrawn_works_within_a_second),
		cmocka_unit_test(users_are_made_beside_the_server),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
