/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/merge.h"
#include "fleet/render_parts.h"

/*
 * The answer to a command, read from the entry that holds it. A fresh answer and one that is given
 * again years later take the same path, so they say the same.
 */

enum { DETAIL_FRAME_BYTES = 64 };

/* What a verb's answer shows. */
static enum row_kind verb_shows(enum verb v)
{
	switch (v) {
	case VERB_SITE_PUT: return ROW_SITE;
	case VERB_RESOURCE_PUT:
	case VERB_RESOURCE_READY: return ROW_RESOURCE;
	case VERB_BLOCK_ADD:
	case VERB_BLOCK_REMOVE: return ROW_BLOCK;
	case VERB_RULESET_PUT: return ROW_RULESET;
	case VERB_CUSTOMER_PUT:
	case VERB_CUSTOMER_ERASE:
	case VERB_CUSTOMER_MERGE: return ROW_CUSTOMER;
	case VERB_VEHICLE_PUT:
	case VERB_COVER_CHECK: return ROW_VEHICLE;
	case VERB_VISIT_OPEN:
	case VERB_VISIT_CHANGE: return ROW_VISIT;
	case VERB_REPAIR_ORDER_PUT: return ROW_REPAIR_ORDER;
	case VERB_CLAIM_DRAFT:
	case VERB_CLAIM_COMPLETE:
	case VERB_CLAIM_REOPEN:
	case VERB_CLAIM_EXPORT:
	case VERB_CLAIM_ACCEPT:
	case VERB_CLAIM_CHARGE_BACK:
	case VERB_CLAIM_WITHDRAW: return ROW_CLAIM;
	case VERB_VISIT_BOOKINGS:
	case VERB_BOOKING_MAKE:
	case VERB_BOOKING_BOOK:
	case VERB_BOOKING_CANCEL:
	case VERB_BOOKING_NO_SHOW:
	case VERB_BOOKING_REINSTATE:
	case VERB_BOOKING_RESCHEDULE:
	case VERB_BOOKING_CHANGE:
	case VERB_BOOKING_MOVE:
	case VERB_BOOKING_PIN:
	case VERB_BOOKING_UNPIN:
	case VERB_BOOKING_CHECK_OUT:
	case VERB_BOOKING_CHECK_IN:
	case VERB_BOOKING_EXCHANGE:
	case VERB_BOOKING_EXTEND:
	case VERB_BOOKING_LATE:
	case VERB_BOOKING_CORRECT:
	case VERB_BOOKING_NOTE:
	case VERB_BOOKING_ASKED:
	case VERB_BOOKING_SIGN:
	case VERB_BOOKING_CONFIRMED:
	case VERB_TICK: return ROW_BOOKING;
	case VERB_BOOKING_ATTACH: return ROW_ATTACHMENT;
	case VERB_TASK_DONE:
	case VERB_TASK_MOVE:
	case VERB_TASK_HAND_OVER:
	case VERB_TASK_MESSAGE: return ROW_TASK;
	case VERB_CONTACT_MAKE:
	case VERB_CONTACT_TRANSFER:
	case VERB_CONTACT_ANSWERED: return ROW_CONTACT;
	case VERB_COMPLAINT_MAKE:
	case VERB_COMPLAINT_ANSWER:
	case VERB_COMPLAINT_SOLVE:
	case VERB_COMPLAINT_REOPEN: return ROW_COMPLAINT;
	case VERB_DEMAND: return ROW_DEMAND;
	case VERB_IMPORT:
	case VERB_IMPORT_UNDO: return ROW_IMPORT;
	case VERB_WAITING_ADD:
	case VERB_WAITING_DROP: return ROW_WAITING;
	case VERBS_LEN: break;
	}
	ASSERT(false);
}

static const char *kind_path(enum row_kind kind)
{
	switch (kind) {
	case ROW_SITE: return "sites";
	case ROW_RESOURCE: return "resources";
	case ROW_BLOCK: return "blocks";
	case ROW_CUSTOMER: return "customers";
	case ROW_VEHICLE: return "vehicles";
	case ROW_RULESET: return "rulesets";
	case ROW_VISIT: return "visits";
	case ROW_BOOKING: return "bookings";
	case ROW_TASK: return "tasks";
	case ROW_DEMAND: return "demand";
	case ROW_WAITING: return "waiting";
	case ROW_CLAIM: return "claims";
	case ROW_CONTACT: return "contacts";
	case ROW_COMPLAINT: return "complaints";
	case ROW_IMPORT: return "imports";
	case ROW_REPAIR_ORDER: /* stands below its visit */
	case ROW_ATTACHMENT:   /* stands below its booking: see location_of */
	case ROW_DESK: break;  /* nobody asks for it by its id */
	}
	ASSERT(false);
}

static struct str location_of(struct view *v, enum row_kind kind, struct str id, struct json doc)
{
	if (kind == ROW_ATTACHMENT)
		return arena_printf(v->arena, "/v1/bookings/%.*s/attachments/%.*s",
			STR_FMT(json_str_at(doc, "booking")), STR_FMT(id));
	if (kind == ROW_REPAIR_ORDER)
		return arena_printf(v->arena, "/v1/visits/%.*s/repair-order", STR_FMT(id));
	return arena_printf(v->arena, "/v1/%s/%.*s", kind_path(kind), STR_FMT(id));
}

/* ---- a refusal ---- */

/* A booking that is to be moved does not stand in its own way. */
static uint32_t own_serial(struct view *v, const struct command *c)
{
	struct booking b;
	uint64_t rev;

	if (verb_shows(c->verb) != ROW_BOOKING || !booking_get(v, c->target, &b, &rev))
		return 0;
	return b.serial;
}

/* One more member, found anew; absent without memory. */
static struct json over_one(struct view *v, const char *key, struct str value)
{
	struct json_writer w;

	if (!value.n)
		return JSON_ABSENT;
	arena_writer(v->arena, &w, value.n + DETAIL_FRAME_BYTES);
	json_object_begin(&w);
	json_kv_raw(&w, key, value);
	json_object_end(&w);
	return arena_json(v->arena, arena_written(v->arena, &w), NULL);
}

static bool answer_refusal(
	struct view *v, const struct command *c, const struct effect *e, struct answer *out)
{
	struct json over = JSON_ABSENT;
	/* whom another site's car was not free for: what his own site has */
	struct str for_site = json_str_at(e->detail, "for_site");
	struct str site = for_site.n ? for_site : c->journal;

	out->outcome = outcome_from_slug(e->slug);
	if (out->outcome == OK)
		return false; /* a refusal that this program does not know */
	out->status = outcome_status(out->outcome);
	if (out->outcome == REFUSED_NO_SEAT)
		over = over_one(v, "alternatives",
			render_alternatives(v, site, e->detail, for_site.n ? 0 : own_serial(v, c)));
	else if (out->outcome == REFUSED_PROMISES_BROKEN)
		over = over_one(v, "plan", render_plan(v, c));
	else
		over = arena_json(v->arena, STR("{}"), NULL);
	if (!json_present(over))
		return false;
	out->detail = render_over(v->arena, e->detail, over, site_zone(v, site));
	return out->detail.n > 0;
}

/* ---- what was done ---- */

/* The effect that an answer shows: the object the command named, else the first of its kind. What a
 * decision had to push aside may stand before it. */
static bool shown_effect(const struct command *c, struct json effects, struct effect *out)
{
	enum row_kind kind = verb_shows(c->verb);
	struct effect e = {.op = EFFECT_REFUSE};
	bool some = false;

	for (struct json j = json_first(effects); json_present(j); j = json_next(effects, j)) {
		if (!effect_read(&e, j) || e.op == EFFECT_REFUSE)
			continue;
		/* of customers the first: an alias's survivor is drafted before it */
		bool named = e.kind == kind && str_eq(e.id, c->target) && kind != ROW_CUSTOMER;
		if (!some || named || (e.kind == kind && out->kind != kind))
			*out = e;
		some = true;
		if (named)
			return true;
	}
	return some;
}

static struct str shown_at(
	struct view *v, const struct command *c, const struct effect *e, struct row *row)
{
	struct showing how = {c->seq, true};

	if (!row_at(v, e->kind, e->id, c->journal, c->seq, row))
		return STR_NULL;
	return render_shown(v, e->kind, e->id, row, &how);
}

/* A fact is never refused: whoever it put at risk, and still is, is shown with the ways out. */
static struct str with_hurt(
	struct view *v, const struct command *c, struct json effects, struct str shown)
{
	struct items items = {.arena = v->arena};
	struct effect e = {.op = EFFECT_REFUSE};
	struct json_writer w;

	for (struct json j = json_first(effects); json_present(j); j = json_next(effects, j)) {
		struct booking b;
		uint64_t rev;
		if (!effect_read(&e, j) || e.op != EFFECT_SET || e.kind != ROW_BOOKING ||
			str_eq(e.id, c->target) || !json_bool_at(e.doc, "at_risk", false))
			continue;
		if (booking_get(v, e.id, &b, &rev) && b.at_risk)
			items_add(&items, render_hurt(v, NULL, &b));
	}
	if (!items.len || !shown.n)
		return shown;
	arena_writer(v->arena, &w, items.bytes + DETAIL_FRAME_BYTES);
	items_write(&w, &items);
	return render_over(v->arena, arena_json(v->arena, shown, NULL),
		over_one(v, "hurt", arena_written(v->arena, &w)), NULL);
}

/* Several bookings of one visit are answered together. */
static bool answer_bookings(
	struct view *v, const struct command *c, struct json effects, struct answer *out)
{
	struct items items = {.arena = v->arena};
	struct effect e = {.op = EFFECT_REFUSE};
	struct row row;

	for (struct json j = json_first(effects); json_present(j); j = json_next(effects, j))
		if (effect_read(&e, j) && e.op == EFFECT_PUT && e.kind == ROW_BOOKING)
			items_add(&items, shown_at(v, c, &e, &row));
	out->location = location_of(v, ROW_VISIT, c->target, JSON_ABSENT);
	out->body = items_object(&items, false, STR_NULL);
	return out->body.n > 0;
}

static bool answer_done(
	struct view *v, const struct command *c, struct json effects, struct answer *out)
{
	struct effect e = {.op = EFFECT_REFUSE};
	struct row row;

	out->status = c->created ? 201 : verb_status(c->verb);
	if (c->verb == VERB_VISIT_BOOKINGS)
		return answer_bookings(v, c, effects, out);
	if (!shown_effect(c, effects, &e))
		return false;
	if (e.op == EFFECT_DELETE)
		return true; /* 204: there is nothing to show */
	out->body = with_hurt(v, c, effects, shown_at(v, c, &e, &row));
	/* what stands at its address are an attachment's bytes, with a tag of their own */
	if (e.kind == ROW_ATTACHMENT)
		out->etag = json_str_at(row.doc, "sha256");
	else
		out->etag_rev = row.rev;
	if (out->status == 201)
		out->location = location_of(v, e.kind, e.id, row.doc);
	return out->body.n > 0;
}

/* Nothing was written: what is there is the answer. */
static bool answer_unchanged(struct view *v, const struct command *c, struct answer *out)
{
	enum row_kind kind = verb_shows(c->verb);
	struct row row;

	out->status = 204;
	if (c->verb == VERB_BLOCK_REMOVE || c->verb == VERB_TICK)
		return true;
	if (!(kind == ROW_CUSTOMER ? customer_get(v, c->target, &row)
				   : row_get(v, kind, c->target, &row)))
		return false;
	out->status = 200;
	out->etag_rev = row.rev;
	out->body = render_row(v, kind, c->target, &row);
	return out->body.n > 0;
}

bool render_answer(struct view *v, const struct command *c, struct answer *out)
{
	struct journal_entry entry;
	struct event_head head;
	struct json effects;
	struct effect first;
	const char *why;

	*out = (struct answer){.outcome = OK};
	if (c->unchanged)
		return answer_unchanged(v, c, out);
	if (!c->seq || !journal_entry(v->txn, c->journal, c->seq, &entry))
		return false;
	if (event_read(v->arena, entry.bytes, &head, &effects, &why) != OK)
		return false;
	if (effect_read(&first, json_first(effects)) && first.op == EFFECT_REFUSE)
		return answer_refusal(v, c, &first, out);
	return answer_done(v, c, effects, out);
}
