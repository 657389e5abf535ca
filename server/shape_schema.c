/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/shape.h"
#include "server/shape_text.h"

#include <stdio.h>

/*
 * A shape as JSON Schema. The writer wants keys in ascending byte order, so each function writes
 * its keywords in that order and members are sorted on the way. "$ref" is no key the writer takes:
 * it is written as one raw value.
 */

enum { REF_MAX = 120, PATTERN_MAX = 600 };

static void put_schema(
	struct json_writer *w, const struct shape *s, bool inline_named, const char *about);

static void put_ref(struct json_writer *w, const char *name)
{
	char ref[REF_MAX];
	int n = snprintf(ref, sizeof(ref), "{\"$ref\":\"#/components/schemas/%s\"}", name);

	ASSERT(n > 0 && (size_t)n < sizeof(ref));
	json_put_raw(w, (struct str){ref, (size_t)n});
}

static void put_null_type(struct json_writer *w)
{
	json_object_begin(w);
	json_kv_str(w, "type", STR("null"));
	json_object_end(w);
}

/* {"anyOf":[a, b, null]} of what is there, with the description beside it. */
static void put_any_of(
	struct json_writer *w, const struct shape *s, const struct shape *other, const char *about)
{
	struct shape plain = *s;

	plain.nullable = false;
	plain.or_else = NULL;
	json_object_begin(w);
	json_k(w, "anyOf");
	json_array_begin(w);
	put_schema(w, &plain, false, NULL);
	if (other)
		put_schema(w, other, false, NULL);
	if (s->nullable)
		put_null_type(w);
	json_array_end(w);
	if (about)
		json_kv_str(w, "description", str_from(about));
	json_object_end(w);
}

/* Null is a type of its own in JSON Schema, and one more value of an enumeration. */
static void put_type(struct json_writer *w, const struct shape *s, const char *type)
{
	json_k(w, "type");
	if (s->nullable)
		json_array_begin(w);
	json_put_str(w, str_from(type));
	if (s->nullable) {
		json_put_str(w, STR("null"));
		json_array_end(w);
	}
}

/* Bounds count bytes, JSON Schema characters: its maximum may let through what is refused for its
 * bytes, never the other way round. The pattern speaks for formats that are bounded by it. */
static void put_string(struct json_writer *w, const struct shape *s, const char *about)
{
	struct shape_text_schema text = shape_text_schema(s->format);
	int64_t min = s->min, max = s->max;

	if (min == 0 && max == 0)
		shape_text_bounds(s->format, &min, &max);
	if (about || text.about)
		json_kv_str(w, "description", str_from(about ? about : text.about));
	if (s->values) {
		json_k(w, "enum");
		json_array_begin(w);
		for (size_t i = 0; s->values[i]; i++)
			json_put_str(w, str_from(s->values[i]));
		if (s->nullable)
			json_null(w);
		json_array_end(w);
	}
	if (text.format)
		json_kv_str(w, "format", str_from(text.format));
	if (!s->values && !text.pattern && !text.format) {
		json_kv_int(w, "maxLength", max);
		json_kv_int(w, "minLength", min > 0 ? 1 : 0);
	}
	if (text.pattern)
		json_kv_str(w, "pattern", str_from(text.pattern));
	put_type(w, s, "string");
}

static void put_int(struct json_writer *w, const struct shape *s)
{
	if (s->min != 0 || s->max != 0) {
		json_kv_int(w, "maximum", s->max);
		json_kv_int(w, "minimum", s->min);
	}
	put_type(w, s, "integer");
}

/* Bounds by default are generous: only those that a table names are told. */
static void put_array(struct json_writer *w, const struct shape *s)
{
	json_k(w, "items");
	put_schema(w, s->element, false, NULL);
	if (s->max != 0)
		json_kv_int(w, "maxItems", s->max);
	if (s->min != 0)
		json_kv_int(w, "minItems", s->min);
	put_type(w, s, "array");
}

static void put_map(struct json_writer *w, const struct shape *s, const char *about)
{
	enum shape_format format = s->key_format == FORMAT_NONE ? FORMAT_ID : s->key_format;
	const char *pattern = shape_text_schema(format).pattern;

	json_k(w, "additionalProperties");
	put_schema(w, s->element, false, NULL);
	if (about)
		json_kv_str(w, "description", str_from(about));
	if (s->max != 0)
		json_kv_int(w, "maxProperties", s->max);
	if (pattern) {
		json_k(w, "propertyNames");
		json_object_begin(w);
		json_kv_str(w, "pattern", str_from(pattern));
		json_object_end(w);
	}
	put_type(w, s, "object");
}

/* The field whose name comes next after `last`, NULL after the last one. */
static const struct field *field_after(const struct shape *s, struct str last)
{
	const struct field *next = NULL;

	for (uint32_t i = 0; i < s->fields_len; i++) {
		const struct field *f = &s->fields[i];
		if (last.p && str_cmp(str_from(f->name), last) <= 0)
			continue;
		if (!next || strcmp(f->name, next->name) < 0)
			next = f;
	}
	return next;
}

/* ---- a member whose shape another member chooses ---- */

/* "^(/in/at|/charges/[0-9]+/amount_minor)$" */
static void put_case_names(struct json_writer *w, const struct shape_choice *choice)
{
	char pattern[PATTERN_MAX] = "^(";
	size_t n = 2;

	for (uint32_t i = 0; i < choice->cases_len; i++) {
		if (i)
			pattern[n++] = '|';
		for (const char *p = choice->cases[i].name; *p; p++)
			n += (size_t)snprintf(pattern + n, sizeof pattern - n, "%.*s",
				*p == '*' ? 6 : 1, *p == '*' ? "[0-9]+" : p);
		ASSERT(n + 4 < sizeof pattern); /* the tables are ours */
	}
	memcpy(pattern + n, ")$", 3);
	json_kv_str(w, "pattern", str_from(pattern));
	json_kv_str(w, "type", STR("string"));
}

/* Each shape once, whichever case chooses it. */
static void put_case_shapes(struct json_writer *w, const struct shape_choice *choice)
{
	json_k(w, "anyOf");
	json_array_begin(w);
	for (uint32_t i = 0; i < choice->cases_len; i++) {
		bool seen = false;
		for (uint32_t k = 0; k < i && !seen; k++)
			seen = choice->cases[k].shape == choice->cases[i].shape;
		if (!seen)
			put_schema(w, choice->cases[i].shape, false, NULL);
	}
	json_array_end(w);
}

static void put_field(struct json_writer *w, const struct shape *s, const struct field *f)
{
	bool chooses = s->choice && strcmp(f->name, s->choice->by) == 0;
	bool chosen = s->choice && strcmp(f->name, s->choice->of) == 0;

	json_k(w, f->name);
	if (!chooses && !chosen) {
		put_schema(w, f->shape, false, f->about);
		return;
	}
	json_object_begin(w);
	if (chosen)
		put_case_shapes(w, s->choice);
	if (f->about)
		json_kv_str(w, "description", str_from(f->about));
	if (chooses)
		put_case_names(w, s->choice);
	json_object_end(w);
}

/* Closed like the shape: a generated client then refuses a misspelt member before we do. */
static void put_object(struct json_writer *w, const struct shape *s, const char *about)
{
	bool required = false;

	json_kv_bool(w, "additionalProperties", false);
	if (about)
		json_kv_str(w, "description", str_from(about));
	json_k(w, "properties");
	json_object_begin(w);
	for (const struct field *f = field_after(s, STR_NULL); f;
		f = field_after(s, str_from(f->name)))
		put_field(w, s, f);
	json_object_end(w);
	for (uint32_t i = 0; i < s->fields_len; i++)
		required |= s->fields[i].required;
	if (required) {
		json_k(w, "required");
		json_array_begin(w);
		for (uint32_t i = 0; i < s->fields_len; i++)
			if (s->fields[i].required)
				json_put_str(w, str_from(s->fields[i].name));
		json_array_end(w);
	}
	put_type(w, s, "object");
}

/* A reference has no room beside it for a description or for null: both wrap it. */
static void put_schema(
	struct json_writer *w, const struct shape *s, bool inline_named, const char *about)
{
	bool ref = s->name && !inline_named;

	if (s->or_else || (ref && (s->nullable || about))) {
		put_any_of(w, s, s->or_else, about);
		return;
	}
	if (ref) {
		put_ref(w, s->name);
		return;
	}
	json_object_begin(w);
	if (about && (s->type == SHAPE_INT || s->type == SHAPE_BOOL || s->type == SHAPE_ARRAY ||
			     s->type == SHAPE_ANY))
		json_kv_str(w, "description", str_from(about));
	switch (s->type) {
	case SHAPE_STRING: put_string(w, s, about); break;
	case SHAPE_INT: put_int(w, s); break;
	case SHAPE_BOOL: put_type(w, s, "boolean"); break;
	case SHAPE_ARRAY: put_array(w, s); break;
	case SHAPE_OBJECT: put_object(w, s, about); break;
	case SHAPE_MAP: put_map(w, s, about); break;
	case SHAPE_ANY: break;
	}
	json_object_end(w);
}

void shape_schema(struct json_writer *w, const struct shape *shape, bool inline_named)
{
	put_schema(w, shape, inline_named, NULL);
}
