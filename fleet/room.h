/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Room to write in. A store that serves takes blocks from the disk ahead of what it needs, so that
 * a disk which others filled, or a map that is nearly used up, is an answer and not the end:
 * promises are refused while the reserve still takes what gives back (returns, cancellations,
 * hand-overs). Who asks is the writing thread, before each batch; so it resumes by itself.
 */

#include "fleet/command.h"
#include "fleet/store.h"

/* What the largest batch takes, and then a thousand returns. */
#define ROOM_RESERVE_BYTES ((uint64_t)16 << 20)
#define ROOM_RESERVE_PEOPLE_BYTES ((uint64_t)2 << 20)

enum room {
	ROOM_NONE,  /* a quarter of the reserve is left: it is kept for the store itself */
	ROOM_SHORT, /* the reserve is being used */
	ROOM_AMPLE,
};
enum room store_room(struct store *store, uint64_t reserve_bytes);
/* Whether a command may be decided: facts and what gives back use the reserve, promises do not. */
bool room_is_for(enum room room, enum verb verb);
