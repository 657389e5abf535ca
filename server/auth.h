/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who asks: a program by bearer token (RFC 6750), a person by the session in a cookie, both looked
 * up in DIR/people. What was found is remembered for at most AUTH_CACHE_MS, so whatever is made,
 * withdrawn or ended beside a running server counts within that time; what this server changes
 * counts at once (auth_forget).
 */

#include "fleet/session.h"
#include "server/lane.h"

enum { AUTH_CACHE_LEN = 256, AUTH_CACHE_MS = 500 };
#define AUTH_COOKIE "__Host-relais"

struct auth_who {
	struct actor actor;
	bool person; /* came with a session: its changes must prove that they are our page's */
};
struct auth {
	struct people *people; /* borrowed */
	struct lane *notes;    /* borrowed: writes down when something was last used; NULL = nobody
				  does */
	uint64_t lookups;      /* that went to DIR/people */
	struct {
		bool used;
		uint64_t until_ms;
		struct hash credential;
		struct auth_who who;
	} cache[AUTH_CACHE_LEN];
};

void auth_init(struct auth *auth, struct people *people, struct lane *notes);
/* The texts of the headers Authorization and Cookie; where there is the first, the second does not
 * count. now_ms is the loop's clock. False: not signed in. */
MUST_CHECK bool auth_actor(struct auth *auth, struct str authorization, struct str cookie,
	uint64_t now_ms, struct auth_who *out);
void auth_forget(struct auth *auth);
/* The token of "Bearer TOKEN", STR_NULL when it is anything else. */
struct str auth_bearer(struct str header);
/* The session in a Cookie header, STR_NULL when there is none. */
struct str auth_session(struct str header);
/* What a page that may read this session's answers knows, and no other page. In the arena. */
struct str auth_csrf(const struct auth *auth, struct arena *a, struct str session);
