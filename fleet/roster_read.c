/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/appointment.h"
#include "fleet/booking.h"
#include "fleet/outlook.h"
#include "fleet/rosters.h"

#include <stdlib.h>

/* A site and its resources, from their objects. */

static void read_hours(struct opening_day *out, struct json spans)
{
	for (struct json s = json_first(spans); json_present(s); s = json_next(spans, s)) {
		int from, until;
		if (out->len == OPENING_SPANS_MAX)
			break;
		ASSERT(minute_of_day_parse(&from, json_str_at(s, "from")));
		ASSERT(minute_of_day_parse(&until, json_str_at(s, "until")));
		/* kept ascending: a site may list the afternoon before the morning */
		uint8_t at = out->len;
		while (at > 0 && out->span[at - 1].from_min > from) {
			out->span[at] = out->span[at - 1];
			at--;
		}
		out->span[at].from_min = (int16_t)from;
		out->span[at].until_min = (int16_t)until;
		out->len++;
	}
}

static void read_week(struct opening *o, struct json opening)
{
	for (struct json e = json_first(opening); json_present(e); e = json_next(opening, e)) {
		struct json days = json_get(e, "days");
		for (struct json d = json_first(days); json_present(d); d = json_next(days, d)) {
			int64_t weekday = json_int(d, 0);
			struct opening_day *day;
			if (weekday < 1 || weekday > 7)
				continue;
			day = &o->week[weekday - 1];
			if (day->len == OPENING_SPANS_MAX)
				continue;
			int from, until;
			ASSERT(minute_of_day_parse(&from, json_str_at(e, "from")));
			ASSERT(minute_of_day_parse(&until, json_str_at(e, "until")));
			uint8_t at = day->len;
			while (at > 0 && day->span[at - 1].from_min > from) {
				day->span[at] = day->span[at - 1];
				at--;
			}
			day->span[at].from_min = (int16_t)from;
			day->span[at].until_min = (int16_t)until;
			day->len++;
		}
	}
}

static int day_order(const void *a, const void *b)
{
	int32_t x = ((const struct day *)a)->n, y = ((const struct day *)b)->n;

	return (x > y) - (x < y);
}

static int special_order(const void *a, const void *b)
{
	/* `day` is the first member of a special day */
	return day_order(a, b);
}

/* The site's own bound; one that was stored when longer holds were taken is cut. */
static int32_t read_hold_minutes(struct json site)
{
	int64_t minutes = json_int_at(site, "hold_minutes", HOLD_MINUTES_MAX);

	if (minutes < HOLD_MINUTES_MIN)
		return HOLD_MINUTES_MIN;
	return minutes > HOLD_MINUTES_MAX ? HOLD_MINUTES_MAX : (int32_t)minutes;
}

static void read_opening(struct opening *o, struct json site)
{
	struct json special = json_get(site, "special_days"), holidays = json_get(site, "holidays");

	read_week(o, json_get(site, "opening"));
	for (struct json s = json_first(special); json_present(s); s = json_next(special, s)) {
		if (o->special_len == SPECIAL_DAYS_MAX)
			break;
		ASSERT(doc_day(s, "date", &o->special[o->special_len].day));
		read_hours(&o->special[o->special_len].hours, json_get(s, "opening"));
		o->special_len++;
	}
	for (struct json h = json_first(holidays); json_present(h); h = json_next(holidays, h)) {
		if (o->holidays_len == HOLIDAYS_MAX)
			break;
		ASSERT(day_parse(&o->holiday[o->holidays_len++], json_str(h)));
	}
	qsort(o->special, o->special_len, sizeof o->special[0], special_order);
	qsort(o->holiday, o->holidays_len, sizeof o->holiday[0], day_order);
}

static uint32_t day_start_minute(const struct roster *r, struct day d)
{
	struct local start;

	(void)zone_instant(&start, r->zone, (int64_t)d.n * 86400);
	return minute_up(local_instant(start));
}

static enum resource_kind kind_from(struct str name)
{
	if (str_is(name, "car"))
		return RESOURCE_CAR;
	if (str_is(name, "chauffeur"))
		return RESOURCE_CHAUFFEUR;
	return str_is(name, "desk") ? RESOURCE_DESK : RESOURCE_ALLOTMENT;
}

/* A car serves from its in-service day to the first of turn-back, insurance and inspection end: the
 * last two days are inclusive. */
static void read_bounds(const struct roster *roster, struct resource *r, struct json doc)
{
	struct day d;
	uint32_t end;

	r->usable_from = doc_day(doc, "in_service_on", &d) ? day_start_minute(roster, d) : 0;
	r->usable_until = doc_day(doc, "out_of_service_on", &d) ? day_start_minute(roster, d)
								: MINUTE_FOREVER;
	if (doc_day(doc, "insurance_until", &d)) {
		end = day_start_minute(roster, (struct day){d.n + 1});
		r->usable_until = end < r->usable_until ? end : r->usable_until;
	}
	if (doc_day(doc, "inspection_until", &d)) {
		end = day_start_minute(roster, (struct day){d.n + 1});
		r->usable_until = end < r->usable_until ? end : r->usable_until;
	}
}

static void read_shared(struct roster *roster, struct resource *r, struct json shared)
{
	r->shared = arena_alloc(&roster->arena, (json_count(shared) + 1) * sizeof *r->shared);
	for (struct json s = json_first(shared); json_present(s) && r->shared;
		s = json_next(shared, s))
		r->shared[r->shared_len++] = (struct sharing){
			json_str_at(s, "site"), (uint32_t)json_int_at(s, "transfer_minutes", 0)};
}

static void read_resource(struct roster *roster, struct resource *r, struct json doc)
{
	struct json solutions = json_get(doc, "solutions");

	r->doc = doc;
	r->id = json_str_at(doc, "resource");
	r->class = json_str_at(doc, "class");
	r->label = json_str_at(doc, "label");
	r->plate = json_str_at(doc, "plate");
	r->kind = kind_from(json_str_at(doc, "kind"));
	/* blocked by hand: nothing new is placed on it, what was promised stays until it is moved
	 */
	r->active = str_is(json_str_at(doc, "status"), "active");
	r->unlimited = !json_is(json_get(doc, "seats"), JSON_INT);
	r->seats = (uint16_t)json_int_at(doc, "seats", 0);
	r->turnaround = (uint32_t)json_int_at(doc, "turnaround_minutes", 0);
	read_bounds(roster, r, doc);
	if (r->kind == RESOURCE_CAR)
		read_shared(roster, r, json_get(doc, "shared_with"));
	for (struct json s = json_first(solutions); json_present(s); s = json_next(solutions, s)) {
		const struct solution *known = solution_find(json_str(s));
		if (known && known->claims == CLAIMS_ACCOMPANY)
			r->drives = r->kind == RESOURCE_CAR && r->active;
		if (r->solutions_len < RESOURCE_SOLUTIONS_MAX)
			r->solutions[r->solutions_len++] = json_str(s);
	}
}

static int resource_order(const void *a, const void *b)
{
	const struct resource *x = a, *y = b;
	int c = (x->kind > y->kind) - (x->kind < y->kind);

	if (!c)
		c = str_cmp(x->class, y->class);
	return c ? c : str_cmp(x->id, y->id);
}

static void read_resources(struct view *own, struct roster *r)
{
	struct key prefix = key_site_resource_prefix(r->site);
	struct cursor c;
	uint32_t count = 0;

	cursor_open(&c, own->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c))
		count++;
	r->resources = arena_alloc(&r->arena, (count ? count : 1) * sizeof *r->resources);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		struct row row;
		struct str id;
		size_t at = prefix.n;
		ASSERT(key_take_text(c.key, &at, &id));
		if (!row_get(own, ROW_RESOURCE, id, &row))
			continue;
		read_resource(r, &r->resources[r->resources_len], row.doc);
		r->has_desks |= r->resources[r->resources_len].kind == RESOURCE_DESK;
		r->resources_len++;
	}
	cursor_close(&c);
	qsort(r->resources, r->resources_len, sizeof *r->resources, resource_order);
}

static void read_protected(struct roster *r, struct json list)
{
	static const char *const names[] = {
		[PROTECTED_FOR_RETURN] = "return",
		[PROTECTED_FOR_WARRANTY] = "warranty",
		[PROTECTED_FOR_IMMOBILE] = "immobile",
	};

	for (struct json p = json_first(list); json_present(p); p = json_next(list, p)) {
		struct protected_seats *kept = &r->protected[r->protected_len];
		struct json rights = json_get(p, "for");
		if (r->protected_len == PROTECTED_MAX)
			break;
		kept->class = json_str_at(p, "class");
		kept->seats = (uint32_t)json_int_at(p, "seats", 0);
		kept->days = (int32_t)json_int_at(p, "days", 0);
		for (struct json f = json_first(rights); json_present(f); f = json_next(rights, f))
			for (uint32_t i = 0; i < ARRAY_LEN(names); i++)
				if (str_is(json_str(f), names[i]))
					kept->rights |= 1u << i;
		r->protected_len++;
	}
}

void roster_free(struct roster *r)
{
	if (r->outlooks)
		outlooks_free(r->outlooks);
	free(r->outlooks);
	arena_deinit(&r->arena);
	free(r);
}

struct roster *roster_decode(struct view *v, struct str site, uint64_t rev)
{
	struct roster *r = calloc(1, sizeof *r);
	struct view own = *v;
	struct row row;

	if (r)
		r->outlooks = calloc(1, sizeof *r->outlooks);
	if (!r || !r->outlooks) {
		free(r);
		v->arena->full = true; /* not to be had is not the same as not there */
		return NULL;
	}
	arena_init(&r->arena, ARENA_MAX_DEFAULT);
	own.arena = &r->arena; /* what is decoded lives as long as the roster */
	if (!row_get(&own, ROW_SITE, site, &row)) {
		v->arena->full |= r->arena.full;
		roster_free(r);
		return NULL;
	}
	r->rev = rev;
	r->doc = row.doc;
	r->site = json_str_at(row.doc, "site");
	r->currency = json_str_at(row.doc, "currency");
	r->locale = json_str_at(row.doc, "locale");
	r->zone = v->env->zone(v->env, json_str_at(row.doc, "time_zone"));
	ASSERT(r->zone); /* checked when stored; tzdata is a run-time dependency */
	read_opening(&r->opening, row.doc);
	r->handover_minutes = (int32_t)json_int_at(row.doc, "handover_minutes", 0);
	r->return_minutes = (int32_t)json_int_at(row.doc, "return_minutes", 0);
	r->cover_fresh_days = (int32_t)json_int_at(row.doc, "cover_fresh_days", 30);
	r->offer_minutes = (int32_t)json_int_at(row.doc, "offer_minutes", 0);
	r->hold_minutes = read_hold_minutes(row.doc);
	r->collect_minutes = (int32_t)json_int_at(row.doc, "collect_minutes", 0);
	r->settled_minutes = 60 * (int32_t)json_int_at(row.doc, "settled_hours", 0);
	read_protected(r, json_get(row.doc, "protected"));
	r->has_appointments = appointment_rules_read(&r->appointments, row.doc);
	read_resources(&own, r);
	if (!r->arena.full)
		return r;
	v->arena->full = true;
	roster_free(r);
	return NULL;
}
