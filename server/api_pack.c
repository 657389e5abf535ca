/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* GET /v1/audit/pack: an audit pack (fleet/pack.h), made on a thread beside the loop, so that no
 * request waits behind it, then sent no faster than the client takes it. */

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#include "fleet/pack.h"
#include "fleet/roster.h"
#include "rules/vin.h"
#include "server/respond.h"

enum {
	TURN_MS = 2,
	LOOK_MS = 50, /* while it is packed: whether it is still wanted */
	WAITING_MAX = 256 << 10,
	PACK_CHUNK_BYTES = 128 << 10,
};

struct pack_job {
	uv_timer_t turn; /* first: the handle's memory is ours */
	struct work work;
	struct call *call;
	struct exchange *x; /* held */
	struct pack *pack;  /* while it is packed: the thread's */
	atomic_bool stop;
	uint64_t at;
	bool packing, streaming, gone, answered;
};

static void on_closed(uv_handle_t *handle)
{
	free((struct pack_job *)handle);
}

static void job_end(struct pack_job *j)
{
	j->call->api->packs--;
	pack_close(j->pack);
	exchange_release(j->x);
	uv_close((uv_handle_t *)&j->turn, on_closed);
}

static void on_gone(void *context)
{
	struct pack_job *j = context;
	j->gone = true;
}

/* ---- on the thread, and back ---- */

static struct pack_job *job_of(struct work *work)
{
	return (struct pack_job *)((char *)work - offsetof(struct pack_job, work));
}

static void packing_run(struct work *work)
{
	struct pack_job *j = job_of(work);

	while (!atomic_load(&j->stop) && pack_step(j->pack))
		;
}

static void on_turn(uv_timer_t *timer);

static void packing_done(struct work *work)
{
	struct pack_job *j = job_of(work);

	j->packing = false;
	uv_timer_start(&j->turn, on_turn, 0, TURN_MS);
}

/* ---- the answer ---- */

static void answer_begin(struct pack_job *j)
{
	const struct pack *p = j->pack;

	if (p->phase < PACK_DONE) { /* it was stopped */
		respond_refused(j->call, FAULT_BUSY, STR("the server stops: ask the next one"));
		j->answered = true;
		return;
	}
	if (p->phase == PACK_FAILED) {
		respond_refused(
			j->call, p->nothing ? REFUSED_NOT_FOUND : FAULT_CORRUPT, str_from(p->why));
		j->answered = true;
		return;
	}
	j->streaming = respond_stream(j->call, STR("application/x-tar"), on_gone, j);
	if (!j->streaming) {
		respond_refused(j->call, FAULT_BUSY, STR("too many streams are open"));
		j->answered = true;
	}
}

static void send_chunk(struct pack_job *j)
{
	uint64_t left = pack_size(j->pack) - j->at;
	size_t n = left < PACK_CHUNK_BYTES ? (size_t)left : PACK_CHUNK_BYTES;
	char *chunk = malloc(PACK_CHUNK_BYTES);

	if (!chunk || !pack_read(j->pack, j->at, chunk, n)) {
		exchange_stream_stop(j->x);
	} else {
		(void)exchange_stream_write(j->x, (struct str){chunk, n});
		j->at += n;
	}
	free(chunk);
}

static void on_turn(uv_timer_t *timer)
{
	struct pack_job *j = (struct pack_job *)timer;

	bool gone = j->gone || j->answered || exchange_is_gone(j->x);
	if (j->packing) {
		if (gone || j->call->api->draining ||
			!call_may_go_on(j->call, j->pack->filter.site))
			atomic_store(&j->stop, true);
	} else if (gone) {
		job_end(j);
	} else if (!call_may_go_on(j->call, j->pack->filter.site)) {
		if (j->streaming)
			exchange_stream_stop(j->x);
		else
			respond_refused(j->call, REFUSED_ROLE, STR_NULL);
		j->answered = !j->streaming;
	} else if (!j->streaming) {
		answer_begin(j);
	} else if (exchange_stream_waiting(j->x) < WAITING_MAX) {
		if (j->at < pack_size(j->pack))
			send_chunk(j);
		else
			exchange_stream_end(j->x);
	}
}

void api_pack(struct call *call)
{
	const struct query *q = &call->query;
	struct claim_filter f = {.site = query_text(q, "site"), .vin = query_text(q, "vin")};
	const struct roster *roster = call_site(call, f.site);
	char normal[VIN_TEXT];
	struct pack_job *j;

	if (!roster || !call_span(call, roster->zone, 0, &f.span))
		return;
	if (f.vin.p && vin_check(normal, f.vin, false) == VIN_GOOD)
		f.vin = arena_copy(call->arena, str_from(normal));
	respond_seq(call, f.site); /* it holds that at least */
	call_look_end(call);
	j = call->api->packs < PACKS_MAX ? calloc(1, sizeof *j) : NULL;
	if (j)
		j->pack = pack_open(call->api->fleet, &f, true);
	if (j)
		j->work = (struct work){.run = packing_run, .done = packing_done};
	if (!j || !j->pack || !lane_add(&call->api->packing, &j->work)) {
		if (j)
			pack_close(j->pack);
		free(j);
		respond_refused(
			call, FAULT_BUSY, STR("too many packs are being made: ask again soon"));
		return;
	}
	j->call = call;
	j->x = call->x;
	call->api->packs++;
	j->packing = true;
	exchange_hold(j->x);
	uv_timer_init(call->api->packing.loop, &j->turn);
	uv_timer_start(&j->turn, on_turn, LOOK_MS, LOOK_MS);
}
