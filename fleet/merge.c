/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/merge.h"

#include "fleet/decide.h"
#include "fleet/erase.h"

enum { MERGE_FRAME_BYTES = 128 };

/* One step at the most: a foreign journal's circle of aliases must not hold anybody up. */
bool customer_get(struct view *v, struct str id, struct row *out)
{
	struct row survivor;
	struct str into;

	if (!row_get(v, ROW_CUSTOMER, id, out))
		return false;
	into = json_str_at(out->doc, "merged_into");
	if (into.n && row_get(v, ROW_CUSTOMER, into, &survivor))
		*out = survivor;
	return true;
}

struct str customer_of(struct view *v, struct str id)
{
	struct row row;

	return customer_get(v, id, &row) ? json_str_at(row.doc, "customer") : id;
}

uint32_t customer_same(struct view *v, struct str id, struct str out[SAME_PERSON_MAX])
{
	struct json merged;
	struct row row;
	uint32_t n = 0;

	if (!customer_get(v, id, &row))
		return 0;
	out[n++] = json_str_at(row.doc, "customer");
	merged = json_get(row.doc, "merged");
	for (struct json m = json_first(merged); json_present(m) && n < SAME_PERSON_MAX;
		m = json_next(merged, m))
		out[n++] = json_str(m);
	return n;
}

/* ---- the merge ---- */

struct merging {
	struct decide *d;
	struct str id, survivor;
	struct row gone, stays;
};

static enum outcome refuse_merged(struct decide *d, struct str customer, struct str into)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, MERGE_FRAME_BYTES + 2 * ID_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "customer", customer);
	json_kv_str(&w, "merged_into", into);
	json_object_end(&w);
	return refuse_with(d, REFUSED_MERGED, arena_written(d->view.arena, &w));
}

static void put_names(struct json_writer *w, struct json names)
{
	for (struct json m = json_first(names); json_present(m); m = json_next(names, m))
		json_put_raw(w, json_raw(m));
}

static void draft_survivor(struct merging *m)
{
	struct json before = json_get(m->stays.doc, "merged");
	struct json more = json_get(m->gone.doc, "merged");
	struct json_writer w;

	arena_writer(m->d->view.arena, &w,
		json_raw(before).n + json_raw(more).n + ID_MAX + MERGE_FRAME_BYTES);
	json_object_begin(&w);
	json_k(&w, "merged");
	json_array_begin(&w);
	put_names(&w, before);
	json_put_str(&w, m->id);
	put_names(&w, more);
	json_array_end(&w);
	json_object_end(&w);
	draft_set(m->d, ROW_CUSTOMER, m->survivor, arena_written(m->d->view.arena, &w));
}

static void draft_alias(struct merging *m, struct str id)
{
	struct json_writer w;

	arena_writer(m->d->view.arena, &w, MERGE_FRAME_BYTES);
	json_object_begin(&w);
	if (str_eq(id, m->id) && json_present(json_get(m->gone.doc, "merged")))
		json_kv_null(&w, "merged");
	json_kv_str(&w, "merged_into", m->survivor);
	json_object_end(&w);
	draft_set(m->d, ROW_CUSTOMER, id, arena_written(m->d->view.arena, &w));
}

static void draft_owner(struct merging *m, struct str vin)
{
	struct json_writer w;

	arena_writer(m->d->view.arena, &w, MERGE_FRAME_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "owner", m->survivor);
	json_object_end(&w);
	draft_set(m->d, ROW_VEHICLE, vin, arena_written(m->d->view.arena, &w));
}

/* The cars of the one that is merged. False: more than may change hands at once. */
static bool draft_cars(struct merging *m)
{
	struct arena *a = m->d->view.arena;
	struct key prefix = key_customer_vehicle_prefix(m->id);
	struct cursor c;
	uint32_t n = 0;

	cursor_open(&c, m->d->view.txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)) && n <= MERGED_CARS_MAX;
		some = cursor_next(&c)) {
		struct str vin;
		size_t at = prefix.n;
		if (key_take_text(c.key, &at, &vin) && ++n <= MERGED_CARS_MAX)
			draft_owner(m, arena_copy(a, vin));
	}
	cursor_close(&c);
	return n <= MERGED_CARS_MAX;
}

enum outcome decide_customer_merge(struct decide *d)
{
	struct merging m = {.d = d, .id = d->command->target};
	struct str into = json_str_at(d->body, "into"), already;
	struct json merged;

	if (!row_get(&d->view, ROW_CUSTOMER, m.id, &m.gone))
		return REFUSED_NOT_FOUND;
	if (!customer_known(&d->view, into, &m.stays))
		return refuse_field(d, "/into", "this customer is not known here");
	if (str_eq(m.id, into))
		return refuse_field(d, "/into", "a customer cannot be merged into itself");
	if (customer_is_erased(m.gone.doc))
		return REFUSED_ERASED;
	already = json_str_at(m.gone.doc, "merged_into");
	if (already.n)
		return refuse_merged(d, m.id, already);
	m.survivor = json_str_at(m.stays.doc, "customer");
	if (str_eq(m.survivor, m.id))
		return refuse_merged(d, into, m.id);
	merged = json_get(m.gone.doc, "merged");
	if (json_count(json_get(m.stays.doc, "merged")) + json_count(merged) + 1 > MERGED_MAX)
		return refuse_field(d, "/into", "at most %d customers are one person", MERGED_MAX);
	draft_survivor(&m);
	draft_alias(&m, m.id);
	for (struct json e = json_first(merged); json_present(e); e = json_next(merged, e))
		draft_alias(&m, json_str(e));
	if (!draft_cars(&m))
		return refuse_field(d, "/into",
			"at most %d cars change hands at once: merge the other way round",
			MERGED_CARS_MAX);
	return OK;
}
