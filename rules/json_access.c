/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/json.h"

/* Looking things up in a document that was read. An absent value answers every question. */

/* NULL when v is absent or of another type. */
static const struct json_node *node_of(struct json v, enum json_type type)
{
	const struct json_node *node = v.doc ? json_node(v) : NULL;

	return node && node->type == type ? node : NULL;
}

bool json_is(struct json v, enum json_type type)
{
	return node_of(v, type) != NULL;
}

bool json_is_null(struct json v)
{
	return !v.doc || json_node(v)->type == JSON_NULL;
}

/* A linear walk: objects here have few members, and a subtree is skipped in one step. */
struct json json_get_str(struct json v, struct str key)
{
	const struct json_node *object = node_of(v, JSON_OBJECT);

	if (!object)
		return JSON_ABSENT;
	for (uint32_t at = v.at + 1; at < object->next; at = v.doc->nodes[at + 1].next)
		if (str_eq(v.doc->nodes[at].text, key))
			return (struct json){v.doc, at + 1};
	return JSON_ABSENT;
}

struct json json_get(struct json v, const char *key)
{
	return json_get_str(v, str_from(key));
}

uint32_t json_count(struct json v)
{
	return v.doc ? json_node(v)->count : 0;
}

struct json json_first(struct json array)
{
	const struct json_node *node = node_of(array, JSON_ARRAY);

	return node && node->count ? (struct json){array.doc, array.at + 1} : JSON_ABSENT;
}

struct json json_next(struct json array, struct json element)
{
	uint32_t next = json_node(element)->next;

	return next < json_node(array)->next ? (struct json){array.doc, next} : JSON_ABSENT;
}

struct json json_item(struct json v, uint32_t i)
{
	struct json e = json_first(v);

	for (; i > 0 && json_present(e); i--)
		e = json_next(v, e);
	return e;
}

/* An object's first key is the node behind it, its value the node behind the key. */
struct json json_first_value(struct json object)
{
	const struct json_node *node = node_of(object, JSON_OBJECT);

	return node && node->count ? (struct json){object.doc, object.at + 2} : JSON_ABSENT;
}

struct json json_next_value(struct json object, struct json value)
{
	uint32_t key = json_node(value)->next;

	return key < json_node(object)->next ? (struct json){object.doc, key + 1} : JSON_ABSENT;
}

struct str json_key(struct json object_value)
{
	ASSERT(json_present(object_value) && object_value.at > 0);
	return object_value.doc->nodes[object_value.at - 1].text;
}

int64_t json_int(struct json v, int64_t otherwise)
{
	const struct json_node *node = node_of(v, JSON_INT);

	return node ? node->integer : otherwise;
}

struct str json_str(struct json v)
{
	const struct json_node *node = node_of(v, JSON_STRING);

	return node ? node->text : STR_NULL;
}

bool json_bool(struct json v, bool otherwise)
{
	if (json_is(v, JSON_TRUE))
		return true;
	return json_is(v, JSON_FALSE) ? false : otherwise;
}

struct str json_raw(struct json v)
{
	return v.doc ? json_node(v)->raw : STR_NULL;
}

/* ---- bytes that are canonical, not read ---- */

/* Behind the string whose opening quote stands at `at`; the end of the bytes where it does not end.
 */
static size_t string_passed(struct str s, size_t at)
{
	for (at++; at < s.n; at++) {
		const char *quote = memchr(s.p + at, '"', s.n - at);
		size_t escapes = 0, end = quote ? (size_t)(quote - s.p) : s.n;
		/* a quote behind an odd number of backslashes is one of the text */
		while (end - escapes > at && s.p[end - escapes - 1] == '\\')
			escapes++;
		at = end;
		if (escapes % 2 == 0)
			break;
	}
	return at < s.n ? at + 1 : s.n;
}

/* Behind the value that begins at `at`. */
static size_t value_passed(struct str s, size_t at)
{
	uint32_t depth = 0;

	while (at < s.n) {
		switch (s.p[at]) {
		case '"':
			at = string_passed(s, at);
			if (depth == 0)
				return at;
			continue;
		case '{':
		case '[': depth++; break;
		case '}':
		case ']':
			if (depth <= 1)
				return at + depth;
			depth--;
			break;
		case ',':
			if (depth == 0)
				return at;
			break;
		default: break;
		}
		at++;
	}
	return at;
}

bool json_raw_member(struct str object, size_t *at, struct str *key, struct str *value)
{
	size_t from = *at + 1, colon, end; /* behind the brace or the comma */

	if (from >= object.n || object.p[from] != '"')
		return false;
	colon = string_passed(object, from);
	if (colon >= object.n)
		return false;
	end = value_passed(object, colon + 1);
	*key = (struct str){object.p + from + 1, colon - from - 2};
	*value = (struct str){object.p + colon + 1, end - colon - 1};
	*at = end;
	return true;
}
