/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/histogram.h"

#include <inttypes.h>
#include <stdio.h>

enum { MICROSECONDS = 1000000, NUMBER_TEXT = 40 };

const struct histogram_bounds bounds_latency = {13,
	{1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 5000000,
		10000000},
	true};
const struct histogram_bounds bounds_batch = {9, {1, 2, 4, 8, 16, 32, 64, 128, 256}, false};

void histogram_add(struct histogram *h, const struct histogram_bounds *b, uint64_t value)
{
	uint32_t i = 0;

	while (i < b->len && value > b->at_most[i])
		i++;
	h->counts[i]++;
	h->sum += value;
}

static const char *number(char buf[NUMBER_TEXT], const struct histogram_bounds *b, uint64_t value)
{
	if (!b->seconds) {
		snprintf(buf, NUMBER_TEXT, "%" PRIu64, value);
		return buf;
	}
	int n = snprintf(buf, NUMBER_TEXT, "%" PRIu64 ".%06" PRIu64, value / MICROSECONDS,
		value % MICROSECONDS);
	while (buf[n - 1] == '0')
		n--;
	buf[buf[n - 1] == '.' ? n - 1 : n] = '\0';
	return buf;
}

void histogram_tell(struct text *t, const char *name, const char *label,
	const struct histogram_bounds *b, const struct histogram *h)
{
	const char *comma = *label ? "," : "", *open = *label ? "{" : "",
		   *close = *label ? "}" : "";
	char buf[NUMBER_TEXT];
	uint64_t all = 0;

	for (uint32_t i = 0; i < b->len; i++) {
		all += h->counts[i];
		text_add(t, "relais_%s_bucket{%s%sle=\"%s\"} %" PRIu64 "\n", name, label, comma,
			number(buf, b, b->at_most[i]), all);
	}
	all += h->counts[b->len];
	text_add(t, "relais_%s_bucket{%s%sle=\"+Inf\"} %" PRIu64 "\n", name, label, comma, all);
	text_add(t, "relais_%s_sum%s%s%s %s\n", name, open, label, close, number(buf, b, h->sum));
	text_add(t, "relais_%s_count%s%s%s %" PRIu64 "\n", name, open, label, close, all);
}
