/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A visit: one stay in the workshop, with all the mobility it needs (contract 3). */

#include "fleet/decide.h"

enum { JOB_MINUTES_DEFAULT = 60 };

struct visit_fields {
	struct str id, site, for_site, vin, customer, follows, repair_order, answer, estimate;
	struct str bookings, external, jobs, private,
		offered; /* canonical values, STR_NULL = none; private is sealed */
	struct instant drop_off, ready;
	struct json facts;	/* of the offer it is opened with */
	struct str appointment; /* as it is stored (appointment.h) */
	uint32_t serial;
	bool has_review, has_arrived;
	struct instant review, arrived;
};
struct str visit_doc(struct decide *d, const struct visit_fields *f);
