/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/shuffle_parts.h"

/*
 * The plan of the fewest moves in which two seats take part: the wanted claim takes one of them,
 * what stood in its way there changes to the other, what stood in the way of that changes back,
 * until nothing does (a Kempe chain of the interval graph's colouring). Of seats that are nearly
 * all taken most have such a partner, and all pairs are looked at in the time of a few steps of a
 * search.
 */

enum { SWAP_MOVES_MAX = 32 }; /* of one plan */

struct swap {
	struct shuffle *s;
	uint32_t *mark; /* by claim: the trial in which it changed seats */
	uint32_t trial;
	uint32_t best_len, len, first_len;
	uint32_t best[SWAP_MOVES_MAX], changed[SWAP_MOVES_MAX]; /* the wanted claim's own first */
	uint16_t best_seat, best_other;
};

/* What `claim` meets on a seat joins those that change, in its turn; false: it stays, or there are
 * as many as the best plan has. */
static bool push_off(struct swap *w, const struct pool_claim *claim, uint16_t seat)
{
	const struct pool *p = &w->s->pool;
	uint32_t until = claim->until + p->seats[seat].resource->turnaround;

	for (uint32_t i = shuffle_first_behind(p, seat, claim->row.from);
		i < p->first[seat + 1] && p->claims[i].row.from < until; i++) {
		if (w->mark[i] == w->trial)
			continue;
		if (w->len + 1 >= w->best_len || p->claims[i].crossing ||
			!shuffle_movable(w->s, &p->claims[i]))
			return false;
		w->mark[i] = w->trial;
		w->changed[w->len++] = i;
	}
	return true;
}

/* Whether what came to a seat meets what stays there or came before: `with` lies on it now. */
static bool meets(const struct swap *w, const struct pool_claim *claim, uint16_t seat,
	const struct pool_claim *with)
{
	uint32_t turnaround = w->s->pool.seats[seat].resource->turnaround;

	return claim->row.from < with->until + turnaround &&
	       with->row.from < claim->until + turnaround;
}

/* The wanted claim on `seat`: what it pushes off goes to `other`, what that pushes off comes back.
 */
static bool try_pair(struct swap *w, uint16_t seat, uint16_t other)
{
	const struct pool *p = &w->s->pool;
	const struct pool_claim *wanted = &p->claims[w->s->wanted];

	w->trial++;
	w->len = w->first_len;
	for (uint32_t i = 0; i < w->len; i++)
		w->mark[w->changed[i]] = w->trial;
	for (uint32_t i = 0; i < w->len; i++) {
		const struct pool_claim *c = &p->claims[w->changed[i]];
		uint16_t to = c->seat == seat ? other : seat;
		if (!shuffle_seat_fits(p, c, to) || (to == seat && meets(w, c, seat, wanted)) ||
			!push_off(w, c, to))
			return false;
	}
	return w->len < w->best_len;
}

static void keep(struct swap *w, uint16_t seat, uint16_t other)
{
	w->best_len = w->len;
	memcpy(w->best, w->changed, w->len * sizeof *w->best);
	w->best_seat = seat;
	w->best_other = other;
}

static void write_plan(struct swap *w)
{
	struct shuffle *s = w->s;

	for (uint32_t i = 0; i < w->best_len; i++) {
		uint32_t claim = w->best[i];
		s->plan[claim] =
			s->pool.claims[claim].seat == w->best_seat ? w->best_other : w->best_seat;
	}
	s->plan[s->wanted] = w->best_seat;
	s->moves = w->best_len;
}

bool shuffle_swap(struct shuffle *s)
{
	const struct pool *p = &s->pool;
	struct swap w = {.s = s, .best_len = SWAP_MOVES_MAX + 1};

	w.mark = arena_alloc(s->arena, (s->wanted + 1) * sizeof *w.mark);
	if (!w.mark)
		return false;
	for (uint16_t seat = 0; seat < p->seats_len && w.best_len > 1; seat++) {
		w.trial++;
		w.len = 0;
		if (!shuffle_seat_fits(p, &p->claims[s->wanted], seat) ||
			!push_off(&w, &p->claims[s->wanted], seat))
			continue;
		w.first_len = w.len;
		for (uint16_t other = 0; other < p->seats_len && w.best_len > 1; other++)
			if (other != seat && try_pair(&w, seat, other))
				keep(&w, seat, other);
	}
	if (w.best_len > SWAP_MOVES_MAX)
		return false;
	write_plan(&w);
	return true;
}
