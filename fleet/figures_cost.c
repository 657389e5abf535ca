/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/figures_parts.h"

#include <stdlib.h>

/* What was given, and who pays for it. */

static void add_cost(struct figures *f, struct str payer, int64_t amount_minor, bool first)
{
	uint32_t i = 0;

	while (i < f->payers_len && !str_eq(f->payers[i].payer, payer))
		i++;
	if (i == f->payers_len) {
		if (i == FIGURES_PAYERS_MAX - 1 && !str_is(payer, "other")) {
			add_cost(f, STR("other"), amount_minor, first);
			return;
		}
		f->payers_len++;
		f->payers[i].payer = figures_keep(f, payer);
	}
	f->payers[i].amount_minor += amount_minor;
	f->payers[i].bookings += first;
}

/* A payer may pay by several programmes: it is one booking of his. */
static bool paid_before(struct json covered, struct json until)
{
	for (struct json c = json_first(covered); c.at != until.at; c = json_next(covered, c))
		if (str_eq(json_str_at(c, "payer"), json_str_at(until, "payer")))
			return true;
	return false;
}

static bool was_given(const struct figures *f, const struct booking *b)
{
	const struct solution *s = solution_find(b->solution);
	bool handed = !s || s->claims == CLAIMS_CAR || s->claims == CLAIMS_ALLOTMENT;

	if (b->status == BOOKING_OUT || b->status == BOOKING_RETURNED)
		return true;
	return b->status == BOOKING_BOOKED && !handed && b->until.s <= f->now.s;
}

void figures_given(struct figures *f, const struct booking *b)
{
	struct json terms = json_get(b->doc, "terms"), covered = json_get(terms, "covered");
	int64_t customer = json_int_at(terms, "customer_minor", 0);
	int64_t value = json_int_at(terms, "value_minor", 0);
	struct instant begin = b->from;

	(void)figures_first_out(b, &begin);
	if (!figures_holds(f, begin) || !was_given(f, b))
		return;
	f->given++;
	f->given_free += value > 0;
	f->value_minor += value;
	if (customer > 0)
		add_cost(f, PAYER_CUSTOMER, customer, true);
	for (struct json c = json_first(covered); json_present(c); c = json_next(covered, c))
		add_cost(f, json_str_at(c, "payer"), json_int_at(c, "amount_minor", 0),
			!paid_before(covered, c));
}

/* Who pays most comes first. */
static int cost_order(const void *a, const void *b)
{
	const struct payer_cost *x = a, *y = b;

	return x->amount_minor != y->amount_minor ? (x->amount_minor < y->amount_minor ? 1 : -1)
						  : str_cmp(x->payer, y->payer);
}

void figures_costs(struct figures *f)
{
	qsort(f->payers, f->payers_len, sizeof *f->payers, cost_order);
}
