/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/render_parts.h"
#include "fleet/seal.h"

enum {
	CANONICAL_INSTANT = 20, /* YYYY-MM-DDTHH:MM:SSZ */
	LIST_FRAME_BYTES = 128, /* around the items of a list */
	OBJECT_FRAME_BYTES = 64,
	ITEMS_FIRST = 64,
	CURSOR_SUM_BYTES = 6,
	ROW_ARENA_MAX = 8 << 20, /* one row, decoded and rendered */
};

/* ---- instants ---- */

const struct zone *site_zone(struct view *v, struct str site)
{
	const struct roster *roster = roster_of(v, site);

	return roster ? roster->zone : NULL;
}

static struct str instant_text(struct instant t, const struct zone *zone, char buf[INSTANT_TEXT])
{
	return zone ? local_print(zone_local(zone, t), buf) : instant_print_utc(t, buf);
}

void kv_local(struct json_writer *w, const char *key, struct instant t, const struct zone *zone)
{
	char buf[INSTANT_TEXT];

	json_kv_str(w, key, instant_text(t, zone, buf));
}

void kv_text(struct json_writer *w, const char *key, struct str text)
{
	if (text.n)
		json_kv_str(w, key, text);
}

/* Stored instants have exactly one form, so a text of that form is one. */
static bool is_instant(struct str text, struct instant *out)
{
	struct local l;

	if (text.n != CANONICAL_INSTANT || text.p[10] != 'T' || text.p[19] != 'Z' ||
		!instant_parse(&l, text))
		return false;
	*out = local_instant(l);
	return true;
}

static void put_members(struct json_writer *w, struct json object, const struct zone *zone)
{
	struct json value = json_first_value(object);

	json_object_begin(w);
	for (; json_present(value); value = json_next_value(object, value)) {
		json_key_put(w, json_key(value));
		put_local(w, value, zone);
	}
	json_object_end(w);
}

/* No deeper than the document, which JSON_DEPTH_MAX bounds. */
void put_local(struct json_writer *w, struct json value, const struct zone *zone)
{
	char buf[INSTANT_TEXT];
	struct instant t;

	switch (json_node(value)->type) {
	case JSON_STRING:
		if (zone && is_instant(json_str(value), &t))
			json_put_str(w, instant_text(t, zone, buf));
		else
			json_put_raw(w, json_raw(value));
		break;
	case JSON_ARRAY:
		json_array_begin(w);
		for (struct json e = json_first(value); json_present(e); e = json_next(value, e))
			put_local(w, e, zone);
		json_array_end(w);
		break;
	case JSON_OBJECT: put_members(w, value, zone); break;
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_TRUE:
	case JSON_INT: json_put_raw(w, json_raw(value)); break;
	}
}

/* ---- one object over another ---- */

/* Which member comes next: < 0 the object's own, > 0 the other's, 0 both have it. */
static int member_order(struct json own, struct json over)
{
	if (!json_present(own))
		return 1;
	if (!json_present(over))
		return -1;
	return str_cmp(json_key(own), json_key(over));
}

struct str render_over(struct arena *a, struct json doc, struct json over, const struct zone *zone)
{
	struct json own = json_first_value(doc), other = json_first_value(over);
	struct json_writer w;

	/* An offset makes an instant longer by five bytes of twenty-two: twice is more than enough.
	 */
	arena_writer(a, &w, 2 * (json_raw(doc).n + json_raw(over).n) + OBJECT_FRAME_BYTES);
	json_object_begin(&w);
	while (json_present(own) || json_present(other)) {
		int order = member_order(own, other);
		struct json shown = order < 0 ? own : other;
		if (order < 0 || !json_is_null(other)) {
			json_key_put(&w, json_key(shown));
			put_local(&w, shown, zone);
		}
		if (order >= 0)
			other = json_next_value(over, other);
		if (order <= 0)
			own = json_next_value(doc, own);
	}
	json_object_end(&w);
	return arena_written(a, &w);
}

struct json over_end(struct view *v, struct json_writer *w)
{
	struct str text;

	json_object_end(w);
	text = arena_written(v->arena, w);
	return text.n ? arena_json(v->arena, text, NULL) : JSON_ABSENT;
}

/* ---- many ---- */

void row_look_open(struct row_look *l, const struct view *v)
{
	arena_init(&l->arena, ROW_ARENA_MAX);
	l->view = *v;
	l->view.arena = &l->arena;
}

void row_look_next(struct row_look *l)
{
	arena_reset(&l->arena);
}

void row_look_close(struct row_look *l)
{
	arena_deinit(&l->arena);
}

static bool items_grow(struct items *list)
{
	uint32_t cap = list->cap ? list->cap * 2 : ITEMS_FIRST;
	struct str *more = arena_alloc(list->arena, cap * sizeof *more);

	if (!more)
		return false;
	if (list->len)
		memcpy(more, list->item, list->len * sizeof *more);
	list->item = more;
	list->cap = cap;
	return true;
}

void items_add(struct items *list, struct str item)
{
	struct str kept = item.n ? arena_copy(list->arena, item) : STR_NULL;

	if (!kept.n || (list->len == list->cap && !items_grow(list))) {
		list->full = true;
		return;
	}
	list->item[list->len++] = kept;
	list->bytes += kept.n + 1;
}

void items_write(struct json_writer *w, const struct items *list)
{
	json_array_begin(w);
	for (uint32_t i = 0; i < list->len; i++)
		json_put_raw(w, list->item[i]);
	json_array_end(w);
}

struct str items_object(const struct items *list, bool pages, struct str next)
{
	struct json_writer w;

	if (list->full)
		return STR_NULL;
	arena_writer(list->arena, &w, list->bytes + next.n + LIST_FRAME_BYTES);
	json_object_begin(&w);
	json_k(&w, "items");
	items_write(&w, list);
	if (next.n)
		json_kv_str(&w, "next", next);
	else if (pages)
		json_kv_null(&w, "next");
	json_object_end(&w);
	return arena_written(list->arena, &w);
}

/*
 * A cursor is a few bytes of a sum and then the place. The sum says of which question it is, and of
 * which order of the index: it keeps mistakes out, not forgers, to whom a place opens nothing.
 */
static void cursor_sum(const struct list_page *page, struct str place, char out[CURSOR_SUM_BYTES])
{
	struct hash_run run;
	struct hash hash;

	hash_begin(&run);
	hash_add(&run, STORE_PROJECTION);
	hash_add(&run, place);
	hash_add(&run, page->about);
	hash = hash_end(&run);
	memcpy(out, hash.bytes, CURSOR_SUM_BYTES);
}

struct str list_page_place(struct arena *a, const struct list_page *page)
{
	char sum[CURSOR_SUM_BYTES];
	struct str all = STR_NULL;

	if (!page->cursor.n || !base64url_decode(a, page->cursor, &all) ||
		all.n <= CURSOR_SUM_BYTES || all.n > CURSOR_SUM_BYTES + WALK_TAIL_MAX)
		return STR_NULL;
	struct str place = {all.p + CURSOR_SUM_BYTES, all.n - CURSOR_SUM_BYTES};
	cursor_sum(page, place, sum);
	return memcmp(sum, all.p, CURSOR_SUM_BYTES) == 0 ? place : STR_NULL;
}

bool list_page_is_ours(struct arena *a, const struct list_page *page)
{
	return !page->cursor.n || list_page_place(a, page).n;
}

struct str list_page_cursor(struct arena *a, const struct list_page *page, struct str place)
{
	char *all = arena_alloc(a, CURSOR_SUM_BYTES + place.n);

	if (!all || !place.n)
		return STR_NULL;
	cursor_sum(page, place, all);
	memcpy(all + CURSOR_SUM_BYTES, place.p, place.n);
	return base64url_encode(a, (struct str){all, CURSOR_SUM_BYTES + place.n});
}

/* ---- a site's weeks ---- */

static uint32_t week_of(struct instant t)
{
	if (t.s < 0)
		return 0;
	return t.s / 60 >= UINT32_MAX ? minute_week(UINT32_MAX) : minute_week(minute_down(t));
}

void week_walk_open(
	struct week_walk *w, struct txn *t, struct str site, struct span span, struct str after)
{
	struct key first;

	memset(w, 0, sizeof *w);
	w->first = week_of(span.from);
	w->last = week_of((struct instant){span.until.s - 1});
	first = key_site_week_prefix(site, w->first);
	w->prefix = first;
	w->prefix.n -= sizeof(uint32_t);
	w->start = first;
	if (after.n && after.n <= WALK_TAIL_MAX) {
		w->start = w->prefix;
		key_bytes(&w->start, after.p, after.n);
		key_u8(&w->start, 0); /* the first key behind that one */
	}
	cursor_open(&w->cursor, t, DB_INDEX);
}

bool week_walk_next(struct week_walk *w)
{
	struct cursor *c = &w->cursor;
	bool some = w->begun ? cursor_next(c) : cursor_seek(c, key_str(&w->start));
	size_t at = w->prefix.n;

	w->begun = true;
	if (!some || !cursor_within(c, key_str(&w->prefix)) || !key_take_u32(c->key, &at, &w->week))
		return false;
	if (w->week > w->last || c->value.n < 2)
		return false;
	ASSERT(c->value.p[0] == ROW_BOOKING || c->value.p[0] == ROW_BLOCK);
	w->kind = c->value.p[0] == ROW_BOOKING ? ROW_BOOKING : ROW_BLOCK;
	w->id = (struct str){c->value.p + 1, c->value.n - 1};
	w->tail = (struct str){c->key.p + w->prefix.n, c->key.n - w->prefix.n};
	return true;
}

bool week_walk_is_first(const struct week_walk *w, struct instant from)
{
	uint32_t week = week_of(from);

	return w->week == (week > w->first ? week : w->first);
}

void week_walk_close(struct week_walk *w)
{
	cursor_close(&w->cursor);
}

/* ---- what a site offers ---- */

bool site_solution(struct view *v, const struct roster *roster, struct str id, struct instant at,
	struct solution *out)
{
	struct ruleset_row row;
	const struct solution *known = solution_find(id);
	int index = -1;

	if (ruleset_on(v, local_day(roster_local(roster, at)), &row))
		index = ruleset_solution_index(row.ruleset, id);
	if (index >= 0)
		*out = row.ruleset->solutions[index].solution;
	else if (known)
		*out = *known;
	return index >= 0 || known;
}

struct plan_ask site_ask(struct view *v, const struct roster *roster, const struct solution *s,
	struct str class, struct span window, int32_t distance_km)
{
	bool desk = s->claims == CLAIMS_CAR;

	return (struct plan_ask){.roster = roster,
		.solution = *s,
		.class = class,
		.window = window,
		.now = v->env->now(v->env),
		.distance_km = distance_km,
		.desk_out = desk,
		.desk_in = desk,
		.fresh = true};
}

struct str render_along(struct view *v, enum row_kind kind, struct key prefix, size_t place_at,
	size_t id_at, const struct list_page *page)
{
	struct items items = {.arena = v->arena};
	struct key start = prefix;
	struct str after = list_page_place(v->arena, page), last = STR_NULL, id;
	struct row_look look;
	struct cursor c;
	bool more = false;

	if (after.n) {
		start.n = place_at;
		key_bytes(&start, after.p, after.n);
		key_u8(&start, 0); /* the first key behind that one */
	}
	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&start));
		some && !more && cursor_within(&c, key_str(&prefix)); row_look_next(&look)) {
		size_t at = id_at;
		struct row row;
		more = items.len == page->limit;
		if (more || !key_take_text(c.key, &at, &id))
			break;
		if (row_get(&look.view, kind, id, &row))
			items_add(&items, render_row(&look.view, kind, id, &row));
		last = (struct str){c.key.p + place_at, c.key.n - place_at};
		some = cursor_next(&c);
	}
	last = more ? list_page_cursor(v->arena, page, last) : STR_NULL;
	cursor_close(&c);
	row_look_close(&look);
	return items_object(&items, true, last);
}
