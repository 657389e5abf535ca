/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What another rule set would have made of loans that are past: each is decided again from its last
 * decision's own inputs, and what every payer then pays, the customer among them, is held against
 * what was decided. Rules that are the same differ by nothing (replay says so). What people would
 * have done instead is nobody's to know: a loan that would not have been offered counts as paid by
 * nobody, and is counted apart.
 */

#include "fleet/claims.h"
#include "rules/decision.h"

enum { WHAT_IF_SUMS_MAX = 128 /* beyond them the last one gathers */ };

struct what_if_sum {
	struct str payer, cost_code, currency; /* the customer has no code */
	int64_t was_minor, would_minor;
	uint64_t was_lines, would_lines;
};

struct what_if {
	const struct ruleset *rules; /* borrowed */
	struct arena arena;	     /* owned */
	struct again *again;	     /* owned: one decision's memory */
	uint64_t loans, otherwise, not_offered, unreadable;
	uint32_t sums;
	struct what_if_sum sum[WHAT_IF_SUMS_MAX];
};

MUST_CHECK bool what_if_open(struct what_if *w, const struct ruleset *rules);
void what_if_close(struct what_if *w);
/* Some more loans of a site, as claim_lines_page reads them; place->over after the last. False
 * without memory. */
MUST_CHECK bool what_if_step(
	struct what_if *w, struct view *v, const struct claim_filter *f, struct claim_place *place);
/* By payer, code and currency, the customer first. */
void what_if_sort(struct what_if *w);
