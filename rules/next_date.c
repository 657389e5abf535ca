/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/next_date.h"

/*
 * The search for one window is a walk over start times that asks cheap questions first and lets the
 * calendar jump over busy time. The choice of several windows stands below it.
 */

enum {
	DAY_S = 86400,
	STEP_S = NEXT_DATE_STEP_MINUTES * 60,
	NOON_S = 13 * 3600,	      /* where the load levels of a day meet */
	EVENING_S = 16 * 3600 + 1800, /* CIT-4.5 */
	CHANGES_MAX = 32,	      /* clock changes one window may span */
};

struct search {
	const struct next_date_ask *ask;
	const struct next_date_supply *supply;
	struct instant horizon;
	int64_t wall_limit_s; /* surely past the horizon on the wall clock */
	bool evening_only;
	/* For starts in [known_from_s, change_s) the clock stands still; gain_s is what a window
	 * that spans changes from there on can be shorter than its wall minutes say. */
	int64_t known_from_s, change_s, gain_s;
};

static int64_t midnight_before(int64_t wall_s)
{
	return (int64_t)local_day((struct local){wall_s, 0}).n * DAY_S;
}

static int64_t grid_up(int64_t wall_s)
{
	int64_t midnight_s = midnight_before(wall_s);

	return midnight_s + (wall_s - midnight_s + STEP_S - 1) / STEP_S * STEP_S;
}

static bool is_evening(const struct search *s, int64_t wall_s)
{
	return s->ask->whole_day && wall_s - midnight_before(wall_s) >= EVENING_S;
}

static struct instant wall_instant(const struct search *s, int64_t wall_s)
{
	struct local l;

	(void)zone_instant(&l, s->ask->zone, wall_s);
	return local_instant(l);
}

/* ---- how far the calendar may jump ---- */

static void clock_learn(struct search *s, struct instant t)
{
	int64_t length_s = s->ask->minutes * 60;
	int32_t offset_s = zone_local(s->ask->zone, t).offset_s;
	struct instant change = t;

	s->known_from_s = t.s;
	s->change_s = INT64_MAX;
	s->gain_s = 0;
	for (int i = 0; i < CHANGES_MAX && zone_change_after(&change, s->ask->zone, change); i++) {
		int64_t gain_s = zone_local(s->ask->zone, change).offset_s - offset_s;
		if (i == 0)
			s->change_s = change.s;
		if (change.s > s->change_s + length_s + DAY_S)
			return;
		if (gain_s > s->gain_s)
			s->gain_s = gain_s;
	}
}

/*
 * The least time that any window with a start in [t, *limit) lasts. A window lasts its wall
 * minutes, longer where its end moves to an opening, and less only where clocks go forward inside
 * it. So a calendar without a seat for this long has none for any of these starts.
 */
static int64_t shortest_s(struct search *s, struct instant t, struct instant *limit)
{
	int64_t length_s = s->ask->minutes * 60;

	if (t.s < s->known_from_s || t.s >= s->change_s)
		clock_learn(s, t);
	*limit = s->horizon;
	if (s->change_s - length_s > t.s) {
		if (s->change_s - length_s < limit->s)
			limit->s = s->change_s - length_s;
		return length_s;
	}
	if (s->change_s < limit->s)
		limit->s = s->change_s;
	return length_s > s->gain_s ? length_s - s->gain_s : length_s;
}

/* The earliest instant >= t that may be a start as far as seats go. False: none in time. */
static bool seat_jump(struct search *s, struct instant t, struct instant *out)
{
	struct instant limit;
	struct span span = {t, {t.s + shortest_s(s, t, &limit)}};

	if (s->supply->seat_from(s->supply->context, out, span, limit) && out->s < limit.s)
		return true;
	*out = limit;
	return limit.s < s->horizon.s;
}

/* ---- one window ---- */

/* The first reading >= *wall_s on the grid (and in the evening) with room to hand over. */
static bool start_settle(const struct search *s, int64_t *wall_s)
{
	const struct next_date_ask *ask = s->ask;
	int64_t open_s;

	while (*wall_s < s->wall_limit_s) {
		int64_t start_s = grid_up(*wall_s), midnight_s = midnight_before(start_s);
		if (s->evening_only && start_s < midnight_s + EVENING_S)
			start_s = midnight_s + EVENING_S;
		*wall_s = start_s;
		if (!ask->at_desk)
			return true;
		if (!opening_next(&open_s, ask->opening, start_s, ask->handover_minutes))
			return false;
		if (open_s == start_s)
			return true;
		*wall_s = open_s;
	}
	return false;
}

/* The first end >= *wall_s with room to take back before it. */
static bool end_settle(const struct search *s, int64_t *wall_s)
{
	int64_t return_s = (int64_t)s->ask->return_minutes * 60, open_s;

	if (!s->ask->at_desk)
		return true;
	if (!opening_next(&open_s, s->ask->opening, *wall_s - return_s, s->ask->return_minutes))
		return false;
	*wall_s = open_s + return_s;
	return true;
}

static bool desk_free(const struct search *s, struct instant at, int32_t minutes)
{
	if (!s->ask->at_desk || minutes == 0)
		return true;
	return s->supply->desk_free(s->supply->context, at, minutes);
}

/* The end of the window that starts at the reading start_s. While nobody is there to take the car
 * back it moves on by steps, within the opening day it fell in. */
static bool end_find(const struct search *s, int64_t start_s, struct instant *until)
{
	const struct next_date_ask *ask = s->ask;
	int64_t base_s = start_s, end_s, day_s, return_s = (int64_t)ask->return_minutes * 60;

	/* Work begins with the next day's opening, which lasts a minute at least: the stroke of
	 * 24:00 that ends this day is none. */
	if (is_evening(s, start_s) &&
		!opening_next(&base_s, ask->opening, midnight_before(start_s) + DAY_S, 1))
		return false;
	end_s = base_s + ask->minutes * 60;
	if (!end_settle(s, &end_s))
		return false;
	day_s = midnight_before(end_s - 1); /* 24:00 belongs to the day it ends */
	while (!desk_free(s, wall_instant(s, end_s - return_s), ask->return_minutes)) {
		end_s = grid_up(end_s + 1);
		if (!end_settle(s, &end_s) || midnight_before(end_s - 1) != day_s)
			return false;
	}
	*until = wall_instant(s, end_s);
	return true;
}

static bool seat_holds(const struct search *s, struct span window)
{
	struct instant from, just_after = {window.from.s + 1};

	return s->supply->seat_from(s->supply->context, &from, window, just_after) &&
	       from.s == window.from.s;
}

/* Whether a window that starts at this reading works; seats for the shortest one were found. */
static bool window_try(const struct search *s, int64_t start_s, struct next_date *out)
{
	struct span window = {wall_instant(s, start_s), {0}};

	if (!desk_free(s, window.from, s->ask->handover_minutes) ||
		!end_find(s, start_s, &window.until) || !seat_holds(s, window))
		return false;
	*out = (struct next_date){window, is_evening(s, start_s)};
	return true;
}

/* The earliest window that starts at or after this reading. */
static bool window_find(struct search *s, int64_t wall_s, struct next_date *out)
{
	struct instant seat;
	struct local start;

	for (; start_settle(s, &wall_s); wall_s += STEP_S) {
		/* A reading in the spring gap is nobody's appointment. */
		if (zone_instant(&start, s->ask->zone, wall_s) == ZONE_NEVER ||
			local_instant(start).s < s->ask->after.s)
			continue;
		if (local_instant(start).s >= s->horizon.s ||
			!seat_jump(s, local_instant(start), &seat))
			return false;
		if (seat.s > local_instant(start).s) {
			/* At least the loop's one step: readings of autumn come twice. */
			int64_t seat_s = zone_local(s->ask->zone, seat).wall_s;
			if (seat_s > wall_s + STEP_S)
				wall_s = seat_s - STEP_S;
			continue;
		}
		if (window_try(s, wall_s, out))
			return true;
	}
	return false;
}

/* ---- several windows ---- */

static int64_t start_wall(const struct search *s, const struct next_date *d)
{
	return zone_local(s->ask->zone, d->window.from).wall_s;
}

/* Where the next load level begins: 13:00 or midnight (CIT-4.11). */
static int64_t level_after(int64_t wall_s)
{
	int64_t midnight_s = midnight_before(wall_s);

	return wall_s < midnight_s + NOON_S ? midnight_s + NOON_S : midnight_s + DAY_S;
}

/* Keeps the order of starts. False when that start is proposed already. */
static bool insert(struct next_date out[NEXT_DATE_MAX], uint32_t *len, struct next_date d)
{
	uint32_t at = *len;

	ASSERT(*len < NEXT_DATE_MAX);
	while (at > 0 && out[at - 1].window.from.s > d.window.from.s)
		at--;
	if (at > 0 && out[at - 1].window.from.s == d.window.from.s)
		return false;
	memmove(&out[at + 1], &out[at], (*len - at) * sizeof(out[0]));
	out[at] = d;
	++*len;
	return true;
}

/* Makes one proposal an evening one (CIT-4.5). It takes the place of the one on its load level,
 * else a free place, else that of the last; the first, the earliest of all, stays. */
static void evening_include(struct search *s, struct next_date out[NEXT_DATE_MAX], uint32_t *len)
{
	int64_t first_s = start_wall(s, &out[0]), level_s, limit_s = s->wall_limit_s;
	struct next_date evening;
	uint32_t drop = *len < s->ask->count ? *len : *len - 1;
	bool found;

	for (uint32_t i = 0; i < *len; i++)
		if (out[i].evening_before)
			return;
	s->evening_only = true;
	found = window_find(s, level_after(first_s), &evening);
	if (!found) {
		s->wall_limit_s = level_after(first_s);
		found = window_find(s, first_s + STEP_S, &evening);
		s->wall_limit_s = limit_s;
	}
	s->evening_only = false;
	if (!found)
		return;
	level_s = level_after(start_wall(s, &evening));
	for (uint32_t i = 1; i < *len; i++)
		if (level_after(start_wall(s, &out[i])) == level_s)
			drop = i;
	if (drop < *len) {
		memmove(&out[drop], &out[drop + 1], (*len - drop - 1) * sizeof(out[0]));
		--*len;
	}
	(void)insert(out, len, evening);
}

uint32_t next_date_find(struct next_date out[NEXT_DATE_MAX], const struct next_date_ask *ask,
	const struct next_date_supply *supply)
{
	struct search s = {
		.ask = ask,
		.supply = supply,
		.horizon = ask->horizon,
		.known_from_s = INT64_MAX,
	};
	int64_t wall_s = zone_local(ask->zone, ask->after).wall_s;
	int64_t farthest_s = ask->after.s + (int64_t)NEXT_DATE_HORIZON_DAYS * DAY_S;
	struct next_date d;
	uint32_t len = 0;

	ASSERT(ask->count >= 1 && ask->count <= NEXT_DATE_MAX);
	ASSERT(ask->minutes >= 1 && ask->handover_minutes >= 0 && ask->return_minutes >= 0);
	if (ask->minutes > (int64_t)NEXT_DATE_HORIZON_DAYS * 1440 * 2)
		return 0;
	if (s.horizon.s > farthest_s)
		s.horizon.s = farthest_s;
	s.wall_limit_s = zone_local(ask->zone, s.horizon).wall_s + DAY_S;
	while (len < ask->count && window_find(&s, wall_s, &d)) {
		out[len++] = d;
		wall_s = level_after(start_wall(&s, &d));
	}
	if (len == 0)
		return 0;
	if (ask->whole_day && ask->count > 1)
		evening_include(&s, out, &len);
	/* Too few load levels have room: any other times will do (MAS-4.3 wants at least two). */
	wall_s = start_wall(&s, &out[0]) + STEP_S;
	while (len < ask->count && window_find(&s, wall_s, &d)) {
		(void)insert(out, &len, d);
		wall_s = start_wall(&s, &d) + STEP_S;
	}
	return len;
}

bool next_date_return(struct instant *out, const struct zone *zone, const struct opening *opening,
	struct instant ready, int32_t return_minutes)
{
	int64_t ready_s = zone_local(zone, ready).wall_s, wall_s;
	struct local l;

	if (!opening_next(&wall_s, opening, ready_s, return_minutes))
		return false;
	*out = ready;
	if (wall_s == ready_s)
		return true;
	(void)zone_instant(&l, zone, wall_s);
	if (local_instant(l).s > ready.s)
		*out = local_instant(l);
	return true;
}
