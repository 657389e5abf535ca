/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/upkeep.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

struct upkeep {
	uv_timer_t minute, grow; /* the handles' memory is the upkeep's */
	struct fleet *fleet;	 /* borrowed */
	size_t map_bytes;
	uint64_t readers_freed;
	uint32_t handles_gone;
};

static void on_minute(uv_timer_t *timer)
{
	struct upkeep *u = timer->data;
	u->readers_freed += store_check_readers(fleet_store(u->fleet));
	u->readers_freed += store_check_readers(people_store(fleet_people(u->fleet)));
	struct env *env = fleet_env(u->fleet);
	if (people_scrub(fleet_people(u->fleet)) != OK)
		env->log(env, "what was forgotten cannot be written out of DIR/people: is the disk "
			      "full?");
	fleet_tidy(u->fleet);
	(void)malloc_trim(0);
}

static void on_grow(uv_timer_t *timer)
{
	struct upkeep *u = timer->data;
	struct env *env = fleet_env(u->fleet);
	char line[120];
	enum outcome o = store_grow(fleet_store(u->fleet), u->map_bytes);
	if (o == FAULT_BUSY)
		return; /* and once more, after UPKEEP_GROW_MS */
	uv_timer_stop(timer);
	if (o == OK)
		snprintf(line, sizeof line, "the store may hold %zu MiB", u->map_bytes >> 20);
	else
		snprintf(line, sizeof line, "there is no address space for a store of %zu MiB",
			u->map_bytes >> 20);
	env->log(env, line);
}

/* A large answer has pages of its own, which go back with it: in the heap it would need a hole of
 * its size, and where there is none the heap grows for good. Either setting ends that the library
 * moves both by itself. */
static void keep_apart_what_is_large(void)
{
	(void)mallopt(M_MMAP_THRESHOLD, UPKEEP_LARGE_BYTES);
	(void)mallopt(M_TRIM_THRESHOLD, 2 * UPKEEP_LARGE_BYTES);
}

struct upkeep *upkeep_open(uv_loop_t *loop, struct fleet *fleet)
{
	struct upkeep *u = calloc(1, sizeof *u);
	if (!u)
		return NULL;
	keep_apart_what_is_large();
	u->fleet = fleet;
	uv_timer_init(loop, &u->minute);
	uv_timer_init(loop, &u->grow);
	u->minute.data = u->grow.data = u;
	uv_timer_start(&u->minute, on_minute, 0, UPKEEP_MS);
	return u;
}

void upkeep_grow(struct upkeep *u, size_t map_bytes)
{
	struct store_usage usage;
	store_usage(fleet_store(u->fleet), &usage);
	if (map_bytes <= usage.map_bytes)
		return;
	u->map_bytes = map_bytes;
	uv_timer_start(&u->grow, on_grow, 0, UPKEEP_GROW_MS);
}

uint64_t upkeep_readers_freed(const struct upkeep *u)
{
	return u->readers_freed;
}

static void on_closed(uv_handle_t *handle)
{
	struct upkeep *u = handle->data;
	if (++u->handles_gone == 2)
		free(u);
}

void upkeep_close(struct upkeep *u)
{
	if (!u)
		return;
	uv_close((uv_handle_t *)&u->minute, on_closed);
	uv_close((uv_handle_t *)&u->grow, on_closed);
}
