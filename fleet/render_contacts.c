/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/contact.h"
#include "fleet/merge.h"
#include "fleet/render_parts.h"

#include <stdlib.h>

/* Contacts and complaints as they are shown: one, a site's, a customer's. */

enum { OVER_BYTES = 2048, HISTORY_MAX = 500 };

static void kv_person(struct json_writer *w, struct view *v, struct str customer)
{
	kv_text(w, "customer", customer_of(v, customer));
	kv_text(w, "customer_name", customer_name(v, customer));
}

struct json render_contact_over(struct view *v, const struct row *row)
{
	struct json private = private_of(v, row->doc);
	struct str customer = json_str_at(row->doc, "customer");
	struct json_writer w;

	arena_writer(
		v->arena, &w, json_raw(private).n + 6 * customer_name(v, customer).n + OVER_BYTES);
	json_object_begin(&w);
	json_kv_member(&w, private, "answers");
	kv_person(&w, v, customer);
	json_kv_null(&w, "private");
	json_kv_member(&w, private, "questions");
	json_kv_member(&w, private, "reason");
	return over_end(v, &w);
}

/* ---- a complaint ---- */

static void write_steps(struct json_writer *w, struct view *v, struct json steps, struct json words)
{
	uint32_t i = 0;

	json_k(w, "steps");
	json_array_begin(w);
	for (struct json e = json_first(steps); json_present(e); e = json_next(steps, e)) {
		struct json said = json_item(words, i++);
		struct json_writer one;
		arena_writer(v->arena, &one, json_raw(said).n + OVER_BYTES);
		json_object_begin(&one);
		if (json_present(said))
			json_kv_raw(&one, "text", json_raw(said));
		json_put_raw(w, doc_merge(v->arena, e, over_end(v, &one)));
	}
	json_array_end(w);
}

struct json render_complaint_over(struct view *v, const struct row *row)
{
	struct json private = private_of(v, row->doc), steps = json_get(row->doc, "steps");
	struct str customer = json_str_at(row->doc, "customer");
	struct json_writer w;

	arena_writer(v->arena, &w,
		2 * json_raw(private).n + 2 * json_raw(steps).n + 6 * customer_name(v, customer).n +
			OVER_BYTES);
	json_object_begin(&w);
	kv_person(&w, v, customer);
	json_kv_null(&w, "private");
	write_steps(&w, v, steps, json_get(private, "words"));
	json_kv_bool(&w, "top", json_bool_at(row->doc, "top", false));
	return over_end(v, &w);
}

/* ---- lists of contacts, the newest first ---- */

struct found {
	uint32_t back; /* its minute, counted back: as the index has it */
	struct str id;
};

static int found_order(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	int c = (x->back > y->back) - (x->back < y->back);

	return c ? c : str_cmp(x->id, y->id);
}

static uint32_t find_of(struct view *v, struct str customer, struct found *out, uint32_t len)
{
	struct key prefix = key_customer_contact_prefix(customer);
	struct cursor c;

	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && len < HISTORY_MAX && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c)) {
		size_t at = prefix.n;
		struct str id;
		if (!key_take_u32(c.key, &at, &out[len].back) || !key_take_text(c.key, &at, &id))
			break;
		out[len++].id = arena_copy(v->arena, id);
	}
	cursor_close(&c);
	return len;
}

/* Of one person at a site, under whatever id he was written down: the last HISTORY_MAX. */
static struct str history(
	struct view *v, struct str site, struct str customer, const struct list_page *page)
{
	struct found *found = arena_alloc(v->arena, HISTORY_MAX * sizeof *found);
	struct str same[SAME_PERSON_MAX];
	struct items items = {.arena = v->arena};
	uint32_t people = customer_same(v, customer, same), n = 0;
	struct row_look look;
	struct row row;

	if (!found)
		return STR_NULL;
	for (uint32_t i = 0; i < people; i++)
		n = find_of(v, same[i], found, n);
	qsort(found, n, sizeof *found, found_order);
	row_look_open(&look, v);
	for (uint32_t i = 0; i < n && items.len < page->limit; i++) {
		if (row_get(&look.view, ROW_CONTACT, found[i].id, &row) &&
			str_eq(json_str_at(row.doc, "site"), site))
			items_add(&items, render_row(&look.view, ROW_CONTACT, found[i].id, &row));
		row_look_next(&look);
	}
	row_look_close(&look);
	return items_object(&items, true, STR_NULL);
}

struct str render_contacts(
	struct view *v, struct str site, struct str customer, const struct list_page *page)
{
	struct key prefix = key_site_contact_prefix(site);

	if (customer.n)
		return history(v, site, customer, page);
	return render_along(v, ROW_CONTACT, prefix, prefix.n, prefix.n + sizeof(uint32_t), page);
}
