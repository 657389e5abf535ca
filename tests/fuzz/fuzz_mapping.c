/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * A mapping for the kind in the first line, and behind a line --- the CSV it is meant for: faults
 * are told, rules are of the mapping's own lines, and once it is understood each record has a cell
 * for each column that the header has.
 */

#include "server/import_mapping.h"
#include "tests/fuzz/fuzz.h"

enum { RECORDS_MAX = 50 };

static uint32_t told;

static void tell(void *context, const char *sentence)
{
	(void)context;
	ASSERT(sentence[0]);
	told++;
}

static struct str before_mark(struct str *rest)
{
	static const char mark[] = "\n---\n";
	size_t n = sizeof mark - 1;
	struct str all = *rest;

	for (size_t i = 0; i + n <= all.n; i++)
		if (memcmp(all.p + i, mark, n) == 0) {
			*rest = (struct str){all.p + i + n, all.n - i - n};
			return (struct str){all.p, i + 1};
		}
	*rest = STR_NULL;
	return all;
}

static void check_rules(const struct import_mapping *m)
{
	ASSERT(m->len <= IMPORT_MAPPING_RULES_MAX);
	for (uint32_t i = 0; i < m->len; i++) {
		const struct import_mapping_rule *r = &m->rule[i];
		ASSERT(r->from.n > 0 && r->section.n > 0);
		ASSERT(r->line >= 1 && (i == 0 || r->line > m->rule[i - 1].line));
		ASSERT(import_mapping_value(m, r->section, r->from).p);
	}
}

static void check_records(struct import *im, const struct import_mapping *m, struct str text)
{
	static struct csv_record header, record;
	struct arena *a = fuzz_arena();
	struct csv csv;

	if (!text.n)
		return;
	csv_init(&csv, text);
	if (!csv_next(&csv, a, &header) || header.error)
		return;
	uint32_t columns = header.len;
	import_mapping_header(im, m, &header);
	ASSERT(header.len >= columns && header.len <= ARRAY_LEN(header.cell));
	for (int i = 0; i < RECORDS_MAX && csv_next(&csv, a, &record) && !record.error; i++) {
		if (record.len != columns)
			continue;
		import_mapping_record(m, &record);
		ASSERT(record.len == header.len);
		for (uint32_t k = 0; k < record.len; k++)
			(void)import_mapping_value(m, header.cell[k], record.cell[k]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct import_mapping m;
	struct str rest = fuzz_str(data, size), mapping;
	struct import im = {.file = "f", .tell = tell};
	enum import_kind kind;

	told = 0;
	if (!import_kind_from(&kind, fuzz_line(&rest)))
		return 0;
	mapping = before_mark(&rest);
	import_mapping_init(&m, "m");
	bool good = import_mapping_read(&im, &m, kind, mapping);
	ASSERT(good == (told == 0) && (told == im.faults || told == IMPORT_FAULTS_TOLD_MAX + 1));
	if (good) {
		check_rules(&m);
		check_records(&im, &m, rest);
	}
	import_mapping_deinit(&m);
	return 0;
}
