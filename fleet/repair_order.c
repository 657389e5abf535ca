/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/repair_order.h"

/* What it says of times and odometers must be possible, else an auditor would find it (AUD05). */
static enum outcome check_order(struct decide *d)
{
	struct instant opened, closed, ready;
	int64_t in = json_int_at(d->body, "odometer_in", ODOMETER_UNKNOWN);
	int64_t out = json_int_at(d->body, "odometer_out", ODOMETER_UNKNOWN);
	enum outcome o = OK;

	ASSERT(doc_instant(d->body, "opened_at", &opened));
	if (doc_instant(d->body, "closed_at", &closed) && closed.s < opened.s)
		o = refuse_field(d, "/closed_at", "this is before it was opened");
	if (doc_instant(d->body, "ready_at", &ready) && ready.s < opened.s)
		o = refuse_field(d, "/ready_at", "this is before it was opened");
	if (in != ODOMETER_UNKNOWN && out != ODOMETER_UNKNOWN && out < in)
		o = refuse_field(d, "/odometer_out", "the odometer ran backwards: %lld km came in",
			(long long)in);
	return o;
}

/* {"repair_order":NUMBER} */
static struct str number_member(struct decide *d, struct str number)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, 6 * number.n + 32);
	json_object_begin(&w);
	json_kv_str(&w, "repair_order", number);
	json_object_end(&w);
	return arena_written(d->view.arena, &w);
}

/* The visit goes by its number, and so do its bookings: claims are filed under it. */
static void draft_name(struct decide *d, struct json visit)
{
	struct json bookings = json_get(visit, "bookings");
	struct str number = json_str_at(d->body, "number"), member;

	if (str_eq(json_str_at(visit, "repair_order"), number))
		return;
	member = number_member(d, number);
	draft_set(d, ROW_VISIT, d->command->target, member);
	for (struct json b = json_first(bookings); json_present(b); b = json_next(bookings, b))
		draft_set(d, ROW_BOOKING, json_str(b), member);
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
	o = check_order(d);
	if (o == OK)
		o = decide_put(d, ROW_REPAIR_ORDER, d->command->target, named(d));
	if (o == OK && !d->command->unchanged)
		draft_name(d, visit.doc);
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
