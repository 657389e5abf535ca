/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How often a value was how large: counted where it arises, told in /metrics as Prometheus reads
 * histograms. Whoever counts and whoever tells agree on the bounds. */

#include "server/text.h"

enum { HISTOGRAM_BOUNDS_MAX = 14 };

struct histogram_bounds {
	uint32_t len;
	uint32_t at_most[HISTOGRAM_BOUNDS_MAX]; /* ascending */
	bool seconds;				/* values are microseconds, and told as seconds */
};
extern const struct histogram_bounds bounds_latency; /* from 1 ms to 10 s, in microseconds */
extern const struct histogram_bounds bounds_batch;   /* commands of a batch */

struct histogram {
	uint64_t counts[HISTOGRAM_BOUNDS_MAX + 1]; /* the last: beyond all bounds */
	uint64_t sum;
};

void histogram_add(struct histogram *h, const struct histogram_bounds *b, uint64_t value);
/* Its lines, without # HELP and # TYPE; `label` is `name="value"` or "". */
void histogram_tell(struct text *t, const char *name, const char *label,
	const struct histogram_bounds *b, const struct histogram *h);
