/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The inside of people, shared by people.c and people_search.c: its store and how its rows lie. */

#include "fleet/people.h"

struct people {
	struct store *store; /* owned */
	struct env *env;     /* borrowed for its life */
	uint8_t secret[SEAL_KEY_LEN];
};

/*
 * The slots of the main store, used again under names of their own:
 *   DB_ROWS   'k' subject         the subject's key
 *             't' SHA-256         a token's actor, canonical JSON
 *             'x' customer        the customer's search words, each with a NUL
 *   DB_INDEX  word, customer      nothing
 *   DB_META   "secret", "cursor"  (and the store's format)
 */
#define PEOPLE_SECRET STR("secret")
enum people_tag { PEOPLE_KEY = 'k', PEOPLE_TOKEN = 't', PEOPLE_WORDS = 'x' };

struct key people_row(enum people_tag tag, struct str id);
void people_cursor_put(struct txn *t, uint64_t seq);
