/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/standing.h"

#include "fleet/booking.h"
#include "fleet/journal.h"
#include "fleet/render_parts.h"

static void count_site(struct view *v, struct str site, struct instant now, struct standing *out)
{
	struct key prefix = key_site_due_prefix(site);
	struct row_look look;
	struct cursor c;
	uint32_t n = 0;

	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && n < STANDING_SITE_MAX && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c), n++) {
		struct booking b;
		uint64_t rev;
		if (!booking_get(&look.view, c.value, &b, &rev))
			continue;
		out->held += b.status == BOOKING_HELD;
		out->out += b.status == BOOKING_OUT;
		out->past += b.status == BOOKING_OUT && b.until.s < now.s;
		row_look_next(&look);
	}
	cursor_close(&c);
	row_look_close(&look);
}

void standing_count(struct view *v, struct standing *out)
{
	struct instant now = v->env->now(v->env);
	struct str site = STR_NULL;

	*out = (struct standing){0};
	while (journal_next_name(v->txn, &site))
		count_site(v, site, now, out);
}
