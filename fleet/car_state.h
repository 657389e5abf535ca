/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a car of ours is like now (contract 3, a resource's `odometer_km` and `now`): kilometres,
 * fuel, charge, marks, where it stands, where its key hangs, whether it is ready. Hand-overs tell
 * it, and the preparer. Of a mark only place and kind are kept here: words may name people, and
 * those are sealed with the booking.
 */

#include "fleet/handover.h"

/* The car that goes, as the wish of a hand-over saw it. */
void draft_car_goes(struct decide *d, struct str resource, struct json wish);
/* At which other site it stands now: `said` (the body's /site), else where it was handed over.
 * *where STR_NULL: at home, or it is no car. */
enum outcome transfer_from(
	struct decide *d, const struct booking *b, struct str said, struct str *where);
/* The car that comes back: not ready. `where`: the other site where it stands, and from where it
 * must be brought home; STR_NULL: it is at home. */
void draft_car_comes(struct decide *d, const struct booking *b, const struct come_in *in,
	struct str where);
