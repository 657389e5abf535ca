/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/session.h"

#include "fleet/user_inside.h"

/* ---- the row ---- */

static struct key sessions_prefix(struct str user_id)
{
	ASSERT(user_id.n == ULID_LEN);
	return people_row(PEOPLE_SESSION, user_id);
}

/* False: no text of ours. */
static bool session_key(struct str text, struct key *key)
{
	if (text.n != SESSION_LEN || memchr(text.p, '\0', text.n))
		return false;
	struct hash hash = hash_of(text);
	*key = sessions_prefix((struct str){text.p, ULID_LEN});
	key_bytes(key, hash.bytes, HASH_LEN);
	return true;
}

static struct str session_write(char row[PEOPLE_ROW_BYTES], const struct session *s)
{
	struct json_writer w;

	json_writer_init(&w, row, PEOPLE_ROW_BYTES);
	json_object_begin(&w);
	json_kv_int(&w, "created_at", s->created.s);
	json_kv_str(&w, "login", str_from(s->user.actor.name));
	json_kv_int(&w, "seen_at", s->seen.s);
	json_object_end(&w);
	struct str written = json_written(&w);
	ASSERT(written.p);
	return written;
}

static void session_put(struct txn *t, const struct key *key, const struct session *s)
{
	char row[PEOPLE_ROW_BYTES];

	account_put(t, key, session_write(row, s));
}

static bool is_over(const struct session *s, struct instant now)
{
	return now.s >= session_until(s).s;
}

struct instant session_until(const struct session *s)
{
	int64_t idle = s->seen.s + SESSION_IDLE_S, life = s->created.s + SESSION_LIFE_S;

	return (struct instant){idle < life ? idle : life};
}

/* Only its times: whose it is says the user's row. */
static struct json session_read(struct people_doc *d, struct session *out, struct str value)
{
	struct json doc = people_doc_read(d, value);

	out->created.s = json_int_at(doc, "created_at", 0);
	out->seen.s = json_int_at(doc, "seen_at", 0);
	return doc;
}

static bool session_get(struct people *p, struct txn *t, struct str text, struct session *out)
{
	struct people_doc d;
	struct str value;
	struct key key;

	if (!session_key(text, &key) || !txn_get(t, DB_ROWS, key_str(&key), &value))
		return false;
	struct json doc = session_read(&d, out, value);
	return user_get(t, json_str_at(doc, "login"), &out->user) &&
	       str_eq(str_from(out->user.id), (struct str){text.p, ULID_LEN}) &&
	       !out->user.disabled && !is_over(out, p->env->now(p->env));
}

bool session_find(struct people *p, struct str text, struct session *out)
{
	struct txn t;
	bool found;

	txn_begin(&t, p->store, false);
	found = session_get(p, &t, text, out);
	txn_abort(&t);
	return found;
}

/* ---- many of one person ---- */

struct found {
	struct key key;
	struct instant created;
};

/* Up to max of a person's, and which of them are over. */
static size_t sessions_of(
	struct people *p, struct txn *t, const char *user_id, struct found *out, size_t max)
{
	struct key prefix = sessions_prefix(str_from(user_id));
	struct instant now = p ? p->env->now(p->env) : (struct instant){0};
	struct people_doc d;
	struct cursor c;
	size_t n = 0;

	cursor_open(&c, t, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)) && n < max; some = cursor_next(&c)) {
		struct session s;
		session_read(&d, &s, c.value);
		ASSERT(c.key.n <= KEY_MAX);
		out[n].key.n = c.key.n;
		memcpy(out[n].key.bytes, c.key.p, c.key.n);
		out[n++].created = p && is_over(&s, now) ? (struct instant){0} : s.created;
	}
	cursor_close(&c);
	return n;
}

void session_end_all(struct txn *t, const char *user_id, struct str but_row)
{
	struct found found[2 * SESSIONS_PER_USER_MAX];
	size_t n = sessions_of(NULL, t, user_id, found, ARRAY_LEN(found));

	for (size_t i = 0; i < n; i++)
		if (!str_eq(key_str(&found[i].key), but_row))
			account_delete(t, &found[i].key);
}

/* Makes room for one more: those that are over go, and the oldest. */
static void sessions_trim(struct people *p, struct txn *t, const char *user_id)
{
	struct found found[2 * SESSIONS_PER_USER_MAX];
	size_t n = sessions_of(p, t, user_id, found, ARRAY_LEN(found)), left = n;

	for (;;) {
		size_t oldest = 0;
		for (size_t i = 1; i < left; i++)
			if (found[i].created.s < found[oldest].created.s)
				oldest = i;
		if (!left || (left < SESSIONS_PER_USER_MAX && found[oldest].created.s > 0))
			break;
		account_delete(t, &found[oldest].key);
		found[oldest] = found[--left];
	}
}

/* ---- opening, using, closing ---- */

struct opening {
	const struct user *user; /* as his password was right */
	struct key key;
};

static enum outcome open_session(struct people *p, struct txn *t, void *context)
{
	const struct opening *y = context;
	const struct user *u = y->user;
	struct session s = {.created = p->env->now(p->env)};

	s.seen = s.created;
	if (!user_get(t, str_from(u->actor.name), &s.user) || s.user.disabled ||
		s.user.rev != u->rev || strcmp(s.user.id, u->id) != 0)
		return REFUSED_SIGN_IN;
	sessions_trim(p, t, u->id);
	s.user.seen = s.created;
	user_put(t, &s.user);
	session_put(t, &y->key, &s);
	return OK;
}

enum outcome session_open(struct people *p, struct arena *a, const struct user *u, struct str *text)
{
	struct str chance = people_chance(p, a);
	struct opening y = {.user = u};
	enum outcome o;

	*text = arena_printf(a, "%s%.*s", u->id, STR_FMT(chance));
	if (a->full)
		return FAULT_MEMORY;
	ASSERT(session_key(*text, &y.key));
	o = account_change(p, open_session, &y);
	if (o != OK)
		*text = STR_NULL;
	return o;
}

static enum outcome see(struct people *p, struct txn *t, void *context)
{
	const struct str *text = context;
	struct session s;
	struct key key;

	if (!session_get(p, t, *text, &s) || !session_key(*text, &key))
		return OK;
	s.seen = s.user.seen = p->env->now(p->env);
	session_put(t, &key, &s);
	user_put(t, &s.user);
	return OK;
}

/* Whoever reads on while the others cannot be asked is seen by this server alone: it is said again
 * within a minute of when they can. */
static enum outcome see_here(struct people *p, struct txn *t, void *context)
{
	const struct str *text = context;
	char row[PEOPLE_ROW_BYTES];
	struct session s;
	struct key key;

	if (!session_get(p, t, *text, &s) || !session_key(*text, &key))
		return OK;
	s.seen = p->env->now(p->env);
	txn_put(t, DB_ROWS, key_str(&key), session_write(row, &s));
	return OK;
}

enum outcome session_seen(struct people *p, struct str text)
{
	enum outcome o = account_change(p, see, &text);

	return o == FAULT_BUSY ? account_change_here(p, see_here, &text) : o;
}

static enum outcome close_one(struct people *p, struct txn *t, void *context)
{
	const struct key *key = context;
	struct str ignored;

	(void)p;
	if (txn_get(t, DB_ROWS, key_str(key), &ignored))
		account_delete(t, key);
	return OK;
}

enum outcome session_close(struct people *p, struct str text)
{
	struct key key;

	return session_key(text, &key) ? account_change(p, close_one, &key) : OK;
}

static enum outcome close_all(struct people *p, struct txn *t, void *context)
{
	const struct str *text = context;
	struct session s;

	if (session_get(p, t, *text, &s))
		session_end_all(t, s.user.id, STR_NULL);
	return OK;
}

enum outcome session_close_all(struct people *p, struct str text)
{
	return account_change(p, close_all, &text);
}

struct setting {
	struct str text;
	const struct password *password;
};

static enum outcome set_password(struct people *p, struct txn *t, void *context)
{
	const struct setting *y = context;
	struct session s;
	struct key key;

	if (!session_get(p, t, y->text, &s) || !session_key(y->text, &key))
		return REFUSED_SIGN_IN;
	s.user.password = *y->password;
	s.user.rev++;
	user_put(t, &s.user);
	session_end_all(t, s.user.id, key_str(&key));
	return OK;
}

enum outcome session_set_password(
	struct people *p, struct str text, const struct password *password)
{
	struct setting y = {text, password};

	return account_change(p, set_password, &y);
}
