/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/json.h"

#include <stdlib.h>

/* jansson and rules/json.h chose some of the same names. In this file they mean jansson's from here
 * on; of ours only the writer is used, whose other names are free. */
#define json_type jansson_type
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_STRING JANSSON_STRING
#define JSON_TRUE JANSSON_TRUE
#define JSON_FALSE JANSSON_FALSE
#define JSON_NULL JANSSON_NULL
#define json_null jansson_null
#include <jansson.h>

/*
 * jansson reads, we write. Its tree is walked once, members sorted by their bytes; strings and
 * integers go through the writer of rules/json.h, so that their spelling has one author.
 */

enum { KEY_SHOWN_MAX = 60 };

struct out {
	struct arena *arena; /* borrowed */
	char *buf;	     /* in the arena */
	size_t cap, len;
	const char *key; /* borrowed: the member being written, to name it in `why` */
	struct str why;	 /* STR_NULL while all is well */
};

struct member {
	const char *key; /* borrowed from the tree */
	json_t *value;	 /* borrowed from the tree */
};

static bool write_value(struct out *o, json_t *v, int depth);

/* Our own sentence for what the parser met: its text quotes the body, which may hold a person. */
static const char *parse_fault(enum json_error_code code)
{
	switch (code) {
	case json_error_out_of_memory: return "there is not enough memory to read it";
	case json_error_stack_overflow: return "it is nested too deeply";
	case json_error_premature_end_of_input: return "it ends too early";
	case json_error_end_of_input_expected: return "something follows the value";
	case json_error_invalid_utf8: return "it is not UTF-8";
	case json_error_duplicate_key: return "a member appears twice in one object";
	case json_error_numeric_overflow: return "a number is too large";
	case json_error_null_character:
	case json_error_null_byte_in_key: return "the character U+0000 is not allowed";
	case json_error_unknown:
	case json_error_invalid_argument:
	case json_error_cannot_open_file:
	case json_error_invalid_syntax:
	case json_error_invalid_format:
	case json_error_wrong_type:
	case json_error_null_value:
	case json_error_item_not_found:
	case json_error_index_out_of_range: return "the syntax is wrong";
	}
	return "the syntax is wrong";
}

/* Names the member where it happened, never its value. */
static bool refuse(struct out *o, const char *sentence)
{
	if (o->key)
		o->why =
			arena_printf(o->arena, "%s (at \"%.*s\")", sentence, KEY_SHOWN_MAX, o->key);
	else
		o->why = arena_printf(o->arena, "%s", sentence);
	return false;
}

/* Canonical spelling is never longer than the source it came from, so the buffer suffices. */
static void put_byte(struct out *o, char c)
{
	ASSERT(o->len < o->cap);
	o->buf[o->len++] = c;
}

static void put_scalar(struct out *o, struct json_writer *w)
{
	struct str written = json_written(w);

	ASSERT(written.p);
	o->len += written.n;
}

static void put_str(struct out *o, const char *p, size_t n)
{
	struct json_writer w;

	json_writer_init(&w, o->buf + o->len, o->cap - o->len);
	json_put_str(&w, (struct str){p, n});
	put_scalar(o, &w);
}

static bool put_int(struct out *o, json_int_t v)
{
	struct json_writer w;

	if (v > JSON_INT_MAX || v < -JSON_INT_MAX)
		return refuse(o, "an integer lies beyond 2^53 - 1");
	json_writer_init(&w, o->buf + o->len, o->cap - o->len);
	json_put_int(&w, v);
	put_scalar(o, &w);
	return true;
}

static bool put_word(struct out *o, struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		put_byte(o, word.p[i]);
	return true;
}

/* Canonical JSON has its members in ascending order of bytes. */
static int member_compare(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return strcmp(x->key, y->key); /* bytewise: there is no NUL in a key */
}

static bool write_object(struct out *o, json_t *v, int depth)
{
	size_t count = json_object_size(v), n = 0;
	struct member *members = arena_alloc(o->arena, (count + 1) * sizeof(*members));

	if (!members)
		return refuse(o, "it is too large");
	for (void *it = json_object_iter(v); it; it = json_object_iter_next(v, it)) {
		ASSERT(n < count);
		members[n++] =
			(struct member){json_object_iter_key(it), json_object_iter_value(it)};
	}
	qsort(members, n, sizeof(*members), member_compare);
	put_byte(o, '{');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			put_byte(o, ',');
		o->key = members[i].key;
		put_str(o, members[i].key, strlen(members[i].key));
		put_byte(o, ':');
		if (!write_value(o, members[i].value, depth + 1))
			return false;
	}
	put_byte(o, '}');
	return true;
}

static bool write_array(struct out *o, json_t *v, int depth)
{
	size_t n = json_array_size(v);

	put_byte(o, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			put_byte(o, ',');
		if (!write_value(o, json_array_get(v, i), depth + 1))
			return false;
	}
	put_byte(o, ']');
	return true;
}

/* JSON_DEPTH_MAX bounds the recursion. */
static bool write_value(struct out *o, json_t *v, int depth)
{
	if ((json_is_object(v) || json_is_array(v)) && depth >= JSON_DEPTH_MAX)
		return refuse(o, "it is nested too deeply");
	switch (json_typeof(v)) {
	case JSON_OBJECT: return write_object(o, v, depth);
	case JSON_ARRAY: return write_array(o, v, depth);
	case JSON_STRING: put_str(o, json_string_value(v), json_string_length(v)); return true;
	case JSON_INTEGER: return put_int(o, json_integer_value(v));
	case JSON_REAL: return refuse(o, "numbers must be integers, without fraction or exponent");
	case JSON_TRUE: return put_word(o, STR("true"));
	case JSON_FALSE: return put_word(o, STR("false"));
	case JSON_NULL: return put_word(o, STR("null"));
	}
	return refuse(o, "the syntax is wrong");
}

struct str json_from_outside(struct arena *a, struct str body, struct str *why)
{
	struct out o = {.arena = a, .cap = body.n};
	json_error_t error;
	json_t *tree;
	bool good;

	*why = STR_NULL;
	if (body.n == 0) {
		*why = arena_printf(a, "there is no JSON in the body");
		return STR_NULL;
	}
	/* The parser steps over one that follows a number. */
	if (memchr(body.p, '\0', body.n)) {
		*why = arena_printf(a, "not JSON as asked for: a byte is NUL");
		return STR_NULL;
	}
	tree = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!tree) {
		*why = arena_printf(a, "not JSON as asked for: %s (line %d, column %d)",
			parse_fault(json_error_code(&error)), error.line, error.column);
		return STR_NULL;
	}
	o.buf = arena_alloc(a, o.cap);
	good = o.buf ? write_value(&o, tree, 0) : refuse(&o, "it is too large");
	json_decref(tree);
	if (good)
		return (struct str){o.buf, o.len};
	*why = o.why.p ? o.why
		       : STR("it is too large"); /* a full arena has no room for the sentence */
	return STR_NULL;
}
