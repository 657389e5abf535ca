/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>
#include <strings.h>

#include "server/webhook.h"

#define PREFIX "whsec_"
enum { PREFIX_BYTES = sizeof PREFIX - 1, HEAD_BYTES = WEBHOOK_ID_MAX + 32 };

bool webhook_key_read(struct webhook_key *out, struct str secret)
{
	uint8_t raw[WEBHOOK_SECRET_MAX];
	size_t padding = 0;

	out->n = 0;
	if (secret.n <= PREFIX_BYTES || secret.n >= WEBHOOK_SECRET_MAX ||
		memcmp(secret.p, PREFIX, PREFIX_BYTES) != 0)
		return false;
	size_t n = secret.n - PREFIX_BYTES;
	while (padding < 3 && secret.p[secret.n - 1 - padding] == '=')
		padding++;
	int got = EVP_DecodeBlock(raw, (const unsigned char *)secret.p + PREFIX_BYTES, (int)n);
	size_t bytes = got < 0 || padding > 2 ? 0 : (size_t)got - padding;
	bool good = bytes >= WEBHOOK_KEY_BYTES_MIN && bytes <= WEBHOOK_KEY_BYTES_MAX;
	if (good) {
		memcpy(out->byte, raw, bytes);
		out->n = bytes;
	}
	OPENSSL_cleanse(raw, sizeof raw);
	return good;
}

void webhook_sign(char out[WEBHOOK_SIGNATURE_BYTES], const struct webhook_key *key, struct str id,
	int64_t at_s, struct str body)
{
	char digest[] = "SHA256";
	uint8_t mac[EVP_MAX_MD_SIZE];
	char head[HEAD_BYTES], text[2 * EVP_MAX_MD_SIZE];
	size_t mac_n = 0;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};

	ASSERT(id.n <= WEBHOOK_ID_MAX);
	int n = snprintf(head, sizeof head, "%.*s.%lld.", STR_FMT(id), (long long)at_s);
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *c = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
	ASSERT(c && EVP_MAC_init(c, key->byte, key->n, params) == 1);
	ASSERT(EVP_MAC_update(c, (const uint8_t *)head, (size_t)n) == 1);
	ASSERT(EVP_MAC_update(c, (const uint8_t *)body.p, body.n) == 1);
	ASSERT(EVP_MAC_final(c, mac, &mac_n, sizeof mac) == 1 && mac_n == 32);
	EVP_MAC_CTX_free(c);
	EVP_MAC_free(hmac);
	EVP_EncodeBlock((unsigned char *)text, mac, (int)mac_n);
	snprintf(out, WEBHOOK_SIGNATURE_BYTES, "v1,%.44s", text);
}

/* ---- addresses ---- */

struct network {
	uint32_t address;
	unsigned bits;
};

/* RFC 6890 and what followed it: everything that is not for the whole network. */
static bool four_is_public(uint32_t a)
{
	static const struct network inside[] = {
		{0x00000000, 8},  /* 0.0.0.0 */
		{0x0a000000, 8},  /* 10.0.0.0 */
		{0x64400000, 10}, /* 100.64.0.0 */
		{0x7f000000, 8},  /* 127.0.0.0 */
		{0xa9fe0000, 16}, /* 169.254.0.0: the cloud's own answers too */
		{0xac100000, 12}, /* 172.16.0.0 */
		{0xc0000000, 24}, /* 192.0.0.0 */
		{0xc0000200, 24}, /* 192.0.2.0 */
		{0xc0586300, 24}, /* 192.88.99.0 */
		{0xc0a80000, 16}, /* 192.168.0.0 */
		{0xc6120000, 15}, /* 198.18.0.0 */
		{0xc6336400, 24}, /* 198.51.100.0 */
		{0xcb007100, 24}, /* 203.0.113.0 */
		{0xe0000000, 3},  /* multicast, reserved, broadcast */
	};

	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		if ((a ^ inside[i].address) >> (32 - inside[i].bits) == 0)
			return false;
	return true;
}

/* 2000::/3 alone, but for what carries another address (Teredo, 6to4) or is for papers. */
static bool six_is_public(const uint8_t a[16])
{
	uint32_t first = (uint32_t)a[0] << 24 | (uint32_t)a[1] << 16 | (uint32_t)a[2] << 8 | a[3];

	return first >> 29 == 1 && first >> 9 != 0x20010000u >> 9 && first != 0x20010db8u &&
	       first >> 16 != 0x2002 && first >> 12 != 0x3fff0000u >> 12;
}

bool webhook_address_is_public(const struct sockaddr *address)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (address->sa_family == AF_INET) {
		memcpy(&four, address, sizeof four);
		return four_is_public(ntohl(four.sin_addr.s_addr));
	}
	if (address->sa_family != AF_INET6)
		return false;
	memcpy(&six, address, sizeof six);
	return six_is_public(six.sin6_addr.s6_addr);
}

bool webhook_url_is_good(const char *url, bool private_allowed)
{
	bool plain = strncmp(url, "http://", 7) == 0;

	if (strncmp(url, "https://", 8) != 0 && !(plain && private_allowed))
		return false;
	const char *host = url + (plain ? 7 : 8);
	if (*host == '\0' || *host == '/' || strchr(host, '@') || strchr(host, '#'))
		return false;
	for (const char *p = host; *p; p++)
		if ((unsigned char)*p <= 0x20 || (unsigned char)*p >= 0x7f)
			return false;
	return true;
}

bool webhook_host_is_public(const char *url)
{
	char host[INET6_ADDRSTRLEN + 2];
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	const char *begin = strstr(url, "://");

	begin = begin ? begin + 3 : url;
	bool bracket = *begin == '[';
	size_t n = strcspn(begin + bracket, bracket ? "]" : ":/?");
	if (n >= sizeof host)
		return true; /* longer than any address */
	memcpy(host, begin + bracket, n);
	host[n] = '\0';
	if (inet_pton(AF_INET, host, &four.sin_addr) == 1)
		return webhook_address_is_public((struct sockaddr *)&four);
	if (inet_pton(AF_INET6, host, &six.sin6_addr) == 1)
		return webhook_address_is_public((struct sockaddr *)&six);
	n -= n && host[n - 1] == '.';
	return n < 9 || strncasecmp(host + n - 9, "localhost", 9) != 0 ||
	       (n > 9 && host[n - 10] != '.');
}
