/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A password as it is kept: scrypt (RFC 7914) with a salt of its own and the parameters beside it,
 * so that they can grow without anybody losing his. Slow on purpose (some tenths of a second and
 * 32 MiB of memory for each): never on the loop's thread.
 */

#include "fleet/env.h"
#include "rules/outcome.h"

enum {
	PASSWORD_BYTES_MIN = 8,
	PASSWORD_BYTES_MAX = 200,
	PASSWORD_SALT_LEN = 16,
	PASSWORD_HASH_LEN = 32,
	PASSWORD_LOG2_N = 15,
	PASSWORD_R = 8,
	PASSWORD_P = 3,
};

struct password {
	uint32_t log2_n, r, p;
	uint8_t salt[PASSWORD_SALT_LEN];
	uint8_t hash[PASSWORD_HASH_LEN];
};

/* 8 to 200 bytes of UTF-8 without control characters: what can be typed and sent. */
bool password_is_good(struct str text);
/* FAULT_MEMORY is the only way to fail. */
MUST_CHECK enum outcome password_make(struct password *out, struct env *env, struct str text);
/* OK: it is this one. REFUSED_SIGN_IN: it is another. NULL costs the same and is always another:
 * whoever asks for a name that nobody has waits as long. */
MUST_CHECK enum outcome password_check(const struct password *p, struct str text);
