/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "sql/part_pg.h"

#include <stdio.h>

#include "sql/array.h"

/* Pieces of 64 KiB: a part of a large one that a slow wire can bring in the time it is given. */
enum { FETCH_MAX = 16, FETCH_MS = 500 };
#define FETCH_MAX_TEXT "16"

size_t part_columns(struct arena *a, const struct pending_entry *entries, size_t n,
	struct pg_query *q, uint32_t first)
{
	struct array attachment, number, box, site;
	size_t len = 0, bytes = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < entries[i].parts_len; k++, len++)
			bytes += entries[i].parts[k].box.n;
	if (len == 0)
		return 0;
	array_begin(&attachment, a, ARRAY_TEXT, len, len * ID_MAX);
	array_begin(&number, a, ARRAY_INT8, len, len * sizeof(int64_t));
	array_begin(&box, a, ARRAY_BYTEA, len, bytes);
	array_begin(&site, a, ARRAY_TEXT, len, len * ID_MAX);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < entries[i].parts_len; k++) {
			array_bytes(&attachment, entries[i].parts[k].attachment);
			array_number(&number, entries[i].parts[k].number);
			array_bytes(&box, entries[i].parts[k].box);
			array_bytes(&site, entries[i].journal);
		}
	q->value[first] = array_str(&attachment);
	q->value[first + 1] = array_str(&number);
	q->value[first + 2] = array_str(&box);
	q->value[first + 3] = array_str(&site);
	return bytes;
}

static uint32_t give(const struct pg_rows *rows, void *context,
	void (*take)(void *context, uint16_t number, struct str box))
{
	for (uint32_t i = 0; i < rows->len; i++)
		take(context, (uint16_t)pg_number(rows, i, 0), pg_value(rows, i, 1));
	return rows->len;
}

enum journal_read part_pg_find(struct journal *self, struct str journal, struct str attachment,
	void *context, void (*take)(void *context, uint16_t number, struct str box))
{
	struct journal_pg *j = (struct journal_pg *)(void *)self;
	struct pg_query q = {.sql = "SELECT number, box FROM relais.attachment_part WHERE site = $1"
				    " AND attachment = $2 AND number >= $3::text::int4"
				    " ORDER BY number LIMIT " FETCH_MAX_TEXT,
		.len = 3,
		.value = {journal, attachment},
		.binary = {true, true, false}};
	struct pg_rows rows;
	char number[24];

	for (uint32_t at = 0, n = FETCH_MAX; n == FETCH_MAX; at += n) {
		snprintf(number, sizeof number, "%u", at);
		q.value[2] = str_from(number);
		if (j->until_ms < pg_clock_ms() + FETCH_MS)
			j->until_ms = pg_clock_ms() + FETCH_MS;
		if (!journal_pg_ready(j))
			return READ_AWAY;
		if (pg_ask(&j->pg, &q, j->until_ms, &rows) != PG_DONE) {
			journal_pg_lost(j);
			return READ_AWAY;
		}
		n = give(&rows, context, take);
		pg_rows_free(&rows);
	}
	return READ_END;
}

enum append part_pg_add(struct journal_pg *j, const struct pending_entry *of)
{
	struct pg_query q = {
		.sql = "INSERT INTO relais.attachment_part (site, attachment, number, box)"
		       " SELECT s, a, n, b FROM unnest($1::text[], $2::int8[], $3::bytea[],"
		       " $4::text[]) AS p(a, n, b, s) ORDER BY a COLLATE \"C\", n"
		       " ON CONFLICT DO NOTHING",
		.len = 4,
		.binary = {true, true, true, true}};

	if (!journal_pg_ready(j))
		return APPEND_AWAY;
	arena_reset(&j->arena);
	if (part_columns(&j->arena, of, 1, &q, 0) == 0)
		return APPEND_DONE;
	if (!j->arena.full && pg_ask(&j->pg, &q, j->until_ms, NULL) == PG_DONE)
		return APPEND_DONE;
	journal_pg_lost(j);
	return APPEND_AWAY;
}
