/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/plan.h"

/* The answers that rules/next_date.h asks for, from the calendar. */
struct supply {
	struct view *view;
	const struct plan_ask *ask;
	int32_t leg_minutes;
};

static bool in_pool(const struct resource *r, const struct plan_ask *ask, enum resource_kind kind)
{
	return r->kind == kind && r->active && resource_serves(r, ask->solution.id) &&
	       (!ask->class.n || str_eq(r->class, ask->class)) &&
	       (!ask->resource.n || str_eq(r->id, ask->resource));
}

/* The earliest minute at which this resource serves `minutes` in a row. */
static uint32_t resource_next(
	struct view *v, const struct resource *r, uint32_t from, uint32_t minutes, uint32_t horizon)
{
	uint32_t best = MINUTE_FOREVER;

	if (from < r->usable_from)
		from = r->usable_from;
	if (r->unlimited)
		best = from;
	for (uint16_t n = 0; n < r->seats && best != from; n++) {
		uint32_t at = calendar_next_free(
			v->txn, (struct seat){r->id, n}, from, minutes + r->turnaround, horizon);
		best = at < best ? at : best;
	}
	return best < horizon && best + minutes <= r->usable_until ? best : MINUTE_FOREVER;
}

static bool seat_from(void *context, struct instant *out, struct span span, struct instant horizon)
{
	const struct supply *s = context;
	const struct roster *roster = s->ask->roster;
	enum resource_kind kind =
		s->ask->solution.claims == CLAIMS_CAR ? RESOURCE_CAR : RESOURCE_ALLOTMENT;
	uint32_t from = minute_up(span.from), minutes = minute_up(span.until) - from;
	uint32_t best = MINUTE_FOREVER;
	bool pool = false;

	for (uint32_t i = 0; i < roster->resources_len && best != from; i++) {
		const struct resource *r = &roster->resources[i];
		if (!in_pool(r, s->ask, kind))
			continue;
		pool = true;
		uint32_t at = resource_next(s->view, r, from, minutes, minute_up(horizon));
		best = at < best ? at : best;
	}
	if (!pool && s->ask->solution.claims == CLAIMS_DAILY)
		best = from; /* nothing to run out of */
	if (best == MINUTE_FOREVER)
		return false;
	*out = minute_instant(best);
	return true;
}

/* Trips and legs take no car for the window: only their ends count. */
static bool seat_always(
	void *context, struct instant *out, struct span span, struct instant horizon)
{
	(void)context;
	*out = span.from;
	return span.from.s < horizon.s;
}

static bool kind_free(const struct supply *s, enum resource_kind kind, struct str solution,
	uint32_t from, uint32_t until)
{
	const struct roster *roster = s->ask->roster;

	for (uint32_t i = 0; i < roster->resources_len; i++) {
		const struct resource *r = &roster->resources[i];
		if (r->kind != kind || !r->active || (solution.n && !resource_serves(r, solution)))
			continue;
		if (from < r->usable_from || until > r->usable_until)
			continue;
		for (uint16_t n = 0; n < r->seats; n++)
			if (calendar_is_free(s->view->txn, (struct seat){r->id, n}, from,
				    until + r->turnaround, s->ask->except))
				return true;
	}
	return false;
}

static bool desk_free(void *context, struct instant at, int32_t minutes)
{
	const struct supply *s = context;
	uint32_t from = minute_down(at), until = from + (uint32_t)minutes;

	return !s->ask->roster->has_desks || minutes == 0 ||
	       kind_free(s, RESOURCE_DESK, STR_NULL, from, until);
}

static bool chauffeur_free(void *context, struct instant at, int32_t minutes)
{
	const struct supply *s = context;
	uint32_t from = minute_down(at), until = from + (uint32_t)minutes;

	if (!kind_free(s, RESOURCE_CHAUFFEUR, s->ask->solution.id, from, until))
		return false;
	return s->ask->solution.claims != CLAIMS_ACCOMPANY ||
	       kind_free(s, RESOURCE_CAR, s->ask->solution.id, from, until);
}

enum { SEARCHES_MAX = 8 };

/* A proposal is only worth its plan: a daily allotment counts whole days, two legs may want the
 * same chauffeur. What plan_find does not confirm is not proposed, and the search goes on behind
 * it. */
static uint32_t find_confirmed(struct view *v, const struct plan_ask *ask,
	struct next_date_ask *wanted, const struct next_date_supply *supply, struct next_date *out)
{
	struct plan_ask exact = *ask;
	struct plan plan;
	uint32_t kept = 0, count = wanted->count;

	for (int i = 0; i < SEARCHES_MAX && kept < count; i++) {
		struct next_date found[NEXT_DATE_MAX];
		uint32_t n;
		wanted->count = count - kept;
		n = next_date_find(found, wanted, supply);
		for (uint32_t k = 0; k < n; k++) {
			exact.window = found[k].window;
			if (plan_find(v, &exact, &plan) == PLAN_FREE)
				out[kept++] = found[k];
		}
		if (n == 0)
			break;
		wanted->after.s = found[n - 1].window.from.s + NEXT_DATE_STEP_MINUTES * 60;
	}
	return kept;
}

uint32_t plan_next(struct view *v, const struct plan_ask *ask, struct instant after,
	int64_t wall_minutes, bool whole_day, uint32_t count, struct next_date out[NEXT_DATE_MAX])
{
	const struct roster *r = ask->roster;
	struct supply s = {v, ask, leg_minutes(ask->distance_km)};
	struct next_date_supply supply = {&s, seat_from, desk_free};
	struct next_date_ask wanted = {.zone = r->zone,
		.opening = &r->opening,
		.after = after,
		.horizon = {after.s + (int64_t)NEXT_DATE_HORIZON_DAYS * 86400},
		.minutes = wall_minutes,
		.handover_minutes = ask->desk_out ? r->handover_minutes : 0,
		.return_minutes = ask->desk_in ? r->return_minutes : 0,
		.at_desk = ask->desk_out || ask->desk_in,
		.whole_day = whole_day,
		.count = count};

	switch (ask->solution.claims) {
	case CLAIMS_CAR: break;
	case CLAIMS_ALLOTMENT:
	case CLAIMS_DAILY:
		wanted.at_desk = true; /* proposed in opening hours, nobody needed */
		wanted.handover_minutes = wanted.return_minutes = 0;
		break;
	case CLAIMS_LEGS:
	case CLAIMS_ACCOMPANY:
		supply.seat_from = seat_always;
		supply.desk_free = chauffeur_free;
		wanted.at_desk = true;
		wanted.handover_minutes =
			ask->solution.fetches || ask->solution.claims == CLAIMS_ACCOMPANY
				? s.leg_minutes
				: 0;
		wanted.return_minutes =
			ask->solution.brings || ask->solution.claims == CLAIMS_ACCOMPANY
				? s.leg_minutes
				: 0;
		break;
	}
	return find_confirmed(v, ask, &wanted, &supply, out);
}
