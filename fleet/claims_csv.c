/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/claims.h"
#include "fleet/csv.h"

/* Claims as CSV. */

enum { WORDS_MAX = 2048 };

/* A list of words with blanks between them; a boolean as it is. */
static void put_raw(struct csv *c, struct view *v, struct str raw)
{
	struct json list = arena_json(v->arena, raw, NULL);
	char words[WORDS_MAX];
	size_t n = 0;

	if (!json_is(list, JSON_ARRAY)) {
		csv_text(c, raw);
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
	csv_text(c, (struct str){words, n});
}

static void put_cell(
	struct csv *c, struct view *v, const struct cell *cell, const struct zone *zone)
{
	char instant[INSTANT_TEXT];

	switch (cell->type) {
	case CELL_NONE: csv_none(c); break;
	case CELL_TEXT: csv_text(c, cell->text); break;
	case CELL_RAW: put_raw(c, v, cell->text); break;
	case CELL_NUMBER: csv_number(c, cell->number); break;
	case CELL_INSTANT:
		csv_text(c, local_print(zone_local(zone, (struct instant){cell->number}), instant));
		break;
	}
}

static void put_table(struct csv *c, struct row_look *look, const struct claim_lines *lines)
{
	for (int i = 0; i < COLUMNS_LEN; i++)
		csv_text(c, str_from(claim_column_names[i]));
	csv_row_end(c);
	for (uint32_t k = 0; k < lines->len; k++) {
		for (int i = 0; i < COLUMNS_LEN; i++)
			put_cell(c, &look->view, &lines->line[k]->cell[i], lines->roster->zone);
		csv_row_end(c);
		row_look_next(look);
	}
}

struct str render_claims_csv(struct view *v, const struct claims_ask *ask)
{
	struct claim_lines lines;
	struct csv c = {.buf = NULL};
	struct row_look look;

	if (!claim_lines_find(&lines, v, ask))
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
