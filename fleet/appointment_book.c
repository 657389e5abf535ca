/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/appointment.h"

/* What the rules of appointments want to know of the calendar. */

struct str appointment_desk(const struct appointment_book *b, uint32_t advisor)
{
	return b->desks.first[advisor].id;
}

int32_t appointment_advisor(const struct appointment_book *b, struct str desk)
{
	for (const struct resource *r = b->desks.first; r < b->desks.end; r++)
		if (str_eq(r->id, desk))
			return (int32_t)(r - b->desks.first);
	return -1;
}

static bool is_free(void *context, uint32_t advisor, struct instant at, int32_t minutes)
{
	const struct appointment_book *b = context;
	const struct resource *r = &b->desks.first[advisor];
	uint32_t from = minute_down(at), until = from + (uint32_t)minutes;

	return r->active && from >= r->usable_from && until <= r->usable_until &&
	       seating_is_free(b->v, b->seating, (struct seat){r->id, 0}, from, until, b->serial);
}

static uint32_t day_minute(const struct roster *r, struct day day)
{
	return minute_down(zone_day_start(r->zone, day));
}

uint32_t appointment_customers(struct appointment_book *b, uint32_t advisor, struct day day)
{
	struct key prefix = key_site_appointment_prefix(b->roster->site), from = prefix;
	uint32_t end = day_minute(b->roster, (struct day){day.n + 1}), n = 0;
	struct cursor c;

	key_u32(&from, day_minute(b->roster, day));
	cursor_open(&c, b->v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&from));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		uint32_t minute;
		uint8_t part;
		struct str visit;
		ASSERT(key_take_u32(c.key, &at, &minute) && key_take_u8(c.key, &at, &part) &&
			key_take_text(c.key, &at, &visit));
		if (minute >= end)
			break;
		n += part == APPOINTMENT_IN && !str_eq(visit, b->visit) &&
		     str_eq(c.value, appointment_desk(b, advisor));
	}
	cursor_close(&c);
	return n;
}

int32_t appointment_load(struct appointment_book *b, struct day day)
{
	struct key prefix = key_site_work_prefix(b->roster->site, day);
	int64_t sum = 0;
	struct cursor c;

	cursor_open(&c, b->v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n, in_value = 0;
		uint32_t minutes;
		struct str visit;
		ASSERT(key_take_text(c.key, &at, &visit) &&
			key_take_u32(c.value, &in_value, &minutes));
		if (!str_eq(visit, b->visit))
			sum += minutes;
	}
	cursor_close(&c);
	return sum > INT32_MAX / 2 ? INT32_MAX / 2 : (int32_t)sum;
}

static uint32_t customers(void *context, uint32_t advisor, struct day day)
{
	return appointment_customers(context, advisor, day);
}

static int32_t load(void *context, struct day day)
{
	return appointment_load(context, day);
}

void appointment_book_open(struct appointment_book *b, struct view *v, const struct roster *roster,
	struct appointment_ask *ask, struct instant now)
{
	size_t n;

	*b = (struct appointment_book){.v = v,
		.roster = roster,
		.desks = roster_of_class(roster, RESOURCE_DESK, STR_NULL),
		.supply = {b, is_free, customers, load}};
	n = (size_t)(b->desks.end - b->desks.first);
	*ask = (struct appointment_ask){
		.place = {roster->zone, &roster->opening, &roster->appointments},
		.supply = &b->supply,
		.advisors = n > APPOINTMENT_ADVISORS_MAX ? APPOINTMENT_ADVISORS_MAX : (uint32_t)n,
		.advisor = -1,
		.now = now,
		.after = now,
		.wish_min = -1,
		.count = 2};
}
