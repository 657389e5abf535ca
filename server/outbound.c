/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/outbound.h"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#include "fleet/rosters.h"
#include "server/reload.h"
#include "server/writer.h"

enum { LOOK_MS = 1000, HOOKS_MAX = 1 + WEBHOOKS_MAX };

struct outbound {
	uv_timer_t timer; /* the handle's memory is ours */
	uv_work_t work;
	struct fleet *fleet;	       /* borrowed */
	struct writer *writer;	       /* borrowed */
	const struct settings *config; /* borrowed until the next */
	struct rosters *rosters;       /* owned: the thread's */
	struct webhook_list *list;     /* owned */
	struct hook {
		char id[WEBHOOK_NAME_LEN + 1];
		struct webhooks *hooks; /* owned; NULL: the place is free */
		bool runs;		/* in the run under way */
	} hook[HOOKS_MAX];		/* the first is the configuration's */
	struct messages *messages;	/* owned */
	bool running, closed, timer_gone;
	bool mails; /* in the run under way */
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
	for (int i = 0; i < HOOKS_MAX; i++)
		webhooks_close(o->hook[i].hooks);
	webhook_list_close(o->list);
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
	for (int i = 0; i < HOOKS_MAX; i++)
		if (o->hook[i].runs)
			webhooks_run(o->hook[i].hooks);
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
	for (int i = 0; i < HOOKS_MAX; i++)
		o->more |= o->hook[i].runs && webhooks_end(o->hook[i].hooks, now_ms);
	o->more |= o->mails && messages_end(o->messages);
	if (o->mails && !o->closed)
		steps_submit(o);
	if (o->unanswered == 0)
		run_over(o);
}

/* ---- which other systems there are ---- */

static struct hook *hook_of(struct outbound *o, const char *id)
{
	struct hook *place = NULL;

	for (int i = 1; i < HOOKS_MAX; i++) {
		if (o->hook[i].hooks && strcmp(o->hook[i].id, id) == 0)
			return &o->hook[i];
		if (!o->hook[i].hooks && !place)
			place = &o->hook[i];
	}
	if (!place)
		return NULL;
	snprintf(place->id, sizeof place->id, "%.*s", WEBHOOK_NAME_LEN, id);
	place->hooks = webhooks_open(o->fleet, o->rosters, &o->given_up);
	return place->hooks ? place : NULL;
}

/* Those that were removed make room first. */
static void hooks_drop(
	struct outbound *o, const struct webhook_made made[WEBHOOKS_MAX], uint32_t len)
{
	for (int i = 1; i < HOOKS_MAX; i++) {
		bool there = false;
		for (uint32_t k = 0; k < len; k++)
			there |= strcmp(o->hook[i].id, made[k].id) == 0;
		if (there || !o->hook[i].hooks)
			continue;
		webhook_list_forget(o->list, str_from(o->hook[i].id));
		webhooks_close(o->hook[i].hooks);
		o->hook[i] = (struct hook){.hooks = NULL};
	}
}

static bool hooks_begin(struct outbound *o, uint64_t now_ms)
{
	struct webhook_made made[WEBHOOKS_MAX];
	const struct config *c = &o->config->config;
	struct webhook_target to = {.id = "",
		.url = c->webhook_url,
		.data = c->data,
		.key = &o->config->webhook_key,
		.private_allowed = c->webhook_private > 0};
	uint32_t len = webhook_list_all(o->list, made);
	bool some = o->hook[0].runs = webhooks_begin(o->hook[0].hooks, &to, now_ms);

	hooks_drop(o, made, len);
	for (uint32_t i = 0; i < len; i++) {
		struct hook *h = hook_of(o, made[i].id);
		if (!h)
			continue;
		to.id = made[i].id;
		to.url = made[i].url;
		to.key = &made[i].key;
		h->runs = webhooks_begin(h->hooks, &to, now_ms);
		some |= h->runs;
	}
	OPENSSL_cleanse(made, sizeof made);
	return some;
}

static void on_time(uv_timer_t *timer)
{
	struct outbound *o = timer->data;
	uint64_t now_ms = uv_now(timer->loop);

	if (o->running || o->closed)
		return;
	o->more = false;
	bool hooks = hooks_begin(o, now_ms);
	o->mails = messages_begin(o->messages, o->config);
	if (hooks || o->mails)
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
	o->list = webhook_list_open(from->config.data, fleet_people(fleet));
	o->hook[0].hooks = webhooks_open(fleet, o->rosters, &o->given_up);
	o->messages = messages_open(fleet, o->rosters, &o->given_up);
	ASSERT(o->rosters && o->list && o->hook[0].hooks && o->messages);
	uv_timer_init(loop, &o->timer);
	o->timer.data = o->work.data = o;
	uv_timer_start(&o->timer, on_time, LOOK_MS, LOOK_MS);
	on_time(&o->timer);
	return o;
}

void outbound_use(struct outbound *o, const struct settings *from)
{
	o->config = from;
	for (int i = 0; i < HOOKS_MAX; i++)
		if (o->hook[i].hooks)
			webhooks_at_once(o->hook[i].hooks);
	messages_at_once(o->messages);
}

/* All of them together; the sentence is of one that fails. */
static void hooks_sum(const struct outbound *o, struct webhook_counts *out)
{
	*out = (struct webhook_counts){.wanted = false};
	for (int i = 0; i < HOOKS_MAX; i++) {
		struct webhook_counts c = {.wanted = false};
		if (o->hook[i].hooks)
			webhooks_counts(o->hook[i].hooks, &c);
		out->wanted |= c.wanted;
		out->sent += c.sent;
		out->failed += c.failed;
		if (c.failed_in_a_row > out->failed_in_a_row)
			out->failed_in_a_row = c.failed_in_a_row;
		if (c.last_at_s > out->last_at_s)
			out->last_at_s = c.last_at_s;
		if (c.last_failed && !out->last_failed)
			memcpy(out->why, c.why, sizeof out->why);
		out->last_failed |= c.last_failed;
	}
}

void outbound_counts(
	const struct outbound *o, struct webhook_counts *hooks, struct message_counts *messages)
{
	if (hooks)
		hooks_sum(o, hooks);
	if (messages)
		messages_counts(o->messages, messages);
}

bool outbound_hook_counts(const struct outbound *o, const char *id, struct webhook_counts *out)
{
	for (int i = 1; i < HOOKS_MAX; i++)
		if (o->hook[i].hooks && strcmp(o->hook[i].id, id) == 0) {
			webhooks_counts(o->hook[i].hooks, out);
			return true;
		}
	return false;
}

struct webhook_list *outbound_list(struct outbound *o)
{
	return o->list;
}

const atomic_bool *outbound_given_up(const struct outbound *o)
{
	return &o->given_up;
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
