/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* From the thread of an import to the writer and back. */

#include "server/import_job.h"
#include "server/writer.h"

enum {
	FULL_MS = 5,	 /* until a full queue is asked again */
	AWAY_MS = 200,	 /* until a journal elsewhere is */
	AWAY_TRIES = 50, /* then the import stops: what was written stays */
};

struct waiting {
	uv_mutex_t mutex;
	uv_cond_t answered;
	uint32_t left;
};

/* On the loop. */
static void on_answer(struct command *c)
{
	struct waiting *w = c->context;

	uv_mutex_lock(&w->mutex);
	if (--w->left == 0)
		uv_cond_signal(&w->answered);
	uv_mutex_unlock(&w->mutex);
}

/* False: the import is to stop while there is no room. */
static bool submit(struct import *im, struct waiting *w, struct command *c)
{
	struct import_job *job = im->context;

	uv_mutex_lock(&w->mutex);
	w->left++;
	uv_mutex_unlock(&w->mutex);
	while (!writer_submit(job->writer, c)) {
		if (!atomic_load(&job->stop)) {
			uv_sleep(FULL_MS);
			continue;
		}
		uv_mutex_lock(&w->mutex);
		w->left--;
		uv_mutex_unlock(&w->mutex);
		return false;
	}
	return true;
}

static bool is_away(enum outcome o)
{
	return o == FAULT_BUSY || o == FAULT_UNKNOWN;
}

/* Those that have no answer yet; their first `again` are then those that have none still. */
static bool once(struct import *im, struct waiting *w, struct command **command, uint32_t len)
{
	bool all = true;

	for (uint32_t i = 0; i < len && all; i++)
		all = submit(im, w, command[i]);
	uv_mutex_lock(&w->mutex);
	while (w->left > 0)
		uv_cond_wait(&w->answered, &w->mutex);
	uv_mutex_unlock(&w->mutex);
	return all;
}

static enum outcome until_answered(
	struct import *im, struct waiting *w, struct command **command, uint32_t len)
{
	struct command *again[BATCH_MAX];

	memcpy(again, command, len * sizeof(struct command *));
	for (int tries = 0; tries < AWAY_TRIES; tries++) {
		uint32_t n = 0;
		if (!once(im, w, again, len))
			return FAULT_BUSY;
		for (uint32_t i = 0; i < len; i++) {
			if (is_away(again[i]->outcome))
				again[n++] = again[i];
			else if (outcome_is_fault(again[i]->outcome))
				return again[i]->outcome;
		}
		if (n == 0)
			return OK;
		len = n;
		if (import_stops(im))
			break;
		uv_sleep(AWAY_MS); /* the same command under its key: asked again, not done twice */
	}
	return FAULT_BUSY;
}

enum outcome import_job_submit(struct import *im, struct command **command, uint32_t len)
{
	void (*done[BATCH_MAX])(struct command * c);
	void *context[BATCH_MAX];
	struct waiting w = {.left = 0};
	enum outcome o;

	if (uv_mutex_init(&w.mutex) != 0 || uv_cond_init(&w.answered) != 0)
		return FAULT_MEMORY;
	for (uint32_t i = 0; i < len; i++) {
		done[i] = command[i]->done;
		context[i] = command[i]->context;
		command[i]->done = on_answer;
		command[i]->context = &w;
	}
	o = until_answered(im, &w, command, len);
	for (uint32_t i = 0; i < len; i++) {
		command[i]->done = done[i];
		command[i]->context = context[i];
	}
	uv_cond_destroy(&w.answered);
	uv_mutex_destroy(&w.mutex);
	return o;
}
