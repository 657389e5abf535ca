/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "sql/migrate.h"

#include <stdio.h>
#include <stdlib.h>

#include "fleet/embed.h"

/* The advisory lock of all who migrate; any number, but always this one. */
#define LOCK \
	"SELECT pg_advisory_xact_lock(7305804402), set_config('client_min_messages', 'error', true)"

static const char list_sql[] = "SELECT n, sha256 FROM relais.migration ORDER BY n";
static const char first_sql[] = "BEGIN;" LOCK ";"
				"CREATE SCHEMA IF NOT EXISTS relais;"
				"CREATE TABLE IF NOT EXISTS relais.migration ("
				" n integer PRIMARY KEY, name text NOT NULL, sha256 bytea NOT NULL,"
				" at timestamptz NOT NULL DEFAULT clock_timestamp());"
				"COMMIT";

uint32_t migrations_len(void)
{
	uint32_t n = 0;

	while (migration_files[n].name)
		n++;
	return n;
}

static struct str file_bytes(uint32_t i)
{
	return (struct str){(const char *)migration_files[i].bytes, migration_files[i].n};
}

/* How many of ours are there, in order; MIGRATE_NEWER when others are. */
static enum migrated look(struct pg *pg, int64_t until_ms, uint32_t *there)
{
	const struct pg_query q = {.sql = list_sql};
	struct pg_rows rows;
	enum migrated m = MIGRATED;

	*there = 0;
	switch (pg_ask(pg, &q, until_ms, &rows)) {
	case PG_DONE: break;
	case PG_REFUSED:
		/* no such schema or table: nothing was ever run */
		return pg_state_is(pg, "3F000") || pg_state_is(pg, "42P01") ? MIGRATE_NEEDED
									    : MIGRATE_FAILED;
	case PG_GONE:
	case PG_AWAY: return MIGRATE_AWAY;
	}
	for (uint32_t i = 0; i < rows.len && m == MIGRATED; i++) {
		struct str sha256 = pg_value(&rows, i, 1);
		struct hash ours = {{0}};
		if (i < migrations_len())
			ours = hash_of(file_bytes(i));
		if (pg_number(&rows, i, 0) != i + 1 || i >= migrations_len() ||
			sha256.n != HASH_LEN || memcmp(sha256.p, ours.bytes, HASH_LEN) != 0)
			m = MIGRATE_NEWER;
		(*there)++;
	}
	pg_rows_free(&rows);
	return m == MIGRATED && *there < migrations_len() ? MIGRATE_NEEDED : m;
}

/* The line that remembers a file, and the file, in one transaction. */
static char *transaction(uint32_t i)
{
	static const char form[] = "BEGIN;" LOCK ";"
				   "INSERT INTO relais.migration (n, name, sha256)"
				   " VALUES (%u, '%s', decode('%.*s', 'hex'));\n%.*s\nCOMMIT";
	struct str file = file_bytes(i);
	struct hash sha256 = hash_of(file);
	char hex[HASH_TEXT];
	struct str digits = hash_print(&sha256, hex);
	size_t size = sizeof form + file.n + HASH_TEXT + 200;
	char *sql = malloc(size);

	if (sql)
		ASSERT(snprintf(sql, size, form, i + 1, migration_files[i].name, STR_FMT(digits),
			       STR_FMT(file)) < (int)size);
	return sql;
}

static enum migrated failed(struct pg *pg)
{
	char why[PG_WHY_BYTES];

	memcpy(why, pg->why, sizeof why);
	if (pg->conn) /* it is inside of a transaction that failed */
		pg_drop(pg);
	memcpy(pg->why, why, sizeof why);
	if (strcmp(pg->constraint, "migration_pkey") == 0) /* another server was first */
		return MIGRATE_AWAY;
	return pg_state_is(pg, "42501") ? MIGRATE_NEEDED : MIGRATE_FAILED;
}

static enum migrated run(struct pg *pg, const char *sql, int64_t until_ms)
{
	switch (pg_run(pg, sql, until_ms)) {
	case PG_DONE: return MIGRATED;
	case PG_REFUSED: return failed(pg);
	case PG_GONE:
	case PG_AWAY: return MIGRATE_AWAY;
	}
	return MIGRATE_FAILED;
}

enum migrated migrate(struct pg *pg, bool apply, int64_t until_ms, uint32_t *ran)
{
	uint32_t there;
	enum migrated m = look(pg, until_ms, &there);

	*ran = 0;
	if (m != MIGRATE_NEEDED || !apply)
		return m;
	m = there == 0 ? run(pg, first_sql, until_ms) : MIGRATED;
	for (uint32_t i = there; i < migrations_len() && m == MIGRATED; i++) {
		char *sql = transaction(i);
		ASSERT(sql);
		m = run(pg, sql, until_ms);
		free(sql);
		*ran += m == MIGRATED;
	}
	return m;
}
