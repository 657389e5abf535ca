/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Rude clients drawn by seeded chance, two dozen at a time, and beside them one that is polite: it
 * must be answered, and rightly, whatever the others do. Each rude one ends, with the answers that
 * are due to it; nothing that was smuggled in is heard; who abandons a change finds it done or not
 * done; and what the process keeps has a bound. RELAIS_SEED=N plays that round alone. RELAIS_LONG=1
 * plays ten minutes, and then no more may be kept in the second half than in the first.
 */

#include "tests/hostile/session.h"

#include <time.h>

enum {
	ROUNDS = 12,
	ROUNDS_LONG = 280,
	SESSIONS = 24,
	ROUND_MS_MAX = 120000,
	OFFER_EVERY = 8,
	BOOK_EVERY = 40,
	SPREAD_DAYS = 300,
	FIRST_DAY = 30,
	DAY_S = 86400,
	TURNS_MAX = 1 << 20,
	KEPT_KIB_MAX = 48 << 10,
	GROWTH_PERCENT_MAX = 10,
};

static struct hostile {
	struct house house;
	struct client *polite; /* of one round */
	struct instant now;
	uint64_t seed;
	uint32_t number, turns; /* sessions begun, turns of the polite client, in all */
	struct session sessions[SESSIONS];
	uint32_t took_us[TURNS_MAX];
} play;

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* ---- the polite client ---- */

static struct json ask(const char *method, const char *path, struct str body, int status)
{
	char key[32];
	bool keyed = strcmp(method, "POST") == 0 && strcmp(path, "/v1/offers") != 0;

	snprintf(key, sizeof key, "polite-%u-%s", play.turns, strrchr(path, '/') + 1);
	key[sizeof key - 1] = '\0';
	return house_must(&play.house, play.polite, method, path, keyed ? key : NULL, body, status);
}

static void offer(bool book)
{
	char at[INSTANT_TEXT];
	uint32_t day = FIRST_DAY + play.turns / OFFER_EVERY % SPREAD_DAYS;
	struct instant drop_off = {play.now.s / DAY_S * DAY_S + (int64_t)day * DAY_S + 9 * 3600};
	struct str body = text_make("{\"site\":\"LYO\",\"jobs\":[{\"type\":\"maintenance\","
				    "\"immobilisation_minutes\":480}],\"drop_off_at\":\"%s\"}",
		instant_print_utc(drop_off, at).p);
	struct str offered = json_str_at(ask("POST", "/v1/offers", body, 200), "offer");

	text_free(body);
	assert_true(offered.n > 0);
	if (!book)
		return;
	body = text_make("{\"offer\":\"%.*s\",\"solution\":\"taxi\",\"customer\":\"K1\","
			 "\"accept_customer_minor\":99999999}",
		STR_FMT(offered));
	struct str id = json_str_at(ask("POST", "/v1/bookings", body, 201), "booking");
	struct str path = text_make("/v1/bookings/%.*s", STR_FMT(id));
	text_free(body);
	assert_str(json_str_at(ask("GET", path.p, STR_NULL, 200), "solution"), "taxi");
	struct str cancel = text_make("%s/cancel", path.p);
	(void)ask("POST", cancel.p, STR("{\"reason\":\"The caller changed her mind\"}"), 200);
	text_free(cancel);
	text_free(path);
}

static void polite_turn(void)
{
	uint64_t from_us = now_us();
	struct json sites = ask("GET", "/v1/sites", STR_NULL, 200);

	play.took_us[play.turns % TURNS_MAX] = (uint32_t)(now_us() - from_us);
	assert_int_equal(json_count(json_get(sites, "items")), 1);
	if (play.turns % OFFER_EVERY == 0)
		offer(play.turns % BOOK_EVERY == 0);
	play.turns++;
}

/* ---- a round ---- */

static void blame(uint32_t i, const char *what)
{
	const struct session *s = &play.sessions[i];
	int heard = s->in_n < 600 ? (int)s->in_n : 600;

	print_error("RELAIS_SEED=%llu, session %u (%s): %s; sent %zu of %zu bytes, heard %zu:\n"
		    "%.*s\n",
		(unsigned long long)play.seed, i, s->kind, what, s->sent, s->bytes.n, s->in_n,
		heard, s->in);
}

static void play_until_over(void)
{
	uint64_t end_us = now_us() + UINT64_C(1000) * ROUND_MS_MAX;
	uint32_t alive = SESSIONS;

	while (alive > 0 && now_us() < end_us) {
		alive = 0;
		for (uint32_t i = 0; i < SESSIONS; i++)
			alive += session_step(&play.sessions[i]);
		polite_turn();
	}
	for (uint32_t i = 0; alive > 0 && i < SESSIONS; i++)
		if (play.sessions[i].fd >= 0)
			blame(i, "it does not end");
	assert_int_equal(alive, 0);
}

/* Done or not done: with the same words it is done once, and says what was meant. */
static void settle(const struct session *s)
{
	struct str path = text_make("/v1/customers/%s", s->customer);
	struct response r = house_ask(&play.house, play.polite, "GET", path.p, NULL, STR_NULL);

	assert_true(r.status == 200 || r.status == 404);
	bool done = r.status == 200;
	response_free(&r);
	if (!done) {
		struct str body = session_customer(s->customer);
		(void)ask("PUT", path.p, body, 201);
		text_free(body);
	}
	struct json person = json_get(ask("GET", path.p, STR_NULL, 200), "person");
	assert_str(json_str_at(person, "name"), s->customer);
	text_free(path);
}

static void one_round(uint64_t seed)
{
	struct chance chance = {seed};
	uint32_t faults = 0;

	play.seed = seed;
	play.polite = client_open(play.house.port);
	assert_non_null(play.polite);
	for (uint32_t i = 0; i < SESSIONS; i++) {
		char name[24];
		snprintf(name, sizeof name, "%llu-%u", (unsigned long long)seed, i);
		session_draw(&play.sessions[i], &chance, &play.house, name);
		session_begin(&play.sessions[i], play.house.port, play.number++);
	}
	play_until_over();
	for (uint32_t i = 0; i < SESSIONS; i++) {
		const char *fault = session_fault(&play.sessions[i]);
		if (fault)
			blame(i, fault);
		faults += fault != NULL;
		if (play.sessions[i].customer[0])
			settle(&play.sessions[i]);
		session_free(&play.sessions[i]);
	}
	(void)ask("GET", "/v1/customers/SMUGGLED", STR_NULL, 404);
	client_close(play.polite);
	assert_int_equal(faults, 0);
}

/* ---- the play ---- */

static long anonymous_kib(void)
{
	char path[64], line[256];
	long kib = -1;

	snprintf(path, sizeof path, "/proc/%d/status", (int)play.house.server.pid);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		if (sscanf(line, "RssAnon: %ld kB", &kib) == 1)
			break;
	fclose(f);
	assert_true(kib > 0);
	return kib;
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void tell(long early_kib, long late_kib)
{
	uint32_t n = play.turns < TURNS_MAX ? play.turns : TURNS_MAX;

	qsort(play.took_us, n, sizeof *play.took_us, by_size);
	print_message("# %u sessions, %u polite requests: p50 %u us, p99 %u us, most %u us; "
		      "kept at most %ld KiB early, %ld KiB late\n",
		play.number, play.turns, play.took_us[n / 2], play.took_us[n - 1 - n / 100],
		play.took_us[n - 1], early_kib, late_kib);
}

/* When all have left nothing of them is open any more; what they did is counted. */
static void check_figures(void)
{
	static const char *const lines[] = {"relais_http_in_flight 1\n",
		"relais_http_connections 1\n", "relais_http_streams 0\n",
		"relais_writer_waiting 0\n", "relais_journal_entries{journal=\"LYO\"} ",
		"relais_problems_total{reason=\"corrupt\"} 0\n", "relais_writer_faults_total 0\n"};
	uint64_t end_us = now_us() + UINT64_C(1000) * CLIENT_WAIT_MS;
	size_t i = 0;

	/* a farewell may still be on its way */
	while (i < ARRAY_LEN(lines) && now_us() < end_us) {
		struct response r = house_ask(&play.house, NULL, "GET", "/metrics", NULL, STR_NULL);
		assert_int_equal(r.status, 200);
		for (i = 0; i < ARRAY_LEN(lines) && strstr(r.body.p, lines[i]); i++)
			;
		response_free(&r);
	}
	if (i < ARRAY_LEN(lines))
		fail_msg("/metrics does not say %s", lines[i]);
}

static void the_polite_are_served(void **state)
{
	const char *alone = getenv("RELAIS_SEED");
	uint32_t rounds = getenv("RELAIS_LONG") ? ROUNDS_LONG : ROUNDS;
	long kept_kib[2] = {0}; /* the most, in either half */

	(void)state;
	for (uint32_t i = 0; i < (alone ? 1 : rounds); i++) {
		one_round(alone ? strtoull(alone, NULL, 10) : i + 1);
		long kib = anonymous_kib();
		if (kib > kept_kib[i >= rounds / 2])
			kept_kib[i >= rounds / 2] = kib;
	}
	tell(kept_kib[0], kept_kib[1]);
	check_figures();
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed */
	assert_true(kept_kib[0] <= KEPT_KIB_MAX && kept_kib[1] <= KEPT_KIB_MAX);
	if (rounds == ROUNDS_LONG)
		assert_true(kept_kib[1] * 100 <= kept_kib[0] * (100 + GROWTH_PERCENT_MAX));
#endif
}

static int begin(void **state)
{
	(void)state;
	/* so that who says nothing is not waited for long; the polite client is faster by far */
	setenv("RELAIS_HTTP_REQUEST_MS_MAX", "1500", 1);
	setenv("RELAIS_HTTP_STALLED_MS_MAX", "1000", 1);
	house_make(&play.house);
	house_serve(&play.house);
	house_token(&play.house);
	house_fill(&play.house);
	play.now = house_now(&play.house);
	return 0;
}

static int end(void **state)
{
	(void)state;
	house_stop(&play.house);
	house_remove(&play.house);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_polite_are_served),
	};
	return cmocka_run_group_tests_name("hostile", tests, begin, end);
}
