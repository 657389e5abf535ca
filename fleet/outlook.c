/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/outlook.h"

#include "fleet/rosters.h"

#include <stdlib.h>

enum { KEPT_BYTES_MAX = 16 << 20 }; /* of one outlook */

struct outlook_kept {
	struct outlook_kept *next;
	struct arena arena; /* what follows lies in it; borrowed of the ask: nothing */
	struct pool_ask pool;
	struct outlook outlook;
};

static void kept_free(struct outlook_kept *k)
{
	arena_deinit(&k->arena);
	free(k);
}

void outlooks_free(struct outlooks *o)
{
	while (o->first) {
		struct outlook_kept *first = o->first;
		o->first = first->next;
		kept_free(first);
	}
	o->len = 0;
}

static bool is_same(const struct pool_ask *a, const struct pool_ask *b)
{
	return a->kind == b->kind && a->what == b->what && str_eq(a->solution, b->solution) &&
	       str_eq(a->class, b->class) && str_eq(a->resource, b->resource) &&
	       str_eq(a->for_site, b->for_site);
}

static bool keep_copy(struct str *s, struct arena *a)
{
	*s = s->n ? arena_copy(a, *s) : STR_NULL;
	return !a->full;
}

static bool load(struct outlook_kept *k, struct view *v, const struct outlook_ask *ask,
	uint32_t from, uint32_t until)
{
	struct arena *scratch = &v->rosters->searching;
	struct pool pool;

	arena_reset(scratch);
	arena_reset(&k->arena);
	k->pool = ask->pool;
	k->outlook = (struct outlook){.from = from, .until = until};
	return keep_copy(&k->pool.solution, &k->arena) && keep_copy(&k->pool.class, &k->arena) &&
	       keep_copy(&k->pool.resource, &k->arena) && keep_copy(&k->pool.for_site, &k->arena) &&
	       pool_open(&pool, scratch, ask->roster, &ask->pool) &&
	       pool_load(&pool, v, ask->seating, ask->except, from, until) &&
	       occupancy_of(&k->outlook.occupancy, &k->arena, &pool, pool.wanted) &&
	       gaps_of(&k->outlook.gaps, &k->arena, &pool, pool.wanted);
}

/* Together with what it had, so that questions about many days do not take turns. */
static bool widen(struct outlook_kept *k, struct view *v, const struct outlook_ask *ask,
	uint32_t from, uint32_t until)
{
	uint32_t both_from = k->outlook.from < from ? k->outlook.from : from;
	uint32_t both_until = k->outlook.until > until ? k->outlook.until : until;

	if (both_until - both_from > OUTLOOK_MINUTES_MAX)
		return load(k, v, ask, from, until);
	return load(k, v, ask, both_from, both_until);
}

static void drop(struct outlooks *all, struct outlook_kept *k)
{
	struct outlook_kept **link = &all->first;

	while (*link != k)
		link = &(*link)->next;
	*link = k->next;
	all->len--;
	kept_free(k);
}

const struct outlook *outlook_of(struct view *v, struct outlooks *all,
	const struct outlook_ask *ask, uint32_t from, uint32_t until)
{
	struct outlook_kept *k = all->first;
	bool had;

	while (k && !is_same(&k->pool, &ask->pool))
		k = k->next;
	if (k && k->outlook.from <= from && until <= k->outlook.until)
		return &k->outlook;
	had = k;
	if (!k) {
		if (all->len == OUTLOOKS_MAX)
			outlooks_free(all);
		k = calloc(1, sizeof *k);
		if (!k)
			return NULL;
		arena_init(&k->arena, KEPT_BYTES_MAX);
		k->next = all->first;
		all->first = k;
		all->len++;
	}
	until += OUTLOOK_AHEAD;
	if (had ? widen(k, v, ask, from, until) : load(k, v, ask, from, until))
		return &k->outlook;
	drop(all, k);
	return NULL;
}

uint32_t outlook_next(const struct outlook *o, uint32_t from, uint32_t minutes, int32_t spare)
{
	for (uint32_t at = from;;) {
		uint32_t fits;
		at = occupancy_next(&o->occupancy, at, minutes, spare);
		if (at == MINUTE_FOREVER)
			return at;
		fits = gaps_next(&o->gaps, at, minutes);
		if (fits == at || fits == MINUTE_FOREVER)
			return fits;
		at = fits;
	}
}

bool outlook_allows(struct view *v, const struct roster *roster, const struct pool_ask *pool,
	uint32_t from, uint32_t until)
{
	struct outlook_ask ask = {.roster = roster, .pool = *pool};
	const struct outlook *o =
		outlook_of(v, roster->outlooks, &ask, from, until + TURNAROUND_MINUTES_MAX);

	return !o || outlook_next(o, from, until - from, 1) == from;
}
