/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/min_seq.h"

#include <stdlib.h>

#include "fleet/journal.h"
#include "server/respond.h"
#include "server/writer.h"

struct wanted {
	struct str journal;
	uint64_t seq;
};
struct waiting { /* in its exchange's arena */
	struct waiting *next;
	struct call *call;
	uint64_t until_ms;
	uint32_t len;
	struct wanted wanted[MIN_SEQ_JOURNALS_MAX];
};
struct min_seqs {
	uv_timer_t timer; /* first: the handle's memory is ours */
	struct waiting *first;
	uint32_t len;
};

/* ---- the header ---- */

static bool number_take(struct str text, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9' || *out > JSON_INT_MAX / 16)
			return false;
		*out = *out * 10 + (uint64_t)(text.p[i] - '0');
	}
	return text.n > 0;
}

static bool one_read(struct waiting *w, struct str one)
{
	const char *equals = memchr(one.p, '=', one.n);
	struct wanted *to = &w->wanted[w->len];

	if (!equals || w->len == MIN_SEQ_JOURNALS_MAX)
		return false;
	w->len++;
	to->journal = (struct str){one.p, (size_t)(equals - one.p)};
	return text_is_id(to->journal) &&
	       number_take((struct str){equals + 1, one.n - to->journal.n - 1}, &to->seq);
}

/* Elements may be empty (RFC 9110 5.6.1), all of them may not. */
static bool wanted_read(struct waiting *w, struct str header)
{
	while (header.n > 0) {
		const char *comma = memchr(header.p, ',', header.n);
		size_t n = comma ? (size_t)(comma - header.p) : header.n;
		struct str one = {header.p, n};
		while (one.n > 0 && one.p[0] == ' ') {
			one.p++;
			one.n--;
		}
		while (one.n > 0 && one.p[one.n - 1] == ' ')
			one.n--;
		if (one.n > 0 && !one_read(w, one))
			return false;
		header.p += comma ? n + 1 : n;
		header.n -= comma ? n + 1 : n;
	}
	return w->len > 0;
}

static bool is_met(struct waiting *w)
{
	struct view *v = call_look(w->call);
	bool met = true;

	for (uint32_t i = 0; i < w->len && met; i++) {
		struct journal_head head;
		met = w->wanted[i].seq == 0 || (journal_head(v->txn, w->wanted[i].journal, &head) &&
						       head.seq >= w->wanted[i].seq);
	}
	call_look_end(w->call);
	return met;
}

/* ---- waiting ---- */

/* False: it waits on. */
static bool go_on(struct waiting *w, uint64_t now_ms)
{
	struct call *call = w->call;

	if (exchange_is_gone(call->x))
		return true;
	if (is_met(w))
		call->route->handle(call);
	else if (now_ms < w->until_ms)
		return false;
	else
		respond_refused(call, FAULT_BUSY,
			STR("this server has not followed as far as Relais-Min-Seq says"));
	ASSERT(!call->looking);
	return true;
}

static void on_time(uv_timer_t *timer)
{
	struct min_seqs *m = (struct min_seqs *)timer;
	uint64_t now_ms = uv_now(timer->loop);

	for (struct waiting **at = &m->first; *at;) {
		struct waiting *w = *at;
		if (!go_on(w, now_ms)) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		m->len--;
		exchange_release(w->call->x);
	}
	if (!m->first)
		uv_timer_stop(timer);
}

static bool wait_for(struct min_seqs *m, struct waiting *w)
{
	if (m->len == MIN_SEQ_WAITING_MAX)
		return false;
	exchange_hold(w->call->x);
	w->until_ms = uv_now(m->timer.loop) + MIN_SEQ_WAIT_MS;
	w->next = m->first;
	m->first = w;
	m->len++;
	uv_timer_start(&m->timer, on_time, MIN_SEQ_LOOK_MS, MIN_SEQ_LOOK_MS);
	writer_follow(w->call->api->writer);
	return true;
}

bool min_seq_met(struct call *call)
{
	struct str header = exchange_header(call->x, "relais-min-seq");
	struct waiting *w;

	if (!header.p)
		return true;
	w = arena_alloc(call->arena, sizeof *w);
	ASSERT(w); /* a small part of a fresh arena */
	*w = (struct waiting){.call = call};
	if (!wanted_read(w, header))
		respond_refused(call, REFUSED_MALFORMED,
			STR("Relais-Min-Seq must be as Relais-Seq was: SITE=N, directory=M"));
	else if (is_met(w))
		return true;
	else if (!wait_for(call->api->min_seqs, w))
		respond_refused(call, FAULT_BUSY, STR_NULL);
	return false;
}

uint32_t min_seqs_waiting(const struct min_seqs *m)
{
	return m->len;
}

/* ---- opening ---- */

struct min_seqs *min_seqs_open(uv_loop_t *loop)
{
	struct min_seqs *m = calloc(1, sizeof *m);

	if (!m)
		return NULL;
	uv_timer_init(loop, &m->timer);
	return m;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle);
}

void min_seqs_close(struct min_seqs *m)
{
	if (!m)
		return;
	ASSERT(!m->first);
	uv_close((uv_handle_t *)&m->timer, on_closed);
}
