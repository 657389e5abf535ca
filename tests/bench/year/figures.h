/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What years came to, as a table to read and as lines to compare. */

#include <stdio.h>

#include "tests/bench/year/desk.h"

enum { SETTINGS_MAX = 16 };

/* Which years are played. */
struct setting {
	enum hand_over hand_over;
	int32_t load_percent;
	bool patient; /* who is refused asks for the next days */
};

/* All seeds of one row. */
struct figures {
	const struct policy *policy;
	const struct setting *setting;
	struct tally sum;
	int64_t years, took_ms;
};

void figures_add(struct figures *f, const struct tally *t, int64_t took_ms);
/* The rows of one setting. */
void figures_print(const struct figures *rows, uint32_t n);
/* One {"name","value","unit"} a line. */
void figures_write(FILE *out, const struct figures *rows, uint32_t n);
/* What refusals of the whole run came to. */
void figures_write_all(FILE *out, const struct figures *all);
