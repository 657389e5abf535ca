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

static bool needs_quotes(const struct csv *c, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (memchr("\"\r\n", text.p[i], 3) || text.p[i] == (c->semicolons ? ';' : ','))
			return true;
	return false;
}

void csv_mark(struct csv *c)
{
	put(c, "\xef\xbb\xbf", 3);
}

void csv_none(struct csv *c)
{
	if (c->some)
		put(c, c->semicolons ? ";" : ",", 1);
	c->some = true;
}

void csv_text(struct csv *c, struct str text)
{
	bool quotes = needs_quotes(c, text);

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

	csv_plain(c, (struct str){text, (size_t)n});
}

void csv_plain(struct csv *c, struct str text)
{
	csv_none(c);
	put(c, text.p, text.n);
}

void csv_row_end(struct csv *c)
{
	put(c, "\r\n", 2);
	c->some = false;
}
