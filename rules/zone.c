/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/zone.h"

/* What a zone says of an instant and of a wall reading. zone_read.c makes the zone. */

enum { DAY_S = 86400 };

/* No offset is as large as this (RFC 8536 section 3.2 recommends less than 26 hours). */
enum { OFFSET_BOUND_S = 26 * 3600 };

/* When the clock changes in `year`, read on the clock of before the change. */
static int64_t rule_wall_s(const struct zone_rule *r, int year)
{
	struct day d = day_from_civil(year, 1, 1);
	int leap = day_is_valid(year, 2, 29), ahead;

	switch (r->kind) {
	case ZONE_RULE_JULIAN:
		d.n += r->day - 1 + (leap && r->day >= 60); /* 1..365 without 29 February */
		break;
	case ZONE_RULE_DAY:
		d.n += r->day; /* 0..365, 29 February is counted */
		break;
	case ZONE_RULE_WEEKDAY:
		/* the week-th such weekday of the month, 5 = the last one */
		d = day_from_civil(year, r->month, 1);
		ahead = (r->weekday - day_weekday(d) % 7 + 7) % 7;
		d.n += ahead + 7 * (r->week - 1);
		if (!day_is_valid(year, r->month, ahead + 7 * (r->week - 1) + 1))
			d.n -= 7;
		break;
	}
	return (int64_t)d.n * DAY_S + r->time_s;
}

/* The latest change of the rule at or before `t`, or the first one after it. */
struct rule_change {
	bool found, dst;
	int64_t at_s;
};

static void change_weigh(struct rule_change *best, int64_t t_s, bool after, int64_t at_s, bool dst)
{
	if (after ? at_s <= t_s : at_s > t_s)
		return;
	if (!best->found || (after ? at_s < best->at_s : at_s > best->at_s))
		*best = (struct rule_change){true, dst, at_s};
	else if (at_s == best->at_s && dst)
		best->dst = true; /* an end that meets the next start: summer time all year */
}

static struct rule_change rule_change(const struct zone *z, int64_t t_s, bool after)
{
	struct rule_change best = {0};
	int year, month, day;

	/* No rule is older than 1970, and a day long before it would not fit into its type. */
	day_to_civil(local_day((struct local){t_s < 0 ? 0 : t_s, 0}), &year, &month, &day);
	/* A rule's hour may lie up to a week outside its day, and so in the year before or behind:
	 * the change that is nearest in time may then be that of the next year but one. */
	for (int y = year - 2; y <= year + 2; y++) {
		int known = y < 1970 ? 1970 : y > 9999 ? 9999 : y;
		change_weigh(
			&best, t_s, after, rule_wall_s(&z->to_dst, known) - z->std_offset_s, true);
		change_weigh(
			&best, t_s, after, rule_wall_s(&z->to_std, known) - z->dst_offset_s, false);
	}
	return best;
}

static int32_t rule_offset(const struct zone *z, int64_t t_s)
{
	struct rule_change change;

	if (!z->rule_has_dst)
		return z->std_offset_s;
	change = rule_change(z, t_s, false);
	return change.found && change.dst ? z->dst_offset_s : z->std_offset_s;
}

/* How many transitions happened at or before `t`. */
static uint32_t transitions_until(const struct zone *z, int64_t t_s)
{
	uint32_t low = 0, high = z->transitions_len;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (z->transition_s[middle] <= t_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct local zone_local(const struct zone *zone, struct instant t)
{
	uint32_t n = transitions_until(zone, t.s);
	int32_t offset_s;

	if (n == zone->transitions_len && zone->has_rule)
		offset_s = rule_offset(zone, t.s);
	else /* before the first transition the first type holds (RFC 8536 section 3.2) */
		offset_s = zone->type_offset_s[n ? zone->transition_type[n - 1] : 0];
	return (struct local){t.s + offset_s, offset_s};
}

bool zone_change_after(struct instant *out, const struct zone *zone, struct instant t)
{
	int32_t offset_s = zone_local(zone, t).offset_s;
	struct rule_change change;
	int64_t from_s = t.s;

	for (uint32_t i = transitions_until(zone, t.s); i < zone->transitions_len; i++) {
		out->s = from_s = zone->transition_s[i];
		if (zone_local(zone, *out).offset_s != offset_s)
			return true;
	}
	if (!zone->has_rule || !zone->rule_has_dst || zone->std_offset_s == zone->dst_offset_s)
		return false;
	/* The rule's next change, or the one behind it when that one only repeats what holds. */
	for (int i = 0; i < 3; i++) {
		change = rule_change(zone, from_s, true);
		if (!change.found)
			return false;
		out->s = from_s = change.at_s;
		if (zone_local(zone, *out).offset_s != offset_s)
			return true;
	}
	return false;
}

enum zone_fit zone_instant(struct local *out, const struct zone *zone, int64_t wall_s)
{
	/* The offsets that held a good day before and hold a good day after cover every reading but
	 * those between two changes on one day; the offsets the guesses lead to cover these. */
	int32_t before = zone_local(zone, (struct instant){wall_s - OFFSET_BOUND_S}).offset_s;
	int32_t after = zone_local(zone, (struct instant){wall_s + OFFSET_BOUND_S}).offset_s;
	int32_t guess[4] = {before, after, 0, 0};
	struct local found = {0, 0}, l;
	int fits = 0;

	guess[2] = zone_local(zone, (struct instant){wall_s - before}).offset_s;
	guess[3] = zone_local(zone, (struct instant){wall_s - after}).offset_s;
	for (size_t i = 0; i < ARRAY_LEN(guess); i++) {
		l = zone_local(zone, (struct instant){wall_s - guess[i]});
		if (l.wall_s != wall_s || (fits && l.offset_s == found.offset_s))
			continue;
		if (!fits || l.offset_s > found.offset_s) /* further ahead of UTC is earlier */
			found = l;
		fits++;
	}
	*out = fits ? found : zone_local(zone, (struct instant){wall_s - before});
	return fits == 0 ? ZONE_NEVER : fits == 1 ? ZONE_ONCE : ZONE_TWICE;
}

struct instant zone_day_start(const struct zone *zone, struct day day)
{
	struct local start;

	(void)zone_instant(&start, zone, (int64_t)day.n * DAY_S);
	return local_instant(start);
}
