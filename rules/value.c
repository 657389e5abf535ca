/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/value.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { PLACE_DEPTH_MAX = JSON_DEPTH_MAX };

/* ---- faults ---- */

static struct fault *fault_next(struct faults *f)
{
	/* The count goes on beyond the array, so that the reader of the list knows it is cut. */
	uint32_t at = f->len++;
	return at < RULESET_FAULTS_MAX ? &f->fault[at] : NULL;
}

void faults_add(struct faults *f, const char *pointer, const char *detail_format, ...)
{
	struct fault *fault = fault_next(f);
	va_list args;

	if (!fault)
		return;
	snprintf(fault->pointer, sizeof(fault->pointer), "%s", pointer);
	va_start(args, detail_format);
	vsnprintf(fault->detail, sizeof(fault->detail), detail_format, args);
	va_end(args);
}

/* A reference token of RFC 6901: ~ and / are escaped. A token that does not fit is cut. */
static size_t token_print(char *out, size_t room, struct str key)
{
	size_t n = 0;

	for (size_t i = 0; i < key.n && n + 2 < room; i++) {
		bool escaped = key.p[i] == '~' || key.p[i] == '/';
		if (escaped)
			out[n++] = '~';
		out[n++] = escaped ? (key.p[i] == '~' ? '0' : '1') : key.p[i];
	}
	return n;
}

static void place_print(const struct value *v, char *out, size_t room)
{
	const struct value *way[PLACE_DEPTH_MAX];
	uint32_t depth = 0;
	size_t n = 0;

	for (; v && v->up; v = v->up) {
		ASSERT(depth < PLACE_DEPTH_MAX);
		way[depth++] = v;
	}
	while (depth > 0 && n + 14 < room) {
		v = way[--depth];
		out[n++] = '/';
		if (v->key.p)
			n += token_print(out + n, room - n - 1, v->key);
		else
			n += (size_t)snprintf(out + n, room - n, "%" PRIu32, v->index);
	}
	out[n] = '\0';
}

void value_fault(const struct value *v, const char *detail_format, ...)
{
	struct fault *fault = fault_next(v->faults);
	va_list args;

	if (!fault)
		return;
	place_print(v, fault->pointer, sizeof(fault->pointer));
	va_start(args, detail_format);
	vsnprintf(fault->detail, sizeof(fault->detail), detail_format, args);
	va_end(args);
}

/* ---- walking ---- */

struct value value_root(struct json json, struct faults *faults)
{
	return (struct value){.json = json, .faults = faults};
}

struct value value_member(const struct value *object, const char *key)
{
	return (struct value){
		.json = json_get(object->json, key),
		.up = object,
		.key = str_from(key),
		.faults = object->faults,
	};
}

static struct value element(const struct value *container, struct json json, uint32_t index)
{
	bool keyed = json_present(json) && json_is(container->json, JSON_OBJECT);
	return (struct value){
		.json = json,
		.up = container,
		.key = keyed ? json_key(json) : STR_NULL,
		.index = index,
		.faults = container->faults,
	};
}

struct value value_first(const struct value *container)
{
	if (json_is(container->json, JSON_OBJECT))
		return element(container, json_first_value(container->json), 0);
	if (json_is(container->json, JSON_ARRAY))
		return element(container, json_first(container->json), 0);
	return element(container, JSON_ABSENT, 0);
}

struct value value_next(const struct value *container, const struct value *at)
{
	if (json_is(container->json, JSON_OBJECT))
		return element(
			container, json_next_value(container->json, at->json), at->index + 1);
	return element(container, json_next(container->json, at->json), at->index + 1);
}

void value_members_known(const struct value *object, const char *const names[], size_t names_len)
{
	if (!json_is(object->json, JSON_OBJECT))
		return;
	for (struct value m = value_first(object); value_present(&m); m = value_next(object, &m)) {
		bool known = false;
		for (size_t i = 0; i < names_len && !known; i++)
			known = str_is(m.key, names[i]);
		if (!known)
			value_fault(&m, "is not a known member");
	}
}

/* ---- types ---- */

bool value_is_object(const struct value *v)
{
	if (json_is(v->json, JSON_OBJECT))
		return true;
	value_fault(v, value_present(v) ? "must be an object" : "is required");
	return false;
}

bool value_is_array(const struct value *v, uint32_t max)
{
	if (!json_is(v->json, JSON_ARRAY)) {
		value_fault(v, value_present(v) ? "must be a list" : "is required");
		return false;
	}
	if (json_count(v->json) > max) {
		value_fault(v, "holds %" PRIu32 " elements, at most %" PRIu32 " are allowed",
			json_count(v->json), max);
		return false;
	}
	return true;
}

int64_t value_int(const struct value *v, int64_t min, int64_t max)
{
	int64_t n = json_int(v->json, min);

	ASSERT(min <= max);
	if (!json_is(v->json, JSON_INT)) {
		value_fault(v, value_given(v) ? "must be an integer" : "is required");
		return min;
	}
	if (n < min || n > max) {
		value_fault(v, "must lie between %" PRId64 " and %" PRId64, min, max);
		return min;
	}
	return n;
}

int64_t value_int_or(const struct value *v, int64_t min, int64_t max, int64_t otherwise)
{
	return value_given(v) ? value_int(v, min, max) : otherwise;
}

bool value_bool(const struct value *v)
{
	if (!json_is(v->json, JSON_TRUE) && !json_is(v->json, JSON_FALSE))
		value_fault(v, value_given(v) ? "must be true or false" : "is required");
	return json_is(v->json, JSON_TRUE);
}

bool value_bool_or(const struct value *v, bool otherwise)
{
	return value_given(v) ? value_bool(v) : otherwise;
}

struct str value_text_or_none(const struct value *v)
{
	if (!value_given(v))
		return STR_NULL;
	if (!json_is(v->json, JSON_STRING)) {
		value_fault(v, "must be a text");
		return STR_NULL;
	}
	if (json_str(v->json).n > VALUE_TEXT_MAX) {
		value_fault(v, "is longer than %d bytes", VALUE_TEXT_MAX);
		return STR_NULL;
	}
	return json_str(v->json);
}

struct str value_text(const struct value *v)
{
	struct str text = value_text_or_none(v);

	if (!value_given(v))
		value_fault(v, "is required");
	else if (json_is(v->json, JSON_STRING) && json_str(v->json).n == 0)
		value_fault(v, "must not be empty");
	return text;
}

bool text_is_word(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != '-')
			return false;
	}
	return text.n > 0 && text.n <= VALUE_WORD_MAX;
}

struct str value_word(const struct value *v)
{
	struct str text = value_text(v);

	if (text.n > 0 && !text_is_word(text)) {
		value_fault(v, "must be 1 to %d of A-Z a-z 0-9 _ . -", VALUE_WORD_MAX);
		return STR_NULL;
	}
	return text;
}

bool value_day(const struct value *v, struct day *out)
{
	if (json_is(v->json, JSON_STRING) && day_parse(out, json_str(v->json)))
		return true;
	value_fault(v, value_given(v) ? "must be a date YYYY-MM-DD" : "is required");
	return false;
}
