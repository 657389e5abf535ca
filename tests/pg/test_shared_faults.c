/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* PostgreSQL dies, stops at once or falls silent while two servers are asked to book: what was
 * acknowledged stays, nothing is there twice, reads go on, and whoever writes is told in time. */

#include <signal.h>

#include "tests/pg/houses.h"

enum {
	FAULTS = 3,
	FAULTS_LONG = 60,
	CLIENTS = 4,
	DONE_MAX = FAULTS_LONG * 3 * CLIENTS,
	/* The promise is 2 s; sanitizers and shared cores are not what it is about. */
	PATIENCE_MS = 15000,
};

struct order {
	char key[24];
	struct str body;
	struct str booking;
};
static struct order orders[DONE_MAX];
static uint32_t orders_len, unknown;

struct asked {
	struct client *client[CLIENTS];
	struct order *order[CLIENTS];
};

/* Several at once, some at each server. */
static void ask_some(struct asked *asked)
{
	for (uint32_t i = 0; i < CLIENTS; i++) {
		struct order *o = &orders[orders_len];
		assert_true(orders_len++ < DONE_MAX);
		snprintf(o->key, sizeof o->key, "fault-%u", orders_len);
		o->body = houses_order(orders_len % 60, "taxi", NULL);
		asked->order[i] = o;
		asked->client[i] = client_open(house[i % HOUSES].port);
		houses_send(asked->client[i], i % HOUSES, o->key, o->body);
	}
}

/* Every answer comes in time, and is a yes or the advice to ask again. */
static void hear(struct asked *asked)
{
	for (uint32_t i = 0; i < CLIENTS; i++) {
		struct order *o = asked->order[i];
		struct response r = client_read(asked->client[i], false, PATIENCE_MS);
		if (r.status == 201)
			o->booking =
				text_make("%.*s", STR_FMT(json_str_at(house_json(&r), "booking")));
		else if (r.status != 503)
			fail_msg("%s: %d %.*s", o->key, r.status, STR_FMT(r.body));
		else
			assert_true(response_header(&r, "retry-after").n > 0);
		unknown += r.status == 503;
		response_free(&r);
		client_close(asked->client[i]);
	}
}

static void reads_go_on(void)
{
	for (uint32_t i = 0; i < HOUSES; i++) {
		struct response r =
			house_ask(&house[i], NULL, "GET", "/v1/customers/K1", NULL, STR_NULL);
		assert_int_equal(r.status, 200);
		response_free(&r);
		r = house_ask(&house[i], NULL, "GET", "/readyz", NULL, STR_NULL);
		assert_int_equal(r.status, 200);
		response_free(&r);
	}
}

/* Until this very server says yes. */
static void insist_at(uint32_t which, struct order *o)
{
	struct response r;
	int64_t until_ms = pg_clock_ms() + HOUSES_REPLY_MS;

	for (;;) {
		r = house_ask(&house[which], NULL, "POST", "/v1/bookings", o->key, o->body);
		if (r.status == 201 || pg_clock_ms() > until_ms)
			break;
		assert_int_equal(r.status, 503);
		response_free(&r);
	}
	assert_int_equal(r.status, 201);
	response_free(&r);
}

/* What is on its way when it happens counts as much as what is asked while it lasts. */
static void strike(uint32_t n)
{
	struct asked before, during;
	bool silent = n % 3 == 2;

	ask_some(&before);
	if (silent)
		postgres_freeze(&postgres, true);
	else
		postgres_end(&postgres, n % 3 == 0 ? SIGKILL : SIGQUIT);
	ask_some(&during);
	reads_go_on();
	hear(&before);
	hear(&during);
	if (silent)
		postgres_freeze(&postgres, false);
	else
		postgres_start(&postgres);
	/* it goes on by itself, at both */
	for (uint32_t i = 0; i < HOUSES; i++)
		insist_at(i, before.order[i]);
}

/* Whoever was told yes has that very booking, at both; whoever was told nothing asks again. */
static void everybody_asks_again(void)
{
	for (uint32_t i = 0; i < orders_len; i++) {
		struct order *o = &orders[i];
		for (uint32_t k = 0; k < HOUSES; k++) {
			struct response r = houses_insist(i + k, o->key, o->body);
			struct str booking = json_str_at(house_json(&r), "booking");
			assert_int_equal(r.status, 201);
			if (!o->booking.n)
				o->booking = text_make("%.*s", STR_FMT(booking));
			else
				assert_true(response_header(&r, "idempotency-replayed").n > 0);
			assert_true(str_eq(o->booking, booking));
			response_free(&r);
		}
	}
}

static void nothing_is_lost_and_nothing_doubled(void **state)
{
	static struct told told;
	uint32_t faults = houses_rounds(FAULTS, FAULTS_LONG);

	(void)state;
	for (uint32_t n = 0; n < faults; n++) {
		struct asked asked;
		ask_some(&asked);
		hear(&asked);
		strike(n);
	}
	everybody_asks_again();
	assert_int_equal(houses_booked(), orders_len);
	assert_int_not_equal(unknown, 0); /* or nobody would have noticed anything */
	print_message("# %u faults, %u bookings, %u times told to ask again\n", faults, orders_len,
		unknown);
	for (uint32_t i = 0; i < HOUSES; i++) {
		relais(&told, "verify", "--data", house[i].data);
		told_code(&told, 0);
	}
}

/* Whoever stops a server does not wait for PostgreSQL. */
static void it_stops_while_postgres_is_silent(void **state)
{
	(void)state;
	postgres_freeze(&postgres, true);
	house_stop(&house[0]);
	postgres_freeze(&postgres, false);
	house_serve(&house[0]);
	reads_go_on();
}

/* A server that knows the journal starts without it and answers what it knows. */
static void it_starts_while_postgres_is_away(void **state)
{
	struct response r;

	(void)state;
	house_stop(&house[1]);
	postgres_end(&postgres, SIGINT);
	house_serve(&house[1]);
	reads_go_on();
	r = house_ask(&house[1], NULL, "POST", "/v1/bookings", "away", orders[0].body);
	assert_int_equal(r.status, 503);
	response_free(&r);
	postgres_start(&postgres);
	r = houses_insist(1, "away", orders[0].body);
	assert_int_equal(r.status, 201);
	response_free(&r);
}

static int open_all(void **state)
{
	(void)state;
	houses_open(NULL, NULL);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < orders_len; i++) {
		text_free(orders[i].body);
		text_free(orders[i].booking);
	}
	houses_close();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost_and_nothing_doubled),
		cmocka_unit_test(it_stops_while_postgres_is_silent),
		cmocka_unit_test(it_starts_while_postgres_is_away),
	};
	return cmocka_run_group_tests(tests, open_all, close_all);
}
