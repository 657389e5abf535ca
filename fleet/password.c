/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/password.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "rules/json.h"

/* scrypt needs 128 N r bytes, and little beside them. */
enum { LOG2_N_MAX = 20, R_MAX = 16, P_MAX = 16, MEMORY_SLACK = 1 << 20 };

bool password_is_good(struct str text)
{
	if (text.n < PASSWORD_BYTES_MIN || text.n > PASSWORD_BYTES_MAX)
		return false;
	for (size_t at = 0; at < text.n;) {
		size_t len = json_utf8_len(text.p + at, text.n - at);
		if (!len || (unsigned char)text.p[at] < 0x20 || text.p[at] == 0x7f)
			return false;
		at += len;
	}
	return true;
}

static enum outcome scrypt(
	uint8_t hash[PASSWORD_HASH_LEN], const struct password *p, struct str text)
{
	uint64_t n = UINT64_C(1) << p->log2_n;

	ASSERT(p->log2_n > 0 && p->log2_n <= LOG2_N_MAX && p->r <= R_MAX && p->p <= P_MAX);
	uint64_t memory = 128 * p->r * (n + p->p + 2) + MEMORY_SLACK;
	if (EVP_PBE_scrypt(text.p, text.n, p->salt, sizeof(p->salt), n, p->r, p->p, memory, hash,
		    PASSWORD_HASH_LEN) == 1)
		return OK;
	ERR_clear_error();
	return FAULT_MEMORY;
}

enum outcome password_make(struct password *out, struct env *env, struct str text)
{
	*out = (struct password){.log2_n = PASSWORD_LOG2_N, .r = PASSWORD_R, .p = PASSWORD_P};
	env->random(env, out->salt, sizeof(out->salt));
	return scrypt(out->hash, out, text);
}

enum outcome password_check(const struct password *p, struct str text)
{
	const struct password nobody = {
		.log2_n = PASSWORD_LOG2_N, .r = PASSWORD_R, .p = PASSWORD_P};
	uint8_t hash[PASSWORD_HASH_LEN];
	enum outcome o = scrypt(hash, p ? p : &nobody, text);
	bool same;

	if (o != OK)
		return o;
	same = CRYPTO_memcmp(hash, p ? p->hash : nobody.hash, sizeof(hash)) == 0;
	explicit_bzero(hash, sizeof(hash));
	return p && same ? OK : REFUSED_SIGN_IN;
}
