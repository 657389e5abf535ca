/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/ledger.h"

#include "rules/money.h"

void ledger_open(struct ledger *ledger, struct local start, int64_t price_minor)
{
	if (!ledger)
		return;
	ASSERT(ledger->len < LOAN_DAYS_MAX);
	ledger->line[ledger->len++] = (struct ledger_line){
		.start = start, .payer = STR("customer"), .price_minor = price_minor};
}

static struct ledger_line *last(struct ledger *ledger)
{
	ASSERT(ledger->len > 0);
	return &ledger->line[ledger->len - 1];
}

void ledger_pay(struct ledger *ledger, struct str programme, struct str payer, struct str cost_code,
	int64_t amount_minor)
{
	struct ledger_line *line;

	if (!ledger || amount_minor == 0)
		return;
	line = last(ledger);
	if (!line->programme.n) {
		line->programme = programme;
		line->payer = payer;
		line->cost_code = cost_code;
		line->amount_minor = amount_minor;
		return;
	}
	ASSERT(!line->rest_payer.n); /* a day has one programme, and that one excess */
	line->rest_payer = payer;
	line->rest_minor = amount_minor;
}

void ledger_note(struct ledger *ledger, uint32_t notes)
{
	if (ledger)
		last(ledger)->notes |= notes;
}

/* Rounded on the sum up to each line, so that the parts sum to what allocate rounded once. */
void ledger_close(struct ledger *ledger, int32_t percent_bp)
{
	int64_t sum = 0;

	for (uint32_t i = 0; ledger && i < ledger->len; i++) {
		struct ledger_line *line = &ledger->line[i];
		int64_t rest = line->price_minor - line->amount_minor - line->rest_minor;
		int64_t given = money_share(sum, percent_bp);

		sum += rest;
		line->goodwill_minor = money_share(sum, percent_bp) - given;
		line->customer_minor = rest - line->goodwill_minor;
	}
}
