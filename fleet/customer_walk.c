/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/customer_walk.h"

#include "fleet/render_parts.h"

bool customer_walk(struct customer_walk *w, struct view *v, int most, void *context,
	bool (*see)(void *context, struct view *v, struct str customer, struct json doc))
{
	struct key prefix = key_row_prefix(ROW_CUSTOMER);
	struct key start = w->last[0] ? key_row(ROW_CUSTOMER, str_from(w->last)) : prefix;
	struct row_look look;
	struct cursor c;
	bool good = true, some;
	int n = 0;

	if (w->last[0])
		key_u8(&start, 0); /* the first key behind that one */
	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_ROWS);
	for (some = cursor_seek(&c, key_str(&start));
		good && some && cursor_within(&c, key_str(&prefix)) && n < most;
		some = cursor_next(&c), row_look_next(&look), n++) {
		size_t at = prefix.n;
		struct str id;
		struct row row;
		if (!key_take_text(c.key, &at, &id) || id.n > ID_MAX)
			continue;
		memcpy(w->last, id.p, id.n);
		w->last[id.n] = '\0';
		if (row_get(&look.view, ROW_CUSTOMER, str_from(w->last), &row))
			good = see(context, &look.view, str_from(w->last), row.doc);
	}
	w->over = good && (!some || !cursor_within(&c, key_str(&prefix)));
	cursor_close(&c);
	row_look_close(&look);
	return good;
}
