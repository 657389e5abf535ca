/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * DIR/people: what must be forgettable or secret, outside the journal and the main store.
 * Per-person keys (a person's key is durable before the first entry that needs it), access tokens,
 * users and their sessions (user.h, session.h), the installation's own secret, and the search words
 * that contain names and phones. A small LMDB environment of its own, so that it can be compacted
 * and replaced when somebody is erased (deleted keys stay readable in LMDB's pages until then).
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

/* Whoever asks: a program by token, a person by session. */
struct actor {
	char name[ID_MAX + 1];
	enum role role;
	uint32_t sites_len; /* 0 = all sites */
	char sites[TOKEN_SITES_MAX][ID_MAX + 1];
};
bool actor_has_site(const struct actor *a, struct str site);
/* False: it does not fit, and nothing is kept of it. */
MUST_CHECK bool actor_set_name(struct actor *a, struct str name);
MUST_CHECK bool actor_add_site(struct actor *a, struct str site);

struct people;
struct journal;
/* `dir` is DIR itself: the store lies in DIR/people, under the guard that the main store holds. */
MUST_CHECK enum outcome people_open(struct people **out, const char *dir, struct env *env,
	bool create, char *why, size_t why_size);
void people_close(struct people *p);
struct store *people_store(struct people *p); /* for backup */
struct env *people_env(const struct people *p);

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

/* Where servers share keys, from now on: what is forgotten here is taken from all. Borrowed. */
void people_share(struct people *p, struct journal *journal);

/* Takes subjects' keys away: what was sealed for them is noise. Their bytes stay in free pages of
 * the file until people_scrub() has written it anew; a crash in between is known, and mended by the
 * next opening. OK too where somebody else has DIR/people open: then later, once more. */
MUST_CHECK enum outcome people_forget(struct people *p, const struct str *subjects, size_t count);
MUST_CHECK enum outcome people_scrub(struct people *p);

/* Tokens: "rls_" and 43 characters (256 bits) of base64url; stored as SHA-256, whose first digits
 * are the token's id. Text in the arena. REFUSED_LIMIT: there are as many as there may be. */
enum {
	TOKENS_MAX = 500,
	TOKEN_ID_LEN = 24,
	TOKEN_USED_S = 3600, /* how exactly it is known when it was used */
};
struct token {
	char id[TOKEN_ID_LEN + 1];
	struct actor actor;
	struct instant created, used; /* 0 = not known, never */
};
MUST_CHECK enum outcome people_token_create(
	struct people *p, struct arena *a, const struct actor *actor, struct str *token);
/* Asked for with a key: the same key of the same user gives the same token again; another body,
 * REFUSED_KEY_REUSED. */
struct token_issue {
	struct str by, key, body;
	const struct actor *actor;
	bool *replayed; /* out */
};
MUST_CHECK enum outcome people_token_issue(struct people *p, struct arena *a,
	const struct token_issue *issue, struct token *out, struct str *text);
bool people_token_find(struct people *p, struct str text, struct token *out);
bool people_token_actor(struct people *p, struct str text, struct actor *out);
MUST_CHECK enum outcome people_token_used(struct people *p, struct str text);
size_t people_token_list(struct people *p, struct token *out, size_t max);
bool people_token_by_id(struct people *p, struct str id, struct token *out);
MUST_CHECK enum outcome people_token_remove(struct people *p, struct str id);

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
