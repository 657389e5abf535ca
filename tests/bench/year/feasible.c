/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/year/feasible.h"

#include <stdlib.h>

#include "tests/bench/year/dice.h"

/* A hash set of situations that lead nowhere; emptied slot by slot, for most searches are short. */
enum { SEEN_SLOTS = 1 << 21 };
static struct {
	uint64_t slots[SEEN_SLOTS]; /* 0: empty */
	uint32_t len, used[FEASIBLE_STEPS_MAX + 1];
} seen;

struct search {
	struct pool *pool;
	int32_t free_from[CARS_OF_CLASS_MAX];
	uint32_t steps;
};

void pool_fix(struct pool *p, uint32_t car, int32_t from, int32_t until)
{
	ASSERT(car < p->cars && p->of[car].len < FIXED_PER_CAR);
	p->of[car].fixed[p->of[car].len++] = (struct window){from, until};
}

void pool_add(struct pool *p, int32_t from, int32_t until)
{
	ASSERT(p->len < PROMISES_MAX);
	p->any[p->len++] = (struct window){from, until};
}

void pool_of(struct pool *p, const struct book *b, uint32_t class, int32_t now)
{
	memset(p, 0, sizeof *p);
	p->cars = class_cars[class];
	for (uint32_t i = 0; i < b->of[class].len; i++) {
		const struct promise *o = &b->of[class].promises[i];
		if (o->car == NO_CAR)
			continue;
		if (o->state != PROMISE_BOOKED || o->this_car || o->from <= now)
			pool_fix(p, (uint32_t)o->car - class_first[class], o->from, o->until);
		else
			pool_add(p, o->from, o->until);
	}
}

static int by_from(const void *a, const void *b)
{
	const struct window *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->until > y->until) - (x->until < y->until);
}

static bool overlaps(struct window a, struct window b)
{
	return a.from < b.until && b.from < a.until;
}

static bool fixed_clash(const struct pool *p)
{
	for (uint32_t c = 0; c < p->cars; c++)
		for (uint32_t i = 1; i < p->of[c].len; i++)
			if (p->of[c].fixed[i].from < p->of[c].fixed[i - 1].until)
				return true;
	return false;
}

/* More are needed at once than there are: no search is needed. The need grows where one begins. */
static bool too_many_at(const struct pool *p, int32_t at)
{
	struct window now = {at, at + 1};
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->len && p->any[i].from <= at; i++)
		n += overlaps(p->any[i], now);
	for (uint32_t c = 0; c < p->cars; c++)
		for (uint32_t i = 0; i < p->of[c].len; i++)
			n += overlaps(p->of[c].fixed[i], now);
	return n > p->cars;
}

static bool too_many(const struct pool *p)
{
	for (uint32_t i = 0; i < p->len; i++)
		if (too_many_at(p, p->any[i].from))
			return true;
	for (uint32_t c = 0; c < p->cars; c++)
		for (uint32_t i = 0; i < p->of[c].len; i++)
			if (too_many_at(p, p->of[c].fixed[i].from))
				return true;
	return false;
}

/* ---- the search ---- */

/* What a car still has before it, in one number; 0: nothing. */
static uint64_t ahead_of(const struct pool *p, uint32_t car, int32_t at)
{
	uint64_t h = 0;

	for (uint32_t i = 0; i < p->of[car].len; i++) {
		const struct window *f = &p->of[car].fixed[i];
		if (f->until > at)
			h = dice_mix(h + ((uint64_t)(uint32_t)f->from << 32) + (uint32_t)f->until);
	}
	return h;
}

/* Cars that are alike from now on count as one. */
static uint64_t situation(const struct search *s, uint32_t i)
{
	int32_t at = s->pool->any[i].from;
	uint64_t sum = dice_mix(i + 1);

	for (uint32_t c = 0; c < s->pool->cars; c++) {
		int32_t free_from = s->free_from[c] > at ? s->free_from[c] : at;
		sum += dice_mix(ahead_of(s->pool, c, at) ^ dice_mix((uint64_t)free_from));
	}
	return sum ? sum : 1;
}

/* Whether it was there before; it is now. */
static bool seen_before(uint64_t key)
{
	for (uint64_t at = key;; at++) {
		uint64_t *slot = &seen.slots[at % SEEN_SLOTS];
		if (*slot == key)
			return true;
		if (*slot)
			continue;
		*slot = key;
		seen.used[seen.len++] = (uint32_t)(at % SEEN_SLOTS);
		return false;
	}
}

static void seen_forget(void)
{
	while (seen.len)
		seen.slots[seen.used[--seen.len]] = 0;
}

struct candidate {
	uint32_t car;
	int32_t next; /* its next fixed promise */
	uint64_t ahead;
};

/* The cars free for a loan, those whose next promise is nearest first; of equal ones only one. */
static uint32_t candidates(
	const struct search *s, struct window w, struct candidate out[CARS_OF_CLASS_MAX])
{
	const struct pool *p = s->pool;
	uint32_t n = 0;

	for (uint32_t c = 0; c < p->cars; c++) {
		struct candidate x = {c, INT32_MAX, ahead_of(p, c, w.from)};
		bool taken = s->free_from[c] > w.from;
		uint32_t k;
		for (uint32_t i = 0; i < p->of[c].len; i++) {
			const struct window *f = &p->of[c].fixed[i];
			taken |= overlaps(*f, w);
			if (f->from >= w.until && f->from < x.next)
				x.next = f->from;
		}
		for (k = 0; k < n; k++)
			taken |= out[k].ahead == x.ahead;
		if (taken)
			continue;
		for (k = n++; k && out[k - 1].next > x.next; k--)
			out[k] = out[k - 1];
		out[k] = x;
	}
	return n;
}

/* As deep as there are loans: PROMISES_MAX. */
static enum feasible go_on(struct search *s, uint32_t i)
{
	struct candidate cars[CARS_OF_CLASS_MAX];
	enum feasible found;
	uint32_t n;

	if (i == s->pool->len)
		return FEASIBLE;
	if (s->steps++ == FEASIBLE_STEPS_MAX)
		return NOT_PROVEN;
	if (seen_before(situation(s, i)))
		return NOT_FEASIBLE;
	n = candidates(s, s->pool->any[i], cars);
	for (uint32_t k = 0; k < n; k++) {
		int32_t before = s->free_from[cars[k].car];
		s->free_from[cars[k].car] = s->pool->any[i].until;
		found = go_on(s, i + 1);
		s->free_from[cars[k].car] = before;
		if (found != NOT_FEASIBLE || s->steps > FEASIBLE_STEPS_MAX)
			return found == NOT_FEASIBLE ? NOT_PROVEN : found;
	}
	return NOT_FEASIBLE;
}

enum feasible pool_feasible(struct pool *p)
{
	struct search s = {.pool = p};
	enum feasible found;

	qsort(p->any, p->len, sizeof p->any[0], by_from);
	for (uint32_t c = 0; c < p->cars; c++)
		qsort(p->of[c].fixed, p->of[c].len, sizeof p->of[c].fixed[0], by_from);
	if (fixed_clash(p) || too_many(p))
		return NOT_FEASIBLE;
	found = go_on(&s, 0);
	seen_forget();
	return found;
}
