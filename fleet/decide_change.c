/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/make.h"

#include "fleet/merge.h"

/*
 * Another solution for what is promised, in one step: decided from a new offer as a booking is,
 * under the same number and in the same visit. What it holds already does not stand in its way, and
 * what was promised before stays beside it.
 */

enum {
	BEFORE_MAX = 10,
	BEFORE_BYTES_MAX = 64 << 10, /* all of them together: every change writes them anew */
	MEMBERS_BYTES_MAX = 128 << 10,
};

/* The offer must be about the same car and the same person: another one is another booking. */
static enum outcome change_who(struct making *m)
{
	const struct booking *b = m->old;

	if (!str_eq(m->offer.vin, b->vin))
		return refuse_wish(m, "offer",
			"this offer was made for another car: make one for the booking's car");
	if (m->offer.customer.n && !str_eq(customer_of(&m->d->view, m->offer.customer),
					   customer_of(&m->d->view, b->customer)))
		return refuse_wish(m, "offer",
			"this offer was made for somebody else: make one for the booking's "
			"customer");
	if (m->offer.visit.n && !str_eq(m->offer.visit, b->visit))
		return refuse_wish(m, "offer",
			"this offer was made for another visit: make one for the booking's visit");
	m->id = b->id;
	m->customer = b->customer;
	m->vin = b->vin;
	m->visit = b->visit;
	m->serial = b->serial;
	return OK;
}

static enum outcome check_room(struct making *m)
{
	struct json before = json_get(m->old->doc, "before");
	size_t bytes = json_raw(before).n + json_raw(json_get(m->old->doc, "terms")).n;

	if (json_count(before) >= BEFORE_MAX)
		return refuse_field(m->d, "",
			"a booking is changed at most %d times: cancel it and make a new one",
			BEFORE_MAX);
	if (bytes > BEFORE_BYTES_MAX)
		return refuse_field(m->d, "",
			"what was promised before is full, %d bytes together: cancel it and make a "
			"new one",
			BEFORE_BYTES_MAX);
	return OK;
}

/* ---- what is kept ---- */

static void kv_raw_some(struct json_writer *w, const char *key, struct json value)
{
	if (!json_is_null(value))
		json_kv_raw(w, key, json_raw(value));
}

/* Until when, and by whom, something else was promised, and on which terms. */
static void write_before(struct json_writer *w, struct making *m)
{
	static const char *const kept[] = {"class", "from", "solution", "terms", "until"};
	struct json before = json_get(m->old->doc, "before");

	json_k(w, "before");
	json_array_begin(w);
	for (struct json e = json_first(before); json_present(e); e = json_next(before, e))
		json_put_raw(w, json_raw(e));
	json_object_begin(w);
	json_kv_instant(w, "at", m->d->now);
	json_kv_str(w, "by", m->d->command->by);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		kv_raw_some(w, kept[i], json_get(m->old->doc, kept[i]));
	json_object_end(w);
	json_array_end(w);
}

static bool has_places(const struct making *m)
{
	return m->solution->solution.claims == CLAIMS_CAR;
}

/* Who meets the customer is said anew with the place; without a place nobody does. */
static bool kv_with(
	struct json_writer *w, struct making *m, const char *key, const char *end, bool known)
{
	struct json place = json_get(m->body, end), with = json_get(place, "with");
	bool keep = has_places(m) && json_is_null(place), some = has_places(m);

	some = some && !json_is_null(with);
	if (some)
		json_kv_raw(w, key, json_raw(with));
	else if (known && !keep)
		json_kv_null(w, key);
	return some;
}

/* The words of the new promise over those of the old one. *out STR_NULL: there are none. */
static enum outcome seal_words(struct making *m, struct str *out)
{
	bool known = json_present(json_get(m->old->doc, "private")), some = known;
	struct json address = json_get(m->body, "legs_address");
	struct str authorisations = authorisations_of(m);
	struct json_writer w;

	*out = STR_NULL;
	arena_writer(m->d->view.arena, &w, json_raw(m->body).n + authorisations.n + 200);
	json_object_begin(&w);
	if (authorisations.n)
		json_kv_raw(&w, "authorisations", authorisations);
	else if (known)
		json_kv_null(&w, "authorisations");
	some |= authorisations.n > 0;
	some |= kv_with(&w, m, "handover_with", "handover", known);
	kv_raw_some(&w, "legs_address", address);
	some |= !json_is_null(address);
	some |= kv_with(&w, m, "return_with", "return", known);
	json_object_end(&w);
	if (!some)
		return OK;
	*out = draft_private(m->d, m->old->doc, m->customer.n ? m->customer : m->id,
		arena_written(m->d->view.arena, &w));
	return out->n ? OK : FAULT_BUSY;
}

static void kv_str_or_null(struct json_writer *w, const char *key, struct str value)
{
	if (value.n)
		json_kv_str(w, key, value);
	else
		json_kv_null(w, key);
}

static void kv_place_or_null(
	struct json_writer *w, struct making *m, const char *end, struct instant at)
{
	if (has_places(m))
		write_place(w, end, making_place(m, end), at);
	else
		json_kv_null(w, end);
}

/* Keys up to "offered", in order. */
static void write_first_half(struct json_writer *w, struct making *m)
{
	enum solution_claims claims = m->solution->solution.claims;

	json_kv_null(w, "at_risk");
	write_before(w, m);
	write_claims(w, &m->plan);
	kv_str_or_null(w, "class", m->plan.class);
	json_k(w, "decided");
	decided_write(w, m->inputs, m->terms);
	json_kv_int(w, "distance_km", m->ask.distance_km);
	json_kv_instant(w, "drop_off_at", m->stay.drop_off);
	json_kv_instant(w, "from", m->stay.from);
	kv_place_or_null(w, m, "handover", m->stay.from);
	if (claims == CLAIMS_LEGS || claims == CLAIMS_ACCOMPANY)
		write_legs(w, &m->solution->solution, &m->plan);
	else
		json_kv_null(w, "legs");
	write_offered(w, m);
}

static enum outcome draft_change(struct making *m)
{
	bool pinned = json_str_at(m->body, "resource").n > 0;
	struct json_writer w;
	struct str sealed;
	enum outcome o = seal_words(m, &sealed);

	if (o != OK)
		return o;
	arena_writer(m->d->view.arena, &w, MEMBERS_BYTES_MAX + BEFORE_BYTES_MAX + sealed.n);
	json_object_begin(&w);
	write_first_half(&w, m);
	if (pinned)
		json_kv_bool(&w, "pinned", true);
	else
		json_kv_null(&w, "pinned");
	if (sealed.n)
		json_kv_raw(&w, "private", sealed);
	json_kv_instant(&w, "ready_at", m->stay.ready);
	kv_str_or_null(&w, "resource", m->plan.resource);
	kv_place_or_null(&w, m, "return", m->stay.until);
	write_ruleset(&w, m);
	write_said(&w, m);
	json_kv_str(&w, "solution", m->solution->solution.id);
	json_k(&w, "terms");
	terms_write(&w, m->terms, m->inputs->ruleset.ruleset);
	json_kv_instant(&w, "until", m->stay.until);
	kv_str_or_null(&w, "upgraded_from", m->instead_of);
	json_object_end(&w);
	draft_set(m->d, ROW_BOOKING, m->id, arena_written(m->d->view.arena, &w));
	return OK;
}

enum outcome decide_booking_change(struct decide *d)
{
	struct making *m = arena_alloc(d->view.arena, sizeof *m);
	struct booking b;
	enum outcome o = take_booking(d, &b, 1u << BOOKING_HELD | 1u << BOOKING_BOOKED);

	if (o != OK)
		return o;
	if (!m)
		return FAULT_MEMORY;
	m->d = d;
	m->body = d->body;
	m->at = "";
	m->old = &b;
	o = check_room(m);
	if (o == OK)
		o = make_open(m);
	if (o == OK)
		o = change_who(m);
	if (o == OK)
		o = make_stay(m);
	if (o == OK)
		o = make_decide(m);
	if (o != OK)
		return o;
	plan_take(&d->seating, &m->plan, m->serial);
	return draft_change(m);
}
