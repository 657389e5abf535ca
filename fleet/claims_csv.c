/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/claims.h"

#include <inttypes.h>
#include <stdio.h>

/*
 * Claims as CSV (RFC 4180): a header, CRLF, quotes where needed. A text that a spreadsheet would
 * take for a formula gets an apostrophe in front: what people typed must not run on somebody's
 * desk.
 */

enum { NUMBER_TEXT = 24, WORDS_MAX = 2048 };

/* Fills a lent buffer, or only counts when there is none yet. */
struct csv {
	char *buf;
	size_t len;
};

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

static void put_text(struct csv *c, struct str text)
{
	bool quotes = needs_quotes(text);

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

/* A list of words with blanks between them; a boolean as it is. */
static void put_raw(struct csv *c, struct view *v, struct str raw)
{
	struct json list = arena_json(v->arena, raw, NULL);
	char words[WORDS_MAX];
	size_t n = 0;

	if (!json_is(list, JSON_ARRAY)) {
		put_text(c, raw);
		return;
	}
	for (struct json e = json_first(list); json_present(e); e = json_next(list, e)) {
		struct str word = json_str(e);
		if (n + word.n + 1 > sizeof words)
			break;
		if (n)
			words[n++] = ' ';
		if (word.n)
			memcpy(words + n, word.p, word.n);
		n += word.n;
	}
	put_text(c, (struct str){words, n});
}

static void put_cell(
	struct csv *c, struct view *v, const struct cell *cell, const struct zone *zone)
{
	char number[NUMBER_TEXT], instant[INSTANT_TEXT];
	struct str text;
	int n;

	switch (cell->type) {
	case CELL_NONE: break;
	case CELL_TEXT: put_text(c, cell->text); break;
	case CELL_RAW: put_raw(c, v, cell->text); break;
	case CELL_NUMBER:
		/* A number of ours is no formula, negative or not. */
		n = snprintf(number, sizeof number, "%" PRId64, cell->number);
		put(c, number, (size_t)n);
		break;
	case CELL_INSTANT:
		text = local_print(zone_local(zone, (struct instant){cell->number}), instant);
		put(c, text.p, text.n);
		break;
	}
}

static void put_table(struct csv *c, struct row_look *look, const struct claim_lines *lines)
{
	for (int i = 0; i < COLUMNS_LEN; i++) {
		if (i)
			put(c, ",", 1);
		put_text(c, str_from(claim_column_names[i]));
	}
	put(c, "\r\n", 2);
	for (uint32_t k = 0; k < lines->len; k++) {
		for (int i = 0; i < COLUMNS_LEN; i++) {
			if (i)
				put(c, ",", 1);
			put_cell(c, &look->view, &lines->line[k]->cell[i], lines->roster->zone);
		}
		put(c, "\r\n", 2);
		row_look_next(look);
	}
}

struct str render_claims_csv(struct view *v, struct str site, struct span span, struct str vin)
{
	struct claim_lines lines;
	struct csv c = {NULL, 0};
	struct row_look look;

	if (!claim_lines_find(&lines, v, site, span, vin))
		return STR_NULL;
	row_look_open(&look, v);
	put_table(&c, &look, &lines); /* how long it will be */
	c.buf = arena_alloc(v->arena, c.len + 1);
	c.len = 0;
	if (c.buf)
		put_table(&c, &look, &lines);
	row_look_close(&look);
	return c.buf ? (struct str){c.buf, c.len} : STR_NULL;
}
