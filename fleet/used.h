/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What was used of a programme: S10's cap counts over the visit's other bookings, S5.10's quota
 * also over what the car's other visits consumed since its cover was read.
 */

#include "fleet/inputs.h"

struct use {
	struct str programme;
	int64_t days, uses;
};
struct uses {
	uint32_t len;
	struct use use[USED_MAX];
};

/* In the arena; NULL without memory. `read_at`: when the cover was read. */
const struct uses *uses_count(
	struct view *v, const struct inquiry *q, struct str vin, struct instant read_at);
