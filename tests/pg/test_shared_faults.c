/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* PostgreSQL dies, stops at once or falls silent while two servers are asked to book: what was
 * acknowledged stays, nothing is there twice, reads go on, and whoever writes is told in time. */

#include <poll.h>
#include <signal.h>

#include "tests/pg/history.h"

enum {
	FAULTS = 20,
	FAULTS_LONG = 60,
	CLIENTS = 4,
	ASKED_MAX = FAULTS_LONG * 3,
	DONE_MAX = ASKED_MAX * CLIENTS,
	/* The promise is 2 s; sanitizers and shared cores are not what it is about. */
	PATIENCE_MS = 15000,
	PAUSE_MS = 20,
};

struct order {
	char key[24];
	struct str body;
	struct str booking;
	int status; /* as both say in the end */
};
static struct order orders[DONE_MAX];
static uint32_t orders_len, asked_len, unknown;

struct asked {
	struct client *client[CLIENTS];
	struct order *order[CLIENTS];
	struct history_call call[CLIENTS];
};

/* Several at once, some at each server: two rides, and two for the one car at the same time. */
static void ask_some(struct asked *asked)
{
	assert_true(asked_len < ASKED_MAX);
	for (uint32_t i = 0; i < CLIENTS; i++) {
		struct order *o = &orders[orders_len];
		assert_true(orders_len++ < DONE_MAX);
		snprintf(o->key, sizeof o->key, "fault-%u", orders_len);
		o->body = i < HOUSES ? houses_order(orders_len % 60, "taxi", NULL)
				     : houses_order(asked_len, "loaner_brand", "solo");
		asked->order[i] = o;
		asked->client[i] = client_open(house[i % HOUSES].port);
		asked->call[i] = history_begin(i % HOUSES, "POST", "/v1/bookings", o->key, o->body);
		houses_send(asked->client[i], i % HOUSES, o->key, o->body);
	}
	asked_len++;
}

static void keep_booking(struct order *o, const struct response *r)
{
	if (r->status == 201 && !o->booking.n)
		o->booking = text_make("%.*s", STR_FMT(json_str_at(house_json(r), "booking")));
}

/* Every answer comes in time, and is a yes, the car's no or the advice to ask again. */
static void hear(struct asked *asked)
{
	for (uint32_t i = 0; i < CLIENTS; i++) {
		struct order *o = asked->order[i];
		struct response r = client_read(asked->client[i], false, PATIENCE_MS);
		history_end(&asked->call[i], &r);
		keep_booking(o, &r);
		if (r.status != 201 && r.status != 503 && (i < HOUSES || r.status != 409))
			fail_msg("%s: %d %.*s", o->key, r.status, STR_FMT(r.body));
		if (r.status == 503)
			assert_true(response_header(&r, "retry-after").n > 0);
		unknown += r.status == 503;
		response_free(&r);
		client_close(asked->client[i]);
	}
}

/* It says what it was asked to know, or that it is not as far yet: just after a fault it may not
 * have found PostgreSQL again. */
static void look_until_far(uint32_t which, const char *path, const char *min_seq)
{
	int64_t until_ms = pg_clock_ms() + HOUSES_REPLY_MS;
	struct response r = houses_look(which, path, min_seq);

	while (r.status == 503 && pg_clock_ms() < until_ms) {
		response_free(&r);
		r = houses_look(which, path, min_seq);
	}
	assert_int_equal(r.status, 200);
	response_free(&r);
}

/* What one server said yes to is seen at the other by who asks for it. */
static void look_at_the_other(struct asked *asked)
{
	for (uint32_t i = 0; i < HOUSES; i++) {
		struct order *o = asked->order[i];
		struct response r = houses_insist(i, o->key, o->body);
		struct str seq = response_header(&r, "relais-seq");
		struct str min_seq = text_make("%.*s", STR_FMT(seq)), path;
		assert_int_equal(r.status, 201);
		keep_booking(o, &r);
		response_free(&r);
		path = text_make("/v1/bookings/%.*s", STR_FMT(o->booking));
		look_until_far(1 - i, path.p, min_seq.p);
		text_free(min_seq);
		text_free(path);
	}
}

static void reads_go_on(void)
{
	for (uint32_t i = 0; i < HOUSES; i++) {
		struct response r = houses_look(i, "/v1/customers/K1", NULL);
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
	int64_t until_ms = pg_clock_ms() + HOUSES_REPLY_MS;
	struct response r = houses_ask(which, o->key, o->body);

	while (r.status != 201 && pg_clock_ms() < until_ms) {
		assert_int_equal(r.status, 503);
		response_free(&r);
		poll(NULL, 0, PAUSE_MS);
		r = houses_ask(which, o->key, o->body);
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

/* Whoever was told yes has that very booking, at both; whoever was told nothing asks again, and of
 * two who wanted the one car one has it. */
static uint32_t everybody_asks_again(void)
{
	uint32_t booked = 0;

	for (uint32_t i = 0; i < orders_len; i++) {
		struct order *o = &orders[i];
		for (uint32_t k = 0; k < HOUSES; k++) {
			struct response r = houses_insist(i + k, o->key, o->body);
			struct str booking = json_str_at(house_json(&r), "booking");
			assert_true(r.status == 201 || (i % CLIENTS >= HOUSES && r.status == 409));
			if (k > 0 || o->booking.n)
				assert_true(response_header(&r, "idempotency-replayed").n > 0);
			keep_booking(o, &r);
			assert_true(str_eq(o->booking, booking));
			assert_true(k == 0 || o->status == r.status);
			o->status = r.status;
			response_free(&r);
		}
		booked += o->status == 201;
		if (i % CLIENTS == CLIENTS - 1)
			assert_int_not_equal(o->status, o[-1].status);
	}
	return booked;
}

static void nothing_is_lost_and_nothing_doubled(void **state)
{
	static struct told told;
	uint32_t faults = houses_rounds(FAULTS, FAULTS_LONG), booked;

	(void)state;
	for (uint32_t n = 0; n < faults; n++) {
		struct asked asked;
		ask_some(&asked);
		hear(&asked);
		look_at_the_other(&asked);
		strike(n);
	}
	booked = everybody_asks_again();
	assert_int_equal(houses_booked(), booked);
	assert_int_not_equal(unknown, 0); /* or nobody would have noticed anything */
	print_message("# %u faults, %u requests, %u bookings, %u times told to ask again\n", faults,
		orders_len, booked, unknown);
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
	r = houses_ask(1, "away", orders[0].body);
	assert_int_equal(r.status, 503);
	response_free(&r);
	postgres_start(&postgres);
	r = houses_insist(1, "away", orders[0].body);
	assert_int_equal(r.status, 201);
	response_free(&r);
}

/* By somebody who knows nothing of how it works. */
static void the_judge_finds_nothing(void **state)
{
	(void)state;
	history_judge(true);
}

static int open_all(void **state)
{
	(void)state;
	houses_open(NULL, NULL);
	history_open();
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < orders_len; i++) {
		text_free(orders[i].body);
		text_free(orders[i].booking);
	}
	history_close();
	houses_close();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost_and_nothing_doubled),
		cmocka_unit_test(it_stops_while_postgres_is_silent),
		cmocka_unit_test(it_starts_while_postgres_is_away),
		cmocka_unit_test(the_judge_finds_nothing),
	};
	return cmocka_run_group_tests(tests, open_all, close_all);
}
