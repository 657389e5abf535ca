/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * kill -9 at any moment (P3, P4, P5 of reliability: durable, once per key, honest): several clients
 * order at once, the server dies in the midst of it, and the next one must know everything that
 * was acknowledged, once, and give one answer to what was not. 100 rounds; 500 with RELAIS_LONG=1.
 */

#define _GNU_SOURCE /* ppoll */
#include "tests/http/ledger.h"

#include <poll.h>
#include <time.h>

enum {
	ROUNDS = 100,
	ROUNDS_LONG = 500,
	CHECK_EVERY = 10,
	BRIEF_START_EVERY = 4,
	CLIENTS = 5,
	ANSWERS_MAX = 24,    /* the server dies after one of these ... */
	DELAY_US_MAX = 6000, /* ... and a little later: while others are decided and committed */
	START_MS_MAX = 90,
	DAYS_AHEAD = 300,
	HOUR_S = 3600,
};

struct desk {
	struct client *client; /* owned */
	struct str offer;      /* owned; STR_NULL: ask for one */
	bool knows_customer;
	bool asks_offer;
	int64_t order; /* under way; -1 when none is */
};

struct rounds {
	struct house house;
	struct ledger ledger;
	struct chance chance;
	struct instant now; /* about */
	struct desk desks[CLIENTS];
	uint32_t brief_starts;
};

static struct told told;

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- what is ordered ---- */

static struct str offer_question(struct rounds *r, struct desk *d)
{
	uint32_t car = chance_below(&r->chance, 5);
	char at[INSTANT_TEXT], vin[40] = "";
	struct instant drop_off = {r->now.s / HOUR_S * HOUR_S + 24 * HOUR_S};

	d->knows_customer = car > 0;
	if (car > 0)
		snprintf(vin, sizeof(vin), "\"vin\":\"ZAMTESTC1T000000%u\",", car);
	return text_make("{\"site\":\"LYO\",%s\"jobs\":[{\"type\":\"warranty_repair\","
			 "\"immobilisation_minutes\":480}],\"drop_off_at\":\"%s\"}",
		vin, instant_print_utc(drop_off, at).p);
}

static struct str make_body(struct rounds *r, struct desk *d, enum errand errand, bool soon)
{
	static const char *const solutions[] = {"\"loaner_brand\"",
		"\"loaner_brand\",\"class\":\"levante\"", "\"loaner_brand\",\"class\":\"grecale\"",
		"\"rental\"", "\"rental\"", "\"taxi\""};
	static const char *const more[ERRANDS] = {[MAKE_BOOKED] = "",
		[MAKE_HELD] = ",\"hold_minutes\":1440",
		[MAKE_BRIEF] = ",\"hold_minutes\":2",
		[MAKE_OUT] = ",\"check_out\":{\"odometer_km\":1200,\"fuel_percent\":90}"};
	struct chance *c = &r->chance;
	bool driver = chance_below(c, 3) == 0, held = errand == MAKE_HELD || errand == MAKE_BRIEF;
	int64_t from_s = r->now.s / 60 * 60 + (int64_t)chance_below(c, 40) * 60;
	char from[INSTANT_TEXT], until[INSTANT_TEXT], customer[40] = "";
	uint32_t solution = chance_below(c, ARRAY_LEN(solutions));

	if (!soon)
		from_s = r->now.s / HOUR_S * HOUR_S +
			 (int64_t)(48 + chance_below(c, DAYS_AHEAD * 24)) * HOUR_S;
	(void)instant_print_utc((struct instant){from_s}, from);
	(void)instant_print_utc(
		(struct instant){from_s + (int64_t)(2 + chance_below(c, 46)) * HOUR_S}, until);
	/* A hold may do without a name; its driver's words are then sealed for the booking. */
	if (!d->knows_customer && !held)
		snprintf(customer, sizeof(customer), ",\"customer\":\"K%u\"",
			1 + chance_below(c, 4));
	return text_make("{\"offer\":\"%.*s\",\"solution\":%s,\"from\":\"%s\",\"until\":\"%s\","
			 "\"accept_customer_minor\":99999999%s%s%s}",
		STR_FMT(d->offer), solutions[solution], from, until, customer, more[errand],
		driver ? ",\"drivers\":[{\"name\":\"Dora Driver\"}]" : "");
}

static enum errand wish(struct rounds *r)
{
	static const enum errand often[] = {MAKE_BOOKED, MAKE_BOOKED, MAKE_BOOKED, MAKE_BOOKED,
		MAKE_BOOKED, MAKE_BOOKED, MAKE_HELD, MAKE_HELD, MAKE_BRIEF, MAKE_OUT, BOOK, CANCEL,
		CANCEL, CHECK_OUT, CHECK_IN, CHECK_IN, NEW_CUSTOMER};

	return often[chance_below(&r->chance, ARRAY_LEN(often))];
}

/* An order that can be given now: where there is nothing to cancel, something is booked. */
static uint32_t order_give(struct rounds *r, struct desk *d)
{
	struct ledger *l = &r->ledger;
	enum errand e = wish(r);
	bool soon = e == MAKE_OUT;
	int32_t promise = NO_PROMISE;
	struct str body = STR_NULL;
	uint32_t order;

	if (e == BOOK)
		promise = ledger_pick(l, &r->chance, "held", false);
	else if (e == CANCEL || e == CHECK_OUT)
		promise = ledger_pick(l, &r->chance, "booked", e == CHECK_OUT);
	else if (e == CHECK_IN)
		promise = ledger_pick(l, &r->chance, "out", false);
	if (e >= BOOK && e < NEW_CUSTOMER && promise == NO_PROMISE) {
		soon = e == CHECK_OUT;
		e = MAKE_BOOKED;
	}
	if (e == NEW_CUSTOMER)
		body = text_make("{\"segment\":\"private\",\"language\":\"fr\",\"preferred_"
				 "channel\":\"sms\",\"person\":{\"name\":\"Nora New\"}}");
	else if (promise == NO_PROMISE)
		body = make_body(r, d, e, soon);
	else if (e == BOOK)
		body = text_make("{\"customer\":\"K%u\"}", 1 + chance_below(&r->chance, 4));
	else if (e == CANCEL)
		body = text_make("{\"reason\":\"The caller changed her mind\"}");
	else
		body = text_make("{\"odometer_km\":1300,\"fuel_percent\":50}");
	order = ledger_order(l, e, promise, body);
	l->orders[order].starts_now = soon;
	return order;
}

/* ---- the desks, each with one order at a time ---- */

static void desk_begin(struct rounds *r, struct desk *d)
{
	struct str body = STR_NULL, bytes;

	if (!d->offer.p || chance_below(&r->chance, 12) == 0) {
		text_free(d->offer);
		d->offer = STR_NULL;
		d->asks_offer = true;
		body = offer_question(r, d);
		bytes = house_request(&r->house, "POST", "/v1/offers", NULL, body);
		text_free(body);
	} else {
		d->order = order_give(r, d);
		const struct order *o = &r->ledger.orders[d->order];
		bytes = house_request(&r->house, o->method, o->path,
			strcmp(o->method, "POST") == 0 ? o->key : NULL, o->body);
	}
	/* Whether it arrives is the question. */
	(void)client_send(d->client, bytes);
	text_free(bytes);
}

/* An answer, or what is left of one: false when there was none. */
static bool desk_hear(struct rounds *r, struct desk *d)
{
	struct response a = client_read(d->client, false, HOUSE_WAIT_MS);
	struct str offer;

	if (a.status == 0) {
		response_free(&a);
		return false;
	}
	if (d->asks_offer) {
		if (a.status != 200)
			fail_msg("the offer answered %d: %.*s", a.status, STR_FMT(a.body));
		offer = json_str_at(house_json(&a), "offer");
		assert_true(offer.n > 0);
		d->offer = text_make("%.*s", STR_FMT(offer));
		d->asks_offer = false;
	} else {
		ledger_answer(&r->ledger, (uint32_t)d->order, &a);
		d->order = -1;
	}
	response_free(&a);
	return true;
}

static void desks_open(struct rounds *r)
{
	for (size_t i = 0; i < CLIENTS; i++) {
		r->desks[i] = (struct desk){.client = client_open(r->house.port), .order = -1};
		assert_non_null(r->desks[i].client);
		desk_begin(r, &r->desks[i]);
	}
}

/* Orders until so many answers came and that much time after it, then kill -9. */
static void desks_run(struct rounds *r)
{
	uint32_t answers = 0, enough = chance_below(&r->chance, ANSWERS_MAX);
	int64_t delay_us = chance_below(&r->chance, DELAY_US_MAX), end_us = -1;

	for (;;) {
		struct pollfd fds[CLIENTS];
		struct timespec wait = {.tv_sec = HOUSE_WAIT_MS / 1000};
		if (answers >= enough && end_us < 0)
			end_us = now_us() + delay_us;
		if (end_us >= 0) {
			int64_t left_us = end_us - now_us();
			if (left_us <= 0)
				break;
			wait = (struct timespec){.tv_nsec = left_us * 1000};
		}
		for (size_t i = 0; i < CLIENTS; i++)
			fds[i] = (struct pollfd){
				.fd = client_fd(r->desks[i].client), .events = POLLIN};
		if (ppoll(fds, CLIENTS, &wait, NULL) == 0 && end_us < 0)
			fail_msg("the server is silent");
		for (size_t i = 0; i < CLIENTS; i++) {
			if (!fds[i].revents)
				continue;
			if (!desk_hear(r, &r->desks[i]))
				fail_msg("the server left before it was killed");
			answers++;
			desk_begin(r, &r->desks[i]);
		}
	}
	house_kill(&r->house);
}

/* Answers that lie in the socket were given: they count. */
static void desks_close(struct rounds *r)
{
	for (size_t i = 0; i < CLIENTS; i++) {
		struct desk *d = &r->desks[i];
		if (d->order >= 0 || d->asks_offer)
			(void)desk_hear(r, d);
		text_free(d->offer);
		client_close(d->client);
		*d = (struct desk){.order = -1};
	}
}

/* ---- rounds ---- */

/* Three programs that were not there when it was written look at what is stored. */
static void check_stored(struct rounds *r)
{
	relais(&told, "verify", "--data", r->house.data);
	told_code(&told, 0);
	relais(&told, "audit", "verify", "--data", r->house.data);
	told_code(&told, 0);
	relais(&told, "audit", "replay", "--data", r->house.data);
	told_code(&told, 0);
}

/* The server is up again after its death: what does it know? */
static void look_back(struct rounds *r)
{
	ledger_resolve(&r->ledger, &r->house);
	ledger_replay(&r->ledger, &r->house, &r->chance);
	ledger_check_round(&r->ledger, &r->house);
	ledger_next_round(&r->ledger);
}

static void one_round(struct rounds *r, uint32_t round)
{
	/* Death while it comes up must not matter either. */
	if (round % BRIEF_START_EVERY == 0) {
		house_serve_briefly(&r->house, 1 + (int)chance_below(&r->chance, START_MS_MAX));
		r->brief_starts++;
	}
	house_serve(&r->house);
	r->now = house_now(&r->house);
	look_back(r);
	if (round % CHECK_EVERY == 0)
		ledger_check_all(&r->ledger, &r->house);
	desks_open(r);
	desks_run(r);
	desks_close(r);
	if (round % CHECK_EVERY == CHECK_EVERY - 1)
		check_stored(r);
}

/* Deaths that nobody would have noticed prove nothing: each errand was done, answers were lost,
 * some of them to what was committed and some to what was not, and not all there was to have was
 * had. */
static void tell_and_judge(const struct ledger *l, uint32_t rounds)
{
	static const char *const names[ERRANDS] = {"booked", "held", "held briefly", "walked in",
		"booked a hold", "cancelled", "out", "in", "customers"};

	print_message("# %u rounds:", rounds);
	for (size_t i = 0; i < ERRANDS; i++) {
		print_message(" %u %s,", l->done[i], names[i]);
		assert_int_not_equal(l->done[i], 0);
	}
	print_message(" %u refused; %u answers lost, %u of them to what was committed\n",
		l->refused, l->unknown, l->unheard);
	assert_int_not_equal(l->refused, 0);
	assert_in_range(l->unheard, 1, l->unknown - 1);
}

static void test_kill(void **state)
{
	static struct rounds r;
	const char *longer = getenv("RELAIS_LONG");
	uint32_t rounds = longer && *longer == '1' ? ROUNDS_LONG : ROUNDS;

	(void)state;
	r.chance = chance_make("kill -9");
	house_make(&r.house);
	house_serve(&r.house);
	house_token(&r.house);
	house_fill(&r.house);
	house_kill(&r.house); /* what was put there is acknowledged as well */
	for (uint32_t round = 0; round < rounds; round++)
		one_round(&r, round);
	house_serve(&r.house);
	look_back(&r);
	ledger_check_all(&r.ledger, &r.house);
	house_stop(&r.house);
	check_stored(&r);
	tell_and_judge(&r.ledger, rounds);
	ledger_free(&r.ledger);
	house_remove(&r.house);
}

/* Killed while the directory is made for the first time: the next start makes the rest. */
static void test_killed_at_birth(void **state)
{
	enum { BIRTHS = 24 };
	struct chance chance = chance_make("killed at birth");

	(void)state;
	for (int i = 0; i < BIRTHS; i++) {
		struct house h;
		house_make(&h);
		house_serve_briefly(&h, 1 + (int)chance_below(&chance, START_MS_MAX));
		house_serve(&h);
		house_token(&h);
		(void)house_must(&h, NULL, "GET", "/v1/sites", NULL, STR_NULL, 200);
		house_stop(&h);
		house_remove(&h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed_at_birth),
		cmocka_unit_test(test_kill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
