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

/* Other loans of this car while that booking's time lasts, at whatever site: from its end back, so
 * that a car with a long history keeps nobody waiting. */
static void add_loans_beside(struct claim_lines *lines, const struct booking *b)
{
	struct key prefix = key_vehicle_booking_prefix(b->vin), end = prefix;
	struct span span = {b->from, booking_end(b)};
	struct row_look look;
	struct cursor c;
	uint32_t seen = 0;

	key_u32(&end, minute_up(span.until));
	row_look_open(&look, lines->view);
	cursor_open(&c, lines->view->txn, DB_INDEX);
	for (bool some = cursor_seek_last(&c, key_str(&end));
		some && cursor_within(&c, key_str(&prefix)) && !lines->full &&
		seen < LOANS_BESIDE_MAX;
		some = cursor_previous(&c), row_look_next(&look), seen++) {
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
	if (out->len && b->vin.n)
		add_loans_beside(out, b);
	return lines_end(out);
}

/* ---- page by page ---- */

static bool filter_takes(const struct claim_filter *f, const struct booking *b)
{
	bool promised = f->ready == CLAIMS_NOT_READY && booking_is_promise(b->status);

	return (is_lent(b) || promised) && str_eq(b->site, f->site) &&
	       (!f->vin.n || str_eq(b->vin, f->vin)) &&
	       span_overlaps((struct span){b->from, booking_end(b)}, f->span);
}

static bool same_or_any(struct str asked, struct str is)
{
	return !asked.n || str_eq(asked, is);
}

/* What left the house is no more to be made ready. */
static bool is_as_ready(enum claims_ready ready, const struct claim_line *l)
{
	bool gone = l->filed && l->status != CLAIM_DRAFT && l->status != CLAIM_COMPLETE;

	if (ready == CLAIMS_ANY)
		return true;
	return l->asked && !gone && (claim_line_light(l) == LIGHT_READY) == (ready == CLAIMS_READY);
}

static bool is_asked(const struct claim_filter *f, const struct claim_line *l)
{
	return is_as_ready(f->ready, l) && same_or_any(f->repair_order, l->claim.ro_number) &&
	       same_or_any(f->payer, l->cell[COLUMN_payer].text) &&
	       same_or_any(f->cost_code, l->claim.cost_code);
}

static void take_loan(struct claim_lines *out, const struct claim_filter *f,
	const struct booking *b, const struct row *row)
{
	struct claim_lines loan;
	uint32_t own;

	if (!claim_lines_of(&loan, out->view, b, row, &own)) {
		out->full = true;
		return;
	}
	for (uint32_t i = 0; i < own; i++)
		if (is_asked(f, loan.line[i]))
			claim_lines_push(out, loan.line[i]);
}

static void place_set(struct claim_place *place, struct str tail)
{
	ASSERT(tail.n <= sizeof place->tail);
	if (tail.n)
		memcpy(place->tail, tail.p, tail.n);
	place->len = (uint8_t)tail.n;
}

void claim_loans_open(struct booking_walk *w, struct view *v, const struct claim_filter *f,
	struct claim_place *place)
{
	struct booking_filter asked = {
		.site = f->site, .has_span = true, .span = f->span, .vin = f->vin};

	booking_walk_open(w, v->txn, &asked, (struct str){place->tail, place->len});
}

bool claim_loans_next(struct booking_walk *w, struct view *look, const struct claim_filter *f,
	struct claim_place *place, struct booking *b, struct row *row)
{
	place->over = !booking_walk_next(w);
	if (place->over)
		return false;
	place_set(place, w->tail);
	if (!row_get(look, ROW_BOOKING, w->id, row))
		return false;
	booking_read(b, row->doc);
	return filter_takes(f, b) && booking_walk_is_first(w, b->from);
}

bool claim_lines_page(struct claim_lines *out, struct view *v, const struct claim_filter *f,
	struct claim_place *place)
{
	return claim_lines_visit(out, v, f, place, NULL);
}

bool claim_lines_visit(struct claim_lines *out, struct view *v, const struct claim_filter *f,
	struct claim_place *place, const struct loan_visitor *visitor)
{
	uint32_t loans = 0, seen = 0;
	struct booking_walk walk;
	struct row_look look;

	*out = (struct claim_lines){.view = v, .roster = roster_of(v, f->site)};
	if (!out->roster)
		return false;
	row_look_open(&look, v);
	claim_loans_open(&walk, v, f, place);
	for (; !out->full && loans < CLAIM_PAGE_LOANS && seen < CLAIM_PAGE_BOOKINGS;
		row_look_next(&look), seen++) {
		struct booking b;
		struct row row;
		bool asked = claim_loans_next(&walk, &look.view, f, place, &b, &row);
		if (place->over)
			break;
		if (!asked)
			continue;
		take_loan(out, f, &b, &row);
		if (visitor)
			visitor->loan(visitor->context, &look.view, &b, &row);
		loans++;
	}
	booking_walk_close(&walk);
	row_look_close(&look);
	return !out->full;
}
