/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/claims.h"

#include <sys/wait.h>

/* Proves the calendar's edges by tables, its chunks by filling them, its assertions by dying. */

static const struct seat seat_one = {{"CAR-1", 5}, 0};

static void add(struct world *w, uint32_t from, uint32_t until, uint32_t serial)
{
	calendar_add(&w->txn, seat_one,
		(struct claim_row){from, until, serial, CLAIM_CAR, serial % 2 == 1});
}

/* tables of edges */

/* Claims 100-200, 200-300 (touching), 400-500, and one up to the last minute there is. */
static void fill_edges(struct world *w)
{
	add(w, 100, 200, 1);
	add(w, 400, 500, 3);
	add(w, 200, 300, 2);
	add(w, MINUTE_FOREVER - 10, MINUTE_FOREVER, 4);
}

static void test_is_free_edges(void **state)
{
	static const struct {
		uint32_t from, until, except;
		bool free;
	} cases[] = {
		{0, 1, 0, true}, {0, 100, 0, true}, /* touches the first start */
		{0, 101, 0, false}, {99, 100, 0, true}, {100, 101, 0, false},
		{150, 151, 0, false},			    /* inside */
		{199, 200, 0, false}, {199, 201, 0, false}, /* over the touching border */
		{200, 201, 0, false}, {299, 300, 0, false},
		{300, 400, 0, true}, /* exactly the gap */
		{299, 400, 0, false}, {300, 401, 0, false},
		{0, 1000, 0, false},  /* claims lie inside the window */
		{120, 180, 0, false}, /* a claim spans the window */
		{120, 180, 1, true}, {120, 180, 2, false},
		{100, 300, 1, false}, /* the other one stays in the way */
		{100, 300, 2, false}, {100, 200, 1, true}, {50, 200, 1, true}, {250, 400, 2, true},
		{500, MINUTE_FOREVER - 10, 0, true}, {500, MINUTE_FOREVER - 9, 0, false},
		{MINUTE_FOREVER - 1, MINUTE_FOREVER, 0, false},
		{MINUTE_FOREVER - 1, MINUTE_FOREVER, 4, true},
		{150, 150, 0, true}, /* nothing is asked for */
	};
	struct world w;

	(void)state;
	world_open(&w);
	fill_edges(&w);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (calendar_is_free(&w.txn, seat_one, cases[i].from, cases[i].until,
			    cases[i].except) != cases[i].free)
			fail_msg("case %zu", i);
	}
	/* A claim without a serial is not excepted by "nothing excepted". */
	add(&w, 600, 610, 0);
	assert_false(calendar_is_free(&w.txn, seat_one, 600, 610, 0));
	world_close(&w);
}

static void test_next_free_edges(void **state)
{
	static const struct {
		uint32_t from, minutes, horizon, next;
	} cases[] = {
		{0, 1, 1000, 0},
		{0, 100, 1000, 0}, /* fits exactly before the first */
		{0, 101, 1000, 500},
		{1, 100, 1000, 300},
		{100, 100, 1000, 300}, /* exactly the gap, past two touching claims */
		{100, 101, 1000, 500},
		{150, 1, 1000, 300},
		{150, 1, 301, 300},
		{150, 1, 300, MINUTE_FOREVER}, /* starts at the horizon: too late */
		{150, 101, 500, MINUTE_FOREVER},
		{150, 101, 501, 500},
		{399, 1, 1000, 399},
		{399, 2, 1000, 500},
		{450, 1, 450, MINUTE_FOREVER},
		{500, MINUTE_FOREVER - 510, MINUTE_FOREVER, 500},
		{500, MINUTE_FOREVER - 509, MINUTE_FOREVER, MINUTE_FOREVER},
		{MINUTE_FOREVER - 11, 1, MINUTE_FOREVER, MINUTE_FOREVER - 11},
		{MINUTE_FOREVER - 10, 1, MINUTE_FOREVER, MINUTE_FOREVER},
		{MINUTE_FOREVER, 1, MINUTE_FOREVER, MINUTE_FOREVER},
	};
	static const struct seat seat_empty = {{"CAR-2", 5}, 0};
	struct world w;

	(void)state;
	world_open(&w);
	fill_edges(&w);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint32_t next = calendar_next_free(
			&w.txn, seat_one, cases[i].from, cases[i].minutes, cases[i].horizon);

		if (next != cases[i].next)
			fail_msg("case %zu: %u", i, next);
	}
	/* On an empty seat only the end of time stands in the way. */
	assert_int_equal(calendar_next_free(&w.txn, seat_empty, 7, MINUTE_FOREVER - 7, 8), 7);
	assert_int_equal(
		calendar_next_free(&w.txn, seat_empty, 7, MINUTE_FOREVER - 6, 8), MINUTE_FOREVER);
	world_close(&w);
}

static void test_gap_edges(void **state)
{
	static const struct {
		uint32_t minute, except, from, until;
	} cases[] = {
		{0, 0, 0, 100},
		{99, 0, 0, 100},
		{300, 0, 300, 400},
		{399, 0, 300, 400},
		{350, 2, 200, 400}, /* the excepted claim ends where the gap begins */
		{350, 3, 300, MINUTE_FOREVER - 10},
		{250, 2, 200, 400}, /* the minute lies in the excepted claim */
		{500, 4, 500, MINUTE_FOREVER},
		{600, 0, 500, MINUTE_FOREVER - 10},
		{MINUTE_FOREVER - 1, 4, 500, MINUTE_FOREVER},
	};
	struct world w;
	uint32_t from, until;

	(void)state;
	world_open(&w);
	calendar_gap(&w.txn, seat_one, 5, 0, &from, &until);
	assert_int_equal(from, 0);
	assert_int_equal(until, MINUTE_FOREVER);
	fill_edges(&w);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		calendar_gap(&w.txn, seat_one, cases[i].minute, cases[i].except, &from, &until);
		if (from != cases[i].from || until != cases[i].until)
			fail_msg("case %zu: %u..%u", i, from, until);
	}
	world_close(&w);
}

static void test_claims_edges(void **state)
{
	static const struct {
		uint32_t from, until;
		size_t count;
		uint32_t first;
	} cases[] = {
		{0, 100, 0, 0},
		{0, 101, 1, 1},
		{120, 180, 1, 1},
		{199, 201, 2, 1},
		{200, 201, 1, 2},
		{150, 150, 0, 0},
		{300, 400, 0, 0},
		{0, 1000, 3, 1},
		{0, MINUTE_FOREVER, 4, 1},
		{499, MINUTE_FOREVER, 2, 3},
	};
	struct claim_row out[4];
	struct world w;

	(void)state;
	world_open(&w);
	fill_edges(&w);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t n = calendar_claims(
			&w.txn, seat_one, cases[i].from, cases[i].until, out, ARRAY_LEN(out));

		if (n != cases[i].count || (n > 0 && out[0].serial != cases[i].first))
			fail_msg("case %zu: %zu", i, n);
	}
	/* The count goes on where the room ends, and what lies behind the room is left alone. */
	out[1].serial = 77;
	assert_int_equal(calendar_claims(&w.txn, seat_one, 0, 1000, out, 1), 3);
	assert_int_equal(out[0].from, 100);
	assert_int_equal(out[0].until, 200);
	assert_int_equal(out[0].what, CLAIM_CAR);
	assert_true(out[0].pinned);
	assert_int_equal(out[1].serial, 77);
	assert_int_equal(calendar_claims(&w.txn, seat_one, 0, 1000, NULL, 0), 3);
	world_close(&w);
}

/* Seats whose keys lie side by side do not see each other. */
static void test_seats_are_apart(void **state)
{
	static const struct seat seats[] = {
		{{"A", 1}, 0}, {{"A", 1}, 1}, {{"A", 1}, 256}, {{"AB", 2}, 0}, {{"B", 1}, 0}};
	struct world w;
	uint32_t from, until;

	(void)state;
	world_open(&w);
	calendar_add(&w.txn, seats[0], (struct claim_row){50, 60, 1, CLAIM_DESK_OUT, false});
	calendar_add(&w.txn, seats[3], (struct claim_row){10, 20, 2, CLAIM_CAR, false});
	calendar_add(&w.txn, seats[4], (struct claim_row){30, 40, 3, CLAIM_BLOCK, true});
	for (size_t i = 1; i <= 2; i++) {
		assert_true(calendar_is_free(&w.txn, seats[i], 0, 1000, 0));
		calendar_gap(&w.txn, seats[i], 35, 0, &from, &until);
		assert_int_equal(from, 0);
		assert_int_equal(until, MINUTE_FOREVER);
		assert_int_equal(calendar_claims(&w.txn, seats[i], 0, 1000, NULL, 0), 0);
	}
	calendar_add(&w.txn, seats[2], (struct claim_row){0, 5, 4, CLAIM_CAR, false});
	calendar_remove(&w.txn, seats[2], 0, 4);
	assert_false(calendar_is_free(&w.txn, seats[0], 55, 56, 0));
	assert_false(calendar_is_free(&w.txn, seats[3], 15, 16, 0));
	assert_false(calendar_is_free(&w.txn, seats[4], 35, 36, 0));
	assert_int_equal(chunks_of(&w), 3);
	world_close(&w);
}

/* chunks */

/* Minutes i*10 .. i*10+5 for every i; a full chunk more at each step splits one. */
static void fill_chunks(struct world *w, uint32_t claims)
{
	for (uint32_t i = 0; i < claims; i++)
		add(w, i * 10, i * 10 + 5, i + 1);
}

static void test_split_at_the_border(void **state)
{
	struct world w;
	struct key key;
	struct str value;

	(void)state;
	world_open(&w);
	fill_chunks(&w, CHUNK_CLAIMS);
	assert_int_equal(chunks_of(&w), 1);
	add(&w, CHUNK_CLAIMS * 10, CHUNK_CLAIMS * 10 + 5, CHUNK_CLAIMS + 1);
	assert_int_equal(chunks_of(&w), 2);
	key = key_claims(seat_one.resource, 0, 0);
	assert_true(txn_get(&w.txn, DB_CLAIMS, key_str(&key), &value));
	assert_int_equal(value.n, (CHUNK_CLAIMS + 1) / 2 * CLAIM_BYTES);
	/* Every claim and every gap is where it was, on both sides of the cut and across it. */
	for (uint32_t i = 0; i <= CHUNK_CLAIMS; i++) {
		assert_false(calendar_is_free(&w.txn, seat_one, i * 10, i * 10 + 1, 0));
		assert_true(calendar_is_free(&w.txn, seat_one, i * 10, i * 10 + 10, i + 1));
		assert_true(calendar_is_free(&w.txn, seat_one, i * 10 + 5, i * 10 + 10, 0));
		assert_int_equal(
			calendar_next_free(&w.txn, seat_one, i * 10, 5, UINT32_MAX), i * 10 + 5);
	}
	assert_int_equal(
		calendar_next_free(&w.txn, seat_one, 0, 6, UINT32_MAX), CHUNK_CLAIMS * 10 + 5);
	assert_int_equal(
		calendar_claims(&w.txn, seat_one, 0, UINT32_MAX, NULL, 0), CHUNK_CLAIMS + 1);
	world_close(&w);
}

/* A claim that ends in the gap between two chunks, and one that spans a window there. */
static void test_claim_into_the_border(void **state)
{
	uint32_t half = (CHUNK_CLAIMS + 1) / 2, border = half * 10; /* the second chunk's start */
	struct world w;
	uint32_t from, until;

	(void)state;
	world_open(&w);
	fill_chunks(&w, CHUNK_CLAIMS + 1);
	calendar_gap(&w.txn, seat_one, border - 3, 0, &from, &until);
	assert_int_equal(from, border - 5);
	assert_int_equal(until, border);
	calendar_gap(&w.txn, seat_one, border - 3, half + 1, &from, &until);
	assert_int_equal(until, border + 10);
	calendar_gap(&w.txn, seat_one, border - 3, half, &from, &until);
	assert_int_equal(from, border - 15);
	add(&w, border - 5, border, 9999); /* fills it, touching both sides */
	assert_false(calendar_is_free(&w.txn, seat_one, border - 4, border - 3, 0));
	assert_int_equal(
		calendar_next_free(&w.txn, seat_one, border - 10, 1, UINT32_MAX), border + 5);
	calendar_remove(&w.txn, seat_one, border - 5, 9999);
	assert_true(calendar_is_free(&w.txn, seat_one, border - 5, border, 0));
	assert_int_equal(chunks_of(&w), 2);
	world_close(&w);
}

static void test_first_claim_gives_the_key(void **state)
{
	uint32_t half = (CHUNK_CLAIMS + 1) / 2;
	struct world w;

	(void)state;
	world_open(&w);
	fill_chunks(&w, CHUNK_CLAIMS + 1);
	/* The first of each chunk goes: both get new keys. */
	calendar_remove(&w.txn, seat_one, 0, 1);
	calendar_remove(&w.txn, seat_one, half * 10, half + 1);
	assert_int_equal(chunks_of(&w), 2);
	assert_true(calendar_is_free(&w.txn, seat_one, 0, 10, 0));
	assert_true(calendar_is_free(&w.txn, seat_one, half * 10 - 5, half * 10 + 10, 0));
	assert_false(calendar_is_free(&w.txn, seat_one, half * 10 + 14, half * 10 + 15, 0));
	/* One before all others gives the first chunk another key again. */
	add(&w, 2, 3, 7777);
	assert_int_equal(chunks_of(&w), 2);
	assert_false(calendar_is_free(&w.txn, seat_one, 2, 3, 0));
	world_close(&w);
}

static void test_small_chunks_join(void **state)
{
	struct world w;
	uint32_t many = CHUNK_CLAIMS * 4;
	size_t chunks;

	(void)state;
	world_open(&w);
	fill_chunks(&w, many);
	chunks = chunks_of(&w);
	assert_true(chunks >= 6);
	/* One claim of ten stays: the chunks become few, none is left behind almost empty. */
	for (uint32_t i = 0; i < many; i++) {
		if (i % 10 != 0)
			calendar_remove(&w.txn, seat_one, i * 10, i + 1);
	}
	assert_true(chunks_of(&w) <= 2);
	assert_int_equal(calendar_claims(&w.txn, seat_one, 0, UINT32_MAX, NULL, 0), many / 10 + 1);
	/* From the last to the first, so that the joining goes to the chunk before. */
	for (uint32_t i = many; i-- > 0;) {
		if (i % 10 == 0)
			calendar_remove(&w.txn, seat_one, i * 10, i + 1);
	}
	assert_int_equal(chunks_of(&w), 0);
	world_close(&w);
}

static void test_last_chunk_joins_the_one_before(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	fill_chunks(&w, CHUNK_CLAIMS + 1);
	for (uint32_t i = CHUNK_CLAIMS; i >= CHUNK_CLAIMS / 4; i--)
		calendar_remove(&w.txn, seat_one, i * 10, i + 1);
	assert_int_equal(chunks_of(&w), 1);
	assert_int_equal(
		calendar_claims(&w.txn, seat_one, 0, UINT32_MAX, NULL, 0), CHUNK_CLAIMS / 4);
	world_close(&w);
}

/* broken beliefs and broken bytes */

/* Runs one addition or removal in a child, since it must end the process. */
static void check_stops(struct world *w, bool adds, struct claim_row claim)
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		close(STDERR_FILENO); /* the assertion's sentence is expected here */
		if (adds)
			calendar_add(&w->txn, seat_one, claim);
		else
			calendar_remove(&w->txn, seat_one, claim.from, claim.serial);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
		fail_msg(
			"%s %u..%u went through", adds ? "add" : "remove", claim.from, claim.until);
}

static void test_overlap_stops_the_process(void **state)
{
	static const uint32_t overlaps[][2] = {{100, 200}, {99, 101}, {199, 200}, {150, 160},
		{50, 1000}, {199, 301}, {399, 401}, {499, 501}, {0, MINUTE_FOREVER}, {150, 150},
		{20, 10}};
	struct world w;

	(void)state;
	world_open(&w);
	fill_edges(&w);
	for (size_t i = 0; i < ARRAY_LEN(overlaps); i++) {
		check_stops(&w, true,
			(struct claim_row){overlaps[i][0], overlaps[i][1], 9, CLAIM_CAR, false});
	}
	check_stops(
		&w, false, (struct claim_row){100, 200, 2, CLAIM_CAR, false}); /* not its serial */
	check_stops(
		&w, false, (struct claim_row){101, 200, 1, CLAIM_CAR, false}); /* not its start */
	check_stops(&w, false, (struct claim_row){300, 400, 1, CLAIM_CAR, false});
	world_close(&w);
}

/* The bytes are a promise to every store already written. */
static void test_bytes_stay_as_they_are(void **state)
{
	static const uint8_t expected[CLAIM_BYTES] = {0x40, 0xe2, 0x01, 0, 0x41, 0xe2, 0x01, 0,
		0x04, 0x03, 0x02, 0x01, CLAIM_BLOCK, 1, 0, 0};
	struct key key = key_claims(seat_one.resource, 0, 123456);
	struct str value;
	struct world w;

	(void)state;
	world_open(&w);
	calendar_add(&w.txn, seat_one,
		(struct claim_row){123456, 123457, 0x01020304, CLAIM_BLOCK, true});
	assert_true(txn_get(&w.txn, DB_CLAIMS, key_str(&key), &value));
	assert_int_equal(value.n, sizeof(expected));
	assert_memory_equal(value.p, expected, sizeof(expected));
	world_close(&w);
}

/* Damaged chunks are a fault, and after a fault nothing is free and nothing is written. */
static void test_damage_is_a_fault(void **state)
{
	static const char whole[CLAIM_BYTES] = {10, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0};
	static const struct {
		uint32_t key_start;
		size_t bytes;
		enum outcome outcome;
	} cases[] = {{10, 16, OK}, {10, 15, FAULT_CORRUPT}, {10, 0, FAULT_CORRUPT},
		{11, 16, FAULT_CORRUPT}};
	struct world w;

	(void)state;
	world_open(&w);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct key key = key_claims(seat_one.resource, 0, cases[i].key_start);
		uint32_t from, until;

		txn_put(&w.txn, DB_CLAIMS, key_str(&key), (struct str){whole, cases[i].bytes});
		assert_int_equal(
			calendar_is_free(&w.txn, seat_one, 30, 40, 0), cases[i].outcome == OK);
		assert_int_equal(w.txn.outcome, cases[i].outcome);
		if (cases[i].outcome != OK) {
			assert_int_equal(calendar_next_free(&w.txn, seat_one, 30, 1, UINT32_MAX),
				MINUTE_FOREVER);
			calendar_gap(&w.txn, seat_one, 30, 0, &from, &until);
			assert_int_equal(from, until);
			add(&w, 30, 40, 5);
			calendar_remove(&w.txn, seat_one, 30, 5);
			assert_int_equal(calendar_claims(&w.txn, seat_one, 0, 99, NULL, 0), 0);
		}
		txn_abort(&w.txn);
		txn_begin(&w.txn, w.store, true);
	}
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_free_edges),
		cmocka_unit_test(test_next_free_edges),
		cmocka_unit_test(test_gap_edges),
		cmocka_unit_test(test_claims_edges),
		cmocka_unit_test(test_seats_are_apart),
		cmocka_unit_test(test_split_at_the_border),
		cmocka_unit_test(test_claim_into_the_border),
		cmocka_unit_test(test_first_claim_gives_the_key),
		cmocka_unit_test(test_small_chunks_join),
		cmocka_unit_test(test_last_chunk_joins_the_one_before),
		cmocka_unit_test(test_overlap_stops_the_process),
		cmocka_unit_test(test_bytes_stay_as_they_are),
		cmocka_unit_test(test_damage_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
