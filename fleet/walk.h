/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Along a stored journal, entry by entry: does each have the hash of its bytes after the one before
 * it, does it read, does it stand where it says. A journal only grows, so a walk takes a short look
 * for some entries at a time and never holds one on the way.
 */

#include "fleet/journal.h"

struct walk {
	struct str journal; /* borrowed */
	uint64_t seq;	    /* this far it is good; 0 = the beginning */
	struct hash hash;   /* of that entry */
	const char *why;    /* entry seq + 1 is not good: it ... */
};

/* On to that entry; false at the first that is not good. */
MUST_CHECK bool walk_to(struct walk *w, struct store *store, uint64_t seq);
/* Puts the walk behind an entry, which is taken as it is; false when there is none. */
MUST_CHECK bool walk_set(struct walk *w, struct store *store, uint64_t seq);

/* Each journal in turn and its head; begin with an empty name. False after the last. */
struct walk_place {
	char journal[ID_MAX + 1];
	struct journal_head head;
};
bool walk_next(struct walk_place *place, struct store *store);
