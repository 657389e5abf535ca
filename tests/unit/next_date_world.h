/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A site in Paris with a few seats and one desk: what both tests of the date search look at. */

#include "rules/next_date.h"

#include "tests/lib/check.h"

enum { DAY_S = 86400, DAY_MIN = 1440, BUSY_MAX = 800, SEATS_MAX = 3 };

static struct zone paris;
static struct opening opening;

/* ---- a calendar to ask ---- */

struct busy {
	uint32_t len;
	struct span span[BUSY_MAX]; /* ascending */
};

static struct calendar {
	uint32_t seats_len;
	struct busy seat[SEATS_MAX], desk;
	uint32_t calls;
} calendar;

static inline bool busy_free(const struct busy *b, struct span window)
{
	for (uint32_t i = 0; i < b->len; i++)
		if (span_overlaps(b->span[i], window))
			return false;
	return true;
}

static inline bool seat_from(
	void *context, struct instant *out, struct span span, struct instant horizon)
{
	struct calendar *c = context;
	int64_t length_s = span.until.s - span.from.s, best_s = INT64_MAX;

	c->calls++;
	assert_true(length_s > 0);
	for (uint32_t i = 0; i < c->seats_len; i++) {
		struct span w = span;
		for (uint32_t j = 0; j < c->seat[i].len; j++)
			if (span_overlaps(c->seat[i].span[j], w)) {
				w.from = c->seat[i].span[j].until;
				w.until.s = w.from.s + length_s;
			}
		if (w.from.s < best_s)
			best_s = w.from.s;
	}
	out->s = best_s;
	return best_s < horizon.s;
}

static inline bool desk_is_free(void *context, struct instant at, int32_t minutes)
{
	struct calendar *c = context;

	c->calls++;
	return busy_free(&c->desk, (struct span){at, {at.s + minutes * 60}});
}

static const struct next_date_supply supply = {&calendar, seat_from, desk_is_free};

/* ---- words for the tables ---- */

static inline int64_t wall(const char *text)
{
	int64_t s = 0;

	if (!wall_parse(&s, str_from(text)))
		fail_msg("%s", text);
	return s;
}

static inline struct instant at(const char *text)
{
	struct local l;

	(void)zone_instant(&l, &paris, wall(text));
	return local_instant(l);
}

static inline struct next_date_ask ask_for(int64_t minutes, const char *after)
{
	return (struct next_date_ask){
		.zone = &paris,
		.opening = &opening,
		.after = at(after),
		.horizon = {at(after).s + (int64_t)NEXT_DATE_HORIZON_DAYS * DAY_S},
		.minutes = minutes,
		.handover_minutes = 30,
		.return_minutes = 15,
		.at_desk = true,
		.count = 2,
	};
}

static inline int setup(void **state)
{
	static char bytes[65536];
	FILE *file = fopen("/usr/share/zoneinfo/Europe/Paris", "rb");
	size_t n;

	(void)state;
	if (!file)
		return -1;
	n = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return zone_read(&paris, STR("Europe/Paris"), (struct str){bytes, n}) ? 0 : -1;
}

/* Monday to Friday 08:30-12:30 and 14:00-18:30, Saturday 09:00-12:00; one seat, all free. */
static inline void reset(void)
{
	opening = (struct opening){0};
	for (int i = 0; i < 5; i++)
		opening.week[i] = (struct opening_day){2, {{510, 750}, {840, 1110}}};
	opening.week[5] = (struct opening_day){1, {{540, 720}}};
	calendar = (struct calendar){.seats_len = 1};
}
