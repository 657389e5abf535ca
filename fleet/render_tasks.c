/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/contact.h"
#include "fleet/render_parts.h"
#include "fleet/task.h"
#include "fleet/waiting.h"
#include "fleet/warranty_claim.h"

/*
 * What must be done at a site, who waits there, what is claimed: what is open first, then in the
 * order of the index, the most urgent or the first in the line before the others.
 */

/* Along an index of (site, status, number, id); `prefix` is the site's. */
static struct str along_status(struct view *v, enum row_kind kind, struct key prefix,
	const uint8_t *status, const struct list_page *page)
{
	struct items items = {.arena = v->arena};
	struct key start = prefix;
	struct str after = list_page_place(v->arena, page), last = STR_NULL, id;
	size_t site_len = prefix.n;
	struct row_look look;
	struct cursor c;
	bool more = false;

	if (status) {
		key_u8(&prefix, *status);
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
		if (row_get(&look.view, kind, id, &row))
			items_add(&items, render_row(&look.view, kind, id, &row));
		last = (struct str){c.key.p + site_len, c.key.n - site_len};
		some = cursor_next(&c);
	}
	last = more ? list_page_cursor(v->arena, page, last) : STR_NULL;
	cursor_close(&c);
	row_look_close(&look);
	return items_object(&items, true, last);
}

struct str render_tasks(
	struct view *v, struct str site, struct str status, const struct list_page *page)
{
	enum task_status wanted;
	bool some = task_status_from(&wanted, status);
	uint8_t only = some ? (uint8_t)wanted : 0;

	return along_status(v, ROW_TASK, key_site_task_prefix(site), some ? &only : NULL, page);
}

struct str render_waiting(
	struct view *v, struct str site, struct str status, const struct list_page *page)
{
	enum waiting_status wanted;
	bool some = waiting_status_from(&wanted, status);
	uint8_t only = some ? (uint8_t)wanted : 0;

	return along_status(
		v, ROW_WAITING, key_site_waiting_prefix(site), some ? &only : NULL, page);
}

struct str render_claim_list(
	struct view *v, struct str site, struct str status, const struct list_page *page)
{
	enum warranty_claim_status wanted;
	bool some = warranty_claim_status_from(&wanted, status);
	uint8_t only = some ? (uint8_t)wanted : 0;

	return along_status(v, ROW_CLAIM, key_site_claim_prefix(site), some ? &only : NULL, page);
}

struct str render_complaints(
	struct view *v, struct str site, struct str status, const struct list_page *page)
{
	bool some = word_is_of(complaint_statuses, status);
	uint8_t only = some ? word_place(complaint_statuses, status) : 0;

	return along_status(
		v, ROW_COMPLAINT, key_site_complaint_prefix(site), some ? &only : NULL, page);
}
