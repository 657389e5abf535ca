/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* /v1/tokens: programs that ask, with which rights. A token never changes, so its revision is 1. */

#include "server/api_people.h"
#include "server/body.h"
#include "server/query.h"
#include "server/respond.h"

enum { TOKEN_BYTES_MAX = 4 << 10, TOKEN_REV = 1, KEY_BYTES_MAX = 255 };

/* ---- what is shown ---- */

/* `text`: in the answer to whoever asked for it, STR_NULL else. */
static void token_write(struct json_writer *w, const struct token *t, struct str text)
{
	json_object_begin(w);
	people_kv_time(w, "created_at", t->created);
	people_kv_time(w, "last_used_at", t->used);
	people_kv_actor(w, &t->actor);
	if (text.p)
		json_kv_str(w, "token", text);
	json_kv_str(w, "token_id", str_from(t->id));
	json_object_end(w);
}

static struct str token_body(struct arena *a, const struct token *t, struct str text)
{
	struct json_writer w;
	arena_writer(a, &w, TOKEN_BYTES_MAX);
	token_write(&w, t, text);
	return arena_written(a, &w);
}

void api_tokens(struct call *call)
{
	if (!people_allowed(call))
		return;
	struct token *tokens = arena_alloc(call->arena, TOKENS_MAX * sizeof *tokens);
	struct json_writer w;
	if (!tokens) {
		respond_refused(call, FAULT_MEMORY, STR_NULL);
		return;
	}
	size_t len = people_token_list(call->api->auth.people, tokens, TOKENS_MAX);
	arena_writer(call->arena, &w, (len + 1) * TOKEN_BYTES_MAX);
	json_object_begin(&w);
	json_k(&w, "items");
	json_array_begin(&w);
	for (size_t i = 0; i < len; i++)
		token_write(&w, &tokens[i], STR_NULL);
	json_array_end(&w);
	json_object_end(&w);
	respond_list(call, arena_written(call->arena, &w));
}

void api_token(struct call *call)
{
	struct token t;
	if (!people_allowed(call))
		return;
	if (people_token_by_id(call->api->auth.people, call->param[0], &t))
		respond_object(call, 200, TOKEN_REV, token_body(call->arena, &t, STR_NULL));
	else
		respond_refused(call, REFUSED_NOT_FOUND, STR_NULL);
}

/* ---- POST ---- */

struct token_making {
	struct people_change change; /* first */
	struct token_issue issue;
	struct actor actor;
	struct token token;
	struct str text;
	bool replayed;
};

static void token_make_run(struct work *work)
{
	struct token_making *c = (struct token_making *)work;
	struct call *call = c->change.call;
	c->change.outcome =
		people_token_issue(c->change.people, call->arena, &c->issue, &c->token, &c->text);
}

static void token_make_answer(struct people_change *change)
{
	struct token_making *c = (struct token_making *)change;
	struct call *call = change->call;
	if (change->outcome != OK) {
		respond_refused(call, change->outcome, STR_NULL);
		return;
	}
	if (c->replayed)
		respond_header(call, "idempotency-replayed", STR("true"));
	respond_header(call, "location", arena_printf(call->arena, "/v1/tokens/%s", c->token.id));
	respond_object(call, 201, TOKEN_REV, token_body(call->arena, &c->token, c->text));
}

/* One line of plain text: it stands in every entry made with the token. */
static bool name_check(struct json body, struct actor *actor, struct faults *faults)
{
	if (actor_set_name(actor, json_str_at(body, "name")))
		return true;
	faults_add(faults, "/name", "must be at most %d bytes", ID_MAX);
	return false;
}

void api_token_make(struct call *call)
{
	struct str source, kept;
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	struct token_making *c = arena_alloc(call->arena, sizeof *c);
	ASSERT(faults && c);
	if (!people_allowed(call))
		return;
	struct str key = exchange_header(call->x, "idempotency-key");
	if (key.n < 1 || key.n > KEY_BYTES_MAX) {
		respond_refused(call, REFUSED_KEY_MISSING, STR_NULL);
		return;
	}
	if (!body_read(call, &source) || !body_check(call, source, NULL, faults, &kept))
		return;
	struct json body = arena_json(call->arena, kept, NULL);
	people_actor_of(call, body, &c->actor, faults);
	if (!name_check(body, &c->actor, faults) || faults->len) {
		respond_invalid(call, faults);
		return;
	}
	c->issue = (struct token_issue){.by = str_from(call->actor.name),
		.key = key,
		.body = kept,
		.actor = &c->actor,
		.replayed = &c->replayed};
	people_submit(&c->change, call, &call->api->people, token_make_run, token_make_answer);
}

/* ---- DELETE ---- */

static void token_delete_run(struct work *work)
{
	struct people_change *change = (struct people_change *)work;
	change->outcome = people_token_remove(change->people, change->call->param[0]);
}

static void token_delete_answer(struct people_change *change)
{
	if (change->outcome == OK || change->outcome == REFUSED_NOT_FOUND)
		respond_empty(change->call, 204);
	else
		respond_refused(change->call, change->outcome, STR_NULL);
}

void api_token_delete(struct call *call)
{
	struct token t;
	if (!people_allowed(call))
		return;
	/* DELETE of what is gone is done already (contract 2). */
	if (!people_token_by_id(call->api->auth.people, call->param[0], &t)) {
		respond_empty(call, 204);
		return;
	}
	enum outcome o = people_if_match(call, TOKEN_REV);
	struct people_change *change = arena_alloc(call->arena, sizeof *change);
	ASSERT(change);
	if (o == OK)
		people_submit(
			change, call, &call->api->people, token_delete_run, token_delete_answer);
	else
		respond_refused(call, o, STR_NULL);
}
