/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/repair_order.h"

#include "fleet/make.h"

/* The visit's ready time is now what the customer was told; absent: nobody told him yet. */
static bool told_ready(struct decide *d, struct json visit, struct instant *ready)
{
	struct instant drop_off;

	ASSERT(doc_instant(visit, "drop_off_at", &drop_off));
	return doc_instant(d->body, "ready_at", ready) && ready->s > drop_off.s;
}

/* What it says of times and odometers must be possible, else an auditor would find it (AUD05). */
static enum outcome check_order(struct decide *d, struct json visit)
{
	struct instant opened, closed, ready, drop_off;
	int64_t in = json_int_at(d->body, "odometer_in", ODOMETER_UNKNOWN);
	int64_t out = json_int_at(d->body, "odometer_out", ODOMETER_UNKNOWN);
	enum outcome o = OK;

	ASSERT(doc_instant(d->body, "opened_at", &opened));
	if (doc_instant(d->body, "closed_at", &closed) && closed.s < opened.s)
		o = refuse_field(d, "/closed_at", "this is before it was opened");
	if (doc_instant(d->body, "ready_at", &ready) && ready.s < opened.s)
		o = refuse_field(d, "/ready_at", "this is before it was opened");
	if (told_ready(d, visit, &ready) && doc_instant(visit, "drop_off_at", &drop_off) &&
		ready.s - drop_off.s > (int64_t)LOAN_DAYS_MAX * 86400)
		o = refuse_field(d, "/ready_at", "more than %d days", LOAN_DAYS_MAX);
	if (in != ODOMETER_UNKNOWN && out != ODOMETER_UNKNOWN && out < in)
		o = refuse_field(d, "/odometer_out", "the odometer ran backwards: %lld km came in",
			(long long)in);
	return o;
}

/* The visit goes by its number and is ready when it says, and so are its bookings. */
static enum outcome draft_visit(struct decide *d, struct json visit)
{
	struct json number = json_get(d->body, "number");
	struct instant ready, known;
	bool told = told_ready(d, visit, &ready), renamed, moved, withdrawn;
	struct json_writer w;

	ASSERT(doc_instant(visit, "ready_at", &known));
	renamed = !str_eq(json_str_at(visit, "repair_order"), json_str(number));
	moved = told && (known.s != ready.s || !visit_told(d, d->command->target, ready));
	withdrawn = !told && visit_told(d, d->command->target, known);
	if (!renamed && !moved && !withdrawn)
		return OK;
	if (withdrawn) /* it stays what is expected */
		ready = known;
	arena_writer(d->view.arena, &w, json_raw(number).n + 96);
	json_object_begin(&w);
	if (moved)
		json_kv_instant(&w, "ready_at", ready);
	json_kv_raw(&w, "repair_order", json_raw(number));
	json_object_end(&w);
	draft_set(d, ROW_VISIT, d->command->target, arena_written(d->view.arena, &w));
	return draft_visit_bookings(d, visit, renamed ? json_raw(number) : STR_NULL,
		moved || withdrawn ? &ready : NULL,
		told	    ? READY_TOLD
		: withdrawn ? READY_WITHDRAWN
			    : READY_EXPECTED);
}

static struct str named(struct decide *d)
{
	struct str site = d->command->journal, visit = d->command->target;
	struct json_writer w;

	arena_writer(d->view.arena, &w, 6 * (site.n + visit.n) + 64);
	json_object_begin(&w);
	json_kv_str(&w, "site", site);
	json_kv_str(&w, "visit", visit);
	json_object_end(&w);
	return doc_merge(d->view.arena, d->body,
		arena_json(d->view.arena, arena_written(d->view.arena, &w), NULL));
}

enum outcome decide_repair_order_put(struct decide *d)
{
	struct row visit;
	enum outcome o;

	if (!row_get(&d->view, ROW_VISIT, d->command->target, &visit) ||
		!str_eq(json_str_at(visit.doc, "site"), d->command->journal))
		return REFUSED_NOT_FOUND;
	o = check_order(d, visit.doc);
	if (o == OK)
		o = decide_put(d, ROW_REPAIR_ORDER, d->command->target, named(d));
	if (o == OK && !d->command->unchanged)
		o = draft_visit(d, visit.doc);
	return o;
}

void repair_order_claim(struct claim *out, struct json doc)
{
	struct json lines = json_get(doc, "lines");
	struct str reason = json_str_at(doc, "parts_delay_reason");
	struct str authorisation = json_str_at(doc, "authorisation");

	out->has_ro_opened = doc_instant(doc, "opened_at", &out->ro_opened_at);
	out->has_ro_closed = doc_instant(doc, "closed_at", &out->ro_closed_at);
	out->ro_odometer_in = (int32_t)json_int_at(doc, "odometer_in", ODOMETER_UNKNOWN);
	out->ro_odometer_out = (int32_t)json_int_at(doc, "odometer_out", ODOMETER_UNKNOWN);
	out->supplier_invoice_ref = json_str_at(json_get(doc, "invoice"), "reference");
	for (struct json l = json_first(lines);
		json_present(l) && out->ro_line_types_len < RO_LINES_MAX; l = json_next(lines, l))
		out->ro_line_types[out->ro_line_types_len++] = json_str_at(l, "type");
	/* The booking's own word, where it has one, is the payer's for this very loan. */
	if (!out->delay_reason.n)
		out->delay_reason = reason;
	if (!out->authorisation_ref.n)
		out->authorisation_ref = authorisation;
}
