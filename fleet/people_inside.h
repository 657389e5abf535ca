/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The inside of people, shared by the files that keep something in it: its store and how its rows
 * lie. */

#include <limits.h>
#include <pthread.h>

#include "fleet/people.h"

struct people {
	struct store *store;	       /* owned */
	struct env *env;	       /* borrowed for its life */
	struct journal *shared;	       /* borrowed; NULL: keys are here alone */
	pthread_mutex_t account_mutex; /* of who changes or follows accounts, and of these: */
	struct accounts *accounts;     /* borrowed; NULL: accounts are here alone */
	struct arena account_arena;
	int in_use; /* DIR/people/in-use: shared by who has it open, alone by who scrubs */
	char dir[PATH_MAX];
	uint8_t secret[SEAL_KEY_LEN];
};

/*
 * The slots of the main store, used again under names of their own:
 *   DB_ROWS   'k' subject         the subject's key
 *             't' SHA-256         a token's actor, canonical JSON
 *             'i' SHA-256         a token asked for with a key: the commitment of the request
 *             'u' login, folded   a user, canonical JSON
 *             's' user's id, SHA-256   a session, canonical JSON
 *             'x' customer        the customer's search words, each with a NUL
 *             'o' a key of t i u s  that row changed, and the servers that share it do not know
 *   DB_INDEX  word, customer      nothing
 *   DB_META   "secret", "cursor", "first", "journal"  (and the store's format)
 *             "accounts"          how far those of the shared journal were followed (account.h)
 *             "scrub"             there while forgotten bytes are in the file's free pages
 */
#define PEOPLE_SECRET STR("secret")
#define PEOPLE_SHARED STR("journal")
/* Since it once had all that its journal had: what is not there any more was lost there. */
#define PEOPLE_IN_LINE STR("in line")
enum people_tag {
	PEOPLE_KEY = 'k',
	PEOPLE_TOKEN = 't',
	PEOPLE_ISSUED = 'i',
	PEOPLE_USER = 'u',
	PEOPLE_SESSION = 's',
	PEOPLE_WORDS = 'x',
	PEOPLE_NOTED = 'o',
};

struct key people_row(enum people_tag tag, struct str id);
/* How many rows of that kind there are. */
uint32_t people_count(struct txn *t, enum people_tag tag);
void people_cursor_put(struct txn *t, uint64_t seq);

/* A row in JSON, read where it lies: copy what must outlive the transaction. Absent: no JSON. */
enum {
	PEOPLE_NODES = TOKEN_SITES_MAX + 48,
	PEOPLE_ROW_BYTES = 6 * (TOKEN_SITES_MAX + 2) * (ID_MAX + 2) + 1024,
	PEOPLE_CHANCE = 32, /* bytes behind a token, a session, a link: nothing to guess */
};
struct people_doc {
	struct json_doc doc;
	struct json_node nodes[PEOPLE_NODES];
	char text[PEOPLE_ROW_BYTES];
};
struct json people_doc_read(struct people_doc *d, struct str value);
/* JSON, by the names of roles: an enumerator may move, a token of last year may not. False: it is
 * not an actor's. */
bool people_actor_read(struct actor *out, struct json doc);
/* "name", "role", "sites": in the order in which they stand, whatever comes between. */
void people_kv_name(struct json_writer *w, const struct actor *actor);
void people_kv_role_sites(struct json_writer *w, const struct actor *actor);
/* Fresh chance in base64url. STR_NULL when the arena is full. */
struct str people_chance(struct people *p, struct arena *a);
