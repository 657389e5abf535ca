/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/query.h"

#include <stdio.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool is_utf8(const char *p, size_t n)
{
	for (size_t at = 0; at < n;) {
		size_t len = json_utf8_len(p + at, n - at);
		if (!len || p[at] == '\0')
			return false;
		at += len;
	}
	return true;
}

struct str query_decode(struct arena *a, struct str raw)
{
	char *out = arena_alloc(a, raw.n + 1);
	if (!out)
		return STR_NULL;
	size_t n = 0;
	for (size_t i = 0; i < raw.n; i++) {
		char c = raw.p[i];
		if (c == '%') {
			int high = i + 2 < raw.n ? hex_digit(raw.p[i + 1]) : -1;
			int low = high >= 0 ? hex_digit(raw.p[i + 2]) : -1;
			if (low < 0)
				return STR_NULL;
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		out[n++] = c;
	}
	return is_utf8(out, n) ? (struct str){out, n} : STR_NULL;
}

bool text_is_id(struct str s)
{
	if (!s.n || s.n > ID_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			    (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
		if (!good)
			return false;
	}
	return true;
}

static bool is_plain_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return s.n <= QUERY_TEXT_MAX;
}

/* At most 15 digits and a sign: always within int64. */
static bool int_parse(int64_t *out, struct str s)
{
	bool minus = s.n && s.p[0] == '-';
	size_t i = minus ? 1 : 0;
	if (i == s.n || s.n - i > 15)
		return false;
	int64_t v = 0;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*out = minus ? -v : v;
	return true;
}

static bool month_parse(struct day *first, struct str s)
{
	char text[DAY_TEXT];
	int n = snprintf(text, sizeof text, "%.*s-01", STR_FMT(s));

	return n == DAY_TEXT - 1 && day_parse(first, (struct str){text, DAY_TEXT - 1});
}

static struct str choices(struct arena *a, const char *const *values)
{
	struct str list = STR_NULL;
	for (; *values; values++)
		list = list.n ? arena_printf(a, "%.*s, %s", STR_FMT(list), *values)
			      : arena_printf(a, "%s", *values);
	return list;
}

/* A sentence about the value, or STR_NULL when it is good. Times wait for the site's zone. */
static struct str value_why(struct arena *a, const struct query_field *f, struct str value)
{
	int64_t n = 0;
	struct day day;
	switch (f->type) {
	case QUERY_ID:
		if (text_is_id(value))
			return STR_NULL;
		return arena_printf(
			a, "\"%s\" must be 1 to %d of A-Z a-z 0-9 . _ -", f->name, ID_MAX);
	case QUERY_TEXT:
	case QUERY_INSTANT:
		if (is_plain_text(value))
			return STR_NULL;
		return arena_printf(a, "\"%s\" is too long or holds control characters", f->name);
	case QUERY_INT:
		if (int_parse(&n, value) && n >= f->min && n <= f->max)
			return STR_NULL;
		return arena_printf(a, "\"%s\" must be a whole number from %lld to %lld", f->name,
			(long long)f->min, (long long)f->max);
	case QUERY_MONTH:
		if (month_parse(&day, value))
			return STR_NULL;
		return arena_printf(a, "\"%s\" must be a month such as 2026-03", f->name);
	case QUERY_DAY:
		if (day_parse(&day, value) && day.n >= 0)
			return STR_NULL;
		return arena_printf(a, "\"%s\" must be a date such as 2026-03-16", f->name);
	case QUERY_CHOICE:
		for (const char *const *v = f->values; *v; v++)
			if (str_is(value, *v))
				return STR_NULL;
		return arena_printf(
			a, "\"%s\" must be one of %.*s", f->name, STR_FMT(choices(a, f->values)));
	}
	ASSERT(false);
	return STR_NULL;
}

static int field_index(const struct query_field *fields, struct str name)
{
	for (int i = 0; fields && fields[i].name; i++)
		if (str_is(name, fields[i].name))
			return i;
	return -1;
}

/* One "name=value". */
static bool pair_read(struct query *out, struct arena *a, struct str pair, struct str *why)
{
	const char *equals = memchr(pair.p, '=', pair.n);
	size_t name_n = equals ? (size_t)(equals - pair.p) : pair.n;
	struct str name = query_decode(a, (struct str){pair.p, name_n});
	struct str value =
		equals ? query_decode(a, (struct str){equals + 1, pair.n - name_n - 1}) : STR("");
	if (!name.p || !value.p) {
		*why = STR("the query string has a broken % escape or is not UTF-8");
		return false;
	}
	int i = field_index(out->fields, name);
	if (i < 0) {
		size_t shown = name.n < 60 ? name.n : 60;
		*why = arena_printf(
			a, "\"%.*s\" is not a parameter of this address", (int)shown, name.p);
		return false;
	}
	if (out->value[i].p) {
		*why = arena_printf(a, "\"%s\" is given twice", out->fields[i].name);
		return false;
	}
	if (!value.n)
		return true;
	*why = value_why(a, &out->fields[i], value);
	out->value[i] = value;
	return !why->p;
}

bool query_read(struct query *out, struct arena *a, struct str raw,
	const struct query_field *fields, struct str *why)
{
	*out = (struct query){.fields = fields};
	size_t pairs = 0;
	for (size_t at = 0; at < raw.n;) {
		const char *end = memchr(raw.p + at, '&', raw.n - at);
		size_t n = end ? (size_t)(end - raw.p) - at : raw.n - at;
		if (++pairs > QUERY_PAIRS_MAX) {
			*why = STR("the query string has too many parameters");
			return false;
		}
		if (n && !pair_read(out, a, (struct str){raw.p + at, n}, why))
			return false;
		at += n + 1;
	}
	for (int i = 0; fields && fields[i].name; i++) {
		ASSERT(i < QUERY_FIELDS_MAX);
		if (fields[i].required && !out->value[i].p) {
			*why = arena_printf(a, "\"%s\" is required", fields[i].name);
			return false;
		}
	}
	return true;
}

struct str query_text(const struct query *q, const char *name)
{
	int i = field_index(q->fields, str_from(name));
	ASSERT(i >= 0);
	return q->value[i];
}

int64_t query_int(const struct query *q, const char *name, int64_t otherwise)
{
	struct str s = query_text(q, name);
	int64_t v = otherwise;
	bool good = !s.p || int_parse(&v, s);
	ASSERT(good); /* query_read let it pass */
	return v;
}

struct day query_month(const struct query *q, const char *name)
{
	struct day first = {0};
	ASSERT(month_parse(&first, query_text(q, name))); /* query_read let it pass */
	return first;
}

struct day query_day(const struct query *q, const char *name)
{
	struct day day = {0};
	ASSERT(day_parse(&day, query_text(q, name))); /* as above */
	return day;
}

/* A date alone is its local midnight. False: the text is no wall reading. */
static bool wall_read(int64_t *wall_s, struct str text)
{
	struct day day;
	if (!day_parse(&day, text))
		return wall_parse(wall_s, text);
	*wall_s = (int64_t)day.n * 86400;
	return true;
}

bool query_instant(const struct query *q, const char *name, const struct zone *zone,
	struct instant *out, struct faults *faults)
{
	struct str text = query_text(q, name);
	if (!text.p)
		return false;
	/* A plus sign left bare in an address arrives as a blank: 10:00:00+01:00 was meant. */
	char copy[INSTANT_TEXT + 16];
	char pointer[64];
	snprintf(pointer, sizeof pointer, "/%s", name);
	struct str fixed = text;
	if (text.n > 6 && text.n < sizeof copy && text.p[text.n - 6] == ' ') {
		memcpy(copy, text.p, text.n);
		copy[text.n - 6] = '+';
		fixed = (struct str){copy, text.n};
	}
	struct local local;
	int64_t wall_s = 0;
	if (instant_parse(&local, fixed)) {
		*out = local_instant(local);
		return true;
	}
	if (!zone || !wall_read(&wall_s, text)) {
		faults_add(faults, pointer, "must be a time such as 2026-03-02T08:30:00+01:00");
		return false;
	}
	switch (zone_instant(&local, zone, wall_s)) {
	case ZONE_NEVER:
		faults_add(faults, pointer, "this local time does not exist in %s", zone->name);
		return false;
	case ZONE_TWICE:
		faults_add(faults, pointer, "this local time exists twice in %s: give the offset",
			zone->name);
		return false;
	case ZONE_ONCE: break;
	}
	*out = local_instant(local);
	if (instant_is_good(*out))
		return true;
	faults_add(faults, pointer, "must lie in the years 1970 to 9999");
	return false;
}
