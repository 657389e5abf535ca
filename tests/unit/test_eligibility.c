/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/world.h"

/* D3 and its extensions: who is refused what, and that the others stay. */

static struct world w;

static void limit_add(const char *solution, const char *vehicle_class, int age, int years, int max)
{
	w.ruleset.driver_limits[w.ruleset.driver_limits_len++] =
		(struct driver_limit){.solution = str_from(solution),
			.vehicle_class = str_from(vehicle_class),
			.min_age = age,
			.min_licence_years = years,
			.max_age = max};
}

static void reset(void)
{
	world_reset(&w);
	limit_add("loaner_brand", NULL, 25, 3, 75);
	limit_add("loaner_brand", "grand", 30, 3, NO_LIMIT);
	limit_add("loaner_other", NULL, 21, 2, NO_LIMIT);
	limit_add("rental", NULL, 21, 1, 80);
	w.request.driver.given = true;
	w.request.driver.age_years = 40;
	w.request.driver.licence_years = 20;
}

static enum offer_reason reason_of(const char *solution, const char *vehicle_class)
{
	decide_terms(&w.terms, &w.request, &w.site, &w.ruleset, world_solution(&w, solution),
		str_from(vehicle_class));
	/* A refusal has no amounts and no rows; an offer has them. */
	if (w.terms.reason == OFFERED) {
		assert_int_not_equal(w.terms.decision, DECISION_NOT_OFFERED);
		assert_true(w.terms.units > 0);
	} else {
		assert_int_equal(w.terms.decision, DECISION_NOT_OFFERED);
		assert_int_equal(w.terms.units, 0);
		assert_int_equal(w.terms.gross_minor, 0);
		assert_int_equal(w.terms.covered_len, 0);
		assert_int_equal(w.terms.evidence_len, 0);
		assert_int_equal(w.terms.payers_len, 0);
		assert_int_equal(w.terms.conditions, 0);
	}
	world_invariants(&w.terms);
	return w.terms.reason;
}

static void driver_limits(void **state)
{
	static const struct {
		const char *solution, *vehicle_class;
		int age, years;
		enum offer_reason reason;
	} rows[] = {
		{"loaner_brand", NULL, 24, 20, DRIVER_TOO_YOUNG},
		{"loaner_brand", NULL, 25, 3, OFFERED},
		{"loaner_brand", NULL, 75, 3, OFFERED},
		{"loaner_brand", NULL, 76, 3, DRIVER_TOO_OLD},
		{"loaner_brand", NULL, 25, 2, LICENCE_TOO_RECENT},
		{"loaner_brand", NULL, 24, 2, DRIVER_TOO_YOUNG},
		{"loaner_brand", NULL, 76, 2, DRIVER_TOO_OLD},
		{"loaner_brand", "grand", 29, 20, DRIVER_TOO_YOUNG},
		{"loaner_brand", "grand", 30, 20, OFFERED},
		{"loaner_brand", "grand", 90, 20, OFFERED},
		{"loaner_brand", "small", 24, 20, DRIVER_TOO_YOUNG},
		{"loaner_brand", "small", 25, 20, OFFERED},
		{"loaner_other", NULL, 20, 20, DRIVER_TOO_YOUNG},
		{"loaner_other", NULL, 99, 2, OFFERED},
		{"rental", NULL, 21, 0, LICENCE_TOO_RECENT},
		{"rental", NULL, 81, 1, DRIVER_TOO_OLD},
		{"rental", "grand", 21, 1, OFFERED},
		{"rental", NULL, 21, -1, LICENCE_TOO_RECENT},
		{"taxi", NULL, 12, 0, OFFERED},
		{"pickup", NULL, 12, 0, OFFERED},
		{"accompanied_drive", NULL, 12, 0, OFFERED},
		{"public_transport", NULL, 12, 0, OFFERED},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		reset();
		w.request.driver.age_years = rows[i].age;
		w.request.driver.licence_years = rows[i].years;
		enum offer_reason reason = reason_of(rows[i].solution, rows[i].vehicle_class);
		if (reason != rows[i].reason)
			fail_msg("row %zu: %s", i, offer_reason_code(reason));
		/* Not known yet: nothing to refuse. */
		w.request.driver.given = false;
		assert_int_equal(reason_of(rows[i].solution, rows[i].vehicle_class), OFFERED);
	}
}

static void licence_paper(void **state)
{
	static const char *const driven[] = {"loaner_brand", "loaner_other", "rental"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(driven); i++) {
		reset();
		w.request.driver.category_missing = true;
		assert_int_equal(reason_of(driven[i], NULL), LICENCE_CATEGORY);
		w.request.driver.licence_expires = true;
		assert_int_equal(reason_of(driven[i], NULL), LICENCE_EXPIRES_BEFORE_RETURN);
		w.request.driver.licence_years = 0;
		assert_int_equal(reason_of(driven[i], NULL), LICENCE_TOO_RECENT);
		assert_int_equal(reason_of("taxi", NULL), OFFERED);
		/* Where no limit is written, the paper still counts. */
		w.ruleset.driver_limits_len = 0;
		assert_int_equal(reason_of(driven[i], NULL), LICENCE_EXPIRES_BEFORE_RETURN);
	}
}

static void the_car_and_the_way(void **state)
{
	static const struct {
		const char *solution;
		bool immobile;
		int distance_km;
		enum offer_reason reason;
	} rows[] = {
		{"pickup", true, 10, VEHICLE_NOT_DRIVABLE},
		{"pickup_delivery", true, 10, VEHICLE_NOT_DRIVABLE},
		{"pickup", true, 999, VEHICLE_NOT_DRIVABLE},
		{"delivery", true, 10, OFFERED},
		{"delivery", true, 61, OUT_OF_AREA},
		{"loaner_brand", true, 999, OFFERED},
		{"pickup", false, 60, OFFERED},
		{"pickup", false, 61, OUT_OF_AREA},
		{"pickup_delivery", false, 61, OUT_OF_AREA},
		{"delivery", false, 61, OUT_OF_AREA},
		{"accompanied_drive", false, 20, OFFERED},
		{"accompanied_drive", false, 21, OUT_OF_AREA},
		{"accompanied_drive", true, 20, OFFERED},
		{"taxi", true, 20000, OFFERED},
		{"public_transport", true, 20000, OFFERED},
		{"rental", true, 20000, OFFERED},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		reset();
		w.request.immobile = rows[i].immobile;
		w.request.distance_km = rows[i].distance_km;
		enum offer_reason reason = reason_of(rows[i].solution, NULL);
		if (reason != rows[i].reason)
			fail_msg("row %zu: %s", i, offer_reason_code(reason));
	}
}

static void waiting_on_site(void **state)
{
	(void)state;
	reset();
	w.request.jobs[0].immobilisation_minutes = 100;
	w.request.jobs[w.request.jobs_len++] = (struct job){STR("service"), 20};
	assert_int_equal(reason_of("wait_on_site", NULL), OFFERED);
	assert_int_equal(w.terms.decision, DECISION_FREE);
	assert_int_equal(w.terms.units, 1);
	assert_str(w.terms.payers[0], "dealer");
	w.request.jobs[1].immobilisation_minutes = 21;
	assert_int_equal(reason_of("wait_on_site", NULL), WAIT_TOO_LONG);
	w.request.jobs_len = 0;
	assert_int_equal(reason_of("wait_on_site", NULL), OFFERED);
	w.site.wait_minutes = NO_LIMIT;
	assert_int_equal(reason_of("wait_on_site", NULL), WAIT_TOO_LONG);
}

static void no_tariff(void **state)
{
	(void)state;
	reset();
	for (uint32_t i = 0; i < w.ruleset.solutions_len; i++)
		w.site.tariff[i].present = false;
	assert_int_equal(reason_of("taxi", NULL), NO_TARIFF);
	assert_int_equal(reason_of("loaner_brand", "grand"), NO_TARIFF);
	/* A price of a class alone is no price list. */
	w.site.class_tariffs_len = 1;
	w.site.class_tariffs[0].solution = (uint8_t)world_solution(&w, "loaner_brand");
	w.site.class_tariffs[0].vehicle_class = STR("grand");
	w.site.class_tariffs[0].price_minor = 5;
	assert_int_equal(reason_of("loaner_brand", "grand"), NO_TARIFF);
	/* Earlier reasons speak first. */
	w.request.driver.age_years = 1;
	assert_int_equal(reason_of("loaner_brand", NULL), DRIVER_TOO_YOUNG);
	w.request.distance_km = 100;
	assert_int_equal(reason_of("delivery", NULL), OUT_OF_AREA);
	/* What costs nothing needs no price. */
	w.request.jobs_len = 0;
	assert_int_equal(reason_of("wait_on_site", NULL), OFFERED);
}

/* MAS-2.1: whoever is refused one keeps others. */
static void at_least_two_stay(void **state)
{
	uint32_t offered = 0;

	(void)state;
	reset();
	w.request.driver.age_years = 12;
	w.request.immobile = true;
	w.request.distance_km = 20000;
	for (uint32_t i = 0; i < w.ruleset.solutions_len; i++) {
		decide_terms(&w.terms, &w.request, &w.site, &w.ruleset, i, STR_NULL);
		offered += w.terms.decision != DECISION_NOT_OFFERED;
	}
	assert_int_equal(offered, 2);
}

static void names_of_codes(void **state)
{
	(void)state;
	assert_string_equal(offer_reason_code(OFFERED), "");
	assert_string_equal(offer_reason_code(NO_TARIFF), "NO_TARIFF");
	assert_string_equal(decision_name(DECISION_FREE), "free");
	assert_string_equal(decision_name(DECISION_PAID), "paid");
	assert_string_equal(decision_name(DECISION_PARTLY_FREE), "partly_free");
	assert_string_equal(decision_name(DECISION_NOT_OFFERED), "not_offered");
	assert_string_equal(evidence_code(EVIDENCE_NOT_USED), "NOT_USED");
	/* Sorted, so that a walk over the set is (S10). */
	for (int n = 1; n < NOTES_LEN; n++)
		assert_true(strcmp(note_code((enum note)(n - 1)), note_code((enum note)n)) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(driver_limits),
		cmocka_unit_test(licence_paper),
		cmocka_unit_test(the_car_and_the_way),
		cmocka_unit_test(waiting_on_site),
		cmocka_unit_test(no_tariff),
		cmocka_unit_test(at_least_two_stay),
		cmocka_unit_test(names_of_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
