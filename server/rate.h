/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How many requests a token may make in a minute, counted from its first. By its name, so that all
 * connections of a program count together. In memory, bounded: beyond RATE_NAMES_MAX the one whose
 * minute began first is forgotten. What is left is told in the headers RateLimit-Policy and
 * RateLimit (draft-ietf-httpapi-ratelimit-headers).
 */

#include "rules/base.h"

enum { RATE_NAMES_MAX = 256, RATE_WINDOW_MS = 60000, RATE_TEXT = 64 };

struct rate {
	uint64_t name; /* its hash; 0: free */
	uint64_t from_ms;
	uint32_t count;
};
struct rates {
	struct rate of[RATE_NAMES_MAX];
	uint64_t refused;
};

struct rate_left {
	uint32_t requests, seconds; /* so many more within so long */
	bool refused;
};
/* Counts a request under that name. A refused one costs nothing. `max` is above 0. */
struct rate_left rate_count(struct rates *r, struct str name, uint32_t max, uint64_t now_ms);
struct str rate_policy_text(char buf[RATE_TEXT], uint32_t max);
struct str rate_left_text(char buf[RATE_TEXT], struct rate_left left);
