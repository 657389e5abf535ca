/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* A copy takes over: one that has all that was acknowledged, and one that has not. */

#include <poll.h>
#include <signal.h>

#include "tests/pg/houses.h"

enum { ORDERS = 6, LOOK_MS = 20 };

static struct postgres second, third;
static char url[3 * POSTGRES_URL_BYTES];

static void wait_until(const struct postgres *p, const char *sql)
{
	int64_t until_ms = pg_clock_ms() + POSTGRES_WAIT_MS;

	while (postgres_ask(p, "shared", sql) == 0) {
		if (pg_clock_ms() > until_ms)
			fail_msg("never: %s", sql);
		poll(NULL, 0, LOOK_MS);
	}
}

static struct str booking_of(const struct response *r)
{
	return text_make("%.*s", STR_FMT(json_str_at(house_json(r), "booking")));
}

/* Whoever has a copy and waits for it loses nothing with the first. */
static void with_a_copy_that_is_waited_for(void **state)
{
	struct str body[ORDERS], booking[ORDERS];
	char key[ORDERS][16];

	(void)state;
	(void)postgres_ask(&postgres, "shared", "ALTER SYSTEM SET synchronous_standby_names = '*'");
	(void)postgres_ask(&postgres, "shared", "SELECT pg_reload_conf()::int4");
	wait_until(&postgres, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'");
	for (uint32_t i = 0; i < ORDERS; i++) {
		struct response r;
		snprintf(key[i], sizeof key[i], "sync-%u", i);
		body[i] = houses_order(i, "rental", NULL);
		/* while the copy is silent nobody is told yes */
		if (i == ORDERS / 2) {
			postgres_freeze(&second, true);
			r = house_ask(&house[0], NULL, "POST", "/v1/bookings", key[i], body[i]);
			assert_int_equal(r.status, 503);
			response_free(&r);
			r = house_ask(&house[1], NULL, "POST", "/v1/bookings", key[i], body[i]);
			assert_int_equal(r.status, 503);
			response_free(&r);
			postgres_freeze(&second, false);
		}
		r = houses_insist(i, key[i], body[i]);
		assert_int_equal(r.status, 201);
		booking[i] = booking_of(&r);
		response_free(&r);
	}
	postgres_end(&postgres, SIGKILL);
	postgres_promote(&second);
	for (uint32_t i = 0; i < ORDERS; i++)
		for (uint32_t k = 0; k < HOUSES; k++) {
			struct response r = houses_insist(k, key[i], body[i]);
			struct str same = booking_of(&r);
			assert_int_equal(r.status, 201);
			assert_true(response_header(&r, "idempotency-replayed").n > 0);
			assert_true(str_eq(same, booking[i]));
			text_free(same);
			response_free(&r);
		}
	for (uint32_t i = 0; i < ORDERS; i++) {
		text_free(body[i]);
		text_free(booking[i]);
	}
}

static int readiness(struct house *h)
{
	struct response r = house_ask(h, NULL, "GET", "/readyz", NULL, STR_NULL);
	int status = r.status;

	response_free(&r);
	return status;
}

/* Where nobody waits for the copy, what it did not have is lost; who knew it notices, and a
 * server that knew nothing of it goes on. */
static void with_one_that_is_behind(void **state)
{
	struct str body = houses_order(40, "rental", NULL);
	int64_t until_ms = pg_clock_ms() + HOUSES_REPLY_MS;
	struct house fresh;
	struct response r;
	pid_t sender;

	(void)state;
	postgres_copy(&third, &second);
	wait_until(&second, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
			    " AND replay_lsn = pg_current_wal_lsn()");
	sender = (pid_t)postgres_ask(&second, "shared", "SELECT pid FROM pg_stat_replication");
	assert_true(sender > 0 && kill(sender, SIGSTOP) == 0);
	r = house_ask(&house[0], NULL, "POST", "/v1/bookings", "behind", body);
	assert_int_equal(r.status, 201);
	response_free(&r);
	postgres_end(&second, SIGKILL);
	postgres_promote(&third);
	while (readiness(&house[0]) != 500 && pg_clock_ms() < until_ms)
		poll(NULL, 0, LOOK_MS);
	assert_int_equal(readiness(&house[0]), 500);
	r = house_ask(&house[0], NULL, "POST", "/v1/bookings", "after", body);
	assert_int_equal(r.status, 500);
	response_free(&r);
	house_make(&fresh);
	fresh.journal = url;
	house_serve(&fresh);
	house_token(&fresh);
	r = house_ask(&fresh, NULL, "POST", "/v1/bookings", "behind", body);
	assert_int_equal(r.status, 201);
	assert_null(response_header(&r, "idempotency-replayed").p);
	response_free(&r);
	house_stop(&fresh);
	house_remove(&fresh);
	text_free(body);
}

static int open_all(void **state)
{
	(void)state;
	postgres_open(&postgres);
	postgres_reserve(&second);
	postgres_reserve(&third);
	snprintf(url, sizeof url, "postgresql://relais@/shared?host=%s,%s,%s", postgres.scratch.dir,
		second.scratch.dir, third.scratch.dir);
	houses_open(url, url);
	postgres_copy(&second, &postgres);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	houses_close();
	postgres_close(&second);
	postgres_close(&third);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_a_copy_that_is_waited_for),
		cmocka_unit_test(with_one_that_is_behind),
	};
	return cmocka_run_group_tests(tests, open_all, close_all);
}
