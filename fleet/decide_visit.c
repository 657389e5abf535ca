/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/appointment.h"
#include "fleet/erase.h"
#include "fleet/make.h"
#include "fleet/visit.h"

enum { VISIT_BYTES_MAX = 32 << 10, READY_GRID_MINUTES = 15 };

static void kv_some(struct json_writer *w, const char *key, struct str text)
{
	if (text.n)
		json_kv_str(w, key, text);
}

struct str visit_doc(struct decide *d, const struct visit_fields *f)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, VISIT_BYTES_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "answer", f->answer.n ? f->answer : STR("open"));
	if (f->appointment.n)
		json_kv_raw(&w, "appointment", f->appointment);
	if (f->has_arrived)
		json_kv_instant(&w, "arrived_at", f->arrived);
	json_kv_raw(&w, "bookings", f->bookings.n ? f->bookings : STR("[]"));
	kv_some(&w, "customer", f->customer);
	json_kv_instant(&w, "drop_off_at", f->drop_off);
	json_kv_str(&w, "estimate", f->estimate.n ? f->estimate : STR("likely"));
	if (f->external.n)
		json_kv_raw(&w, "external", f->external);
	kv_some(&w, "follows", f->follows);
	kv_some(&w, "for_site", f->for_site);
	json_kv_raw(&w, "jobs", f->jobs.n ? f->jobs : STR("[]"));
	json_kv_raw(&w, "offered", f->offered.n ? f->offered : STR("[]"));
	if (f->private.n)
		json_kv_raw(&w, "private", f->private);
	json_kv_instant(&w, "ready_at", f->ready);
	kv_some(&w, "repair_order", f->repair_order);
	if (f->has_review)
		json_kv_instant(&w, "review_at", f->review);
	if (f->serial)
		json_kv_int(&w, "serial", f->serial);
	json_kv_str(&w, "site", f->site);
	kv_some(&w, "vin", f->vin);
	json_kv_str(&w, "visit", f->id);
	json_object_end(&w);
	return arena_written(d->view.arena, &w);
}

/* What was read out, when and by whom (MAS-1.5): from the offer the visit is opened with. */
static struct str offered_of(struct decide *d, const struct offer *offer)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, VISIT_BYTES_MAX);
	json_array_begin(&w);
	json_object_begin(&w);
	write_at_by(d, &w);
	json_k(&w, "ruleset");
	json_object_begin(&w);
	json_kv_str(&w, "sha256", offer->ruleset_sha256);
	json_kv_str(&w, "version", offer->ruleset_version);
	json_object_end(&w);
	json_kv_int(&w, "solutions", offer_solutions(offer));
	json_kv_int(&w, "value_minor", json_int_at(d->body, "value_minor", 0));
	json_object_end(&w);
	json_array_end(&w);
	return arena_written(d->view.arena, &w);
}

/* What the customer needs and what was said to him are free words: sealed. STR_NULL when there are
 * none. */
static struct str spoken(struct decide *d, struct json doc, struct str subject)
{
	static const char *const keys[] = {"need", "said"};
	struct json_writer w;
	bool some = false;

	arena_writer(d->view.arena, &w, json_raw(d->body).n + 64);
	json_object_begin(&w);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (json_present(json_get(d->body, keys[i]))) {
			json_kv_raw(&w, keys[i], json_raw(json_get(d->body, keys[i])));
			some = true;
		}
	json_object_end(&w);
	return some ? draft_private(d, doc, subject, arena_written(d->view.arena, &w)) : STR_NULL;
}

/* The PATCH as it is stored: its free words sealed among the rest. */
static struct str sealed_change(struct decide *d, const struct row *present)
{
	struct str customer = json_str_at(present->doc, "customer");
	struct str sealed = spoken(d, present->doc, customer.n ? customer : d->command->target);
	struct json_writer w;
	bool put = false;

	arena_writer(d->view.arena, &w, json_raw(d->body).n + sealed.n + 64);
	json_object_begin(&w);
	for (struct json v = json_first_value(d->body); json_present(v);
		v = json_next_value(d->body, v)) {
		struct str key = json_key(v);
		if (!put && sealed.n && str_cmp(key, STR("private")) > 0) {
			json_kv_raw(&w, "private", sealed);
			put = true;
		}
		if (str_is(key, "need") || str_is(key, "said"))
			continue;
		json_key_put(&w, key);
		json_put_raw(&w, json_raw(v));
	}
	if (!put && sealed.n)
		json_kv_raw(&w, "private", sealed);
	json_object_end(&w);
	return arena_written(d->view.arena, &w);
}

static enum outcome check_known(struct decide *d, const struct visit_fields *f)
{
	struct row row;
	enum outcome o = OK;

	if (f->vin.n && !row_get(&d->view, ROW_VEHICLE, f->vin, &row))
		o = refuse_field(d, "/vin", "this car is not known here");
	if (f->customer.n && !customer_known(&d->view, f->customer, &row))
		o = refuse_field(d, "/customer", "this customer is not known here");
	if (f->follows.n && (!row_get(&d->view, ROW_VISIT, f->follows, &row) ||
				    !str_eq(json_str_at(row.doc, "site"), f->site)))
		o = refuse_field(d, "/follows", "there is no such visit here");
	if (f->ready.s <= f->drop_off.s)
		o = refuse_field(d, "/ready_at", "this must be later than the drop-off");
	if (f->ready.s - f->drop_off.s > (int64_t)LOAN_DAYS_MAX * 86400)
		o = refuse_field(d, "/ready_at", "more than %d days", LOAN_DAYS_MAX);
	return o;
}

/* When nobody says when the car is ready: after the jobs' minutes in opening hours, as an offer
 * reckons (contract 4). False where the site never opens for that long. */
static bool ready_of(
	const struct roster *r, struct json body, struct instant drop_off, struct instant *ready)
{
	int64_t minutes = jobs_minutes(body), wall;
	struct local local;

	if (!opening_add(&wall, &r->opening, roster_local(r, drop_off).wall_s,
		    minutes > 0 ? minutes : JOB_MINUTES_DEFAULT, READY_GRID_MINUTES))
		return false;
	(void)zone_instant(&local, r->zone, wall);
	*ready = local_instant(local);
	return true;
}

/* What is not said stands in the offer that the visit is opened with. */
static enum outcome open_offer(
	struct decide *d, struct visit_fields *f, bool *drop_off, bool *ready)
{
	struct offer *offer = arena_alloc(d->view.arena, sizeof *offer);
	enum outcome o;

	if (!offer)
		return FAULT_MEMORY;
	o = offer_open(&d->view, json_str_at(d->body, "offer"), offer);
	if (o != OK)
		return o;
	if (!str_eq(offer->site, f->site))
		return refuse_field(d, "/offer", "the offer was made for another site");
	f->vin = f->vin.n ? f->vin : offer->vin;
	f->customer = f->customer.n ? f->customer : offer->customer;
	f->jobs = f->jobs.n ? f->jobs : json_raw(json_get(offer->request, "jobs"));
	f->offered = offered_of(d, offer);
	f->facts = offer->request;
	if (json_present(json_get(d->body, "appointment")))
		return OK; /* that says when */
	if (!*drop_off && offer->lines_len)
		f->drop_off = offer->lines[0].drop_off;
	if (!*ready && offer->lines_len)
		f->ready = offer->lines[0].ready;
	*drop_off = *ready = true;
	return OK;
}

/* The appointment says when the car comes, and when it is ready where nobody else did. */
static enum outcome open_appointment(
	struct decide *d, struct visit_fields *f, bool *drop_off, bool *ready)
{
	struct appointment_wish wish = {.wish = json_get(d->body, "appointment"),
		.at = "/appointment",
		.facts = json_is_null(json_get(d->body, "jobs")) ? f->facts : d->body,
		.vin = f->vin,
		.id = f->id,
		.follows = f->follows.n > 0,
		.has_ready = *ready,
		.ready = f->ready};
	struct appointment_made made;
	enum outcome o;

	if (json_is_null(wish.wish))
		return OK;
	o = appointment_make(d, &wish, &made);
	if (o != OK)
		return o;
	if (*drop_off && f->drop_off.s != made.at.s)
		return refuse_field(d, "/drop_off_at", "the appointment is at another time");
	f->appointment = made.doc;
	f->serial = made.serial;
	f->drop_off = made.at;
	f->ready = made.ready;
	*drop_off = *ready = true;
	return OK;
}

enum outcome decide_visit_open(struct decide *d)
{
	const struct roster *roster = decide_roster(d);
	struct visit_fields f = {.site = d->command->journal,
		.vin = json_str_at(d->body, "vin"),
		.customer = json_str_at(d->body, "customer"),
		.follows = json_str_at(d->body, "follows"),
		.repair_order = json_str_at(d->body, "repair_order"),
		.answer = json_str_at(d->body, "answer"),
		.estimate = json_str_at(d->body, "estimate"),
		.jobs = json_raw(json_get(d->body, "jobs"))};
	bool drop_off = doc_instant(d->body, "drop_off_at", &f.drop_off),
	     ready = doc_instant(d->body, "ready_at", &f.ready);
	enum outcome o = OK;

	if (!roster)
		return refuse_field(d, "/site", "there is no such site");
	f.id = id_new(d->view.arena, d->view.env, d->now);
	if (json_str_at(d->body, "offer").n)
		o = open_offer(d, &f, &drop_off, &ready);
	if (o == OK)
		o = open_appointment(d, &f, &drop_off, &ready);
	if (o != OK)
		return o;
	if (!drop_off)
		return refuse_field(d, "/drop_off_at", "needed where no offer is named");
	if (!ready && !ready_of(roster, d->body, f.drop_off, &f.ready))
		return refuse_field(d, "/jobs",
			"the site's opening hours never leave that much time for the work");
	f.has_review = doc_instant(d->body, "review_at", &f.review);
	f.external = json_raw(json_get(d->body, "external"));
	o = check_external(d, ROW_VISIT, f.site, json_get(d->body, "external"), STR_NULL);
	if (o == OK)
		o = check_known(d, &f);
	if (o != OK)
		return o;
	f.private = spoken(d, JSON_ABSENT, f.customer.n ? f.customer : f.id);
	draft_put(d, ROW_VISIT, f.id, visit_doc(d, &f));
	return OK;
}

/* A repair order opened after the booking is the booking's too: claims are filed under it. */
static enum outcome draft_bookings(struct decide *d, struct json visit, struct instant ready)
{
	struct instant known;
	bool moved = doc_instant(visit, "ready_at", &known) && known.s != ready.s;

	return draft_visit_bookings(d, visit, json_raw(json_get(d->body, "repair_order")),
		moved ? &ready : NULL,
		visit_told(d, d->command->target, ready) ? READY_TOLD : READY_EXPECTED);
}

/* Moved, made, given up, or handed back later because the car is ready later: what the change says
 * beside what was sent. */
static enum outcome change_appointment(
	struct decide *d, const struct row *present, struct json merged, struct str *change)
{
	struct appointment_wish wish = {.wish = json_get(d->body, "appointment"),
		.at = "/appointment",
		.facts = present->doc,
		.vin = json_str_at(merged, "vin"),
		.follows = json_str_at(present->doc, "follows").n > 0,
		.visit = present->doc,
		.id = d->command->target};
	bool asked = json_present(wish.wish) && !json_is_null(wish.wish);
	struct appointment_made made;
	struct json_writer w;
	struct str later;
	enum outcome o;

	wish.has_ready = doc_instant(d->body, "ready_at", &made.ready);
	wish.ready = made.ready;
	arena_writer(d->view.arena, &w, VISIT_BYTES_MAX);
	json_object_begin(&w);
	if (asked) {
		if (json_present(json_get(present->doc, "arrived_at")))
			return refuse_field(d, "/appointment", "the car is here already");
		if (json_str_at(present->doc, "for_site").n)
			return refuse_field(d, "/appointment",
				"this visit is of another site's customer: it is received there");
		o = appointment_make(d, &wish, &made);
		if (o != OK)
			return o;
		json_kv_raw(&w, "appointment", made.doc);
		json_kv_instant(&w, "drop_off_at", made.at);
		json_kv_instant(&w, "ready_at", made.ready);
		json_kv_int(&w, "serial", made.serial);
	} else if (wish.has_ready && !json_present(wish.wish)) {
		later = appointment_later(d, present->doc, wish.ready);
		if (later.n)
			json_kv_raw(&w, "appointment", later);
	}
	json_object_end(&w);
	*change = doc_merge(d->view.arena, arena_json(d->view.arena, *change, NULL),
		arena_json(d->view.arena, arena_written(d->view.arena, &w), NULL));
	return change->n ? OK : FAULT_MEMORY;
}

/* PATCH: the members given replace those there are (RFC 7396). */
enum outcome decide_visit_change(struct decide *d)
{
	struct visit_fields f = {.site = d->command->journal};
	struct row present;
	struct json merged;
	struct str change;
	enum outcome o;

	if (!row_get(&d->view, ROW_VISIT, d->command->target, &present) ||
		!str_eq(json_str_at(present.doc, "site"), d->command->journal))
		return REFUSED_NOT_FOUND;
	change = sealed_change(d, &present);
	merged = arena_json(d->view.arena,
		doc_merge(d->view.arena, present.doc, arena_json(d->view.arena, change, NULL)),
		NULL);
	if (str_eq(json_raw(merged), present.text)) {
		d->command->unchanged = true;
		d->command->seq = present.rev;
		return OK;
	}
	o = check_match(d, &present);
	if (o == OK)
		o = change_appointment(d, &present, merged, &change);
	if (o != OK)
		return o;
	merged = arena_json(d->view.arena,
		doc_merge(d->view.arena, present.doc, arena_json(d->view.arena, change, NULL)),
		NULL);
	ASSERT(doc_instant(merged, "drop_off_at", &f.drop_off) &&
		doc_instant(merged, "ready_at", &f.ready));
	f.vin = json_str_at(merged, "vin");
	f.customer = json_str_at(merged, "customer");
	o = check_external(d, ROW_VISIT, f.site, json_get(d->body, "external"), d->command->target);
	if (o == OK)
		o = check_known(d, &f);
	if (o != OK)
		return o;
	draft_set(d, ROW_VISIT, d->command->target, change);
	return draft_bookings(d, present.doc, f.ready);
}
