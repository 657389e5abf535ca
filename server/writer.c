/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/writer.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "server/queue.h"

struct writer {
	uv_async_t wake; /* first: the handle's memory is the writer's */
	uv_thread_t thread;
	uv_mutex_t mutex;
	uv_cond_t some;
	struct fleet *fleet; /* borrowed */
	struct writer_hooks hooks;
	/* under the mutex */
	struct queue waiting, answered;
	uint32_t waiting_max;
	struct fleet_counts fleet_counts;
	struct histogram sizes, took;
	uint64_t submitted, refused_full, dropped;
	uint64_t owed_since_ns; /* when it last ended a batch, or was given the first command since;
				   0: it owes nothing */
	bool closing;
	bool follow;	      /* at once */
	bool hinted;	      /* soon */
	uint64_t followed_ns; /* when it last did */
	bool followed;	      /* the loop has not heard of it yet */
};

/* Whether the entries are in the journal nobody can say now: a process that went on might promise
 * the same seat twice. It stops; the next one reads the journal and answers by key (design 4). */
static _Noreturn void stop_unknown(struct fleet *f)
{
	struct env *env = fleet_env(f);
	env->log(env, "a commit ended without an answer: stopping, clients repeat with their keys");
	fflush(NULL);
	_exit(EX_IOERR);
}

/* False: it is time to follow the others. */
static bool wait_for_work(struct writer *w)
{
	if (!w->hooks.follow_ms) {
		uv_cond_wait(&w->some, &w->mutex);
		return true;
	}
	/* Each append of another server's is a hint: one that is followed by itself costs as much
	 * as many together, and whoever waits for his booking would wait for it. */
	uint64_t pause_ns = (uint64_t)(w->hinted ? FOLLOW_PAUSE_MS : w->hooks.follow_ms) * 1000000;
	uint64_t since_ns = w->hinted ? uv_hrtime() - w->followed_ns : 0;
	bool woken = !w->follow && since_ns < pause_ns &&
		     uv_cond_timedwait(&w->some, &w->mutex, pause_ns - since_ns) == 0;
	if (woken && !w->follow)
		return true;
	w->follow = w->hinted = false;
	return false;
}

/* However much waits: what others append is followed each second. */
static bool is_behind(const struct writer *w)
{
	return w->hooks.follow_ms && !w->closing &&
	       uv_hrtime() - w->followed_ns >= (uint64_t)w->hooks.follow_ms * 1000000;
}

/* Blocks until there is work. 0 when it is time to follow, or (*last) when the writer closes and
 * nothing waits. */
static size_t batch_take(struct writer *w, struct command *batch[BATCH_MAX], bool *last)
{
	bool go_on = true;
	uv_mutex_lock(&w->mutex);
	go_on = !is_behind(w);
	while (!w->waiting.first && !w->closing && go_on) {
		w->owed_since_ns = 0; /* all that waited may have been dropped */
		go_on = wait_for_work(w);
	}
	*last = w->closing && !w->waiting.first;
	size_t n = go_on || w->closing ? queue_batch(&w->waiting, batch) : 0;
	uint64_t now_ns = uv_hrtime();
	w->owed_since_ns = n ? now_ns : 0;
	uv_mutex_unlock(&w->mutex);
	for (size_t i = 0; i < n; i++)
		batch[i]->waited_ms = (uint32_t)((now_ns - batch[i]->queued_ns) / 1000000);
	return n;
}

static void batch_give(
	struct writer *w, struct command *batch[BATCH_MAX], size_t n, uint64_t took_ns)
{
	uv_mutex_lock(&w->mutex);
	histogram_add(&w->sizes, &bounds_batch, n);
	histogram_add(&w->took, &bounds_latency, took_ns / 1000);
	for (size_t i = 0; i < n; i++)
		queue_add(&w->answered, batch[i]);
	w->fleet_counts = *fleet_counts(w->fleet);
	w->owed_since_ns = w->waiting.first ? uv_hrtime() : 0;
	uv_mutex_unlock(&w->mutex);
	uv_async_send(&w->wake);
}

/* What it could not follow now it follows at the next time, or before the next batch; why was told
 * where it arose. */
static void follow(struct writer *w)
{
	if (fleet_follow(w->fleet) == FAULT_UNKNOWN)
		stop_unknown(w->fleet);
	uv_mutex_lock(&w->mutex);
	w->followed_ns = uv_hrtime();
	w->fleet_counts = *fleet_counts(w->fleet);
	w->followed = true;
	uv_mutex_unlock(&w->mutex);
	uv_async_send(&w->wake);
}

static void thread_main(void *context)
{
	struct writer *w = context;
	struct command *batch[BATCH_MAX];
	bool last = false;
	sigset_t all;
	/* Signals are the loop's: none may interrupt a commit. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	for (;;) {
		size_t n = batch_take(w, batch, &last);
		uint64_t from_ns = uv_hrtime();
		if (last)
			break;
		if (n == 0) {
			follow(w);
			continue;
		}
		/* Other faults are each command's own answer: it carries them. */
		if (fleet_run(w->fleet, batch, n) == FAULT_UNKNOWN)
			stop_unknown(w->fleet);
		batch_give(w, batch, n, uv_hrtime() - from_ns);
	}
}

/* Hands every answer to whoever asked. */
static void answers_deliver(struct writer *w)
{
	uv_mutex_lock(&w->mutex);
	struct queue answered = w->answered;
	w->answered = (struct queue){0};
	bool some = answered.first != NULL || w->followed;
	w->followed = false;
	uv_mutex_unlock(&w->mutex);
	for (struct command *c; (c = queue_take(&answered)) != NULL;)
		c->done(c);
	if (some && w->hooks.batch_answered)
		w->hooks.batch_answered(w->hooks.context);
}

static void on_wake(uv_async_t *wake)
{
	answers_deliver((struct writer *)wake);
}

struct writer *writer_open(uv_loop_t *loop, struct fleet *fleet, const struct writer_hooks *hooks)
{
	struct writer *w = calloc(1, sizeof *w);
	if (!w)
		return NULL;
	w->fleet = fleet;
	w->hooks = *hooks;
	w->waiting_max = WRITER_WAITING_MAX;
	w->fleet_counts = *fleet_counts(fleet);
	if (uv_mutex_init(&w->mutex) != 0 || uv_cond_init(&w->some) != 0 ||
		uv_async_init(loop, &w->wake, on_wake) != 0) {
		free(w);
		return NULL;
	}
	/* Nothing below can be undone halfway: without a thread the process cannot serve at all. */
	ASSERT(uv_thread_create(&w->thread, thread_main, w) == 0);
	return w;
}

void writer_limit(struct writer *w, uint32_t waiting_max)
{
	uv_mutex_lock(&w->mutex);
	w->waiting_max = waiting_max;
	uv_mutex_unlock(&w->mutex);
}

bool writer_submit(struct writer *w, struct command *c)
{
	ASSERT(c->done);
	uv_mutex_lock(&w->mutex);
	bool room = w->waiting.len < w->waiting_max && !w->closing;
	if (room) {
		c->queued_ns = uv_hrtime();
		queue_add(&w->waiting, c);
		w->submitted++;
		if (!w->owed_since_ns)
			w->owed_since_ns = uv_hrtime();
		uv_cond_signal(&w->some);
	} else {
		w->refused_full++;
	}
	uv_mutex_unlock(&w->mutex);
	return room;
}

bool writer_drop(struct writer *w, struct command *c)
{
	uv_mutex_lock(&w->mutex);
	bool waited = queue_drop(&w->waiting, c);
	if (waited) {
		c->outcome = FAULT_BUSY;
		queue_add(&w->answered, c);
		w->dropped++;
	}
	uv_mutex_unlock(&w->mutex);
	if (waited)
		uv_async_send(&w->wake);
	return waited;
}

static void wake_to_follow(struct writer *w, bool *which)
{
	if (!w->hooks.follow_ms)
		return;
	uv_mutex_lock(&w->mutex);
	*which = true;
	uv_cond_signal(&w->some);
	uv_mutex_unlock(&w->mutex);
}

void writer_follow(struct writer *w)
{
	wake_to_follow(w, &w->follow);
}

void writer_hint(struct writer *w)
{
	wake_to_follow(w, &w->hinted);
}

static void on_closed(uv_handle_t *handle)
{
	free((struct writer *)handle);
}

void writer_close(struct writer *w)
{
	if (!w)
		return;
	uv_mutex_lock(&w->mutex);
	w->closing = true;
	uv_cond_signal(&w->some);
	uv_mutex_unlock(&w->mutex);
	uv_thread_join(&w->thread);
	answers_deliver(w);
	ASSERT(!w->waiting.first && !w->answered.first);
	uv_mutex_destroy(&w->mutex);
	uv_cond_destroy(&w->some);
	uv_close((uv_handle_t *)&w->wake, on_closed);
}

bool writer_is_alive(struct writer *w, uint64_t within_ms)
{
	uv_mutex_lock(&w->mutex);
	uint64_t since = w->owed_since_ns;
	uv_mutex_unlock(&w->mutex);
	return !since || uv_hrtime() - since <= within_ms * 1000000;
}

void writer_counts(struct writer *w, struct writer_counts *out)
{
	uv_mutex_lock(&w->mutex);
	*out = (struct writer_counts){
		.waiting = w->waiting.len,
		.waiting_max = w->waiting_max,
		.submitted = w->submitted,
		.refused_full = w->refused_full,
		.dropped = w->dropped,
		.fleet = w->fleet_counts,
		.sizes = w->sizes,
		.took = w->took,
	};
	uv_mutex_unlock(&w->mutex);
}
