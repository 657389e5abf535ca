/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/seal.h"

#include <limits.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

/* libcrypto fails here only without memory or when it is broken: then there is no safe way on, so
 * its answers are ASSERTed. Only a wrong tag is an answer. */

enum { NONCE_LEN = 12, TAG_LEN = 16, PLAIN_MAX = 16 << 20 };

/* ---- hashes ---- */

void hash_begin(struct hash_run *run)
{
	run->md = EVP_MD_CTX_new();
	ASSERT(run->md);
	ASSERT(EVP_DigestInit_ex2(run->md, EVP_sha256(), NULL) == 1);
}

void hash_add(struct hash_run *run, struct str bytes)
{
	ASSERT(EVP_DigestUpdate(run->md, bytes.p, bytes.n) == 1);
}

struct hash hash_end(struct hash_run *run)
{
	struct hash h;
	unsigned n = 0;

	ASSERT(EVP_DigestFinal_ex(run->md, h.bytes, &n) == 1 && n == HASH_LEN);
	EVP_MD_CTX_free(run->md);
	run->md = NULL;
	return h;
}

struct hash hash_of2(struct str a, struct str b)
{
	struct hash_run run;

	hash_begin(&run);
	hash_add(&run, a);
	hash_add(&run, b);
	return hash_end(&run);
}

struct hash hash_of(struct str bytes)
{
	return hash_of2(bytes, STR_NULL);
}

struct hash hash_keyed(const uint8_t key[SEAL_KEY_LEN], struct str a, struct str b)
{
	static const unsigned char nul[1] = {0};
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
	struct hash h;
	size_t n = 0;

	ASSERT(ctx);
	ASSERT(EVP_MAC_init(ctx, key, SEAL_KEY_LEN, params) == 1);
	ASSERT(EVP_MAC_update(ctx, (const unsigned char *)a.p, a.n) == 1);
	/* Without a mark between them ("ab", "c") and ("a", "bc") would be one. */
	ASSERT(EVP_MAC_update(ctx, nul, sizeof(nul)) == 1);
	ASSERT(EVP_MAC_update(ctx, (const unsigned char *)b.p, b.n) == 1);
	ASSERT(EVP_MAC_final(ctx, h.bytes, &n, sizeof(h.bytes)) == 1 && n == HASH_LEN);
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return h;
}

struct str hash_print(const struct hash *h, char buf[HASH_TEXT])
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < HASH_LEN; i++) {
		buf[2 * i] = hex[h->bytes[i] >> 4];
		buf[2 * i + 1] = hex[h->bytes[i] & 15];
	}
	buf[HASH_TEXT - 1] = '\0';
	return (struct str){buf, HASH_TEXT - 1};
}

/* The value of a lower-case hexadecimal digit, or 16: a hash has one spelling. */
static unsigned hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

bool hash_parse(struct hash *out, struct str hex)
{
	if (hex.n != HASH_TEXT - 1)
		return false;
	for (size_t i = 0; i < HASH_LEN; i++) {
		unsigned high = hex_value(hex.p[2 * i]), low = hex_value(hex.p[2 * i + 1]);
		if (high > 15 || low > 15)
			return false;
		out->bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* ---- base64url without padding (RFC 4648 section 5) ---- */

static const char digits64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct str base64url_encode(struct arena *a, struct str bytes)
{
	size_t n = bytes.n / 3 * 4 + (bytes.n % 3 ? bytes.n % 3 + 1 : 0), at = 0;
	uint32_t bits = 0, held = 0;
	char *out = arena_alloc(a, n + 1);

	if (!out)
		return STR_NULL;
	for (size_t i = 0; i < bytes.n; i++) {
		bits = bits << 8 | (uint8_t)bytes.p[i];
		for (held += 8; held >= 6; held -= 6)
			out[at++] = digits64[bits >> (held - 6) & 63];
	}
	if (held)
		out[at++] = digits64[bits << (6 - held) & 63];
	ASSERT(at == n);
	return (struct str){out, n};
}

/* 0 to 63; more for a character that is none of the digits. */
static uint32_t digit64_value(char c)
{
	unsigned char lower = (unsigned char)((c | 0x20) - 'a'), digit = (unsigned char)(c - '0');

	if (lower < 26)
		return c & 0x20 ? 26u + lower : lower;
	if (digit < 10)
		return 52u + digit;
	return c == '-' ? 62 : c == '_' ? 63 : 64;
}

bool base64url_decode(struct arena *a, struct str text, struct str *bytes)
{
	size_t n = text.n / 4 * 3 + (text.n % 4 ? text.n % 4 - 1 : 0), at = 0;
	uint32_t bits = 0, held = 0;
	char *out;

	*bytes = STR_NULL;
	if (text.n % 4 == 1)
		return false;
	out = arena_alloc(a, n + 1);
	if (!out)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		uint32_t value = digit64_value(text.p[i]);
		if (value > 63)
			return false;
		bits = bits << 6 | value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[at++] = (char)(uint8_t)(bits >> held);
		}
	}
	ASSERT(at == n && held < 8);
	/* Bits that nobody reads must be zero, or one secret would have several spellings. */
	if (bits & ((1u << held) - 1))
		return false;
	*bytes = (struct str){out, n};
	return true;
}

/* ---- AES-256-GCM: nonce | ciphertext | tag ---- */

struct sealing {
	const uint8_t *key; /* borrowed: SEAL_KEY_LEN */
	struct str about;
	uint8_t *nonce, *tag; /* borrowed: parts of the box */
};

static int length_of(size_t n)
{
	ASSERT(n <= PLAIN_MAX);
	return (int)n;
}

static const unsigned char *bytes_of(struct str s)
{
	/* libcrypto takes a NULL input for a question of another kind, even with length zero. */
	return (const unsigned char *)(s.n ? s.p : "");
}

/* `about` is authenticated but not hidden: what was sealed for one person opens for no other. */
static void encrypt(const struct sealing *s, struct str plain, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0, last = 0;

	ASSERT(ctx);
	ASSERT(EVP_EncryptInit_ex2(ctx, EVP_aes_256_gcm(), s->key, s->nonce, NULL) == 1);
	ASSERT(EVP_EncryptUpdate(ctx, NULL, &n, bytes_of(s->about), length_of(s->about.n)) == 1);
	ASSERT(EVP_EncryptUpdate(ctx, out, &n, bytes_of(plain), length_of(plain.n)) == 1);
	ASSERT(EVP_EncryptFinal_ex(ctx, out + n, &last) == 1 && (size_t)(n + last) == plain.n);
	ASSERT(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG_LEN, s->tag) == 1);
	EVP_CIPHER_CTX_free(ctx);
}

/* Writes to `out` before it knows whether the tag fits: nobody may look there when this is false.
 */
static bool decrypt(const struct sealing *s, struct str cipher, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0, last = 0;
	bool good;

	ASSERT(ctx);
	ASSERT(EVP_DecryptInit_ex2(ctx, EVP_aes_256_gcm(), s->key, s->nonce, NULL) == 1);
	ASSERT(EVP_DecryptUpdate(ctx, NULL, &n, bytes_of(s->about), length_of(s->about.n)) == 1);
	ASSERT(EVP_DecryptUpdate(ctx, out, &n, bytes_of(cipher), length_of(cipher.n)) == 1);
	ASSERT(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG_LEN, s->tag) == 1);
	good = EVP_DecryptFinal_ex(ctx, out + n, &last) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

void seal_box(struct env *env, const uint8_t key[SEAL_KEY_LEN], struct str about, struct str plain,
	uint8_t *box)
{
	struct sealing s = {key, about, box, box + NONCE_LEN + plain.n};

	/* 96 random bits: a key seals far fewer than 2^32 texts, so no nonce comes twice. */
	env->random(env, s.nonce, NONCE_LEN);
	encrypt(&s, plain, box + NONCE_LEN);
}

bool unseal_box(const uint8_t key[SEAL_KEY_LEN], struct str about, struct str box, uint8_t *plain)
{
	uint8_t nonce[NONCE_LEN], tag[TAG_LEN];
	struct sealing s = {key, about, nonce, tag};
	size_t n;

	if (box.n < SEAL_BOX_MORE || box.n > PLAIN_MAX || about.n > PLAIN_MAX)
		return false;
	n = box.n - SEAL_BOX_MORE;
	memcpy(nonce, box.p, NONCE_LEN);
	memcpy(tag, box.p + NONCE_LEN + n, TAG_LEN);
	return decrypt(&s, (struct str){box.p + NONCE_LEN, n}, plain);
}

struct str seal(struct arena *a, struct env *env, const uint8_t key[SEAL_KEY_LEN], struct str about,
	struct str plain)
{
	size_t n = plain.n + SEAL_BOX_MORE;
	uint8_t *box;

	ASSERT(plain.n <= PLAIN_MAX);
	box = arena_alloc(a, n);
	if (!box)
		return STR_NULL;
	seal_box(env, key, about, plain, box);
	return base64url_encode(a, (struct str){(const char *)box, n});
}

bool unseal(struct arena *a, const uint8_t key[SEAL_KEY_LEN], struct str about, struct str sealed,
	struct str *plain)
{
	struct str box;
	uint8_t *out;

	*plain = STR_NULL;
	if (sealed.n > 2 * (size_t)PLAIN_MAX || !base64url_decode(a, sealed, &box) ||
		box.n < SEAL_BOX_MORE)
		return false;
	out = arena_alloc(a, box.n - SEAL_BOX_MORE + 1);
	if (!out || !unseal_box(key, about, box, out))
		return false;
	*plain = (struct str){(const char *)out, box.n - SEAL_BOX_MORE};
	return true;
}

/* ---- ids ---- */

/* Crockford's digits: no i, l, o, u, which people misread on the telephone. */
static const char digits32[] = "0123456789abcdefghjkmnpqrstvwxyz";
enum { TIME_LEN = 10, CHANCE_LEN = ULID_LEN - TIME_LEN };

static char *id_at(struct arena *a, struct instant then)
{
	uint64_t ms = (uint64_t)then.s * 1000;
	char *id = arena_alloc(a, ULID_LEN + 1);

	ASSERT(then.s >= 0 && ms < UINT64_C(1) << 48);
	for (size_t i = TIME_LEN; id && i-- > 0; ms >>= 5)
		id[i] = digits32[ms & 31];
	return id;
}

struct str id_new(struct arena *a, struct env *env, struct instant now)
{
	uint8_t chance[CHANCE_LEN];
	char *id = id_at(a, now);

	if (!id)
		return STR_NULL;
	/* Five bits of each byte: 80 bits of chance, and no arithmetic across bytes. */
	env->random(env, chance, sizeof(chance));
	for (size_t i = 0; i < CHANCE_LEN; i++)
		id[TIME_LEN + i] = digits32[chance[i] & 31];
	return (struct str){id, ULID_LEN};
}

struct str id_floor(struct arena *a, struct instant then)
{
	char *id = id_at(a, then);

	return id ? (struct str){id, TIME_LEN} : STR_NULL;
}
