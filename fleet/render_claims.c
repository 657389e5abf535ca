/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/claims.h"

/* Claims as JSON: a list of objects with the columns that have a value. */

enum { CELL_FRAME_BYTES = 64 };

/* The column whose name comes next after `last`; COLUMNS_LEN behind the end. */
static enum claim_column column_after(const char *last)
{
	enum claim_column next = COLUMNS_LEN;

	for (int i = 0; i < COLUMNS_LEN; i++) {
		if (last && strcmp(claim_column_names[i], last) <= 0)
			continue;
		if (next == COLUMNS_LEN ||
			strcmp(claim_column_names[i], claim_column_names[next]) < 0)
			next = (enum claim_column)i;
	}
	return next;
}

static void write_cell(
	struct json_writer *w, const char *name, const struct cell *c, const struct zone *zone)
{
	switch (c->type) {
	case CELL_NONE: json_kv_null(w, name); break;
	case CELL_TEXT: json_kv_str(w, name, c->text); break;
	case CELL_NUMBER: json_kv_int(w, name, c->number); break;
	case CELL_INSTANT: kv_local(w, name, (struct instant){c->number}, zone); break;
	case CELL_RAW: json_kv_raw(w, name, c->text); break;
	}
}

static struct str line_json(struct arena *a, const struct claim_line *l, const struct zone *zone,
	const enum claim_column *order)
{
	struct json_writer w;
	size_t n = CELL_FRAME_BYTES;

	for (int i = 0; i < COLUMNS_LEN; i++)
		n += 2 * l->cell[i].text.n + CELL_FRAME_BYTES;
	arena_writer(a, &w, n);
	json_object_begin(&w);
	for (int i = 0; i < COLUMNS_LEN; i++)
		write_cell(&w, claim_column_names[order[i]], &l->cell[order[i]], zone);
	json_object_end(&w);
	return arena_written(a, &w);
}

struct str render_claims_json(struct view *v, const struct claims_ask *ask)
{
	struct claim_lines lines;
	struct items items = {.arena = v->arena};
	enum claim_column order[COLUMNS_LEN];
	struct row_look look;
	const char *last = NULL;

	if (!claim_lines_find(&lines, v, ask))
		return STR_NULL;
	for (int i = 0; i < COLUMNS_LEN; i++) {
		order[i] = column_after(last);
		last = claim_column_names[order[i]];
	}
	row_look_open(&look, v);
	for (uint32_t i = 0; i < lines.len; i++) {
		items_add(&items, line_json(&look.arena, lines.line[i], lines.roster->zone, order));
		row_look_next(&look);
	}
	row_look_close(&look);
	return items_object(&items, true, STR_NULL);
}
