/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/ledger.h"

#include "tests/lib/world.h"

/* The ledger day by day: its lines sum to the terms, every day has one payer, and what the loans of
 * one visit consume together is what one loan of that length would. */

enum { ROUNDS = 3000, LOANS_MAX = 4 };

static struct world w;
static struct ledger l;
static struct terms t;

static void decide(const char *solution)
{
	decide_ledger(
		&l, &t, &w.request, &w.site, &w.ruleset, world_solution(&w, solution), STR_NULL);
}

/* The same numbers on every run: a failure is found again. */
static int dice(int sides)
{
	static uint32_t state = 20260316;

	state = state * 1664525 + 1013904223;
	return (int)((state >> 8) % (uint32_t)sides);
}

/* ---- what a line says ---- */

static void line_is(uint32_t i, const char *payer, int64_t paid, const char *rest_payer,
	int64_t rest, int64_t goodwill, int64_t customer)
{
	assert_true(i < l.len);
	assert_str(l.line[i].payer, payer);
	assert_int_equal(l.line[i].amount_minor, paid);
	assert_true(str_is(l.line[i].rest_payer, rest_payer ? rest_payer : ""));
	assert_int_equal(l.line[i].rest_minor, rest);
	assert_int_equal(l.line[i].goodwill_minor, goodwill);
	assert_int_equal(l.line[i].customer_minor, customer);
}

static void every_kind_of_day(void **state)
{
	struct benefit *b;

	(void)state;
	world_reset(&w);
	b = world_benefit_of(&w, 0, "rental");
	b->max_days = 2;
	b->max_per_day = 700;
	b->excess_payer = EXCESS_DEALER;
	w.request.loan_to = world_at(5, 0);
	w.request.has_collect_until = true;
	w.request.collect_until = world_at(4, 0);
	decide("rental");
	assert_int_equal(l.len, 5);
	line_is(0, "manufacturer", 700, "dealer", 300, 0, 0);
	line_is(1, "manufacturer", 700, "dealer", 300, 0, 0);
	line_is(2, "dealer", 1000, NULL, 0, 0, 0); /* over the cap */
	line_is(3, "dealer", 1000, NULL, 0, 0, 0); /* ready, and the door was shut */
	assert_str(l.line[3].programme, "COLLECTION");
	line_is(4, "customer", 0, NULL, 0, 0, 1000);
	assert_int_equal(l.line[4].notes, 1u << NOTE_AFTER_COMPLETION);
	assert_int_equal(l.line[2].notes, 1u << NOTE_CAP_DAYS_REACHED);
}

/* A third of 1000 three times is 1000 in all: rounding stays within the loan. */
static void goodwill_line_by_line(void **state)
{
	(void)state;
	world_reset(&w);
	w.request.coverages_len = 0;
	w.request.goodwill = (struct goodwill){.given = true,
		.percent_bp = 3333,
		.payer = STR("dealer"),
		.cost_code = STR("G"),
		.authorisation_ref = STR("A-1"),
		.solutions_len = 1,
		.solutions = {STR("rental")}};
	w.site.tariff[world_solution(&w, "rental")].price_minor = 999;
	decide("rental");
	line_is(0, "customer", 0, NULL, 0, 333, 666);
	line_is(1, "customer", 0, NULL, 0, 333, 666);
	line_is(2, "customer", 0, NULL, 0, 333, 666);
	assert_int_equal(t.customer_minor, 3 * 666);
}

static void a_trip_has_one_line(void **state)
{
	(void)state;
	world_reset(&w);
	decide("taxi");
	assert_int_equal(l.len, 1);
	assert_int_equal(l.line[0].price_minor, t.gross_minor);
	assert_int_equal(l.line[0].amount_minor, t.value_minor);
	assert_int_equal(l.line[0].customer_minor, t.customer_minor);
}

/* ---- whatever the visit ---- */

static void of_row(const struct covered_row *row, int64_t *amount, int32_t *lines)
{
	*amount = 0;
	*lines = 0;
	for (uint32_t i = 0; i < l.len; i++) {
		const struct ledger_line *line = &l.line[i];
		if (str_is(row->programme, "GOODWILL")) {
			*amount += line->goodwill_minor;
			(*lines)++;
		} else if (str_eq(line->programme, row->programme) &&
			   str_eq(line->payer, row->payer)) {
			*amount += line->amount_minor;
			(*lines)++;
		} else if (str_eq(line->programme, row->programme) &&
			   str_eq(line->rest_payer, row->payer)) {
			*amount += line->rest_minor;
		}
	}
}

static void sums_are_the_terms(void)
{
	int64_t gross = 0, customer = 0, amount;
	int32_t lines;

	assert_int_equal(l.len, t.units);
	for (uint32_t i = 0; i < l.len; i++) {
		const struct ledger_line *line = &l.line[i];
		gross += line->price_minor;
		customer += line->customer_minor;
		assert_true(line->payer.n > 0);
		assert_int_equal(
			line->start.wall_s, w.request.loan_from.wall_s + (int64_t)i * WORLD_DAY_S);
		assert_true(line->amount_minor >= 0 && line->rest_minor >= 0 &&
			    line->goodwill_minor >= 0 && line->customer_minor >= 0);
		assert_int_equal(line->amount_minor + line->rest_minor + line->goodwill_minor +
					 line->customer_minor,
			line->price_minor);
		assert_int_equal(str_is(line->payer, "customer"), line->programme.n == 0);
	}
	assert_int_equal(gross, t.gross_minor);
	assert_int_equal(customer, t.customer_minor);
	for (uint32_t i = 0; i < t.covered_len; i++) {
		of_row(&t.covered[i], &amount, &lines);
		assert_int_equal(amount, t.covered[i].amount_minor);
		assert_int_equal(lines, t.covered[i].units);
	}
}

static void any_programmes(void)
{
	world_reset(&w);
	world_programme(&w, "Q")->payer = STR("insurer");
	(void)world_coverage(&w, "Q");
	for (uint32_t p = 0; p < 2; p++) {
		struct benefit *b = world_benefit_of(&w, p, "rental");
		b->max_days = dice(5) - 1;
		b->max_per_day = dice(3) ? 1 + dice(1200) : NO_LIMIT;
		b->from_day = 1 + dice(3);
		b->day_count = dice(2) ? COUNT_WORKING_DAY : COUNT_RENTAL_DAY;
		b->excess_payer = (enum excess_payer)dice(3);
	}
	if (dice(2))
		w.request.authorisations[w.request.authorisations_len++] = (struct authorisation){
			.programme = STR("P"), .ref = STR("A"), .extra_days = dice(4)};
	w.request.ready = world_at(1, dice(10 * 1440));
	w.request.has_collect_until = dice(2);
	w.request.collect_until = w.request.ready;
	w.request.collect_until.wall_s += dice(3 * WORLD_DAY_S);
	if (dice(3) == 0)
		w.request.goodwill = (struct goodwill){.given = true,
			.percent_bp = dice(10001),
			.payer = STR("dealer"),
			.cost_code = STR("G"),
			.authorisation_ref = STR("A-1"),
			.solutions_len = 1,
			.solutions = {STR("rental")}};
}

static int32_t used_of(const char *programme)
{
	for (uint32_t i = 0; i < w.request.used_len; i++)
		if (str_is(w.request.used[i].programme, programme))
			return w.request.used[i].days;
	return 0;
}

/* What this loan consumed is used for the next ones of its visit. */
static void use_up(void)
{
	for (uint32_t i = 0; i < t.covered_len; i++) {
		uint32_t at = 0;
		if (t.covered[i].consumed == 0)
			continue;
		while (at < w.request.used_len &&
			!str_eq(w.request.used[at].programme, t.covered[i].programme))
			at++;
		if (at == w.request.used_len)
			w.request.used[w.request.used_len++] =
				(struct used){.programme = t.covered[i].programme};
		w.request.used[at].days += t.covered[i].consumed;
	}
}

/* Loans that follow each other, a whole number of days each: no day stands in two of them. */
static void visits_of_several_loans(void **state)
{
	static const char *const programmes[] = {"P", "Q"};

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		int from = 0, loans = 1 + dice(LOANS_MAX);
		any_programmes();
		for (int k = 0; k < loans; k++) {
			int days = 1 + dice(4);
			w.request.loan_from = world_at(from, 0);
			w.request.loan_to = world_at(from += days, 0);
			decide("rental");
			assert_int_equal(l.len, days);
			sums_are_the_terms();
			use_up();
		}
		for (uint32_t p = 0; p < 2; p++) {
			int32_t cap = world_benefit_of(&w, p, "rental")->max_days;
			if (p == 0 && w.request.authorisations_len)
				cap += cap == NO_LIMIT ? 0 : w.request.authorisations[0].extra_days;
			assert_true(cap == NO_LIMIT || used_of(programmes[p]) <= cap);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_day),
		cmocka_unit_test(goodwill_line_by_line),
		cmocka_unit_test(a_trip_has_one_line),
		cmocka_unit_test(visits_of_several_loans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
