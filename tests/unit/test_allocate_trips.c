/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/money.h"
#include "tests/lib/world.h"

/* D5 beyond the days: trips, nothing to pay, goodwill, prices of classes, and the edges of it all.
 */

static struct world w;

/* ---- trips ---- */

static void trips(void **state)
{
	(void)state;
	world_reset(&w);
	world_expect(&w, "taxi", 0, "P manufacturer C 1 600", "");
	assert_int_equal(w.terms.units, 2);
	world_benefit_of(&w, 0, "taxi")->max_amount = 600;
	world_expect(&w, "taxi", 0, "P manufacturer C 1 600", "");
	world_benefit_of(&w, 0, "taxi")->max_amount = 599;
	world_expect(&w, "taxi", 1, "P manufacturer C 1 599", "AMOUNT_CAPPED");
	world_benefit_of(&w, 0, "taxi")->max_amount = 0;
	world_expect(&w, "taxi", 600, "", "AMOUNT_CAPPED");
	/* The price of a taxi trip does not hang on the distance. */
	world_benefit_of(&w, 0, "taxi")->max_amount = NO_LIMIT;
	world_benefit_of(&w, 0, "taxi")->max_distance_km = 0;
	world_expect(&w, "taxi", 0, "P manufacturer C 1 600", "");
	/* Legs: 2 * (100 + 10 * km). */
	world_expect(&w, "pickup", 0, "P manufacturer C 1 400", "");
	world_benefit_of(&w, 0, "pickup")->max_distance_km = 10;
	world_expect(&w, "pickup", 0, "P manufacturer C 1 400", "");
	w.request.distance_km = 11;
	world_expect(&w, "pickup", 20, "P manufacturer C 1 400", "DISTANCE_CAPPED");
	world_benefit_of(&w, 0, "pickup")->max_amount = 400;
	world_expect(&w, "pickup", 20, "P manufacturer C 1 400", "DISTANCE_CAPPED");
	world_benefit_of(&w, 0, "pickup")->max_amount = 399;
	world_expect(&w, "pickup", 21, "P manufacturer C 1 399", "AMOUNT_CAPPED DISTANCE_CAPPED");
	w.request.distance_km = 0;
	world_benefit_of(&w, 0, "pickup")->max_amount = NO_LIMIT;
	world_expect(&w, "pickup", 0, "P manufacturer C 1 200", "");
}

static void best_single_programme_of_a_trip(void **state)
{
	(void)state;
	world_reset(&w);
	world_programme(&w, "Q")->payer = STR("insurer");
	(void)world_coverage(&w, "Q");
	world_expect(&w, "taxi", 0, "P manufacturer C 1 600", "");
	world_benefit_of(&w, 0, "taxi")->max_amount = 500;
	world_expect(&w, "taxi", 0, "Q insurer C 1 600", "");
	/* Two halves do not make a whole: the best one alone. */
	world_benefit_of(&w, 1, "taxi")->max_amount = 400;
	world_expect(&w, "taxi", 100, "P manufacturer C 1 500", "AMOUNT_CAPPED");
	world_benefit_of(&w, 1, "taxi")->max_amount = 500;
	world_expect(&w, "taxi", 100, "P manufacturer C 1 500", "AMOUNT_CAPPED");
	assert_int_equal(w.terms.evidence[0].result, EVIDENCE_APPLIED);
	assert_int_equal(w.terms.evidence[1].result, EVIDENCE_NOT_USED);
}

/* ---- nothing to pay, goodwill, sums ---- */

static void nothing_to_pay(void **state)
{
	(void)state;
	world_reset(&w);
	w.site.tariff[world_solution(&w, "rental")].price_minor = 0;
	w.site.tariff[world_solution(&w, "taxi")].price_minor = 0;
	world_benefit_of(&w, 0, "rental")->max_per_day = 500;
	world_expect(&w, "rental", 0, "", "");
	world_expect_payers(&w, "dealer");
	assert_int_equal(w.terms.evidence[0].result, EVIDENCE_NOT_USED);
	world_expect(&w, "taxi", 0, "", "");
	world_expect_payers(&w, "dealer");
	w.request.has_collect_until = true;
	w.request.collect_until = world_at(9, 0);
	w.request.loan_to = world_at(5, 0);
	world_expect(&w, "rental", 0, "", "");
}

static void goodwill(void **state)
{
	(void)state;
	world_reset(&w);
	w.request.coverages_len = 0;
	w.request.goodwill = (struct goodwill){.given = true,
		.percent_bp = 3333,
		.payer = STR("importer"),
		.cost_code = STR("G"),
		.authorisation_ref = STR("GW"),
		.solutions_len = 2,
		.solutions = {STR("taxi"), STR("rental")}};
	world_expect(&w, "rental", 2000, "GOODWILL importer G 3 1000", "");
	world_expect_payers(&w, "importer customer");
	world_expect(&w, "taxi", 400, "GOODWILL importer G 2 200", "");
	world_expect(&w, "loaner_brand", 3000, "", "");
	w.request.goodwill.authorisation_ref = STR("");
	world_expect(&w, "rental", 3000, "", "GOODWILL_NOT_AUTHORISED");
	world_expect(&w, "loaner_brand", 3000, "", "");
	w.request.goodwill.authorisation_ref = STR("GW");
	w.request.goodwill.percent_bp = 10000;
	world_expect(&w, "rental", 0, "GOODWILL importer G 3 3000", "");
	world_expect_payers(&w, "importer");
	w.request.goodwill.percent_bp = 0;
	world_expect(&w, "rental", 3000, "", "");
	/* Half of a minor unit goes up; less vanishes. */
	w.site.tariff[world_solution(&w, "taxi")].price_minor = 1;
	w.site.tariff[world_solution(&w, "taxi")].trips = 1;
	w.request.goodwill.percent_bp = 5000;
	world_expect(&w, "taxi", 0, "GOODWILL importer G 1 1", "");
	w.request.goodwill.percent_bp = 4999;
	world_expect(&w, "taxi", 1, "", "");
}

static void goodwill_comes_last(void **state)
{
	(void)state;
	world_reset(&w);
	world_benefit_of(&w, 0, "rental")->max_days = 1;
	world_goodwill(&w, "rental", 5000);
	world_expect(&w, "rental", 1000, "P manufacturer C 1 1000; GOODWILL importer G 3 1000",
		"CAP_DAYS_REACHED");
	world_expect_payers(&w, "manufacturer importer customer");
	/* Distinct payers, once each (S14). */
	w.request.goodwill.payer = STR("manufacturer");
	(void)world_decide(&w, "rental");
	world_expect_payers(&w, "manufacturer customer");
	world_benefit_of(&w, 0, "rental")->max_days = NO_LIMIT;
	world_expect(&w, "rental", 0, "P manufacturer C 3 3000", "");
}

static void prices_of_classes(void **state)
{
	uint32_t rental;

	(void)state;
	world_reset(&w);
	rental = world_solution(&w, "rental");
	w.site.class_tariffs_len = 1;
	w.site.class_tariffs[0].solution = (uint8_t)rental;
	w.site.class_tariffs[0].vehicle_class = STR("grand");
	w.site.class_tariffs[0].price_minor = 1500;
	world_benefit_of(&w, 0, "rental")->max_per_day = 1200;
	decide_terms(&w.terms, &w.request, &w.site, &w.ruleset, rental, STR("grand"));
	assert_int_equal(w.terms.gross_minor, 4500);
	assert_int_equal(w.terms.customer_minor, 900);
	decide_terms(&w.terms, &w.request, &w.site, &w.ruleset, rental, STR("small"));
	assert_int_equal(w.terms.gross_minor, 3000);
	decide_terms(&w.terms, &w.request, &w.site, &w.ruleset, world_solution(&w, "loaner_other"),
		STR("grand"));
	assert_int_equal(w.terms.gross_minor, 3000);
}

/* ---- the edges ---- */

static void the_largest_amounts(void **state)
{
	struct tariff *rental, *pickup;

	(void)state;
	world_reset(&w);
	rental = &w.site.tariff[world_solution(&w, "rental")];
	pickup = &w.site.tariff[world_solution(&w, "pickup")];
	rental->price_minor = MONEY_MAX;
	world_stay(&w, LOAN_DAYS_MAX);
	w.ruleset.programmes[0].repays_net = true;
	w.site.tax_bp = 1;
	world_goodwill(&w, "rental", 10000);
	world_benefit_of(&w, 0, "rental")->max_days = LOAN_DAYS_MAX - 1;
	const struct terms *t = world_decide(&w, "rental");
	world_invariants(t);
	assert_int_equal(t->gross_minor, LOAN_DAYS_MAX * MONEY_MAX);
	assert_int_equal(t->customer_minor, 0);
	assert_int_equal(t->covered[0].net_minor, INT64_C(364963503649635));
	pickup->base_minor = MONEY_MAX;
	pickup->per_km_minor = MONEY_MAX / DISTANCE_MAX_KM;
	pickup->legs = 100;
	w.request.distance_km = w.site.max_service_distance_km = DISTANCE_MAX_KM;
	t = world_decide(&w, "pickup");
	assert_int_equal(t->gross_minor, 200 * MONEY_MAX);
}

/* More programmes than rows: the last rows stay for goodwill, no day is paid twice, sums hold. */
static void more_payers_than_rows(void **state)
{
	(void)state;
	world_reset(&w);
	w.request.coverages_len = 0;
	for (int i = 0; i < 200; i++) {
		struct programme *p = world_programme(&w, "F");
		p->requires_coverage = false;
		for (uint32_t s = 0; s < w.ruleset.solutions_len; s++) {
			p->benefit[s].max_days = 1;
			p->benefit[s].max_per_day = 900;
		}
	}
	world_stay(&w, 200);
	world_goodwill(&w, "rental", 5000);
	const struct terms *t = world_decide(&w, "rental");
	world_invariants(t);
	assert_true(t->covered_len <= COVERED_MAX);
	assert_str(t->covered[t->covered_len - 1].programme, "GOODWILL");
	assert_int_equal(t->evidence_len, 200);
	/* What a row would be missing for, the one that bears the excess of the first takes. */
	for (uint32_t i = 1; i <= 200; i++)
		w.ruleset.programmes[i].benefit[world_solution(&w, "rental")].excess_payer =
			EXCESS_DEALER;
	t = world_decide(&w, "rental");
	world_invariants(t);
	assert_int_equal(t->covered_len, COVERED_MAX - 2);
	assert_int_equal(t->customer_minor, 0);
}

/* The same throws on every run and every compiler. */
static int dice(int sides)
{
	static uint32_t seed = 7;

	seed = seed * 1664525u + 1013904223u;
	return (int)(seed >> 16) % sides;
}

/* A walk over many small worlds: the promises of the definitions hold in each. */
static void invariants_everywhere(void **state)
{
	(void)state;
	for (int round = 0; round < 3000; round++) {
		world_reset(&w);
		world_programme(&w, "Q")->payer = STR("insurer");
		(void)world_coverage(&w, "Q");
		(void)world_coverage(&w, dice(2) ? "P" : "Q");
		for (uint32_t p = 0; p < 2; p++) {
			struct benefit *b = world_benefit_of(&w, p, "rental");
			b->max_days = dice(5) - 1;
			b->max_per_day = dice(3) ? dice(1200) : NO_LIMIT;
			b->from_day = 1 + dice(3);
			b->day_count = dice(2) ? COUNT_WORKING_DAY : COUNT_RENTAL_DAY;
			b->excess_payer = (enum excess_payer)dice(3);
			w.ruleset.programmes[p].continues_after_expiry = dice(2);
		}
		w.request.coverages[0].has_end = dice(2);
		w.request.coverages[0].ends_on = local_day(world_at(dice(6), 0));
		w.request.loan_from = world_at(-1, dice(3 * 1440));
		w.request.loan_to = world_at(2, dice(11 * 1440));
		w.request.ready = world_at(1, dice(10 * 1440));
		w.request.has_collect_until = dice(2);
		w.request.collect_until = world_at(1 + dice(12), 0);
		const struct terms *t = world_decide(&w, "rental");
		world_invariants(t);
		assert_int_equal(t->gross_minor, t->units * 1000);
		assert_int_equal(t->decision == DECISION_FREE, t->customer_minor == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trips),
		cmocka_unit_test(best_single_programme_of_a_trip),
		cmocka_unit_test(nothing_to_pay),
		cmocka_unit_test(goodwill),
		cmocka_unit_test(goodwill_comes_last),
		cmocka_unit_test(prices_of_classes),
		cmocka_unit_test(the_largest_amounts),
		cmocka_unit_test(more_payers_than_rows),
		cmocka_unit_test(invariants_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
