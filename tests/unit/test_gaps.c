/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The gaps between what stays, held against every minute: few and very many claims to a seat, what
 * may be moved and what may not, turnaround, days of use, seats of another type. */

#include "fleet/gaps.h"
#include "tests/lib/check.h"

enum { SEATS = 5, MINUTES = 4000, CLAIMS_MAX = SEATS * MINUTES, WORLDS = 60, QUESTIONS = 300 };

static struct resource resources[SEATS];
static struct pool_seat seats[SEATS];
static struct pool_claim claims[CLAIMS_MAX];
static uint32_t first[SEATS + 1];
static bool stays[SEATS][2 * MINUTES];

static uint32_t chance(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33) % below;
}

static void lay_claims(struct pool *p, uint16_t seat, uint64_t *seed)
{
	uint32_t dense = chance(seed, 2) ? 12 : 400;

	for (uint32_t at = chance(seed, dense); at < MINUTES; at += 1 + chance(seed, dense)) {
		struct pool_claim *c = &claims[p->claims_len++];
		uint32_t until = at + 1 + chance(seed, dense);
		*c = (struct pool_claim){
			.row = {at, until, 1, CLAIM_CAR, false}, .fixed = chance(seed, 4) > 0};
		for (uint32_t m = at; m < until && c->fixed; m++)
			stays[seat][m] = true;
		at = until;
	}
}

static struct pool a_pool(uint64_t *seed)
{
	struct pool p = {.seats_len = SEATS, .seats = seats, .claims = claims, .first = first};
	bool open_end = chance(seed, 2) > 0;

	memset(stays, 0, sizeof stays);
	for (uint16_t i = 0; i < SEATS; i++) {
		resources[i] = (struct resource){.turnaround = chance(seed, 3) * 15,
			.usable_from = chance(seed, 3) ? 0 : chance(seed, MINUTES),
			.usable_until = open_end || chance(seed, 3) == 0
						? MINUTE_FOREVER
						: MINUTES / 2 + chance(seed, MINUTES / 2)};
		seats[i] =
			(struct pool_seat){.resource = &resources[i], .type = chance(seed, 4) == 0};
		first[i] = p.claims_len;
		lay_claims(&p, i, seed);
	}
	first[SEATS] = p.claims_len;
	return p;
}

static bool fits(const struct pool *p, uint16_t seat, uint32_t from, uint32_t minutes)
{
	const struct resource *r = p->seats[seat].resource;

	if (p->seats[seat].type || from < r->usable_from || from + minutes > r->usable_until)
		return false;
	for (uint32_t m = from; m < from + minutes + r->turnaround; m++)
		if (m < 2 * MINUTES && stays[seat][m])
			return false;
	return true;
}

static uint32_t next_by_minutes(const struct pool *p, uint32_t from, uint32_t minutes)
{
	for (uint32_t at = from; at < 2 * MINUTES; at++)
		for (uint16_t seat = 0; seat < SEATS; seat++)
			if (fits(p, seat, at, minutes))
				return at;
	return MINUTE_FOREVER;
}

static void against_every_minute(void **state)
{
	struct arena arena;
	uint64_t seed = 1;
	uint32_t never = 0, later = 0;

	(void)state;
	arena_init(&arena, ARENA_MAX_DEFAULT);
	for (int world = 0; world < WORLDS; world++) {
		struct pool p = a_pool(&seed);
		struct gaps g;
		arena_reset(&arena);
		assert_true(gaps_of(&g, &arena, &p, 1));
		for (int i = 0; i < QUESTIONS; i++) {
			uint32_t from = chance(&seed, MINUTES + 100);
			uint32_t minutes = 1 + chance(&seed, chance(&seed, 2) ? 60 : 900);
			uint32_t at = gaps_next(&g, from, minutes);
			assert_int_equal(at, next_by_minutes(&p, from, minutes));
			never += at == MINUTE_FOREVER;
			later += at != MINUTE_FOREVER && at > from;
		}
	}
	assert_true(never > 100 && later > 5000);
	arena_deinit(&arena);
}

static void no_seat_has_no_gap(void **state)
{
	struct pool p = {.seats = seats, .first = first};
	struct arena arena;
	struct gaps g;

	(void)state;
	arena_init(&arena, ARENA_MAX_DEFAULT);
	assert_true(gaps_of(&g, &arena, &p, 1));
	assert_int_equal(gaps_next(&g, 0, 1), MINUTE_FOREVER);
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_every_minute),
		cmocka_unit_test(no_seat_has_no_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
