/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/account.h"

#include <stdio.h>

#include "fleet/account_inside.h"

enum { AGAIN_MAX = 8, SENT_MAX = 3, LINE_BYTES = 200 };

#define PLACE STR("accounts")

static const enum people_tag shared_tags[] = {
	PEOPLE_ISSUED, PEOPLE_SESSION, PEOPLE_TOKEN, PEOPLE_USER};

/* ---- rows, and what is noted of them ---- */

static struct key note_key(struct str row)
{
	struct key k = {.n = 0};

	key_u8(&k, PEOPLE_NOTED);
	key_bytes(&k, row.p, row.n);
	return k;
}

/* A directory that stands alone has nobody to tell. */
static void note(struct txn *t, struct str row)
{
	struct key key = note_key(row);
	struct str ignored;

	if (txn_get(t, DB_META, PEOPLE_SHARED, &ignored))
		txn_put(t, DB_ROWS, key_str(&key), STR("1"));
}

void account_put(struct txn *t, const struct key *key, struct str value)
{
	txn_put(t, DB_ROWS, key_str(key), value);
	note(t, key_str(key));
}

void account_delete(struct txn *t, const struct key *key)
{
	txn_delete(t, DB_ROWS, key_str(key));
	note(t, key_str(key));
}

bool account_row_is_good(struct str key, struct str value)
{
	bool tagged = false;

	for (size_t i = 0; i < ARRAY_LEN(shared_tags) && key.n > 1; i++)
		tagged |= (uint8_t)key.p[0] == shared_tags[i];
	return tagged && key.n < KEY_MAX && (!value.p || value.n <= ACCOUNT_VALUE_MAX);
}

/* All rows of a kind, or those behind their notes, copied to the arena. */
struct rows {
	struct account_row *row;
	size_t len, max;
};

static void rows_add(struct rows *r, struct arena *a, struct str key, struct str value)
{
	if (r->len == r->max) {
		size_t max = r->max ? 2 * r->max : 64;
		struct account_row *more = arena_take(a, max * sizeof *more);
		if (!more)
			return;
		if (r->len)
			memcpy(more, r->row, r->len * sizeof *more);
		r->row = more;
		r->max = max;
	}
	r->row[r->len++] =
		(struct account_row){arena_copy(a, key), value.p ? arena_copy(a, value) : STR_NULL};
}

static void rows_of(struct txn *t, struct arena *a, enum people_tag tag, struct rows *out)
{
	const uint8_t byte = (uint8_t)tag;
	const struct str prefix = {(const char *)&byte, 1};
	struct cursor c;

	cursor_open(&c, t, DB_ROWS);
	for (bool some = cursor_seek(&c, prefix); some && cursor_within(&c, prefix);
		some = cursor_next(&c))
		rows_add(out, a, c.key, c.value);
	cursor_close(&c);
}

static void noted_rows(struct txn *t, struct arena *a, struct rows *out)
{
	struct rows notes = {.len = 0};

	rows_of(t, a, PEOPLE_NOTED, &notes);
	for (size_t i = 0; i < notes.len; i++) {
		struct str key = {notes.row[i].key.p + 1, notes.row[i].key.n - 1}, value;
		rows_add(out, a, key, txn_get(t, DB_ROWS, key, &value) ? value : STR_NULL);
	}
}

static void row_take(struct txn *t, const struct account_row *row)
{
	struct key noted = note_key(row->key);

	if (row->value.p)
		txn_put(t, DB_ROWS, row->key, row->value);
	else
		txn_delete(t, DB_ROWS, row->key);
	txn_delete(t, DB_ROWS, key_str(&noted));
}

/* ---- how far ---- */

/* False: this directory never followed. */
static bool place_get(struct people *p, struct account_place *out)
{
	struct str value;
	struct txn t;
	size_t at = 0;
	bool found;

	memset(out, 0, sizeof *out);
	txn_begin(&t, p->store, false);
	found = txn_get(&t, DB_META, PLACE, &value) && key_take_u64(value, &at, &out->n) &&
		value.n == at + ACCOUNT_MARK_LEN;
	if (found)
		memcpy(out->mark, value.p + at, ACCOUNT_MARK_LEN);
	else
		out->n = 0;
	txn_abort(&t);
	return found;
}

static void place_put(struct txn *t, const struct account_place *at)
{
	struct key value = {.n = 0};

	key_u64(&value, at->n);
	key_bytes(&value, at->mark, ACCOUNT_MARK_LEN);
	txn_put(t, DB_META, PLACE, key_str(&value));
}

void account_forget(struct txn *t)
{
	txn_delete(t, DB_META, PLACE);
}

/* ---- following ---- */

/* What was here before the line began is where it begins. */
static void note_all(struct people *p, struct txn *t)
{
	for (size_t i = 0; i < ARRAY_LEN(shared_tags); i++) {
		struct rows rows = {.len = 0};
		rows_of(t, &p->account_arena, shared_tags[i], &rows);
		for (size_t k = 0; k < rows.len; k++)
			note(t, rows.row[k].key);
	}
}

/* Rows that nobody noted are what others know better; how many were taken. */
static size_t drop_all(struct people *p, struct txn *t)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(shared_tags); i++) {
		struct rows rows = {.len = 0};
		rows_of(t, &p->account_arena, shared_tags[i], &rows);
		for (size_t k = 0; k < rows.len; k++) {
			struct key noted = note_key(rows.row[k].key);
			struct str ignored;
			if (txn_get(t, DB_ROWS, key_str(&noted), &ignored))
				continue;
			txn_delete(t, DB_ROWS, rows.row[k].key);
			n++;
		}
	}
	return n;
}

static enum outcome news_take(struct people *p, const struct account_news *news, bool known)
{
	char line[LINE_BYTES];
	size_t dropped = 0;
	struct txn t;
	enum outcome o;

	txn_begin(&t, p->store, true);
	if (news->now.n == 0)
		note_all(p, &t);
	else if (news->whole)
		dropped = drop_all(p, &t);
	for (size_t i = 0; i < news->len; i++)
		row_take(&t, &news->rows[i]);
	place_put(&t, &news->now);
	if (p->account_arena.full) {
		txn_abort(&t);
		return FAULT_MEMORY;
	}
	o = txn_commit(&t);
	if (o != OK || !dropped)
		return o;
	snprintf(line, sizeof line, "%zu users, sessions and tokens here %s", dropped,
		known ? "are taken anew from the journal: it was long ago, or it went back"
		      : "gave way to those of the journal that this directory follows now");
	p->env->log(p->env, line);
	return o;
}

/* To the end of the line; *at is there then. The mutex is held. */
static enum outcome follow(struct people *p, struct account_place *at)
{
	struct account_news news = {.len = 0};
	bool known = place_get(p, at);

	arena_reset(&p->account_arena);
	if (p->accounts->read(p->accounts, at, &p->account_arena, &news) != READ_END)
		return FAULT_BUSY;
	if (p->account_arena.full)
		return FAULT_MEMORY;
	if (known && !news.whole && news.now.n == at->n)
		return OK;
	*at = news.now;
	return news_take(p, &news, known);
}

/* ---- changing ---- */

static enum append send(struct people *p, const struct account_place *at,
	const struct account_place *to, const struct rows *rows)
{
	enum append a = APPEND_UNKNOWN;

	for (int i = 0; i < SENT_MAX && a == APPEND_UNKNOWN; i++)
		a = p->accounts->write(p->accounts, at, to, rows->row, rows->len);
	return a;
}

static enum outcome keep(struct people *p, const struct account_place *to, const struct rows *rows)
{
	struct txn t;

	txn_begin(&t, p->store, true);
	for (size_t i = 0; i < rows->len; i++)
		row_take(&t, &rows->row[i]);
	place_put(&t, to);
	return txn_commit(&t);
}

/* One try at the end of the line, `at`. LOST: another was first. */
static enum append step(struct people *p, const struct account_place *at,
	enum outcome (*change)(struct people *p, struct txn *t, void *context), void *context,
	enum outcome *o)
{
	struct account_place to = {.n = at->n + 1};
	struct rows rows = {.len = 0};
	enum append a;
	struct txn t;

	txn_begin(&t, p->store, true);
	*o = t.outcome;
	if (*o == OK && change)
		*o = change(p, &t, context);
	if (*o == OK)
		noted_rows(&t, &p->account_arena, &rows);
	if (*o == OK)
		*o = p->account_arena.full ? FAULT_MEMORY : t.outcome;
	/* Nothing waits for the others with the store in its hands: the writer needs it. */
	txn_abort(&t);
	if (*o != OK || rows.len == 0)
		return APPEND_DONE;
	p->env->random(p->env, to.mark, ACCOUNT_MARK_LEN);
	a = send(p, at, &to, &rows);
	if (a == APPEND_DONE)
		*o = keep(p, &to, &rows);
	return a;
}

static enum outcome change_shared(struct people *p,
	enum outcome (*change)(struct people *p, struct txn *t, void *context), void *context)
{
	for (int i = 0; i < AGAIN_MAX; i++) {
		struct account_place at;
		enum outcome o = follow(p, &at);
		if (o != OK)
			return o;
		switch (step(p, &at, change, context, &o)) {
		case APPEND_DONE: return o;
		case APPEND_LOST: break;
		case APPEND_AWAY:
		case APPEND_UNKNOWN: return FAULT_BUSY;
		}
	}
	return FAULT_BUSY;
}

enum outcome account_change_here(struct people *p,
	enum outcome (*change)(struct people *p, struct txn *t, void *context), void *context)
{
	struct txn t;
	enum outcome o;

	txn_begin(&t, p->store, true);
	o = t.outcome == OK ? change(p, &t, context) : t.outcome;
	if (o == OK)
		return txn_commit(&t);
	txn_abort(&t);
	return o;
}

enum outcome account_change(struct people *p,
	enum outcome (*change)(struct people *p, struct txn *t, void *context), void *context)
{
	enum outcome o;

	pthread_mutex_lock(&p->account_mutex);
	o = p->accounts ? change_shared(p, change, context)
			: account_change_here(p, change, context);
	pthread_mutex_unlock(&p->account_mutex);
	return o;
}

enum outcome people_follow_accounts(struct people *p)
{
	enum outcome o;

	pthread_mutex_lock(&p->account_mutex);
	o = p->accounts ? change_shared(p, NULL, NULL) : OK;
	pthread_mutex_unlock(&p->account_mutex);
	return o;
}

void people_share_accounts(struct people *p, struct accounts *accounts)
{
	pthread_mutex_lock(&p->account_mutex);
	p->accounts = accounts;
	pthread_mutex_unlock(&p->account_mutex);
}
