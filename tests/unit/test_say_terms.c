/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/say.h"

#include "tests/lib/judge.h"
#include "tests/lib/world.h"

/* Which sentence follows from which terms, and sentences that are stored and said again. */

static struct world w;
static struct judge_document document;
static char said[SAY_TEXT];

static struct say_figures figures(enum say_template template, const char *language)
{
	return (struct say_figures){.template = template,
		.language = str_from(language),
		.solution = STR("loaner_brand"),
		.right = STR("manufacturer_warranty"),
		.currency = STR("EUR"),
		.value_minor = 58000,
		.customer_minor = 27000,
		.price_minor = 9000,
		.limit_minor = 15000,
		.days_free = 5,
		.days = 8,
		.has_window = true,
		.from = world_at(0, -30),
		.until = world_at(3, 210)};
}

static const char *render(const struct say_figures *f, const char *name)
{
	size_t n = say_render(said, sizeof(said), f, str_from(name));

	assert_true(n > 0 && n == strlen(said));
	return said;
}

/* ---- from terms ---- */

static struct say_figures from_terms(const char *solution, bool checked)
{
	struct say_figures f;
	const struct terms *t = world_decide(&w, solution);

	say_from_terms(&f, t, &w.request, &w.site, &w.ruleset, STR_NULL, checked);
	assert_true(f.language.n == 0);
	return f;
}

static struct benefit *rental(void)
{
	return &w.ruleset.programmes[0].benefit[world_solution(&w, "rental")];
}

static void free_and_paid_terms(void **state)
{
	struct say_figures f;

	(void)state;
	world_reset(&w);
	f = from_terms("rental", true);
	assert_int_equal(f.template, SAY_FREE);
	assert_int_equal(f.value_minor, 3000);
	assert_str(f.right, "manufacturer_warranty");
	assert_true(f.has_window);
	f = from_terms("taxi", true);
	assert_int_equal(f.template, SAY_FREE);
	assert_false(f.has_window);
	f = from_terms("rental", false);
	assert_int_equal(f.template, SAY_NOT_CHECKED);
	assert_int_equal(f.value_minor, 0);
	assert_int_equal(f.right.n, 0);
	w.request.coverages_len = 0;
	f = from_terms("rental", true);
	assert_int_equal(f.template, SAY_PAID_DAY);
	assert_int_equal(f.price_minor, 1000);
	assert_int_equal(f.customer_minor, 3000);
	assert_int_equal(f.days, 3);
	f = from_terms("rental", false);
	assert_int_equal(f.template, SAY_NOT_CHECKED);
	assert_int_equal(f.customer_minor, 0);
	f = from_terms("taxi", true);
	assert_int_equal(f.template, SAY_PAID_TRIP);
	w.site.tariff[world_solution(&w, "taxi")].price_minor = 0;
	f = from_terms("taxi", true);
	assert_int_equal(f.template, SAY_FREE_NO_VALUE);
}

static void partly_free_terms(void **state)
{
	struct say_figures f;

	(void)state;
	world_reset(&w);
	rental()->max_days = 2;
	f = from_terms("rental", true);
	assert_int_equal(f.template, SAY_PARTLY_DAYS);
	assert_int_equal(f.days_free, 2);
	/* The customer kept the car: still the first days. */
	w.request.loan_to = world_at(5, 0);
	f = from_terms("rental", true);
	assert_int_equal(f.template, SAY_PARTLY_DAYS);
	assert_int_equal(f.days_free, 2);
	/* A waiting period takes the first days away. */
	rental()->from_day = 2;
	f = from_terms("rental", true);
	assert_int_equal(f.template, SAY_PARTLY);
	rental()->from_day = 1;
	w.request.loan_from = world_at(-1, 0);
	f = from_terms("rental", true);
	assert_int_equal(f.template, SAY_PARTLY);
	w.request.loan_from = world_at(0, 0);
	rental()->max_per_day = 500;
	f = from_terms("rental", true);
	assert_int_equal(f.template, SAY_PARTLY);
	w.ruleset.programmes[0].benefit[world_solution(&w, "taxi")].max_amount = 400;
	f = from_terms("taxi", true);
	assert_int_equal(f.template, SAY_PARTLY_UP_TO);
	assert_int_equal(f.limit_minor, 400);
	w.ruleset.programmes[0].benefit[world_solution(&w, "pickup")].max_distance_km = 1;
	f = from_terms("pickup", true);
	assert_int_equal(f.template, SAY_PARTLY);
}

/* What the dealer bears, or is only asked for, is not called a right. */
static void rights_that_are_none(void **state)
{
	struct say_figures f;

	(void)state;
	world_reset(&w);
	rental()->max_days = 0;
	rental()->excess_payer = EXCESS_ASK;
	f = from_terms("rental", true);
	assert_int_equal(f.template, SAY_FREE);
	assert_str(f.right, "dealer_policy");
	w.request.coverages_len = 0;
	world_goodwill(&w, "rental", 5000);
	f = from_terms("rental", true);
	assert_int_equal(f.template, SAY_PARTLY);
	assert_str(f.right, "goodwill");
}

static void refused_terms(void **state)
{
	struct say_figures f;

	(void)state;
	world_reset(&w);
	w.ruleset.driver_limits_len = 1;
	w.ruleset.driver_limits[0] = (struct driver_limit){
		.solution = STR("rental"), .min_age = 25, .min_licence_years = 3, .max_age = 70};
	w.request.driver.given = true;
	w.request.driver.age_years = 22;
	f = from_terms("rental", false);
	assert_int_equal(f.template, SAY_REFUSED_AGE);
	assert_int_equal(f.min_age, 25);
	assert_int_equal(f.max_age, 0);
	f.language = STR("fr");
	assert_null(strstr(render(&f, NULL), "22"));
	w.request.driver.age_years = 71;
	f = from_terms("rental", true);
	assert_int_equal(f.template, SAY_REFUSED_AGE);
	assert_int_equal(f.max_age, 70);
	assert_int_equal(f.min_age, 0);
	w.request.driver.age_years = 30;
	f = from_terms("rental", true);
	assert_int_equal(f.template, SAY_REFUSED_LICENCE);
	assert_int_equal(f.min_licence_years, 3);
	w.request.driver.licence_years = 9;
	w.request.driver.licence_expires = true;
	f = from_terms("rental", true);
	assert_int_equal(f.template, SAY_REFUSED_LICENCE);
	assert_int_equal(f.min_licence_years, 0);
	w.request.immobile = true;
	assert_int_equal(from_terms("pickup", true).template, SAY_REFUSED_NOT_DRIVABLE);
	w.request.distance_km = 999;
	assert_int_equal(from_terms("delivery", true).template, SAY_REFUSED_AREA);
	assert_int_equal(from_terms("wait_on_site", true).template, SAY_REFUSED);
}

/* ---- stored and read again ---- */

static void stored_sentences_are_said_again(void **state)
{
	static char buf[4096], first[SAY_TEXT];

	(void)state;
	for (int t = 0; t < SAY_TEMPLATES_LEN; t++)
		for (int full = 0; full < 2; full++) {
			struct say_figures f = figures((enum say_template)t, "fr"), again;
			struct json_writer writer;
			if (full) {
				f.proposals_len = 2;
				f.proposals[0] = world_at(2, 30);
				f.proposals[1] = world_at(28, 360);
				f.has_alternative = true;
				f.alternative = STR("loaner_other");
				f.alternative_minor = 400;
				f.min_age = 25;
				f.confirm_at_drop_off = true;
				f.solution_name = STR("un vélo");
				f.max_age = 80;
				f.min_licence_years = 2;
			} else {
				f.has_window = false;
			}
			json_writer_init(&writer, buf, sizeof(buf));
			say_write(&writer, &f);
			struct str written = json_written(&writer);
			struct json root = judge_parse(&document, written);
			assert_true(document.doc.canonical);
			assert_true(say_read(&again, root));
			snprintf(first, sizeof(first), "%s", render(&f, "Madame Roux"));
			assert_string_equal(render(&again, "Madame Roux"), first);
			assert_null(strstr(buf, "Roux"));
			assert_true(say_template_name(f.template)[0] != '\0');
		}
}

static void damaged_sentences_are_refused(void **state)
{
	static const char *const wrong[] = {
		"{}",
		"[]",
		"{\"template\":\"song\"}",
		"{\"template\":3}",
		"{\"template\":\"free\",\"from\":\"2026-05-04T09:00:00+02:00\"}",
		"{\"template\":\"free\",\"from\":\"x\",\"until\":\"y\"}",
		"{\"template\":\"free\",\"value_minor\":-1}",
		"{\"template\":\"free\",\"days\":100000}",
		"{\"template\":\"full\",\"proposals\":[\"x\"]}",
		"{\"template\":\"full\",\"proposals\":[1,2,3]}",
	};
	struct say_figures f;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		if (say_read(&f, judge_parse(&document, str_from(wrong[i]))))
			fail_msg("%s", wrong[i]);
	assert_true(say_read(&f, judge_parse(&document, STR("{\"template\":\"free\"}"))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(free_and_paid_terms),
		cmocka_unit_test(partly_free_terms),
		cmocka_unit_test(rights_that_are_none),
		cmocka_unit_test(refused_terms),
		cmocka_unit_test(stored_sentences_are_said_again),
		cmocka_unit_test(damaged_sentences_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
