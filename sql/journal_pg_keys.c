/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What stands beside the journal: whose it is, and the keys of persons. */

#include <stdio.h>

#include "fleet/person.h"
#include "sql/array.h"
#include "sql/journal_pg_inside.h"

/* ---- whose it is ---- */

static enum outcome identity_read(
	struct journal_pg *j, int64_t until_ms, char *why, size_t why_size)
{
	const struct pg_query q = {.sql = "SELECT id, secret FROM relais.identity"};
	struct pg_rows rows;
	struct str id, secret;

	if (pg_ask(&j->pg, &q, until_ms, &rows) != PG_DONE) {
		snprintf(why, why_size, "PostgreSQL is away: %s", j->pg.why);
		return pg_state_is(&j->pg, "42501") ? FAULT_CORRUPT : FAULT_BUSY;
	}
	if (rows.len == 1) {
		id = pg_value(&rows, 0, 0);
		secret = pg_value(&rows, 0, 1);
		ASSERT(id.n > 0 && id.n <= SHARE_ID_MAX && secret.n == SEAL_KEY_LEN);
		memcpy(j->id, id.p, id.n);
		j->id[id.n] = '\0';
		memcpy(j->secret, secret.p, SEAL_KEY_LEN);
	}
	pg_rows_free(&rows);
	return OK;
}

/* The first server gives the journal its name and its own secret; of two at once one is first. */
static enum outcome identity_offer(
	struct journal_pg *j, int64_t until_ms, char *why, size_t why_size)
{
	struct pg_query q = {.sql = "INSERT INTO relais.identity (id, secret) VALUES ($1, $2)"
				    " ON CONFLICT DO NOTHING",
		.len = 2,
		.binary = {true, true}};

	arena_reset(&j->arena);
	q.value[0] = id_new(&j->arena, j->env, j->env->now(j->env));
	q.value[1] = (struct str){(const char *)j->secret, SEAL_KEY_LEN};
	if (q.value[0].n && pg_ask(&j->pg, &q, until_ms, NULL) == PG_DONE)
		return identity_read(j, until_ms, why, why_size);
	snprintf(why, why_size, "PostgreSQL does not take this journal's name: %s", j->pg.why);
	return FAULT_BUSY;
}

enum outcome journal_pg_identity(struct journal_pg *j, int64_t until_ms, char *why, size_t why_size)
{
	enum outcome o;

	j->id[0] = '\0';
	o = identity_read(j, until_ms, why, why_size);
	if (o == OK && !j->id[0] && !j->expected[0])
		o = identity_offer(j, until_ms, why, why_size);
	if (o != OK)
		return o;
	if (!j->expected[0])
		memcpy(j->expected, j->id, sizeof j->expected);
	if (j->id[0] && strcmp(j->expected, j->id) == 0)
		return OK;
	snprintf(why, why_size, "the database holds %s, and the data directory follows another",
		j->id[0] ? "another installation's journal" : "no journal");
	return FAULT_CORRUPT;
}

/* ---- keys of persons ---- */

static struct str subjects_of(struct arena *a, const struct people_new_key *keys, size_t n)
{
	struct array w;

	array_begin(&w, a, ARRAY_TEXT, n, n * ID_MAX);
	for (size_t i = 0; i < n; i++)
		array_bytes(&w, keys[i].subject);
	return array_str(&w);
}

/* The rows of (subject, key) that were asked for. `same`: whether these are the keys that were
 * given; NULL: none was. */
static void keys_take(
	const struct pg_rows *rows, struct people_new_key *keys, size_t n, bool *found, bool *same)
{
	for (uint32_t r = 0; r < rows->len; r++) {
		struct str subject = pg_value(rows, r, 0), key = pg_value(rows, r, 1);
		for (size_t i = 0; i < n; i++) {
			if (!str_eq(subject, keys[i].subject) || key.n != SEAL_KEY_LEN)
				continue;
			found[i] = true;
			if (same)
				*same &= memcmp(keys[i].key, key.p, SEAL_KEY_LEN) == 0;
			memcpy(keys[i].key, key.p, SEAL_KEY_LEN);
		}
	}
}

/* What the journal has of these; false: nobody knows, and the connection is gone. */
static bool keys_select(
	struct journal_pg *j, struct people_new_key *keys, size_t n, bool *found, bool *same)
{
	struct pg_query q = {.sql = "SELECT subject, key FROM relais.person_key"
				    " WHERE subject = ANY ($1::text[])",
		.len = 1,
		.binary = {true}};
	struct pg_rows rows;

	arena_reset(&j->arena);
	q.value[0] = subjects_of(&j->arena, keys, n);
	if (j->arena.full || pg_ask(&j->pg, &q, j->until_ms, &rows) != PG_DONE) {
		journal_pg_lost(j);
		return false;
	}
	keys_take(&rows, keys, n, found, same);
	pg_rows_free(&rows);
	return true;
}

enum journal_read journal_pg_keys_find(
	struct journal *self, struct people_new_key *keys, size_t count, bool *found)
{
	struct journal_pg *j = (struct journal_pg *)(void *)self;

	return journal_pg_ready(j) && keys_select(j, keys, count, found, NULL) ? READ_END
									       : READ_AWAY;
}

/* In the order of the subjects, so that two servers never wait for each other in a circle. */
static bool keys_insert(struct journal_pg *j, const struct people_new_key *keys, size_t n)
{
	struct pg_query q = {.sql = "INSERT INTO relais.person_key (subject, key)"
				    " SELECT s, k FROM unnest($1::text[], $2::bytea[]) AS e(s, k)"
				    " ORDER BY s COLLATE \"C\" ON CONFLICT DO NOTHING",
		.len = 2,
		.binary = {true, true}};
	struct array w;

	arena_reset(&j->arena);
	q.value[0] = subjects_of(&j->arena, keys, n);
	array_begin(&w, &j->arena, ARRAY_BYTEA, n, n * SEAL_KEY_LEN);
	for (size_t i = 0; i < n; i++)
		array_bytes(&w, (struct str){(const char *)keys[i].key, SEAL_KEY_LEN});
	q.value[1] = array_str(&w);
	return !j->arena.full && pg_ask(&j->pg, &q, j->until_ms, NULL) == PG_DONE;
}

enum append journal_pg_keys_add(struct journal *self, struct people_new_key *keys, size_t count)
{
	struct journal_pg *j = (struct journal_pg *)(void *)self;
	bool found[KEYRING_MAX] = {false}, same = true;

	ASSERT(count <= KEYRING_MAX);
	if (!journal_pg_ready(j))
		return APPEND_AWAY;
	if (!keys_insert(j, keys, count)) {
		journal_pg_lost(j);
		return APPEND_AWAY;
	}
	if (!keys_select(j, keys, count, found, &same))
		return APPEND_AWAY;
	if (same)
		return APPEND_DONE;
	/* Another's key was only read: as with entries, an own commit stands behind it. */
	return journal_pg_barrier(j) ? APPEND_LOST : APPEND_AWAY;
}

enum append journal_pg_keys_drop(struct journal *self, const struct str *subjects, size_t count)
{
	struct journal_pg *j = (struct journal_pg *)(void *)self;
	struct pg_query q = {
		.sql = "DELETE FROM relais.person_key WHERE subject = ANY ($1::text[])",
		.len = 1,
		.binary = {true}};
	struct array w;

	if (!journal_pg_ready(j))
		return APPEND_AWAY;
	arena_reset(&j->arena);
	array_begin(&w, &j->arena, ARRAY_TEXT, count, count * ID_MAX);
	for (size_t i = 0; i < count; i++)
		array_bytes(&w, subjects[i]);
	q.value[0] = array_str(&w);
	if (!j->arena.full && pg_ask(&j->pg, &q, j->until_ms, NULL) == PG_DONE)
		return APPEND_DONE;
	journal_pg_lost(j);
	return APPEND_AWAY;
}
