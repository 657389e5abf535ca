/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/plan.h"

#include "fleet/outlook.h"
#include "fleet/shuffle.h"

enum { AHEAD_GROWTH = 3 }; /* of the weeks that are looked at, until they say enough */

/* The answers that rules/next_date.h asks for, from the calendar. Where a seat may be free is read
 * from the outlook; whether it is free, promises changing places, is then asked exactly. */
struct supply {
	struct view *view;
	const struct plan_ask *ask;
	enum resource_kind kind;
	struct view trying;  /* a second look, whose memory is taken back after each question */
	struct outlooks own; /* owned: where something is laid over the stored calendar */
	uint32_t classes_len;
	struct str class[CLASSES_PER_SITE_MAX];
	bool unlimited; /* on request: never full */
	bool failed;
};

static struct pool_ask pool_of(const struct supply *s, struct str class)
{
	return (struct pool_ask){.kind = s->kind,
		.what = CLAIM_CAR,
		.solution = s->ask->solution.id,
		.class = class,
		.resource = s->ask->resource};
}

static void supply_open(struct supply *s)
{
	const struct roster *roster = s->ask->roster;
	bool pool = false;

	if (s->ask->class.n)
		s->class[s->classes_len++] = s->ask->class;
	else
		s->classes_len = (uint32_t)roster_classes(roster, s->ask->solution.id, s->class);
	for (uint32_t i = 0; i < roster->resources_len; i++) {
		const struct resource *r = &roster->resources[i];
		struct pool_ask any = pool_of(s, s->ask->class);
		if (!pool_fits(r, &any))
			continue;
		pool = true;
		s->unlimited |= r->unlimited;
	}
	/* a taxi where no number was agreed: nothing to run out of */
	s->unlimited |= !pool && s->ask->solution.claims == CLAIMS_DAILY;
}

/* NULL: the search cannot go on. */
static const struct outlook *look_ahead(
	struct supply *s, const struct pool_ask *pool, uint32_t from, uint32_t until)
{
	struct outlook_ask ask = {s->ask->roster, s->ask->seating, s->ask->except, *pool};
	bool stored = !ask.seating && !ask.except;
	const struct outlook *o =
		outlook_of(s->view, stored ? s->ask->roster->outlooks : &s->own, &ask, from, until);

	s->failed |= !o;
	return o;
}

/* The earliest start in one class, seats that are kept back left free. */
static uint32_t class_next(const struct supply *s, const struct outlook *o, struct str class,
	uint32_t from, uint32_t minutes)
{
	uint32_t at = from, kept = 0, before;

	do {
		before = kept;
		at = outlook_next(o, at, minutes, 1 + (int32_t)kept);
		if (at == MINUTE_FOREVER || !s->ask->fresh)
			return at;
		kept = roster_kept(
			s->ask->roster, class, s->ask->now, minute_instant(at), s->ask->rights);
	} while (kept != before);
	return at;
}

/* The earliest start in any class before the horizon. */
static uint32_t seats_next(struct supply *s, uint32_t from, uint32_t minutes, uint32_t horizon)
{
	uint32_t reach = minutes + TURNAROUND_MINUTES_MAX, best = MINUTE_FOREVER;

	for (uint32_t i = 0; i < s->classes_len; i++) {
		struct pool_ask pool = pool_of(s, s->class[i]);
		uint32_t before = best < horizon ? best : horizon, at;
		uint32_t until = from + reach;
		const struct outlook *o;
		for (;;) {
			o = look_ahead(s, &pool, from, until);
			if (!o)
				return MINUTE_FOREVER;
			at = class_next(s, o, s->class[i], from, minutes);
			/* what lies behind the outlook looks free, but nobody looked */
			if (at >= before || at + reach <= o->until)
				break;
			until = from + (o->until - from) * AHEAD_GROWTH;
			if (until > before + reach)
				until = before + reach;
		}
		best = at < best ? at : best;
	}
	return best;
}

/* A year has many quarters of an hour that may be asked for. */
static struct view *try_again(struct supply *s)
{
	arena_reset(s->trying.arena);
	return &s->trying;
}

static bool seat_holds(struct supply *s, struct span window)
{
	struct view *v = try_again(s);
	struct plan_ask ask = *s->ask;
	struct plan *plan = arena_take(v->arena, sizeof *plan);

	ask.window = window;
	ask.desk_out = ask.desk_in = false;
	return plan && plan_find(v, &ask, plan) == PLAN_FREE;
}

static bool seat_from(void *context, struct instant *out, struct span span, struct instant horizon)
{
	struct supply *s = context;
	uint32_t from = minute_up(span.from), minutes = minute_up(span.until) - from, best;
	bool counted = !s->unlimited && s->ask->solution.claims != CLAIMS_DAILY;

	*out = span.from;
	if (horizon.s <= span.from.s + 1) /* this very window? */
		return (!counted || seats_next(s, from, minutes, from + 1) == from) &&
		       seat_holds(s, span);
	if (!counted)
		return span.from.s < horizon.s;
	best = seats_next(s, from, minutes, minute_up(horizon));
	if (best == MINUTE_FOREVER || best >= minute_up(horizon))
		return false;
	if (best > from)
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

/* Whether somebody of that kind can be there, others changing places. */
static bool kind_free(struct supply *s, enum resource_kind kind, enum claim_what what,
	struct str solution, uint32_t from, uint32_t until)
{
	struct pool_ask pool = {.kind = kind, .what = what, .solution = solution};
	struct seated changes[PLAN_CHANGES_MAX];
	struct seating layer = {s->ask->seating, 0, PLAN_CHANGES_MAX, changes, false};
	struct seat seat;

	return plan_seat_claim(try_again(s), s->ask, &pool, from, until, SERIAL_OWN, &layer, &seat,
		       NULL) == PLAN_FREE;
}

static bool desk_free(void *context, struct instant at, int32_t minutes)
{
	struct supply *s = context;
	uint32_t from = minute_down(at), until = from + (uint32_t)minutes;

	return !s->ask->roster->has_desks || minutes == 0 ||
	       kind_free(s, RESOURCE_DESK, CLAIM_DESK_OUT, STR_NULL, from, until);
}

static bool chauffeur_free(void *context, struct instant at, int32_t minutes)
{
	struct supply *s = context;
	uint32_t from = minute_down(at), until = from + (uint32_t)minutes;

	if (!kind_free(s, RESOURCE_CHAUFFEUR, CLAIM_CHAUFFEUR, s->ask->solution.id, from, until))
		return false;
	return s->ask->solution.claims != CLAIMS_ACCOMPANY ||
	       kind_free(s, RESOURCE_CAR, CLAIM_DEALER_CAR, s->ask->solution.id, from, until);
}

enum { SEARCHES_MAX = 8 };

/* A proposal is only worth its plan: a daily allotment counts whole days, two legs may want the
 * same chauffeur. What plan_find does not confirm is not proposed, and the search goes on behind
 * it. */
static uint32_t find_confirmed(struct view *v, const struct plan_ask *ask,
	struct next_date_ask *wanted, const struct next_date_supply *supply, struct next_date *out,
	struct str *classes)
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
			if (plan_find(v, &exact, &plan) != PLAN_FREE)
				continue;
			if (classes)
				classes[kept] = plan.class;
			out[kept++] = found[k];
		}
		if (n == 0)
			break;
		wanted->after.s = found[n - 1].window.from.s + NEXT_DATE_STEP_MINUTES * 60;
	}
	return kept;
}

uint32_t plan_next(struct view *v, const struct plan_ask *ask, struct instant after,
	int64_t wall_minutes, bool whole_day, uint32_t count, struct next_date out[NEXT_DATE_MAX],
	struct str classes[NEXT_DATE_MAX])
{
	const struct roster *r = ask->roster;
	int32_t leg = leg_minutes(ask->distance_km);
	struct arena trying;
	struct supply s = {.view = v,
		.ask = ask,
		.trying = *v,
		.kind = ask->solution.claims == CLAIMS_CAR ? RESOURCE_CAR : RESOURCE_ALLOTMENT};
	struct next_date_supply supply = {&s, seat_from, desk_free};
	uint32_t found;
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
			ask->solution.fetches || ask->solution.claims == CLAIMS_ACCOMPANY ? leg : 0;
		wanted.return_minutes =
			ask->solution.brings || ask->solution.claims == CLAIMS_ACCOMPANY ? leg : 0;
		break;
	}
	if (!plan_is_served(ask))
		return 0;
	arena_init(&trying, ARENA_MAX_DEFAULT);
	s.trying.arena = &trying;
	supply_open(&s);
	found = find_confirmed(v, ask, &wanted, &supply, out, classes);
	arena_deinit(&trying);
	outlooks_free(&s.own);
	return found;
}
