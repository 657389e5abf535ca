/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/shuffle_parts.h"

#include <stdlib.h>

/*
 * A plan for many seats, quickly: the wanted claim takes a seat, what stood in its way there takes
 * another, and so on, and of all such beginnings the one goes on that has the least left to seat.
 * Short claims find a place where long ones do not, so this runs downhill. Two beginnings that have
 * the same left to seat count as one. It finds a plan or gives up: it proves nothing, and its plan
 * need not be the one that moves the fewest.
 */

enum {
	EJECT_LEFT_MAX = 4,		/* claims without a seat at a time */
	EJECT_PUSHED_MAX = 2,		/* claims one claim may push off a seat */
	EJECT_MOVES_MAX = 32,		/* of one plan */
	EJECT_BEGINNINGS_MAX = 1 << 16, /* that are kept */
	EJECT_MOVE_MINUTES = 240,	/* one more move is as bad as so much more to seat */
	EJECT_SEEN_FIRST = 1 << 10,	/* places of the table of what was left before, at first */
};

/* A beginning: the one before it, and one more claim on a seat. */
struct beginning {
	uint32_t before; /* UINT32_MAX: nothing is seated */
	uint32_t claim;
	uint16_t seat;
	uint8_t moves, left_len;
	uint32_t left[EJECT_LEFT_MAX]; /* ascending */
	uint32_t cost;
};

struct eject {
	struct shuffle *s;
	struct beginning *all;
	uint32_t len, looks;
	uint32_t *heap; /* by cost, the least first */
	uint32_t heap_len;
	uint64_t *seen; /* at most half of its places are taken */
	uint32_t seen_places;
	/* the beginning that goes on */
	bool *lifted; /* by claim */
	uint32_t placed_len;
	uint32_t placed[EJECT_MOVES_MAX + 1];
};

/* ---- the queue ---- */

static bool is_cheaper(const struct eject *e, uint32_t a, uint32_t b)
{
	return e->all[a].cost != e->all[b].cost ? e->all[a].cost < e->all[b].cost : a < b;
}

static void heap_push(struct eject *e, uint32_t item)
{
	uint32_t at = e->heap_len++;

	for (; at > 0 && is_cheaper(e, item, e->heap[(at - 1) / 2]); at = (at - 1) / 2)
		e->heap[at] = e->heap[(at - 1) / 2];
	e->heap[at] = item;
}

static uint32_t heap_pop(struct eject *e)
{
	uint32_t top = e->heap[0], item = e->heap[--e->heap_len], at = 0;

	for (;;) {
		uint32_t child = 2 * at + 1;
		if (child >= e->heap_len)
			break;
		if (child + 1 < e->heap_len && is_cheaper(e, e->heap[child + 1], e->heap[child]))
			child++;
		if (!is_cheaper(e, e->heap[child], item))
			break;
		e->heap[at] = e->heap[child];
		at = child;
	}
	e->heap[at] = item;
	return top;
}

/* False when that sum stands there already. */
static bool seen_put(uint64_t *seen, uint32_t places, uint64_t sum)
{
	uint32_t at = (uint32_t)(sum >> 40) & (places - 1);

	for (; seen[at]; at = (at + 1) & (places - 1))
		if (seen[at] == sum)
			return false;
	seen[at] = sum;
	return true;
}

/* Most questions look at a few beginnings: a table for the many is not cleared for them. */
static bool seen_grow(struct eject *e)
{
	uint32_t places = e->seen ? 8 * e->seen_places : EJECT_SEEN_FIRST;
	uint64_t *seen = arena_alloc(e->s->arena, places * sizeof *seen);

	if (!seen)
		return false;
	for (uint32_t i = 0; i < e->seen_places; i++)
		if (e->seen[i])
			(void)seen_put(seen, places, e->seen[i]);
	e->seen = seen;
	e->seen_places = places;
	return true;
}

/* Whether the same was left before; remembers it. What there is no memory for counts as seen. */
static bool was_seen(struct eject *e, const struct beginning *b)
{
	uint64_t sum = UINT64_C(0x9e3779b97f4a7c15);

	for (uint32_t i = 0; i < b->left_len; i++)
		sum = (sum ^ (b->left[i] + 1)) * UINT64_C(0xbf58476d1ce4e5b9) + (sum >> 29);
	sum |= 1; /* 0 is an empty place */
	if (e->len >= e->seen_places / 2 && !seen_grow(e))
		return true;
	return !seen_put(e->seen, e->seen_places, sum);
}

/* ---- one beginning ---- */

static void go_on_from(struct eject *e, uint32_t from, bool lifted)
{
	const struct pool *p = &e->s->pool;

	e->placed_len = 0;
	for (uint32_t i = from; i != UINT32_MAX; i = e->all[i].before) {
		const struct beginning *b = &e->all[i];
		if (b->claim != UINT32_MAX) {
			e->placed[e->placed_len++] = b->claim;
			e->lifted[b->claim] = lifted;
			e->s->plan[b->claim] = lifted ? b->seat : p->claims[b->claim].seat;
		}
	}
	for (uint32_t i = 0; i < e->all[from].left_len; i++)
		e->lifted[e->all[from].left[i]] = lifted;
}

/* Whom the claim pushes off that seat; UINT32_MAX: somebody who stays, or too many. */
static uint32_t pushed_by(const struct eject *e, const struct pool_claim *claim, uint16_t seat,
	uint32_t out[EJECT_PUSHED_MAX])
{
	const struct pool *p = &e->s->pool;
	uint32_t turnaround = p->seats[seat].resource->turnaround, n = 0;
	uint32_t until = claim->until + turnaround;

	for (uint32_t i = shuffle_first_behind(p, seat, claim->row.from); i < p->first[seat + 1];
		i++) {
		const struct pool_claim *other = &p->claims[i];
		if (other->row.from >= until)
			break;
		if (e->lifted[i])
			continue;
		if (n == EJECT_PUSHED_MAX || other->crossing || !shuffle_movable(e->s, other))
			return UINT32_MAX;
		out[n++] = i;
	}
	for (uint32_t i = 0; i < e->placed_len; i++) {
		const struct pool_claim *other = &p->claims[e->placed[i]];
		if (e->s->plan[e->placed[i]] == seat && other->row.from < until &&
			claim->row.from < other->until + turnaround)
			return UINT32_MAX;
	}
	return n;
}

/* ---- the search ---- */

/* The longest of what is left is seated next: it has the fewest places. */
static uint32_t longest_left(const struct eject *e, const struct beginning *b)
{
	const struct pool_claim *claims = e->s->pool.claims;
	uint32_t longest = 0;

	for (uint32_t i = 1; i < b->left_len; i++) {
		const struct pool_claim *c = &claims[b->left[i]], *l = &claims[b->left[longest]];
		if (c->until - c->row.from > l->until - l->row.from)
			longest = i;
	}
	return longest;
}

static struct beginning next_of(const struct eject *e, uint32_t from, uint32_t which, uint16_t seat,
	const uint32_t *pushed, uint32_t n)
{
	const struct pool_claim *claims = e->s->pool.claims;
	struct beginning b = e->all[from];

	b.before = from;
	b.claim = b.left[which];
	b.seat = seat;
	b.moves = (uint8_t)(b.moves + n);
	b.left_len--;
	memmove(&b.left[which], &b.left[which + 1], (b.left_len - which) * sizeof *b.left);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = b.left_len++;
		for (; at > 0 && b.left[at - 1] > pushed[i]; at--)
			b.left[at] = b.left[at - 1];
		b.left[at] = pushed[i];
	}
	b.cost = b.moves * EJECT_MOVE_MINUTES;
	for (uint32_t i = 0; i < b.left_len; i++)
		b.cost += claims[b.left[i]].until - claims[b.left[i]].row.from;
	return b;
}

/* All the ways to go on from a beginning; true when one of them leaves nothing to seat. */
static bool go_on(struct eject *e, uint32_t from)
{
	const struct pool *p = &e->s->pool;
	uint32_t which = longest_left(e, &e->all[from]), left = e->all[from].left_len;
	const struct pool_claim *claim = &p->claims[e->all[from].left[which]];
	uint32_t pushed[EJECT_PUSHED_MAX];

	for (uint16_t seat = 0; seat < p->seats_len; seat++) {
		struct beginning b;
		uint32_t n;
		e->looks++;
		if (!shuffle_seat_fits(p, claim, seat))
			continue;
		n = pushed_by(e, claim, seat, pushed);
		if (n == UINT32_MAX || left - 1 + n > EJECT_LEFT_MAX ||
			e->all[from].moves + n > EJECT_MOVES_MAX || e->len == EJECT_BEGINNINGS_MAX)
			continue;
		b = next_of(e, from, which, seat, pushed, n);
		if (b.left_len > 0 && was_seen(e, &b))
			continue;
		e->all[e->len] = b;
		if (b.left_len == 0)
			return true;
		heap_push(e, e->len++);
	}
	return false;
}

static bool eject_open(struct eject *e)
{
	struct arena *a = e->s->arena;

	e->all = arena_take(a, EJECT_BEGINNINGS_MAX * sizeof *e->all);
	e->heap = arena_take(a, EJECT_BEGINNINGS_MAX * sizeof *e->heap);
	e->lifted = arena_alloc(a, e->s->wanted + 1);
	if (!seen_grow(e) || a->full)
		return false;
	e->all[0] = (struct beginning){
		.before = UINT32_MAX, .claim = UINT32_MAX, .left_len = 1, .left = {e->s->wanted}};
	e->len = 1;
	heap_push(e, 0);
	return true;
}

bool shuffle_eject(struct shuffle *s, uint32_t looks_max)
{
	struct eject e = {.s = s};

	if (!eject_open(&e))
		return false;
	while (e.heap_len > 0 && e.looks < looks_max) {
		uint32_t from = heap_pop(&e);
		go_on_from(&e, from, true);
		if (go_on(&e, from)) {
			s->plan[e.all[e.len].claim] = e.all[e.len].seat;
			s->moves = e.all[e.len].moves;
			return true;
		}
		go_on_from(&e, from, false);
	}
	return false;
}
