/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/plan.h"

#include "fleet/desk.h"
#include "fleet/shuffle.h"

enum {
	LEG_FIXED_MINUTES = 20, /* keys, papers, a word with the customer */
	LEG_KM_PER_HOUR = 50,	/* there and back on mixed roads */
	LEG_GRID_MINUTES = 15,
};

int32_t leg_minutes(int32_t distance_km)
{
	int32_t minutes =
		LEG_FIXED_MINUTES + (2 * distance_km * 60 + LEG_KM_PER_HOUR - 1) / LEG_KM_PER_HOUR;

	return (minutes + LEG_GRID_MINUTES - 1) / LEG_GRID_MINUTES * LEG_GRID_MINUTES;
}

const char *plan_result_reason(enum plan_result r)
{
	switch (r) {
	case PLAN_FREE: return "free";
	case PLAN_NO_SEAT: return "seat";
	case PLAN_NO_DESK: return "desk";
	case PLAN_CLOSED: return "closed";
	case PLAN_NOT_SERVED: return "not_served";
	case PLAN_PROTECTED: return "protected";
	case PLAN_UNDECIDED: return "undecided";
	}
	ASSERT(false);
}

/* ---- one claim ---- */

static struct pool_ask pool_of(
	const struct plan_ask *ask, enum resource_kind kind, enum claim_what what)
{
	return (struct pool_ask){.kind = kind,
		.what = what,
		.solution = ask->solution.id,
		.class = ask->class,
		.resource = ask->resource,
		.for_site = ask->for_site ? ask->for_site->site : STR_NULL};
}

static struct seating layer_of(const struct plan_ask *ask, struct plan *p)
{
	return (struct seating){ask->seating, p->changes_len, PLAN_CHANGES_MAX, p->changes, false};
}

/* Seats one of the plan's own claims. */
static enum plan_result plan_claim(struct view *v, const struct plan_ask *ask,
	const struct pool_ask *pool, uint32_t from, uint32_t until, struct plan *p)
{
	struct seating layer = layer_of(ask, p);
	struct seat seat;
	enum plan_result result =
		plan_seat_claim(v, ask, pool, from, until, SERIAL_OWN, &layer, &seat, &p->gap);

	p->changes_len = layer.len;
	return result;
}

/* An unlimited resource of the pool: on request, nothing to claim. */
static const struct resource *find_unlimited(
	const struct roster *roster, const struct pool_ask *pool, uint32_t from, uint32_t until)
{
	struct resources some = roster_of_class(roster, pool->kind, pool->class);

	for (const struct resource *r = some.first; r < some.end; r++) {
		if (r->unlimited && pool_fits(r, pool) && from >= r->usable_from &&
			until <= r->usable_until)
			return r;
	}
	return NULL;
}

static bool pool_exists(const struct roster *roster, const struct pool_ask *pool)
{
	struct resources some = roster_of_class(roster, pool->kind, pool->class);

	for (const struct resource *r = some.first; r < some.end; r++)
		if (pool_fits(r, pool))
			return true;
	return false;
}

static bool is_open(const struct roster *r, struct instant at, int32_t minutes)
{
	return opening_holds(&r->opening, roster_local(r, at).wall_s, minutes);
}

/* Where the customer is handed the car. */
static const struct roster *desk_site(const struct plan_ask *ask)
{
	return ask->for_site ? ask->for_site : ask->roster;
}

/* The desks of another site are claimed in its own journal, never in this one (desk.h): here they
 * are only looked at, in a layer that is thrown away. */
static enum plan_result plan_there(struct view *v, const struct plan_ask *ask,
	const struct pool_ask *pool, uint32_t from, uint32_t until, struct seating *there)
{
	struct plan_ask look = {.roster = ask->for_site,
		.seating = ask->seating,
		.now = ask->now,
		.except = desk_serial(v, ask->roster->site, ask->except)};
	struct seat seat;

	return plan_seat_claim(v, &look, pool, from, until, SERIAL_OWN, there, &seat, NULL);
}

/* Somebody to explain the work (MAS-4.3): inside opening hours, and a desk where the site has
 * desks. */
static enum plan_result plan_desk(struct view *v, const struct plan_ask *ask, struct instant at,
	int32_t minutes, enum claim_what what, struct seating *there, struct plan *p)
{
	const struct roster *r = desk_site(ask);
	struct pool_ask pool = {.kind = RESOURCE_DESK, .what = what};
	uint32_t from = minute_down(at);
	enum plan_result result;

	if (!is_open(r, at, minutes))
		return PLAN_CLOSED;
	if (!r->has_desks || minutes == 0)
		return PLAN_FREE;
	if (ask->for_site)
		result = plan_there(v, ask, &pool, from, from + (uint32_t)minutes, there);
	else
		result = plan_claim(v, ask, &pool, from, from + (uint32_t)minutes, p);
	return result == PLAN_NO_SEAT ? PLAN_NO_DESK : result;
}

struct instant plan_return_at(const struct roster *r, struct instant until)
{
	struct instant before = {until.s - (int64_t)r->return_minutes * 60};

	return !is_open(r, before, r->return_minutes) && is_open(r, until, r->return_minutes)
		       ? until
		       : before;
}

static enum plan_result plan_desks(struct view *v, const struct plan_ask *ask, struct plan *p)
{
	const struct roster *r = desk_site(ask);
	struct seated seen[PLAN_CHANGES_MAX];
	struct seating there = {ask->seating, 0, PLAN_CHANGES_MAX, seen, false};
	enum plan_result result = PLAN_FREE;

	if (ask->desk_out)
		result = plan_desk(
			v, ask, ask->window.from, r->handover_minutes, CLAIM_DESK_OUT, &there, p);
	if (result == PLAN_FREE && ask->desk_in)
		result = plan_desk(v, ask, plan_return_at(r, ask->window.until), r->return_minutes,
			CLAIM_DESK_IN, &there, p);
	return result;
}

/* Seats that are kept back from new promises (roster.h): as many more of the same must fit. */
static enum plan_result keep_back(struct view *v, const struct plan_ask *ask,
	const struct pool_ask *pool, uint32_t from, uint32_t until, struct plan *p)
{
	uint32_t keep = ask->fresh ? roster_kept(ask->roster, pool->class, ask->now,
					     ask->window.from, ask->rights)
				   : 0;
	struct seated kept[PLAN_CHANGES_MAX];
	struct seating own = layer_of(ask, p), layer = {&own, 0, PLAN_CHANGES_MAX, kept, false};
	struct pool_ask any = *pool;
	struct seat seat;

	any.resource = any.for_site = STR_NULL;
	for (; keep > 0; keep--)
		if (plan_seat_claim(v, ask, &any, from, until, SERIAL_OWN, &layer, &seat, NULL) !=
			PLAN_FREE)
			return PLAN_PROTECTED;
	return PLAN_FREE;
}

static enum plan_result plan_in_class(
	struct view *v, const struct plan_ask *ask, const struct pool_ask *pool, struct plan *p)
{
	uint32_t from = minute_down(ask->window.from), until = minute_up(ask->window.until);
	enum plan_result result;

	if (ask->car_from && ask->car_from < from)
		from = ask->car_from;
	if (ask->for_site) {
		int32_t transfer = roster_transfer(ask->roster, pool->class, ask->for_site->site);
		if (transfer < 0)
			return PLAN_NO_SEAT;
		from -= ask->there ? 0 : (uint32_t)transfer;
		until += (uint32_t)transfer;
		if (from < minute_up(ask->now) && (ask->fresh || !ask->resource.n))
			return PLAN_NO_SEAT; /* it would have to be on its way already */
	}
	result = plan_claim(v, ask, pool, from, until, p);
	return result == PLAN_FREE ? keep_back(v, ask, pool, from, until, p) : result;
}

static bool disturbs_less(const struct plan *a, const struct plan *b)
{
	uint32_t x = plan_moves(a), y = plan_moves(b);

	if (x != y || x > 0)
		return x < y;
	return a->gap < b->gap; /* both seats are free: the tighter gap */
}

/* The class that was asked for; else, of all that serve the solution, the one where fewest move. */
static enum plan_result plan_seat(struct view *v, const struct plan_ask *ask,
	enum resource_kind kind, bool unlimited_first, struct plan *p)
{
	struct pool_ask pool = pool_of(ask, kind, CLAIM_CAR);
	struct str classes[CLASSES_PER_SITE_MAX];
	size_t n = 0;
	enum plan_result result = PLAN_NO_SEAT, found;
	const struct resource *r;
	struct plan *tried = arena_take(v->arena, sizeof *tried);

	if (!pool_exists(ask->roster, &pool))
		return PLAN_NOT_SERVED;
	if (!tried)
		return PLAN_UNDECIDED;
	r = unlimited_first ? find_unlimited(ask->roster, &pool, minute_down(ask->window.from),
				      minute_up(ask->window.until))
			    : NULL;
	if (r) {
		p->resource = r->id;
		p->class = r->class;
		return PLAN_FREE;
	}
	r = ask->resource.n ? roster_resource(ask->roster, ask->resource) : NULL;
	if (ask->class.n)
		classes[n++] = ask->class;
	else if (r)
		classes[n++] = r->class;
	else
		n = roster_classes(ask->roster, ask->solution.id, classes);
	for (size_t i = 0; i < n; i++) {
		*tried = *p;
		pool.class = classes[i];
		found = plan_in_class(v, ask, &pool, tried);
		if (found == PLAN_FREE && (result != PLAN_FREE || disturbs_less(tried, p))) {
			*p = *tried;
			result = PLAN_FREE;
		} else if (result == PLAN_NO_SEAT) {
			result = found;
		}
	}
	return result;
}

/* The resource asked for by name, where it is of that kind: a driver's name is not a car's. */
static struct str wished(const struct plan_ask *ask, enum resource_kind kind)
{
	const struct resource *r =
		ask->resource.n ? roster_resource(ask->roster, ask->resource) : NULL;

	return r && r->kind == kind ? r->id : STR_NULL;
}

static struct pool_ask drivers(const struct plan_ask *ask)
{
	return (struct pool_ask){.kind = RESOURCE_CHAUFFEUR,
		.what = CLAIM_CHAUFFEUR,
		.solution = ask->solution.id,
		.resource = wished(ask, RESOURCE_CHAUFFEUR)};
}

/* A chauffeur (and for an accompanied drive a dealership car) for one leg inside opening hours. */
static enum plan_result plan_leg(struct view *v, const struct plan_ask *ask, struct instant at,
	int32_t minutes, bool with_car, struct plan *p)
{
	struct pool_ask pool = drivers(ask);
	uint32_t from = minute_down(at), until = from + (uint32_t)minutes;
	enum plan_result result;

	if (!pool_exists(ask->roster, &pool))
		return PLAN_NOT_SERVED;
	if (!is_open(ask->roster, at, minutes))
		return PLAN_CLOSED;
	result = plan_claim(v, ask, &pool, from, until, p);
	if (result != PLAN_FREE || !with_car)
		return result;
	pool.kind = RESOURCE_CAR;
	pool.what = CLAIM_DEALER_CAR;
	pool.resource = wished(ask, RESOURCE_CAR);
	return plan_claim(v, ask, &pool, from, until, p);
}

/* A fetching leg starts when the window starts, a bringing leg ends when it ends; an accompanied
 * customer is driven away at the start and fetched at the end. */
static enum plan_result plan_legs(struct view *v, const struct plan_ask *ask, struct plan *p)
{
	const struct solution *s = &ask->solution;
	bool accompany = s->claims == CLAIMS_ACCOMPANY;
	int32_t minutes = leg_minutes(ask->distance_km);
	enum plan_result result = PLAN_FREE;

	if (s->fetches || accompany)
		result = plan_leg(v, ask, ask->window.from, minutes, accompany, p);
	if (result == PLAN_FREE && (s->brings || accompany)) {
		struct instant at = {ask->window.until.s - (int64_t)minutes * 60};
		if (at.s < ask->window.from.s +
				   ((s->fetches || accompany) ? (int64_t)minutes * 60 : 0))
			return PLAN_NO_SEAT; /* the window is shorter than its legs */
		result = plan_leg(v, ask, at, minutes, accompany, p);
	}
	return result;
}

/* Whether the site sets an allotment at all, of whatever class: one that is blocked for now still
 * limits, one that is retired does not. */
static bool has_allotment(const struct roster *r, struct str solution)
{
	for (uint32_t i = 0; i < r->resources_len; i++) {
		const struct resource *x = &r->resources[i];
		if (x->kind == RESOURCE_ALLOTMENT && resource_serves(x, solution) &&
			!str_is(json_str_at(x->doc, "status"), "retired"))
			return true;
	}
	return false;
}

/* Taxi, public transport: free of the calendar, or one seat of the site's allotment for that day.
 */
static enum plan_result plan_daily(struct view *v, const struct plan_ask *ask, struct plan *p)
{
	const struct roster *r = ask->roster;
	struct plan_ask day = *ask;
	struct local from = roster_local(r, ask->window.from), edge;
	int64_t midnight = (int64_t)local_day(from).n * 86400;

	if (!has_allotment(r, ask->solution.id))
		return PLAN_FREE;
	(void)zone_instant(&edge, r->zone, midnight);
	day.window.from = local_instant(edge);
	(void)zone_instant(&edge, r->zone, midnight + 86400);
	day.window.until = local_instant(edge);
	day.car_from = 0;
	return plan_seat(v, &day, RESOURCE_ALLOTMENT, true, p);
}

bool plan_is_served(const struct plan_ask *ask)
{
	struct pool_ask pool = pool_of(ask, RESOURCE_ALLOTMENT, CLAIM_CAR);

	switch (ask->solution.claims) {
	case CLAIMS_CAR: pool.kind = RESOURCE_CAR; break;
	case CLAIMS_ALLOTMENT: break;
	case CLAIMS_DAILY:
		if (!has_allotment(ask->roster, ask->solution.id))
			return true;
		break;
	case CLAIMS_LEGS:
	case CLAIMS_ACCOMPANY: pool = drivers(ask); break;
	}
	return pool_exists(ask->roster, &pool);
}

/* The plan's own claims, from what they became: a later one may have moved an earlier one. */
static void own_claims(const struct plan_ask *ask, struct plan *p)
{
	for (uint32_t i = 0; i < p->changes_len; i++) {
		const struct seated *c = &p->changes[i];
		if (c->row.serial != SERIAL_OWN)
			continue;
		ASSERT(p->claims_len < PLAN_CLAIMS_MAX);
		p->claims[p->claims_len++] = (struct plan_claim){
			c->at, c->row.from, c->row.until, (enum claim_what)c->row.what};
		if (c->row.what == CLAIM_DESK_OUT || c->row.what == CLAIM_DESK_IN)
			continue;
		p->resource = c->at.resource;
		if (c->row.what == CLAIM_CAR)
			p->class = roster_resource(ask->roster, c->at.resource)->class;
	}
}

enum plan_result plan_find(struct view *v, const struct plan_ask *ask, struct plan *out)
{
	enum plan_result result = PLAN_FREE;

	memset(out, 0, offsetof(struct plan, claims));
	ASSERT(ask->window.from.s < ask->window.until.s);
	switch (ask->solution.claims) {
	case CLAIMS_CAR:
		result = plan_seat(v, ask, RESOURCE_CAR, false, out);
		if (result == PLAN_FREE)
			result = plan_desks(v, ask, out);
		break;
	case CLAIMS_ALLOTMENT: result = plan_seat(v, ask, RESOURCE_ALLOTMENT, true, out); break;
	case CLAIMS_LEGS:
	case CLAIMS_ACCOMPANY: result = plan_legs(v, ask, out); break;
	case CLAIMS_DAILY: result = plan_daily(v, ask, out); break;
	}
	if (result == PLAN_FREE)
		own_claims(ask, out);
	return result;
}

uint32_t plan_moves(const struct plan *plan)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < plan->changes_len; i++)
		n += plan->changes[i].row.serial != SERIAL_OWN;
	return n;
}

void plan_take(struct seating *seating, const struct plan *plan, uint32_t serial)
{
	struct seated claims[PLAN_CHANGES_MAX];
	struct seating layer = {seating, plan->changes_len, PLAN_CHANGES_MAX, claims, false};

	memcpy(claims, plan->changes, plan->changes_len * sizeof *claims);
	for (uint32_t i = 0; i < layer.len; i++)
		if (claims[i].row.serial == SERIAL_OWN) {
			claims[i].row.serial = serial;
			claims[i].row.pinned = true;
		}
	seating_join(seating, &layer);
}
