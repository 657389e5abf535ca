/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/key.h"

/*
 * A key is put together from left to right, the widest group first, so that everything that is
 * asked for together lies together. Whoever adds a layout adds its tag, its prefix and a row to the
 * tests.
 */

/* ---- building blocks ---- */

void key_bytes(struct key *k, const void *p, size_t n)
{
	ASSERT(n <= KEY_MAX - k->n);
	memcpy(k->bytes + k->n, p, n);
	k->n += n;
}

static void put_number(struct key *k, uint64_t v, size_t width)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < width; i++)
		bytes[i] = (uint8_t)(v >> (8 * (width - 1 - i)));
	key_bytes(k, bytes, width);
}

void key_u8(struct key *k, uint8_t v)
{
	put_number(k, v, 1);
}

void key_u16(struct key *k, uint16_t v)
{
	put_number(k, v, 2);
}

void key_u32(struct key *k, uint32_t v)
{
	put_number(k, v, 4);
}

void key_u64(struct key *k, uint64_t v)
{
	put_number(k, v, 8);
}

/* Text without its end: what begins with it is found by a walk. */
void key_word_start(struct key *k, struct str s)
{
	size_t n = s.n < ID_MAX ? s.n : ID_MAX;
	/* A NUL inside would end the text early when read back, and shift all that follows. */
	const char *nul = n ? memchr(s.p, '\0', n) : NULL;

	if (nul)
		n = (size_t)(nul - s.p);
	if (n)
		key_bytes(k, s.p, n);
}

void key_text(struct key *k, struct str s)
{
	key_word_start(k, s);
	key_u8(k, 0);
}

/* ---- DB_JOURNAL, DB_HEAD, DB_REQUESTS: a journal's name comes first ---- */

struct key key_head(struct str journal)
{
	struct key k = {.n = 0};

	key_text(&k, journal);
	return k;
}

struct key key_journal_prefix(struct str journal)
{
	return key_head(journal);
}

struct key key_journal(struct str journal, uint64_t seq)
{
	struct key k = key_head(journal);

	key_u64(&k, seq);
	return k;
}

struct key key_request(struct str journal, const uint8_t key_sha256[32])
{
	struct key k = key_head(journal);

	key_bytes(&k, key_sha256, 32);
	return k;
}

/* ---- DB_ROWS ---- */

struct key key_row_prefix(enum row_kind kind)
{
	struct key k = {.n = 0};

	key_u8(&k, (uint8_t)kind);
	return k;
}

struct key key_row(enum row_kind kind, struct str id)
{
	struct key k = key_row_prefix(kind);

	key_text(&k, id);
	return k;
}

/* ---- DB_CLAIMS ---- */

struct key key_claims_prefix(struct str resource, uint16_t seat)
{
	struct key k = {.n = 0};

	key_text(&k, resource);
	key_u16(&k, seat);
	return k;
}

struct key key_claims(struct str resource, uint16_t seat, uint32_t first_start)
{
	struct key k = key_claims_prefix(resource, seat);

	key_u32(&k, first_start);
	return k;
}

/* ---- DB_PARTS ---- */

struct key key_part_prefix(struct str attachment)
{
	return key_head(attachment);
}

struct key key_part(struct str attachment, uint16_t number)
{
	struct key k = key_part_prefix(attachment);

	key_u16(&k, number);
	return k;
}
