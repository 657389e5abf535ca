/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Text that is put together piece by piece in an arena: pages, metrics, sentences with lists. What
 * does not fit is dropped and remembered (`full`), so the code that writes has no error branches.
 */

#include "fleet/arena.h"

struct text {
	char *p; /* borrowed from the arena */
	size_t n, cap;
	bool full;
};

void text_init(struct text *t, struct arena *a, size_t cap);
void text_add(struct text *t, const char *format, ...) PRINTF_LIKE(2, 3);
void text_put(struct text *t, struct str s);
/* The same with & < > " escaped for HTML. */
void text_html(struct text *t, struct str s);
/* STR_NULL when it did not fit. */
struct str text_done(const struct text *t);
