/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Proves that no order of commands breaks a promise: seeded chance plays bookings, returns, late
 * cars, blocks, changed resources and a clock that jumps on the small dealership; after every step
 * the oracle judges the stored objects. Each seed runs twice and must write the same journal, and
 * the projection and every decision are checked against it at the end. RELAIS_LONG=1 plays more.
 */

#include "tests/unit/random_waiting.h"

enum { SEEDS = 30, STEPS = 300, SEEDS_LONG = 300 };

static uint32_t at_risk; /* steps at which somebody was */

static void step(void)
{
	uint32_t n = draw(100);

	if (n < 25)
		step_make();
	else if (n < 30)
		(draw(8) ? step_wait : step_leave)();
	else if (n < 40)
		step_out();
	else if (n < 44)
		step_in();
	else if (n < 49)
		step_exchange();
	else if (n < 52)
		step_late();
	else if (n < 57)
		step_extend();
	else if (n < 61)
		step_reschedule();
	else if (n < 64)
		step_change();
	else if (n < 68)
		step_move();
	else if (n < 71)
		step_verb(draw(2) ? VERB_BOOKING_PIN : VERB_BOOKING_UNPIN, "booked", "{}");
	else if (n < 74)
		step_verb(VERB_BOOKING_BOOK, "held", "{}");
	else if (n < 76)
		step_verb(VERB_BOOKING_CANCEL, "booked", "{\"reason\":\"plans\"}");
	else if (n < 78)
		step_verb(VERB_BOOKING_NO_SHOW, "booked", "{}");
	else if (n < 80)
		step_reinstate();
	else if (n < 82)
		step_correct();
	else if (n < 84)
		step_block();
	else if (n < 85)
		step_unblock();
	else if (n < 86)
		step_resource();
	else if (n < 88)
		step_done();
	else if (n < 94)
		(void)play(VERB_TICK, NULL, NULL);
	else
		step_clock();
}

/* ---- one seed ---- */

static void resource(const char *id, const char *kind, const char *class, const char *solutions,
	int seats, int turnaround)
{
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"%s\",\"kind\":\"%s\",\"label\":\"%s\",\"seats\":%d,\"site\":\"LYO\","
		"\"solutions\":[%s],\"status\":\"active\",\"turnaround_minutes\":%d}",
		class, kind, id, seats, solutions, turnaround);

	dealer_must(&w, VERB_RESOURCE_PUT, "LYO", id, body.p, OK);
}

/* What is open is about a trouble that is there, and no trouble has two. */
static void judge_tasks(struct view *v)
{
	struct list_page page = {500, STR_NULL};
	struct json open = json_get(
		arena_json(&w.arena, render_tasks(v, STR("LYO"), STR("open"), &page), NULL),
		"items");

	for (struct json task = json_first(open); json_present(task);
		task = json_next(open, task)) {
		struct str booking = json_str_at(task, "booking"), kind = json_str_at(task, "kind");
		const struct oracle_row *r = row_of(booking);
		bool overdue = str_is(kind, "overdue"), waiting = str_is(kind, "waiting");
		assert_true(overdue   ? strcmp(r->status, "out") == 0
			    : waiting ? strcmp(r->status, "held") == 0
				      : r->at_risk);
		assert_true(overdue || strcmp(r->status, "held") == 0 ||
			    strcmp(r->status, "booked") == 0);
		for (struct json other = json_next(open, task); json_present(other);
			other = json_next(open, other))
			assert_false(str_eq(json_str_at(other, "booking"), booking) &&
				     str_eq(json_str_at(other, "kind"), kind));
	}
}

static void judge(void)
{
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	oracle_check(&oracle, &t, &w.arena);
	judge_tasks(&v);
	judge_waiting(&v);
	fleet_look_end(&v);
	for (uint32_t i = 0; i < oracle.len; i++)
		if (oracle.rows[i].at_risk) {
			at_risk++;
			break;
		}
	arena_reset(&w.arena);
}

static struct hash run(uint64_t seed, int steps, bool verify)
{
	struct journal_head head;
	struct view v;
	struct txn t;

	dealer_open(&w);
	chance = seed * UINT64_C(0x2545f4914f6cdd1d);
	oracle.len = 0;
	resource("M1", "car", "multi", "\"accompanied_drive\",\"loaner_brand\"", 1, 15);
	resource("R3", "allotment", "rental_d", "\"rental\"", 3, 15);
	resource("T1", "allotment", "taxi", "\"taxi\"", 2, 0);
	resource("CH2", "chauffeur", "helper",
		"\"pickup\",\"pickup_delivery\",\"accompanied_drive\"", 1, 20);
	resource("D2", "desk", "desk", "", 1, 0);
	refresh_offer();
	for (int i = 0; i < steps; i++) {
		step();
		judge();
	}
	if (verify)
		dealer_check(&w);
	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(journal_head(&t, STR("LYO"), &head));
	fleet_look_end(&v);
	dealer_close(&w);
	return head.hash;
}

static void no_order_of_commands_breaks_a_promise(void **state)
{
	bool more = getenv("RELAIS_LONG") != NULL;
	const char *only = getenv("RELAIS_SEED");
	uint64_t first = only ? strtoull(only, NULL, 10) : 1;
	uint64_t last = only ? first : more ? SEEDS_LONG : SEEDS;

	(void)state;
	for (uint64_t seed = first; seed <= last; seed++) {
		print_message("seed %llu\n", (unsigned long long)seed);
		struct hash once = run(seed, STEPS, true), twice = run(seed, STEPS, false);
		assert_memory_equal(once.bytes, twice.bytes, HASH_LEN);
	}
	if (only)
		return;
	for (int v = VERB_BOOKING_MAKE; v <= VERB_BOOKING_CORRECT;
		v++) { /* else nothing was proven */
		print_message("%s: %u\n", verb_kind((enum verb)v), done[v]);
		assert_true(done[v] >= SEEDS / 2);
	}
	assert_true(at_risk > SEEDS);
	assert_true(offered > SEEDS);
	assert_true(done[VERB_WAITING_ADD] > SEEDS && done[VERB_WAITING_DROP]);
	print_message("%s: %u\n", verb_kind(VERB_TASK_DONE), done[VERB_TASK_DONE]);
	assert_true(done[VERB_TASK_DONE] >= SEEDS / 2);
	assert_true(done[VERB_BLOCK_ADD] && done[VERB_BLOCK_REMOVE] && done[VERB_TICK] &&
		    done[VERB_RESOURCE_PUT]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_order_of_commands_breaks_a_promise),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
