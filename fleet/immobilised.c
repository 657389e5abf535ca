/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/immobilised.h"

#include "fleet/render_parts.h"

static bool has_word(struct json list, struct str word)
{
	for (struct json w = json_first(list); json_present(w); w = json_next(list, w))
		if (str_eq(json_str(w), word))
			return true;
	return false;
}

/* What was done says it; before that, what it came for. */
static bool is_repair(struct json order, struct json visit, struct json job_types)
{
	struct json work = json_get(order, "lines");

	if (!json_count(work))
		work = json_get(visit, "jobs");
	for (struct json j = json_first(work); json_present(j); j = json_next(work, j))
		if (has_word(job_types, json_str_at(j, "type")))
			return true;
	return false;
}

static void add_visit(struct immobilised *out, struct view *look, const struct roster *roster,
	struct str id, struct json job_types, struct instant before)
{
	struct instant opened, closed;
	struct row order, visit;
	struct day first, last;

	if (!row_get(look, ROW_REPAIR_ORDER, id, &order) ||
		!row_get(look, ROW_VISIT, id, &visit) ||
		!doc_instant(order.doc, "opened_at", &opened) ||
		!doc_instant(order.doc, "closed_at", &closed) || closed.s > before.s ||
		!is_repair(order.doc, visit.doc, job_types))
		return;
	first = local_day(roster_local(roster, opened));
	last = local_day(roster_local(roster, closed));
	if (last.n <= first.n)
		return; /* the day on which it begins does not count */
	out->repair[out->len].opened = first;
	out->repair[out->len].closed = closed;
	out->repair[out->len++].days = last.n - first.n;
}

void immobilised_read(struct immobilised *out, struct view *v, const struct roster *roster,
	struct str vin, struct instant before)
{
	struct json law = json_get(roster->doc, "immobilisation_suspends");
	struct key prefix = key_vehicle_visit_prefix(vin);
	struct row_look look;
	struct cursor c;
	struct str id;

	*out = (struct immobilised){.kinds = json_get(law, "kinds")};
	if (!json_present(law) || !vin.n)
		return;
	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && out->len < IMMOBILISED_MAX && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c), row_look_next(&look)) {
		size_t at = prefix.n;
		if (key_take_text(c.key, &at, &id))
			add_visit(out, &look.view, roster, arena_copy(&look.arena, id),
				json_get(law, "job_types"), before);
	}
	cursor_close(&c);
	row_look_close(&look);
}

int32_t immobilised_days(const struct immobilised *i, const struct programme *programme,
	struct day since, struct instant after)
{
	int64_t days = 0;

	if (!has_word(i->kinds, programme->kind))
		return 0;
	for (uint32_t k = 0; k < i->len; k++)
		if (i->repair[k].opened.n >= since.n && i->repair[k].closed.s > after.s)
			days += i->repair[k].days;
	return days < IMMOBILISED_DAYS_MAX ? (int32_t)days : IMMOBILISED_DAYS_MAX;
}
