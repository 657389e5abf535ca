/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What one thread keeps between views: decoded rosters, rule sets and claims, scratch memory of its
 * questions, counts. */

#include "fleet/roster.h"
#include "rules/ruleset.h"

struct agendas;
struct rulebook;
struct rosters {
	struct roster *rosters;		   /* owned */
	struct rulebook *rulebooks;	   /* owned */
	struct agendas *agendas;	   /* owned: of the seats it asked for (agenda.h) */
	struct arena shuffling, searching; /* owned: of one question, kept for the next */
	uint64_t shuffled, undecided; /* requests that no free seat fitted; without an answer */
};
void rulebooks_free(struct rosters *r);
/* Forgets all of it: after an aborted batch a revision may come again with other content. */
void rosters_forget(struct rosters *r);
