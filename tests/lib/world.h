/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A small world for tests of decisions, built as structs: one site, the ten known solutions, one
 * programme "P" that pays for all of them, a stay of three days. Each test changes what it is
 * about.
 */

#include "rules/decision.h"
#include "rules/solution.h"
#include "tests/lib/check.h"

enum { WORLD_DAY_S = 86400 };

struct world {
	struct ruleset ruleset;
	struct site_terms site;
	struct decision_request request;
	struct terms terms;
};

/* Monday 2026-05-04, 09:00 in a zone two hours ahead, plus days and minutes of the wall clock. */
static inline struct local world_at(int days, int minutes)
{
	int64_t monday = (int64_t)day_from_civil(2026, 5, 4).n * WORLD_DAY_S;
	return (struct local){monday + 9 * 3600 + days * WORLD_DAY_S + minutes * 60, 7200};
}

static inline uint32_t world_solution(const struct world *w, const char *id)
{
	int at = ruleset_solution_index(&w->ruleset, str_from(id));
	assert_true(at >= 0);
	return (uint32_t)at;
}

static inline struct benefit world_benefit(void)
{
	return (struct benefit){.present = true,
		.cost_code = STR("C"),
		.from_day = 1,
		.max_days = NO_LIMIT,
		.max_per_day = NO_LIMIT,
		.max_amount = NO_LIMIT,
		.max_distance_km = NO_LIMIT};
}

/* A further programme that pays for everything; priorities ascend by themselves. */
static inline struct programme *world_programme(struct world *w, const char *id)
{
	struct programme *p = &w->ruleset.programmes[w->ruleset.programmes_len++];

	*p = (struct programme){.id = str_from(id),
		.name = str_from(id),
		.kind = STR("manufacturer_warranty"),
		.payer = STR("manufacturer"),
		.priority = (int32_t)(w->ruleset.programmes_len * 10),
		.requires_coverage = true,
		.transferable = true,
		.continues_after_expiry = true,
		.months = NO_LIMIT,
		.odometer_limit_km = NO_LIMIT,
		.max_uses = NO_LIMIT,
		.markets_len = 1,
		.markets = {STR("EU")},
		.job_types = 1,
		.any_segment = true};
	for (uint32_t i = 0; i < w->ruleset.solutions_len; i++)
		p->benefit[i] = world_benefit();
	return p;
}

static inline struct coverage *world_coverage(struct world *w, const char *programme)
{
	struct coverage *c = &w->request.coverages[w->request.coverages_len++];

	*c = (struct coverage){.programme = str_from(programme),
		.owner_id = STR("K1"),
		.has_start = true,
		.start_on = day_from_civil(2025, 1, 1)};
	return c;
}

static inline void world_site(struct world *w)
{
	struct site_terms *s = &w->site;

	s->market = STR("EU");
	s->currency = STR("EUR");
	s->max_service_distance_km = 60;
	s->accompanied_max_km = 20;
	s->wait_minutes = 120;
	for (uint32_t i = 0; i < w->ruleset.solutions_len; i++) {
		enum solution_unit unit = w->ruleset.solutions[i].solution.unit;
		if (unit == UNIT_NONE)
			continue;
		s->tariff[i] = (struct tariff){.present = true,
			.unit = unit,
			.price_minor = unit == UNIT_DAY ? 1000 : 300,
			.trips = 2,
			.legs = 2,
			.base_minor = 100,
			.per_km_minor = 10};
	}
}

static inline void world_reset(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->ruleset.version = STR("world");
	for (uint32_t i = 0; i < solutions_known_len; i++)
		w->ruleset.solutions[w->ruleset.solutions_len++].solution = solutions_known[i];
	w->ruleset.job_types_len = 2;
	w->ruleset.job_types[0] = STR("repair");
	w->ruleset.job_types[1] = STR("service");
	w->ruleset.segments_len = 2;
	w->ruleset.segments[0] = STR("private");
	w->ruleset.segments[1] = STR("vip");
	(void)world_programme(w, "P");
	world_site(w);

	w->request = (struct decision_request){.drop_off = world_at(0, 0),
		.ready = world_at(3, 0),
		.loan_from = world_at(0, 0),
		.loan_to = world_at(3, 0),
		.jobs_len = 1,
		.jobs = {{STR("repair"), 600}},
		.distance_km = 10,
		.odometer_km = 1000,
		.owner_id = STR("K1"),
		.customer_id = STR("K1"),
		.segment = STR("private")};
	(void)world_coverage(w, "P");
}

static inline const struct terms *world_decide(struct world *w, const char *solution)
{
	decide_terms(&w->terms, &w->request, &w->site, &w->ruleset, world_solution(w, solution),
		STR_NULL);
	return &w->terms;
}

/* "NOTE_A NOTE_B", sorted as they are listed. */
static inline const char *world_notes(const struct terms *t)
{
	static char text[400];
	size_t n = 0;

	text[0] = '\0';
	for (int i = 0; i < NOTES_LEN; i++)
		if (t->notes & UINT32_C(1) << i)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", n ? " " : "",
				note_code((enum note)i));
	return text;
}

/* "P manufacturer C 3 3000; ..." */
static inline const char *world_rows(const struct terms *t)
{
	static char text[1000];
	size_t n = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < t->covered_len; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%.*s %.*s %.*s %d %lld",
			n ? "; " : "", STR_FMT(t->covered[i].programme),
			STR_FMT(t->covered[i].payer), STR_FMT(t->covered[i].cost_code),
			t->covered[i].units, (long long)t->covered[i].amount_minor);
	return text;
}

/* What the definitions promise of every offered solution. */
static inline void world_invariants(const struct terms *t)
{
	int64_t value = 0;
	int32_t days = 0;

	for (uint32_t i = 0; i < t->covered_len; i++) {
		assert_true(t->covered[i].amount_minor > 0);
		assert_true(t->covered[i].payer.n > 0 && t->covered[i].cost_code.n > 0);
		value += t->covered[i].amount_minor;
		if (!str_is(t->covered[i].programme, "GOODWILL"))
			days += t->covered[i].units;
	}
	assert_int_equal(value, t->value_minor);
	assert_int_equal(t->gross_minor, t->customer_minor + t->value_minor);
	assert_true(t->customer_minor >= 0);
	if (t->decision != DECISION_NOT_OFFERED) {
		assert_true(days <= t->units);
		assert_true(t->payers_len > 0);
	}
}

static inline struct benefit *world_benefit_of(
	struct world *w, uint32_t programme, const char *solution)
{
	return &w->ruleset.programmes[programme].benefit[world_solution(w, solution)];
}

static inline void world_stay(struct world *w, int days)
{
	w->request.ready = w->request.loan_to = world_at(days, 0);
}

static inline void world_goodwill(struct world *w, const char *solution, int percent_bp)
{
	w->request.goodwill = (struct goodwill){.given = true,
		.percent_bp = percent_bp,
		.payer = STR("importer"),
		.cost_code = STR("G"),
		.authorisation_ref = STR("GW"),
		.solutions_len = 1,
		.solutions = {str_from(solution)}};
}

/* Decides and compares what the customer pays, the rows and the notes. */
static inline void world_expect(struct world *w, const char *solution, int64_t customer_minor,
	const char *rows, const char *notes)
{
	const struct terms *t = world_decide(w, solution);

	world_invariants(t);
	assert_string_equal(world_rows(t), rows);
	assert_string_equal(world_notes(t), notes);
	assert_int_equal(t->customer_minor, customer_minor);
	if (customer_minor == 0)
		assert_int_equal(t->decision, DECISION_FREE);
	else
		assert_int_equal(
			t->decision, t->value_minor == 0 ? DECISION_PAID : DECISION_PARTLY_FREE);
}

static inline void world_expect_payers(const struct world *w, const char *expected)
{
	char text[200];
	size_t n = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < w->terms.payers_len; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%.*s", n ? " " : "",
			STR_FMT(w->terms.payers[i]));
	assert_string_equal(text, expected);
}
