/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_time.h"

#include <stdio.h>
#include <string.h>

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

/* ---- a date of a table ---- */

enum date_order date_order_of(struct str locale)
{
	/* Who writes the month first (CLDR, dateFormats short); the language alone does not say. */
	static const char *const month_first[] = {
		"en-US", "en-PH", "en-PR", "es-US", "es-PR", "es-PA"};

	for (size_t i = 0; i < ARRAY_LEN(month_first); i++)
		if (str_is(locale, month_first[i]))
			return DATE_MONTH_FIRST;
	return locale.n ? DATE_DAY_FIRST : DATE_ORDER_UNKNOWN;
}

/* Digits at *at, which moves past them; 0: there are none, or more than four. */
static int take_digits(struct str text, size_t *at, int *value)
{
	int n = 0;

	*value = 0;
	for (; *at < text.n && text.p[*at] >= '0' && text.p[*at] <= '9' && n <= 4; ++*at, n++)
		*value = *value * 10 + (text.p[*at] - '0');
	return n > 4 ? 0 : n;
}

/* Three numbers with one mark between them; *n is how many bytes that took. */
static bool read_date(struct str text, enum date_order order, int ymd[3], size_t *n)
{
	int number[3], digits[3];
	char mark = '\0';

	*n = 0;
	for (int i = 0; i < 3; i++) {
		if (i > 0 && (*n >= text.n || !strchr("/.-", text.p[*n]) || text.p[*n] == '\0'))
			return false;
		if (i == 1)
			mark = text.p[*n];
		if (i == 2 && text.p[*n] != mark)
			return false;
		*n += i > 0;
		digits[i] = take_digits(text, n, &number[i]);
	}
	if (digits[0] == 4 && digits[1] > 0 && digits[1] <= 2 && digits[2] > 0 && digits[2] <= 2) {
		memcpy(ymd, number, sizeof number);
		return true;
	}
	/* Two digits of a year would have to be guessed. */
	if (order == DATE_ORDER_UNKNOWN || digits[2] != 4 || digits[0] < 1 || digits[0] > 2 ||
		digits[1] < 1 || digits[1] > 2)
		return false;
	ymd[0] = number[2];
	ymd[1] = number[order == DATE_DAY_FIRST];
	ymd[2] = number[order == DATE_MONTH_FIRST];
	return true;
}

/* HH:MM or HH:MM:SS, H:MM too. */
static bool read_clock(struct str text, int hms[3])
{
	size_t at = 0;
	int digits;

	hms[2] = 0;
	for (int i = 0; i < 3; i++) {
		digits = take_digits(text, &at, &hms[i]);
		if (digits < (i == 0 ? 1 : 2) || digits > 2 || hms[i] > (i == 0 ? 23 : 59))
			return false;
		if (at == text.n)
			return i > 0;
		if (text.p[at++] != ':')
			return false;
	}
	return false;
}

/* STR_NULL where the text is no such date. Whether there is such a day, its shape says. */
static struct str table_date(char buf[IMPORT_TIME_TEXT], struct str text, enum date_order order)
{
	int ymd[3], hms[3], length;
	size_t n;

	if (!read_date(text, order, ymd, &n) || ymd[1] > 99 || ymd[2] > 99)
		return STR_NULL;
	length = snprintf(buf, IMPORT_TIME_TEXT, "%04d-%02d-%02d", ymd[0], ymd[1], ymd[2]);
	if (n == text.n)
		return (struct str){buf, (size_t)length};
	if ((text.p[n] != ' ' && text.p[n] != 'T') ||
		!read_clock((struct str){text.p + n + 1, text.n - n - 1}, hms))
		return STR_NULL;
	length = snprintf(buf, IMPORT_TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", ymd[0], ymd[1],
		ymd[2], hms[0], hms[1], hms[2]);
	return (struct str){buf, (size_t)length};
}

struct str import_time_resolve(
	char buf[IMPORT_TIME_TEXT], struct str text, const struct import_day *day)
{
	static const char *const utc[] = {"", "Z"};
	struct day d;
	int32_t offset;
	size_t n;
	int minute = 0, length;

	struct str date = table_date(buf, text, day->order);

	if (date.p)
		return date;
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
	char printed_day[DAY_TEXT];
	struct str printed = day_print(d, printed_day);
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
