/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * GET /v1/audit/checkpoint: how far a journal is signed (fleet/checkpoint.h). A journal that was
 * never signed is signed for who asks first, beside the loop, for all of it is read; later notes
 * are within SIGN_MS of what they hold.
 */

#include "fleet/checkpoint.h"
#include "server/respond.h"

struct signing {
	struct work work; /* first */
	struct call *call;
	struct fleet *fleet; /* borrowed */
	struct str journal;
	enum outcome outcome;
};

static void respond_note(struct call *call, struct str journal, enum outcome o)
{
	struct str text = STR_NULL;
	if (o == OK)
		text = checkpoint_text(fleet_checkpoints(call->api->fleet), call->arena, journal);
	if (text.p)
		respond_text(call, 200, STR("text/plain; charset=utf-8"), text);
	else
		respond_refused(call, o == OK ? FAULT_DISK : o,
			STR("this journal could not be signed: the server's log says why"));
}

static void signing_run(struct work *work)
{
	struct signing *s = (struct signing *)work;
	struct arena a;
	arena_init(&a, ARENA_MAX_DEFAULT);
	s->outcome = checkpoint_first(
		fleet_checkpoints(s->fleet), fleet_store(s->fleet), &a, s->journal);
	arena_deinit(&a);
}

static void signing_done(struct work *work)
{
	struct signing *s = (struct signing *)work;
	struct exchange *x = s->call->x;
	if (!exchange_is_gone(x))
		respond_note(s->call, s->journal, s->outcome);
	exchange_release(x);
}

void api_checkpoint(struct call *call)
{
	struct str journal = query_text(&call->query, "journal");
	if (!call_journal(call, journal))
		return;
	call_look_end(call);
	if (checkpoint_text(fleet_checkpoints(call->api->fleet), call->arena, journal).p) {
		respond_note(call, journal, OK);
		return;
	}
	struct signing *s = arena_alloc(call->arena, sizeof *s);
	ASSERT(s); /* a small part of a fresh arena */
	*s = (struct signing){.work = {.run = signing_run, .done = signing_done},
		.call = call,
		.fleet = call->api->fleet,
		.journal = journal};
	exchange_hold(call->x);
	if (lane_add(&call->api->signing, &s->work))
		return;
	respond_refused(call, FAULT_BUSY, STR_NULL);
	exchange_release(call->x);
}

/* What the pages show, and whoever checks a pack compares by another way than the pack's. */
void api_audit_key(struct call *call)
{
	const struct note_key *key = checkpoints_key(fleet_checkpoints(call->api->fleet));
	struct json_writer w;
	if (!key) {
		respond_refused(call, FAULT_DISK, STR("there is no signing key: the log says why"));
		return;
	}
	struct str text = note_key_print(key, call->arena);
	while (text.n && text.p[text.n - 1] == '\n')
		text.n--;
	arena_writer(call->arena, &w, 6 * text.n + 512);
	json_object_begin(&w);
	json_kv_str(&w, "fingerprint", note_key_fingerprint(key, call->arena));
	json_kv_str(&w, "key", text);
	json_object_end(&w);
	respond_json(call, 200, arena_written(call->arena, &w));
}
