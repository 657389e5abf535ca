/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * DIR/people: what must be forgettable or secret, outside the journal and the main store.
 * Per-person keys (a person's key is durable before the first entry that needs it), access tokens,
 * the installation's own secret, and the search words that contain names and phones. A small LMDB
 * environment of its own, so that it can be compacted and replaced when somebody is erased (deleted
 * keys stay readable in LMDB's pages until then).
 *
 * Search words are a projection of sealed data: rebuilt from the store, followed by a cursor.
 */

#include "fleet/arena.h"
#include "fleet/key.h"
#include "fleet/seal.h"
#include "fleet/store.h"

enum role {
	ROLE_OPERATOR,
	ROLE_ADVISOR,
	ROLE_PREPARER,
	ROLE_MANAGER,
	ROLE_WARRANTY,
	ROLE_AUDITOR,
	ROLE_ADMIN,
	ROLE_COUNT
};
const char *role_name(enum role r);
bool role_from(enum role *out, struct str name);

enum { TOKEN_SITES_MAX = 32, NAME_MAX_BYTES = 200 };

/* Whoever asks: a program by token (people with passwords come with the desk). */
struct actor {
	char name[ID_MAX + 1];
	enum role role;
	uint32_t sites_len; /* 0 = all sites */
	char sites[TOKEN_SITES_MAX][ID_MAX + 1];
};
bool actor_has_site(const struct actor *a, struct str site);

struct people;
/* `dir` is DIR itself: the store lies in DIR/people, under the guard that the main store holds. */
MUST_CHECK enum outcome people_open(struct people **out, const char *dir, struct env *env,
	bool create, char *why, size_t why_size);
void people_close(struct people *p);
struct store *people_store(struct people *p); /* for backup */

/* The installation's secret: seals offers, keys the commitments of requests. Made once, at
 * creation. */
const uint8_t *people_secret(const struct people *p);

/* A subject's key (a customer's id, or a booking's while it has none). False: unknown or erased. */
bool people_key(struct people *p, struct str subject, uint8_t key[SEAL_KEY_LEN]);
/* Makes the missing keys durable, before the entries that need them are appended. */
struct people_new_key {
	struct str subject;
	uint8_t key[SEAL_KEY_LEN];
};
MUST_CHECK enum outcome people_add_keys(
	struct people *p, const struct people_new_key *keys, size_t count);

/* Tokens: "rls_" and 43 characters (256 bits) of base64url; stored as SHA-256. Text in the arena.
 */
MUST_CHECK enum outcome people_token_create(
	struct people *p, struct arena *a, const struct actor *actor, struct str *token);
bool people_token_actor(struct people *p, struct str token, struct actor *out);

/* Search words of a customer: the folded name from each of its words on (so "dupontmartin" and
 * "martin" find Dupont-Martin), and phone digits: all, the last 10, the last 9, no leading zeros.
 * Replaces those there were; an empty name and phone leave none. */
MUST_CHECK enum outcome people_index(
	struct people *p, struct str customer, struct str name, struct str phone);
/* Many at once, and how far they bring the words, in one commit. */
struct people_entry {
	struct str customer, name, phone;
};
MUST_CHECK enum outcome people_index_batch(
	struct people *p, const struct people_entry *entries, size_t count, uint64_t cursor);
/* Customers whose name has a word beginning with each folded word of `query`, or whose phone begins
 * with its digits; up to max, ids copied to the arena. */
size_t people_search(
	struct people *p, struct arena *a, struct str query, struct str *customers, size_t max);
/* How far the search words followed the directory journal. */
uint64_t people_cursor(struct people *p);
MUST_CHECK enum outcome people_set_cursor(struct people *p, uint64_t seq);
