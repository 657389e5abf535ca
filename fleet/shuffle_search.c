/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* qsort_r */
#include "fleet/shuffle_parts.h"

#include <stdlib.h>

/*
 * The complete search: claims are seated in the order of their starts, each on any seat that is
 * free by then. What a choice means for the future is only until when the seat's present gap (up to
 * the next claim that stays, or the end of its use) can still be used: seats of one type with the
 * same end of gap are one choice, and two ways to the same multiset of busy seats are one state.
 * States that led nowhere are remembered. Minutes count only as far as the claims can tell them
 * apart: a seat that is back in the evening and one that is back at night are both there for the
 * next morning.
 */

enum { MEMO_FIRST = 1 << 10, CHOICES_MAX = 256 };

struct choice {
	uint16_t seat;
	uint8_t type;
	uint8_t disturbs; /* 0: it is there already, 1: nobody is, 2: somebody would have to move */
	uint32_t limit;	  /* until when the gap can be used: so many of the claims end by then */
};

struct search {
	struct shuffle *s;
	bool relaxed;
	uint32_t len;
	uint32_t *ends;	       /* of the claims that move, ascending */
	uint32_t *ends_from;   /* by depth: the earliest end of what starts there or later */
	uint32_t *order;       /* the claims that move, by start */
	uint32_t *fixed;       /* claims that stay, by seat, ascending */
	uint32_t *fixed_first; /* by seat */
	uint32_t *busy_until, *gap_limit; /* by seat, as far as it is seated */
	uint16_t *tried;		  /* by depth: choices made there so far */
	uint16_t *seat;			  /* by depth: the present choice */
	uint32_t *busy_before, *limit_before;
	uint64_t *memo; /* open addressing; NULL until the first of them */
	uint32_t memo_len, memo_cap;
};

static bool moves_here(const struct search *x, const struct pool_claim *c)
{
	return shuffle_movable(x->s, c) && (x->relaxed || !c->crossing);
}

/* ---- one seat and one claim ---- */

/* Until when the seat can be used from the claim's start on; 0: it cannot carry the claim. */
static uint32_t seat_limit(const struct search *x, uint16_t seat, const struct pool_claim *claim)
{
	const struct pool *p = &x->s->pool;
	const struct resource *r = p->seats[seat].resource;
	uint32_t low = x->fixed_first[seat], high = x->fixed_first[seat + 1], end = high;
	uint32_t limit = r->usable_until;

	if (!(claim->types >> p->seats[seat].type & 1) || claim->row.from < r->usable_from ||
		x->busy_until[seat] > claim->row.from)
		return 0;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (p->claims[x->fixed[middle]].row.until > claim->row.from)
			high = middle;
		else
			low = middle + 1;
	}
	if (low < end) {
		uint32_t next = p->claims[x->fixed[low]].row.from;
		if (next < claim->row.from + r->turnaround)
			return 0;
		if (next - r->turnaround < limit)
			limit = next - r->turnaround;
	}
	return claim->until <= limit ? limit : 0;
}

/* How many of `sorted` are not above `minute`. */
static uint32_t rank(const uint32_t *sorted, uint32_t len, uint32_t minute)
{
	uint32_t low = 0, high = len;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (sorted[middle] <= minute)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first claim in order that starts at or after a minute. */
static uint32_t first_from(const struct search *x, uint32_t minute)
{
	uint32_t low = 0, high = x->len;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (x->s->pool.claims[x->order[middle]].row.from >= minute)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Whether a promise that lies on this seat would have to leave it. */
static bool would_disturb(const struct search *x, uint16_t seat, const struct pool_claim *claim)
{
	const struct pool *p = &x->s->pool;
	uint32_t until = claim->until + p->seats[seat].resource->turnaround;

	for (uint32_t i = p->first[seat]; i < p->first[seat + 1]; i++) {
		const struct pool_claim *c = &p->claims[i];
		if (c->row.from >= until)
			break;
		if (c != claim && c->row.until > claim->row.from && moves_here(x, c))
			return true;
	}
	return false;
}

static int choice_order(const void *a, const void *b)
{
	const struct choice *x = a, *y = b;

	if (x->disturbs != y->disturbs)
		return x->disturbs < y->disturbs ? -1 : 1;
	if (x->limit != y->limit) /* tight gaps first: the long ones stay whole */
		return x->limit < y->limit ? -1 : 1;
	return (x->seat > y->seat) - (x->seat < y->seat);
}

/* One of each kind of seat that is free for a claim, the least disturbing first. */
static uint32_t find_choices(
	const struct search *x, const struct pool_claim *claim, struct choice out[CHOICES_MAX])
{
	const struct pool *p = &x->s->pool;
	uint32_t n = 0;

	for (uint16_t seat = 0; seat < p->seats_len; seat++) {
		struct choice c = {.seat = seat, .type = p->seats[seat].type};
		uint32_t k = 0;
		c.limit = seat_limit(x, seat, claim);
		if (!c.limit)
			continue;
		c.limit = rank(x->ends, x->len, c.limit);
		c.disturbs = claim->seat == seat ? 0 : would_disturb(x, seat, claim) ? 2 : 1;
		while (k < n && (out[k].limit != c.limit || out[k].type != c.type))
			k++;
		if (k == n && n == CHOICES_MAX)
			continue;
		if (k == n || choice_order(&c, &out[k]) < 0)
			out[k] = c;
		n += k == n;
	}
	qsort(out, n, sizeof *out, choice_order);
	return n;
}

/* ---- states that led nowhere ---- */

static uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* The seats that are still busy when the claim at `depth` starts; which ones does not matter, nor
 * from when on exactly they are free. A gap that nothing fits into any more is as good as none. */
static uint64_t state_of(const struct search *x, uint32_t depth)
{
	const struct pool *p = &x->s->pool;
	uint32_t from = p->claims[x->order[depth]].row.from;
	uint64_t sum = mix(depth + 1);

	for (uint16_t seat = 0; seat < p->seats_len; seat++) {
		uint32_t free, limit = x->gap_limit[seat];
		if (x->busy_until[seat] <= from)
			continue;
		free = first_from(x, x->busy_until[seat]);
		if (free == x->len || limit == 0 || x->ends_from[free] > x->ends[limit - 1])
			free = x->len;
		sum += mix(mix((uint64_t)free << 32 | limit) + p->seats[seat].type);
	}
	return sum | 1; /* 0 is an empty place */
}

static uint64_t *memo_place(uint64_t *memo, uint32_t cap, uint64_t state)
{
	uint64_t at = state >> 20 & (cap - 1);

	while (memo[at] && memo[at] != state)
		at = (at + 1) & (cap - 1);
	return &memo[at];
}

static bool memo_has(const struct search *x, uint32_t depth)
{
	return x->memo && *memo_place(x->memo, x->memo_cap, state_of(x, depth)) != 0;
}

/* Twice the room; without memory the search goes on with what it remembers. */
static void memo_grow(struct search *x)
{
	uint32_t cap = x->memo_cap ? x->memo_cap * 2 : MEMO_FIRST;
	uint64_t *grown = arena_alloc(x->s->arena, cap * sizeof *grown);

	if (!grown)
		return;
	for (uint32_t i = 0; i < x->memo_cap; i++)
		if (x->memo[i])
			*memo_place(grown, cap, x->memo[i]) = x->memo[i];
	x->memo = grown;
	x->memo_cap = cap;
}

static void memo_keep(struct search *x, uint32_t depth)
{
	uint64_t state = state_of(x, depth), *place;

	if (x->memo_len >= x->memo_cap / 2)
		memo_grow(x);
	if (x->memo_len >= x->memo_cap / 2)
		return;
	place = memo_place(x->memo, x->memo_cap, state);
	x->memo_len += *place == 0;
	*place = state;
}

/* ---- the search ---- */

static int start_order(const void *a, const void *b, void *context)
{
	const struct pool_claim *claims = context;
	const struct pool_claim *x = &claims[*(const uint32_t *)a],
				*y = &claims[*(const uint32_t *)b];

	if (x->row.from != y->row.from)
		return x->row.from < y->row.from ? -1 : 1;
	if (x->until != y->until) /* the longest first: it has the fewest choices */
		return x->until > y->until ? -1 : 1;
	return (x > y) - (x < y);
}

static int minute_order(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void sort_claims(struct search *x)
{
	struct pool_claim *claims = x->s->pool.claims;
	uint32_t earliest = MINUTE_FOREVER;

	qsort_r(x->order, x->len, sizeof *x->order, start_order, claims);
	for (uint32_t i = x->len; i-- > 0;) {
		uint32_t until = claims[x->order[i]].until;
		earliest = until < earliest ? until : earliest;
		x->ends[i] = until;
		x->ends_from[i] = earliest;
	}
	qsort(x->ends, x->len, sizeof *x->ends, minute_order);
}

static bool search_open(struct search *x)
{
	struct shuffle *s = x->s;
	const struct pool *p = &s->pool;
	struct arena *a = s->arena;
	uint32_t claims = s->wanted + 1, fixed = 0;

	x->order = arena_alloc(a, claims * sizeof *x->order);
	x->ends = arena_alloc(a, claims * sizeof *x->ends);
	x->ends_from = arena_alloc(a, claims * sizeof *x->ends_from);
	x->fixed = arena_alloc(a, claims * sizeof *x->fixed);
	x->fixed_first = arena_alloc(a, (p->seats_len + 1) * sizeof *x->fixed_first);
	x->busy_until = arena_alloc(a, (p->seats_len + 1) * sizeof *x->busy_until);
	x->gap_limit = arena_alloc(a, (p->seats_len + 1) * sizeof *x->gap_limit);
	x->tried = arena_alloc(a, claims * sizeof *x->tried);
	x->seat = arena_alloc(a, claims * sizeof *x->seat);
	x->busy_before = arena_alloc(a, claims * sizeof *x->busy_before);
	x->limit_before = arena_alloc(a, claims * sizeof *x->limit_before);
	if (a->full)
		return false;
	for (uint16_t seat = 0; seat < p->seats_len; seat++) {
		x->fixed_first[seat] = fixed;
		for (uint32_t i = p->first[seat]; i < p->first[seat + 1]; i++)
			if (moves_here(x, &p->claims[i]))
				x->order[x->len++] = i;
			else
				x->fixed[fixed++] = i;
	}
	x->fixed_first[p->seats_len] = fixed;
	x->order[x->len++] = s->wanted;
	sort_claims(x);
	return true;
}

static void put(struct search *x, uint32_t depth, const struct choice *c)
{
	const struct pool *p = &x->s->pool;

	x->seat[depth] = c->seat;
	x->busy_before[depth] = x->busy_until[c->seat];
	x->limit_before[depth] = x->gap_limit[c->seat];
	x->busy_until[c->seat] =
		p->claims[x->order[depth]].until + p->seats[c->seat].resource->turnaround;
	x->gap_limit[c->seat] = c->limit;
}

static void take_back(struct search *x, uint32_t depth)
{
	x->busy_until[x->seat[depth]] = x->busy_before[depth];
	x->gap_limit[x->seat[depth]] = x->limit_before[depth];
}

/* One step more; false: the bound is reached. */
static bool step(struct search *x)
{
	struct view *v = x->s->ask->view;

	v->searched += x->s->pool.seats_len;
	return ++x->s->nodes <= x->s->nodes_max && v->searched <= SHUFFLE_SEATS_MAX;
}

static enum shuffle_result search_run(struct search *x)
{
	const struct pool *p = &x->s->pool;
	struct choice choices[CHOICES_MAX];
	uint32_t depth = 0;

	while (depth < x->len) {
		bool dead = x->tried[depth] == 0 && memo_has(x, depth);
		uint32_t n = dead ? 0 : find_choices(x, &p->claims[x->order[depth]], choices);
		if (!step(x))
			return SHUFFLE_UNDECIDED;
		if (x->tried[depth] < n) {
			put(x, depth, &choices[x->tried[depth]++]);
			if (++depth < x->len)
				x->tried[depth] = 0;
			continue;
		}
		if (!dead)
			memo_keep(x, depth);
		if (depth == 0)
			return SHUFFLE_NO;
		take_back(x, --depth);
	}
	return SHUFFLE_YES;
}

enum shuffle_result shuffle_search(struct shuffle *s, bool relaxed)
{
	struct search *x = arena_alloc(s->arena, sizeof *x);
	enum shuffle_result result;

	if (!x)
		return SHUFFLE_UNDECIDED;
	*x = (struct search){.s = s, .relaxed = relaxed};
	s->nodes = 0;
	if (!search_open(x))
		return SHUFFLE_UNDECIDED;
	result = search_run(x);
	if (result != SHUFFLE_YES)
		return result;
	s->moves = 0;
	for (uint32_t i = 0; i < s->wanted; i++)
		s->plan[i] = s->pool.claims[i].seat;
	for (uint32_t i = 0; i < x->len; i++) {
		uint32_t claim = x->order[i];
		s->plan[claim] = x->seat[i];
		s->moves += claim != s->wanted && s->plan[claim] != s->pool.claims[claim].seat;
	}
	return SHUFFLE_YES;
}
