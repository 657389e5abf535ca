/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/text.h"

#include <stdarg.h>
#include <stdio.h>

void text_init(struct text *t, struct arena *a, size_t cap)
{
	*t = (struct text){.p = arena_alloc(a, cap), .cap = cap};
	t->full = !t->p;
}

void text_put(struct text *t, struct str s)
{
	if (t->full || s.n > t->cap - t->n) {
		t->full = true;
		return;
	}
	if (s.n)
		memcpy(t->p + t->n, s.p, s.n);
	t->n += s.n;
}

void text_add(struct text *t, const char *format, ...)
{
	if (t->full)
		return;
	va_list args;
	va_start(args, format);
	size_t room = t->cap - t->n;
	int n = vsnprintf(t->p + t->n, room, format, args);
	va_end(args);
	/* vsnprintf needs a place for its NUL: text that fits exactly counts as too long. */
	if (n < 0 || (size_t)n >= room)
		t->full = true;
	else
		t->n += (size_t)n;
}

void text_html(struct text *t, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '&')
			text_put(t, STR("&amp;"));
		else if (c == '<')
			text_put(t, STR("&lt;"));
		else if (c == '>')
			text_put(t, STR("&gt;"));
		else if (c == '"')
			text_put(t, STR("&quot;"));
		else
			text_put(t, (struct str){&s.p[i], 1});
	}
}

struct str text_done(const struct text *t)
{
	return t->full ? STR_NULL : (struct str){t->p, t->n};
}
