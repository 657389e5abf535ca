/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/waiting.h"

enum { WAITING_BYTES_MAX = 4096 };

/* ---- into the line ---- */

static void kv_some(struct json_writer *w, const char *key, struct str text)
{
	if (text.n)
		json_kv_str(w, key, text);
}

/* The inquiry tells who drives and why somebody pays: sealed whole. */
static struct str sealed_facts(struct making *m)
{
	struct json_writer w;

	arena_writer(m->d->view.arena, &w, json_raw(m->offer.request).n + 40);
	json_object_begin(&w);
	json_kv_raw(&w, "facts", json_raw(m->offer.request));
	json_object_end(&w);
	return draft_private(m->d, JSON_ABSENT, m->customer, arena_written(m->d->view.arena, &w));
}

static struct str waiting_doc(struct making *m, struct str sealed)
{
	struct decide *d = m->d;
	struct json_writer w;

	arena_writer(d->view.arena, &w, sealed.n + WAITING_BYTES_MAX);
	json_object_begin(&w);
	kv_some(&w, "class", m->ask.class);
	json_kv_str(&w, "customer", m->customer);
	json_kv_instant(&w, "drop_off_at", m->stay.drop_off);
	json_kv_instant(&w, "from", m->stay.from);
	if (m->held)
		json_kv_int(&w, "hold_minutes", json_int_at(m->body, "hold_minutes", 0));
	json_kv_str(&w, "language", m->offer.language);
	json_kv_instant(&w, "made_at", d->now);
	json_kv_raw(&w, "private", sealed);
	json_kv_instant(&w, "ready_at", m->stay.ready);
	json_kv_int(&w, "serial", draft_serial(d));
	json_kv_str(&w, "site", d->command->journal);
	json_kv_str(&w, "solution", m->solution->solution.id);
	json_kv_str(&w, "status", str_from(waiting_status_name(WAITING_IN_LINE)));
	json_kv_instant(&w, "until", m->stay.until);
	kv_some(&w, "vin", m->vin);
	kv_some(&w, "visit", m->visit);
	json_kv_str(&w, "waiting", m->id);
	json_object_end(&w);
	return arena_written(d->view.arena, &w);
}

/* Whether it is for want of something that may come free: not because the site does not serve that,
 * or is closed then. */
static bool may_come_free(struct decide *d)
{
	struct json detail = arena_json(d->view.arena, d->command->detail, NULL);
	struct str reason = json_str_at(detail, "reason");

	return !str_is(reason, plan_result_reason(PLAN_NOT_SERVED)) &&
	       !str_is(reason, plan_result_reason(PLAN_CLOSED));
}

/* Whoever can have it now need not wait; whoever can never have it would wait in vain. */
static enum outcome check_wait(struct making *m)
{
	struct decide *d = m->d;
	struct str line[WAITING_MAX];
	enum outcome o;

	if (!m->customer.n)
		return refuse_field(d, "/customer", "who waits must be known: he is called");
	if (m->stay.from.s <= d->now.s)
		return refuse_field(d, "/from", "this time has begun");
	if (waiting_line(d, line) == WAITING_MAX)
		return refuse_field(d, "/offer",
			"%d wait at this site, and more do not: propose another time", WAITING_MAX);
	o = make_decide(m);
	if (o == OK || o == REFUSED_TERMS_CHANGED)
		return refuse_field(d, "/solution", "this is free now: book it");
	if (o != REFUSED_NO_SEAT || !may_come_free(d))
		return o;
	d->command->detail = STR_NULL;
	return OK;
}

enum outcome decide_waiting_add(struct decide *d)
{
	struct making *m = arena_alloc(d->view.arena, sizeof *m);
	struct str sealed;
	enum outcome o;

	if (!m)
		return FAULT_MEMORY;
	m->d = d;
	m->body = d->body;
	m->at = "";
	o = make_open(m);
	if (o == OK)
		o = make_stay(m);
	if (o == OK)
		o = make_hold(m);
	if (o == OK)
		o = make_who(m);
	if (o == OK)
		o = check_wait(m);
	if (o != OK)
		return o;
	m->id = id_new(d->view.arena, d->view.env, d->now);
	sealed = sealed_facts(m);
	if (!sealed.n)
		return FAULT_BUSY;
	draft_put(d, ROW_WAITING, m->id, waiting_doc(m, sealed));
	return OK;
}

/* ---- out of the line ---- */

static void draft_status(struct decide *d, struct str id, enum waiting_status status)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, 64);
	json_object_begin(&w);
	json_kv_str(&w, "status", str_from(waiting_status_name(status)));
	json_object_end(&w);
	draft_set(d, ROW_WAITING, id, arena_written(d->view.arena, &w));
}

static bool has_status(struct json doc, enum waiting_status status)
{
	return str_is(json_str_at(doc, "status"), waiting_status_name(status));
}

enum outcome decide_waiting_drop(struct decide *d)
{
	struct row row;
	struct json_writer w;

	if (!row_get(&d->view, ROW_WAITING, d->command->target, &row) ||
		!str_eq(json_str_at(row.doc, "site"), d->command->journal))
		return REFUSED_NOT_FOUND;
	if (has_status(row.doc, WAITING_IN_LINE)) {
		draft_status(d, d->command->target, WAITING_DROPPED);
		return OK;
	}
	/* what is held for him is a booking: that is cancelled */
	arena_writer(d->view.arena, &w, WAITING_BYTES_MAX);
	json_object_begin(&w);
	kv_some(&w, "booking", json_str_at(row.doc, "booking"));
	json_kv_str(&w, "waiting", d->command->target);
	json_kv_str(&w, "waiting_status", json_str_at(row.doc, "status"));
	json_object_end(&w);
	return refuse_with(d, REFUSED_STATE, arena_written(d->view.arena, &w));
}

/* ---- what became of the place that was held ---- */

void waiting_follow(struct decide *d, struct str booking, struct json set)
{
	enum booking_status status;
	struct row row;
	struct str id;
	bool live;

	if (!booking_status_from(&status, json_str_at(set, "status")) ||
		!row_get(&d->view, ROW_BOOKING, booking, &row))
		return;
	id = json_str_at(row.doc, "waiting");
	if (!id.n || !row_get(&d->view, ROW_WAITING, id, &row))
		return;
	draft_task_drop(d, TASK_WAITING, booking);
	live = booking_is_live(status);
	if (live && !has_status(row.doc, WAITING_BOOKED))
		draft_status(d, id, WAITING_BOOKED);
	else if (!live && has_status(row.doc, WAITING_OFFERED))
		draft_status(d, id, WAITING_OVER);
}
