/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/cases.h"

#include <stdarg.h>
#include <stdio.h>

#include "rules/cases_parts.h"

/* The frame of a run of worked cases, and the decision cases. */

size_t cases_work_size(void)
{
	return sizeof(struct cases_work);
}

/* ---- reporting ---- */

void cases_begin(struct cases_work *w, struct str id)
{
	w->id = id.n > 0 ? id : STR("(no id)");
	w->failed = false;
}

void cases_mismatch(struct cases_work *w, const char *format, ...)
{
	char line[CASES_LINE];
	va_list args;
	int n = snprintf(line, sizeof(line), "%.*s: ", (int)(w->id.n < 80 ? w->id.n : 80), w->id.p);

	ASSERT(n > 0 && (size_t)n < sizeof(line));
	va_start(args, format);
	vsnprintf(line + n, sizeof(line) - (size_t)n, format, args);
	va_end(args);
	w->failed = true;
	w->io->mismatch(w->io->context, line);
}

void cases_faults(struct cases_work *w, const char *what)
{
	uint32_t shown = w->faults.len < RULESET_FAULTS_MAX ? w->faults.len : RULESET_FAULTS_MAX;

	for (uint32_t i = 0; i < shown; i++)
		cases_mismatch(
			w, "%s%s %s", what, w->faults.fault[i].pointer, w->faults.fault[i].detail);
	if (w->faults.len > shown)
		cases_mismatch(w, "%s: %u more faults", what, (unsigned)(w->faults.len - shown));
	w->faults.len = 0;
}

void cases_end(struct cases_work *w)
{
	if (w->failed)
		w->count.failed++;
	else
		w->count.passed++;
}

void cases_members(struct cases_work *w, struct json object, const char *const known[], size_t len)
{
	if (!json_is(object, JSON_OBJECT)) {
		cases_mismatch(w, "must be an object");
		return;
	}
	for (struct json m = json_first_value(object); json_present(m);
		m = json_next_value(object, m)) {
		bool found = false;
		for (size_t i = 0; i < len && !found; i++)
			found = str_is(json_key(m), known[i]);
		if (!found)
			cases_mismatch(w, "\"%.*s\" is not understood", STR_FMT(json_key(m)));
	}
}

/* ---- decision cases ---- */

static bool inputs_read(struct cases_work *w, struct json request)
{
	struct json site =
		json_get_str(json_get(w->definitions, "sites"), json_str_at(request, "site"));
	struct str zone_name = json_str_at(site, "time_zone");
	const struct zone *zone;

	if (!json_present(site)) {
		cases_mismatch(
			w, "there is no site \"%.*s\"", STR_FMT(json_str_at(request, "site")));
		return false;
	}
	zone = w->io->zone(w->io->context, zone_name);
	if (!zone) {
		cases_mismatch(w, "there is no time zone \"%.*s\"", STR_FMT(zone_name));
		return false;
	}
	if (!site_terms_read(&w->site, site, &w->ruleset, &w->faults)) {
		cases_faults(w, "site ");
		return false;
	}
	if (!decision_request_read(&w->request, request, zone, &w->faults) ||
		!decision_request_check(&w->request, &w->ruleset, &w->faults)) {
		cases_faults(w, "request ");
		return false;
	}
	return true;
}

static void solutions_compare(struct cases_work *w, struct json expected)
{
	uint32_t offered = 0;

	for (struct json e = json_first_value(expected); json_present(e);
		e = json_next_value(expected, e))
		if (ruleset_solution_index(&w->ruleset, json_key(e)) < 0)
			cases_mismatch(w, "\"%.*s\" is not a solution", STR_FMT(json_key(e)));
	for (uint32_t i = 0; i < w->ruleset.solutions_len; i++) {
		struct str id = w->ruleset.solutions[i].solution.id;
		struct json e = json_get_str(expected, id);
		decide_terms(&w->terms, &w->request, &w->site, &w->ruleset, i, STR_NULL);
		offered += w->terms.decision != DECISION_NOT_OFFERED;
		if (json_present(e))
			cases_terms_compare(w, id, e);
	}
	if (offered < 2)
		cases_mismatch(w, "offers fewer than two solutions (S18)");
}

static void decision_case_run(struct cases_work *w, struct json one)
{
	static const char *const known[] = {"id", "title", "tags", "request", "expect", "why"};
	struct json expected = json_get(one, "expect");

	cases_begin(w, json_str_at(one, "id"));
	cases_members(w, one, known, ARRAY_LEN(known));
	if (!json_is(expected, JSON_OBJECT) || json_count(expected) == 0)
		cases_mismatch(w, "expects nothing");
	else if (!w->has_ruleset)
		cases_mismatch(w, "cannot run without a sound rule set");
	else if (inputs_read(w, json_get(one, "request")))
		solutions_compare(w, expected);
	cases_end(w);
}

static void decision_cases_run(struct cases_work *w, struct json list)
{
	if (!json_is(list, JSON_ARRAY)) {
		cases_begin(w, STR("cases"));
		cases_mismatch(w, "must be a list");
		cases_end(w);
		return;
	}
	for (struct json e = json_first(list); json_present(e); e = json_next(list, e))
		decision_case_run(w, e);
}

/* ---- the run ---- */

static void definitions_load(struct cases_work *w)
{
	w->has_ruleset = ruleset_read(&w->ruleset, w->definitions, false, &w->faults);
	if (w->has_ruleset)
		return;
	cases_begin(w, STR("definitions"));
	cases_faults(w, "");
	cases_end(w);
}

struct cases_count cases_run(
	struct cases_work *w, struct json definitions, struct json cases, const struct cases_io *io)
{
	static const char *const known[] = {"about", "cases", "function_cases", "audit_cases"};
	struct json decisions = json_get(cases, "cases");
	struct json functions = json_get(cases, "function_cases");
	struct json audits = json_get(cases, "audit_cases");

	memset(w, 0, sizeof(*w));
	w->io = io;
	w->definitions = definitions;
	definitions_load(w);
	/* A group nobody runs would be a promise nobody keeps. */
	cases_begin(w, STR("cases file"));
	cases_members(w, cases, known, ARRAY_LEN(known));
	if (!json_present(decisions) && !json_present(functions) && !json_present(audits))
		cases_mismatch(w, "holds no cases");
	if (w->failed)
		cases_end(w);
	if (json_present(decisions))
		decision_cases_run(w, decisions);
	if (json_present(functions))
		cases_functions_run(w, functions);
	if (json_present(audits))
		cases_audit_run(w, audits);
	return w->count;
}
