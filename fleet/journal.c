/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/journal.h"
#include "fleet/fleet_inside.h"

/*
 * How a journal lies in the store.
 *   DB_JOURNAL   name, seq       hash (32 bytes), entry bytes
 *   DB_HEAD      name            seq u64, hash, at s64
 *   DB_REQUESTS  name, key hash  seq u64, body hash
 * Numbers are big-endian as in keys. Values of another length are damage, not a reason to guess.
 */

enum { HEAD_BYTES = 8 + HASH_LEN + 8, REQUEST_BYTES = 8 + HASH_LEN };

static bool damaged(struct txn *t)
{
	if (!t->outcome)
		t->outcome = FAULT_CORRUPT;
	return false;
}

static uint64_t number_at(struct str value, size_t at)
{
	uint64_t v;

	ASSERT(key_take_u64(value, &at, &v));
	return v;
}

static struct hash hash_at(struct str value, size_t at)
{
	struct hash h;

	ASSERT(at <= value.n && value.n - at >= HASH_LEN);
	memcpy(h.bytes, value.p + at, HASH_LEN);
	return h;
}

bool journal_head(struct txn *t, struct str journal, struct journal_head *out)
{
	struct key key = key_head(journal);
	struct str value;

	*out = (struct journal_head){.seq = 0};
	if (!txn_get(t, DB_HEAD, key_str(&key), &value))
		return false;
	if (value.n != HEAD_BYTES)
		return damaged(t);
	out->seq = number_at(value, 0);
	out->hash = hash_at(value, 8);
	out->at.s = (int64_t)number_at(value, 8 + HASH_LEN);
	return true;
}

/* hash | bytes of one entry. */
static bool entry_value(struct txn *t, struct str journal, uint64_t seq, struct str *value)
{
	struct key key = key_journal(journal, seq);

	if (!txn_get(t, DB_JOURNAL, key_str(&key), value))
		return false;
	return value->n > HASH_LEN || damaged(t);
}

bool journal_entry(struct txn *t, struct str journal, uint64_t seq, struct journal_entry *out)
{
	struct str value, before;

	*out = (struct journal_entry){.seq = seq};
	if (seq == 0 || !entry_value(t, journal, seq, &value))
		return false;
	out->hash = hash_at(value, 0);
	out->bytes = (struct str){value.p + HASH_LEN, value.n - HASH_LEN};
	if (seq == 1)
		return true; /* prev stays 32 zeros */
	if (!entry_value(t, journal, seq - 1, &before))
		return damaged(t); /* a hole in the chain */
	out->prev = hash_at(before, 0);
	return true;
}

bool journal_request(struct txn *t, struct str journal, const struct hash *key_sha256,
	uint64_t *seq, struct hash *body_sha256)
{
	struct key key = key_request(journal, key_sha256->bytes);
	struct str value;

	if (!txn_get(t, DB_REQUESTS, key_str(&key), &value))
		return false;
	if (value.n != REQUEST_BYTES)
		return damaged(t);
	*seq = number_at(value, 0);
	*body_sha256 = hash_at(value, 8);
	return true;
}

bool journal_next_name(struct txn *t, struct str *name)
{
	struct key key = key_head(*name);
	struct str after = name->p ? key_str(&key) : STR_NULL;
	struct cursor c;
	size_t at = 0;
	bool found;

	cursor_open(&c, t, DB_HEAD);
	found = cursor_seek(&c, after);
	if (found && name->p && str_eq(c.key, after))
		found = cursor_next(&c);
	*name = STR_NULL;
	if (found && !key_take_text(c.key, &at, name))
		found = damaged(t);
	cursor_close(&c);
	return found;
}

/* ---- writing ---- */

/* Notes the request that an entry answers. The first answer stays the answer. */
static void request_store(struct txn *t, const struct pending_entry *entry)
{
	struct hash key_sha256, body_sha256, ignored;
	struct key value = {.n = 0}, key;
	uint64_t seq;

	if (!event_request(entry->bytes, &key_sha256, &body_sha256))
		return;
	if (journal_request(t, entry->journal, &key_sha256, &seq, &ignored))
		return;
	key = key_request(entry->journal, key_sha256.bytes);
	key_u64(&value, entry->seq);
	key_bytes(&value, body_sha256.bytes, HASH_LEN);
	txn_put(t, DB_REQUESTS, key_str(&key), key_str(&value));
}

static void entry_store(struct txn *t, const struct pending_entry *entry)
{
	struct key key = key_journal(entry->journal, entry->seq);
	struct str hash = {(const char *)entry->hash.bytes, HASH_LEN};

	txn_append2(t, DB_JOURNAL, key_str(&key), hash, entry->bytes);
}

void journal_head_write(struct key *value, uint64_t seq, const struct hash *hash, struct instant at)
{
	key_u64(value, seq);
	key_bytes(value, hash->bytes, HASH_LEN);
	key_u64(value, (uint64_t)at.s);
	ASSERT(value->n == HEAD_BYTES);
}

void journal_store(struct txn *t, const struct pending_entry *entry)
{
	struct journal_head head;
	struct key key = key_head(entry->journal), value = {.n = 0};

	(void)journal_head(t, entry->journal, &head);
	if (t->outcome)
		return;
	/* The chain is checked on the way in as well as on the way out: a link that does not fit
	 * must never become durable. Times of one journal never go backwards. */
	ASSERT(entry->journal.n > 0 && entry->journal.n <= ID_MAX);
	ASSERT(entry->seq == head.seq + 1);
	ASSERT(memcmp(entry->prev.bytes, head.hash.bytes, HASH_LEN) == 0);
	ASSERT(head.seq == 0 || entry->at.s >= head.at.s);
	entry_store(t, entry);
	request_store(t, entry);
	journal_head_write(&value, entry->seq, &entry->hash, entry->at);
	txn_put(t, DB_HEAD, key_str(&key), key_str(&value));
}
