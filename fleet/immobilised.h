/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Where the law of a site's country says so (the site's `immobilisation_suspends`; in France code
 * de la consommation L217-28), a repair under warranty suspends what is left of it: the days
 * between the signature of its repair order and the car's delivery, of this house's own orders.
 * What a look-up of cover says of suspended days and what the orders show are not added up: the
 * greater counts. An end that was looked up as a date moves by the days after that look-up.
 */

#include "fleet/roster.h"
#include "fleet/view.h"
#include "rules/ruleset.h"

enum {
	IMMOBILISED_MAX = 64, /* repairs of one car that are looked at */
	IMMOBILISED_DAYS_MAX = 9999,
};
struct immobilised {
	struct json kinds; /* of programmes whose coverages are suspended */
	uint32_t len;
	struct {
		struct day opened;
		struct instant closed;
		int32_t days;
	} repair[IMMOBILISED_MAX];
};
/* Repairs of the car that were closed by `before`. */
void immobilised_read(struct immobilised *out, struct view *v, const struct roster *roster,
	struct str vin, struct instant before);
/* Of repairs that began on that day or later and were closed after that instant. */
int32_t immobilised_days(const struct immobilised *i, const struct programme *programme,
	struct day since, struct instant after);
