/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/pg/houses.h"

#include <poll.h>

#include "tests/pg/history.h"

enum { HOUR_S = 3600, ROUND_HOURS = 4, PAUSE_MS = 20 };

struct postgres postgres;
struct house house[HOUSES];

static char url[POSTGRES_URL_BYTES];
static struct str offer;
static struct instant first;

static void ask_offer(void)
{
	char at[INSTANT_TEXT];
	struct instant drop_off;
	struct str body, text;

	first = house_now(&house[0]);
	first.s = first.s / HOUR_S * HOUR_S + 48 * HOUR_S;
	drop_off.s = first.s;
	body = text_make(
		"{\"site\":\"LYO\",\"vin\":\"ZAMTESTC1T0000001\",\"jobs\":[{\"type\":"
		"\"warranty_repair\",\"immobilisation_minutes\":480}],\"drop_off_at\":\"%s\"}",
		instant_print_utc(drop_off, at).p);
	text = json_str_at(
		house_must(&house[0], NULL, "POST", "/v1/offers", NULL, body, 200), "offer");
	offer = text_make("%.*s", STR_FMT(text));
	text_free(body);
}

void houses_open(const char *first_address, const char *second_address)
{
	const char *const address[HOUSES] = {first_address, second_address};
	struct str solo = STR("{\"site\":\"LYO\",\"kind\":\"car\",\"solutions\":[\"loaner_brand\"],"
			      "\"class\":\"solo\",\"label\":\"Solo\",\"seats\":1,"
			      "\"turnaround_minutes\":60,\"status\":\"active\"}");

	if (!postgres.pid)
		postgres_open(&postgres);
	postgres_database(&postgres, "shared");
	for (uint32_t i = 0; i < HOUSES; i++) {
		house_make(&house[i]);
		house[i].journal = address[i] ? address[i] : postgres_url(&postgres, "shared", url);
		house_serve(&house[i]);
		house_token(&house[i]);
		if (i > 0)
			continue;
		house_fill(&house[0]);
		(void)house_must(&house[0], NULL, "PUT", "/v1/resources/SOLO", NULL, solo, 201);
		ask_offer();
	}
}

void houses_close(void)
{
	for (uint32_t i = 0; i < HOUSES; i++) {
		if (house[i].server.pid > 0)
			house_stop(&house[i]);
		house_remove(&house[i]);
	}
	text_free(offer);
	postgres_close(&postgres);
}

struct str houses_order(uint32_t round, const char *solution, const char *class)
{
	struct instant from = {first.s + (int64_t)round * ROUND_HOURS * HOUR_S};
	struct instant until = {from.s + 2 * HOUR_S};
	char at[2][INSTANT_TEXT];

	return text_make("{\"offer\":\"%.*s\",\"solution\":\"%s\",%s%s%s\"from\":\"%s\","
			 "\"until\":\"%s\",\"accept_customer_minor\":99999999}",
		STR_FMT(offer), solution, class ? "\"class\":\"" : "", class ? class : "",
		class ? "\"," : "", instant_print_utc(from, at[0]).p,
		instant_print_utc(until, at[1]).p);
}

void houses_send(struct client *c, uint32_t which, const char *key, struct str body)
{
	struct str bytes = house_request(&house[which], "POST", "/v1/bookings", key, body);

	assert_non_null(c);
	assert_true(client_send(c, bytes));
	text_free(bytes);
}

struct response houses_ask(uint32_t which, const char *key, struct str body)
{
	struct history_call call = history_begin(which, "POST", "/v1/bookings", key, body);
	struct response r = house_ask(&house[which], NULL, "POST", "/v1/bookings", key, body);

	history_end(&call, &r);
	return r;
}

struct response houses_look(uint32_t which, const char *path, const char *min_seq)
{
	struct history_call call = history_begin(which, "GET", path, NULL, STR_NULL);
	struct str bytes =
		text_make("GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n%s%s%s\r\n",
			path, house[which].bearer, min_seq ? "Relais-Min-Seq: " : "",
			min_seq ? min_seq : "", min_seq ? "\r\n" : "");
	struct client *c = client_open(house[which].port);
	struct response r = {0};

	assert_non_null(c);
	if (client_send(c, bytes))
		r = client_read(c, false, HOUSES_REPLY_MS);
	call.min_seq = min_seq;
	history_end(&call, &r);
	client_close(c);
	text_free(bytes);
	return r;
}

struct response houses_insist(uint32_t which, const char *key, struct str body)
{
	int64_t until_ms = pg_clock_ms() + HOUSES_REPLY_MS;

	for (;; which++) {
		struct response r = houses_ask(which % HOUSES, key, body);
		if (r.status != 503 && r.status != 0)
			return r;
		response_free(&r);
		if (pg_clock_ms() > until_ms)
			fail_msg("nobody answers for the key %s", key);
		poll(NULL, 0, PAUSE_MS);
	}
}

int64_t houses_booked(void)
{
	return postgres_ask(&postgres, "shared",
		"SELECT count(DISTINCT e->>'id') FROM relais.journal, jsonb_array_elements("
		"convert_from(bytes, 'UTF8')::jsonb->'effects') AS e"
		" WHERE site = 'LYO' AND e->>'kind' = 'booking'");
}

uint32_t houses_rounds(uint32_t few, uint32_t many)
{
	const char *longer = getenv("RELAIS_LONG");

	return longer && *longer == '1' ? many : few;
}
