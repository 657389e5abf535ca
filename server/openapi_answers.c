/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/openapi_parts.h"

#include "server/shapes.h"

/* The tables of answers as JSON Schema, and which schema a route's answer means. */

enum { REF_TEXT = 120 };

static const struct {
	const struct openapi_schema *schemas;
	const size_t *len;
} tables[] = {
	{openapi_objects, &openapi_objects_len},
	{openapi_lookups, &openapi_lookups_len},
	{openapi_warranty, &openapi_warranty_len},
	{openapi_audit, &openapi_audit_len},
	{openapi_promises, &openapi_promises_len},
};

static const struct openapi_schema *schema_at(size_t i)
{
	size_t t = 0;

	while (i >= *tables[t].len) {
		i -= *tables[t++].len;
		ASSERT(t < ARRAY_LEN(tables));
	}
	return &tables[t].schemas[i];
}

size_t openapi_answers_len(void)
{
	size_t len = 0;

	for (size_t t = 0; t < ARRAY_LEN(tables); t++)
		len += *tables[t].len;
	return len;
}

/* ---- types ---- */

static bool is_ref(const char *type)
{
	return type[0] >= 'A' && type[0] <= 'Z';
}

static void put_nullable_type(struct json_writer *w, const char *type, bool nullable)
{
	json_k(w, "type");
	if (!nullable) {
		json_put_str(w, str_from(type));
		return;
	}
	json_array_begin(w);
	json_put_str(w, str_from(type));
	json_put_str(w, STR("null"));
	json_array_end(w);
}

/* "held|booked": one of these texts; null is then one more value. */
static void put_words(struct json_writer *w, const char *words, bool nullable)
{
	json_k(w, "enum");
	json_array_begin(w);
	for (const char *p = words; *p;) {
		size_t n = strcspn(p, "|");
		json_put_str(w, (struct str){p, n});
		p += n + (p[n] == '|');
	}
	if (nullable)
		json_null(w);
	json_array_end(w);
	put_nullable_type(w, "string", nullable);
}

/* "instant" and "date" are strings of a format; every other word is a type of JSON Schema. */
static void put_word_type(struct json_writer *w, const char *type, bool nullable)
{
	const char *format = NULL;

	if (strcmp(type, "any") == 0)
		return;
	if (strchr(type, '|')) {
		put_words(w, type, nullable);
		return;
	}
	if (strcmp(type, "instant") == 0)
		format = "date-time";
	else if (strcmp(type, "date") == 0)
		format = "date";
	if (format)
		json_kv_str(w, "format", str_from(format));
	put_nullable_type(w, format ? "string" : type, nullable);
}

/* "Job", "Customer/properties/person": what stands before the stroke must be a schema of ours. */
static void put_one_ref(struct json_writer *w, struct str name)
{
	char text[REF_TEXT];
	size_t stroke = 0;

	while (stroke < name.n && name.p[stroke] != '/')
		stroke++;
	ASSERT(name.n < sizeof(text));
	memcpy(text, name.p, stroke);
	text[stroke] = '\0';
	for (size_t i = 0; i < openapi_answers_len() && stroke; i++)
		if (strcmp(schema_at(i)->name, text) == 0)
			stroke = 0;
	for (uint32_t i = 0; i < shapes_all_len && stroke; i++)
		if (strcmp(shapes_all[i]->name, text) == 0)
			stroke = 0;
	ASSERT(stroke == 0); /* the tables are ours */
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	openapi_put_ref(w, "schemas", text);
}

/* A reference has no room for anything beside it: a choice of one, or of it and null, wraps it. */
static void put_refs(struct json_writer *w, const char *names, bool nullable)
{
	json_k(w, "anyOf");
	json_array_begin(w);
	for (const char *p = names; *p;) {
		size_t n = strcspn(p, "|");
		put_one_ref(w, (struct str){p, n});
		p += n + (p[n] == '|');
	}
	if (nullable)
		json_put_raw(w, STR("{\"type\":\"null\"}"));
	json_array_end(w);
}

/* `type` without its "!". No deeper than a type has "[]" before it. */
static void put_type(struct json_writer *w, const char *type, const char *about)
{
	bool nullable = type[0] == '?';
	const char *name = type + nullable;

	if (is_ref(name) && !about && !nullable && !strchr(name, '|')) {
		put_one_ref(w, str_from(name));
		return;
	}
	json_object_begin(w);
	if (is_ref(name))
		put_refs(w, name, nullable);
	if (about)
		json_kv_str(w, "description", str_from(about));
	if (strncmp(name, "[]", 2) == 0) {
		json_k(w, "items");
		put_type(w, name + 2, NULL);
		put_nullable_type(w, "array", nullable);
	} else if (!is_ref(name)) {
		put_word_type(w, name, nullable);
	}
	json_object_end(w);
}

/* ---- schemas ---- */

/* Tables stand in the order of the trade, the writer wants keys in the order of their bytes. */
static const struct openapi_member *member_after(const struct openapi_schema *s, struct str last)
{
	const struct openapi_member *next = NULL;

	for (size_t i = 0; i < s->members_len; i++) {
		const struct openapi_member *m = &s->members[i];
		ASSERT(m->name); /* a column that is described twice leaves another without */
		if (last.p && str_cmp(str_from(m->name), last) <= 0)
			continue;
		if (!next || strcmp(m->name, next->name) < 0)
			next = m;
	}
	return next;
}

static void put_required(struct json_writer *w, const struct openapi_schema *s)
{
	bool some = false;

	for (size_t i = 0; i < s->members_len; i++)
		some |= s->members[i].type[0] == '!';
	if (!some)
		return;
	json_k(w, "required");
	json_array_begin(w);
	for (size_t i = 0; i < s->members_len; i++)
		if (s->members[i].type[0] == '!')
			json_put_str(w, str_from(s->members[i].name));
	json_array_end(w);
}

struct openapi_piece openapi_answer(struct arena *a, size_t i)
{
	const struct openapi_schema *s = schema_at(i);
	struct json_writer w;

	arena_writer(a, &w, OPENAPI_PIECE_MAX);
	json_object_begin(&w);
	if (s->about)
		json_kv_str(&w, "description", str_from(s->about));
	json_k(&w, "properties");
	json_object_begin(&w);
	for (const struct openapi_member *m = member_after(s, STR_NULL); m;
		m = member_after(s, str_from(m->name))) {
		json_k(&w, m->name);
		put_type(&w, m->type + (m->type[0] == '!'), m->about);
	}
	json_object_end(&w);
	put_required(&w, s);
	json_kv_str(&w, "type", STR("object"));
	json_object_end(&w);
	return (struct openapi_piece){s->name, arena_written(a, &w)};
}

/* ---- names ---- */

static char folded(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* How much of a name a word says: "booking-list", "booking_list" and "BookingList" say all of
 * BookingList; NULL where they differ. */
static const char *name_rest(const char *name, struct str word)
{
	for (size_t at = 0; at < word.n; at++) {
		if (word.p[at] == '-' || word.p[at] == '_')
			continue;
		if (!*name || folded(word.p[at]) != folded(*name))
			return NULL;
		name++;
	}
	return name;
}

static const char *find_name(struct str word, const char *rest)
{
	for (size_t i = 0; i < openapi_answers_len(); i++) {
		const char *name = schema_at(i)->name, *left = name_rest(name, word);
		if (left && strcmp(left, rest) == 0)
			return name;
	}
	return NULL;
}

const char *openapi_schema_name(struct str answer)
{
	const char *name = find_name(answer, "Stored");

	if (!name)
		name = find_name(answer, "");
	for (uint32_t i = 0; i < shapes_all_len && !name; i++) {
		const char *left = name_rest(shapes_all[i]->name, answer);
		if (left && !*left)
			name = shapes_all[i]->name;
	}
	return name;
}
