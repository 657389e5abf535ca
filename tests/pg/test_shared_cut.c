/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The answer to an append is cut off, or the append itself, and the client asks the other server:
 * one booking each time, whichever of both made it, and the first server comes to say the same. */

#include "tests/pg/cutter.h"
#include "tests/pg/history.h"

enum { CUTS = 8, CUTS_LONG = 1000 };

static struct cutter cutter;

static struct str booking_of(const struct response *r)
{
	return text_make("%.*s", STR_FMT(json_str_at(house_json(r), "booking")));
}

/* Of the first server, as soon as it has PostgreSQL again. */
static struct response first_says(const char *key, struct str body)
{
	int64_t until_ms = pg_clock_ms() + HOUSES_REPLY_MS;
	struct response r = houses_ask(0, key, body);

	while (r.status == 503 && pg_clock_ms() < until_ms) {
		response_free(&r);
		r = houses_ask(0, key, body);
	}
	return r;
}

static void what_was_cut_is_booked_once(void **state)
{
	uint32_t cuts = houses_rounds(CUTS, CUTS_LONG), by_first = 0;
	int64_t before = houses_booked();

	(void)state;
	for (uint32_t i = 0; i < cuts; i++) {
		struct str body = houses_order(i, "loaner_brand", "solo"), booking, again;
		struct response r;
		char key[24];
		snprintf(key, sizeof key, "cut-%u", i);
		cutter_set(&cutter, i % 2 ? CUT_APPEND : CUT_REPLY);
		do { /* where all is slow its time may be over before it comes to the append */
			r = houses_ask(0, key, body);
			/* nobody knows, and nobody says otherwise */
			assert_int_equal(r.status, 503);
			response_free(&r);
		} while (!cutter_was_used(&cutter));
		r = houses_insist(1, key, body);
		assert_int_equal(r.status, 201);
		by_first += response_header(&r, "idempotency-replayed").n > 0;
		booking = booking_of(&r);
		response_free(&r);
		cutter_set(&cutter, CUT_NEVER);
		r = first_says(key, body);
		assert_int_equal(r.status, 201);
		assert_true(response_header(&r, "idempotency-replayed").n > 0);
		again = booking_of(&r);
		response_free(&r);
		assert_true(booking.n > 0 && str_eq(booking, again));
		text_free(booking);
		text_free(again);
		text_free(body);
	}
	assert_int_equal(houses_booked() - before, cuts);
	/* half of them had arrived before, unless the timer's entry was the one that was cut */
	assert_in_range(by_first, 1, (cuts + 1) / 2);
	print_message("# %u cuts, %u had arrived\n", cuts, by_first);
}

static void the_judge_finds_nothing(void **state)
{
	(void)state;
	history_judge(false);
}

static int open_all(void **state)
{
	static char url[POSTGRES_URL_BYTES];

	(void)state;
	postgres_open(&postgres);
	cutter_open(&cutter, &postgres);
	houses_open(cutter_url(&cutter, "shared", url), NULL);
	history_open();
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	history_close();
	houses_close();
	cutter_close(&cutter);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_cut_is_booked_once),
		cmocka_unit_test(the_judge_finds_nothing),
	};
	return cmocka_run_group_tests(tests, open_all, close_all);
}
