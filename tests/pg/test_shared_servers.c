/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Two real servers at once: for the last car, for the same key, one behind the other. */

#include "tests/pg/history.h"

enum { ROUNDS = 20, ROUNDS_LONG = 1000, SOLO_FROM = 0 };

static uint32_t told_no, told_yes;

static struct str booking_of(const struct response *r)
{
	struct str id = json_str_at(house_json(r), "booking");

	assert_true(id.n > 0);
	return text_make("%.*s", STR_FMT(id));
}

/* Both ask at once, each with a key of its own or both with the same. */
static void ask_both(
	uint32_t round, const char *key[HOUSES], struct str body, struct response out[HOUSES])
{
	struct client *c[HOUSES];
	struct history_call call[HOUSES];

	for (uint32_t i = 0; i < HOUSES; i++)
		c[i] = client_open(house[i].port);
	for (uint32_t i = 0; i < HOUSES; i++) {
		uint32_t which = (i + round) % HOUSES; /* neither is always the first */
		call[which] = history_begin(which, "POST", "/v1/bookings", key[which], body);
		houses_send(c[which], which, key[which], body);
	}
	for (uint32_t i = 0; i < HOUSES; i++) {
		out[i] = client_read(c[i], false, HOUSES_REPLY_MS);
		history_end(&call[i], &out[i]);
		client_close(c[i]);
		if (out[i].status == 503) { /* unlucky eight times: it is to ask again */
			response_free(&out[i]);
			out[i] = houses_insist(i, key[i], body);
		}
	}
}

static void one_is_first(void **state)
{
	uint32_t rounds = houses_rounds(ROUNDS, ROUNDS_LONG);
	int64_t before = houses_booked();

	(void)state;
	for (uint32_t round = 0; round < rounds; round++) {
		struct str body = houses_order(SOLO_FROM + round, "loaner_brand", "solo");
		struct response r[HOUSES];
		char keys[HOUSES][32];
		const char *key[HOUSES] = {keys[0], keys[1]};
		uint32_t won = 0;
		for (uint32_t i = 0; i < HOUSES; i++)
			snprintf(keys[i], sizeof keys[i], "race-%u-%u", round, i);
		ask_both(round, key, body, r);
		for (uint32_t i = 0; i < HOUSES; i++) {
			won += r[i].status == 201;
			if (r[i].status != 201 && r[i].status != 409)
				fail_msg("round %u: %d %.*s", round, r[i].status,
					STR_FMT(r[i].body));
			response_free(&r[i]);
		}
		assert_int_equal(won, 1);
		/* and both stand by it */
		for (uint32_t i = 0; i < HOUSES; i++) {
			r[0] = houses_insist(1 - i, key[i], body);
			assert_true(response_header(&r[0], "idempotency-replayed").n > 0);
			told_yes += r[0].status == 201;
			told_no += r[0].status == 409;
			response_free(&r[0]);
		}
		text_free(body);
	}
	assert_int_equal(told_yes, rounds);
	assert_int_equal(told_no, rounds);
	assert_int_equal(houses_booked() - before, rounds);
}

static void one_key_is_one_booking(void **state)
{
	uint32_t rounds = houses_rounds(ROUNDS, ROUNDS_LONG), replayed = 0;
	int64_t before = houses_booked();

	(void)state;
	for (uint32_t round = 0; round < rounds; round++) {
		struct str body = houses_order(round % 100, "rental", NULL), id[HOUSES];
		struct response r[HOUSES];
		char name[32];
		const char *key[HOUSES] = {name, name};
		snprintf(name, sizeof name, "same-%u", round);
		ask_both(round, key, body, r);
		for (uint32_t i = 0; i < HOUSES; i++) {
			if (r[i].status != 201)
				fail_msg("round %u: %d %.*s", round, r[i].status,
					STR_FMT(r[i].body));
			replayed += response_header(&r[i], "idempotency-replayed").n > 0;
			id[i] = booking_of(&r[i]);
			response_free(&r[i]);
		}
		assert_true(str_eq(id[0], id[1]));
		for (uint32_t i = 0; i < HOUSES; i++)
			text_free(id[i]);
		text_free(body);
	}
	assert_in_range(replayed, rounds, 2 * rounds);
	assert_int_equal(houses_booked() - before, rounds);
}

/* What one has done is seen at the other by whoever says how far it must be. */
static void the_other_is_as_far_as_it_is_asked(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		struct str body = houses_order(100 + i, "rental", NULL), path, seq;
		char key[16];
		struct response r;
		snprintf(key, sizeof key, "far-%u", i);
		r = houses_ask(i % 2, key, body);
		assert_int_equal(r.status, 201);
		seq = text_make("%.*s", STR_FMT(response_header(&r, "relais-seq")));
		struct str id = booking_of(&r);
		path = text_make("/v1/bookings/%.*s", STR_FMT(id));
		response_free(&r);
		r = houses_look(1 - i % 2, path.p, seq.p);
		assert_int_equal(r.status, 200);
		response_free(&r);
		text_free(seq);
		text_free(path);
		text_free(id);
		text_free(body);
	}
}

static uint64_t seq_of(uint32_t which)
{
	struct response r = house_ask(&house[which], NULL, "GET", "/v1/sites/LYO", NULL, STR_NULL);
	struct str seq = response_header(&r, "relais-seq");
	unsigned long long n = 0;

	assert_int_equal(r.status, 200);
	assert_int_equal(sscanf(seq.p, "LYO=%llu", &n), 1);
	response_free(&r);
	return n;
}

/* Whoever asks for nothing in particular sees it soon as well. */
static void the_other_follows_by_itself(void **state)
{
	struct str body = houses_order(110, "rental", NULL);
	int64_t until_ms = pg_clock_ms() + HOUSES_REPLY_MS;
	uint64_t before = seq_of(1);
	struct response r = houses_ask(0, "soon", body);

	(void)state;
	assert_int_equal(r.status, 201);
	response_free(&r);
	while (seq_of(1) <= before)
		assert_true(pg_clock_ms() < until_ms);
	text_free(body);
}

/* Names are sealed with keys that were made at the other one; rows are the same everywhere. */
static void all_have_the_same(void **state)
{
	static struct told told;
	struct str name = text_make("%.*s",
		STR_FMT(json_str_at(json_get(house_must(&house[1], NULL, "GET", "/v1/customers/K3",
						     NULL, STR_NULL, 200),
					    "person"),
			"name")));

	(void)state;
	assert_str(name, "Keeper Number3");
	text_free(name);
	for (uint32_t i = 0; i < HOUSES; i++) {
		relais(&told, "verify", "--data", house[i].data);
		told_code(&told, 0);
		relais(&told, "audit", "verify", "--data", house[i].data);
		told_code(&told, 0);
	}
}

/* One value of a report, as the role of reports sees it. */
static int64_t reported(const char *format, ...) PRINTF_LIKE(1, 2);
static int64_t reported(const char *format, ...)
{
	struct pg pg = {.conn = NULL};
	struct pg_rows rows = {NULL, 0};
	char url[POSTGRES_URL_BYTES], sql[1000];
	struct pg_query q = {.sql = sql};
	va_list args;
	int64_t value;

	va_start(args, format);
	vsnprintf(sql, sizeof sql, format, args);
	va_end(args);
	if (pg_connect(&pg, postgres_url_of(&postgres, "reader", "shared", url),
		    pg_clock_ms() + POSTGRES_WAIT_MS) != PG_DONE ||
		pg_ask(&pg, &q, pg_clock_ms() + POSTGRES_WAIT_MS, &rows) != PG_DONE)
		fail_msg("%s: %s", sql, pg.why);
	value = pg_number(&rows, 0, 0);
	pg_rows_free(&rows);
	pg_drop(&pg);
	return value;
}

/* Each booking that the server lists is a line of the view that says the same of it. */
static void reports_say_the_same(void **state)
{
	enum { LISTED = 20 };
	struct json list;
	uint32_t n = 0;

	(void)state;
	(void)postgres_ask(&postgres, "shared", "CREATE ROLE reader LOGIN IN ROLE relais_report");
	list = house_must(
		&house[1], NULL, "GET", "/v1/bookings?site=LYO&limit=20", NULL, STR_NULL, 200);
	for (struct json b = json_first(json_get(list, "items")); json_present(b);
		b = json_next(json_get(list, "items"), b), n++) {
		struct json terms = json_get(b, "terms");
		struct str number = json_str_at(b, "number");
		assert_int_equal(
			reported("SELECT count(*) FROM relais_report.bookings WHERE number = '%.*s'"
				 " AND status = '%.*s' AND \"from\" = '%.*s' AND until = '%.*s'"
				 " AND solution = '%.*s' AND value_minor = %lld"
				 " AND customer_minor = %lld",
				STR_FMT(number), STR_FMT(json_str_at(b, "status")),
				STR_FMT(json_str_at(b, "from")), STR_FMT(json_str_at(b, "until")),
				STR_FMT(json_str_at(b, "solution")),
				(long long)json_int_at(terms, "value_minor", 0),
				(long long)json_int_at(terms, "customer_minor", 0)),
			1);
		assert_int_equal(reported("SELECT coalesce(sum(amount_minor), 0)::int8 FROM"
					  " relais_report.costs WHERE number = '%.*s'",
					 STR_FMT(number)),
			json_int_at(terms, "value_minor", 0));
	}
	assert_int_equal(n, LISTED);
	assert_int_equal(reported("SELECT count(*) FROM relais_report.bookings"), houses_booked());
	/* a race has one who lost; the car has two hours and its turnaround */
	assert_int_equal(
		reported("SELECT sum(bookings)::int8 FROM relais_report.refused_demand"), told_no);
	assert_int_equal(reported("SELECT (sum(minutes) / 180)::int8 FROM relais_report.utilisation"
				  " WHERE resource = 'SOLO'"),
		told_yes);
}

/* And no more than that. */
static void reports_hold_no_keys(void **state)
{
	static const char *const refused[] = {"SELECT key FROM relais.person_key",
		"SELECT secret FROM relais.identity", "SELECT bytes FROM relais.journal",
		"DELETE FROM relais_report.bookings"};
	char sql[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		snprintf(sql, sizeof sql, "SET ROLE reader; %s", refused[i]);
		assert_string_equal(
			postgres_refusal(&postgres, "shared", sql), i == 3 ? "55000" : "42501");
	}
}

/* A directory that follows a journal is no place for commands that write alone. */
static void nobody_writes_beside_it(void **state)
{
	static struct told told;

	(void)state;
	house_stop(&house[1]);
	house[1].journal = NULL;
	relais(&told, "erase", "--data", house[1].data, "K4");
	assert_int_not_equal(told.code, 0);
	relais(&told, "serve", "--data", house[1].data, "--listen", "127.0.0.1:0");
	told_code(&told, 74);
	assert_non_null(strstr(told.err, "follows a journal that servers share"));
}

static void the_judge_finds_nothing(void **state)
{
	(void)state;
	history_judge(false);
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
	history_close();
	houses_close();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_first),
		cmocka_unit_test(one_key_is_one_booking),
		cmocka_unit_test(the_other_is_as_far_as_it_is_asked),
		cmocka_unit_test(the_other_follows_by_itself),
		cmocka_unit_test(all_have_the_same),
		cmocka_unit_test(reports_say_the_same),
		cmocka_unit_test(reports_hold_no_keys),
		cmocka_unit_test(nobody_writes_beside_it),
		cmocka_unit_test(the_judge_finds_nothing),
	};
	return cmocka_run_group_tests(tests, open_all, close_all);
}
