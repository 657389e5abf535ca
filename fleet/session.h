/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A person signed in: the user's id and 256 bits of chance, kept as SHA-256 in DIR/people. It ends
 * when it is ended, when it was idle or old for too long, or when its user is disabled or gone. The
 * functions that write wait for the disk and are not for the loop's thread.
 */

#include "fleet/user.h"

enum {
	SESSION_LEN = ULID_LEN + 43,
	SESSION_IDLE_S = 4 * 3600,  /* nothing was asked for so long */
	SESSION_LIFE_S = 16 * 3600, /* a working day: whatever was asked */
	SESSION_SEEN_S = 60,	    /* how exactly it is known when something was asked */
	SESSIONS_PER_USER_MAX = 16, /* the oldest ends */
};

struct session {
	struct user user;
	struct instant created, seen;
};

/* For a user as user_find() gave it, whose password was right: REFUSED_SIGN_IN when he was changed
 * in between. The text in the arena. */
MUST_CHECK enum outcome session_open(
	struct people *p, struct arena *a, const struct user *u, struct str *text);
bool session_find(struct people *p, struct str text, struct session *out);
struct instant session_until(const struct session *s);
/* Something was asked: counted, at most once in SESSION_SEEN_S. */
MUST_CHECK enum outcome session_seen(struct people *p, struct str text);
/* This one; or all of that person. OK when there is none any more. */
MUST_CHECK enum outcome session_close(struct people *p, struct str text);
MUST_CHECK enum outcome session_close_all(struct people *p, struct str text);
/* Another password; all sessions of that person end but this one. REFUSED_SIGN_IN: it ended. */
MUST_CHECK enum outcome session_set_password(
	struct people *p, struct str text, const struct password *password);
