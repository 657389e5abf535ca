/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/json.h"

/*
 * The writer of canonical bytes, and the check that a string is canonical. Both take their escapes
 * from escape_of(), so they cannot disagree on what a string looks like.
 */

enum { ESCAPE_MAX = 6, INTEGER_MAX = 20 };

/* The escape of a byte, or 0 where the byte stands for itself. The shortest one there is. */
static size_t escape_of(unsigned char c, char out[ESCAPE_MAX])
{
	static const char hex[] = "0123456789abcdef";
	char letter = 0;

	switch (c) {
	case '"': letter = '"'; break;
	case '\\': letter = '\\'; break;
	case '\b': letter = 'b'; break;
	case '\f': letter = 'f'; break;
	case '\n': letter = 'n'; break;
	case '\r': letter = 'r'; break;
	case '\t': letter = 't'; break;
	default: break;
	}
	out[0] = '\\';
	if (letter) {
		out[1] = letter;
		return 2;
	}
	if (c >= 0x20)
		return 0;
	memcpy(out + 1, "u00", 3);
	out[4] = hex[c >> 4];
	out[5] = hex[c & 15];
	return 6;
}

/* The digits stand at the end of `out`; the answer points into it. */
static struct str integer_text(int64_t v, char out[INTEGER_MAX])
{
	/* Unsigned, because the negation of INT64_MIN is no int64_t. */
	uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	size_t at = INTEGER_MAX;

	do {
		out[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (v < 0)
		out[--at] = '-';
	return (struct str){out + at, INTEGER_MAX - at};
}

/* ---- writing ---- */

static void put(struct json_writer *w, const char *p, size_t n)
{
	/* Once full, nothing more is stored: a later short piece must not land behind a hole. */
	if (w->full || n > w->cap - w->len)
		w->full = true;
	else if (n)
		memcpy(w->buf + w->len, p, n);
	w->len += n;
}

static void put_byte(struct json_writer *w, char c)
{
	put(w, &c, 1);
}

/* The comma before a value of an array; checks that a value may stand here. */
static void value_begin(struct json_writer *w)
{
	if (w->depth == 0) {
		ASSERT(w->len == 0); /* one document is one value */
		return;
	}
	if (w->level[w->depth - 1].object) {
		ASSERT(w->keyed);
		w->keyed = false;
		return;
	}
	if (w->level[w->depth - 1].some)
		put_byte(w, ',');
	w->level[w->depth - 1].some = true;
}

/* Deeper than the reader would follow is a fault of ours, like every misuse below. */
static void container_begin(struct json_writer *w, bool object)
{
	value_begin(w);
	ASSERT(w->depth < JSON_DEPTH_MAX);
	w->level[w->depth].object = object;
	w->level[w->depth].some = false;
	w->level[w->depth].key = STR_NULL;
	w->depth++;
	put_byte(w, object ? '{' : '[');
}

static void container_end(struct json_writer *w, bool object)
{
	ASSERT(w->depth > 0 && w->level[w->depth - 1].object == object && !w->keyed);
	w->depth--;
	put_byte(w, object ? '}' : ']');
}

void json_writer_init(struct json_writer *w, char *buf, size_t cap)
{
	*w = (struct json_writer){.buf = buf, .cap = cap};
}

void json_object_begin(struct json_writer *w)
{
	container_begin(w, true);
}

void json_object_end(struct json_writer *w)
{
	container_end(w, true);
}

void json_array_begin(struct json_writer *w)
{
	container_begin(w, false);
}

void json_array_end(struct json_writer *w)
{
	container_end(w, false);
}

static bool key_char_is_plain(char c)
{
	unsigned char letter = (unsigned char)(c | 0x20);

	return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
	       c == '-';
}

void json_key_put(struct json_writer *w, struct str key)
{
	ASSERT(w->depth > 0 && w->level[w->depth - 1].object && !w->keyed);
	for (size_t i = 0; i < key.n; i++)
		ASSERT(key_char_is_plain(key.p[i]));
	if (w->level[w->depth - 1].some) {
		ASSERT(str_cmp(w->level[w->depth - 1].key, key) < 0);
		put_byte(w, ',');
	}
	w->level[w->depth - 1].some = true;
	w->level[w->depth - 1].key = key;
	w->keyed = true;
	put_byte(w, '"');
	put(w, key.p, key.n);
	put(w, "\":", 2);
}

void json_null(struct json_writer *w)
{
	value_begin(w);
	put(w, "null", 4);
}

void json_put_bool(struct json_writer *w, bool v)
{
	value_begin(w);
	if (v)
		put(w, "true", 4);
	else
		put(w, "false", 5);
}

void json_put_int(struct json_writer *w, int64_t v)
{
	char buf[INTEGER_MAX];
	struct str digits;

	ASSERT(v >= -JSON_INT_MAX && v <= JSON_INT_MAX);
	value_begin(w);
	digits = integer_text(v, buf);
	put(w, digits.p, digits.n);
}

void json_put_str(struct json_writer *w, struct str v)
{
	size_t plain_from = 0, at = 0;

	value_begin(w);
	put_byte(w, '"');
	if (v.n == 0)
		v = STR(""); /* no arithmetic on a null pointer, not even of zero */
	/* Runs of bytes that stand for themselves are copied in one piece. */
	for (;;) {
		char escape[ESCAPE_MAX];
		unsigned char c;
		size_t len, escape_len;
		at += json_plain_len(v.p + at, v.n - at);
		if (at == v.n)
			break;
		c = (unsigned char)v.p[at];
		len = json_utf8_len(v.p + at, v.n - at);
		escape_len = escape_of(c, escape);
		if (len && c && !escape_len) {
			at += len;
			continue;
		}
		put(w, v.p + plain_from, at - plain_from);
		if (len == 0 || c == 0)
			put(w, "\xef\xbf\xbd", 3); /* U+FFFD: the output stays readable */
		else
			put(w, escape, escape_len);
		plain_from = ++at;
	}
	put(w, v.p + plain_from, at - plain_from);
	put_byte(w, '"');
}

void json_put_raw(struct json_writer *w, struct str canonical)
{
	ASSERT(canonical.n > 0);
	value_begin(w);
	put(w, canonical.p, canonical.n);
}

void json_kv_bool(struct json_writer *w, const char *key, bool v)
{
	json_k(w, key);
	json_put_bool(w, v);
}

void json_kv_int(struct json_writer *w, const char *key, int64_t v)
{
	json_k(w, key);
	json_put_int(w, v);
}

void json_kv_str(struct json_writer *w, const char *key, struct str v)
{
	json_k(w, key);
	json_put_str(w, v);
}

void json_kv_raw(struct json_writer *w, const char *key, struct str canonical)
{
	json_k(w, key);
	json_put_raw(w, canonical);
}

void json_kv_member(struct json_writer *w, struct json from, const char *key)
{
	struct json member = json_get(from, key);

	if (!json_is_null(member))
		json_kv_raw(w, key, json_raw(member));
}

void json_kv_null(struct json_writer *w, const char *key)
{
	json_k(w, key);
	json_null(w);
}

struct str json_written(const struct json_writer *w)
{
	ASSERT(w->depth == 0 && !w->keyed && w->len > 0);
	return w->full ? STR_NULL : (struct str){w->buf, w->len};
}

/* ---- checking ---- */

/* What is left of the source; every match() takes a piece off its front. */
static bool match(struct str *rest, const char *p, size_t n)
{
	if (rest->n < n || memcmp(rest->p, p, n) != 0)
		return false;
	rest->p += n;
	rest->n -= n;
	return true;
}

bool json_string_is_canonical(struct str raw, struct str text)
{
	char escape[ESCAPE_MAX];

	if (!match(&raw, "\"", 1))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		size_t n = escape_of((unsigned char)text.p[i], escape);
		if (!(n ? match(&raw, escape, n) : match(&raw, text.p + i, 1)))
			return false;
	}
	return match(&raw, "\"", 1) && raw.n == 0;
}
