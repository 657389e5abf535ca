/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/signer.h"

#include <stdio.h>
#include <stdlib.h>

#include "fleet/checkpoint.h"

struct signer {
	uv_timer_t timer; /* the handles' memory is the signer's */
	uv_work_t work;
	struct fleet *fleet; /* borrowed */
	bool busy, closed, gone;
};

static void say_log(void *context, const char *line)
{
	struct env *env = context;
	env->log(env, line);
}

static void sign(struct fleet *fleet)
{
	struct report report = {.context = fleet_env(fleet), .say = say_log};
	(void)checkpoints_sign(fleet_checkpoints(fleet), fleet_store(fleet), &report);
}

static void signer_free(struct signer *s)
{
	if (s->gone && !s->busy)
		free(s);
}

static void on_work(uv_work_t *work)
{
	struct signer *s = work->data;
	sign(s->fleet);
}

static void on_worked(uv_work_t *work, int status)
{
	struct signer *s = work->data;
	(void)status;
	s->busy = false;
	signer_free(s);
}

static void on_time(uv_timer_t *timer)
{
	struct signer *s = timer->data;
	if (s->busy || s->closed)
		return;
	s->work.data = s;
	s->busy = uv_queue_work(timer->loop, &s->work, on_work, on_worked) == 0;
}

struct signer *signer_open(uv_loop_t *loop, struct fleet *fleet)
{
	struct signer *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->fleet = fleet;
	uv_timer_init(loop, &s->timer);
	s->timer.data = s;
	uv_timer_start(&s->timer, on_time, 0, SIGN_MS);
	return s;
}

static void on_closed(uv_handle_t *handle)
{
	struct signer *s = handle->data;
	s->gone = true;
	signer_free(s);
}

void signer_close(struct signer *s)
{
	if (!s || s->closed)
		return;
	s->closed = true;
	uv_close((uv_handle_t *)&s->timer, on_closed);
}

void signer_last(struct fleet *fleet)
{
	sign(fleet);
}

/* ---- before anything is served ---- */

struct first {
	char *why;
	size_t why_size;
	bool told;
};

static void say_first(void *context, const char *line)
{
	struct first *first = context;
	if (!first->told)
		snprintf(first->why, first->why_size,
			"%s; nothing is served (see relais audit verify; relais restore puts a "
			"backup into a new directory)",
			line);
	first->told = true;
}

bool signer_start_is_good(struct fleet *fleet, char *why, size_t why_size)
{
	struct first first = {.why = why, .why_size = why_size};
	struct report report = {.context = &first, .say = say_first};
	return checkpoints_check(fleet_checkpoints(fleet), fleet_store(fleet), CHECKPOINT_RECENT,
		       &report) == 0;
}
