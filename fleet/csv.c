/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/csv.h"

#include <inttypes.h>
#include <stdio.h>

enum { NUMBER_TEXT = 24 };

static void put(struct csv *c, const char *p, size_t n)
{
	if (c->buf && n)
		memcpy(c->buf + c->len, p, n);
	c->len += n;
}

static bool is_formula(struct str text)
{
	return text.n && memchr("=+-@\t\r", text.p[0], 6) != NULL;
}

static bool needs_quotes(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (memchr(",\"\r\n", text.p[i], 4))
			return true;
	return false;
}

void csv_none(struct csv *c)
{
	if (c->some)
		put(c, ",", 1);
	c->some = true;
}

void csv_text(struct csv *c, struct str text)
{
	bool quotes = needs_quotes(text);

	csv_none(c);
	if (quotes)
		put(c, "\"", 1);
	if (is_formula(text))
		put(c, "'", 1);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			put(c, "\"", 1);
		put(c, &text.p[i], 1);
	}
	if (quotes)
		put(c, "\"", 1);
}

/* A number of ours is no formula, negative or not. */
void csv_number(struct csv *c, int64_t number)
{
	char text[NUMBER_TEXT];
	int n = snprintf(text, sizeof text, "%" PRId64, number);

	csv_none(c);
	put(c, text, (size_t)n);
}

void csv_row_end(struct csv *c)
{
	put(c, "\r\n", 2);
	c->some = false;
}
