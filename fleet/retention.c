/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/retention.h"

#include "fleet/booking.h"
#include "fleet/erase.h"
#include "fleet/merge.h"
#include "fleet/render_parts.h"
#include "fleet/roster.h"

/* ISO 3166-1 alpha-2. Whoever is not named keeps the longest: too long harms less than too short
 * where an audit may still come, and a site's own lawyer may say less. */
static const struct {
	const char *market;
	int32_t years;
} markets[] = {
	{"AR", 3}, {"BR", 3}, {"CA", 3}, {"CL", 3}, {"CO", 3}, {"MX", 3}, {"PE", 3}, {"US", 3}};
enum { YEARS_ELSEWHERE = 10 };

int32_t retention_years(struct str market)
{
	for (size_t i = 0; i < ARRAY_LEN(markets); i++)
		if (str_is(market, markets[i].market))
			return markets[i].years;
	return YEARS_ELSEWHERE;
}

struct instant retention_before(struct str market, const struct zone *zone, struct instant now)
{
	const int64_t day_s = 86400;
	int year, month, day;
	struct local midnight;

	day_to_civil(local_day(zone_local(zone, now)), &year, &month, &day);
	year -= retention_years(market);
	(void)zone_instant(
		&midnight, zone, day_from_civil(year > 1970 ? year : 1970, 1, 1).n * day_s);
	return local_instant(midnight);
}

void retention_open(struct retention *r, struct instant now)
{
	*r = (struct retention){.now = now};
	arena_init(&r->arena, ARENA_MAX_DEFAULT);
}

void retention_close(struct retention *r)
{
	arena_deinit(&r->arena);
}

/* NULL: there are too many, or no memory. */
static struct retention_site *site_of(struct retention *r, struct view *v, struct str site)
{
	struct retention_site *s;
	const struct roster *roster;

	for (uint32_t i = 0; i < r->sites; i++)
		if (str_eq(r->site[i].site, site))
			return &r->site[i];
	roster = r->sites < RETENTION_SITES_MAX ? roster_of(v, site) : NULL;
	if (!roster)
		return NULL;
	s = &r->site[r->sites++];
	s->site = arena_copy(&r->arena, site);
	s->market = arena_copy(&r->arena, json_str_at(roster->doc, "market"));
	s->years = retention_years(s->market);
	s->before = retention_before(s->market, roster->zone, r->now);
	return r->arena.full ? NULL : s;
}

struct met {
	uint64_t kept, due;
};

/* All bookings under one id. False as above. */
static bool look_at(struct retention *r, struct view *v, struct str customer, struct met *met)
{
	struct key prefix = key_customer_booking_prefix(customer);
	struct row_look look;
	struct cursor c;
	bool good = true;

	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		good && some && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c), row_look_next(&look)) {
		struct retention_site *s;
		struct booking b;
		struct row row;
		struct str id;
		uint32_t from;
		size_t at = prefix.n;
		if (!key_take_u32(c.key, &at, &from) || !key_take_text(c.key, &at, &id) ||
			!row_get(&look.view, ROW_BOOKING, id, &row))
			continue;
		booking_read(&b, row.doc);
		s = site_of(r, v, b.site);
		good = s != NULL;
		if (!good)
			break;
		bool is_due = booking_end(&b).s < s->before.s;
		*(is_due ? &s->due : &s->kept) += 1;
		*(is_due ? &met->due : &met->kept) += 1;
	}
	cursor_close(&c);
	row_look_close(&look);
	return good;
}

/* Whoever was entered twice is one person, who is forgotten under all ids at once. */
static bool look_at_person(struct retention *r, struct view *v, struct str survivor)
{
	struct str id[SAME_PERSON_MAX];
	uint32_t len = customer_same(v, survivor, id);
	struct met met = {0, 0};

	for (uint32_t i = 0; i < len; i++)
		if (!look_at(r, v, id[i], &met))
			return false;
	r->persons += met.kept + met.due > 0;
	if (met.due && !met.kept) {
		r->persons_due++;
		if (r->due)
			r->due(r->context, survivor);
	}
	return true;
}

static bool see_person(void *context, struct view *v, struct str customer, struct json doc)
{
	return json_present(json_get(doc, "merged_into")) || customer_is_erased(doc) ||
	       look_at_person(context, v, customer);
}

bool retention_step(struct retention *r, struct view *v)
{
	return customer_walk(&r->walk, v, RETENTION_STEP, r, see_person);
}
