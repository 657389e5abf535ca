/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/imports.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/file.h"
#include "server/route.h"

enum { TELL_MS = 250, FRAME_BYTES = 400 };
#define WHO_LOOKS (ROLE_BIT(ROLE_WARRANTY) | ROLE_BIT(ROLE_AUDITOR) | ROLE_BIT(ROLE_ADMIN))

struct imports {
	uv_async_t wake; /* first: the handle's memory is ours */
	uv_timer_t tell;
	uv_mutex_t mutex;	 /* of each job's `finished` */
	struct events *events;	 /* borrowed */
	struct import_job *jobs; /* owned, the newest first */
	struct imports_counts counts;
	void (*stopped)(void *context);
	void *context;
	bool stopping;
	int handles;
};

/* ---- what streams hear ---- */

/* No more than what anybody may know who may look: no name of a file, nothing that stands in it. */
static void tell(struct imports *all, struct import_job *job)
{
	char frame[FRAME_BYTES];
	struct job_report *r = &job->report;

	uv_mutex_lock(&job->mutex);
	int n = snprintf(frame, sizeof frame,
		"event: import\ndata: {\"all\":%" PRIu64 ",\"done\":%" PRIu64
		",\"import\":\"%s\",\"state\":\"%s\"}\n\n",
		r->all, r->done, job->record.id, import_state_name(r->state));
	uv_mutex_unlock(&job->mutex);
	ASSERT(n > 0 && (size_t)n < sizeof frame);
	events_tell(all->events, WHO_LOOKS, (struct str){frame, (size_t)n});
}

static void on_tell(uv_timer_t *timer)
{
	struct imports *all = timer->data;

	for (struct import_job *job = all->jobs; job; job = job->next)
		if (job->on_thread && !job->dry_run)
			tell(all, job);
}

/* ---- their way ---- */

static void thread_main(void *context)
{
	struct import_job *job = context;
	struct imports *all = job->keeper;
	sigset_t every;

	sigfillset(&every);
	pthread_sigmask(SIG_BLOCK, &every, NULL);
	import_job_run(job);
	uv_mutex_lock(&all->mutex);
	job->finished = true;
	uv_mutex_unlock(&all->mutex);
	uv_async_send(&all->wake);
}

static void start(struct imports *all, struct import_job *job)
{
	ASSERT(uv_thread_create(&job->thread, thread_main, job) == 0);
	job->on_thread = true;
	all->counts.running++;
	if (!uv_is_active((uv_handle_t *)&all->tell))
		uv_timer_start(&all->tell, on_tell, TELL_MS, TELL_MS);
}

static bool is_waiting(const struct import_job *job)
{
	return !job->on_thread && job->report.state == IMPORT_WAITING;
}

/* The oldest of those that wait. */
static struct import_job *first_waiting(struct imports *all)
{
	struct import_job *found = NULL;

	for (struct import_job *job = all->jobs; job; job = job->next)
		if (is_waiting(job))
			found = job;
	return found;
}

static void start_more(struct imports *all)
{
	while (all->counts.running < IMPORTS_RUNNING_MAX && !all->stopping) {
		struct import_job *job = first_waiting(all);
		if (!job)
			break;
		all->counts.waiting--;
		start(all, job);
	}
}

/* Files of rejected rows and jobs that are over go, the oldest first, where there are too many. */
static void forget_old(struct imports *all)
{
	uint64_t bytes = 0;
	uint32_t n = 0;

	for (struct import_job **at = &all->jobs; *at;) {
		struct import_job *job = *at;
		bool over = !job->on_thread && !is_waiting(job);
		bytes += over ? job->report.rejected.n : 0; /* else it is the thread's still */
		if (over && bytes > IMPORTS_REJECTED_BYTES_MAX) {
			bytes -= job->report.rejected.n;
			file_free(job->report.rejected);
			job->report.rejected = STR_NULL;
		}
		if (over && ++n > IMPORTS_KEPT_MAX) {
			*at = job->next;
			import_job_free(job);
		} else {
			at = &job->next;
		}
	}
}

static void count(struct imports *all, const struct import_job *job)
{
	const struct job_report *r = &job->report;

	all->counts.rows += job->dry_run ? 0 : r->created + r->changed;
	all->counts.done += r->state == IMPORT_DONE;
	all->counts.failed += r->state == IMPORT_FAILED;
	all->counts.stopped += r->state == IMPORT_STOPPED;
}

static void over(struct imports *all, struct import_job *job)
{
	count(all, job);
	if (!job->dry_run)
		tell(all, job);
	if (job->over)
		job->over(job, job->over_context);
	job->over = NULL;
}

static void when_stopped(struct imports *all)
{
	void (*stopped)(void *context) = all->stopped;

	if (!all->stopping || all->counts.running > 0 || !stopped)
		return;
	all->stopped = NULL;
	stopped(all->context);
}

static struct import_job *take_finished(struct imports *all)
{
	struct import_job *found = NULL;

	uv_mutex_lock(&all->mutex);
	for (struct import_job *job = all->jobs; job && !found; job = job->next)
		if (job->finished) {
			job->finished = false;
			found = job;
		}
	uv_mutex_unlock(&all->mutex);
	return found;
}

static void on_wake(uv_async_t *wake)
{
	struct imports *all = (struct imports *)wake;

	for (struct import_job *job; (job = take_finished(all)) != NULL;) {
		uv_thread_join(&job->thread);
		job->on_thread = false;
		all->counts.running--;
		over(all, job);
	}
	start_more(all);
	if (all->counts.running == 0)
		uv_timer_stop(&all->tell);
	forget_old(all);
	when_stopped(all);
}

enum outcome imports_add(struct imports *all, struct import_job *job)
{
	if (all->stopping || (all->counts.running >= IMPORTS_RUNNING_MAX &&
				     all->counts.waiting >= IMPORTS_WAITING_MAX)) {
		all->counts.refused_full++;
		return FAULT_BUSY;
	}
	job->keeper = all;
	job->next = all->jobs;
	all->jobs = job;
	all->counts.waiting++;
	start_more(all);
	return OK;
}

struct import_job *imports_next(struct imports *all, struct import_job *after)
{
	return after ? after->next : all->jobs;
}

struct import_job *imports_find(struct imports *all, struct str id)
{
	for (struct import_job *job = all->jobs; job; job = job->next)
		if (str_is(id, job->record.id))
			return job;
	return NULL;
}

void imports_counts(const struct imports *all, struct imports_counts *out)
{
	*out = all->counts;
}

/* ---- their life ---- */

struct imports *imports_open(uv_loop_t *loop, struct events *events)
{
	struct imports *all = calloc(1, sizeof *all);

	if (!all)
		return NULL;
	if (uv_mutex_init(&all->mutex) != 0 || uv_async_init(loop, &all->wake, on_wake) != 0) {
		free(all);
		return NULL;
	}
	uv_timer_init(loop, &all->tell);
	all->tell.data = all;
	all->wake.data = all;
	all->handles = 2;
	all->events = events;
	return all;
}

static void job_stop(struct imports *all, struct import_job *job)
{
	atomic_store(&job->stop, true);
	if (!is_waiting(job))
		return;
	import_job_state(job, IMPORT_STOPPED);
	all->counts.waiting--;
	over(all, job);
}

void imports_stop_one(struct imports *all, struct import_job *job)
{
	job->asked_to_stop = true;
	job_stop(all, job);
}

void imports_stop(struct imports *all, void (*stopped)(void *context), void *context)
{
	all->stopping = true;
	all->stopped = stopped;
	all->context = context;
	for (struct import_job *job = all->jobs; job; job = job->next)
		job_stop(all, job);
	when_stopped(all);
}

static void on_closed(uv_handle_t *handle)
{
	struct imports *all = handle->data;

	if (--all->handles > 0)
		return;
	for (struct import_job *job = all->jobs, *next; job; job = next) {
		next = job->next;
		import_job_free(job);
	}
	uv_mutex_destroy(&all->mutex);
	free(all);
}

void imports_close(struct imports *all)
{
	if (!all)
		return;
	ASSERT(all->counts.running == 0);
	uv_close((uv_handle_t *)&all->tell, on_closed);
	uv_close((uv_handle_t *)&all->wake, on_closed);
}
