/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What happens in a random world of late binding, step by step: each step asks the oracle what the
 * right answer is, runs the command and compares. */

#include "tests/unit/late_judge.h"

enum { BOOKINGS_MAX = 40, TICKS_MAX = 10 };

static int32_t horizon; /* days in which things happen */
static uint32_t said[2][VERBS_LEN], questions[2], moved, hurt;

static struct world_booking *some_booking(bool (*fits)(const struct world_booking *b))
{
	uint32_t first = world.rows.len ? draw(world.rows.len) : 0;

	for (uint32_t i = 0; i < world.rows.len; i++) {
		struct world_booking *b = &world.rows.booking[(first + i) % world.rows.len];
		if (fits(b))
			return b;
	}
	return NULL;
}

static void begin(const char *what)
{
	doing = what;
	before = world.rows;
	journal_before = world_head().seq;
}

static enum outcome run(enum verb verb, const char *target, const char *body)
{
	enum outcome o = world_do(verb, target, body);

	said[o == OK][verb]++;
	return o;
}

static void some_window(int32_t *from, int32_t *until)
{
	int32_t minutes = draw(3) ? 15 * (int32_t)(2 + draw(40)) : 60 * (int32_t)(6 + draw(48));

	*from = now_minute() + 15 * (int32_t)draw((uint32_t)horizon * 96);
	*until = *from + minutes;
}

/* ---- making bookings ---- */

/* A solution that some car serves, and a class of it or none. */
static int some_solution(int *class)
{
	int solution = !draw(6) ? LOANER_OTHER : world.rides && !draw(3) ? RIDE : LOANER_BRAND;

	if (!serving(solution, -1))
		solution = LOANER_BRAND;
	*class = (int)draw(world.classes + 1) - 1;
	if (solution == RIDE || !serving(solution, *class))
		*class = -1;
	return solution;
}

static const char *wish(
	int solution, int class, const char *more, int32_t from, int32_t until, int pin)
{
	return arena_printf(&w.arena,
		"{\"accept_customer_minor\":99999999,%s%s%s%s\"from\":\"%s\",\"handover\":{"
		"\"where\":\"doorstep\"},%s\"offer\":\"%s\",%s%s%s\"return\":{\"where\":"
		"\"doorstep\"},\"solution\":\"%s\",\"until\":\"%s\"}",
		strcmp(more, "out") == 0 ? "\"check_out\":{}," : "",
		class < 0 ? "" : "\"class\":\"", class < 0 ? "" : class_names[class],
		class < 0 ? "" : "\",", text_of(from),
		strcmp(more, "hold") == 0 ? "\"hold_minutes\":120," : "", world.offer,
		pin < 0 ? "" : "\"resource\":\"", pin < 0 ? "" : resource_of(pin),
		pin < 0 ? "" : "\",", solution_names[solution], text_of(until))
		.p;
}

static void ask_ride(int32_t from, int32_t until, const struct world_booking *b)
{
	ask(b, from, from + RIDE_LEG, serving(RIDE, -1));
	ask_also(until - RIDE_LEG, until, serving(RIDE, -1));
	if (until - from < 2 * RIDE_LEG || !is_open(from, RIDE_LEG) ||
		!is_open(until - RIDE_LEG, RIDE_LEG))
		asked.promise[asked.len - 1].seats = 0; /* nobody drives */
}

static void step_book(void)
{
	int class, solution = some_solution(&class), pin = -1;
	const char *more = !draw(6) ? "hold" : "";
	int32_t from, until, gone;
	uint32_t seats;

	if (world.rows.len == BOOKINGS_MAX)
		return;
	begin("book");
	some_window(&from, &until);
	seats = serving(solution, class);
	if (solution != RIDE && !draw(6)) {
		while (!(seats >> (pin = (int)draw(world.cars)) & 1))
			;
		seats = 1u << pin;
	} else if (solution != RIDE && !*more && !draw(4)) {
		more = "out";
		from = now_minute() + 15 * (int32_t)draw(4);
	}
	until = until > from + 30 ? until : from + 30;
	gone = strcmp(more, "out") == 0 ? now_minute() : from;
	if (solution == RIDE)
		ask_ride(from, until, NULL);
	else
		ask(NULL, gone, until, seats);
	if (!judge_answer(run(VERB_BOOKING_MAKE, "", wish(solution, class, more, from, until, pin)),
		    &world.rows.booking[before.len]))
		return;
	HOLD(world.rows.len == before.len + 1, "there is not one more booking");
	if (solution != RIDE)
		asked.promise[asked.len - 1].seats &=
			serving(solution, world.rows.booking[before.len].class);
	moved += moves(NULL) > 0;
	judge_moves(NULL);
}

/* ---- other times, other seats ---- */

static bool may_reschedule(const struct world_booking *b)
{
	return waits(b);
}

static void step_reschedule(void)
{
	const struct world_booking *b = some_booking(may_reschedule);
	int32_t from, until;
	int class;

	if (!b)
		return;
	begin("reschedule");
	some_window(&from, &until);
	class = b->solution == RIDE || b->pinned || draw(3) ? b->class : (int)draw(world.classes);
	if (b->solution == RIDE)
		ask_ride(from, until, b);
	else
		ask(b, from, until,
			b->pinned && b->seat >= 0 ? 1u << b->seat : serving(b->solution, class));
	if (judge_answer(
		    run(VERB_BOOKING_RESCHEDULE, b->id,
			    arena_printf(&w.arena, "{%s%s%s\"from\":\"%s\",\"until\":\"%s\"}",
				    class == b->class ? "" : "\"class\":\"",
				    class == b->class ? "" : class_names[class],
				    class == b->class ? "" : "\",", text_of(from), text_of(until))
				    .p),
		    b))
		judge_moves(b);
}

static bool may_extend(const struct world_booking *b)
{
	return is_live(b) && b->solution != RIDE;
}

static void step_extend(void)
{
	const struct world_booking *b = some_booking(may_extend);
	int32_t until;

	if (!b)
		return;
	begin("extend");
	until = (b->until > now_minute() ? b->until : now_minute()) + 15 * (int32_t)(1 + draw(60));
	ask(b, is(b, "out") ? b->claim[0].from : b->from, until,
		(is(b, "out") || b->pinned) && b->seat >= 0 ? 1u << b->seat : seats_of(b));
	if (judge_answer(run(VERB_BOOKING_EXTEND, b->id,
				 arena_printf(&w.arena, "{\"reason\":\"parts\",\"until\":\"%s\"}",
					 text_of(until))
					 .p),
		    b))
		judge_moves(b);
}

static bool was_given_up(const struct world_booking *b)
{
	return (is(b, "cancelled") || is(b, "no_show") || is(b, "expired")) &&
	       b->until > now_minute();
}

static void step_reinstate(void)
{
	const struct world_booking *b = some_booking(was_given_up);

	if (!b)
		return;
	begin("reinstate");
	if (b->solution == RIDE)
		ask_ride(b->from, b->until, b);
	else
		ask(b, b->from, b->until, b->pinned && b->seat >= 0 ? 1u << b->seat : seats_of(b));
	if (judge_answer(run(VERB_BOOKING_REINSTATE, b->id, "{}"), b))
		judge_moves(b);
}

static bool may_move(const struct world_booking *b)
{
	return waits(b) && b->solution != RIDE && b->until > now_minute();
}

/* A car of the class that could be meant; -1: none was hit. */
static int some_car(const struct world_booking *b, int32_t from)
{
	int seat = (int)draw(world.cars);
	const struct promise_seat *s = &world.car[seat].seat;

	return (seats_of(b) >> seat & 1) && from >= s->usable_from && b->until <= s->usable_until
		       ? seat
		       : -1;
}

static void step_move(void)
{
	const struct world_booking *b = some_booking(may_move);
	int seat = b ? some_car(b, b->from) : -1;

	if (seat < 0)
		return;
	begin("move");
	ask(b, b->from, b->until, 1u << seat);
	if (judge_answer(
		    run(VERB_BOOKING_MOVE, b->id,
			    arena_printf(&w.arena, "{\"resource\":\"%s\"}", resource_of(seat)).p),
		    b))
		judge_moves(b);
}

static void step_block(void)
{
	int seat = (int)draw(world.cars);
	int32_t from, until;

	if (world.rows.blocks_len == WORLD_BLOCKS_MAX)
		return;
	begin("block");
	some_window(&from, &until);
	promises_read(&asked, &before, NULL);
	exact(&asked, seat, from, until);
	if (judge_answer(run(VERB_BLOCK_ADD, resource_of(seat),
				 arena_printf(&w.arena,
					 "{\"from\":\"%s\",\"reason\":\"workshop\",\"until\":\"%"
					 "s\"}",
					 text_of(from), text_of(until))
					 .p),
		    NULL))
		judge_moves(NULL);
}

static void step_unblock(void)
{
	if (!world.rows.blocks_len)
		return;
	begin("block.remove");
	HOLD(run(VERB_BLOCK_REMOVE, world.rows.block[draw(world.rows.blocks_len)].id, "{}") == OK,
		"refused");
	judge_rows(NULL, false, false);
}

/* ---- handing over ---- */

/* A drive whose car is missing is settled by people first. */
static bool may_go_out(const struct world_booking *b)
{
	return is(b, "booked") && b->until > now_minute() && b->from < now_minute() + 6 * HOUR &&
	       !(b->solution == RIDE && b->at_risk);
}

/* The car that was planned, or another of its class that is named. */
static void step_check_out(void)
{
	const struct world_booking *b = some_booking(may_go_out);
	int named = -1, seat;

	if (!b)
		return;
	if (b->solution != RIDE && (b->at_risk || (!b->pinned && !draw(3))))
		named = some_car(b, now_minute());
	seat = named >= 0 ? named : b->seat;
	if (b->solution != RIDE && (seat < 0 || now_minute() < world.car[seat].seat.usable_from))
		return;
	begin("check-out");
	promises_read(&asked, &before, b);
	if (b->solution == RIDE)
		add_claims(&asked, b);
	else
		ask_also(now_minute(), b->until, 1u << seat);
	if (judge_answer(run(VERB_BOOKING_CHECK_OUT, b->id,
				 named < 0 ? "{}"
					   : arena_printf(&w.arena, "{\"resource\":\"%s\"}",
						     resource_of(named))
						     .p),
		    b) &&
		b->solution != RIDE)
		judge_moves(b);
}

static bool is_out(const struct world_booking *b)
{
	return is(b, "out");
}

static void step_check_in(void)
{
	const struct world_booking *b = some_booking(is_out);

	if (!b)
		return;
	begin("check-in");
	judge_fact(run(VERB_BOOKING_CHECK_IN, b->id, "{}"), b);
}

/* Its car stays away until it comes, or until something stands there that does not move. */
static void judge_late(const struct world_booking *b, int32_t expected)
{
	const struct world_claim *c = &b->claim[0];
	bool stopped = b->claims_len == 0 || b->solution == RIDE ||
		       c->until >= expected + world.car[c->seat].seat.turnaround;

	for (uint32_t i = 0; !stopped && i < world.rows.blocks_len; i++)
		stopped = world.rows.block[i].seat == c->seat &&
			  world.rows.block[i].from <= c->until &&
			  c->until <= world.rows.block[i].until;
	for (uint32_t i = 0; !stopped && i < world.rows.len; i++)
		for (uint32_t k = 0; k < world.rows.booking[i].claims_len; k++)
			stopped |= is(&world.rows.booking[i], "out") &&
				   world.rows.booking[i].claim[k].seat == c->seat &&
				   world.rows.booking[i].claim[k].from == c->until;
	HOLD(stopped, "the late car is not kept until it comes");
}

static void step_late(void)
{
	const struct world_booking *b = some_booking(is_out);
	int32_t expected;

	if (!b)
		return;
	begin("late");
	expected = now_minute() + 15 * (int32_t)(1 + draw(96));
	judge_fact(run(VERB_BOOKING_LATE, b->id,
			   arena_printf(&w.arena, "{\"expected_at\":\"%s\",\"heard\":\"phone\"}",
				   text_of(expected))
				   .p),
		b);
	judge_late(b, expected);
	for (uint32_t i = 0; i < before.len; i++)
		hurt += world.rows.booking[i].at_risk && !before.booking[i].at_risk;
}

static void step_tick(void)
{
	uint32_t due = 0;

	begin("tick");
	for (uint32_t i = 0; i < before.len; i++) {
		const struct world_booking *b = &before.booking[i];
		due += (is(b, "held") && b->hold_until && b->hold_until <= now_minute()) ||
		       (is(b, "out") && b->due <= now_minute());
	}
	HOLD(run(VERB_TICK, "", "{}") == OK, "refused");
	judge_rows(NULL, true, true);
	if (due == 1) /* of several each is judged by what the others left */
		judge_hurt();
}

/* Time goes by; the timer of the house sees to what is due then, until nothing is. */
static void step_clock(void)
{
	w.still.now.s += 900 * (int64_t)(1 + draw(draw(3) ? 16 : 80));
	for (int i = 0; i < TICKS_MAX; i++) {
		step_tick();
		if (world_head().seq == journal_before)
			return;
	}
	HOLD(false, "something is always due");
}

/* ---- verbs that take nothing ---- */

static void step_plain(enum verb verb, const char *what, const char *body,
	bool (*fits)(const struct world_booking *b))
{
	const struct world_booking *b = some_booking(fits);

	if (!b)
		return;
	begin(what);
	HOLD(run(verb, b->id, body) == OK, "refused");
	judge_rows(b, false, false);
	HOLD(moves(b) == 0, "it moved somebody");
}

static bool is_held(const struct world_booking *b)
{
	return is(b, "held");
}

static bool may_pin(const struct world_booking *b)
{
	return waits(b) && b->seat >= 0 && b->solution != RIDE;
}

static bool may_unpin(const struct world_booking *b)
{
	return waits(b) && b->pinned;
}

static bool is_missed(const struct world_booking *b)
{
	return is(b, "booked") && b->from <= now_minute();
}
