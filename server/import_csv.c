/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_csv.h"

static bool at_end(const struct csv *c)
{
	return c->at >= c->text.n;
}

static char peek(const struct csv *c)
{
	return at_end(c) ? '\n' : c->text.p[c->at];
}

static bool at_line_end(const struct csv *c)
{
	char ch = peek(c);

	return ch == '\n' ||
	       (ch == '\r' && (c->at + 1 >= c->text.n || c->text.p[c->at + 1] == '\n'));
}

/* Over the line break, counting it. */
static void end_line(struct csv *c)
{
	if (peek(c) == '\r')
		c->at++;
	if (!at_end(c))
		c->at++;
	c->line++;
}

static void skip_line(struct csv *c)
{
	while (!at_end(c) && c->text.p[c->at] != '\n')
		c->at++;
	end_line(c);
}

void csv_init(struct csv *c, struct str text)
{
	uint32_t commas = 0, semicolons = 0, tabs = 0;
	bool quoted = false;

	if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
		text = (struct str){text.p + 3, text.n - 3};
	for (size_t i = 0; i < text.n && (quoted || text.p[i] != '\n'); i++) {
		quoted ^= text.p[i] == '"';
		commas += !quoted && text.p[i] == ',';
		semicolons += !quoted && text.p[i] == ';';
		tabs += !quoted && text.p[i] == '\t';
	}
	*c = (struct csv){.text = text, .line = 1, .separator = semicolons > commas ? ';' : ','};
	if (tabs > commas && tabs > semicolons)
		c->separator = '\t';
}

/* A cell between quotes, where two quotes mean one. False: it never ends. */
static bool read_quoted(struct csv *c, struct arena *a, struct str *out)
{
	size_t start = ++c->at, doubled = 0;
	const char *p = c->text.p;

	for (; !at_end(c); c->at++) {
		if (p[c->at] == '\n')
			c->line++;
		if (p[c->at] != '"')
			continue;
		if (c->at + 1 >= c->text.n || p[c->at + 1] != '"')
			break;
		c->at++;
		doubled++;
	}
	if (at_end(c))
		return false;
	*out = (struct str){p + start, c->at - start};
	c->at++;
	if (doubled == 0)
		return true;
	char *plain = arena_alloc(a, out->n);
	size_t n = 0;
	for (size_t i = 0; plain && i < out->n; i++) {
		plain[n++] = out->p[i];
		i += out->p[i] == '"';
	}
	*out = plain ? (struct str){plain, n} : STR_NULL;
	return true;
}

static struct str read_plain(struct csv *c)
{
	size_t start = c->at;

	while (!at_line_end(c) && peek(c) != c->separator)
		c->at++;
	return (struct str){c->text.p + start, c->at - start};
}

static const char *read_record(struct csv *c, struct arena *a, struct csv_record *out)
{
	for (;;) {
		struct str *cell = &out->cell[out->len];
		if (out->len == CSV_COLUMNS_MAX)
			return "has more than 256 columns";
		out->len++;
		if (peek(c) != '"')
			*cell = read_plain(c);
		else if (!read_quoted(c, a, cell))
			return "has a quote that is never closed";
		if (at_line_end(c))
			return NULL;
		if (peek(c) != c->separator)
			return "has text after a closing quote";
		c->at++;
	}
}

bool csv_next(struct csv *c, struct arena *a, struct csv_record *out)
{
	while (!at_end(c) && at_line_end(c))
		end_line(c);
	if (at_end(c))
		return false;
	out->line = c->line;
	out->len = 0;
	out->error = read_record(c, a, out);
	if (out->error)
		skip_line(c);
	else
		end_line(c);
	return true;
}
