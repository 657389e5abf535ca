/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Users, sessions and tokens over a real PostgreSQL: one line of changes, on whatever server, over
 * a wire that loses replies. */

#include "fleet/session.h"
#include "fleet/share.h"
#include "fleet/user.h"
#include "sql/account_pg.h"
#include "tests/pg/pair.h"

struct wire {
	struct accounts link; /* first: its functions find the rest by it */
	struct account_pg *pg;
	const char *fate;     /* of the next writes, a letter each */
	void (*before)(void); /* once, before a write goes out; NULL */
};

static struct wire wire[2];
static struct people *p[2];

static enum append write_over(struct accounts *self, const struct account_place *at,
	const struct account_place *to, const struct account_row *rows, size_t len)
{
	struct wire *y = (struct wire *)(void *)self;
	struct accounts *port = account_pg_port(y->pg);
	void (*before)(void) = y->before;
	char fate = *y->fate ? *y->fate++ : '\0';
	enum append done;

	y->before = NULL;
	if (before)
		before();
	if (fate == AWAY)
		return APPEND_AWAY;
	if (fate == NEVER_ARRIVES)
		return APPEND_UNKNOWN;
	done = port->write(port, at, to, rows, len);
	return fate == REPLY_LOST ? APPEND_UNKNOWN : done;
}

static enum journal_read read_over(struct accounts *self, const struct account_place *at,
	struct arena *arena, struct account_news *out)
{
	struct wire *y = (struct wire *)(void *)self;
	struct accounts *port = account_pg_port(y->pg);

	return *y->fate == AWAY ? READ_AWAY : port->read(port, at, arena, out);
}

static void share(uint32_t i)
{
	people_share_accounts(p[i], &wire[i].link);
}

static void follow(uint32_t i)
{
	assert_int_equal(people_follow_accounts(p[i]), OK);
}

static int make(void **state)
{
	char url[POSTGRES_URL_BYTES], id[SHARE_ID_MAX + 1];
	int failed = pair_make(state);

	p[0] = fleet_people(a.fleet);
	p[1] = fleet_people(b.fleet);
	for (uint32_t i = 0; i < 2; i++) {
		assert_true(people_shared(p[i], id));
		wire[i] = (struct wire){.fate = ""};
		wire[i].link = (struct accounts){.write = write_over, .read = read_over};
		wire[i].pg = account_pg_open(
			postgres_url(&postgres, database, url), i == 0 ? "a" : "b", id, p[i]);
		share(i);
	}
	return failed;
}

static int drop(void **state)
{
	for (uint32_t i = 0; i < 2; i++) {
		people_share_accounts(p[i], NULL);
		account_pg_close(wire[i].pg);
	}
	return pair_drop(state);
}

/* Without a hash: these tests are about rows. */
static enum outcome add(uint32_t i, const char *login, struct user *u)
{
	*u = (struct user){.actor = {.role = ROLE_ADMIN},
		.password = {.log2_n = PASSWORD_LOG2_N, .r = PASSWORD_R, .p = PASSWORD_P}};
	assert_true(actor_set_name(&u->actor, str_from(login)));
	return user_add(p[i], u);
}

static struct str sign_in(uint32_t i, const char *login)
{
	struct user u;
	struct str text;

	assert_true(user_find(p[i], str_from(login), &u));
	assert_int_equal(session_open(p[i], &w.arena, &u, &text), OK);
	return text;
}

static bool is_in(uint32_t i, struct str session)
{
	struct session s;

	return session_find(p[i], session, &s);
}

static struct str token(uint32_t i)
{
	struct actor who = {.role = ROLE_AUDITOR};
	struct str text;

	assert_true(actor_set_name(&who, STR("program")));
	assert_int_equal(people_token_create(p[i], &w.arena, &who, &text), OK);
	return text;
}

static bool is_good(uint32_t i, struct str text)
{
	struct actor who;

	return people_token_actor(p[i], text, &who);
}

static int64_t ask(const char *sql)
{
	return postgres_ask(&postgres, database, sql);
}

static void who_signs_in_at_one_is_known_at_both(void **state)
{
	struct str session, program;
	struct user u;

	(void)state;
	assert_int_equal(add(0, "ada", &u), OK);
	follow(1);
	session = sign_in(1, "ADA");
	program = token(1);
	follow(0);
	assert_true(is_in(0, session));
	assert_true(is_good(0, program));
	assert_int_equal(session_close(p[0], session), OK);
	follow(1);
	assert_false(is_in(1, session));
	/* nothing there opens anything */
	assert_int_equal(ask("SELECT count(*) FROM relais.account WHERE position('rls_'::bytea IN"
			     " value) > 0 OR position('ls_'::bytea IN key) > 0"),
		0);
}

static void what_is_withdrawn_ends_at_both(void **state)
{
	struct str session, program;
	struct token t;
	struct user u, there;

	(void)state;
	assert_int_equal(add(0, "root", &u), OK);
	assert_int_equal(add(0, "ada", &u), OK);
	session = sign_in(0, "ada");
	program = token(0);
	follow(1);
	assert_true(is_in(1, session) && is_good(1, program));
	assert_true(people_token_find(p[1], program, &t));
	assert_int_equal(people_token_remove(p[1], str_from(t.id)), OK);
	assert_true(user_find(p[1], STR("ada"), &there));
	there.disabled = true;
	assert_int_equal(user_change(p[1], &there, false), OK);
	assert_true(is_in(0, session)); /* it has not looked yet */
	follow(0);
	assert_false(is_in(0, session) || is_good(0, program));
	/* what was read before is no ground to change it */
	assert_int_equal(user_change(p[0], &u, false), REFUSED_STALE);
	assert_int_equal(user_remove(p[0], STR("ada"), 0), OK);
	assert_int_equal(user_remove(p[1], STR("root"), 0), REFUSED_LAST_ADMIN);
}

static struct user by_b;

static void b_adds_it_too(void)
{
	assert_int_equal(add(1, "ada", &by_b), OK);
}

static void of_two_that_say_the_same_one_is_first(void **state)
{
	struct user by_a, found;

	(void)state;
	wire[0].before = b_adds_it_too;
	assert_int_equal(add(0, "ada", &by_a), REFUSED_TAKEN);
	assert_true(user_find(p[0], STR("ada"), &found));
	assert_string_equal(found.id, by_b.id);
}

static void a_lost_reply_is_one_step(void **state)
{
	int64_t before = ask("SELECT coalesce(max(n), 0) FROM relais.account_step");
	struct user u;

	(void)state;
	wire[0].fate = "rn";
	assert_int_equal(add(0, "ada", &u), OK);
	assert_int_equal(ask("SELECT max(n) FROM relais.account_step"), before + 1);
	/* nobody knows: and then it is there after all */
	wire[0].fate = "rrr";
	assert_int_equal(add(0, "bob", &u), FAULT_BUSY);
	assert_false(user_find(p[0], STR("bob"), &u));
	follow(0);
	assert_true(user_find(p[0], STR("bob"), &u));
}

/* Who is signed in stays so; nobody is told yes to anything new. */
static void while_they_cannot_be_asked(void **state)
{
	struct str session;
	struct session s;
	struct user u;

	(void)state;
	assert_int_equal(add(0, "ada", &u), OK);
	session = sign_in(0, "ada");
	wire[0].fate = "a";
	assert_int_equal(add(0, "bob", &u), FAULT_BUSY);
	wire[0].fate = "a";
	assert_int_equal(session_close(p[0], session), FAULT_BUSY);
	w.still.now.s += SESSION_IDLE_S - 1;
	wire[0].fate = "a";
	assert_int_equal(session_seen(p[0], session), OK);
	w.still.now.s += SESSION_IDLE_S - 1;
	assert_true(session_find(p[0], session, &s));
	wire[0].fate = "";
	assert_int_equal(session_seen(p[0], session), OK);
	follow(1);
	assert_true(is_in(1, session));
}

/* A command beside a server, or before one runs. */
static void what_a_command_noted_is_given(void **state)
{
	struct str program;
	struct user u, found;

	(void)state;
	people_share_accounts(p[1], NULL);
	program = token(1);
	assert_int_equal(add(1, "ada", &u), OK);
	assert_true(is_good(1, program));
	share(1);
	follow(0);
	assert_false(is_good(0, program));
	follow(1);
	follow(0);
	assert_true(is_good(0, program));
	/* of two of a name the one that all know stays */
	people_share_accounts(p[1], NULL);
	assert_int_equal(add(1, "bob", &u), OK);
	assert_int_equal(add(0, "bob", &found), OK);
	share(1);
	follow(1);
	assert_true(user_find(p[1], STR("bob"), &u));
	assert_string_equal(u.id, found.id);
}

/* Of what came before the line the first server's is its beginning; the others take it. */
static void the_first_gives_what_it_has(void **state)
{
	struct str mine, other;

	(void)state;
	people_share_accounts(p[0], NULL);
	people_share_accounts(p[1], NULL);
	mine = token(0);
	follow(0); /* nobody asks */
	assert_int_equal(fleet_leave(b.fleet), OK);
	other = token(1);
	assert_true(is_good(1, other));
	fleet_close(b.fleet);
	journal_pg_close(b.pg);
	open_server(&b, b.scratch.dir, "b", false);
	p[1] = fleet_people(b.fleet);
	share(0);
	share(1);
	follow(0);
	follow(1);
	assert_true(is_good(1, mine));
	assert_false(is_good(1, other));
	assert_non_null(strstr(pair_heard, "gave way"));
}

/* A copy that was behind took over. */
static void a_line_that_went_back_is_taken_anew(void **state)
{
	struct str kept, lost;
	struct user u;
	char sql[200];

	(void)state;
	assert_int_equal(add(0, "ada", &u), OK);
	kept = token(0);
	follow(1);
	snprintf(sql, sizeof sql,
		"SET session_replication_role = replica;"
		"DELETE FROM relais.account_step WHERE n > %lld;"
		"DELETE FROM relais.account WHERE n > %lld",
		(long long)ask("SELECT max(n) FROM relais.account_step"),
		(long long)ask("SELECT max(n) FROM relais.account_step"));
	lost = token(0);
	follow(1);
	assert_true(is_good(1, lost));
	assert_string_equal(postgres_refusal(&postgres, database, sql), "");
	/* and another went on from there */
	people_share_accounts(p[1], NULL);
	share(1);
	follow(1);
	assert_true(is_good(1, kept));
	assert_false(is_good(1, lost));
	assert_non_null(strstr(pair_heard, "went back"));
	(void)token(1);
	follow(0);
	assert_true(is_good(0, kept));
	assert_false(is_good(0, lost));
}

/* What is gone is remembered for a while; who was away for longer takes all there is. */
static void what_was_forgotten_is_not_missed(void **state)
{
	struct str session;
	struct user u;

	(void)state;
	assert_int_equal(add(0, "ada", &u), OK);
	session = sign_in(0, "ada");
	follow(1);
	assert_int_equal(session_close(p[0], session), OK);
	assert_int_equal(ask("SELECT count(*) FROM relais.account WHERE value IS NULL"), 1);
	assert_string_equal(postgres_refusal(&postgres, database,
				    "INSERT INTO relais.account_step SELECT (SELECT max(n) FROM"
				    " relais.account_step) + i, decode(md5(i::text), 'hex')"
				    " FROM generate_series(1, 1500) AS i"),
		"");
	assert_int_equal(ask("SELECT count(*) FROM relais.account WHERE value IS NULL"), 0);
	assert_true(is_in(1, session));
	follow(1);
	assert_false(is_in(1, session));
	assert_true(user_find(p[1], STR("ada"), &u));
}

static void servers_take_nothing_away(void **state)
{
	static const char *const refused[] = {
		"SET ROLE relais_server; DELETE FROM relais.account",
		"SET ROLE relais_server; DELETE FROM relais.account_step",
		"SET ROLE relais_server; UPDATE relais.account_step SET n = n + 1",
		"SET ROLE relais_report; SELECT * FROM relais.account",
		"UPDATE relais.account_step SET n = n + 1",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		assert_string_equal(postgres_refusal(&postgres, database, refused[i]), "42501");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)
	const struct CMUnitTest tests[] = {
		T(who_signs_in_at_one_is_known_at_both),
		T(what_is_withdrawn_ends_at_both),
		T(of_two_that_say_the_same_one_is_first),
		T(a_lost_reply_is_one_step),
		T(while_they_cannot_be_asked),
		T(what_a_command_noted_is_given),
		T(the_first_gives_what_it_has),
		T(a_line_that_went_back_is_taken_anew),
		T(what_was_forgotten_is_not_missed),
		T(servers_take_nothing_away),
	};
	return cmocka_run_group_tests(tests, pair_postgres_open, pair_postgres_close);
}
