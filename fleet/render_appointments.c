/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/appointment.h"
#include "fleet/merge.h"
#include "fleet/render_parts.h"

/* When a customer may come, and who is expected on some days. */

enum { TIMES_BYTES = 16 << 10, ITEM_BYTES = 1024, SHOWN_MAX = 2000 };

/* ---- times that are free ---- */

static void write_time(struct json_writer *w, struct appointment_book *b,
	const struct appointment_ask *ask, const struct appointment *a)
{
	const struct zone *zone = b->roster->zone;
	struct day day = local_day(zone_local(zone, a->at));
	struct instant until = {a->at.s + ask->place.rules->reception_minutes * 60};

	json_object_begin(w);
	kv_local(w, "at", a->at, zone);
	if (a->has_back) {
		kv_local(w, "back_at", a->back, zone);
		json_kv_str(w, "back_desk", appointment_desk(b, a->back_advisor));
		json_kv_str(w, "back_label", b->desks.first[a->back_advisor].label);
	}
	json_kv_int(w, "customers", appointment_customers(b, a->advisor, day));
	json_kv_str(w, "desk", appointment_desk(b, a->advisor));
	json_kv_bool(w, "evening_before", a->evening_before);
	json_kv_str(w, "label", b->desks.first[a->advisor].label);
	kv_local(w, "ready_at", a->ready, zone);
	json_kv_bool(w, "too_late", a->too_late);
	kv_local(w, "until", until, zone);
	json_kv_int(w, "work_minutes", appointment_load(b, day));
	json_object_end(w);
}

struct str render_appointment_times(struct view *v, const struct appointment_times *asked)
{
	const struct roster *roster = roster_of(v, asked->site);
	struct appointment found[APPOINTMENTS_MAX];
	struct appointment_book book;
	struct appointment_ask ask;
	struct instant latest;
	struct json_writer w;
	uint32_t n = 0;

	if (!roster)
		return STR_NULL;
	appointment_book_open(&book, v, roster, &ask, asked->now);
	book.visit = asked->visit;
	book.serial = asked->serial;
	ask.after = asked->after;
	ask.why = asked->why;
	ask.minutes = asked->minutes;
	ask.wish_min = asked->wish_min;
	ask.count = asked->count;
	if (asked->desk.n)
		ask.advisor = appointment_advisor(&book, asked->desk);
	if (roster->has_appointments && (!asked->desk.n || ask.advisor >= 0))
		n = appointment_find(found, &ask);
	arena_writer(v->arena, &w, TIMES_BYTES);
	json_object_begin(&w);
	json_k(&w, "items");
	json_array_begin(&w);
	for (uint32_t i = 0; i < n; i++)
		write_time(&w, &book, &ask, &found[i]);
	json_array_end(&w);
	if (roster->has_appointments &&
		appointment_latest(&latest, &ask.place, ask.why, asked->now))
		kv_local(&w, "latest_at", latest, roster->zone);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

/* ---- who is expected ---- */

static struct str item_of(struct view *v, const struct roster *roster, struct str visit,
	struct json doc, enum appointment_part part)
{
	struct str customer = json_str_at(doc, "customer"), name = customer_name(v, customer);
	struct appointment_time t;
	struct json_writer w;
	struct row car;

	if (!appointment_time(doc, part, &t))
		return STR_NULL;
	arena_writer(v->arena, &w,
		ITEM_BYTES + 6 * name.n + json_raw(json_get(doc, "jobs")).n +
			json_raw(json_get(doc, "bookings")).n);
	json_object_begin(&w);
	if (part == APPOINTMENT_IN && json_present(json_get(doc, "arrived_at"))) {
		json_k(&w, "arrived_at");
		put_local(&w, json_get(doc, "arrived_at"), roster->zone);
	}
	kv_local(&w, "at", t.at, roster->zone);
	json_kv_member(&w, doc, "bookings");
	kv_text(&w, "customer", customer_of(v, customer));
	kv_text(&w, "customer_name", name);
	json_kv_str(&w, "desk", t.advisor);
	json_kv_member(&w, doc, "jobs");
	if (row_get(v, ROW_VEHICLE, json_str_at(doc, "vin"), &car)) {
		kv_text(&w, "model", json_str_at(car.doc, "model"));
		kv_text(&w, "plate", json_str_at(car.doc, "plate"));
	}
	kv_local(&w, "until", t.until, roster->zone);
	kv_text(&w, "vin", json_str_at(doc, "vin"));
	json_kv_str(&w, "visit", visit);
	json_kv_str(&w, "what", part == APPOINTMENT_IN ? STR("arrives") : STR("back"));
	json_kv_str(&w, "why", json_str_at(json_get(doc, "appointment"), "why"));
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

static void gather(
	struct view *v, const struct roster *roster, struct span span, struct items *items)
{
	struct key prefix = key_site_appointment_prefix(roster->site), from = prefix;
	struct row_look look;
	struct cursor c;

	key_u32(&from, minute_down(span.from));
	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&from));
		some && items->len < SHOWN_MAX && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c)) {
		size_t at = prefix.n;
		struct str visit;
		struct row row;
		uint32_t minute;
		uint8_t part;
		ASSERT(key_take_u32(c.key, &at, &minute) && key_take_u8(c.key, &at, &part) &&
			key_take_text(c.key, &at, &visit));
		if (minute >= minute_up(span.until))
			break;
		visit = arena_copy(look.view.arena, visit);
		if (row_get(&look.view, ROW_VISIT, visit, &row))
			items_add(items, item_of(&look.view, roster, visit, row.doc,
						 (enum appointment_part)part));
		row_look_next(&look);
	}
	cursor_close(&c);
	row_look_close(&look);
}

static void write_advisors(struct json_writer *w, struct appointment_book *b, struct day day)
{
	json_k(w, "advisors");
	json_array_begin(w);
	for (const struct resource *r = b->desks.first; r < b->desks.end; r++) {
		uint32_t advisor = (uint32_t)(r - b->desks.first);
		if (advisor >= APPOINTMENT_ADVISORS_MAX)
			break;
		json_object_begin(w);
		json_kv_int(w, "customers", appointment_customers(b, advisor, day));
		json_kv_str(w, "desk", r->id);
		json_kv_int(w, "kept_minute", appointment_kept_minute(advisor));
		json_kv_str(w, "label", r->label);
		json_object_end(w);
	}
	json_array_end(w);
}

struct str render_appointments(struct view *v, struct str site, struct day day)
{
	const struct roster *roster = roster_of(v, site);
	struct items items = {.arena = v->arena};
	struct appointment_book book;
	struct appointment_ask ask;
	struct json_writer w;

	if (!roster)
		return STR_NULL;
	appointment_book_open(&book, v, roster, &ask, (struct instant){0});
	gather(v, roster,
		(struct span){zone_day_start(roster->zone, day),
			zone_day_start(roster->zone, (struct day){day.n + 1})},
		&items);
	if (items.full)
		return STR_NULL;
	arena_writer(v->arena, &w,
		items.bytes + 2 * items.len + TIMES_BYTES + APPOINTMENT_ADVISORS_MAX * ITEM_BYTES);
	json_object_begin(&w);
	write_advisors(&w, &book, day);
	json_kv_day(&w, "day", day);
	json_k(&w, "items");
	items_write(&w, &items);
	if (roster->has_appointments) {
		int32_t room = appointment_room(&roster->appointments, APPOINTMENT_PLANNED);
		json_kv_int(&w, "most_customers", roster->appointments.customers_max);
		json_kv_int(&w, "work_minutes", appointment_load(&book, day));
		if (room != INT32_MAX)
			json_kv_int(&w, "work_room", room);
	}
	json_object_end(&w);
	return arena_written(v->arena, &w);
}
