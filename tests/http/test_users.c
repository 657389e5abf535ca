/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* An administrator at the real program: makes users and tokens, changes and withdraws them, and
 * what was withdrawn is over at once. */

#include "fleet/session.h"
#include "tests/http/person.h"

static struct relais r;
static struct person admin;

static struct told ask(const char *method, const char *path, const char *if_match, const char *body)
{
	return ASK(&r, .method = method, .path = path, .person = &admin, .if_match = if_match,
		.key = strcmp(method, "POST") == 0 ? "a-key" : NULL, .body = str_from(body));
}

static struct told make(const char *login, const char *role, const char *site)
{
	struct told t = ask("PUT", arena_printf(&r.arena, "/v1/users/%s", login).p, NULL,
		arena_printf(&r.arena,
			"{\"role\":\"%s\",\"sites\":[%s],\"password\":\"" PASSWORD "\"}", role,
			site)
			.p);
	assert_status(&t, 201);
	return t;
}

static struct person sign_in(const char *login, const char *password)
{
	struct person p;
	struct told t = person_sign_in(&r, &p, login, password);
	assert_status(&t, 200);
	return p;
}

static struct told get(const struct person *p, const char *path)
{
	return ASK(&r, .method = "GET", .path = path, .person = p);
}

/* What was changed by this server counts with the very next request. */
static void rights_change_at_once(void **state)
{
	(void)state;
	make("rita", "advisor", "\"" OWN_SITE "\"");
	struct person p = sign_in("rita", PASSWORD);
	struct told t = get(&p, "/v1/sites/" OWN_SITE);
	assert_status(&t, 200);
	t = ask("PUT", "/v1/users/RITA", "*",
		"{\"role\":\"auditor\",\"sites\":[\"" OTHER_SITE "\"]}");
	assert_status(&t, 200);
	assert_str(json_str_at(t.json, "name"), "rita");
	t = get(&p, "/v1/sites/" OWN_SITE);
	assert_problem(&t, 404, "not-found");
	t = get(&p, "/v1/audit/journal?site=" OTHER_SITE);
	assert_status(&t, 200);
	/* the password is as it was */
	sign_in("rita", PASSWORD);
	t = ask("PUT", "/v1/users/rita", "*", "{\"role\":\"auditor\",\"disabled\":true}");
	assert_status(&t, 200);
	t = get(&p, "/v1/session");
	assert_problem(&t, 401, "sign-in");
	t = person_sign_in(&r, &p, "rita", PASSWORD);
	assert_problem(&t, 401, "sign-in");
}

static void another_password_by_the_administrator(void **state)
{
	(void)state;
	make("paul", "advisor", "");
	struct person p = sign_in("paul", PASSWORD);
	struct told t = ask("PUT", "/v1/users/paul", "*",
		"{\"role\":\"advisor\",\"password\":\"battery staple\"}");
	assert_status(&t, 200);
	t = get(&p, "/v1/session");
	assert_problem(&t, 401, "sign-in");
	sign_in("paul", "battery staple");
	/* nothing of it is shown to anybody */
	t = ask("GET", "/v1/users/paul", NULL, NULL);
	assert_status(&t, 200);
	assert_null(strstr(t.body.p, "password"));
	assert_null(strstr(t.body.p, "salt"));
}

/* Rights for some sites give none over users, nor over tokens: they would give all the others. */
static void an_administrator_of_one_site_makes_nobody(void **state)
{
	static const struct {
		const char *method, *path, *body;
	} rows[] = {
		{"GET", "/v1/users", NULL},
		{"GET", "/v1/users/local", NULL},
		{"PUT", "/v1/users/local", "{\"role\":\"admin\"}"},
		{"DELETE", "/v1/users/admin", NULL},
		{"GET", "/v1/tokens", NULL},
		{"POST", "/v1/tokens", "{\"name\":\"a\",\"role\":\"admin\"}"},
	};
	(void)state;
	make("local", "admin", "\"" OWN_SITE "\"");
	struct person p = sign_in("local", PASSWORD);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct told t = ASK(&r, .method = rows[i].method, .path = rows[i].path,
			.person = &p, .key = "k", .if_match = "*", .body = str_from(rows[i].body));
		assert_problem(&t, 403, "forbidden");
	}
}

static void a_token_is_told_once_and_withdrawn_at_once(void **state)
{
	static const char body[] = "{\"name\":\"the DMS\",\"role\":\"auditor\"}";
	(void)state;
	struct told made = ask("POST", "/v1/tokens", NULL, body);
	assert_status(&made, 201);
	assert_false(made.replayed);
	/* the answer was lost: the same request gets the same token */
	struct told again = ask("POST", "/v1/tokens", NULL, body);
	assert_status(&again, 201);
	assert_true(again.replayed);
	struct str text = json_str_at(made.json, "token");
	assert_true(str_eq(text, json_str_at(again.json, "token")));
	struct told t = ask("POST", "/v1/tokens", NULL, "{\"name\":\"b\",\"role\":\"auditor\"}");
	assert_problem(&t, 422, "key-reused");
	t = ASK(&r, .method = "POST", .path = "/v1/tokens", .person = &admin,
		.body = str_from(body));
	assert_problem(&t, 400, "idempotency-key");
	struct ask with = {.method = "GET",
		.path = "/v1/sites",
		.token = arena_printf(&r.arena, "%.*s", STR_FMT(text)).p};
	t = relais_ask(&r, &with);
	assert_status(&t, 200);
	t = ask("GET", made.location, NULL, NULL);
	assert_status(&t, 200);
	assert_false(json_present(json_get(t.json, "token")));
	t = ask("DELETE", made.location, t.etag, NULL);
	assert_status(&t, 204);
	t = relais_ask(&r, &with);
	assert_problem(&t, 401, "sign-in");
}

static void somebody_administers_always(void **state)
{
	(void)state;
	struct told t = ask("DELETE", "/v1/users/admin", "*", NULL);
	assert_problem(&t, 409, "last-admin");
	t = ask("PUT", "/v1/users/admin", "*", "{\"role\":\"auditor\"}");
	assert_problem(&t, 409, "last-admin");
	t = get(&admin, "/v1/session");
	assert_status(&t, 200);
}

/* ---- the first ---- */

static char first_link[200];

/* The program's start, and what it tells the operator. */
static void start_and_listen(void (*start)(struct relais *r, bool demo), char told[2000])
{
	FILE *f = tmpfile();
	assert_non_null(f);
	fflush(stderr);
	int own = dup(STDERR_FILENO);
	assert_true(dup2(fileno(f), STDERR_FILENO) >= 0);
	start(&r, false);
	dup2(own, STDERR_FILENO);
	close(own);
	rewind(f);
	told[fread(told, 1, 1999, f)] = '\0';
	fclose(f);
}

static struct told first(const char *login)
{
	return ASK(&r, .method = "POST", .path = "/v1/session/first",
		.body = arena_printf(&r.arena,
			"{\"token\":\"%s\",\"name\":\"%s\",\"password\":\"" PASSWORD "\"}",
			first_link, login));
}

/* The link works once, for the one who shall administer; then no start prints another. */
static void the_first_start_prints_a_link(void **state)
{
	char told[2000];
	(void)state;
	assert_int_equal(strlen(first_link), 43);
	struct told t = first("");
	assert_problem(&t, 422, "invalid");
	t = first("admin");
	assert_status(&t, 200);
	assert_str(json_str_at(t.json, "role"), "admin");
	t = first("another");
	assert_problem(&t, 401, "sign-in");
	admin = sign_in("admin", PASSWORD);
	relais_stop(&r);
	start_and_listen(relais_restart, told);
	assert_null(strstr(told, "/#/first/"));
	t = get(&admin, "/v1/session"); /* signed in over a restart */
	assert_status(&t, 200);
}

static int setup(void **state)
{
	char told[2000];
	char where[64];
	(void)state;
	start_and_listen(relais_start, told);
	snprintf(where, sizeof where, "http://127.0.0.1:%d/#/first/", r.port);
	const char *link = strstr(told, where);
	assert_non_null(link);
	link += strlen(where);
	snprintf(first_link, sizeof first_link, "%.*s", (int)strcspn(link, "\n"), link);
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
		cmocka_unit_test(the_first_start_prints_a_link),
		cmocka_unit_test(rights_change_at_once),
		cmocka_unit_test(another_password_by_the_administrator),
		cmocka_unit_test(an_administrator_of_one_site_makes_nobody),
		cmocka_unit_test(a_token_is_told_once_and_withdrawn_at_once),
		cmocka_unit_test(somebody_administers_always),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
