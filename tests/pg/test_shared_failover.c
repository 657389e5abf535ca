/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* A copy takes over: one that has all that was acknowledged, and one that has not. */

#include <glob.h>
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

static bool says(struct house *h, const char *path, const char *words)
{
	struct response r = house_ask(h, NULL, "GET", path, NULL, STR_NULL);
	bool said = r.status == 200 && strstr(r.body.p, words);

	response_free(&r);
	return said;
}

/* The file is there a moment before its server goes on. */
static void wait_told(struct house *h)
{
	for (int64_t until_ms = pg_clock_ms() + POSTGRES_WAIT_MS;
		!says(h, "/readyz", "PostgreSQL lost what was acknowledged here") ||
		says(h, "/metrics", "\nrelais_journal_lost_total 0\n");) {
		assert_true(pg_clock_ms() < until_ms);
		poll(NULL, 0, LOOK_MS);
	}
}

/* Somebody has called the customers. */
static void take_away(const struct house *h)
{
	char pattern[SCRATCH_PATH * 3];
	glob_t g;

	snprintf(pattern, sizeof pattern, "%s/lost/*.jsonl", h->data);
	assert_int_equal(glob(pattern, 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++)
		assert_int_equal(unlink(g.gl_pathv[i]), 0);
	globfree(&g);
}

static uint32_t lines_kept(const struct house *h)
{
	char pattern[SCRATCH_PATH * 3];
	uint32_t n = 0;
	glob_t g;

	snprintf(pattern, sizeof pattern, "%s/lost/*.jsonl", h->data);
	if (glob(pattern, 0, NULL, &g) != 0)
		return 0;
	for (size_t i = 0; i < g.gl_pathc; i++) {
		FILE *file = fopen(g.gl_pathv[i], "r");
		assert_non_null(file);
		for (int c; (c = fgetc(file)) != EOF;)
			n += c == '\n';
		fclose(file);
	}
	globfree(&g);
	return n;
}

/* Where nobody waits for the copy, what it did not have is lost. Whoever knew it says so, keeps it
 * and goes on from what the copy has; no second booking answers to the lost one's key unasked. */
static void with_one_that_is_behind(void **state)
{
	static struct told told;
	struct str body = houses_order(40, "rental", NULL);
	struct response r;
	char counted[64];
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
	r = houses_insist(0, "behind", body);
	assert_int_equal(r.status, 201);
	assert_null(response_header(&r, "idempotency-replayed").p);
	response_free(&r);
	/* perhaps it was the other one that answered, which knew nothing of it */
	wait_told(&house[0]);
	snprintf(
		counted, sizeof counted, "\nrelais_journal_lost_total %u\n", lines_kept(&house[0]));
	assert_true(says(&house[0], "/metrics", counted));
	for (uint32_t i = 0; i < HOUSES; i++) {
		r = houses_insist(i, "behind", body);
		assert_true(response_header(&r, "idempotency-replayed").n > 0);
		response_free(&r);
	}
	for (uint32_t i = 0; i < HOUSES; i++) {
		house_stop(&house[i]);
		relais(&told, "verify", "--data", house[i].data);
		told_code(&told, 0);
		house_serve(
			&house[i]); /* what it had signed of the lost does not stand in its way */
	}
	assert_true(says(&house[0], "/readyz", "PostgreSQL lost"));
	take_away(&house[0]);
	assert_false(says(&house[0], "/readyz", "PostgreSQL lost"));
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
