/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_time.h"

#include <stdio.h>

enum { OFFSET_MAX = 36500, SEARCH_DAYS_MAX = 60000 };

/* Monday to Friday, no holiday, no hours of its own: what happens on it fits the ordinary hours. */
static bool is_ordinary(const struct opening *o, struct day d)
{
	if (day_weekday(d) > 5 || opening_is_holiday(o, d))
		return false;
	for (uint32_t i = 0; i < o->special_len; i++)
		if (o->special[i].day.n == d.n)
			return false;
	return o->week[day_weekday(d) - 1].len > 0;
}

static bool working_day(struct day *d, const struct opening *o, int32_t offset)
{
	int32_t step = offset < 0 ? -1 : 1;
	int searched = 0;

	while (!is_ordinary(o, *d) && searched++ < SEARCH_DAYS_MAX)
		d->n--;
	while (offset != 0 && searched++ < SEARCH_DAYS_MAX) {
		d->n += step;
		if (is_ordinary(o, *d))
			offset -= step;
	}
	return searched < SEARCH_DAYS_MAX && d->n >= 0;
}

/* J or W, a sign, digits; *n is how many bytes that took. */
static bool read_offset(struct str text, int32_t *offset, size_t *n)
{
	int32_t value = 0;

	if (text.n < 3 || (text.p[0] != 'J' && text.p[0] != 'W') ||
		(text.p[1] != '-' && text.p[1] != '+'))
		return false;
	for (*n = 2; *n < text.n && text.p[*n] >= '0' && text.p[*n] <= '9'; ++*n) {
		value = value * 10 + (text.p[*n] - '0');
		if (value > OFFSET_MAX)
			return false;
	}
	*offset = text.p[1] == '-' ? -value : value;
	return *n > 2;
}

struct str import_time_resolve(
	char buf[IMPORT_TIME_TEXT], struct str text, const struct import_day *day)
{
	static const char *const utc[] = {"", "Z"};
	struct day d;
	int32_t offset;
	size_t n;
	int minute = 0, length;

	if (!read_offset(text, &offset, &n))
		return text;
	d = day->zone ? local_day(zone_local(day->zone, day->now))
		      : (struct day){(int32_t)(day->now.s / 86400)};
	if (text.p[0] == 'J')
		d.n += offset;
	else if (!day->opening || !working_day(&d, day->opening, offset))
		return text;
	if (d.n < 0)
		return text;
	char date[DAY_TEXT];
	struct str printed = day_print(d, date);
	if (n == text.n) {
		length = snprintf(buf, IMPORT_TIME_TEXT, "%.*s", STR_FMT(printed));
		return (struct str){buf, (size_t)length};
	}
	if (text.p[n] != ' ' ||
		!minute_of_day_parse(&minute, (struct str){text.p + n + 1, text.n - n - 1}) ||
		minute >= 1440)
		return text;
	length = snprintf(buf, IMPORT_TIME_TEXT, "%.*sT%02d:%02d:00%s", STR_FMT(printed),
		minute / 60, minute % 60, utc[day->zone == NULL]);
	return (struct str){buf, (size_t)length};
}
