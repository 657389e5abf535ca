/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Utilisation against an oracle that knows nothing of bookings, weeks or days: chance plays on the
 * small dealership, then each minute of each car is asked of the calendar, one by one, and where it
 * was being made ready, of the return itself. Loans and returns are counted from the oracle's own
 * list of bookings.
 */

#include "fleet/pool.h"
#include "tests/lib/dealer_waiting.h"

#include "tests/lib/figured.h"

enum { SEEDS = 16, STEPS = 350, DAYS = 20 };

static struct oracle judged;
static uint64_t used_in_all, blocked_in_all, returned_in_all, broken_in_all;

static enum outcome play(enum verb verb, const char *target, const char *body)
{
	struct command *c = dealer_do(&w, verb, "LYO", target, body, NULL);
	enum outcome o = c->outcome;

	assert_false(outcome_is_fault(o));
	command_free(c);
	return o;
}

static enum outcome play_put(enum verb verb, const char *target, const char *body)
{
	struct command *c = dealer_put(&w, verb, "LYO", target, body, "*");
	enum outcome o = c->outcome;

	command_free(c);
	return o;
}

/* ---- the oracle ---- */

struct minutes {
	uint32_t in_service, used, blocked;
};

static bool in_service(const struct resource *r, struct day day)
{
	struct day first, last;

	if (doc_day(r->doc, "in_service_on", &first) && day.n < first.n)
		return false;
	if (doc_day(r->doc, "out_of_service_on", &last))
		return day.n < last.n;
	return !str_is(json_str_at(r->doc, "status"), "retired");
}

/* What followed stood fast, or the car was ready soon: less than the turnaround was left. */
static bool was_not_back(struct view *v, uint32_t serial, uint32_t minute)
{
	struct instant left;
	struct booking b;

	if (!booking_of_serial(v, STR("LYO"), serial, &b) || b.status != BOOKING_RETURNED)
		return false;
	assert_true(doc_instant(json_get(b.doc, "in"), "at", &left));
	(void)doc_instant(json_get(b.doc, "in"), "left_at", &left);
	return (int64_t)minute * 60 < left.s;
}

static void judge_minute(
	struct view *v, const struct resource *r, uint32_t minute, struct minutes *m)
{
	struct claim_row claims[4];
	size_t n = calendar_claims(v->txn, (struct seat){r->id, 0}, minute, minute + 1, claims, 4);

	assert_true(n <= 1);
	m->in_service++;
	if (n && claims[0].what == CLAIM_BLOCK)
		m->blocked++;
	else if (n && minute + r->turnaround < claims[0].until)
		m->used++;
	else if (n && claims[0].what == CLAIM_CAR && was_not_back(v, claims[0].serial, minute))
		m->used++;
}

static struct minutes judge_day(
	struct view *v, const struct roster *roster, struct str class, struct day day)
{
	struct minutes m = {0, 0, 0};

	for (uint32_t i = 0; i < roster->resources_len; i++) {
		const struct resource *r = &roster->resources[i];
		struct instant at = {((int64_t)day.n - 1) * 86400};
		if (r->kind != RESOURCE_CAR || !str_eq(r->class, class) || !in_service(r, day))
			continue;
		for (; at.s < ((int64_t)day.n + 2) * 86400; at.s += 60)
			if (local_day(roster_local(roster, at)).n == day.n)
				judge_minute(v, r, minute_down(at), &m);
	}
	return m;
}

static void judge_use(const struct figures *f)
{
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	for (uint32_t i = 0; i < f->classes_len; i++)
		for (uint32_t d = 0; d < f->days_len; d++) {
			const struct class_use *c = &f->classes[i];
			struct minutes m = judge_day(&v, roster_of(&v, STR("LYO")), c->class,
				(struct day){f->from.n + (int32_t)d});
			assert_int_equal(c->days[d].in_service, m.in_service);
			assert_int_equal(c->days[d].used, m.used);
			assert_int_equal(c->days[d].blocked, m.blocked);
			used_in_all += m.used;
			blocked_in_all += m.blocked;
		}
	fleet_look_end(&v);
}

/* ---- bookings, each by itself ---- */

static bool held(const struct figures *f, struct json doc, const char *key)
{
	struct instant at;

	return doc_instant(doc, key, &at) && at.s >= (int64_t)f->day_start[0] * 60 &&
	       at.s < (int64_t)f->day_start[f->days_len] * 60;
}

static void judge_loans(const struct figures *f)
{
	uint32_t returns = 0, longest = 0;

	for (uint32_t i = 0; i < judged.len; i++) {
		struct json doc = judged.rows[i].block ? JSON_ABSENT
						       : dealer_row(&w, ROW_BOOKING,
								 str_from(judged.rows[i].id));
		struct str solution = json_str_at(doc, "solution");
		bool ours = str_is(solution, "loaner_brand") || str_is(solution, "loaner_other");
		if (!ours || !str_is(json_str_at(doc, "status"), "returned"))
			continue;
		returns += held(f, json_get(doc, "in"), "at");
	}
	for (uint32_t i = 0; i < f->lengths_len; i++)
		longest = f->lengths[i].minutes > longest ? f->lengths[i].minutes : longest;
	assert_int_equal(f->all.returns, returns);
	assert_true(f->all.median <= f->all.p90 && f->all.p90 <= longest);
	assert_true(f->all.late <= f->all.returns);
	assert_true(f->broken_len <= f->promises);
	returned_in_all += returns;
	broken_in_all += f->broken_len;
}

/* ---- one seed ---- */

static void run(uint64_t seed)
{
	struct figures *f;
	struct view v;
	struct txn t;

	dealer_open(&w);
	chance = seed * UINT64_C(0x9e6c63d0876a9a35);
	oracle = &judged;
	judged.len = 0;
	dealer_grow(&w);
	refresh_offer();
	for (int i = 0; i < STEPS; i++) {
		dealer_step();
		fleet_look(w.fleet, &v, &t, &w.arena);
		oracle_check(&judged, &t, &w.arena);
		fleet_look_end(&v);
		arena_reset(&w.arena);
	}
	f = figured(&w, day_from_civil(2026, 3, 1), day_from_civil(2026, 3, 1 + DAYS));
	judge_use(f);
	judge_loans(f);
	/* a part of it alone says the same of its days */
	judge_use(figured(&w, day_from_civil(2026, 3, 5), day_from_civil(2026, 3, 8)));
	dealer_close(&w);
}

static void every_minute_counts_once(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		print_message("seed %llu\n", (unsigned long long)seed);
		run(seed);
	}
	print_message("used %llu, blocked %llu, returned %llu, broken %llu\n",
		(unsigned long long)used_in_all, (unsigned long long)blocked_in_all,
		(unsigned long long)returned_in_all, (unsigned long long)broken_in_all);
	assert_true(used_in_all > 100000 && blocked_in_all > 1000); /* else nothing was proven */
	assert_true(returned_in_all > SEEDS && broken_in_all > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_minute_counts_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
