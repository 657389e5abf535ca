/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/merge.h"
#include "fleet/render_parts.h"
#include "rules/vin.h"

/*
 * One box for everything: plates, the number of a car or its last seven, names, phones, bookings,
 * repair orders. The best first: what is exactly meant, then people and their cars, then whatever
 * begins so.
 */

enum {
	FOUND_MAX = 20,
	STEPS_MAX = 200, /* index entries looked at along one word */
	PREFIX_MIN = 2,	 /* characters from which a beginning says something */
	VIN_PREFIX_MIN = 3,
	VIN_LAST = 7,
	WORD_MAX = 256,
	CARS_OF_ONE_MAX = 3,
	FOUND_BYTES = 2048, /* a hit without the texts that people write */
};

struct search {
	struct view *view;
	struct row_look look;
	const struct actor *actor;
	char buf[WORD_MAX];
	struct str word; /* folded */
	struct items items;
	uint32_t known_len;
	struct {
		enum row_kind kind;
		struct str id;
	} known[FOUND_MAX];
};

static bool is_done(const struct search *s)
{
	return s->known_len == FOUND_MAX;
}

/* ---- one hit ---- */

static void hit_begin(struct search *s, struct json_writer *w, const struct row *row)
{
	arena_writer(&s->look.arena, w, 2 * row->text.n + FOUND_BYTES);
	json_object_begin(w);
}

static struct str hit_end(struct search *s, struct json_writer *w)
{
	json_object_end(w);
	return arena_written(&s->look.arena, w);
}

static void kv_of(struct json_writer *w, struct json doc, const char *key)
{
	kv_text(w, key, json_str_at(doc, key));
}

static struct str hit_vehicle(struct search *s, const struct row *row)
{
	struct str owner = json_str_at(row->doc, "owner");
	struct json_writer w;

	hit_begin(s, &w, row);
	kv_text(&w, "customer", owner);
	json_kv_str(&w, "kind", STR("vehicle"));
	kv_of(&w, row->doc, "model");
	kv_text(&w, "name", customer_name(&s->look.view, owner));
	kv_of(&w, row->doc, "plate");
	kv_of(&w, row->doc, "vin");
	return hit_end(s, &w);
}

static struct str hit_customer(struct search *s, const struct row *row)
{
	struct json person = private_open(&s->look.view, json_get(row->doc, "person"));
	struct str id = json_str_at(row->doc, "customer");
	struct json_writer w;

	hit_begin(s, &w, row);
	json_kv_str(&w, "customer", id);
	json_kv_str(&w, "kind", STR("customer"));
	kv_text(&w, "name", customer_name(&s->look.view, id));
	kv_of(&w, person, "phone");
	return hit_end(s, &w);
}

static struct str hit_booking(struct search *s, const struct row *row)
{
	const struct zone *zone = site_zone(&s->look.view, json_str_at(row->doc, "site"));
	struct json_writer w;
	struct booking b;

	booking_read(&b, row->doc);
	hit_begin(s, &w, row);
	json_kv_bool(&w, "at_risk", b.at_risk);
	json_kv_str(&w, "booking", b.id);
	kv_text(&w, "class", b.class);
	kv_text(&w, "customer", customer_of(&s->look.view, b.customer));
	kv_text(&w, "customer_name", customer_name(&s->look.view, b.customer));
	kv_local(&w, "from", b.from, zone);
	json_kv_str(&w, "kind", STR("booking"));
	json_kv_str(&w, "number", b.number);
	kv_text(&w, "repair_order", b.repair_order);
	kv_text(&w, "resource", b.resource);
	json_kv_str(&w, "site", b.site);
	json_kv_str(&w, "solution", b.solution);
	json_kv_str(&w, "status", str_from(booking_status_name(b.status)));
	kv_local(&w, "until", b.until, zone);
	kv_text(&w, "vin", b.vin);
	json_kv_str(&w, "visit", b.visit);
	return hit_end(s, &w);
}

static struct str hit_visit(struct search *s, const struct row *row)
{
	const struct zone *zone = site_zone(&s->look.view, json_str_at(row->doc, "site"));
	struct str customer = customer_of(&s->look.view, json_str_at(row->doc, "customer"));
	struct instant t;
	struct json_writer w;

	hit_begin(s, &w, row);
	kv_text(&w, "customer", customer);
	if (doc_instant(row->doc, "drop_off_at", &t))
		kv_local(&w, "drop_off_at", t, zone);
	json_kv_str(&w, "kind", STR("visit"));
	kv_text(&w, "name", customer_name(&s->look.view, customer));
	if (doc_instant(row->doc, "ready_at", &t))
		kv_local(&w, "ready_at", t, zone);
	kv_of(&w, row->doc, "repair_order");
	kv_of(&w, row->doc, "site");
	kv_of(&w, row->doc, "vin");
	kv_of(&w, row->doc, "visit");
	return hit_end(s, &w);
}

static struct str hit_resource(struct search *s, const struct row *row)
{
	struct json_writer w;

	hit_begin(s, &w, row);
	kv_of(&w, row->doc, "class");
	json_kv_str(&w, "kind", STR("resource"));
	kv_of(&w, row->doc, "label");
	kv_of(&w, row->doc, "plate");
	kv_of(&w, row->doc, "resource");
	json_kv_str(&w, "resource_kind", json_str_at(row->doc, "kind"));
	kv_of(&w, row->doc, "site");
	kv_of(&w, row->doc, "status");
	return hit_end(s, &w);
}

static struct str hit_of(struct search *s, enum row_kind kind, const struct row *row)
{
	switch (kind) {
	case ROW_VEHICLE: return hit_vehicle(s, row);
	case ROW_CUSTOMER: return hit_customer(s, row);
	case ROW_BOOKING: return hit_booking(s, row);
	case ROW_VISIT: return hit_visit(s, row);
	case ROW_RESOURCE: return hit_resource(s, row);
	case ROW_SITE:
	case ROW_BLOCK:
	case ROW_TASK:
	case ROW_DEMAND:
	case ROW_WAITING:
	case ROW_DESK:
	case ROW_ATTACHMENT:
	case ROW_REPAIR_ORDER:
	case ROW_CLAIM:
	case ROW_CONTACT:
	case ROW_COMPLAINT:
	case ROW_IMPORT:
	case ROW_RULESET: break;
	}
	ASSERT(false);
}

/* Customers and cars are everybody's, the rest is its site's. */
static bool may_see(const struct search *s, enum row_kind kind, const struct row *row)
{
	return kind == ROW_VEHICLE || kind == ROW_CUSTOMER ||
	       actor_has_site(s->actor, json_str_at(row->doc, "site")) ||
	       actor_has_site(s->actor, json_str_at(row->doc, "for_site"));
}

/* False: there is no such object, or not for whoever asks. */
static bool add(struct search *s, enum row_kind kind, struct str id)
{
	struct row row;
	bool seen;

	for (uint32_t i = 0; i < s->known_len; i++)
		if (s->known[i].kind == kind && str_eq(s->known[i].id, id))
			return true;
	if (is_done(s))
		return false;
	row_look_next(&s->look);
	seen = row_get(&s->look.view, kind, id, &row) && may_see(s, kind, &row);
	if (!seen)
		return false;
	s->known[s->known_len].kind = kind;
	s->known[s->known_len++].id = arena_copy(s->view->arena, id);
	items_add(&s->items, hit_of(s, kind, &row));
	return true;
}

/* ---- looking ---- */

static void look_up(struct search *s, char what, bool exact, enum row_kind kind)
{
	struct key prefix;
	struct cursor c;
	bool some;

	if (!s->word.n || s->word.n > ID_MAX || (!exact && s->word.n < PREFIX_MIN))
		return;
	prefix = key_lookup_prefix(what, s->word);
	if (exact)
		key_u8(&prefix, 0);
	cursor_open(&c, s->view->txn, DB_INDEX);
	some = cursor_seek(&c, key_str(&prefix));
	for (int steps = 0; some && steps < STEPS_MAX && !is_done(s); steps++) {
		if (!cursor_within(&c, key_str(&prefix)))
			break;
		(void)add(s, kind,
			kind == ROW_CUSTOMER
				? customer_of(s->view, arena_copy(s->view->arena, c.value))
				: c.value);
		some = cursor_next(&c);
	}
	cursor_close(&c);
}

/* Cars whose number begins so; the rows themselves are in that order. */
static void look_up_vins(struct search *s, bool exact)
{
	char vin[VIN_TEXT];
	struct key prefix = key_row_prefix(ROW_VEHICLE);
	struct cursor c;
	bool some;

	if (s->word.n < VIN_PREFIX_MIN || s->word.n > VIN_LEN || (exact && s->word.n != VIN_LEN))
		return;
	(void)vin_check(vin, s->word, false);
	key_bytes(&prefix, vin, strlen(vin));
	cursor_open(&c, s->view->txn, DB_ROWS);
	some = cursor_seek(&c, key_str(&prefix));
	for (int steps = 0; some && steps < STEPS_MAX && !is_done(s); steps++) {
		struct str id;
		size_t at = 1;
		if (!cursor_within(&c, key_str(&prefix)) || !key_take_text(c.key, &at, &id))
			break;
		(void)add(s, ROW_VEHICLE, id);
		some = cursor_next(&c);
	}
	cursor_close(&c);
}

static void add_cars(struct search *s, struct str customer)
{
	struct key prefix = key_customer_vehicle_prefix(customer);
	struct cursor c;
	bool some;

	cursor_open(&c, s->view->txn, DB_INDEX);
	some = cursor_seek(&c, key_str(&prefix));
	for (int cars = 0; some && cars < CARS_OF_ONE_MAX; cars++) {
		struct str vin;
		size_t at = prefix.n;
		if (!cursor_within(&c, key_str(&prefix)) || !key_take_text(c.key, &at, &vin))
			break;
		(void)add(s, ROW_VEHICLE, vin);
		some = cursor_next(&c);
	}
	cursor_close(&c);
}

/* A name or a phone: the person, then the cars, as that is what most calls are about. */
static void look_up_people(struct search *s, struct str q)
{
	struct str customers[FOUND_MAX];
	size_t n = people_search(s->view->people, s->view->arena, q, customers, FOUND_MAX);

	for (size_t i = 0; i < n; i++) {
		struct str customer = customer_of(s->view, customers[i]);
		if (add(s, ROW_CUSTOMER, customer))
			add_cars(s, customer);
	}
}

struct str render_search(struct view *v, struct str q, const struct actor *actor)
{
	static const struct {
		char what;
		enum row_kind kind;
	} lookups[] = {
		{LOOKUP_PLATE, ROW_VEHICLE},
		{LOOKUP_NUMBER, ROW_BOOKING},
		{LOOKUP_REPAIR_ORDER, ROW_VISIT},   /* the order is the visit's first, ... */
		{LOOKUP_REPAIR_ORDER, ROW_BOOKING}, /* ... then its bookings' */
		{LOOKUP_FLEET_PLATE, ROW_RESOURCE},
		{LOOKUP_VIN_LAST7, ROW_VEHICLE},
		{LOOKUP_EXTERNAL_CUSTOMER, ROW_CUSTOMER},
		{LOOKUP_EXTERNAL_VEHICLE, ROW_VEHICLE},
		{LOOKUP_EXTERNAL_VISIT, ROW_VISIT},
		{LOOKUP_EXTERNAL_BOOKING, ROW_BOOKING},
	};
	struct search *s = arena_alloc(v->arena, sizeof *s);

	if (!s)
		return STR_NULL;
	s->view = v;
	s->actor = actor;
	s->items.arena = v->arena;
	s->word = key_fold(s->buf, sizeof s->buf, q);
	row_look_open(&s->look, v);
	look_up_vins(s, true);
	for (size_t i = 0; i < ARRAY_LEN(lookups); i++)
		look_up(s, lookups[i].what, true, lookups[i].kind);
	look_up_people(s, q);
	for (size_t i = 0; i < ARRAY_LEN(lookups); i++)
		look_up(s, lookups[i].what, false, lookups[i].kind);
	look_up_vins(s, false);
	row_look_close(&s->look);
	return items_object(&s->items, false, STR_NULL);
}
