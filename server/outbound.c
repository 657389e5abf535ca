/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/outbound.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "fleet/rosters.h"
#include "server/reload.h"
#include "server/writer.h"

enum { LOOK_MS = 1000 };

struct outbound {
	uv_timer_t timer; /* the handle's memory is ours */
	uv_work_t work;
	struct fleet *fleet;	       /* borrowed */
	struct writer *writer;	       /* borrowed */
	const struct settings *config; /* borrowed until the next */
	struct rosters *rosters;       /* owned: the thread's */
	struct webhooks *webhooks;     /* owned */
	struct messages *messages;     /* owned */
	bool running, closed, timer_gone;
	bool hooks, mails; /* what the run under way does */
	bool more;
	uint32_t unanswered; /* commands of its end */
	atomic_bool given_up;
};

bool outbound_site_next(struct fleet *fleet, struct rosters *own, char at[ID_MAX + 1])
{
	struct key prefix = key_row_prefix(ROW_SITE);
	struct key from = at[0] ? key_row(ROW_SITE, str_from(at)) : prefix;
	struct str id = STR_NULL;
	size_t behind = prefix.n;
	struct arena a;
	struct cursor c;
	struct view v;
	struct txn t;

	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look_beside(fleet, own, &v, &t, &a);
	cursor_open(&c, v.txn, DB_ROWS);
	bool some = cursor_seek(&c, key_str(&from));
	if (some && at[0] && str_eq(c.key, key_str(&from)))
		some = cursor_next(&c);
	some = some && cursor_within(&c, key_str(&prefix)) && key_take_text(c.key, &behind, &id);
	snprintf(at, ID_MAX + 1, "%.*s", some ? (int)id.n : 0, some ? id.p : "");
	cursor_close(&c);
	fleet_look_end(&v);
	arena_deinit(&a);
	return some;
}

static void free_when_over(struct outbound *o)
{
	if (!o->closed || !o->timer_gone || o->running)
		return;
	webhooks_close(o->webhooks);
	messages_close(o->messages);
	rosters_free(o->rosters);
	curl_global_cleanup();
	free(o);
}

static void on_thread(uv_work_t *work)
{
	struct outbound *o = work->data;

	rosters_forget(o->rosters);
	if (o->mails)
		messages_run(o->messages);
	if (o->hooks)
		webhooks_run(o->webhooks);
}

static void on_time(uv_timer_t *timer);

static void run_over(struct outbound *o)
{
	o->running = false;
	if (o->more && !o->closed)
		on_time(&o->timer); /* not at the next look: there is more to send */
	free_when_over(o);
}

static void on_answer(struct command *c)
{
	struct outbound *o = c->context;

	o->more |= messages_answered(o->messages, c);
	command_free(c);
	if (--o->unanswered == 0)
		run_over(o);
}

/* What became of each message is an entry, before the next run looks. */
static void steps_submit(struct outbound *o)
{
	struct command *c;

	while ((c = messages_step(o->messages)) != NULL) {
		c->context = o;
		c->done = on_answer;
		o->unanswered++;
		if (!writer_submit(o->writer, c)) {
			o->unanswered--;
			command_free(c); /* the next run finds it as it was */
		}
	}
}

static void on_done(uv_work_t *work, int status)
{
	struct outbound *o = work->data;
	uint64_t now_ms = uv_now(o->timer.loop);

	(void)status;
	o->more = o->hooks && webhooks_end(o->webhooks, now_ms);
	o->more |= o->mails && messages_end(o->messages, now_ms);
	if (o->mails && !o->closed)
		steps_submit(o);
	if (o->unanswered == 0)
		run_over(o);
}

static void on_time(uv_timer_t *timer)
{
	struct outbound *o = timer->data;
	uint64_t now_ms = uv_now(timer->loop);

	if (o->running || o->closed)
		return;
	o->more = false;
	o->hooks = webhooks_begin(o->webhooks, o->config, now_ms);
	o->mails = messages_begin(o->messages, o->config, now_ms);
	if (o->hooks || o->mails)
		o->running = uv_queue_work(timer->loop, &o->work, on_thread, on_done) == 0;
}

/* ---- its life ---- */

struct outbound *outbound_open(
	uv_loop_t *loop, struct fleet *fleet, struct writer *writer, const struct settings *from)
{
	struct outbound *o = calloc(1, sizeof *o);

	if (!o || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(o);
		return NULL;
	}
	o->fleet = fleet;
	o->writer = writer;
	o->config = from;
	o->rosters = rosters_new();
	o->webhooks = webhooks_open(fleet, o->rosters, &o->given_up);
	o->messages = messages_open(fleet, o->rosters, &o->given_up);
	ASSERT(o->rosters && o->webhooks && o->messages);
	uv_timer_init(loop, &o->timer);
	o->timer.data = o->work.data = o;
	uv_timer_start(&o->timer, on_time, LOOK_MS, LOOK_MS);
	on_time(&o->timer);
	return o;
}

void outbound_use(struct outbound *o, const struct settings *from)
{
	o->config = from;
	webhooks_at_once(o->webhooks);
	messages_at_once(o->messages);
}

void outbound_counts(
	const struct outbound *o, struct webhook_counts *hooks, struct message_counts *messages)
{
	if (hooks)
		webhooks_counts(o->webhooks, hooks);
	if (messages)
		messages_counts(o->messages, messages);
}

static void on_closed(uv_handle_t *handle)
{
	struct outbound *o = handle->data;

	o->timer_gone = true;
	free_when_over(o);
}

void outbound_close(struct outbound *o)
{
	if (!o || o->closed)
		return;
	o->closed = true;
	atomic_store(&o->given_up, true);
	uv_close((uv_handle_t *)&o->timer, on_closed);
}
