/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/render_parts.h"
#include "fleet/task.h"

/* What must be done at a site: what is open first, the most urgent before the others. */

struct str render_tasks(
	struct view *v, struct str site, struct str status, const struct list_page *page)
{
	struct items items = {.arena = v->arena};
	struct key prefix = key_site_task_prefix(site), start = prefix;
	struct str after = page_place(v, page), last = STR_NULL, id;
	size_t site_len = prefix.n;
	enum task_status wanted;
	struct row_look look;
	struct cursor c;
	bool more = false;

	if (task_status_from(&wanted, status)) {
		key_u8(&prefix, (uint8_t)wanted);
		start = prefix;
	}
	if (after.n) {
		start.n = site_len;
		key_bytes(&start, after.p, after.n);
		key_u8(&start, 0); /* the first key behind that one */
	}
	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&start));
		some && !more && cursor_within(&c, key_str(&prefix)); row_look_next(&look)) {
		size_t at = site_len + sizeof(uint8_t) + sizeof(uint32_t);
		struct row row;
		more = items.len == page->limit;
		if (more || !key_take_text(c.key, &at, &id))
			break;
		if (row_get(&look.view, ROW_TASK, id, &row))
			items_add(&items, render_row(&look.view, ROW_TASK, id, &row));
		last = (struct str){c.key.p + site_len, c.key.n - site_len};
		some = cursor_next(&c);
	}
	last = more && last.n ? base64url_encode(v->arena, last) : STR_NULL;
	cursor_close(&c);
	row_look_close(&look);
	return items_object(&items, true, last);
}
