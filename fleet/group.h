/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The entries of one import: they name it as their group, and the index finds them. What they made
 * or changed is taken back object by object (decide_import.c), each in an entry of the same group:
 * a second time finds what is left.
 */

#include "fleet/view.h"

/* How an object of a kind is taken back. */
enum group_way {
	TAKEN_BACK_NEVER, /* rule sets are for ever; the rest follows from something else */
	TAKEN_BACK_ROW,
	TAKEN_BACK_SITE,
	TAKEN_BACK_RESOURCE,
	TAKEN_BACK_ORDER,
	TAKEN_BACK_BOOKING,
};
enum group_way group_takes_back(enum row_kind kind);

/* What an import touched, in the order in which it must be taken back: the last first. */
struct group_object {
	struct str journal, id; /* in the arena of the list */
	enum row_kind kind;
	uint64_t first, last; /* entries of the group that changed it */
	bool undone;	      /* the last of them took it back */
};
struct group_objects {
	uint32_t len, max;
	struct group_object *object; /* owned */
	struct arena arena;	     /* owned */
	enum outcome outcome;	     /* sticky: FAULT_MEMORY, FAULT_CORRUPT */
	/* where the walk goes on */
	char journal[ID_MAX + 1];
	uint64_t seq;
};
enum { GROUP_OBJECTS_MAX = 2000000 };

void group_objects_init(struct group_objects *g);
void group_objects_deinit(struct group_objects *g);
/* Looks at no more than `most` further entries; false: that was the last. Short looks: call again
 * with another view. */
MUST_CHECK bool group_objects_walk(
	struct group_objects *g, struct view *v, struct str group, uint32_t most);
/* After the walk: each object once, the last first. */
void group_objects_sort(struct group_objects *g);

/* Whether that import was taken back: what it did may be done again. */
bool group_is_undone(struct view *v, struct str group);
