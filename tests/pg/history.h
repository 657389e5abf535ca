/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What clients asked and were told, written down as it happens, for a judge that has nothing of
 * relais: tests/pg/history. */

#include "tests/pg/houses.h"

struct history_call {
	int64_t invoked_ns;
	uint32_t which; /* house */
	const char *method, *path, *key, *min_seq;
	struct str body;
};

void history_open(void);
void history_close(void);
struct history_call history_begin(
	uint32_t which, const char *method, const char *path, const char *key, struct str body);
void history_end(const struct history_call *c, const struct response *r);
/* Stops both houses and has all that was written down and all that they keep judged; `teeth`: after
 * the judge has shown on this very run what it would find. */
void history_judge(bool teeth);
