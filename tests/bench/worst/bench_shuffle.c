/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * How long it takes to decide a booking for which others must change places: one class of 60 cars,
 * two weeks ahead, almost sold out, through the real commands; then wishes that are decided over a
 * look and not made, so that each meets the same calendar. Prints "name value unit" lines.
 *
 *     bench_shuffle [PROBES]
 */

#include <stdio.h>
#include <stdlib.h>

#include "fleet/plan.h"
#include "tests/bench/figure.h"
#include "tests/bench/worst/relais_side.h"
#include "tests/bench/worst/spread.h"

enum {
	CARS = 60,
	FULL = 90,
	AHEAD_DAYS = 14,
	FILLED_DAYS = 42,
	PROBES = 5000,
	PROBES_MAX = 100000,
	TRIES = 20
};

static struct world world;
static struct relais_side relais;

/* As many loans as fill some weeks: where wishes end the calendar is less full. */
static uint32_t loans_of(void)
{
	uint32_t n = 0;

	do {
		world_open(&world, 3, CARS, ++n, FULL);
		world_close(&world);
	} while (world.until < FILLED_DAYS * DAY);
	return n;
}

static void fill(uint32_t loans)
{
	struct answered a;

	for (uint32_t tries = 0; world.len < loans && tries < loans * TRIES; tries++) {
		struct loan wish = world_wish(&world);
		relais_book(&relais, &wish, &a);
	}
}

static enum plan_result decide(const struct loan *wish, struct plan *plan, int64_t *took_ns)
{
	struct arena *a = &relais.arena;
	struct view v;
	struct txn t;
	struct plan_ask ask;
	enum plan_result result;
	const struct solution *solution = solution_find(STR("loaner_brand"));

	arena_reset(a);
	fleet_look(relais.site.fleet, &v, &t, a);
	ask = (struct plan_ask){.roster = roster_of(&v, STR(SITE_ID)),
		.class = STR("grecale"),
		.window = {site_instant(wish->from), site_instant(wish->until)},
		.now = relais.site.still.now,
		.fresh = true};
	ASSERT(ask.roster && solution);
	ask.solution = *solution;
	*took_ns = clock_now_ns();
	result = plan_find(&v, &ask, plan);
	*took_ns = clock_now_ns() - *took_ns;
	fleet_look_end(&v);
	return result;
}

static struct loan wish_soon(void)
{
	struct loan wish;

	do
		wish = world_wish(&world);
	while (wish.from > AHEAD_DAYS * DAY);
	return wish;
}

static void probe(uint32_t probes)
{
	struct spread straight = {0}, shuffled = {0}, refused = {0};
	uint32_t undecided = 0;
	static struct plan plan;

	for (uint32_t i = 0; i < probes; i++) {
		struct loan wish = wish_soon();
		int64_t took_ns;
		enum plan_result result = decide(&wish, &plan, &took_ns);
		undecided += result == PLAN_UNDECIDED;
		if (result == PLAN_FREE)
			spread_add(plan_moves(&plan) ? &shuffled : &straight, took_ns);
		else
			spread_add(&refused, took_ns);
	}
	figure_tell("reshuffle_straight_p50_us", (double)spread_at(&straight, 500) / 1e3, "us");
	figure_tell("reshuffle_p50_us", (double)spread_at(&shuffled, 500) / 1e3, "us");
	figure_tell("reshuffle_p99_us", (double)spread_at(&shuffled, 990) / 1e3, "us");
	figure_tell("reshuffle_refused_p99_us", (double)spread_at(&refused, 990) / 1e3, "us");
	figure_tell("reshuffle_count", shuffled.len, "count");
	figure_tell("reshuffle_undecided", undecided, "count");
	if (shuffled.len == 0) {
		fputs("bench_shuffle: nothing was re-shuffled\n", stderr);
		exit(1);
	}
	spread_free(&straight);
	spread_free(&shuffled);
	spread_free(&refused);
}

int main(int argc, char **argv)
{
	long probes = argc > 1 ? strtol(argv[1], NULL, 10) : PROBES;
	uint32_t loans = loans_of();

	if (probes < 1 || probes > PROBES_MAX) {
		fprintf(stderr, "usage: bench_shuffle [PROBES, at most %d]\n", PROBES_MAX);
		return 64;
	}
	world_open(&world, 3, CARS, loans, FULL);
	relais_open(&relais, &world);
	fill(loans);
	figure_tell("reshuffle_full_percent", (double)world_full(&world) / 100, "%");
	probe((uint32_t)probes);
	relais_close(&relais);
	world_close(&world);
	return 0;
}
