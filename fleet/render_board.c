/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/desk.h"
#include "fleet/render_parts.h"

#include <stdlib.h>

/*
 * The planning board: each resource of a site with its bars, and apart from them what is promised
 * but stands on no resource. One answer of one snapshot; `seq` says which, so that events can
 * follow.
 */

enum {
	BARS_FIRST = 256,
	BAR_BYTES = 800,  /* a bar without its texts: ids are at most ID_MAX bytes */
	LANE_BYTES = 512, /* a resource without what it is now */
	BOARD_BYTES = 1024,
	REASON_MAX = 200, /* a bar is narrow; the block itself has the whole reason */
};

/* What one booking or block has in all its bars. */
struct bar_of {
	bool block, at_risk, pinned;
	struct str id, number, status, name, solution, class, reason;
	struct str home_site; /* of a booking that another site sends its car for */
};

struct bar {
	uint32_t lane;				/* index in the roster; resources_len: on none */
	uint32_t from, until, turnaround_until; /* minutes; the last 0 where there is none */
	uint16_t seat;
	const char *what; /* NULL for a block and for what stands on no resource */
	const struct bar_of *of;
};

struct board {
	struct view *view;
	const struct roster *roster;
	struct bar *bars;
	uint32_t len, cap;
	size_t text_bytes;
	bool full;
};

static const char *claim_name(uint8_t what)
{
	switch ((enum claim_what)what) {
	case CLAIM_CAR:
	case CLAIM_EARLIER_CAR: return "car";
	case CLAIM_DESK_OUT: return "desk_out";
	case CLAIM_DESK_IN: return "desk_in";
	case CLAIM_CHAUFFEUR: return "chauffeur";
	case CLAIM_DEALER_CAR: return "dealer_car";
	case CLAIM_APPOINTMENT:
	case CLAIM_BLOCK: return "block";
	}
	return "car";
}

static uint32_t lane_of(const struct board *b, struct str resource)
{
	const struct resource *r = roster_resource(b->roster, resource);

	return r ? (uint32_t)(r - b->roster->resources) : b->roster->resources_len;
}

static void add_bar(struct board *b, struct bar bar)
{
	if (b->len == b->cap) {
		uint32_t cap = b->cap ? b->cap * 2 : BARS_FIRST;
		struct bar *more = arena_alloc(b->view->arena, cap * sizeof *more);
		if (!more) {
			b->full = true;
			return;
		}
		if (b->len)
			memcpy(more, b->bars, b->len * sizeof *more);
		b->bars = more;
		b->cap = cap;
	}
	b->text_bytes += bar.of->name.n + bar.of->reason.n;
	b->bars[b->len++] = bar;
}

static struct str keep(struct board *b, struct str text)
{
	return text.n ? arena_copy(b->view->arena, text) : STR_NULL;
}

/* ---- gathering ---- */

/* The hours a claim stands for, the time to make the car ready again apart from them. */
static struct bar claim_bar(const struct board *board, const struct booking *b,
	const struct booking_claim *c, uint32_t lane)
{
	const struct roster *roster = board->roster;
	uint32_t turnaround = lane < roster->resources_len ? roster->resources[lane].turnaround : 0;
	uint32_t until = booking_use_end(b, c, turnaround);

	if (until == c->row.from) /* back before it was gone: a bar must be seen */
		until = c->row.until;
	return (struct bar){.lane = lane,
		.from = c->row.from,
		.until = until,
		.turnaround_until = until < c->row.until ? c->row.until : 0,
		.seat = c->seat.number,
		.what = claim_name(c->row.what)};
}

/* Claims of its own, where the board has their resources; whether there are any. */
static bool add_claims(struct board *board, const struct booking *b, const struct bar_of *of,
	const struct booking_claim *claims, uint32_t len)
{
	bool some = false;

	for (uint32_t i = 0; i < len; i++) {
		struct bar bar =
			claim_bar(board, b, &claims[i], lane_of(board, claims[i].seat.resource));
		bar.of = of;
		if (bar.lane == board->roster->resources_len)
			continue;
		add_bar(board, bar);
		some = true;
	}
	return some;
}

static void add_booking(struct board *board, struct view *look, const struct booking *b)
{
	struct bar_of *of;
	struct bar whole = {.lane = board->roster->resources_len,
		.from = minute_down(b->from),
		.until = minute_up(booking_end(b))};
	struct desk desk;
	bool seated;

	if (b->claims_len == 0 && !booking_is_live(b->status))
		return; /* cancelled, lapsed: it takes nothing */
	of = arena_alloc(board->view->arena, sizeof *of);
	if (!of) {
		board->full = true;
		return;
	}
	*of = (struct bar_of){.at_risk = b->at_risk,
		.pinned = b->pinned,
		.id = keep(board, b->id),
		.number = keep(board, b->number),
		.status = str_from(booking_status_name(b->status)),
		.name = keep(board, customer_name(look, b->customer)),
		.solution = keep(board, b->solution),
		.class = keep(board, b->class),
		.home_site =
			str_eq(b->site, board->roster->site) ? STR_NULL : keep(board, b->site)};
	seated = add_claims(board, b, of, b->claims, b->claims_len);
	if (of->home_site.n && desk_get(look, b->id, &desk)) /* the car is not ours, the desk is */
		(void)add_claims(board, b, of, desk.claims, desk.claims_len);
	if (!booking_is_live(b->status) || (seated && !b->at_risk))
		return;
	/* On request (nothing is claimed), at risk, or a ride that needs nobody of ours. */
	if (!b->at_risk && b->resource.n)
		whole.lane = lane_of(board, b->resource);
	whole.of = of;
	add_bar(board, whole);
}

static void add_block(struct board *board, struct json doc)
{
	struct bar_of *of = arena_alloc(board->view->arena, sizeof *of);
	struct str reason = json_str_at(doc, "reason");
	struct instant from, until;
	struct bar bar = {.of = of};

	if (!of || !doc_instant(doc, "from", &from) || !doc_instant(doc, "until", &until)) {
		board->full |= !of;
		return;
	}
	if (reason.n > REASON_MAX) {
		reason.n = REASON_MAX;
		while (reason.n && ((uint8_t)reason.p[reason.n] & 0xc0) == 0x80)
			reason.n--; /* not in the middle of a character */
	}
	*of = (struct bar_of){.block = true,
		.id = keep(board, json_str_at(doc, "block")),
		.reason = keep(board, reason)};
	bar.lane = lane_of(board, json_str_at(doc, "resource"));
	bar.from = minute_down(from);
	bar.until = minute_up(until);
	if (bar.lane < board->roster->resources_len)
		add_bar(board, bar);
}

static void gather(struct board *board, struct span span)
{
	struct week_walk walk;
	struct row_look look;

	row_look_open(&look, board->view);
	week_walk_open(&walk, board->view->txn, board->roster->site, span, STR_NULL);
	for (; week_walk_next(&walk); row_look_next(&look)) {
		struct booking b;
		struct span taken;
		struct row row;
		if (!row_get(&look.view, walk.kind, walk.id, &row))
			continue;
		if (walk.kind == ROW_BLOCK) {
			ASSERT(doc_instant(row.doc, "from", &taken.from));
			ASSERT(doc_instant(row.doc, "until", &taken.until));
		} else {
			booking_read(&b, row.doc);
			taken = (struct span){b.from, booking_end(&b)};
		}
		if (!week_walk_is_first(&walk, taken.from) || !span_overlaps(taken, span))
			continue;
		if (walk.kind == ROW_BLOCK)
			add_block(board, row.doc);
		else
			add_booking(board, &look.view, &b);
	}
	week_walk_close(&walk);
	row_look_close(&look);
}

static int bar_order(const void *a, const void *b)
{
	const struct bar *x = a, *y = b;

	if (x->lane != y->lane)
		return x->lane < y->lane ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->seat != y->seat)
		return x->seat < y->seat ? -1 : 1;
	return str_cmp(x->of->id, y->of->id);
}

/* ---- writing ---- */

static void write_bar(struct json_writer *w, const struct bar *bar, const struct zone *zone)
{
	const struct bar_of *of = bar->of;

	json_object_begin(w);
	if (!of->block) {
		json_kv_bool(w, "at_risk", of->at_risk);
		json_kv_str(w, "booking", of->id);
		kv_text(w, "class", of->class);
		kv_text(w, "customer_name", of->name);
	} else {
		json_kv_str(w, "block", of->id);
	}
	kv_local(w, "from", minute_instant(bar->from), zone);
	kv_text(w, "home_site", of->home_site);
	json_kv_str(w, "kind", of->block ? STR("block") : STR("booking"));
	kv_text(w, "number", of->number);
	if (!of->block)
		json_kv_bool(w, "pinned", of->pinned);
	kv_text(w, "reason", of->reason);
	if (bar->what)
		json_kv_int(w, "seat", bar->seat);
	kv_text(w, "solution", of->solution);
	kv_text(w, "status", of->status);
	if (bar->turnaround_until)
		kv_local(w, "turnaround_until", minute_instant(bar->turnaround_until), zone);
	kv_local(w, "until", minute_instant(bar->until), zone);
	if (bar->what)
		json_kv_str(w, "what", str_from(bar->what));
	json_object_end(w);
}

static uint32_t write_bars(struct json_writer *w, const struct board *b, uint32_t lane, uint32_t at)
{
	json_array_begin(w);
	for (; at < b->len && b->bars[at].lane == lane; at++)
		write_bar(w, &b->bars[at], b->roster->zone);
	json_array_end(w);
	return at;
}

static uint32_t write_lane(struct json_writer *w, const struct board *b, uint32_t lane, uint32_t at)
{
	const struct resource *r = &b->roster->resources[lane];
	struct json now = json_get(r->doc, "now");

	json_object_begin(w);
	json_k(w, "bars");
	at = write_bars(w, b, lane, at);
	json_kv_str(w, "class", r->class);
	json_kv_str(w, "kind", json_str_at(r->doc, "kind"));
	json_kv_str(w, "label", r->label);
	if (!json_is_null(now)) {
		json_k(w, "now");
		put_local(w, now, b->roster->zone);
	}
	kv_text(w, "plate", r->plate);
	json_kv_str(w, "resource", r->id);
	json_kv_str(w, "status", json_str_at(r->doc, "status"));
	json_object_end(w);
	return at;
}

/* What the answer needs at most: counted, as a year of a large site is long. */
static size_t board_bytes(const struct board *b)
{
	size_t n = BOARD_BYTES + (size_t)b->len * BAR_BYTES + 2 * b->text_bytes;

	for (uint32_t i = 0; i < b->roster->resources_len; i++)
		n += LANE_BYTES + 2 * json_raw(b->roster->resources[i].doc).n;
	return n;
}

struct str render_board(struct view *v, struct str site, struct span span)
{
	struct board b = {.view = v, .roster = roster_of(v, site)};
	struct journal_head head;
	struct json_writer w;
	uint32_t at = 0;

	if (!b.roster)
		return STR_NULL;
	gather(&b, span);
	if (b.full || !journal_head(v->txn, site, &head))
		return STR_NULL;
	if (b.len)
		qsort(b.bars, b.len, sizeof *b.bars, bar_order);
	arena_writer(v->arena, &w, board_bytes(&b));
	json_object_begin(&w);
	kv_local(&w, "from", span.from, b.roster->zone);
	json_k(&w, "resources");
	json_array_begin(&w);
	for (uint32_t lane = 0; lane < b.roster->resources_len; lane++)
		at = write_lane(&w, &b, lane, at);
	json_array_end(&w);
	json_kv_int(&w, "seq", (int64_t)head.seq);
	json_kv_str(&w, "site", b.roster->site);
	json_k(&w, "unassigned");
	at = write_bars(&w, &b, b.roster->resources_len, at);
	ASSERT(at == b.len);
	kv_local(&w, "until", span.until, b.roster->zone);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}
