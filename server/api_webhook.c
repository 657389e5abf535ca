/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* /v1/webhooks: other systems that are told what changes (webhook_list.h). A webhook never changes,
 * so its revision is 1; how it goes stands in the list. */

#include <stdio.h>

#include "fleet/roster.h"
#include "server/api_people.h"
#include "server/body.h"
#include "server/outbound.h"
#include "server/respond.h"

enum { WEBHOOK_REV = 1, ANSWER_BYTES = 4 << 10, KEY_BYTES_MAX = 255 };

/* ---- what is shown ---- */

static void put_went(struct call *call, struct json_writer *w, const struct webhook_made *m)
{
	struct webhook_counts c = {.wanted = false}; /* until it has its first turn */

	(void)outbound_hook_counts(call->api->outbound, m->id, &c);
	json_kv_int(w, "failed", (int64_t)c.failed);
	json_kv_int(w, "failed_in_a_row", c.failed_in_a_row);
	if (c.last_failed)
		json_kv_str(w, "last_failure", str_from(c.why));
	people_kv_time(w, "last_sent_at", (struct instant){c.last_at_s});
	json_kv_int(w, "sent", (int64_t)c.sent);
}

/* `secret`: in the answer to whoever made it. */
static void put_webhook(struct call *call, struct json_writer *w, const struct webhook_made *m,
	bool secret, bool went)
{
	char text[WEBHOOK_SECRET_MAX];

	json_object_begin(w);
	people_kv_time(w, "created_at", m->created);
	if (went)
		put_went(call, w, m);
	if (secret) {
		webhook_secret_text(text, &m->key);
		json_kv_str(w, "secret", str_from(text));
		explicit_bzero(text, sizeof text);
	}
	json_kv_str(w, "url", str_from(m->url));
	json_kv_str(w, "webhook_id", str_from(m->id));
	json_object_end(w);
}

static struct str webhook_body(struct call *call, const struct webhook_made *m, bool secret)
{
	struct json_writer w;

	arena_writer(call->arena, &w, ANSWER_BYTES);
	put_webhook(call, &w, m, secret, false);
	return arena_written(call->arena, &w);
}

void api_webhooks(struct call *call)
{
	struct webhook_made made[WEBHOOKS_MAX];
	struct json_writer w;

	if (!people_allowed(call))
		return;
	uint32_t len = webhook_list_all(outbound_list(call->api->outbound), made);
	arena_writer(call->arena, &w, (len + 1) * ANSWER_BYTES);
	json_object_begin(&w);
	json_k(&w, "items");
	json_array_begin(&w);
	for (uint32_t i = 0; i < len; i++)
		put_webhook(call, &w, &made[i], false, true);
	json_array_end(&w);
	json_object_end(&w);
	explicit_bzero(made, sizeof made);
	respond_list(call, arena_written(call->arena, &w));
}

/* 404 was answered when false. */
static bool webhook_found(struct call *call, struct webhook_made *out)
{
	if (webhook_list_find(outbound_list(call->api->outbound), call->param[0], out))
		return true;
	respond_refused(call, REFUSED_NOT_FOUND, STR_NULL);
	return false;
}

void api_webhook(struct call *call)
{
	struct webhook_made made;

	if (people_allowed(call) && webhook_found(call, &made))
		respond_object(call, 200, WEBHOOK_REV, webhook_body(call, &made, false));
}

/* ---- what changes ---- */

struct webhook_change {
	struct people_change change; /* first */
	struct webhook_list *list;
	struct webhook_ask ask;
	struct webhook_made made;
	bool replayed, private_allowed, sent;
	struct str site;
	uint64_t entry;
	const atomic_bool *given_up;
	char why[WEBHOOK_WHY_BYTES];
};

/* NULL: it was answered. */
static struct webhook_change *change_new(struct call *call, struct json *body)
{
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	struct webhook_change *c = arena_alloc(call->arena, sizeof *c);
	struct str key = exchange_header(call->x, "idempotency-key"), source, kept;

	ASSERT(faults && c);
	if (!people_allowed(call))
		return NULL;
	if (key.n < 1 || key.n > KEY_BYTES_MAX) {
		respond_refused(call, REFUSED_KEY_MISSING, STR_NULL);
		return NULL;
	}
	if (!body_read(call, &source) || !body_check(call, source, NULL, faults, &kept))
		return NULL;
	*body = arena_json(call->arena, kept, NULL);
	c->list = outbound_list(call->api->outbound);
	c->private_allowed = call->api->settings->config.webhook_private > 0;
	c->given_up = outbound_given_up(call->api->outbound);
	c->ask = (struct webhook_ask){.by = str_from(call->actor.name), .key = key, .body = kept};
	return c;
}

static void refuse(struct call *call, const char *pointer, const char *sentence)
{
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);

	ASSERT(faults);
	faults_add(faults, pointer, "%s", sentence);
	respond_invalid(call, faults);
}

/* ---- POST /v1/webhooks ---- */

static void make_run(struct work *work)
{
	struct webhook_change *c = (struct webhook_change *)work;

	c->change.outcome = webhook_list_make(c->list, &c->ask, &c->made, &c->replayed);
}

static void make_answer(struct people_change *change)
{
	struct webhook_change *c = (struct webhook_change *)change;
	struct call *call = change->call;

	if (change->outcome != OK) {
		respond_refused(call, change->outcome, STR_NULL);
		return;
	}
	if (c->replayed)
		respond_header(call, "idempotency-replayed", STR("true"));
	respond_header(call, "cache-control", STR("no-store"));
	respond_header(call, "location", arena_printf(call->arena, "/v1/webhooks/%s", c->made.id));
	respond_object(call, 201, WEBHOOK_REV, webhook_body(call, &c->made, true));
}

void api_webhook_make(struct call *call)
{
	struct json body;
	struct webhook_change *c = change_new(call, &body);
	char url[CONFIG_TEXT_MAX];

	if (!c)
		return;
	c->ask.url = json_str_at(body, "url");
	snprintf(url, sizeof url, "%.*s", STR_FMT(c->ask.url));
	if (c->ask.url.n >= sizeof url || !webhook_url_is_good(url, c->private_allowed))
		refuse(call, "/url",
			"must be https://HOST/PATH without a user; plain http needs "
			"webhook.private = 1 in the configuration");
	else if (!c->private_allowed && !webhook_host_is_public(url))
		refuse(call, "/url",
			"this address is not public: webhook.private = 1 in the configuration "
			"allows it");
	else
		people_submit(&c->change, call, &call->api->people, make_run, make_answer);
}

/* ---- DELETE ---- */

static void delete_run(struct work *work)
{
	struct webhook_change *c = (struct webhook_change *)work;

	c->change.outcome = webhook_list_remove(c->list, c->change.call->param[0]);
}

static void empty_answer(struct people_change *change)
{
	if (change->outcome == OK || change->outcome == REFUSED_NOT_FOUND)
		respond_empty(change->call, 204);
	else
		respond_refused(change->call, change->outcome, STR_NULL);
}

void api_webhook_delete(struct call *call)
{
	struct webhook_change *c = arena_alloc(call->arena, sizeof *c);
	struct webhook_made made;

	ASSERT(c);
	if (!people_allowed(call))
		return;
	c->list = outbound_list(call->api->outbound);
	/* DELETE of what is gone is done already (contract 2). */
	if (!webhook_list_find(c->list, call->param[0], &made)) {
		respond_empty(call, 204);
		return;
	}
	enum outcome o = people_if_match(call, WEBHOOK_REV);
	if (o == OK)
		people_submit(&c->change, call, &call->api->people, delete_run, empty_answer);
	else
		respond_refused(call, o, STR_NULL);
}

/* ---- POST .../replay ---- */

static void replay_run(struct work *work)
{
	struct webhook_change *c = (struct webhook_change *)work;

	c->change.outcome =
		webhook_list_replay(c->list, c->change.call->param[0], c->site, c->entry);
}

static void replay_answer(struct people_change *change)
{
	if (change->outcome == OK)
		respond_empty(change->call, 204);
	else
		respond_refused(change->call, change->outcome, STR_NULL);
}

void api_webhook_replay(struct call *call)
{
	struct json body;
	struct webhook_change *c = change_new(call, &body);
	struct webhook_made made;
	struct row row;

	if (!c || !webhook_found(call, &made))
		return;
	c->site = json_str_at(body, "site");
	c->entry = (uint64_t)json_int_at(body, "entry", 1);
	bool known = row_get(call_look(call), ROW_SITE, c->site, &row);
	call_look_end(call);
	if (!known)
		refuse(call, "/site", "there is no such site");
	else
		people_submit(&c->change, call, &call->api->people, replay_run, replay_answer);
}

/* ---- POST .../test ---- */

/* Under a name of its own: it is in no journal. */
static void test_run(struct work *work)
{
	struct webhook_change *c = (struct webhook_change *)work;
	struct call *call = c->change.call;
	struct env *env = fleet_env(call->api->fleet);
	struct instant now = env->now(env);
	struct str id = id_new(call->arena, env, now);
	struct json_writer w;

	arena_writer(call->arena, &w, ANSWER_BYTES);
	json_object_begin(&w);
	json_k(&w, "data");
	json_object_begin(&w);
	json_object_end(&w);
	json_kv_instant(&w, "timestamp", now);
	json_kv_str(&w, "type", STR("relais.test"));
	json_object_end(&w);
	const struct webhook hook = {
		.url = c->made.url,
		.key = &c->made.key,
		.id = arena_printf(call->arena, "test-%.*s", STR_FMT(id)),
		.body = arena_written(call->arena, &w),
		.at_s = now.s,
		.private_allowed = c->private_allowed,
		.given_up = c->given_up,
	};
	c->sent = webhook_post(&hook, c->why, sizeof c->why);
	c->change.outcome = OK;
}

static void test_answer(struct people_change *change)
{
	struct webhook_change *c = (struct webhook_change *)change;
	struct json_writer w;

	arena_writer(change->call->arena, &w, ANSWER_BYTES);
	json_object_begin(&w);
	json_kv_bool(&w, "sent", c->sent);
	if (!c->sent)
		json_kv_str(&w, "why", str_from(c->why));
	json_object_end(&w);
	/* the tag is the webhook's, which is as it was */
	respond_object(change->call, 200, WEBHOOK_REV, arena_written(change->call->arena, &w));
}

void api_webhook_test(struct call *call)
{
	struct json body;
	struct webhook_change *c = change_new(call, &body);

	/* its own lane: another system may take its time, and nobody waits for it who signs in */
	if (c && webhook_found(call, &c->made))
		people_submit(&c->change, call, &call->api->packing, test_run, test_answer);
}
