/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/demand.h"

#include "fleet/render_parts.h"

enum { DEMAND_ID_LEN = 32 }; /* half a hash, in hex */

/* West of Greenwich 1970 begins a day early, east of it 9999 ends a day late: neither is a day that
 * could be written. */
static struct day day_of(const struct roster *roster, struct instant t)
{
	const struct day last = day_from_civil(9999, 12, 31);
	struct day day = local_day(roster_local(roster, t));

	if (day.n < 0)
		day.n = 0;
	return day.n < last.n ? day : last;
}

struct demand demand_of(const struct roster *roster, struct span window, struct str solution,
	struct str class, struct str reason)
{
	struct day first = day_of(roster, window.from);
	/* half-open: who is back at midnight has not touched the day that begins */
	struct day last = day_of(roster, (struct instant){window.until.s - 1});
	/* where the clocks go back at midnight, a short stay may end before it began */
	int32_t days = last.n > first.n ? last.n - first.n + 1 : 1;

	return (struct demand){.day = first,
		.days = (uint32_t)(days < DEMAND_DAYS_MAX ? days : DEMAND_DAYS_MAX),
		.class = class,
		.reason = reason,
		.solution = solution};
}

struct demand demand_folded(const struct demand *d)
{
	return (struct demand){.day = d->day,
		.reason = DEMAND_FOLDED,
		.solution = DEMAND_FOLDED,
		.offers = d->offers,
		.bookings = d->bookings};
}

bool demand_is_folded(const struct demand *d)
{
	return d->days == 0;
}

int demand_cmp(const struct demand *a, const struct demand *b)
{
	int c = (a->day.n > b->day.n) - (a->day.n < b->day.n);

	c = c ? c : str_cmp(a->class, b->class);
	c = c ? c : (a->days > b->days) - (a->days < b->days);
	c = c ? c : str_cmp(a->solution, b->solution);
	return c ? c : str_cmp(a->reason, b->reason);
}

void demand_write(struct json_writer *w, const struct demand *d, struct str site)
{
	json_object_begin(w);
	json_kv_int(w, "bookings", (int64_t)d->bookings);
	if (d->class.n)
		json_kv_str(w, "class", d->class);
	json_kv_day(w, "day", d->day);
	json_kv_int(w, "days", d->days);
	json_kv_int(w, "offers", (int64_t)d->offers);
	json_kv_str(w, "reason", d->reason);
	if (site.n)
		json_kv_str(w, "site", site);
	json_kv_str(w, "solution", d->solution);
	json_object_end(w);
}

bool demand_read(struct demand *out, struct json doc)
{
	*out = (struct demand){.days = (uint32_t)json_int_at(doc, "days", 0),
		.class = json_str_at(doc, "class"),
		.reason = json_str_at(doc, "reason"),
		.solution = json_str_at(doc, "solution"),
		.offers = (uint64_t)json_int_at(doc, "offers", 0),
		.bookings = (uint64_t)json_int_at(doc, "bookings", 0)};
	return doc_day(doc, "day", &out->day) && out->reason.n && out->solution.n;
}

struct str demand_id(struct arena *a, struct str site, const struct demand *d)
{
	struct demand what = *d;
	struct json_writer w;
	struct hash hash;
	char hex[HASH_TEXT];

	what.offers = what.bookings = 0;
	arena_writer(a, &w, DEMAND_JSON_MAX);
	demand_write(&w, &what, site);
	hash = hash_of(arena_written(a, &w));
	return arena_copy(a, (struct str){hash_print(&hash, hex).p, DEMAND_ID_LEN});
}

/* ---- the counts of a day ---- */

void demand_walk_open(struct demand_walk *w, struct txn *t, struct str site, struct day day)
{
	w->prefix = key_site_demand_prefix(site, day);
	w->begun = false;
	cursor_open(&w->cursor, t, DB_INDEX);
}

bool demand_walk_next(struct demand_walk *w)
{
	bool some =
		w->begun ? cursor_next(&w->cursor) : cursor_seek(&w->cursor, key_str(&w->prefix));
	size_t at = w->prefix.n;

	w->begun = true;
	return some && cursor_within(&w->cursor, key_str(&w->prefix)) &&
	       key_take_text(w->cursor.key, &at, &w->id);
}

void demand_walk_close(struct demand_walk *w)
{
	cursor_close(&w->cursor);
}

void demand_each(struct view *v, struct str site, struct day first, struct day end,
	void (*take)(void *context, const struct demand *d), void *context)
{
	struct row_look look;

	row_look_open(&look, v);
	for (struct day day = first; day.n < end.n; day.n++) {
		struct demand_walk w;
		demand_walk_open(&w, v->txn, site, day);
		while (demand_walk_next(&w)) {
			struct demand d;
			struct row row;
			if (row_get(&look.view, ROW_DEMAND, w.id, &row) && demand_read(&d, row.doc))
				take(context, &d);
			row_look_next(&look);
		}
		demand_walk_close(&w);
	}
	row_look_close(&look);
}
