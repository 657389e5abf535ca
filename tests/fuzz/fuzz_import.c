/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The name of a kind, and behind it a whole file of an import, CSV or JSON, read into a fleet that
 * knows the sites of the demonstration: every fault is told, and rows that were read are the same
 * rows when they are written as JSON and read again. What stands before a line --- is a mapping.
 * Where rows are rejected, the good ones have no fault and the others can be written as a file.
 */

#include "fleet/embed.h"
#include "server/import.h"
#include "server/import_mapping.h"
#include "server/import_reject.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/demo_env.h"

static struct demo_env house;
static uint32_t told;

static void tell(void *context, const char *sentence)
{
	(void)context;
	ASSERT(sentence[0]);
	told++;
}

static struct import import_now(void)
{
	told = 0;
	return (struct import){
		.fleet = house.fleet,
		.now = house.still.now,
		.by = STR("import"),
		.file = "f",
		.tell = tell,
	};
}

static void close_house(void)
{
	demo_env_close(&house);
}

static void open_house(void)
{
	struct import_rows rows;

	if (house.fleet)
		return;
	demo_env_open(&house, "2026-03-17T11:00:00Z");
	atexit(close_house);
	struct import im = import_now();
	import_rows_init(&rows);
	ASSERT(import_read(&im, IMPORT_SITES, embedded_find(demo_files, "sites.json"), &rows));
	ASSERT(import_put(&im, IMPORT_SITES, &rows) == OK && !im.faults);
	import_rows_deinit(&rows);
}

static struct str written(struct arena *a, const struct import_rows *rows)
{
	size_t bytes = 2, n = 0;

	for (uint32_t i = 0; i < rows->len; i++)
		bytes += rows->row[i].doc.n + 2;
	char *out = arena_alloc(a, bytes);
	ASSERT(out);
	out[n++] = '[';
	for (uint32_t i = 0; i < rows->len; i++) {
		if (i)
			out[n++] = ',';
		memcpy(out + n, rows->row[i].doc.p, rows->row[i].doc.n);
		n += rows->row[i].doc.n;
	}
	out[n++] = ']';
	return (struct str){out, n};
}

static void check_again(enum import_kind kind, const struct import_rows *rows)
{
	struct import im = import_now();
	struct import_rows again;

	import_rows_init(&again);
	ASSERT(import_read(&im, kind, written(fuzz_arena(), rows), &again));
	ASSERT(!told && again.len == rows->len);
	for (uint32_t i = 0; i < again.len; i++)
		ASSERT(str_eq(again.row[i].doc, rows->row[i].doc));
	import_rows_deinit(&again);
}

/* What stands before the line ---, which is taken off `text`; STR_NULL where there is none. */
static struct str take_mapping(struct str *text)
{
	static const char mark[] = "\n---\n";
	size_t mark_n = sizeof mark - 1;

	for (size_t i = 0; i + mark_n <= text->n; i++)
		if (memcmp(text->p + i, mark, mark_n) == 0) {
			struct str mapping = {text->p, i};
			size_t behind = i + mark_n;
			*text = (struct str){text->p + behind, text->n - behind};
			return mapping;
		}
	return STR_NULL;
}

static void check_rejected(
	enum import_kind kind, const struct import_mapping *mapping, struct str text)
{
	struct import im = import_now();
	struct import_rejects rejects;
	struct import_rows rows;
	size_t bytes = 0;
	char *file = NULL;

	im.mapping = mapping;
	im.rejects = &rejects;
	import_rejects_init(&rejects);
	import_rows_init(&rows);
	if (import_read(&im, kind, text, &rows)) {
		FILE *out = open_memstream(&file, &bytes);
		for (uint32_t i = 0; i < rows.len; i++)
			ASSERT(!import_rejects_has(&rejects, rows.row[i].line));
		ASSERT(out && (im.faults > 0) == (rejects.len > 0));
		ASSERT(import_rejects_write(&rejects, out, text));
		ASSERT(fclose(out) == 0 && bytes > 0);
		free(file);
	}
	import_rows_deinit(&rows);
	import_rejects_deinit(&rejects);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct import_mapping mapping;
	struct str text = fuzz_str(data, size), named;
	enum import_kind kind;
	struct import_rows rows;
	bool good = true;

	if (!import_kind_from(&kind, fuzz_line(&text)))
		return 0;
	open_house();
	struct import im = import_now();
	import_mapping_init(&mapping, "m");
	named = take_mapping(&text);
	if (named.p) {
		good = import_mapping_read(&im, &mapping, kind, named);
		im.mapping = &mapping;
	}
	import_rows_init(&rows);
	good = good && import_read(&im, kind, text, &rows);
	ASSERT(good == (im.faults == 0));
	ASSERT(told == im.faults || im.faults > IMPORT_FAULTS_TOLD_MAX);
	if (good)
		check_again(kind, &rows);
	if (good || !named.p)
		check_rejected(kind, im.mapping, text);
	import_rows_deinit(&rows);
	import_mapping_deinit(&mapping);
	return 0;
}
