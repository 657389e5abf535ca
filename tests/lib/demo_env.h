/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A fleet of one's own in a scratch directory, empty, with the machine's time zones and a clock and
 * chance that stand still: what imports are tried on. */

#include "fleet/fleet.h"
#include "server/env_uv.h"
#include "tests/lib/scratch.h"

struct demo_env {
	struct still_env still; /* first: env finds the rest by it */
	struct scratch scratch;
	struct fleet *fleet;
	struct arena arena;
	struct view view;
	struct txn txn;
};

static inline const struct zone *demo_env_zone(struct env *env, struct str name)
{
	(void)env;
	return env_uv()->zone(env_uv(), name);
}

static inline void demo_env_log(struct env *env, const char *sentence)
{
	(void)env;
	print_error("# %s\n", sentence);
}

static inline void demo_env_open(struct demo_env *e, const char *now)
{
	struct fleet_options options = {.env = &e->still.env,
		.create = true,
		.no_sync = true,
		.map_bytes = (size_t)1 << 30};
	char why[400] = "";
	struct local l;

	memset(e, 0, sizeof *e);
	assert_true(instant_parse(&l, str_from(now)));
	e->still = still_env_at(local_instant(l).s);
	e->still.env.zone = demo_env_zone;
	e->still.env.log = demo_env_log;
	scratch_make(&e->scratch);
	arena_init(&e->arena, ARENA_MAX_DEFAULT);
	if (fleet_open(&e->fleet, e->scratch.dir, &options, why, sizeof why) != OK)
		fail_msg("%s", why);
}

static inline void demo_env_close(struct demo_env *e)
{
	fleet_close(e->fleet);
	arena_deinit(&e->arena);
	scratch_remove(&e->scratch);
}

static inline struct view *demo_env_look(struct demo_env *e)
{
	fleet_look(e->fleet, &e->view, &e->txn, &e->arena);
	return &e->view;
}

static inline void demo_env_look_end(struct demo_env *e)
{
	fleet_look_end(&e->view);
	arena_reset(&e->arena);
}
