/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/shuffle_parts.h"

/*
 * The plan that moves the fewest promises: the wanted claim takes a seat, what stood in its way
 * there is to be seated elsewhere, and so on, with one more move allowed each time until it works.
 * Every plan is such a chain, so the first that works has the fewest moves.
 */

enum {
	CHAIN_DEPTH_MAX = 24, /* moves: bounds the recursion */
};

struct chain {
	struct shuffle *s;
	uint32_t budget; /* moves still allowed */
	uint32_t todo_len, placed_len;
	uint32_t todo[CHAIN_DEPTH_MAX + 1]; /* claims to be seated */
	uint32_t placed[CHAIN_DEPTH_MAX + 1];
	bool *lifted;		   /* by claim: it is not where it was */
	uint32_t looks, looks_max; /* at a seat, in all rounds */
};

/* What stands in the way of `claim` on that seat, up to `max`; UINT32_MAX: something that stays. */
static uint32_t find_conflicts(const struct chain *c, const struct pool_claim *claim, uint16_t seat,
	uint32_t out[CHAIN_DEPTH_MAX], uint32_t max)
{
	const struct pool *p = &c->s->pool;
	uint32_t until = claim->until + p->seats[seat].resource->turnaround, n = 0;

	for (uint32_t i = shuffle_first_behind(p, seat, claim->row.from); i < p->first[seat + 1];
		i++) {
		const struct pool_claim *other = &p->claims[i];
		if (other->row.from >= until)
			break;
		if (c->lifted[i])
			continue;
		if (n == max || other->crossing || !shuffle_movable(c->s, other))
			return UINT32_MAX;
		out[n++] = i;
	}
	for (uint32_t i = 0; i < c->placed_len; i++) {
		const struct pool_claim *other = &p->claims[c->placed[i]];
		if (c->s->plan[c->placed[i]] == seat && other->row.from < until &&
			claim->row.from < other->until + p->seats[seat].resource->turnaround)
			return UINT32_MAX;
	}
	return n;
}

static bool chain_go_on(struct chain *c);

static bool chain_put(
	struct chain *c, uint32_t claim, uint16_t seat, const uint32_t *conflicts, uint32_t n)
{
	uint32_t todo_len = c->todo_len;

	c->s->plan[claim] = seat;
	c->placed[c->placed_len++] = claim;
	for (uint32_t i = 0; i < n; i++) {
		c->lifted[conflicts[i]] = true;
		c->todo[c->todo_len++] = conflicts[i];
	}
	c->budget -= n;
	if (chain_go_on(c))
		return true;
	c->budget += n;
	c->todo_len = todo_len;
	for (uint32_t i = 0; i < n; i++) {
		c->lifted[conflicts[i]] = false;
		c->s->plan[conflicts[i]] = c->s->pool.claims[conflicts[i]].seat;
	}
	c->placed_len--;
	return false;
}

/* Seats the last of what is to be seated; the recursion is as deep as moves are allowed. */
static bool chain_go_on(struct chain *c)
{
	const struct pool *p = &c->s->pool;
	uint32_t conflicts[CHAIN_DEPTH_MAX], claim, undone[CHAIN_DEPTH_MAX + 1];
	uint32_t undone_len = c->todo_len;

	if (c->todo_len == 0)
		return true;
	memcpy(undone, c->todo, undone_len * sizeof *undone);
	claim = c->todo[--c->todo_len];
	for (uint32_t wanted = 0; wanted <= c->budget; wanted++) {
		/* free seats first, then those that ask for more moves */
		for (uint16_t seat = 0; seat < p->seats_len; seat++) {
			if (++c->looks > c->looks_max)
				break;
			if (!shuffle_seat_fits(p, &p->claims[claim], seat) ||
				find_conflicts(c, &p->claims[claim], seat, conflicts, wanted) !=
					wanted)
				continue;
			if (chain_put(c, claim, seat, conflicts, wanted))
				return true;
			memcpy(c->todo, undone, undone_len * sizeof *undone);
			c->todo_len = undone_len - 1;
		}
	}
	c->todo_len = undone_len;
	return false;
}

enum shuffle_result shuffle_chain(struct shuffle *s, uint32_t max, uint32_t looks_max)
{
	struct chain c = {.s = s, .looks_max = looks_max};

	c.lifted = arena_alloc(s->arena, s->wanted + 1);
	if (!c.lifted)
		return SHUFFLE_UNDECIDED;
	for (uint32_t moves = 0; moves <= max && moves < CHAIN_DEPTH_MAX; moves++) {
		c.budget = moves;
		c.todo[0] = s->wanted;
		c.todo_len = 1;
		c.placed_len = 0;
		if (chain_go_on(&c)) {
			s->moves = moves;
			return SHUFFLE_YES;
		}
		if (c.looks > c.looks_max)
			return SHUFFLE_UNDECIDED;
	}
	return SHUFFLE_NO;
}
