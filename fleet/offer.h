/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The offer (contract 4): what the advisor reads out. Joins who pays (rules) with what is free
 * (calendar), for all solutions, with the next dates where the wanted time is not free. Books
 * nothing and stores nothing: the offer is an opaque string that carries its resolved inputs,
 * sealed with the installation's secret, at most OFFER_TEXT_MAX.
 */

#include "fleet/demand.h"
#include "fleet/plan.h"

enum { OFFER_TEXT_MAX = 8192, OFFER_LINES_MAX = 128 };

/* Answers a checked request (kept form). OK: *answer is the JSON of contract 4. REFUSED_NOT_FOUND
 * (site, visit), REFUSED_NO_RULESET, REFUSED_INVALID with faults. `unmet` (may be NULL): what the
 * best solution on offer could not give, its words as long as the view; its `offers` are then 1,
 * else 0. What the customer takes instead is not known yet, so nothing less counts as a yes. */
MUST_CHECK enum outcome offer_make(struct view *v, struct str request, struct instant now,
	struct str *answer, struct demand *unmet, struct faults *faults);

/* What an offer carries, opened. */
struct offer_line { /* what was offered to the customer, for one solution, class and window */
	struct str solution, class;
	struct instant drop_off, ready, from, until;
	int64_t customer_minor;
	bool offered;
};
struct offer {
	struct str site, visit, vin, customer, ruleset_version, ruleset_sha256, language;
	struct instant expires_at;
	struct json request; /* the resolved request: jobs, driver's years, distance, ... */
	uint32_t lines_len;
	struct offer_line
		lines[OFFER_LINES_MAX]; /* per solution: [class-less or classes], then proposals */
	bool checked;			/* the cover was fresh */
};
/* REFUSED_OFFER_INVALID when it is not ours; expiry is the caller's question. */
MUST_CHECK enum outcome offer_open(struct view *v, struct str text, struct offer *out);
/* How many kinds of mobility the customer could choose from (MAS-2.1); to wait is none. */
uint32_t offer_solutions(const struct offer *offer);
