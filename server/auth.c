/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/auth.h"

#include <strings.h>

enum { TOKEN_TEXT_MAX = 128 };

void auth_init(struct auth *auth, struct people *people)
{
	*auth = (struct auth){.people = people};
}

struct str auth_bearer(struct str header)
{
	/* The scheme's name ignores case (RFC 9110 section 11.1). */
	if (header.n < 8 || strncasecmp(header.p, "bearer ", 7) != 0)
		return STR_NULL;
	struct str token = {header.p + 7, header.n - 7};
	while (token.n && token.p[0] == ' ')
		token = (struct str){token.p + 1, token.n - 1};
	while (token.n && token.p[token.n - 1] == ' ')
		token.n--;
	return token.n && token.n <= TOKEN_TEXT_MAX ? token : STR_NULL;
}

bool auth_actor(struct auth *auth, struct str header, uint64_t now_ms, struct actor *out)
{
	struct str token = auth_bearer(header);
	if (!token.p)
		return false;
	struct hash hash = hash_of(token);
	/* Direct-mapped: two tokens that share a slot only cost each other look-ups. */
	size_t slot = hash.bytes[0] % AUTH_CACHE_LEN;
	bool same = memcmp(&auth->cache[slot].token, &hash, sizeof hash) == 0;
	if (auth->cache[slot].used && same && now_ms < auth->cache[slot].until_ms) {
		*out = auth->cache[slot].actor;
		return true;
	}
	auth->lookups++;
	auth->cache[slot].used = false;
	if (!people_token_actor(auth->people, token, out))
		return false;
	auth->cache[slot].used = true;
	auth->cache[slot].until_ms = now_ms + AUTH_CACHE_MS;
	auth->cache[slot].token = hash;
	auth->cache[slot].actor = *out;
	return true;
}
