/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Every answer that is not a success, as application/problem+json (RFC 9457): type
 * "/problems/SLUG", title, status, detail, errors:[{pointer, detail}], and what else the refusal
 * has to say (alternatives, terms). The table of outcomes gives all of it but the particulars.
 */

#include "fleet/arena.h"
#include "rules/outcome.h"
#include "rules/ruleset.h"

struct problem {
	enum outcome outcome;
	struct str detail;	     /* one sentence; STR_NULL = the outcome's own advice */
	const struct faults *faults; /* NULL = none */
	struct str members;	     /* canonical JSON object of further members; STR_NULL = none */
	struct str request;	     /* its id, as in X-Request-Id: the instance; STR_NULL = none */
	uint32_t retry_s;	     /* of 429 and 503: when to come back; 0 = in a second */
};

#define PROBLEM_JSON STR("application/problem+json")

/* Canonical JSON in the arena; never STR_NULL (a constant when the arena is full). */
struct str problem_body(struct arena *a, const struct problem *p);
/* What happened and what to do about it, for people: one or two sentences. */
const char *problem_advice(enum outcome outcome);
/* The text behind /problems/SLUG. STR_NULL: there is no such problem. */
struct str problem_page(struct arena *a, struct str slug);
