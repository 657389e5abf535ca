/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/people.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "fleet/journal.h"
#include "fleet/people_inside.h"

/*
 * Every function is a transaction of its own, short and whole: people is asked from the threads
 * that answer and from the one that writes, and nothing it hands out points into the store.
 */

/* ---- opening ---- */

static const char *const names[DB_COUNT] = {
	[DB_ROWS] = "people_rows",
	[DB_INDEX] = "people_index",
	[DB_META] = "people_meta",
};

#define CURSOR STR("cursor")
#define SCRUB STR("scrub")
#define MAP_BYTES ((size_t)4 << 30)
#define ACCOUNT_BYTES_MAX ((size_t)256 << 20) /* all users, sessions and tokens, twice */

struct key people_row(enum people_tag tag, struct str id)
{
	struct key k = {.n = 0};

	ASSERT(id.n > 0 && id.n <= ID_MAX);
	key_u8(&k, (uint8_t)tag);
	key_text(&k, id);
	return k;
}

uint32_t people_count(struct txn *t, enum people_tag tag)
{
	const uint8_t byte = (uint8_t)tag;
	const struct str prefix = {(const char *)&byte, 1};
	struct cursor c;
	uint32_t n = 0;

	cursor_open(&c, t, DB_ROWS);
	for (bool some = cursor_seek(&c, prefix); some && cursor_within(&c, prefix);
		some = cursor_next(&c))
		n++;
	cursor_close(&c);
	return n;
}

/* False: there is none, or the transaction has a fault. */
static bool secret_read(struct people *p)
{
	struct txn t;
	struct str value;
	bool found;

	txn_begin(&t, p->store, false);
	found = txn_get(&t, DB_META, PEOPLE_SECRET, &value) && value.n == SEAL_KEY_LEN;
	if (found)
		memcpy(p->secret, value.p, SEAL_KEY_LEN);
	txn_abort(&t);
	return found;
}

static enum outcome secret_make(struct people *p)
{
	struct txn t;

	p->env->random(p->env, p->secret, SEAL_KEY_LEN);
	txn_begin(&t, p->store, true);
	txn_put(&t, DB_META, PEOPLE_SECRET, (struct str){(const char *)p->secret, SEAL_KEY_LEN});
	return txn_commit(&t);
}

/* The secret is made when the store is, never later: a lost one must not be replaced in silence,
 * since every commitment made with it would stop to fit. */
static enum outcome secret_ready(struct people *p, bool create, char *why, size_t why_size)
{
	struct store_usage usage;
	enum outcome outcome;

	if (secret_read(p))
		return OK;
	store_usage(p->store, &usage);
	if (!create || usage.last_txn > 1) {
		snprintf(
			why, why_size, "the people store has lost the secret of this installation");
		return FAULT_CORRUPT;
	}
	outcome = secret_make(p);
	if (outcome)
		snprintf(why, why_size, "the people store cannot be written");
	return outcome;
}

/* The mark that lets one process replace the file while no other has it open. */
static enum outcome in_use_open(struct people *p, char *why, size_t why_size)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/in-use", p->dir);
	p->in_use = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (p->in_use >= 0 && flock(p->in_use, LOCK_SH) == 0)
		return OK;
	snprintf(why, why_size, "%s: %s", path, strerror(errno));
	return FAULT_DISK;
}

enum outcome people_open(struct people **out, const char *dir, struct env *env, bool create,
	char *why, size_t why_size)
{
	const struct store_options options = {
		.map_bytes = MAP_BYTES,
		.create = create,
		.names = names,
		.names_len = DB_COUNT,
		.no_lock = true,
	};
	struct people *p = calloc(1, sizeof(*p));
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/people", dir);
	enum outcome outcome;

	*out = NULL;
	if (!p || n < 0 || (size_t)n >= sizeof(path)) {
		snprintf(why, why_size,
			"the people store cannot be opened: no memory or too long a path");
		free(p);
		return p ? FAULT_DISK : FAULT_MEMORY;
	}
	p->env = env;
	p->in_use = -1;
	ASSERT(pthread_mutex_init(&p->account_mutex, NULL) == 0);
	arena_init(&p->account_arena, ACCOUNT_BYTES_MAX);
	memcpy(p->dir, path, (size_t)n + 1);
	outcome = store_open(&p->store, path, &options, why, why_size);
	if (!outcome)
		outcome = in_use_open(p, why, why_size);
	if (!outcome)
		outcome = secret_ready(p, create, why, why_size);
	if (outcome) {
		people_close(p);
		return outcome;
	}
	*out = p;
	return OK;
}

void people_close(struct people *p)
{
	if (!p)
		return;
	store_close(p->store);
	if (p->in_use >= 0)
		close(p->in_use);
	explicit_bzero(p->secret, sizeof(p->secret));
	arena_deinit(&p->account_arena);
	pthread_mutex_destroy(&p->account_mutex);
	free(p);
}

struct store *people_store(struct people *p)
{
	return p->store;
}

struct env *people_env(const struct people *p)
{
	return p->env;
}

const uint8_t *people_secret(const struct people *p)
{
	return p->secret;
}

/* ---- keys of persons ---- */

static bool key_get(struct txn *t, struct str subject, uint8_t out[SEAL_KEY_LEN])
{
	struct key key = people_row(PEOPLE_KEY, subject);
	struct str value;

	if (!txn_get(t, DB_ROWS, key_str(&key), &value) || value.n != SEAL_KEY_LEN)
		return false;
	memcpy(out, value.p, SEAL_KEY_LEN);
	return true;
}

bool people_key(struct people *p, struct str subject, uint8_t key[SEAL_KEY_LEN])
{
	struct txn t;
	bool found;

	if (subject.n == 0 || subject.n > ID_MAX)
		return false;
	txn_begin(&t, p->store, false);
	found = key_get(&t, subject, key);
	txn_abort(&t);
	return found;
}

enum outcome people_add_keys(struct people *p, const struct people_new_key *keys, size_t count)
{
	struct txn t;

	if (count == 0)
		return OK;
	txn_begin(&t, p->store, true);
	for (size_t i = 0; i < count; i++) {
		struct key key = people_row(PEOPLE_KEY, keys[i].subject);
		uint8_t there[SEAL_KEY_LEN];
		/* Whatever was sealed with a key must stay readable: a second one never takes its
		 * place. */
		if (key_get(&t, keys[i].subject, there)) {
			ASSERT(memcmp(there, keys[i].key, SEAL_KEY_LEN) == 0);
			continue;
		}
		txn_put(&t, DB_ROWS, key_str(&key),
			(struct str){(const char *)keys[i].key, SEAL_KEY_LEN});
	}
	return txn_commit(&t);
}

/* ---- forgetting ---- */

void people_share(struct people *p, struct journal *journal)
{
	p->shared = journal->keys_drop ? journal : NULL;
}

enum outcome people_forget(struct people *p, const struct str *subjects, size_t count)
{
	struct txn t;

	/* Elsewhere first: whoever follows later would find them again. */
	if (p->shared && p->shared->keys_drop(p->shared, subjects, count) != APPEND_DONE)
		return FAULT_BUSY;
	txn_begin(&t, p->store, true);
	for (size_t i = 0; i < count; i++) {
		struct key key = people_row(PEOPLE_KEY, subjects[i]);
		txn_delete(&t, DB_ROWS, key_str(&key));
	}
	txn_put(&t, DB_META, SCRUB, STR("1"));
	return txn_commit(&t);
}

static bool scrub_is_due(struct people *p)
{
	struct str value;
	struct txn t;
	bool due;

	txn_begin(&t, p->store, false);
	due = txn_get(&t, DB_META, SCRUB, &value);
	txn_abort(&t);
	return due;
}

enum outcome people_scrub(struct people *p)
{
	bool later = false;
	struct txn t;
	enum outcome o = OK;

	if (!scrub_is_due(p))
		return OK;
	if (flock(p->in_use, LOCK_EX | LOCK_NB) == 0)
		o = store_renew(p->store, p->dir);
	else
		later = true; /* once more, when whoever has it open has gone */
	/* Failing to have it alone may have let go of what was shared (flock(2)). */
	while (flock(p->in_use, LOCK_SH) != 0)
		ASSERT(errno == EINTR);
	if (o != OK || later)
		return o;
	txn_begin(&t, p->store, true);
	txn_delete(&t, DB_META, SCRUB);
	return txn_commit(&t);
}

/* ---- how far the search words are ---- */

uint64_t people_cursor(struct people *p)
{
	struct str value;
	uint64_t seq = 0;
	size_t at = 0;
	struct txn t;

	txn_begin(&t, p->store, false);
	/* Anything but a number means from the start: the words are only a projection. */
	if (txn_get(&t, DB_META, CURSOR, &value) && !key_take_u64(value, &at, &seq))
		seq = 0;
	txn_abort(&t);
	return seq;
}

void people_cursor_put(struct txn *t, uint64_t seq)
{
	struct key value = {.n = 0};

	key_u64(&value, seq);
	txn_put(t, DB_META, CURSOR, key_str(&value));
}

enum outcome people_set_cursor(struct people *p, uint64_t seq)
{
	struct txn t;

	txn_begin(&t, p->store, true);
	people_cursor_put(&t, seq);
	return txn_commit(&t);
}
