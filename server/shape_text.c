/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/shape_text.h"

#include <stdio.h>

#include "fleet/seal.h"
#include "rules/decision.h"
#include "rules/vin.h"

enum { WORD_BYTES_MAX = 40, LINE_BYTES_MAX = 200, TEXT_BYTES_MAX = 2000, OTHER_BYTES_MAX = 64 };

/*
 * Formats look at bytes: what is let through here may become a key of the store, a member of
 * canonical JSON, a line of a letter. A sentence never quotes the text, which may be a person's.
 */

static struct str wrong(char why[SHAPE_WHY_MAX], const char *sentence)
{
	snprintf(why, SHAPE_WHY_MAX, "%s", sentence);
	return STR_NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}
static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}
static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* ---- words ---- */

/* What stands in addresses and in the store's keys (ID_MAX): no escaping anywhere. */
static bool is_id(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (!is_digit(c) && !is_small(c) && !is_capital(c) && c != '.' && c != '_' &&
			c != '-')
			return false;
	}
	return text.n >= 1 && text.n <= WORD_BYTES_MAX;
}

/* Small letters only: a slug becomes a key of canonical JSON, and "SUV" beside "suv" would be two.
 */
static bool is_slug(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!is_digit(text.p[i]) && !is_small(text.p[i]) && text.p[i] != '_')
			return false;
	return text.n >= 1 && text.n <= WORD_BYTES_MAX;
}

static bool is_currency(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!is_capital(text.p[i]))
			return false;
	return text.n == 3;
}

/* A language of two or three small letters, then subtags of 2 to 8 letters and digits (BCP 47). */
static bool is_language(struct str text)
{
	size_t at = 0, subtag;

	while (at < text.n && is_small(text.p[at]))
		at++;
	if (at < 2 || at > 3 || text.n > WORD_BYTES_MAX)
		return false;
	while (at < text.n) {
		if (text.p[at++] != '-')
			return false;
		for (subtag = 0; at < text.n && text.p[at] != '-'; subtag++, at++)
			if (!is_digit(text.p[at]) && !is_small(text.p[at]) &&
				!is_capital(text.p[at]))
				return false;
		if (subtag < 2 || subtag > 8)
			return false;
	}
	return true;
}

/* Control characters (C0, DEL, C1) have no place in what is printed and read aloud. */
static bool is_printable(struct str text, bool lines)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		unsigned char next = i + 1 < text.n ? (unsigned char)text.p[i + 1] : 0;
		if (c < 0x20 && !(lines && (c == '\n' || c == '\t')))
			return false;
		if (c == 0x7f || (c == 0xc2 && next >= 0x80 && next <= 0x9f))
			return false;
	}
	return true;
}

/* ---- what the house writes in a form of its own ---- */

/* A reading without offset is the site's clock; what that clock never or twice shows is refused. */
static bool instant_of_wall(
	struct instant *out, int64_t wall_s, const struct zone *zone, char why[SHAPE_WHY_MAX])
{
	struct local local;

	if (!zone) {
		wrong(why, "must carry an offset (Z or +01:00): no site says which clock is meant");
		return false;
	}
	switch (zone_instant(&local, zone, wall_s)) {
	case ZONE_ONCE: *out = local_instant(local); return true;
	case ZONE_NEVER:
		snprintf(why, SHAPE_WHY_MAX,
			"this local time does not exist in %s: clocks go forward", zone->name);
		return false;
	case ZONE_TWICE:
		snprintf(why, SHAPE_WHY_MAX, "this local time exists twice in %s: give an offset",
			zone->name);
		return false;
	}
	return false;
}

bool shape_instant(struct instant *out, struct str text, const struct shape_context *context,
	char why[SHAPE_WHY_MAX])
{
	struct local local;
	int64_t wall_s;

	if (instant_parse(&local, text)) {
		*out = local_instant(local);
	} else if (wall_parse(&wall_s, text)) {
		if (!instant_of_wall(out, wall_s, context->zone, why))
			return false;
	} else {
		wrong(why, "must be a time such as 2026-03-16T08:30:00+01:00 (RFC 3339)");
		return false;
	}
	if (instant_is_good(*out))
		return true;
	wrong(why, "must lie in the years 1970 to 9999");
	return false;
}

/* Kept in UTC: the same moment has one spelling, so equal requests have equal bytes. */
static struct str keep_instant(
	struct shape_text *room, struct str text, const struct shape_context *context)
{
	_Static_assert(sizeof(room->kept) >= INSTANT_TEXT, "an instant fits");
	struct instant t;

	if (!shape_instant(&t, text, context, room->why))
		return STR_NULL;
	return instant_print_utc(t, room->kept);
}

static struct str keep_vin(struct shape_text *room, struct str text)
{
	_Static_assert(sizeof(room->kept) >= VIN_TEXT, "a VIN fits");

	/* The check digit is a matter of the market, which a shape does not know. */
	switch (vin_check(room->kept, text, false)) {
	case VIN_GOOD: return str_from(room->kept);
	case VIN_LENGTH: return wrong(room->why, "must be a VIN of 17 characters");
	case VIN_CHARSET:
		return wrong(room->why, "must be a VIN: digits and capitals without I, O, Q");
	case VIN_CHECK_DIGIT: return wrong(room->why, "must be a VIN: its check digit is wrong");
	}
	return STR_NULL;
}

/* The name is checked before anybody opens a file of that name. */
static bool is_zone(struct str text, const struct shape_context *context)
{
	if (!zone_name_is_safe(text) || text.n >= ZONE_NAME_MAX)
		return false;
	return !context->zone_known || context->zone_known(context->context, text);
}

struct str shape_text_keep(struct shape_text *room, enum shape_format format, struct str text,
	const struct shape_context *context)
{
	const char *fault = NULL;
	struct day day;
	struct hash hash;
	int minute;

	switch (format) {
	case FORMAT_INSTANT: return keep_instant(room, text, context);
	case FORMAT_VIN: return keep_vin(room, text);
	case FORMAT_NONE:
		fault = is_printable(text, false) ? NULL : "must not hold control characters";
		break;
	case FORMAT_TEXT:
		fault = is_printable(text, true)
				? NULL
				: "must not hold control characters but newline and tab";
		break;
	case FORMAT_ID: fault = is_id(text) ? NULL : "must be 1 to 40 of A-Z a-z 0-9 . _ -"; break;
	case FORMAT_SLUG: fault = is_slug(text) ? NULL : "must be 1 to 40 of a-z 0-9 _"; break;
	case FORMAT_SHA256:
		fault = hash_parse(&hash, text) ? NULL : "must be a SHA-256: 64 of 0-9 a-f";
		break;
	case FORMAT_ZONE:
		fault = is_zone(text, context) ? NULL
					       : "must be a known time zone such as Europe/Paris";
		break;
	case FORMAT_DATE: fault = day_parse(&day, text) ? NULL : "must be a date YYYY-MM-DD"; break;
	case FORMAT_PERSON_DATE:
		fault = person_day_parse(&day, text) ? NULL : "must be a date YYYY-MM-DD";
		break;
	case FORMAT_MINUTE:
		fault = minute_of_day_parse(&minute, text) ? NULL : "must be a time of day HH:MM";
		break;
	case FORMAT_CURRENCY:
		fault = is_currency(text) ? NULL
					  : "must be a currency of three capitals (ISO 4217)";
		break;
	case FORMAT_LANGUAGE:
		fault = is_language(text) ? NULL
					  : "must be a language such as fr or fr-FR (BCP 47)";
		break;
	}
	return fault ? wrong(room->why, fault) : text;
}

/* Formats with a grammar of their own only need a bound that keeps hostile text short. */
void shape_text_bounds(enum shape_format format, int64_t *min, int64_t *max)
{
	*min = 1;
	switch (format) {
	case FORMAT_NONE: *max = LINE_BYTES_MAX; break;
	case FORMAT_TEXT: *max = TEXT_BYTES_MAX; break;
	case FORMAT_ID:
	case FORMAT_SLUG: *max = WORD_BYTES_MAX; break;
	case FORMAT_VIN:
	case FORMAT_ZONE:
	case FORMAT_DATE:
	case FORMAT_PERSON_DATE:
	case FORMAT_SHA256:
	case FORMAT_MINUTE:
	case FORMAT_INSTANT:
	case FORMAT_CURRENCY:
	case FORMAT_LANGUAGE: *max = OTHER_BYTES_MAX; break;
	}
}

struct shape_text_schema shape_text_schema(enum shape_format format)
{
	static const struct shape_text_schema schemas[] = {
		[FORMAT_NONE] = {NULL, NULL, NULL},
		[FORMAT_ID] = {"^[A-Za-z0-9._-]{1,40}$", NULL, NULL},
		[FORMAT_SLUG] = {"^[a-z0-9_]{1,40}$", NULL, NULL},
		[FORMAT_VIN] = {NULL, NULL,
			"17 characters (ISO 3779); blanks and case are ignored"},
		[FORMAT_ZONE] = {"^[A-Za-z0-9+_/-]+$", NULL, "an IANA time zone"},
		[FORMAT_DATE] = {NULL, "date", NULL},
		[FORMAT_PERSON_DATE] = {NULL, "date", "from 1800 on"},
		[FORMAT_MINUTE] = {"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", NULL, "HH:MM"},
		[FORMAT_INSTANT] = {"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}"
				    "(:[0-9]{2}((\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?$",
			NULL, "RFC 3339 with offset, or a local time of the site without one"},
		[FORMAT_CURRENCY] = {"^[A-Z]{3}$", NULL, "ISO 4217"},
		[FORMAT_LANGUAGE] = {"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", NULL, "BCP 47"},
		[FORMAT_SHA256] = {"^[0-9a-f]{64}$", NULL, NULL},
		[FORMAT_TEXT] = {NULL, NULL, NULL},
	};

	return schemas[format];
}
