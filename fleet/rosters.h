/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What one thread keeps decoded between views: rosters by site, rule sets. */

#include "fleet/roster.h"
#include "rules/ruleset.h"

struct rulebook;
struct rosters {
	struct roster *rosters;	    /* owned */
	struct rulebook *rulebooks; /* owned */
};
void rulebooks_free(struct rosters *r);
/* Forgets all of it: after an aborted batch a revision may come again with other content. */
void rosters_forget(struct rosters *r);
