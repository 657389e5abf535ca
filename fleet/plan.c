/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/plan.h"

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
	}
	ASSERT(false);
}

/* What to look for among the resources of a site. */
struct wanted {
	enum resource_kind kind;
	struct str solution; /* STR_NULL: any (desks) */
	struct str class;    /* STR_NULL: any */
	struct str resource; /* STR_NULL: any */
	uint32_t from, until;
	uint32_t except;
	const struct plan_taken *taken;
	const struct plan *mine; /* what the same plan claims already; may be NULL */
};

void plan_take(struct plan_taken *taken, const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->claims_len; i++) {
		ASSERT(taken->len < PLAN_TAKEN_MAX);
		taken->claims[taken->len++] = plan->claims[i];
	}
}

static bool overlaps(const struct plan_claim *c, struct seat seat, uint32_t from, uint32_t until)
{
	return c->seat.number == seat.number && str_eq(c->seat.resource, seat.resource) &&
	       c->from < until && from < c->until;
}

bool plan_is_taken(const struct plan_taken *taken, struct seat seat, uint32_t from, uint32_t until)
{
	for (uint32_t i = 0; taken && i < taken->len; i++)
		if (overlaps(&taken->claims[i], seat, from, until))
			return true;
	return false;
}

static bool fits(const struct resource *r, const struct wanted *w)
{
	return r->kind == w->kind && (!w->solution.n || resource_serves(r, w->solution)) &&
	       (!w->class.n || str_eq(r->class, w->class)) &&
	       (!w->resource.n || str_eq(r->id, w->resource));
}

/* Two legs of one booking may meet on one chauffeur: his turnaround lies between them. */
static bool plan_holds(const struct plan *p, struct seat seat, uint32_t from, uint32_t until)
{
	for (uint32_t i = 0; p && i < p->claims_len; i++)
		if (overlaps(&p->claims[i], seat, from, until))
			return true;
	return false;
}

/* The free seat whose gap is tightest (best fit): long gaps stay whole for long loans. `until`
 * grows by the resource's own turnaround. */
static bool find_seat(struct view *v, const struct roster *roster, const struct wanted *w,
	struct plan_claim *out, const struct resource **which)
{
	uint64_t tightest = UINT64_MAX;

	*which = NULL;
	for (uint32_t i = 0; i < roster->resources_len; i++) {
		const struct resource *r = &roster->resources[i];
		uint32_t until = w->until + r->turnaround;
		if (!fits(r, w) || !r->active || r->unlimited)
			continue;
		if (w->from < r->usable_from || w->until > r->usable_until)
			continue;
		for (uint16_t number = 0; number < r->seats; number++) {
			struct seat seat = {r->id, number};
			uint32_t gap_from, gap_until;
			if (!calendar_is_free(v->txn, seat, w->from, until, w->except) ||
				plan_is_taken(w->taken, seat, w->from, until) ||
				plan_holds(w->mine, seat, w->from, until))
				continue;
			calendar_gap(v->txn, seat, w->from, w->except, &gap_from, &gap_until);
			uint64_t gap = (uint64_t)gap_until - gap_from;
			if (gap >= tightest)
				continue;
			tightest = gap;
			*which = r;
			*out = (struct plan_claim){seat, w->from, until, CLAIM_CAR};
			if (r->kind != RESOURCE_CAR)
				break; /* seats of an allotment are alike: the first free one keeps
					  the rest whole */
		}
	}
	return *which != NULL;
}

/* An unlimited resource of the pool: on request, nothing to claim. */
static const struct resource *find_unlimited(const struct roster *roster, const struct wanted *w)
{
	for (uint32_t i = 0; i < roster->resources_len; i++) {
		const struct resource *r = &roster->resources[i];
		if (fits(r, w) && r->active && r->unlimited && w->from >= r->usable_from &&
			w->until <= r->usable_until)
			return r;
	}
	return NULL;
}

static bool pool_exists(const struct roster *roster, const struct wanted *w)
{
	for (uint32_t i = 0; i < roster->resources_len; i++)
		if (fits(&roster->resources[i], w) && roster->resources[i].active)
			return true;
	return false;
}

static bool is_open(const struct roster *r, struct instant at, int32_t minutes)
{
	return opening_holds(&r->opening, roster_local(r, at).wall_s, minutes);
}

static void plan_add(struct plan *p, struct plan_claim claim, enum claim_what what)
{
	ASSERT(p->claims_len < PLAN_CLAIMS_MAX);
	claim.what = what;
	p->claims[p->claims_len++] = claim;
}

/* Somebody to explain the work (MAS-4.3): inside opening hours, and a desk where the site has
 * desks. */
static enum plan_result plan_desk(struct view *v, const struct plan_ask *ask, struct instant at,
	int32_t minutes, enum claim_what what, struct plan *p)
{
	const struct roster *r = ask->roster;
	struct wanted w = {.kind = RESOURCE_DESK,
		.from = minute_down(at),
		.except = ask->except,
		.taken = ask->taken,
		.mine = p};
	struct plan_claim claim;
	const struct resource *desk;

	if (!is_open(r, at, minutes))
		return PLAN_CLOSED;
	if (!r->has_desks || minutes == 0)
		return PLAN_FREE;
	w.until = w.from + (uint32_t)minutes;
	if (!find_seat(v, r, &w, &claim, &desk))
		return PLAN_NO_DESK;
	plan_add(p, claim, what);
	return PLAN_FREE;
}

static enum plan_result plan_desks(struct view *v, const struct plan_ask *ask, struct plan *p)
{
	const struct roster *r = ask->roster;
	enum plan_result result = PLAN_FREE;

	if (ask->desk_out)
		result =
			plan_desk(v, ask, ask->window.from, r->handover_minutes, CLAIM_DESK_OUT, p);
	if (result == PLAN_FREE && ask->desk_in) {
		struct instant at = {ask->window.until.s - (int64_t)r->return_minutes * 60};
		/* who comes for the car when the doors open is received right after, not before */
		if (!is_open(r, at, r->return_minutes) &&
			is_open(r, ask->window.until, r->return_minutes))
			at = ask->window.until;
		result = plan_desk(v, ask, at, r->return_minutes, CLAIM_DESK_IN, p);
	}
	return result;
}

static enum plan_result plan_seat(struct view *v, const struct plan_ask *ask,
	enum resource_kind kind, bool unlimited_first, struct plan *p)
{
	struct wanted w = {.kind = kind,
		.solution = ask->solution.id,
		.class = ask->class,
		.resource = ask->resource,
		.from = minute_down(ask->window.from),
		.until = minute_up(ask->window.until),
		.except = ask->except,
		.taken = ask->taken};
	struct plan_claim claim;
	const struct resource *r;

	if (!pool_exists(ask->roster, &w))
		return PLAN_NOT_SERVED;
	r = unlimited_first ? find_unlimited(ask->roster, &w) : NULL;
	if (!r) {
		if (!find_seat(v, ask->roster, &w, &claim, &r))
			return PLAN_NO_SEAT;
		plan_add(p, claim, CLAIM_CAR);
	}
	p->resource = r->id;
	p->class = r->class;
	return PLAN_FREE;
}

/* The resource asked for by name, where it is of that kind: a driver's name is not a car's. */
static struct str wished(const struct plan_ask *ask, enum resource_kind kind)
{
	const struct resource *r =
		ask->resource.n ? roster_resource(ask->roster, ask->resource) : NULL;

	return r && r->kind == kind ? r->id : STR_NULL;
}

/* A chauffeur (and for an accompanied drive a dealership car) for one leg inside opening hours. */
static enum plan_result plan_leg(struct view *v, const struct plan_ask *ask, struct instant at,
	int32_t minutes, bool with_car, struct plan *p)
{
	struct wanted w = {.kind = RESOURCE_CHAUFFEUR,
		.solution = ask->solution.id,
		.resource = wished(ask, RESOURCE_CHAUFFEUR),
		.from = minute_down(at),
		.until = minute_down(at) + (uint32_t)minutes,
		.except = ask->except,
		.taken = ask->taken,
		.mine = p};
	struct plan_claim claim;
	const struct resource *r;

	if (!pool_exists(ask->roster, &w))
		return PLAN_NOT_SERVED;
	if (!is_open(ask->roster, at, minutes))
		return PLAN_CLOSED;
	if (!find_seat(v, ask->roster, &w, &claim, &r))
		return PLAN_NO_SEAT;
	plan_add(p, claim, CLAIM_CHAUFFEUR);
	p->resource = r->id;
	if (!with_car)
		return PLAN_FREE;
	w.kind = RESOURCE_CAR;
	w.resource = wished(ask, RESOURCE_CAR);
	if (!find_seat(v, ask->roster, &w, &claim, &r))
		return PLAN_NO_SEAT;
	plan_add(p, claim, CLAIM_DEALER_CAR);
	return PLAN_FREE;
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
	struct wanted w = {.kind = RESOURCE_ALLOTMENT,
		.solution = ask->solution.id,
		.class = ask->class,
		.resource = ask->resource,
		.except = ask->except,
		.taken = ask->taken};
	struct local from = roster_local(r, ask->window.from), edge;
	struct plan_claim claim;
	const struct resource *x;
	int64_t midnight = (int64_t)local_day(from).n * 86400;

	if (!has_allotment(r, ask->solution.id))
		return PLAN_FREE;
	if (!pool_exists(r, &w))
		return PLAN_NOT_SERVED;
	(void)zone_instant(&edge, r->zone, midnight);
	w.from = minute_down(local_instant(edge));
	(void)zone_instant(&edge, r->zone, midnight + 86400);
	w.until = minute_down(local_instant(edge));
	x = find_unlimited(r, &w);
	if (!x) {
		if (!find_seat(v, r, &w, &claim, &x))
			return PLAN_NO_SEAT;
		plan_add(p, claim, CLAIM_CAR);
	}
	p->resource = x->id;
	p->class = x->class;
	return PLAN_FREE;
}

enum plan_result plan_find(struct view *v, const struct plan_ask *ask, struct plan *out)
{
	enum plan_result result = PLAN_FREE;

	memset(out, 0, sizeof *out);
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
	return result;
}
