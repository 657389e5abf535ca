/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/rosters.h"

#include "fleet/agenda.h"

#include <stdlib.h>

bool roster_upgrades(const struct roster *r, struct str class, struct str to)
{
	struct json all = json_get(r->doc, "upgrades");

	for (struct json u = json_first(all); json_present(u); u = json_next(all, u)) {
		struct json list = json_get(u, "to");
		if (!str_eq(json_str_at(u, "class"), class))
			continue;
		for (struct json c = json_first(list); json_present(c); c = json_next(list, c))
			if (str_eq(json_str(c), to))
				return true;
	}
	return false;
}

uint32_t roster_kept(const struct roster *r, struct str class, struct instant now,
	struct instant from, uint32_t rights)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < r->protected_len; i++) {
		const struct protected_seats *p = &r->protected[i];
		if ((p->class.n && !str_eq(p->class, class)) || (p->rights & rights) ||
			from.s - now.s <= (int64_t)p->days * 86400)
			continue;
		kept += p->seats;
	}
	return kept;
}

static uint64_t roster_rev(struct view *v, struct str site)
{
	struct key key = key_site_meta(META_ROSTER, site);
	struct str value;
	uint64_t rev = 0;
	size_t at = 0;

	if (txn_get(v->txn, DB_META, key_str(&key), &value))
		(void)key_take_u64(value, &at, &rev);
	return rev;
}

static struct roster **place_of(struct rosters *r, struct str site)
{
	return &r->roster[str_hash(site, 0) % ROSTER_PLACES];
}

const struct roster *roster_of(struct view *v, struct str site)
{
	struct roster **place = place_of(v->rosters, site), **link = place;
	uint64_t rev;

	if (site.n == 0 || site.n > ID_MAX)
		return NULL;
	rev = roster_rev(v, site);
	for (struct roster *r = *link; r; link = &r->next, r = *link) {
		if (!str_eq(r->site, site))
			continue;
		if (r->rev == rev)
			return r;
		*link = r->next;
		roster_free(r);
		v->rosters->rosters_len--;
		break;
	}
	struct roster *fresh = rev ? roster_decode(v, site, rev) : NULL;
	if (fresh) {
		fresh->next = *place;
		*place = fresh;
		v->rosters->rosters_len++;
	}
	return fresh;
}

struct rosters *rosters_new(void)
{
	struct rosters *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	arena_init(&r->shuffling, ARENA_MAX_DEFAULT);
	arena_init(&r->searching, ARENA_MAX_DEFAULT);
	r->agendas = agendas_new(AGENDAS_MAX_BYTES);
	if (r->agendas)
		return r;
	rosters_free(r);
	return NULL;
}

void rosters_forget(struct rosters *r)
{
	for (size_t i = 0; i < ROSTER_PLACES; i++)
		while (r->roster[i]) {
			struct roster *first = r->roster[i];
			r->roster[i] = first->next;
			roster_free(first);
		}
	r->rosters_len = 0;
	rulebooks_free(r);
}

void rosters_trim(struct rosters *r)
{
	if (r->rosters_len > ROSTERS_MAX)
		rosters_forget(r);
}

void rosters_free(struct rosters *r)
{
	if (!r)
		return;
	rosters_forget(r);
	agendas_free(r->agendas);
	arena_deinit(&r->shuffling);
	arena_deinit(&r->searching);
	free(r);
}

int32_t resource_transfer(const struct resource *r, struct str site)
{
	for (uint32_t i = 0; i < r->shared_len; i++)
		if (str_eq(r->shared[i].site, site))
			return (int32_t)r->shared[i].transfer;
	return -1;
}

int32_t roster_transfer(const struct roster *r, struct str class, struct str site)
{
	for (uint32_t i = 0; i < r->resources_len; i++)
		if (str_eq(r->resources[i].class, class) &&
			resource_transfer(&r->resources[i], site) >= 0)
			return resource_transfer(&r->resources[i], site);
	return -1;
}

bool site_shares_next(struct view *v, struct str with, struct str *home)
{
	struct key prefix = key_shared_prefix(with), from = prefix;
	struct cursor c;
	struct str next;
	size_t at = prefix.n;
	bool found;

	if (home->n) {
		key_text(&from, *home);
		from.bytes[from.n - 1]++; /* the first key behind all of that one's */
	}
	cursor_open(&c, v->txn, DB_INDEX);
	found = cursor_seek(&c, key_str(&from)) && cursor_within(&c, key_str(&prefix)) &&
		key_take_text(c.key, &at, &next);
	if (found)
		*home = arena_copy(v->arena, next);
	cursor_close(&c);
	return found;
}

bool site_shares(struct view *v, struct str home, struct str with)
{
	struct str at = STR_NULL;

	while (site_shares_next(v, with, &at))
		if (str_eq(at, home))
			return true;
	return false;
}

/* The first that does not stand before the kind, or before the class in it. */
static uint32_t first_of(const struct roster *r, enum resource_kind kind, struct str class)
{
	uint32_t low = 0, high = r->resources_len;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct resource *x = &r->resources[middle];
		if (x->kind < kind || (x->kind == kind && str_cmp(x->class, class) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct resources roster_of_class(const struct roster *r, enum resource_kind kind, struct str class)
{
	const struct resource *all = r->resources, *end;
	struct resources some = {all + first_of(r, kind, class), all + r->resources_len};

	end = some.end;
	if (!class.n)
		some.end = all + first_of(r, (enum resource_kind)(kind + 1), STR_NULL);
	else
		for (some.end = some.first;
			some.end < end && some.end->kind == kind && str_eq(some.end->class, class);)
			some.end++;
	return some;
}

bool resource_serves(const struct resource *r, struct str solution)
{
	for (uint32_t i = 0; i < r->solutions_len; i++)
		if (str_eq(r->solutions[i], solution))
			return true;
	return false;
}

const struct resource *roster_resource(const struct roster *r, struct str id)
{
	for (uint32_t i = 0; i < r->resources_len; i++)
		if (str_eq(r->resources[i].id, id))
			return &r->resources[i];
	return NULL;
}

size_t roster_classes(
	const struct roster *r, struct str solution, struct str out[CLASSES_PER_SITE_MAX])
{
	size_t n = 0;

	for (uint32_t i = 0; i < r->resources_len; i++) {
		const struct resource *x = &r->resources[i];
		bool known = false;
		if (!x->active || (x->kind != RESOURCE_CAR && x->kind != RESOURCE_ALLOTMENT))
			continue; /* nobody is promised a desk or a driver's name */
		/* neighbours are mostly of one class */
		if ((n > 0 && str_eq(out[n - 1], x->class)) || !resource_serves(x, solution))
			continue;
		for (size_t k = 0; k < n; k++)
			known |= str_eq(out[k], x->class);
		if (!known && n < CLASSES_PER_SITE_MAX)
			out[n++] = x->class;
	}
	return n;
}
