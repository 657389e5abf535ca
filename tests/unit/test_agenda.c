/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Agendas answer as the calendar does: for any seat, window and exception, after each commit, when
 * there is no memory for them, and for whoever is writing. */

#include "fleet/agenda.h"
#include "fleet/rosters.h"
#include "tests/lib/claims.h"

enum { SEATS = 400, ROUNDS = 40, QUESTIONS = 3000, YEAR = 366 * 1440, SOME = 700 };

static uint32_t chance(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33) % below;
}

static struct seat seat_at(uint32_t i, char name[16])
{
	int n = snprintf(name, 16, "CAR-%u", i / 2);

	return (struct seat){{name, (size_t)n}, (uint16_t)(i % 2)};
}

/* Some seats are full of short claims, most have a few, some have none. */
static uint32_t a_seat(uint64_t *seed)
{
	return chance(seed, 3) ? chance(seed, 4) : chance(seed, SEATS);
}

static void write_some(struct world *w, uint64_t *seed, uint32_t *serial)
{
	char name[16];

	for (uint32_t i = 0; i < 300; i++) {
		struct seat seat = seat_at(a_seat(seed), name);
		uint32_t from = chance(seed, YEAR), until = from + 1 + chance(seed, 2880);
		struct claim_row found[2];
		if (calendar_is_free(&w->txn, seat, from, until, 0))
			calendar_add(&w->txn, seat,
				(struct claim_row){from, until, ++*serial,
					chance(seed, 9) ? CLAIM_CAR : CLAIM_EARLIER_CAR, false});
		else if (calendar_claims(&w->txn, seat, from, until, found, 2) == 1 &&
			 chance(seed, 4) == 0)
			calendar_remove(&w->txn, seat, found[0].from, found[0].serial);
	}
}

static void ask_some(struct view *v, uint64_t *seed, uint32_t serial)
{
	static struct claim_row a[SOME], b[SOME];
	char name[16];

	for (uint32_t i = 0; i < QUESTIONS; i++) {
		struct seat seat = seat_at(a_seat(seed), name);
		uint32_t from = chance(seed, YEAR + 100000), gap_a = 0, gap_b = 0;
		uint32_t until = from + 1 + chance(seed, chance(seed, 2) ? 1440 : YEAR);
		uint32_t except = chance(seed, 2) ? 1 + chance(seed, serial) : 0;
		size_t n = calendar_claims(v->txn, seat, from, until, a, SOME);
		bool fits;
		if (n > 0 && chance(seed, 2))
			except = a[chance(seed, (uint32_t)n)].serial;
		assert_int_equal(agenda_claims(v, seat, from, until, b, SOME), n);
		assert_in_range(n, 0, SOME);
		for (size_t k = 0; k < n; k++) {
			assert_int_equal(a[k].from, b[k].from);
			assert_int_equal(a[k].until, b[k].until);
			assert_int_equal(a[k].serial, b[k].serial);
			assert_int_equal(a[k].what, b[k].what);
		}
		assert_int_equal(agenda_claims(v, seat, from, until, b, 1), n);
		assert_int_equal(agenda_is_free(v, seat, from, until, except),
			calendar_is_free(v->txn, seat, from, until, except));
		fits = calendar_fit(v->txn, seat, from, until, except, &gap_a);
		assert_int_equal(agenda_fit(v, seat, from, until, except, &gap_b), fits);
		if (fits)
			assert_int_equal(gap_a, gap_b);
	}
}

static void as_the_calendar(size_t max_bytes)
{
	struct world w;
	struct rosters *rosters = rosters_new();
	uint64_t seed = 7;
	uint32_t serial = 0;

	assert_non_null(rosters);
	agendas_free(rosters->agendas);
	rosters->agendas = agendas_new(max_bytes);
	assert_non_null(rosters->agendas);
	world_open(&w);
	for (int i = 0; i < ROUNDS; i++) {
		struct view writing = {.txn = &w.txn, .rosters = rosters};
		struct txn t;
		struct view reading = {.txn = &t, .rosters = rosters};
		write_some(&w, &seed, &serial);
		ask_some(&writing, &seed, serial); /* what is not committed yet is seen */
		world_commit(&w);
		txn_begin(&t, w.store, false);
		ask_some(&reading, &seed, serial);
		write_some(&w, &seed, &serial); /* and what a reader saw first stays as it was */
		ask_some(&reading, &seed, serial);
		txn_abort(&t);
	}
	rosters_free(rosters);
	world_close(&w);
}

static void test_as_the_calendar(void **state)
{
	(void)state;
	as_the_calendar(AGENDAS_MAX_BYTES);
}

static void test_without_room_for_all(void **state)
{
	(void)state;
	as_the_calendar(1);
	as_the_calendar(50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_as_the_calendar),
		cmocka_unit_test(test_without_room_for_all)};

	return cmocka_run_group_tests_name("agenda", tests, NULL, NULL);
}
