/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"

#include "rules/ruleset_parts.h"
#include "rules/value.h"

/*
 * The frame of a rule set: its version, its vocabulary, and the order in which its parts are read.
 * Later parts name what earlier ones declared, so the order is solutions, words, documents, limits,
 * programmes, conditions.
 */

int ruleset_word_index(const struct str *names, uint32_t names_len, struct str word)
{
	for (uint32_t i = 0; i < names_len; i++)
		if (str_eq(names[i], word))
			return (int)i;
	return -1;
}

int ruleset_solution_index(const struct ruleset *r, struct str solution)
{
	for (uint32_t i = 0; i < r->solutions_len; i++)
		if (str_eq(r->solutions[i].solution.id, solution))
			return (int)i;
	return -1;
}

int ruleset_job_type_index(const struct ruleset *r, struct str job_type)
{
	return ruleset_word_index(r->job_types, r->job_types_len, job_type);
}

const struct programme *ruleset_programme(const struct ruleset *r, struct str id)
{
	for (uint32_t i = 0; i < r->programmes_len; i++)
		if (str_eq(r->programmes[i].id, id))
			return &r->programmes[i];
	return NULL;
}

uint32_t ruleset_words_read(const struct value *list, struct str *out, uint32_t max)
{
	uint32_t len = 0;

	if (!value_is_array(list, max))
		return 0;
	for (struct value e = value_first(list); value_present(&e); e = value_next(list, &e)) {
		struct str word = value_word(&e);
		if (ruleset_word_index(out, len, word) >= 0 && word.n > 0)
			value_fault(&e, "\"%.*s\" stands here twice", STR_FMT(word));
		else if (word.n > 0)
			out[len++] = word;
	}
	return len;
}

uint32_t ruleset_bits_read(
	const struct value *list, const struct str *names, uint32_t names_len, const char *what)
{
	uint32_t bits = 0;

	ASSERT(names_len <= 32);
	if (!value_is_array(list, 32))
		return 0;
	for (struct value e = value_first(list); value_present(&e); e = value_next(list, &e)) {
		struct str word = value_word(&e);
		int at = ruleset_word_index(names, names_len, word);
		if (word.n > 0 && at < 0)
			value_fault(&e, "\"%.*s\" is not a known %s", STR_FMT(word), what);
		if (at >= 0 && (bits & UINT32_C(1) << at))
			value_fault(&e, "\"%.*s\" stands here twice", STR_FMT(word));
		if (at >= 0)
			bits |= UINT32_C(1) << at;
	}
	return bits;
}

struct json ruleset_names_read(const struct value *names)
{
	if (!value_given(names) || !value_is_object(names))
		return JSON_ABSENT;
	if (json_count(names->json) > LANGUAGES_MAX)
		value_fault(names, "holds more than %d languages", LANGUAGES_MAX);
	for (struct value m = value_first(names); value_present(&m); m = value_next(names, &m))
		(void)value_text(&m);
	return names->json;
}

int ruleset_solution_key(const struct ruleset *r, const struct value *member)
{
	int at = ruleset_solution_index(r, member->key);

	if (at < 0)
		value_fault(member, "\"%.*s\" is not a solution of solution_order",
			(int)(member->key.n < VALUE_WORD_MAX ? member->key.n : VALUE_WORD_MAX),
			member->key.p);
	return at;
}

/* A number is read as its digits, in a definitions file only. */
static void version_read(struct ruleset *out, const struct value *version, bool stored)
{
	if (stored || !json_is(version->json, JSON_INT)) {
		out->version = value_word(version);
		return;
	}
	out->version = json_raw(version->json);
	if (json_int(version->json, 0) < 0)
		value_fault(version, "must not be negative");
}

static void valid_from_read(struct ruleset *out, const struct value *valid_from, bool stored)
{
	out->valid_from = day_from_civil(1970, 1, 1);
	if (stored || value_given(valid_from))
		(void)!value_day(valid_from, &out->valid_from);
}

static void members_check(const struct value *root, bool stored)
{
	/* The part a stored rule set may hold comes first; the rest is for definitions files. */
	static const char *const known[] = {"version", "valid_from", "solution_order", "solutions",
		"job_types", "segments", "driver_limits", "programmes", "documents_by_solution",
		"documents", "condition_rules", "claim_profiles", "about", "semantics",
		"invariants", "sites", "audit_rules", "audit_hit_policy"};
	enum { STORED_LEN = 12 };

	value_members_known(root, known, stored ? STORED_LEN : ARRAY_LEN(known));
}

bool ruleset_read(struct ruleset *out, struct json root_json, bool stored, struct faults *faults)
{
	struct value root = value_root(root_json, faults);
	uint32_t faults_before = faults->len;

	memset(out, 0, sizeof(*out));
	if (!value_is_object(&root))
		return false;
	members_check(&root, stored);

	struct value version = value_member(&root, "version");
	struct value valid_from = value_member(&root, "valid_from");
	version_read(out, &version, stored);
	valid_from_read(out, &valid_from, stored);

	ruleset_solutions_read(out, &root);
	struct value job_types = value_member(&root, "job_types");
	struct value segments = value_member(&root, "segments");
	out->job_types_len = ruleset_words_read(&job_types, out->job_types, JOB_TYPES_MAX);
	out->segments_len = ruleset_words_read(&segments, out->segments, SEGMENTS_MAX);
	ruleset_documents_read(out, &root);
	ruleset_driver_limits_read(out, &root);

	struct value programmes = value_member(&root, "programmes");
	struct value conditions = value_member(&root, "condition_rules");
	ruleset_programmes_read(out, &programmes);
	ruleset_conditions_read(out, &conditions);
	ruleset_claim_profiles_read(out, &root);
	return faults->len == faults_before;
}
