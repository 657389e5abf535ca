/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/render_parts.h"

/* Bookings one after the other: along a site's weeks, or along a customer's car. */

void booking_walk_open(
	struct booking_walk *w, struct txn *t, const struct booking_filter *f, struct str after)
{
	w->by_vin = f->vin.n > 0;
	w->begun = false;
	if (!w->by_vin) {
		week_walk_open(&w->weeks, t, f->site, f->has_span ? f->span : SPAN_ALWAYS, after);
		return;
	}
	w->prefix = w->start = key_vehicle_booking_prefix(f->vin);
	if (after.n) {
		key_bytes(&w->start, after.p, after.n);
		key_u8(&w->start, 0); /* the first key behind that one */
	}
	cursor_open(&w->cursor, t, DB_INDEX);
}

static bool vin_next(struct booking_walk *w)
{
	struct cursor *c = &w->cursor;
	bool some = w->begun ? cursor_next(c) : cursor_seek(c, key_str(&w->start));
	size_t at = w->prefix.n;
	uint32_t from;

	w->begun = true;
	if (!some || !cursor_within(c, key_str(&w->prefix)) || !key_take_u32(c->key, &at, &from) ||
		!key_take_text(c->key, &at, &w->id))
		return false;
	w->tail = (struct str){c->key.p + w->prefix.n, c->key.n - w->prefix.n};
	return true;
}

bool booking_walk_next(struct booking_walk *w)
{
	if (w->by_vin)
		return vin_next(w);
	while (week_walk_next(&w->weeks))
		if (w->weeks.kind == ROW_BOOKING) {
			w->id = w->weeks.id;
			w->tail = w->weeks.tail;
			return true;
		}
	return false;
}

void booking_walk_close(struct booking_walk *w)
{
	if (w->by_vin)
		cursor_close(&w->cursor);
	else
		week_walk_close(&w->weeks);
}

bool booking_walk_is_first(const struct booking_walk *w, struct instant from)
{
	return w->by_vin || week_walk_is_first(&w->weeks, from);
}
