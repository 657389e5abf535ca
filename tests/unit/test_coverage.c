/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/decide_parts.h"

#include "tests/lib/world.h"

/* D1 and D2 row by row: one change to a world in which everything holds, and the row it ends in. */

static struct world w;

static struct day date(int y, int m, int d)
{
	return day_from_civil(y, m, d);
}

static struct programme *p(void)
{
	return &w.ruleset.programmes[0];
}

static struct coverage *c(void)
{
	return &w.request.coverages[0];
}

static struct benefit *taxi(void)
{
	return &p()->benefit[world_solution(&w, "taxi")];
}

/* Each row of the tables as a change. Rows that come first in D1 stay in force below. */
static void keep(void)
{
}
static void other_market(void)
{
	w.site.market = STR("CN");
}
static void other_job(void)
{
	w.request.jobs[0].type = STR("service");
}
static void unknown_job(void)
{
	w.request.jobs[0].type = STR("tuning");
}
static void no_job(void)
{
	w.request.jobs_len = 0;
}
static void other_segment(void)
{
	p()->any_segment = false;
	p()->segments = 2;
}
static void right_segment(void)
{
	p()->any_segment = false;
	p()->segments = 1;
}
static void campaign_closed(void)
{
	p()->needs_open_campaign = true;
}
static void campaign_open(void)
{
	p()->needs_open_campaign = true;
	w.request.campaign_open = true;
}
static void locked(void)
{
	p()->voided_by_lock = true;
	w.request.warranty_locked = true;
}
static void locked_without_effect(void)
{
	w.request.warranty_locked = true;
}
static void other_owner(void)
{
	p()->transferable = false;
	c()->owner_id = STR("K9");
}
static void other_owner_transferable(void)
{
	c()->owner_id = STR("K9");
}
static void owner_unknown(void)
{
	p()->transferable = false;
	c()->owner_id = STR_NULL;
}
static void starts_tomorrow(void)
{
	c()->start_on = date(2026, 5, 5);
}
static void starts_today(void)
{
	c()->start_on = date(2026, 5, 4);
}
static void term_without_start(void)
{
	p()->months = 24;
	c()->has_start = false;
}
static void no_dates_no_term(void)
{
	c()->has_start = false;
}
static void ended_yesterday(void)
{
	c()->has_end = true;
	c()->ends_on = date(2026, 5, 3);
}
static void ends_today(void)
{
	c()->has_end = true;
	c()->ends_on = date(2026, 5, 4);
}
static void months_over(void)
{
	p()->months = 16;
	c()->start_on = date(2025, 1, 3);
}
static void months_just_hold(void)
{
	p()->months = 16;
	c()->start_on = date(2025, 1, 4);
}
static void suspension_helps(void)
{
	months_over();
	c()->suspended_days = 1;
}
static void end_beats_months(void)
{
	p()->months = 1;
	c()->has_end = true;
	c()->ends_on = date(2026, 5, 4);
}
static void odometer_over(void)
{
	p()->odometer_limit_km = 999;
}
static void odometer_at_limit(void)
{
	p()->odometer_limit_km = 1000;
}
static void quota_used(void)
{
	p()->max_uses = 2;
	c()->uses = 2;
}
static void quota_left(void)
{
	p()->max_uses = 2;
	c()->uses = 1;
}
static void quota_used_by_visit(void)
{
	quota_left();
	w.request.used[w.request.used_len++] = (struct used){STR("P"), 0, 1};
}
static void quota_used_by_others(void)
{
	quota_left();
	w.request.used[w.request.used_len++] = (struct used){STR("Q"), 0, 9};
}
static void claim_ref_missing(void)
{
	p()->needs_claim_ref = true;
}
static void claim_ref_empty(void)
{
	p()->needs_claim_ref = true;
	c()->claim_ref = STR("");
}
static void claim_ref_given(void)
{
	p()->needs_claim_ref = true;
	c()->claim_ref = STR("S-1");
}
static void not_included(void)
{
	taxi()->present = false;
}
static void needs_immobile(void)
{
	taxi()->immobile_required = true;
}
static void is_immobile(void)
{
	needs_immobile();
	w.request.immobile = true;
}
static void exactly_minimum(void)
{
	taxi()->more_than_minutes = 600;
}
static void just_over_minimum(void)
{
	taxi()->more_than_minutes = 599;
}
static void minutes_of_other_jobs(void)
{
	taxi()->more_than_minutes = 600;
	w.request.jobs[w.request.jobs_len++] = (struct job){STR("service"), 900};
}
static void minutes_of_own_jobs(void)
{
	taxi()->more_than_minutes = 600;
	w.request.jobs[w.request.jobs_len++] = (struct job){STR("repair"), 1};
}
static void same_day(void)
{
	taxi()->overnight_required = true;
	w.request.ready = world_at(0, 14 * 60 + 59);
}
static void past_midnight(void)
{
	taxi()->overnight_required = true;
	w.request.ready = world_at(0, 15 * 60);
}

static void every_row_of_the_tables(void **state)
{
	static const struct {
		void (*change)(void);
		enum evidence_result result;
	} rows[] = {
		{keep, EVIDENCE_APPLICABLE},
		{other_market, EVIDENCE_MARKET_NOT_COVERED},
		{other_job, EVIDENCE_JOB_NOT_COVERED},
		{unknown_job, EVIDENCE_JOB_NOT_COVERED},
		{no_job, EVIDENCE_JOB_NOT_COVERED},
		{other_segment, EVIDENCE_SEGMENT_NOT_COVERED},
		{right_segment, EVIDENCE_APPLICABLE},
		{campaign_closed, EVIDENCE_CAMPAIGN_NOT_OPEN},
		{campaign_open, EVIDENCE_APPLICABLE},
		{locked, EVIDENCE_WARRANTY_LOCKED},
		{locked_without_effect, EVIDENCE_APPLICABLE},
		{other_owner, EVIDENCE_NOT_TRANSFERABLE},
		{other_owner_transferable, EVIDENCE_APPLICABLE},
		{owner_unknown, EVIDENCE_NOT_TRANSFERABLE},
		{starts_tomorrow, EVIDENCE_NOT_STARTED},
		{starts_today, EVIDENCE_APPLICABLE},
		{term_without_start, EVIDENCE_NOT_STARTED},
		{no_dates_no_term, EVIDENCE_APPLICABLE},
		{ended_yesterday, EVIDENCE_EXPIRED},
		{ends_today, EVIDENCE_APPLICABLE},
		{months_over, EVIDENCE_EXPIRED},
		{months_just_hold, EVIDENCE_APPLICABLE},
		{suspension_helps, EVIDENCE_APPLICABLE},
		{end_beats_months, EVIDENCE_APPLICABLE},
		{odometer_over, EVIDENCE_ODOMETER_EXCEEDED},
		{odometer_at_limit, EVIDENCE_APPLICABLE},
		{quota_used, EVIDENCE_QUOTA_EXHAUSTED},
		{quota_left, EVIDENCE_APPLICABLE},
		{quota_used_by_visit, EVIDENCE_QUOTA_EXHAUSTED},
		{quota_used_by_others, EVIDENCE_APPLICABLE},
		{claim_ref_missing, EVIDENCE_CLAIM_REF_MISSING},
		{claim_ref_empty, EVIDENCE_CLAIM_REF_MISSING},
		{claim_ref_given, EVIDENCE_APPLICABLE},
		{not_included, EVIDENCE_SOLUTION_NOT_INCLUDED},
		{needs_immobile, EVIDENCE_VEHICLE_NOT_IMMOBILE},
		{is_immobile, EVIDENCE_APPLICABLE},
		{exactly_minimum, EVIDENCE_IMMOBILISATION_TOO_SHORT},
		{just_over_minimum, EVIDENCE_APPLICABLE},
		{minutes_of_other_jobs, EVIDENCE_IMMOBILISATION_TOO_SHORT},
		{minutes_of_own_jobs, EVIDENCE_APPLICABLE},
		{same_day, EVIDENCE_OVERNIGHT_REQUIRED},
		{past_midnight, EVIDENCE_APPLICABLE},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		world_reset(&w);
		rows[i].change();
		const struct terms *t = world_decide(&w, "taxi");
		enum evidence_result expected =
			rows[i].result == EVIDENCE_APPLICABLE ? EVIDENCE_APPLIED : rows[i].result;
		assert_int_equal(t->evidence_len, 1);
		if (t->evidence[0].result != expected)
			fail_msg("row %zu: %s, expected %s", i,
				evidence_code(t->evidence[0].result), evidence_code(expected));
		assert_int_equal(t->value_minor > 0, expected == EVIDENCE_APPLIED);
	}
}

/* Hit policy F: with everything wrong at once the first check of each table speaks. */
static void first_check_wins(void **state)
{
	static void (*const wrong[])(void) = {other_market, other_job, other_segment,
		campaign_closed, locked, other_owner, starts_tomorrow, ended_yesterday,
		odometer_over, quota_used, claim_ref_missing, not_included, needs_immobile,
		exactly_minimum, same_day};
	static const enum evidence_result order[] = {EVIDENCE_MARKET_NOT_COVERED,
		EVIDENCE_JOB_NOT_COVERED, EVIDENCE_SEGMENT_NOT_COVERED, EVIDENCE_CAMPAIGN_NOT_OPEN,
		EVIDENCE_WARRANTY_LOCKED, EVIDENCE_NOT_TRANSFERABLE, EVIDENCE_NOT_STARTED,
		EVIDENCE_EXPIRED, EVIDENCE_ODOMETER_EXCEEDED, EVIDENCE_QUOTA_EXHAUSTED,
		EVIDENCE_CLAIM_REF_MISSING, EVIDENCE_SOLUTION_NOT_INCLUDED,
		EVIDENCE_VEHICLE_NOT_IMMOBILE, EVIDENCE_IMMOBILISATION_TOO_SHORT,
		EVIDENCE_OVERNIGHT_REQUIRED};

	(void)state;
	for (size_t first = 0; first < ARRAY_LEN(wrong); first++) {
		world_reset(&w);
		for (size_t i = ARRAY_LEN(wrong); i-- > first;)
			wrong[i]();
		assert_int_equal(world_decide(&w, "taxi")->evidence[0].result, order[first]);
	}
}

/* Checks 6 to 11 ask about a coverage: a programme that needs none is not asked (S5). */
static void no_coverage_needed(void **state)
{
	(void)state;
	world_reset(&w);
	p()->requires_coverage = false;
	p()->transferable = false;
	p()->odometer_limit_km = 1;
	p()->max_uses = 0;
	p()->needs_claim_ref = true;
	p()->months = 0;
	w.request.coverages_len = 0;
	const struct terms *t = world_decide(&w, "loaner_brand");
	assert_int_equal(t->evidence_len, 1);
	assert_int_equal(t->evidence[0].result, EVIDENCE_APPLIED);
	/* Without a coverage there is no last day that could come during the loan. */
	p()->continues_after_expiry = false;
	assert_int_equal(world_decide(&w, "loaner_brand")->customer_minor, 0);
	/* The first five checks hold for it too. */
	locked();
	assert_int_equal(
		world_decide(&w, "loaner_brand")->evidence[0].result, EVIDENCE_WARRANTY_LOCKED);
}

/* S4: by priority, then by the order of the coverages; what nobody knows is passed over. */
static void order_of_evidence(void **state)
{
	static const char *const expected[] = {"P", "Q", "Q", "R"};

	(void)state;
	world_reset(&w);
	(void)world_programme(&w, "Q");
	world_programme(&w, "R")->requires_coverage = false;
	(void)world_programme(&w, "S");
	w.request.coverages_len = 0;
	(void)world_coverage(&w, "Q");
	(void)world_coverage(&w, "P");
	(void)world_coverage(&w, "NOBODY");
	world_coverage(&w, "Q")->start_on = date(2027, 1, 1);
	const struct terms *t = world_decide(&w, "taxi");
	assert_int_equal(t->evidence_len, ARRAY_LEN(expected));
	for (uint32_t i = 0; i < t->evidence_len; i++)
		assert_str(t->evidence[i].programme, expected[i]);
	assert_int_equal(t->evidence[0].result, EVIDENCE_APPLIED);
	assert_int_equal(t->evidence[1].result, EVIDENCE_NOT_USED);
	assert_int_equal(t->evidence[2].result, EVIDENCE_NOT_STARTED);
	assert_int_equal(t->evidence[3].result, EVIDENCE_NOT_USED);
}

static void last_days(void **state)
{
	static const struct {
		int y, m, d, months, suspended, to_y, to_m, to_d;
	} rows[] = {
		{2024, 2, 29, 36, 0, 2027, 2, 28},
		{2024, 2, 29, 48, 0, 2028, 2, 29},
		{2023, 3, 10, 36, 6, 2026, 3, 16},
		{2025, 8, 31, 6, 0, 2026, 2, 28},
		{2025, 8, 31, 6, 1, 2026, 3, 1},
		{2026, 1, 1, 0, 0, 2026, 1, 1},
		{2099, 12, 31, 2, 0, 2100, 2, 28},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct coverage coverage = {.has_start = true,
			.start_on = date(rows[i].y, rows[i].m, rows[i].d),
			.suspended_days = rows[i].suspended};
		struct programme programme = {.months = rows[i].months};
		bool has_end = false;
		struct day last = coverage_last_day(&coverage, &programme, &has_end);
		assert_true(has_end);
		assert_int_equal(last.n, date(rows[i].to_y, rows[i].to_m, rows[i].to_d).n);
	}
	struct coverage open = {.has_start = true, .start_on = date(2020, 1, 1)};
	struct programme no_term = {.months = NO_LIMIT};
	bool has_end = true;
	(void)coverage_last_day(&open, &no_term, &has_end);
	assert_false(has_end);
}

/* The largest question there can be is still answered. */
static void as_many_programmes_as_there_may_be(void **state)
{
	(void)state;
	world_reset(&w);
	while (w.ruleset.programmes_len < PROGRAMMES_MAX)
		world_programme(&w, "F")->requires_coverage = false;
	while (w.request.coverages_len < COVERAGES_MAX)
		(void)world_coverage(&w, "P");
	const struct terms *t = world_decide(&w, "loaner_brand");
	assert_int_equal(t->evidence_len, COVERAGES_MAX + PROGRAMMES_MAX - 1);
	assert_int_equal(t->covered_len, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_of_the_tables),
		cmocka_unit_test(first_check_wins),
		cmocka_unit_test(no_coverage_needed),
		cmocka_unit_test(order_of_evidence),
		cmocka_unit_test(last_days),
		cmocka_unit_test(as_many_programmes_as_there_may_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
