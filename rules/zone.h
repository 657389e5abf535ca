/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A time zone read from TZif bytes (RFC 8536, versions 1 to 4) that the caller has loaded: explicit
 * transitions, then the POSIX TZ rule of the footer for the years after them. Any bytes are safe to
 * read; what is not understood is refused.
 */

#include "rules/instant.h"

enum { ZONE_TRANSITIONS_MAX = 2048, ZONE_TYPES_MAX = 256, ZONE_NAME_MAX = 40 };

/* One half of a POSIX rule: when the offset changes, in local wall time before the change. */
struct zone_rule {
	enum { ZONE_RULE_JULIAN, ZONE_RULE_DAY, ZONE_RULE_WEEKDAY } kind;
	int month, week, weekday, day; /* weekday 0 Sunday as POSIX writes it */
	int32_t time_s;
};

struct zone {
	char name[ZONE_NAME_MAX];
	uint32_t transitions_len;
	int64_t transition_s[ZONE_TRANSITIONS_MAX];
	uint8_t transition_type[ZONE_TRANSITIONS_MAX];
	int32_t type_offset_s[ZONE_TYPES_MAX];
	bool has_rule, rule_has_dst;
	int32_t std_offset_s, dst_offset_s;
	struct zone_rule to_dst, to_std;
};

/* IANA names only: letters, digits, + - _ /, no leading slash, no dots. For the one who opens the
 * file. */
bool zone_name_is_safe(struct str name);
MUST_CHECK bool zone_read(struct zone *out, struct str name, struct str tzif);
struct local zone_local(const struct zone *zone, struct instant t);
/* The first instant after t at which the offset changes. False when it never does again. */
MUST_CHECK bool zone_change_after(struct instant *out, const struct zone *zone, struct instant t);

enum zone_fit { ZONE_ONCE, ZONE_NEVER, ZONE_TWICE };
/* The instant of a wall reading. ZONE_NEVER (spring gap): *out is the reading shifted past the gap.
 * ZONE_TWICE (autumn): *out is the earlier one. */
enum zone_fit zone_instant(struct local *out, const struct zone *zone, int64_t wall_s);
/* When a day begins there; a midnight that does not exist is the first moment after it. */
struct instant zone_day_start(const struct zone *zone, struct day day);
