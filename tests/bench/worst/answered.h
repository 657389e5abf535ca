/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One question, and what came of it. */

#include <time.h>

#include "rules/base.h"

enum verdict { VERDICT_STRAIGHT, VERDICT_SHUFFLED, VERDICT_REFUSED, VERDICT_UNDECIDED, VERDICTS };
enum { MOVES_MAX = 128, NO_DATE = -1 };

struct moved {
	uint32_t loan;
	int32_t car;
};

struct answered {
	enum verdict verdict;
	int64_t took_ns;
	int32_t from; /* of a date that was asked for: a minute, or NO_DATE */
	uint32_t moved_len;
	struct moved moved[MOVES_MAX];
};

static inline int64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}
