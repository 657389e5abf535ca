/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/events.h"

#include <inttypes.h>
#include <stdlib.h>

#include "fleet/render.h"
#include "server/respond.h"

enum {
	PUMP_ENTRIES_MAX = 256, /* in one turn of the loop, all streams together */
	PUMP_SHARE_MAX = 64,	/* of them for one stream, so that one far behind delays nobody */
	PUMP_AGAIN_MS = 20,
	RIGHTS_MS = 250,		/* with AUTH_CACHE_MS less than a second */
	STREAM_WAITING_MAX = 256 << 10, /* a slow reader gets no more until it has read */
	EVENT_ID_DIGITS_MAX = 15,
};

struct stream {
	struct stream *next;
	struct exchange *x; /* borrowed until it is gone, as the call that lives in it */
	struct call *call;
	char site[ID_MAX + 1];
	uint64_t next_seq;
	bool gone;
};

struct events {
	uv_timer_t beat; /* first: the memory is the handles' */
	uv_timer_t again;
	uv_timer_t rights;
	struct fleet *fleet; /* borrowed */
	struct stream *streams;
	bool pumping, closing;
	int handles;
};

static void streams_sweep(struct events *e)
{
	for (struct stream **at = &e->streams; *at;) {
		struct stream *s = *at;
		if (s->gone) {
			*at = s->next;
			free(s);
		} else {
			at = &s->next;
		}
	}
}

/* A client may leave while we write to it: then only the mark, the list is swept afterwards. */
static void on_gone(void *context)
{
	struct stream *s = context;
	s->gone = true;
	s->x = NULL;
}

/* Sends entries up to the head, the budget or the client's patience. True: there is more. */
static bool stream_pump(struct stream *s, struct view *v, uint32_t *budget)
{
	struct journal_head head;
	if (!journal_head(v->txn, str_from(s->site), &head))
		return false;
	while (!s->gone && s->next_seq <= head.seq) {
		if (!*budget || exchange_stream_waiting(s->x) > STREAM_WAITING_MAX)
			return true;
		struct str data = render_event(v, str_from(s->site), s->next_seq);
		struct str frame =
			arena_printf(v->arena, "id: %" PRIu64 "\nevent: entry\ndata: %.*s\n\n",
				s->next_seq, STR_FMT(data));
		if (!data.p || !frame.p) {
			exchange_stream_end(s->x);
			return false;
		}
		exchange_stream_write(s->x, frame);
		s->next_seq++;
		--*budget;
	}
	return false;
}

static void on_again(uv_timer_t *timer)
{
	events_pump(timer->data);
}

/* The streams from `first` on come before those ahead of it: next turn it is their turn. */
static void streams_rotate(struct events *e, struct stream *first)
{
	struct stream **at = &e->streams;
	struct stream *ahead = e->streams;
	if (!first || first == ahead)
		return;
	while (*at != first)
		at = &(*at)->next;
	*at = NULL;
	e->streams = first;
	for (at = &first->next; *at;)
		at = &(*at)->next;
	*at = ahead;
}

static bool streams_pump(struct events *e)
{
	struct arena a;
	struct view v;
	struct txn t;
	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(e->fleet, &v, &t, &a);
	uint32_t left = PUMP_ENTRIES_MAX;
	struct stream *unserved = NULL;
	bool more = false;
	for (struct stream *s = e->streams; s && !unserved; s = s->next) {
		uint32_t share = left < PUMP_SHARE_MAX ? left : PUMP_SHARE_MAX;
		uint32_t budget = share;
		if (!share)
			unserved = s;
		else if (!s->gone && stream_pump(s, &v, &budget))
			more = true;
		left -= share - budget;
	}
	fleet_look_end(&v);
	arena_deinit(&a);
	streams_rotate(e, unserved);
	return more || unserved;
}

void events_pump(struct events *e)
{
	/* Somebody is far behind: the timer goes on with all, so that resuming streams cost the
	 * loop no more than their share however many batches are answered meanwhile. */
	if (e->pumping || e->closing || uv_is_active((uv_handle_t *)&e->again))
		return;
	e->pumping = true;
	streams_sweep(e);
	if (e->streams && streams_pump(e))
		uv_timer_start(&e->again, on_again, PUMP_AGAIN_MS, 0);
	streams_sweep(e);
	e->pumping = false;
}

void events_tell(struct events *e, uint32_t roles, struct str frame)
{
	if (e->closing)
		return;
	bool pumping = e->pumping;
	e->pumping = true;
	for (struct stream *s = e->streams; s; s = s->next)
		if (!s->gone && (roles & ROLE_BIT(s->call->actor.role)) &&
			s->call->actor.sites_len == 0 &&
			exchange_stream_waiting(s->x) <= STREAM_WAITING_MAX)
			exchange_stream_write(s->x, frame);
	e->pumping = pumping;
}

static void on_beat(uv_timer_t *timer)
{
	struct events *e = timer->data;
	e->pumping = true;
	for (struct stream *s = e->streams; s; s = s->next)
		if (!s->gone)
			exchange_stream_write(s->x, STR(": still here\n\n"));
	e->pumping = false;
	events_pump(e);
}

/* Whoever may not listen any more hears nothing more. */
static void on_rights(uv_timer_t *timer)
{
	struct events *e = timer->data;
	e->pumping = true;
	for (struct stream *s = e->streams; s; s = s->next)
		if (!s->gone && !call_may_go_on(s->call, str_from(s->site)))
			exchange_stream_stop(s->x);
	streams_sweep(e);
	e->pumping = false;
}

struct events *events_open(uv_loop_t *loop, struct fleet *fleet)
{
	struct events *e = calloc(1, sizeof *e);
	if (!e)
		return NULL;
	e->fleet = fleet;
	uv_timer_init(loop, &e->beat);
	uv_timer_init(loop, &e->again);
	uv_timer_init(loop, &e->rights);
	e->beat.data = e;
	e->again.data = e;
	e->rights.data = e;
	e->handles = 3;
	uv_timer_start(&e->rights, on_rights, RIGHTS_MS, RIGHTS_MS);
	uv_timer_start(&e->beat, on_beat, EVENTS_BEAT_MS, EVENTS_BEAT_MS);
	return e;
}

static void on_closed(uv_handle_t *handle)
{
	struct events *e = handle->data;
	if (--e->handles == 0)
		free(e);
}

void events_close(struct events *e)
{
	if (!e)
		return;
	e->closing = true;
	streams_sweep(e);
	ASSERT(!e->streams);
	uv_close((uv_handle_t *)&e->beat, on_closed);
	uv_close((uv_handle_t *)&e->again, on_closed);
	uv_close((uv_handle_t *)&e->rights, on_closed);
}

/* Last-Event-ID: the last entry the client has. False: it is not a number of ours. */
static bool last_id_read(struct str header, uint64_t *seq)
{
	*seq = 0;
	if (!header.n || header.n > EVENT_ID_DIGITS_MAX)
		return false;
	for (size_t i = 0; i < header.n; i++) {
		if (header.p[i] < '0' || header.p[i] > '9')
			return false;
		*seq = *seq * 10 + (uint64_t)(header.p[i] - '0');
	}
	return true;
}

/* The first words of a stream: how long to wait before coming back, and where it stands. A client
 * that is too far behind, or ahead of us after a restore, is told to read the board again. */
static struct str stream_greeting(struct arena *a, bool reset, uint64_t head)
{
	if (!reset)
		return arena_printf(a, "retry: %d\n\n", EVENTS_RETRY_MS);
	return arena_printf(a,
		"retry: %d\n\nid: %" PRIu64 "\nevent: reset\ndata: {\"seq\":%" PRIu64 "}\n\n",
		EVENTS_RETRY_MS, head, head);
}

void api_events(struct call *call)
{
	struct str site = query_text(&call->query, "site");
	if (!call_site(call, site))
		return;
	struct journal_head head = {0};
	uint64_t seq = journal_head(call->view.txn, site, &head) ? head.seq : 0;
	call_look_end(call);

	struct str last = exchange_header(call->x, "last-event-id");
	uint64_t from = seq;
	if (last.n && !last_id_read(last, &from)) {
		respond_refused(call, REFUSED_MALFORMED,
			STR("Last-Event-ID is not a number of this stream"));
		return;
	}
	bool reset = from > seq || seq - from > EVENTS_RESUME_MAX;
	struct events *e = call->api->events;
	struct stream *s = calloc(1, sizeof *s);
	struct str greeting = stream_greeting(call->arena, reset, seq);
	if (!s || !greeting.p) {
		free(s);
		respond_refused(call, FAULT_MEMORY, STR_NULL);
		return;
	}
	memcpy(s->site, site.p, site.n); /* at most ID_MAX: query_read checked it */
	s->next_seq = (reset ? seq : from) + 1;
	s->x = call->x;
	s->call = call;
	if (!exchange_stream(call->x, STR("text/event-stream"), on_gone, s)) {
		free(s);
		respond_refused(call, FAULT_BUSY, STR("too many event streams are open"));
		return;
	}
	s->next = e->streams;
	e->streams = s;
	if (!s->gone)
		exchange_stream_write(s->x, greeting);
	events_pump(e);
}
