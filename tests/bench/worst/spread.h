/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How long one kind of question took: every answer is kept, and read from when all are there. */

#include "rules/base.h"

struct spread {
	uint32_t len, cap;
	int64_t *ns; /* owned */
};

void spread_add(struct spread *s, int64_t ns);
/* What so many of a thousand answers did not exceed; 0 when there are none. */
int64_t spread_at(struct spread *s, uint32_t per_mille);
void spread_free(struct spread *s);
