/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/user_inside.h"

struct key user_key(struct str login)
{
	char folded[ID_MAX + 1];

	ASSERT(login.n > 0 && login.n <= ID_MAX);
	for (size_t i = 0; i < login.n; i++) {
		bool capital = login.p[i] >= 'A' && login.p[i] <= 'Z';
		folded[i] = (char)(capital ? login.p[i] - 'A' + 'a' : login.p[i]);
	}
	return people_row(PEOPLE_USER, (struct str){folded, login.n});
}

/* ---- the row ---- */

static void kv_bytes(struct json_writer *w, const char *key, const void *p, size_t n)
{
	char hex[2 * PASSWORD_HASH_LEN];
	static const char digits[] = "0123456789abcdef";
	const uint8_t *bytes = p;

	ASSERT(2 * n <= sizeof(hex));
	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	json_kv_str(w, key, (struct str){hex, 2 * n});
}

static bool bytes_read(uint8_t *out, size_t n, struct str hex)
{
	static const char digits[] = "0123456789abcdef";

	if (hex.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *high = memchr(digits, hex.p[2 * i], 16);
		const char *low = memchr(digits, hex.p[2 * i + 1], 16);
		if (!high || !low)
			return false;
		out[i] = (uint8_t)((high - digits) << 4 | (low - digits));
	}
	return true;
}

void user_put(struct txn *t, const struct user *u)
{
	struct key key = user_key(str_from(u->actor.name));
	char row[PEOPLE_ROW_BYTES];
	struct json_writer w;

	json_writer_init(&w, row, sizeof(row));
	json_object_begin(&w);
	json_kv_int(&w, "created_at", u->created.s);
	json_kv_bool(&w, "disabled", u->disabled);
	json_kv_str(&w, "id", str_from(u->id));
	people_kv_name(&w, &u->actor);
	json_k(&w, "password");
	json_object_begin(&w);
	kv_bytes(&w, "hash", u->password.hash, PASSWORD_HASH_LEN);
	json_kv_int(&w, "log2_n", u->password.log2_n);
	json_kv_int(&w, "p", u->password.p);
	json_kv_int(&w, "r", u->password.r);
	kv_bytes(&w, "salt", u->password.salt, PASSWORD_SALT_LEN);
	json_object_end(&w);
	json_kv_int(&w, "rev", (int64_t)u->rev);
	people_kv_role_sites(&w, &u->actor);
	json_kv_int(&w, "used_at", u->seen.s);
	json_object_end(&w);
	struct str written = json_written(&w);
	ASSERT(written.p); /* the bound is ours */
	account_put(t, &key, written);
}

static bool password_read(struct password *out, struct json doc)
{
	out->log2_n = (uint32_t)json_int_at(doc, "log2_n", 0);
	out->r = (uint32_t)json_int_at(doc, "r", 0);
	out->p = (uint32_t)json_int_at(doc, "p", 0);
	return bytes_read(out->hash, PASSWORD_HASH_LEN, json_str_at(doc, "hash")) &&
	       bytes_read(out->salt, PASSWORD_SALT_LEN, json_str_at(doc, "salt"));
}

static bool user_read(struct user *out, struct str value)
{
	struct people_doc d;
	struct json doc = people_doc_read(&d, value);
	struct str id = json_str_at(doc, "id");

	if (id.n != ULID_LEN || !people_actor_read(&out->actor, doc) ||
		!password_read(&out->password, json_get(doc, "password")))
		return false;
	memcpy(out->id, id.p, ULID_LEN);
	out->id[ULID_LEN] = '\0';
	out->disabled = json_bool_at(doc, "disabled", true);
	out->rev = (uint64_t)json_int_at(doc, "rev", 0);
	out->created.s = json_int_at(doc, "created_at", 0);
	out->seen.s = json_int_at(doc, "used_at", 0);
	return true;
}

bool user_get(struct txn *t, struct str login, struct user *out)
{
	struct str value;

	if (login.n == 0 || login.n > ID_MAX)
		return false;
	struct key key = user_key(login);
	return txn_get(t, DB_ROWS, key_str(&key), &value) && user_read(out, value);
}

/* ---- reading ---- */

bool user_find(struct people *p, struct str login, struct user *out)
{
	struct txn t;
	bool found;

	txn_begin(&t, p->store, false);
	found = user_get(&t, login, out);
	txn_abort(&t);
	return found;
}

static size_t user_walk(struct txn *t, struct user *out, size_t max)
{
	const uint8_t tag = PEOPLE_USER;
	const struct str prefix = {(const char *)&tag, 1};
	struct cursor c;
	size_t n = 0;

	cursor_open(&c, t, DB_ROWS);
	for (bool some = cursor_seek(&c, prefix); some && cursor_within(&c, prefix) && n < max;
		some = cursor_next(&c))
		if (user_read(&out[n], c.value))
			n++;
	cursor_close(&c);
	return n;
}

size_t user_list(struct people *p, struct user *out, size_t max)
{
	struct txn t;
	size_t n;

	txn_begin(&t, p->store, false);
	n = user_walk(&t, out, max);
	txn_abort(&t);
	return n;
}

static bool administers(const struct user *u)
{
	return u->actor.role == ROLE_ADMIN && u->actor.sites_len == 0 && !u->disabled;
}

bool user_admin_in(struct txn *t, struct str but_login)
{
	const uint8_t tag = PEOPLE_USER;
	const struct str prefix = {(const char *)&tag, 1};
	struct key but = {.n = 0};
	struct cursor c;
	struct user u;
	bool found = false;

	if (but_login.n)
		but = user_key(but_login);
	cursor_open(&c, t, DB_ROWS);
	for (bool some = cursor_seek(&c, prefix); some && cursor_within(&c, prefix) && !found;
		some = cursor_next(&c))
		found = !str_eq(c.key, key_str(&but)) && user_read(&u, c.value) && administers(&u);
	cursor_close(&c);
	return found;
}

bool user_admin_exists(struct people *p)
{
	struct txn t;
	bool found;

	txn_begin(&t, p->store, false);
	found = user_admin_in(&t, STR_NULL);
	txn_abort(&t);
	return found;
}

/* ---- changing ---- */

enum outcome user_insert(struct people *p, struct txn *t, struct user *u)
{
	struct user there;
	struct arena a;

	if (user_get(t, str_from(u->actor.name), &there))
		return REFUSED_TAKEN;
	if (people_count(t, PEOPLE_USER) >= USERS_MAX)
		return REFUSED_LIMIT;
	arena_init(&a, ARENA_MAX_DEFAULT);
	u->created = p->env->now(p->env);
	struct str id = id_new(&a, p->env, u->created);
	if (id.n == ULID_LEN)
		memcpy(u->id, id.p, ULID_LEN + 1);
	arena_deinit(&a);
	if (id.n != ULID_LEN)
		return FAULT_MEMORY;
	u->rev = 1;
	u->seen.s = 0;
	user_put(t, u);
	return OK;
}

static enum outcome add(struct people *p, struct txn *t, void *context)
{
	return user_insert(p, t, context);
}

enum outcome user_add(struct people *p, struct user *u)
{
	return account_change(p, add, u);
}

/* Who administers now and would not afterwards (NULL: gone), while nobody else does. */
static bool is_last_admin(struct txn *t, const struct user *there, const struct user *then)
{
	return administers(there) && !(then && administers(then)) &&
	       !user_admin_in(t, str_from(there->actor.name));
}

static enum outcome change_check(struct txn *t, const struct user *u, struct user *there)
{
	if (!user_get(t, str_from(u->actor.name), there) || strcmp(there->id, u->id) != 0)
		return REFUSED_NOT_FOUND;
	if (there->rev != u->rev)
		return REFUSED_STALE;
	return is_last_admin(t, there, u) ? REFUSED_LAST_ADMIN : OK;
}

struct changing {
	struct user *user;
	uint64_t rev; /* as it was read: what is done again begins there */
	bool end_sessions;
};

static enum outcome change(struct people *p, struct txn *t, void *context)
{
	struct changing *c = context;
	struct user *u = c->user, there;
	enum outcome o;

	(void)p;
	u->rev = c->rev;
	o = change_check(t, u, &there);
	if (o != OK)
		return o;
	u->rev++;
	u->seen = there.seen;
	user_put(t, u);
	if (c->end_sessions || u->disabled)
		session_end_all(t, u->id, STR_NULL);
	return OK;
}

enum outcome user_change(struct people *p, struct user *u, bool end_sessions)
{
	struct changing c = {u, u->rev, end_sessions};

	return account_change(p, change, &c);
}

struct removing {
	struct str login;
	uint64_t rev;
};

static enum outcome remove_user(struct people *p, struct txn *t, void *context)
{
	const struct removing *r = context;
	struct key key = user_key(r->login);
	struct user there;

	(void)p;
	if (!user_get(t, r->login, &there))
		return REFUSED_NOT_FOUND;
	if (r->rev && there.rev != r->rev)
		return REFUSED_STALE;
	if (is_last_admin(t, &there, NULL))
		return REFUSED_LAST_ADMIN;
	session_end_all(t, there.id, STR_NULL);
	account_delete(t, &key);
	return OK;
}

enum outcome user_remove(struct people *p, struct str login, uint64_t rev)
{
	struct removing r = {login, rev};

	return account_change(p, remove_user, &r);
}
