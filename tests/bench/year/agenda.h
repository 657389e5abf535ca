/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What happens when, in order of time; at the same minute in the order of the kinds. */

#include "rules/base.h"

enum happening {
	COMES_BACK,
	IS_READY, /* the turnaround is over */
	DOES_NOT_COME,
	HOUR_STRIKES,
	SERVICE_IS_PLANNED,
	SERVICE_IS_OVER,
	COMES_FOR_IT,
	STAYS_LONGER,
	ASKS,
};

struct happens {
	int32_t at;
	enum happening what;
	uint32_t id, class; /* of a service that is planned: its car and day */
};

enum { AGENDA_MAX = 1 << 18 };
struct agenda {
	uint32_t len;
	struct happens heap[AGENDA_MAX];
};

void agenda_add(struct agenda *a, struct happens h);
bool agenda_next(struct agenda *a, struct happens *h);
