/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/json.h"

/*
 * The reader: one pass over the source, one node per value in the order of the source. Containers
 * are read by functions that call each other; JSON_DEPTH_MAX bounds how deep.
 */

/* Keys of one object that may lie on one path of the duplicate search. Honest keys need about
 * log2(n); whoever makes keys collide on purpose is refused instead of served slowly. */
enum { KEY_PATH_MAX = 256 };

struct reader {
	struct json_doc *doc;
	const char *p; /* borrowed: the source */
	size_t n, at;
	uint32_t depth;
};

static bool read_value(struct reader *r);

/* Always false, so that the caller can return it. The first failure is the only one. */
static bool fail(struct reader *r, size_t at, const char *why)
{
	r->doc->error = why;
	r->doc->error_at = at;
	return false;
}

/* The byte at the cursor; NUL past the end, which is no token of JSON. */
static char peek(const struct reader *r)
{
	return r->at < r->n ? r->p[r->at] : '\0';
}

/* What is canonical has none. */
static void skip_blanks(struct reader *r)
{
	while (r->at < r->n) {
		char c = r->p[r->at];
		if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			return;
		r->at++;
		r->doc->canonical = false;
	}
}

/* False when the lent nodes are used up. */
static bool node_add(struct reader *r, enum json_type type, uint32_t *index)
{
	struct json_doc *doc = r->doc;

	if (doc->nodes_len == doc->nodes_max)
		return fail(r, r->at, "too many values");
	*index = doc->nodes_len++;
	doc->nodes[*index] = (struct json_node){
		.type = type,
		.next = *index + 1,
		.raw = {r->p + r->at, 0},
	};
	return true;
}

/* The value ends at the cursor; whatever was added since is a child of it. */
static void node_end(struct reader *r, uint32_t index)
{
	struct json_node *node = &r->doc->nodes[index];

	node->next = r->doc->nodes_len;
	node->raw.n = (size_t)(r->p + r->at - node->raw.p);
}

/* ---- strings ---- */

size_t json_utf8_len(const char *p, size_t n)
{
	const unsigned char *b = (const unsigned char *)p;
	size_t len;

	if (n == 0)
		return 0;
	if (b[0] < 0x80)
		return 1;
	if (b[0] >= 0xc2 && b[0] <= 0xdf)
		len = 2;
	else if (b[0] >= 0xe0 && b[0] <= 0xef)
		len = 3;
	else if (b[0] >= 0xf0 && b[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (n < len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((b[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates and code points past U+10FFFF show in the second byte. */
	if ((b[0] == 0xe0 && b[1] < 0xa0) || (b[0] == 0xed && b[1] > 0x9f) ||
		(b[0] == 0xf0 && b[1] < 0x90) || (b[0] == 0xf4 && b[1] > 0x8f))
		return 0;
	return len;
}

/* Appends to the lent text, where strings with escapes are put together. */
static bool text_put(struct reader *r, const char *p, size_t n)
{
	struct json_doc *doc = r->doc;

	if (n > doc->text_max - doc->text_len)
		return fail(r, r->at, "too much escaped text");
	if (n)
		memcpy(doc->text + doc->text_len, p, n);
	doc->text_len += n;
	return true;
}

/* Four hexadecimal digits at the cursor, either case. */
static bool read_hex4(struct reader *r, uint32_t *out)
{
	uint32_t v = 0;

	if (r->n - r->at < 4)
		return fail(r, r->at, "\\u needs four hexadecimal digits");
	for (int i = 0; i < 4; i++, r->at++) {
		char c = r->p[r->at];
		uint32_t digit;
		if (c >= '0' && c <= '9')
			digit = (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			digit = (uint32_t)(c - 'a') + 10;
		else if (c >= 'A' && c <= 'F')
			digit = (uint32_t)(c - 'A') + 10;
		else
			return fail(r, r->at, "\\u needs four hexadecimal digits");
		v = v << 4 | digit;
	}
	*out = v;
	return true;
}

/* The code point is no surrogate and within U+10FFFF. */
static size_t utf8_encode(uint32_t code, char out[4])
{
	unsigned char b[4];
	size_t n;

	if (code < 0x80) {
		b[0] = (unsigned char)code;
		n = 1;
	} else if (code < 0x800) {
		b[0] = (unsigned char)(0xc0 | code >> 6);
		n = 2;
	} else if (code < 0x10000) {
		b[0] = (unsigned char)(0xe0 | code >> 12);
		n = 3;
	} else {
		b[0] = (unsigned char)(0xf0 | code >> 18);
		n = 4;
	}
	for (size_t i = 1; i < n; i++)
		b[i] = (unsigned char)(0x80 | (code >> (6 * (n - 1 - i)) & 0x3f));
	memcpy(out, b, n);
	return n;
}

/* After "\u": a code point, or two escapes that form a surrogate pair (RFC 8259 section 7). */
static bool read_escaped_code(struct reader *r)
{
	size_t began = r->at - 2;
	uint32_t code, low;
	char utf8[4];

	if (!read_hex4(r, &code))
		return false;
	if (code == 0)
		return fail(r, began, "U+0000 is not allowed");
	if (code >= 0xdc00 && code <= 0xdfff)
		return fail(r, began, "half a surrogate pair");
	if (code >= 0xd800 && code <= 0xdbff) {
		if (r->n - r->at < 2 || r->p[r->at] != '\\' || r->p[r->at + 1] != 'u')
			return fail(r, began, "half a surrogate pair");
		r->at += 2;
		if (!read_hex4(r, &low))
			return false;
		if (low < 0xdc00 || low > 0xdfff)
			return fail(r, began, "half a surrogate pair");
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	}
	return text_put(r, utf8, utf8_encode(code, utf8));
}

/* The cursor stands on a backslash. */
static bool read_escape(struct reader *r)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char c = r->n - r->at > 1 ? r->p[r->at + 1] : '\0';
	const char *known = c ? strchr(from, c) : NULL;

	if (c == 'u') {
		r->at += 2;
		return read_escaped_code(r);
	}
	if (!known)
		return fail(r, r->at, "unknown escape");
	if (!text_put(r, &to[known - from], 1))
		return false;
	r->at += 2;
	return true;
}

/* Moves over bytes that stand for themselves, checking that they are UTF-8. */
static bool skip_plain(struct reader *r)
{
	while (r->at < r->n) {
		unsigned char c = (unsigned char)r->p[r->at];
		size_t len;
		if (c == '"' || c == '\\')
			return true;
		if (c < 0x20)
			return fail(r, r->at, "a control character inside a string");
		len = c < 0x80 ? json_plain_len(r->p + r->at, r->n - r->at)
			       : json_utf8_len(r->p + r->at, r->n - r->at);
		if (len == 0)
			return fail(r, r->at, "not UTF-8");
		r->at += len;
	}
	return fail(r, r->at, "the string does not end");
}

/* The cursor stands on the opening quote. Text without escapes stays where it is in the source. */
static bool read_string(struct reader *r)
{
	struct json_doc *doc = r->doc;
	size_t text_from = doc->text_len, began = r->at + 1, plain_from = began;
	bool escaped = false;
	uint32_t index;

	if (!node_add(r, JSON_STRING, &index))
		return false;
	r->at++;
	for (;;) {
		if (!skip_plain(r))
			return false;
		if (r->p[r->at] == '"')
			break;
		escaped = true;
		if (!text_put(r, r->p + plain_from, r->at - plain_from) || !read_escape(r))
			return false;
		plain_from = r->at;
	}
	if (!escaped)
		doc->nodes[index].text = (struct str){r->p + began, r->at - began};
	else if (!text_put(r, r->p + plain_from, r->at - plain_from))
		return false;
	else
		doc->nodes[index].text =
			(struct str){doc->text + text_from, doc->text_len - text_from};
	r->at++;
	node_end(r, index);
	if (escaped && !json_string_is_canonical(doc->nodes[index].raw, doc->nodes[index].text))
		doc->canonical = false;
	return true;
}

/* ---- numbers and words ---- */

static bool read_integer(struct reader *r)
{
	size_t began = r->at;
	int64_t v = 0;
	uint32_t index;
	bool negative = peek(r) == '-';

	if (!node_add(r, JSON_INT, &index))
		return false;
	r->at += negative;
	if (peek(r) < '0' || peek(r) > '9')
		return fail(r, r->at, "a digit is missing");
	if (peek(r) == '0' && r->n - r->at > 1 && r->p[r->at + 1] >= '0' && r->p[r->at + 1] <= '9')
		return fail(r, r->at, "a number begins with a needless zero");
	for (; peek(r) >= '0' && peek(r) <= '9'; r->at++) {
		v = v * 10 + (peek(r) - '0'); /* at most 10 * 2^53: no overflow */
		if (v > JSON_INT_MAX)
			return fail(r, began, "a number is beyond 2^53 - 1");
	}
	if (peek(r) == '.' || peek(r) == 'e' || peek(r) == 'E')
		return fail(r, r->at, "fractions and exponents are not allowed");
	if (negative && v == 0)
		r->doc->canonical = false;
	r->doc->nodes[index].integer = negative ? -v : v;
	node_end(r, index);
	return true;
}

static bool read_word(struct reader *r, enum json_type type, struct str word)
{
	uint32_t index;

	if (r->n - r->at < word.n || memcmp(r->p + r->at, word.p, word.n) != 0)
		return fail(r, r->at, "a value is expected");
	if (!node_add(r, type, &index))
		return false;
	r->at += word.n;
	node_end(r, index);
	return true;
}

/* ---- containers ---- */

/* Spreads keys over the tree; every bit of it is looked at, so each byte mixes downwards too. */
static uint64_t key_hash(struct str key)
{
	uint64_t h = UINT64_C(0x2545f4914f6cdd1d) + key.n;

	for (size_t i = 0; i < key.n; i++) {
		h = (h ^ (unsigned char)key.p[i]) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	return h;
}

/* Hangs key `at` below `root` in a tree that follows the bits of the hashes; the two links live in
 * `next` (bit 0) and `count` (bit 1) of the key nodes. False when the key is there already. */
static bool key_hang(struct json_node *nodes, uint32_t root, uint32_t at)
{
	uint64_t h = key_hash(nodes[at].text);
	uint32_t here = root;

	for (uint32_t depth = 0; depth < KEY_PATH_MAX; depth++) {
		uint32_t *link = (h >> (depth % 64)) & 1 ? &nodes[here].count : &nodes[here].next;
		if (str_eq(nodes[here].text, nodes[at].text))
			return false;
		if (*link == 0) {
			*link = at;
			return true;
		}
		here = *link;
	}
	return false;
}

/*
 * Looks for a key that occurs twice, in n log n and without memory: key nodes have no children, so
 * their `next` and `count` are known and can be borrowed as tree links until the end.
 */
static bool keys_unique(struct reader *r, uint32_t object)
{
	struct json_node *nodes = r->doc->nodes;
	uint32_t first = object + 1, end = r->doc->nodes_len;
	uint32_t twice = 0;

	for (uint32_t at = first; at < end; at = nodes[at + 1].next)
		nodes[at].next = nodes[at].count = 0;
	for (uint32_t at = nodes[first + 1].next; at < end && !twice; at = nodes[at + 1].next)
		if (!key_hang(nodes, first, at))
			twice = at;
	for (uint32_t at = first; at < end; at = nodes[at + 1].next) {
		nodes[at].next = at + 1;
		nodes[at].count = 0;
	}
	if (twice)
		return fail(r, (size_t)(nodes[twice].raw.p - r->p), "a key occurs twice");
	return true;
}

/* One `"key": value`. */
static bool read_pair(struct reader *r)
{
	if (peek(r) != '"')
		return fail(r, r->at, "a key is expected");
	if (!read_string(r))
		return false;
	skip_blanks(r);
	if (peek(r) != ':')
		return fail(r, r->at, "a colon is expected");
	r->at++;
	skip_blanks(r);
	return read_value(r);
}

/* Reads an array or an object from its bracket on. */
static bool read_container(struct reader *r, enum json_type type)
{
	bool object = type == JSON_OBJECT, ascending = true;
	char close = object ? '}' : ']';
	struct json_node *nodes = r->doc->nodes;
	uint32_t index, key_at, last_key_at = 0;

	if (r->depth++ == JSON_DEPTH_MAX)
		return fail(r, r->at, "nested too deep");
	if (!node_add(r, type, &index))
		return false;
	r->at++;
	skip_blanks(r);
	while (peek(r) != close) {
		if (nodes[index].count) {
			if (peek(r) != ',')
				return fail(r, r->at, "a comma or a closing bracket is expected");
			r->at++;
			skip_blanks(r);
		}
		key_at = r->doc->nodes_len; /* where the key, or the element, will be */
		if (!(object ? read_pair(r) : read_value(r)))
			return false;
		if (object && nodes[index].count &&
			str_cmp(nodes[last_key_at].text, nodes[key_at].text) >= 0)
			ascending = false;
		last_key_at = key_at;
		nodes[index].count++;
		skip_blanks(r);
	}
	r->at++;
	r->depth--;
	node_end(r, index);
	if (ascending)
		return true;
	r->doc->canonical = false;
	return keys_unique(r, index);
}

static bool read_value(struct reader *r)
{
	switch (peek(r)) {
	case '{': return read_container(r, JSON_OBJECT);
	case '[': return read_container(r, JSON_ARRAY);
	case '"': return read_string(r);
	case 't': return read_word(r, JSON_TRUE, STR("true"));
	case 'f': return read_word(r, JSON_FALSE, STR("false"));
	case 'n': return read_word(r, JSON_NULL, STR("null"));
	default: break;
	}
	if (peek(r) == '-' || (peek(r) >= '0' && peek(r) <= '9'))
		return read_integer(r);
	return fail(r, r->at, "a value is expected");
}

bool json_read(struct json_doc *doc, struct str source)
{
	struct reader r = {.doc = doc, .p = source.p, .n = source.n};
	bool good;

	doc->nodes_len = 0;
	doc->text_len = 0;
	doc->canonical = true;
	doc->error = NULL;
	doc->error_at = 0;
	skip_blanks(&r);
	good = read_value(&r);
	if (good) {
		skip_blanks(&r);
		if (r.at < r.n)
			good = fail(&r, r.at, "something follows the value");
	}
	/* Half a document is none: nobody shall look into it. */
	if (!good) {
		doc->nodes_len = 0;
		doc->canonical = false;
	}
	return good;
}
