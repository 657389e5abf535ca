/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/merge.h"
#include "fleet/render_parts.h"
#include "fleet/task.h"

/* The deadline book as one person reads it: what he owes, by when it is due. */

enum {
	OVER_BYTES = 2048,
	DAY_LOOKED_MAX = 5000, /* open tasks of one site */
};

/* ---- one task ---- */

/* With what was said, for as long as it can be read. */
static void write_message(struct json_writer *w, struct view *v, struct json message)
{
	static const char *const said[] = {"subject", "text", "to"};
	struct json private = private_open(v, json_get(message, "private"));
	struct json_writer over;

	if (!json_present(message))
		return;
	arena_writer(v->arena, &over, json_raw(private).n + OVER_BYTES);
	json_object_begin(&over);
	json_kv_null(&over, "private");
	for (size_t i = 0; i < ARRAY_LEN(said); i++)
		json_kv_member(&over, private, said[i]);
	json_object_end(&over);
	json_kv_raw(w, "message",
		doc_merge(v->arena, message,
			arena_json(v->arena, arena_written(v->arena, &over), NULL)));
}

struct json render_task_over(struct view *v, const struct row *row)
{
	struct json private = private_of(v, row->doc), person;
	struct json message = json_get(row->doc, "message");
	struct str booking = json_str_at(row->doc, "booking"),
		   customer = json_str_at(row->doc, "customer"), number = STR_NULL, text, name;
	struct row about;
	struct json_writer w;

	if (booking.n && row_get(v, ROW_BOOKING, booking, &about)) {
		number = json_str_at(about.doc, "number");
		customer = customer.n ? customer : json_str_at(about.doc, "customer");
	}
	person = customer_person(v, customer);
	name = customer_name(v, customer);
	arena_writer(v->arena, &w,
		json_raw(private).n + json_raw(person).n + 6 * name.n + 2 * json_raw(message).n +
			OVER_BYTES);
	json_object_begin(&w);
	kv_text(&w, "customer", customer_of(v, customer));
	kv_text(&w, "customer_name", name);
	kv_text(&w, "customer_phone", json_str_at(person, "phone"));
	json_kv_null(&w, "escalates_at");
	write_message(&w, v, message);
	json_kv_member(&w, private, "note");
	kv_text(&w, "number", number);
	json_kv_null(&w, "private");
	json_kv_member(&w, private, "reasons");
	json_object_end(&w);
	text = arena_written(v->arena, &w);
	return text.n ? arena_json(v->arena, text, NULL) : JSON_ABSENT;
}

/* ---- the day ---- */

struct day_book {
	const struct day_asked *asked;
	struct instant now, midnight; /* the end of the site's day */
	struct items items;
	uint32_t all, overdue, today, later, nobody, escalated;
	bool more;
};

/* Whether it is shown, and counted as what. */
static bool day_count(struct day_book *b, struct json task, struct instant due)
{
	struct str owner = json_str_at(task, "owner");
	bool mine = str_eq(owner, b->asked->login), told = json_int_at(task, "escalated", 0) > 0;
	bool to_me = told && (b->asked->hears_all ||
				     str_eq(json_str_at(task, "escalated_to"), b->asked->login));

	b->all++;
	b->nobody += !owner.n;
	b->escalated += to_me;
	if (!mine && owner.n && !to_me)
		return b->asked->all;
	b->overdue += due.s <= b->now.s;
	b->today += due.s > b->now.s && due.s < b->midnight.s;
	b->later += due.s > b->now.s && due.s >= b->midnight.s;
	return true;
}

static void day_walk(struct view *v, struct str site, struct day_book *b)
{
	struct key prefix = key_site_task_prefix(site);
	struct row_look look;
	struct cursor c;

	key_u8(&prefix, TASK_OPEN);
	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n + sizeof(uint32_t);
		struct instant due;
		struct str id;
		struct row row;
		if (b->all == DAY_LOOKED_MAX) {
			b->more = true;
			break;
		}
		if (!key_take_text(c.key, &at, &id) || !row_get(&look.view, ROW_TASK, id, &row) ||
			!doc_instant(row.doc, "due_at", &due) || !day_count(b, row.doc, due))
			continue;
		if (b->items.len == b->asked->limit)
			b->more = true;
		else
			items_add(&b->items, render_row(&look.view, ROW_TASK, id, &row));
		row_look_next(&look);
	}
	cursor_close(&c);
	row_look_close(&look);
}

static struct str day_written(struct view *v, const struct day_book *b, const struct zone *zone)
{
	struct json_writer w;

	arena_writer(v->arena, &w, b->items.bytes + 2 * b->items.len + OVER_BYTES);
	json_object_begin(&w);
	kv_local(&w, "at", b->now, zone);
	json_k(&w, "counts");
	json_object_begin(&w);
	json_kv_int(&w, "all", b->all);
	json_kv_int(&w, "escalated", b->escalated);
	json_kv_int(&w, "later", b->later);
	json_kv_int(&w, "nobody", b->nobody);
	json_kv_int(&w, "overdue", b->overdue);
	json_kv_int(&w, "today", b->today);
	json_object_end(&w);
	json_k(&w, "items");
	items_write(&w, &b->items);
	json_kv_bool(&w, "more", b->more);
	json_kv_str(&w, "owner", b->asked->login);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

struct str render_day(struct view *v, struct str site, const struct day_asked *asked)
{
	const struct zone *zone = site_zone(v, site);
	struct day_book b = {.asked = asked, .now = v->env->now(v->env)};
	struct local local = zone_local(zone, b.now);

	b.items.arena = v->arena;
	b.midnight = zone_day_start(zone, (struct day){local_day(local).n + 1});
	day_walk(v, site, &b);
	return b.items.full ? STR_NULL : day_written(v, &b, zone);
}
