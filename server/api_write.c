/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Every change: a request becomes a command, the writer decides it, and the answer is rendered on
 * the loop from the entry that was written. A client that left in between loses only the reply.
 */

#include "fleet/merge.h"
#include "fleet/offer.h"
#include "fleet/render.h"
#include "fleet/roster.h"
#include "server/body.h"
#include "server/respond.h"
#include "server/ticker.h"
#include "server/writer.h"

enum { KEY_BYTES_MAX = 255 };

/* Where a change goes: its journal, and whose clock reads local times. */
struct place {
	struct str journal;
	const struct zone *zone; /* NULL: times need an offset */
	bool offer_invalid;	 /* the offer in the body does not open */
};

static bool key_read(struct call *call, struct str *key)
{
	*key = STR_NULL;
	if (!call->route->key)
		return true;
	*key = exchange_header(call->x, "idempotency-key");
	if (key->n >= 1 && key->n <= KEY_BYTES_MAX)
		return true;
	respond_refused(call, REFUSED_KEY_MISSING, STR_NULL);
	return false;
}

static bool place_site(struct call *call, struct str site, struct place *out)
{
	const struct roster *roster = call_site(call, site);
	if (!roster)
		return false;
	out->journal = roster->site;
	out->zone = roster->zone;
	return true;
}

/* A site that may not exist yet: the PUT makes it, so only the right to it is asked here. */
static bool place_own_site(struct call *call, struct place *out)
{
	struct str site = call->param[0];
	if (!actor_has_site(&call->actor, site)) {
		respond_refused(call, REFUSED_NOT_FOUND, STR_NULL);
		return false;
	}
	out->journal = site;
	return true;
}

/* The journal of an object that is no more: its history remembers it. */
static bool gone_journal(struct call *call, enum row_kind kind, struct str id, struct str *journal)
{
	if (!text_is_id(id))
		return false;
	struct view *v = call_look(call);
	struct key prefix = key_history_prefix(kind, id);
	struct cursor c;
	cursor_open(&c, v->txn, DB_INDEX);
	bool found = cursor_seek(&c, key_str(&prefix)) && cursor_within(&c, key_str(&prefix));
	if (found)
		*journal = arena_copy(call->arena, c.value);
	cursor_close(&c);
	return found && journal->p && actor_has_site(&call->actor, *journal);
}

static bool place_target(struct call *call, struct place *out)
{
	const struct route *route = call->route;
	struct row row;
	/* DELETE of what is gone is done already: 204 (contract 2). */
	if (route->verb == VERB_BLOCK_REMOVE &&
		gone_journal(call, route->target, call->param[0], &out->journal))
		return true;
	if (!call_row(call, route->target, call->param[0], &row))
		return false;
	/* What another site sends its car for is read here, and written there. */
	struct str for_site = json_str_at(row.doc, "for_site");
	struct str journal = row_journal(route->target, &row);
	const struct roster *roster = roster_of(call_look(call), for_site.n ? for_site : journal);
	if (!roster) {
		respond_refused(call, REFUSED_NOT_FOUND, STR_NULL);
		return false;
	}
	out->journal = for_site.n ? journal : roster->site;
	out->zone = roster->zone;
	return true;
}

/* Where the body names no site, or not as text, the shape says so: no place, but no answer yet. */
static bool place_body(struct call *call, struct json body, struct place *out)
{
	struct str site = json_str_at(body, "site");
	if (site.n && !place_site(call, site, out))
		return false;
	/* A resource of somebody else's site is not there, whatever site the body says. */
	struct row row;
	if (call->route->target && text_is_id(call->param[0]) &&
		row_get(call_look(call), call->route->target, call->param[0], &row) &&
		!actor_has_site(&call->actor, row_journal(call->route->target, &row))) {
		respond_refused(call, REFUSED_NOT_FOUND, STR_NULL);
		return false;
	}
	return true;
}

static bool place_offer(struct call *call, struct json body, struct place *out)
{
	struct str text = json_str_at(body, "offer");
	struct offer *offer = arena_alloc(call->arena, sizeof *offer);
	ASSERT(offer);
	if (!text.n)
		return true;
	if (offer_open(call_look(call), text, offer) != OK) {
		out->offer_invalid = true;
		return true;
	}
	if (!place_site(call, offer->site, out))
		return false;
	struct str home = json_str_at(body, "home_site");
	if (!home.n)
		return true;
	/* Whoever may book here may book what is shared with this site, and nothing else. */
	if (!site_shares(call_look(call), home, offer->site)) {
		respond_refused(call, REFUSED_NOT_FOUND,
			STR("that site shares no car with the offer's site"));
		return false;
	}
	out->journal = home;
	return true;
}

static bool place_find(struct call *call, struct str source, struct place *out)
{
	*out = (struct place){.journal = STR_NULL};
	struct json body = arena_json(call->arena, source, NULL);
	switch (call->route->site) {
	case SITE_NONE: out->journal = JOURNAL_DIRECTORY; return true;
	case SITE_PATH: return place_own_site(call, out);
	case SITE_TARGET: return place_target(call, out);
	case SITE_BODY: return place_body(call, body, out);
	case SITE_OFFER: return place_offer(call, body, out);
	case SITE_QUERY:
	case SITE_JOURNAL: break;
	}
	ASSERT(false); /* no change takes its site from the query */
	return false;
}

/* ---- the answer ---- */

static void answer_unchanged(struct call *call, const struct command *c)
{
	struct row row;
	const struct route *route = call->route;
	enum row_kind kind = route->shows ? route->shows : route->target;
	if (route->verb == VERB_BLOCK_REMOVE) {
		respond_empty(call, 204);
		return;
	}
	bool found = kind == ROW_CUSTOMER ? customer_get(call_look(call), c->target, &row)
					  : row_get(call_look(call), kind, c->target, &row);
	if (!found) {
		respond_refused(call, REFUSED_NOT_FOUND, STR_NULL);
		return;
	}
	respond_object(call, 200, row.rev, render_row(call_look(call), kind, c->target, &row));
}

static void answer_entry(struct call *call, const struct command *c)
{
	struct answer answer = {0};
	if (!render_answer(call_look(call), c, &answer)) {
		respond_refused(call, FAULT_CORRUPT, STR_NULL);
		return;
	}
	/* Whose promises stand in the way is that site's affair. */
	if (answer.outcome == REFUSED_PROMISES_BROKEN &&
		!actor_has_site(&call->actor, c->journal) && !str_eq(c->journal, JOURNAL_DIRECTORY))
		answer.detail = STR_NULL;
	if (answer.outcome != OK) {
		respond_problem(call,
			&(struct problem){.outcome = answer.outcome, .members = answer.detail});
		return;
	}
	respond_header(call, "location", c->created ? exchange_path(call->x) : answer.location);
	if (answer.etag.n)
		respond_header(
			call, "etag", arena_printf(call->arena, "\"%.*s\"", STR_FMT(answer.etag)));
	if (answer.status == 204 || !answer.body.p)
		respond_empty(call, answer.status);
	else
		respond_object(
			call, c->created ? 201 : answer.status, answer.etag_rev, answer.body);
}

/* What an entry holds: what was done, and the refusals that the journal's head decided. */
static bool in_journal(const struct command *c)
{
	return c->seq && (c->outcome == OK || outcome_status(c->outcome) == 409);
}

static void write_answer(struct call *call, const struct command *c)
{
	if (c->replayed)
		respond_header(call, "idempotency-replayed", STR("true"));
	respond_seq(call, str_eq(c->journal, JOURNAL_DIRECTORY) ? STR_NULL : c->journal);
	if (c->outcome == OK && c->unchanged)
		answer_unchanged(call, c);
	else if (in_journal(c))
		answer_entry(call, c);
	else
		respond_problem(call,
			&(struct problem){
				.outcome = c->outcome, .faults = c->faults, .members = c->detail});
}

static void write_done(struct command *c)
{
	struct call *call = c->context;
	struct exchange *x = call->x;
	call->api->attaching -= call->attaching;
	if (c->outcome == OK && !c->replayed)
		ticker_heard(call->api->ticker, c->verb, c->journal);
	if (!exchange_is_gone(x))
		write_answer(call, c);
	command_free(c);
	exchange_release(x);
}

/* Whoever asks leaves: what waits is not done. With a key he asks again and gets the one answer. */
static void write_gone(void *context)
{
	struct command *c = context;
	struct call *call = c->context;
	(void)writer_drop(call->api->writer, c);
}

/* ---- the question ---- */

/* The file that the body names, for the one verb that has one. */
static struct str attached(struct call *call, struct command *c)
{
	if (c->verb != VERB_BOOKING_ATTACH)
		return STR_NULL;
	call->attaching = 1;
	call->api->attaching++;
	return api_attached_bytes(call, &c->arena, arena_json(call->arena, c->body, NULL));
}

static void submit(struct call *call, const struct place *place, struct str target, struct str body,
	struct str key)
{
	if (call->route->verb == VERB_BOOKING_ATTACH && call->api->attaching >= ATTACHING_MAX) {
		respond_refused(call, FAULT_BUSY, STR_NULL);
		return;
	}
	struct command *c = command_new(call->route->verb);
	if (!c) {
		respond_refused(call, FAULT_MEMORY, STR_NULL);
		return;
	}
	/* Copies: a command may outlive the exchange whose arena these stand in. */
	struct str if_match = exchange_header(call->x, "if-match");
	c->journal = arena_copy(&c->arena, place->journal);
	c->target = target.p ? arena_copy(&c->arena, target) : STR_NULL;
	c->body = arena_copy(&c->arena, body);
	c->by = arena_copy(&c->arena, str_from(call->actor.name));
	c->key = key.p ? arena_copy(&c->arena, key) : STR_NULL;
	c->if_match = if_match.p ? arena_copy(&c->arena, if_match) : STR_NULL;
	c->bytes = attached(call, c);
	c->context = call;
	c->done = write_done;
	call_look_end(call);
	exchange_hold(call->x);
	if (!c->arena.full && writer_submit(call->api->writer, c)) {
		exchange_when_gone(call->x, write_gone, c);
		return;
	}
	bool full = c->arena.full;
	call->api->attaching -= call->attaching;
	command_free(c);
	respond_refused(call, full ? FAULT_MEMORY : FAULT_BUSY, STR_NULL);
	exchange_release(call->x);
}

void api_write(struct call *call)
{
	struct str key;
	struct str source;
	struct str kept;
	struct place place;
	if (!key_read(call, &key) || !body_read(call, &source) || !place_find(call, source, &place))
		return;
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	ASSERT(faults);
	bool put = strcmp(call->route->method, "PUT") == 0;
	struct str target = put ? body_id_check(call, source, faults) : call->param[0];
	if (call->route->target == ROW_VEHICLE && !put)
		target = body_id_check(call, STR("{}"), faults);
	if (!body_check(call, source, place.zone, faults, &kept))
		return;
	if (place.offer_invalid || !place.journal.n) {
		respond_refused(call, place.offer_invalid ? REFUSED_OFFER_INVALID : REFUSED_INVALID,
			STR_NULL);
		return;
	}
	if (put)
		kept = body_with_id(call, kept, target);
	if (!kept.p) {
		respond_refused(call, FAULT_MEMORY, STR_NULL);
		return;
	}
	if (json_bool_at(arena_json(call->arena, kept, NULL), "preview", false))
		api_preview(call, &(struct command){.verb = call->route->verb,
					  .journal = place.journal,
					  .target = target,
					  .body = kept,
					  .by = str_from(call->actor.name)});
	else
		submit(call, &place, target, kept, key);
}
