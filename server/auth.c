/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/auth.h"

#include <stdlib.h>
#include <strings.h>

enum { CREDENTIAL_MAX = 128 };

void auth_init(struct auth *auth, struct people *people, struct lane *notes)
{
	*auth = (struct auth){.people = people, .notes = notes};
}

void auth_forget(struct auth *auth)
{
	for (size_t i = 0; i < AUTH_CACHE_LEN; i++)
		auth->cache[i].used = false;
}

/* ---- what the headers say ---- */

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
	return token.n && token.n <= CREDENTIAL_MAX ? token : STR_NULL;
}

struct str auth_session(struct str header)
{
	static const char name[] = AUTH_COOKIE "=";
	size_t name_n = sizeof name - 1;
	for (size_t at = 0; at < header.n;) {
		while (at < header.n && header.p[at] == ' ')
			at++;
		const char *end = memchr(header.p + at, ';', header.n - at);
		size_t n = (end ? (size_t)(end - header.p) : header.n) - at;
		if (n > name_n && n - name_n <= CREDENTIAL_MAX &&
			memcmp(header.p + at, name, name_n) == 0)
			return (struct str){header.p + at + name_n, n - name_n};
		at += n + 1;
	}
	return STR_NULL;
}

struct str auth_csrf(const struct auth *auth, struct arena *a, struct str session)
{
	struct hash hash = hash_keyed(people_secret(auth->people), STR("csrf"), session);
	return base64url_encode(a, (struct str){(const char *)hash.bytes, HASH_LEN});
}

/* ---- when it was last used ---- */

struct note {
	struct work work; /* first */
	struct people *people;
	bool person;
	size_t n;
	char text[CREDENTIAL_MAX];
};

static void note_run(struct work *work)
{
	struct note *note = (struct note *)work;
	struct str text = {note->text, note->n};
	enum outcome o = note->person ? session_seen(note->people, text)
				      : people_token_used(note->people, text);
	(void)o; /* the next use tries again */
}

static void note_done(struct work *work)
{
	struct note *note = (struct note *)work;
	explicit_bzero(note->text, sizeof note->text);
	free(note);
}

static void note_use(struct auth *auth, struct str credential, bool person)
{
	struct note *note = auth->notes ? calloc(1, sizeof *note) : NULL;
	if (!note)
		return;
	note->work = (struct work){.run = note_run, .done = note_done};
	note->people = auth->people;
	note->person = person;
	note->n = credential.n;
	memcpy(note->text, credential.p, credential.n);
	if (!lane_add(auth->notes, &note->work))
		note_done(&note->work);
}

/* ---- who it is ---- */

static bool look_up(struct auth *auth, struct str credential, struct auth_who *out)
{
	struct env *env = people_env(auth->people);
	struct token token;
	struct session session;
	if (!out->person) {
		if (!people_token_find(auth->people, credential, &token))
			return false;
		out->actor = token.actor;
		if (env->now(env).s - token.used.s >= TOKEN_USED_S)
			note_use(auth, credential, false);
		return true;
	}
	if (!session_find(auth->people, credential, &session))
		return false;
	out->actor = session.user.actor;
	if (env->now(env).s - session.seen.s >= SESSION_SEEN_S)
		note_use(auth, credential, true);
	return true;
}

bool auth_actor(struct auth *auth, struct str authorization, struct str cookie, uint64_t now_ms,
	struct auth_who *out)
{
	*out = (struct auth_who){.person = !authorization.p};
	struct str credential = out->person ? auth_session(cookie) : auth_bearer(authorization);
	if (!credential.p)
		return false;
	struct hash hash = hash_of2(out->person ? STR("s") : STR("t"), credential);
	/* Direct-mapped: two that share a slot only cost each other look-ups. */
	size_t slot = hash.bytes[0] % AUTH_CACHE_LEN;
	bool same = memcmp(&auth->cache[slot].credential, &hash, sizeof hash) == 0;
	if (auth->cache[slot].used && same && now_ms < auth->cache[slot].until_ms) {
		*out = auth->cache[slot].who;
		return true;
	}
	auth->lookups++;
	auth->cache[slot].used = false;
	if (!look_up(auth, credential, out))
		return false;
	auth->cache[slot].used = true;
	auth->cache[slot].until_ms = now_ms + AUTH_CACHE_MS;
	auth->cache[slot].credential = hash;
	auth->cache[slot].who = *out;
	return true;
}
