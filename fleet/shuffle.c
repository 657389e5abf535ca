/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/shuffle_parts.h"

#include "fleet/occupancy.h"
#include "fleet/rosters.h"

enum {
	DAY_MINUTES = 1440,
	MARGIN_NEAR = 14 * DAY_MINUTES, /* where plans of few moves are looked for */
	CHAIN_QUICK = 2,		/* moves that are tried before the complete search */
	CHAIN_MAX = 16,
	CHAIN_LOOKS_MAX = 1 << 18,   /* at a seat, in one question */
	EJECT_LOOKS_FIRST = 1 << 14, /* before all plans are searched */
	EJECT_LOOKS_MAX = 1 << 18,
	CHAIN_LOOKS_FEWER = 1 << 13, /* the same where a plan is known already */
};

/* How far around the wanted claim the complete search looks: wider each time, until it answers. */
static const uint64_t margins[] = {
	0, 2 * DAY_MINUTES, 5 * DAY_MINUTES, MARGIN_NEAR, 112 * DAY_MINUTES, MINUTE_FOREVER};

/* How many steps each window is given: more each time, until one answers. */
static const uint32_t budgets[] = {1 << 12, 1 << 15, SHUFFLE_NODES_MAX};

/* ---- a window of claims, and the one to be seated behind them ---- */

/* Where everything lies now. */
static bool plan_begin(struct shuffle *s)
{
	s->plan = arena_alloc(s->arena, (s->wanted + 1) * sizeof *s->plan);
	for (uint32_t i = 0; s->plan && i <= s->wanted; i++)
		s->plan[i] = s->pool.claims[i].seat;
	return s->plan != NULL;
}

static bool window_load(
	struct shuffle *s, const struct seating *seating, uint64_t margin, uint32_t turnaround)
{
	const struct shuffle_ask *ask = s->ask;
	uint64_t until = (uint64_t)ask->until + margin + turnaround;
	uint32_t from = ask->from > margin ? ask->from - (uint32_t)margin : 0;

	s->near = false;
	if (!pool_load(&s->pool, ask->view, seating, ask->except, from,
		    until < MINUTE_FOREVER ? (uint32_t)until : MINUTE_FOREVER))
		return false;
	s->near = margin == MARGIN_NEAR;
	ask->view->searched += s->pool.claims_len;
	s->wanted = s->pool.claims_len;
	s->pool.claims[s->wanted] = (struct pool_claim){
		.row = {ask->from, ask->until, ask->serial, (uint8_t)ask->pool.what, false},
		.until = ask->until,
		.types = s->pool.wanted,
		.seat = POOL_NOWHERE};
	return plan_begin(s);
}

/* The window of few moves, which may be there from before. */
static bool near_begin(struct shuffle *s, const struct seating *seating)
{
	return s->near ? plan_begin(s)
		       : window_load(s, seating, MARGIN_NEAR, TURNAROUND_MINUTES_MAX);
}

/* More claims than seats at some instant of the wanted claim: then nothing helps. Only what lies
 * there is looked at. */
static bool is_overfull(struct shuffle *s, const struct seating *seating)
{
	const struct pool_claim *mine;
	struct occupancy o;
	uint32_t turnaround = 0;

	for (uint32_t i = 0; i < s->pool.types_len; i++)
		if (s->pool.type[i]->turnaround > turnaround)
			turnaround = s->pool.type[i]->turnaround;
	if (!window_load(s, seating, 0, turnaround))
		return false; /* without memory nothing is known: the search says so */
	mine = &s->pool.claims[s->wanted];
	return mine->types == 0 ||
	       (occupancy_of(&o, s->arena, &s->pool, mine->types) &&
		       occupancy_next(&o, mine->row.from, mine->until - mine->row.from, 1) !=
			       mine->row.from);
}

/* ---- one question ---- */

/* Each window gets so many steps: a plan that is there is mostly found in a few, and then in one
 * window or another, so none is searched to the bottom before all were looked into. */
static enum shuffle_result decide_within(
	struct shuffle *s, const struct seating *seating, uint32_t nodes_max)
{
	s->nodes_max = nodes_max;
	for (size_t i = 0; i < ARRAY_LEN(margins); i++) {
		bool all = i + 1 == ARRAY_LEN(margins);
		enum shuffle_result strict, relaxed;
		if (!window_load(s, seating, margins[i], TURNAROUND_MINUTES_MAX))
			return SHUFFLE_UNDECIDED;
		relaxed = all ? SHUFFLE_YES : shuffle_search(s, true);
		if (relaxed == SHUFFLE_NO)
			return SHUFFLE_NO;
		strict = i == 0 ? SHUFFLE_NO : shuffle_search(s, false);
		if (strict == SHUFFLE_YES || all)
			return strict;
	}
	return SHUFFLE_UNDECIDED;
}

/* Where no quick plan was found: is there any at all? */
static enum shuffle_result decide_wide(struct shuffle *s, const struct seating *seating)
{
	enum shuffle_result result = SHUFFLE_UNDECIDED;

	for (size_t i = 0; i < ARRAY_LEN(budgets) && result == SHUFFLE_UNDECIDED; i++)
		result = decide_within(s, seating, budgets[i]);
	return result;
}

/* More moves than one entry makes. */
static bool is_too_much(const struct shuffle *s, const struct seating *seating)
{
	return s->moves >= seating->cap - seating->len;
}

/* A plan that nothing quick finds. Whether there is any costs less to know than one of few moves.
 */
static enum shuffle_result decide_hard(struct shuffle *s, const struct seating *seating)
{
	enum shuffle_result wide = decide_wide(s, seating);

	if (wide == SHUFFLE_NO || (wide == SHUFFLE_YES && !is_too_much(s, seating)))
		return wide;
	return near_begin(s, seating) && shuffle_eject(s, EJECT_LOOKS_MAX) ? SHUFFLE_YES
									   : SHUFFLE_UNDECIDED;
}

/* There is a plan: perhaps one that disturbs fewer. */
static enum shuffle_result find_fewer(struct shuffle *s, const struct seating *seating)
{
	struct shuffle known = *s;
	uint32_t moves = s->moves - 1;

	if (near_begin(s, seating) && shuffle_chain(s, moves < CHAIN_MAX ? moves : CHAIN_MAX,
					      CHAIN_LOOKS_FEWER) == SHUFFLE_YES)
		return SHUFFLE_YES;
	*s = known;
	return SHUFFLE_YES;
}

static enum shuffle_result decide_near(struct shuffle *s, const struct seating *seating)
{
	enum shuffle_result found = SHUFFLE_YES;

	if (!near_begin(s, seating))
		return SHUFFLE_UNDECIDED;
	/* Whoever moves alone needs but one other seat: less than two moves are found here. */
	if (shuffle_swap(s))
		return s->moves <= CHAIN_QUICK ? SHUFFLE_YES : find_fewer(s, seating);
	if (shuffle_chain(s, CHAIN_QUICK, CHAIN_LOOKS_MAX) == SHUFFLE_YES)
		return SHUFFLE_YES;
	if (!shuffle_eject(s, EJECT_LOOKS_FIRST))
		found = decide_hard(s, seating);
	return found != SHUFFLE_YES || s->moves <= CHAIN_QUICK + 1 ? found : find_fewer(s, seating);
}

static void write_plan(const struct shuffle *s, struct seating *seating, struct seat *out)
{
	const struct pool *p = &s->pool;

	for (uint32_t i = 0; i < s->wanted; i++) {
		const struct pool_claim *c = &p->claims[i];
		const struct pool_seat *to = &p->seats[s->plan[i]];
		if (s->plan[i] != c->seat)
			seating_move(seating, p->seats[c->seat].seat, c->row, to->seat,
				c->until + to->resource->turnaround);
	}
	const struct pool_seat *mine = &p->seats[s->plan[s->wanted]];
	struct claim_row row = p->claims[s->wanted].row;
	row.until += mine->resource->turnaround;
	seating_add(seating, mine->seat, row);
	*out = mine->seat;
}

enum shuffle_result shuffle_seat(
	const struct shuffle_ask *ask, struct seating *seating, struct seat *out)
{
	/* not of the view's arena: a search for dates asks tens of thousands of times */
	struct shuffle question = {.ask = ask, .arena = &ask->view->rosters->shuffling},
		       *s = &question;
	enum shuffle_result result = SHUFFLE_UNDECIDED;
	bool full;

	ASSERT(ask->from < ask->until);
	arena_reset(s->arena);
	if (ask->view->searched <= SHUFFLE_SEATS_MAX &&
		pool_open(&s->pool, s->arena, ask->roster, &ask->pool)) {
		s->pool.now = ask->now;
		s->hold_settled = ask->settled > 0;
		full = is_overfull(s, seating);
		result = full ? SHUFFLE_NO : decide_near(s, seating);
		if (!full && result != SHUFFLE_YES && s->hold_settled) {
			s->hold_settled = false;
			result = decide_near(s, seating);
		}
	}
	if (result == SHUFFLE_YES && is_too_much(s, seating))
		result = SHUFFLE_UNDECIDED;
	if (result == SHUFFLE_YES)
		write_plan(s, seating, out);
	ask->view->rosters->undecided += result == SHUFFLE_UNDECIDED;
	return result;
}
