/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Memory under a steady load: the same round again and again, on several connections in turn:
 * offers, the board, lists, search, metrics, and in each tenth a promise made and taken back, in
 * each fifth something packed, for one who reads it and one who is gone. The
 * most that the process keeps in memory in the last rounds is within 5 % of the most it kept early.
 * With RELAIS_LONG=1 early is a tenth of the rounds, as one minute is of ten: 10 bytes lost in each
 * would be seen. Without it the first half fills what is kept to be used again, and 500 bytes lost
 * in each round of the second half would be seen. It is the most because what lies free goes back
 * every minute (server/upkeep.h).
 */

#include "tests/http/house.h"

#include <stdio.h>

enum {
	ROUNDS = 3200,
	EARLY = 1600,
	ROUNDS_LONG = 100000,
	EARLY_LONG = 10000,
	PROMISE_EVERY = 10,
	PACKED_EVERY = 5,
	CLIENTS = 4,
	SPREAD_DAYS = 300, /* promises are for days that the board does not show */
	FIRST_DAY = 30,
	DAY_S = 86400,
	SAMPLE_EVERY = 10,
	LINES = 16, /* figures of a run */
	GROWTH_PERCENT_MAX = 5,
};

struct soak {
	struct house house;
	struct client *clients[CLIENTS];
	struct instant now;
	uint32_t round, asked;
	struct str offer;
	char booking[64];
};

/* What the process keeps in memory, VmRSS, without the pages of its stores: those are the system's
 * to give and to take, and grow with what is kept. */
static long resident_kib(const struct house *h)
{
	char path[64], line[512];
	unsigned long from, until;
	bool store = false;
	long kib, sum = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/smaps", (int)h->server.pid);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		if (sscanf(line, "%lx-%lx ", &from, &until) == 2)
			store = strstr(line, h->scratch.dir) != NULL;
		else if (sscanf(line, "Rss: %ld kB", &kib) == 1 && !store)
			sum += kib;
	}
	fclose(f);
	assert_true(sum > 0);
	return sum;
}

/* ---- a round ---- */

static struct json ask(
	struct soak *s, const char *method, const char *path, struct str body, int status)
{
	char key[32];

	snprintf(key, sizeof key, "soak-%u", s->asked++);
	return house_must(&s->house, s->clients[s->round % CLIENTS], method, path,
		strcmp(method, "POST") == 0 && strcmp(path, "/v1/offers") != 0 ? key : NULL, body,
		status);
}

static void get(struct soak *s, const char *path)
{
	(void)ask(s, "GET", path, STR_NULL, 200);
}

static void offer(struct soak *s)
{
	char at[INSTANT_TEXT];
	struct instant drop_off = {
		s->now.s / DAY_S * DAY_S + (FIRST_DAY + s->round % SPREAD_DAYS) * DAY_S + 9 * 3600};
	/* of no car that is known: a car's history would grow, and what is read for an offer with
	 * it */
	struct str body = text_make("{\"site\":\"LYO\",\"jobs\":[{\"type\":\"maintenance\","
				    "\"immobilisation_minutes\":480}],\"drop_off_at\":\"%s\"}",
		instant_print_utc(drop_off, at).p);
	struct str answer;

	answer = json_str_at(ask(s, "POST", "/v1/offers", body, 200), "offer");
	text_free(s->offer);
	s->offer = text_make("%.*s", STR_FMT(answer));
	text_free(body);
}

static void book(struct soak *s)
{
	static const char *const solutions[] = {"taxi", "loaner_brand", "rental"};
	struct str body = text_make("{\"offer\":\"%.*s\",\"solution\":\"%s\",\"customer\":\"K%u\","
				    "\"accept_customer_minor\":99999999}",
		STR_FMT(s->offer), solutions[s->round / PROMISE_EVERY % ARRAY_LEN(solutions)],
		1 + s->round / PROMISE_EVERY % 4);
	struct str id;

	id = json_str_at(ask(s, "POST", "/v1/bookings", body, 201), "booking");
	snprintf(s->booking, sizeof s->booking, "%.*s", STR_FMT(id));
	text_free(body);
}

static void take_back(struct soak *s)
{
	struct str path = text_make("/v1/bookings/%s/cancel", s->booking);

	(void)ask(s, "POST", path.p, STR("{\"reason\":\"The caller changed her mind\"}"), 200);
	text_free(path);
}

static void figures(struct soak *s)
{
	struct response r = house_ask(
		&s->house, s->clients[s->round % CLIENTS], "GET", "/metrics", NULL, STR_NULL);

	assert_int_equal(r.status, 200);
	response_free(&r);
}

/* Whoever takes gzip; and who asks for it and is gone. */
static void packed(struct soak *s, const char *path)
{
	const struct client_header headers[] = {
		{"Authorization", s->house.bearer}, {"Accept-Encoding", "gzip"}, {NULL, NULL}};
	struct response r = client_once(s->house.port, "GET", path, headers, STR_NULL);

	assert_int_equal(r.status, 200);
	assert_str(response_header(&r, "content-encoding"), "gzip");
	response_free(&r);
	struct client *gone = client_open(s->house.port);
	struct str text = text_make("GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n"
				    "Accept-Encoding: gzip\r\n\r\n",
		path, s->house.bearer);
	assert_true(client_send(gone, text));
	client_close(gone);
	text_free(text);
}

static void one_round(struct soak *s)
{
	struct str board;
	char from[INSTANT_TEXT], until[INSTANT_TEXT];

	(void)instant_print_utc((struct instant){s->now.s / DAY_S * DAY_S}, from);
	(void)instant_print_utc((struct instant){s->now.s / DAY_S * DAY_S + 7 * DAY_S}, until);
	board = text_make("/v1/board?site=LYO&from=%s&until=%s", from, until);
	offer(s);
	if (s->round % PROMISE_EVERY == 0) {
		book(s);
		take_back(s);
	}
	get(s, board.p);
	get(s, "/v1/tasks?site=LYO");
	get(s, "/v1/search?q=ZAM");
	get(s, "/v1/resources?site=LYO");
	figures(s);
	if (s->round % PACKED_EVERY == 0)
		packed(s, s->round % (2 * PACKED_EVERY) ? board.p : "/openapi.json");
	text_free(board);
	s->round++;
}

/* ---- the soak ---- */

static void soak_begin(struct soak *s)
{
	*s = (struct soak){.round = 0};
	house_make(&s->house);
	house_serve(&s->house);
	house_token(&s->house);
	house_fill(&s->house);
	s->now = house_now(&s->house);
	for (int i = 0; i < CLIENTS; i++) {
		s->clients[i] = client_open(s->house.port);
		assert_non_null(s->clients[i]);
	}
}

static void soak_end(struct soak *s)
{
	for (int i = 0; i < CLIENTS; i++)
		client_close(s->clients[i]);
	text_free(s->offer);
	house_stop(&s->house);
	house_remove(&s->house);
}

static void memory_does_not_grow(void **state)
{
	const char *set = getenv("RELAIS_LONG");
	bool is_long = set && *set;
	uint32_t rounds = is_long ? ROUNDS_LONG : ROUNDS, early_end = is_long ? EARLY_LONG : EARLY;
	static struct soak s;
	long early = 0, late = 0, most = 0;

	(void)state;
	soak_begin(&s);
	while (s.round < rounds) {
		one_round(&s);
		if (s.round % SAMPLE_EVERY)
			continue;
		long now = resident_kib(&s.house);
		most = now > most ? now : most;
		if (s.round <= early_end)
			early = now > early ? now : early;
		if (s.round > rounds - early_end / 2)
			late = now > late ? now : late;
		if (s.round % (rounds / LINES) == 0) {
			print_message("# until round %u: %ld KiB\n", s.round, most);
			most = 0;
		}
	}
	soak_end(&s);
	print_message("# early %ld KiB, late %ld KiB\n", early, late);
	if (late * 100 > early * (100 + GROWTH_PERCENT_MAX))
		fail_msg("%ld KiB became %ld", early, late);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(memory_does_not_grow)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
