/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/claim_need.h"

#include <stdlib.h>

/* Which loans are looked at, and what their lines are beside one another. */

enum { FINDINGS_BYTES = 512 };

/* ---- AUD13: two lines for one car at one time ---- */

static int vin_order(const void *a, const void *b)
{
	const struct claim_line *const *x = a, *const *y = b;

	return str_cmp((*x)->claim.vin, (*y)->claim.vin);
}

static bool given_up(const struct claim_line *l)
{
	return l->filed && !warranty_claim_holds(l->status);
}

static void judge_pair(struct claim_line *a, struct claim_line *b)
{
	/* Lines of one loan share its time: each pays another part of it. And what nobody is asked
	 * for any more takes no day from another. */
	if (str_eq(a->booking, b->booking) || given_up(a) || given_up(b) ||
		!audit_duplicates(&a->claim, &b->claim))
		return;
	a->findings |= UINT32_C(1) << AUD13_DUPLICATE_PERIOD;
	b->findings |= UINT32_C(1) << AUD13_DUPLICATE_PERIOD;
}

/* Only lines of one car can stand in each other's way, so they are compared within each car. */
static void judge_together(struct claim_lines *lines)
{
	struct claim_line **by_vin =
		arena_alloc(lines->view->arena, (lines->len + 1) * sizeof *by_vin);

	if (!by_vin) {
		lines->full = true;
		return;
	}
	if (lines->len) {
		memcpy(by_vin, lines->line, lines->len * sizeof *by_vin);
		qsort(by_vin, lines->len, sizeof *by_vin, vin_order);
	}
	for (uint32_t i = 0; i < lines->len; i++)
		for (uint32_t k = i + 1; k < lines->len && vin_order(&by_vin[i], &by_vin[k]) == 0;
			k++)
			judge_pair(by_vin[i], by_vin[k]);
}

static void write_findings(struct claim_lines *lines, struct claim_line *l)
{
	struct json_writer w;
	struct str text;

	arena_writer(lines->view->arena, &w, FINDINGS_BYTES);
	json_array_begin(&w);
	for (int f = 0; f < FINDINGS_LEN; f++)
		if (l->findings >> f & 1)
			json_put_str(&w, str_from(finding_code((enum finding)f)));
	json_array_end(&w);
	text = arena_written(lines->view->arena, &w);
	lines->full |= !text.n;
	l->cell[COLUMN_findings] = (struct cell){.type = CELL_RAW, .text = text};
}

static void write_light(struct claim_lines *lines, struct claim_line *l)
{
	struct json_writer w;
	struct str text;

	l->cell[COLUMN_light] = (struct cell){
		.type = CELL_TEXT, .text = str_from(claim_light_name(claim_line_light(l)))};
	arena_writer(lines->view->arena, &w, MISSING_CODES_BYTES);
	write_missing_codes(&w, l);
	text = arena_written(lines->view->arena, &w);
	lines->full |= !text.n;
	l->cell[COLUMN_missing] = (struct cell){.type = CELL_RAW, .text = text};
}

/* Together, and each with its findings in words. */
static bool lines_end(struct claim_lines *lines)
{
	judge_together(lines);
	for (uint32_t i = 0; i < lines->len && !lines->full; i++) {
		write_findings(lines, lines->line[i]);
		write_light(lines, lines->line[i]);
	}
	return !lines->full;
}

static bool is_lent(const struct booking *b)
{
	return b->status == BOOKING_OUT || b->status == BOOKING_RETURNED;
}

/* Other loans of this car while that booking's time lasts, at whatever site. */
static void add_loans_beside(struct claim_lines *lines, const struct booking *b)
{
	struct key prefix = key_vehicle_booking_prefix(b->vin);
	struct span span = {b->from, booking_end(b)};
	struct row_look look;
	struct cursor c;

	row_look_open(&look, lines->view);
	cursor_open(&c, lines->view->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)) && !lines->full;
		some = cursor_next(&c), row_look_next(&look)) {
		size_t at = prefix.n;
		uint32_t from;
		struct booking other;
		struct row row;
		struct str id;
		if (!key_take_u32(c.key, &at, &from) || !key_take_text(c.key, &at, &id) ||
			str_eq(id, b->id) || !row_get(&look.view, ROW_BOOKING, id, &row))
			continue;
		booking_read(&other, row.doc);
		if (is_lent(&other) &&
			span_overlaps((struct span){other.from, booking_end(&other)}, span))
			claim_lines_add(lines, &look.view, &other, &row);
	}
	cursor_close(&c);
	row_look_close(&look);
}

bool claim_lines_of(struct claim_lines *out, struct view *v, const struct booking *b,
	const struct row *row, uint32_t *own)
{
	*out = (struct claim_lines){.view = v, .roster = roster_of(v, b->site)};
	if (!out->roster)
		return false;
	claim_lines_add(out, v, b, row);
	*own = out->len;
	if (b->vin.n)
		add_loans_beside(out, b);
	return lines_end(out);
}

/* Whether it is looked at: what is lent or was; to see what is missing, what is promised too. */
static bool is_wanted(const struct booking *b, const struct claims_ask *ask)
{
	if (!is_lent(b) && (ask->ready != CLAIMS_NOT_READY || !booking_is_promise(b->status)))
		return false;
	return str_eq(b->site, ask->site) && (!ask->vin.n || str_eq(ask->vin, b->vin));
}

/* Whether a line answers the question: what left the house is no more to be made ready. */
static bool is_answer(const struct claim_line *l, enum claims_ready ready)
{
	bool gone = l->filed && l->status != CLAIM_DRAFT && l->status != CLAIM_COMPLETE;

	if (ready == CLAIMS_ALL)
		return true;
	return l->asked && !gone && (claim_line_light(l) == LIGHT_READY) == (ready == CLAIMS_READY);
}

static void keep_answers(struct claim_lines *lines, enum claims_ready ready)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < lines->len; i++)
		if (is_answer(lines->line[i], ready))
			lines->line[n++] = lines->line[i];
	lines->len = n;
}

bool claim_lines_find(struct claim_lines *out, struct view *v, const struct claims_ask *ask)
{
	struct span span = ask->span;
	struct week_walk walk;
	struct row_look look;

	*out = (struct claim_lines){.view = v, .roster = roster_of(v, ask->site)};
	if (!out->roster)
		return false;
	row_look_open(&look, v);
	week_walk_open(&walk, v->txn, ask->site, span, STR_NULL);
	for (; week_walk_next(&walk) && !out->full; row_look_next(&look)) {
		struct booking b;
		struct row row;
		if (walk.kind != ROW_BOOKING || !row_get(&look.view, ROW_BOOKING, walk.id, &row))
			continue;
		booking_read(&b, row.doc);
		if (!is_wanted(&b, ask) || !week_walk_is_first(&walk, b.from))
			continue;
		if (span_overlaps((struct span){b.from, booking_end(&b)}, span))
			claim_lines_add(out, &look.view, &b, &row);
	}
	week_walk_close(&walk);
	row_look_close(&look);
	if (!lines_end(out))
		return false;
	keep_answers(out, ask->ready);
	return true;
}
