/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How bookings stand just now, at all sites: how many are in each state, which apply counts, and
 * how many cars that are out are past their time, which costs as much as is due. */

#include "fleet/booking.h"
#include "fleet/view.h"

enum {
	STANDING_SITE_MAX = 2000
}; /* due at one site; of more it is not asked whether they are past */

struct standing {
	uint64_t state[BOOKING_STATUSES_LEN];
	uint64_t past; /* of those out */
};
void standing_count(struct view *v, struct standing *out);
/* Of apply: a booking of the site as it was and as it is; absent where there is none. */
void standing_keep(struct txn *t, struct str site, struct json before, struct json after);
