/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who drove a car of the fleet at an instant: for a notice of a fine, where the law makes the
 * keeper name the driver within some days (the site's `name_driver_days`; in France 45, code de la
 * route L121-6). Found through the car's calendar, however long its history; what decides is when
 * it really went out and came back.
 */

#include "fleet/render_parts.h"

enum { PLATE_CARS_MAX = 8 }; /* that carried one plate, one after the other */

struct plate_cars {
	struct str id[PLATE_CARS_MAX], site[PLATE_CARS_MAX];
	uint32_t len;
};
/* Cars of the actor's sites under this very plate, blanks and hyphens apart. */
void plate_cars_find(
	struct plate_cars *out, struct view *v, const struct actor *actor, struct str plate);
/* `noticed`: the day of the notice; has_noticed false: the day itself, which is on the safe side.
 * STR_NULL without memory. */
struct who_had_ask {
	struct str plate;
	struct instant at;
	bool has_noticed;
	struct day noticed;
};
struct str render_who_had(
	struct view *v, const struct plate_cars *cars, const struct who_had_ask *ask);
