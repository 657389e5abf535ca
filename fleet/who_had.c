/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/who_had.h"

#include "fleet/pool.h"

enum {
	AROUND_MINUTES = 1440, /* a fact that was put right may lie beside its claim */
	CLAIMS_LOOKED_AT = 64,
	BYTES_MAX = 64 << 10,
};

void plate_cars_find(
	struct plate_cars *out, struct view *v, const struct actor *actor, struct str plate)
{
	char folded[KEY_MAX];
	struct key prefix = key_lookup_prefix(LOOKUP_FLEET_PLATE, key_fold(folded, ID_MAX, plate));
	struct cursor c;
	struct row row;

	out->len = 0;
	key_u8(&prefix, 0); /* the whole plate */
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && out->len < PLATE_CARS_MAX && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c)) {
		struct str id = arena_copy(v->arena, c.value);
		if (!row_get(v, ROW_RESOURCE, id, &row) ||
			!actor_has_site(actor, json_str_at(row.doc, "site")))
			continue;
		out->id[out->len] = id;
		out->site[out->len++] = json_str_at(row.doc, "site");
	}
	cursor_close(&c);
}

/* ---- in whose hands ---- */

struct hands {
	struct booking b; /* found: who had it, or who was promised it then */
	bool found, had, block;
	struct str resource, site, reason;
	struct instant from, until;
	bool is_back;
};

/* One stretch of a loan: this car from `out` until `in`, or still. */
static bool stretch_is(struct hands *h, struct json resource_of, struct json out, struct json in,
	struct instant at)
{
	struct instant from, until;
	bool is_back = doc_instant(in, "left_at", &until) || doc_instant(in, "at", &until);

	if (!str_eq(json_str_at(resource_of, "resource"), h->resource) ||
		!doc_instant(out, "at", &from) || at.s < from.s || (is_back && at.s >= until.s))
		return false;
	h->had = true;
	h->from = from;
	h->until = until;
	h->is_back = is_back;
	return true;
}

/* A car that was exchanged has its stretch among the earlier ones of the agreement. */
static bool booking_had(struct hands *h, const struct booking *b, struct instant at)
{
	struct json cars = json_get(b->doc, "cars");

	for (struct json car = json_first(cars); json_present(car); car = json_next(cars, car))
		if (stretch_is(h, car, json_get(car, "out"), json_get(car, "in"), at))
			return true;
	return (b->status == BOOKING_OUT || b->status == BOOKING_RETURNED) &&
	       stretch_is(h, b->doc, json_get(b->doc, "out"), json_get(b->doc, "in"), at);
}

static bool block_of_serial(struct view *v, struct str site, uint32_t serial, struct row *out)
{
	struct key key = key_site_serial(site, serial);
	struct str value;

	return txn_get(v->txn, DB_INDEX, key_str(&key), &value) && value.n > 1 &&
	       value.p[0] == ROW_BLOCK &&
	       row_get(v, ROW_BLOCK, arena_copy(v->arena, (struct str){value.p + 1, value.n - 1}),
		       out);
}

static void look_at_claim(
	struct view *v, struct hands *h, const struct claim_row *claim, struct instant at)
{
	uint32_t minute = minute_down(at);
	bool now = claim->from <= minute && minute < claim->until;
	struct booking b;
	struct row row;

	if (booking_of_serial(v, h->site, claim->serial, &b)) {
		if (booking_had(h, &b, at) || (now && !h->found)) {
			h->b = b;
			h->found = true;
		}
		return;
	}
	if (now && block_of_serial(v, h->site, claim->serial, &row)) {
		h->block = true;
		h->reason = json_str_at(row.doc, "reason");
	}
}

static void look_at_car(struct view *v, struct hands *h, struct instant at)
{
	struct claim_row claims[CLAIMS_LOOKED_AT];
	uint32_t minute = minute_down(at);
	size_t n = calendar_claims(v->txn, (struct seat){h->resource, 0},
		minute > AROUND_MINUTES ? minute - AROUND_MINUTES : 0, minute + AROUND_MINUTES,
		claims, CLAIMS_LOOKED_AT);

	for (size_t i = 0; i < n && i < CLAIMS_LOOKED_AT && !h->had; i++)
		look_at_claim(v, h, &claims[i], at);
}

/* ---- the answer ---- */

static void kv_of(struct json_writer *w, struct json doc, const char *key)
{
	if (!json_is_null(json_get(doc, key)))
		json_kv_raw(w, key, json_raw(json_get(doc, key)));
}

/* What an authority asks for, and no more. */
static void write_person(struct json_writer *w, struct json person)
{
	json_object_begin(w);
	kv_of(w, person, "address");
	kv_of(w, person, "birth_on");
	kv_of(w, person, "licence");
	kv_of(w, person, "name");
	kv_of(w, person, "title");
	json_object_end(w);
}

static void write_drivers(struct json_writer *w, struct json drivers)
{
	json_k(w, "drivers");
	json_array_begin(w);
	for (struct json d = json_first(drivers); json_present(d); d = json_next(drivers, d))
		write_person(w, d);
	json_array_end(w);
}

static struct str say(struct view *v, const struct hands *h)
{
	if (h->had)
		return STR("It was lent to this customer.");
	if (h->block)
		return arena_printf(v->arena,
			"Nobody had it: it was out of use (%.*s), in the house's hands.",
			STR_FMT(h->reason));
	if (!h->found)
		return STR("Nobody had it: nothing stands in its calendar then; it was in the "
			   "house's hands.");
	if (h->b.status == BOOKING_RETURNED)
		return STR("Nobody had it: it had come back from this booking, or not left for it "
			   "yet; it was in the house's hands.");
	return STR("Nobody had it: it was promised for this booking, but not handed over; it was "
		   "in the house's hands.");
}

static void kv_name_by(struct json_writer *w, const struct roster *r, const struct who_had_ask *ask)
{
	int64_t days = json_int_at(r->doc, "name_driver_days", 0);
	struct day by = ask->has_noticed ? ask->noticed : local_day(roster_local(r, ask->at));

	if (days == 0)
		return;
	by.n += (int32_t)days;
	json_kv_day(w, "name_by", by);
}

static struct str answer(struct view *v, const struct hands *h, const struct who_had_ask *ask)
{
	const struct roster *r = roster_of(v, h->site);
	struct json person, drivers;
	struct json_writer w;

	if (!r)
		return STR_NULL;
	person = h->had ? customer_person(v, h->b.customer) : JSON_ABSENT;
	drivers = h->had ? json_get(private_of(v, h->b.doc), "drivers") : JSON_ABSENT;
	arena_writer(v->arena, &w, BYTES_MAX);
	json_object_begin(&w);
	kv_local(&w, "at", ask->at, r->zone);
	kv_text(&w, "booking", h->b.id);
	if (h->had)
		kv_text(&w, "customer", h->b.customer);
	if (h->had)
		write_drivers(&w, drivers);
	if (h->had && !json_present(person))
		json_kv_bool(&w, "erased", true);
	if (h->had)
		kv_local(&w, "from", h->from, r->zone);
	json_kv_str(&w, "hands", h->had ? STR("customer") : STR("house"));
	if (h->had)
		kv_name_by(&w, r, ask);
	kv_text(&w, "number", h->b.number);
	if (json_present(person)) {
		json_k(&w, "person");
		write_person(&w, person);
	}
	json_kv_str(&w, "plate", ask->plate);
	json_kv_str(&w, "resource", h->resource);
	json_kv_str(&w, "say", say(v, h));
	json_kv_str(&w, "site", h->site);
	if (h->had && h->is_back)
		kv_local(&w, "until", h->until, r->zone);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

/* Of several cars that carried the plate, the one that somebody had; else the one that says most.
 */
struct str render_who_had(
	struct view *v, const struct plate_cars *cars, const struct who_had_ask *ask)
{
	struct hands *best = NULL;

	for (uint32_t i = 0; i < cars->len && !(best && best->had); i++) {
		struct hands *h = arena_alloc(v->arena, sizeof *h);
		if (!h)
			return STR_NULL;
		*h = (struct hands){.resource = cars->id[i], .site = cars->site[i]};
		look_at_car(v, h, ask->at);
		if (!best || h->had || (h->found && !best->found))
			best = h;
	}
	return best ? answer(v, best, ask) : STR_NULL;
}
