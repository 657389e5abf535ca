/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/pool.h"

enum { SEAT_CLAIMS = 64, CLAIMS_FIRST = 256 };

bool pool_serves(const struct resource *r, const struct pool_ask *ask)
{
	return !r->unlimited && pool_fits(r, ask);
}

bool pool_fits(const struct resource *r, const struct pool_ask *ask)
{
	return r->active && r->kind == ask->kind &&
	       (!ask->solution.n || resource_serves(r, ask->solution)) &&
	       (!ask->class.n || str_eq(r->class, ask->class)) &&
	       (!ask->resource.n || str_eq(r->id, ask->resource)) &&
	       (!ask->for_site.n || resource_transfer(r, ask->for_site) >= 0);
}

/* ---- which seats ---- */

struct classes {
	uint32_t len;
	struct str class[CLASSES_PER_SITE_MAX];
};

static bool has_class(const struct classes *c, struct str class)
{
	for (uint32_t i = 0; i < c->len; i++)
		if (str_eq(c->class[i], class))
			return true;
	return false;
}

static bool add_class(struct classes *c, struct str class)
{
	if (has_class(c, class) || c->len == CLASSES_PER_SITE_MAX)
		return false;
	c->class[c->len++] = class;
	return true;
}

/* The classes whose seats can change places with those that are asked for: an accompanied drive
 * takes any car of the house that serves it, whatever its class. */
static void close_classes(
	const struct roster *roster, const struct pool_ask *ask, struct classes *c)
{
	struct resources all = roster_of_class(roster, ask->kind, STR_NULL);
	struct resources some = roster_of_class(roster, ask->kind, ask->class);
	bool drives = false;

	for (const struct resource *r = some.first; r < some.end; r++)
		if (pool_serves(r, ask))
			(void)add_class(c, r->class);
	for (const struct resource *r = all.first; r < all.end && !drives; r++)
		drives = r->drives && has_class(c, r->class);
	for (const struct resource *r = all.first; r < all.end && drives; r++)
		if (r->drives)
			(void)add_class(c, r->class);
}

static bool same_type(const struct resource *a, const struct resource *b)
{
	if (!str_eq(a->class, b->class) || a->turnaround != b->turnaround ||
		a->solutions_len != b->solutions_len || a->shared_len != b->shared_len)
		return false;
	for (uint32_t i = 0; i < a->shared_len; i++)
		if (resource_transfer(b, a->shared[i].site) < 0)
			return false;
	for (uint32_t i = 0; i < a->solutions_len; i++)
		if (!resource_serves(b, a->solutions[i]))
			return false;
	return true;
}

/* A resource that is asked for by name is a type of its own: it is not interchangeable. -1: there
 * are too many types; such a seat stays as it is. */
static int type_of(struct pool *p, const struct resource *r, bool asked)
{
	for (uint32_t i = 0; i < p->types_len; i++)
		if (p->type_asked[i] == asked && same_type(p->type[i], r))
			return (int)i;
	if (p->types_len == POOL_TYPES_MAX)
		return -1;
	p->type[p->types_len] = r;
	p->type_asked[p->types_len] = asked;
	return (int)p->types_len++;
}

/* Where all seats of a class serve the same, a claim need not be asked whose it is. */
static void find_alike(struct pool *p)
{
	for (uint32_t i = 0; i < p->types_len; i++) {
		uint64_t alike = 0;
		bool all = true;
		for (uint32_t k = 0; k < p->types_len; k++) {
			if (!str_eq(p->type[i]->class, p->type[k]->class))
				continue;
			all &= same_type(p->type[i], p->type[k]);
			alike |= UINT64_C(1) << k;
		}
		p->alike[i] = all ? alike : 0;
	}
}

static bool belongs(const struct resource *r, const struct pool_ask *ask, const struct classes *c)
{
	if (!r->active || r->unlimited)
		return false;
	/* desks and chauffeurs are few: all of them are one pool */
	return ask->kind == RESOURCE_DESK || ask->kind == RESOURCE_CHAUFFEUR ||
	       has_class(c, r->class);
}

bool pool_open(
	struct pool *p, struct arena *a, const struct roster *roster, const struct pool_ask *ask)
{
	struct classes *classes = arena_alloc(a, sizeof *classes);
	struct resources all = roster_of_class(roster, ask->kind, STR_NULL);
	uint32_t seats = 0;

	*p = (struct pool){.roster = roster, .arena = a};
	if (!classes)
		return false;
	close_classes(roster, ask, classes);
	for (const struct resource *r = all.first; r < all.end; r++)
		if (belongs(r, ask, classes))
			seats += r->seats;
	p->seats = arena_alloc(a, (seats + 1) * sizeof *p->seats);
	if (!p->seats)
		return false;
	for (const struct resource *r = all.first; r < all.end; r++) {
		bool asked = ask->resource.n && str_eq(r->id, ask->resource);
		int type;
		if (!belongs(r, ask, classes))
			continue;
		type = type_of(p, r, asked);
		if (type < 0)
			continue;
		if (pool_serves(r, ask))
			p->wanted |= UINT64_C(1) << type;
		for (uint16_t n = 0; n < r->seats && p->seats_len < POOL_SEATS_MAX; n++)
			p->seats[p->seats_len++] = (struct pool_seat){{r->id, n}, r, (uint8_t)type};
	}
	find_alike(p);
	return true;
}

/* ---- which claims ---- */

bool booking_of_serial(struct view *v, struct str site, uint32_t serial, struct booking *out)
{
	struct key key = key_site_serial(site, serial);
	struct str value;
	uint64_t rev;

	if (!txn_get(v->txn, DB_INDEX, key_str(&key), &value) || value.n < 2 ||
		value.p[0] != ROW_BOOKING)
		return false;
	return booking_get(
		v, arena_copy(v->arena, (struct str){value.p + 1, value.n - 1}), out, &rev);
}

/* The types a promise may lie on: read from its booking, unless all seats of its class are alike.
 */
static uint64_t types_of(struct pool *p, struct view *v, const struct claim_row *row, uint8_t type)
{
	struct view own = *v;
	struct pool_ask ask = {.what = (enum claim_what)row->what};
	struct booking b;
	uint64_t types = 0, all = UINT64_MAX >> (POOL_TYPES_MAX - p->types_len);

	if (p->types_len == 1 || row->what == CLAIM_DESK_OUT || row->what == CLAIM_DESK_IN)
		return all;
	if (row->what == CLAIM_CAR && p->alike[type])
		return p->alike[type]; /* who was promised a class lies on it */
	own.arena = p->arena;
	if (!booking_of_serial(&own, p->roster->site, row->serial, &b))
		return 0;
	ask.kind = p->type[0]->kind;
	ask.solution = b.solution;
	ask.class = row->what == CLAIM_CAR ? b.class : STR_NULL;
	ask.for_site = b.for_site;
	for (uint32_t i = 0; i < p->types_len; i++)
		if (pool_serves(p->type[i], &ask))
			types |= UINT64_C(1) << i;
	return types;
}

static bool claims_room(struct pool *p, uint32_t more)
{
	uint32_t cap = p->claims_cap ? p->claims_cap : CLAIMS_FIRST;
	struct pool_claim *grown;

	if (p->claims_len + more <= p->claims_cap)
		return true;
	while (cap < p->claims_len + more)
		cap *= 2;
	grown = arena_take(p->arena, cap * sizeof *grown);
	if (!grown)
		return false;
	if (p->claims_len)
		memcpy(grown, p->claims, p->claims_len * sizeof *grown);
	p->claims = grown;
	p->claims_cap = cap;
	return true;
}

/* It has left for another site: no other car can be there in its place. */
static bool is_on_its_way(
	const struct pool *p, struct view *v, const struct resource *r, const struct claim_row *row)
{
	struct view own = *v;
	struct booking b;

	own.arena = p->arena;
	return row->what == CLAIM_CAR && row->from < p->now && r->shared_len > 0 &&
	       booking_of_serial(&own, p->roster->site, row->serial, &b) && b.for_site.n > 0;
}

static void add_claim(struct pool *p, struct view *v, uint16_t seat, const struct claim_row *row,
	uint32_t from, uint32_t until)
{
	const struct pool_seat *s = &p->seats[seat];
	struct pool_claim *c = &p->claims[p->claims_len++];
	bool block = row->what == CLAIM_BLOCK,
	     stays = block || row->pinned || is_on_its_way(p, v, s->resource, row);

	*c = (struct pool_claim){.row = *row,
		.until = block ? row->until : row->until - s->resource->turnaround,
		.seat = seat,
		.crossing = row->from < from || row->until > until};
	c->types = stays ? 0 : types_of(p, v, row, s->type);
	/* what could not be put there today is left where it is: it was promised so */
	c->fixed = stays || !(c->types >> s->type & 1) || row->from < s->resource->usable_from ||
		   c->until > s->resource->usable_until || c->until <= row->from;
}

bool pool_load(struct pool *p, struct view *v, const struct seating *seating, uint32_t except,
	uint32_t from, uint32_t until)
{
	struct claim_row few[SEAT_CLAIMS], *rows = few;
	size_t max = ARRAY_LEN(few);

	/* another window may still be held on to */
	p->claims_len = p->claims_cap = 0;
	p->first = arena_alloc(p->arena, (p->seats_len + 2) * sizeof *p->first);
	if (!p->first)
		return false;
	for (uint16_t s = 0; s < p->seats_len; s++) {
		size_t n;
		p->first[s] = p->claims_len;
		while ((n = seating_claims(v, seating, p->seats[s].seat, from, until, except, rows,
				max)) > max) {
			max = n * 2;
			rows = arena_take(p->arena, max * sizeof *rows);
			if (!rows)
				return false;
		}
		if (!claims_room(p, (uint32_t)n + 1)) /* and one that is to be seated */
			return false;
		for (size_t i = 0; i < n; i++)
			add_claim(p, v, s, &rows[i], from, until);
	}
	p->first[p->seats_len] = p->claims_len;
	return v->txn->outcome == OK && claims_room(p, 1);
}
