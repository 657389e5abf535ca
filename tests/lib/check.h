/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* cmocka with the headers it wants before it, and the comparisons our tests use most. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rules/base.h"

/* In TAP cmocka 1.1.5 calls a skipped test "not ok", which meson counts as failed: say it and leave
 * the test's function instead. */
#undef skip
#define skip() \
	do { \
		print_message("# skipped at %s:%d\n", __FILE__, __LINE__); \
		return; \
	} while (0)

#define assert_str(actual, expected) check_str((actual), (expected), __FILE__, __LINE__)

static inline void check_str(struct str actual, const char *expected, const char *file, int line)
{
	if (str_is(actual, expected))
		return;
	print_error("%s:%d: \"%.*s\" is not \"%s\"\n", file, line, (int)actual.n,
		actual.p ? actual.p : "", expected ? expected : "(nothing)");
	_fail(file, line);
}
