/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/claim_need.h"

/* The claim-ready light of a visit, found anew for each answer. */

enum { LINE_BYTES = 1024 + MISSING_BYTES, FRAME_BYTES = 512 };

static struct str text_of(const struct claim_line *l, enum claim_column c)
{
	return l->cell[c].text;
}

static struct str line_json(struct arena *a, const struct claim_line *l)
{
	struct json_writer w;
	size_t n = LINE_BYTES;

	for (int i = 0; i < COLUMNS_LEN; i++)
		n += 6 * l->cell[i].text.n;
	arena_writer(a, &w, n);
	json_object_begin(&w);
	json_kv_int(&w, "amount_minor", l->claim.amount_minor);
	json_kv_str(&w, "booking", l->booking);
	kv_text(&w, "claim", text_of(l, COLUMN_claim));
	kv_text(&w, "claim_status", text_of(l, COLUMN_claim_status));
	json_kv_str(&w, "cost_code", l->claim.cost_code);
	json_kv_str(&w, "currency", text_of(l, COLUMN_currency));
	json_kv_str(&w, "light", text_of(l, COLUMN_light));
	json_k(&w, "missing");
	write_missing(&w, l);
	json_kv_str(&w, "number", text_of(l, COLUMN_number));
	json_kv_str(&w, "payer", text_of(l, COLUMN_payer));
	json_kv_str(&w, "programme", l->claim.programme);
	json_kv_str(&w, "solution", l->claim.solution);
	json_kv_str(&w, "status", text_of(l, COLUMN_status));
	json_kv_int(&w, "units", l->claim.days_claimed);
	json_object_end(&w);
	return arena_written(a, &w);
}

static enum claim_light worse(enum claim_light a, enum claim_light b)
{
	static const enum claim_light worst_first[] = {LIGHT_LATE, LIGHT_OPEN, LIGHT_READY};

	for (size_t i = 0; i < ARRAY_LEN(worst_first); i++)
		if (a == worst_first[i] || b == worst_first[i])
			return worst_first[i];
	return LIGHT_NONE;
}

static bool add_booking(
	struct items *items, struct row_look *look, struct str id, enum claim_light *light)
{
	struct claim_lines lines;
	struct booking b;
	struct row row;
	uint32_t own;

	if (!row_get(&look->view, ROW_BOOKING, id, &row))
		return true;
	booking_read(&b, row.doc);
	if (!booking_is_live(b.status) && b.status != BOOKING_RETURNED)
		return true;
	if (!claim_lines_of(&lines, &look->view, &b, &row, &own))
		return false;
	for (uint32_t i = 0; i < own; i++) {
		if (!lines.line[i]->asked)
			continue;
		items_add(items, line_json(&look->arena, lines.line[i]));
		*light = worse(*light, claim_line_light(lines.line[i]));
	}
	return true;
}

struct str render_claim_ready(struct view *v, struct str visit, const struct row *row)
{
	struct json bookings = json_get(row->doc, "bookings");
	struct items items = {.arena = v->arena};
	enum claim_light light = LIGHT_NONE;
	struct row_look look;
	struct json_writer w;
	struct row order;
	bool whole = true;

	row_look_open(&look, v);
	for (struct json e = json_first(bookings); json_present(e) && whole;
		e = json_next(bookings, e)) {
		whole = add_booking(&items, &look, json_str(e), &light);
		row_look_next(&look);
	}
	row_look_close(&look);
	if (!whole || items.full)
		return STR_NULL;
	arena_writer(v->arena, &w, items.bytes + items.len + FRAME_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "light", str_from(claim_light_name(light)));
	json_k(&w, "lines");
	items_write(&w, &items);
	json_kv_bool(&w, "repair_order", row_get(v, ROW_REPAIR_ORDER, visit, &order));
	json_kv_str(&w, "site", json_str_at(row->doc, "site"));
	json_kv_str(&w, "visit", visit);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}
