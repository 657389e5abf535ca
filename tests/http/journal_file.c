/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "tests/http/journal_file.h"

#include <openssl/evp.h>

#define BEFORE STR("{\"event\":")
#define HASH STR(",\"hash\":\"")
#define PREV STR("\",\"prev\":\"")
#define AFTER STR("\"}")

void lines_export(struct lines *l, struct house *h, const char *site, uint32_t from_seq)
{
	struct str path =
		text_make("/v1/audit/journal?site=%s&from_seq=%u&format=jsonl", site, from_seq);
	struct response r = house_ask(h, NULL, "GET", path.p, NULL, STR_NULL);

	text_free(path);
	assert_int_equal(r.status, 200);
	assert_str(response_header(&r, "content-type"), "application/jsonl");
	l->all = text_make("%.*s", STR_FMT(r.body));
	l->len = 0;
	for (size_t at = 0; at < l->all.n; l->len++) {
		size_t end = bytes_find(l->all, at, STR("\n"));
		assert_true(end != SIZE_MAX && l->len < LINES_MAX);
		l->line[l->len] = (struct str){l->all.p + at, end - at};
		at = end + 1;
	}
	response_free(&r);
}

void lines_free(struct lines *l)
{
	text_free(l->all);
	l->all = STR_NULL;
	l->len = 0;
}

static struct str part(struct str line, size_t at, struct str expected)
{
	assert_true(at <= line.n && line.n - at >= expected.n);
	assert_memory_equal(line.p + at, expected.p, expected.n);
	return (struct str){line.p + at + expected.n, line.n - at - expected.n};
}

/* From the end: what stands behind the event has a fixed length. */
static size_t tail_at(struct str line)
{
	size_t tail = HASH.n + HEX_BYTES + PREV.n + HEX_BYTES + AFTER.n;

	assert_true(line.n > BEFORE.n + tail);
	return line.n - tail;
}

struct str line_event(struct str line)
{
	(void)part(line, 0, BEFORE);
	return (struct str){line.p + BEFORE.n, tail_at(line) - BEFORE.n};
}

struct str line_hash(struct str line)
{
	return (struct str){part(line, tail_at(line), HASH).p, HEX_BYTES};
}

struct str line_prev(struct str line)
{
	size_t at = tail_at(line) + HASH.n + HEX_BYTES;
	struct str rest = part(line, at, PREV);

	(void)part(line, line.n - AFTER.n, AFTER);
	return (struct str){rest.p, HEX_BYTES};
}

static unsigned char nibble(char c)
{
	const char *digits = "0123456789abcdef", *p = strchr(digits, c);

	assert_true(c && p);
	return (unsigned char)(p - digits);
}

void chain_hash(struct str prev_hex, struct str event, char out[HEX_BYTES + 1])
{
	unsigned char prev[HEX_BYTES / 2], hash[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned n = 0;

	assert_non_null(md);
	assert_int_equal(prev_hex.n, HEX_BYTES);
	for (size_t i = 0; i < sizeof(prev); i++)
		prev[i] = (unsigned char)(nibble(prev_hex.p[2 * i]) << 4 |
					  nibble(prev_hex.p[2 * i + 1]));
	assert_int_equal(EVP_DigestInit_ex(md, EVP_sha256(), NULL), 1);
	assert_int_equal(EVP_DigestUpdate(md, prev, sizeof(prev)), 1);
	assert_int_equal(EVP_DigestUpdate(md, event.p, event.n), 1);
	assert_int_equal(EVP_DigestFinal_ex(md, hash, &n), 1);
	assert_int_equal(n, sizeof(prev));
	EVP_MD_CTX_free(md);
	for (size_t i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", hash[i]);
}
