/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Audit packs of a server that goes on: two at once while a desk changes and asks, the same bytes
 * for both; who leaves in the midst of one stops it; and a stop in the midst of one ends well. */

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

#include "tests/http/relais.h"

enum { PACK_WAIT_MS = 120000, ASKED_MAX = 1000000, LOANS = 20 };

static struct relais r;

static struct client *ask_for_pack(void)
{
	struct client *c = client_open(r.port);
	assert_non_null(c);
	assert_true(client_send_text(
		c, arena_printf(&r.arena,
			   "GET /v1/audit/pack?site=" OWN_SITE " HTTP/1.1\r\nHost: localhost\r\n"
			   "Authorization: Bearer %s\r\n\r\n",
			   r.admin)
			   .p));
	return c;
}

/* Without a farewell: he is gone, and the server knows it. */
static void leave(struct client *c)
{
	const struct linger hard = {.l_onoff = 1, .l_linger = 0};
	assert_int_equal(setsockopt(client_fd(c), SOL_SOCKET, SO_LINGER, &hard, sizeof hard), 0);
	client_close(c);
}

static bool has_answer(const struct client *c)
{
	struct pollfd p = {.fd = client_fd(c), .events = POLLIN};
	return poll(&p, 1, 0) > 0;
}

/* The number behind that name in /metrics. */
static unsigned long figure(const char *name)
{
	struct told t = relais_get(&r, "/metrics");
	const char *line;

	assert_status(&t, 200);
	line = strstr(arena_printf(&r.arena, "%.*s", STR_FMT(t.body)).p, name);
	assert_non_null(line);
	return strtoul(line + strlen(name), NULL, 10);
}

static void until_none_is_packed(void)
{
	for (int i = 0; i < ASKED_MAX; i++) {
		arena_reset(&r.arena);
		if (!figure("\nrelais_lane_running{lane=\"packing\"}") &&
			!figure("\nrelais_lane_waiting{lane=\"packing\"}"))
			return;
	}
	fail_msg("a pack goes on for nobody");
}

static void verify(struct str pack, const char *name)
{
	char path[SCRATCH_PATH * 2], said[400];
	const char *const words[] = {"audit", "verify", path, NULL};
	FILE *f;

	scratch_path(&r.scratch, name, path);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(pack.p, 1, pack.n, f), pack.n);
	fclose(f);
	assert_int_equal(relais_run(&r, words, said, sizeof said), 0);
	remove(path);
}

static void a_desk_goes_on(void **state)
{
	struct client *c[2] = {ask_for_pack(), ask_for_pack()};
	struct response pack[2];
	uint32_t served = 0;

	(void)state;
	while (!has_answer(c[0]) || !has_answer(c[1])) {
		struct told t = relais_put(&r,
			arena_printf(&r.arena, "/v1/customers/P%u", served).p,
			"{\"segment\":\"private\",\"language\":\"fr\",\"preferred_channel\":"
			"\"sms\",\"person\":{\"name\":\"P. Fable\"}}");
		assert_status(&t, 201);
		t = relais_get(&r, "/v1/tasks?site=" OWN_SITE);
		assert_status(&t, 200);
		served++;
		arena_reset(&r.arena);
	}
	assert_true(served > 0);
	for (size_t i = 0; i < ARRAY_LEN(c); i++) {
		pack[i] = client_read(c[i], false, PACK_WAIT_MS);
		assert_int_equal(pack[i].status, 200);
		assert_str(response_header(&pack[i], "content-type"), "application/x-tar");
		assert_non_null(response_header(&pack[i], "relais-seq").p);
		client_close(c[i]);
	}
	assert_true(str_eq(pack[0].body, pack[1].body));
	verify(pack[0].body, "pack.tar");
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		response_free(&pack[i]);
	print_message("# %u changes while two packs were made\n", served);
}

static void nobody_waits_for_it(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct client *one = ask_for_pack(), *other = ask_for_pack();
		struct told t = relais_get(&r, "/v1/sites");
		assert_status(&t, 200);
		leave(one);
		leave(other);
		until_none_is_packed();
	}
	struct client *again = ask_for_pack();
	struct response pack = client_read(again, false, PACK_WAIT_MS);
	assert_int_equal(pack.status, 200);
	response_free(&pack);
	client_close(again);
}

static void a_stop_ends_it(void **state)
{
	struct client *c[2] = {ask_for_pack(), ask_for_pack()};
	struct told t = relais_get(&r, "/livez");

	(void)state;
	assert_status(&t, 200);
	relais_stop(&r); /* ends with 0 */
	leave(c[0]);
	leave(c[1]);
	relais_restart(&r, false);
}

static const char *booked[LOANS]; /* their addresses */

static void book(int i)
{
	struct told t = relais_put(&r, arena_printf(&r.arena, "/v1/resources/P-car-%d", i).p,
		"{\"site\":\"" OWN_SITE "\",\"kind\":\"car\",\"solutions\":[\"loaner_brand\"],"
		"\"class\":\"grecale\",\"label\":\"Grecale (invented)\",\"seats\":1,"
		"\"turnaround_minutes\":60,\"status\":\"active\"}");
	assert_status(&t, 201);
	t = relais_offer(&r, 3, 0);
	struct str body = arena_printf(&r.arena,
		"{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\",\"customer\":\"" OWN_CUSTOMER
		"\",\"accept_customer_minor\":99999999}",
		STR_FMT(json_str_at(t.json, "offer")));
	t = relais_post(&r, "/v1/bookings", arena_printf(&r.arena, "book-%d", i).p, body.p);
	assert_status(&t, 201);
	booked[i] = arena_printf(&r.arena, "%s", t.location).p;
}

static void hand_over(int i, const char *step, int odometer_km)
{
	struct told t = relais_post(&r, arena_printf(&r.arena, "%s/%s", booked[i], step).p,
		arena_printf(&r.arena, "%s-%d", step, i).p,
		arena_printf(&r.arena, "{\"odometer_km\":%d}", odometer_km).p);
	assert_status(&t, 200);
}

static int set_up(void **state)
{
	(void)state;
	relais_start(&r, false);
	relais_furnish(&r);
	for (int i = 0; i < LOANS; i++)
		book(i);
	for (int i = 0; i < LOANS; i++)
		hand_over(i, "check-out", 5000);
	for (int i = 0; i < LOANS; i++)
		hand_over(i, "check-in", 5100);
	arena_reset(&r.arena);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	relais_stop(&r);
	relais_remove(&r);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_desk_goes_on),
		cmocka_unit_test(nobody_waits_for_it),
		cmocka_unit_test(a_stop_ends_it),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
