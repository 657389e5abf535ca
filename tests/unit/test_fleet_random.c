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

/* ---- what may be asked ---- */

static const char *const resources[] = {
	"G1", "G2", "L1", "M1", "O1", "S1", "R1", "R3", "CH1", "CH2", "T1", "D1", "D2"};

static const char *some_resource(void)
{
	return resources[draw(ARRAY_LEN(resources))];
}

/* A booking, mostly one of that status; NULL when there is none at all. */
static const struct oracle_row *some_booking(const char *status)
{
	const struct oracle_row *r = NULL;

	for (int i = 0; i < 40 && oracle.len; i++) {
		const struct oracle_row *x = &oracle.rows[draw(oracle.len)];
		if (x->block)
			continue;
		r = x;
		if (strcmp(r->status, status) == 0 || !draw(30))
			break;
	}
	return r;
}

static void refresh_offer(void)
{
	struct json answer;
	struct str text;

	text = dealer_offer(&w, draw(2) ? DEALER_VIN : DEALER_VIN_BARE, "warranty_repair", 900,
		text_of(w.still.now.s / 900 * 900 + 86400),
		text_of(w.still.now.s / 900 * 900 + 3 * 86400), &answer);
	assert_true(text.n < sizeof offer_text_kept);
	memcpy(offer_text_kept, text.p, text.n);
	offer = (struct str){offer_text_kept, text.n};
	offer_until_s = w.still.now.s + HOUR_S; /* at least */
}

static void step_make(void)
{
	static const char *const solutions[] = {"loaner_brand", "loaner_brand", "loaner_brand",
		"loaner_other", "rental", "pickup_delivery", "pickup", "delivery", "taxi",
		"accompanied_drive", "public_transport"};
	const char *solution = solutions[draw(ARRAY_LEN(solutions))];
	const char *class = strcmp(solution, "loaner_brand") || !draw(3) ? ""
			    : draw(4)					 ? "\"class\":\"grecale\","
									 : "\"class\":\"multi\",";
	const char *hold = draw(4) ? "" : "\"hold_minutes\":90,";
	bool walk_in = !*hold && !draw(8);
	int64_t from_s, until_s;
	struct str body, pin;

	some_window(&from_s, &until_s);
	if (walk_in) {
		from_s = w.still.now.s / 900 * 900 + draw(4) * 900;
		until_s = from_s + (1 + draw(60)) * HOUR_S;
	}
	pin = draw(10) ? STR("") : arena_printf(&w.arena, "\"resource\":\"%s\",", some_resource());
	body = arena_printf(&w.arena,
		"{\"accept_customer_minor\":99999999,%s%s\"from\":\"%s\",%s%s\"offer\":\"%.*s\",%.*"
		"s"
		"\"solution\":\"%s\",\"until\":\"%s\"}",
		walk_in ? "\"check_out\":{}," : "", class, text_of(from_s),
		draw(5) ? "" : "\"handover\":{\"where\":\"doorstep\"},", hold, STR_FMT(offer),
		STR_FMT(pin), solution, text_of(until_s));
	(void)play(VERB_BOOKING_MAKE, NULL, body.p);
}

static void step_out(void)
{
	const struct oracle_row *r = some_booking("booked");
	struct str body = STR("{}");
	int64_t at_s = w.still.now.s;

	if (!r)
		return;
	if (draw(3)) /* the customer is there */
		at_s = w.still.now.s > r->from_s ? w.still.now.s : r->from_s;
	if (at_s < w.still.now.s + 10 * HOUR_S && at_s > w.still.now.s)
		w.still.now.s = at_s;
	if (!draw(3))
		body = arena_printf(&w.arena, "{\"resource\":\"%s\"}", some_resource());
	else if (!draw(3))
		body = arena_printf(&w.arena, "{\"at\":\"%s\"}",
			text_of(w.still.now.s + 240 - (int64_t)draw(20 * HOUR_S)));
	(void)play(VERB_BOOKING_CHECK_OUT, r->id, body.p);
}

static void step_in(void)
{
	const struct oracle_row *r = some_booking("out");
	struct str body = STR("{}");

	if (!r)
		return;
	if (!draw(3))
		body = arena_printf(&w.arena, "{\"left_at\":\"%s\"}",
			text_of(w.still.now.s - draw(9 * HOUR_S)));
	(void)play(VERB_BOOKING_CHECK_IN, r->id, body.p);
}

static void step_late(void)
{
	const struct oracle_row *r = some_booking("out");
	struct str body;

	if (!r)
		return;
	body = arena_printf(&w.arena, "{\"expected_at\":\"%s\",\"heard\":\"phone\"}",
		text_of(w.still.now.s + draw(72 * HOUR_S)));
	(void)play(VERB_BOOKING_LATE, r->id, body.p);
}

static void step_extend(void)
{
	const struct oracle_row *r = some_booking(draw(3) ? "out" : "booked");
	struct str body;

	if (!r)
		return;
	body = arena_printf(&w.arena, "{\"reason\":\"parts\",\"until\":\"%s\"}",
		text_of(draw(4) ? some_time(r->until_s)
				: w.still.now.s / 60 * 60 + draw(600) * 60));
	(void)play(VERB_BOOKING_EXTEND, r->id, body.p);
}

static void step_reschedule(void)
{
	const struct oracle_row *r = some_booking(draw(4) ? "booked" : "held");
	int64_t from_s, until_s;
	struct str body;

	if (!r)
		return;
	some_window(&from_s, &until_s);
	body = arena_printf(&w.arena, "{%s\"from\":\"%s\",\"until\":\"%s\"}",
		draw(5) ? "" : "\"class\":\"levante\",", text_of(from_s), text_of(until_s));
	(void)play(VERB_BOOKING_RESCHEDULE, r->id, body.p);
}

static void step_verb(enum verb verb, const char *status, const char *body)
{
	const struct oracle_row *r = some_booking(status);

	if (r)
		(void)play(verb, r->id, body);
}

static void step_move(void)
{
	struct str body = arena_printf(&w.arena, "{\"resource\":\"%s\"}", some_resource());

	step_verb(VERB_BOOKING_MOVE, "booked", body.p);
}

static void step_reinstate(void)
{
	static const char *const statuses[] = {"cancelled", "no_show", "expired"};

	step_verb(VERB_BOOKING_REINSTATE, statuses[draw(ARRAY_LEN(statuses))], "{}");
}

static void step_correct(void)
{
	static const char *const pointers[] = {"/in/odometer_km", "/out/odometer_km"};
	struct str body = arena_printf(&w.arena,
		"{\"pointer\":\"%s\",\"reason\":\"read again\",\"value\":%u}",
		pointers[draw(ARRAY_LEN(pointers))], 8000 + draw(100));

	step_verb(VERB_BOOKING_CORRECT, draw(2) ? "out" : "returned", body.p);
}

/* The most urgent of what must be done, or the one behind it. */
static void step_done(void)
{
	struct list_page page = {1 + draw(3), STR_NULL};
	struct json open;
	struct str id;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	open = json_get(
		arena_json(&w.arena, render_tasks(&v, STR("LYO"), STR("open"), &page), NULL),
		"items");
	fleet_look_end(&v);
	if (json_count(open) == 0)
		return;
	id = json_str_at(json_item(open, json_count(open) - 1), "task");
	(void)play(VERB_TASK_DONE, arena_printf(&w.arena, "%.*s", STR_FMT(id)).p, "{}");
}

static void step_block(void)
{
	int64_t from_s, until_s;
	struct str body;

	some_window(&from_s, &until_s);
	body = arena_printf(&w.arena, "{\"from\":\"%s\",\"reason\":\"workshop\",\"until\":\"%s\"}",
		text_of(from_s), text_of(until_s));
	(void)play(VERB_BLOCK_ADD, some_resource(), body.p);
}

static void step_unblock(void)
{
	struct command *c;

	for (uint32_t i = 0; i < oracle.len; i++) {
		if (!oracle.rows[i].block || draw(2))
			continue;
		c = dealer_put(&w, VERB_BLOCK_REMOVE, "LYO", oracle.rows[i].id, NULL, "*");
		assert_int_equal(c->outcome, OK);
		done[VERB_BLOCK_REMOVE]++;
		command_free(c);
		return;
	}
}

/* A car comes and goes; what it promised it keeps, or the change is refused. */
static void step_resource(void)
{
	static const char *const statuses[] = {"active", "active", "blocked", "retired"};
	bool first = draw(2);
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"%s\",\"kind\":\"car\",\"label\":\"%u\",%s\"seats\":1,\"site\":"
		"\"LYO\","
		"\"solutions\":[%s],\"status\":\"%s\",\"turnaround_minutes\":%d}",
		first ? "grecale" : "multi", draw(1000),
		draw(3) ? "" : "\"out_of_service_on\":\"2026-03-20\",",
		first ? "\"loaner_brand\"" : "\"accompanied_drive\",\"loaner_brand\"",
		statuses[draw(ARRAY_LEN(statuses))], first ? 45 : 15);
	struct command *c =
		dealer_put(&w, VERB_RESOURCE_PUT, "LYO", first ? "G2" : "M1", body.p, "*");

	assert_true(c->outcome == OK || c->outcome == REFUSED_IN_USE);
	done[VERB_RESOURCE_PUT] += c->outcome == OK;
	command_free(c);
}

static bool offer_lives(void)
{
	return w.still.now.s < offer_until_s;
}

static void step_clock(void)
{
	static const int32_t steps_s[] = {
		60, 600, 1800, 1800, HOUR_S, 3 * HOUR_S, 14 * HOUR_S, -900};

	w.still.now.s += steps_s[draw(ARRAY_LEN(steps_s))];
	if (draw(3) == 0 || !offer_lives())
		refresh_offer();
}

static void step(void)
{
	uint32_t n = draw(100);

	if (n < 25)
		step_make();
	else if (n < 30)
		(draw(8) ? step_wait : step_leave)();
	else if (n < 40)
		step_out();
	else if (n < 47)
		step_in();
	else if (n < 52)
		step_late();
	else if (n < 57)
		step_extend();
	else if (n < 64)
		step_reschedule();
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
