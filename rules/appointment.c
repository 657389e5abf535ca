/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/appointment.h"

enum { DAY_S = 86400, HOUR_MINUTES = 60, QUARTERS = 4, LOOK_DAYS = 400, READY_GRID_MINUTES = 15 };

const char *const appointment_whys[APPOINTMENT_WHYS_LEN + 1] = {
	"planned", "warranty", "comeback", "urgent", "immobile", NULL};

const char *const appointment_fits[APPOINTMENT_FITS + 1] = {"closed", "off_grid", "past", "nobody",
	"kept", "reserved", "peak", "taken", "customers", "workshop", "fits"};

bool appointment_why_from(enum appointment_why *out, struct str name)
{
	for (int i = 0; i < APPOINTMENT_WHYS_LEN; i++)
		if (str_is(name, appointment_whys[i])) {
			*out = (enum appointment_why)i;
			return true;
		}
	return false;
}

static int64_t wall_of(const struct appointment_place *p, struct instant t)
{
	return zone_local(p->zone, t).wall_s;
}

static struct day wall_day(int64_t wall_s)
{
	return local_day((struct local){wall_s, 0});
}

static int32_t wall_minute(int64_t wall_s)
{
	return (int32_t)((wall_s - (int64_t)wall_day(wall_s).n * DAY_S) / 60);
}

/* ---- by when ---- */

bool appointment_latest(struct instant *out, const struct appointment_place *p,
	enum appointment_why why, struct instant now)
{
	static const struct deadline_rule hours_48 = {"AVT-S1", DUE_WITHIN, 48 * HOUR_MINUTES,
						  DEADLINE_ALWAYS, 0},
					  two_days = {"WB-2", DUE_WORKING_DAYS, 2, DEADLINE_ALWAYS,
						  0},
					  that_day = {"CIT-4.6", DUE_DAYS, 0, DEADLINE_ALWAYS, 0};
	struct local open;
	int64_t open_s;

	switch (why) {
	case APPOINTMENT_PLANNED: return false;
	case APPOINTMENT_WARRANTY:
	case APPOINTMENT_COMEBACK:
		return deadline_reckon(out, p->rules->two_working_days ? &two_days : &hours_48,
			p->opening, p->zone, now);
	case APPOINTMENT_URGENT:
	case APPOINTMENT_IMMOBILE:
		/* today is the day whose doors are open, or open next */
		if (!opening_next(&open_s, p->opening, wall_of(p, now), 1))
			return false;
		(void)zone_instant(&open, p->zone, open_s);
		return deadline_reckon(out, &that_day, p->opening, p->zone, local_instant(open));
	case APPOINTMENT_WHYS_LEN: break;
	}
	ASSERT(false);
}

/* ---- one time ---- */

static bool is_at_once(enum appointment_why why)
{
	return why == APPOINTMENT_URGENT || why == APPOINTMENT_IMMOBILE;
}

/* Each advisor keeps one quarter of every hour, his neighbour the one before it: their customers
 * begin at different times, and somebody is always free for who comes too early or too late. */
int32_t appointment_kept_minute(uint32_t advisor)
{
	return (QUARTERS - 1 - (int32_t)(advisor % QUARTERS)) * APPOINTMENT_KEPT_MINUTES;
}

static bool meets_kept(int64_t wall_s, int32_t minutes, uint32_t advisor)
{
	int32_t kept = appointment_kept_minute(advisor);
	int32_t from = wall_minute(wall_s) % HOUR_MINUTES;

	return (from < kept + APPOINTMENT_KEPT_MINUTES && from + minutes > kept) ||
	       from + minutes > kept + HOUR_MINUTES;
}

static bool meets_hours(
	const struct appointment_hours *hours, uint32_t len, int64_t wall_s, int32_t minutes)
{
	int32_t from = wall_minute(wall_s);
	int weekday = day_weekday(wall_day(wall_s)) - 1;

	for (uint32_t i = 0; i < len; i++)
		if ((hours[i].days >> weekday & 1) && from < hours[i].until_min &&
			from + minutes > hours[i].from_min)
			return true;
	return false;
}

static enum appointment_fit fits(
	const struct appointment_place *p, struct instant at, int32_t minutes, uint32_t advisor)
{
	int64_t wall_s = wall_of(p, at);

	if (wall_s % (APPOINTMENT_GRID_MINUTES * 60) != 0)
		return APPOINTMENT_OFF_GRID;
	if (!opening_holds(p->opening, wall_s, minutes))
		return APPOINTMENT_CLOSED;
	return meets_kept(wall_s, minutes, advisor) ? APPOINTMENT_KEPT : APPOINTMENT_FITS;
}

enum appointment_fit appointment_reception(const struct appointment_place *p, struct instant at,
	struct instant now, enum appointment_why why, uint32_t advisor)
{
	const struct appointment_rules *r = p->rules;
	int64_t wall_s = wall_of(p, at);
	enum appointment_fit fit = fits(p, at, r->reception_minutes, advisor);

	if (fit != APPOINTMENT_FITS || is_at_once(why))
		return fit;
	if (meets_hours(r->reserved, r->reserved_len, wall_s, r->reception_minutes))
		return APPOINTMENT_RESERVED;
	/* a time limit of the trade counts more than the crowd */
	if (why == APPOINTMENT_PLANNED &&
		meets_hours(r->peak, r->peak_len, wall_s, r->reception_minutes) &&
		wall_day(wall_s).n < wall_day(wall_of(p, now)).n + APPOINTMENT_PEAK_DAYS)
		return APPOINTMENT_PEAK;
	return APPOINTMENT_FITS;
}

enum appointment_fit appointment_hand_back(
	const struct appointment_place *p, struct instant at, uint32_t advisor)
{
	return fits(p, at, p->rules->hand_back_minutes, advisor);
}

/* ---- the workshop ---- */

int32_t appointment_room(const struct appointment_rules *r, enum appointment_why why)
{
	if (r->workshop_minutes <= 0)
		return INT32_MAX;
	return is_at_once(why) ? r->workshop_minutes : r->workshop_minutes - r->kept_minutes;
}

/* Minutes of open doors from a reading to the end of its day. */
static int32_t open_minutes(const struct opening *o, int64_t wall_s)
{
	struct opening_day hours = opening_on(o, wall_day(wall_s));
	int32_t from = wall_minute(wall_s), sum = 0;

	for (int i = 0; i < hours.len; i++)
		if (hours.span[i].until_min > from)
			sum += hours.span[i].until_min -
			       (hours.span[i].from_min > from ? hours.span[i].from_min : from);
	return sum;
}

/* Where the work begins. */
static bool work_from(
	const struct appointment_place *p, int64_t at_s, int64_t minutes, int64_t *out)
{
	*out = at_s;
	if (minutes < APPOINTMENT_WORK_MINUTES || wall_minute(at_s) < APPOINTMENT_EVENING_MIN)
		return true;
	return opening_next(out, p->opening, ((int64_t)wall_day(at_s).n + 1) * DAY_S, 1);
}

uint32_t appointment_work(struct appointment_work out[APPOINTMENT_WORK_DAYS_MAX],
	const struct appointment_place *p, struct instant at, int64_t minutes,
	enum appointment_why why, struct instant *ready)
{
	int32_t room = appointment_room(p->rules, why);
	int64_t from_s, ready_s, left = minutes > 0 ? minutes : 1;
	struct local local;
	uint32_t n = 0;

	if (!work_from(p, wall_of(p, at), left, &from_s) ||
		!opening_add(&ready_s, p->opening, from_s, left, READY_GRID_MINUTES))
		return 0;
	(void)zone_instant(&local, p->zone, ready_s);
	*ready = local_instant(local);
	for (int i = 0; i < LOOK_DAYS && left > 0 && n < APPOINTMENT_WORK_DAYS_MAX; i++) {
		int32_t open = open_minutes(p->opening, from_s);
		if (open > room)
			open = room; /* a day takes no more of one car than it takes in all */
		if (open > left)
			open = (int32_t)left;
		if (open > 0)
			out[n++] = (struct appointment_work){wall_day(from_s), open};
		left -= open > 0 ? open : 0;
		from_s = ((int64_t)wall_day(from_s).n + 1) * DAY_S;
	}
	return n;
}
