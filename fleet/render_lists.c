/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/render_parts.h"

/* Lists of objects. Bookings come page by page, in the order of an index; the cursor is a place in
 * it. */

enum {
	LOOKED_AT_MAX = 5000, /* bookings of one page, found or not: a page may be short */
	WORD_MAX = 256,
};

/* ---- sites, resources, rule sets: few enough to come whole ---- */

struct str render_sites(struct view *v, const struct actor *actor)
{
	struct items items = {.arena = v->arena};
	struct key prefix = key_row_prefix(ROW_SITE);
	struct row_look look;
	struct cursor c;
	struct str id;
	struct row row;
	bool some;

	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_ROWS);
	for (some = cursor_seek(&c, key_str(&prefix)); some; some = cursor_next(&c)) {
		size_t at = prefix.n;
		if (!cursor_within(&c, key_str(&prefix)) || !key_take_text(c.key, &at, &id))
			break;
		if (actor_has_site(actor, id) && row_get(&look.view, ROW_SITE, id, &row))
			items_add(&items, render_row(&look.view, ROW_SITE, id, &row));
		row_look_next(&look);
	}
	cursor_close(&c);
	row_look_close(&look);
	return items_object(&items, true, STR_NULL);
}

/* A page goes on behind the resource that its cursor names. */
static uint32_t resources_start(
	struct view *v, const struct roster *roster, const struct list_page *page)
{
	const struct resource *last = roster_resource(roster, list_page_place(v->arena, page));

	return last ? (uint32_t)(last - roster->resources) + 1 : 0;
}

struct str render_resources(struct view *v, struct str site, struct str kind, struct str class,
	const struct list_page *page)
{
	struct items items = {.arena = v->arena};
	const struct roster *roster = roster_of(v, site);
	struct str last = STR_NULL;
	struct row_look look;
	bool more = false;

	if (!roster)
		return STR_NULL;
	row_look_open(&look, v);
	for (uint32_t i = resources_start(v, roster, page); i < roster->resources_len && !more;
		i++) {
		const struct resource *r = &roster->resources[i];
		if (kind.n && !str_eq(json_str_at(r->doc, "kind"), kind))
			continue;
		if (class.n && !str_eq(r->class, class))
			continue;
		struct row row = {.doc = r->doc};
		more = items.len == page->limit;
		if (!more) {
			items_add(&items, render_row(&look.view, ROW_RESOURCE, r->id, &row));
			last = r->id;
		}
		row_look_next(&look);
	}
	row_look_close(&look);
	return items_object(&items, true, more ? list_page_cursor(v->arena, page, last) : STR_NULL);
}

/* The newest first: that is the one in force, or the one to come. */
struct str render_rulesets(struct view *v)
{
	struct items items = {.arena = v->arena};
	struct key prefix = key_ruleset_prefix(), below = prefix;
	struct row_look look;
	struct cursor c;
	struct row row;
	bool some;

	below.bytes[below.n - 1]++; /* the first key behind them all */
	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_INDEX);
	for (some = cursor_seek_last(&c, key_str(&below)); some; some = cursor_previous(&c)) {
		if (!cursor_within(&c, key_str(&prefix)))
			break;
		if (row_get(&look.view, ROW_RULESET, c.value, &row))
			items_add(&items, row.text);
		row_look_next(&look);
	}
	cursor_close(&c);
	row_look_close(&look);
	return items_object(&items, true, STR_NULL);
}

/* ---- which of them ---- */

static bool contains(struct str text, struct str folded)
{
	char buf[WORD_MAX];
	struct str in = key_fold(buf, sizeof buf, text);

	for (size_t at = 0; at + folded.n <= in.n; at++)
		if (memcmp(in.p + at, folded.p, folded.n) == 0)
			return true;
	return false;
}

static bool holds_words(struct view *v, const struct booking *b, struct str folded)
{
	const struct str texts[] = {b->number, b->vin, b->repair_order, b->resource};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (contains(texts[i], folded))
			return true;
	return b->customer.n && contains(customer_name(v, b->customer), folded);
}

static bool uses_resource(const struct booking *b, struct str resource)
{
	for (uint32_t i = 0; i < b->claims_len; i++)
		if (str_eq(b->claims[i].seat.resource, resource))
			return true;
	return str_eq(b->resource, resource);
}

static bool is_wanted(
	struct view *v, const struct booking *b, const struct booking_filter *f, struct str folded)
{
	struct span taken = {b->from, booking_end(b)};

	if ((!str_eq(b->site, f->site) && !str_eq(b->for_site, f->site)) ||
		(f->has_span && !span_overlaps(taken, f->span)))
		return false;
	if (f->status.n && !str_is(f->status, booking_status_name(b->status)))
		return false;
	if (f->vin.n && !str_eq(b->vin, f->vin))
		return false;
	if (f->resource.n && !uses_resource(b, f->resource))
		return false;
	return !folded.n || holds_words(v, b, folded);
}

struct str render_bookings(
	struct view *v, const struct booking_filter *f, const struct list_page *page)
{
	struct items items = {.arena = v->arena};
	struct showing how = {UINT64_MAX, false}; /* its history comes with the booking itself */
	char buf[WORD_MAX];
	struct str folded = key_fold(buf, sizeof buf, f->q), last = STR_NULL;
	struct booking_walk walk;
	struct row_look look;
	uint32_t looked_at = 0;
	bool more = false;

	row_look_open(&look, v);
	booking_walk_open(&walk, v->txn, f, list_page_place(v->arena, page));
	for (; !more && booking_walk_next(&walk); row_look_next(&look)) {
		struct booking b;
		struct row row;
		more = looked_at++ == LOOKED_AT_MAX;
		if (more || !row_get(&look.view, ROW_BOOKING, walk.id, &row))
			continue;
		booking_read(&b, row.doc);
		if (booking_walk_is_first(&walk, b.from) && is_wanted(&look.view, &b, f, folded)) {
			more = items.len == page->limit;
			if (!more)
				items_add(&items,
					render_shown(&look.view, ROW_BOOKING, walk.id, &row, &how));
		}
		if (!more)
			last = walk.tail;
	}
	/* All that was looked at before `last`, and that itself, need not be seen again. */
	last = more ? list_page_cursor(v->arena, page, last) : STR_NULL;
	booking_walk_close(&walk);
	row_look_close(&look);
	return items_object(&items, true, last);
}

struct str render_attachments(struct view *v, const struct str *ids, uint32_t len)
{
	struct items items = {.arena = v->arena};
	struct row row;

	for (uint32_t i = 0; i < len; i++)
		if (row_get(v, ROW_ATTACHMENT, ids[i], &row))
			items_add(&items, render_row(v, ROW_ATTACHMENT, ids[i], &row));
	return items_object(&items, false, STR_NULL);
}
