/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/set_clock.h"

/* The one state of the process that is not handed in: env->now() gets nothing but its environment,
 * which belongs to somebody else. */
static struct {
	struct env *env; /* borrowed; NULL = no clock is set */
	struct instant (*real)(struct env *env);
	struct instant now;
} set;

static struct instant now_set(struct env *env)
{
	ASSERT(env == set.env);
	return set.now;
}

void set_clock_begin(struct env *env)
{
	ASSERT(!set.env);
	set.env = env;
	set.real = env->now;
	set.now = env->now(env);
	env->now = now_set;
}

void set_clock_to(struct instant now)
{
	ASSERT(set.env);
	set.now = now;
}

void set_clock_end(struct env *env)
{
	ASSERT(set.env == env);
	env->now = set.real;
	set.env = NULL;
}
