/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/agenda.h"

#include "fleet/rosters.h"

#include <stdlib.h>

enum {
	PLACES_FIRST = 1 << 8,
	FEW_CLAIMS = 256,
	/* How far back one is read: nobody asks about last year to promise a car. In steps, so that
	 * questions about neighbouring days find the same. */
	BACK_MINUTES = 64 * 1440,
};

struct agenda {
	struct str resource;
	uint16_t number;
	bool has_before;
	uint32_t from; /* all that end after it */
	uint32_t len;
	struct claim_row *claim; /* ascending */
	struct claim_row before; /* the last of those that end sooner */
};

struct agendas {
	struct arena arena; /* all of what follows */
	uint64_t commit;    /* that they show */
	uint32_t len, places;
	struct agenda **place;
};

struct agendas *agendas_new(size_t max_bytes)
{
	struct agendas *a = calloc(1, sizeof *a);

	if (a)
		arena_init(&a->arena, max_bytes);
	return a;
}

void agendas_free(struct agendas *a)
{
	if (!a)
		return;
	arena_deinit(&a->arena);
	free(a);
}

static void forget(struct agendas *a)
{
	arena_reset(&a->arena);
	a->place = NULL;
	a->len = a->places = 0;
}

/* ---- where they are kept ---- */

/* The place of a seat, or the empty one where it would stand. */
static struct agenda **place_of(struct agenda **place, uint32_t places, struct seat seat)
{
	uint32_t at = str_hash(seat.resource, seat.number) & (places - 1);

	while (place[at] &&
		(place[at]->number != seat.number || !str_eq(place[at]->resource, seat.resource)))
		at = (at + 1) & (places - 1);
	return &place[at];
}

static bool make_room(struct agendas *a)
{
	uint32_t places = a->places ? 2 * a->places : PLACES_FIRST;
	struct agenda **place;

	if (a->len < a->places / 2)
		return true;
	place = arena_alloc(&a->arena, places * sizeof(struct agenda *));
	if (!place)
		return false;
	for (uint32_t i = 0; i < a->places; i++)
		if (a->place[i])
			*place_of(place, places,
				(struct seat){a->place[i]->resource, a->place[i]->number}) =
				a->place[i];
	a->place = place;
	a->places = places;
	return true;
}

/* ---- how they are read ---- */

static bool read_claims(struct agendas *a, struct view *v, struct seat seat, struct agenda *g)
{
	struct claim_row few[FEW_CLAIMS];
	size_t n = calendar_claims(v->txn, seat, g->from, MINUTE_FOREVER, few, ARRAY_LEN(few));

	g->len = (uint32_t)n;
	g->claim = arena_take(&a->arena, (n + 1) * sizeof *g->claim);
	if (!g->claim)
		return false;
	if (n <= ARRAY_LEN(few))
		memcpy(g->claim, few, n * sizeof *few);
	else
		(void)calendar_claims(v->txn, seat, g->from, MINUTE_FOREVER, g->claim, n);
	g->has_before = calendar_before(v->txn, seat, g->from, &g->before);
	return v->txn->outcome == OK;
}

static struct agenda *agenda_read(
	struct agendas *a, struct view *v, struct seat seat, uint32_t from)
{
	struct agenda *g = arena_alloc(&a->arena, sizeof *g);

	if (!g)
		return NULL;
	from -= from % BACK_MINUTES;
	*g = (struct agenda){.resource = arena_copy(&a->arena, seat.resource),
		.number = seat.number,
		.from = from > BACK_MINUTES ? from - BACK_MINUTES : 0};
	return g->resource.p && read_claims(a, v, seat, g) ? g : NULL;
}

/* Of whatever ends after `from`. NULL: the calendar has to be asked. */
static const struct agenda *agenda_of(struct view *v, struct seat seat, uint32_t from)
{
	struct agendas *a = v->txn->writable || !v->rosters ? NULL : v->rosters->agendas;
	struct agenda **place, *read;

	if (!a || v->txn->outcome != OK)
		return NULL;
	if (a->commit != txn_id(v->txn)) {
		forget(a);
		a->commit = txn_id(v->txn);
	}
	if (!make_room(a) && !a->place)
		return NULL;
	place = place_of(a->place, a->places, seat);
	if (*place && (*place)->from <= from)
		return *place;
	if (a->arena.full)
		return NULL;
	read = agenda_read(a, v, seat, from);
	if (!read)
		return NULL;
	a->len += !*place;
	*place = read;
	return read;
}

/* ---- questions ---- */

/* The first that ends after a minute. */
static uint32_t first_after(const struct agenda *g, uint32_t minute)
{
	uint32_t low = 0, high = g->len;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (g->claim[middle].until > minute)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

bool agenda_is_free(
	struct view *v, struct seat seat, uint32_t from, uint32_t until, uint32_t except)
{
	const struct agenda *g = agenda_of(v, seat, from);

	if (!g)
		return calendar_is_free(v->txn, seat, from, until, except);
	for (uint32_t i = first_after(g, from);
		from < until && i < g->len && g->claim[i].from < until; i++)
		if (!claim_is_excepted(&g->claim[i], except))
			return false;
	return true;
}

bool agenda_fit(struct view *v, struct seat seat, uint32_t from, uint32_t until, uint32_t except,
	uint32_t *gap)
{
	const struct agenda *g = agenda_of(v, seat, from);
	uint32_t at, before, gap_from = 0, gap_until = MINUTE_FOREVER;

	if (!g)
		return calendar_fit(v->txn, seat, from, until, except, gap);
	at = before = first_after(g, from);
	while (at < g->len && claim_is_excepted(&g->claim[at], except))
		at++;
	if (at < g->len)
		gap_until = g->claim[at].from;
	while (before > 0 && claim_is_excepted(&g->claim[before - 1], except))
		before--;
	if (before > 0)
		gap_from = g->claim[before - 1].until;
	else if (g->has_before && claim_is_excepted(&g->before, except))
		return calendar_fit(v->txn, seat, from, until, except, gap);
	else if (g->has_before)
		gap_from = g->before.until;
	*gap = gap_until - gap_from;
	return gap_until >= until;
}

size_t agenda_claims(struct view *v, struct seat seat, uint32_t from, uint32_t until,
	struct claim_row *out, size_t max)
{
	const struct agenda *g = agenda_of(v, seat, from);
	size_t count = 0;

	if (!g)
		return calendar_claims(v->txn, seat, from, until, out, max);
	for (uint32_t i = first_after(g, from);
		from < until && i < g->len && g->claim[i].from < until; i++) {
		if (count < max)
			out[count] = g->claim[i];
		count++;
	}
	return count;
}
