/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Names of hosts that take their time: whoever connects waits no longer than he said, and has what
 * was found meanwhile when he comes again. */

#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <netdb.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

#include "sql/host.h"
#include "sql/pg.h"
#include "tests/lib/check.h"

static sem_t go;
static atomic_int asked;

/* The resolver of this program: one name is as slow as the test wants, and then this machine. */
int getaddrinfo(
	const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
	union {
		void *found;
		int (*call)(
			const char *, const char *, const struct addrinfo *, struct addrinfo **);
	} real = {.found = dlsym(RTLD_NEXT, "getaddrinfo")};
	bool slow = node && strcmp(node, "slow.example") == 0;

	if (slow) {
		atomic_fetch_add(&asked, 1);
		while (sem_wait(&go) != 0)
			;
	}
	return real.call(slow ? "127.0.0.1" : node, service, hints, out);
}

static void nobody_waits_for_a_slow_name(void **state)
{
	struct pg pg = {.conn = NULL};

	(void)state;
	/* it comes back at all while the name is still being looked up, and looks once */
	for (int i = 0; i < 3; i++) {
		assert_int_equal(
			pg_connect(&pg, "postgresql://x@slow.example:1/x", pg_clock_ms() + 50),
			PG_AWAY);
		assert_non_null(strstr(pg.why, "still being looked up"));
	}
	assert_int_equal(atomic_load(&asked), 1);
	sem_post(&go);
	assert_int_equal(
		pg_connect(&pg, "postgresql://x@slow.example:1/x", pg_clock_ms() + 60000), PG_AWAY);
	assert_non_null(strstr(pg.why, "refused")); /* nobody listens there: but it was tried */
	assert_int_equal(atomic_load(&asked), 1);
}

static void a_name_that_is_none_is_said(void **state)
{
	const char *why = "";
	struct host h;

	(void)state;
	assert_false(host_find("no host has this name", pg_clock_ms() + 60000, &h, &why));
	assert_true(strlen(why) > 0);
}

static void lists_keep_their_order(void **state)
{
	struct host_lists l;
	const char *why = "";
	struct host h;

	(void)state;
	assert_true(host_find("localhost", pg_clock_ms() + 60000, &h, &why));
	assert_true(
		host_lists("10.0.0.1,localhost,/run/x", "1,2,3", pg_clock_ms() + 60000, &l, &why));
	assert_int_equal(strncmp(l.host, "10.0.0.1,localhost", 18), 0);
	assert_int_equal(strncmp(l.address, ",", 1), 0);
	assert_non_null(strstr(l.address, h.address[0]));
	assert_int_equal(strncmp(l.port, "1,2", 3), 0);
	assert_string_equal(strrchr(l.host, ','), ",/run/x");
	assert_string_equal(strrchr(l.port, ','), ",3");
	/* nothing to look up */
	assert_true(host_lists("/run/x,::1,127.0.0.1", NULL, 0, &l, &why));
	assert_string_equal(l.host, "");
	assert_true(host_lists(NULL, NULL, 0, &l, &why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_waits_for_a_slow_name),
		cmocka_unit_test(a_name_that_is_none_is_said),
		cmocka_unit_test(lists_keep_their_order),
	};
	assert_int_equal(sem_init(&go, 0, 0), 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
