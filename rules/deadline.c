/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/deadline.h"

enum { DAY_S = 86400, HOUR = 60, NOON_S = 12 * 3600, LOOK_BACK_DAYS = 400 };

// clang-format off
static const struct deadline_rule rules[DEADLINES_LEN] = {
	[DEADLINE_CALLBACK]       = {"LEX-6",    DUE_OPEN_MINUTES, 1 * HOUR,  DEADLINE_ON,     0},
	[DEADLINE_WRITTEN_OFFER]  = {"LEX-14",   DUE_OPEN_MINUTES, 2 * HOUR,  DEADLINE_ON,     0},
	[DEADLINE_FOLLOW_UP]      = {"LEX-12",   DUE_WITHIN,       48 * HOUR, DEADLINE_ON,     0},
	[DEADLINE_COMPLAINT]      = {"AVT-2b",   DUE_WITHIN,       24 * HOUR, DEADLINE_ON,     0},
	[DEADLINE_AFTER_DELIVERY] = {"AVT-1a",   DUE_DAYS,         3,         DEADLINE_ON,     0},
	[DEADLINE_PROSPECT]       = {"AVT-4b",   DUE_WORKING_DAYS, 7,         DEADLINE_OFF,    0},
	[DEADLINE_PROSPECT_MONTH] = {"AVT-4b.2", DUE_MONTHS,       1,         DEADLINE_OFF,    0},
	[DEADLINE_CONFIRM]        = {"CIT-6.2",  DUE_NOON_BEFORE,  0,         DEADLINE_OFF,    0},
	[DEADLINE_LOOK_AHEAD]     = {"WB-48",    DUE_AHEAD,        48 * HOUR, DEADLINE_OFF,    0},
	[DEADLINE_AFTER_VISIT]    = {"AVT-S10",  DUE_AFTER,        48 * HOUR, DEADLINE_OFF,    0},
	[DEADLINE_OVERDUE]        = {"AVT-S3",   DUE_AT,           0,         DEADLINE_ALWAYS, 60},
	[DEADLINE_AT_RISK]        = {"AVT-S0",   DUE_AT,           0,         DEADLINE_ALWAYS, 0},
	[DEADLINE_WAITING]        = {"MAS-4.2",  DUE_AT,           0,         DEADLINE_ALWAYS, 60},
	[DEADLINE_TRANSFER]       = {"MAS-5.1",  DUE_AT,           0,         DEADLINE_ALWAYS, 0},
	[DEADLINE_DESK]           = {"MAS-4.3",  DUE_AT,           0,         DEADLINE_ALWAYS, 0},
};
// clang-format on

const struct deadline_rule *deadline_rule(enum deadline d)
{
	ASSERT(d < DEADLINES_LEN);
	return &rules[d];
}

bool deadline_from(enum deadline *out, struct str id)
{
	for (size_t i = 0; i < DEADLINES_LEN; i++)
		if (str_is(id, rules[i].id)) {
			*out = (enum deadline)i;
			return true;
		}
	return false;
}

/* ---- doors ---- */

static struct day wall_day(int64_t wall_s)
{
	return local_day((struct local){wall_s, 0});
}

static bool is_open(const struct opening *o, int64_t wall_s)
{
	int64_t start_s;

	return opening_next(&start_s, o, wall_s, 1) && start_s == wall_s;
}

/* The last moment of that day not after this one at which the doors were open, a closing included.
 */
static bool open_on(int64_t *out, const struct opening *o, struct day d, int64_t wall_s)
{
	struct opening_day hours = opening_on(o, d);
	int64_t midnight_s = (int64_t)d.n * DAY_S;

	for (int i = hours.len - 1; i >= 0; i--) {
		int64_t until_s = midnight_s + hours.span[i].until_min * 60;
		if (midnight_s + hours.span[i].from_min * 60 >= wall_s)
			continue;
		*out = until_s < wall_s ? until_s : wall_s;
		return true;
	}
	return false;
}

static bool open_before(int64_t *out, const struct opening *o, int64_t wall_s)
{
	struct day d = wall_day(wall_s);

	for (int i = 0; i <= LOOK_BACK_DAYS; i++, d.n--)
		if (open_on(out, o, d, wall_s))
			return true;
	return false;
}

/* When the doors shut for the day: of that day, or of the first one later that has open doors. */
static bool closing_from(int64_t *out, const struct opening *o, struct day d)
{
	for (int i = 0; i <= LOOK_BACK_DAYS; i++, d.n++) {
		struct opening_day hours = opening_on(o, d);
		if (!hours.len)
			continue;
		*out = (int64_t)d.n * DAY_S + hours.span[hours.len - 1].until_min * 60;
		return true;
	}
	return false;
}

/* ---- one way each, on the wall clock ---- */

/* Within: the moment itself, the last open one before it, or the first hour of the next day. */
static bool within(int64_t *out, const struct opening *o, int64_t event_s, int64_t moment_s)
{
	int64_t room_s;

	if (is_open(o, moment_s)) {
		*out = moment_s;
		return true;
	}
	return opening_add(&room_s, o, event_s, DEADLINE_ROOM_MINUTES, 1) &&
	       (room_s <= moment_s ? open_before(out, o, moment_s)
				   : opening_add(out, o, moment_s, DEADLINE_ROOM_MINUTES, 1));
}

static bool after(int64_t *out, const struct opening *o, int64_t moment_s)
{
	int64_t start_s;

	*out = moment_s;
	return is_open(o, moment_s) ||
	       (opening_next(&start_s, o, moment_s, 1) && closing_from(out, o, wall_day(start_s)));
}

static bool working_days(int64_t *out, const struct opening *o, struct day d, int32_t days)
{
	for (int i = 0; i <= LOOK_BACK_DAYS && days > 0; i++) {
		d.n++;
		days -= opening_on(o, d).len > 0;
	}
	return days == 0 && closing_from(out, o, d);
}

/* Noon of the day before; of the last one before it that had open doors by then. */
static bool noon_before(int64_t *out, const struct opening *o, int64_t event_s)
{
	struct day d = {wall_day(event_s).n - 1};

	for (int i = 0; i <= LOOK_BACK_DAYS; i++, d.n--)
		if (open_on(out, o, d, (int64_t)d.n * DAY_S + NOON_S))
			return true;
	return false;
}

static int64_t wall_later(const struct zone *zone, struct instant t, int64_t minutes)
{
	return zone_local(zone, (struct instant){t.s + minutes * 60}).wall_s;
}

static bool due_wall(int64_t *out, const struct deadline_rule *r, const struct opening *o,
	const struct zone *zone, struct instant event)
{
	int64_t event_s = zone_local(zone, event).wall_s;
	struct day day = wall_day(event_s);

	switch (r->way) {
	case DUE_AT: break;
	case DUE_OPEN_MINUTES: return opening_add(out, o, event_s, r->amount, 1);
	case DUE_WITHIN: return within(out, o, event_s, wall_later(zone, event, r->amount));
	case DUE_AFTER: return after(out, o, wall_later(zone, event, r->amount));
	case DUE_DAYS: return closing_from(out, o, (struct day){day.n + r->amount});
	case DUE_WORKING_DAYS: return working_days(out, o, day, r->amount);
	case DUE_MONTHS: return closing_from(out, o, day_add_months(day, r->amount));
	case DUE_NOON_BEFORE: return noon_before(out, o, event_s);
	case DUE_AHEAD: return open_before(out, o, wall_later(zone, event, -r->amount));
	}
	ASSERT(false);
}

bool deadline_reckon(struct instant *out, const struct deadline_rule *r, const struct opening *o,
	const struct zone *zone, struct instant event)
{
	struct local local;
	int64_t wall_s;

	*out = event;
	if (r->way == DUE_AT)
		return true;
	if (!due_wall(&wall_s, r, o, zone, event))
		return false;
	(void)zone_instant(&local, zone, wall_s);
	*out = local_instant(local);
	return instant_is_good(*out);
}

bool deadline_due(struct instant *out, enum deadline d, const struct opening *o,
	const struct zone *zone, struct instant event)
{
	return deadline_reckon(out, deadline_rule(d), o, zone, event);
}

bool deadline_escalates(struct instant *out, enum deadline d, struct instant due, int64_t told)
{
	/* after its grace, a day later, and three */
	static const int32_t days[ESCALATIONS_MAX] = {0, 1, 3};

	if (told < 0 || told >= ESCALATIONS_MAX)
		return false;
	out->s = due.s + deadline_rule(d)->grace_minutes * INT64_C(60) + days[told] * DAY_S;
	return true;
}
