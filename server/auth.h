/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who asks: a bearer token (RFC 6750), looked up in DIR/people. What was found is remembered for at
 * most a second, so a token made or withdrawn beside a running server counts within that time. Only
 * the token's hash is kept.
 */

#include "fleet/people.h"

enum { AUTH_CACHE_LEN = 256, AUTH_CACHE_MS = 1000 };

struct auth {
	struct people *people; /* borrowed */
	uint64_t lookups;      /* that went to DIR/people */
	struct {
		bool used;
		uint64_t until_ms;
		struct hash token;
		struct actor actor;
	} cache[AUTH_CACHE_LEN];
};

void auth_init(struct auth *auth, struct people *people);
/* `header` is the Authorization header's text; now_ms is the loop's clock. False: not signed in. */
MUST_CHECK bool auth_actor(
	struct auth *auth, struct str header, uint64_t now_ms, struct actor *out);
/* The token of "Bearer TOKEN", STR_NULL when it is anything else. */
struct str auth_bearer(struct str header);
