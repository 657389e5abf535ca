/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/appointment.h"
#include "fleet/render_parts.h"
#include "fleet/ripple.h"
#include "fleet/ways.h"

/*
 * Who is touched, whom to call, and what to propose. Names and phone numbers are unsealed for the
 * answer alone; the ways out are found anew each time, so that they are free when they are read.
 */

enum {
	HURT_WAYS_MAX = 20, /* of so many the ways out are searched; the rest is named */
	ITEM_BYTES = 1024,
	ESCAPED = 6, /* bytes that one byte of a name may become */
};

struct contact contact_of(struct view *v, struct str customer)
{
	struct contact c = {STR_NULL, STR_NULL};

	if (!customer.n)
		return c;
	c.name = customer_name(v, customer);
	c.phone = json_str_at(customer_person(v, customer), "phone");
	return c;
}

/* ---- one who is touched ---- */

static struct str hurt_booking(struct view *v, const struct booking *b, const struct ways *ways)
{
	const struct zone *zone = site_zone(v, b->site);
	struct contact contact = contact_of(v, b->customer);
	struct json_writer w;

	arena_writer(v->arena, &w,
		ITEM_BYTES + ESCAPED * (contact.name.n + contact.phone.n) + WAYS_MAX * WAY_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "booking", b->id);
	kv_text(&w, "class", b->class);
	kv_text(&w, "customer_name", contact.name);
	kv_local(&w, "from", b->from, zone);
	json_kv_str(&w, "number", b->number);
	kv_text(&w, "phone", contact.phone);
	json_kv_str(&w, "solution", b->solution);
	json_kv_str(&w, "status", str_from(booking_status_name(b->status)));
	kv_local(&w, "until", b->until, zone);
	if (ways) {
		json_k(&w, "ways");
		json_array_begin(&w);
		for (uint32_t i = 0; i < ways->len; i++)
			write_way(&w, &ways->way[i], true, zone);
		json_array_end(&w);
	}
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

struct str render_hurt(struct view *v, const struct seating *seating, const struct booking *b)
{
	struct ways ways;

	ways_of_promise(v, seating, b, &ways);
	return hurt_booking(v, b, &ways);
}

/* A block does not give way and has no ways out. */
static struct str hurt_block(struct view *v, struct str id)
{
	struct instant from, until;
	struct json_writer w;
	struct row row;

	if (!row_get(v, ROW_BLOCK, id, &row) || !doc_instant(row.doc, "from", &from) ||
		!doc_instant(row.doc, "until", &until))
		return STR_NULL;
	const struct zone *zone = site_zone(v, json_str_at(row.doc, "site"));
	arena_writer(v->arena, &w, ITEM_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "block", id);
	kv_local(&w, "from", from, zone);
	kv_local(&w, "until", until, zone);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

/* Who is expected is called, and comes at another time. */
static struct str hurt_visit(struct view *v, struct str id)
{
	struct appointment_time in, back;
	struct contact contact;
	struct json_writer w;
	struct row row;

	if (!row_get(v, ROW_VISIT, id, &row) || !appointment_time(row.doc, APPOINTMENT_IN, &in))
		return STR_NULL;
	const struct zone *zone = site_zone(v, json_str_at(row.doc, "site"));
	contact = contact_of(v, json_str_at(row.doc, "customer"));
	arena_writer(v->arena, &w, ITEM_BYTES + ESCAPED * (contact.name.n + contact.phone.n));
	json_object_begin(&w);
	kv_text(&w, "customer_name", contact.name);
	kv_local(&w, "from", in.at, zone);
	kv_text(&w, "phone", contact.phone);
	kv_local(&w, "until",
		appointment_time(row.doc, APPOINTMENT_OUT, &back) ? back.until : in.until, zone);
	json_kv_str(&w, "visit", id);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

static struct items hurt_items(struct view *v, const struct ripple *r)
{
	struct items items = {.arena = v->arena};

	for (uint32_t i = 0; i < r->hurt_len; i++) {
		const struct touched *t = &r->hurt[i];
		struct booking b;
		uint64_t rev;
		if (t->kind == ROW_BLOCK)
			items_add(&items, hurt_block(v, t->id));
		else if (t->kind == ROW_VISIT)
			items_add(&items, hurt_visit(v, t->id));
		else if (booking_get(v, t->id, &b, &rev))
			items_add(&items, i < HURT_WAYS_MAX && booking_is_promise(b.status)
						  ? render_hurt(v, &r->decide.seating, &b)
						  : hurt_booking(v, &b, NULL));
	}
	return items;
}

static struct str move_item(struct view *v, const struct touched *t)
{
	struct booking b;
	uint64_t rev;
	struct json_writer w;
	struct str name;

	if (!booking_get(v, t->id, &b, &rev))
		return STR_NULL;
	name = contact_of(v, b.customer).name;
	arena_writer(v->arena, &w, ITEM_BYTES + ESCAPED * name.n);
	json_object_begin(&w);
	json_kv_str(&w, "booking", b.id);
	kv_text(&w, "customer_name", name);
	kv_local(&w, "from", b.from, site_zone(v, b.site));
	json_kv_str(&w, "number", b.number);
	json_kv_str(&w, "resource_from", t->from);
	json_kv_str(&w, "resource_to", t->to);
	kv_local(&w, "until", b.until, site_zone(v, b.site));
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

static struct items move_items(struct view *v, const struct ripple *r)
{
	struct items items = {.arena = v->arena};

	for (uint32_t i = 0; i < r->moves_len; i++)
		items_add(&items, move_item(v, &r->moves[i]));
	return items;
}

/* ---- what a command would do ---- */

/* A wish without a seat has the ways out of a wish: those of its refusal. */
static struct str alternatives_of(struct view *v, const struct ripple *r)
{
	struct booking b;
	uint64_t rev;

	if (r->outcome != REFUSED_NO_SEAT)
		return STR_NULL;
	return render_alternatives(v, r->command.journal,
		arena_json(v->arena, r->command.detail, NULL),
		booking_get(v, r->command.target, &b, &rev) ? b.serial : 0);
}

static struct str preview_of(struct view *v, const struct ripple *r)
{
	struct items hurt = hurt_items(v, r), moves = move_items(v, r);
	struct str terms = json_raw(ripple_terms(r)), others = alternatives_of(v, r);
	struct json_writer w;

	if (hurt.full || moves.full)
		return STR_NULL;
	arena_writer(v->arena, &w, ITEM_BYTES + hurt.bytes + moves.bytes + terms.n + others.n);
	json_object_begin(&w);
	if (others.n)
		json_kv_raw(&w, "alternatives", others);
	json_k(&w, "hurt");
	items_write(&w, &hurt);
	json_k(&w, "moves");
	items_write(&w, &moves);
	json_kv_bool(&w, "possible", r->outcome == OK);
	json_kv_bool(&w, "preview", true);
	if (r->outcome != OK)
		json_kv_str(&w, "reason", str_from(outcome_slug(r->outcome)));
	if (terms.n)
		json_kv_raw(&w, "terms", terms);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

struct str render_preview(struct view *v, struct command *c)
{
	struct ripple *r = ripple_of(v, c);

	c->outcome = r ? r->outcome : FAULT_MEMORY;
	if (!r)
		return STR_NULL;
	c->detail = r->command.detail;
	c->faults = r->command.faults;
	if (c->outcome != OK && outcome_status(c->outcome) != 409)
		return STR_NULL; /* not a matter of what is promised to whom */
	return preview_of(v, r);
}

struct str render_plan(struct view *v, const struct command *c)
{
	struct ripple *r = ripple_of(v, c);
	struct items items = {.arena = v->arena};
	struct json_writer w;

	if (!r)
		return STR_NULL;
	if (r->outcome == REFUSED_PROMISES_BROKEN)
		items = hurt_items(v, r);
	if (items.full)
		return STR_NULL;
	arena_writer(v->arena, &w, ITEM_BYTES + items.bytes);
	items_write(&w, &items);
	return arena_written(v->arena, &w);
}

struct str render_ripple(struct view *v, const struct row *row)
{
	struct booking b;
	struct ways none = {.len = 0};
	struct str shown;

	booking_read(&b, row->doc);
	shown = b.at_risk ? render_hurt(v, NULL, &b) : hurt_booking(v, &b, &none);
	if (!shown.n)
		return STR_NULL;
	return render_over(v->arena, arena_json(v->arena, shown, NULL),
		arena_json(v->arena,
			b.at_risk ? STR("{\"at_risk\":true}") : STR("{\"at_risk\":false}"), NULL),
		NULL);
}

/* ---- a visit whose car takes longer ---- */

/* The loan of the visit that ends last; false: it has none that is under way or to come. */
static bool last_loan(struct view *v, struct json visit, struct booking *out)
{
	struct json ids = json_get(visit, "bookings");
	bool some = false;

	for (struct json e = json_first(ids); json_present(e); e = json_next(ids, e)) {
		struct booking b;
		struct solution s;
		uint64_t rev;
		const struct roster *roster;
		if (!booking_get(v, json_str(e), &b, &rev) || !booking_is_live(b.status))
			continue;
		roster = roster_of(v, b.site);
		if (!roster || !site_solution(v, roster, b.solution, b.from, &s) ||
			(s.claims != CLAIMS_CAR && s.claims != CLAIMS_ALLOTMENT))
			continue;
		if (!some || b.until.s > out->until.s)
			*out = b;
		some = true;
	}
	return some;
}

/* What extending it until then would do. */
static struct str extension_of(struct view *v, const struct booking *b, struct instant until)
{
	struct command c = {.verb = VERB_BOOKING_EXTEND, .journal = b->site, .target = b->id};
	struct json_writer w;
	struct str shown;

	arena_writer(v->arena, &w, ITEM_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "reason", STR("ready_at"));
	json_kv_instant(&w, "until", until);
	json_object_end(&w);
	c.body = arena_written(v->arena, &w);
	shown = c.body.n ? render_preview(v, &c) : STR_NULL;
	if (!shown.n)
		return STR_NULL;
	arena_writer(v->arena, &w, ITEM_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "booking", b->id);
	json_kv_str(&w, "number", b->number);
	json_kv_null(&w, "preview");
	kv_local(&w, "until", until, site_zone(v, b->site));
	json_object_end(&w);
	return render_over(v->arena, arena_json(v->arena, shown, NULL),
		arena_json(v->arena, arena_written(v->arena, &w), NULL), NULL);
}

struct str render_visit_ripple(struct view *v, struct json visit)
{
	struct instant ready, until, now = v->env->now(v->env);
	const struct roster *roster;
	struct booking b;
	struct str shown;

	/* whom a car of another site's would touch is that site's affair */
	if (!last_loan(v, visit, &b) || b.for_site.n || !doc_instant(visit, "ready_at", &ready) ||
		b.until.s >= ready.s)
		return STR_NULL;
	roster = roster_of(v, b.site);
	if (ready.s <= now.s)
		ready.s = now.s + 1; /* it is fetched from now on */
	ready.s = (ready.s + 59) / 60 * 60;
	if (!next_date_return(
		    &until, roster->zone, &roster->opening, ready, roster->return_minutes))
		return STR_NULL;
	shown = extension_of(v, &b, until);
	return shown.n ? arena_printf(v->arena, "[%.*s]", STR_FMT(shown)) : STR_NULL;
}
