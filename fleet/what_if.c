/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/what_if.h"

#include <stdlib.h>

#define PAYER_CUSTOMER STR("customer")
enum { TERMS_BYTES_MAX = 64 << 10 };

struct again {
	struct decision_request request;
	struct site_terms site;
	struct faults faults;
	struct terms terms;
};

bool what_if_open(struct what_if *w, const struct ruleset *rules)
{
	*w = (struct what_if){.rules = rules, .again = calloc(1, sizeof *w->again)};
	arena_init(&w->arena, ARENA_MAX_DEFAULT);
	return w->again != NULL;
}

void what_if_close(struct what_if *w)
{
	free(w->again);
	arena_deinit(&w->arena);
}

static struct what_if_sum *sum_of(
	struct what_if *w, struct str payer, struct str code, struct str currency)
{
	for (uint32_t i = 0; i < w->sums; i++)
		if (str_eq(w->sum[i].payer, payer) && str_eq(w->sum[i].cost_code, code) &&
			str_eq(w->sum[i].currency, currency))
			return &w->sum[i];
	if (w->sums == WHAT_IF_SUMS_MAX)
		return &w->sum[w->sums - 1];
	w->sum[w->sums] = (struct what_if_sum){.payer = arena_copy(&w->arena, payer),
		.cost_code = code.n ? arena_copy(&w->arena, code) : STR_NULL,
		.currency = arena_copy(&w->arena, currency)};
	return &w->sum[w->sums++];
}

static void add_was(struct what_if *w, struct json terms)
{
	struct json covered = json_get(terms, "covered");
	struct str currency = json_str_at(terms, "currency");
	struct what_if_sum *s = sum_of(w, PAYER_CUSTOMER, STR_NULL, currency);

	s->was_minor += json_int_at(terms, "customer_minor", 0);
	s->was_lines++;
	for (struct json c = json_first(covered); json_present(c); c = json_next(covered, c)) {
		s = sum_of(w, json_str_at(c, "payer"), json_str_at(c, "cost_code"), currency);
		s->was_minor += json_int_at(c, "amount_minor", 0);
		s->was_lines++;
	}
}

static void add_would(struct what_if *w, const struct terms *t, struct str currency)
{
	struct what_if_sum *s;

	if (t->decision == DECISION_NOT_OFFERED)
		return;
	s = sum_of(w, PAYER_CUSTOMER, STR_NULL, currency);
	s->would_minor += t->customer_minor;
	s->would_lines++;
	for (uint32_t i = 0; i < t->covered_len; i++) {
		s = sum_of(w, t->covered[i].payer, t->covered[i].cost_code, currency);
		s->would_minor += t->covered[i].amount_minor;
		s->would_lines++;
	}
}

/* False: these rules cannot read what was decided, as where they lack the solution. */
static bool decide_so(struct what_if *w, struct json row)
{
	struct json decided = json_get(row, "decided");
	bool upgraded = json_present(json_get(row, "upgraded_from"));
	int solution = ruleset_solution_index(w->rules, json_str_at(row, "solution"));
	struct again *again = w->again;

	again->faults.len = 0;
	if (solution < 0 ||
		!decision_request_read(
			&again->request, json_get(decided, "request"), NULL, &again->faults) ||
		!site_terms_read(&again->site, json_get(decided, "site"), w->rules, &again->faults))
		return false;
	decide_terms(&again->terms, &again->request, &again->site, w->rules, (uint32_t)solution,
		json_str_at(row, upgraded ? "upgraded_from" : "class"));
	return true;
}

static void on_loan(struct what_if *w, struct view *look, const struct booking *b)
{
	struct json terms = json_get(b->doc, "terms");
	struct json_writer text;

	w->loans++;
	if (!decide_so(w, b->doc)) {
		w->unreadable++;
		return;
	}
	arena_writer(look->arena, &text, TERMS_BYTES_MAX);
	terms_write(&text, &w->again->terms, w->rules);
	w->otherwise += !str_eq(arena_written(look->arena, &text), json_raw(terms));
	w->not_offered += w->again->terms.decision == DECISION_NOT_OFFERED;
	add_was(w, terms);
	add_would(w, &w->again->terms, json_str_at(terms, "currency"));
}

bool what_if_step(
	struct what_if *w, struct view *v, const struct claim_filter *f, struct claim_place *place)
{
	struct booking_walk walk;
	struct row_look look;

	row_look_open(&look, v);
	claim_loans_open(&walk, v, f, place);
	for (int n = 0; n < CLAIM_PAGE_LOANS; n++, row_look_next(&look)) {
		struct booking b;
		struct row row;
		bool asked = claim_loans_next(&walk, &look.view, f, place, &b, &row);
		if (place->over)
			break;
		if (asked)
			on_loan(w, &look.view, &b);
	}
	booking_walk_close(&walk);
	row_look_close(&look);
	return !w->arena.full;
}

static int sum_order(const void *a, const void *b)
{
	const struct what_if_sum *x = a, *y = b;
	bool x_is = str_eq(x->payer, PAYER_CUSTOMER), y_is = str_eq(y->payer, PAYER_CUSTOMER);
	int order = str_cmp(x->payer, y->payer);

	if (x_is != y_is)
		return x_is ? -1 : 1;
	if (!order)
		order = str_cmp(x->cost_code, y->cost_code);
	return order ? order : str_cmp(x->currency, y->currency);
}

void what_if_sort(struct what_if *w)
{
	if (w->sums)
		qsort(w->sum, w->sums, sizeof *w->sum, sum_order);
}
