/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/world.h"

/* D4 and D5 for days: who pays which day, what is noted, and who bears what a cap leaves. */

static struct world w;

static void authorise(const char *programme, int extra_days)
{
	w.request.authorisations[w.request.authorisations_len++] = (struct authorisation){
		.programme = str_from(programme), .ref = STR("A-1"), .extra_days = extra_days};
}

/* ---- days ---- */

static void counting_days(void **state)
{
	static const struct {
		int days, minutes, grace;
		int32_t n;
	} rows[] = {
		{0, 0, 59, 1},
		{0, 1, 59, 1},
		{0, 58, 59, 1},
		{1, 0, 59, 1},
		{1, 59, 59, 1},
		{1, 60, 59, 2},
		{1, 1, 0, 2},
		{1, 0, 0, 1},
		{3, 0, 0, 3},
		{365, 1, 0, 366},
		{366, 59, 59, 366},
		{0, -30, 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(rental_days(world_at(0, 0),
					 world_at(rows[i].days, rows[i].minutes), rows[i].grace),
			rows[i].n);
	/* Seconds count: a day is over when it is over. */
	struct local a = world_at(0, 0), b = world_at(1, 0);
	b.wall_s++;
	assert_int_equal(rental_days(a, b, 0), 2);
}

/* The offsets differ by an hour: only the readings count (S1, S8). */
static void change_of_the_clock(void **state)
{
	struct local autumn = world_at(1, 0), spring = world_at(1, 0);

	(void)state;
	autumn.offset_s -= 3600;
	spring.offset_s += 3600;
	assert_int_equal(rental_days(world_at(0, 0), autumn, 0), 1);
	assert_int_equal(rental_days(world_at(0, 0), spring, 0), 1);
	world_reset(&w);
	w.request.ready = w.request.loan_to = autumn;
	world_expect(&w, "rental", 0, "P manufacturer C 1 1000", "");
}

static void days_outside_the_repair(void **state)
{
	(void)state;
	world_reset(&w);
	world_expect(&w, "rental", 0, "P manufacturer C 3 3000", "");
	world_expect_payers(&w, "manufacturer");
	w.request.loan_to = world_at(5, 0);
	world_expect(&w, "rental", 2000, "P manufacturer C 3 3000", "AFTER_COMPLETION");
	world_expect_payers(&w, "manufacturer customer");
	w.request.loan_from = world_at(-2, 0);
	world_expect(
		&w, "rental", 4000, "P manufacturer C 3 3000", "AFTER_COMPLETION BEFORE_DROP_OFF");
	/* Day starts count: one minute before drop-off is before, at ready is after. */
	w.request.loan_from = world_at(0, -1);
	w.request.loan_to = world_at(2, -1);
	w.request.ready = world_at(0, 1439);
	world_expect(&w, "rental", 2000, "", "AFTER_COMPLETION BEFORE_DROP_OFF");
	w.request.ready = world_at(0, 1440);
	world_expect(&w, "rental", 1000, "P manufacturer C 1 1000", "BEFORE_DROP_OFF");
	/* Nobody pays: only the days outside leave a note. */
	w.request.coverages_len = 0;
	world_expect(&w, "rental", 2000, "", "BEFORE_DROP_OFF");
	world_expect_payers(&w, "customer");
}

static void waiting_for_the_owner(void **state)
{
	(void)state;
	world_reset(&w);
	w.request.loan_to = world_at(6, 0);
	w.request.has_collect_until = true;
	w.request.collect_until = world_at(5, 0);
	world_expect(&w, "rental", 1000,
		"P manufacturer C 3 3000; COLLECTION dealer COLLECTION 2 2000", "AFTER_COMPLETION");
	world_expect_payers(&w, "manufacturer dealer customer");
	w.request.collect_until = world_at(9, 0);
	world_expect(&w, "rental", 0,
		"P manufacturer C 3 3000; COLLECTION dealer COLLECTION 3 3000", "");
	w.request.collect_until = world_at(3, 0);
	world_expect(&w, "rental", 3000, "P manufacturer C 3 3000", "AFTER_COMPLETION");
	/* A trip has no days to wait. */
	w.request.collect_until = world_at(9, 0);
	world_expect(&w, "taxi", 0, "P manufacturer C 1 600", "");
}

static void programme_ends_during_loan(void **state)
{
	(void)state;
	world_reset(&w);
	w.ruleset.programmes[0].continues_after_expiry = false;
	w.request.coverages[0].has_end = true;
	w.request.coverages[0].ends_on = local_day(world_at(1, 0));
	world_expect(&w, "rental", 1000, "P manufacturer C 2 2000", "PROGRAMME_ENDED_DURING_LOAN");
	/* A trip was agreed at drop-off. */
	world_expect(&w, "taxi", 0, "P manufacturer C 1 600", "");
	w.ruleset.programmes[0].continues_after_expiry = true;
	world_expect(&w, "rental", 0, "P manufacturer C 3 3000", "");
	/* It is the local date of the day's start that counts. */
	w.ruleset.programmes[0].continues_after_expiry = false;
	w.request.loan_from = world_at(0, 14 * 60 + 59);
	w.request.loan_to = world_at(2, 14 * 60 + 59);
	world_expect(&w, "rental", 0, "P manufacturer C 2 2000", "");
	w.request.loan_from = world_at(0, 15 * 60);
	w.request.loan_to = world_at(2, 15 * 60);
	world_expect(&w, "rental", 1000, "P manufacturer C 1 1000", "PROGRAMME_ENDED_DURING_LOAN");
}

static void waiting_period(void **state)
{
	(void)state;
	world_reset(&w);
	world_stay(&w, 6);
	world_benefit_of(&w, 0, "rental")->from_day = 4;
	world_expect(&w, "rental", 3000, "P manufacturer C 3 3000", "WAITING_PERIOD");
	/* Repair days count from drop-off, whole wall days each (S10). */
	w.request.loan_from = world_at(2, 1439);
	world_expect(&w, "rental", 1000, "P manufacturer C 3 3000", "WAITING_PERIOD");
	w.request.loan_from = world_at(3, 0);
	world_expect(&w, "rental", 0, "P manufacturer C 3 3000", "");
	world_benefit_of(&w, 0, "rental")->max_days = 1;
	w.request.loan_from = world_at(0, 0);
	world_expect(
		&w, "rental", 5000, "P manufacturer C 1 1000", "CAP_DAYS_REACHED WAITING_PERIOD");
}

static void cap_of_days(void **state)
{
	(void)state;
	world_reset(&w);
	world_stay(&w, 5);
	world_benefit_of(&w, 0, "rental")->max_days = 2;
	world_expect(&w, "rental", 3000, "P manufacturer C 2 2000", "CAP_DAYS_REACHED");
	assert_int_equal(w.terms.covered[0].consumed, 2);
	authorise("P", 1);
	world_expect(&w, "rental", 2000, "P manufacturer C 3 3000", "CAP_DAYS_REACHED");
	authorise("P", 2);
	authorise("Q", 9);
	world_expect(&w, "rental", 0, "P manufacturer C 5 5000", "");
	w.request.used_len = 2;
	w.request.used[0] = (struct used){STR("P"), 3, 1};
	w.request.used[1] = (struct used){STR("NOBODY"), 9, 9};
	world_expect(&w, "rental", 3000, "P manufacturer C 2 2000", "CAP_DAYS_REACHED");
	w.request.used[0].days = 99;
	world_expect(&w, "rental", 5000, "", "CAP_DAYS_REACHED");
	assert_int_equal(w.terms.evidence[0].result, EVIDENCE_NOT_USED);
	world_benefit_of(&w, 0, "rental")->max_days = 0;
	w.request.authorisations_len = w.request.used_len = 0;
	world_expect(&w, "rental", 5000, "", "CAP_DAYS_REACHED");
}

/* S17: the claim needs the reference as soon as one covered day was only possible by it. */
static void authorisation_condition(void **state)
{
	(void)state;
	world_reset(&w);
	w.ruleset.conditions_len = 1;
	w.ruleset.conditions[0] =
		(struct condition_rule){.key = STR("ref"), .used_authorisation = true};
	world_benefit_of(&w, 0, "rental")->max_days = 3;
	authorise("P", 5);
	world_expect(&w, "rental", 0, "P manufacturer C 3 3000", "");
	assert_int_equal(w.terms.conditions, 0);
	world_stay(&w, 4);
	world_expect(&w, "rental", 0, "P manufacturer C 4 4000", "");
	assert_int_equal(w.terms.conditions, 1);
	/* Days the visit used elsewhere make the first day here an authorised one. */
	world_stay(&w, 1);
	w.request.used_len = 1;
	w.request.used[0] = (struct used){STR("P"), 3, 1};
	world_expect(&w, "rental", 0, "P manufacturer C 1 1000", "");
	assert_int_equal(w.terms.conditions, 1);
	/* A trip consumes no days. */
	world_benefit_of(&w, 0, "taxi")->max_days = 0;
	world_expect(&w, "taxi", 0, "P manufacturer C 1 600", "");
	assert_int_equal(w.terms.conditions, 0);
}

/* S11: from Friday; Saturday and Sunday and the holiday consume nothing while the cap holds. */
static void working_days(void **state)
{
	(void)state;
	world_reset(&w);
	w.request.drop_off = w.request.loan_from = world_at(4, 0);
	world_stay(&w, 11);
	world_benefit_of(&w, 0, "rental")->day_count = COUNT_WORKING_DAY;
	world_benefit_of(&w, 0, "rental")->max_days = 2;
	world_expect(&w, "rental", 3000, "P manufacturer C 4 4000", "CAP_DAYS_REACHED");
	assert_int_equal(w.terms.covered[0].consumed, 2);
	w.site.holidays_len = 1;
	w.site.holidays[0] = local_day(world_at(7, 0));
	world_expect(&w, "rental", 2000, "P manufacturer C 5 5000", "CAP_DAYS_REACHED");
	/* Reached on Friday: the free weekend is refused as well. */
	world_benefit_of(&w, 0, "rental")->max_days = 1;
	world_expect(&w, "rental", 6000, "P manufacturer C 1 1000", "CAP_DAYS_REACHED");
	/* With an authorised day it is the authorisation that opens it. */
	authorise("P", 1);
	world_expect(&w, "rental", 2000, "P manufacturer C 5 5000", "CAP_DAYS_REACHED");
}

static void best_payer_per_day(void **state)
{
	(void)state;
	world_reset(&w);
	world_programme(&w, "Q")->payer = STR("insurer");
	(void)world_coverage(&w, "Q");
	world_stay(&w, 5);
	/* Equal pay: the lower priority number. */
	world_expect(&w, "rental", 0, "P manufacturer C 5 5000", "");
	assert_int_equal(w.terms.evidence[1].result, EVIDENCE_NOT_USED);
	/* More pay wins against priority. */
	world_benefit_of(&w, 0, "rental")->max_per_day = 999;
	world_expect(&w, "rental", 0, "Q insurer C 5 5000", "");
	assert_int_equal(w.terms.evidence[0].result, EVIDENCE_NOT_USED);
	/* One day, one claim: what the winner leaves is the customer's, not the other's. */
	world_benefit_of(&w, 1, "rental")->max_per_day = 900;
	world_expect(&w, "rental", 5, "P manufacturer C 5 4995", "DAY_AMOUNT_CAPPED");
	/* The other comes when the first cannot; rows in the order of first use (S15). */
	world_benefit_of(&w, 0, "rental")->max_days = 2;
	world_expect(&w, "rental", 302, "P manufacturer C 2 1998; Q insurer C 3 2700",
		"DAY_AMOUNT_CAPPED");
	world_expect_payers(&w, "manufacturer insurer customer");
	world_benefit_of(&w, 1, "rental")->max_days = 1;
	world_expect(&w, "rental", 2102, "P manufacturer C 2 1998; Q insurer C 1 900",
		"CAP_DAYS_REACHED DAY_AMOUNT_CAPPED");
	world_benefit_of(&w, 0, "rental")->from_day = 2;
	world_expect(&w, "rental", 2102, "Q insurer C 1 900; P manufacturer C 2 1998",
		"CAP_DAYS_REACHED DAY_AMOUNT_CAPPED");
}

static void two_coverages_share_a_cap(void **state)
{
	(void)state;
	world_reset(&w);
	(void)world_coverage(&w, "P");
	world_stay(&w, 5);
	world_benefit_of(&w, 0, "rental")->max_days = 2;
	world_expect(&w, "rental", 3000, "P manufacturer C 2 2000", "CAP_DAYS_REACHED");
	/* The first ends, the second takes over within the one row and the one cap. */
	w.ruleset.programmes[0].continues_after_expiry = false;
	w.request.coverages[0].has_end = true;
	w.request.coverages[0].ends_on = local_day(world_at(0, 0));
	world_expect(&w, "rental", 3000, "P manufacturer C 2 2000",
		"CAP_DAYS_REACHED PROGRAMME_ENDED_DURING_LOAN");
	assert_int_equal(w.terms.evidence[0].result, EVIDENCE_APPLIED);
	assert_int_equal(w.terms.evidence[1].result, EVIDENCE_APPLIED);
}

/* ---- who bears the excess ---- */

static void excess(void **state)
{
	(void)state;
	world_reset(&w);
	world_stay(&w, 4);
	world_benefit_of(&w, 0, "rental")->max_per_day = 700;
	world_benefit_of(&w, 0, "rental")->max_days = 3;
	world_expect(&w, "rental", 1900, "P manufacturer C 3 2100",
		"CAP_DAYS_REACHED DAY_AMOUNT_CAPPED");
	world_benefit_of(&w, 0, "rental")->excess_payer = EXCESS_DEALER;
	world_expect(&w, "rental", 0, "P manufacturer C 3 2100; P dealer C 1 1900",
		"CAP_DAYS_REACHED DAY_AMOUNT_CAPPED");
	world_expect_payers(&w, "manufacturer dealer");
	world_benefit_of(&w, 0, "rental")->excess_payer = EXCESS_ASK;
	world_expect(&w, "rental", 0, "P manufacturer C 3 2100; P ask C 1 1900",
		"AUTHORISATION_TO_ASK CAP_DAYS_REACHED DAY_AMOUNT_CAPPED");
	world_expect_payers(&w, "manufacturer ask");
	/* The cap alone, and the rate alone. */
	world_benefit_of(&w, 0, "rental")->max_per_day = NO_LIMIT;
	world_expect(&w, "rental", 0, "P manufacturer C 3 3000; P ask C 1 1000",
		"AUTHORISATION_TO_ASK CAP_DAYS_REACHED");
	world_benefit_of(&w, 0, "rental")->max_days = NO_LIMIT;
	world_benefit_of(&w, 0, "rental")->max_per_day = 700;
	world_expect(&w, "rental", 0, "P manufacturer C 4 2800; P ask C 0 1200",
		"AUTHORISATION_TO_ASK DAY_AMOUNT_CAPPED");
	/* Nothing a day leaves the whole day, which then counts. */
	world_benefit_of(&w, 0, "rental")->max_per_day = 0;
	world_expect(&w, "rental", 0, "P ask C 4 4000", "AUTHORISATION_TO_ASK DAY_AMOUNT_CAPPED");
	assert_int_equal(w.terms.evidence[0].result, EVIDENCE_NOT_USED);
}

/* Only a cap is an excess: other refusals stay the customer's. */
static void excess_is_of_caps_only(void **state)
{
	(void)state;
	world_reset(&w);
	world_stay(&w, 4);
	world_benefit_of(&w, 0, "rental")->from_day = 3;
	world_benefit_of(&w, 0, "rental")->excess_payer = EXCESS_DEALER;
	world_expect(&w, "rental", 2000, "P manufacturer C 2 2000", "WAITING_PERIOD");
	w.request.loan_to = world_at(6, 0);
	world_expect(
		&w, "rental", 4000, "P manufacturer C 2 2000", "AFTER_COMPLETION WAITING_PERIOD");
	/* Of two over their cap, the first by priority that has somebody for it. */
	world_programme(&w, "Q")->payer = STR("insurer");
	(void)world_coverage(&w, "Q");
	world_stay(&w, 2);
	*world_benefit_of(&w, 0, "rental") = *world_benefit_of(&w, 1, "rental");
	world_benefit_of(&w, 0, "rental")->max_days = world_benefit_of(&w, 1, "rental")->max_days =
		0;
	world_expect(&w, "rental", 2000, "", "CAP_DAYS_REACHED");
	world_benefit_of(&w, 1, "rental")->excess_payer = EXCESS_ASK;
	world_expect(&w, "rental", 0, "Q ask C 2 2000", "AUTHORISATION_TO_ASK CAP_DAYS_REACHED");
	world_benefit_of(&w, 0, "rental")->excess_payer = EXCESS_DEALER;
	world_expect(&w, "rental", 0, "P dealer C 2 2000", "CAP_DAYS_REACHED");
}

static void net_of_tax(void **state)
{
	(void)state;
	world_reset(&w);
	world_stay(&w, 4);
	w.ruleset.programmes[0].repays_net = true;
	w.site.tax_bp = 2000;
	world_benefit_of(&w, 0, "rental")->max_days = 3;
	world_benefit_of(&w, 0, "rental")->excess_payer = EXCESS_ASK;
	world_expect(&w, "rental", 0, "P manufacturer C 3 3000; P ask C 1 1000",
		"AUTHORISATION_TO_ASK CAP_DAYS_REACHED");
	assert_true(w.terms.covered[0].has_net);
	assert_int_equal(w.terms.covered[0].net_minor, 2500);
	assert_false(w.terms.covered[1].has_net);
	/* Half up: 600 / 1.055 = 568.72; 3 / 2 = 1.5 -> 2. */
	w.site.tax_bp = 550;
	(void)world_decide(&w, "taxi");
	assert_int_equal(w.terms.covered[0].net_minor, 569);
	w.site.tax_bp = 10000;
	w.site.tariff[world_solution(&w, "taxi")].price_minor = 3;
	w.site.tariff[world_solution(&w, "taxi")].trips = 1;
	(void)world_decide(&w, "taxi");
	assert_int_equal(w.terms.covered[0].net_minor, 2);
	w.site.tax_bp = 0;
	(void)world_decide(&w, "taxi");
	assert_int_equal(w.terms.covered[0].net_minor, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counting_days),
		cmocka_unit_test(change_of_the_clock),
		cmocka_unit_test(days_outside_the_repair),
		cmocka_unit_test(waiting_for_the_owner),
		cmocka_unit_test(programme_ends_during_loan),
		cmocka_unit_test(waiting_period),
		cmocka_unit_test(cap_of_days),
		cmocka_unit_test(authorisation_condition),
		cmocka_unit_test(working_days),
		cmocka_unit_test(best_payer_per_day),
		cmocka_unit_test(two_coverages_share_a_cap),
		cmocka_unit_test(excess),
		cmocka_unit_test(excess_is_of_caps_only),
		cmocka_unit_test(net_of_tax),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
