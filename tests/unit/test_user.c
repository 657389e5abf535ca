/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* People who sign in: passwords as they are kept, users, sessions and their ends, the first one. */

#include "fleet/session.h"
#include "tests/lib/scratch.h"

enum { BEGIN_S = 1772440200 };

struct world {
	struct scratch scratch;
	struct still_env env;
	struct people *people;
	struct arena arena;
};

static int make(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	char why[256];

	assert_non_null(w);
	scratch_make(&w->scratch);
	w->env = still_env_at(BEGIN_S);
	arena_init(&w->arena, ARENA_MAX_DEFAULT);
	assert_int_equal(
		people_open(&w->people, w->scratch.dir, &w->env.env, true, why, sizeof(why)), OK);
	*state = w;
	return 0;
}

static int drop(void **state)
{
	struct world *w = *state;

	people_close(w->people);
	arena_deinit(&w->arena);
	scratch_remove(&w->scratch);
	free(w);
	return 0;
}

/* Without a hash: these tests are about rows. */
static struct user add(struct world *w, const char *login, enum role role)
{
	struct user u = {.actor = {.role = role},
		.password = {.log2_n = PASSWORD_LOG2_N, .r = PASSWORD_R, .p = PASSWORD_P}};

	assert_true(actor_set_name(&u.actor, str_from(login)));
	assert_int_equal(user_add(w->people, &u), OK);
	return u;
}

static struct str open_session(struct world *w, const char *login)
{
	struct user u;
	struct str text;

	assert_true(user_find(w->people, str_from(login), &u));
	assert_int_equal(session_open(w->people, &w->arena, &u, &text), OK);
	assert_int_equal(text.n, SESSION_LEN);
	return text;
}

static void pass(struct world *w, int64_t seconds)
{
	w->env.now.s += seconds;
}

static bool lives(struct world *w, struct str text)
{
	struct session s;

	return session_find(w->people, text, &s);
}

/* ---- passwords ---- */

static void a_password_is_only_itself(void **state)
{
	struct password p, other;
	struct world *w = *state;

	assert_int_equal(password_make(&p, &w->env.env, STR("correct horse")), OK);
	assert_int_equal(p.log2_n, 15);
	assert_int_equal(p.r, 8);
	assert_int_equal(p.p, 3);
	assert_int_equal(password_check(&p, STR("correct horse")), OK);
	assert_int_equal(password_check(&p, STR("correct horse ")), REFUSED_SIGN_IN);
	assert_int_equal(password_check(&p, STR("")), REFUSED_SIGN_IN);
	assert_int_equal(password_check(NULL, STR("correct horse")), REFUSED_SIGN_IN);
	assert_int_equal(password_make(&other, &w->env.env, STR("correct horse")), OK);
	assert_memory_not_equal(other.salt, p.salt, sizeof(p.salt));
	assert_memory_not_equal(other.hash, p.hash, sizeof(p.hash));
	/* the row's parameters count, not the program's */
	p.p = 1;
	assert_int_equal(password_check(&p, STR("correct horse")), REFUSED_SIGN_IN);
}

static void what_may_be_a_password(void **state)
{
	char longest[PASSWORD_BYTES_MAX + 1];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	assert_true(password_is_good(STR("12345678")));
	assert_true(password_is_good(STR("\xc3\xa9l\xc3\xa9phant")));
	assert_true(password_is_good((struct str){longest, PASSWORD_BYTES_MAX}));
	assert_false(password_is_good((struct str){longest, PASSWORD_BYTES_MAX + 1}));
	assert_false(password_is_good(STR("1234567")));
	assert_false(password_is_good(STR("with\na line")));
	assert_false(password_is_good(STR("not utf8 \xff\xff")));
	assert_false(password_is_good(STR("with\0a nul")));
}

/* ---- users ---- */

static void a_login_ignores_case(void **state)
{
	struct world *w = *state;
	struct user u = add(w, "Anna.Rossi", ROLE_ADVISOR), found;

	assert_int_equal(u.rev, 1);
	assert_int_equal(strlen(u.id), ULID_LEN);
	assert_true(user_find(w->people, STR("anna.ROSSI"), &found));
	assert_string_equal(found.actor.name, "Anna.Rossi");
	assert_string_equal(found.id, u.id);
	assert_int_equal(found.created.s, BEGIN_S);
	assert_false(user_find(w->people, STR("anna"), &found));
	assert_false(user_find(w->people, STR(""), &found));
	assert_true(actor_set_name(&u.actor, STR("ANNA.rossi")));
	assert_int_equal(user_add(w->people, &u), REFUSED_TAKEN);
	assert_int_equal(user_list(w->people, &found, 1), 1);
}

static void a_change_needs_what_was_read(void **state)
{
	struct world *w = *state;
	struct user u = add(w, "anna", ROLE_ADVISOR), old = u, found;

	u.actor.role = ROLE_MANAGER;
	assert_true(actor_add_site(&u.actor, STR("LYO")));
	assert_int_equal(user_change(w->people, &u, false), OK);
	assert_true(user_find(w->people, STR("anna"), &found));
	assert_int_equal(found.actor.role, ROLE_MANAGER);
	assert_int_equal(found.rev, 2);
	assert_true(actor_has_site(&found.actor, STR("LYO")));
	assert_false(actor_has_site(&found.actor, STR("TRN")));
	assert_int_equal(user_change(w->people, &old, false), REFUSED_STALE);
	assert_int_equal(user_remove(w->people, STR("anna"), 1), REFUSED_STALE);
	assert_int_equal(user_remove(w->people, STR("Anna"), 2), OK);
	assert_int_equal(user_remove(w->people, STR("anna"), 2), REFUSED_NOT_FOUND);
	/* somebody else of that name is somebody else */
	found = add(w, "anna", ROLE_ADVISOR);
	u.rev = found.rev;
	assert_int_equal(user_change(w->people, &u, false), REFUSED_NOT_FOUND);
}

static void somebody_keeps_the_keys(void **state)
{
	struct world *w = *state;
	struct user one = add(w, "one", ROLE_ADMIN), two;

	assert_true(user_admin_exists(w->people));
	one.disabled = true;
	assert_int_equal(user_change(w->people, &one, false), REFUSED_LAST_ADMIN);
	one.disabled = false;
	assert_true(actor_add_site(&one.actor, STR("LYO")));
	assert_int_equal(user_change(w->people, &one, false), REFUSED_LAST_ADMIN);
	assert_int_equal(user_remove(w->people, STR("one"), 0), REFUSED_LAST_ADMIN);
	two = add(w, "two", ROLE_ADMIN);
	assert_int_equal(user_remove(w->people, STR("one"), 0), OK);
	two.actor.role = ROLE_AUDITOR;
	assert_int_equal(user_change(w->people, &two, false), REFUSED_LAST_ADMIN);
}

static void as_many_as_there_may_be(void **state)
{
	struct world *w = *state;
	struct user u = {.disabled = false};
	char login[16];

	for (int i = 0; i < USERS_MAX; i++) {
		snprintf(login, sizeof(login), "u%d", i);
		add(w, login, ROLE_ADVISOR);
	}
	assert_true(actor_set_name(&u.actor, STR("more")));
	assert_int_equal(user_add(w->people, &u), REFUSED_LIMIT);
}

/* ---- sessions ---- */

static void a_session_is_its_users(void **state)
{
	struct world *w = *state;
	struct session s;
	struct user u;
	char altered[SESSION_LEN];

	add(w, "anna", ROLE_ADVISOR);
	add(w, "berta", ROLE_AUDITOR);
	struct str a = open_session(w, "anna"), b = open_session(w, "berta");
	assert_true(session_find(w->people, a, &s));
	assert_string_equal(s.user.actor.name, "anna");
	assert_true(session_find(w->people, b, &s));
	assert_string_equal(s.user.actor.name, "berta");
	/* nobody's chance opens somebody else's session */
	memcpy(altered, a.p, ULID_LEN);
	memcpy(altered + ULID_LEN, b.p + ULID_LEN, SESSION_LEN - ULID_LEN);
	assert_false(lives(w, (struct str){altered, SESSION_LEN}));
	for (size_t i = 0; i < SESSION_LEN; i++) {
		memcpy(altered, a.p, SESSION_LEN);
		altered[i] = altered[i] == 'a' ? 'b' : 'a';
		assert_false(lives(w, (struct str){altered, SESSION_LEN}));
		assert_false(lives(w, (struct str){a.p, i}));
	}
	assert_true(user_find(w->people, STR("anna"), &u));
	assert_int_equal(u.seen.s, BEGIN_S);
}

static void it_ends_when_idle_and_when_old(void **state)
{
	struct world *w = *state;

	add(w, "anna", ROLE_ADVISOR);
	struct str idle = open_session(w, "anna"), busy = open_session(w, "anna");
	struct session s;
	assert_true(session_find(w->people, idle, &s));
	assert_int_equal(session_until(&s).s, BEGIN_S + SESSION_IDLE_S);
	pass(w, SESSION_IDLE_S - 1);
	assert_true(lives(w, idle));
	assert_int_equal(session_seen(w->people, busy), OK);
	pass(w, 1);
	assert_false(lives(w, idle));
	assert_true(lives(w, busy));
	/* whoever was too late is not let in again by being late */
	assert_int_equal(session_seen(w->people, idle), OK);
	assert_false(lives(w, idle));
	while (w->env.now.s < BEGIN_S + SESSION_LIFE_S - 3600) {
		pass(w, 3600);
		assert_int_equal(session_seen(w->people, busy), OK);
		assert_true(lives(w, busy));
	}
	pass(w, BEGIN_S + SESSION_LIFE_S - w->env.now.s);
	assert_false(lives(w, busy));
}

static void it_ends_with_what_it_stands_on(void **state)
{
	struct world *w = *state;
	struct user u = add(w, "anna", ROLE_ADVISOR);
	struct str one = open_session(w, "anna"), two = open_session(w, "anna");

	assert_int_equal(session_close(w->people, one), OK);
	assert_int_equal(session_close(w->people, one), OK);
	assert_false(lives(w, one));
	assert_true(lives(w, two));
	one = open_session(w, "anna");
	assert_int_equal(session_close_all(w->people, two), OK);
	assert_false(lives(w, one) || lives(w, two));
	/* another password ends the others */
	one = open_session(w, "anna");
	two = open_session(w, "anna");
	assert_int_equal(session_set_password(w->people, one, &u.password), OK);
	assert_true(lives(w, one));
	assert_false(lives(w, two));
	assert_int_equal(session_set_password(w->people, two, &u.password), REFUSED_SIGN_IN);
	/* and so does whoever disables the user, for good */
	assert_true(user_find(w->people, STR("anna"), &u));
	u.disabled = true;
	assert_int_equal(user_change(w->people, &u, false), OK);
	assert_false(lives(w, one));
	u.disabled = false;
	assert_int_equal(user_change(w->people, &u, false), OK);
	assert_false(lives(w, one));
	/* a right that was taken away while the password was looked at */
	struct user stale = u;
	assert_int_equal(user_change(w->people, &u, true), OK);
	assert_int_equal(session_open(w->people, &w->arena, &stale, &two), REFUSED_SIGN_IN);
	assert_null(two.p);
	/* gone, and somebody else of that name */
	one = open_session(w, "anna");
	assert_int_equal(user_remove(w->people, STR("anna"), 0), OK);
	add(w, "anna", ROLE_ADVISOR);
	assert_false(lives(w, one));
}

static void the_oldest_makes_room(void **state)
{
	struct world *w = *state;
	struct str texts[SESSIONS_PER_USER_MAX + 1];

	add(w, "anna", ROLE_ADVISOR);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++, pass(w, 1))
		texts[i] = open_session(w, "anna");
	assert_false(lives(w, texts[0]));
	for (size_t i = 1; i < ARRAY_LEN(texts); i++)
		assert_true(lives(w, texts[i]));
}

/* ---- tokens asked for with a key ---- */

static void a_repeated_request_gets_the_same_token(void **state)
{
	struct world *w = *state;
	struct actor actor = {.name = "dms", .role = ROLE_OPERATOR}, found;
	bool replayed;
	struct token_issue issue = {.by = STR("anna"),
		.key = STR("k1"),
		.body = STR("{}"),
		.actor = &actor,
		.replayed = &replayed};
	struct token one, two;
	struct str first, second;

	assert_int_equal(people_token_issue(w->people, &w->arena, &issue, &one, &first), OK);
	assert_false(replayed);
	assert_int_equal(people_token_issue(w->people, &w->arena, &issue, &two, &second), OK);
	assert_true(replayed);
	assert_true(str_eq(first, second));
	assert_string_equal(one.id, two.id);
	assert_true(people_token_actor(w->people, first, &found));
	assert_string_equal(found.name, "dms");
	issue.body = STR("{\"a\":1}");
	assert_int_equal(people_token_issue(w->people, &w->arena, &issue, &two, &second),
		REFUSED_KEY_REUSED);
	issue.by = STR("berta");
	assert_int_equal(people_token_issue(w->people, &w->arena, &issue, &two, &second), OK);
	assert_false(str_eq(first, second));
	assert_int_equal(people_token_list(w->people, &two, 1), 1);
	assert_int_equal(people_token_used(w->people, first), OK);
	assert_true(people_token_by_id(w->people, str_from(one.id), &two));
	assert_int_equal(two.used.s, BEGIN_S);
	assert_int_equal(people_token_remove(w->people, str_from(one.id)), OK);
	assert_int_equal(people_token_remove(w->people, str_from(one.id)), REFUSED_NOT_FOUND);
	assert_false(people_token_by_id(w->people, STR("no id of 24 digits"), &two));
	assert_false(people_token_actor(w->people, first, &found));
}

/* ---- the first ---- */

static void the_first_comes_by_a_link(void **state)
{
	struct world *w = *state;
	struct user u = {.actor = {.name = "first", .role = ROLE_ADMIN}};
	struct str old, text;

	assert_false(user_first_open(w->people, STR("")));
	assert_int_equal(user_first_link(w->people, &w->arena, &old), OK);
	assert_true(user_first_open(w->people, old));
	assert_int_equal(user_first_link(w->people, &w->arena, &text), OK);
	assert_false(user_first_open(w->people, old));
	pass(w, FIRST_LIFE_S);
	assert_int_equal(user_first_add(w->people, text, &u), REFUSED_SIGN_IN);
	pass(w, -1);
	assert_int_equal(user_first_add(w->people, text, &u), OK);
	assert_false(user_first_open(w->people, text));
	assert_int_equal(user_first_add(w->people, text, &u), REFUSED_SIGN_IN);
	/* a link of before is none any more once somebody administers */
	assert_int_equal(user_first_link(w->people, &w->arena, &text), OK);
	assert_false(user_first_open(w->people, text));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)
	const struct CMUnitTest tests[] = {
		T(a_password_is_only_itself),
		T(what_may_be_a_password),
		T(a_login_ignores_case),
		T(a_change_needs_what_was_read),
		T(somebody_keeps_the_keys),
		T(as_many_as_there_may_be),
		T(a_session_is_its_users),
		T(it_ends_when_idle_and_when_old),
		T(it_ends_with_what_it_stands_on),
		T(the_oldest_makes_room),
		T(a_repeated_request_gets_the_same_token),
		T(the_first_comes_by_a_link),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
