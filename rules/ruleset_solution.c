/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset_parts.h"

/* The solutions of a rule set, what they ask of the driver, and the papers they need. */

/* ---- solutions ---- */

static bool kind_read(const struct value *kind, enum solution_unit *out)
{
	struct str text = value_text(kind);

	if (str_is(text, "day"))
		*out = UNIT_DAY;
	else if (str_is(text, "trip"))
		*out = UNIT_TRIP;
	else if (str_is(text, "none"))
		*out = UNIT_NONE;
	else {
		if (text.n > 0)
			value_fault(kind, "must be day, trip or none");
		return false;
	}
	return true;
}

/* An addition to the nine (MAS-2.7): a day is a seat of an allotment, the rest needs no seat. */
static struct solution addition(struct str id, enum solution_unit unit)
{
	return (struct solution){
		.id = id,
		.unit = unit,
		.claims = unit == UNIT_DAY ? CLAIMS_ALLOTMENT : CLAIMS_DAILY,
	};
}

/* `seen`: bit by solution_order for what was declared before. */
static void declared_read(struct ruleset *out, const struct value *item, uint32_t *seen)
{
	static const char *const known[] = {"id", "kind", "names"};
	struct value id = value_member(item, "id"), kind = value_member(item, "kind");
	struct value names = value_member(item, "names");
	enum solution_unit unit = UNIT_NONE;

	if (!value_is_object(item))
		return;
	value_members_known(item, known, ARRAY_LEN(known));
	struct str word = value_word(&id);
	struct json names_json = ruleset_names_read(&names);
	int at = ruleset_solution_index(out, word);
	if (!kind_read(&kind, &unit) || word.n == 0)
		return;
	if (at < 0) {
		value_fault(&id, "\"%.*s\" is missing from solution_order", STR_FMT(word));
		return;
	}
	struct ruleset_solution *s = &out->solutions[at];
	if (*seen & UINT32_C(1) << at)
		value_fault(&id, "\"%.*s\" stands here twice", STR_FMT(word));
	*seen |= UINT32_C(1) << at;
	const struct solution *nine = solution_find(word);
	enum solution_unit known_unit = !nine			 ? unit
					: nine->unit == UNIT_LEG ? UNIT_TRIP
								 : nine->unit;
	if (known_unit != unit)
		value_fault(&kind, "\"%.*s\" is of another kind", STR_FMT(word));
	s->names = names_json;
	if (!nine)
		s->solution = addition(s->solution.id, unit);
}

static bool is_declared(const struct value *declared, struct str id)
{
	for (struct value d = value_first(declared); value_present(&d);
		d = value_next(declared, &d))
		if (str_eq(json_str_at(d.json, "id"), id))
			return true;
	return false;
}

void ruleset_solutions_read(struct ruleset *out, const struct value *root)
{
	struct value order = value_member(root, "solution_order");
	struct value declared = value_member(root, "solutions");
	struct str ids[SOLUTIONS_MAX];
	uint32_t seen = 0;

	out->solutions_len = ruleset_words_read(&order, ids, SOLUTIONS_MAX);
	for (uint32_t i = 0; i < out->solutions_len; i++) {
		const struct solution *nine = solution_find(ids[i]);
		out->solutions[i].solution = nine ? *nine : addition(ids[i], UNIT_NONE);
		if (!nine && !is_declared(&declared, ids[i]))
			value_fault(&order, "\"%.*s\" is neither known nor declared in solutions",
				STR_FMT(ids[i]));
	}
	/* Several solutions for every customer, always (MAS-2.1, S18). */
	if (json_is(order.json, JSON_ARRAY) && json_count(order.json) < 2)
		value_fault(&order, "must name at least two solutions");
	if (!value_given(&declared) || !value_is_array(&declared, SOLUTIONS_MAX))
		return;
	for (struct value d = value_first(&declared); value_present(&d);
		d = value_next(&declared, &d))
		declared_read(out, &d, &seen);
}

/* ---- documents ---- */

static bool ends_with(struct str text, const char *tail)
{
	size_t n = strlen(tail);
	return text.n >= n && memcmp(text.p + text.n - n, tail, n) == 0;
}

/* Without a catalogue: papers of the house are the dealer's, the rest the customer brings. */
static bool customer_brings(struct str key)
{
	return !ends_with(key, "_agreement") && !str_is(key, "handover_sheet");
}

static int document_index(const struct ruleset *r, struct str key)
{
	for (uint32_t i = 0; i < r->documents_len; i++)
		if (str_eq(r->documents[i].key, key))
			return (int)i;
	return -1;
}

static void catalogue_read(struct ruleset *out, const struct value *catalogue)
{
	static const char *const known[] = {"who", "original", "names"};

	if (!value_is_object(catalogue))
		return;
	if (json_count(catalogue->json) > DOCUMENTS_MAX)
		value_fault(catalogue, "holds more than %d documents", DOCUMENTS_MAX);
	for (struct value m = value_first(catalogue); value_present(&m);
		m = value_next(catalogue, &m)) {
		struct value who = value_member(&m, "who");
		struct value original = value_member(&m, "original");
		struct value names = value_member(&m, "names");
		if (!text_is_word(m.key))
			value_fault(&m, "the key must be of A-Z a-z 0-9 _ . -");
		if (!value_is_object(&m) || out->documents_len == DOCUMENTS_MAX)
			continue;
		value_members_known(&m, known, ARRAY_LEN(known));
		struct str who_text = value_text(&who);
		if (who_text.n > 0 && !str_is(who_text, "customer") && !str_is(who_text, "dealer"))
			value_fault(&who, "must be customer or dealer");
		out->documents[out->documents_len++] = (struct document){
			.key = m.key,
			.customer_brings = str_is(who_text, "customer"),
			.original = value_bool_or(&original, false),
			.names = ruleset_names_read(&names),
		};
	}
}

/* The index of a document of a list; one not met before is added where there is no catalogue. */
static int document_read(struct ruleset *out, const struct value *item, bool has_catalogue)
{
	struct str key = value_word(item);
	int at = document_index(out, key);

	if (key.n == 0 || at >= 0)
		return at;
	if (has_catalogue) {
		value_fault(item, "\"%.*s\" is not in documents", STR_FMT(key));
		return -1;
	}
	if (out->documents_len == DOCUMENTS_MAX) {
		value_fault(item, "more than %d documents", DOCUMENTS_MAX);
		return -1;
	}
	out->documents[out->documents_len] =
		(struct document){.key = key, .customer_brings = customer_brings(key)};
	return (int)out->documents_len++;
}

static void documents_of_solution_read(
	struct ruleset *out, const struct value *list, bool has_catalogue)
{
	int solution = ruleset_solution_key(out, list);

	if (!value_is_array(list, DOCUMENTS_PER_SOLUTION_MAX) || solution < 0)
		return;
	struct ruleset_solution *s = &out->solutions[solution];
	for (struct value e = value_first(list); value_present(&e); e = value_next(list, &e)) {
		int document = document_read(out, &e, has_catalogue);
		if (document < 0)
			continue;
		for (uint32_t i = 0; i < s->documents_len; i++)
			if (s->documents[i] == document)
				value_fault(&e, "stands here twice");
		s->documents[s->documents_len++] = (uint8_t)document;
	}
}

void ruleset_documents_read(struct ruleset *out, const struct value *root)
{
	struct value catalogue = value_member(root, "documents");
	struct value table = value_member(root, "documents_by_solution");
	bool has_catalogue = value_given(&catalogue);

	if (has_catalogue)
		catalogue_read(out, &catalogue);
	if (!value_is_object(&table))
		return;
	for (struct value m = value_first(&table); value_present(&m); m = value_next(&table, &m))
		documents_of_solution_read(out, &m, has_catalogue);
}

/* ---- driver limits ---- */

enum { AGE_MAX = 120, LICENCE_YEARS_MAX = 100 };

/* One limit; what a class leaves out it takes from its solution. */
static void limit_read(struct ruleset *out, const struct value *object, struct driver_limit limit)
{
	struct value min_age = value_member(object, "min_age");
	struct value licence = value_member(object, "min_licence_years");
	struct value max_age = value_member(object, "max_age");

	limit.min_age = (int32_t)value_int_or(&min_age, 0, AGE_MAX, limit.min_age);
	limit.min_licence_years =
		(int32_t)value_int_or(&licence, 0, LICENCE_YEARS_MAX, limit.min_licence_years);
	limit.max_age = (int32_t)value_int_or(&max_age, 0, AGE_MAX, limit.max_age);
	if (limit.max_age != NO_LIMIT && limit.max_age < limit.min_age)
		value_fault(&max_age, "is below min_age");
	if (out->driver_limits_len == DRIVER_LIMITS_MAX)
		value_fault(object, "more than %d limits", DRIVER_LIMITS_MAX);
	else
		out->driver_limits[out->driver_limits_len++] = limit;
}

static void limits_of_solution_read(struct ruleset *out, const struct value *member)
{
	static const char *const known[] = {"min_age", "min_licence_years", "max_age", "classes"};
	int solution = ruleset_solution_key(out, member);
	struct value classes = value_member(member, "classes");

	if (!value_is_object(member) || solution < 0)
		return;
	value_members_known(member, known, ARRAY_LEN(known));
	struct solution *s = &out->solutions[solution].solution;
	if (s->unit != UNIT_DAY)
		value_fault(member, "nobody drives in this solution");
	s->driver_checked = true;
	uint32_t at = out->driver_limits_len;
	limit_read(out, member, (struct driver_limit){.solution = s->id, .max_age = NO_LIMIT});
	if (!value_given(&classes) || !value_is_object(&classes) || at == out->driver_limits_len)
		return;
	for (struct value c = value_first(&classes); value_present(&c);
		c = value_next(&classes, &c)) {
		struct driver_limit limit = out->driver_limits[at];
		limit.vehicle_class = c.key;
		if (!text_is_word(c.key))
			value_fault(&c, "the key must be of A-Z a-z 0-9 _ . -");
		if (!value_is_object(&c))
			continue;
		value_members_known(&c, known, ARRAY_LEN(known) - 1);
		limit_read(out, &c, limit);
	}
}

void ruleset_driver_limits_read(struct ruleset *out, const struct value *root)
{
	struct value limits = value_member(root, "driver_limits");

	if (!value_is_object(&limits))
		return;
	for (struct value m = value_first(&limits); value_present(&m); m = value_next(&limits, &m))
		limits_of_solution_read(out, &m);
}
