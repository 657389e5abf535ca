/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Two real servers over one PostgreSQL: who signs in at one works at the other, who is signed out
 * at one is out at both, and who is in may look things up while PostgreSQL is silent. */

#include <poll.h>

#include "tests/http/person.h"
#include "tests/pg/postgres.h"

enum { SERVERS = 2, LOOK_AGAIN_MS = 20 };

static struct postgres postgres;
static struct relais at[SERVERS];
static struct person ada;
static int64_t slowest_ms;

static int whoami(uint32_t i, const struct person *p)
{
	return ASK(&at[i], .method = "GET", .path = "/v1/session", .person = p).status;
}

static int by_token(uint32_t i, const char *token)
{
	return relais_ask(
		&at[i], &(struct ask){.method = "GET", .path = "/v1/tokens", .token = token})
		.status;
}

/* Until that server says so; how long it took is printed. */
static void until_session(uint32_t i, const struct person *p, int status)
{
	int64_t from_ms = pg_clock_ms(), took_ms;

	while (whoami(i, p) != status) {
		assert_true(pg_clock_ms() - from_ms < POSTGRES_WAIT_MS);
		poll(NULL, 0, LOOK_AGAIN_MS);
	}
	took_ms = pg_clock_ms() - from_ms;
	slowest_ms = took_ms > slowest_ms ? took_ms : slowest_ms;
}

static void until_token(uint32_t i, const char *token, int status)
{
	int64_t from_ms = pg_clock_ms();

	while (by_token(i, token) != status) {
		assert_true(pg_clock_ms() - from_ms < POSTGRES_WAIT_MS);
		poll(NULL, 0, LOOK_AGAIN_MS);
	}
}

static void one_sign_in_is_good_at_both(void **state)
{
	(void)state;
	assert_int_equal(person_add(&at[0], "ada", PASSWORD, "admin", NULL), 0);
	assert_int_equal(person_sign_in(&at[0], &ada, "ada", PASSWORD).status, 200);
	until_session(1, &ada, 200);
	/* what one's command made opens the other; a change goes through either */
	until_token(1, at[0].admin, 200);
	until_token(0, at[1].admin, 200);
	assert_int_equal(
		ASK(&at[1], .method = "PUT", .path = "/v1/users/bob", .person = &ada,
			.site = "same-origin", .origin = "", .if_match = "*",
			.body = STR("{\"role\":\"auditor\",\"password\":\"" PASSWORD "\"}"))
			.status,
		201);
}

static void out_at_one_is_out_at_both(void **state)
{
	struct person again;

	(void)state;
	assert_int_equal(person_sign_in(&at[1], &again, "ada", PASSWORD).status, 200);
	until_session(0, &again, 200);
	assert_int_equal(ASK(&at[0], .method = "DELETE", .path = "/v1/session", .person = &again,
				 .site = "same-origin", .origin = "")
				 .status,
		204);
	until_session(1, &again, 401);
	assert_int_equal(whoami(1, &ada), 200);
}

static void a_right_withdrawn_at_one_ends_at_both(void **state)
{
	struct person bob;

	(void)state;
	assert_int_equal(person_sign_in(&at[1], &bob, "bob", PASSWORD).status, 200);
	until_session(0, &bob, 200);
	assert_int_equal(ASK(&at[0], .method = "DELETE", .path = "/v1/users/bob", .person = &ada,
				 .site = "same-origin", .origin = "", .if_match = "*")
				 .status,
		204);
	until_session(1, &bob, 401);
	assert_int_equal(person_sign_in(&at[1], &bob, "bob", PASSWORD).status, 401);
	print_message(
		"# known or ended at the other after %lld ms at most\n", (long long)slowest_ms);
}

static void who_is_in_reads_on_while_postgres_is_silent(void **state)
{
	struct person late;

	(void)state;
	postgres_freeze(&postgres, true);
	for (uint32_t i = 0; i < SERVERS; i++) {
		assert_int_equal(whoami(i, &ada), 200);
		assert_int_equal(by_token(i, at[i].admin), 200);
		assert_int_equal(person_sign_in(&at[i], &late, "ada", PASSWORD).status, 503);
	}
	postgres_freeze(&postgres, false);
	while (person_sign_in(&at[0], &late, "ada", PASSWORD).status != 200)
		;
	until_session(1, &late, 200);
}

static int open_all(void **state)
{
	static char url[POSTGRES_URL_BYTES];

	(void)state;
	postgres_open(&postgres);
	postgres_database(&postgres, "shared");
	for (uint32_t i = 0; i < SERVERS; i++) {
		relais_find(&at[i], 0, NULL);
		at[i].journal = postgres_url(&postgres, "shared", url);
		relais_start(&at[i], false);
	}
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < SERVERS; i++) {
		relais_stop(&at[i]);
		relais_remove(&at[i]);
	}
	postgres_close(&postgres);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_sign_in_is_good_at_both),
		cmocka_unit_test(out_at_one_is_out_at_both),
		cmocka_unit_test(a_right_withdrawn_at_one_ends_at_both),
		cmocka_unit_test(who_is_in_reads_on_while_postgres_is_silent),
	};
	return cmocka_run_group_tests(tests, open_all, close_all);
}
