/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The bench's oracle, held against the plainest way there is: every car for every loan. Small
 * worlds, so many of them that both answers are common where cars suffice by count.
 */

#include "tests/bench/year/dice.h"
#include "tests/bench/year/feasible.h"
#include "tests/lib/check.h"

enum { WORLDS = 20000, TIME = 24 };

static struct pool pool;

static bool clash(struct window a, struct window b)
{
	return a.from < b.until && b.from < a.until;
}

static bool fits(const uint32_t *car_of, uint32_t i, uint32_t car)
{
	for (uint32_t k = 0; k < pool.of[car].len; k++)
		if (clash(pool.of[car].fixed[k], pool.any[i]))
			return false;
	for (uint32_t k = 0; k < i; k++)
		if (car_of[k] == car && clash(pool.any[k], pool.any[i]))
			return false;
	return true;
}

static bool every_way(uint32_t *car_of, uint32_t i)
{
	if (i == pool.len)
		return true;
	for (car_of[i] = 0; car_of[i] < pool.cars; car_of[i]++)
		if (fits(car_of, i, car_of[i]) && every_way(car_of, i + 1))
			return true;
	return false;
}

static bool no_two_fixed(void)
{
	for (uint32_t c = 0; c < pool.cars; c++)
		for (uint32_t i = 0; i < pool.of[c].len; i++)
			for (uint32_t k = 0; k < i; k++)
				if (clash(pool.of[c].fixed[i], pool.of[c].fixed[k]))
					return false;
	return true;
}

static bool enough_by_count(void)
{
	for (int32_t t = 0; t < TIME; t++) {
		uint32_t n = 0;
		for (uint32_t i = 0; i < pool.len; i++)
			n += clash(pool.any[i], (struct window){t, t + 1});
		for (uint32_t c = 0; c < pool.cars; c++)
			for (uint32_t i = 0; i < pool.of[c].len; i++)
				n += clash(pool.of[c].fixed[i], (struct window){t, t + 1});
		if (n > pool.cars)
			return false;
	}
	return true;
}

static struct window some_window(struct dice *dice)
{
	int32_t from = dice_roll(dice, TIME - 1);

	return (struct window){from, from + 1 + dice_roll(dice, TIME - from > 7 ? 7 : TIME - from)};
}

/* As much as the cars hold by count, so that it is the search that must know. */
static void some_world(struct dice *dice)
{
	memset(&pool, 0, sizeof pool);
	pool.cars = 2 + (uint32_t)dice_roll(dice, 3);
	for (int32_t i = 4 + dice_roll(dice, 8); i > 0; i--) {
		struct window w = some_window(dice);
		uint32_t car = (uint32_t)dice_roll(dice, 2 * (int32_t)pool.cars);
		uint32_t *len = car < pool.cars ? &pool.of[car].len : &pool.len;
		if (car < pool.cars)
			pool_fix(&pool, car, w.from, w.until);
		else
			pool_add(&pool, w.from, w.until);
		if (dice_roll(dice, 20) && !(enough_by_count() && no_two_fixed()))
			--*len;
	}
}

static void the_oracle_is_right(void **state)
{
	struct dice dice = {1};
	uint32_t car_of[PROMISES_MAX], yes = 0, only_search_knows = 0;

	(void)state;
	for (uint32_t i = 0; i < WORLDS; i++) {
		bool expected, counted;
		some_world(&dice);
		expected = no_two_fixed() && every_way(car_of, 0);
		counted = no_two_fixed() && enough_by_count();
		assert_int_equal(pool_feasible(&pool), expected ? FEASIBLE : NOT_FEASIBLE);
		yes += expected;
		only_search_knows += counted && !expected;
	}
	assert_true(yes > WORLDS / 10); /* else nothing was proven */
	assert_true(only_search_knows > WORLDS / 50);
}

/* What is promised, as the book has it: who comes later may have any car, the others have theirs.
 */
static void a_pool_is_the_book(void **state)
{
	static struct book book;
	struct promise p = {.id = 1, .class = 2, .car = 34, .from = 100, .until = 200};

	(void)state;
	book_add(&book, p);
	p.id = 2;
	p.this_car = true;
	book_add(&book, p);
	p.id = 3;
	p.this_car = false;
	p.car = NO_CAR;
	book_add(&book, p);
	p.id = 4;
	p.car = 39;
	p.state = PROMISE_OUT;
	book_add(&book, p);
	pool_of(&pool, &book, 2, 50);
	assert_int_equal(pool.cars, 6);
	assert_int_equal(pool.len, 1);
	assert_int_equal(pool.of[0].len, 1);
	assert_int_equal(pool.of[5].len, 1);
	assert_int_equal(pool_feasible(&pool), FEASIBLE);
	pool_of(&pool, &book, 2, 150); /* the first one should be here: his car waits for him */
	assert_int_equal(pool.of[0].len, 2);
	assert_int_equal(pool_feasible(&pool), NOT_FEASIBLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oracle_is_right),
		cmocka_unit_test(a_pool_is_the_book),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
