/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/shape.h"

#include <inttypes.h>
#include <stdio.h>

#include "rules/value.h"
#include "server/shape_text.h"

/*
 * One walk checks and writes. Places and pointers come from rules/value.h. From the first fault on
 * nothing more is written: the walk goes on only to find the other faults.
 */

enum { ARRAY_ELEMENTS_MAX = 100, MAP_ELEMENTS_MAX = 64, VALUES_SHOWN_MAX = 100 };
enum { INDEX_DIGITS_MAX = 4, CASES_SHOWN_MAX = 120 };

/* The longest span a promise, a stay or a block may have (LOAN_DAYS_MAX of the decision). */
enum { SPAN_DAYS_MAX = 366 };
#define DAY_S INT64_C(86400)

struct checker {
	const struct shape_context *context; /* borrowed */
	struct json_writer w;
	struct faults *faults; /* borrowed */
	uint32_t faults_before;
};

static void check_value(struct checker *c, const struct shape *shape, const struct value *v);

static bool is_good(const struct checker *c)
{
	return c->faults->len == c->faults_before;
}

/* ---- single values ---- */

/* "one of a, b, c", cut where a fault's text ends anyway. */
static void fault_values(const struct value *v, const char *const *values)
{
	char list[VALUES_SHOWN_MAX];
	size_t n = 0;

	list[0] = '\0';
	for (size_t i = 0; values[i] && n < sizeof(list); i++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", i ? ", " : "", values[i]);
	value_fault(v, "must be one of %s", list);
}

static bool is_one_of(struct str text, const char *const *values)
{
	for (size_t i = 0; values[i]; i++)
		if (str_is(text, values[i]))
			return true;
	return false;
}

/* An enumeration needs no further look; bounds come before formats, so that those see short text.
 */
static void check_string(struct checker *c, const struct shape *shape, const struct value *v)
{
	struct str text = json_str(v->json), kept;
	int64_t min = shape->min, max = shape->max;
	struct shape_text room;

	if (shape->values && !is_one_of(text, shape->values)) {
		fault_values(v, shape->values);
		return;
	}
	if (min == 0 && max == 0)
		shape_text_bounds(shape->format, &min, &max);
	if ((int64_t)text.n < min || (int64_t)text.n > max) {
		if (text.n == 0)
			value_fault(v, "must not be empty");
		else
			value_fault(v, "must have %" PRId64 " to %" PRId64 " bytes", min, max);
		return;
	}
	kept = shape_text_keep(&room, shape->format, text, c->context);
	if (!kept.p && text.n > 0)
		value_fault(v, "%s", room.why);
	else if (is_good(c))
		json_put_str(&c->w, kept);
}

static void check_int(struct checker *c, const struct shape *shape, const struct value *v)
{
	bool bounded = shape->min != 0 || shape->max != 0;
	int64_t min = bounded ? shape->min : -JSON_INT_MAX,
		max = bounded ? shape->max : JSON_INT_MAX;
	int64_t n = value_int(v, min, max);

	if (is_good(c))
		json_put_int(&c->w, n);
}

/* ---- containers ---- */

/* Beyond the bound the elements are not looked at: nobody reads a thousand faults. */
static bool check_count(const struct shape *shape, const struct value *v, int64_t max_default)
{
	int64_t max = shape->max != 0 ? shape->max : max_default;
	int64_t n = json_count(v->json);

	if (n >= shape->min && n <= max)
		return true;
	value_fault(v, "must have %" PRId64 " to %" PRId64 " elements", shape->min, max);
	return false;
}

static void check_array(struct checker *c, const struct shape *shape, const struct value *v)
{
	if (!check_count(shape, v, ARRAY_ELEMENTS_MAX))
		return;
	if (is_good(c))
		json_array_begin(&c->w);
	for (struct value e = value_first(v); value_present(&e); e = value_next(v, &e))
		check_value(c, shape->element, &e);
	if (is_good(c))
		json_array_end(&c->w);
}

/* A key must also be fit for canonical JSON, so a map without a format takes ids. */
static void check_key(struct checker *c, const struct shape *shape, const struct value *v)
{
	enum shape_format format = shape->key_format == FORMAT_NONE ? FORMAT_ID : shape->key_format;
	struct shape_text room;

	if (!shape_text_keep(&room, format, v->key, c->context).p)
		value_fault(v, "as a key it %s", room.why);
}

static void check_map(struct checker *c, const struct shape *shape, const struct value *v)
{
	if (!check_count(shape, v, MAP_ELEMENTS_MAX))
		return;
	if (is_good(c))
		json_object_begin(&c->w);
	for (struct value e = value_first(v); value_present(&e); e = value_next(v, &e)) {
		check_key(c, shape, &e);
		if (is_good(c))
			json_key_put(&c->w, e.key);
		check_value(c, shape->element, &e);
	}
	if (is_good(c))
		json_object_end(&c->w);
}

/* ---- objects ---- */

/* Tables are short: a walk is faster than anything cleverer. */
static const struct field *field_of(const struct shape *shape, struct str name)
{
	for (uint32_t i = 0; i < shape->fields_len; i++)
		if (str_is(name, shape->fields[i].name))
			return &shape->fields[i];
	return NULL;
}

/* ---- a member whose shape another member chooses ---- */

/* Whether the text is that of the case; "*" fits an index as JSON pointers write it. */
static bool case_fits(const char *name, struct str text)
{
	size_t at = 0;

	for (; *name; name++) {
		size_t first = at;
		if (*name != '*') {
			if (at == text.n || text.p[at++] != *name)
				return false;
			continue;
		}
		while (at < text.n && at - first < INDEX_DIGITS_MAX && text.p[at] >= '0' &&
			text.p[at] <= '9')
			at++;
		if (at == first || (text.p[first] == '0' && at - first > 1))
			return false;
	}
	return at == text.n;
}

static const struct shape *choice_of(const struct shape_choice *choice, struct str text)
{
	for (uint32_t i = 0; i < choice->cases_len; i++)
		if (case_fits(choice->cases[i].name, text))
			return choice->cases[i].shape;
	return NULL;
}

/* Every case is named, in as many faults as that takes. */
static void check_choice(const struct shape_choice *choice, const struct value *object)
{
	struct value by = value_member(object, choice->by);
	char list[CASES_SHOWN_MAX] = "";
	size_t n = 0;

	if (!json_is(by.json, JSON_STRING) || choice_of(choice, json_str(by.json)))
		return;
	for (uint32_t i = 0; i < choice->cases_len; i++) {
		const char *name = choice->cases[i].name;
		if (n + strlen(name) + 3 > sizeof list) {
			value_fault(&by, "must be one of %s, ...", list);
			n = 0;
		}
		n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", n ? ", " : "", name);
	}
	value_fault(&by, "must be one of %s", list);
}

/* Unknown members are refused (contract.md): a misspelt one would otherwise be silently ignored. */
static void check_member(struct checker *c, const struct shape *shape, const struct value *object,
	const struct value *v)
{
	const struct field *field = field_of(shape, v->key);
	const struct shape_choice *choice = shape->choice;
	const struct shape *wanted = field ? field->shape : NULL;
	bool none = json_is_null(v->json) && field && field->shape->nullable;

	if (choice && str_is(v->key, choice->of))
		wanted = choice_of(choice, json_str_at(object->json, choice->by));

	if (!field) {
		value_fault(v, "is not known here");
		return;
	}
	if ((none && !shape->merge) || !wanted) /* where nothing chooses it, that is the fault */
		return;
	if (is_good(c))
		json_key_put(&c->w, v->key);
	if (!none)
		check_value(c, wanted, v);
	else if (is_good(c))
		json_null(&c->w);
}

/* The text of a member that has this format, STR_NULL where there is none. */
static struct str member_text(const struct shape *shape, const struct value *object,
	const char *name, enum shape_format format)
{
	const struct field *field = field_of(shape, str_from(name));

	return field && field->shape->format == format ? json_str_at(object->json, name) : STR_NULL;
}

static bool member_instant(const struct checker *c, const struct shape *shape,
	const struct value *object, const char *name, struct instant *out)
{
	struct str text = member_text(shape, object, name, FORMAT_INSTANT);
	char why[SHAPE_WHY_MAX];

	return text.p && shape_instant(out, text, c->context, why);
}

/* Spans are half-open and of a bounded length, whatever object they stand in. */
static void check_spans(struct checker *c, const struct shape *shape, const struct value *object)
{
	static const char *const pairs[][2] = {
		{"from", "until"},
		{"loan_from", "loan_to"},
		{"drop_off_at", "ready_at"},
	};
	struct instant from, until;

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct value end = value_member(object, pairs[i][1]);
		if (!member_instant(c, shape, object, pairs[i][0], &from) ||
			!member_instant(c, shape, object, pairs[i][1], &until))
			continue;
		if (until.s <= from.s)
			value_fault(&end, "must be after %s", pairs[i][0]);
		else if (until.s - from.s > SPAN_DAYS_MAX * DAY_S)
			value_fault(&end, "must be at most %d days after %s", SPAN_DAYS_MAX,
				pairs[i][0]);
	}
}

/* Opening hours: HH:MM sorts as text, 24:00 last. */
static void check_hours(const struct shape *shape, const struct value *object)
{
	struct str from = member_text(shape, object, "from", FORMAT_MINUTE);
	struct str until = member_text(shape, object, "until", FORMAT_MINUTE);
	struct value end = value_member(object, "until");
	int minute;

	if (from.p && until.p && minute_of_day_parse(&minute, from) &&
		minute_of_day_parse(&minute, until) && str_cmp(until, from) <= 0)
		value_fault(&end, "must be after from");
}

/* Members as they come, then what is missing, then what members say about each other. */
static void check_object(struct checker *c, const struct shape *shape, const struct value *v)
{
	if (is_good(c))
		json_object_begin(&c->w);
	for (struct value m = value_first(v); value_present(&m); m = value_next(v, &m))
		check_member(c, shape, v, &m);
	for (uint32_t i = 0; i < shape->fields_len; i++) {
		struct value m = value_member(v, shape->fields[i].name);
		if (shape->fields[i].required && !value_present(&m))
			value_fault(&m, "is required");
	}
	if (shape->choice)
		check_choice(shape->choice, v);
	check_spans(c, shape, v);
	check_hours(shape, v);
	if (is_good(c))
		json_object_end(&c->w);
}

/* ---- any value ---- */

/* JSON knows no integers apart from numbers; ours were told apart at the door (server/json.h). */
static bool is_of_type(enum shape_type type, struct json v)
{
	switch (type) {
	case SHAPE_STRING: return json_is(v, JSON_STRING);
	case SHAPE_INT: return json_is(v, JSON_INT);
	case SHAPE_BOOL: return json_is(v, JSON_TRUE) || json_is(v, JSON_FALSE);
	case SHAPE_ARRAY: return json_is(v, JSON_ARRAY);
	case SHAPE_OBJECT:
	case SHAPE_MAP: return json_is(v, JSON_OBJECT);
	case SHAPE_ANY: return true;
	}
	return false;
}

static const char *type_phrase(enum shape_type type)
{
	switch (type) {
	case SHAPE_STRING: return "a text";
	case SHAPE_INT: return "an integer";
	case SHAPE_BOOL: return "true or false";
	case SHAPE_ARRAY: return "a list";
	case SHAPE_OBJECT:
	case SHAPE_MAP: return "an object";
	case SHAPE_ANY: break;
	}
	return "a value";
}

/* The shapes bound the recursion: they are trees of ours. */
static void check_value(struct checker *c, const struct shape *shape, const struct value *v)
{
	const struct shape *other = shape->or_else;

	if (!is_of_type(shape->type, v->json)) {
		if (other && is_of_type(other->type, v->json))
			check_value(c, other, v);
		else
			value_fault(v, "must be %s%s%s%s", type_phrase(shape->type),
				other ? " or " : "", other ? type_phrase(other->type) : "",
				json_is_null(v->json) ? ", not null" : "");
		return;
	}
	switch (shape->type) {
	case SHAPE_STRING: check_string(c, shape, v); break;
	case SHAPE_INT: check_int(c, shape, v); break;
	case SHAPE_BOOL:
		if (is_good(c))
			json_put_bool(&c->w, json_is(v->json, JSON_TRUE));
		break;
	case SHAPE_ARRAY: check_array(c, shape, v); break;
	case SHAPE_OBJECT: check_object(c, shape, v); break;
	case SHAPE_MAP: check_map(c, shape, v); break;
	case SHAPE_ANY:
		if (is_good(c))
			json_put_raw(&c->w, json_raw(v->json));
		break;
	}
}

struct str shape_check(struct arena *a, const struct shape *shape, struct str source,
	const struct shape_context *context, struct faults *faults)
{
	struct checker c = {
		.context = context,
		.faults = faults,
		.faults_before = faults->len,
	};
	struct json_doc *doc = NULL;
	struct json root = arena_json(a, source, &doc);
	struct value v = value_root(root, faults);
	struct str kept = STR_NULL;

	if (!json_present(root)) {
		value_fault(&v, "cannot be read: %s", doc->error);
		return STR_NULL;
	}
	/* Members are written in the order they come. */
	ASSERT(doc->canonical);
	/* Only an instant grows in its kept form, from at least 18 bytes by at most 4. */
	arena_writer(a, &c.w, 2 * source.n + 2);
	check_value(&c, shape, &v);
	if (!is_good(&c))
		return STR_NULL;
	kept = arena_written(a, &c.w);
	if (!kept.p)
		value_fault(&v, "is too large");
	return kept;
}
