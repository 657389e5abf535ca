/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* mempcpy */
#include "fleet/claims.h"
#include "fleet/render_parts.h"

/* Claims as JSON: objects with all columns, in a list or one a line. */

enum { CELL_FRAME_BYTES = 64, STEP_BYTES = 64 };

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

struct str claim_line_json(struct arena *a, const struct claim_line *l, const struct zone *zone)
{
	enum claim_column column = column_after(NULL);
	struct json_writer w;
	size_t n = CELL_FRAME_BYTES;

	for (int i = 0; i < COLUMNS_LEN; i++)
		n += 2 * l->cell[i].text.n + CELL_FRAME_BYTES;
	arena_writer(a, &w, n);
	json_object_begin(&w);
	for (; column < COLUMNS_LEN; column = column_after(claim_column_names[column]))
		write_cell(&w, claim_column_names[column], &l->cell[column], zone);
	json_object_end(&w);
	return arena_written(a, &w);
}

/* The frame of a list around its pages, or nothing but ends of lines. */
static struct str json_page(struct claims_text *text, const struct claim_lines *lines, bool is_last)
{
	bool list = text->format == CLAIMS_JSON;
	struct str begin = list && !text->begun ? STR("{\"items\":[") : STR("");
	struct str end = list && is_last ? STR("],\"next\":null}") : STR("");
	struct items items = {.arena = lines->view->arena};
	size_t n = begin.n + end.n;
	struct row_look look;
	char *bytes, *at;

	row_look_open(&look, lines->view);
	for (uint32_t i = 0; i < lines->len; i++, row_look_next(&look))
		items_add(
			&items, claim_line_json(&look.arena, lines->line[i], lines->roster->zone));
	row_look_close(&look);
	for (uint32_t i = 0; i < items.len; i++)
		n += items.item[i].n + 1;
	at = bytes = items.full ? NULL : arena_take(lines->view->arena, n + 1);
	if (!bytes)
		return STR_NULL;
	at = mempcpy(at, begin.p, begin.n);
	for (uint32_t i = 0; i < items.len; i++) {
		if (list && text->some)
			*at++ = ',';
		text->some = true;
		at = mempcpy(at, items.item[i].p, items.item[i].n);
		if (!list)
			*at++ = '\n';
	}
	at = mempcpy(at, end.p, end.n);
	return (struct str){bytes, (size_t)(at - bytes)};
}

struct str claims_text_page(struct claims_text *text, const struct claim_lines *lines, bool is_last)
{
	struct str page = STR_NULL;

	ASSERT(text->format < CLAIMS_XLSX); /* a workbook is no text */
	switch (text->format) {
	case CLAIMS_JSON:
	case CLAIMS_JSONL: page = json_page(text, lines, is_last); break;
	case CLAIMS_CSV:
	case CLAIMS_CSV_FR: page = claims_csv_page(text, lines); break;
	case CLAIMS_XLSX:
	case CLAIM_FORMATS_LEN: break;
	}
	text->begun = true;
	return page;
}

const char *const claim_formats[CLAIM_FORMATS_LEN + 1] = {
#define X(name, text) text,
	CLAIM_FORMATS(X)
#undef X
};

enum claim_format claim_format_find(struct str name)
{
	int i = 0;

	while (i < CLAIM_FORMATS_LEN && !str_is(name, claim_formats[i]))
		i++;
	return (enum claim_format)i;
}

/* ---- a claim's steps ---- */

static struct str shown_step(struct view *v, struct json step)
{
	struct json sealed = json_get(step, "private");
	struct json reason = json_get(private_open(v, sealed), "reason");
	struct json_writer w;

	if (!json_present(sealed))
		return json_raw(step);
	arena_writer(v->arena, &w, json_raw(reason).n + STEP_BYTES);
	json_object_begin(&w);
	json_kv_null(&w, "private");
	if (json_present(reason))
		json_kv_raw(&w, "reason", json_raw(reason));
	json_object_end(&w);
	return doc_merge(v->arena, step, arena_json(v->arena, arena_written(v->arena, &w), NULL));
}

struct json render_claim_over(struct view *v, const struct row *row)
{
	struct json steps = json_get(row->doc, "steps");
	struct json_writer w;

	arena_writer(v->arena, &w, json_raw(steps).n + STEP_BYTES);
	json_object_begin(&w);
	json_k(&w, "steps");
	json_array_begin(&w);
	for (struct json s = json_first(steps); json_present(s); s = json_next(steps, s))
		json_put_raw(&w, shown_step(v, s));
	json_array_end(&w);
	json_object_end(&w);
	return arena_json(v->arena, arena_written(v->arena, &w), NULL);
}
