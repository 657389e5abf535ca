/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * People who sign in, in DIR/people: who may do what, and the password as it is kept. A login
 * ignores the case of its letters. Every function is one transaction; those that write wait for the
 * disk and are not for the loop's thread.
 */

#include "fleet/password.h"
#include "fleet/people.h"

enum { USERS_MAX = 500 };

struct user {
	struct actor actor;
	char id[ULID_LEN + 1]; /* another one for whoever takes the same login later */
	bool disabled;
	uint64_t rev;		      /* of the last change; the ETag */
	struct instant created, seen; /* seen: 0 = never signed in */
	struct password password;
};

/* 1 to 40 of [A-Za-z0-9._-]: text_is_id() of the server, which asks. */
bool user_find(struct people *p, struct str login, struct user *out);
/* Up to max, by login. */
size_t user_list(struct people *p, struct user *out, size_t max);
/* Whether there is anybody who may administer. */
bool user_admin_exists(struct people *p);

/* A new one; gets its id, rev and time. REFUSED_TAKEN, REFUSED_LIMIT. */
MUST_CHECK enum outcome user_add(struct people *p, struct user *u);
/* u as it now shall be, read at u->rev: REFUSED_STALE when it is another meanwhile,
 * REFUSED_NOT_FOUND when it is gone, REFUSED_LAST_ADMIN. The sessions end where he is disabled or
 * `end_sessions`. */
MUST_CHECK enum outcome user_change(struct people *p, struct user *u, bool end_sessions);
/* With all sessions. rev 0 = whatever it is. */
MUST_CHECK enum outcome user_remove(struct people *p, struct str login, uint64_t rev);

/* The first administrator signs in by a link that holds chance and works once, for a day. A new one
 * takes the place of the one before. In the arena; STR_NULL with a fault. */
enum { FIRST_LIFE_S = 86400 };
MUST_CHECK enum outcome user_first_link(struct people *p, struct arena *a, struct str *text);
/* Whether it is the one, still good, and nobody administers yet. */
bool user_first_open(struct people *p, struct str text);
/* Adds the user and uses the link up. REFUSED_SIGN_IN: user_first_open() says no by now. */
MUST_CHECK enum outcome user_first_add(struct people *p, struct str text, struct user *u);
