/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The refused-demand book by its parts: what is counted as the same, what the book in memory holds
 * and gives out, and extra cars against a search that tries every choice. */

#include "fleet/demand_book.h"
#include "fleet/demand_cars.h"
#include "tests/lib/check.h"

static struct arena arena;
static struct demand_book *book;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_MAX_DEFAULT);
	book = demand_book_new();
	assert_non_null(book);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	demand_book_free(book);
	arena_deinit(&arena);
	return 0;
}
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* ---- one count ---- */

static struct demand loan(int32_t day, uint32_t days)
{
	return (struct demand){.day = {day},
		.days = days,
		.class = STR("grecale"),
		.reason = DEMAND_SEAT,
		.solution = STR("loaner_brand"),
		.offers = 1};
}

static struct json written(const struct demand *d, const char *site)
{
	struct json_writer w;

	arena_writer(&arena, &w, DEMAND_JSON_MAX);
	demand_write(&w, d, str_from(site));
	return arena_json(&arena, arena_written(&arena, &w), NULL);
}

static void a_count_is_read_as_it_was_written(void **state)
{
	struct demand d = loan(20000, 3), again;
	struct json doc;

	(void)state;
	d.bookings = 7;
	doc = written(&d, "LYO");
	assert_str(json_str_at(doc, "site"), "LYO");
	assert_true(demand_read(&again, doc));
	assert_int_equal(demand_cmp(&d, &again), 0);
	assert_int_equal(again.offers, 1);
	assert_int_equal(again.bookings, 7);
	d.class = STR_NULL;
	doc = written(&d, NULL);
	assert_false(json_present(json_get(doc, "class")));
	assert_false(json_present(json_get(doc, "site")));
	assert_true(demand_read(&again, doc));
	assert_int_equal(demand_cmp(&d, &again), 0);
	assert_false(demand_read(&again, arena_json(&arena, STR("{\"days\":1}"), NULL)));
}

/* Every word of it makes another count, and its numbers do not. */
static void each_word_is_part_of_its_name(void **state)
{
	struct demand base = loan(20000, 3), others[5];
	struct str id = demand_id(&arena, STR("LYO"), &base);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		others[i] = base;
	others[0].day.n++;
	others[1].days++;
	others[2].class = STR_NULL;
	others[3].reason = STR("desk");
	others[4].solution = STR("loaner_other");
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		assert_int_not_equal(demand_cmp(&base, &others[i]), 0);
		assert_int_equal(
			demand_cmp(&base, &others[i]) > 0, demand_cmp(&others[i], &base) < 0);
		assert_false(str_eq(id, demand_id(&arena, STR("LYO"), &others[i])));
	}
	assert_false(str_eq(id, demand_id(&arena, STR("LYO2"), &base)));
	base.offers = 9;
	base.bookings = 4;
	assert_true(str_eq(id, demand_id(&arena, STR("LYO"), &base)));
	assert_in_range(id.n, 1, ID_MAX);
}

/* ---- the book in memory ---- */

static struct json take(const char *site)
{
	struct str of, body;

	assert_true(demand_book_take(book, &arena, &of, &body));
	assert_str(of, site);
	return arena_json(&arena, body, NULL);
}

static void the_same_is_one_count_of_its_site(void **state)
{
	struct demand d = loan(20000, 3), longer = loan(20000, 4);
	struct json counts;

	(void)state;
	assert_true(demand_book_add(book, STR("LYO"), &d));
	assert_true(demand_book_add(book, STR("VIL"), &d));
	assert_true(demand_book_add(book, STR("LYO"), &d));
	assert_true(demand_book_add(book, STR("LYO"), &longer));
	assert_int_equal(demand_book_len(book), 3);
	counts = json_get(take("LYO"), "counts");
	assert_int_equal(json_count(counts), 2);
	assert_int_equal(json_int_at(json_first(counts), "offers", 0), 2);
	assert_int_equal(json_int_at(json_item(counts, 1), "offers", 0), 1);
	assert_int_equal(json_int_at(json_item(counts, 1), "days", 0), 4);
	counts = json_get(take("VIL"), "counts");
	assert_int_equal(json_count(counts), 1);
	assert_int_equal(demand_book_len(book), 0);
	assert_false(
		demand_book_take(book, &arena, &(struct str){NULL, 0}, &(struct str){NULL, 0}));
}

static void words_are_kept_when_their_owner_is_gone(void **state)
{
	char class[] = "grecale";
	struct demand d = loan(20000, 3);

	(void)state;
	d.class = str_from(class);
	assert_true(demand_book_add(book, STR("LYO"), &d));
	class[0] = 'X';
	assert_str(json_str_at(json_first(json_get(take("LYO"), "counts")), "class"), "grecale");
}

static void what_could_not_be_journalled_comes_back(void **state)
{
	struct demand d = loan(20000, 3);
	struct json body;

	(void)state;
	assert_true(demand_book_add(book, STR("LYO"), &d));
	body = take("LYO");
	assert_true(demand_book_add(book, STR("LYO"), &d));
	demand_book_return(book, STR("LYO"), body);
	assert_int_equal(json_int_at(json_first(json_get(take("LYO"), "counts")), "offers", 0), 2);
}

/* It is full at its limit, goes on counting what it knows, and says what it lost. */
static void a_full_book_loses_nothing_in_silence(void **state)
{
	struct demand d;
	uint32_t taken = 0;

	(void)state;
	for (int32_t i = 0; i < DEMAND_BOOK_MAX; i++) {
		d = loan(20000 + i, 1);
		assert_true(demand_book_add(book, i % 2 ? STR("LYO") : STR("VIL"), &d));
	}
	d = loan(20001, 1);
	assert_true(demand_book_add(book, STR("LYO"), &d));
	assert_int_equal(demand_book_lost(book), 0);
	d = loan(30000, 1);
	assert_false(demand_book_add(book, STR("LYO"), &d));
	assert_int_equal(demand_book_lost(book), 1);
	while (demand_book_len(book)) {
		struct str site, body;
		struct json counts;
		assert_true(demand_book_take(book, &arena, &site, &body));
		counts = json_get(arena_json(&arena, body, NULL), "counts");
		assert_in_range(json_count(counts), 1, DEMAND_OF_ENTRY_MAX);
		for (struct json c = json_first(counts); json_present(c);
			c = json_next(counts, c)) {
			struct demand read;
			assert_true(demand_read(&read, c));
			assert_int_equal(read.day.n % 2, str_is(site, "LYO"));
			assert_int_equal(read.offers, read.day.n == 20001 ? 2 : 1);
			taken++;
		}
	}
	assert_int_equal(taken, DEMAND_BOOK_MAX);
	assert_true(demand_book_add(book, STR("LYO"), &d));
}

static void a_question_is_known_for_an_hour(void **state)
{
	(void)state;
	assert_false(demand_book_knows(book, STR("one")));
	assert_true(demand_book_knows(book, STR("one")));
	assert_false(demand_book_knows(book, STR("two")));
	demand_book_new_hour(book);
	assert_true(demand_book_knows(book, STR("one")));
	demand_book_new_hour(book);
	assert_false(demand_book_knows(book, STR("two")));
	assert_true(demand_book_knows(book, STR("two")));
}

static void very_many_questions_push_out_the_oldest(void **state)
{
	char text[16];

	(void)state;
	assert_false(demand_book_knows(book, STR("first")));
	for (int i = 0; i < DEMAND_ASKED_MAX; i++) {
		int n = snprintf(text, sizeof text, "q%d", i);
		assert_false(demand_book_knows(book, (struct str){text, (size_t)n}));
	}
	assert_true(demand_book_knows(book, STR("q0")));
	for (int i = 0; i < DEMAND_ASKED_MAX; i++) {
		int n = snprintf(text, sizeof text, "r%d", i);
		assert_false(demand_book_knows(book, (struct str){text, (size_t)n}));
	}
	assert_false(demand_book_knows(book, STR("first")));
}

/* ---- extra cars ---- */

enum { TRIES = 4000, DAYS = 7, STAYS = 6, SINGLES_MAX = 12 };

static uint32_t seed;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

/* Every choice of stays that never needs more cars than there are. */
static uint64_t most(const struct refused_stay *stays, size_t len, uint32_t cars)
{
	struct refused_stay single[SINGLES_MAX];
	uint32_t n = 0, best = 0;

	for (size_t i = 0; i < len; i++)
		for (uint64_t k = 0; k < stays[i].refused; k++)
			single[n++] = stays[i];
	for (uint32_t choice = 0; choice < UINT32_C(1) << n; choice++) {
		uint32_t out[DAYS] = {0}, chosen = 0, high = 0;
		for (uint32_t i = 0; i < n; i++) {
			if (!(choice >> i & 1))
				continue;
			chosen++;
			for (int32_t day = single[i].first; day <= single[i].last; day++)
				high = ++out[day] > high ? out[day] : high;
		}
		if (high <= cars && chosen > best)
			best = chosen;
	}
	return best;
}

static void cars_save_as_much_as_any_choice_would(void **state)
{
	(void)state;
	seed = 20260316;
	for (int i = 0; i < TRIES; i++) {
		struct refused_stay stays[STAYS];
		size_t len = draw(STAYS + 1);
		uint64_t before = 0, gain = UINT64_MAX;
		for (size_t k = 0; k < len; k++) {
			int32_t first = (int32_t)draw(DAYS), longest = DAYS - first;
			int32_t days = 1 + (int32_t)draw((uint32_t)(longest < 4 ? longest : 4));
			stays[k] = (struct refused_stay){first, first + days - 1, 1 + draw(2)};
		}
		for (uint32_t cars = 1; cars <= EXTRA_CARS_MAX; cars++) {
			uint8_t out[STAY_DAYS_MAX];
			uint64_t saved = demand_cars(stays, len, cars, out);
			bool all_out = false;
			if (saved != most(stays, len, cars))
				fail_msg("try %d: %u cars save %llu of at most %llu", i, cars,
					(unsigned long long)saved,
					(unsigned long long)most(stays, len, cars));
			for (int day = 0; day < STAY_DAYS_MAX; day++) {
				assert_true(out[day] <= cars);
				all_out |= out[day] == cars;
			}
			/* a further car is worth no more than the one before, and is out */
			assert_true(saved - before <= gain);
			gain = saved - before;
			assert_true(gain == 0 || all_out);
			before = saved;
		}
	}
}

/* The first car alone does best with the two short stays; the second could then have only one of
 * the long ones. */
static void two_cars_do_more_than_one_after_the_other(void **state)
{
	struct refused_stay stays[] = {{0, 3, 1}, {1, 2, 1}, {3, 5, 1}, {4, 4, 1}};
	uint8_t out[STAY_DAYS_MAX];

	(void)state;
	assert_int_equal(demand_cars(stays, 4, 1, out), 2);
	assert_int_equal(demand_cars(stays, 4, 2, out), 4);
}

static void the_same_stay_takes_a_car_each_time(void **state)
{
	struct refused_stay stays[] = {{0, 9, 1000}};
	uint8_t out[STAY_DAYS_MAX];

	(void)state;
	assert_int_equal(demand_cars(stays, 1, 3, out), 3);
	assert_int_equal(out[0], 3);
	assert_int_equal(out[9], 3);
	assert_int_equal(out[10], 0);
	assert_int_equal(demand_cars(stays, 0, 3, out), 0);
	assert_int_equal(out[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_count_is_read_as_it_was_written),
		CASE(each_word_is_part_of_its_name),
		CASE(the_same_is_one_count_of_its_site),
		CASE(words_are_kept_when_their_owner_is_gone),
		CASE(what_could_not_be_journalled_comes_back),
		CASE(a_full_book_loses_nothing_in_silence),
		CASE(a_question_is_known_for_an_hour),
		CASE(very_many_questions_push_out_the_oldest),
		CASE(cars_save_as_much_as_any_choice_would),
		CASE(two_cars_do_more_than_one_after_the_other),
		CASE(the_same_stay_takes_a_car_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
