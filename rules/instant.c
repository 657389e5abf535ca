/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/instant.h"

enum { DAY_S = 86400, YEAR_MIN = 1970, YEAR_MAX = 9999 };

/* 9999-12-31T23:59:59Z. */
#define INSTANT_MAX_S INT64_C(253402300799)

/* ---- civil days ---- */

/* Division that rounds down, also before 1970. b > 0. */
static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool year_is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && year_is_leap(year));
}

/* Years counted from March put the leap day at the end, where it disturbs no month. */
static int64_t days_of(int64_t year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t m = month > 2 ? month - 3 : month + 9; /* 0 = March */
	int64_t leaps = floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400);

	/* 719468 days lie between 0000-03-01 and 1970-01-01. */
	return y * 365 + leaps + (m * 153 + 2) / 5 + day - 1 - 719468;
}

bool day_is_valid(int year, int month, int day)
{
	return year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1 &&
	       day <= month_days(year, month);
}

struct day day_from_civil(int year, int month, int day)
{
	ASSERT(day_is_valid(year, month, day));
	return (struct day){(int32_t)days_of(year, month, day)};
}

void day_to_civil(struct day d, int *year, int *month, int *day)
{
	/* Same calendar from March on, in eras of 400 years = 146097 days. */
	int64_t n = (int64_t)d.n + 719468;
	int64_t era = floor_div(n, 146097);
	int64_t of_era = n - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (y * 365 + y / 4 - y / 100);
	int64_t m = (of_year * 5 + 2) / 153;

	*day = (int)(of_year - (m * 153 + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

int day_weekday(struct day d)
{
	/* 1970-01-01 was a Thursday. */
	int64_t n = (int64_t)d.n + 3;

	return (int)(n - floor_div(n, 7) * 7) + 1;
}

struct day day_add_months(struct day d, int months)
{
	int year, month, day, last;
	int64_t count;

	day_to_civil(d, &year, &month, &day);
	/* Months since year 0; the result may lie past 9999, where nothing is printed or parsed. */
	count = (int64_t)year * 12 + month - 1 + months;
	month = (int)(count - floor_div(count, 12) * 12) + 1;
	last = month_days(floor_div(count, 12), month);
	return (struct day){(int32_t)days_of(floor_div(count, 12), month, day < last ? day : last)};
}

/* 29 February compares as later than 28 February, so the year is full on 1 March (S7). */
int day_full_years(struct day since, struct day on)
{
	int y1, m1, d1, y2, m2, d2;

	day_to_civil(since, &y1, &m1, &d1);
	day_to_civil(on, &y2, &m2, &d2);
	return y2 - y1 - (m2 < m1 || (m2 == m1 && d2 < d1));
}

struct day local_day(struct local l)
{
	return (struct day){(int32_t)floor_div(l.wall_s, DAY_S)};
}

bool instant_is_good(struct instant t)
{
	return t.s >= 0 && t.s <= INSTANT_MAX_S;
}

/* ---- parsing ---- */

/* Takes exactly `digits` digits off the front. */
static bool take_number(struct str *rest, int digits, int *out)
{
	int v = 0;

	if (rest->n < (size_t)digits)
		return false;
	for (int i = 0; i < digits; i++) {
		if (rest->p[i] < '0' || rest->p[i] > '9')
			return false;
		v = v * 10 + (rest->p[i] - '0');
	}
	rest->p += digits;
	rest->n -= (size_t)digits;
	*out = v;
	return true;
}

static bool take_char(struct str *rest, char c)
{
	if (rest->n == 0 || rest->p[0] != c)
		return false;
	rest->p++;
	rest->n--;
	return true;
}

static bool take_day(struct str *rest, struct day *out)
{
	int year, month, day;

	if (!take_number(rest, 4, &year) || !take_char(rest, '-') ||
		!take_number(rest, 2, &month) || !take_char(rest, '-') ||
		!take_number(rest, 2, &day))
		return false;
	if (!day_is_valid(year, month, day))
		return false;
	*out = day_from_civil(year, month, day);
	return true;
}

/* HH:MM with hours up to 23. */
static bool take_minutes(struct str *rest, int *out)
{
	int hour, minute;

	if (!take_number(rest, 2, &hour) || !take_char(rest, ':') || !take_number(rest, 2, &minute))
		return false;
	*out = hour * 60 + minute;
	return hour <= 23 && minute <= 59;
}

/* :SS. A leap second is refused: POSIX time, and so every sum of ours, has no place for it. */
static bool take_seconds(struct str *rest, int *out)
{
	return take_char(rest, ':') && take_number(rest, 2, out) && *out <= 59;
}

bool day_parse(struct day *out, struct str text)
{
	return take_day(&text, out) && text.n == 0;
}

bool minute_of_day_parse(int *out, struct str text)
{
	if (str_is(text, "24:00")) {
		*out = 1440;
		return true;
	}
	return take_minutes(&text, out) && text.n == 0;
}

/* Z or +-HH:MM. */
static bool take_offset(struct str *rest, int32_t *offset_s)
{
	bool west;
	int minutes;

	*offset_s = 0;
	if (take_char(rest, 'Z'))
		return true;
	west = take_char(rest, '-');
	if ((!west && !take_char(rest, '+')) || !take_minutes(rest, &minutes))
		return false;
	*offset_s = (west ? -minutes : minutes) * 60;
	return true;
}

bool instant_parse(struct local *out, struct str text)
{
	struct day day;
	int minutes, seconds, digit;
	struct local l;

	if (!take_day(&text, &day) || !take_char(&text, 'T') || !take_minutes(&text, &minutes) ||
		!take_seconds(&text, &seconds))
		return false;
	if (take_char(&text, '.')) {
		if (!take_number(&text, 1, &digit))
			return false;
		while (take_number(&text, 1, &digit))
			;
	}
	if (!take_offset(&text, &l.offset_s) || text.n != 0)
		return false;
	l.wall_s = (int64_t)day.n * DAY_S + minutes * 60 + seconds;
	/* The reading is within the years, but its instant may be just outside. */
	if (!instant_is_good(local_instant(l)))
		return false;
	*out = l;
	return true;
}

bool wall_parse(int64_t *wall_s, struct str text)
{
	struct day day;
	int minutes, seconds = 0;

	if (!take_day(&text, &day) || !take_char(&text, 'T') || !take_minutes(&text, &minutes))
		return false;
	if (text.n != 0 && !take_seconds(&text, &seconds))
		return false;
	*wall_s = (int64_t)day.n * DAY_S + minutes * 60 + seconds;
	return text.n == 0;
}

/* ---- printing ---- */

/* With leading zeros; answers where the next character goes. */
static char *put_number(char *p, int v, int digits)
{
	for (int i = digits; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	return p + digits;
}

/* YYYY-MM-DD. A day outside the years 0 to 9999 prints as the nearest one inside, so that whatever
 * a sum of days led to, the text has its length. */
static char *put_day(char *p, struct day d)
{
	int year, month, day;
	int64_t first = days_of(0, 1, 1), last = days_of(YEAR_MAX, 12, 31);

	if (d.n < first)
		d.n = (int32_t)first;
	if (d.n > last)
		d.n = (int32_t)last;
	day_to_civil(d, &year, &month, &day);
	p = put_number(p, year, 4);
	*p++ = '-';
	p = put_number(p, month, 2);
	*p++ = '-';
	return put_number(p, day, 2);
}

/* YYYY-MM-DDTHH:MM:SS */
static char *put_wall(char *p, int64_t wall_s)
{
	int64_t day = floor_div(wall_s, DAY_S);
	int of_day = (int)(wall_s - day * DAY_S);

	p = put_day(p, (struct day){(int32_t)day});
	*p++ = 'T';
	p = put_number(p, of_day / 3600, 2);
	*p++ = ':';
	p = put_number(p, of_day / 60 % 60, 2);
	*p++ = ':';
	return put_number(p, of_day % 60, 2);
}

struct str day_print(struct day d, char buf[DAY_TEXT])
{
	char *end = put_day(buf, d);

	*end = '\0';
	return (struct str){buf, (size_t)(end - buf)};
}

struct str instant_print_utc(struct instant t, char buf[INSTANT_TEXT])
{
	char *end = put_wall(buf, t.s);

	*end++ = 'Z';
	*end = '\0';
	return (struct str){buf, (size_t)(end - buf)};
}

struct str local_print(struct local l, char buf[INSTANT_TEXT])
{
	/* RFC 3339 knows offsets of whole minutes only: the seconds of an old local mean time leave
	 * the offset and the reading alike, so that the text still names the same instant. */
	int64_t offset_min = floor_div(l.offset_s, 60);
	int minutes = (int)(offset_min < 0 ? -offset_min : offset_min);
	char *end = put_wall(buf, local_instant(l).s + offset_min * 60);

	*end++ = offset_min < 0 ? '-' : '+';
	end = put_number(end, minutes / 60 % 100, 2);
	*end++ = ':';
	end = put_number(end, minutes % 60, 2);
	*end = '\0';
	return (struct str){buf, (size_t)(end - buf)};
}
