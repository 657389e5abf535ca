/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/gaps.h"

enum {
	BLOCK = 16
}; /* gaps whose longest is known: what is too long for all of them is told at once */

/* From where the last thing that stays ended to where the next begins. */
static void add_gap(
	struct gaps *g, uint32_t *len, uint32_t from, uint32_t next, uint32_t turnaround)
{
	uint32_t until = next == MINUTE_FOREVER ? next : next > turnaround ? next - turnaround : 0;

	if (from < until)
		g->gap[(*len)++] = (struct gap){from, until};
}

static void add_seat(struct gaps *g, uint32_t *len, const struct pool *p, uint16_t seat)
{
	const struct resource *r = p->seats[seat].resource;
	uint32_t end = r->usable_until < MINUTE_FOREVER - r->turnaround
			       ? r->usable_until + r->turnaround
			       : MINUTE_FOREVER;
	uint32_t from = r->usable_from;

	for (uint32_t i = p->first[seat]; i < p->first[seat + 1]; i++) {
		const struct pool_claim *c = &p->claims[i];
		if (!c->fixed || c->row.until <= from)
			continue;
		if (c->row.from >= end)
			break;
		add_gap(g, len, from, c->row.from, r->turnaround);
		from = c->row.until;
	}
	add_gap(g, len, from, end, r->turnaround);
}

static void find_longest(struct gaps *g, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++) {
		uint32_t *longest = &g->longest[i / BLOCK],
			 length = g->gap[i].until - g->gap[i].from;
		if (i % BLOCK == 0 || length > *longest)
			*longest = length;
	}
}

bool gaps_of(struct gaps *g, struct arena *a, const struct pool *p, uint64_t types)
{
	uint32_t len = 0, claims = p->seats_len ? p->first[p->seats_len] : 0;

	*g = (struct gaps){0};
	g->first = arena_take(a, (p->seats_len + 1) * sizeof *g->first);
	g->gap = arena_take(a, (claims + p->seats_len + 1) * sizeof *g->gap);
	g->longest = arena_take(a, ((claims + p->seats_len) / BLOCK + 1) * sizeof *g->longest);
	if (!g->first || !g->gap || !g->longest)
		return false;
	for (uint16_t seat = 0; seat < p->seats_len; seat++) {
		if (!(types >> p->seats[seat].type & 1))
			continue;
		g->first[g->seats_len++] = len;
		add_seat(g, &len, p, seat);
	}
	g->first[g->seats_len] = len;
	find_longest(g, len);
	return true;
}

/* The first gap of a seat that ends after a minute. */
static uint32_t first_after(const struct gaps *g, uint32_t seat, uint32_t minute)
{
	uint32_t low = g->first[seat], high = g->first[seat + 1];

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (g->gap[middle].until > minute)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The first start on one seat; `before` or later: none before it. */
static uint32_t seat_next(
	const struct gaps *g, uint32_t seat, uint32_t from, uint32_t minutes, uint32_t before)
{
	uint32_t i = first_after(g, seat, from), end = g->first[seat + 1];

	while (i < end && g->gap[i].from < before) {
		uint32_t start = g->gap[i].from > from ? g->gap[i].from : from;
		if (g->gap[i].until - start >= minutes)
			return start;
		i++;
		while (i % BLOCK == 0 && i + BLOCK <= end && g->longest[i / BLOCK] < minutes)
			i += BLOCK;
	}
	return before;
}

uint32_t gaps_next(const struct gaps *g, uint32_t from, uint32_t minutes)
{
	uint32_t best = MINUTE_FOREVER;

	for (uint32_t seat = 0; seat < g->seats_len && best > from; seat++)
		best = seat_next(g, seat, from, minutes, best);
	return best;
}
