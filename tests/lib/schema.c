/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/schema_check.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 64, PLACE_MAX = 200, KEY_MAX = 100 };

struct check {
	const json_t *root;
	char place[PLACE_MAX]; /* JSON pointer of the value that is looked at */
	char *why;
	int depth;
};

static bool fits(struct check *c, const json_t *schema, const json_t *value);

PRINTF_LIKE(2, 3) static bool fault(struct check *c, const char *format, ...)
{
	va_list args;
	int n = snprintf(c->why, SCHEMA_WHY, "%s: ", c->place);

	va_start(args, format);
	vsnprintf(c->why + n, SCHEMA_WHY - (size_t)n, format, args);
	va_end(args);
	return false;
}

/* ---- one step down ---- */

static bool fits_below(struct check *c, const json_t *schema, const json_t *value, const char *step)
{
	size_t n = strlen(c->place);
	bool good;

	snprintf(c->place + n, PLACE_MAX - n, "/%s", step);
	good = fits(c, schema, value);
	c->place[n] = '\0';
	return good;
}

/* What was met is marked in the schema itself, so that what never is can be told (SCHEMA_MET). */
static void mark(const json_t *schema)
{
	json_t *own = (json_t *)(uintptr_t)schema;

	if (json_is_object(own) && !json_object_get(own, SCHEMA_MET))
		json_object_set_new(own, SCHEMA_MET, json_true());
}

const json_t *schema_at(const json_t *root, const char *ref)
{
	const json_t *v = root;
	char key[KEY_MAX];

	if (strncmp(ref, "#/", 2) != 0)
		return NULL;
	for (const char *p = ref + 2; v && *p;) {
		size_t n = strcspn(p, "/");
		snprintf(key, sizeof(key), "%.*s", (int)n, p);
		v = json_object_get(v, key);
		p += n + (p[n] == '/');
	}
	return v;
}

/* ---- types ---- */

static bool is_type(const char *name, const json_t *value)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "object",
		[JSON_ARRAY] = "array",
		[JSON_STRING] = "string",
		[JSON_INTEGER] = "integer",
		[JSON_REAL] = "number",
		[JSON_TRUE] = "boolean",
		[JSON_FALSE] = "boolean",
		[JSON_NULL] = "null",
	};

	return strcmp(names[json_typeof(value)], name) == 0;
}

static bool type_fits(struct check *c, const json_t *type, const json_t *value)
{
	char *wanted;

	if (json_is_string(type) && is_type(json_string_value(type), value))
		return true;
	for (size_t i = 0; i < json_array_size(type); i++)
		if (is_type(json_string_value(json_array_get(type, i)), value))
			return true;
	wanted = json_dumps(type, JSON_ENCODE_ANY);
	(void)fault(c, "is not of type %s", wanted);
	free(wanted);
	return false;
}

/* ---- texts and figures ---- */

static bool pattern_fits(struct check *c, const char *pattern, const char *text)
{
	regex_t regex;
	bool good;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return fault(c, "the pattern %s cannot be read", pattern);
	good = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return good || fault(c, "\"%.60s\" does not match %s", text, pattern);
}

/* '0' stands for a digit, '+' for a sign. Answers are full of instants: regexes would be slow. */
static bool form_fits(const char *form, const char *text)
{
	for (; *form && *text; form++, text++) {
		bool digit = *text >= '0' && *text <= '9', sign = *text == '+' || *text == '-';
		if (*form == '0' ? !digit : *form == '+' ? !sign : *form != *text)
			return false;
	}
	return !*form && !*text;
}

static bool format_fits(struct check *c, const char *format, const char *text)
{
	bool day = strcmp(format, "date") == 0;

	if (!day && strcmp(format, "date-time") != 0)
		return fault(c, "the format %s is not known", format);
	if (day ? form_fits("0000-00-00", text)
		: form_fits("0000-00-00T00:00:00Z", text) ||
				form_fits("0000-00-00T00:00:00+00:00", text))
		return true;
	return fault(c, "\"%.60s\" is no %s", text, format);
}

static int64_t characters(const char *text)
{
	int64_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* A bound says nothing about a value of another type. */
static bool bound_fits(struct check *c, const char *key, const json_t *bound, const json_t *value)
{
	bool upper = strncmp(key, "max", 3) == 0;
	int64_t limit = json_integer_value(bound), n;

	if (strcmp(key + 3, "imum") == 0 && json_is_integer(value))
		n = json_integer_value(value);
	else if (strcmp(key + 3, "Length") == 0 && json_is_string(value))
		n = characters(json_string_value(value));
	else if (strcmp(key + 3, "Items") == 0 && json_is_array(value))
		n = (int64_t)json_array_size(value);
	else if (strcmp(key + 3, "Properties") == 0 && json_is_object(value))
		n = (int64_t)json_object_size(value);
	else
		return true;
	if (upper ? n <= limit : n >= limit)
		return true;
	return fault(c, "%lld breaks %s %lld", (long long)n, key, (long long)limit);
}

/* ---- lists and objects ---- */

static bool items_fit(struct check *c, const json_t *items, const json_t *value)
{
	char step[24];

	for (size_t i = 0; i < json_array_size(value); i++) {
		snprintf(step, sizeof(step), "%zu", i);
		if (!fits_below(c, items, json_array_get(value, i), step))
			return false;
	}
	return true;
}

/* Closed unless the schema says otherwise in so many words. */
static bool members_fit(struct check *c, const json_t *schema, const json_t *value)
{
	const json_t *properties = json_object_get(schema, "properties");
	const json_t *more = json_object_get(schema, "additionalProperties");
	const json_t *names = json_object_get(schema, "propertyNames"), *name_pattern;
	const char *key;
	json_t *member, *object = json_incref((json_t *)(uintptr_t)value);
	bool good = true;

	name_pattern = json_object_get(names, "pattern");
	json_object_foreach(object, key, member)
	{
		const json_t *known = json_object_get(properties, key);
		if (!good)
			break;
		if (name_pattern)
			good = pattern_fits(c, json_string_value(name_pattern), key);
		if (good && known) {
			mark(known);
			good = fits_below(c, known, member, key);
		} else if (good && json_is_object(more))
			good = fits_below(c, more, member, key);
		else if (good && !json_is_true(more))
			good = fault(c, "the member \"%s\" is not described", key);
	}
	json_decref(object);
	return good;
}

static bool required_fit(struct check *c, const json_t *required, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(required); i++) {
		const char *key = json_string_value(json_array_get(required, i));
		if (!json_object_get(value, key))
			return fault(c, "the member \"%s\" is missing", key);
	}
	return true;
}

/* ---- choices ---- */

static bool enum_fits(struct check *c, const json_t *values, const json_t *value)
{
	char *text;

	for (size_t i = 0; i < json_array_size(values); i++)
		if (json_equal(json_array_get(values, i), value))
			return true;
	text = json_dumps(value, JSON_ENCODE_ANY);
	(void)fault(c, "%.80s is not one of the values", text);
	free(text);
	return false;
}

/* At least `min` and at most `max` of the schemas fit; the reason of the last that does not. */
static bool some_fit(
	struct check *c, const json_t *schemas, const json_t *value, size_t min, size_t max)
{
	size_t fitting = 0;

	for (size_t i = 0; i < json_array_size(schemas); i++)
		fitting += fits(c, json_array_get(schemas, i), value);
	if (fitting >= min && fitting <= max)
		return true;
	return fitting == 0 ? false : fault(c, "fits %zu of the choices", fitting);
}

/* ---- all keywords ---- */

static bool keyword_fits(struct check *c, const json_t *schema, const char *key, const json_t *with,
	const json_t *value)
{
	static const char *const silent[] = {
		SCHEMA_MET, "description", "properties", "additionalProperties", "propertyNames"};
	static const char *const bounds[] = {"minimum", "maximum", "minLength", "maxLength",
		"minItems", "maxItems", "minProperties", "maxProperties"};

	for (size_t i = 0; i < ARRAY_LEN(silent); i++)
		if (strcmp(key, silent[i]) == 0)
			return true;
	for (size_t i = 0; i < ARRAY_LEN(bounds); i++)
		if (strcmp(key, bounds[i]) == 0)
			return bound_fits(c, key, with, value);
	if (strcmp(key, "type") == 0)
		return type_fits(c, with, value);
	if (strcmp(key, "enum") == 0)
		return enum_fits(c, with, value);
	if (strcmp(key, "items") == 0)
		return items_fit(c, with, value);
	if (strcmp(key, "required") == 0)
		return !json_is_object(value) || required_fit(c, with, value);
	if (strcmp(key, "pattern") == 0)
		return !json_is_string(value) ||
		       pattern_fits(c, json_string_value(with), json_string_value(value));
	if (strcmp(key, "format") == 0)
		return !json_is_string(value) ||
		       format_fits(c, json_string_value(with), json_string_value(value));
	if (strcmp(key, "anyOf") == 0)
		return some_fit(c, with, value, 1, SIZE_MAX);
	if (strcmp(key, "oneOf") == 0)
		return some_fit(c, with, value, 1, 1);
	if (strcmp(key, "allOf") == 0)
		return some_fit(c, with, value, json_array_size(with), SIZE_MAX);
	(void)schema;
	return fault(c, "the keyword \"%s\" is not known", key);
}

static bool ref_fits(struct check *c, const char *ref, const json_t *value)
{
	const json_t *to = schema_at(c->root, ref);

	mark(to);
	return to ? fits(c, to, value) : fault(c, "%s leads nowhere", ref);
}

static bool all_fit(struct check *c, const json_t *schema, const json_t *value)
{
	const char *key, *ref = json_string_value(json_object_get(schema, "$ref"));
	json_t *with, *object;
	bool good = true;

	if (ref)
		return ref_fits(c, ref, value);
	object = json_incref((json_t *)(uintptr_t)schema);
	/* The type first: the other keywords would say less. */
	with = json_object_get(schema, "type");
	if (with)
		good = type_fits(c, with, value);
	json_object_foreach(object, key, with) good =
		good && keyword_fits(c, schema, key, with, value);
	json_decref(object);
	/* What says "object" and no more leaves out what there is to say. */
	if (good && json_is_object(value) && json_object_get(schema, "type"))
		good = members_fit(c, schema, value);
	return good;
}

static bool fits(struct check *c, const json_t *schema, const json_t *value)
{
	bool good;

	if (!json_is_object(schema))
		return fault(c, "there is no schema");
	if (c->depth == DEPTH_MAX)
		return fault(c, "too deep");
	c->depth++;
	good = all_fit(c, schema, value);
	c->depth--;
	return good;
}

bool schema_fits(
	const json_t *root, const json_t *schema, const json_t *value, char why[SCHEMA_WHY])
{
	struct check c = {.root = root, .why = why};

	why[0] = '\0';
	return fits(&c, schema, value);
}

bool schema_text_fits(const char *schema, const char *value, char why[SCHEMA_WHY])
{
	json_t *s = json_loads(schema, 0, NULL), *v = json_loads(value, JSON_DECODE_ANY, NULL);
	bool good;

	ASSERT(s && v);
	good = schema_fits(s, s, v, why);
	json_decref(s);
	json_decref(v);
	return good;
}
