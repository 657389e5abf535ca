/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* A booking's row as commands: the offer, the booking, what became of it. */

#include "fleet/booking.h"
#include "fleet/external.h"
#include "fleet/offer.h"
#include "server/import_key.h"
#include "server/import_play.h"

enum { BODY_BYTES_MAX = 16 << 10 };

struct booking_context {
	struct play *p;
	uint32_t row;
	bool making;
};

static uint32_t line_of(struct play *p, uint32_t row)
{
	return p->bookings->row[row].line;
}

static void kv(struct json_writer *w, const char *key, struct json doc, const char *from)
{
	struct json v = json_get(doc, from);

	if (json_present(v))
		json_kv_raw(w, key, json_raw(v));
}

/* Under the name that the house has for whom the row means. */
static void kv_customer(struct play *p, struct json_writer *w, struct json doc)
{
	struct str named = json_str_at(doc, "customer");
	struct view v;
	struct txn t;

	if (!named.n)
		return;
	import_look(p->im, &v, &t, &p->scratch);
	json_kv_str(w, "customer", import_customer(&v, named));
	fleet_look_end(&v);
}

static void body_begin(struct play *p, struct json_writer *w)
{
	arena_writer(&p->scratch, w, BODY_BYTES_MAX);
	json_object_begin(w);
}

static struct str body_end(struct play *p, struct json_writer *w)
{
	struct str body;

	json_object_end(w);
	body = arena_written(&p->scratch, w);
	if (!body.p)
		p->batch.fault = FAULT_MEMORY;
	return body;
}

/* The entry's first effect is the booking as it was made. */
static void remember(struct play *p, struct played *played, struct json effect)
{
	played->booking = arena_copy(&p->ids, json_str_at(effect, "id"));
	played->visit = arena_copy(&p->ids, json_str_at(json_get(effect, "doc"), "visit"));
	played->state = PLAYED_MADE;
}

static void remember_entry(struct play *p, struct played *played, const struct command *c)
{
	struct view v;
	struct txn t;
	struct arena a;
	struct journal_entry entry;
	struct event_head head;
	struct json effects;
	const char *why;

	arena_init(&a, ARENA_MAX_DEFAULT);
	import_look(p->im, &v, &t, &a);
	ASSERT(journal_entry(v.txn, c->journal, c->seq, &entry));
	ASSERT(event_read(&a, entry.bytes, &head, &effects, &why) == OK);
	remember(p, played, json_first(effects));
	fleet_look_end(&v);
	arena_deinit(&a);
}

static void refuse(struct play *p, uint32_t row, const struct command *c)
{
	p->im->counts.refused++;
	if (!p->im->substitute)
		import_refused(p->im, line_of(p, row), c);
}

static void booking_done(struct command *c)
{
	const struct booking_context *context = c->context;
	struct play *p = context->p;
	struct played *played = &p->played[context->row];

	if (!context->making) {
		if (c->outcome != OK)
			refuse(p, context->row, c);
		return;
	}
	if (c->outcome == OK) {
		p->im->counts.created++;
		p->im->counts.substituted += played->tried > 0;
		remember_entry(p, played, c);
	} else if (c->outcome == REFUSED_NO_SEAT && p->im->substitute) {
		played->state = PLAYED_FULL;
	} else {
		played->state = PLAYED_LOST;
		refuse(p, context->row, c);
	}
}

/* A command of this row in its site's journal under import/REF and `suffix`. */
static struct command *row_command(struct play *p, uint32_t row, enum verb verb, struct str target,
	const char *suffix, struct json *effect)
{
	struct json doc = play_row(p, p->bookings, row);
	struct str journal = verb_is_directory(verb) ? JOURNAL_DIRECTORY : json_str_at(doc, "site");
	struct str base = arena_printf(
		&p->scratch, "import/%.*s%s", STR_FMT(json_str_at(doc, "ref")), suffix);
	struct command *c = play_command(p, journal, verb, target, base, effect);
	struct booking_context *context = c ? arena_alloc(&c->arena, sizeof *context) : NULL;

	if (!c)
		return NULL;
	ASSERT(context);
	*context = (struct booking_context){p, row, verb == VERB_BOOKING_MAKE};
	c->context = context;
	c->done = booking_done;
	return c;
}

/* ---- made ---- */

/* It ended before the journal's present, so nothing can be promised any more. A car that never came
 * back is no such thing. */
static bool is_over(struct play *p, uint32_t row)
{
	struct json doc = play_row(p, p->bookings, row);
	struct instant until;
	bool is_out =
		json_present(json_get(doc, "out_at")) && !json_present(json_get(doc, "in_at"));

	return doc_instant(doc, "until", &until) && until.s <= p->clock.s && !is_out;
}

void play_recheck(struct play *p, uint32_t row)
{
	struct json doc = play_row(p, p->bookings, row), effect;
	struct str vin = json_str_at(doc, "vin");
	struct json_writer w;
	struct command *c;

	if (!vin.n || !json_str_at(doc, "cover_source").n || is_over(p, row))
		return;
	c = row_command(p, row, VERB_COVER_CHECK, vin, "/cover", &effect);
	if (!c)
		return;
	body_begin(p, &w);
	kv(&w, "source", doc, "cover_source");
	import_batch_add(&p->batch, c, body_end(p, &w));
}

static struct str offer_request(struct play *p, struct json doc)
{
	struct json_writer w;

	body_begin(p, &w);
	kv_customer(p, &w, doc);
	kv(&w, "distance_km", doc, "distance_km");
	kv(&w, "drop_off_at", doc, "drop_off_at");
	kv(&w, "jobs", doc, "jobs");
	kv(&w, "loan_from", doc, "from");
	kv(&w, "loan_to", doc, "until");
	kv(&w, "ready_at", doc, "ready_at");
	kv(&w, "site", doc, "site");
	kv(&w, "vin", doc, "vin");
	return body_end(p, &w);
}

/* Whether the offer has room for what the row wishes. Asking all the same would leave a refusal in
 * the journal each time the file is imported. */
static bool has_room(struct json answer, struct json doc)
{
	struct json solutions = json_get(answer, "solutions");
	struct str solution = json_str_at(doc, "solution"), class = json_str_at(doc, "class");

	for (struct json s = json_first(solutions); json_present(s); s = json_next(solutions, s)) {
		struct json classes = json_get(s, "classes");
		if (!str_eq(json_str_at(s, "solution"), solution))
			continue;
		if (!class.n)
			return json_bool_at(s, "available", false);
		for (struct json c = json_first(classes); json_present(c);
			c = json_next(classes, c))
			if (str_eq(json_str_at(c, "class"), class))
				return json_bool_at(c, "available", false);
	}
	return true; /* what it does not know the decision refuses by name */
}

/* The offer as it would have been read out at that moment; false: refused, and told. */
static bool make_offer(struct play *p, uint32_t row)
{
	struct str request = offer_request(p, play_row(p, p->bookings, row)), answer = STR_NULL;
	struct faults *faults = arena_alloc(&p->scratch, sizeof *faults);
	struct view v;
	struct txn t;
	enum outcome o = FAULT_MEMORY;

	if (faults && request.p) {
		import_look(p->im, &v, &t, &p->scratch);
		o = offer_make(&v, request, p->clock, &answer, NULL, faults);
		fleet_look_end(&v);
	}
	if (outcome_is_fault(o)) {
		p->batch.fault = o;
		return false;
	}
	struct json offer = o == OK ? arena_json(&p->scratch, answer, NULL) : JSON_ABSENT;
	if (o == OK && !p->im->substitute && !has_room(offer, play_row(p, p->bookings, row)))
		o = REFUSED_NO_SEAT;
	if (o != OK)
		refuse(p, row,
			&(struct command){.outcome = o, .faults = faults->len ? faults : NULL});
	else
		p->played[row].offer = arena_copy(&p->hour, json_str_at(offer, "offer"));
	return o == OK;
}

static struct str make_body(struct play *p, uint32_t row, struct str class)
{
	struct json doc = play_row(p, p->bookings, row);
	struct json_writer w;

	body_begin(p, &w);
	if (class.n)
		json_kv_str(&w, "class", class);
	kv_customer(p, &w, doc);
	kv(&w, "external", doc, "external");
	kv(&w, "from", doc, "from");
	json_kv_str(&w, "offer", p->played[row].offer);
	kv(&w, "solution", doc, "solution");
	kv(&w, "until", doc, "until");
	return body_end(p, &w);
}

/* What another row, or another way in, made under the same foreign id is this booking. */
static bool found_by_foreign_id(struct play *p, uint32_t row)
{
	struct json doc = play_row(p, p->bookings, row);
	struct played *played = &p->played[row];
	struct booking b;
	struct view v;
	struct txn t;
	uint64_t rev;

	import_look(p->im, &v, &t, &p->scratch);
	struct str id = external_taken(
		&v, ROW_BOOKING, json_str_at(doc, "site"), json_get(doc, "external"), STR_NULL);
	bool found = id.n && booking_get(&v, id, &b, &rev);
	if (found) {
		played->booking = arena_copy(&p->ids, b.id);
		played->visit = arena_copy(&p->ids, b.visit);
		played->state = PLAYED_MADE;
	}
	fleet_look_end(&v);
	return found;
}

void play_make(struct play *p, uint32_t row)
{
	struct played *played = &p->played[row];
	struct json effect;
	struct command *c = row_command(p, row, VERB_BOOKING_MAKE, STR_NULL, "", &effect);

	if (!c) {
		p->im->counts.same += json_present(effect);
		if (json_present(effect))
			remember(p, played, effect);
		return;
	}
	if (found_by_foreign_id(p, row)) {
		p->im->counts.same++;
		import_drop(&p->batch, c);
		return;
	}
	if (is_over(p, row)) {
		p->im->counts.over++;
		played->state = PLAYED_LOST;
		import_drop(&p->batch, c);
		return;
	}
	if (!make_offer(p, row)) {
		played->state = PLAYED_LOST;
		import_drop(&p->batch, c);
		return;
	}
	played->state = PLAYED_ASKED;
	import_batch_add(&p->batch, c,
		make_body(p, row, json_str_at(play_row(p, p->bookings, row), "class")));
}

/* The classes of its solution at its site, but the one it wished for; STR_NULL after the last. */
static struct str other_class(struct play *p, uint32_t row, uint32_t number)
{
	struct json doc = play_row(p, p->bookings, row);
	struct str classes[CLASSES_PER_SITE_MAX], found = STR_NULL;
	const struct roster *roster;
	struct view v;
	struct txn t;

	import_look(p->im, &v, &t, &p->scratch);
	roster = roster_of(&v, json_str_at(doc, "site"));
	size_t n = roster ? roster_classes(roster, json_str_at(doc, "solution"), classes) : 0;
	for (size_t i = 0; i < n && !found.p; i++)
		if (!str_eq(classes[i], json_str_at(doc, "class")) && number-- == 0)
			found = arena_copy(&p->scratch, classes[i]);
	fleet_look_end(&v);
	return found;
}

bool play_substitute(struct play *p, uint32_t first, uint32_t end)
{
	bool some = false;

	for (uint32_t i = first; i < end && p->batch.fault == OK; i++) {
		uint32_t row = p->steps[i].row;
		struct json effect;
		if (p->steps[i].what != STEP_MAKE || p->played[row].state != PLAYED_FULL)
			continue;
		struct str class = other_class(p, row, p->played[row].tried++);
		struct command *c =
			class.n ? row_command(p, row, VERB_BOOKING_MAKE, STR_NULL, "", &effect)
				: NULL;
		p->played[row].state = c ? PLAYED_ASKED : PLAYED_LOST;
		p->im->counts.refused += !c;
		if (c)
			import_batch_add(&p->batch, c, make_body(p, row, class));
		some |= c != NULL;
		arena_reset(&p->scratch);
	}
	return some;
}

/* ---- what became of it ---- */

static void follow(
	struct play *p, uint32_t row, enum verb verb, const char *suffix, struct str body)
{
	struct played *played = &p->played[row];
	struct str target = verb == VERB_VISIT_CHANGE ? played->visit : played->booking;
	struct json effect;
	struct command *c = body.p ? row_command(p, row, verb, target, suffix, &effect) : NULL;

	if (c)
		import_batch_add(&p->batch, c, body);
}

static void follow_out(struct play *p, uint32_t row, struct json doc)
{
	struct json_writer w;

	body_begin(p, &w);
	kv(&w, "agreement_signed_at", doc, "agreement_signed_at");
	kv(&w, "at", doc, "out_at");
	kv(&w, "fuel_percent", doc, "out_fuel");
	kv(&w, "licence_checked_at", doc, "licence_checked_at");
	kv(&w, "odometer_km", doc, "out_km");
	follow(p, row, VERB_BOOKING_CHECK_OUT, "/out", body_end(p, &w));
	body_begin(p, &w);
	kv(&w, "arrived_at", doc, "out_at");
	kv(&w, "repair_order", doc, "repair_order");
	follow(p, row, VERB_VISIT_CHANGE, "/visit", body_end(p, &w));
}

static void follow_in(struct play *p, uint32_t row, struct json doc)
{
	struct json_writer w;

	body_begin(p, &w);
	kv(&w, "at", doc, "in_at");
	kv(&w, "fuel_percent", doc, "in_fuel");
	kv(&w, "odometer_km", doc, "in_km");
	follow(p, row, VERB_BOOKING_CHECK_IN, "/in", body_end(p, &w));
}

static void follow_cancel(struct play *p, uint32_t row, struct json doc)
{
	struct json_writer w;

	body_begin(p, &w);
	if (json_present(json_get(doc, "cancel_reason")))
		kv(&w, "reason", doc, "cancel_reason");
	else
		json_kv_str(&w, "reason", STR("imported"));
	follow(p, row, VERB_BOOKING_CANCEL, "/cancel", body_end(p, &w));
}

void play_follow(struct play *p, uint32_t row, enum step_what what)
{
	struct json doc;

	if (p->played[row].state == PLAYED_ASKED)
		import_batch_run(&p->batch); /* it needs its number first */
	p->played[row].missed = p->played[row].state == PLAYED_FULL;
	if (p->played[row].state != PLAYED_MADE)
		return;
	doc = play_row(p, p->bookings, row);
	switch (what) {
	case STEP_COVER:
	case STEP_MAKE: break;
	case STEP_CANCEL: follow_cancel(p, row, doc); break;
	case STEP_NO_SHOW: follow(p, row, VERB_BOOKING_NO_SHOW, "/no-show", STR("{}")); break;
	case STEP_OUT: follow_out(p, row, doc); break;
	case STEP_IN: follow_in(p, row, doc); break;
	}
}
