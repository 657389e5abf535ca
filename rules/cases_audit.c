/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "rules/cases_parts.h"

/* Audit cases: claims that are looked at together, and the findings expected of each. */

static uint32_t findings_of(const struct cases_work *w, uint32_t at, uint32_t claims_len)
{
	uint32_t findings = audit_claim(&w->claims[at]);

	for (uint32_t i = 0; i < claims_len; i++)
		if (i != at && audit_duplicates(&w->claims[at], &w->claims[i]))
			findings |= UINT32_C(1) << AUD13_DUPLICATE_PERIOD;
	return findings;
}

static uint32_t claims_read(struct cases_work *w, struct json list)
{
	uint32_t len = 0;

	if (!json_is(list, JSON_ARRAY) || json_count(list) > CASES_CLAIMS_MAX) {
		cases_mismatch(w, "claims must be a list of at most %d", CASES_CLAIMS_MAX);
		return 0;
	}
	for (struct json c = json_first(list); json_present(c); c = json_next(list, c)) {
		if (!claim_read(&w->claims[len], c, &w->faults)) {
			cases_faults(w, "claim ");
			return 0;
		}
		len++;
	}
	return len;
}

static void claim_compare(struct cases_work *w, struct json expected, uint32_t claims_len)
{
	struct str id = json_key(expected), codes[FINDINGS_LEN];
	uint32_t len = 0, at = 0;
	char what[80];

	while (at < claims_len && !str_eq(w->claims[at].claim_id, id))
		at++;
	if (at == claims_len) {
		cases_mismatch(w, "there is no claim \"%.*s\"", STR_FMT(id));
		return;
	}
	uint32_t findings = findings_of(w, at, claims_len);
	/* Codes sort as they are numbered. */
	for (int f = 0; f < FINDINGS_LEN; f++)
		if (findings & UINT32_C(1) << f)
			codes[len++] = str_from(finding_code((enum finding)f));
	snprintf(what, sizeof(what), "%.*s", (int)(id.n < 70 ? id.n : 70), id.p);
	cases_list_equal(w, what, expected, codes, len);
}

static void audit_case_run(struct cases_work *w, struct json one)
{
	static const char *const known[] = {"id", "title", "tags", "claims", "expect", "why"};
	struct json expected = json_get(one, "expect");

	cases_begin(w, json_str_at(one, "id"));
	cases_members(w, one, known, ARRAY_LEN(known));
	uint32_t claims_len = claims_read(w, json_get(one, "claims"));
	if (!json_is(expected, JSON_OBJECT) || json_count(expected) == 0)
		cases_mismatch(w, "expects nothing");
	for (struct json e = json_first_value(expected); json_present(e) && claims_len > 0;
		e = json_next_value(expected, e))
		claim_compare(w, e, claims_len);
	if (claims_len == 0 && !w->failed)
		cases_mismatch(w, "holds no claims");
	cases_end(w);
}

void cases_audit_run(struct cases_work *w, struct json list)
{
	if (!json_is(list, JSON_ARRAY)) {
		cases_begin(w, STR("audit_cases"));
		cases_mismatch(w, "must be a list");
		cases_end(w);
	}
	for (struct json e = json_first(list); json_present(e); e = json_next(list, e))
		audit_case_run(w, e);
}
