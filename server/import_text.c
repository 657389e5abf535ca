/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_text.h"

#include "rules/json.h"

enum { CHARACTER_BYTES_MAX = 4, SNIFFED_BYTES_MAX = 200 };

/* 0x80 to 0x9F of Windows-1252; 0: no character. The rest is Latin-1. */
static const uint16_t windows_1252[32] = {0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D,
	0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

const char *import_encoding_name(enum import_encoding encoding)
{
	static const char *const names[IMPORT_ENCODINGS_LEN] = {
		[IMPORT_UTF_8] = "UTF-8",
		[IMPORT_UTF_16LE] = "UTF-16LE",
		[IMPORT_WINDOWS_1252] = "Windows-1252",
	};

	ASSERT(encoding < IMPORT_ENCODINGS_LEN);
	return names[encoding];
}

static bool starts_with(struct str bytes, const char *mark, size_t n)
{
	return bytes.n >= n && memcmp(bytes.p, mark, n) == 0;
}

static struct str without(struct str bytes, size_t n)
{
	return (struct str){bytes.p + n, bytes.n - n};
}

static void fail(struct import_text *out, const char *error)
{
	out->error = error;
	out->text = STR_NULL;
}

static size_t put_character(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* ---- UTF-16LE ---- */

static uint32_t unit(struct str bytes, size_t at)
{
	return (uint32_t)(uint8_t)bytes.p[at] | (uint32_t)(uint8_t)bytes.p[at + 1] << 8;
}

/* Without a mark: what a table begins with is of names in ASCII, so every other byte is zero. */
static bool looks_like_utf_16(struct str bytes)
{
	size_t n = bytes.n < SNIFFED_BYTES_MAX ? bytes.n : SNIFFED_BYTES_MAX, zeros = 0;

	for (size_t i = 0; i + 1 < n; i += 2) {
		if (bytes.p[i] == '\0')
			return false;
		zeros += bytes.p[i + 1] == '\0';
	}
	return n >= 2 && zeros * 2 > n / 2;
}

/* One character at *at, which moves on; 0: there is none. */
static uint32_t take_utf_16(struct str bytes, size_t *at)
{
	uint32_t high = unit(bytes, *at), low;

	*at += 2;
	if (high < 0xD800 || high > 0xDFFF)
		return high;
	if (high > 0xDBFF || *at + 2 > bytes.n)
		return 0;
	low = unit(bytes, *at);
	*at += 2;
	return low < 0xDC00 || low > 0xDFFF ? 0
					    : 0x10000 + ((high - 0xD800) << 10 | (low - 0xDC00));
}

static void read_utf_16(struct import_text *out, struct arena *a, struct str bytes)
{
	char *p = arena_alloc(a, bytes.n / 2 * CHARACTER_BYTES_MAX + 1);
	size_t n = 0, at = 0;

	out->encoding = IMPORT_UTF_16LE;
	if (!p) {
		fail(out, "is beyond what one import can hold");
		return;
	}
	while (at + 2 <= bytes.n) {
		uint32_t c = take_utf_16(bytes, &at);
		if (c == 0) {
			fail(out, "holds bytes that are not UTF-16LE text");
			return;
		}
		out->line += c == '\n';
		n += put_character(p + n, c);
	}
	out->text = (struct str){p, n};
	if (at != bytes.n)
		fail(out, "ends in the middle of a UTF-16LE character");
}

/* ---- UTF-8, or bytes ---- */

static void read_windows_1252(struct import_text *out, struct arena *a, struct str bytes)
{
	char *p = arena_alloc(a, bytes.n * 3 + 1);
	size_t n = 0;

	out->encoding = IMPORT_WINDOWS_1252;
	out->line = 1;
	if (!p) {
		fail(out, "is beyond what one import can hold");
		return;
	}
	for (size_t i = 0; i < bytes.n; i++) {
		uint32_t c = (uint8_t)bytes.p[i];
		if (c >= 0x80 && c < 0xA0)
			c = windows_1252[c - 0x80];
		if (c == 0) {
			fail(out, "holds bytes that are neither UTF-8 nor Windows-1252 text");
			return;
		}
		out->line += c == '\n';
		n += put_character(p + n, c);
	}
	out->text = (struct str){p, n};
}

void import_text_read(struct import_text *out, struct arena *a, struct str bytes)
{
	size_t whole = 0, stray = 0;
	uint32_t line = 1;
	bool marked = starts_with(bytes, "\xEF\xBB\xBF", 3);

	*out = (struct import_text){.encoding = IMPORT_UTF_8, .line = 1};
	if (starts_with(bytes, "\xFF\xFE", 2)) {
		read_utf_16(out, a, without(bytes, 2));
		return;
	}
	if (looks_like_utf_16(bytes)) {
		read_utf_16(out, a, bytes);
		return;
	}
	bytes = marked ? without(bytes, 3) : bytes;
	for (size_t i = 0; i < bytes.n;) {
		size_t n = json_utf8_len(bytes.p + i, bytes.n - i);
		bool good = n > 0 && bytes.p[i] != '\0';
		if (!good && stray++ == 0)
			out->line = line;
		whole += good && n > 1;
		line += bytes.p[i] == '\n';
		i += good ? n : 1;
	}
	out->text = bytes;
	if (stray && (marked || whole >= stray))
		fail(out, "holds bytes that are not UTF-8 text");
	else if (stray)
		read_windows_1252(out, a, bytes);
}
