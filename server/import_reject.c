/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_reject.h"

#include <stdlib.h>

#include "server/import.h"
#include "server/import_csv.h"
#include "server/import_text.h"

#define REJECTS_ARENA_BYTES_MAX ((size_t)1 << 30)

void import_rejects_init(struct import_rejects *r)
{
	*r = (struct import_rejects){.len = 0};
	arena_init(&r->arena, REJECTS_ARENA_BYTES_MAX);
}

void import_rejects_deinit(struct import_rejects *r)
{
	free(r->reject);
	arena_deinit(&r->arena);
	r->reject = NULL;
}

void import_rejects_add(struct import_rejects *r, uint32_t line, struct str why)
{
	if (r->len > 0 && r->reject[r->len - 1].line == line)
		return;
	if (r->len == r->max) {
		uint32_t max = r->max ? r->max * 2 : 64;
		struct import_reject *grown =
			max <= IMPORT_ROWS_MAX * 2 ? realloc(r->reject, max * sizeof *grown) : NULL;
		r->full = r->full || !grown;
		if (!grown)
			return;
		r->reject = grown;
		r->max = max;
	}
	why = arena_copy(&r->arena, why);
	r->full = r->full || !why.p;
	r->reject[r->len++] = (struct import_reject){line, why};
}

static int by_line(const void *a, const void *b)
{
	const struct import_reject *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

void import_rejects_sort(struct import_rejects *r)
{
	uint32_t n = 0;

	if (r->len > 0)
		qsort(r->reject, r->len, sizeof *r->reject, by_line);
	for (uint32_t i = 0; i < r->len; i++)
		if (n == 0 || r->reject[n - 1].line != r->reject[i].line)
			r->reject[n++] = r->reject[i];
	r->len = n;
}

static const struct import_reject *find(const struct import_rejects *r, uint32_t line)
{
	struct import_reject key = {.line = line};

	return r->len ? bsearch(&key, r->reject, r->len, sizeof *r->reject, by_line) : NULL;
}

bool import_rejects_has(const struct import_rejects *r, uint32_t line)
{
	return find(r, line) != NULL;
}

/* ---- the file ---- */

static struct str without_line_end(struct str text)
{
	while (text.n && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
		text.n--;
	while (text.n && (text.p[0] == '\n' || text.p[0] == '\r'))
		text = (struct str){text.p + 1, text.n - 1};
	return text;
}

static void put_quoted(FILE *out, struct str text)
{
	putc('"', out);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			putc('"', out);
		putc(text.p[i], out);
	}
	putc('"', out);
}

static void put_row(FILE *out, struct str row, char separator, struct str remark)
{
	row = without_line_end(row);
	fwrite(row.p, 1, row.n, out);
	putc(separator, out);
	put_quoted(out, remark);
	fputs("\r\n", out);
}

static void put_rows(const struct import_rejects *r, FILE *out, struct csv *csv,
	struct csv_record *record, struct arena *a)
{
	size_t start = csv->at;
	bool header = true;

	for (; csv_next(csv, a, record); start = csv->at) {
		struct str row = {csv->text.p + start, csv->at - start};
		const struct import_reject *reject = find(r, record->line);
		if (header)
			put_row(out, row, csv->separator, STR(REJECT_COLUMN));
		else if (reject)
			put_row(out, row, csv->separator, reject->why);
		header = false;
		arena_reset(a);
	}
}

bool import_rejects_write(const struct import_rejects *r, FILE *out, struct str bytes)
{
	struct csv_record *record = malloc(sizeof *record);
	struct arena text_arena, scratch;
	struct import_text text;
	struct csv csv;
	bool good;

	arena_init(&text_arena, REJECTS_ARENA_BYTES_MAX);
	arena_init(&scratch, ARENA_MAX_DEFAULT);
	import_text_read(&text, &text_arena, bytes);
	good = record && !text.error && !r->full;
	if (good) {
		/* A spreadsheet takes it for UTF-8 only with the mark. */
		fputs("\xEF\xBB\xBF", out);
		csv_init(&csv, text.text);
		put_rows(r, out, &csv, record, &scratch);
	}
	free(record);
	arena_deinit(&scratch);
	arena_deinit(&text_arena);
	return good && fflush(out) == 0 && !ferror(out);
}
