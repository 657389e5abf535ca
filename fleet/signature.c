/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/signature.h"

#include <openssl/evp.h>

static const unsigned char *bytes_of(struct str s)
{
	return (const unsigned char *)(s.n ? s.p : "");
}

static EVP_PKEY *key_private(const uint8_t seed[SIGNATURE_SEED_LEN])
{
	EVP_PKEY *key =
		EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, SIGNATURE_SEED_LEN);

	ASSERT(key); /* every 32 bytes are a seed */
	return key;
}

void signature_public(const uint8_t seed[SIGNATURE_SEED_LEN], uint8_t out[SIGNATURE_PUBLIC_LEN])
{
	EVP_PKEY *key = key_private(seed);
	size_t n = SIGNATURE_PUBLIC_LEN;

	ASSERT(EVP_PKEY_get_raw_public_key(key, out, &n) == 1 && n == SIGNATURE_PUBLIC_LEN);
	EVP_PKEY_free(key);
}

void signature_make(
	const uint8_t seed[SIGNATURE_SEED_LEN], struct str text, uint8_t out[SIGNATURE_LEN])
{
	EVP_PKEY *key = key_private(seed);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = SIGNATURE_LEN;

	ASSERT(ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1);
	ASSERT(EVP_DigestSign(ctx, out, &n, bytes_of(text), text.n) == 1 && n == SIGNATURE_LEN);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
}

bool signature_is_good(const uint8_t key[SIGNATURE_PUBLIC_LEN], struct str text,
	const uint8_t signature[SIGNATURE_LEN])
{
	EVP_PKEY *known =
		EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, SIGNATURE_PUBLIC_LEN);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	ASSERT(known && ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, known) == 1);
	bool good = EVP_DigestVerify(ctx, signature, SIGNATURE_LEN, bytes_of(text), text.n) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(known);
	return good;
}
