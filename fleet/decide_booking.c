/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/make.h"

enum { MEMBERS_BYTES_MAX = 16 << 10, NOTES_MAX = 200 };

#define ALLOW(status) (1u << (status))

static void members_begin(struct decide *d, struct json_writer *w)
{
	arena_writer(d->view.arena, w, MEMBERS_BYTES_MAX);
	json_object_begin(w);
}

static enum outcome members_end(struct decide *d, struct json_writer *w, const struct booking *b)
{
	struct str members;

	json_object_end(w);
	members = arena_written(d->view.arena, w);
	if (!members.n)
		return FAULT_MEMORY;
	draft_set(d, ROW_BOOKING, b->id, members);
	return OK;
}

static struct str subject_of(const struct booking *b)
{
	return b->customer.n ? b->customer : b->id;
}

static void kv_reason(struct json_writer *w, struct decide *d, const struct booking *b)
{
	struct str sealed = draft_private_text(d, b->doc, subject_of(b), "reason", "reason");

	if (sealed.n)
		json_kv_raw(w, "private", sealed);
}

/* held -> booked: the caller has a name (MAS-5.2). */
enum outcome decide_booking_book(struct decide *d)
{
	struct booking b;
	struct str customer = json_str_at(d->body, "customer");
	struct json_writer w;
	struct row row;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_HELD));

	if (o != OK)
		return o;
	if (!customer.n)
		customer = b.customer;
	if (!customer.n)
		return refuse_field(d, "/customer", "a booking needs a customer");
	if (!row_get(&d->view, ROW_CUSTOMER, customer, &row))
		return refuse_field(d, "/customer", "this customer is not known here");
	members_begin(d, &w);
	json_kv_str(&w, "customer", customer);
	json_kv_null(&w, "hold_until");
	json_kv_str(&w, "status", str_from(booking_status_name(BOOKING_BOOKED)));
	return members_end(d, &w, &b);
}

enum outcome decide_booking_cancel(struct decide *d)
{
	struct booking b;
	struct json_writer w;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_HELD) | ALLOW(BOOKING_BOOKED));

	if (o != OK)
		return o;
	members_begin(d, &w);
	json_kv_null(&w, "at_risk");
	json_kv_null(&w, "claims");
	json_kv_null(&w, "hold_until");
	kv_reason(&w, d, &b);
	json_kv_str(&w, "status", str_from(booking_status_name(BOOKING_CANCELLED)));
	return members_end(d, &w, &b);
}

enum outcome decide_booking_no_show(struct decide *d)
{
	struct booking b;
	struct json_writer w;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_BOOKED));

	if (o != OK)
		return o;
	if (d->now.s < b.from.s)
		return refuse_field(d, "", "the customer is not due before the booking starts");
	members_begin(d, &w);
	json_kv_null(&w, "at_risk");
	json_kv_null(&w, "claims");
	kv_reason(&w, d, &b);
	json_kv_str(&w, "status", str_from(booking_status_name(BOOKING_NO_SHOW)));
	return members_end(d, &w, &b);
}

static enum outcome decide_pinned(struct decide *d, bool pinned)
{
	struct booking b;
	struct json_writer w;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_HELD) | ALLOW(BOOKING_BOOKED));

	if (o != OK)
		return o;
	if (pinned && !b.resource.n)
		return refuse_field(d, "", "this booking has no seat that could be pinned");
	members_begin(d, &w);
	if (pinned)
		json_kv_bool(&w, "pinned", true);
	else
		json_kv_null(&w, "pinned");
	return members_end(d, &w, &b);
}

enum outcome decide_booking_pin(struct decide *d)
{
	return decide_pinned(d, true);
}

enum outcome decide_booking_unpin(struct decide *d)
{
	return decide_pinned(d, false);
}

/* Free notes are sealed like the person: what people type is about people. */
enum outcome decide_booking_note(struct decide *d)
{
	struct booking b;
	struct json_writer w, inner;
	struct json private, notes;
	struct str sealed;
	enum outcome o = take_booking(d, &b, ~0u);

	if (o != OK)
		return o;
	private = person_unseal(&d->view, d->keyring, json_get(b.doc, "private"));
	notes = json_get(private, "notes");
	if (json_count(notes) >= NOTES_MAX)
		return refuse_field(d, "/text", "a booking holds at most %d notes", NOTES_MAX);
	arena_writer(d->view.arena, &inner, json_raw(notes).n + json_raw(d->body).n + 512);
	json_object_begin(&inner);
	json_k(&inner, "notes");
	json_array_begin(&inner);
	for (struct json n = json_first(notes); json_present(n); n = json_next(notes, n))
		json_put_raw(&inner, json_raw(n));
	json_object_begin(&inner);
	json_kv_instant(&inner, "at", d->now);
	json_kv_str(&inner, "by", d->command->by);
	json_kv_raw(&inner, "text", json_raw(json_get(d->body, "text")));
	json_object_end(&inner);
	json_array_end(&inner);
	json_object_end(&inner);
	sealed = draft_private(d, b.doc, subject_of(&b), arena_written(d->view.arena, &inner));
	if (!sealed.n)
		return FAULT_BUSY;
	arena_writer(d->view.arena, &w, sealed.n + 64);
	json_object_begin(&w);
	json_kv_raw(&w, "private", sealed);
	return members_end(d, &w, &b);
}
