/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The terms of a loan day by day: each rental day has one line with one payer, beside what his cap
 * leaves of it, the goodwill on the rest and what the customer bears. The lines of a loan sum to
 * its terms, for they are written while these are allocated. A trip has one line.
 */

#include "rules/decision.h"

struct ledger_line {
	struct local start;    /* of the day: 24 hours of the clock on the wall */
	struct str programme;  /* STR_NULL: none pays */
	struct str payer;      /* "customer" where nobody else does */
	struct str cost_code;  /* STR_NULL where the customer pays */
	int64_t price_minor;   /* all shares together */
	int64_t amount_minor;  /* the payer's */
	struct str rest_payer; /* of what the payer's cap leaves; STR_NULL: nobody but these */
	int64_t rest_minor, goodwill_minor, customer_minor;
	uint32_t notes; /* bit = enum note: why a programme does not pay it, or all of it */
};

struct ledger {
	struct ledger_line line[LOAN_DAYS_MAX];
	uint32_t len;
};

/* The same decision as decide_terms, and its lines. No lines where nothing is offered or priced. */
void decide_ledger(struct ledger *ledger, struct terms *out, const struct decision_request *request,
	const struct site_terms *site, const struct ruleset *ruleset, uint32_t solution,
	struct str vehicle_class);

/* ---- for allocate.c; ledger NULL: nobody asks for lines ---- */

void ledger_open(struct ledger *ledger, struct local start, int64_t price_minor);
/* Who pays first has the line; who comes second bears the rest. */
void ledger_pay(struct ledger *ledger, struct str programme, struct str payer, struct str cost_code,
	int64_t amount_minor);
void ledger_note(struct ledger *ledger, uint32_t notes);
/* Goodwill bears its part of what is left of each line (0: there is none); the rest is the
 * customer's. */
void ledger_close(struct ledger *ledger, int32_t percent_bp);
