/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a fleet is made of, for the files of its front door. */

#include "fleet/fleet.h"
#include "fleet/person.h"

struct fleet {
	struct store *store;		   /* owned */
	struct people *people;		   /* owned */
	struct checkpoints *checkpoints;   /* owned */
	struct env *env;		   /* borrowed */
	struct journal *journal;	   /* borrowed */
	struct keyring *keyring;	   /* owned: the writer's */
	struct rosters *writing, *reading; /* owned: one a thread */
	struct arena scratch;		   /* owned: the writer's */
	bool read_only;
	uint64_t people_seq; /* search words have followed the directory this far */
	struct fleet_counts counts;
};

/* Brings the search words up to the directory's head; on the writer's thread, after a commit. */
MUST_CHECK enum outcome fleet_index_people(struct fleet *f);
