/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/rate.h"

#include <stdio.h>

/* FNV-1a: an administrator chooses the names, nobody gains by two that fall together. */
static uint64_t hash_of(struct str name)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < name.n; i++)
		h = (h ^ (uint8_t)name.p[i]) * UINT64_C(1099511628211);
	return h ? h : 1;
}

/* Its place, or the one that is given up for it: a free one, else the oldest. */
static struct rate *place_of(struct rates *r, uint64_t name)
{
	struct rate *oldest = &r->of[0];
	for (size_t i = 0; i < RATE_NAMES_MAX; i++) {
		struct rate *at = &r->of[i];
		if (at->name == name || at->name == 0)
			return at;
		if (at->from_ms < oldest->from_ms)
			oldest = at;
	}
	return oldest;
}

struct rate_left rate_count(struct rates *r, struct str name, uint32_t max, uint64_t now_ms)
{
	uint64_t hash = hash_of(name);
	struct rate *at = place_of(r, hash);

	ASSERT(max > 0);
	if (at->name != hash || now_ms - at->from_ms >= RATE_WINDOW_MS)
		*at = (struct rate){.name = hash, .from_ms = now_ms};
	bool refused = at->count >= max;
	at->count += !refused;
	r->refused += refused;
	return (struct rate_left){
		.requests = at->count < max ? max - at->count : 0,
		.seconds = (uint32_t)((RATE_WINDOW_MS - (now_ms - at->from_ms) + 999) / 1000),
		.refused = refused,
	};
}

struct str rate_policy_text(char buf[RATE_TEXT], uint32_t max)
{
	snprintf(buf, RATE_TEXT, "\"token\";q=%u;w=%d", max, RATE_WINDOW_MS / 1000);
	return str_from(buf);
}

struct str rate_left_text(char buf[RATE_TEXT], struct rate_left left)
{
	snprintf(buf, RATE_TEXT, "\"token\";r=%u;t=%u", left.requests, left.seconds);
	return str_from(buf);
}
