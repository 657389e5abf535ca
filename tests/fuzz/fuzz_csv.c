/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The records of a CSV file, whatever it is full of: each ends where the next begins, and written
 * again with every cell between quotes they are the same records. */

#include "server/import_csv.h"
#include "tests/fuzz/fuzz.h"

static struct str quoted(struct arena *a, struct str cell)
{
	char *out = arena_alloc(a, 2 * cell.n + 2);
	size_t n = 0;

	ASSERT(out);
	out[n++] = '"';
	for (size_t i = 0; i < cell.n; i++) {
		out[n++] = cell.p[i];
		if (cell.p[i] == '"')
			out[n++] = '"';
	}
	out[n++] = '"';
	return (struct str){out, n};
}

static struct str written(struct arena *a, const struct csv_record *record, char separator)
{
	size_t bytes = 1, n = 0;
	char *out;

	for (uint32_t i = 0; i < record->len; i++)
		bytes += 2 * record->cell[i].n + 3;
	out = arena_alloc(a, bytes);
	ASSERT(out);
	for (uint32_t i = 0; i < record->len; i++) {
		struct str cell = quoted(a, record->cell[i]);
		if (i)
			out[n++] = separator;
		memcpy(out + n, cell.p, cell.n);
		n += cell.n;
	}
	out[n++] = '\n';
	return (struct str){out, n};
}

static void same_again(struct arena *a, const struct csv_record *record, char separator)
{
	static struct csv_record again, none;
	struct csv csv;

	csv_init(&csv, written(a, record, separator));
	ASSERT(record->len == 1 || csv.separator == separator);
	ASSERT(csv_next(&csv, a, &again) && !again.error);
	ASSERT(again.line == 1 && again.len == record->len);
	for (uint32_t i = 0; i < again.len; i++)
		ASSERT(str_eq(again.cell[i], record->cell[i]));
	ASSERT(!csv_next(&csv, a, &none));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct csv_record record;
	struct arena *a = fuzz_arena();
	struct str text = fuzz_str(data, size);
	struct csv csv;
	uint32_t line = 0;

	csv_init(&csv, text);
	for (size_t at = csv.at; csv_next(&csv, a, &record); at = csv.at) {
		ASSERT(csv.at > at && csv.at <= size);
		ASSERT(record.line > line && csv.line > record.line);
		ASSERT(record.len > 0 && record.len <= CSV_COLUMNS_MAX);
		line = record.line;
		if (!record.error)
			same_again(a, &record, csv.separator);
	}
	ASSERT(csv.at == csv.text.n);
	return 0;
}
