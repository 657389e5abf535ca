/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "fleet/share.h"

#include <stdio.h>

#include "fleet/account_inside.h"
#include "fleet/birth.h"
#include "fleet/fleet_inside.h"
#include "fleet/people_carry.h"
#include "fleet/people_inside.h"

/* ---- which journal ---- */

bool people_shared(struct people *p, char id[SHARE_ID_MAX + 1])
{
	struct str value;
	struct txn t;
	bool some;

	txn_begin(&t, p->store, false);
	some = txn_get(&t, DB_META, PEOPLE_SHARED, &value) && value.n <= SHARE_ID_MAX;
	id[0] = '\0';
	if (some) {
		memcpy(id, value.p, value.n);
		id[value.n] = '\0';
	}
	txn_abort(&t);
	return some;
}

enum outcome fleet_join(struct fleet *f, struct str id, const uint8_t secret[SEAL_KEY_LEN],
	char *why, size_t why_size)
{
	char there[SHARE_ID_MAX + 1];
	enum outcome o = OK;
	struct txn t;

	ASSERT(id.n > 0 && id.n <= SHARE_ID_MAX);
	snprintf(why, why_size, "the people store cannot be written");
	if (people_shared(f->people, there)) {
		snprintf(why, why_size,
			"the data directory follows another journal (%s) than this one (%.*s)",
			there, STR_FMT(id));
		return str_is(id, there) ? OK : FAULT_CORRUPT;
	}
	if (memcmp(secret, people_secret(f->people), SEAL_KEY_LEN) != 0) {
		if (!birth_is_unfinished(f->store)) {
			snprintf(why, why_size,
				"the data directory has a journal of its own: start with one that "
				"is empty, or move it with relais journal copy");
			return FAULT_CORRUPT;
		}
		o = people_carry_secret(f->people, secret);
	}
	if (o != OK)
		return o;
	txn_begin(&t, f->people->store, true);
	txn_put(&t, DB_META, PEOPLE_SHARED, id);
	return txn_commit(&t);
}

enum outcome fleet_leave(struct fleet *f)
{
	struct txn t;

	txn_begin(&t, f->people->store, true);
	txn_delete(&t, DB_META, PEOPLE_SHARED);
	txn_delete(&t, DB_META, PEOPLE_IN_LINE);
	account_forget(&t);
	f->in_line = false;
	return txn_commit(&t);
}

bool share_was_in_line(struct fleet *f)
{
	struct str ignored;
	struct txn t;

	if (f->in_line)
		return true;
	txn_begin(&t, f->people->store, false);
	f->in_line = txn_get(&t, DB_META, PEOPLE_IN_LINE, &ignored);
	txn_abort(&t);
	return f->in_line;
}

enum outcome share_note_in_line(struct fleet *f)
{
	enum outcome o;
	struct txn t;

	if (share_was_in_line(f))
		return OK;
	txn_begin(&t, f->people->store, true);
	txn_put(&t, DB_META, PEOPLE_IN_LINE, STR("1"));
	o = txn_commit(&t);
	f->in_line = o == OK;
	return o;
}

/* ---- keys that were made here ---- */

enum { KEYS_AT_ONCE = 64 };

enum append share_keys(struct fleet *f, enum outcome *o)
{
	struct keyring *k = f->keyring;
	enum append all = APPEND_DONE;

	for (uint32_t done = 0; done < k->len && *o == OK;) {
		struct people_new_key keys[KEYS_AT_ONCE];
		size_t n = 0;
		for (; n < ARRAY_LEN(keys) && done + n < k->len; n++) {
			keys[n].subject = str_from(k->fresh[done + n].subject);
			memcpy(keys[n].key, k->fresh[done + n].key, SEAL_KEY_LEN);
		}
		enum append a = f->journal->keys_add(f->journal, keys, n);
		if (a == APPEND_AWAY || a == APPEND_UNKNOWN)
			return APPEND_AWAY; /* a key by itself promises nothing */
		if (a == APPEND_LOST)
			all = APPEND_LOST;
		*o = people_add_keys(f->people, keys, n);
		done += (uint32_t)n;
	}
	if (*o == OK)
		k->len = 0;
	return all;
}

/* ---- keys that others made ---- */

enum outcome share_fetch(struct fleet *f)
{
	struct wanted_keys *w = f->wanted;
	struct people_new_key keys[WANTED_KEYS_MAX];
	bool found[WANTED_KEYS_MAX] = {false};
	size_t n = 0;

	for (uint32_t i = 0; i < w->len; i++)
		keys[i].subject = str_from(w->subject[i]);
	if (w->len && f->journal->keys_find(f->journal, keys, w->len, found) != READ_END)
		return FAULT_BUSY;
	for (uint32_t i = 0; i < w->len; i++)
		if (found[i]) /* the others were erased since */
			keys[n++] = keys[i];
	w->len = 0;
	return people_add_keys(f->people, keys, n);
}

static bool is_wanted(const struct wanted_keys *w, struct str subject)
{
	for (uint32_t i = 0; i < w->len; i++)
		if (str_is(subject, w->subject[i]))
			return true;
	return false;
}

/* What is sealed says for whom; the bytes are canonical, so a text cannot look like it. */
enum outcome share_want(struct fleet *f, struct str bytes)
{
	static const char mark[] = "{\"of\":\"";
	struct wanted_keys *w = f->wanted;
	uint8_t key[SEAL_KEY_LEN];
	enum outcome o = OK;

	for (const char *at = bytes.p, *end = bytes.p + bytes.n; o == OK;) {
		struct str subject;
		at = memmem(at, (size_t)(end - at), mark, sizeof mark - 1);
		if (!at)
			break;
		subject.p = at += sizeof mark - 1;
		at = memchr(at, '"', (size_t)(end - at));
		if (!at)
			break;
		subject.n = (size_t)(at - subject.p);
		if (subject.n == 0 || subject.n > ID_MAX || is_wanted(w, subject) ||
			people_key(f->people, subject, key))
			continue;
		if (w->len == WANTED_KEYS_MAX)
			o = share_fetch(f);
		if (o != OK)
			break;
		memcpy(w->subject[w->len], subject.p, subject.n);
		w->subject[w->len++][subject.n] = '\0';
	}
	explicit_bzero(key, sizeof key);
	return o;
}
