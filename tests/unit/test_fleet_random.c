/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Proves that no order of commands breaks a promise: seeded chance plays bookings, returns, late
 * cars, blocks, changed resources and a clock that jumps on the small dealership; after every step
 * the oracle judges the stored objects. Each seed runs twice and must write the same journal, and
 * the projection and every decision are checked against it at the end. RELAIS_LONG=1 plays more.
 */

#include "fleet/standing.h"
#include "tests/lib/dealer_waiting.h"

enum { SEEDS = 30, STEPS = 300, SEEDS_LONG = 300 };

static uint32_t at_risk; /* steps at which somebody was */

static struct oracle judged;
static uint32_t done[VERBS_LEN]; /* over all seeds: what really happened */
static uint32_t offered;	 /* steps at which a place was held for somebody who waited */

static enum outcome played(struct command *c)
{
	enum outcome o = c->outcome;

	assert_false(outcome_is_fault(o));
	done[c->verb] += o == OK && c->seq > 0;
	command_free(c);
	return o;
}

static enum outcome play(enum verb verb, const char *target, const char *body)
{
	return played(dealer_do(&w, verb, "LYO", target, body, NULL));
}

static enum outcome play_put(enum verb verb, const char *target, const char *body)
{
	enum outcome o = played(dealer_put(&w, verb, "LYO", target, body, "*"));

	assert_true(o == OK || (verb == VERB_RESOURCE_PUT && o == REFUSED_IN_USE));
	return o;
}

/* ---- one seed ---- */

static const struct oracle_row *row_of(struct str booking)
{
	for (uint32_t i = 0; i < judged.len; i++)
		if (str_is(booking, judged.rows[i].id))
			return &judged.rows[i];
	fail_msg("there is no booking %.*s", STR_FMT(booking));
	return NULL;
}

/* What is open is about a trouble that is there, and no trouble has two. */
static void judge_tasks(struct view *v)
{
	struct list_page page = {.limit = 500};
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

/* A place that was offered is held; whoever's is not held any more has it, or has not. */
static void judge_waiting(struct view *v)
{
	struct json all = waiting_now(v, "offered");

	offered += json_count(all) > 0;
	for (struct json one = json_first(all); json_present(one); one = json_next(all, one))
		assert_string_equal(row_of(json_str_at(one, "booking"))->status, "held");
	all = waiting_now(v, "over");
	for (struct json one = json_first(all); json_present(one); one = json_next(all, one))
		if (json_str_at(one, "booking").n)
			assert_string_not_equal(
				row_of(json_str_at(one, "booking"))->status, "held");
}

/* What apply counts is what is there. */
static void judge_standing(struct view *v)
{
	struct standing counted;

	standing_count(v, &counted);
	for (int s = 0; s < BOOKING_STATUSES_LEN; s++) {
		uint64_t there = 0;
		for (uint32_t i = 0; i < judged.len; i++)
			there += strcmp(judged.rows[i].status,
					 booking_status_name((enum booking_status)s)) == 0;
		assert_int_equal(counted.state[s], there);
	}
}

static void judge(void)
{
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	oracle_check(&judged, &t, &w.arena);
	judge_tasks(&v);
	judge_waiting(&v);
	judge_standing(&v);
	fleet_look_end(&v);
	for (uint32_t i = 0; i < judged.len; i++)
		if (judged.rows[i].at_risk) {
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
	oracle = &judged;
	judged.len = 0;
	dealer_grow(&w);
	refresh_offer();
	for (int i = 0; i < steps; i++) {
		dealer_step();
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
