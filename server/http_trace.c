/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/http_trace.h"

bool request_id_is_good(struct str id)
{
	for (size_t i = 0; i < id.n && id.n <= REQUEST_ID_MAX; i++) {
		char c = id.p[i];
		bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
		if (!good)
			return false;
	}
	return id.n > 0 && id.n <= REQUEST_ID_MAX;
}

/* Lower-case hexadecimal digits, not all of them 0. */
static bool is_hex(const char *p, size_t n, bool may_be_zero)
{
	bool zero = true;
	for (size_t i = 0; i < n; i++) {
		if (!(p[i] >= '0' && p[i] <= '9') && !(p[i] >= 'a' && p[i] <= 'f'))
			return false;
		zero = zero && p[i] == '0';
	}
	return may_be_zero || !zero;
}

struct str trace_of(struct str t)
{
	enum { VERSION = 0, TRACE = 3, PARENT = 36, FLAGS = 53, WHOLE = 55, PARENT_LEN = 16 };

	/* A later version may go on behind a further dash; ff is none (3.2.2.1). */
	if (t.n < WHOLE || !is_hex(t.p + VERSION, 2, true) || memcmp(t.p, "ff", 2) == 0)
		return STR_NULL;
	bool first = memcmp(t.p, "00", 2) == 0;
	if (first ? t.n != WHOLE : (t.n > WHOLE && t.p[WHOLE] != '-'))
		return STR_NULL;
	if (t.p[TRACE - 1] != '-' || t.p[PARENT - 1] != '-' || t.p[FLAGS - 1] != '-' ||
		!is_hex(t.p + TRACE, TRACE_ID_LEN, false) ||
		!is_hex(t.p + PARENT, PARENT_LEN, false) || !is_hex(t.p + FLAGS, 2, true))
		return STR_NULL;
	return (struct str){t.p + TRACE, TRACE_ID_LEN};
}
