/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/export.h"

#include <stdlib.h>

#include "fleet/render.h"
#include "server/respond.h"

enum {
	PAGE_BYTES_MAX = 128 << 10,
	WAITING_MAX = 256 << 10, /* no further page while the client has this much to read */
	TURN_MS = 5,
};

struct job {
	struct job *next;
	struct exchange *x; /* borrowed until it is gone, as the call that lives in it */
	struct call *call;
	char journal[ID_MAX + 1];
	struct str site;     /* the same; STR_NULL: what all sites share */
	uint64_t seq, until; /* the next entry, and the last */
	bool gone;
};

struct exports {
	uv_timer_t turn;     /* first: the handle's memory is ours */
	struct fleet *fleet; /* borrowed */
	struct job *jobs;
	uint32_t len;
};

static void jobs_sweep(struct exports *e)
{
	for (struct job **at = &e->jobs; *at;) {
		struct job *j = *at;
		if (j->gone) {
			*at = j->next;
			free(j);
			e->len--;
		} else {
			at = &j->next;
		}
	}
}

static void on_gone(void *context)
{
	struct job *j = context;
	j->gone = true;
	j->x = NULL;
}

/* One page: entries until PAGE_BYTES_MAX are gathered. Where a line cannot be made the export ends
 * in one that is no entry, so that nobody takes a part for the whole. */
static void job_page(struct exports *e, struct job *j)
{
	struct arena a;
	struct view v;
	struct txn t;
	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(e->fleet, &v, &t, &a);
	for (size_t sent = 0; !j->gone && j->seq <= j->until && sent < PAGE_BYTES_MAX;) {
		struct str line = render_journal_line(&v, str_from(j->journal), j->seq);
		struct str with_end = line.p ? arena_printf(&a, "%.*s\n", STR_FMT(line)) : STR_NULL;
		if (!with_end.p) {
			struct env *env = fleet_env(e->fleet);
			env->log(env, "a journal export broke off: an entry cannot be read");
			exchange_stream_write(
				j->x, STR("{\"error\":\"the next entry cannot be read\"}\n"));
			j->until = 0;
			break;
		}
		exchange_stream_write(j->x, with_end);
		sent += with_end.n;
		j->seq++;
	}
	fleet_look_end(&v);
	arena_deinit(&a);
}

static void on_turn(uv_timer_t *timer)
{
	struct exports *e = (struct exports *)timer;
	for (struct job *j = e->jobs; j; j = j->next) {
		if (!j->gone && !call_may_go_on(j->call, j->site))
			exchange_stream_stop(j->x);
		if (!j->gone && j->seq <= j->until && exchange_stream_waiting(j->x) < WAITING_MAX)
			job_page(e, j);
		if (!j->gone && j->seq > j->until)
			exchange_stream_end(j->x);
	}
	jobs_sweep(e);
	if (!e->jobs)
		uv_timer_stop(&e->turn);
}

struct exports *exports_open(uv_loop_t *loop, struct fleet *fleet)
{
	struct exports *e = calloc(1, sizeof *e);
	if (!e)
		return NULL;
	e->fleet = fleet;
	uv_timer_init(loop, &e->turn);
	return e;
}

static void on_closed(uv_handle_t *handle)
{
	free((struct exports *)handle);
}

void exports_close(struct exports *e)
{
	if (!e)
		return;
	jobs_sweep(e);
	ASSERT(!e->jobs);
	uv_close((uv_handle_t *)&e->turn, on_closed);
}

void api_journal(struct call *call)
{
	struct str journal = query_text(&call->query, "site");
	if (!call_journal(call, journal))
		return;
	struct exports *e = call->api->exports;
	struct journal_head head = {0};
	uint64_t until = journal_head(call_look(call)->txn, journal, &head) ? head.seq : 0;
	respond_seq(call, str_eq(journal, JOURNAL_DIRECTORY) ? STR_NULL : journal);
	call_look_end(call);
	jobs_sweep(e);
	struct job *j = e->len < EXPORTS_MAX ? calloc(1, sizeof *j) : NULL;
	if (!j) {
		respond_refused(call, FAULT_BUSY, STR("too many journal exports are under way"));
		return;
	}
	memcpy(j->journal, journal.p, journal.n); /* at most ID_MAX: query_read checked it */
	j->seq = (uint64_t)query_int(&call->query, "from_seq", 1);
	j->until = until;
	j->x = call->x;
	j->call = call;
	j->site = str_eq(journal, JOURNAL_DIRECTORY) ? STR_NULL : str_from(j->journal);
	if (!respond_stream(call, STR("application/jsonl"), on_gone, j)) {
		free(j);
		respond_refused(call, FAULT_BUSY, STR("too many streams are open"));
		return;
	}
	j->next = e->jobs;
	e->jobs = j;
	e->len++;
	uv_timer_start(&e->turn, on_turn, 0, TURN_MS);
}
