/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What fleet uses of libcrypto, but for passwords (password.h): SHA-256 and HMAC (hash chain,
 * commitments), AES-256-GCM (personal data, offers), base64url. Nonces come from env->random. */

#include "fleet/arena.h"
#include "fleet/env.h"

enum { HASH_LEN = 32, SEAL_KEY_LEN = 32, HASH_TEXT = 65 };

struct hash {
	uint8_t bytes[HASH_LEN];
};
struct hash hash_of(struct str bytes);
struct hash hash_of2(struct str a, struct str b); /* of the bytes of a followed by those of b */
/* Of bytes that come in parts. */
struct hash_run {
	void *md; /* owned until hash_end */
};
void hash_begin(struct hash_run *run);
void hash_add(struct hash_run *run, struct str bytes);
struct hash hash_end(struct hash_run *run);
struct hash hash_keyed(
	const uint8_t key[SEAL_KEY_LEN], struct str a, struct str b); /* HMAC; NUL between */
struct str hash_print(const struct hash *h, char buf[HASH_TEXT]);     /* lower-case hex */
MUST_CHECK bool hash_parse(struct hash *out, struct str hex);

/* base64url(nonce | ciphertext | tag), bound to `about` (additional data). In the arena. */
struct str seal(struct arena *a, struct env *env, const uint8_t key[SEAL_KEY_LEN], struct str about,
	struct str plain);
/* False when the bytes were altered, the key or `about` is another. */
MUST_CHECK bool unseal(struct arena *a, const uint8_t key[SEAL_KEY_LEN], struct str about,
	struct str sealed, struct str *plain);

/* The same as raw bytes, nonce | ciphertext | tag, for what is large and not JSON. `box` has room
 * for plain.n + SEAL_BOX_MORE; `plain` for box.n - SEAL_BOX_MORE, and is worth nothing when false.
 */
enum { SEAL_BOX_MORE = 12 + 16 };
void seal_box(struct env *env, const uint8_t key[SEAL_KEY_LEN], struct str about, struct str plain,
	uint8_t *box);
MUST_CHECK bool unseal_box(
	const uint8_t key[SEAL_KEY_LEN], struct str about, struct str box, uint8_t *plain);

struct str base64url_encode(struct arena *a, struct str bytes);
MUST_CHECK bool base64url_decode(struct arena *a, struct str text, struct str *bytes);

/* A time-ordered id: 10 characters of milliseconds, 16 of chance, Crockford base 32, lower case. */
enum { ULID_LEN = 26 };
struct str id_new(struct arena *a, struct env *env, struct instant now);
/* Ids are in the order of their making: none made then or later comes before this one. In the
 * arena; STR_NULL when it is full. */
struct str id_floor(struct arena *a, struct instant then);
