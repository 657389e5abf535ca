/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether all promises can have a seat, found by trying: every promise in the order of its start on
 * every seat it may have. It knows nothing of the product: seats and promises are numbers, minutes
 * and bits. What it forgets is only what was proven before: a state that led nowhere (which promise
 * is last on each seat while the next one starts) is not tried twice.
 *
 * promises_fit_plainly() tries every way there is to write down one seat per promise, and looks at
 * each pair. It is for a handful of promises, and for believing the other one.
 */

#include "tests/lib/check.h"

enum { PROMISE_SEATS_MAX = 8, PROMISES_MAX = 120, PROMISE_STATES = 1 << 16 };

struct promise_seat {
	int32_t usable_from, usable_until; /* the time that is promised lies between */
	int32_t turnaround;		   /* minutes behind each promise, until the next */
};
struct promise {
	int32_t from, until; /* minutes, half-open, without turnaround */
	uint32_t seats;	     /* those it may have: bit = seat */
	bool exact; /* it lies where it lies and ends when it says: a block, a car that is out */
	int now;    /* the seat it has; -1: none yet */
	int32_t weight; /* what it costs to move it away from there */
};
struct promises {
	uint32_t seats_len, len;
	struct promise_seat seat[PROMISE_SEATS_MAX];
	struct promise promise[PROMISES_MAX];
};

static inline struct promise *promise_add(struct promises *p, struct promise promise)
{
	assert_true(p->len < PROMISES_MAX && promise.from < promise.until);
	p->promise[p->len] = promise;
	return &p->promise[p->len++];
}

static inline int32_t promise_end(const struct promises *p, const struct promise *a, uint32_t seat)
{
	return a->exact ? a->until : a->until + p->seat[seat].turnaround;
}

/* Whether the seat may have it, as far as it is alone. */
static inline bool promise_may(const struct promises *p, const struct promise *a, uint32_t seat)
{
	return (a->seats >> seat & 1) &&
	       (a->exact || (a->from >= p->seat[seat].usable_from &&
				    a->until <= p->seat[seat].usable_until));
}

static inline bool promise_clash(
	const struct promises *p, const struct promise *a, const struct promise *b, uint32_t seat)
{
	return a->from < promise_end(p, b, seat) && b->from < promise_end(p, a, seat);
}

/* ---- the plain way ---- */

/* The least weight of moves over all assignments; -1 when there is none. */
static inline int32_t promises_plainly(const struct promises *p)
{
	uint32_t on[PROMISES_MAX] = {0};
	int32_t best = -1;

	for (;;) {
		bool fits = true;
		int32_t moved = 0;
		uint32_t k = 0;
		for (uint32_t i = 0; i < p->len; i++) {
			const struct promise *a = &p->promise[i];
			fits &= promise_may(p, a, on[i]);
			moved += a->now >= 0 && a->now != (int)on[i] ? a->weight : 0;
			for (uint32_t j = 0; j < i; j++)
				fits &= on[i] != on[j] ||
					!promise_clash(p, a, &p->promise[j], on[i]);
		}
		if (fits && (best < 0 || moved < best))
			best = moved;
		while (k < p->len && ++on[k] == p->seats_len) /* count on */
			on[k++] = 0;
		if (k == p->len)
			return best;
	}
}

/* ---- the search ---- */

/* One byte a seat: the promise that is last on it, counted from 1, while it lasts; else 0. */
union promise_state {
	uint8_t last[PROMISE_SEATS_MAX];
	uint64_t all;
};

struct promise_search {
	const struct promises *p;
	uint32_t len;
	uint8_t order[PROMISES_MAX];  /* by start */
	uint32_t reach[PROMISES_MAX]; /* seats each may have beside what lies there for good */
	uint64_t nodes;
	int32_t cost_max; /* moves that may be spent */
	struct {
		uint32_t round, at;
		int32_t spare; /* with so much left to spend it led nowhere */
		uint64_t state;
	} * failed;
	uint32_t round;
};

static inline uint32_t promise_slot(uint32_t at, uint64_t state)
{
	uint64_t z = (state + at) * UINT64_C(0x9e3779b97f4a7c15);

	return (uint32_t)((z ^ (z >> 29)) * UINT64_C(0xbf58476d1ce4e5b9) >> 48) % PROMISE_STATES;
}

/* From the order's place `at` on, `spare` moves left to spend. */
static inline bool promise_try(
	struct promise_search *s, uint32_t at, union promise_state state, int32_t spare)
{
	const struct promises *p = s->p;
	const struct promise *a;
	uint32_t slot;

	if (at == s->len)
		return true;
	a = &p->promise[s->order[at]];
	s->nodes++;
	for (uint32_t k = 0; k < p->seats_len; k++)
		if (state.last[k] && promise_end(p, &p->promise[state.last[k] - 1], k) <= a->from)
			state.last[k] = 0;
	slot = promise_slot(at, state.all);
	if (s->failed[slot].round == s->round && s->failed[slot].at == at &&
		s->failed[slot].state == state.all && s->failed[slot].spare >= spare)
		return false;
	/* the seat that it has is tried first, then the others in turn */
	for (uint32_t n = 0; n <= p->seats_len; n++) {
		uint32_t k = n ? n - 1 : (uint32_t)a->now;
		union promise_state next = state;
		int32_t cost;
		if ((n == 0) != (a->now == (int)k) || (n == 0 && a->now < 0))
			continue;
		cost = n && a->now >= 0 ? a->weight : 0;
		if (!(s->reach[s->order[at]] >> k & 1) || state.last[k] || cost > spare)
			continue;
		next.last[k] = (uint8_t)(s->order[at] + 1);
		if (promise_try(s, at + 1, next, spare - cost))
			return true;
	}
	s->failed[slot].round = s->round;
	s->failed[slot].at = at;
	s->failed[slot].spare = spare;
	s->failed[slot].state = state.all;
	return false;
}

/* What lies for good takes its seats from the others; false: two such clash already. */
static inline bool promise_lay(struct promise_search *s)
{
	const struct promises *p = s->p;

	for (uint32_t i = 0; i < p->len; i++) {
		const struct promise *a = &p->promise[i];
		s->reach[i] = 0;
		for (uint32_t k = 0; k < p->seats_len; k++) {
			bool free = promise_may(p, a, k);
			for (uint32_t j = 0; free && j < p->len; j++)
				free = j == i || !p->promise[j].exact ||
				       !(p->promise[j].seats >> k & 1) ||
				       !promise_clash(p, a, &p->promise[j], k);
			s->reach[i] |= (uint32_t)free << k;
		}
		if (!s->reach[i])
			return false;
	}
	return true;
}

static inline bool promises_fit_within(const struct promises *p, int32_t cost_max)
{
	static struct promise_search s;
	union promise_state empty = {.all = 0};

	assert_true(p->seats_len <= PROMISE_SEATS_MAX);
	if (!s.failed)
		s.failed = calloc(PROMISE_STATES, sizeof *s.failed);
	assert_non_null(s.failed);
	s.p = p;
	s.round++;
	s.len = 0;
	if (!promise_lay(&s))
		return false;
	for (uint32_t i = 0; i < p->len; i++) {
		uint32_t at = s.len;
		if (p->promise[i].exact)
			continue;
		while (at > 0 && p->promise[s.order[at - 1]].from > p->promise[i].from) {
			s.order[at] = s.order[at - 1];
			at--;
		}
		s.order[at] = (uint8_t)i;
		s.len++;
	}
	return promise_try(&s, 0, empty, cost_max);
}

static inline bool promises_fit(const struct promises *p)
{
	return promises_fit_within(p, INT32_MAX);
}

/* The least weight of moves; -1 when there is no assignment at all. */
static inline int32_t promises_least_moves(const struct promises *p)
{
	int32_t all = 0;

	for (uint32_t i = 0; i < p->len; i++)
		all += p->promise[i].weight;
	for (int32_t cost = 0; cost <= all; cost++)
		if (promises_fit_within(p, cost))
			return cost;
	return -1;
}
