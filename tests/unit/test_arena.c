/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/arena.h"

#include "tests/lib/check.h"

static void memory_is_zeroed_aligned_and_apart(void **state)
{
	unsigned char *last = NULL;
	struct arena a;

	(void)state;
	arena_init(&a, ARENA_MAX_DEFAULT);
	for (int round = 0; round < 2; round++) {
		for (size_t n = 0; n < 3000; n += 37) {
			unsigned char *p = arena_alloc(&a, n);
			assert_non_null(p);
			assert_ptr_not_equal(p, last);
			assert_int_equal((uintptr_t)p % 16, 0);
			for (size_t i = 0; i < n; i++)
				assert_int_equal(p[i], 0);
			memset(p, 0xff, n); /* what a reset must not show again */
			last = p;
		}
		arena_reset(&a);
		assert_int_equal(a.used, 0);
	}
	arena_deinit(&a);
	assert_null(a.blocks);
}

static void full_is_sticky_until_reset(void **state)
{
	struct json_writer w;
	struct arena a;

	(void)state;
	arena_init(&a, 1000);
	assert_non_null(arena_alloc(&a, 900));
	assert_null(arena_alloc(&a, 200));
	assert_true(a.full);
	assert_null(arena_alloc(&a, 1));
	assert_null(arena_copy(&a, STR("x")).p);
	assert_null(arena_printf(&a, "%d", 1).p);
	arena_writer(&a, &w, 10);
	json_put_int(&w, 1);
	assert_null(arena_written(&a, &w).p);
	arena_reset(&a);
	assert_false(a.full);
	assert_non_null(arena_alloc(&a, 992));
	arena_deinit(&a);
}

static void hostile_sizes_are_refused(void **state)
{
	const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15, SIZE_MAX / 2, 1 << 20};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct arena a;
		arena_init(&a, 1 << 16);
		assert_null(arena_alloc(&a, sizes[i]));
		assert_true(a.full);
		arena_deinit(&a);
	}
}

static void a_huge_block_is_not_kept(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, ARENA_MAX_DEFAULT);
	assert_non_null(arena_alloc(&a, 8 << 20));
	arena_reset(&a);
	assert_null(a.blocks);
	assert_non_null(arena_alloc(&a, 100));
	assert_non_null(arena_alloc(&a, 8 << 20));
	arena_reset(&a);
	assert_non_null(a.blocks);
	arena_deinit(&a);
}

static void text(void **state)
{
	struct arena a;
	struct str s;

	(void)state;
	arena_init(&a, 4096);
	s = arena_copy(&a, STR("grecale"));
	assert_str(s, "grecale");
	assert_int_equal(s.p[s.n], 0);
	s = arena_copy(&a, STR_NULL);
	assert_non_null(s.p);
	assert_int_equal(s.n, 0);
	assert_str(arena_printf(&a, "%s-%03d", "LYO", 7), "LYO-007");
	arena_deinit(&a);
}

static void documents(void **state)
{
	/* Many values in few bytes, marks inside strings, escapes, depth. */
	const struct str good[] = {
		STR("1"),
		STR("[]"),
		STR("[1,2,3,4,5,6,7,8,9]"),
		STR("[[],[],[],{},{}]"),
		STR("{\"\":{\"\":{\"\":[]}}}"),
		STR("\",,,,[[[[{{{{::::\""),
		STR(" { \"a\\n\" : [ \"\\u00e9\\\\\" , null ] } "),
	};
	const struct str bad[] = {
		STR(""), STR("[1 2]"), STR("1 2 3"), STR("{\"a\":1,\"a\":2}"), STR("[1.5]")};
	struct json_doc *doc;
	struct arena a;

	(void)state;
	arena_init(&a, ARENA_MAX_DEFAULT);
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		if (!json_present(arena_json(&a, good[i], &doc)))
			fail_msg("%.*s: %s", STR_FMT(good[i]), doc->error);
		assert_true(json_present(arena_json(&a, good[i], NULL)));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(json_present(arena_json(&a, bad[i], &doc)));
		assert_non_null(doc->error);
	}
	assert_str(json_item(json_get(arena_json(&a, good[6], NULL), "a\n"), 0).doc->nodes[3].text,
		"\xc3\xa9\\");
	arena_reset(&a);
	a.max = 128; /* no room for the values: said, not crashed */
	assert_false(json_present(arena_json(&a, good[2], &doc)));
	assert_string_equal(doc->error, "the value is too large");
	assert_false(json_present(arena_json(&a, good[2], &doc)));
	assert_string_equal(doc->error, "the value is too large");
	arena_deinit(&a);
}

static void writers_give_back_what_they_do_not_use(void **state)
{
	struct json_writer w;
	struct arena a;
	struct str first;

	(void)state;
	arena_init(&a, 1 << 16);
	arena_writer(&a, &w, 60000);
	json_put_str(&w, STR("a"));
	first = arena_written(&a, &w);
	assert_int_equal(a.used, 16);
	/* A second one fits where the first had asked for nearly all, and disturbs nothing. */
	arena_writer(&a, &w, 60000);
	json_put_str(&w, STR("b"));
	assert_str(arena_written(&a, &w), "\"b\"");
	assert_str(first, "\"a\"");
	/* Something was allocated behind the buffer: it stays where it is. */
	arena_writer(&a, &w, 100);
	first = arena_copy(&a, STR("behind"));
	json_put_int(&w, 1);
	assert_str(arena_written(&a, &w), "1");
	assert_non_null(arena_alloc(&a, 64));
	assert_str(first, "behind");
	/* Too small: nothing, and no bytes past its end. */
	arena_writer(&a, &w, 3);
	json_put_str(&w, STR("four"));
	assert_null(arena_written(&a, &w).p);
	arena_deinit(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
		cmocka_unit_test(full_is_sticky_until_reset),
		cmocka_unit_test(hostile_sizes_are_refused),
		cmocka_unit_test(a_huge_block_is_not_kept),
		cmocka_unit_test(text),
		cmocka_unit_test(documents),
		cmocka_unit_test(writers_give_back_what_they_do_not_use),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
