/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/make.h"

#include "fleet/erase.h"

enum {
	MEMBERS_BYTES_MAX = 96 << 10,
	NOTES_MAX = 200,
	NOTES_BYTES_MAX = 64 << 10, /* all of them together: every change seals them anew */
};

#define ALLOW(status) (1u << (status))

/* `sealed` is what the members will hold of private words. */
static void members_begin(struct decide *d, struct json_writer *w, struct str sealed)
{
	arena_writer(d->view.arena, w, MEMBERS_BYTES_MAX + sealed.n);
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

static struct str sealed_reason(struct decide *d, const struct booking *b)
{
	return draft_private_text(d, b->doc, subject_of(b), "reason", "reason");
}

static void kv_sealed(struct json_writer *w, struct str sealed)
{
	if (sealed.n)
		json_kv_raw(w, "private", sealed);
}

/* The stay of a hold has a customer now; where it made its visit, so has that. */
static void draft_visitor(struct decide *d, const struct booking *b, struct str customer)
{
	struct row visit;
	struct json_writer w;

	if (!row_get(&d->view, ROW_VISIT, b->visit, &visit) ||
		json_str_at(visit.doc, "customer").n ||
		!str_eq(json_str_at(visit.doc, "site"), d->command->journal))
		return;
	arena_writer(d->view.arena, &w, 128);
	json_object_begin(&w);
	json_kv_str(&w, "customer", customer);
	json_object_end(&w);
	draft_set(d, ROW_VISIT, b->visit, arena_written(d->view.arena, &w));
}

/* held -> booked: the caller has a name (MAS-5.2). What was decided for anybody is decided for him:
 * his segment, his licence. */
enum outcome decide_booking_book(struct decide *d)
{
	struct booking b;
	struct str customer = json_str_at(d->body, "customer");
	struct json_writer w;
	struct row row;
	struct redecision again;
	struct stay stay;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_HELD));

	if (o != OK)
		return o;
	if (!customer.n)
		customer = b.customer;
	if (!customer.n)
		return refuse_field(d, "/customer", "a booking needs a customer");
	if (!customer_known(&d->view, customer, &row))
		return refuse_field(d, "/customer", "this customer is not known here");
	b.customer = customer = json_str_at(row.doc, "customer");
	stay = (struct stay){b.drop_off_at, visit_ready(d, &b), b.from, b.until};
	o = redecide(d, &b, &stay, b.class, -1, &again);
	if (o == OK)
		o = check_offered(d, &again);
	if (o != OK)
		return o;
	members_begin(d, &w, STR_NULL);
	json_kv_str(&w, "customer", customer);
	json_kv_raw(&w, "decided", decided_text(d, &again));
	json_kv_null(&w, "hold_until");
	json_kv_str(&w, "status", str_from(booking_status_name(BOOKING_BOOKED)));
	json_kv_raw(&w, "terms", terms_text(d, &again));
	o = members_end(d, &w, &b);
	if (o == OK)
		draft_visitor(d, &b, customer);
	return o;
}

enum outcome decide_booking_cancel(struct decide *d)
{
	struct booking b;
	struct json_writer w;
	struct str sealed;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_HELD) | ALLOW(BOOKING_BOOKED));

	if (o != OK)
		return o;
	sealed = sealed_reason(d, &b);
	members_begin(d, &w, sealed);
	json_kv_null(&w, "at_risk");
	json_kv_null(&w, "claims");
	json_kv_null(&w, "hold_until");
	kv_sealed(&w, sealed);
	json_kv_str(&w, "status", str_from(booking_status_name(BOOKING_CANCELLED)));
	return members_end(d, &w, &b);
}

enum outcome decide_booking_no_show(struct decide *d)
{
	struct booking b;
	struct json_writer w;
	struct str sealed;
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_BOOKED));

	if (o != OK)
		return o;
	if (d->now.s < b.from.s)
		return refuse_field(d, "", "the customer is not due before the booking starts");
	sealed = sealed_reason(d, &b);
	members_begin(d, &w, sealed);
	json_kv_null(&w, "at_risk");
	json_kv_null(&w, "claims");
	kv_sealed(&w, sealed);
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
	members_begin(d, &w, STR_NULL);
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
	if (json_raw(notes).n + json_raw(d->body).n > NOTES_BYTES_MAX)
		return refuse_field(d, "/text", "the booking's notes are full: %d bytes together",
			NOTES_BYTES_MAX);
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
