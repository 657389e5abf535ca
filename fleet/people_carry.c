/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/people_carry.h"

#include "fleet/people_inside.h"

enum { ACTOR_VALUE_MAX = 16 << 10 };

bool people_carried_is_good(struct str key, struct str value)
{
	struct str id;
	size_t at = 1;

	if (key.n < 2 || !value.n)
		return false;
	if (key.p[0] == PEOPLE_KEY)
		return key_take_text(key, &at, &id) && at == key.n && id.n && id.n <= ID_MAX &&
		       value.n == SEAL_KEY_LEN;
	if (value.p[0] != '{' || value.n > ACTOR_VALUE_MAX)
		return false;
	if (key.p[0] == PEOPLE_USER)
		return key_take_text(key, &at, &id) && at == key.n && id.n;
	return key.p[0] == PEOPLE_TOKEN && key.n == 1 + HASH_LEN;
}

bool people_carry_out(struct people *p, void *context,
	bool (*take)(void *context, struct str key, struct str value))
{
	struct txn t;
	struct cursor c;
	bool good = true;

	txn_begin(&t, p->store, false);
	cursor_open(&c, &t, DB_ROWS);
	for (bool some = cursor_seek(&c, STR("")); some && good; some = cursor_next(&c))
		if (c.key.p[0] == PEOPLE_KEY || c.key.p[0] == PEOPLE_TOKEN ||
			c.key.p[0] == PEOPLE_USER)
			good = people_carried_is_good(c.key, c.value) &&
			       take(context, c.key, c.value);
	cursor_close(&c);
	good &= t.outcome == OK;
	txn_abort(&t);
	return good;
}

enum outcome people_carry_in(struct people *p, const struct people_carried *rows, size_t count)
{
	struct txn t;

	txn_begin(&t, p->store, true);
	for (size_t i = 0; i < count; i++) {
		ASSERT(people_carried_is_good(rows[i].key, rows[i].value));
		txn_put(&t, DB_ROWS, rows[i].key, rows[i].value);
	}
	return txn_commit(&t);
}

enum outcome people_carry_secret(struct people *p, const uint8_t secret[SEAL_KEY_LEN])
{
	struct txn t;

	memcpy(p->secret, secret, SEAL_KEY_LEN);
	txn_begin(&t, p->store, true);
	txn_put(&t, DB_META, PEOPLE_SECRET, (struct str){(const char *)p->secret, SEAL_KEY_LEN});
	return txn_commit(&t);
}
