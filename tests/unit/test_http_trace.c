/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/http_trace.h"

#include "tests/lib/check.h"

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"
#define PARENT "00f067aa0ba902b7"

static void traces(void **state)
{
	(void)state;
	static const char *const good[] = {"00-" TRACE "-" PARENT "-01",
		"00-" TRACE "-" PARENT "-00", "01-" TRACE "-" PARENT "-01",
		"cc-" TRACE "-" PARENT "-01-what-comes-later"};
	static const char *const bad[] = {"", "00", "00-" TRACE "-" PARENT "-0",
		"00-" TRACE "-" PARENT "-01-more", "cc-" TRACE "-" PARENT "-01.more",
		"ff-" TRACE "-" PARENT "-01", "00_" TRACE "-" PARENT "-01",
		"00-" TRACE "_" PARENT "-01", "00-" TRACE "-" PARENT "_01",
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-" PARENT "-01",
		"00-00000000000000000000000000000000-" PARENT "-01",
		"00-" TRACE "-0000000000000000-01", "00-" TRACE "-00f067aa0ba902bz-01",
		"0x-" TRACE "-" PARENT "-01", "00-" TRACE "-" PARENT "-zz"};
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_str(trace_of(str_from(good[i])), TRACE);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_null(trace_of(str_from(bad[i])).p);
	assert_null(trace_of(STR_NULL).p);
}

static void request_ids(void **state)
{
	(void)state;
	char word[REQUEST_ID_MAX + 1];
	memset(word, 'x', sizeof word);
	assert_true(request_id_is_good(STR("0a-B_c.9")));
	assert_true(request_id_is_good((struct str){word, REQUEST_ID_MAX}));
	assert_false(request_id_is_good((struct str){word, REQUEST_ID_MAX + 1}));
	assert_false(request_id_is_good(STR("")));
	assert_false(request_id_is_good(STR_NULL));
	static const char *const bad[] = {"a b", "a\n", "a/b", "\"", "\x7f", "\xc3\xa9", "a:b"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(request_id_is_good(str_from(bad[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(traces),
		cmocka_unit_test(request_ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
