/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/appointment.h"

/* The search for appointments: day by day, in each the times of the work's template first. */

enum { DAY_S = 86400, DAY_MINUTES = 1440, LEVELS_MAX = 2 * APPOINTMENTS_MAX };

struct search {
	const struct appointment_ask *ask;
	const struct appointment_template *template; /* NULL: any time is as good */
	struct instant latest;
	bool has_latest;
	struct day day;
	uint32_t customers[APPOINTMENT_ADVISORS_MAX];
	int64_t level[LEVELS_MAX];
	uint32_t levels_len;
};

static bool is_at_once(enum appointment_why why)
{
	return why == APPOINTMENT_URGENT || why == APPOINTMENT_IMMOBILE;
}

/* The one for the longest work that is not longer than this. */
static const struct appointment_template *template_for(
	const struct appointment_rules *r, int64_t minutes)
{
	const struct appointment_template *best = NULL;

	for (uint32_t i = 0; i < r->templates_len; i++)
		if (r->templates[i].from_minutes <= minutes &&
			(!best || r->templates[i].from_minutes > best->from_minutes))
			best = &r->templates[i];
	return best;
}

static bool in_template(const struct search *s, int32_t minute)
{
	for (int i = 0; s->template && i < s->template->len; i++)
		if (s->template->at_min[i] == minute)
			return true;
	return false;
}

/* ---- one time ---- */

static struct day day_at(const struct appointment_ask *ask, struct instant t)
{
	return local_day(zone_local(ask->place.zone, t));
}

static enum appointment_fit judge_one(
	const struct appointment_ask *ask, struct instant at, uint32_t advisor, uint32_t customers)
{
	const struct appointment_rules *r = ask->place.rules;
	enum appointment_fit fit =
		appointment_reception(&ask->place, at, ask->now, ask->why, advisor);

	if (fit != APPOINTMENT_FITS)
		return fit;
	if (!ask->supply->is_free(ask->supply->context, advisor, at, r->reception_minutes))
		return APPOINTMENT_TAKEN;
	return is_at_once(ask->why) || customers < r->customers_max ? APPOINTMENT_FITS
								    : APPOINTMENT_CUSTOMERS;
}

static enum appointment_fit judge_advisors(const struct appointment_ask *ask, struct instant at,
	const uint32_t *customers, uint32_t *out)
{
	enum appointment_fit best = APPOINTMENT_NOBODY;
	bool some = false;

	for (uint32_t i = 0; i < ask->advisors; i++) {
		enum appointment_fit fit;
		if (ask->advisor >= 0 && i != (uint32_t)ask->advisor)
			continue;
		fit = judge_one(ask, at, i, customers[i]);
		if (!some || fit > best || (fit == best && customers[i] < customers[*out])) {
			*out = i;
			best = fit;
		}
		some = true;
	}
	return best;
}

static bool workshop_has_room(
	const struct appointment_ask *ask, struct instant at, struct instant *ready)
{
	struct appointment_work work[APPOINTMENT_WORK_DAYS_MAX];
	int32_t room = appointment_room(ask->place.rules, ask->why);
	uint32_t n = appointment_work(work, &ask->place, at, ask->minutes, ask->why, ready);

	for (uint32_t i = 0; i < n && room != INT32_MAX; i++)
		if (ask->supply->load(ask->supply->context, work[i].day) > room - work[i].minutes)
			return false;
	return n > 0;
}

static enum appointment_fit judge(const struct appointment_ask *ask, struct instant at,
	const uint32_t *customers, uint32_t *advisor, struct instant *ready)
{
	enum appointment_fit fit;

	if (at.s < ask->now.s)
		return APPOINTMENT_PAST;
	fit = judge_advisors(ask, at, customers, advisor);
	return fit == APPOINTMENT_FITS && !workshop_has_room(ask, at, ready) ? APPOINTMENT_WORKSHOP
									     : fit;
}

static void count_customers(const struct appointment_ask *ask, struct day day, uint32_t *out)
{
	for (uint32_t i = 0; i < ask->advisors; i++)
		out[i] = ask->supply->customers(ask->supply->context, i, day);
}

enum appointment_fit appointment_receive(const struct appointment_ask *ask, struct instant at,
	uint32_t *advisor, struct instant *ready)
{
	uint32_t customers[APPOINTMENT_ADVISORS_MAX];

	ASSERT(ask->advisors <= APPOINTMENT_ADVISORS_MAX);
	*advisor = 0;
	count_customers(ask, day_at(ask, at), customers);
	return judge(ask, at, customers, advisor, ready);
}

/* ---- one day ---- */

/* False: nobody receives anybody that day. */
static bool day_open(struct search *s, struct day day)
{
	const struct appointment_ask *ask = s->ask;

	s->day = day;
	if (opening_on(ask->place.opening, day).len == 0)
		return false;
	count_customers(ask, day, s->customers);
	for (uint32_t i = 0; i < ask->advisors; i++)
		if ((ask->advisor < 0 || i == (uint32_t)ask->advisor) &&
			(is_at_once(ask->why) || s->customers[i] < ask->place.rules->customers_max))
			return true;
	return false;
}

static bool time_try(const struct search *s, int32_t minute, struct appointment *out)
{
	const struct appointment_ask *ask = s->ask;
	struct local local;

	memset(out, 0, sizeof *out);
	if (zone_instant(&local, ask->place.zone, (int64_t)s->day.n * DAY_S + minute * 60) ==
		ZONE_NEVER)
		return false; /* a reading in the spring gap is nobody's appointment */
	out->at = local_instant(local);
	if (out->at.s < ask->after.s ||
		judge(ask, out->at, s->customers, &out->advisor, &out->ready) != APPOINTMENT_FITS)
		return false;
	out->evening_before =
		minute >= APPOINTMENT_EVENING_MIN && ask->minutes >= APPOINTMENT_WORK_MINUTES;
	out->too_late = s->has_latest && out->at.s > s->latest.s;
	out->has_back =
		appointment_back(ask, out->ready, out->advisor, &out->back, &out->back_advisor);
	return true;
}

/* ---- levels ---- */

static int64_t half_of(const struct search *s, int32_t minute)
{
	return (int64_t)s->day.n * 2 * DAY_MINUTES + (minute < APPOINTMENT_NOON_MIN ? 0 : 1);
}

static int64_t level_of(const struct search *s, int32_t minute)
{
	return in_template(s, minute) ? (int64_t)s->day.n * 2 * DAY_MINUTES + DAY_MINUTES + minute
				      : half_of(s, minute);
}

/* A time of the template takes its half of the day from the others too. */
static void level_take(struct search *s, int32_t minute)
{
	s->level[s->levels_len++] = level_of(s, minute);
	s->level[s->levels_len++] = half_of(s, minute);
}

static bool level_is_taken(const struct search *s, int64_t level)
{
	for (uint32_t i = 0; i < s->levels_len; i++)
		if (s->level[i] == level)
			return true;
	return false;
}

/* ---- the search ---- */

/* Keeps the order of times. False: that time is proposed already. */
static bool insert(struct appointment *out, uint32_t *len, const struct appointment *a)
{
	uint32_t at = *len;

	while (at > 0 && out[at - 1].at.s > a->at.s)
		at--;
	if (at > 0 && out[at - 1].at.s == a->at.s)
		return false;
	memmove(&out[at + 1], &out[at], (*len - at) * sizeof *out);
	out[at] = *a;
	++*len;
	return true;
}

/* The times that a pass looks at. */
enum pass {
	PASS_TEMPLATE, /* those of the template */
	PASS_ANY,      /* all others, each load level once */
	PASS_MORE,     /* whatever is free: too few levels had room */
};

static bool is_of_pass(const struct search *s, enum pass pass, int32_t minute)
{
	switch (pass) {
	case PASS_TEMPLATE: return in_template(s, minute);
	case PASS_ANY: return !in_template(s, minute);
	case PASS_MORE: return true;
	}
	ASSERT(false);
}

static void day_take(
	struct search *s, enum pass pass, uint32_t wanted, struct appointment *out, uint32_t *len)
{
	struct appointment found;

	for (int32_t m = 0; m < DAY_MINUTES && *len < wanted; m += APPOINTMENT_GRID_MINUTES) {
		bool taken = pass != PASS_MORE && level_is_taken(s, level_of(s, m));
		if (is_of_pass(s, pass, m) && !taken && time_try(s, m, &found) &&
			insert(out, len, &found))
			level_take(s, m);
	}
}

static struct day first_day(const struct appointment_ask *ask)
{
	return day_at(ask, ask->after.s > ask->now.s ? ask->after : ask->now);
}

/* The first day on which that very time, or one from it on, can be had. */
static bool find_from(struct search *s, int32_t minute, bool exactly, struct appointment *out)
{
	struct day day = first_day(s->ask);
	int32_t last = exactly ? minute : DAY_MINUTES - 1;

	for (int i = 0; i < APPOINTMENT_HORIZON_DAYS; i++, day.n++) {
		if (!day_open(s, day))
			continue;
		for (int32_t m = minute; m <= last; m += APPOINTMENT_GRID_MINUTES)
			if (time_try(s, m, out))
				return true;
	}
	return false;
}

/* One of the proposals is of a kind of its own: it takes the last one's place, never the first's.
 */
static void include(
	struct appointment *out, uint32_t *len, uint32_t wanted, const struct appointment *a)
{
	for (uint32_t i = 0; i < *len; i++)
		if (out[i].at.s == a->at.s)
			return;
	if (*len == wanted && *len > 1)
		--*len;
	if (*len < wanted)
		(void)insert(out, len, a);
}

static bool has_evening(const struct appointment *out, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		if (out[i].evening_before)
			return true;
	return false;
}

static void walk(struct search *s, bool more, struct appointment *out, uint32_t *len)
{
	const struct appointment_ask *ask = s->ask;
	struct day day = first_day(ask);

	for (int i = 0; i < APPOINTMENT_HORIZON_DAYS && *len < ask->count; i++, day.n++) {
		if (!day_open(s, day))
			continue;
		if (more) {
			day_take(s, PASS_MORE, ask->count, out, len);
			continue;
		}
		day_take(s, PASS_TEMPLATE, ask->count, out, len);
		day_take(s, PASS_ANY, ask->count, out, len);
	}
}

uint32_t appointment_find(
	struct appointment out[APPOINTMENTS_MAX], const struct appointment_ask *ask)
{
	struct search s = {.ask = ask, .template = template_for(ask->place.rules, ask->minutes)};
	struct appointment other;
	uint32_t len = 0;

	ASSERT(ask->count >= 1 && ask->count <= APPOINTMENTS_MAX);
	ASSERT(ask->advisors <= APPOINTMENT_ADVISORS_MAX);
	s.has_latest = appointment_latest(&s.latest, &ask->place, ask->why, ask->now);
	walk(&s, false, out, &len);
	if (len == 0)
		return 0;
	if (len < ask->count)
		walk(&s, true, out, &len);
	if (ask->count > 1 && ask->minutes >= APPOINTMENT_WORK_MINUTES && !has_evening(out, len) &&
		find_from(&s, APPOINTMENT_EVENING_MIN, false, &other))
		include(out, &len, ask->count, &other);
	if (ask->wish_min >= 0 && find_from(&s, ask->wish_min, true, &other))
		include(out, &len, ask->count, &other);
	return len;
}

/* ---- the way back ---- */

static bool back_on(const struct appointment_ask *ask, struct day day, struct instant ready,
	uint32_t advisor, struct instant *at)
{
	const struct appointment_place *p = &ask->place;
	struct local local;

	for (int32_t m = 0; m < DAY_MINUTES; m += APPOINTMENT_GRID_MINUTES) {
		if (zone_instant(&local, p->zone, (int64_t)day.n * DAY_S + m * 60) == ZONE_NEVER)
			continue;
		*at = local_instant(local);
		if (at->s >= ready.s &&
			appointment_hand_back(p, *at, advisor) == APPOINTMENT_FITS &&
			ask->supply->is_free(
				ask->supply->context, advisor, *at, p->rules->hand_back_minutes))
			return true;
	}
	return false;
}

bool appointment_back(const struct appointment_ask *ask, struct instant ready, uint32_t advisor,
	struct instant *at, uint32_t *by)
{
	struct day day = day_at(ask, ready);

	for (int i = 0; i < APPOINTMENT_BACK_DAYS; i++, day.n++) {
		bool found = false;
		if (opening_on(ask->place.opening, day).len == 0)
			continue;
		*by = advisor;
		if (back_on(ask, day, ready, advisor, at))
			return true;
		for (uint32_t k = 0; k < ask->advisors; k++) {
			struct instant other;
			if (k == advisor || !back_on(ask, day, ready, k, &other) ||
				(found && other.s >= at->s))
				continue;
			*at = other;
			*by = k;
			found = true;
		}
		if (found)
			return true;
	}
	return false;
}
