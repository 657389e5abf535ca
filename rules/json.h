/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The closed JSON of rule sets, journal entries and stored objects.
 *
 * Reading: strict RFC 8259 without fractions or exponents, integers within +-(2^53 - 1), no U+0000,
 * valid UTF-8, no duplicate keys, at most JSON_DEPTH_MAX deep. No allocation: the caller lends the
 * nodes, and text for strings that hold escapes. The source bytes stay untouched and must outlive
 * the document.
 *
 * Writing: canonical bytes only (no blanks, keys in ascending byte order, shortest escapes). The
 * writer asserts the key order, so what it wrote needs no second look.
 */

#include "rules/base.h"

enum { JSON_DEPTH_MAX = 32 };
#define JSON_INT_MAX INT64_C(9007199254740991)

enum json_type {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_INT,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/* An object's children alternate key (a string node) and value; `next` skips a whole subtree. */
struct json_node {
	enum json_type type;
	uint32_t next;	/* index of the node after this one and all its children */
	uint32_t count; /* children: elements of an array, pairs of an object */
	struct str raw; /* the source bytes of this value */
	union {
		struct str text; /* JSON_STRING, unescaped */
		int64_t integer; /* JSON_INT */
	};
};

struct json_doc {
	struct json_node *nodes; /* borrowed from the caller */
	uint32_t nodes_max;
	uint32_t nodes_len;
	char *text; /* borrowed from the caller: unescaped strings */
	size_t text_max;
	size_t text_len;
	bool canonical; /* the source is exactly what the writer below would have written */
	/* Where and why reading stopped, when it did. */
	size_t error_at;
	const char *error;
};

/* A value: a node of a document, or nothing at all (doc == NULL) where the value is absent. */
struct json {
	const struct json_doc *doc;
	uint32_t at;
};
#define JSON_ABSENT ((struct json){NULL, 0})

/* False: doc->error (a constant sentence) and doc->error_at (byte offset) say why. */
MUST_CHECK bool json_read(struct json_doc *doc, struct str source);
/* Whether `raw`, quotes and all, is how the writer below would have written `text`. */
bool json_string_is_canonical(struct str raw, struct str text);

/* How many bytes at the start of p[0..n) stand for themselves in a string: ASCII without control
 * characters, quotes and backslashes. */
static inline size_t json_plain_len(const char *p, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	size_t i = 0;

	for (; n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t x, quote, backslash;
		memcpy(&x, p + i, sizeof x);
		quote = x ^ ones * '"';
		backslash = x ^ ones * '\\';
		/* eight bytes at once: where one is special, some high bit is left */
		if ((x | ((x - ones * 0x20) & ~x) | ((quote - ones) & ~quote) |
			    ((backslash - ones) & ~backslash)) &
			high)
			break;
	}
	while (i < n && (unsigned char)p[i] >= 0x20 && (unsigned char)p[i] < 0x80 && p[i] != '"' &&
		p[i] != '\\')
		i++;
	return i;
}

/* Length of the well-formed UTF-8 character at the start of p[0..n), 0 when there is none. */
size_t json_utf8_len(const char *p, size_t n);

static inline struct json json_root(const struct json_doc *doc)
{
	return (struct json){doc, 0};
}
static inline bool json_present(struct json v)
{
	return v.doc != NULL;
}
static inline const struct json_node *json_node(struct json v)
{
	return &v.doc->nodes[v.at];
}
/* Absent and null read alike where a field is optional. */
bool json_is(struct json v, enum json_type type);
bool json_is_null(struct json v);
/* Member `key` of an object, absent when v is not an object or has none. */
struct json json_get(struct json v, const char *key);
struct json json_get_str(struct json v, struct str key);
/* Element i of an array, absent beyond its end. O(i): walk with json_first/json_next instead. */
struct json json_item(struct json v, uint32_t i);
uint32_t json_count(struct json v);
/* Walk an array: for (struct json e = json_first(v); json_present(e); e = json_next(v, e)).
 * Walk an object the same way with json_first_value/json_next_value; json_key names the pair. */
struct json json_first(struct json array);
struct json json_next(struct json array, struct json element);
struct json json_first_value(struct json object);
struct json json_next_value(struct json object, struct json value);
struct str json_key(struct json object_value);
/* The same for who wants little of much: the members of an object's canonical bytes, each value not
 * read but passed over. From *at = 0 on; false behind the last one. */
bool json_raw_member(struct str object, size_t *at, struct str *key, struct str *value);
/* Typed reads with the answer for absent, null or another type. */
int64_t json_int(struct json v, int64_t otherwise);
struct str json_str(struct json v); /* STR_NULL otherwise */
bool json_bool(struct json v, bool otherwise);
struct str json_raw(struct json v); /* the source bytes, STR_NULL when absent */

/* Shorthands for the member of an object. */
static inline int64_t json_int_at(struct json v, const char *key, int64_t otherwise)
{
	return json_int(json_get(v, key), otherwise);
}
static inline struct str json_str_at(struct json v, const char *key)
{
	return json_str(json_get(v, key));
}
static inline bool json_bool_at(struct json v, const char *key, bool otherwise)
{
	return json_bool(json_get(v, key), otherwise);
}

/*
 * The writer. It fills a lent buffer; when that is full it remembers (`full`) and goes on counting,
 * so the code that writes has no error branches: look at json_written() once at the end.
 */
struct json_writer {
	char *buf; /* borrowed */
	size_t cap;
	size_t len; /* what would have been written, may exceed cap */
	uint32_t depth;
	bool full;
	struct {
		bool object;
		bool some;	/* an element was written: the next needs a comma */
		struct str key; /* last key, points into buf or the caller's constant */
	} level[JSON_DEPTH_MAX];
	bool keyed; /* a key was written, its value is due */
};

void json_writer_init(struct json_writer *w, char *buf, size_t cap);
void json_object_begin(struct json_writer *w);
void json_object_end(struct json_writer *w);
void json_array_begin(struct json_writer *w);
void json_array_end(struct json_writer *w);
/* The key must outlive the object being written; ASSERTs ascending order and [A-Za-z0-9_.-]. */
void json_key_put(struct json_writer *w, struct str key);
void json_null(struct json_writer *w);
void json_put_bool(struct json_writer *w, bool v);
void json_put_int(struct json_writer *w, int64_t v);
/* What is not UTF-8, and U+0000, is written as U+FFFD: whoever stores text checks it before. */
void json_put_str(struct json_writer *w, struct str v);
/* Copies canonical bytes as they are: a value taken from another document. */
void json_put_raw(struct json_writer *w, struct str canonical);
/* Key and value in one call. */
void json_kv_bool(struct json_writer *w, const char *key, bool v);
void json_kv_int(struct json_writer *w, const char *key, int64_t v);
void json_kv_str(struct json_writer *w, const char *key, struct str v);
void json_kv_raw(struct json_writer *w, const char *key, struct str canonical);
/* A member of `from` under the same name, when there is one; of canonical bytes. */
void json_kv_member(struct json_writer *w, struct json from, const char *key);
void json_kv_null(struct json_writer *w, const char *key);
static inline void json_k(struct json_writer *w, const char *key)
{
	json_key_put(w, str_from(key));
}
/* The finished bytes; STR_NULL when the buffer was too small. ASSERTs that all is closed. */
struct str json_written(const struct json_writer *w);
