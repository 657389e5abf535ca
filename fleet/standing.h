/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How the promises that move stand just now, at all sites: holds that run, cars that are out, and
 * those of them past their time. From the index of what is due, so it costs as much as is due. */

#include "fleet/view.h"

enum { STANDING_SITE_MAX = 2000 }; /* of one site; more are not counted */

struct standing {
	uint64_t held, out, past; /* past: of those out */
};
void standing_count(struct view *v, struct standing *out);
