/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_order.h"

#include "fleet/store.h"

enum { NEAR_S = 2 * 86400 };

static bool of_site(struct view *v, struct str visit, struct json row, struct row *out)
{
	return row_get(v, ROW_VISIT, visit, out) &&
	       str_eq(json_str_at(out->doc, "site"), json_str_at(row, "site"));
}

/* Other systems write the number as it was written here, blanks and hyphens apart. */
static struct str by_number(struct view *v, struct json row)
{
	char folded[KEY_MAX];
	struct str word = key_fold(folded, ID_MAX, json_str_at(row, "number")), id,
		   found = STR_NULL;
	struct key prefix = key_lookup_prefix(LOOKUP_REPAIR_ORDER, word);
	struct cursor c;
	struct row visit;

	key_u8(&prefix, 0); /* the whole word */
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && !found.n && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		/* a booking has the number of its visit, and an id of its own */
		if (key_take_text(c.key, &at, &id) && of_site(v, id, row, &visit))
			found = arena_copy(v->arena, id);
	}
	cursor_close(&c);
	return found;
}

static struct str by_car(struct view *v, struct json row)
{
	struct key prefix = key_vehicle_visit_prefix(json_str_at(row, "vin"));
	int64_t nearest = NEAR_S + 1;
	struct instant opened, began;
	struct str id, found = STR_NULL;
	struct cursor c;
	struct row visit;

	if (!json_str_at(row, "vin").n || !doc_instant(row, "opened_at", &opened))
		return STR_NULL;
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		if (!key_take_text(c.key, &at, &id) || !of_site(v, id, row, &visit) ||
			!doc_instant(visit.doc, "drop_off_at", &began))
			continue;
		int64_t apart = began.s < opened.s ? opened.s - began.s : began.s - opened.s;
		if (apart < nearest) {
			nearest = apart;
			found = arena_copy(v->arena, id);
		}
	}
	cursor_close(&c);
	return found;
}

struct str import_order_visit(struct view *v, struct json row)
{
	struct str named = json_str_at(row, "visit"), found;
	struct row visit;

	if (named.n)
		return of_site(v, named, row, &visit) ? named : STR_NULL;
	found = by_number(v, row);
	return found.n ? found : by_car(v, row);
}

struct json import_order_doc(struct arena *a, struct json row, struct str visit)
{
	struct json_writer w;

	arena_writer(a, &w, 6 * visit.n + 64);
	json_object_begin(&w);
	json_kv_null(&w, "vin");
	json_kv_str(&w, "visit", visit);
	json_object_end(&w);
	return arena_json(a, doc_merge(a, row, arena_json(a, arena_written(a, &w), NULL)), NULL);
}
