/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What one thread keeps between views: decoded rosters, rule sets and claims, scratch memory of its
 * questions, counts. */

#include "fleet/roster.h"
#include "rules/ruleset.h"

struct agendas;
struct rulebook;
enum { ROSTER_PLACES = 256, ROSTERS_MAX = 2048 };
struct rosters {
	struct roster *roster[ROSTER_PLACES]; /* owned: lists, by a hash of the site */
	uint32_t rosters_len;
	struct rulebook *rulebooks;	   /* owned */
	struct agendas *agendas;	   /* owned: of the seats it asked for (agenda.h) */
	struct arena shuffling, searching; /* owned: of one question, kept for the next */
	uint64_t shuffled, undecided; /* requests that no free seat fitted; without an answer */
};
void rulebooks_free(struct rosters *r);
/* NULL: there is no such site, or no memory (then the view's arena is full). */
struct roster *roster_decode(struct view *v, struct str site, uint64_t rev);
void roster_free(struct roster *r);
/* Between two views: more than ROSTERS_MAX sites are not held on to. */
void rosters_trim(struct rosters *r);
/* Forgets all of it: after an aborted batch a revision may come again with other content. */
void rosters_forget(struct rosters *r);
