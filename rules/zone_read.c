/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/zone.h"

/*
 * TZif (RFC 8536): a header and a block of 32-bit times, then from version 2 on a header and a
 * block of 64-bit times and a footer with a POSIX TZ string. Nothing is believed: every count is
 * held against the bytes that are there before it is used.
 */

/* 2100-01-01T00:00:00Z: until then the rule is worked out once, when the zone is read. */
#define EXPAND_UNTIL_S INT64_C(4102444800)
/* Before the big bang, as RFC 8536 section 3.2 has it: no transition is earlier. */
#define TRANSITION_FIRST_S (-(INT64_C(1) << 59))

enum { HEADER_LEN = 44, TYPE_LEN = 6, OFFSET_MAX_S = 26 * 3600 - 1, RULE_HOURS_MAX = 167 };

struct header {
	char version;
	uint32_t utc_len, std_len, leap_len, time_len, type_len, char_len;
};

static bool name_char_is_safe(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '+' || c == '-' || c == '_' || c == '/';
}

bool zone_name_is_safe(struct str name)
{
	if (name.n == 0 || name.n >= ZONE_NAME_MAX || name.p[0] == '/' || name.p[name.n - 1] == '/')
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!name_char_is_safe(name.p[i]) || (name.p[i] == '/' && name.p[i + 1] == '/'))
			return false;
	return true;
}

/* ---- bytes ---- */

/* The file is read by taking pieces off its front: what was taken was there.
 * Takes n bytes off the front; NULL when there are fewer. */
static const unsigned char *take(struct str *rest, size_t n)
{
	const unsigned char *p = (const unsigned char *)rest->p;

	if (rest->n < n)
		return NULL;
	rest->p += n;
	rest->n -= n;
	return p;
}

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Big-endian two's complement of 4 or 8 bytes. */
static int64_t be_time(const unsigned char *p, size_t size)
{
	if (size == 4)
		return (int32_t)be32(p);
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static bool header_take(struct str *rest, struct header *out)
{
	const unsigned char *p = take(rest, HEADER_LEN); /* RFC 8536 section 3.1 */

	if (!p || memcmp(p, "TZif", 4) != 0)
		return false;
	*out = (struct header){
		.version = (char)p[4],
		.utc_len = be32(p + 20),
		.std_len = be32(p + 24),
		.leap_len = be32(p + 28),
		.time_len = be32(p + 32),
		.type_len = be32(p + 36),
		.char_len = be32(p + 40),
	};
	return out->version == '\0' || (out->version >= '2' && out->version <= '4');
}

/* Bytes of the 32-bit block behind a header; 32-bit counts cannot overflow the sum. */
static uint64_t block_len(const struct header *h)
{
	return (uint64_t)h->time_len * 5 + (uint64_t)h->type_len * TYPE_LEN + h->char_len +
	       (uint64_t)h->leap_len * 8 + h->std_len + h->utc_len;
}

/* None that a sum with an offset or a count of days could not hold. */
static bool transition_is_bearable(int64_t s)
{
	return s < 0 ? s >= TRANSITION_FIRST_S : instant_is_good((struct instant){s});
}

/* Zones with leap seconds ("right/...") count other seconds than POSIX does: refused. */
static bool block_read(struct zone *out, struct str *rest, const struct header *h, size_t time_size)
{
	const unsigned char *times, *kinds, *types;

	if (h->time_len > ZONE_TRANSITIONS_MAX || h->type_len == 0 ||
		h->type_len > ZONE_TYPES_MAX || h->char_len == 0 || h->leap_len != 0)
		return false;
	if ((h->utc_len && h->utc_len != h->type_len) || (h->std_len && h->std_len != h->type_len))
		return false;
	/* The counts are small now, the products cannot overflow; take() looks at the bytes. */
	times = take(rest, (size_t)h->time_len * time_size);
	kinds = take(rest, h->time_len);
	types = take(rest, (size_t)h->type_len * TYPE_LEN);
	if (!times || !kinds || !types || !take(rest, h->char_len) ||
		!take(rest, (size_t)h->std_len + h->utc_len))
		return false;
	out->transitions_len = h->time_len;
	for (uint32_t i = 0; i < h->time_len; i++) {
		out->transition_s[i] = be_time(times + i * time_size, time_size);
		out->transition_type[i] = kinds[i];
		if (kinds[i] >= h->type_len || !transition_is_bearable(out->transition_s[i]))
			return false;
		/* The search among them is binary: ascending, each instant once. */
		if (i && out->transition_s[i] <= out->transition_s[i - 1])
			return false;
	}
	for (uint32_t i = 0; i < h->type_len; i++) {
		const unsigned char *type = types + i * TYPE_LEN;
		int64_t offset_s = be_time(type, 4);
		if (offset_s < -OFFSET_MAX_S || offset_s > OFFSET_MAX_S || type[4] > 1 ||
			type[5] >= h->char_len)
			return false;
		out->type_offset_s[i] = (int32_t)offset_s;
	}
	return true;
}

/* ---- the POSIX TZ string ---- */

static bool take_char(struct str *rest, char c)
{
	if (rest->n == 0 || rest->p[0] != c)
		return false;
	rest->p++;
	rest->n--;
	return true;
}

static bool digit_next(const struct str *rest)
{
	return rest->n > 0 && rest->p[0] >= '0' && rest->p[0] <= '9';
}

/* One to three digits, at least `min` and at most `max`. */
static bool take_number(struct str *rest, int min, int max, int *out)
{
	int digits = 0;

	for (*out = 0; digit_next(rest) && digits < 3; digits++, rest->p++, rest->n--)
		*out = *out * 10 + (rest->p[0] - '0');
	return digits > 0 && !digit_next(rest) && *out >= min && *out <= max;
}

/* Letters, or within <> letters, digits, + and -. At least three. */
static bool take_abbreviation(struct str *rest)
{
	bool quoted = take_char(rest, '<');
	size_t len = 0;

	while (rest->n > 0) {
		char c = rest->p[0];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-')))
			break;
		rest->p++;
		rest->n--;
		len++;
	}
	return len >= 3 && (!quoted || take_char(rest, '>'));
}

/* [+-]HH[:MM[:SS]] in seconds. */
static bool take_hms(struct str *rest, int hours_max, int32_t *out)
{
	bool minus = take_char(rest, '-');
	int hours, minutes = 0, seconds = 0;

	if (!minus)
		(void)take_char(rest, '+');
	if (!take_number(rest, 0, hours_max, &hours))
		return false;
	if (take_char(rest, ':')) {
		if (!take_number(rest, 0, 59, &minutes))
			return false;
		if (take_char(rest, ':') && !take_number(rest, 0, 59, &seconds))
			return false;
	}
	*out = (hours * 3600 + minutes * 60 + seconds) * (minus ? -1 : 1);
	return true;
}

/* Mm.w.d, Jn or n, then /time; the hour may be negative or past the day (version 3). */
static bool take_rule(struct str *rest, struct zone_rule *out)
{
	*out = (struct zone_rule){.time_s = 2 * 3600};
	if (take_char(rest, 'M')) {
		out->kind = ZONE_RULE_WEEKDAY;
		if (!take_number(rest, 1, 12, &out->month) || !take_char(rest, '.') ||
			!take_number(rest, 1, 5, &out->week) || !take_char(rest, '.') ||
			!take_number(rest, 0, 6, &out->weekday))
			return false;
	} else if (take_char(rest, 'J')) {
		out->kind = ZONE_RULE_JULIAN;
		if (!take_number(rest, 1, 365, &out->day))
			return false;
	} else {
		out->kind = ZONE_RULE_DAY;
		if (!take_number(rest, 0, 365, &out->day))
			return false;
	}
	return !take_char(rest, '/') || take_hms(rest, RULE_HOURS_MAX, &out->time_s);
}

/* POSIX counts offsets west of Greenwich as positive; we count them east. */
static bool rule_read(struct zone *out, struct str text)
{
	if (text.n == 0)
		return true; /* the last transition's type holds for ever */
	if (!take_abbreviation(&text) || !take_hms(&text, 24, &out->std_offset_s))
		return false;
	out->std_offset_s = -out->std_offset_s;
	out->has_rule = true;
	if (text.n == 0)
		return true;
	if (!take_abbreviation(&text))
		return false;
	out->dst_offset_s = out->std_offset_s + 3600;
	if (text.n > 0 && text.p[0] != ',') {
		if (!take_hms(&text, 24, &out->dst_offset_s))
			return false;
		out->dst_offset_s = -out->dst_offset_s;
	}
	out->rule_has_dst = true;
	/* Without dates the rule would be anybody's guess. */
	return take_char(&text, ',') && take_rule(&text, &out->to_dst) && take_char(&text, ',') &&
	       take_rule(&text, &out->to_std) && text.n == 0;
}

/*
 * Writes the rule's changes of this century behind the explicit ones: looking a transition up is
 * ten times as fast as working the rule out. Changes nothing that zone_local answers.
 */
static void rule_expand(struct zone *out, uint32_t type_len)
{
	struct instant change;
	int32_t offset_s;

	if (!out->rule_has_dst || out->transitions_len == 0 || type_len + 2 > ZONE_TYPES_MAX)
		return;
	out->type_offset_s[type_len] = out->std_offset_s;
	out->type_offset_s[type_len + 1] = out->dst_offset_s;
	change.s = out->transition_s[out->transitions_len - 1];
	while (out->transitions_len < ZONE_TRANSITIONS_MAX &&
		zone_change_after(&change, out, change) && change.s < EXPAND_UNTIL_S) {
		offset_s = zone_local(out, change).offset_s;
		out->transition_s[out->transitions_len] = change.s;
		out->transition_type[out->transitions_len++] =
			(uint8_t)(type_len + (offset_s == out->dst_offset_s));
	}
}

/* Newline, TZ string, newline, and nothing behind. */
static bool footer_read(struct zone *out, struct str rest)
{
	if (rest.n < 2 || rest.p[0] != '\n' || rest.p[rest.n - 1] != '\n')
		return false;
	return rule_read(out, (struct str){rest.p + 1, rest.n - 2});
}

bool zone_read(struct zone *out, struct str name, struct str tzif)
{
	struct header header;

	*out = (struct zone){0};
	if (!zone_name_is_safe(name) || !header_take(&tzif, &header))
		return false;
	memcpy(out->name, name.p, name.n);
	if (header.version == '\0')
		return block_read(out, &tzif, &header, 4) && tzif.n == 0;
	/* The 32-bit block is for old readers: stepped over. */
	if (block_len(&header) > tzif.n || !take(&tzif, (size_t)block_len(&header)))
		return false;
	if (!header_take(&tzif, &header) || header.version == '\0')
		return false;
	if (!block_read(out, &tzif, &header, 8) || !footer_read(out, tzif))
		return false;
	rule_expand(out, header.type_len);
	return true;
}
