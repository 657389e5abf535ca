/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "rules/cases_parts.h"

/*
 * S19: an expectation is a subset. Fields that stand in it are compared, lists exactly, except
 * those named *_has, whose elements must be found. A field we do not know is a difference.
 */

/* Where a difference stands: the case, the solution, the field. */
struct spot {
	struct cases_work *w;
	struct str solution;
	struct str key;
	struct json expected;
};

#define SPOT_FMT "%.*s %.*s"
#define SPOT_ARGS(s) STR_FMT((s)->solution), STR_FMT((s)->key)

/* Expected values in a message are cut: a line is for a person. */
static struct str shown(struct json v)
{
	struct str raw = json_raw(v);
	return raw.n > 120 ? (struct str){raw.p, 120} : raw;
}

static void list_element_check(struct cases_work *w, const char *what, uint32_t i,
	struct json expected, const struct str *actual, uint32_t actual_len)
{
	struct str is = i < actual_len ? actual[i] : STR("nothing");

	if (json_is(expected, JSON_STRING) && i < actual_len &&
		str_eq(json_str(expected), actual[i]))
		return;
	cases_mismatch(w, "%s: element %u is %.*s, expected %.*s", what, (unsigned)i, STR_FMT(is),
		STR_FMT(shown(expected)));
}

void cases_list_equal(struct cases_work *w, const char *what, struct json expected,
	const struct str *actual, uint32_t actual_len)
{
	uint32_t i = 0;

	if (!json_is(expected, JSON_ARRAY)) {
		cases_mismatch(w, "%s: the expected value must be a list", what);
		return;
	}
	for (struct json e = json_first(expected); json_present(e); e = json_next(expected, e))
		list_element_check(w, what, i++, e, actual, actual_len);
	for (; i < actual_len; i++)
		cases_mismatch(w, "%s: %.*s is one too many", what, STR_FMT(actual[i]));
}

void cases_list_holds(struct cases_work *w, const char *what, struct json expected,
	const struct str *actual, uint32_t actual_len)
{
	if (!json_is(expected, JSON_ARRAY)) {
		cases_mismatch(w, "%s: the expected value must be a list", what);
		return;
	}
	for (struct json e = json_first(expected); json_present(e); e = json_next(expected, e)) {
		bool found = false;
		for (uint32_t i = 0; i < actual_len && !found; i++)
			found = json_is(e, JSON_STRING) && str_eq(json_str(e), actual[i]);
		if (!found)
			cases_mismatch(w, "%s: %.*s is missing", what, STR_FMT(shown(e)));
	}
}

/* ---- fields ---- */

static void text_check(const struct spot *s, const char *actual)
{
	struct str text = str_from(actual);

	/* No reason is written as null. */
	if (text.n == 0 ? json_is_null(s->expected) : str_eq(json_str(s->expected), text))
		return;
	cases_mismatch(s->w, SPOT_FMT " is \"%s\", expected %.*s", SPOT_ARGS(s), actual,
		STR_FMT(shown(s->expected)));
}

static void amount_check(const struct spot *s, int64_t actual)
{
	if (s->w->terms.decision == DECISION_NOT_OFFERED) {
		if (!json_is_null(s->expected))
			cases_mismatch(s->w, SPOT_FMT ": not offered, expected %.*s", SPOT_ARGS(s),
				STR_FMT(shown(s->expected)));
		return;
	}
	if (json_is(s->expected, JSON_INT) && json_int(s->expected, 0) == actual)
		return;
	cases_mismatch(s->w, SPOT_FMT " is %" PRId64 ", expected %.*s", SPOT_ARGS(s), actual,
		STR_FMT(shown(s->expected)));
}

/* A row of `covered` or `evidence`: as many members as we know, each of them equal. */
static bool row_equals(struct json expected, const struct covered_row *row)
{
	return json_is(expected, JSON_OBJECT) && json_count(expected) == (row->has_net ? 6u : 5u) &&
	       str_eq(json_str_at(expected, "programme"), row->programme) &&
	       str_eq(json_str_at(expected, "payer"), row->payer) &&
	       str_eq(json_str_at(expected, "cost_code"), row->cost_code) &&
	       json_int_at(expected, "units", -1) == row->units &&
	       json_int_at(expected, "amount_minor", -1) == row->amount_minor &&
	       (!row->has_net || json_int_at(expected, "net_minor", -1) == row->net_minor);
}

static void covered_check(const struct spot *s)
{
	const struct terms *t = &s->w->terms;
	uint32_t i = 0;

	if (!json_is(s->expected, JSON_ARRAY) || json_count(s->expected) != t->covered_len) {
		cases_mismatch(s->w, SPOT_FMT ": %u rows, expected %.*s", SPOT_ARGS(s),
			(unsigned)t->covered_len, STR_FMT(shown(s->expected)));
		return;
	}
	for (struct json e = json_first(s->expected); json_present(e);
		e = json_next(s->expected, e), i++) {
		const struct covered_row *row = &t->covered[i];
		if (row_equals(e, row))
			continue;
		cases_mismatch(s->w,
			SPOT_FMT ": row %u is %.*s %.*s %.*s, %d units, %" PRId64 " (net %" PRId64
				 "), expected %.*s",
			SPOT_ARGS(s), (unsigned)i, STR_FMT(row->programme), STR_FMT(row->payer),
			STR_FMT(row->cost_code), row->units, row->amount_minor, row->net_minor,
			STR_FMT(shown(e)));
	}
}

static bool evidence_equals(const struct terms *t, uint32_t i, struct json expected)
{
	return json_count(expected) == 2 &&
	       str_eq(json_str_at(expected, "programme"), t->evidence[i].programme) &&
	       str_is(json_str_at(expected, "result"), evidence_code(t->evidence[i].result));
}

static void evidence_check(const struct spot *s, bool exact)
{
	const struct terms *t = &s->w->terms;
	uint32_t at = 0;

	if (!json_is(s->expected, JSON_ARRAY) ||
		(exact && json_count(s->expected) != t->evidence_len)) {
		cases_mismatch(s->w, SPOT_FMT ": %u rows, expected %.*s", SPOT_ARGS(s),
			(unsigned)t->evidence_len, STR_FMT(shown(s->expected)));
		return;
	}
	for (struct json e = json_first(s->expected); json_present(e);
		e = json_next(s->expected, e), at++) {
		bool found = exact && evidence_equals(t, at, e);
		for (uint32_t i = 0; !exact && i < t->evidence_len && !found; i++)
			found = evidence_equals(t, i, e);
		if (!found)
			cases_mismatch(s->w, SPOT_FMT ": %.*s is missing", SPOT_ARGS(s),
				STR_FMT(shown(e)));
	}
}

/* ---- lists of words ---- */

static uint32_t notes_list(const struct terms *t, struct str out[CASES_LIST_MAX])
{
	uint32_t len = 0;

	for (int n = 0; n < NOTES_LEN; n++)
		if (t->notes & UINT32_C(1) << n)
			out[len++] = str_from(note_code((enum note)n));
	return len;
}

static uint32_t conditions_list(
	const struct terms *t, const struct ruleset *r, struct str out[CASES_LIST_MAX])
{
	uint32_t len = 0;

	for (uint32_t i = 0; i < r->conditions_len; i++)
		if (t->conditions & UINT32_C(1) << i)
			out[len++] = r->conditions[i].key;
	return len;
}

static uint32_t documents_list(
	const struct terms *t, const struct ruleset *r, struct str out[CASES_LIST_MAX])
{
	const struct ruleset_solution *s = &r->solutions[t->solution];
	uint32_t len = t->decision == DECISION_NOT_OFFERED ? 0 : s->documents_len;

	for (uint32_t i = 0; i < len; i++)
		out[i] = r->documents[s->documents[i]].key;
	return len;
}

static uint32_t payers_list(const struct terms *t, struct str out[CASES_LIST_MAX])
{
	memcpy(out, t->payers, t->payers_len * sizeof(*out));
	return t->payers_len;
}

/* The lists of words: which of ours a key means. False: the key is none of them. */
static bool words_check(const struct spot *s)
{
	const struct terms *t = &s->w->terms;
	struct str list[CASES_LIST_MAX];
	bool exact = true;
	uint32_t len;

	if (str_is(s->key, "notes")) {
		len = notes_list(t, list);
	} else if (str_is(s->key, "payers")) {
		len = payers_list(t, list);
	} else if (str_is(s->key, "conditions") || str_is(s->key, "conditions_has")) {
		exact = str_is(s->key, "conditions");
		len = conditions_list(t, &s->w->ruleset, list);
	} else if (str_is(s->key, "documents") || str_is(s->key, "documents_has")) {
		exact = str_is(s->key, "documents");
		len = documents_list(t, &s->w->ruleset, list);
	} else {
		return false;
	}
	char what[128];
	size_t n = 0;
	for (size_t i = 0; i < s->solution.n && n < 64; i++)
		what[n++] = s->solution.p[i];
	what[n++] = ' ';
	memcpy(what + n, s->key.p, s->key.n);
	what[n + s->key.n] = '\0';
	if (exact)
		cases_list_equal(s->w, what, s->expected, list, len);
	else
		cases_list_holds(s->w, what, s->expected, list, len);
	return true;
}

static void field_check(const struct spot *s)
{
	const struct terms *t = &s->w->terms;

	if (str_is(s->key, "decision"))
		text_check(s, decision_name(t->decision));
	else if (str_is(s->key, "reason"))
		text_check(s, offer_reason_code(t->reason));
	else if (str_is(s->key, "units"))
		amount_check(s, t->units);
	else if (str_is(s->key, "gross_minor"))
		amount_check(s, t->gross_minor);
	else if (str_is(s->key, "customer_minor"))
		amount_check(s, t->customer_minor);
	else if (str_is(s->key, "value_minor"))
		amount_check(s, t->value_minor);
	else if (str_is(s->key, "covered"))
		covered_check(s);
	else if (str_is(s->key, "evidence") || str_is(s->key, "evidence_has"))
		evidence_check(s, str_is(s->key, "evidence"));
	else if (!words_check(s))
		cases_mismatch(s->w, SPOT_FMT " is not understood", SPOT_ARGS(s));
}

void cases_terms_compare(struct cases_work *w, struct str solution, struct json expected)
{
	if (!json_is(expected, JSON_OBJECT) || json_count(expected) == 0) {
		cases_mismatch(w, "%.*s: expects nothing", STR_FMT(solution));
		return;
	}
	for (struct json e = json_first_value(expected); json_present(e);
		e = json_next_value(expected, e)) {
		struct spot spot = {w, solution, json_key(e), e};
		field_check(&spot);
	}
}
