/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/user_inside.h"

/* The link for the first administrator: DB_META "first" holds when it ends and its SHA-256. */

#define FIRST STR("first")

enum outcome user_first_link(struct people *p, struct arena *a, struct str *text)
{
	struct key value = {.n = 0};
	struct hash hash;
	struct txn t;

	*text = people_chance(p, a);
	if (!text->p)
		return FAULT_MEMORY;
	hash = hash_of(*text);
	key_u64(&value, (uint64_t)(p->env->now(p->env).s + FIRST_LIFE_S));
	key_bytes(&value, hash.bytes, HASH_LEN);
	txn_begin(&t, p->store, true);
	txn_put(&t, DB_META, FIRST, key_str(&value));
	return txn_commit(&t);
}

static bool first_open(struct people *p, struct txn *t, struct str text)
{
	struct hash hash = hash_of(text);
	struct str value;
	uint64_t until_s;
	size_t at = 0;

	return txn_get(t, DB_META, FIRST, &value) && key_take_u64(value, &at, &until_s) &&
	       value.n == at + HASH_LEN && memcmp(value.p + at, hash.bytes, HASH_LEN) == 0 &&
	       p->env->now(p->env).s < (int64_t)until_s && !user_admin_in(t, STR_NULL);
}

bool user_first_open(struct people *p, struct str text)
{
	struct txn t;
	bool open;

	txn_begin(&t, p->store, false);
	open = first_open(p, &t, text);
	txn_abort(&t);
	return open;
}

struct adding {
	struct str text;
	struct user *user;
};

/* The link is this server's; that nobody administers yet is asked of all, so one link is first. */
static enum outcome add(struct people *p, struct txn *t, void *context)
{
	const struct adding *a = context;
	enum outcome o = first_open(p, t, a->text) ? user_insert(p, t, a->user) : REFUSED_SIGN_IN;

	if (o == OK)
		txn_delete(t, DB_META, FIRST);
	return o;
}

enum outcome user_first_add(struct people *p, struct str text, struct user *u)
{
	struct adding a = {text, u};

	return account_change(p, add, &a);
}
