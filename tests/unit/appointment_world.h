/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A house with three advisors in Paris, and a calendar to ask: what the tests of appointments look
 * at. */

#include "rules/appointment.h"

#include "tests/lib/check.h"

enum { DAY_S = 86400, ADVISORS = 3, BUSY_MAX = 400, DAYS = 400 };

static struct zone paris; /* too large for the stack of a test */
static struct opening doors;
static struct appointment_rules house;

/* ---- a calendar to ask ---- */

static struct {
	uint32_t len;
	struct {
		uint32_t advisor;
		struct span span;
		bool customer;
	} busy[BUSY_MAX];
	struct day first;
	int32_t load[DAYS];
} book;

static struct instant at(const char *text)
{
	struct local l;

	if (!instant_parse(&l, str_from(text)))
		fail_msg("%s", text);
	return local_instant(l);
}

static struct day day_of(const char *text)
{
	struct day d = {0};

	assert_true(day_parse(&d, str_from(text)));
	return d;
}

static bool is_free(void *context, uint32_t advisor, struct instant from, int32_t minutes)
{
	struct span span = {from, {from.s + minutes * 60}};

	(void)context;
	for (uint32_t i = 0; i < book.len; i++)
		if (book.busy[i].advisor == advisor && span_overlaps(book.busy[i].span, span))
			return false;
	return true;
}

static uint32_t customers(void *context, uint32_t advisor, struct day day)
{
	uint32_t n = 0;

	(void)context;
	for (uint32_t i = 0; i < book.len; i++)
		n += book.busy[i].customer && book.busy[i].advisor == advisor &&
		     local_day(zone_local(&paris, book.busy[i].span.from)).n == day.n;
	return n;
}

static int32_t load(void *context, struct day day)
{
	(void)context;
	return day.n >= book.first.n && day.n < book.first.n + DAYS
		       ? book.load[day.n - book.first.n]
		       : 0;
}

static void take(uint32_t advisor, struct instant from, int32_t minutes, bool customer)
{
	assert_true(book.len < BUSY_MAX);
	book.busy[book.len].advisor = advisor;
	book.busy[book.len].span = (struct span){from, {from.s + minutes * 60}};
	book.busy[book.len++].customer = customer;
}

static const struct appointment_supply supply = {NULL, is_free, customers, load};

/* Monday to Friday 08:00-18:30, Saturday 09:00-12:00; Easter Monday and 1 May are holidays, Sunday
 * 29 March is open round the clock that has only 23 hours. */
static int house_opens(void **state)
{
	(void)state;
	memset(&book, 0, sizeof book);
	book.first = day_of("2026-03-01");
	doors = (struct opening){.special_len = 1, .holidays_len = 2};
	for (int i = 0; i < 5; i++)
		doors.week[i] = (struct opening_day){1, {{480, 1110}}};
	doors.week[5] = (struct opening_day){1, {{540, 720}}};
	doors.holiday[0] = day_of("2026-04-06");
	doors.holiday[1] = day_of("2026-05-01");
	doors.special[0].day = day_of("2026-03-29");
	doors.special[0].hours = (struct opening_day){1, {{0, 1440}}};
	house = (struct appointment_rules){
		.reception_minutes = 15,
		.hand_back_minutes = 15,
		.customers_max = 8,
		.reserved_len = 1,
		.reserved = {{0x1f, 660, 720}}, /* 11:00-12:00 */
		.peak_len = 1,
		.peak = {{0x1f, 480, 540}}, /* 08:00-09:00 */
		.templates_len = 2,
		.templates = {{480, 2, {570, 630}}, {240, 2, {900, 930}}},
	};
	return 0;
}

static int read_zone(void **state)
{
	static char bytes[8192];
	FILE *f = fopen("/usr/share/zoneinfo/Europe/Paris", "rb");
	size_t n;

	(void)state;
	if (!f)
		return -1;
	n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	return zone_read(&paris, STR("Europe/Paris"), (struct str){bytes, n}) ? 0 : -1;
}
