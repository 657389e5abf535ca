/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the files that run worked cases share among themselves; nobody else includes this. */

#include "rules/audit.h"
#include "rules/cases.h"

enum { CASES_CLAIMS_MAX = 32, CASES_LIST_MAX = 64, CASES_LINE = 400 };

struct cases_work {
	const struct cases_io *io;
	struct cases_count count;
	struct str id; /* of the case being run */
	bool failed;   /* it has met a mismatch */
	bool has_ruleset;
	struct json definitions;
	struct ruleset ruleset;
	struct faults faults;
	struct decision_request request;
	struct site_terms site;
	struct terms terms;
	struct claim claims[CASES_CLAIMS_MAX];
};

void cases_begin(struct cases_work *w, struct str id);
/* Reports one difference and fails the case. */
void cases_mismatch(struct cases_work *w, const char *format, ...) PRINTF_LIKE(2, 3);
/* Reports the faults of a document as differences, then forgets them. */
void cases_faults(struct cases_work *w, const char *what);
/* Counts the case. */
void cases_end(struct cases_work *w);
/* The members of a case that stand in no list of ours are differences: a typo must not pass. */
void cases_members(struct cases_work *w, struct json object, const char *const known[], size_t len);

/* Differences between two lists, in order and each once. */
void cases_list_equal(struct cases_work *w, const char *what, struct json expected,
	const struct str *actual, uint32_t actual_len);
void cases_list_holds(struct cases_work *w, const char *what, struct json expected,
	const struct str *actual, uint32_t actual_len);

/* S19: compares w->terms with what a case expects of `solution`. */
void cases_terms_compare(struct cases_work *w, struct str solution, struct json expected);
void cases_functions_run(struct cases_work *w, struct json groups);
void cases_audit_run(struct cases_work *w, struct json list);
