/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/key.h"
#include "rules/json.h"

/*
 * Folding: what a person types and what was stored meet in one spelling. It is not collation: it
 * only forgets case, accents and the signs that people leave out on the telephone. Stored words
 * depend on it, so a change here asks for the indexes to be rebuilt.
 */

/* Base letters of the code points from a first one on: '.' stays as it is, '*' becomes two letters.
 */
struct letters {
	uint32_t first;
	const char *base;
};

static const struct letters tables[] = {
	{0xc0, "aaaaaa*ceeeeiiiidnooooo.ouuuuy**aaaaaa*ceeeeiiiidnooooo.ouuuuy*y" /* Latin-1 */
	       "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkkllllll"  /* Extended-A */
	       "llllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
	       ".................ff.............oo.............uu..............." /* Extended-B */
	       "....*********aaiioouuuuuuuuuu.aaaa**..ggkkoooo..j***gg..nnaa**oo"
	       "aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy"},
	{0x1e00, "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm" /* Additional */
		 "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
		 "wwwwwwwwwwxxxxyyzzzzzzhtwy.s..*.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
		 "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy"},
};

static const struct {
	uint32_t first, last;
	char two[3];
} pairs[] = {
	{0xc6, 0xc6, "ae"},
	{0xde, 0xde, "th"},
	{0xdf, 0xdf, "ss"},
	{0xe6, 0xe6, "ae"},
	{0xfe, 0xfe, "th"},
	{0x132, 0x133, "ij"},
	{0x152, 0x153, "oe"},
	{0x1c4, 0x1c6, "dz"},
	{0x1c7, 0x1c9, "lj"},
	{0x1ca, 0x1cc, "nj"},
	{0x1e2, 0x1e3, "ae"},
	{0x1f1, 0x1f3, "dz"},
	{0x1fc, 0x1fd, "ae"},
	{0x1e9e, 0x1e9e, "ss"},
};

/* Blanks, hyphens and apostrophes, as typists and telephones write them. */
static const struct {
	uint32_t first, last;
} gaps[] = {
	{'\t', '\r'},
	{' ', ' '},
	{'\'', '\''},
	{'-', '-'},
	{0x60, 0x60},
	{0xa0, 0xa0},
	{0xad, 0xad},
	{0xb4, 0xb4},
	{0x2bc, 0x2bc},
	{0x2000, 0x200d},
	{0x2010, 0x2015},
	{0x2018, 0x201b},
	{0x202f, 0x202f},
	{0x205f, 0x205f},
	{0x2212, 0x2212},
	{0x3000, 0x3000},
	{0xfeff, 0xfeff},
};

/* One character of p[0..n); what is not UTF-8 is one byte that stands for itself. */
static uint32_t decode(const char *p, size_t n, size_t *len)
{
	static const uint8_t lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t code;

	*len = json_utf8_len(p, n);
	if (*len == 0) {
		*len = 1;
		return UINT32_MAX;
	}
	ASSERT(*len < ARRAY_LEN(lead_bits));
	code = (uint8_t)p[0] & lead_bits[*len];
	for (size_t i = 1; i < *len; i++)
		code = code << 6 | ((uint8_t)p[i] & 0x3f);
	return code;
}

size_t key_fold_gap(const char *p, size_t n)
{
	size_t len;
	uint32_t code;

	if (n == 0)
		return 0;
	code = decode(p, n, &len);
	for (size_t i = 0; i < ARRAY_LEN(gaps); i++)
		if (code >= gaps[i].first && code <= gaps[i].last)
			return len;
	return 0;
}

/* The base letters of a code point beyond ASCII; STR_NULL when it stays as it is. */
static struct str base_letters(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (code >= pairs[i].first && code <= pairs[i].last)
			return (struct str){pairs[i].two, 2};
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		const struct letters *t = &tables[i];
		const char *base;
		if (code < t->first || code - t->first >= strlen(t->base))
			continue;
		base = t->base + (code - t->first);
		ASSERT(*base != '*');
		return *base == '.' ? STR_NULL : (struct str){base, 1};
	}
	return STR_NULL;
}

/* Greek and Cyrillic have case too; both blocks are two bytes long in either case. */
static uint32_t lower_case(uint32_t code)
{
	if ((code >= 0x391 && code <= 0x3a9) || (code >= 0x410 && code <= 0x42f))
		return code + 0x20;
	return code >= 0x400 && code <= 0x40f ? code + 0x50 : code;
}

/* The folded form of the character at p, at most 4 bytes. Empty: it is dropped. */
static struct str fold_one(char out[4], const char *p, size_t n, size_t *len)
{
	uint32_t code = decode(p, n, len);
	struct str base;

	if (key_fold_gap(p, n) || (code >= 0x300 && code <= 0x36f)) /* combining accents */
		return STR_NULL;
	memcpy(out, p, *len);
	if (code < 0x80) {
		if (*p >= 'A' && *p <= 'Z')
			out[0] = (char)(*p + ('a' - 'A'));
		return (struct str){out, 1};
	}
	base = base_letters(code);
	if (base.n)
		return base;
	if (*len == 2) {
		code = lower_case(code);
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
	}
	return (struct str){out, *len};
}

struct str key_fold(char *buf, size_t cap, struct str text)
{
	size_t at = 0, n = 0, len;
	char one[4];

	while (at < text.n) {
		struct str folded = fold_one(one, text.p + at, text.n - at, &len);
		/* Cut between characters: half of one would match nothing. */
		if (folded.n > cap - n)
			break;
		if (folded.n)
			memcpy(buf + n, folded.p, folded.n);
		n += folded.n;
		at += len;
	}
	return (struct str){buf, n};
}
