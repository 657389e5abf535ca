/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* fallocate */
#include "fleet/room.h"

#include <errno.h>
#include <fcntl.h>

#include "fleet/store_inside.h"

enum { QUARTERS = 4 };

static const bool uses_reserve[VERBS_LEN] = {
	[VERB_RESOURCE_READY] = true,
	[VERB_BLOCK_REMOVE] = true,
	[VERB_BOOKING_CANCEL] = true,
	[VERB_BOOKING_NO_SHOW] = true,
	[VERB_BOOKING_CHECK_OUT] = true,
	[VERB_BOOKING_CHECK_IN] = true,
	[VERB_BOOKING_LATE] = true,
	[VERB_TASK_DONE] = true,
	[VERB_TASK_MESSAGE] = true, /* what was handed over is not said again for want of room */
	[VERB_WAITING_DROP] = true,
	[VERB_TICK] = true,
};

bool room_is_for(enum room room, enum verb verb)
{
	return room == ROOM_AMPLE || (room == ROOM_SHORT && uses_reserve[verb]);
}

/* The file's blocks up to `end`, holes too: what LMDB freed before it wrote it has none. The size
 * stays, so nothing that reads the file sees a difference. */
static bool hold(struct store *s, uint64_t end)
{
	if (s->held_bytes >= end)
		return true;
	if (fallocate(store_file(s), FALLOC_FL_KEEP_SIZE, (off_t)s->held_bytes,
		    (off_t)(end - s->held_bytes)) == 0) {
		s->held_bytes = end;
		return true;
	}
	/* A file system that cannot promise blocks: its fullness will be a fault of a commit. */
	if (errno == EOPNOTSUPP || errno == ENOSYS)
		s->held_bytes = UINT64_MAX;
	return s->held_bytes == UINT64_MAX;
}

enum room store_room(struct store *s, uint64_t reserve_bytes)
{
	uint64_t quarter = reserve_bytes / QUARTERS, left, map_left;
	struct store_usage u;

	store_usage(s, &u);
	/* Twice as much while it is to be had, so that the disk is not asked at each batch. */
	if (s->held_bytes < u.used_bytes + reserve_bytes &&
		!hold(s, u.used_bytes + 2 * reserve_bytes))
		for (uint64_t n = QUARTERS; n > 0 && !hold(s, u.used_bytes + n * quarter); n--)
			continue;
	left = s->held_bytes > u.used_bytes ? s->held_bytes - u.used_bytes : 0;
	map_left = u.map_bytes - u.used_bytes;
	left = left < map_left ? left : map_left;
	if (left >= reserve_bytes)
		return ROOM_AMPLE;
	return left > quarter ? ROOM_SHORT : ROOM_NONE;
}
